"""SQLite: one connection that writes, a few for short looks, and one in a thread of its own for each long read.

The statements of a turn run where they are called: they touch cached pages and take microseconds, less than handing
them to a thread would. What waits for the disk, the commit with its flush, runs in a thread wherever the disk makes it
wait, and what reads a whole country runs in a thread of `aiosqlite`, so that conversations go on meanwhile.
"""

from __future__ import annotations

import asyncio
import os
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, asynccontextmanager, contextmanager, suppress
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any

from sqlalchemy.dialects.sqlite.pysqlite import dialect as sqlite_dialect
from sqlalchemy.engine import Dialect

from db.problems import StoreProblem
from db.statements import Row

if TYPE_CHECKING:
    import aiosqlite

PATIENCE = 10.0
"""Seconds to wait for another process to finish writing."""
_READERS_KEPT = 4
_STEPS = 100_000
"""Steps of SQLite's machine, some milliseconds, after which a read looks whether it was cancelled."""
_HANDOVER = 10.0
"""Seconds to wait for a bot that is ending before another one counts as running."""
_LOG_KEPT = 16 * 1024 * 1024
"""Bytes of the write-ahead log that stay after a bulk load: flushing a log of many megabytes is slow for ever."""
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
            self.raw.execute("PRAGMA secure_delete = ON")  # what is deleted is overwritten, not only let go of
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


class LongRead:
    """A connection of `aiosqlite`: its statements run in its own thread, however long they take."""

    dialect: Dialect = SQLiteConnection.dialect

    def __init__(self, raw: aiosqlite.Connection) -> None:
        self.raw = raw
        self._ended = False

    @classmethod
    async def open(cls, path: Path) -> LongRead:
        """A connection that cannot write, inside a transaction that sees what is committed now."""
        import aiosqlite

        one = cls(aiosqlite.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True, isolation_level=None))
        try:
            await to_the_end(one.raw)
            await one.raw.set_progress_handler(lambda: one._ended, _STEPS)
            await one.raw.execute_fetchall("PRAGMA query_only = ON")
            await one.raw.execute_fetchall(f"PRAGMA busy_timeout = {round(PATIENCE * 1000)}")
            await one.raw.execute_fetchall("BEGIN")
            await one.raw.execute_fetchall("SELECT 1 FROM sqlite_master LIMIT 1")  # only a first read fixes the moment
        except BaseException:
            await one.close()
            raise
        return one

    async def rows(self, sql: str, values: Row) -> list[Any]:
        return list(await self.raw.execute_fetchall(sql, values))

    async def run(self, sql: str, values: Row) -> int:
        async with self.raw.execute(sql, values) as cursor:
            return cursor.rowcount

    async def many(self, sql: str, values: list[Row]) -> None:
        await self.raw.executemany(sql, values)

    async def hold(self, name: str) -> None:
        """Nobody waits for a reader."""

    async def close(self) -> None:
        """End, and end what a cancelled read left running."""
        self._ended = True
        await to_the_end(self.raw.close())


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
            private(path)
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
        await to_the_end(asyncio.get_running_loop().run_in_executor(self._thread, self._flush))

    def _flush(self) -> None:
        began = perf_counter()
        self._writer.raw.execute("COMMIT")
        self._flush_time += 0.2 * (perf_counter() - began - self._flush_time)

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[LongRead]:
        """A connection that reads what is committed when it begins, in a thread, however long it takes."""
        with explained(self.path):
            reader = await LongRead.open(self.path)
            try:
                yield reader
            finally:
                await reader.close()

    @asynccontextmanager
    async def looking(self) -> AsyncIterator[SQLiteConnection]:
        """A connection for a few rows that an index finds, which costs no change of threads."""
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
        """One process has a file: see `serving`."""
        yield

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[None]:
        """By a lock on a file beside the database, which the system lets go of when the process dies."""
        path = self.path.with_name(f".{self.path.name}.lock")
        with ExitStack() as stack:
            with explained(self.path):
                private(path)
                await _locked(stack.enter_context(path.open("r+b")).fileno(), self.path)
            yield

    async def script(self, statements: list[str]) -> None:
        """Run statements of the schema in one transaction."""
        async with self.writing() as connection:
            for one in statements:
                connection.raw.execute(one)

    async def overwrite(self) -> bool:
        """Build the file anew from what is in it, and empty the log: nothing is left of what was deleted. False: a
        read that went on all the while kept the log from being emptied."""
        with explained(self.path):
            async with self._lock:
                loop = asyncio.get_running_loop()
                await to_the_end(loop.run_in_executor(self._thread, self._writer.raw.execute, "VACUUM"))
                for pause in (0.0, 0.1, 0.5, 2.0):
                    await asyncio.sleep(pause)
                    busy, *_ = self._writer.raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
                    if not busy:
                        return True
        return False

    async def close(self) -> None:
        async with self._lock:
            for connection in (self._writer, *self._idle):
                connection.raw.close()
            self._idle.clear()
            self._thread.shutdown()


async def _locked(file: int, path: Path) -> None:
    try:
        import fcntl
    except ImportError:  # a system without such locks
        return
    pause, waited = 0.05, 0.0
    while True:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if waited >= _HANDOVER:
                raise StoreProblem("already_served", path=path) from None
            await asyncio.sleep(pause)
            waited += pause
        else:
            return


def private(path: Path) -> None:
    """Make a missing file, for this account alone; what SQLite puts beside a database takes over its rights."""
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))


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


async def to_the_end(work: Awaitable[object]) -> None:
    """Wait for what runs in a thread; a cancelled caller waits too, since nobody may use what it works on before."""
    running = asyncio.ensure_future(work)
    try:
        await asyncio.shield(running)
    except asyncio.CancelledError:
        await asyncio.wait((running,))
        raise


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
