"""What comes back with a button: numbers and countries, whatever somebody made of them on the way."""

from __future__ import annotations

from collections.abc import Sequence

from bot.acting import Act
from db.entities import Entity
from flows.country.access import Action
from flows.knowledge import Country, UnknownCountry, country

MOST_DIGITS = 15


def number(arguments: Sequence[str], at: int = 0) -> int:
    """The number in that place; 0 where there is none."""
    said = arguments[at] if len(arguments) > at else ""
    return int(said) if said.isdecimal() and len(said) <= MOST_DIGITS else 0


async def place_of(act: Act, arguments: Sequence[str], action: Action) -> Country | None:
    """The country that a button names first. None where the person has no right to `action` there; they are told."""
    try:
        found = country(arguments[0] if arguments else act.person.country)
    except UnknownCountry:
        await act.say(act.text("steps.stale"))
        return None
    return found if await act.allow(action, found.code) else None


async def entity_at(act: Act, arguments: Sequence[str], at: int = 0) -> Entity | None:
    """The entity that a button names. None: there is none such, and the person is told."""
    entity = await act.tx.entities.get(number(arguments, at))
    if entity is None:
        await act.say(act.text("participants.entity_unknown"))
    return entity
