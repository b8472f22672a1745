"""What follow-ups cost: `python -m bench.following` prints a table.

- a tick with nothing due, over a thousand and over a million rows planned for later
- ten thousand due at once: how long the event loop stands still at most, and what an official who answers meanwhile
  waits for a turn, beside one who answers while nothing is due
- the same works as jobs of APScheduler in its own SQL store: its look for what is due, and its longest standstill

Everything in one run on one machine, on files that are flushed at each commit.
"""

from __future__ import annotations

import asyncio
import logging
import sqlite3
import statistics
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter

from rich.console import Console
from rich.progress import track

from bench.others import Handle
from bench.tables import Line, shown
from bench.turns import answer, form, message, ours
from bot.acting import Act
from bot.app import App
from bot.follow_ups import FollowUps
from bot.policies import policy_in_force
from bot.steps.capability import Finder, Task
from db.database import Store
from db.follow_ups import NewFollowUp
from flows.country.follow_ups.schedule import Matter

OPEN = datetime(2027, 3, 2, 10, tzinfo=UTC)  # a Tuesday, ten o'clock in Accra
SINCE = OPEN - timedelta(days=30)
PLANNED = (1_000, 1_000_000)
DUE = 10_000
JOBS = (1_000, 10_000)
BATCH = 10_000
TICKS = 30
EVERY = 0.05  # seconds between two answers of the official


async def waits(act: Act) -> Sequence[Task]:
    """One matter for everybody."""
    return [Task("An answer is awaited.", act.button("Open", "tasks"), Matter("acceptance", "1", SINCE))]


def _follow_ups(app: App, finders: Sequence[Finder]) -> FollowUps:
    return FollowUps(app.services, app.store, lambda: finders)


# ---- nothing due --------------------------------------------------------------------------------------------------
async def _idle(folder: Path, rows: int) -> float:
    """Milliseconds of a tick over so many rows for later: the median."""
    async with _app(folder, f"idle-{rows}", 1) as (app, _):
        await _plan(app.store, folder / f"idle-{rows}.db", rows)
        follow_ups = _follow_ups(app, ())
        await follow_ups.tick(OPEN)
        took = []
        for _ in range(TICKS):
            began = perf_counter()
            await follow_ups.tick(OPEN)
            took.append(perf_counter() - began)
        return statistics.median(took) * 1000


async def _plan(store: Store, path: Path, rows: int) -> None:
    """Rows for next year, copied in the file."""
    async with store.writing() as tx:
        person = (await tx.people.of_country("GHA"))[0]
        later = OPEN + timedelta(days=365)
        await tx.follow_ups.open(
            [NewFollowUp("GHA", person.id, "acceptance", "0", SINCE, None, "remind", "first", later)], OPEN
        )
    file = sqlite3.connect(path, isolation_level=None)
    columns = [row[1] for row in file.execute("PRAGMA table_info(follow_ups)")]
    changed = {"id": "NULL", "subject": "CAST(n AS TEXT)"}
    values = ", ".join(changed.get(name, f'"{name}"') for name in columns)
    for first in range(1, rows, BATCH):
        last = min(first + BATCH - 1, rows - 1)
        file.execute(
            "WITH RECURSIVE copy(n) AS (SELECT ? UNION ALL SELECT n + 1 FROM copy WHERE n < ?) "  # noqa: S608
            f"INSERT INTO follow_ups SELECT {values} FROM copy, (SELECT * FROM follow_ups WHERE subject = '0')",
            (first, last),
        )
    file.close()


# ---- thousands due ------------------------------------------------------------------------------------------------
async def _due(folder: Path) -> tuple[float, float, float, float, float]:
    """Seconds for all; messages put; milliseconds: longest standstill, an answer meanwhile (95th of 100), and alone."""
    async with _app(folder, "due", 1) as (app, handle):
        people = await _people(app.store)
        async with app.store.writing() as tx:
            new = [
                NewFollowUp("GHA", person, "acceptance", "1", SINCE, None, "remind", "first", OPEN) for person in people
            ]
            await tx.follow_ups.open(new, SINCE)
        alone = await _answers(handle, 0, 20)
        follow_ups = _follow_ups(app, (waits,))
        async with app.store.looking() as tx:
            await policy_in_force(tx)  # read at a bot's start
        stalls: list[float] = []
        heart = asyncio.create_task(_heart(stalls))
        meanwhile: list[float] = []
        official = asyncio.create_task(_answering(handle, meanwhile))
        began = perf_counter()
        done = await follow_ups.tick(OPEN)
        took = perf_counter() - began
        for task in (heart, official):
            task.cancel()
        assert done.said >= len(people), f"{done.said} of {len(people)}"
        slow = sorted(meanwhile)[int(len(meanwhile) * 0.95)]
        return took, done.said, max(stalls) * 1000, slow * 1000, statistics.median(alone) * 1000


async def _people(store: Store) -> list[int]:
    numbers = []
    for first in range(0, DUE, 500):
        async with store.writing() as tx:
            for number in range(first, first + 500):
                person = await tx.people.add("GHA", "official", None, "en", SINCE)
                await tx.people.meet("telegram", f"p{number}", f"p{number}", "en", SINCE)
                await tx.people.bind("telegram", f"p{number}", person.id)
                numbers.append(person.id)
    return numbers


async def _heart(stalls: list[float]) -> None:
    """How late a timer of a millisecond is: for as long the loop did nothing for anybody else."""
    while True:
        began = perf_counter()
        await asyncio.sleep(0.001)
        stalls.append(perf_counter() - began - 0.001)


async def _answers(handle: Handle, first: int, count: int) -> list[float]:
    took = []
    for number in range(first, first + count):
        began = perf_counter()
        await handle(message(1000 + number, 0, answer(number)))
        took.append(perf_counter() - began)
    return took


async def _answering(handle: Handle, took: list[float]) -> None:
    for number in range(20, 180):
        took += await _answers(handle, number, 1)
        await asyncio.sleep(EVERY)


# ---- APScheduler's own store ----------------------------------------------------------------------------------------
async def _nothing() -> None:
    """What a job of APScheduler calls: it sends nothing and writes nothing."""


async def _stored(folder: Path, jobs: int) -> tuple[float, float]:
    """Milliseconds: a look for what is due where nothing is; the longest standstill when all are due at once."""
    from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
    from apscheduler.schedulers.asyncio import AsyncIOScheduler

    scheduler = AsyncIOScheduler(timezone=UTC)
    store = SQLAlchemyJobStore(url=f"sqlite:///{folder}/jobs-{jobs}.db")
    scheduler.add_jobstore(store)
    scheduler.start(paused=True)
    at = datetime.now(UTC) + timedelta(days=1)
    for number in track(range(jobs), f"APScheduler, {jobs:,} jobs", transient=True):
        scheduler.add_job(_nothing, "date", run_date=at, id=str(number), misfire_grace_time=None)
    began = perf_counter()
    assert store.get_due_jobs(datetime.now(UTC)) == []
    look = (perf_counter() - began) * 1000
    for job in scheduler.get_jobs():
        job.modify(next_run_time=datetime.now(UTC))
    stalls: list[float] = []
    heart = asyncio.create_task(_heart(stalls))
    await asyncio.sleep(0.05)
    scheduler.resume()
    while scheduler.get_jobs():
        await asyncio.sleep(0.05)
    heart.cancel()
    scheduler.shutdown(wait=False)
    return look, max(stalls) * 1000


# ---- all together -------------------------------------------------------------------------------------------------
@asynccontextmanager
async def _app(folder: Path, name: str, officials: int) -> AsyncIterator[tuple[App, Handle]]:
    async with ours(folder, name, officials, form(200)) as found:
        yield found


async def measured() -> Sequence[Line]:
    """The table."""
    logging.disable(logging.INFO)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        few, many = [await _idle(folder, rows) for rows in PLANNED]
        took, said, stall, meanwhile, alone = await _due(folder)
        looks = {jobs: await _stored(folder, jobs) for jobs in JOBS}
    fewer, more = (looks[jobs] for jobs in JOBS)
    return [
        ("what", "here", "compared with", "", "ratio"),
        (
            "a tick, nothing due, 1,000,000 rows planned, ms",
            f"{many:.2f}",
            "1,000 rows",
            f"{few:.2f}",
            _ratio(many, few),
        ),
        (f"{DUE:,} due at once: all said, s", f"{took:.1f}", "a second", f"{said / took:.0f}", ""),
        (
            f"{DUE:,} due at once: the longest standstill, ms",
            f"{stall:.0f}",
            "APScheduler’s own SQL store",
            f"{more[1]:.0f}",
            _ratio(stall, more[1]),
        ),
        (
            "an official’s turn meanwhile, 95 of 100, ms",
            f"{meanwhile:.0f}",
            "the same alone, median",
            f"{alone:.0f}",
            _ratio(meanwhile, alone),
        ),
        (
            f"APScheduler’s look where nothing is due, {JOBS[1]:,} jobs, ms",
            f"{more[0]:.2f}",
            f"{JOBS[0]:,} jobs",
            f"{fewer[0]:.2f}",
            _ratio(more[0], fewer[0]),
        ),
    ]


def _ratio(one: float, other: float) -> str:
    return f"{one / other:.2f}" if other else ""


def lines() -> Sequence[Line]:
    """The table, for `python -m bench`."""
    return asyncio.run(measured())


if __name__ == "__main__":
    Console().print(shown(lines()))
