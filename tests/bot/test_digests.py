"""Weekly digests: what they say, and when they come: never twice, never out of hours, never to who wants none."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.acting import Services
from bot.arrivals import STAFF_CONSENT
from bot.attachments import Vault
from bot.digests import Digests, next_for
from bot.dossiers import Dossiers
from bot.envelopes import load
from bot.interviews import Interviews
from db.database import Store
from db.follow_ups import NewFollowUp
from db.outbox import Due
from db.people import Person
from flows.country.access import Actor
from flows.country.follow_ups.policy import standard_policy
from flows.country.steps.contributions import Submitted
from flows.country.steps.interest import CountryOpened
from tests.bot.conftest import small_form

MONDAY = datetime(2027, 2, 1, 9, 0, tzinfo=UTC)
"""At nine in Ouagadougou; in Brussels an hour later."""
POLICY = standard_policy()


class Exercise:
    """A store with a coordinator of Burkina Faso and a member of the secretariat, and two processes at it."""

    def __init__(self, store: Store, folder: Path) -> None:
        self.store = store
        self.services = Services(Dossiers(), Interviews(lambda: [small_form()]), Vault(folder), link=lambda code: code)
        self.first, self.second = (Digests(self.services, store, lambda: ()) for _ in range(2))
        self.people: dict[str, Person] = {}

    async def add(self, role: str, country: str) -> Person:
        at = MONDAY - timedelta(days=30)
        async with self.store.writing() as tx:
            person = await tx.people.add(country, role, None, "en", at, f"Sample {role}")  # type: ignore[arg-type]
            await tx.people.meet("test", f"{role} {country}", "", "en", at)
            await tx.people.bind("test", f"{role} {country}", person.id)
            await tx.consents.record(person.id, STAFF_CONSENT, "en", True, at, "test")
        return person

    async def happens(self, at: datetime, country: str = "BFA") -> None:
        async with self.store.writing() as tx:
            facts = (CountryOpened(), Submitted(1))
            await self.services.dossiers.record(tx, country, Actor("official", 9, country), facts, at)

    async def put(self) -> list[Due]:
        async with self.store.reading() as tx:
            return await tx.outbox.due(MONDAY + timedelta(days=3650))

    async def said(self, address: str) -> str:
        shown = [load(one.prompt) for one in await self.put() if one.address == address]
        return "\n".join(line.text for prompt in shown for line in prompt.lines)


@pytest.fixture
async def exercise(tmp_path: Path) -> AsyncIterator[Exercise]:
    store = await Store.open(f"sqlite:///{tmp_path}/griot.db")
    await store.migrate()
    one = Exercise(store, tmp_path)
    for role, country in (("coordinator", "BFA"), ("secretariat", "")):
        one.people[role] = await one.add(role, country)
    yield one
    await store.close()


async def test_it_says_what_moved_and_what_is_stuck(exercise: Exercise) -> None:
    coordinator = exercise.people["coordinator"]
    await exercise.first.tick(MONDAY - timedelta(days=6))
    await exercise.happens(MONDAY - timedelta(days=2))
    async with exercise.store.writing() as tx:
        since = MONDAY - timedelta(days=20)
        stuck = NewFollowUp("BFA", coordinator.id, "acceptance", "1", since, None, "", "", None)
        await tx.follow_ups.open([stuck], since)
        (row,) = await tx.follow_ups.of_country("BFA")
        await tx.follow_ups.change(replace(row, secretariat_at=since))
    assert await exercise.first.tick(MONDAY + timedelta(hours=1)) == 2
    own, all_ = await exercise.said("coordinator BFA"), await exercise.said("secretariat ")
    assert "What is stuck:\nSample coordinator: " in own
    assert "What moved:\none contribution handed in" in own
    assert "Burkina Faso: one contribution handed in" in all_
    assert "Burkina Faso: one matter without an answer" in all_
    assert own.index("stuck") < own.index("moved")


async def test_where_nothing_moved_and_nothing_is_stuck_there_is_none(exercise: Exercise) -> None:
    await exercise.first.tick(MONDAY - timedelta(days=6))
    assert await exercise.first.tick(MONDAY + timedelta(hours=1)) == 0
    assert await exercise.put() == []


async def test_two_processes_send_one(exercise: Exercise) -> None:
    await exercise.first.tick(MONDAY - timedelta(days=6))
    await exercise.happens(MONDAY - timedelta(days=2))
    now = MONDAY + timedelta(hours=1)
    async with exercise.store.looking() as tx:
        due = await tx.digests.due(now)
    assert [await exercise.second._send(one, POLICY, now, {}) for one in due] == [True, True]
    assert [await exercise.first._send(one, POLICY, now, {}) for one in due] == [False, False]
    assert len(await exercise.put()) == 2


@pytest.mark.parametrize(("days", "sent"), [(1, 2), (2, 2), (3, 0)])
async def test_after_an_outage_it_still_comes_for_a_while_then_it_is_dropped_with_a_record(
    exercise: Exercise, days: int, sent: int
) -> None:
    await exercise.first.tick(MONDAY - timedelta(days=6))
    await exercise.happens(MONDAY - timedelta(days=2))
    assert await exercise.first.tick(MONDAY + timedelta(days=days, hours=1)) == sent
    async with exercise.store.reading() as tx:
        dropped = [one for one in await tx.audit.entries() if one.action == "dropped digest"]
        planned = await tx.digests.get(exercise.people["coordinator"].id)
    assert len(dropped) == 2 - sent
    assert planned is not None and planned.next_at == MONDAY + timedelta(days=7)


@pytest.mark.parametrize("seed", [0, *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(1, 6))])
async def test_whatever_happens_none_comes_twice_out_of_hours_or_unwanted(exercise: Exercise, seed: int) -> None:
    chance = random.Random(seed)
    now, off = MONDAY - timedelta(days=6), dict.fromkeys(("coordinator", "secretariat"), False)
    sent: Counter[tuple[str, object]] = Counter()
    seen = 0
    for _ in range(100):
        now += timedelta(minutes=chance.choice([7, 60, 300, 600, 1500, 4000]))
        if chance.random() < 0.3:
            await exercise.happens(now)
        if chance.random() < 0.1:
            role = chance.choice(list(off))
            off[role] = not off[role]
            async with exercise.store.writing() as tx:
                person = exercise.people[role]
                await tx.digests.switch(person.id, off[role], await next_for(tx, person, now))
        for process in chance.sample([exercise.first, exercise.second], 2):
            await process.tick(now - timedelta(minutes=chance.choice([0, 0, 0, 90])))  # clocks jump
            put = await exercise.put()
            for one in put[seen:]:
                role, _, country = one.address.partition(" ")
                calendar = POLICY.calendar(country) if country else POLICY.secretariat_calendar()
                assert calendar.is_open(one.created_at)
                assert not off[role]
                sent[one.address, calendar.local_day(one.created_at)] += 1
            seen = len(put)
    assert sent
    assert max(sent.values()) == 1
