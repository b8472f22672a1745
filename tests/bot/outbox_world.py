"""A sender at work, with time in the test's hands and a channel that does as it is told."""

from __future__ import annotations

import asyncio
import heapq
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count, pairwise
from pathlib import Path

from bot.envelopes import envelope
from bot.messages import Line, Prompt, Undeliverable
from bot.outbox import Limits, Sender
from db.database import Store
from tests.empty import lay

START = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


class Time:
    """A clock that stands still until nobody can do anything without it, and then goes to the next thing awaited."""

    def __init__(self, committing: Callable[[], bool]) -> None:
        self._committing = committing
        self.now = START.timestamp()
        self.offset = 0.0  # by which the time of day was set
        self._waiting: list[tuple[float, int, asyncio.Future[None]]] = []
        self._numbers = count()

    def clock(self) -> float:
        return self.now

    def moment(self) -> datetime:
        return datetime.fromtimestamp(self.now + self.offset, UTC)

    async def sleep(self, seconds: float) -> None:
        future = asyncio.get_running_loop().create_future()
        heapq.heappush(self._waiting, (self.now + max(seconds, 0), next(self._numbers), future))
        await future

    async def wait(self, event: asyncio.Event, seconds: float) -> None:
        waiting = [asyncio.ensure_future(event.wait()), asyncio.ensure_future(self.sleep(seconds))]
        try:
            await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for one in waiting:
                one.cancel()

    async def go(self, seconds: float) -> None:
        until = self.now + seconds
        while True:
            rounds = 0
            while rounds < 30:
                await asyncio.sleep(0)
                rounds = 0 if self._committing() else rounds + 1
            while self._waiting and self._waiting[0][2].done():
                heapq.heappop(self._waiting)
            if not self._waiting or self._waiting[0][0] > until:
                break
            at, _, future = heapq.heappop(self._waiting)
            self.now = max(self.now, at)
            future.set_result(None)
        self.now = until


class Phone:
    """A channel that takes `latency` seconds a message and answers what it is told to, by address, in order."""

    name = "telegram"

    def __init__(self, time: Time, latency: float = 0.05) -> None:
        self.sent: list[tuple[float, str, str, str]] = []
        self.failures: dict[str, list[Exception]] = {}
        self.under_way = self.most_under_way = 0
        self._time = time
        self._latency = latency
        self.slow: set[str] = set()  # addresses at which a message takes a minute
        self._ids = count(100)

    async def send(self, address: str, prompt: Prompt, edits: str = "") -> str:
        self.under_way += 1
        self.most_under_way = max(self.most_under_way, self.under_way)
        try:
            await self._time.sleep(60 if address in self.slow else self._latency)
            if self.failures.get(address):
                raise self.failures[address].pop(0)
        finally:
            self.under_way -= 1
        self.sent.append((self._time.now - START.timestamp(), address, prompt.lines[0].text, edits))
        return edits or str(next(self._ids))

    async def acknowledge(self, press_id: str, text: str = "") -> None: ...

    async def fetch(self, reference: str) -> bytes:
        raise Undeliverable

    def texts(self, address: str) -> list[str]:
        return [text for _, at, text, _ in self.sent if at == address]


class World:
    """A store, a sender and the phone that it sends to."""

    def __init__(self, store: Store, limits: Limits) -> None:
        self.store = store
        self.time = Time(store._database._lock.locked)  # type: ignore[attr-defined]
        self.phone = Phone(self.time)
        self.limits = limits

    def sender(self) -> Sender:
        return Sender(
            self.store,
            {"telegram": self.phone},
            self.limits,
            clock=self.time.clock,
            moment=self.time.moment,
            wait=self.time.wait,
            chance=lambda: 0.5,
        )

    @asynccontextmanager
    async def sending(self) -> AsyncIterator[None]:
        task = asyncio.create_task(self.sender().run())
        yield
        task.cancel()
        await self.time.go(61)
        with suppress(asyncio.CancelledError):
            await task

    async def put(
        self, address: str, *texts: str, after: float = 0, dedupe: str | None = None, **prompt: object
    ) -> None:
        now = self.time.moment()
        prompts = [replace(Prompt((Line(text),)), **prompt) for text in texts]  # type: ignore[arg-type]
        at = now + timedelta(seconds=after)
        async with self.store.writing() as tx:
            rows = [envelope("telegram", address, one, not_before=at, dedupe=dedupe) for one in prompts]
            await tx.outbox.put(rows, now)

    async def put_many(self, addresses: Sequence[str], text: str, priority: int = 0) -> None:
        """The same text to many, committed at once."""
        prompt = Prompt((Line(text),), priority=priority)
        now = self.time.moment()
        async with self.store.writing() as tx:
            await tx.outbox.put([envelope("telegram", one, prompt, not_before=now) for one in addresses], now)

    async def counts(self) -> dict[str, int]:
        async with self.store.reading() as tx:
            return await tx.outbox.counts()


@asynccontextmanager
async def opened(folder: Path, limits: Limits | None = None) -> AsyncIterator[World]:
    """A world with a store of its own."""
    store = await Store.open(lay(folder / "griot.db"))
    await store.migrate()
    try:
        yield World(store, limits or Limits())
    finally:
        await store.close()


def gaps(times: Sequence[float]) -> list[float]:
    return [round(later - earlier, 3) for earlier, later in pairwise(times)]
