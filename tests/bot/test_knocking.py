"""Whether messages arrive again where somebody blocked the bot: tried now and then, without sending one."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

from bot.knocking import Knocking
from bot.messages import NotReached, TooFast, Undeliverable, Unreachable
from db.database import Store
from db.people import Address
from tests.bot.conftest import House
from tests.telegram.people import Person

DAY = timedelta(days=1)


async def address(house: House) -> Address:
    """The only one."""
    async with house.store() as store, store.reading() as tx:
        (person,) = [one for one in await tx.people.of_country("BFA") if one.role == "official"]
        (found,) = await tx.people.reach(person.id)
    return found


async def waiting(store: Store) -> int:
    async with store.reading() as tx:
        return (await tx.outbox.counts()).get("waiting", 0)


async def blocked(house: House) -> tuple[Person, datetime]:
    """An official who blocked the bot, and when the bot knew."""
    awa = await house.official("Awa")
    async with house.store() as store, asyncio.timeout(10):
        while await waiting(store):  # nothing is on its way that would be refused later
            await asyncio.sleep(0.02)
    await awa.block()
    await house.telegram.acknowledged()
    found = await address(house)
    assert found.status == "blocked"
    return awa, found.since


def back_unseen(house: House, person: Person) -> None:
    """They come back while nobody listens."""
    house.telegram.world.room(person.id).bot_status = "member"


async def test_who_came_back_while_the_bot_was_off_is_found_on_the_days_of_the_policy_and_hears_what_waited(
    house: House,
) -> None:
    awa, since = await blocked(house)
    before = len(await awa.screen())
    knocking = house.app.knocking
    assert await knocking.tick(since + 6 * DAY) == 0
    assert await knocking.tick(since + 7 * DAY) == 0  # tried, and still blocked
    assert (await address(house)).tried_at == since + 7 * DAY
    back_unseen(house, awa)
    assert await knocking.tick(since + 13 * DAY) == 0  # not its day
    assert (await address(house)).status == "blocked"
    assert len(await awa.screen()) == before  # nothing was sent
    assert await knocking.tick(since + 14 * DAY) == 1
    assert (await address(house)).status == "reachable"
    assert await knocking.tick(since + 15 * DAY) == 0


async def test_days_missed_are_made_up_for_by_one_try_and_after_the_last_there_are_no_more(house: House) -> None:
    awa, since = await blocked(house)
    assert await house.app.knocking.tick(since + 61 * DAY) == 0
    assert (await address(house)).tried_at == since + 61 * DAY
    back_unseen(house, awa)
    assert await house.app.knocking.tick(since + 900 * DAY) == 0


async def test_what_is_found_gone_is_gone_and_a_channel_out_of_reach_is_asked_again(house: House) -> None:
    _, since = await blocked(house)
    answers: list[Exception] = [TooFast(3.0, address_only=False), NotReached("timeout"), Undeliverable("odd")]

    async def knock(_: str) -> None:
        raise answers.pop(0)

    knocking = Knocking(house.app.store, {"telegram": knock})
    for _ in range(2):
        assert await knocking.tick(since + 8 * DAY) == 0
        assert (await address(house)).tried_at is None
    assert await knocking.tick(since + 8 * DAY) == 0
    assert (await address(house)).tried_at == since + 8 * DAY
    answers.append(Unreachable("gone"))
    assert await knocking.tick(since + 30 * DAY) == 0
    assert (await address(house)).status == "gone"
