"""Answers asked again, and a form that changed, in words that a person understands."""

from __future__ import annotations

import pytest

from bot.channels.telegram_out import pieces
from bot.messages import Prompt
from bot.prompts import prompts
from flows.i18n import languages, text
from flows.interview import events as e

NOTE = "Quel article ?"


def asked(**values: object) -> e.Asked:
    given = {"path": "/data/q", "type": "text", "label": "Quelle loi ?", "token": "a1", "controls": ("keep", "back")}
    return e.Asked(**{**given, **values})  # type: ignore[arg-type]


def shown(*events: e.Event, language: str = "fr") -> list[Prompt]:
    return prompts(events, language, scope="7")


def lines(prompt: Prompt) -> list[tuple[str, str]]:
    return [(line.style, line.text) for line in prompt.lines]


def test_a_returned_answer_shows_the_remark_as_a_quotation_above_the_question_and_the_answer_below() -> None:
    (prompt,) = shown(asked(again="returned", note=NOTE, current="Loi 12"))
    assert lines(prompt) == [
        ("hint", text("interview.again_returned_with", "fr")),
        ("quote", NOTE),
        ("question", "Quelle loi ?"),
        ("body", text("interview.current", "fr", answer="Loi 12")),
    ]
    assert prompt.buttons[0][0].label == "Je maintiens ma réponse"
    assert prompt.buttons[0][0].action == "7.a1:k"


def test_a_yearly_round_asks_whether_it_is_still_right_with_one_tap() -> None:
    (prompt,) = shown(asked(again="yearly", current="Loi 12"))
    assert prompt.lines[0].text == "Cette réponse est-elle toujours exacte\u202f?"
    assert prompt.buttons[0][0].label == "Toujours exact"


def test_what_was_left_out_is_shown_as_it_was_left() -> None:
    (prompt,) = shown(asked(again="returned", status="unknown"))
    assert prompt.lines[-1].text == text("interview.current", "fr", answer="Je ne sais pas")


def test_a_changed_question_says_what_changed_and_what_was_answered_before() -> None:
    (prompt,) = shown(asked(again="changed", note="type", was="Loi 12", controls=()))
    assert lines(prompt)[0] == (
        "hint",
        f"{text('interview.changed_type', 'fr')} {text('interview.again_open', 'fr')}",
    )
    assert ("quote", "Loi 12") in lines(prompt)
    (other,) = shown(asked(again="changed", note="label", current="Loi 12"))
    assert other.lines[0].text.startswith(text("interview.changed_meaning", "fr"))


def test_a_long_remark_stands_before_its_question_and_is_not_repeated_with_every_tick() -> None:
    event = asked(again="returned", note="é" * 10_000, type="select_multiple")
    apart, question = shown(event)
    assert ("quote", "é" * 10_000) in lines(apart)
    assert not any(line.style == "quote" for line in question.lines)
    assert len(shown(asked(again="returned", note="é" * 10_000, refreshed=True))) == 1
    assert all(pieces(prompt) for prompt in (apart, question))


def test_after_a_refusal_the_reason_is_not_said_again() -> None:
    (prompt,) = shown(e.Refused("/data/q", "again_not_skipped", token="a1"), asked(again="returned", note=NOTE))
    assert [style for style, _ in lines(prompt)] == ["error", "question"]


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("why", ["returned", "yearly", "changed", "finding"])
@pytest.mark.parametrize("later", [True, False])
def test_how_many_answers_are_asked_again_is_said_once(language: str, why: str, later: bool) -> None:
    for paths in (("/data/a",), ("/data/a", "/data/b")):
        events = [e.Reopened(paths, ("A",) * len(paths), why, "", "9", later), *([] if later else [asked(again=why)])]
        first = shown(*events, language=language)[0]
        assert len(first.lines) == 1
        assert (text("interview.reopened_later", language) in first.lines[0].text) is later


@pytest.mark.parametrize("language", languages())
def test_a_newer_version_says_what_it_changes_for_this_person_and_nothing_where_it_changes_nothing(
    language: str,
) -> None:
    assert shown(e.FormChanged("2"), language=language) == []
    event = e.FormChanged("2", ("/data/a",), ("A",), ("B", "C"), 1, ("<b>D</b>",), False, False)
    news, question = shown(event, asked(), language=language)
    said = news.lines[0].text
    assert said.startswith(text("interview.form_changed", language))
    for name, count in (("again", 1), ("retired", 2), ("added", 1)):
        assert text(f"interview.form_{name}", language, count) in said
    assert "<b>D</b>" in said
    assert text("interview.form_not_taken", language) in said
    assert question.lines[0].text == "Quelle loi ?"
