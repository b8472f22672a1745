"""Makes the tables, or brings them up to date. Alembic is imported only when there is something to bring up to date."""

from __future__ import annotations

import asyncio
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy.engine import URL, Dialect
from sqlalchemy.schema import CreateIndex, CreateTable

from db.problems import StoreProblem
from db.schema import REVISION, metadata
from db.work import Connection, Database

if TYPE_CHECKING:
    from alembic.config import Config

APPLICATION = 0x47524954
"""SQLite's `application_id`: "GRIT"."""
_TABLES = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'",
    "postgresql": "SELECT table_name FROM information_schema.tables WHERE table_schema = current_schema()",
}


async def migrate(url: URL, database: Database) -> None:
    """See `Store.migrate`."""
    async with database.looking() as connection:
        version = await stored_version(connection)
    if version == REVISION:
        return
    if version is None:
        try:
            await _make(database)
        except Exception:
            # two processes may find a new database at once: the second finds the tables that the first made
            async with database.looking() as connection:
                if await stored_version(connection) != REVISION:
                    raise
        return
    await asyncio.to_thread(_upgrade, url)


async def stored_version(connection: Connection) -> str | None:
    """The revision of the tables; None: there are none yet. Raises `StoreProblem` for another program's database."""
    tables = {row[0] for row in await connection.rows(_TABLES[connection.dialect.name], ())}
    if not tables:
        return None
    if not {"alembic_version", "inbox", "outbox", "answers"} <= tables:
        raise StoreProblem("foreign")
    rows = await connection.rows("SELECT version_num FROM alembic_version", ())
    version = str(rows[0][0]) if rows else ""
    if version != REVISION and version not in _known():
        raise StoreProblem("newer", version=version)
    return version


def _known() -> set[str]:
    from alembic.script import ScriptDirectory

    return {script.revision for script in ScriptDirectory.from_config(configuration()).walk_revisions()}


def configuration() -> Config:
    """Alembic's configuration: everything is beside this file."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    return config


async def _make(database: Database) -> None:
    """All tables of a new database at once: what the migrations would make, as a test makes sure."""
    async with database.looking() as connection:
        dialect = connection.dialect
    await database.script(list(_tables(dialect)))


@cache
def _tables(dialect: Dialect) -> tuple[str, ...]:
    """What makes them."""
    statements = []
    for table in metadata.sorted_tables:
        statements.append(str(CreateTable(table).compile(dialect=dialect)))
        indexes = [index for index in table.indexes if index.info.get("only") in (None, dialect.name)]
        statements.extend(str(CreateIndex(index).compile(dialect=dialect)) for index in sorted(indexes, key=str))
    statements.append(
        "CREATE TABLE alembic_version ("
        "version_num VARCHAR(32) NOT NULL, CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num))"
    )
    statements.append(f"INSERT INTO alembic_version (version_num) VALUES ('{REVISION}')")  # noqa: S608 (a constant)
    if dialect.name == "sqlite":
        statements.append(f"PRAGMA application_id = {APPLICATION}")
    return tuple(statements)


def _upgrade(url: URL) -> None:
    from alembic import command

    config = configuration()
    config.attributes["url"] = url
    command.upgrade(config, "head")
