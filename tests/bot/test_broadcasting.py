"""Thousands of messages under way: one for each person, in hours, paced, stopped at once; nobody waits behind them."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.acting import Services
from bot.attachments import Vault
from bot.broadcasting import STOPPED, Broadcasts, batch_of, put
from bot.dossiers import Dossiers
from bot.envelopes import envelope
from bot.interviews import Interviews
from bot.jobs import Desk, Overtaken
from bot.messages import LAST, LATER, Line, Prompt
from bot.outbox import Limits
from db.database import Store
from db.outbox import Message
from flows.country.access import Actor
from flows.country.follow_ups.policy import standard_policy
from flows.country.steps.broadcasts import BroadcastSent
from tests.bot.conftest import small_form
from tests.bot.outbox_world import START, World

NOW = datetime(2027, 2, 3, 16, 20, tzinfo=UTC)  # a Wednesday; offices in Ouagadougou close in ten minutes
COUNTRIES = ("BFA", "GHA", "TUN", "COD", "DZA")
PEOPLE = 1500
POLICY = standard_policy()


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    store = await Store.open(f"sqlite:///{tmp_path}/griot.db")
    await store.migrate()
    yield store
    await store.close()


def services(folder: Path) -> Services:
    return Services(Dossiers(), Interviews(lambda: [small_form()]), Vault(folder), link=lambda code: code)


async def sent(store: Store, folder: Path) -> Desk:
    """A message to everybody in five countries, confirmed by the secretariat; the work that is to be done now."""
    async with store.writing() as tx:
        ama = await tx.people.add("", "secretariat", None, "en", NOW, "Ama Sample")
        for number in range(PEOPLE):
            country, language = COUNTRIES[number % 5], ("fr", "en", "ar")[number % 3]
            person = await tx.people.add(country, "official", None, language, NOW)
            await tx.people.meet("test", str(number), "", language, NOW)
            await tx.people.bind("test", str(number), person.id)
            await tx.consents.record(person.id, "1", language, True, NOW, "test")
        happened = BroadcastSent("everybody", PEOPLE, fr="Bonjour")
        await services(folder).dossiers.record(tx, "", Actor("secretariat", ama.id), (happened,), NOW)
        await tx.jobs.put("broadcast", {"chain": "", "number": 1}, ama.id, NOW)
        (job,) = await tx.jobs.waiting(1, NOW)
    return Desk(services(folder), store, job, NOW)


async def test_everybody_gets_one_message_in_hours_and_at_the_pace_though_two_processes_do_the_work(
    store: Store, tmp_path: Path
) -> None:
    first = await sent(store, tmp_path)
    second = Desk(services(tmp_path), store, first.job, NOW)
    outcomes = await asyncio.gather(put(first), put(second), return_exceptions=True)
    assert [one for one in outcomes if one is not None and not isinstance(one, Overtaken)] == []
    async with store.reading() as tx:
        counts = await tx.outbox.counts_of(batch_of("", 1))
        rows = await tx.outbox.due(NOW + timedelta(minutes=9), 10 * PEOPLE)
        course = await first.services.dossiers.course(tx, "")
    assert counts == {("waiting", ""): PEOPLE}
    assert len({row.address for row in rows}) == len(rows) > PEOPLE / 5
    newest = course.broadcasts.newest
    assert newest is not None and newest.put == PEOPLE
    minutes: Counter[datetime] = Counter()
    for begins, ends, country in await planned(store):
        calendar = POLICY.calendar(country)
        assert calendar.is_open(begins) and ends == calendar.open_until(begins)
        minutes[begins.replace(second=0, microsecond=0)] += 1
    assert sum(minutes.values()) == PEOPLE
    assert max(minutes.values()) <= POLICY.broadcasts.per_minute


async def planned(store: Store) -> list[tuple[datetime, datetime, str]]:
    async with store.reading() as tx:
        found = await tx.connection.rows("SELECT not_before, not_after, address FROM outbox", ())
    moments = [(datetime.fromisoformat(row[0]), datetime.fromisoformat(row[1]), row[2]) for row in found]
    return [(begins, ends, COUNTRIES[int(address) % 5]) for begins, ends, address in moments]


async def test_work_that_was_cut_off_is_done_again_and_nothing_is_doubled(store: Store, tmp_path: Path) -> None:
    desk = await sent(store, tmp_path)
    pages = 0
    writing = store.writing

    def dying():  # type: ignore[no-untyped-def]
        nonlocal pages
        pages += 1
        if pages > 3:
            raise ConnectionError("the process dies")
        return writing()

    store.writing = dying  # type: ignore[method-assign]
    with pytest.raises(ConnectionError):
        await put(desk)
    store.writing = writing  # type: ignore[method-assign]
    await put(Desk(services(tmp_path), store, desk.job, NOW + timedelta(hours=1)))
    async with store.reading() as tx:
        assert await tx.outbox.counts_of(batch_of("", 1)) == {("waiting", ""): PEOPLE}


async def test_after_an_outage_what_missed_its_hours_is_planned_for_the_next_ones_and_then_dropped(
    store: Store, tmp_path: Path
) -> None:
    await put(await sent(store, tmp_path))
    clock = Broadcasts(store)
    night = datetime(2027, 2, 4, 23, 0, tzinfo=UTC)
    assert await clock.tick(night) == PEOPLE
    async with store.reading() as tx:
        assert await tx.outbox.due(night) == []
    for begins, _, country in await planned(store):
        assert begins > night and POLICY.calendar(country).is_open(begins)
    assert await clock.tick(night) == 0
    assert await clock.tick(night + timedelta(days=20)) == PEOPLE
    async with store.reading() as tx:
        assert await tx.outbox.counts_of(batch_of("", 1)) == {("dead", "too late"): PEOPLE}


# ---- sending ------------------------------------------------------------------------------------------------------
async def bulk(world: World, people: int, *, hours: float = 8) -> None:
    now = world.time.moment()
    rows: list[Message] = []
    for number in range(people):
        row = envelope("telegram", str(number), Prompt((Line("bulk"),), priority=LAST), dedupe="broadcast")
        rows.append(replace(row, batch="broadcast - 1", not_after=now + timedelta(hours=hours)))
    async with world.store.writing() as tx:
        await tx.outbox.put(rows, now)


async def test_a_reply_does_not_stand_behind_a_broadcast_of_thousands_nor_does_a_reminder(store: Store) -> None:
    world = World(store, Limits())
    await bulk(world, 3000)
    async with world.sending():
        await world.time.go(5.03)
        for second in range(5):
            asked = world.time.now - START.timestamp()
            await world.put(f"new {second}", "reply")
            await world.put(f"due {second}", "reminder", priority=LATER)
            await world.time.go(1.07)
            times = {address: at for at, address, _, _ in world.phone.sent}
            assert times[f"new {second}"] - asked < 0.2
            assert times[f"due {second}"] - asked < 1.0


async def test_what_is_stopped_stops_at_once_though_it_was_found_before(store: Store) -> None:
    world = World(store, Limits())
    await bulk(world, 300)
    async with world.sending():
        await world.time.go(3)
        async with store.writing() as tx:
            dropped = await tx.outbox.drop_batch("broadcast - 1", STOPPED, world.time.moment())
        before = len(world.phone.sent)
        assert dropped > 100
        await world.time.go(10)
        assert len(world.phone.sent) <= before + 16  # those that were on their way
        counts = await world.counts()
        assert counts["sent"] + counts["dead"] == 300
        assert len(world.phone.sent) == counts["sent"]


async def test_nothing_of_a_broadcast_goes_out_after_its_hours(store: Store) -> None:
    world = World(store, Limits())
    await bulk(world, 300, hours=2 / 3600)
    async with world.sending():
        await world.time.go(30)
    assert 30 < len(world.phone.sent) < 100
    assert max(at for at, *_ in world.phone.sent) < 2.1
    counts = await world.counts()
    assert counts == {"sent": len(world.phone.sent), "waiting": 300 - len(world.phone.sent)}
