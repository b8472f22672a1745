"""Any form is filled in to its end, whatever a person does on the way."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flows.interview import events as e
from flows.interview import inputs
from flows.interview.form import Form, load
from flows.interview.interview import advance, start
from tests.budget import examples
from tests.flows.interview.nasty_forms import FORMS
from tests.flows.interview.talking import NOW, form_of
from tests.flows.interview.walking import Walk

OTHERS = Path(__file__).parents[4] / "shared" / "oracle"
needs_others = pytest.mark.skipif(not OTHERS.is_dir(), reason="the recorded answers on other people's forms are absent")
NEVER_COMPLETE = {"webforms/nigeria_wards_external_combined.xml"}  # its choices are in a file that is not there
TRIMMED = {"own/irrelevance/form.xml", "webforms/date-and-time.xml/form.xml"}  # spaces; the day of "month-year"


@settings(max_examples=examples(30), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(FORMS), st.integers(0, 10**6), st.sampled_from([0.0, 0.2, 0.5]))
def test_any_form_comes_to_its_end(form: str, seed: int, odd: float) -> None:
    assert Walk(form_of(form), seed, odd).run(30).completed


@settings(max_examples=examples(30), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(FORMS), st.integers(0, 10**6), st.sampled_from([0.2, 0.5]))
def test_a_session_kept_alive_says_the_same_as_one_loaded(form: str, seed: int, odd: float) -> None:
    Walk(form_of(form), seed, odd, live=True).run(40)


@cache
def other(name: str) -> Form:
    return load((OTHERS / name).read_bytes())


@needs_others
@pytest.mark.slow
def test_other_peoples_forms_come_to_their_end() -> None:
    for path in sorted((OTHERS / "forms").rglob("form.xml")):
        name = str(path.relative_to(OTHERS))
        for seed, odd in ((0, 0.0), (1, 0.2)):
            walk = Walk(other(name), seed, odd, live=bool(odd)).run(60)
            assert walk.completed or str(Path(name).parent).removeprefix("forms/") in NEVER_COMPLETE, name


@needs_others
@pytest.mark.slow
def test_the_same_answers_give_the_instance_that_odk_gives() -> None:
    compared = 0
    for path in sorted((OTHERS / "cases").rglob("*.json")):
        case = json.loads(path.read_text("utf-8"))
        ours = filled(case)
        if ours is None or case["form"].removeprefix("forms/") in TRIMMED:
            continue
        try:
            theirs = leaves(case["final_xml"].replace("<volatile>", "VOLATILE"))
        except ElementTree.ParseError:
            continue  # recorded with attributes whose namespace is not declared
        compared += 1
        mine = leaves(ours)
        assert [path for path, _ in mine] == [path for path, _ in theirs], case["form"]
        for (where, value), (_, wanted) in zip(mine, theirs, strict=True):
            assert value == wanted or "VOLATILE" in wanted or where.endswith("ID"), (case["form"], where)
    assert compared > 440


def filled(case: dict[str, Any]) -> str | None:
    """The instance after the steps of a case, taken by the interview; None where it refuses one of them."""
    form = other(case["form"])
    turn = start(form, language=case.get("language") or "", now=NOW, given=case["host"])
    for step in case["steps"]:
        if "add_row" in step:
            taken: list[inputs.Input] = [inputs.Edit(step["add_row"]), inputs.Again(True)]
        elif "remove_row" in step:
            taken = [inputs.Remove(f"{step['remove_row']}[{step['pos']}]"), inputs.Again(True)]
        else:
            taken = [inputs.Edit(step["set"])]
        for input in taken:
            turn = advance(form, turn.interview, input, author="a", now=NOW)
        assert not any(isinstance(event, e.Refused) and not step.get("value") for event in turn.events), (case, step)
        if "set" in step:
            turn = advance(form, turn.interview, reply(turn.events, step["value"]), author="a", now=NOW)
            if turn.interview.parts:
                turn = advance(form, turn.interview, inputs.Done(), author="a", now=NOW)
            if any(isinstance(event, e.Refused) and event.reason != "no_longer_valid" for event in turn.events):
                return None
    return turn.session.instance_xml()


def reply(events: tuple[e.Event, ...], value: str) -> inputs.Input:
    asked = next(event for event in events if isinstance(event, e.Asked))
    if not value:
        return inputs.Skip()
    if asked.choices or asked.type == "acknowledge":
        return inputs.Choose(tuple(value.split()))
    return inputs.Say(value)


def leaves(xml: str) -> list[tuple[str, str]]:
    """The paths of an instance in document order with what stands there."""
    found: list[tuple[str, str]] = []

    def visit(element: ElementTree.Element, above: str) -> None:
        path = f"{above}/{element.tag.rpartition('}')[2]}"
        found.append((path, "" if len(element) else (element.text or "").strip()))
        for child in element:
            visit(child, path)

    visit(ElementTree.fromstring(xml), "")  # noqa: S314 - recorded or written by ourselves
    return found
