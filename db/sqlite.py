"""SQLite: one connection that writes, a few that read.

Statements run where they are called: they touch cached pages and take microseconds, less than handing them to a thread
would. What waits for the disk, the commit with its flush, runs in a thread wherever the disk makes it wait, so that
conversations go on meanwhile.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from time import perf_counter
from typing import Any

from sqlalchemy.dialects.sqlite.pysqlite import dialect as sqlite_dialect
from sqlalchemy.engine import Dialect

from db.problems import StoreProblem
from db.statements import Row

PATIENCE = 10.0
"""Seconds to wait for another process to finish writing."""
_READERS_KEPT = 4
_LOG_KEPT = 16 * 1024 * 1024
"""Bytes of the write-ahead log that stay after a bulk load: flushing a log of hundreds of megabytes is slow for ever."""
_QUICK_FLUSH = 0.001
"""Seconds. Under this mean a flush holds conversations up less than handing it to a thread would."""


class SQLiteConnection:
    """One connection, used by one transaction at a time."""

    dialect: Dialect = sqlite_dialect()

    def __init__(self, path: Path, *, read_only: bool = False, existing: bool = False) -> None:
        self.raw = sqlite3.connect(
            f"{path.absolute().as_uri()}?mode={'rw' if existing else 'rwc'}",
            uri=True,
            isolation_level=None,
            check_same_thread=False,
            cached_statements=256,
        )
        if read_only:
            self.raw.execute("PRAGMA query_only = ON")
        else:
            self.raw.execute("PRAGMA journal_mode = WAL")
            self.raw.execute(f"PRAGMA journal_size_limit = {_LOG_KEPT}")
        self.raw.execute("PRAGMA synchronous = FULL")
        self.raw.execute("PRAGMA foreign_keys = ON")
        self.raw.execute("PRAGMA busy_timeout = 0")  # `begin` waits, without holding everybody up

    async def rows(self, sql: str, values: Row) -> list[Any]:
        return self.raw.execute(sql, values).fetchall()

    async def run(self, sql: str, values: Row) -> int:
        return self.raw.execute(sql, values).rowcount

    async def many(self, sql: str, values: list[Row]) -> None:
        self.raw.executemany(sql, values)

    async def hold(self, name: str) -> None:
        """One writer at a time holds everything."""

    async def begin(self, mode: str, patience: float = PATIENCE) -> None:
        """Begin, waiting for other processes without holding up this one's conversations."""
        waited, pause = 0.0, 0.002
        while True:
            try:
                self.raw.execute(f"BEGIN {mode}")
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or waited >= patience:
                    raise
                await asyncio.sleep(pause)
                waited += pause
                pause = min(pause * 2, 0.1)
            else:
                return

    def rollback(self) -> None:
        if self.raw.in_transaction:
            self.raw.execute("ROLLBACK")


class SQLite:
    """The driver over one file."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = asyncio.Lock()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="commit")
        self._idle: list[SQLiteConnection] = []
        self._flush_time = _QUICK_FLUSH  # seconds, a moving mean
        with explained(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            self._writer = SQLiteConnection(path)

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[SQLiteConnection]:
        """The connection that writes, inside a transaction."""
        with explained(self.path):
            async with self._lock:
                await self._writer.begin("IMMEDIATE")
                try:
                    yield self._writer
                    await self._commit()
                except BaseException:
                    self._writer.rollback()
                    raise

    async def _commit(self) -> None:
        """Flush: in place while flushes take less than changing threads does, in the thread on a slower disk.

        A cancelled turn still waits for its flush: nobody may use the connection before.
        """
        if self._flush_time < _QUICK_FLUSH:
            self._flush()
            return
        flushed = asyncio.get_running_loop().run_in_executor(self._thread, self._flush)
        try:
            await asyncio.shield(flushed)
        except asyncio.CancelledError:
            await asyncio.wait((flushed,))
            raise

    def _flush(self) -> None:
        began = perf_counter()
        self._writer.raw.execute("COMMIT")
        self._flush_time += 0.2 * (perf_counter() - began - self._flush_time)

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[SQLiteConnection]:
        """A connection that reads what is committed when it begins, however long it takes."""
        with explained(self.path):
            reader = self._idle.pop() if self._idle else SQLiteConnection(self.path, read_only=True)
            try:
                await reader.begin("DEFERRED")
                yield reader
            finally:
                reader.rollback()
                if len(self._idle) < _READERS_KEPT:
                    self._idle.append(reader)
                else:
                    reader.raw.close()

    @asynccontextmanager
    async def alone(self, name: str) -> AsyncIterator[None]:
        """One process has a file."""
        yield

    async def script(self, statements: list[str]) -> None:
        """Run statements of the schema in one transaction."""
        async with self.writing() as connection:
            for one in statements:
                connection.raw.execute(one)

    async def close(self) -> None:
        async with self._lock:
            for connection in (self._writer, *self._idle):
                connection.raw.close()
            self._idle.clear()
            self._thread.shutdown()


_BY_CODE = {
    sqlite3.SQLITE_BUSY: "locked",
    sqlite3.SQLITE_LOCKED: "locked",
    sqlite3.SQLITE_NOTADB: "not_a_database",
    sqlite3.SQLITE_CORRUPT: "corrupt",
    sqlite3.SQLITE_CANTOPEN: "cannot_open",
    sqlite3.SQLITE_READONLY: "read_only",
    sqlite3.SQLITE_PERM: "read_only",
    sqlite3.SQLITE_FULL: "disk_full",
    sqlite3.SQLITE_IOERR: "disk_failed",
}


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turn what the world did to the file into a sentence; mistakes in our own statements stay what they are."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        key = _BY_CODE.get(getattr(error, "sqlite_errorcode", 0) & 0xFF)
        if key is None:
            raise
        raise StoreProblem(key, path=path) from error
    except OSError as error:
        raise StoreProblem("cannot_open", path=path) from error
