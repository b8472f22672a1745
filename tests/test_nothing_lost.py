"""Killed at any moment and started again, the bot loses no answer, applies none twice and leaves nobody waiting.

The judge is a second run: the same updates handled in one process without a kill. Both stores must hold the same
answers with the same history, and every chat must show what the second run would have said.
"""

from __future__ import annotations

import asyncio
import random
import shutil
import sys
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.inviting import Invited, invite
from db.database import Store
from tests.nothing_lost import undisturbed
from tests.nothing_lost.judging import lost_or_repeated, unsaid_or_repeated
from tests.nothing_lost.officials import Official
from tests.nothing_lost.process import ROOT, BotProcess, disturbed, killed_at
from tests.telegram.people import Person
from tests.telegram.standin import StandIn

SENT_WITHIN = 60.0  # seconds for the outbox to empty once nobody disturbs


@asynccontextmanager
async def running(bot: BotProcess) -> AsyncIterator[None]:
    await bot.start()
    try:
        yield
    finally:
        await bot.close()


# ---- the real bot ---------------------------------------------------------------------------------------------------
async def invitations(database: Path, count: int) -> list[str]:
    """Codes for officials of so many entities, half of them for each of two countries."""
    store = await Store.open(f"sqlite:///{database}")
    try:
        await store.migrate()
        codes = []
        for number in range(count):
            country = ("BFA", "GHA")[number % 2]
            made = await invite(
                store, country, "official", f"Entity {number}", "", timedelta(days=1), datetime.now(UTC)
            )
            assert isinstance(made, Invited)
            codes.append(made.code)
        return codes
    finally:
        await store.close()


async def invitation_by_command(environment: dict[str, str]) -> str:
    """A code as the secretariat gets it, from `griot invite`."""
    arguments = ["-m", "bot", "invite", "--country", "BFA", "--role", "official", "--entity", "Sample entity"]
    process = await asyncio.create_subprocess_exec(
        sys.executable, *arguments, env=environment, cwd=ROOT, stdout=asyncio.subprocess.PIPE
    )
    printed, _ = await process.communicate()
    return printed.decode().split("?start=")[1].split()[0]


async def all_sent(database: Path) -> None:
    """Wait until the outbox holds nothing that is still to be sent."""
    async with asyncio.timeout(SENT_WITHIN):
        while undisturbed.rows(database, undisturbed.UNSENT):
            await asyncio.sleep(0.1)


async def prove(folder: Path, officials: int, turns: int, kills: int, seed: int) -> None:
    database, copy = folder / "griot.db", folder / "undisturbed.db"
    async with StandIn() as telegram:
        environment = {
            "GRIOT_TELEGRAM_API_URL": telegram.url,
            "GRIOT_TELEGRAM_TOKEN": telegram.token,
            "GRIOT_DATABASE_URL": f"sqlite:///{database}",
            "PATH": "",
        }
        codes = [*await invitations(database, officials - 1), await invitation_by_command(environment)]
        shutil.copyfile(database, copy)
        languages = ("fr", "en", "pt")
        people = [
            Official(await telegram.person(f"Sample official {n}", languages[n % 3]), code, seed + n)
            for n, code in enumerate(codes, 1)
        ]
        bot = BotProcess(["bot", "bot"], environment, folder / "bot.log")

        async def answer(official: Official) -> None:
            await official.arrive()
            for _ in range(turns):
                await official.answer()

        async with running(bot):
            async with disturbed(bot, telegram, kills, random.Random(seed), busiest=officials * 2):
                await asyncio.gather(*map(answer, people))
            # Whatever happened before, everybody can go on.
            await asyncio.gather(*(official.answer() for official in people))
            await telegram.acknowledged(SENT_WITHIN)
            await all_sent(database)
        await judge(telegram, [official.person for official in people], database, copy, bot.kills)


async def judge(telegram: StandIn, people: list[Person], database: Path, copy: Path, kills: int) -> None:
    await undisturbed.replay(copy, [delivery.update for _, delivery in sorted(telegram.world.updates.items())])
    for query in (undisturbed.INBOX, undisturbed.INTERVIEWS, undisturbed.ANSWERS):
        assert undisturbed.rows(database, query) == undisturbed.rows(copy, query)
    inbox = Counter(update_id for update_id, state in undisturbed.rows(database, undisturbed.INBOX) if state == "done")
    problems = lost_or_repeated(telegram.world, inbox)
    expected = undisturbed.said(copy)
    for person in people:
        problems += unsaid_or_repeated(telegram.world, person.id, expected[person.id], kills)
        newest = next(message for message in reversed(await person.screen()) if message.from_bot and message.labels)
        if newest.text != expected[person.id][-1]:
            problems.append(f"{person.name} does not see the next question")
    assert problems == []
    assert telegram.violations == []
    assert [flood for flood in telegram.flood if flood.early] == []
    assert kills > 0
    assert len(undisturbed.rows(database, undisturbed.ANSWERS)) >= len(people)


@pytest.mark.slow
async def test_a_few_officials_lose_nothing_in_a_few_kills(tmp_path: Path) -> None:
    await prove(tmp_path, officials=5, turns=3, kills=3, seed=20261123)


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2])
async def test_fifty_officials_lose_nothing_however_often_the_bot_is_killed(tmp_path: Path, seed: int) -> None:
    await prove(tmp_path, officials=50, turns=12, kills=40, seed=seed)


# ---- the proof itself -----------------------------------------------------------------------------------------------
MOMENTS = (  # of the request that a kill interrupts: its method, whether Telegram did it, how many are spared before
    ("sendMessage", False, 0),
    ("sendMessage", True, 1),
    ("getUpdates", True, 0),
    ("getUpdates", True, 1),
    ("getUpdates", True, 0),
)


async def tiny(folder: Path, manner: str) -> list[str]:
    """What the judge says of a tiny bot that was killed at the moments that matter."""
    async with StandIn() as telegram:
        telegram.world.limits.per_chat = telegram.world.limits.overall = 0
        people = [await telegram.person(f"Sample official {number}") for number in range(3)]
        url, database = f"{telegram.base_url}{telegram.token}", folder / "tiny.db"
        bot = BotProcess(["tests.nothing_lost.tiny_bot", url, str(database), manner], {}, folder / "bot.log")
        async with running(bot):
            for method, done, skip in MOMENTS:
                for person in people:
                    await person.send("an answer")
                await killed_at(bot, telegram, method, done=done, skip=skip)
            await telegram.acknowledged()
        applied = Counter(number for (number,) in undisturbed.rows(database, "SELECT update_id FROM applied"))
        problems = lost_or_repeated(telegram.world, applied)
        for person in people:
            mine = [
                f"seen {number}"
                for number, delivery in telegram.world.updates.items()
                if delivery.update["message"]["chat"]["id"] == person.id
            ]
            problems += unsaid_or_repeated(telegram.world, person.id, mine, bot.kills)
        return problems


async def test_a_careful_bot_passes(tmp_path: Path) -> None:
    assert await tiny(tmp_path, "careful") == []


@pytest.mark.parametrize(
    ("manner", "verdict"),
    [("hasty", "acknowledged and is lost"), ("forgetful", "was applied 2 times"), ("mute", "never said")],
)
async def test_a_careless_bot_is_found_out(tmp_path: Path, manner: str, verdict: str) -> None:
    problems = await tiny(tmp_path, manner)
    assert any(verdict in problem for problem in problems)
