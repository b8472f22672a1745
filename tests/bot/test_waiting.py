"""What waits for an event can always be ended."""

from __future__ import annotations

import asyncio

import pytest

from bot.waiting import pause


async def test_a_cancellation_that_comes_with_the_event_is_not_lost() -> None:
    event = asyncio.Event()

    async def work() -> None:
        while True:
            event.clear()
            await pause(event, 60)

    task = asyncio.create_task(work())
    await asyncio.sleep(0)
    event.set()
    await asyncio.sleep(0)  # what waited for the event is done, and has not gone on yet
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asyncio.wait_for(task, 5)


@pytest.mark.parametrize("seconds", [0.01, 0, -1])
async def test_it_ends_with_the_time(seconds: float) -> None:
    await asyncio.wait_for(pause(asyncio.Event(), seconds), 5)


async def test_it_ends_with_the_event() -> None:
    event = asyncio.Event()
    event.set()
    await asyncio.wait_for(pause(event, 60), 5)
