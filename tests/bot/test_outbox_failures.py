"""What the sender promises when sending, the store, an address or the process fails."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from bot.messages import NotReached, Prompt, TooFast, Undeliverable, Unreachable
from bot.outbox import Limits, Sender
from db.problems import StoreProblem
from tests.bot.outbox_world import START, Phone, World, gaps, opened


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with opened(tmp_path) as one:
        yield one


async def test_a_store_that_fails_for_a_moment_costs_no_message(world: World) -> None:
    await world.put("1", "question", key="q")
    async with world.sending():
        await world.time.go(3)
        looking = world.store.looking

        @asynccontextmanager
        async def failing() -> AsyncIterator[object]:
            raise StoreProblem("locked", path="griot.db")
            yield

        await world.put("1", "edited", key="q", edit=True)
        world.store.looking = failing  # type: ignore[assignment,method-assign]
        await world.time.go(1)
        world.store.looking = looking  # type: ignore[method-assign]
        await world.time.go(10)
    assert world.phone.texts("1") == ["question", "edited"]
    assert await world.counts() == {"sent": 2}


async def test_what_another_process_sent_meanwhile_is_not_sent_again(world: World) -> None:
    sender = world.sender()
    await world.put("1", "a", "b", "c")
    task = asyncio.create_task(sender.run())
    await world.time.go(0.01)
    task.cancel()
    await world.time.go(1)
    async with world.sending():
        await world.time.go(5)
    again = asyncio.create_task(sender.run())
    await world.time.go(5)
    again.cancel()
    await world.time.go(1)
    assert world.phone.texts("1") == ["a", "b", "c"]


async def test_retries_wait_longer_each_time(world: World) -> None:
    tries: list[float] = []
    world.phone.failures["1"] = [NotReached("network")] * 6

    class Noting(Phone):
        async def send(self, address: str, prompt: Prompt, edits: str = "") -> str:
            tries.append(world.time.now)
            return await world.phone.send(address, prompt, edits)

    await world.put("1", "a")
    limits = Limits(longest_wait=10)
    sender = Sender(
        world.store,
        {"telegram": Noting(world.time)},
        limits,
        clock=world.time.clock,
        moment=world.time.moment,
        wait=world.time.wait,
        chance=lambda: 0.5,
    )
    task = asyncio.create_task(sender.run())
    await world.time.go(60)
    task.cancel()
    waits = gaps(tries)
    assert waits[0] >= 1
    assert all(later >= earlier for earlier, later in pairwise(waits))
    assert waits[-1] <= 10.1
    assert world.phone.texts("1") == ["a"]
    with suppress(asyncio.CancelledError):
        await task


async def test_too_fast_at_one_address_holds_that_address_only(world: World) -> None:
    world.phone.failures["1"] = [TooFast(20, address_only=True)]
    await world.put("1", "a", "b")
    await world.put("2", "c", "d")
    async with world.sending():
        await world.time.go(19)
        assert (world.phone.texts("1"), world.phone.texts("2")) == ([], ["c", "d"])
        await world.time.go(5)
        assert world.phone.texts("1") == ["a", "b"]


async def test_too_fast_in_all_holds_everybody_as_long_as_told(world: World) -> None:
    world.phone.failures["1"] = [TooFast(20)]
    await world.put("1", "a")
    async with world.sending():
        await world.time.go(0.1)
        await world.put("2", "b")
        await world.time.go(19.5)
        assert world.phone.sent == []
        await world.time.go(3)
        assert sorted(text for _, _, text, _ in world.phone.sent) == ["a", "b"]


@pytest.mark.parametrize(("why", "left"), [("blocked", {"dead": 1, "held": 2}), ("gone", {"dead": 3})])
async def test_an_address_that_cannot_be_reached_is_noted_and_its_messages_set_aside(
    world: World, why: str, left: dict[str, int]
) -> None:
    async with world.store.writing() as tx:
        await tx.people.meet("telegram", "1", "u", "fr", START)
        person = await tx.people.add("BFA", "official", None, "fr", START)
        await tx.people.bind("telegram", "1", person.id)
    world.phone.failures["1"] = [Unreachable(why)]  # type: ignore[arg-type]
    await world.put("1", "a", "b", "c")
    async with world.sending():
        await world.time.go(5)
        assert world.phone.sent == []
        assert await world.counts() == left
        async with world.store.reading() as tx:
            found = await tx.people.at("telegram", "1")
            stale = {country for country, _ in await tx.follow_ups.stale()}
        assert found is not None
        assert found.status == why
        assert stale == {"", "BFA"}  # what waits there is looked at anew
        if why == "blocked":
            async with world.store.writing() as tx:
                await tx.outbox.release("telegram", "1")
            await world.time.go(5)
            assert world.phone.texts("1") == ["b", "c"]


async def test_somebody_who_came_back_while_a_message_was_refused_is_not_held_to_be_gone(world: World) -> None:
    async with world.store.writing() as tx:
        await tx.people.meet("telegram", "1", "u", "fr", world.time.moment())
    world.phone.slow.add("1")
    world.phone.failures["1"] = [Unreachable("blocked")]
    await world.put("1", "a", "b")
    async with world.sending():
        await world.time.go(10)
        async with world.store.writing() as tx:
            for status in ("blocked", "reachable"):
                await tx.people.mark("telegram", "1", status, world.time.moment())
        world.phone.slow.clear()
        await world.time.go(120)
        assert world.phone.texts("1") == ["a", "b"]
        async with world.store.reading() as tx:
            found = await tx.people.at("telegram", "1")
    assert found is not None
    assert found.status == "reachable"


async def test_a_message_that_can_never_be_sent_is_kept_and_lets_the_next_one_go(world: World) -> None:
    world.phone.failures["1"] = [Undeliverable("too large"), RuntimeError("a bug in the channel")]
    await world.put("1", "a", "b", "c")
    async with world.sending():
        await world.time.go(5)
    assert world.phone.texts("1") == ["c"]
    assert await world.counts() == {"dead": 2, "sent": 1}


async def test_a_message_nobody_can_be_reached_with_is_given_up_in_the_end(tmp_path: Path) -> None:
    async with opened(tmp_path, Limits(give_up_after=timedelta(minutes=4))) as world:
        world.phone.failures["1"] = [NotReached("server")] * 100_000
        await world.put("1", "a")
        async with world.sending():
            await world.time.go(1)
            await world.time.go(600)
            assert await world.counts() == {"dead": 1}


async def test_after_a_crash_between_sending_and_recording_one_message_repeats_and_none_is_lost(world: World) -> None:
    await world.put("1", "a", "b", "c")
    await world.put("2", "d")
    task = asyncio.create_task(world.sender().run())
    original = world.store.writing
    crash = RuntimeError("the process dies")

    @asynccontextmanager
    async def dying() -> AsyncIterator[object]:
        raise crash
        yield

    world.store.writing = dying  # type: ignore[assignment,method-assign]
    await world.time.go(1)
    with pytest.raises(RuntimeError):
        await task
    world.store.writing = original  # type: ignore[method-assign]
    async with world.sending():
        await world.time.go(10)
    assert world.phone.texts("1") == ["a", "a", "b", "c"]
    assert world.phone.texts("2") == ["d", "d"]
    assert await world.counts() == {"sent": 4}


async def test_stopping_finishes_and_records_what_is_on_its_way(world: World) -> None:
    await world.put("1", "a", "b")
    task = asyncio.create_task(world.sender().run())
    await world.time.go(0.01)
    assert world.phone.under_way == 1
    task.cancel()
    await world.time.go(1)
    with pytest.raises(asyncio.CancelledError):
        await task
    assert world.phone.texts("1") == ["a"]
    assert await world.counts() == {"sent": 1, "waiting": 1}
