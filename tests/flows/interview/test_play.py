"""An interview played from JSON lines."""

from __future__ import annotations

import pytest

from flows.interview.play import PlayProblem, play, play_inputs, read_inputs
from flows.interview.xlsform import load_form
from tests.flows.interview.small_forms import KINDS, SOURCES, VISIT
from tests.flows.interview.talking import NOW, form_of


def test_what_is_asked_recorded_refused_and_completed_comes_out_in_order() -> None:
    inputs = [{"text": "maybe"}, {"choose": "yes"}, {"text": "Rosso"}, {"text": "0"}, {"unknown": True}, {"skip": True}]
    said = list(play(form_of(VISIT), inputs, "en", now=NOW))
    assert [line["event"] for line in said] == [
        *("asked", "refused", "asked", "recorded", "asked", "recorded", "asked", "refused", "asked"),
        *("recorded", "asked", "recorded", "completed"),
    ]
    assert said[0] == {
        "event": "asked",
        "path": "/data/visited",
        "type": "select_one",
        "label": "Visited?",
        "choices": [{"name": "yes", "label": "Yes"}, {"name": "no", "label": "No"}],
    }
    assert said[3] == {"event": "recorded", "path": "/data/visited", "value": "yes"}
    assert said[7] == {"event": "refused", "reason": "constraint", "message": "At least one day."}


def test_rows_edits_and_going_back_are_played() -> None:
    inputs = [
        {"text": "Ana"},
        {"text": "Census"},
        {"back": True},
        {"text": "Survey"},
        {"text": "2020"},
        {"again": True},
        {"text": "Register"},
        {"skip": True},
        {"again": False},
        {"edit": "/data/source[2]/year"},
        {"text": "2021"},
        {"text": "No"},
    ]
    played = play_inputs(form_of(SOURCES), inputs, now=NOW)
    assert list(played)[-1]["event"] == "completed"
    xml = played.instance_xml()
    assert "<title>Survey</title><year>2020</year>" in "".join(xml.split())
    assert "<title>Register</title><year>2021</year>" in "".join(xml.split())


def test_a_long_answer_ends_with_its_line() -> None:
    said = list(play(form_of(KINDS), [{"text": "All of it."}], now=NOW))
    assert {"event": "recorded", "path": "/data/story", "value": "All of it."} in said


def test_inputs_that_mean_nothing_are_refused_not_raised() -> None:
    odd = [
        {},
        {"again": "x"},
        {"locate": ["a", "b"]},
        {"zzz": 1},
        3,
        None,
        {"choose": []},
        {"edit": None},
        {"skip": False},
    ]
    assert all(line["event"] for line in play(form_of(KINDS), odd, now=NOW))


def test_refusals_can_be_worded() -> None:
    said = play(form_of(VISIT), [{"skip": True}], now=NOW, say=lambda refused, language: f"{refused.reason}!")
    assert {"event": "refused", "reason": "required", "message": "required!"} in list(said)


def test_a_line_that_is_no_json_object_is_named() -> None:
    assert read_inputs(b'\xef\xbb\xbf{"skip": true}\n\n{"back": true}') == [{"skip": True}, {"back": True}]
    for raw in (b'{"a": 1}\n[1]', b'{"a": 1}\n{"a"'):
        with pytest.raises(PlayProblem) as problem:
            read_inputs(raw)
        assert problem.value.line == 2


def test_after_every_refusal_the_question_is_asked_again() -> None:
    form = load_form(
        b"| survey |\n| | type | name | label |\n| | select_one t | q | Town |\n"
        b"| choices |\n| | list_name | name | label |\n| | t | a | Bordeaux |\n| | t | b | Bobo-Dioulasso |\n",
        "md",
    )
    said = list(play(form, [{"text": "Bordaux"}], now=NOW))
    assert [line["event"] for line in said] == ["asked", "refused", "asked"]
