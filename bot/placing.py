"""Which country is meant by what follows a command."""

from __future__ import annotations

from collections.abc import Sequence

from bot.acting import Act
from flows.country.access import Action
from flows.country.names import folded
from flows.knowledge import Country, UnknownCountry, countries, country


async def placed(act: Act, command: str, arguments: Sequence[str], action: Action) -> Country | None:
    """The country named by code or by name, or the person's own; None where there is none such, or where they have no
    right to `action` there, and then they have been told."""
    found = named(" ".join(arguments)) if arguments else None
    if arguments and found is None:
        await act.say(act.text("exercise.unknown_country", command=command))
        return None
    if found is None and not act.person.country:
        await act.say(act.text("exercise.which", command=command))
        return None
    place = found or country(act.person.country)
    return place if await act.allow(action, place.code) else None


def meant(arguments: Sequence[str], *more: str) -> str:
    """The country's code that a button brings back first, or one of `more`; "" where it brings back anything else."""
    where = arguments[0] if arguments else ""
    return where if where in more or where in {one.code for one in countries()} else ""


def named(given: str) -> Country | None:
    """The country of this code, or of this name in any language."""
    try:
        return country(given)
    except UnknownCountry:
        wanted = folded(given)
    return next((one for one in countries() if any(folded(name.name) == wanted for name in one.names.values())), None)
