"""Country dossiers out of the ledger: the course of a country as it stands, and steps that move it on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from db.transaction import Transaction
from flows.country.access import Actor
from flows.country.ledger import EXERCISE, Entry
from flows.country.steps.base import Decision, Fact, Refusal, Step, read, written
from flows.country.steps.course import Course, replay
from flows.country.steps.door import take


@dataclass(frozen=True, slots=True)
class Trace:
    """Where a step came from: the channel's own numbers, kept in the ledger with what follows."""

    channel: str = ""
    update_id: int | None = None
    message_id: str = ""


class Dossiers:
    """The courses of one process. Facts once read are kept; the ledger alone is the truth."""

    def __init__(self) -> None:
        self._known: dict[str, list[tuple[Fact | None, Entry]]] = {}

    async def course(self, tx: Transaction, country: str = EXERCISE) -> Course:
        """The course of a country (ISO 3166-1 alpha-3), or of the exercise as a whole."""
        known = self._known.get(country, [])
        fresh = await tx.ledger.of_chain(country, len(known) or 1)
        if known and (not fresh or fresh[0].hash != known[-1][1].hash or fresh[0].words != known[-1][1].words):
            known, fresh = (
                [],
                await tx.ledger.of_chain(country),
            )  # what was read before was rolled back, or erased since
        elif known:
            fresh = fresh[1:]
        if fresh:
            known = [*known, *((read(entry), entry) for entry in fresh)]
            self._known[country] = known
        return replay(country, known)

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

    def forget(self, country: str) -> None:
        """Read the country's ledger anew next time: words in it were erased."""
        self._known.pop(country, None)
