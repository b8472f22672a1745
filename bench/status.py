"""How long /status takes: `python -m bench.status` prints two tables.

An exercise in its middle (`tests/crowd.py`): 57 countries, 40 entities in each, an interview of the questionnaire's 55
questions for every one of them, 400 entries in the ledger of each country. A call is what a turn does for it, from the
command to the commit with the messages as rows. Medians. The first call in a new process reads every ledger; the bot
does that beforehand, beside its first turns. The growth is measured by turns over stores that differ in one number, so
that other work on the machine falls on all of them alike.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import os
import resource
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter, process_time

from rich.console import Console
from rich.progress import Progress

from bench.tables import Line, shown
from bot.acting import Act, Services
from bot.app import guide_forms
from bot.attachments import Vault
from bot.dossiers import Dossiers
from bot.interviews import Interviews
from bot.messages import CommandIn, Incoming, Sender
from bot.steps import picturing, status
from db.database import Store
from db.people import Person
from flows.country.steps.contributions import AcceptanceWithdrawn
from tests.crowd import Stage, fill

NOW = datetime(2027, 3, 2, 9, tzinfo=UTC)
COLD, WARM = 1500.0, 300.0  # ms: the aims
ROUNDS = 15
STATE = json.dumps({"records": {f"/data/q{number}": ["une réponse " * 20] for number in range(60)}})
"""As long as that of a questionnaire answered to its end: 16 KB."""
SECTIONS = json.dumps(
    {"welcome": [2, 2], "about": [10, 11], "exercise": [1, 1], "information": [25, 56, 0, 2, 0, 1], "cycle": [3, 4],
     "profile": [9, 25, 1], "advice": [2, 9], "closing": [0, 4, 0, 0, 1, 1]}
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Size:
    """Of an exercise: countries, entities in each, entries in the ledger of each."""

    places: int = 57
    entities: int = 40
    entries: int = 400

    def __str__(self) -> str:
        return f"{self.places} × {self.entities}, {self.entries:,} entries"


FULL = Size()
SIZES = (
    Size(places=10), Size(places=30), FULL,
    Size(entities=10), Size(entities=20),
    Size(entries=150), Size(entries=1000),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Took:
    """Milliseconds: by the clock, and of processor time."""

    wall: float
    work: float


Way = Callable[[Act], Awaitable[object]]


class Desk:
    """Somebody of the secretariat at work on one store."""

    def __init__(self, store: Store, person: Person, folder: Path) -> None:
        self.store = store
        self.person = person
        services = (Interviews(guide_forms), Vault(folder / "files"))
        self.services = Services(Dossiers(), *services, link=lambda code: code)

    @classmethod
    async def open(cls, path: Path) -> Desk:
        store = await Store.open(f"sqlite:///{path}")
        async with store.reading() as tx:
            (person,) = await tx.people.of_role("secretariat")
        return cls(store, person, path.parent)

    async def call(self, work: Way) -> Took:
        """One turn."""
        began, worked = perf_counter(), process_time()
        async with self.store.writing() as tx:
            incoming = Incoming(1, Sender("telegram", "1", "1"), CommandIn("status"))
            await work(Act(self.services, tx, self.person, NOW, incoming))
        return Took((perf_counter() - began) * 1000, (process_time() - worked) * 1000)

    def fresh(self) -> None:
        """As in a process that has read nothing yet."""
        self.services = Services(Dossiers(), self.services.interviews, self.services.vault, link=self.services.link)


async def make(folder: Path, size: Size) -> Path:
    """A store of this size."""
    path = folder / f"{size.places}-{size.entities}-{size.entries}.db"
    store = await Store.open(f"sqlite:///{path}")
    await store.migrate()
    form = guide_forms()[0]
    async with store.writing() as tx:
        await tx.people.add("", "secretariat", None, "fr", NOW, "Ama")
    await fill(
        store,
        form_id=form.id,
        now=NOW,
        places=size.places,
        entities=size.entities,
        entries=size.entries,
        stages=(Stage(STATE, SECTIONS),),
    )
    await store.close()
    return path


# ---- what is called -----------------------------------------------------------------------------------------------
async def overview(act: Act) -> None:
    await status.turned(act, ("-",))


async def detail(act: Act) -> None:
    await status.turned(act, ("BFA",))


async def everything(act: Act) -> None:
    """`/status`: what needs the secretariat, in all countries, and then where they stand."""
    await status.status(act, ())


async def after_a_change(act: Act) -> None:
    """The same right after something happened in one country."""
    await act.record(AcceptanceWithdrawn(3), country="BFA")
    await overview(act)


def first_of_a_process(path: Path) -> Took:
    """The first call in a new process."""
    command = [sys.executable, "-m", "bench.status", "--first", str(path)]
    run = subprocess.run(command, check=True, capture_output=True, text=True)
    return Took(*map(float, run.stdout.split()))


def from_the_command_line(path: Path) -> Took:
    """`griot status`, from its start to its end."""
    settings = {**os.environ, "GRIOT_DATABASE_URL": f"sqlite:///{path}"}
    began, worked = perf_counter(), _children()
    subprocess.run([sys.executable, "-m", "bot", "status"], check=True, capture_output=True, env=settings)
    return Took((perf_counter() - began) * 1000, (_children() - worked) * 1000)


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


async def _first(path: Path) -> None:
    desk = await Desk.open(path)
    _ = desk.services.interviews.form  # the bot has loaded it before anybody writes
    took = await desk.call(overview)
    print(took.wall, took.work)
    await desk.store.close()


async def _pictures(desk: Desk) -> Mapping[str, list[Took]]:
    """Every board drawn some times, the first ones first."""
    from bot.documents.heatmap import heatmap

    async with desk.store.reading() as tx:
        act = Act(desk.services, tx, desk.person, NOW)
        boards = {"a country": (await picturing.country_board(act, "BFA"))[1]}
        boards["all countries"] = await picturing.drawable(act, picturing.ALL)
    found: dict[str, list[Took]] = {}
    for what, board in boards.items():
        for _ in range(4):
            began, worked = perf_counter(), process_time()
            await asyncio.to_thread(heatmap, board)
            took = Took((perf_counter() - began) * 1000, (process_time() - worked) * 1000)
            found.setdefault(what, []).append(took)
    return found


def median(taken: Sequence[Took]) -> Took:
    return Took(statistics.median(one.wall for one in taken), statistics.median(one.work for one in taken))


async def measure(path: Path) -> list[Line]:
    """The table for one store."""
    found: list[tuple[str, Took, float]] = [
        ("all countries, first call of a process", median([first_of_a_process(path) for _ in range(5)]), COLD),
        ("`griot status`, from start to end", median([from_the_command_line(path) for _ in range(5)]), 0),
    ]
    desk = await Desk.open(path)
    ways: dict[str, Way] = {
        "all countries, later": overview,
        "all countries, after something happened in one": after_a_change,
        "what needs the secretariat, and all countries": everything,
        "a country": detail,
    }
    for what, way in ways.items():
        await desk.call(way)
        found.append((what, median([await desk.call(way) for _ in range(ROUNDS)]), WARM))
    for what, taken in (await _pictures(desk)).items():
        found.append((f"picture of {what}, first of a process (job)", taken[0], 0))
        found.append((f"picture of {what}, later (job)", median(taken[1:]), 0))
    await desk.store.close()
    table: list[Line] = [("", "wall, ms", "processor, ms", "aim, ms")]
    for what, took, aim in found:
        table.append((what, f"{took.wall:.0f}", f"{took.work:.0f}", f"{aim:.0f}" if aim else ""))
    return table


def lines(size: Size = FULL) -> list[Line]:
    """The table, in milliseconds."""
    with tempfile.TemporaryDirectory() as name:
        return asyncio.run(_lines(Path(name), size))


async def _lines(folder: Path, size: Size) -> list[Line]:
    return await measure(await make(folder, size))


async def grow(sizes: Sequence[Size], rounds: int) -> Mapping[Size, tuple[float, float, float]]:
    """Milliseconds of processor time by size: the first call, a later one, a country."""
    with tempfile.TemporaryDirectory() as name, Progress(transient=True) as tell:
        task = tell.add_task("stores", total=len(sizes))
        desks = {}
        for size in sizes:
            desks[size] = await Desk.open(await make(Path(name), size))
            tell.advance(task)
        taken: dict[Size, list[tuple[float, float, float]]] = {size: [] for size in sizes}
        task = tell.add_task("calls", total=rounds)
        for _ in range(rounds):
            for size, desk in desks.items():
                desk.fresh()
                took = [(await desk.call(way)).work for way in (overview, overview, detail)]
                taken[size].append((took[0], took[1], took[2]))
            tell.advance(task)
        for desk in desks.values():
            await desk.store.close()
    return {size: _medians(times) for size, times in taken.items()}


def _medians(times: Sequence[tuple[float, float, float]]) -> tuple[float, float, float]:
    first, later, country = (statistics.median(column) for column in zip(*times, strict=True))
    return first, later, country


def growth(sizes: Sequence[Size] = SIZES, rounds: int = 5) -> list[Line]:
    """The table: processor time, and how many times that of the whole exercise."""
    found = asyncio.run(grow(sizes, rounds))
    whole = found[FULL]
    table: list[Line] = [
        ("countries × entities", "first, ms", "of the whole", "later, ms", "of the whole", "a country, ms")
    ]
    for size, (first, later, country) in found.items():
        ratios = (f"{first:.0f}", f"{first / whole[0]:.2f}", f"{later:.0f}", f"{later / whole[1]:.2f}")
        table.append((str(size), *ratios, f"{country:.1f}"))
    return table


def main() -> None:
    """Print the tables."""
    arguments = argparse.ArgumentParser(description="How long /status takes.")
    arguments.add_argument("--first", type=Path, help=argparse.SUPPRESS)
    given = arguments.parse_args()
    logging.disable(logging.CRITICAL)
    if given.first is not None:
        asyncio.run(_first(given.first))
        return
    console = Console()
    console.print(shown(lines()))
    console.print(shown(growth()))


if __name__ == "__main__":
    main()
