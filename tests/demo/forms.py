"""Fills in a companion form as a person does: reads each question, answers or leaves it, confirms."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from typing import Any

from flows.i18n import text
from flows.questionnaires.companions import companion_source
from tests.demo.scenario import Known, Reading, reading
from tests.telegram.people import Person, Shown

COLUMNS = {"fr": "Français (fr)", "en": "English (en)"}
PATIENCE = 60.0


class Stuck(Exception):
    """The person does not know how to go on."""


async def fill(person: Person, name: str, answers: Mapping[str, Any], language: str, *, confirm: str = "yes") -> None:
    """Answer the companion form `name`, from its first question on, which is on its way. `answers`: question name →
    text, choice name, list of choice names, or (file name, content); what is not among them is left out."""
    known = reading(tomllib.loads(companion_source(name)), COLUMNS[language])
    order, left = -1, {**answers, "confirm": confirm}
    while True:
        shown = await person.expect(lambda message: _asks(message, known), PATIENCE)
        question = known.question(shown.text, order)
        if question is None:
            raise Stuck(shown.text)
        order = question.order
        await _answer(person, shown, question, left.get(question.name), language)
        if question.name == "confirm":
            return


def _asks(message: Shown, known: Reading) -> bool:
    return message.from_bot and "edit_date" not in message.raw and known.question(message.text, -1) is not None


async def _answer(person: Person, shown: Shown, question: Known, value: Any, language: str) -> None:
    if value is None:
        for way in ("button_keep", "button_skip", "button_unknown", "button_none"):
            if text(f"interview.{way}", language) in shown.labels:
                await person.press(text(f"interview.{way}", language), shown)
                return
        raise Stuck(f"{question.name} must be answered:\n{shown.text}\n{shown.labels}")
    if isinstance(value, tuple):
        await person.send_document(value[0], value[1], "application/octet-stream")
    elif question.type == "select_multiple":
        for one in value if isinstance(value, list) else [value]:
            await press_choice(person, shown, question.choices[one])
        await person.press(text("interview.button_done", language), shown)
    elif question.choices:
        await press_choice(person, shown, question.choices[str(value)])
    else:
        await person.send(str(value))
        if question.type == "long":
            done = text("interview.button_done", language)
            await person.press(done, await person.expect(lambda message: done in message.labels, PATIENCE))


async def press_choice(person: Person, shown: Shown, label: str) -> None:
    """Press a choice: by its label, or by the number before it in the list."""
    if label in shown.labels:
        await person.press(label, shown)
        return
    found = re.search(rf"^(\d+)\. {re.escape(label)}", shown.text, re.MULTILINE)
    if found is None:
        raise Stuck(f"no {label!r} in:\n{shown.text}\n{shown.labels}")
    if found[1] in shown.labels:
        await person.press(found[1], shown)
    else:
        await person.send(found[1])
