"""A Prompt → what the Bot API is asked to do, within its limits. Values in, values out; nothing is sent here.

Texts become HTML from escaped values. A text longer than one message is divided between paragraphs, lines, sentences
or words and never shortened: the parts joined are the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape

from telegram import (
    ForceReply,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    KeyboardButton,
    ReplyKeyboardMarkup,
)

from bot.messages import Button, Line, LineStyle, Prompt, Undeliverable
from flows import i18n

TEXT_LIMIT = 4096  # UTF-16 units of one message
ACTION_LIMIT = 64  # bytes of a button's callback data
TICK = "\N{CHECK MARK} "
BULLET = "\N{BULLET} "
RIGHT_TO_LEFT_MARK = "\N{RIGHT-TO-LEFT MARK}"

Keyboard = InlineKeyboardMarkup | ForceReply | ReplyKeyboardMarkup

_TAGS: dict[LineStyle, tuple[str, str]] = {
    "progress": ("<i>", "</i>"),
    "question": ("<b>", "</b>"),
    "title": ("<b>", "</b>"),
    "hint": ("<i>", "</i>"),
    "example": ("<i>", "</i>"),
    "quote": ("<blockquote>", "</blockquote>"),
}
# Controls a message cannot carry, and marks that would turn round the text after them.
_UNSHOWABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_NUMBERED = re.compile(r"\d+[.)]\s")
_BORDERS = (re.compile(r"\n[ \t]*\n\s*"), re.compile(r"\n"), re.compile(r"(?<=[.!?…;])\s+"), re.compile(r"\s+"))


@dataclass(frozen=True, slots=True)
class Piece:
    """One message to send: HTML of at most 4,096 UTF-16 units, and what is under it."""

    html: str
    keyboard: Keyboard | None = None


def pieces(prompt: Prompt) -> tuple[Piece, ...]:
    """The messages that show `prompt`, in order; its buttons are under the last. Raises `Undeliverable`."""
    texts = list(_pack(prompt))
    inline = _inline(prompt)
    asks_place = prompt.ask_location
    if not texts:
        if inline is not None:
            raise Undeliverable("buttons without a text")
        return ()
    last: Keyboard | None = inline
    if last is None and asks_place:
        last = _place_keyboard(prompt.language)
    elif last is None and prompt.force_reply:
        last = ForceReply()
    shown = [*(Piece(text) for text in texts[:-1]), Piece(texts[-1], last)]
    if inline is not None and asks_place:  # one message cannot carry both keyboards
        note = escape(i18n.text("telegram.share_place", prompt.language or i18n.FALLBACK), quote=False)
        shown.insert(len(shown) - 1, Piece(note, _place_keyboard(prompt.language)))
    return tuple(shown)


def split(text: str, limit: int) -> list[str]:
    """`text` in parts of at most `limit` UTF-16 units once escaped; joined they are `text` again."""
    parts: list[str] = []
    while text:
        end = _reach(text, limit)
        if end < len(text):
            end = _border(text, end)
        parts.append(text[:end])
        text = text[end:]
    return parts


def units(text: str) -> int:
    """Length in UTF-16 units, which is how Telegram counts."""
    return len(text) + sum(character > "\uffff" for character in text)


def _reach(text: str, limit: int) -> int:
    """How many characters of `text` fit into `limit` units once escaped; at least one."""
    if len(text) * 2 <= limit and not any(mark in text for mark in "&<>"):
        return len(text)
    used = 0
    for position, character in enumerate(text):
        used += _COST.get(character, 1 + (character > "\uffff"))
        if used > limit:
            return max(position, 1)
    return len(text)


_COST = {"&": 5, "<": 4, ">": 4}


def _border(text: str, end: int) -> int:
    """The best place to divide `text` at or before `end`: not before half of it where a good one exists."""
    for border in _BORDERS:
        places = [match.end() for match in border.finditer(text, 0, end)]
        if places and places[-1] * 2 >= end:
            return places[-1]
    while end > 1 and _joins(text[end]):  # not between a letter and its accent
        end -= 1
    return end


def _joins(character: str) -> bool:
    from unicodedata import combining

    return combining(character) > 0 or character in "\u200d\ufe0e\ufe0f"


def _pack(prompt: Prompt) -> Iterator[str]:
    """The prompt's lines as HTML, as many in one message as fit."""
    message = ""
    previous: LineStyle | None = None
    for line in prompt.lines:
        for number, block in enumerate(_blocks(line, prompt.rtl)):
            space = "\n" if line.style == previous == "item" or number else "\n\n"
            joined = f"{message}{space}{block}" if message else block
            if units(joined) > TEXT_LIMIT:
                yield message
                joined = block
            message = joined
        previous = line.style
    if message:
        yield message


def _blocks(line: Line, rtl: bool) -> Iterator[str]:
    text = _UNSHOWABLE.sub("", line.text.replace("\r\n", "\n").replace("\r", "\n"))
    if not text.strip():
        return
    before, after = _TAGS.get(line.style, ("", ""))
    mark = RIGHT_TO_LEFT_MARK if rtl else ""
    bullet = BULLET if line.style == "item" and not _NUMBERED.match(text) else ""
    room = TEXT_LIMIT - len(before) - len(after) - len(mark) - len(bullet)
    for number, part in enumerate(split(text, room)):
        if part.strip():
            yield f"{before}{mark}{bullet if number == 0 else ''}{escape(part, quote=False)}{after}"


def _inline(prompt: Prompt) -> InlineKeyboardMarkup | None:
    rows = [[_button(button) for button in row] for row in prompt.buttons if row]
    return InlineKeyboardMarkup(rows) if rows else None


def _button(button: Button) -> InlineKeyboardButton:
    label = _UNSHOWABLE.sub("", button.label).strip() or "\N{HORIZONTAL ELLIPSIS}"
    if button.ticked:
        label = TICK + label
    if button.url:
        return InlineKeyboardButton(label, url=button.url)
    if not 0 < len(button.action.encode()) <= ACTION_LIMIT:
        raise Undeliverable(f"a button's action must have 1 to {ACTION_LIMIT} bytes")
    return InlineKeyboardButton(label, callback_data=button.action)


def _place_keyboard(language: str) -> ReplyKeyboardMarkup:
    label = i18n.text("telegram.share_place_button", language or i18n.FALLBACK)
    button = KeyboardButton(label, request_location=True)
    return ReplyKeyboardMarkup([[button]], resize_keyboard=True, one_time_keyboard=True)
