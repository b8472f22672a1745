"""The clock of the follow-ups: it goes on whatever a tick does, and whatever is done to the clock on the wall."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime, timedelta, tzinfo
from pathlib import Path

import apscheduler.schedulers.base
import pytest

import bot.scheduler
from bot.scheduler import Clock
from db.database import Store
from db.problems import StoreProblem


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    opened = await Store.open(f"sqlite:///{tmp_path}/griot.db")
    yield opened
    await opened.close()


async def test_a_tick_that_fails_is_followed_by_the_next_one(store: Store) -> None:
    enough, ticks = asyncio.Event(), 0

    async def tick() -> None:
        nonlocal ticks
        ticks += 1
        if ticks == 3:
            enough.set()
        raise ValueError

    running = asyncio.create_task(Clock(store, tick, seconds=0.01).run())
    async with asyncio.timeout(10):
        await enough.wait()
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


async def test_a_store_that_cannot_be_used_is_told(store: Store) -> None:
    async def tick() -> None:
        raise StoreProblem("busy")

    with pytest.raises(StoreProblem):
        await asyncio.wait_for(Clock(store, tick, seconds=0.01).run(), 10)


@pytest.mark.filterwarnings("ignore")
async def test_there_are_never_two_ticks_at_once(store: Store) -> None:
    enough, at_once, most, ticks = asyncio.Event(), 0, 0, 0

    async def tick() -> None:
        nonlocal at_once, most, ticks
        at_once, ticks = at_once + 1, ticks + 1
        most = max(most, at_once)
        await asyncio.sleep(0.05)
        at_once -= 1
        if ticks == 4:
            enough.set()

    running = asyncio.create_task(Clock(store, tick, seconds=0.01).run())
    async with asyncio.timeout(10):
        await enough.wait()
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert most == 1


@pytest.mark.parametrize("jump", [timedelta(days=-1), timedelta(days=1), timedelta(days=20_000)])
async def test_it_goes_on_when_the_clock_is_set_back_or_forward(
    store: Store, monkeypatch: pytest.MonkeyPatch, jump: timedelta
) -> None:
    ahead = timedelta()

    class Wall(datetime):
        """A clock on the wall that somebody sets."""

        @classmethod
        def now(cls, tz: tzinfo | None = None) -> Wall:
            return super().now(tz) + ahead

    for module in (apscheduler.schedulers.base, bot.scheduler):
        monkeypatch.setattr(module, "datetime", Wall)
    before, after = asyncio.Event(), asyncio.Event()

    async def tick() -> None:
        (after if ahead else before).set()

    running = asyncio.create_task(Clock(store, tick, seconds=0.05).run())
    async with asyncio.timeout(10):
        await before.wait()
        ahead = jump
        await after.wait()
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


async def test_the_clock_ends_after_what_a_tick_under_way_has_to_end(store: Store) -> None:
    begun, ended = asyncio.Event(), asyncio.Event()

    async def tick() -> None:
        begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            async with store.reading() as tx:  # as a read in a thread that is given back
                await tx.inbox.failures()
            ended.set()

    await store.migrate()
    running = asyncio.create_task(Clock(store, tick).run())
    async with asyncio.timeout(10):
        await begun.wait()
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
    assert ended.is_set()
