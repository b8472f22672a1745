"""One guide in every format, and the guides of all countries at once: `python -m bench.guides` prints two tables.

Every country's entities have answered the whole questionnaire, each country in words of its own, because Typst keeps
what it has laid out. Every figure comes from a process of its own (`bench/apart.py`).
"""

from __future__ import annotations

import argparse
import gc
import json
import multiprocessing
import os
import pickle
import resource
import sys
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter, process_time, sleep

from rich.console import Console

from bench.apart import peak, run
from bench.tables import Line, shown
from bot.documents import render
from bot.documents.provenance import Provenance
from bot.guides import sources_xlsx
from flows import knowledge
from flows.country.contribution import Contribution, Entity
from flows.country.dossier import Dossier
from flows.country.draft import compile_guide
from flows.country.guide import Guide
from flows.country.guide_json import dump
from flows.country.merging import merge
from tests.flows.country.test_exercise import ROLES, contribute

NOW = datetime(2027, 3, 1, 12, tzinfo=UTC)
COUNTRIES, ENTITIES = 57, 12
ROUNDS = 3
CORES = os.cpu_count() or 1


@dataclass(frozen=True, slots=True)
class Case:
    """A country's draft, and the dossier that it was compiled from."""

    guide: Guide
    dossier: Dossier


def _json(case: Case) -> bytes:
    return json.dumps(dump(case.guide), ensure_ascii=False, sort_keys=True).encode()


FORMATS: Mapping[str, Callable[[Case], bytes]] = {
    "DOCX": lambda case: render(case.guide, "docx"),
    "DOCX with provenance": lambda case: render(case.guide, "docx", Provenance(case.guide, case.dossier)),
    "PDF": lambda case: render(case.guide, "pdf"),
    "HTML": lambda case: render(case.guide, "html"),
    "XLSX": lambda case: sources_xlsx(case.dossier, knowledge.country(case.dossier.country), case.guide),
    "JSON": _json,
}
KEPT = ("DOCX with provenance", "PDF", "HTML", "XLSX", "JSON")
"""What the program makes of every draft (`bot/editions.py`)."""


def cases(countries: int, entities: int = ENTITIES) -> list[Case]:
    """The drafts of so many countries."""
    kinds = [entity.kind for _, entity in ROLES]
    said = [
        contribute(
            "official" if number else "coordinator", Entity(f"Entité {number} (exemple)", f"E{number}", kind), number
        )
        for number, kind in zip(range(entities), kinds * entities, strict=False)
    ]
    return [_case(one.code, said) for one in knowledge.countries()[:countries]]


def _case(code: str, said: Sequence[Contribution]) -> Case:
    dossier = merge(code, [_of(code, one) for one in said])
    return Case(compile_guide(dossier, knowledge.country(code), "fr", NOW), dossier)


def _of(code: str, said: Contribution) -> Contribution:
    """What somebody said, said in another country."""
    answers = tuple(
        replace(one, value=f"{one.value} ({code})") if one.value.startswith("Réponse") else one  # type: ignore[type-var]
        for one in said.answers
    )
    return replace(said, country=code, entity=replace(said.entity, name=f"{said.entity.name}, {code}"), answers=answers)


def keep(made: Sequence[Case], path: Path) -> None:
    """Put the cases into a file, for other processes."""
    path.write_bytes(pickle.dumps([(case.guide, case.dossier) for case in made]))


def kept(path: Path) -> list[Case]:
    """The cases that `keep` put into a file."""
    return [Case(*each) for each in pickle.loads(path.read_bytes())]  # noqa: S301 - our own, of a minute ago


# ---- one guide ----------------------------------------------------------------------------------------------------
def one(path: Path, name: str) -> str:
    """In this process: bytes of a guide in a format, milliseconds for the first, for another after it, and for which
    others have to wait while a third is made in a thread; MiB."""
    first, second, third = kept(path)[:3]
    gc.freeze()  # as the bot does with what it has loaded
    make = FORMATS.get(name, lambda case: b"")
    taken = []
    for case in (first, second):
        began = perf_counter()
        made = make(case)
        taken.append((perf_counter() - began) * 1000)
    return json.dumps([len(made), *taken, _standstill(lambda: make(third)), peak()])


def _standstill(work: Callable[[], object]) -> float:
    """The longest that a thread which only looks at the clock could not do so beside `work`, in milliseconds."""
    with ThreadPoolExecutor(1) as pool:
        longest, last, done = 0.0, perf_counter(), pool.submit(work)
        while not done.done():
            sleep(0.001)
            now = perf_counter()
            longest, last = max(longest, now - last), now
    return longest * 1000


def lines() -> list[Line]:
    """A guide in each format."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "cases"
        keep(cases(3), path)
        found = {name: _rounds(path, name) for name in ("", *FORMATS)}
    *_, nothing = found.pop("")
    plain = found["DOCX"][2]
    head: Line = (
        "a guide",
        "kB",
        "first of a process, ms",
        "later, ms",
        "of DOCX",
        "others wait, ms",
        "peak, MiB",
        "of it for this",
    )
    return [
        head,
        *(
            (name, f"{size / 1000:.0f}", f"{first:.0f}", f"{then:.0f}", f"{then / plain:.2f}", f"{wait:.0f}",
             f"{most:.0f}", f"{most - nothing:.0f}")
            for name, (size, first, then, wait, most) in found.items()
        ),
    ]  # fmt: skip


def _rounds(path: Path, name: str) -> tuple[float, ...]:
    """Bytes, and the least of everything: other work only adds to it."""
    code = f"one(Path({str(path)!r}), {name!r})"
    taken = [json.loads(_called(code)) for _ in range(ROUNDS)]
    return tuple(map(min, zip(*taken, strict=True)))


def _called(code: str) -> str:
    """What a function of this module gives in a process of its own."""
    return run(
        [sys.executable, "-c", f"from pathlib import Path; from bench.guides import all_of, one; print({code})"]
    ).printed


# ---- all guides ---------------------------------------------------------------------------------------------------
def every(case: Case, formats: Iterable[str] = KEPT) -> tuple[dict[str, bytes], int, float]:
    """A guide's files; which process made them, and the most memory it has held so far."""
    return {name: FORMATS[name](case) for name in formats}, os.getpid(), peak()


def _pdf(case: Case) -> tuple[dict[str, bytes], int, float]:
    return every(case, ("PDF",))


@dataclass(frozen=True, slots=True)
class Way:
    """How guides are made: by how many `workers`, threads or processes; PDF alone, or all formats; of the `first`
    countries, or of all."""

    name: str
    workers: int = 1
    processes: bool = False
    pdf: bool = False
    first: int | None = None


WAYS = (
    Way("one thread, as the bot’s jobs", first=10),
    Way(f"{CORES} threads", CORES),
    Way(f"{CORES} processes", CORES, processes=True),
    Way("PDF alone: one thread", pdf=True, first=10),
    Way(f"PDF alone: {CORES} threads", CORES, pdf=True, first=10),
)


def all_of(path: Path, place: int) -> str:
    """In this process: how many guides, seconds by the clock and of the processors, and MiB of all processes together,
    each at its most."""
    way = WAYS[place]
    given = kept(path)[: way.first]
    make = _pdf if way.pdf else every
    began, worked = perf_counter(), process_time()
    most: dict[int, float] = {}
    if way.workers == 1:
        made = map(make, given)
    elif way.processes:
        pool = ProcessPoolExecutor(way.workers, multiprocessing.get_context("spawn"))  # `fork` is not for threads
        made = pool.map(make, given)
    else:
        made = ThreadPoolExecutor(way.workers).map(make, given)
    for files, process, held in made:
        assert all(files.values())
        most[process] = max(held, most.get(process, 0))
    wall = perf_counter() - began
    if way.processes:
        pool.shutdown()
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    most[os.getpid()] = peak()
    work = process_time() - worked + children.ru_utime + children.ru_stime
    return json.dumps([len(given), wall, work, sum(most.values())])


def exercise(countries: int = COUNTRIES) -> list[Line]:
    """The guides of all countries in all formats, made in several ways."""
    found = []
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "cases"
        keep(cases(countries), path)
        for place in range(len(WAYS)):
            found.append(json.loads(_called(f"all_of(Path({str(path)!r}), {place})")))
    table: list[Line] = [
        ("all formats", "guides", "s", "a minute", "of one thread", "processor, s", "peak, MiB", "of one thread")
    ]
    alone = {way.pdf: taken for way, taken in zip(WAYS, found, strict=True) if way.workers == 1}
    for way, (count, wall, work, held) in zip(WAYS, found, strict=True):
        fewer, longer, _, least = alone[way.pdf]
        table.append((
            way.name, f"{count}", f"{wall:.1f}", f"{count * 60 / wall:.0f}", f"{count / wall / (fewer / longer):.2f}",
            f"{work:.1f}", f"{held:.0f}", f"{held / least:.2f}",
        ))  # fmt: skip
    return table


def main() -> None:
    """Print both tables."""
    arguments = argparse.ArgumentParser(description="Guides in all formats.")
    arguments.add_argument("--countries", type=int, default=COUNTRIES)
    given = arguments.parse_args()
    console = Console()
    console.print(shown(lines()))
    console.print(shown(exercise(given.countries)))


if __name__ == "__main__":
    main()
