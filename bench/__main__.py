"""All that is measured, one after the other: `python -m bench`; with `--write`, into docs/benchmarks.md.

A few minutes on a machine that has nothing else to do.
"""

from __future__ import annotations

import argparse
import logging
import os
import platform
import sqlite3
from collections.abc import Callable, Sequence
from importlib.metadata import version
from pathlib import Path

from rich.console import Console

from bench import compiling, delivering, documents, following, growth, guides, peers, startup, status, turns
from bench.tables import Line, markdown, shown

PAGE = Path(__file__).resolve().parent.parent / "docs" / "benchmarks.md"

PARTS: dict[str, tuple[str, Callable[[], Sequence[Line]]]] = {
    "startup": ("From process start to the first poll, in seconds", startup.lines),
    "documents": ("Documents", documents.lines),
    "guides": ("One guide in every format", guides.lines),
    "all-guides": ("57 guides in all formats", guides.exercise),
    "peers": ("PDF: ours, WeasyPrint, LibreOffice", peers.lines),
    "compiling": ("A guide compiled again after one new answer", compiling.lines),
    "growth": ("A turn as the store grows", growth.lines),
    "status": ("/status: 57 countries, 40 entities each", status.lines),
    "status-growth": ("/status as the exercise grows", status.growth),
    "following": ("Follow-ups: nothing due, and thousands at once", following.lines),
    "delivering": ("Delivery within Telegram’s limits", delivering.lines),
    "turns": ("A turn: 57 officials, 200 questions", lambda: turns.lines(57, 200)),
}


def machine() -> str:
    """What it was measured on, without its name."""
    parts = (
        f"{os.cpu_count()} processor cores",
        f"{platform.system()} on {platform.machine()}",
        f"Python {platform.python_version()}",
        f"SQLite {sqlite3.sqlite_version}",
        f"python-telegram-bot {version('python-telegram-bot')}",
    )
    return ", ".join(parts)


def written(page: str, found: dict[str, Sequence[Line]]) -> str:
    """`page` with the tables between its marks replaced, and the machine."""
    blocks = {name: markdown(lines) for name, lines in found.items()} | {"machine": machine() + ".\n"}
    for name, block in blocks.items():
        before, mark, after = page.partition(f"<!-- {name} -->\n")
        if mark:
            page = before + mark + block + after[after.index("<!-- end -->") :]
    return page


def main() -> None:
    """Measure, print, and write where told to."""
    arguments = argparse.ArgumentParser(description="All that is measured.")
    arguments.add_argument("parts", nargs="*", help=f"of {', '.join(PARTS)}; all without any", default=[])
    arguments.add_argument("--write", action="store_true", help="put the tables into docs/benchmarks.md")
    given = arguments.parse_args()
    if unknown := set(given.parts) - set(PARTS):
        arguments.error(f"no such part: {', '.join(sorted(unknown))}")
    logging.disable(logging.CRITICAL)
    console = Console()
    console.print(machine())
    found: dict[str, Sequence[Line]] = {}
    for name, (title, lines) in PARTS.items():
        if not given.parts or name in given.parts:
            console.print(f"\n[bold]{title}[/bold]")
            found[name] = lines()
            console.print(shown(found[name]))
    if given.write:
        PAGE.write_text(written(PAGE.read_text(encoding="utf-8"), found), encoding="utf-8")
        console.print(f"\nWritten: {PAGE.relative_to(PAGE.parent.parent)}")


if __name__ == "__main__":
    main()
