"""Messages to a group on their way: how they look, the rows they become, and what happens when their hours are over."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot import groups, reception, reminding
from bot.acting import Services
from bot.asides import BROADCAST
from bot.envelopes import envelope
from bot.jobs import Desk
from bot.messages import LAST, Line, Prompt
from bot.policies import policy_in_force
from bot.speaking import Speaker
from db.database import Store
from db.outbox import Message, Overdue
from db.people import Person
from db.transaction import Transaction
from flows import knowledge
from flows.country.follow_ups.calendar import Calendar
from flows.country.follow_ups.pacing import Pacer, Slot
from flows.country.follow_ups.policy import Policy
from flows.country.steps.broadcasts import Broadcast, BroadcastPut

PAGE = 200  # rows written in one transaction
TOO_LATE = "too late"
STOPPED = "stopped"
UNWILLING = "no consent"  # taken back meanwhile
BLOCKED = ("blocked", "gone")


@dataclass(frozen=True, slots=True)
class Letter:
    """What is written, by whom. `texts`: by language; `role`, `country`, `name`: of who writes; `contact`: whom people
    can turn to, as configured."""

    texts: Mapping[str, str]
    role: str
    country: str
    name: str
    contact: str

    def to(self, person: Person) -> Prompt:
        """As somebody sees it: in their language, or as it is there, and then that is said."""
        me = Speaker(person)
        language = groups.reads(person)
        written = language if self.texts.get(language) else next(iter(self.texts))
        lines = [Line(self._from(me), "title")]
        if written != language:
            lines.append(Line(me.text(f"broadcasts.only_{written}"), "hint"))
        lines += [Line(self.texts[written]), Line(self._turn_to(me), "hint")]
        return me.prompt(*lines, priority=LAST)

    def _from(self, me: Speaker) -> str:
        if self.role == "coordinator":
            return me.text("broadcasts.from_coordinator", of=knowledge.country(self.country).forms(me.language).of)
        return me.text("broadcasts.from_secretariat")

    def _turn_to(self, me: Speaker) -> str:
        whom = " · ".join(filter(None, (self.name if self.role == "coordinator" else "", self.contact)))
        return me.text("broadcasts.not_here", contact=reception.contact(me.language, whom))


def batch_of(chain: str, number: int) -> str:
    """By which its messages are known in the outbox."""
    return f"{BROADCAST}{chain or '-'} {number}"


async def letter(services: Services, tx: Transaction, chain: str, one: Broadcast) -> Letter:
    """A message as it was sent."""
    author = await tx.people.get(one.by) if one.by is not None else None
    return Letter(one.texts, one.role, chain, author.label if author is not None else "", services.contact)


# ---- putting ------------------------------------------------------------------------------------------------------
async def put(desk: Desk) -> None:
    """Make the messages: one for each person, at a time of its own. Repeated, it makes only those that are missing."""
    chain, number = str(desk.job.payload["chain"]), int(desk.job.payload["number"])
    batch = batch_of(chain, number)
    async with desk.store.reading() as tx:
        one = await _going(desk.services, tx, chain, number)
        if one is None or one.put is not None:
            return
        policy = await policy_in_force(tx)
        said = await letter(desk.services, tx, chain, one)
        found = await groups.of_group(desk.services, tx, chain, one.group, one.entity_id, one.by)
        known = await tx.outbox.addresses_of(batch)
    late = 0
    pacer = Pacer(policy.broadcasts.per_minute, desk.now)
    missing = [to for to in found.people if (to.channel, to.address) not in known]
    for page in _pages(missing):
        rows = []
        for to in page:
            slot = _slot(pacer, policy, to.person.country, one.at)
            if slot is None:
                late += 1
            else:
                rows.append(_message(to, said, batch, slot))
        async with desk.store.writing() as tx:
            if await _going(desk.services, tx, chain, number) is None:
                return
            await tx.outbox.put(rows, desk.now)
        await asyncio.sleep(0)
    left_out: dict[str, int] = {**found.left_out}
    if late:
        left_out["late"] = late
    async with desk.finish() as act:
        if await _going(desk.services, act.tx, chain, number) is not None:
            people = len(known) + len(missing) - late
            await act.record(BroadcastPut(number, people, left_out), country=chain)


async def _going(services: Services, tx: Transaction, chain: str, number: int) -> Broadcast | None:
    """The message, as long as nobody has stopped it."""
    one = (await services.dossiers.course(tx, chain)).broadcasts.get(number)
    return one if one is not None and one.stopped_at is None else None


def _message(to: groups.To, said: Letter, batch: str, slot: Slot) -> Message:
    # The key tells a reply that quotes this message from an answer to a question.
    prompt = replace(said.to(to.person), key=f"{batch}.")
    row = envelope(to.channel, to.address, prompt, not_before=slot.begins, dedupe=batch)
    return replace(row, batch=batch, not_after=slot.ends)


def _slot(pacer: Pacer, policy: Policy, country: str, written: datetime) -> Slot | None:
    return pacer.slot(country, _calendar(policy, country), written, policy.broadcasts.valid_days)


def _calendar(policy: Policy, country: str) -> Calendar:
    return policy.calendar(country) if country else policy.secretariat_calendar()


def _pages(found: Sequence[groups.To]) -> Iterator[Sequence[groups.To]]:
    for first in range(0, len(found), PAGE):
        yield found[first : first + PAGE]


# ---- while it is under way ----------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Progress:
    """How many messages have gone out, wait, and are not delivered, the last by reason."""

    sent: int
    waiting: int
    failed: Mapping[str, int]


async def progress(tx: Transaction, chain: str, number: int) -> Progress:
    """How far a message to a group is."""
    sent = waiting = 0
    failed: dict[str, int] = {}
    for (state, reason), count in (await tx.outbox.counts_of(batch_of(chain, number))).items():
        if state == "sent":
            sent += count
        elif state == "waiting":
            waiting += count
        else:
            why = _WHY.get(reason, "failed")
            failed[why] = failed.get(why, 0) + count
    return Progress(sent, waiting, failed)


_WHY = {
    **dict.fromkeys(BLOCKED, "unreachable"),
    STOPPED: "stopped",
    TOO_LATE: "late",
    "ended": "ended",
    UNWILLING: "unwilling",
}


class Broadcasts:
    """What the clock does for messages to groups: those whose hours are over before they went out are planned for the
    next ones, or given up where they would come too late."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def tick(self, now: datetime) -> int:
        """Plan anew what has missed its hours. Returns how many messages that were."""
        async with self._store.looking() as tx:
            if not await tx.outbox.overdue(now, 1):
                return 0
            policy = await policy_in_force(tx)
        pacer, moved = Pacer(policy.broadcasts.per_minute, now), 0
        while True:
            async with self._store.writing() as tx:
                rows = await tx.outbox.overdue(now, PAGE)
                for row in rows:
                    await self._plan(tx, row, pacer, policy, now)
            moved += len(rows)
            if len(rows) < PAGE:
                return moved
            await asyncio.sleep(0)

    async def _plan(self, tx: Transaction, row: Overdue, pacer: Pacer, policy: Policy, now: datetime) -> None:
        at = await tx.people.at(row.channel, row.address)
        if at is None or at.person is None:
            await tx.outbox.give_up([row.id], "ended", now)
            return
        # Word to somebody above is said however late; what goes to many, and reminders, are of their day.
        slot = _slot(pacer, policy, at.person.country, row.created_at if row.batch is not None else now)
        if slot is None:
            await tx.outbox.give_up([row.id], TOO_LATE, now)
            if row.batch is not None:
                await reminding.unsent(tx, row.batch, now)
        else:
            await tx.outbox.reschedule([(row.id, slot.begins, slot.ends)])
