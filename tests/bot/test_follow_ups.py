"""Follow-ups, through the real store, outbox and stand-in: planned from what waits, said in time, stopped in time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime, timedelta

import pytest

from bot.acting import Act
from bot.follow_ups import FollowUps
from bot.settings import Settings
from bot.steps.capability import Task
from db.follow_ups import FollowUp
from flows.country.follow_ups.policy import standard_policy
from flows.country.follow_ups.schedule import Matter
from flows.i18n import text
from tests.bot.conftest import House, at_work
from tests.telegram.people import Person
from tests.telegram.standin import StandIn

TUESDAY = datetime(2027, 3, 2, 10, tzinfo=UTC)  # ten o'clock in Ouagadougou


class Matters:
    """What waits, as a test says: by role."""

    def __init__(self) -> None:
        self.of: dict[str, list[Matter]] = {}

    async def __call__(self, act: Act) -> Sequence[Task]:
        button = act.button("Ouvrir", "tasks")
        return [Task(f"Un point : {one.kind}", button, one) for one in self.of.get(act.person.role, ())]


@pytest.fixture
async def matters() -> Matters:
    return Matters()


@pytest.fixture
async def country(telegram: StandIn, settings: Settings, matters: Matters) -> AsyncIterator[House]:
    """A country that takes part."""
    async with at_work(telegram, settings, finders=lambda: [matters]) as house:
        await house.takes_part(TUESDAY - timedelta(days=1))
        yield house


async def tick(house: House, matters: Matters, at: datetime) -> int:
    """A tick of the clock at a moment; returns how many messages it put."""
    house.ahead = at - datetime.now(UTC)
    follow_ups = FollowUps(house.app.services, house.app.store, lambda: [matters])
    async with house.app.store.writing() as tx:
        await tx.follow_ups.touch("BFA")
    return (await follow_ups.tick(at)).said


async def rows(house: House) -> list[FollowUp]:
    async with house.store() as store, store.reading() as tx:
        return await tx.follow_ups.of_country("BFA")


async def until(house: House, matters: Matters, first: datetime, days: int) -> list[datetime]:
    """Tick every hour for so many days; returns the moments at which something was said."""
    said, at = [], first
    follow_ups = FollowUps(house.app.services, house.app.store, lambda: [matters])
    while at < first + timedelta(days=days):
        house.ahead = at - datetime.now(UTC)
        if (await follow_ups.tick(at)).said:
            said.append(at)
            await sent(house)
        at += timedelta(hours=1)
    house.ahead = at - datetime.now(UTC)
    return said


async def sent(house: House) -> None:
    """Wait until everything has gone out, while it is the hour for it."""
    async with asyncio.timeout(30):
        while True:
            async with house.app.store.looking() as tx:
                if not (await tx.outbox.counts()).get("waiting"):
                    return
            await asyncio.sleep(0.01)


async def test_who_stays_silent_is_reminded_in_hours_and_the_coordinator_hears_before_the_secretariat(
    country: House, matters: Matters
) -> None:
    awa = await country.official("Awa")
    coordinator = await country.coordinator("Idrissa")
    secretariat = await country.staff("Ama", "secretariat", "en")
    matters.of["official"] = [Matter("finding", "7", TUESDAY)]
    await tick(country, matters, TUESDAY)
    said = await until(country, matters, TUESDAY, 90)
    calendar = standard_policy().calendar("BFA")
    assert all(calendar.is_open(at) for at in said)
    assert len(said) == 5, "three reminders, the coordinator, the secretariat"
    await awa.expect("Un point : finding", 30)
    told = await coordinator.expect(text("reminders.kind_finding", "fr"), 30)
    assert "courriel" in told.text
    await secretariat.expect(text("reminders.kind_finding", "en"), 30)
    (row,) = await rows(country)
    assert (row.reminders, row.next_at) == (3, None)


async def test_what_is_done_is_not_said_any_more(country: House, matters: Matters) -> None:
    await country.official("Awa")
    matters.of["official"] = [Matter("finding", "7", TUESDAY)]
    await tick(country, matters, TUESDAY)
    (row,) = await rows(country)
    assert row.next_at is not None
    matters.of.clear()
    async with country.store() as store:
        late = row.next_at + timedelta(minutes=1)
        follow_ups = FollowUps(country.app.services, store, lambda: [matters])
        assert (await follow_ups.tick(late)).said == 0
    assert await rows(country) == []


async def test_several_matters_are_one_message(country: House, matters: Matters) -> None:
    awa = await country.official("Awa")
    matters.of["official"] = [Matter("finding", str(number), TUESDAY) for number in range(3)]
    await tick(country, matters, TUESDAY)
    (first, *others) = await rows(country)
    assert first.next_at is not None
    assert {other.next_at for other in others} == {first.next_at}
    assert await tick(country, matters, first.next_at) == 1
    shown = await awa.expect(text("reminders.waiting", "fr", 3), 30)
    assert len(shown.buttons) == 5


async def _reminded(country: House, matters: Matters, name: str) -> tuple[Person, datetime]:
    person = await country.official(name)
    matters.of["official"] = [Matter("finding", "7", TUESDAY)]
    await tick(country, matters, TUESDAY)
    (row,) = await rows(country)
    assert row.next_at is not None
    assert await tick(country, matters, row.next_at) == 1
    return person, row.next_at


async def test_a_reminder_can_be_put_off_stopped_and_restored(country: House, matters: Matters) -> None:
    awa, at = await _reminded(country, matters, "Awa")
    await awa.click(text("reminders.button_later", "fr"), 30)
    await awa.click(text("reminders.button_next_week", "fr"))
    await awa.expect("Nous y reviendrons le")
    (row,) = await rows(country)
    assert row.snoozed_until is not None
    assert row.snoozed_until - at > timedelta(days=5)
    assert await until(country, matters, at, 5) == []
    await awa.send("/reminders")
    await awa.click(text("reminders.button_later", "fr"))
    await awa.click(text("reminders.button_never", "fr"))
    await awa.click(text("reminders.button_again", "fr"))
    await awa.expect(text("reminders.unmuted", "fr"))


async def test_whoever_asks_for_help_is_told_whom_and_that_person_hears_of_it(country: House, matters: Matters) -> None:
    coordinator = await country.coordinator("Idrissa")
    awa, _ = await _reminded(country, matters, "Awa")
    await awa.click(text("reminders.button_help", "fr"), 30)
    await awa.expect("Votre demande est transmise")
    await coordinator.expect("demande de l’aide", 30)


async def test_who_cannot_be_reached_is_said_to_the_coordinator_at_once(country: House, matters: Matters) -> None:
    coordinator = await country.coordinator("Idrissa")
    awa = await country.official("Awa")
    await awa.block()
    matters.of["official"] = [Matter("finding", "7", TUESDAY)]
    await tick(country, matters, TUESDAY)
    (row,) = await rows(country)
    assert row.next_at is not None
    said = await until(country, matters, row.next_at, 1)
    assert len(said) == 1
    await coordinator.expect("ne peut plus être jointe", 30)


async def test_two_processes_say_it_once(country: House, matters: Matters) -> None:
    awa = await country.official("Awa")
    matters.of["official"] = [Matter("finding", "7", TUESDAY)]
    await tick(country, matters, TUESDAY)
    (row,) = await rows(country)
    assert row.next_at is not None
    assert [await tick(country, matters, row.next_at) for _ in range(3)] == [1, 0, 0]
    await awa.expect("Un point : finding", 30)
