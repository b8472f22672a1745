"""Delivery within Telegram's limits: `python -m bench.delivering` prints a table.

Reminders fall due for 1,500 people at once; the real bot puts them into the outbox and sends them to the stand-in of
the Bot API, which counts as Telegram does and answers 429 to what is too much. Meanwhile a few officials answer their
questionnaire, and wait for the next question. Bot and stand-in share a process and its processor.
"""

from __future__ import annotations

import asyncio
import logging
import statistics
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter

from pydantic import SecretStr
from rich.console import Console

from bench.tables import Line, shown
from bench.turns import answer, form
from bot.acting import Act
from bot.outbox import Limits
from bot.settings import Settings
from bot.steps.capability import Task
from db.follow_ups import NewFollowUp
from flows.country.follow_ups.schedule import Matter
from tests.bot.conftest import AT_ONCE, House
from tests.telegram.people import Person
from tests.telegram.standin import StandIn

PEOPLE = 1500
OFFICIALS = 5
EVERY = 2.0  # seconds between two answers of an official
ALONE = 5  # answers of each official while nothing is sent
ALLOWED = 30  # messages a second
OPEN = datetime(2027, 3, 2, 10, tzinfo=UTC)  # a Tuesday, ten o'clock in Ouagadougou
BEFORE = timedelta(hours=2)  # nothing is sent yet
_LEFT = "SELECT id FROM outbox WHERE state = 'waiting' AND batch IS NOT NULL LIMIT 1"
_SAID = "SELECT count(*) FROM follow_up_log WHERE what = 'reminded'"
SINCE = OPEN - timedelta(days=30)


async def waits(act: Act) -> Sequence[Task]:
    """One matter for each colleague."""
    if act.person.role != "colleague":
        return []
    return [Task("An answer is awaited.", act.button("Open", "tasks"), Matter("acceptance", "1", SINCE))]


@dataclass
class Official:
    """Answers one question after the other."""

    phone: Person
    question: int = 0
    took: list[float] = field(default_factory=list)

    async def answer(self) -> None:
        began = perf_counter()
        await self.phone.send(answer(self.question))
        self.question += 1
        await self.phone.expect(f"Question {self.question}?", 60)
        self.took.append(perf_counter() - began)

    async def go_on(self) -> None:
        while True:
            await self.answer()
            await asyncio.sleep(EVERY)


@dataclass(frozen=True, slots=True)
class Delivered:
    """Seconds for all of them; how many 429s; milliseconds of a reply alone and meanwhile."""

    seconds: float
    too_fast: int
    alone: Sequence[float]
    meanwhile: Sequence[float]


async def delivered(folder: Path, people: int = PEOPLE) -> Delivered:
    """Send to so many people while officials write."""
    async with StandIn() as telegram:
        settings = Settings(
            _env_file=None,  # type: ignore[call-arg]
            telegram_token=SecretStr(telegram.token),
            telegram_api_url=telegram.url,
            database_url=f"sqlite:///{folder}/griot.db",
        )
        the_form = form(200)
        limits = telegram.world.limits
        per_chat, overall = limits.per_chat, limits.overall
        limits.per_chat = limits.overall = 0
        house = House(telegram, settings, AT_ONCE, lambda: [the_form], finders=lambda: [waits])
        await house.start()
        await _come(house, people)
        officials = [await _official(house, number) for number in range(OFFICIALS)]
        await house.stop()
        limits.per_chat, limits.overall = per_chat, overall
        early = OPEN - BEFORE - datetime.now(UTC)
        house = House(telegram, settings, Limits(), lambda: [the_form], early, lambda: [waits])
        await house.start()
        try:
            return await _measured(house, officials, people)
        finally:
            await house.stop()


async def _come(house: House, people: int) -> None:
    """People who are to be reminded at `OPEN`."""
    for number in range(people):
        phone = await house.telegram.person(f"p{number}", language="en")
        await phone.send("/start")
        await phone.expect()
        async with house.app.store.writing() as tx:
            person = await tx.people.add("BFA", "colleague", None, "en", SINCE)
            await tx.people.meet("telegram", str(phone.chat_id), str(phone.chat_id), "en", SINCE)
            await tx.people.bind("telegram", str(phone.chat_id), person.id)
            new = NewFollowUp("BFA", person.id, "acceptance", "1", SINCE, None, "remind", "first", OPEN)
            await tx.follow_ups.open([new], SINCE)


async def _official(house: House, number: int) -> Official:
    phone = await house.telegram.person(f"o{number}", language="en")
    await phone.send(f"/start {await house.invitation('', days=365)}")
    await phone.expect("Question 0?")
    return Official(phone)


async def _measured(house: House, officials: Sequence[Official], people: int) -> Delivered:
    for _ in range(ALONE):
        await asyncio.gather(*(one.answer() for one in officials))
        await asyncio.sleep(EVERY)
    alone = [took for one in officials for took in one.took]
    for one in officials:
        one.took = []
    writing = [asyncio.create_task(one.go_on()) for one in officials]
    house.ahead += BEFORE
    began = perf_counter()
    await house.app.follow_ups.tick(house.now())  # the clock may have begun before
    while await _waiting(house):
        await asyncio.sleep(0.1)
    took = perf_counter() - began
    async with house.app.store.looking() as tx:
        ((said,),) = await tx.connection.rows(_SAID, ())
    assert said == people, "not all are reminded, or some twice"
    for task in writing:
        task.cancel()
    await asyncio.gather(*writing, return_exceptions=True)
    return Delivered(took, len(house.telegram.flood), alone, [took for one in officials for took in one.took])


async def _waiting(house: House) -> bool:
    """Whether reminders are still to be sent."""
    async with house.app.store.looking() as tx:
        return bool(await tx.connection.rows(_LEFT, ()))


def _high(took: Sequence[float]) -> float:
    return sorted(took)[int(len(took) * 0.95)]


def lines() -> Sequence[Line]:
    """The table, for `python -m bench`."""
    logging.disable(logging.INFO)
    with tempfile.TemporaryDirectory() as name:
        found = asyncio.run(delivered(Path(name)))
    rate = PEOPLE / found.seconds
    low, high = statistics.median(found.meanwhile) * 1000, _high(found.meanwhile) * 1000
    alone = statistics.median(found.alone) * 1000
    return [
        ("what", "here", "compared with", "", "ratio"),
        (f"{PEOPLE:,} reminders, a second", f"{rate:.1f}", "allowed", f"{ALLOWED}", f"{rate / ALLOWED:.2f}"),
        ("answers of 429", f"{found.too_fast}", "aim", "0", ""),
        ("a reply meanwhile, median, ms", f"{low:.0f}", "the same alone, median", f"{alone:.0f}", f"{low / alone:.2f}"),
        (
            "a reply meanwhile, 95 of 100, ms",
            f"{high:.0f}",
            "the same alone, 95 of 100",
            f"{_high(found.alone) * 1000:.0f}",
            f"{high / (_high(found.alone) * 1000):.2f}",
        ),
    ]


if __name__ == "__main__":
    Console().print(shown(lines()))
