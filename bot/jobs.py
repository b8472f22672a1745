"""Work too slow for a turn (a draft compiled, a picture drawn): asked for in a turn, done beside it, told afterwards.

A job is a row, committed with what asked for it. It is done until it went well: what it leaves behind and its end are
one transaction, so that a crash repeats the work and never its outcome.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

import structlog

from bot.acting import Act, Services
from bot.logs import place
from bot.waiting import pause
from db.database import Store
from db.jobs import Job
from db.problems import Stale, StoreProblem

ATTEMPTS = 4
FIRST_WAIT = timedelta(seconds=5)  # before the second attempt; longer each time
AT_MOST = 8  # jobs read at a time

log = structlog.get_logger("jobs")


class Overtaken(Exception):
    """The job is done already."""


class Desk:
    """What a job works with: `store` to read from, and one `finish` for all that it leaves behind."""

    def __init__(self, services: Services, store: Store, job: Job, now: datetime) -> None:
        self.services = services
        self.store = store
        self.job = job
        self.now = now
        self.finished = False

    @asynccontextmanager
    async def finish(self) -> AsyncIterator[Act]:
        """The transaction that ends the job, as an act of the person it is for: say, take steps, keep files in it.

        Rendering belongs before it. The job is done when the block ends.
        """
        async with self.store.writing() as tx:
            if not await tx.jobs.end(self.job.id, self.now):
                raise Overtaken
            person = await tx.people.get(self.job.person_id) if self.job.person_id is not None else None
            if person is None:
                raise LookupError(f"job {self.job.id} is for nobody")
            yield Act(self.services, tx, person, self.now)
        self.finished = True


Work = Callable[[Desk], Awaitable[None]]


class Worker:
    """Does what waits, one after the other, until cancelled. `works`: by kind of job."""

    def __init__(
        self, services: Services, store: Store, works: Callable[[], Mapping[str, Work]], clock: Callable[[], datetime]
    ) -> None:
        self._services = services
        self._store = store
        self._works = works
        self._clock = clock
        self._wake = asyncio.Event()
        store.watch(self._wake.set)

    async def run(self) -> None:
        """Work until cancelled."""
        async with self._store.alone("jobs"):
            while True:
                self._wake.clear()
                await self.work_off()
                await pause(self._wake, await self._wait())

    async def work_off(self) -> int:
        """Do what can be done now. Returns how many jobs went well."""
        well = 0
        while True:
            async with self._store.looking() as tx:
                jobs = await tx.jobs.waiting(AT_MOST, self._clock())
            if not jobs:
                return well
            for job in jobs:
                well += await self._do(job)

    async def _wait(self) -> float:
        async with self._store.looking() as tx:
            due = await tx.jobs.next_at()
        return 60.0 if due is None else max(0.1, min(60.0, (due - self._clock()).total_seconds()))

    async def _do(self, job: Job) -> bool:
        now = self._clock()
        desk = Desk(self._services, self._store, job, now)
        try:
            work = self._works()[job.kind]
            await work(desk)
            if not desk.finished:
                async with self._store.writing() as tx:
                    await tx.jobs.end(job.id, now)
        except Overtaken:
            return True
        except StoreProblem:
            raise
        except Stale:  # somebody was quicker: it is done again on what is there by then
            await self._again(job, now)
            return False
        except Exception as error:
            log.error("job failed", job=job.id, kind=job.kind, error=type(error).__name__, at=place(error))
            await self._again(job, now)
            return False
        return True

    async def _again(self, job: Job, now: datetime) -> None:
        """Later, or never: then the person hears of it."""
        async with self._store.writing() as tx:
            if job.attempts + 1 < ATTEMPTS:
                await tx.jobs.again(job.id, now + FIRST_WAIT * 4**job.attempts)
                return
            await tx.jobs.end(job.id, now, failed=True)
            person = await tx.people.get(job.person_id) if job.person_id is not None else None
            if person is not None:
                act = Act(self._services, tx, person, now)
                await act.say(act.text("steps.job_failed"))
