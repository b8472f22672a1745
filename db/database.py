"""The store: opened by address, used by transactions.

store = await Store.open("sqlite:///griot.db"); await store.migrate()
async with store.writing() as tx:
    if await tx.inbox.claim("telegram", 17, now): …
async with store.reading() as tx: …
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from db import migrating
from db.problems import StoreProblem
from db.transaction import Transaction
from db.work import Database


class Store:
    """Everything that lasts. One object for a process."""

    def __init__(self, url: URL, database: Database) -> None:
        self.url = url
        self._database = database
        self._watching: list[Callable[[], None]] = []

    @classmethod
    async def open(cls, address: str) -> Store:
        """The store at `sqlite:///path` (relative to the current folder; `sqlite:////path` is absolute) or `postgresql://…`.

        A missing SQLite file is made. Raises `StoreProblem`. The tables are made and brought up to date by `migrate`.
        """
        url = parse(address)
        if url.get_backend_name() == "sqlite":
            from db.sqlite import SQLite

            return cls(url, SQLite(Path(url.database or "")))
        from db.postgresql import PostgreSQL

        plain = url.set(drivername="postgresql")
        return cls(url, PostgreSQL(plain.render_as_string(hide_password=False), plain.render_as_string()))

    @property
    def path(self) -> Path | None:
        """The file of a SQLite store."""
        return Path(self.url.database or "") if self.url.get_backend_name() == "sqlite" else None

    async def migrate(self) -> None:
        """Make the tables, or bring them to this version. Costs one query when there is nothing to do.

        Raises `StoreProblem` for a database that is newer than this program, or another program's.
        """
        await migrating.migrate(self.url, self._database)

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[Transaction]:
        """A transaction, committed at the end of the block and rolled back by any exception that leaves it.

        On SQLite one at a time: keep the block short, and never wait for the network inside it.
        """
        async with self._database.writing() as connection:
            transaction = Transaction(connection)
            yield transaction
        if transaction.spoke:
            for tell in self._watching:
                tell()

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Transaction]:
        """A view of what is committed now, which stays the same until the end of the block.

        It may take long and hold up nobody: on SQLite it runs in a thread of its own.
        """
        async with self._database.reading() as connection:
            yield Transaction(connection)

    @asynccontextmanager
    async def looking(self) -> AsyncIterator[Transaction]:
        """A view for a few rows that an index finds, cheap enough for every turn: on SQLite it holds the others up."""
        async with self._database.looking() as connection:
            yield Transaction(connection)

    def watch(self, tell: Callable[[], None]) -> None:
        """Call `tell` after each commit that left something to send or to fetch."""
        self._watching.append(tell)

    @asynccontextmanager
    async def alone(self, name: str) -> AsyncIterator[None]:
        """Wait until no other process does the work called `name`, and keep others from it during the block.

        Only where several processes share the store; on SQLite there is one, which is `serving`.
        """
        async with self._database.alone(name):
            yield

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[None]:
        """Be the process that serves the store, during the block.

        On SQLite there can be one; raises `StoreProblem` when there is another that does not end within some seconds.
        """
        async with self._database.serving():
            yield

    async def overwrite(self) -> bool:
        """See to it that nothing is left on the disk of what was deleted or emptied: after a person's deletion.

        Holds writers up while it lasts: about a second for a hundred megabytes. False: a long read was in the way, and
        some of it may last until the next time.
        """
        return await self._database.overwrite()

    async def close(self) -> None:
        """Let go of the connections."""
        await self._database.close()


def parse(address: str) -> URL:
    """An address as a value. Raises `StoreProblem` when it names no kind of database that Griot knows."""
    try:
        url = make_url(address)
    except (ArgumentError, ValueError):
        raise StoreProblem("bad_address") from None
    if url.port is not None and not 0 < url.port < 65536:
        raise StoreProblem("bad_address")
    kind, driver = url.get_backend_name(), url.drivername.partition("+")[2]
    if kind == "postgres":
        return url.set(drivername="postgresql")
    if (kind, driver) not in {
        ("sqlite", ""),
        ("sqlite", "aiosqlite"),
        ("postgresql", ""),
        ("postgresql", "asyncpg"),
    }:
        raise StoreProblem("bad_address")
    if kind == "sqlite" and url.database in (None, "", ":memory:"):
        raise StoreProblem("no_file")
    return url
