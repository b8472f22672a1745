"""The clock: calls the follow-ups every so many seconds. The only importer of apscheduler.

What is to be said is rows, so the clock keeps nothing: a tick that was missed is made up for by the next one.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

import structlog

from bot.logs import place
from db.database import Store
from db.problems import StoreProblem

SECONDS = 30

log = structlog.get_logger("scheduler")


class Clock:
    """Calls `ticks`, one after the other, every `seconds` until cancelled; in one process, and never two at once."""

    def __init__(self, store: Store, *ticks: Callable[[], Awaitable[object]], seconds: float = SECONDS) -> None:
        self._store = store
        self._ticks = ticks
        self._seconds = seconds

    async def run(self) -> None:
        """Tick until cancelled; what fails is tried again at the next tick. Raises `StoreProblem` where the store
        cannot be used."""
        from apscheduler.schedulers.asyncio import AsyncIOScheduler

        async with self._store.alone("follow-ups"):
            ended: asyncio.Future[None] = asyncio.get_running_loop().create_future()

            async def tick() -> None:
                for one in self._ticks:
                    try:
                        await one()
                    except StoreProblem as problem:
                        if not ended.done():
                            ended.set_exception(problem)
                        return
                    except Exception as error:
                        log.error("tick failed", error=type(error).__name__, at=place(error))

            scheduler = AsyncIOScheduler(timezone=UTC)
            job = scheduler.add_job(
                tick,
                "interval",
                seconds=self._seconds,
                next_run_time=datetime.now(UTC),
                coalesce=True,
                max_instances=1,
                misfire_grace_time=None,
            )
            scheduler.start()
            try:
                while not ended.done():
                    await asyncio.wait([ended], timeout=self._seconds)
                    # The scheduler goes by the clock on the wall: set back, it would do nothing until then.
                    if job.next_run_time > datetime.now(UTC) + timedelta(seconds=2 * self._seconds):
                        job.modify(next_run_time=datetime.now(UTC))
                ended.result()
            finally:
                scheduler.shutdown(wait=False)
