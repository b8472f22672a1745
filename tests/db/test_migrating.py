"""Migrations and tables say the same; databases that are not ours are refused."""

from __future__ import annotations

import asyncio
import sqlite3
from pathlib import Path

import pytest
from sqlalchemy.engine import make_url

from db import migrating
from db.checkup import check
from db.database import Store
from db.problems import StoreProblem
from db.schema import REVISION, metadata


def _shape(path: Path) -> dict[str, object]:
    """What SQLite itself knows of each table: columns, keys, indexes, checks."""
    connection = sqlite3.connect(path)
    shape: dict[str, object] = {}
    for name, sql in connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table' ORDER BY name"):
        indexes = [row[1:] for row in connection.execute(f"PRAGMA index_list({name})")]
        shape[name] = (
            sorted(connection.execute(f"PRAGMA table_info({name})")),
            sorted(row[2:] for row in connection.execute(f"PRAGMA foreign_key_list({name})")),
            sorted((index, connection.execute(f"PRAGMA index_xinfo({index[0]})").fetchall()) for index in indexes),
            sorted(part.strip(" ,\n\t") for part in sql.split("\n") if "CHECK" in part),
        )
    for name, sql in connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql NOT NULL"):
        shape[name] = " ".join(sql.split())
    connection.close()
    return shape


async def test_migrations_make_the_tables_of_the_schema(tmp_path: Path) -> None:
    direct, migrated = tmp_path / "direct.db", tmp_path / "migrated.db"
    store = await Store.open(f"sqlite:///{direct}")
    await store.migrate()
    await store.close()
    migrating._upgrade(make_url(f"sqlite:///{migrated}"))
    assert _shape(migrated) == _shape(direct)


async def test_two_that_find_a_new_database_at_once_both_begin(tmp_path: Path) -> None:
    first, second = [await Store.open(f"sqlite:///{tmp_path}/griot.db") for _ in range(2)]
    await asyncio.gather(first.migrate(), second.migrate())
    for store in (first, second):
        async with store.reading() as tx:
            assert await tx.people.of_country("BFA") == []
        await store.close()


def test_the_schema_stands_for_the_newest_migration() -> None:
    from alembic.script import ScriptDirectory

    assert ScriptDirectory.from_config(migrating.configuration()).get_heads() == [REVISION]


async def test_opening_a_current_database_does_not_import_alembic(tmp_path: Path) -> None:
    import subprocess
    import sys

    code = (
        "import asyncio, sys\n"
        "from db.database import Store\n"
        "async def main():\n"
        f"    for _ in range(2):\n        store = await Store.open('sqlite:///{tmp_path}/griot.db')\n"
        "        await store.migrate()\n        await store.close()\n"
        "asyncio.run(main())\n"
        "print(any(name in sys.modules for name in ('alembic', 'sqlalchemy.orm', 'sqlalchemy.ext.asyncio')))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)  # noqa: S603
    assert done.stdout.strip() == "False"


async def _refused(path: Path) -> str:
    with pytest.raises(StoreProblem) as caught:
        store = await Store.open(f"sqlite:///{path}")
        try:
            await store.migrate()
        finally:
            await store.close()
    with pytest.raises(StoreProblem) as checked:
        await check(f"sqlite:///{path}")
    assert checked.value.key == caught.value.key
    assert caught.value.message("fr").endswith(".")
    return caught.value.key


async def test_a_file_that_is_no_database_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("Notes of a meeting. " * 100)
    assert await _refused(path) == "not_a_database"
    assert path.read_text() == "Notes of a meeting. " * 100


async def test_another_programs_database_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE invoices (id INTEGER)")
    connection.close()
    assert await _refused(path) == "foreign"


async def test_a_newer_versions_database_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "griot.db"
    store = await Store.open(f"sqlite:///{path}")
    await store.migrate()
    await store.close()
    connection = sqlite3.connect(path)
    connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.commit()
    connection.close()
    assert await _refused(path) == "newer"


async def test_a_damaged_database_is_found_by_the_check(tmp_path: Path) -> None:
    path = tmp_path / "griot.db"
    store = await Store.open(f"sqlite:///{path}")
    await store.migrate()
    await store.close()
    content = bytearray(path.read_bytes())
    for page in range(1, len(content) // 4096):
        content[page * 4096 : page * 4096 + 16] = b"\xff" * 16
    path.write_bytes(content)
    with pytest.raises(StoreProblem) as caught:
        await check(f"sqlite:///{path}")
    assert caught.value.key == "corrupt"


def test_every_column_that_needs_a_word_has_one() -> None:
    assert all(table.comment for table in metadata.sorted_tables)
