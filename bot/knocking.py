"""Whether messages arrive again where somebody blocked the bot: tried now and then, without sending one.

A messenger says when somebody comes back, but only to who listens: what happened while the bot was off for long is
found in this way.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta

import structlog

from bot import arrivals
from bot.messages import NotDelivered, Undeliverable, Unreachable
from bot.policies import policy_in_force
from db.database import Store
from db.people import Address, Status
from db.transaction import Transaction
from flows.country.follow_ups.policy import Policy

MOST = 20  # addresses tried at one tick

Knock = Callable[[str], Awaitable[None]]
"""Raises `NotDelivered` where nothing would arrive at an address."""

log = structlog.get_logger("knocking")


class Knocking:
    """`knocks`: by name of the channel."""

    def __init__(self, store: Store, knocks: Mapping[str, Knock]) -> None:
        self._store = store
        self._knocks = knocks

    async def tick(self, now: datetime) -> int:
        """Try the addresses whose day has come. Returns how many can be reached again."""
        async with self._store.looking() as tx:
            unreached = [one for one in await tx.people.unreached() if one.status == "blocked"]
            if not unreached:
                return 0
            policy = await policy_in_force(tx)
        back = 0
        for one in [one for one in unreached if one.channel in self._knocks and is_due(one, policy, now)][:MOST]:
            try:
                await self._knocks[one.channel](one.address)
            except Unreachable as refusal:
                await self._found(one, refusal.why, now)
            except Undeliverable:
                await self._found(one, "blocked", now)
            except NotDelivered as problem:  # the channel is slow, or out of reach itself: another tick
                log.warning("not tried", channel=one.channel, reason=type(problem).__name__)
                return back
            else:
                await self._found(one, "reachable", now)
                back += 1
        return back

    async def _found(self, address: Address, status: Status, now: datetime) -> None:
        async with self._store.writing() as tx:
            current = await tx.people.at(address.channel, address.address)
            if current is None or current.status != "blocked":
                return
            await tx.people.tried(address.channel, address.address, now)
            if status == "reachable":
                await arrivals.mark(tx, current, False, now)
            elif status == "gone":
                await _is_gone(tx, current, now)


async def _is_gone(tx: Transaction, address: Address, now: datetime) -> None:
    await tx.people.mark(address.channel, address.address, "gone", now)
    await tx.outbox.drop(address.channel, address.address, "gone", now)
    if address.person is not None:
        await arrivals.noticed(tx, address.person)


def is_due(address: Address, policy: Policy, now: datetime) -> bool:
    """Whether a day on which it is to be tried has come since it was tried last; days that passed meanwhile are one."""
    before = address.tried_at or address.since
    days = (address.since + timedelta(days=number) for number in policy.blocked.tried_after)
    return any(before < day <= now for day in days)
