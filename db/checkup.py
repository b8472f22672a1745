"""Is the database all right? Looks without changing or making anything."""

from __future__ import annotations

import asyncio
import sqlite3
from pathlib import Path

from db.database import Store, parse
from db.migrating import stored_version
from db.problems import StoreProblem
from db.sqlite import SQLiteConnection, explained


async def check(address: str) -> None:
    """Raises `StoreProblem` when the database at `address` cannot be reached, read, written, or understood.

    A SQLite file that does not exist yet is no problem: it will be made. A large one is read whole.
    """
    url = parse(address)
    if url.get_backend_name() != "sqlite":
        store = await Store.open(address)
        try:
            async with store.reading() as tx:
                await stored_version(tx.connection)
        finally:
            await store.close()
        return
    path = Path(url.database or "")
    if path.exists():
        await asyncio.to_thread(sound, path)
        with explained(path):
            connection = SQLiteConnection(path, existing=True)
            try:
                await connection.begin("IMMEDIATE", patience=1.0)
                await connection.run("CREATE TABLE writable (a)", ())
                connection.rollback()
                await stored_version(connection)
            finally:
                connection.raw.close()


def sound(path: Path) -> None:
    """Read a whole SQLite file and compare it with its indexes. Raises `StoreProblem`."""
    if path.is_dir():
        raise StoreProblem("cannot_open", path=path)
    with explained(path):
        connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
        try:
            if connection.execute("PRAGMA integrity_check(1)").fetchone() != ("ok",):
                raise StoreProblem("corrupt", path=path)
        finally:
            connection.close()
