"""Whatever happens to dossiers, people, clocks and processes: nothing is said twice, outside hours or after its reason
is gone, caps hold, and what waits long enough is said (the judge: tests/bot/following_judge.py)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from db.database import Store
from tests.bot.following_world import Exercise
from tests.postgresql import emptied


@asynccontextmanager
async def exercise(address: str, folder: Path, seed: int, processes: int) -> AsyncIterator[Exercise]:
    stores = [await Store.open(address) for _ in range(processes)]
    await stores[0].migrate()
    try:
        world = Exercise(stores, folder, seed)
        await world.begin()
        yield world
    finally:
        for store in stores:
            await store.close()


async def walked(address: str, folder: Path, seed: int, steps: int, processes: int = 1, days: int = 45) -> Exercise:
    """A walk, and then weeks in which nothing happens."""
    async with exercise(address, folder, seed, processes) as world:
        await world.walk(steps)
        await world.wait(days, 4)
        world.judge.all_said()
    return world


@pytest.mark.parametrize("seed", [1])
async def test_follow_ups_keep_their_promises(seed: int, tmp_path: Path) -> None:
    world = await walked(f"sqlite:///{tmp_path}/griot.db", tmp_path, seed, 120, 1 + seed % 2, 25)
    assert world.judge.counts["reminded"] > 20
    assert world.judge.counts["coordinator"] + world.judge.counts["secretariat"] > 3


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(100, 106))
async def test_follow_ups_keep_their_promises_in_many_worlds(seed: int, tmp_path: Path) -> None:
    await walked(f"sqlite:///{tmp_path}/griot.db", tmp_path, seed, 300, 1 + seed % 2)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(200, 202))
async def test_two_processes_on_postgresql_keep_them_too(seed: int, tmp_path: Path, postgresql: str) -> None:
    await walked(await emptied(postgresql), tmp_path, seed, 150, 2)
