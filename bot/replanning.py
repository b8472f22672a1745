"""The rows of follow-ups, brought to what waits for people: opened, moved and closed where nobody else was quicker."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot import reminding
from bot.acting import Act, Services
from bot.planner import Planner, Reach, is_late
from bot.steps.capability import Finder, Task
from db.database import Store
from db.follow_ups import FollowUp, NewFollowUp
from db.people import Person
from db.problems import Stale
from db.transaction import Transaction
from flows.country.follow_ups.schedule import Matter

PAGE = 40  # rows changed in one transaction: for so long nobody else writes
BREATH = 20  # rows computed at a stretch: some milliseconds

Key = tuple[int, str, str]  # person, kind, subject


@dataclass(frozen=True, slots=True)
class Open:
    """A matter that has begun to wait."""

    new: NewFollowUp


@dataclass(frozen=True, slots=True)
class Close:
    """One that waits no more, and why."""

    row: FollowUp
    why: str


@dataclass(frozen=True, slots=True)
class Put:
    """One that is another by now. `again`: it was closed."""

    row: FollowUp
    fresh: FollowUp
    again: bool = False


Change = Open | Close | Put


@dataclass(frozen=True, slots=True)
class Replanning:
    """Plans countries. `finders`: what waits for whom, as /tasks shows it."""

    services: Services
    store: Store
    finders: Callable[[], Sequence[Finder]]

    async def plan(self, country: str, number: int | None, planner: Planner, now: datetime) -> None:
        """Bring the rows of a country ("": the secretariat's) to what waits there. `number`: as `stale` told it; None:
        it was not to be planned. In steps, so that nobody who answers meanwhile waits for all of it."""
        changes = await self._changes(country, planner, now)
        for first in range(0, len(changes), PAGE):
            async with self.store.writing() as tx:
                for change in changes[first : first + PAGE]:
                    await _make(tx, change, now)
        if number is not None:
            async with self.store.writing() as tx:
                await tx.follow_ups.planned(country, number, now)
                if country:  # what happens in a country may concern the secretariat
                    await tx.follow_ups.touch("")

    async def waiting(self, tx: Transaction, person: Person, now: datetime) -> list[Task]:
        """What waits for somebody and is followed up."""
        act = Act(self.services, tx, person, now)
        return [task for finder in self.finders() for task in await finder(act) if task.about is not None]

    async def _changes(self, country: str, planner: Planner, now: datetime) -> list[Change]:
        """What is to be changed about the rows of a country."""
        async with self.store.reading() as tx:
            people = {one.id: one for one in await tx.people.of_country(country) if one.ended_at is None}
            found: dict[Key, Matter] = {}
            for person in people.values():
                for task in await self.waiting(tx, person, now):
                    found.setdefault(key_of(person.id, task), about(task))
            reach = {one: Reach.of(await tx.people.reach(one)) for one in {key[0] for key in found}}
            known = {(row.person_id, row.kind, row.subject): row for row in await tx.follow_ups.of_country(country)}
            before = {key: await _before(tx, key, matter) for key, matter in found.items() if key not in known}
        changes: list[Change] = []
        for count, (key, row) in enumerate(known.items()):
            await _breathe(count)
            if key not in found:
                changes.append(Close(row, "done" if row.person_id in people else "left"))
                continue
            fresh = planner.moved(row, found[key], people[key[0]], reach[key[0]], now)
            changes += [Put(row, fresh)] if fresh != row else []
        for count, (key, was) in enumerate(before.items()):
            await _breathe(count)
            person, matter = people[key[0]], found[key]
            if was is None:
                changes.append(Open(planner.new(person, matter, reach[person.id], now)))
            else:
                changes.append(Put(was, planner.moved(was, matter, person, reach[person.id], now), again=True))
        return changes


async def _before(tx: Transaction, key: Key, matter: Matter) -> FollowUp | None:
    """The follow-up of something that was gone for a while and waits again, though nobody reacted: what was said
    about it counts."""
    row = await tx.follow_ups.closed(*key) if matter.since is not None else None
    if row is None or matter.since is None or matter.since > max(row.last_at or row.since, row.since):
        return None
    return row


async def _breathe(count: int) -> None:
    """Now and then let others have their turn."""
    if count % BREATH == 0:
        await asyncio.sleep(0)


async def _make(tx: Transaction, change: Change, now: datetime) -> None:
    match change:
        case Open():
            await tx.follow_ups.open([change.new], now)
        case Close():
            await close(tx, change.row, change.why, now)
        case Put(row, fresh, again=True):
            opened = await tx.follow_ups.reopen(row)
            if opened is not None:
                revised = replace(fresh, revision=opened.revision, closed_at=None, closed_why="")
                await put(tx, opened, revised, now)
        case Put(row, fresh):
            await put(tx, row, fresh, now)


# ---- single rows --------------------------------------------------------------------------------------------------
async def put(tx: Transaction, row: FollowUp, fresh: FollowUp, now: datetime, *, must: bool = False) -> None:
    """Store a row where it is another by now. `must`: raise `Stale` where somebody else was quicker."""
    if fresh == row:
        return
    if not await tx.follow_ups.change(fresh):
        if must:
            raise Stale(f"follow-up {row.id}")
    elif fresh.next_at is None and is_late(row, now) and not fresh.muted:
        await tx.follow_ups.note(row, "dropped", now)


async def close(tx: Transaction, row: FollowUp, why: str, now: datetime) -> None:
    """Nothing more is said about it, and what waits to be sent is not sent."""
    if not await tx.follow_ups.close(row.id, why, now):
        return
    if is_late(row, now):
        await tx.follow_ups.note(row, "dropped", now)
    await reminding.withdraw(tx, row, now)


async def change(tx: Transaction, row: FollowUp) -> None:
    """Store a row. Raises `Stale` where somebody else was quicker."""
    if not await tx.follow_ups.change(row):
        raise Stale(f"follow-up {row.id}")


def about(task: Task) -> Matter:
    """What a task that is followed up is about."""
    if task.about is None:
        raise ValueError("a task that is not followed up")
    return task.about


def key_of(person_id: int, task: Task) -> Key:
    """By which its row is known."""
    matter = about(task)
    return person_id, matter.kind, matter.subject
