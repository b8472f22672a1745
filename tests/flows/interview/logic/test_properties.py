"""Whatever people do, a session stays consistent, and survives being written down."""

from __future__ import annotations

import itertools
import json
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flows.interview.logic import Host, Program, Session, compile_model
from flows.interview.logic.codecs import clean, written
from flows.interview.logic.instance import path_of
from tests.budget import examples

OWN = Path(__file__).parents[3] / "oracle" / "own"
FORMS = sorted(path.parent.name for path in OWN.glob("*/form.xml"))
KNOWN = (
    "|yes|no|n|s|a b|0|1|2|3|5|-1|12.5|1e400|NaN|2026-03-15|OK|2024-02-30|10:30:00.000|m l|apple cheese|n1|none| "
    "|2026-03-15T10:30:00.000+00:00"
)
VALUES = st.one_of(st.sampled_from(KNOWN.split("|")), st.text(max_size=12))
STEPS = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 10_000), VALUES), max_size=25)


@cache
def program(name: str) -> Program:
    return compile_model((OWN / name / "form.xml").read_bytes())


def host() -> Host:
    numbers = itertools.count(1)
    return Host(datetime(2026, 3, 15, 10, 30, tzinfo=UTC), "", lambda: str(UUID(int=next(numbers))), {})


def do(session: Session, kind: int, at: int, value: str) -> None:
    """One thing a person may do; `kind` and `at` choose what and where."""
    now = session.state()
    if kind == 0 and now["repeats"]:
        session.add_row(list(now["repeats"])[at % len(now["repeats"])])
    elif kind == 1 and now["repeats"]:
        session.remove_row(list(now["repeats"])[at % len(now["repeats"])], at % 4)
    else:
        questions = [node for node in session._nodes() if node.definition.is_leaf and node.definition.control]
        if questions:
            session.set(path_of(questions[at % len(questions)]), value)


@pytest.mark.parametrize("name", FORMS)
@settings(max_examples=examples(25), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(steps=STEPS)
def test_a_session_read_back_behaves_as_before(name: str, steps: list[tuple[int, int, str]]) -> None:
    session = Session.start(program(name), host())
    for kind, at, value in steps:
        do(session, kind, at, value)
    again = Session.load(program(name), json.loads(json.dumps(session.dump())), host())
    assert again.state() == session.state()
    assert again.dump() == session.dump()
    for kind, at, value in steps[:5]:
        do(session, kind, at, value)
        do(again, kind, at, value)
    assert again.state() == session.state()


@pytest.mark.parametrize("name", FORMS)
@settings(max_examples=examples(25), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(steps=STEPS)
def test_what_is_kept_is_what_computing_everything_gives(name: str, steps: list[tuple[int, int, str]]) -> None:
    session = Session.start(program(name), host())
    for kind, at, value in steps:
        do(session, kind, at, value)
    for node in session._nodes():
        definition = node.definition
        if definition.relevant is not None:
            assert session.work.evaluate_truth(definition.relevant, node) is node.own, node.definition
        if definition.calculate is not None and definition.control is None and node.live:
            fresh = written(definition, clean(session.work.evaluate_text(definition.calculate, node)))
            assert fresh == node.stored, node.definition
        if node.kids is None:
            assert session.work.effective(node) == node.value, node.definition


@pytest.mark.parametrize("name", FORMS)
@settings(max_examples=examples(15), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(steps=STEPS, at=st.integers(0, 1000))
def test_giving_the_same_answer_again_changes_nothing(name: str, steps: list[tuple[int, int, str]], at: int) -> None:
    session = Session.start(program(name), host())
    for kind, where, value in steps:
        do(session, kind, where, value)
    answered = list(session.state()["values"])
    if answered:
        before = session.dump()
        path = answered[at % len(answered)]
        assert session.set(path, session.stored(path)) is False
        assert session.dump() == before
