"""What was told to be committed is there after a kill, and a transaction is there whole or not at all."""

from __future__ import annotations

import random
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from db.checkup import check
from db.database import Store

WRITER = """
import asyncio, sys
from datetime import datetime, UTC
from db.database import Store
from db.outbox import Message

async def main():
    now = datetime.now(UTC)
    store = await Store.open(sys.argv[1])
    await store.migrate()
    async with store.reading() as tx:
        number = await tx.inbox.last_update_id("telegram") or 0
    while True:
        number += 1
        async with store.writing() as tx:
            await tx.inbox.claim("telegram", number, now)
            await tx.outbox.put([Message("telegram", "1", str(number)), Message("telegram", "2", str(number))], now)
        print(number, flush=True)

asyncio.run(main())
"""


@pytest.mark.parametrize("kills", [2, pytest.param(6, marks=pytest.mark.slow)])
async def test_nothing_committed_is_lost_and_nothing_is_there_half(tmp_path: Path, kills: int) -> None:
    address = f"sqlite:///{tmp_path}/griot.db"
    chance = random.Random(7)
    told = 0
    for _ in range(kills):
        process = subprocess.Popen([sys.executable, "-c", WRITER, address], stdout=subprocess.PIPE, text=True)  # noqa: S603
        assert process.stdout is not None
        for _ in range(chance.randint(1, 150)):
            told = int(process.stdout.readline())
        process.kill()
        rest = process.stdout.read().split("\n")[:-1]
        told = int(rest[-1]) if rest else told
        process.wait()
        process.stdout.close()
        await check(address)
        store = await Store.open(address)
        async with store.reading() as tx:
            last = await tx.inbox.last_update_id("telegram") or 0
            messages = [int(one.prompt) for one in await tx.outbox.due(datetime.now(UTC), limit=10_000)]
        await store.close()
        assert last in (told, told + 1)
        assert messages == [number for number in range(1, last + 1) for _ in range(2)]
