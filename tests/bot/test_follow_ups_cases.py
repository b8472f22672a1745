"""Follow-ups when the machine was off, the clock jumps, everything falls due at once, or the hour does not exist."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.broadcasting import Broadcasts
from bot.follow_ups import Tick
from db.database import Store
from db.follow_ups import FollowUp
from db.people import Person
from flows.country.follow_ups.schedule import Matter
from tests.bot.following_world import CHANNEL, Exercise, Known

TUESDAY = datetime(2027, 4, 6, 10, tzinfo=UTC)


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[Exercise]:
    store = await Store.open(f"sqlite:///{tmp_path}/griot.db")
    await store.migrate()
    found = Exercise([store], tmp_path, 0)
    found.now = TUESDAY - timedelta(days=30)
    yield found
    await store.close()


async def waiting(
    world: Exercise,
    person: Person,
    kind: str,
    *,
    since: datetime = TUESDAY,
    due: date | None = None,
    subject: str = "1",
) -> None:
    """Something waits for somebody."""
    world.waits[person.id, kind, subject] = Known(Matter(kind, subject, since, due))
    await world.touched(person.id)


async def at(world: Exercise, moment: datetime) -> Tick:
    """A tick at a moment; what it does is judged."""
    world.now = moment
    world.judge.before()
    done = await world.processes[0].tick(world.now)
    await world.judge.after()
    return done


async def log(world: Exercise, country: str = "BFA") -> list[tuple[str, str]]:
    """What was recorded: kind and what."""
    async with world.store.reading() as tx:
        return [(one.kind, one.what) for one in await tx.follow_ups.log(country, 10_000)]


async def rows(world: Exercise, country: str = "BFA") -> list[FollowUp]:
    async with world.store.reading() as tx:
        return await tx.follow_ups.of_country(country)


async def messages(world: Exercise) -> list[str]:
    """To whom something was put, in order."""
    async with world.store.reading() as tx:
        return [row[0] for row in await tx.connection.rows("SELECT address FROM outbox ORDER BY id", ())]


ANY_DAY = "hours.reminder_days = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday']\n"


# ---- outages ------------------------------------------------------------------------------------------------------
async def test_after_an_outage_what_is_worth_saying_is_said_once_in_order_and_the_rest_dropped_with_a_record(
    world: Exercise,
) -> None:
    async with world.store.writing() as tx:
        await tx.follow_ups.set_policy(ANY_DAY, TUESDAY, None)
    later, sooner, both = [await world.join("BFA", "official") for _ in range(3)]
    await waiting(world, later, "finding", since=TUESDAY)
    await waiting(world, sooner, "finding", since=TUESDAY - timedelta(days=2))
    await waiting(world, both, "acceptance", since=TUESDAY - timedelta(days=1), due=TUESDAY.date() + timedelta(days=9))
    await waiting(world, both, "workshop_soon", due=TUESDAY.date() + timedelta(days=8))
    await at(world, TUESDAY)
    world.processes = [world.process()]  # the machine was off for three weeks, and comes back in the night
    back = datetime(2027, 4, 27, 23, tzinfo=UTC)
    assert (await at(world, back)).said == 0
    world.processes = [world.process()]
    morning = datetime(2027, 4, 28, 9, 30, tzinfo=UTC)
    assert (await at(world, morning)).said == 3
    assert (await at(world, morning + timedelta(minutes=1))).said == 0
    assert await messages(world) == [f"a{both.id}", f"a{sooner.id}", f"a{later.id}"], "the longest due first"
    assert Counter(await log(world)) == {
        ("workshop_soon", "dropped"): 1,
        ("finding", "reminded"): 2,
        ("acceptance", "reminded"): 1,
    }


async def test_what_an_outage_made_too_late_to_say_is_dropped_and_the_next_one_comes_a_spacing_later(
    world: Exercise,
) -> None:
    async with world.store.writing() as tx:
        await tx.follow_ups.set_policy(ANY_DAY + "[kinds.finding]\nlate = 3\n", TUESDAY, None)
    person = await world.join("BFA", "official")
    await waiting(world, person, "finding")
    await at(world, TUESDAY)
    back = TUESDAY + timedelta(days=22)
    assert (await at(world, back)).said == 0
    assert await log(world) == [("finding", "dropped")]
    (row,) = await rows(world)
    assert row.reminders == 0
    assert row.next_at is not None
    assert row.next_at > back + timedelta(days=5)
    assert (await at(world, row.next_at)).said == 1


async def test_a_reminder_that_could_not_be_sent_in_time_is_recorded_so_and_counts_as_none(world: Exercise) -> None:
    person = await world.join("BFA", "official")
    await waiting(world, person, "finding")
    await at(world, TUESDAY)
    due = (await rows(world))[0].next_at
    assert due is not None
    await at(world, due)
    assert [(row.reminders, row.last_at) for row in await rows(world)] == [(1, due)]
    await Broadcasts(world.store).tick(due + timedelta(days=1, hours=9))  # the network is down: another day
    assert await log(world) == [("finding", "reminded")]
    await Broadcasts(world.store).tick(due + timedelta(days=20))
    assert await log(world) == [("finding", "reminded"), ("finding", "not sent")]
    assert [(row.reminders, row.last_at) for row in await rows(world)] == [(0, due)]


async def test_a_message_that_waits_in_the_outbox_is_not_sent_once_its_reason_is_gone(world: Exercise) -> None:
    person = await world.join("BFA", "official")
    await waiting(world, person, "finding")
    await at(world, TUESDAY)
    (row,) = await rows(world)
    assert row.next_at is not None
    assert (await at(world, row.next_at)).said == 1
    async with world.store.writing() as tx:
        await tx.outbox.hold(CHANNEL, f"a{person.id}", "blocked")
    world.waits.clear()
    await world.touched(person.id)
    await at(world, row.next_at + timedelta(days=1))
    async with world.store.writing() as tx:
        await tx.outbox.release(CHANNEL, f"a{person.id}")
        assert await tx.outbox.counts() == {"dead": 1}


# ---- clocks -------------------------------------------------------------------------------------------------------
@pytest.mark.slow
async def test_when_the_clock_jumps_back_nothing_is_said_twice(world: Exercise) -> None:
    person = await world.join("BFA", "official")
    await world.join("BFA", "coordinator")
    await waiting(world, person, "acceptance")
    moment, said = TUESDAY, 0
    for number in range(300):
        said += (await at(world, moment)).said  # the judge looks for repetitions
        moment += timedelta(hours=6)
        if number % 20 == 19:
            moment -= timedelta(days=1, hours=2)
    assert said == 6, "five reminders and the coordinator"


@pytest.mark.slow
async def test_a_clock_that_was_a_year_ahead_silences_nobody_for_a_year(world: Exercise) -> None:
    person = await world.join("BFA", "official")
    await waiting(world, person, "finding")
    await at(world, TUESDAY)
    assert (await at(world, TUESDAY + timedelta(days=366))).said == 0, "too late to be worth saying"
    moment, said = TUESDAY + timedelta(hours=1), 0
    while moment < TUESDAY + timedelta(days=60):
        said += (await at(world, moment)).said
        moment += timedelta(hours=6)
    assert said >= 3


@pytest.mark.parametrize(
    ("country", "zone", "first"),
    [
        ("MAR", "Africa/Casablanca", datetime(2027, 1, 25, 9, tzinfo=UTC)),  # an hour back for Ramadan
        ("MAR", "Africa/Casablanca", datetime(2027, 3, 1, 9, tzinfo=UTC)),  # and forward after it
        ("", "Europe/Brussels", datetime(2027, 3, 15, 9, tzinfo=UTC)),
        ("", "Europe/Brussels", datetime(2027, 10, 18, 9, tzinfo=UTC)),
    ],
)
@pytest.mark.slow
async def test_reminders_keep_their_hour_when_clocks_change(
    world: Exercise, country: str, zone: str, first: datetime
) -> None:
    world.now = first
    person = await world.join(country, "secretariat" if not country else "official")
    moment = first
    for number in range(20):
        await waiting(world, person, "workshop_soon", since=first + timedelta(days=number), subject=str(number))
    hours, offsets = set(), set()
    for _ in range(30):
        for number in range(7):  # from seven to ten
            moment = moment.replace(hour=7, minute=0) + number * timedelta(minutes=30)
            if (await at(world, moment)).said:
                local = moment.astimezone(ZoneInfo(zone))
                hours.add((local.hour, local.minute))
                offsets.add(local.utcoffset())
        moment += timedelta(days=1)
    assert hours == {(9, 30)}
    assert len(offsets) == 2, "the clock changed meanwhile"


HOURS = """
[countries.MAR]
worked = [2027-02-07, 2027-03-14]
[countries.MAR.hours]
opens = "02:00"
closes = "04:00"
reminders = "02:30"
reminder_days = ["sunday"]
ramadan = { opens = "02:00", closes = "04:00" }
"""


@pytest.mark.parametrize("day", [date(2027, 2, 7), date(2027, 3, 14)])
async def test_an_hour_that_does_not_exist_or_exists_twice_loses_and_doubles_nothing(
    world: Exercise, day: date
) -> None:
    world.now = datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(days=2)
    async with world.store.writing() as tx:
        await tx.follow_ups.set_policy(HOURS, world.now, None)
    person = await world.join("MAR", "official")
    await waiting(world, person, "workshop_soon", since=world.now)
    async with world.store.reading() as tx:
        assert not await tx.follow_ups.of_country("MAR")
    said = []
    moment = world.now
    process = world.processes[0]
    for _ in range(3 * 24 * 4):
        world.now = moment
        if (await process.tick(world.now)).said:
            said.append(moment.astimezone(ZoneInfo("Africa/Casablanca")))
        moment += timedelta(minutes=15)
    assert [one.date() for one in said] == [day]
    assert 2 <= said[0].hour < 4


# ---- numbers, dates -----------------------------------------------------------------------------------------------
@pytest.mark.slow
async def test_hundreds_due_in_one_minute_are_one_message_each(world: Exercise) -> None:
    people = [await world.join("BFA", "official") for _ in range(300)]
    for person in people:
        for subject in "12":
            world.waits[person.id, "finding", subject] = Known(Matter("finding", subject, TUESDAY))
    await world.touched(people[0].id)
    await at(world, TUESDAY)
    (first, *others) = await rows(world)
    assert {one.next_at for one in others} == {first.next_at}
    assert first.next_at is not None
    assert (await at(world, first.next_at)).said == 300
    assert Counter(await messages(world)) == {f"a{person.id}": 1 for person in people}


@pytest.mark.parametrize("days", [1, 700_000])
@pytest.mark.slow
async def test_a_deadline_in_the_past_is_a_matter_without_one(world: Exercise, days: int) -> None:
    person = await world.join("BFA", "official")
    await waiting(world, person, "acceptance", due=TUESDAY.date() - timedelta(days=days))
    moment, said = TUESDAY, 0
    while moment < TUESDAY + timedelta(days=60):
        said += (await at(world, moment)).said
        moment += timedelta(hours=6)
    assert said == 5


async def test_one_country_whose_plan_fails_holds_up_nobody(world: Exercise) -> None:
    broken, fine = await world.join("BFA", "official"), await world.join("GHA", "official")
    for person in (broken, fine):
        await waiting(world, person, "finding")
    world.broken = {broken.id}
    done = await at(world, TUESDAY)
    assert done.failed == 1
    (row,) = await rows(world, "GHA")
    assert row.next_at is not None
    assert (await at(world, row.next_at)).said == 1
    world.broken = set()
    assert (await at(world, row.next_at + timedelta(minutes=11))).said == 1
