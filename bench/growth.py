"""Whether a turn costs more when a million answers are stored: `python -m bench.growth [--answers 1000 100000 …]`.

Each size has a store of its own, filled by copying one official's whole interview (its inbox, answers, and messages
sent) as often as it takes. Then officials answer in all stores by turns, so that other work on the machine falls on all
of them alike; a first question of everybody, not counted, warms the caches. Medians of single turns.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import shutil
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from pathlib import Path

from rich.console import Console
from rich.progress import Progress, track

from bench.others import Handle
from bench.tables import Line, shown
from bench.turns import answer, form, message, ours

SIZES = (1_000, 100_000, 1_000_000)
QUESTIONS = 200
COPIED = {  # table → its columns that are another person's in a copy, as SQL; `n` counts the copies
    "people": {"id": "id + n"},
    "interviews": {"id": "id + n", "person_id": "person_id + n"},
    "addresses": {"address": "address || '-' || n", "person_id": "person_id + n", "interview_id": "interview_id + n"},
    "inbox": {"update_id": "update_id + n * 1000000"},
    "answers": {"id": "NULL", "interview_id": "interview_id + n", "author_id": "author_id + n"},
    "outbox": {"id": "NULL", "address": "address || '-' || n"},
}
BATCH = 250  # copies a transaction


def multiply(path: Path, copies: int, tell: Progress) -> None:
    """Copy all that is in the store at `path` so many times."""
    store = sqlite3.connect(path, isolation_level=None)
    store.execute("PRAGMA synchronous = OFF")
    for table in COPIED:
        store.execute(f"CREATE TEMP TABLE one_{table} AS SELECT * FROM {table}")  # noqa: S608 - names from this module
    task = tell.add_task(f"{copies * QUESTIONS:,} answers", total=copies)
    for first in range(1, copies + 1, BATCH):
        last = min(first + BATCH - 1, copies)
        store.execute("BEGIN")
        for table, changed in COPIED.items():
            columns = [row[1] for row in store.execute(f"PRAGMA table_info({table})")]
            values = ", ".join(changed.get(name, f'"{name}"') for name in columns)
            store.execute(
                "WITH RECURSIVE copy(n) AS (SELECT ? UNION ALL SELECT n + 1 FROM copy WHERE n < ?) "  # noqa: S608
                f"INSERT INTO {table} SELECT {values} FROM copy, one_{table}",
                (first, last),
            )
        store.execute("COMMIT")
        tell.update(task, completed=last)
    store.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    store.close()


async def _pattern(folder: Path) -> Path:
    """A store with one official who went through everything."""
    async with ours(folder, "pattern", 1, form(QUESTIONS), gather=0.0) as (app, handle):
        for question in range(QUESTIONS):
            await handle(message(500_000 + question, 0, answer(question)))
        await app.sender.drain()
    return folder / "pattern.db"


async def measure(sizes: Sequence[int], officials: int, questions: int) -> dict[int, list[tuple[float, float]]]:
    """Wall and processor seconds of each turn, by how many answers were stored before."""
    the_form = form(QUESTIONS)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with Progress(transient=True) as tell:
            pattern = await _pattern(folder)
            for size in sizes:
                shutil.copy(pattern, folder / f"{size}.db")
                await asyncio.to_thread(multiply, folder / f"{size}.db", size // QUESTIONS - 1, tell)
        async with AsyncExitStack() as stack:
            stores: dict[int, Handle] = {}
            for size in sizes:
                opened = ours(folder, str(size), officials, the_form, first=1_000)
                _, stores[size] = await stack.enter_async_context(opened)
            found: dict[int, list[tuple[float, float]]] = {size: [] for size in sizes}
            for question in track(range(questions), "growth", transient=True):
                for official in range(officials):
                    raw = message(100_000 + question * officials + official, 1_000 + official, answer(question))
                    for size, handle in stores.items():
                        began, worked = time.perf_counter(), time.process_time()
                        await handle(raw)
                        taken = time.perf_counter() - began, time.process_time() - worked
                        if question:
                            found[size].append(taken)
        for size in sizes:
            with sqlite3.connect(folder / f"{size}.db") as store:
                (stored,) = store.execute("SELECT count(*) FROM answers").fetchone()
            store.close()
            assert stored == size + officials * questions, "an answer is missing"
    return found


def lines(sizes: Sequence[int] = SIZES, officials: int = 20, questions: int = 16) -> list[Line]:
    """The table: medians, and how many times the smallest store's."""
    found = asyncio.run(measure(sizes, officials, questions))
    medians = {size: [statistics.median(part) for part in zip(*turns, strict=True)] for size, turns in found.items()}
    least = medians[min(sizes)]
    table: list[Line] = [("answers stored", "wall, ms a turn", "processor, ms", "of the smallest, wall", "processor")]
    for size, (wall, work) in medians.items():
        ratios = (f"{wall / least[0]:.2f}", f"{work / least[1]:.2f}")
        table.append((f"{size:,}", f"{wall * 1000:.2f}", f"{work * 1000:.2f}", *ratios))
    return table


def main() -> None:
    """Print the table."""
    arguments = argparse.ArgumentParser(description="Whether a turn costs more as the store grows.")
    arguments.add_argument("--answers", type=int, nargs="+", default=list(SIZES))
    given = arguments.parse_args()
    logging.disable(logging.CRITICAL)
    Console().print(shown(lines(given.answers)))


if __name__ == "__main__":
    main()
