"""Waiting for an event or for time to pass, whichever comes first."""

from __future__ import annotations

import asyncio
from contextlib import suppress


async def pause(event: asyncio.Event, seconds: float) -> None:
    """Wait for the event, or for so many seconds. A cancellation always arrives: `asyncio.wait_for` of Python 3.11
    loses one that comes in the moment in which the event does, and a loop around it then never ends."""
    with suppress(TimeoutError):
        async with asyncio.timeout(max(seconds, 0)):
            await event.wait()
