"""The clock: calls the follow-ups every so many seconds. The only importer of apscheduler.

What is to be said is rows, so the clock keeps nothing: a tick that was missed is made up for by the next one.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

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
        from apscheduler.triggers.base import BaseTrigger

        class Every(BaseTrigger):  # type: ignore[misc, unused-ignore]
            """So many seconds from now. APScheduler's own counts from the last time, and goes through all that a clock
            set forward by years has left out."""

            def get_next_fire_time(_, _previous: datetime | None, now: datetime) -> datetime:
                return now + timedelta(seconds=self._seconds)

        async with self._store.alone("follow-ups"):
            ended: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            ticking: set[asyncio.Task[Any]] = set()

            async def tick() -> None:
                if (task := asyncio.current_task()) is not None:
                    ticking.add(task)
                    task.add_done_callback(ticking.discard)
                for one in self._ticks:
                    try:
                        await one()
                    except StoreProblem as problem:
                        if not ended.done():
                            ended.set_exception(problem)
                        return
                    except asyncio.CancelledError:  # the process ends: not an error of the job
                        return
                    except Exception as error:
                        log.error("tick failed", error=type(error).__name__, at=place(error))

            scheduler = AsyncIOScheduler(timezone=UTC)
            job = scheduler.add_job(
                tick,
                Every(),
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
                scheduler.shutdown(wait=False)  # cancels a tick under way, which then ends what it reads
                if ticking:
                    await asyncio.wait(ticking)
