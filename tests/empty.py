"""The file of a store in which nothing is yet: its tables are made once in a process, not for each test."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from functools import cache
from pathlib import Path

from db.migrating import _tables
from db.sqlite import SQLiteConnection, private

_VERSIONS = slice(18, 20)  # of the file's format, for writers and readers: 2 where the log is written ahead


@cache
def _empty() -> bytes:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        for statement in _tables(SQLiteConnection.dialect):
            connection.execute(statement)
        content = bytearray(connection.serialize())
    content[_VERSIONS] = b"\2\2"
    return bytes(content)


def lay(path: Path) -> str:
    """Put an empty store there, as opening one for the first time makes it; gives its address."""
    private(path)
    path.write_bytes(_empty())
    return f"sqlite:///{path}"
