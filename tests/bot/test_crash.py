"""Nothing is lost: the real process is killed at moments it cannot foresee."""

from __future__ import annotations

import asyncio
import os
import random
import sys
from asyncio.subprocess import DEVNULL, Process
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from db.database import Store
from tests.bot.process_of_texts import QUESTIONS
from tests.postgresql import emptied
from tests.telegram.people import Person
from tests.telegram.standin import StandIn


async def start(telegram: StandIn, address: str) -> Process:
    environment = {
        **os.environ,
        "GRIOT_TELEGRAM_TOKEN": telegram.token,
        "GRIOT_TELEGRAM_API_URL": telegram.url,
        "GRIOT_DATABASE_URL": address,
    }
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.bot.process_of_texts", env=environment, stdout=DEVNULL, stderr=DEVNULL
    )


async def answering(person: Person, number: int) -> None:
    """Answer question after question, each with words said only once."""
    for question in range(QUESTIONS):
        await person.expect(f"Question q{question}?", timeout=120)
        await person.send(f"official {number} on {question}")


def sent(telegram: StandIn) -> int:
    """How many messages the bot has sent."""
    return sum(method == "sendMessage" for method, _ in telegram.requests)


@pytest.mark.slow
async def test_every_acknowledged_answer_is_stored_once_whenever_the_process_is_killed(
    telegram: StandIn, tmp_path: Path
) -> None:
    await prove(telegram, f"sqlite:///{tmp_path}/griot.db", officials=50, fewest_kills=5)


@pytest.mark.slow
async def test_the_same_holds_on_postgresql(telegram: StandIn, postgresql: str) -> None:
    await prove(telegram, await emptied(postgresql), officials=15, fewest_kills=3)


async def prove(telegram: StandIn, address: str, officials: int, fewest_kills: int) -> None:
    chance = random.Random(2026)
    now = datetime.now(UTC)
    store = await Store.open(address)
    await store.migrate()
    codes = []
    async with store.writing() as tx:
        for _ in range(officials):
            codes.append((await tx.invitations.create("GHA", "official", None, now + timedelta(1), now))[0])
    await store.close()
    people = [await telegram.person(f"P{number}", language="en") for number in range(officials)]
    for person, code in zip(people, codes, strict=True):
        await person.send(f"/start {code}")
    bot = await start(telegram, address)
    talking = asyncio.gather(*(answering(person, number) for number, person in enumerate(people)))
    kills = 0
    while not talking.done():
        before = sent(telegram)
        while sent(telegram) == before and not talking.done():  # it is far enough to speak again
            await asyncio.sleep(0.01)
        await asyncio.wait({talking}, timeout=chance.uniform(0.2, 2.5))
        if not talking.done():
            bot.kill()
            await bot.wait()
            bot = await start(telegram, address)
            kills += 1
    await talking
    assert kills >= fewest_kills
    for person in people:
        await person.expect(lambda message: "Question" not in message.text, timeout=120)
    await telegram.acknowledged(60)
    bot.terminate()
    assert await bot.wait() == 0
    store = await Store.open(address)
    async with store.reading() as tx:
        interviews = await tx.interviews.of_country("GHA")
        history = [answer for interview in interviews for answer in await tx.answers.history(interview.id)]
        failures = await tx.inbox.failures()
    await store.close()
    assert len(interviews) == officials
    assert {interview.status for interview in interviews} == {"completed"}
    assert failures == []
    expected = {f"official {number} on {question}" for number in range(officials) for question in range(QUESTIONS)}
    assert sorted(answer.value for answer in history) == sorted(expected)
    assert len({answer.update_id for answer in history}) == len(history)
    for answer in history:
        assert answer.value.endswith(f" on {answer.path.removeprefix('/data/q')}")
    assert telegram.violations == []
