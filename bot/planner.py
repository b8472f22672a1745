"""What comes next about a matter that waits: from the row, the matter, whether the person can be reached, and now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import islice

from db.follow_ups import FollowUp, NewFollowUp
from db.people import Address, Person
from flows.country.follow_ups.calendar import Calendar
from flows.country.follow_ups.policy import Policy
from flows.country.follow_ups.rules import ONCE
from flows.country.follow_ups.schedule import Matter, Move, Planned, Said, foreseen, planned, still_worth

LATE = timedelta(hours=4)  # what was to be said longer ago than this, and is not said any more, is recorded as dropped
FORESEEN = 40  # moves of one matter told beforehand, at most
BELOW_COORDINATOR = ("official", "colleague", "superior")
"""Whose silence the coordinator hears of first; that of others goes to the secretariat at once."""


@dataclass(frozen=True, slots=True)
class Reach:
    """Whether somebody can be reached, and since when: to have come back is a reaction."""

    reachable: bool
    since: datetime | None = None

    @classmethod
    def of(cls, addresses: Sequence[Address]) -> Reach:
        """As their addresses tell it."""
        since = [one.since for one in addresses if one.status == "reachable"]
        return cls(bool(since), max(since, default=None))


@dataclass(frozen=True, slots=True)
class Planner:
    """`coordinated`: the countries that have a coordinator who can be reached; `looked_after`: the same of the
    secretariat, "" standing for all."""

    policy: Policy
    coordinated: frozenset[str]
    looked_after: frozenset[str]

    def calendar(self, country: str) -> Calendar:
        """Of a country; of the secretariat for ""."""
        return self.policy.calendar(country) if country else self.policy.secretariat_calendar()

    def calendars(self, person: Person) -> Mapping[Move, Calendar]:
        """The hours of the person and of those above them who can be reached: the coordinator above who answers for an
        entity; the secretariat above everybody else in a country."""
        own = self.calendar(person.country)
        found: dict[Move, Calendar] = {"remind": own}
        if person.role in BELOW_COORDINATOR and person.country in self.coordinated:
            found["coordinator"] = own
        if person.role != "secretariat" and self.looked_after & {"", person.country}:
            found["secretariat"] = self.calendar("")
        return found

    def new(self, person: Person, matter: Matter, reach: Reach, now: datetime) -> NewFollowUp:
        """A matter that was not known."""
        since = _since(matter, reach, now)
        step = self._step(person, matter.kind, since, matter.due, Said(), reach, now)
        move, why, at = (step.move, step.why, step.at) if step is not None else ("", "", None)
        return NewFollowUp(person.country, person.id, matter.kind, matter.subject, since, matter.due, move, why, at)

    def moved(self, row: FollowUp, matter: Matter, person: Person, reach: Reach, now: datetime) -> FollowUp:
        """A row as it is now: the person may have reacted since, the date may be another."""
        since = _since(matter, reach, row.since)
        fresh = replace(row, since=since, due=matter.due)
        fresh = replace(
            fresh,
            last_at=_still(row.last_at, since, now),
            coordinator_at=_still(row.coordinator_at, since, now),
            secretariat_at=_still(row.secretariat_at, since, now),
        )
        if fresh.last_at is None:
            fresh = replace(fresh, reminders=0)
        return self.replanned(row, fresh, person, reach, now)

    def replanned(self, before: FollowUp, fresh: FollowUp, person: Person, reach: Reach, now: datetime) -> FollowUp:
        """A row with the move that comes next. `before`: as it was, for what is put off keeps the moment for which it
        was meant."""
        step = self._step(person, fresh.kind, fresh.since, fresh.due, _said(fresh), reach, now)
        if step is None:
            return replace(fresh, move="", why="", next_at=None, meant_at=None)
        meant = step.at
        if _is_same(before, fresh, step) and before.next_at is not None and before.meant_at is not None:
            at_once = self.calendars(person)[step.move].next_open(now)
            if before.next_at == step.at or (before.next_at <= now and step.at == at_once):
                meant = before.meant_at
        return replace(fresh, move=step.move, why=step.why, next_at=step.at, meant_at=meant)

    def is_worth_saying(self, row: FollowUp, person: Person, now: datetime) -> bool:
        """Whether what was meant for a moment gone by, as in an outage, is still worth saying."""
        if row.meant_at is None or not is_late(row, now):
            return True
        rule = self.policy.rule(row.kind, person.country)
        return still_worth(rule, row.meant_at, row.due, self.calendars(person)["remind"], now)

    def foreseen(self, row: FollowUp, person: Person, now: datetime) -> list[Planned]:
        """All that will be said about a matter if nothing is heard, soonest first."""
        rule = self.policy.rule(row.kind, person.country)
        steps = foreseen(rule, row.since, row.due, _said(row), self.calendars(person), now)
        return list(islice(steps, FORESEEN))

    def _step(
        self,
        person: Person,
        kind: str,
        since: datetime,
        due: date | None,
        said: Said,
        reach: Reach,
        now: datetime,
    ) -> Planned | None:
        calendars = self.calendars(person)
        step = planned(self.policy.rule(kind, person.country), since, due, said, calendars, now)
        move: Move = "coordinator" if "coordinator" in calendars else "secretariat"
        if reach.reachable or kind in ONCE or not _is_unheard(said, now) or move not in calendars:
            return step
        at = calendars[move].next_open(now)
        return step if step is not None and step.move == move and step.at <= at else Planned(at, move, "unreachable")


def is_late(row: FollowUp, now: datetime) -> bool:
    """Whether what comes next was meant for a moment long gone by."""
    return row.meant_at is not None and row.meant_at < now - LATE


def _still(said: datetime | None, since: datetime, now: datetime) -> datetime | None:
    """When something was said, where nobody reacted since. By a clock that was ahead: not later than now, for sure."""
    if said is None or said < since:
        return None
    return min(said, max(now, since))


def _is_unheard(said: Said, now: datetime) -> bool:
    """Whether a reminder was due that may not have arrived, and nobody above knows."""
    if said.muted or (said.snoozed_until is not None and said.snoozed_until > now):
        return False
    return said.last is not None and said.coordinator is None and said.secretariat is None


def _is_same(before: FollowUp, fresh: FollowUp, step: Planned) -> bool:
    """Whether what comes next is what was to come before."""
    was, now_is = ((one.since, one.due, one.last_at) for one in (before, fresh))
    return before.move == step.move and was == now_is


def _since(matter: Matter, reach: Reach, otherwise: datetime) -> datetime:
    since = matter.since or otherwise
    return max(since, reach.since) if reach.since is not None else since


def _said(row: FollowUp) -> Said:
    return Said(row.reminders, row.last_at, row.coordinator_at, row.secretariat_at, row.snoozed_until, row.muted)
