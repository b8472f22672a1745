"""Runs statements on whatever connection a transaction has."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import AbstractAsyncContextManager
from typing import Any, Protocol

from sqlalchemy.engine import Dialect

from db.statements import Row, Statement


class Connection(Protocol):
    """What a driver must do for us. Parameters come in the statement's order."""

    dialect: Dialect

    async def rows(self, sql: str, values: Row) -> list[Any]: ...

    async def run(self, sql: str, values: Row) -> int: ...

    async def many(self, sql: str, values: list[Row]) -> None: ...

    async def hold(self, name: str) -> None: ...


class Database(Protocol):
    """What a driver must offer: transactions, and a way to run statements of the schema."""

    def writing(self) -> AbstractAsyncContextManager[Connection]: ...

    def reading(self) -> AbstractAsyncContextManager[Connection]: ...

    def looking(self) -> AbstractAsyncContextManager[Connection]: ...

    def serving(self) -> AbstractAsyncContextManager[None]: ...

    def alone(self, name: str) -> AbstractAsyncContextManager[None]: ...

    async def script(self, statements: list[str]) -> None: ...

    async def overwrite(self) -> bool: ...

    async def close(self) -> None: ...


class Work:
    """Runs statements on a connection."""

    def __init__(self, connection: Connection) -> None:
        self.spoke = False  # whether messages were put into the outbox: read by the store after the commit
        self.connection = connection
        self._dialect = connection.dialect

    async def rows(self, statement: Statement, **values: Any) -> list[Row]:
        """All rows of a query."""
        compiled = statement.compiled(self._dialect)
        return compiled.read(await self.connection.rows(compiled.sql, compiled.values(values)))

    async def row(self, statement: Statement, **values: Any) -> Row | None:
        """The first row of a query, or of what a write returns."""
        found = await self.rows(statement, **values)
        return found[0] if found else None

    async def run(self, statement: Statement, **values: Any) -> int:
        """How many rows a write touched."""
        compiled = statement.compiled(self._dialect)
        return await self.connection.run(compiled.sql, compiled.values(values))

    async def many(self, statement: Statement, values: Iterable[Mapping[str, Any]]) -> None:
        """One write for each set of values."""
        compiled = statement.compiled(self._dialect)
        rows = [compiled.values(one) for one in values]
        if len(rows) == 1:
            await self.connection.run(compiled.sql, rows[0])
        elif rows:
            await self.connection.many(compiled.sql, rows)

    async def hold(self, name: str) -> None:
        """Wait until no other transaction holds `name`, and hold it until this one ends."""
        await self.connection.hold(name)
