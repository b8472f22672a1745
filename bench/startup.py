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
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.progress import track
from rich.table import Table

from tests.telegram.standin import StandIn

LIMIT = 1.0  # seconds to the first poll
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


async def _until(happened: object, began: float, process: asyncio.subprocess.Process) -> float:
    assert callable(happened)
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


def rows(runs: int) -> list[tuple[str, float, float, float, float]]:
    """What, and seconds: median and least to the first poll, median processor time of the process, median to ready."""
    lines = []
    for what, starts in asyncio.run(measure(runs)).items():
        polled = [one.polled for one in starts]
        worked, ready = (statistics.median(getattr(one, name) for one in starts) for name in ("worked", "ready"))
        lines.append((what, statistics.median(polled), min(polled), worked, ready))
    helped = [asyncio.run(help_takes()) for _ in range(runs)]
    wall = [one for one, _ in helped]
    lines.append(("griot --help", statistics.median(wall), min(wall), statistics.median(one for _, one in helped), 0.0))
    return lines


def main() -> None:
    """Print the table."""
    arguments = argparse.ArgumentParser(description="How long the start takes.")
    arguments.add_argument("--runs", type=int, default=10)
    table = Table("start", "first poll, median s", "least", "processor time", "all loaded")
    for what, *seconds in rows(arguments.parse_args().runs):
        table.add_row(what, *(f"{one:.2f}" for one in seconds))
    Console().print(table)


if __name__ == "__main__":
    main()
