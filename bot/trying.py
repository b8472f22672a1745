"""A transaction that others overtook is done again on what is there by then, until it is applied."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from db.database import Store
from db.problems import Stale
from db.transaction import Transaction

WAITS = (0, 0.02, 0.05, 0.1, 0.2, 0.4, 0.8, 1.5, 3)
"""Seconds before each further attempt: whoever is overtaken ten times in six seconds is told so."""
Pause = Callable[[float], Awaitable[None]]
T = TypeVar("T")


async def until_applied(store: Store, work: Callable[[Transaction], Awaitable[T]], pause: Pause = asyncio.sleep) -> T:
    """What `work` gives in the transaction that was committed. Raises `Stale` where others were quicker every time."""
    for wait in WAITS:
        try:
            async with store.writing() as tx:
                return await work(tx)
        except Stale:
            await pause(wait)
    async with store.writing() as tx:
        return await work(tx)
