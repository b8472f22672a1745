"""A bot as its own process, killed without warning at random moments and started again."""

from __future__ import annotations

import asyncio
import os
import random
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from tests.telegram.standin import StandIn

ROOT = Path(__file__).resolve().parents[2]


class BotProcess:
    """`python -m …` with its output in `log`. It gets SIGKILL: nothing in it can tidy up."""

    def __init__(self, module: Sequence[str], environment: Mapping[str, str], log: Path) -> None:
        self._command = [sys.executable, "-m", *module]
        self._environment = {**os.environ, **environment}
        self._log = log
        self._process: asyncio.subprocess.Process | None = None
        self.kills = 0

    async def start(self) -> None:
        with self._log.open("ab") as out:
            self._process = await asyncio.create_subprocess_exec(
                *self._command, env=self._environment, cwd=ROOT, stdout=out, stderr=out
            )

    async def kill(self) -> None:
        assert self._process is not None
        assert self._process.returncode is None, f"the bot ended by itself:\n{self._log.read_text()[-3000:]}"
        self._process.kill()
        await self._process.wait()
        self.kills += 1

    async def close(self) -> None:
        if self._process is not None and self._process.returncode is None:
            self._process.kill()
            await self._process.wait()


async def killed_at(bot: BotProcess, telegram: StandIn, method: str, *, done: bool, skip: int = 0) -> None:
    """Kill the bot while its next request of `method` (after `skip` of them) is under way, and start it again.

    `done`: Telegram has done what was asked, and the bot never hears of it; else nothing was done.
    """
    before = telegram.held
    telegram.faults.add("slow_after" if done else "slow", method=method, seconds=60, skip=skip)
    assert await telegram.world.until(lambda: True if telegram.held > before else None, 30)
    await bot.kill()
    await bot.start()


@asynccontextmanager
async def disturbed(
    bot: BotProcess, telegram: StandIn, times: int, dice: random.Random, busiest: int
) -> AsyncIterator[None]:
    """During the block the bot is killed and started again, up to `times` times.

    Each kill comes after 1 to `busiest` more requests and up to 50 ms more, so that it falls anywhere in the work.
    """
    over = asyncio.Event()

    async def disturb() -> None:
        for _ in range(times):
            enough = len(telegram.requests) + dice.randint(1, busiest)

            def reached(enough: int = enough) -> bool | None:
                return True if over.is_set() or len(telegram.requests) >= enough else None

            await telegram.world.until(reached, 600)
            if over.is_set():
                return
            await asyncio.sleep(dice.random() * 0.05)
            await bot.kill()
            await bot.start()

    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(disturb())
        yield
        over.set()
        telegram.world.touch()
