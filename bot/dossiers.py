"""Country dossiers out of the ledger: the course of a country as it stands, and steps that move it on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from db.database import Store
from db.transaction import Transaction
from flows.country.access import Actor
from flows.country.ledger import EXERCISE, Entry
from flows.country.steps.base import Decision, Fact, Refusal, Step, When, written
from flows.country.steps.course import Course, happened, replay
from flows.country.steps.door import take
from flows.country.steps.rights import ERASING


@dataclass(frozen=True, slots=True)
class Trace:
    """Where a step came from: the channel's own numbers, kept in the ledger with what follows."""

    channel: str = ""
    update_id: int | None = None
    message_id: str = ""


@dataclass(frozen=True, slots=True)
class _Known:
    """A chain as it was read last, and what it amounts to."""

    facts: list[tuple[Fact | None, When]]
    newest: Entry
    course: Course


class Dossiers:
    """The courses of one process. Facts once read are kept, and a course until a new fact changes it; the ledger alone
    is the truth."""

    def __init__(self) -> None:
        self._known: dict[str, _Known] = {}

    async def course(self, tx: Transaction, country: str = EXERCISE) -> Course:
        """The course of a country (ISO 3166-1 alpha-3), or of the exercise as a whole. Shared: never change it."""
        known = self._known.get(country)
        fresh = await tx.ledger.of_chain(country, known.newest.number if known else 1)
        if known is not None:
            newest = known.newest
            if fresh and fresh[0].hash == newest.hash and fresh[0].words == newest.words:
                if len(fresh) == 1:
                    return known.course
                if not any(one.kind in ERASING for one in fresh[1:]):
                    return self._keep(country, known.facts, fresh[1:])
            fresh = await tx.ledger.of_chain(country)  # what was read before was rolled back, or erased since
        return self._keep(country, [], fresh)

    async def courses(self, tx: Transaction) -> dict[str, Course]:
        """The courses of all countries that have any, and of the exercise as a whole, by chain."""
        found: dict[str, Course] = {}
        for chain, (number, hash) in (await tx.ledger.heads()).items():
            known = self._known.get(chain)
            same = known is not None and (known.newest.number, known.newest.hash) == (number, hash)
            found[chain] = known.course if known is not None and same else await self.course(tx, chain)
        return found

    async def warm(self, store: Store) -> None:
        """Read everything beforehand, one chain after the other, so that nobody has to wait for it."""
        async with store.reading() as tx:
            chains = await tx.ledger.chains()
        for chain in chains:
            async with store.reading() as tx:
                await self.course(tx, chain)

    def _keep(self, country: str, known: list[tuple[Fact | None, When]], fresh: Sequence[Entry]) -> Course:
        facts = [*known, *map(happened, fresh)]
        course = replay(country, facts)
        if fresh:
            self._known[country] = _Known(facts, fresh[-1], course)
        return course

    async def take(
        self, tx: Transaction, country: str, actor: Actor, step: Step, now: datetime, trace: Trace | None = None
    ) -> Decision:
        """Take a step, and append what follows to the ledger. A refusal leaves nothing behind.

        Of two who want to move the same country at once, the second decides on what the first has left.
        """
        await tx.hold(f"ledger {country}")
        decision = take(await self.course(tx, country), actor, step, now)
        if not isinstance(decision, Refusal) and decision:
            await self.record(tx, country, actor, decision, now, trace)
        return decision

    async def record(
        self,
        tx: Transaction,
        country: str,
        actor: Actor,
        facts: Sequence[Fact],
        now: datetime,
        trace: Trace | None = None,
    ) -> None:
        """Append facts that no step decides on: what the bot itself noticed."""
        trace = trace or Trace()
        await tx.ledger.append(
            country,
            [written(fact) for fact in facts],
            at=now,
            actor_id=actor.person_id,
            role=actor.role,
            channel=trace.channel,
            update_id=trace.update_id,
            message_id=trace.message_id,
        )
        await tx.follow_ups.touch(country)

    def forget(self, country: str) -> None:
        """Read the country's ledger anew next time: words in it were erased."""
        self._known.pop(country, None)
