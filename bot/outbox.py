"""Sends what is committed, within limits; blocked, gone and too fast are handled here, once.

Each address has a lane: its messages go one after the other, replies before bulk. Lanes go side by side, those with a
reply first; a part of every limit is kept for replies, and of every so many messages one is bulk, so that nobody who
waits stands behind thousands and thousands are not put off for ever. A message leaves its lane when what became of it
is committed, so a crash may repeat one message of an address and lose none. A message of a broadcast is looked at once
more at the very moment: it may have been stopped, or its hours may be over.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from heapq import heappop, heappush
from math import inf
from random import random
from time import monotonic
from typing import Literal

import structlog

from bot import arrivals
from bot.envelopes import load
from bot.messages import Channel, NotReached, TooFast, Undeliverable, Unreachable
from bot.pace import Pace
from bot.waiting import pause
from db.database import Store
from db.outbox import Due, Outcome
from db.problems import Stale, StoreProblem

_PAGE = 500
_OVERLAP = 100
"""Rows looked at again: on PostgreSQL a lower number may be committed after a higher one."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Telegram's own, by default. `at_once` messages of one address may go in `at_once` seconds (1: one a second)."""

    per_second: int = 30
    at_once: int = 1
    side_by_side: int = 16
    kept_for_replies: float = 0.1  # the part of `per_second` and of `side_by_side` that bulk leaves to replies
    replies_in_a_row: int = 9  # before a message of the bulk that waits has its turn
    first_wait: float = 1.0  # seconds after the first network fault; doubled at each further one
    longest_wait: float = 120.0
    give_up_after: timedelta = timedelta(days=7)
    look_again: float = 2.0  # seconds after which rows that another process committed are found
    gather: float = 0.05  # seconds for which what became of messages is gathered into one commit


@dataclass(slots=True, eq=False)
class _Lane:
    channel: str
    address: str
    pace: Pace
    messages: list[Due] = field(default_factory=list)
    busy: bool = False  # its head is on its way, or not recorded yet
    resting: bool = False  # it has an entry among those that wait for their pace
    faults: int = 0

    def head(self) -> Due:
        return min(self.messages, key=lambda due: (due.priority, due.id))


_Entry = tuple[int, int, _Lane]


@dataclass(frozen=True, slots=True)
class _Refused:
    """The address took nothing more; `began`: when it was asked to."""

    why: Literal["blocked", "gone"]
    began: datetime


class Sender:
    """Sends the outbox of `store` through `channels` (by name) until cancelled.

    `clock` gives seconds that only ever go on, `moment` the time of day, `wait` waits for an event or so many seconds;
    `chance` gives 0 ≤ x < 1 and spreads retries.
    """

    def __init__(
        self,
        store: Store,
        channels: Mapping[str, Channel],
        limits: Limits | None = None,
        *,
        clock: Callable[[], float] = monotonic,
        moment: Callable[[], datetime] = lambda: datetime.now(UTC),
        wait: Callable[[asyncio.Event, float], Awaitable[None]] = pause,
        chance: Callable[[], float] = random,
    ) -> None:
        self._store = store
        self._channels = channels
        self._limits = limits or Limits()
        self._clock = clock
        self._moment = moment
        self._wait = wait
        self._chance = chance
        self._wake = asyncio.Event()
        self._paces = {name: Pace(self._limits.per_second) for name in channels}
        self._lanes: dict[tuple[str, str], _Lane] = {}
        # Heaps by priority and id of lanes with a reply, and of those with bulk alone; entries may be out of date.
        self._replies: list[_Entry] = []
        self._bulk: list[_Entry] = []
        self._in_a_row = 0
        self._resting: list[tuple[float, int, _Lane]] = []  # heap by the moment when the lane's pace lets it go on
        self._known: set[int] = set()
        self._foreign: set[int] = set()  # due on channels that this process does not have
        self._newest = 0
        self._look_at = 0.0
        self._record_at = inf
        self._arrived = True
        store.watch(self._something_arrived)
        self._outcomes: list[tuple[_Lane, Due, Outcome | _Refused | None]] = []  # None: it is not to be sent now
        self._sending: set[asyncio.Task[None]] = set()
        self._log = structlog.get_logger("outbox")

    async def run(self) -> None:
        """Send until cancelled. What is on its way then is finished, and recorded, first."""
        async with self._store.alone("outbox"):
            self._forget()
            try:
                while True:
                    await self._wait(self._wake, await self._step())
            finally:
                if self._sending:
                    await asyncio.wait(self._sending)
                with suppress(StoreProblem):
                    await self._record()

    async def drain(self) -> None:
        """Send until nothing is due any more; messages for later stay."""
        while True:
            pause = await self._step()
            if not self._known:
                return
            await self._wait(self._wake, pause)

    async def _step(self) -> float:
        """Record what was sent, find what is due, start what may go. Returns the seconds until something may change."""
        self._wake.clear()
        try:
            if self._clock() >= self._record_at:
                await self._record()
            if self._arrived or self._clock() >= self._look_at:
                self._arrived = False
                await self._find()
        except StoreProblem as problem:
            self._log.error("store_failed", reason=str(problem))
            self._look_at = self._record_at = self._clock() + self._limits.look_again
            return self._limits.look_again
        return min(self._start(), self._record_at) - self._clock()

    def _something_arrived(self) -> None:
        self._arrived = True
        self._wake.set()

    def _forget(self) -> None:
        """Another process may have sent what this one knew of, while this one was not the one to send."""
        for lane in self._lanes.values():
            lane.messages = [due for held, due, _ in self._outcomes if held is lane]
        self._known = {due.id for _, due, _ in self._outcomes}
        self._look_at = 0.0

    # ---- finding --------------------------------------------------------------------------------------------------
    async def _find(self) -> None:
        """Rows put since the last look; from time to time all rows, for those that fell due or came from elsewhere."""
        now, moment = self._clock(), self._moment()
        everything = now >= self._look_at
        after = max(0, self._newest - _OVERLAP)
        async with self._store.looking() as tx:
            if everything:
                numbers = await tx.outbox.due_ids(moment)
                first = next((one for one in numbers if one not in self._known and one not in self._foreign), after + 1)
                after = first - 1
            while page := await tx.outbox.due(moment, _PAGE, after):
                for due in page:
                    self._add(due)
                after = page[-1].id
                if len(page) < _PAGE:
                    break
                await asyncio.sleep(0)
            if everything:
                next_due = await tx.outbox.next_due(moment)
                self._look_at = now + self._limits.look_again
                if next_due is not None:
                    self._look_at = min(self._look_at, now + (next_due - moment).total_seconds())
        self._newest = max(self._newest, after)

    def _add(self, due: Due) -> None:
        if due.channel not in self._channels:
            self._foreign.add(due.id)
        if due.id in self._known or due.channel not in self._channels:
            return
        self._known.add(due.id)
        lane = self._lanes.get((due.channel, due.address))
        if lane is None:
            pace = Pace(self._limits.at_once, float(self._limits.at_once))
            lane = self._lanes[due.channel, due.address] = _Lane(due.channel, due.address, pace)
        lane.messages.append(due)
        if not lane.busy and not lane.resting:
            self._queue(lane)

    def _queue(self, lane: _Lane) -> None:
        head = lane.head()
        heappush(self._bulk if head.priority else self._replies, (head.priority, head.id, lane))

    def _rest(self, lane: _Lane) -> None:
        lane.resting = True
        heappush(self._resting, (lane.pace.free_at(self._clock()), id(lane), lane))

    # ---- starting -------------------------------------------------------------------------------------------------
    def _start(self) -> float:
        """Start what may go now, the most urgent first. Returns when to look again."""
        now = self._clock()
        while self._resting and self._resting[0][0] <= now:
            lane = heappop(self._resting)[2]
            lane.resting = False
            if lane.pace.free_at(now) > now:
                self._rest(lane)
            elif lane.messages:
                self._queue(lane)
            else:
                del self._lanes[lane.channel, lane.address]
        look_at = min(self._look_at, self._resting[0][0]) if self._resting else self._look_at
        if self._in_a_row >= self._limits.replies_in_a_row:
            look_at = min(look_at, self._go(self._bulk, 0, 1))
        look_at = min(look_at, self._go(self._replies, 0))
        return min(look_at, self._go(self._bulk, self._limits.kept_for_replies))

    def _go(self, ready: list[_Entry], kept: float, most: float = inf) -> float:
        """Start up to `most` of the lanes that are `ready`, leaving the part `kept` of the limits alone.

        Returns when more may start.
        """
        now, look_at = self._clock(), inf
        side_by_side = max(1, round(self._limits.side_by_side * (1 - kept)))
        spare = round(self._limits.per_second * kept)
        put_back = []
        while ready and most and len(self._sending) < side_by_side:
            if ready is self._replies and self._bulk and self._in_a_row >= self._limits.replies_in_a_row:
                break
            entry = heappop(ready)
            lane = entry[2]
            if lane.busy or lane.resting or not lane.messages or lane.head().id != entry[1]:
                continue
            free_at = self._paces[lane.channel].free_at(now, spare)
            if free_at > now:
                put_back.append(entry)
                look_at = min(look_at, free_at)
                if len(self._channels) == 1:
                    break
            else:
                most -= 1
                self._in_a_row = self._in_a_row + 1 if ready is self._replies else 0
                self._send(lane, lane.head())
        for entry in put_back:
            heappush(ready, entry)
        return look_at

    def _send(self, lane: _Lane, due: Due) -> None:
        lane.busy, now = True, self._clock()
        if due.edit and any(one.edit and one.key == due.key and one.id > due.id for one in lane.messages):
            self._ended(lane, due, Outcome(due.id))  # a later edit makes this one needless
            return
        lane.pace.start(now)
        self._paces[lane.channel].start(now)
        task = asyncio.create_task(self._deliver(lane, due))
        self._sending.add(task)
        task.add_done_callback(self._sending.discard)

    async def _deliver(self, lane: _Lane, due: Due) -> None:
        channel = self._channels[lane.channel]
        outcome: Outcome | _Refused | None
        began = self._moment()
        try:
            edits = ""
            if due.batch is not None and not await self._is_still_due(due):
                self._unsent(lane, due)
                return
            if due.edit:
                async with self._store.looking() as tx:
                    edits = await tx.outbox.message_id(lane.channel, lane.address, due.key)
            outcome = Outcome(due.id, await channel.send(lane.address, load(due.prompt), edits))
        except TooFast as error:
            outcome = None
            until = self._clock() + error.retry_after
            (lane.pace if error.address_only else self._paces[lane.channel]).hold(until)
            self._log.warning("too_fast", channel=lane.channel, retry_after=error.retry_after)
        except Unreachable as error:
            outcome = _Refused(error.why, began)
        except Undeliverable as error:
            outcome = Outcome(due.id, dead="undeliverable")
            self._log.error("undeliverable", channel=lane.channel, message=due.id, reason=str(error))
        except NotReached as error:
            outcome = self._not_reached(lane, due, str(error))
        except StoreProblem as problem:  # it is asked again once the store can be used
            outcome = None
            lane.pace.hold(self._clock() + self._limits.look_again)
            self._log.error("store_failed", reason=problem.key)
        except Exception as error:  # a channel that breaks its promise must not stop the others
            outcome = Outcome(due.id, dead=type(error).__name__)
            self._log.exception("channel_failed", channel=lane.channel, message=due.id)
        now = self._clock()
        lane.pace.end(now)
        self._paces[lane.channel].end(now)
        if outcome is None:
            lane.busy = False
            self._rest(lane)
        else:
            self._ended(lane, due, outcome)
        self._wake.set()

    async def _is_still_due(self, due: Due) -> bool:
        async with self._store.looking() as tx:
            return await tx.outbox.still_due(due.id, self._moment())

    def _unsent(self, lane: _Lane, due: Due) -> None:
        """Somebody stopped it, or put it off, after it was found: nothing went out."""
        now = self._clock()
        lane.pace.end(now)
        self._paces[lane.channel].end(now)
        self._ended(lane, due, None)
        self._wake.set()

    def _ended(self, lane: _Lane, due: Due, outcome: Outcome | _Refused | None) -> None:
        self._outcomes.append((lane, due, outcome))
        self._record_at = min(self._record_at, self._clock() + self._limits.gather)

    def _not_reached(self, lane: _Lane, due: Due, reason: str) -> Outcome | None:
        now = self._clock()
        if self._moment() - due.created_at > self._limits.give_up_after:
            self._log.error("given_up", channel=lane.channel, message=due.id, reason=reason)
            return Outcome(due.id, dead="not reached")
        wait = min(self._limits.first_wait * 2.0**lane.faults, self._limits.longest_wait)
        lane.faults = min(lane.faults + 1, 30)
        lane.pace.hold(now + wait * (0.5 + self._chance()))
        self._log.warning("not_reached", channel=lane.channel, message=due.id, reason=reason, faults=lane.faults)
        return None

    # ---- recording ------------------------------------------------------------------------------------------------
    async def _record(self) -> None:
        """Commit what became of messages, all that ended since the last time at once."""
        batch, self._outcomes, self._record_at = self._outcomes, [], inf
        if not batch:
            return
        at, repeated = self._moment(), set[int]()
        try:
            async with self._store.writing() as tx:
                await tx.outbox.done([outcome for _, _, outcome in batch if isinstance(outcome, Outcome)], at)
                for lane, due, outcome in batch:
                    if isinstance(outcome, _Refused):
                        found = await tx.people.at(lane.channel, lane.address)
                        if found is not None and found.status == "reachable" and found.since > outcome.began:
                            repeated.add(due.id)  # they came back while it was on its way
                            continue
                        await tx.people.mark(lane.channel, lane.address, outcome.why, at)
                        await tx.outbox.done([Outcome(due.id, dead=outcome.why)], at)
                        if outcome.why == "blocked":
                            await tx.outbox.hold(lane.channel, lane.address, "blocked")
                        else:
                            await tx.outbox.drop(lane.channel, lane.address, "gone", at)
        except BaseException:
            self._outcomes = batch + self._outcomes
            self._record_at = self._clock()
            raise
        lost = [(lane, due) for lane, due, outcome in batch if isinstance(outcome, _Refused) and due.id not in repeated]
        await self._noticed([lane for lane, _ in lost])
        for lane, due, outcome in batch:
            lane.busy = False
            lane.faults = 0
            forgotten = list(lane.messages) if isinstance(outcome, _Refused) else [due]
            if due.id in repeated:
                forgotten = []
            for one in forgotten:
                lane.messages.remove(one)
                self._known.discard(one.id)
            self._rest(lane)

    async def _noticed(self, lanes: list[_Lane]) -> None:
        """Have it looked at who is to be told of people out of reach; what is missed is found the next day."""
        if not lanes:
            return
        with suppress(Stale, StoreProblem):
            async with self._store.writing() as tx:
                found = [await tx.people.at(lane.channel, lane.address) for lane in lanes]
                await arrivals.noticed(tx, *(one.person for one in found if one is not None and one.person is not None))
