"""How long the real process takes to its first `getUpdates`, and `griot --help`: `python -m bench.startup`.

The process is `python -m bot bot` with nothing but its settings, against the Bot API stand-in of the tests on loopback;
the stand-in runs in this process and looks once a millisecond. Beside the wall clock stands the processor time of the
child, which other work on the machine does not lengthen as much.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import resource
import signal
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.progress import track

from bench.tables import Line, shown
from tests.telegram.standin import StandIn

PATIENCE = 30.0


@dataclass(frozen=True, slots=True)
class Started:
    """Seconds from the start of the process: to the first poll, and to the database and the rest behind it."""

    polled: float
    ready: float
    worked: float  # processor time of the child, to its end


def _environment(folder: Path, telegram: StandIn | None = None) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GRIOT_")}
    kept["PYTHONPATH"] = str(Path(__file__).resolve().parent.parent)
    if telegram is not None:
        kept["GRIOT_TELEGRAM_TOKEN"] = telegram.token
        kept["GRIOT_TELEGRAM_API_URL"] = telegram.url
        kept["GRIOT_DATABASE_URL"] = f"sqlite:///{folder / 'griot.db'}"
    return kept


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


async def _until(happened: Callable[[], object], began: float, process: asyncio.subprocess.Process) -> float:
    while not happened():
        if process.returncode is not None or time.perf_counter() - began > PATIENCE:
            raise RuntimeError("the bot did not start")
        await asyncio.sleep(0.001)
    return time.perf_counter() - began


async def start(folder: Path) -> Started:
    """Start the bot in `folder` once and stop it."""
    async with StandIn() as telegram:
        before = _children()
        began = time.perf_counter()
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot", "bot",
            cwd=folder, env=_environment(folder, telegram),
            stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL,
        )  # fmt: skip
        try:
            polled = await _until(lambda: telegram.waits, began, process)
            ready = await _until(lambda: any(one == "setMyCommands" for one, _ in telegram.requests), began, process)
            process.send_signal(signal.SIGTERM)
            await asyncio.wait_for(process.wait(), PATIENCE)
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
        return Started(polled, ready, _children() - before)


async def help_takes() -> tuple[float, float]:
    """Wall and processor seconds of `griot --help`."""
    with tempfile.TemporaryDirectory() as name:
        before, began = _children(), time.perf_counter()
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot", "--help",
            cwd=name, env=_environment(Path(name)), stdout=asyncio.subprocess.DEVNULL,
        )  # fmt: skip
        await asyncio.wait_for(process.wait(), PATIENCE)
        return time.perf_counter() - began, _children() - before


async def measure(runs: int) -> dict[str, list[Started]]:
    """`runs` starts with a new database, each followed by one with the same."""
    found: dict[str, list[Started]] = {"new database": [], "database that exists": []}
    for _ in track(range(runs), "starts", transient=True):
        with tempfile.TemporaryDirectory() as name:
            for what in found:
                found[what].append(await start(Path(name)))
    return found


def lines(runs: int = 10) -> list[Line]:
    """The table, in seconds: medians, and the least time to the first poll."""
    table: list[Line] = [("start", "first poll", "least", "all loaded", "processor time to the end")]
    for what, starts in asyncio.run(measure(runs)).items():
        polled = [one.polled for one in starts]
        worked, ready = (statistics.median(getattr(one, name) for one in starts) for name in ("worked", "ready"))
        table.append((what, *(f"{one:.2f}" for one in (statistics.median(polled), min(polled), ready, worked))))
    helped = [asyncio.run(help_takes()) for _ in range(runs)]
    wall = [one for one, _ in helped]
    worked = statistics.median(one for _, one in helped)
    table.append(("griot --help", f"({statistics.median(wall):.2f})", f"({min(wall):.2f})", "", f"{worked:.2f}"))
    return table


def main() -> None:
    """Print the table."""
    arguments = argparse.ArgumentParser(description="How long the start takes.")
    arguments.add_argument("--runs", type=int, default=10)
    Console().print(shown(lines(arguments.parse_args().runs)))


if __name__ == "__main__":
    main()
