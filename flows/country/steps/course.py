"""The course of a country: everything that is computed from its ledger, in one value made anew from its facts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from flows.country.ledger import Entry
from flows.country.steps.base import Fact, When, read
from flows.country.steps.interest import Interest


@dataclass(slots=True)
class Course:
    """Where a country is. Each part belongs to the module that names its facts. Read it, never change it: only facts
    do. `number`: of the newest entry in it."""

    country: str
    number: int = 0
    changed_at: datetime | None = None
    interest: Interest = field(default_factory=Interest)


def course_of(country: str, entries: Iterable[Entry]) -> Course:
    """The course that the entries of a country's chain, in order, amount to."""
    return replay(country, ((read(entry), entry) for entry in entries))


def replay(country: str, happened: Iterable[tuple[Fact | None, Entry]]) -> Course:
    """The same from facts already read."""
    course = Course(country)
    for known, entry in happened:
        if known is not None:
            known.apply(course, When(entry.number, entry.at, entry.actor_id, entry.role))
        course.number, course.changed_at = entry.number, entry.at
    return course
