"""The question that hands the answers in comes last, whether or not a person goes on with the rest."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from flows.interview import events as e
from flows.interview import inputs
from flows.interview.interview import Turn, advance, start
from flows.interview.xlsform import load_form

NOW = datetime(2026, 3, 15, 10, 30, tzinfo=UTC)
FORM = """
| survey |      |      |          |                  |                   |
|        | type | name | label    | bind::griot:core | bind::griot:role  |
|        | text | a    | First    | yes              |                   |
|        | text | b    | More     |                  |                   |
|        | text | z    | Send     | yes              | submit            |
|        | note | t    | Thanks   |                  |                   |
| settings |    |      |          |                  |                   |
|        | form_id | namespaces | | | |
|        | f    | griot="https://griot-guides.example/ns" | | | |
"""


def put(turn: Turn) -> str:
    asked = [event for event in turn.events if isinstance(event, e.Asked)]
    return asked[-1].path if asked and asked[-1].type != "rest" else asked[-1].type if asked else ""


@pytest.mark.parametrize(("more", "order"), [(True, ["/data/b", "/data/z"]), (False, ["/data/z"])])
def test_what_hands_the_answers_in_is_asked_after_everything_else(more: bool, order: list[str]) -> None:
    form = load_form(FORM.encode(), "md")
    turn = start(form, language="en", now=NOW)
    turn = advance(form, turn.interview, inputs.Say("x"), now=NOW, author="1")
    assert put(turn) == "rest"
    turn = advance(form, turn.interview, inputs.Again(more), now=NOW, author="1")
    seen = []
    while (path := put(turn)).startswith("/data"):
        seen.append(path)
        turn = advance(form, turn.interview, inputs.Say("x"), now=NOW, author="1")
    assert seen == order
    assert [type(event).__name__ for event in turn.events][-1] == ("Completed" if more else "CoreDone")
    assert any(isinstance(event, e.Told) for event in turn.events)


def test_answers_read_before_handing_in_lead_back_to_handing_in() -> None:
    form = load_form(FORM.encode(), "md")
    turn = start(form, language="en", now=NOW)
    for said in (inputs.Say("x"), inputs.Again(False), inputs.Review(), inputs.Resume()):
        turn = advance(form, turn.interview, said, now=NOW, author="1")
    assert put(turn) == "/data/z"
    turn = advance(form, turn.interview, inputs.Say("x"), now=NOW, author="1")
    turn = advance(form, turn.interview, inputs.Resume(), now=NOW, author="1")
    assert put(turn) == "rest"


def test_handing_in_offers_to_read_the_answers_first() -> None:
    form = load_form(FORM.encode(), "md")
    turn = start(form, language="en", now=NOW)
    for said in (inputs.Say("x"), inputs.Again(False)):
        turn = advance(form, turn.interview, said, now=NOW, author="1")
    (asked,) = [event for event in turn.events if isinstance(event, e.Asked)]
    assert "review" in asked.controls


CLEARANCE = """
|        | begin_group | g | Clearance | | |
|        | text | c    | Needed   |  | clearance |
|        | text | d    | By whom  |  | |
|        | end_group | | | | |
"""


@pytest.mark.parametrize("more", [True, False])
def test_who_must_agree_is_asked_before_handing_in_even_by_those_who_leave_the_rest(more: bool) -> None:
    lines = FORM.strip().splitlines()
    form = load_form("\n".join([*lines[:2], *CLEARANCE.strip().splitlines(), *lines[2:]]).encode(), "md")
    turn = start(form, language="en", now=NOW)
    turn = advance(form, turn.interview, inputs.Say("x"), now=NOW, author="1")
    turn = advance(form, turn.interview, inputs.Again(more), now=NOW, author="1")
    seen = []
    while (path := put(turn)).startswith("/data"):
        seen.append(path)
        turn = advance(form, turn.interview, inputs.Say("x"), now=NOW, author="1")
    assert seen == [*(["/data/b"] if more else []), "/data/g/c", "/data/g/d", "/data/z"]
