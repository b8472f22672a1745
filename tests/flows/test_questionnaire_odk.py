"""The questionnaire in our logic, judged by what ODK's own engine answered to the same steps (`odk/README.md`)."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, cast

import pytest

from flows.interview.form import load
from flows.interview.logic import Session
from flows.interview.logic.environment import Host
from flows.interview.logic.program import Program
from flows.questionnaires import compiled

CASES = sorted((Path(__file__).parent / "odk").glob("*.json"))
State = dict[str, Any]


def states(case: Mapping[str, Any]) -> Iterator[tuple[Mapping[str, Any] | None, State]]:
    """ODK's state before the first step and after each; the file keeps only what changed."""
    state: State = {key: value.copy() for key, value in case["initial"].items()}
    yield None, state
    for step, change in zip(case["steps"], case["after_each"], strict=True):
        for key in ("relevant", "values", "choices", "repeats"):
            for path in change.get(f"{key}_gone", ()):
                state[key].pop(path, None)
            state[key].update(change.get(key, {}))
        for key in ("invalid", "missing"):
            state[key] = change.get(key, state[key])
        yield step, state


def start(case: Mapping[str, Any]) -> Session:
    xform = compiled()
    for name, value in case["given"].items():
        xform = xform.replace(f"<{name}/>", f"<{name}>{value}</{name}>")
    host = Host(datetime.fromisoformat(case["clock"]), "fr", lambda: "id")
    return Session.start(cast(Program, load(xform).logic), host)


def take(session: Session, step: Mapping[str, Any] | None) -> None:
    if step is None:
        return
    if "set" in step:
        session.set(step["set"], step["value"])
    elif "add_row" in step:
        session.add_row(step["add_row"])
    else:
        session.remove_row(step["remove_row"], step["pos"])


def case_of(path: Path) -> Any:
    """One of each kind of entity in the quick run."""
    return pytest.param(path, id=path.stem, marks=[] if path.stem.endswith("-1") else [pytest.mark.slow])


@pytest.mark.parametrize("path", [case_of(path) for path in CASES])
def test_the_questionnaire_behaves_as_in_odk(path: Path) -> None:
    case = json.loads(path.read_text(encoding="utf-8"))
    session = start(case)
    for number, (step, wanted) in enumerate(states(case)):
        take(session, step)
        got = session.state()
        where = f"after step {number}: {step}"
        assert {name: got["relevant"].get(name) for name in wanted["relevant"]} == wanted["relevant"], where
        assert got["repeats"] == wanted["repeats"], where
        shown = {name: value for name, value in wanted["values"].items() if wanted["relevant"].get(name)}
        assert {name: got["values"].get(name) for name in shown} == shown, where
        offered = {name: value for name, value in wanted["choices"].items() if wanted["relevant"].get(name)}
        assert {name: got["choices"].get(name) for name in offered} == offered, where
        assert sorted(got["invalid"]) == wanted["invalid"], where
        assert sorted(got["missing"]) == wanted["missing"], where
