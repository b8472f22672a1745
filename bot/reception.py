"""What is said outside an interview: at the door, about invitations, commands, and the data that are kept.

Values in, prompts out: nothing here stores or sends.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from bot.messages import Button, Line, Prompt
from flows import i18n
from flows.i18n import text

COMMANDS = (
    *("help", "back", "skip", "unknown", "done", "review", "pause", "resume"),
    *("language", "confidential", "contact", "mydata"),
)
STAFF_COMMANDS = ("help", "language", "contact", "mydata")
SPEAK = "speak:"  # a button's action: continue in this language
AGREE = "agree:"  # a button's action: consent of somebody who answers no questionnaire
PART = "part:"  # a button's action: go on with this part
Language = tuple[str, str]  # code and name


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept about a person, for `mydata`."""

    role: str
    country: str
    entity: str
    answers: int
    consent: bool | None
    consent_at: datetime | None
    consent_version: str


def say(language: str, *lines: str, key: str = "", buttons: Sequence[Sequence[Button]] = ()) -> Prompt:
    """A prompt of plain paragraphs."""
    rows = tuple(tuple(row) for row in buttons)
    rtl = i18n.base(language) in i18n.RIGHT_TO_LEFT
    return Prompt(tuple(Line(line) for line in lines), rows, key=key, language=language, rtl=rtl)


def contact(language: str, whom: str) -> str:
    """How to reach a person; `whom` as configured, or empty."""
    return text("turns.contact", language, contact=whom) if whom else text("turns.contact_default", language)


def not_invited(language: str, whom: str) -> Prompt:
    """To somebody who has not redeemed an invitation."""
    return say(language, text("turns.not_invited", language), *([contact(language, whom)] if whom else []))


def invitation_refused(language: str, why: Literal["unknown", "used", "expired", "revoked"], whom: str) -> Prompt:
    """The code cannot be used."""
    return say(language, text(f"turns.invitation_{why}", language), *([contact(language, whom)] if whom else []))


def welcome(language: str, role: str, country: str, entity: str, *, again: bool = False) -> Prompt:
    """To somebody whose invitation was just redeemed; `country` and `entity` are names, or empty. `again`: not their
    first one."""
    if role not in ("coordinator", "official"):
        first = text("turns.welcome_staff", language, role=text(f"turns.role_{role}", language))
    elif entity:
        first = text("turns.welcome_entity", language, entity=entity, country=country)
    else:
        first = text("turns.welcome_country", language, country=country)
    last = text("turns.welcome_again" if again else "turns.welcome_rules", language)
    return say(language, first, last)


def consent(language: str) -> Prompt:
    """Asks somebody who answers no questionnaire to agree that their data are processed."""
    buttons = [
        [Button(text(f"turns.{answer}", language), f"{AGREE}{answer}") for answer in ("yes", "no")],
    ]
    prompt = say(language, text("turns.consent", language), key="consent", buttons=buttons)
    return replace(prompt, lines=(Line(prompt.lines[0].text, "question"),))


def agreed(language: str, given: bool, whom: str) -> Prompt:
    """After the answer to `consent`; takes its place, so that its buttons go."""
    lines = [text("turns.staff_commands" if given else "turns.consent_refused", language)]
    if not given:
        lines.append(contact(language, whom))
    return replace(say(language, *lines, key="consent"), edit=True)


def choose_language(language: str, offered: Sequence[Language], wanted: str = "") -> Prompt:
    """The languages to continue in, each in its own name; `wanted` is none of them, if it was said."""
    buttons = [[Button(name, SPEAK + code) for code, name in offered]]
    lines = [text("turns.language_choose", language)]
    if wanted:
        lines.insert(0, text("turns.language_unknown", language))
    return say(language, *lines, key="language", buttons=buttons)


def choose_part(language: str, present: str, offered: Sequence[tuple[str, str]]) -> Prompt:
    """Several parts of one person, as actions and names; `present` is the name of the one gone on with."""
    buttons = [[Button(name, action)] for action, name in offered]
    return say(language, text("turns.parts", language, part=present), key="parts", buttons=buttons)


def commands(language: str, names: Sequence[str]) -> Prompt:
    """The list of commands."""
    lines = [Line(text("turns.commands", language))]
    for name in names:
        meaning = text(f"telegram.command_{name}", language)
        lines.append(Line(text("turns.command", language, name=name, meaning=meaning), "item"))
    return replace(say(language), lines=tuple(lines))


def mydata(language: str, kept: Kept, whom: str) -> Prompt:
    """What is kept about the person who asks."""
    items = [text("turns.mydata_role", language, role=text(f"turns.role_{kept.role}", language), country=kept.country)]
    if kept.entity:
        items.append(text("turns.mydata_entity", language, entity=kept.entity))
    items.append(text("turns.mydata_address", language))
    if kept.role in ("coordinator", "official"):
        items.append(text("turns.mydata_answers", language, n=kept.answers))
    if kept.consent is None or kept.consent_at is None:
        items.append(text("turns.mydata_no_consent", language))
    else:
        key = "turns.mydata_consent" if kept.consent else "turns.mydata_consent_refused"
        date = kept.consent_at.strftime("%d/%m/%Y")
        items.append(text(key, language, date=date, version=kept.consent_version))
    title = Line(text("turns.mydata_title", language), "title")
    rights = Line(text("turns.mydata_rights", language))
    reach = Line(contact(language, whom))
    return replace(say(language), lines=(title, *(Line(item, "item") for item in items), rights, reach))


def sentence(language: str, key: str, /, **values: str) -> Prompt:
    """One sentence of the `turns` catalogue."""
    return say(language, text(f"turns.{key}", language, None, **values))
