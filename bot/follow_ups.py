"""What is said later: planned from what waits for people, and said when it falls due.

The plan is rows. What a row says is looked at anew at the moment it falls due, in the transaction in which it is said:
nothing is said whose reason is gone, nothing twice, and nothing outside the hours of whom it is said to.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

import structlog

from bot import reminding, replanning
from bot.acting import Act, Services
from bot.logs import place
from bot.planner import Planner, Reach
from bot.policies import policy_in_force
from bot.reminding import Told
from bot.replanning import Replanning, about, key_of
from bot.steps.capability import Finder, Task
from db.database import Store
from db.follow_ups import FollowUp
from db.people import Person, Role
from db.problems import Stale, StoreProblem
from db.transaction import Transaction
from flows.country.follow_ups.schedule import Move, Planned

PAGE = 200  # rows looked at together
MOVES: tuple[Move, ...] = ("coordinator", "secretariat", "remind")
AGAIN = timedelta(minutes=10)  # after a follow-up, or the plan of a country, that failed

log = structlog.get_logger("follow-ups")


@dataclass(frozen=True, slots=True)
class Tick:
    """What a tick did: countries planned, messages put into the outbox, follow-ups and plans that failed."""

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
    ) -> None:
        self._services = services
        self._store = store
        self._planning = Replanning(services, store, finders)
        self._known: Planner | None = None
        self._day: date | None = None  # on which everything was planned
        self._resting: dict[str, datetime] = {}  # countries whose plan failed: until when they are left alone

    async def tick(self, now: datetime) -> Tick:
        """Plan what has to be planned anew, and say what is due now."""
        if now.date() != self._day:
            begins = datetime.combine(now.date(), time(), UTC)
            async with self._store.writing() as tx:
                await tx.follow_ups.touch_outdated(begins, begins + timedelta(days=1))
            self._day = now.date()
        async with self._store.looking() as tx:
            stale = await tx.follow_ups.stale()
        if stale or self._known is None:
            await self._refresh()
        countries, unplanned = await self._plan_stale(stale, now)
        said, failed = await self._say_due(now)
        return Tick(countries, said, failed + unplanned)

    async def look(self, country: str, now: datetime) -> None:
        """Plan a country now, whether or not anything happened there."""
        await self._refresh()
        async with self._store.looking() as tx:
            number = dict(await tx.follow_ups.stale()).get(country)
        await self._planning.plan(country, number, self._planner, now)

    async def _refresh(self) -> None:
        """The policy in force, and where there is somebody above who can be told something. Whatever changes either has
        some country planned anew."""
        async with self._store.looking() as tx:
            policy = await policy_in_force(tx)
            self._known = Planner(policy, await _covered(tx, "coordinator"), await _covered(tx, "secretariat"))

    @property
    def _planner(self) -> Planner:
        if self._known is None:
            raise RuntimeError("not before the first tick")
        return self._known

    def foreseen(self, row: FollowUp, person: Person, now: datetime) -> list[Planned]:
        """All that will be said about a matter if nothing is heard, soonest first."""
        return self._planner.foreseen(row, person, now)

    # ---- planning -------------------------------------------------------------------------------------------------
    async def _plan_stale(self, stale: Sequence[tuple[str, int]], now: datetime) -> tuple[int, int]:
        """Plan what is to be planned. What fails holds up neither the others nor what is due. Returns how many
        countries were planned, and how many could not be."""
        done = failed = 0
        for country, number in stale:
            if now < self._resting.get(country, now) <= now + AGAIN:
                continue
            try:
                await self._planning.plan(country, number, self._planner, now)
                done += 1
            except Stale:
                pass
            except StoreProblem:
                raise
            except Exception as error:
                failed += 1
                self._resting[country] = now + AGAIN
                log.error("plan failed", country=country, error=type(error).__name__, at=place(error))
            await asyncio.sleep(0)
        return done, failed

    # ---- saying ---------------------------------------------------------------------------------------------------
    async def _say_due(self, now: datetime) -> tuple[int, int]:
        """Those above first: what they hear of may be due to the person as well, and is one message with the rest."""
        said = failed = 0
        for move in MOVES:
            more = await self._say(move, now)
            said, failed = said + more[0], failed + more[1]
        return said, failed

    async def _say(self, move: Move, now: datetime) -> tuple[int, int]:
        said = failed = 0
        tried: set[int] = set()
        most = PAGE
        while True:
            async with self._store.looking() as tx:
                found = await tx.follow_ups.due(move, now, most)
            rows = [row for row in found if row.id not in tried]
            if not rows and len(found) < most:
                return said, failed
            most = PAGE + len(found) - len(rows)  # some stay due: somebody else was quicker, or it was put off
            for whom, group in _together(rows).items():
                try:
                    said += await (self._remind(int(whom), now) if move == "remind" else self._tell(move, whom, now))
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
        try:
            async with self._store.writing() as tx:
                for row in rows:
                    await tx.follow_ups.change(replace(row, next_at=now + AGAIN))
        except Stale:
            pass

    async def _remind(self, person_id: int, now: datetime) -> int:
        """One message to somebody with all that is due for them. Returns how many messages were put."""
        async with self._store.writing() as tx:
            person = await tx.people.get(person_id)
            if person is None or person.ended_at is not None:
                for row in await tx.follow_ups.of_person(person_id):
                    await replanning.close(tx, row, "left", now)
                return 0
            await tx.hold(f"ledger {person.country}")
            reach = Reach.of(await tx.people.reach(person.id))
            due = await self._due_for(tx, person, reach, now)
            if not due:
                return 0
            count = 1 if reach.reachable else 0
            said = [(_said(row, now, count), task) for row, task in due]
            if reach.reachable:
                until = self._planner.calendars(person)["remind"].open_until(now)
                await reminding.remind(Act(self._services, tx, person, now), said, until)
            for (before, _), (row, _) in zip(due, said, strict=True):
                await replanning.change(tx, self._planner.replanned(before, row, person, reach, now))
                what = "reminded" if reach.reachable else "unreachable"
                await tx.follow_ups.note(before, what, now, to_id=person.id, number=row.reminders)
        return count

    async def _due_for(
        self, tx: Transaction, person: Person, reach: Reach, now: datetime
    ) -> list[tuple[FollowUp, Task]]:
        """What is to be said to somebody now; what has changed since it was planned is planned anew."""
        tasks = {key_of(person.id, task): task for task in reversed(await self._planning.waiting(tx, person, now))}
        due = []
        for row in await tx.follow_ups.of_person(person.id):
            task = tasks.get((person.id, row.kind, row.subject))
            if task is None:
                await replanning.close(tx, row, "done", now)
                continue
            fresh = self._planner.moved(row, about(task), person, reach, now)
            if not _is_due(fresh, "remind", now):
                await replanning.put(tx, row, fresh, now, must=True)
            elif self._planner.is_worth_saying(fresh, person, now):
                due.append((fresh, task))
            else:
                await self._drop(tx, fresh, person, reach, now)
        return due

    async def _drop(self, tx: Transaction, row: FollowUp, person: Person, reach: Reach, now: datetime) -> None:
        """What an outage made too late counts as said, though not as a reminder."""
        await replanning.change(tx, self._planner.replanned(row, _said(row, now), person, reach, now))
        await tx.follow_ups.note(row, "dropped", now)

    async def _tell(self, move: str, country: str, now: datetime) -> int:
        """One message to the coordinator of a country, or to the secretariat, with all that has gone unanswered."""
        async with self._store.writing() as tx:
            await tx.hold(f"ledger {country}")
            told: list[tuple[Told, Reach]] = []
            for row in await tx.follow_ups.of_country(country):
                if _is_due(row, move, now):
                    found = await self._still(tx, row, move, now)
                    told += [found] if found is not None else []
            if not told:
                return 0
            others = await _hearers(tx, move, country)
            until = self._planner.calendar(country if move == "coordinator" else "").open_until(now)
            reached = await reminding.tell(self._services, tx, others, [one for one, _ in told], now, until)
            for one, reach in told:
                await replanning.change(
                    tx, self._planner.replanned(one.row, _told(one.row, move, now), one.person, reach, now)
                )
                what = move if reached else f"no {move}"
                await tx.follow_ups.note(one.row, what, now, to_id=others[0].id if others else None)
        return 1 if reached else 0

    async def _still(self, tx: Transaction, row: FollowUp, move: str, now: datetime) -> tuple[Told, Reach] | None:
        """What still waits there; None: it is done by now, and the row is closed, or it is planned anew."""
        person = await tx.people.get(row.person_id)
        if person is None or person.ended_at is not None:
            await replanning.close(tx, row, "left", now)
            return None
        tasks = {key_of(person.id, task): task for task in reversed(await self._planning.waiting(tx, person, now))}
        task = tasks.get((person.id, row.kind, row.subject))
        if task is None:
            await replanning.close(tx, row, "done", now)
            return None
        reach = Reach.of(await tx.people.reach(person.id))
        fresh = self._planner.moved(row, about(task), person, reach, now)
        if not _is_due(fresh, move, now):
            await replanning.put(tx, row, fresh, now, must=True)
            return None
        return Told(fresh, person, task), reach


def _together(rows: Sequence[FollowUp]) -> dict[str, list[FollowUp]]:
    """What makes one message: all that one person is reminded of; all that one country's coordinator is told."""
    found: dict[str, list[FollowUp]] = {}
    for row in rows:
        found.setdefault(str(row.person_id) if row.move == "remind" else row.country, []).append(row)
    return found


async def _covered(tx: Transaction, role: Role) -> frozenset[str]:
    """The countries for which somebody in this role can be reached."""
    found: set[str] = set()
    for one in await tx.people.of_role(role):
        if one.country not in found and Reach.of(await tx.people.reach(one.id)).reachable:
            found.add(one.country)
    return frozenset(found)


async def _hearers(tx: Transaction, move: str, country: str) -> list[Person]:
    """Who is told of what has gone unanswered in a country."""
    if move == "coordinator":
        return [
            one for one in await tx.people.of_country(country) if one.role == "coordinator" and one.ended_at is None
        ]
    return [one for one in await tx.people.of_role("secretariat") if one.country in ("", country)]


def _said(row: FollowUp, now: datetime, count: int = 0) -> FollowUp:
    """After a reminder, or (`count` 0) a try. What was promised is kept by it; never before the last reaction, which a
    clock that was ahead may have noted."""
    return replace(row, reminders=row.reminders + count, last_at=max(now, row.since), snoozed_until=None)


def _told(row: FollowUp, move: str, now: datetime) -> FollowUp:
    at = max(now, row.since)
    return replace(row, coordinator_at=at) if move == "coordinator" else replace(row, secretariat_at=at)


def _is_due(row: FollowUp, move: str, now: datetime) -> bool:
    return row.move == move and row.next_at is not None and row.next_at <= now
