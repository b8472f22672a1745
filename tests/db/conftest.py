"""A new store for each test: on SQLite, and, among the slow tests, on a real PostgreSQL server."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from db.database import Store
from tests.empty import lay
from tests.postgresql import emptied

NOW = datetime(2026, 3, 2, 9, 30, 15, 250, tzinfo=UTC)


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
async def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/griot.db"
    return await emptied(request.getfixturevalue("postgresql"))


@pytest.fixture
async def store(address: str, tmp_path: Path) -> AsyncIterator[Store]:
    if address.startswith("sqlite"):
        lay(tmp_path / "griot.db")
    opened = await Store.open(address)
    await opened.migrate()
    yield opened
    await opened.close()
