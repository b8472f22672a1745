"""A prompt becomes messages within Telegram's limits, whole and escaped."""

from __future__ import annotations

from html import unescape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from telegram import ForceReply, InlineKeyboardMarkup, ReplyKeyboardMarkup

from bot.channels.telegram_out import TEXT_LIMIT, pieces, split, units
from bot.messages import Button, Line, Prompt, Undeliverable
from tests.budget import examples


def escaped_units(text: str) -> int:
    return units(text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"))


@settings(max_examples=examples(60), deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=400), st.integers(12, 60))
def test_parts_joined_are_the_text_and_each_fits(text: str, limit: int) -> None:
    parts = split(text, limit)
    assert "".join(parts) == text
    assert all(escaped_units(part) <= limit for part in parts)


def test_a_hundred_thousand_characters_arrive_whole() -> None:
    text = "Le registre des étrangers 😀 & <les visas>.\n\n" * 2300
    shown = pieces(Prompt((Line(text),)))
    assert all(units(piece.html) <= TEXT_LIMIT for piece in shown)
    assert unescape("".join(piece.html for piece in shown)).split() == text.split()


def test_a_text_is_divided_between_paragraphs_before_words() -> None:
    text = "a" * 30 + " b\n\n" + "c" * 20
    assert split(text, 40) == ["a" * 30 + " b\n\n", "c" * 20]
    assert split("aaaa bbbb cccc", 10) == ["aaaa bbbb ", "cccc"]


def test_an_accent_stays_with_its_letter() -> None:
    assert split("abcde\u0301fgh", 5) == ["abcd", "e\u0301fgh"]


def test_values_cannot_become_markup() -> None:
    (piece,) = pieces(Prompt((Line("<b>Ministère</b> & <a href='x'>", "question"), Line("0 < 1", "quote"))))
    assert piece.html == (
        "<b>&lt;b&gt;Ministère&lt;/b&gt; &amp; &lt;a href='x'&gt;</b>\n\n<blockquote>0 &lt; 1</blockquote>"
    )


def test_controls_and_direction_overrides_are_not_shown() -> None:
    (piece,) = pieces(Prompt((Line("a\x00b\u202ec\u2066d\x1b[0m\r\ne"),)))
    assert piece.html == "abcd[0m\ne"


def test_items_stand_together_and_the_rest_apart() -> None:
    (piece,) = pieces(Prompt((Line("Question", "question"), Line("un", "item"), Line("deux", "item"), Line("fin"))))
    assert piece.html == "<b>Question</b>\n\n• un\n• deux\n\nfin"


def test_buttons_are_under_the_last_message_and_ticks_are_shown() -> None:
    row = (
        Button("Frontières", "t:c1", ticked=True),
        Button("Crise", "t:c2", ticked=False),
        Button("Page", url="https://x.org"),
    )
    shown = pieces(Prompt((Line("x" * 5000),), buttons=(row,)))
    assert len(shown) == 2
    assert shown[0].keyboard is None
    keyboard = shown[1].keyboard
    assert isinstance(keyboard, InlineKeyboardMarkup)
    assert [(b.text, b.callback_data, b.url) for b in keyboard.inline_keyboard[0]] == [
        ("✓ Frontières", "t:c1", None),
        ("Crise", "t:c2", None),
        ("Page", None, "https://x.org"),
    ]


def test_an_action_of_more_than_64_bytes_is_refused_before_it_is_sent() -> None:
    with pytest.raises(Undeliverable):
        pieces(Prompt((Line("x"),), buttons=((Button("b", "é" * 33),),)))


def test_a_place_is_asked_for_by_a_keyboard_of_its_own() -> None:
    (alone,) = pieces(Prompt((Line("Où ?"),), ask_location=True, language="fr"))
    assert isinstance(alone.keyboard, ReplyKeyboardMarkup)
    both = pieces(Prompt((Line("Où ?"),), buttons=((Button("Passer", "t:s"),),), ask_location=True, language="fr"))
    assert [type(piece.keyboard) for piece in both] == [ReplyKeyboardMarkup, InlineKeyboardMarkup]


def test_a_typed_answer_is_asked_for_by_a_forced_reply() -> None:
    (piece,) = pieces(Prompt((Line("Nom ?"),), force_reply=True))
    assert isinstance(piece.keyboard, ForceReply)


def test_an_empty_line_makes_no_message() -> None:
    assert pieces(Prompt((Line(" \n"), Line("")))) == ()


def test_right_to_left_text_is_marked() -> None:
    (piece,) = pieces(Prompt((Line("سؤال", "question"),), rtl=True))
    assert piece.html == "<b>\u200fسؤال</b>"
