"""PostgreSQL through asyncpg, for several processes. Needs the optional dependency `griot-guides[postgresql]`."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from hashlib import blake2b
from typing import Any

from sqlalchemy.dialects.postgresql.asyncpg import dialect as postgresql_dialect
from sqlalchemy.engine import Dialect

from db.problems import Stale, StoreProblem
from db.statements import Row

PATIENCE = 30.0
"""Seconds to wait for a connection, and for a statement."""
_REWRITING = 3600.0
"""Seconds that writing one table anew may take."""
_OF_PEOPLE = ("people", "addresses", "invitations", "interviews", "answers", "attachments", "seats", "ledger", "inbox",
              "outbox", "jobs")  # fmt: skip
_OVERTAKEN = ("40001", "40P01")
"""States of a transaction that was undone for the sake of another: each waited for what the other had."""
_TRY_AGAIN = 1.0
"""Seconds between two tries to be the process that does a piece of work."""


class PostgreSQLConnection:
    """One connection, inside a transaction."""

    dialect: Dialect = postgresql_dialect()  # type: ignore[no-untyped-call]

    def __init__(self, raw: Any) -> None:
        self.raw = raw

    async def rows(self, sql: str, values: Row) -> list[Any]:
        found: list[Any] = await self.raw.fetch(sql, *values)
        return found

    async def run(self, sql: str, values: Row) -> int:
        status: str = await self.raw.execute(sql, *values)
        count = status.rpartition(" ")[2]  # "UPDATE 3", "INSERT 0 1"
        return int(count) if count.isdigit() else 0

    async def many(self, sql: str, values: list[Row]) -> None:
        await self.raw.executemany(sql, values)

    async def hold(self, name: str) -> None:
        await self.raw.execute("SELECT pg_advisory_xact_lock($1)", _number(name))


def _number(name: str) -> int:
    return int.from_bytes(blake2b(name.encode(), digest_size=8).digest(), signed=True)


class PostgreSQL:
    """The driver over one server."""

    def __init__(self, address: str, shown: str) -> None:
        self._address = address
        self._shown = shown  # without the password
        self._pool: Any = None
        self._opening = asyncio.Lock()

    async def _open(self) -> Any:
        async with self._opening:
            if self._pool is None:
                try:
                    import asyncpg  # type: ignore[import-untyped,unused-ignore]
                except ImportError:
                    raise StoreProblem("no_postgresql") from None
                try:
                    self._pool = await asyncpg.create_pool(
                        self._address, min_size=1, max_size=8, timeout=PATIENCE, command_timeout=PATIENCE
                    )
                except ValueError:  # an option that asyncpg does not know
                    raise StoreProblem("bad_address") from None
        return self._pool

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[PostgreSQLConnection]:
        """A connection inside a transaction."""
        with self._explained():
            pool = self._pool or await self._open()
            async with pool.acquire() as raw, raw.transaction():
                yield PostgreSQLConnection(raw)

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[PostgreSQLConnection]:
        """A connection that reads what is committed when it begins."""
        with self._explained():
            pool = self._pool or await self._open()
            async with pool.acquire() as raw, raw.transaction(isolation="repeatable_read", readonly=True):
                await raw.execute("SELECT 1")  # only a first statement fixes the moment
                yield PostgreSQLConnection(raw)

    @asynccontextmanager
    async def looking(self) -> AsyncIterator[PostgreSQLConnection]:
        """A connection for a few rows."""
        with self._explained():
            pool = self._pool or await self._open()
            async with pool.acquire() as raw, raw.transaction(readonly=True):
                yield PostgreSQLConnection(raw)

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[None]:
        """Several processes may serve one database."""
        yield

    @asynccontextmanager
    async def alone(self, name: str) -> AsyncIterator[None]:
        """By a lock that the server lets go of when the process dies. When its connection does, the work ends."""
        with self._explained():
            pool = self._pool or await self._open()
            async with pool.acquire() as raw:
                number = _number(name)
                while not await raw.fetchval("SELECT pg_try_advisory_lock($1)", number):
                    await asyncio.sleep(_TRY_AGAIN)
                working = asyncio.current_task()
                lost = False

                def stop(_: Any) -> None:
                    nonlocal lost
                    lost = True
                    if working is not None:
                        working.cancel()

                raw.add_termination_listener(stop)
                try:
                    yield
                except asyncio.CancelledError:
                    if not lost or working is None or working.uncancel():
                        raise
                finally:
                    if not lost:
                        raw.remove_termination_listener(stop)
                        await raw.execute("SELECT pg_advisory_unlock($1)", number)
                if lost:
                    raise StoreProblem("unreachable", address=self._shown)

    async def script(self, statements: list[str]) -> None:
        """Run statements of the schema in one transaction."""
        async with self.writing() as connection:
            for one in statements:
                await connection.raw.execute(one)

    async def overwrite(self) -> bool:
        """Write the tables that say something of people anew. What the server's own log and copies still hold goes
        with them."""
        with self._explained():
            pool = self._pool or await self._open()
            async with pool.acquire() as raw:
                for table in _OF_PEOPLE:
                    await raw.execute(f"VACUUM FULL {table}", timeout=_REWRITING)
        return True

    async def close(self) -> None:
        if self._pool is not None:
            await self._pool.close()

    @contextmanager
    def _explained(self) -> Iterator[None]:
        """Turns what the server or the network did into a sentence."""
        try:
            yield
        except (StoreProblem, Stale):
            raise
        except (OSError, TimeoutError) as error:
            raise StoreProblem("unreachable", address=self._shown) from error
        except Exception as error:
            state = getattr(error, "sqlstate", None) or ("08" if type(error).__name__ == "InterfaceError" else "")
            if state in _OVERTAKEN:
                raise Stale(f"undone: {state}") from error
            for prefix, key in (
                ("28", "login_refused"),
                ("3D", "no_such_database"),
                ("08", "unreachable"),
                ("57P", "unreachable"),
                ("53", "server_full"),
            ):
                if state.startswith(prefix):
                    raise StoreProblem(key, address=self._shown) from error
            raise
