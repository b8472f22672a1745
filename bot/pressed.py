"""What comes back with a button: numbers, words and countries, whatever somebody made of them on the way.

What no button of ours brings raises `NotOurs` or `UnknownCountry`; `bot.steps.routing` then says that the button is not
valid any more.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeVar

from bot.acting import Act
from db.entities import Entity
from flows.country.access import Action
from flows.knowledge import Country, country, known_code

MOST_DIGITS = 15

W = TypeVar("W", bound=str)


class NotOurs(ValueError):
    """No button that we make comes with this."""


def number(arguments: Sequence[str], at: int = 0) -> int:
    """The number in that place; 0 where there is none."""
    said = arguments[at] if len(arguments) > at else ""
    return int(said) if said.isdecimal() and len(said) <= MOST_DIGITS else 0


def word(arguments: Sequence[str], at: int = 0) -> str:
    """The word in that place. Raises `NotOurs` where there is none."""
    if len(arguments) <= at or not arguments[at]:
        raise NotOurs(at)
    return arguments[at]


def one_of(known: Iterable[W], arguments: Sequence[str], at: int = 0) -> W:
    """Which of the known words stands in that place. Raises `NotOurs` where none of them does."""
    said = word(arguments, at)
    for one in known:
        if one == said:
            return one
    raise NotOurs(said)


def code(arguments: Sequence[str], at: int = 0) -> str:
    """The country in that place. Raises `UnknownCountry`."""
    return known_code(arguments[at] if len(arguments) > at else "")


def country_and_number(arguments: Sequence[str]) -> tuple[str, int]:
    """A country, and something of it. Raises `UnknownCountry`."""
    return code(arguments), number(arguments, 1)


async def place_of(act: Act, arguments: Sequence[str], action: Action) -> Country | None:
    """The country that a button names first. None where the person has no right to `action` there; they are told.
    Raises `UnknownCountry`."""
    found = country(arguments[0] if arguments else act.person.country)
    return found if await act.allow(action, found.code) else None


async def entity_at(act: Act, arguments: Sequence[str], at: int = 0) -> Entity | None:
    """The entity that a button names. None: there is none such, and the person is told."""
    entity = await act.tx.entities.get(number(arguments, at))
    if entity is None:
        await act.say(act.text("participants.entity_unknown"))
    return entity
