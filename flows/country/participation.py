"""How many entities take part: invited, having answered, accepted; counted by class."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from flows.country.contribution import SENT, Entity, Status

Count = tuple[int, int]
"""Governmental entities, and others."""


@dataclass(frozen=True, slots=True)
class Participation:
    """Entities that were invited, that sent a contribution, and of which one is accepted; each among those before."""

    invited: Count
    answered: Count
    accepted: Count


def participation(invited: Mapping[int, str], sent: Iterable[tuple[int | None, Status]]) -> Participation:
    """`invited`: number of each entity → its kind; `sent`: for which entity each contribution is, and where it is. An
    entity of unknown kind counts as governmental; contributions for none that is known are not counted."""
    states: dict[int, set[Status]] = {}
    for number, status in sent:
        if number is not None and number in invited:
            states.setdefault(number, set()).add(status)

    def count(numbers: Iterable[int]) -> Count:
        others = [Entity("", kind=invited[number]).entity_class == "other" for number in numbers]
        return others.count(False), others.count(True)

    return Participation(
        count(invited),
        count(number for number, found in states.items() if found & SENT),
        count(number for number, found in states.items() if "accepted" in found),
    )
