"""Answers taken out of an interview for the law's sake."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime

from flows.interview.answers import answers
from flows.interview.erasing import erase
from flows.interview.inputs import Say
from flows.interview.interview import Turn, advance, start
from flows.interview.xlsform import load_form

NOW = datetime(2026, 11, 25, tzinfo=UTC)
FORM = load_form(
    b"""
| survey |            |      |                     |
|        | type       | name | label::English (en) |
|        | text       | who  | Your name?          |
|        | text       | what | What?               |
|        | begin_repeat | row | Row                |
|        | text       | name | Whose?              |
|        | end_repeat |      |                     |
| settings |          |      |                     |
|        | form_id    | version | default_language |
|        | erasing    | 1    | English (en)        |
""",
    "md",
)


def _said(*texts: str) -> Turn:
    turn = start(FORM, language="en", now=NOW)
    for text in texts:
        turn = advance(FORM, turn.interview, Say(text), author="1", now=NOW, session=turn.session)
    return turn


def test_nothing_of_what_was_erased_is_left_and_the_rest_is_as_it_was() -> None:
    before = _said("Awa Zongo", "A register")
    after = erase(FORM, before.interview, ["/data/who"], now=NOW)
    written = json.dumps(after.to_json())
    assert "Zongo" not in written and "A register" in written
    assert [(one.name, one.value) for one in answers(FORM, after, "en", now=NOW) if one.author] == [
        ("what", "A register")
    ]
    assert (after.put, after.completed) == (before.interview.put, before.interview.completed)


def test_what_was_half_said_there_goes_too() -> None:
    before = _said()
    half = erase(FORM, replace(before.interview, parts=(("7", "Awa Zong"),)), ["/data/who"], now=NOW)
    assert half.parts == () and "Zong" not in json.dumps(half.to_json())


def test_rows_that_are_no_more_are_no_trouble() -> None:
    before = _said("Awa Zongo", "A register")
    after = erase(FORM, before.interview, ["/data/row[7]/name", "/data/nothing"], now=NOW)
    assert after.to_json() == before.interview.to_json()
