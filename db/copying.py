"""A consistent copy of a live SQLite database."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from db.checkup import sound
from db.problems import StoreProblem
from db.sqlite import explained, private


def copy(source: Path, target: Path) -> None:
    """Copy the database file `source`, which may be in use, to `target`: everything committed by now, and nothing half.

    The copy is read whole before it gets its name, so `target` is a sound database or what it was before; it is for
    this account alone.
    Raises `StoreProblem`.
    """
    if not source.exists():
        raise StoreProblem("no_database", path=source)
    if source.is_dir():
        raise StoreProblem("cannot_open", path=source)
    if target.exists() and target.samefile(source):
        raise StoreProblem("same_file", path=target)
    unfinished = target.with_name(f".{target.name}.unfinished")
    try:
        with explained(target):
            target.parent.mkdir(parents=True, exist_ok=True)
            unfinished.unlink(missing_ok=True)
            private(unfinished)
        with explained(source):
            uri = f"{source.absolute().as_uri()}?mode=ro"
            with (
                closing(sqlite3.connect(uri, uri=True, timeout=30)) as live,
                closing(sqlite3.connect(unfinished)) as new,
            ):
                live.backup(new)
                new.execute("PRAGMA journal_mode = DELETE")
        sound(unfinished)
        with explained(target):
            with unfinished.open("rb+") as file:
                os.fsync(file.fileno())
            unfinished.replace(target)
    finally:
        unfinished.unlink(missing_ok=True)
