"""A new store for each test: on SQLite, and on PostgreSQL too where `GRIOT_TEST_POSTGRESQL` is a server's address."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from db.database import Store

SERVER = os.environ.get("GRIOT_TEST_POSTGRESQL", "")
NOW = datetime(2026, 3, 2, 9, 30, 15, 250, tzinfo=UTC)


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture(params=["sqlite", *(["postgresql"] if SERVER else [])])
async def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/griot.db"
    import asyncpg

    connection = await asyncpg.connect(SERVER)
    await connection.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
    await connection.close()
    return SERVER


@pytest.fixture
async def store(address: str) -> AsyncIterator[Store]:
    opened = await Store.open(address)
    await opened.migrate()
    yield opened
    await opened.close()
