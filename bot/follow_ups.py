"""What is said later: planned from what waits for people, and said when it falls due.

The plan is rows. What a row says is looked at anew at the moment it falls due, in the transaction in which it is said:
nothing is said whose reason is gone, nothing twice, and nothing outside the hours of whom it is said to.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import islice

import structlog

from bot import reminding
from bot.acting import Act, Services
from bot.logs import place
from bot.policies import policy_in_force
from bot.reminding import Told
from bot.steps.capability import Finder, Task
from db.database import Store
from db.follow_ups import FollowUp, NewFollowUp
from db.people import Person
from db.problems import Stale, StoreProblem
from db.transaction import Transaction
from flows.country.follow_ups.calendar import Calendar
from flows.country.follow_ups.policy import Policy
from flows.country.follow_ups.schedule import (
    Matter,
    Move,
    Planned,
    Said,
    foreseen,
    planned,
    still_worth,
)

PAGE = 200  # rows looked at together
LATE = timedelta(hours=4)  # what was to be said longer ago than this, and is not said any more, is recorded as dropped
FORESEEN = 40  # moves of one matter told beforehand, at most
AGAIN = timedelta(minutes=10)  # after a follow-up that failed
BELOW_COORDINATOR = ("official", "colleague", "superior")
"""Whose silence the coordinator hears of first; that of others goes to the secretariat at once."""

log = structlog.get_logger("follow-ups")
Key = tuple[int, str, str]  # person, kind, subject


@dataclass(frozen=True, slots=True)
class Tick:
    """What a tick did: countries planned, messages put into the outbox, follow-ups that failed."""

    planned: int = 0
    said: int = 0
    failed: int = 0


class FollowUps:
    """Plans and says follow-ups. `finders`: what waits for whom, as /tasks shows it."""

    def __init__(
        self,
        services: Services,
        store: Store,
        finders: Callable[[], Sequence[Finder]],
        clock: Callable[[], datetime],
    ) -> None:
        self._services = services
        self._store = store
        self._finders = finders
        self._clock = clock
        self._policy: Policy
        self._coordinated: frozenset[str] = frozenset()  # countries that have a coordinator
        self._day = clock().date()

    async def tick(self) -> Tick:
        """Plan what has to be planned anew, and say what is due now."""
        now = self._clock()
        async with self._store.looking() as tx:
            await self._refresh(tx)
        if now.date() != self._day:
            async with self._store.writing() as tx:
                await tx.follow_ups.touch_all()
            self._day = now.date()
        countries = await self._plan_stale(now)
        said, failed = await self._say_due(now)
        return Tick(countries, said, failed)

    async def look(self, country: str) -> None:
        """Plan a country now, whether or not anything happened there."""
        async with self._store.looking() as tx:
            await self._refresh(tx)
            number = dict(await tx.follow_ups.stale()).get(country, 0)
        await self.plan(country, number, self._clock())

    async def _refresh(self, tx: Transaction) -> None:
        self._policy = await policy_in_force(tx)
        coordinators = await tx.people.of_role("coordinator")
        self._coordinated = frozenset(one.country for one in coordinators if one.ended_at is None)

    def foreseen(self, row: FollowUp, person: Person, now: datetime) -> list[Planned]:
        """All that will be said about a matter if nothing is heard, soonest first."""
        rule = self._policy.rule(row.kind, person.country)
        steps = foreseen(rule, row.since, row.due, _said(row), self._calendars(person), now)
        return list(islice(steps, FORESEEN))

    # ---- planning -------------------------------------------------------------------------------------------------
    async def _plan_stale(self, now: datetime) -> int:
        async with self._store.looking() as tx:
            stale = await tx.follow_ups.stale()
        for country, number in stale:
            await self.plan(country, number, now)
            await asyncio.sleep(0)
        return len(stale)

    async def plan(self, country: str, number: int, now: datetime) -> None:
        """Bring the rows of a country ("": the secretariat's) to what waits there. `number`: as `stale` told it."""
        async with self._store.reading() as tx:
            people = {one.id: one for one in await tx.people.of_country(country) if one.ended_at is None}
            found: dict[Key, Matter] = {}
            for person in people.values():
                for task in await self._waiting(tx, person, now):
                    found[_key(person.id, task)] = _about(task)
            rows = await tx.follow_ups.of_country(country)
        known = {(row.person_id, row.kind, row.subject): row for row in rows}
        async with self._store.writing() as tx:
            for key, row in known.items():
                if key not in found:
                    await self._close(tx, row, "done" if row.person_id in people else "left", now)
                    continue
                fresh = self._moved(row, found[key], people[row.person_id], now)
                if replace(fresh, revision=row.revision) != row:
                    await tx.follow_ups.change(fresh)
            new = [self._new(people[key[0]], matter, now) for key, matter in found.items() if key not in known]
            await tx.follow_ups.open(new, now)
            await tx.follow_ups.planned(country, number, now)

    async def _waiting(self, tx: Transaction, person: Person, now: datetime) -> list[Task]:
        """What waits for somebody and is followed up."""
        act = Act(self._services, tx, person, now)
        return [task for finder in self._finders() for task in await finder(act) if task.about is not None]

    def _new(self, person: Person, matter: Matter, now: datetime) -> NewFollowUp:
        since = matter.since or now
        step = self._planned(person, matter, since, Said(), now)
        return NewFollowUp(
            person.country,
            person.id,
            matter.kind,
            matter.subject,
            since,
            matter.due,
            step.move if step else "",
            step.why if step else "",
            step.at if step else None,
        )

    def _moved(self, row: FollowUp, matter: Matter, person: Person, now: datetime) -> FollowUp:
        """A row as it is now: the person may have reacted since, the date may be another."""
        since = matter.since or row.since
        fresh = replace(row, since=since, due=matter.due)
        if row.last_at is not None and since > row.last_at:  # a reaction: the count begins anew
            fresh = replace(fresh, reminders=0, last_at=None, coordinator_at=None, secretariat_at=None)
        return self._replanned(fresh, matter, person, now)

    def _replanned(self, row: FollowUp, matter: Matter, person: Person, now: datetime) -> FollowUp:
        step = self._planned(person, matter, row.since, _said(row), now)
        if step is None:
            return replace(row, move="", why="", next_at=None)
        return replace(row, move=step.move, why=step.why, next_at=step.at)

    def _planned(self, person: Person, matter: Matter, since: datetime, said: Said, now: datetime) -> Planned | None:
        rule = self._policy.rule(matter.kind, person.country)
        return planned(rule, since, matter.due, said, self._calendars(person), now)

    def _calendars(self, person: Person) -> Mapping[Move, Calendar]:
        """The hours of the person and of those above them: the coordinator, where there is one, above who answers for
        an entity; the secretariat above everybody else in a country."""
        secretariat = self._policy.secretariat_calendar()
        own = self._policy.calendar(person.country) if person.country else secretariat
        if person.role == "secretariat":
            return {"remind": own}
        if person.role in BELOW_COORDINATOR and person.country in self._coordinated:
            return {"remind": own, "coordinator": own, "secretariat": secretariat}
        return {"remind": own, "secretariat": secretariat}

    # ---- saying ---------------------------------------------------------------------------------------------------
    async def _say_due(self, now: datetime) -> tuple[int, int]:
        said = failed = 0
        tried: set[int] = set()
        while True:
            async with self._store.looking() as tx:
                rows = [row for row in await tx.follow_ups.due(now, PAGE + len(tried)) if row.id not in tried]
            if not rows:
                return said, failed
            for (move, whom), group in _together(rows).items():
                tried |= {row.id for row in group} if move != "remind" else set()
                try:
                    said += await (
                        self._remind(int(whom), now) if move == "remind" else self._tell(move, str(whom), now)
                    )
                except Stale:
                    pass
                except StoreProblem:
                    raise
                except Exception as error:
                    failed += 1
                    log.error("follow-up failed", move=move, error=type(error).__name__, at=place(error))
                    await self._put_off(group, now)
                tried |= {row.id for row in group}
                await asyncio.sleep(0)

    async def _put_off(self, rows: Iterable[FollowUp], now: datetime) -> None:
        async with self._store.writing() as tx:
            for row in rows:
                await tx.follow_ups.change(replace(row, next_at=now + AGAIN))

    async def _remind(self, person_id: int, now: datetime) -> int:
        """One message to somebody with all that is due for them. Returns how many messages were put."""
        async with self._store.writing() as tx:
            person = await tx.people.get(person_id)
            if person is None or person.ended_at is not None:
                for row in await tx.follow_ups.of_person(person_id):
                    await self._close(tx, row, "left", now)
                return 0
            await tx.hold(f"ledger {person.country}")
            due = await self._due_for(tx, person, now)
            if not due:
                return 0
            act = Act(self._services, tx, person, now)
            addresses = await tx.people.reach(person.id)
            if not any(address.status == "reachable" for address in addresses):
                for row, _ in due:
                    await self._unreached(tx, row, person, now)
                return 0
            numbered = [(replace(row, reminders=row.reminders + 1, last_at=now), task) for row, task in due]
            await reminding.remind(act, numbered)
            for (before, task), (row, _) in zip(due, numbered, strict=True):
                await self._change(tx, self._replanned(row, _about(task), person, now))
                await tx.follow_ups.note(before, "reminded", now, to_id=person.id, number=row.reminders)
        return 1

    async def _due_for(self, tx: Transaction, person: Person, now: datetime) -> list[tuple[FollowUp, Task]]:
        """What is to be said to somebody now; what has changed since it was planned is planned anew."""
        tasks = {_key(person.id, task): task for task in await self._waiting(tx, person, now)}
        due = []
        for row in await tx.follow_ups.of_person(person.id):
            task = tasks.get((person.id, row.kind, row.subject))
            if task is None:
                await self._close(tx, row, "done", now)
                continue
            fresh = self._moved(row, _about(task), person, now)
            if not _is_due(fresh, "remind", now):
                if fresh != row:
                    await self._change(tx, fresh)
            elif self._is_worth_saying(row, person, now):
                due.append((fresh, task))
            else:
                passed = self._replanned(replace(fresh, last_at=now), _about(task), person, now)
                await self._change(tx, passed)
                await tx.follow_ups.note(row, "dropped", now)
        return due

    def _is_worth_saying(self, row: FollowUp, person: Person, now: datetime) -> bool:
        """Whether what was planned for a moment gone by, as after an outage, is still worth saying."""
        if row.next_at is None or row.next_at > now - LATE:
            return True
        rule = self._policy.rule(row.kind, person.country)
        return still_worth(rule, row.next_at, row.due, self._calendars(person)["remind"], now)

    async def _unreached(self, tx: Transaction, row: FollowUp, person: Person, now: datetime) -> None:
        """Nobody can be reached there: the coordinator is told at once, and it is tried again as planned."""
        calendar = self._calendars(person)["remind"]
        counted = replace(row, reminders=row.reminders + 1, last_at=now)
        if row.coordinator_at is None and person.role in BELOW_COORDINATOR:
            at = calendar.next_open(now)
            await self._change(tx, replace(counted, move="coordinator", why="unreachable", next_at=at))
        else:
            matter = Matter(row.kind, row.subject, row.since, row.due)
            await self._change(tx, self._replanned(counted, matter, person, now))
        await tx.follow_ups.note(row, "unreachable", now, to_id=person.id, number=counted.reminders)

    async def _tell(self, move: str, country: str, now: datetime) -> int:
        """One message to the coordinator of a country, or to the secretariat, with all that has gone unanswered."""
        async with self._store.writing() as tx:
            await tx.hold(f"ledger {country}")
            told: list[Told] = []
            rows = [row for row in await tx.follow_ups.of_country(country) if _is_due(row, move, now)]
            for row in rows:
                person = await tx.people.get(row.person_id)
                found = await self._still(tx, row, person, now)
                if person is not None and found is not None:
                    told.append(Told(row, person, found))
            if not told:
                return 0
            others = await _hearers(tx, move, country)
            reached = await reminding.tell(self._services, tx, others, told, now)
            for one in told:
                known = move == "coordinator"
                row = replace(one.row, coordinator_at=now) if known else replace(one.row, secretariat_at=now)
                matter = Matter(row.kind, row.subject, row.since, row.due)
                await self._change(tx, self._replanned(row, matter, one.person, now))
                what = move if reached else f"no {move}"
                await tx.follow_ups.note(one.row, what, now, to_id=others[0].id if others else None)
        return 1 if reached else 0

    async def _still(self, tx: Transaction, row: FollowUp, person: Person | None, now: datetime) -> Task | None:
        """What still waits there; None: it is done by now, and the row is closed, or it is planned anew."""
        if person is None or person.ended_at is not None:
            await self._close(tx, row, "left", now)
            return None
        tasks = {_key(person.id, task): task for task in await self._waiting(tx, person, now)}
        task = tasks.get((person.id, row.kind, row.subject))
        if task is None:
            await self._close(tx, row, "done", now)
            return None
        if row.why == "unreachable":
            return task
        fresh = self._moved(row, _about(task), person, now)
        if not _is_due(fresh, row.move, now):
            await self._change(tx, fresh)
            return None
        return task

    async def _close(self, tx: Transaction, row: FollowUp, why: str, now: datetime) -> None:
        if await tx.follow_ups.close(row.id, why, now) and row.next_at is not None and row.next_at < now - LATE:
            await tx.follow_ups.note(row, "dropped", now)

    async def _change(self, tx: Transaction, row: FollowUp) -> None:
        if not await tx.follow_ups.change(row):
            raise Stale(f"follow-up {row.id}")


def _together(rows: Sequence[FollowUp]) -> dict[tuple[str, str], list[FollowUp]]:
    """What makes one message: all that one person is reminded of; all that one country's coordinator is told."""
    found: dict[tuple[str, str], list[FollowUp]] = {}
    for row in rows:
        whom = str(row.person_id) if row.move == "remind" else row.country
        found.setdefault((row.move, whom), []).append(row)
    return found


async def _hearers(tx: Transaction, move: str, country: str) -> list[Person]:
    """Who is told of what has gone unanswered in a country."""
    if move == "coordinator":
        return [
            one for one in await tx.people.of_country(country) if one.role == "coordinator" and one.ended_at is None
        ]
    return [one for one in await tx.people.of_role("secretariat") if one.country in ("", country)]


def _is_due(row: FollowUp, move: str, now: datetime) -> bool:
    return row.move == move and row.next_at is not None and row.next_at <= now


def _about(task: Task) -> Matter:
    if task.about is None:
        raise ValueError("a task that is not followed up")
    return task.about


def _key(person_id: int, task: Task) -> Key:
    about = _about(task)
    return person_id, about.kind, about.subject


def _said(row: FollowUp) -> Said:
    return Said(row.reminders, row.last_at, row.coordinator_at, row.secretariat_at, row.snoozed_until, row.muted)
