"""How long what is kept about people is kept: from what has happened to the day on which it is due to be deleted."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Literal, get_args

if TYPE_CHECKING:
    from flows.country.steps.course import Course

Category = Literal["contacts", "invitations", "addresses", "inbox", "outbox", "attachments", "files"]
"""`contacts`: who somebody is and where they write; `invitations`: whom an invitation that is over was meant for;
`addresses`: from which nobody who takes part writes; `inbox`: messages that could not be handled; `outbox`: messages
that could not be delivered; `attachments`: files given as answers that are no answer any more; `files`: contents that
nothing refers to (copies of somebody's data, drawings, old boards)."""
CATEGORIES: tuple[Category, ...] = get_args(Category)

Ended = Literal["published", "declined", "idle"]
"""How a country's exercise ended: with a guide, with a "no", or because nothing happened any more."""


@dataclass(frozen=True, slots=True)
class Periods:
    """Months, by category."""

    contacts: int = 24
    invitations: int = 3
    addresses: int = 3
    inbox: int = 1
    outbox: int = 1
    attachments: int = 6
    files: int = 1

    def of(self, category: Category) -> int:
        months: int = getattr(self, category)
        return months


@dataclass(frozen=True, slots=True)
class End:
    """When a country's exercise ended, as far as that can be said now, and how."""

    at: datetime
    how: Ended


@dataclass(frozen=True, slots=True)
class Item:
    """Something kept. `ref`: which one, in words of the store; `since`: since when it is of no use, or was last of
    any; `country`: whose exercise it waits for the end of, "" where for none."""

    category: Category
    ref: str
    since: datetime
    country: str = ""


@dataclass(frozen=True, slots=True)
class Due:
    """An item with the moment from which it is to be deleted. `end`: the end of the exercise that it waited for."""

    item: Item
    at: datetime
    end: End | None = None


def end_of(course: Course, fallback: datetime) -> End:
    """When the exercise of a country ended: with its last publication, with its "no", else with the last thing that
    happened (`fallback` where nothing ever did)."""
    published = course.seen.get("publication.made")
    if published is not None:
        return End(published[1].at, "published")
    expressed = course.seen.get("interest.expressed")
    if course.interest.answer == "no" and expressed is not None:
        return End(expressed[1].at, "declined")
    return End(course.changed_at or fallback, "idle")


def due(item: Item, ends: Mapping[str, End], periods: Periods) -> Due:
    """When an item is to be deleted. Contacts wait for the end of the exercise, and for whatever the person did
    since."""
    end = ends.get(item.country) if item.country and item.category == "contacts" else None
    since = max(item.since, end.at) if end is not None else item.since
    return Due(item, months_after(since, periods.of(item.category)), end)


def plan(items: Iterable[Item], ends: Mapping[str, End], periods: Periods, now: datetime) -> tuple[Due, ...]:
    """What is to be deleted by now, the longest overdue first."""
    found = (due(item, ends, periods) for item in items)
    return tuple(sorted((one for one in found if one.at <= now), key=lambda one: (one.at, one.item.ref)))


def months_after(at: datetime, months: int) -> datetime:
    """The same day `months` later; the month's last where it has no such day."""
    year, month = divmod(at.year * 12 + at.month - 1 + months, 12)
    if year > 9999:
        return datetime.max.replace(tzinfo=at.tzinfo)
    return at.replace(year=year, month=month + 1, day=min(at.day, monthrange(year, month + 1)[1]))
