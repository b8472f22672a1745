"""Statements written in SQLAlchemy Core, turned into the driver's SQL once and then handed to the driver as they are.

Running a Core statement through an engine costs many times what the statement itself does; a turn runs six. See
`docs/decisions/store-drivers.md` for the figures.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple, Protocol

from sqlalchemy import Executable
from sqlalchemy.engine import Dialect
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.dml import Insert
from sqlalchemy.sql.schema import Table

Row = tuple[Any, ...]
Process = Callable[[Any], Any]


class Inserts(Protocol):
    """A dialect's `insert`, with `on_conflict_do_nothing` and `on_conflict_do_update`."""

    def __call__(self, table: Table) -> Any: ...


class Compiled(NamedTuple):
    """One statement for one dialect: its SQL, its parameters in order, and what to do to values on their way."""

    sql: str
    names: tuple[str, ...]
    into: tuple[Process | None, ...]
    out: tuple[tuple[int, Process], ...]
    constants: Mapping[str, Any]

    def values(self, given: Mapping[str, Any]) -> Row:
        """`given` in the order in which the driver wants it; a missing one is a KeyError."""
        if self.constants:
            given = {**self.constants, **given}
        return tuple(
            [
                given[name] if process is None else process(given[name])
                for name, process in zip(self.names, self.into, strict=True)
            ]
        )

    def read(self, rows: Sequence[Sequence[Any]]) -> list[Row]:
        """What the driver brought, as Python's own types."""
        if not self.out:
            return [tuple(row) for row in rows]
        result = []
        for row in rows:
            cells = list(row)
            for index, process in self.out:
                cells[index] = process(cells[index])
            result.append(tuple(cells))
        return result


class Statement:
    """A Core statement with named bind parameters, compiled at its first use for each dialect.

    `build` gets the dialect's own `insert` (the two dialects spell upserts by different classes).
    """

    __slots__ = ("_build", "_compiled")

    def __init__(self, build: Callable[[Inserts], Executable]) -> None:
        self._build = build
        self._compiled: dict[str, Compiled] = {}

    def compiled(self, dialect: Dialect) -> Compiled:
        found = self._compiled.get(dialect.name)
        if found is None:
            found = self._compiled[dialect.name] = _compile(self._build(_inserts(dialect)), dialect)
        return found


def _inserts(dialect: Dialect) -> Inserts:
    if dialect.name == "sqlite":
        from sqlalchemy.dialects.sqlite import insert as sqlite_insert

        return sqlite_insert
    from sqlalchemy.dialects.postgresql import insert as postgresql_insert

    return postgresql_insert


def _compile(statement: Any, dialect: Dialect) -> Compiled:
    if isinstance(statement, Insert):
        statement = statement.inline()  # brings back what it is told to return, and nothing else
    compiled: SQLCompiler = statement.compile(dialect=dialect)
    names = tuple(compiled.positiontup or ())
    into = tuple(compiled.binds[name].type.dialect_impl(dialect).bind_processor(dialect) for name in names)
    constants = {name: bind.value for name, bind in compiled.binds.items() if not bind.required}
    columns = statement.exported_columns
    readers = (column.type.dialect_impl(dialect).result_processor(dialect, None) for column in columns)
    out = tuple((index, process) for index, process in enumerate(readers) if process is not None)
    return Compiled(str(compiled), names, into, out, constants)
