"""The weekly digest: what moved, what is stuck, what needs a decision; for the secretariat and for coordinators.

When it comes next, and who wants none, is rows. It is put into the outbox in the transaction that plans the next one,
so that of two processes one sends it.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from bot.acting import Act, Services
from bot.logs import place
from bot.messages import Line, Prompt
from bot.policies import policy_in_force
from bot.speaking import styled
from bot.steps.capability import Finder, Task
from db.database import Store
from db.digests import Planned
from db.follow_ups import FollowUp
from db.people import Person
from db.problems import Stale, StoreProblem
from db.transaction import Transaction
from flows import knowledge
from flows.country.dates import interval
from flows.country.follow_ups.calendar import Calendar, NeverOpen
from flows.country.follow_ups.policy import Policy
from flows.country.follow_ups.weekly import next_weekly
from flows.country.ledger import EXERCISE

WEEK = timedelta(days=7)
LONGEST = 3 * WEEK  # what happened longer ago is told by no digest
AGAIN = timedelta(minutes=10)  # after a digest that failed
DECISIONS, STUCK, MOVED = 3, 6, 8  # lines of each part, so that it is one message on a phone
MOVES: Mapping[str, str] = {
    # kind of fact → how it is counted; the most important first
    "publication.made": "published",
    "endorsement.given": "endorsed",
    "draft.made": "drafts",
    "meeting.agreed": "workshops",
    "contribution.accepted": "accepted",
    "contribution.submitted": "submitted",
    "desk.found": "findings",
    "workshop.outcome_recorded": "outcomes",
    "participants.joined": "joined",
    "interest.expressed": "interest",
}

log = structlog.get_logger("digests")
Happened = Mapping[str, Mapping[str, int]]
"""Country → kind of fact → how often."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a digest tells somebody. `moved`: country → how things are counted → number; `silent`: follow-ups that
    somebody above was told of; `unreached`: people nobody reaches, by country; `tasks`: what waits for the reader."""

    begins: datetime
    ends: datetime
    moved: Mapping[str, Mapping[str, int]]
    silent: Sequence[FollowUp]
    people: Mapping[int, Person]
    unreached: Mapping[str, int]
    tasks: Sequence[Task]

    @property
    def is_empty(self) -> bool:
        """Nothing moved and nothing is stuck."""
        return not (self.moved or self.silent or self.unreached)


# ---- what it says -------------------------------------------------------------------------------------------------
async def found(act: Act, since: datetime, finders: Sequence[Finder], happened: Happened | None = None) -> Found:
    """What there is to tell the person of this act. `happened`: since then, where it is known already."""
    if happened is None:
        happened = await act.tx.digests.happened(since, act.now)
    own = act.person.country
    countries = [own] if own else [one for one in await act.tx.ledger.chains() if one != EXERCISE]
    moved = {one: counted for one in countries if (counted := _counted(happened.get(one, {})))}
    rows = [row for one in countries for row in await act.tx.follow_ups.of_country(one)]
    silent = [row for row in rows if row.coordinator_at is not None or row.secretariat_at is not None]
    people = {}
    for row in silent:
        if row.person_id not in people and (person := await act.tx.people.get(row.person_id)) is not None:
            people[row.person_id] = person
    unreached: Counter[str] = Counter()
    for address in await act.tx.people.unreached():
        person = address.person
        if person is not None and person.ended_at is None and person.country in countries:
            unreached[person.country] += 1
    tasks = [task for finder in finders for task in await finder(act)]
    return Found(since, act.now, moved, silent, people, unreached, tasks)


def _counted(kinds: Mapping[str, int]) -> dict[str, int]:
    return {name: kinds[kind] for kind, name in MOVES.items() if kinds.get(kind)}


def digest(act: Act, told: Found, *, off: bool = False) -> Prompt:
    """One message on a phone, the most important first. `off`: the person gets none by itself."""
    days = interval(told.begins.date(), told.ends.date(), act.language)
    lines: list[str | Line] = [Line(act.text("digests.title", dates=days), "title")]
    if told.tasks:
        lines.append(act.text("digests.decisions", len(told.tasks)))
        lines += styled("item", *_some(act, [task.line for task in told.tasks], DECISIONS))
    stuck = _stuck(act, told)
    if stuck:
        lines.append(act.text("digests.stuck"))
        lines += styled("item", *_some(act, stuck, STUCK))
    moved = _moved(act, told)
    if moved:
        lines.append(act.text("digests.moved"))
        lines += styled("item", *_some(act, moved, MOVED))
    if told.is_empty:
        lines.append(act.text("digests.nothing"))
    buttons = [[act.button(act.text("digests.button_tasks"), "tasks")]] if told.tasks else []
    name = "on" if off else "off"
    buttons.append([act.button(act.text(f"digests.button_{name}"), f"digest_{name}")])
    return act.me.prompt(*lines, buttons=buttons)


def _some(act: Act, lines: Sequence[str], most: int) -> list[str]:
    if len(lines) <= most:
        return list(lines)
    return [*lines[: most - 1], act.text("digests.more", len(lines) - most + 1)]


def _stuck(act: Act, told: Found) -> list[str]:
    if act.person.country:
        lines = [
            act.text("digests.silent", who=_called(act, told, row), what=act.text(f"reminders.kind_{row.kind}"))
            for row in told.silent
        ]
        count = told.unreached.get(act.person.country, 0)
        return [*([act.text("digests.unreached", count)] if count else []), *lines]
    silent = Counter(row.country for row in told.silent)
    total = {one: silent[one] + told.unreached.get(one, 0) for one in {*silent, *told.unreached}}
    lines = []
    for code in sorted(total, key=lambda one: (-total[one], one)):
        parts = [act.text("digests.silent_count", silent[code])] if silent[code] else []
        parts += [act.text("digests.unreached_count", told.unreached[code])] if told.unreached.get(code) else []
        lines.append(_of(act, code, parts))
    return lines


def _called(act: Act, told: Found, row: FollowUp) -> str:
    person = told.people.get(row.person_id)
    if person is None:
        return act.text("reminders.somebody")
    return person.label or act.text(f"turns.role_{person.role}")


def _moved(act: Act, told: Found) -> list[str]:
    order = {name: place for place, name in enumerate(MOVES.values())}
    ranked = sorted(told.moved, key=lambda one: (min(order[name] for name in told.moved[one]), one))
    if act.person.country:
        return [act.text(f"digests.moved_{name}", count) for one in ranked for name, count in told.moved[one].items()]
    return [
        _of(act, one, [act.text(f"digests.moved_{name}", count) for name, count in told.moved[one].items()])
        for one in ranked
    ]


def _of(act: Act, code: str, parts: Sequence[str]) -> str:
    return act.text("digests.of_country", country=knowledge.country(code).name(act.language), what=", ".join(parts))


# ---- when it comes ------------------------------------------------------------------------------------------------
def calendar_of(policy: Policy, country: str) -> Calendar:
    """By whose hours somebody gets it."""
    return policy.calendar(country) if country else policy.secretariat_calendar()


async def next_for(tx: Transaction, person: Person, now: datetime) -> datetime:
    """When the next digest of somebody comes who has just turned it on."""
    policy = await policy_in_force(tx)
    return next_weekly(policy.digest, calendar_of(policy, person.country), now)


def _first(policy: Policy, missing: Sequence[tuple[int, str]], now: datetime) -> Iterator[tuple[int, datetime]]:
    for number, country in missing:
        with suppress(NeverOpen):
            yield number, next_weekly(policy.digest, calendar_of(policy, country), now)


class Digests:
    """Sends digests when they are due. `finders`: what waits for whom, as /tasks shows it."""

    def __init__(self, services: Services, store: Store, finders: Callable[[], Sequence[Finder]]) -> None:
        self._services = services
        self._store = store
        self._finders = finders

    async def tick(self, now: datetime) -> int:
        """Plan for those who are new, and send what is due. Returns how many were sent."""
        async with self._store.looking() as tx:
            policy = await policy_in_force(tx)
            missing = await tx.digests.missing()
            due = await tx.digests.due(now)
        if missing:
            times = list(_first(policy, missing, now))
            async with self._store.writing() as tx:
                await tx.digests.plan(times)
        sent = 0
        known: dict[datetime, Happened] = {}
        for one in due:
            try:
                sent += await self._send(one, policy, now, known)
            except Stale:
                pass
            except StoreProblem:
                raise
            except Exception as error:
                log.error("digest failed", error=type(error).__name__, at=place(error))
                async with self._store.writing() as tx:
                    await tx.digests.passed(one, now + AGAIN)
            await asyncio.sleep(0)
        return sent

    async def _send(self, one: Planned, policy: Policy, now: datetime, known: dict[datetime, Happened]) -> bool:
        async with self._store.reading() as tx:
            person = await tx.people.get(one.person_id)
            if person is None or person.ended_at is not None:
                return False
            calendar = calendar_of(policy, person.country)
            planned_day = calendar.local_day(one.next_at)
            next_at = next_weekly(policy.digest, calendar, now, planned_day)
            late = (calendar.local_day(now) - planned_day).days > policy.outage.digest_days
            if not late and not calendar.is_open(now):
                return False
            prompt = None if late else await self._made(tx, person, one, now, known)
        async with self._store.writing() as tx:
            if prompt is None:
                if await tx.digests.passed(one, next_at) and late:
                    await tx.audit.record(
                        now, "dropped digest", "digests", person.id, details={"planned": str(planned_day)}
                    )
                return False
            if not await tx.digests.sent(one, now, next_at):
                return False
            act = Act(self._services, tx, person, now)
            await act.tell([person], lambda _: prompt, dedupe=f"digest {planned_day}")
        return True

    async def _made(
        self, tx: Transaction, person: Person, one: Planned, now: datetime, known: dict[datetime, Happened]
    ) -> Prompt | None:
        """None: there is nothing to tell, or nobody to tell it to."""
        act = Act(self._services, tx, person, now)
        if not any(at.status == "reachable" for at in await tx.people.reach(person.id)):
            return None
        consent = await tx.consents.latest(person.id)
        if consent is None or not consent.given:
            return None
        since = one.last_at if one.last_at is not None and one.last_at > now - LONGEST else now - WEEK
        if since not in known:
            known[since] = await tx.digests.happened(since, now)
        told = await found(act, since, self._finders(), known[since])
        return None if told.is_empty else digest(act, told)
