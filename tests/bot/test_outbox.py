"""What the sender promises, with time in the test's hands."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.envelopes import dump, envelope, load
from bot.messages import Button, Document, Line, NotReached, Prompt
from bot.outbox import Limits
from db.outbox import Due, Outbox
from tests.bot.outbox_world import START, World, gaps, opened


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with opened(tmp_path) as one:
        yield one


async def test_a_message_goes_out_as_soon_as_it_is_committed(world: World) -> None:
    async with world.sending():
        await world.time.go(3)
        await world.put("1", "hello")
        await world.time.go(0.1)
        assert world.phone.texts("1") == ["hello"]
    assert await world.counts() == {"sent": 1}


async def test_messages_of_one_address_keep_their_order_and_a_second_between_them(world: World) -> None:
    await world.put("1", *"abcdef")
    async with world.sending():
        await world.time.go(10)
    assert world.phone.texts("1") == list("abcdef")
    assert min(gaps([at for at, *_ in world.phone.sent])) >= 1


async def test_a_short_burst_at_one_address_can_be_allowed(tmp_path: Path) -> None:
    async with opened(tmp_path, Limits(at_once=3)) as world:
        await world.put("1", *"abcdef")
        async with world.sending():
            await world.time.go(10)
        times = [at for at, *_ in world.phone.sent]
        assert times[2] < 1
        assert all(times[index + 3] - times[index] >= 3 for index in range(3))


@pytest.mark.parametrize(("priority", "within", "together"), [(0, 4.5, 8), (5, 4.8, 1)])
async def test_never_more_than_thirty_in_any_second_and_nearly_thirty(
    world: World, priority: int, within: float, together: int
) -> None:
    await world.put_many([str(address) for address in range(120)], "a", priority)
    async with world.sending():
        await world.time.go(6)
    times = sorted(at for at, *_ in world.phone.sent)
    assert len(times) == 120
    assert all(times[index + 30] - times[index] >= 1 for index in range(90))
    assert times[-1] < within
    assert together <= world.phone.most_under_way <= 16


async def test_a_reply_never_stands_behind_thousands(world: World) -> None:
    await world.put_many([str(address) for address in range(3000)], "bulk", priority=5)
    async with world.sending():
        await world.time.go(10.03)
        for second in range(10):
            asked = world.time.now - START.timestamp()
            await world.put(f"new {second}", "reply")
            await world.time.go(1.07)
            ((at, *_),) = [one for one in world.phone.sent if one[1] == f"new {second}"]
            assert at - asked < 0.2


async def test_a_reply_does_not_wait_for_bulk_that_hangs(world: World) -> None:
    world.phone.slow = {str(address) for address in range(100)}
    await world.put_many([str(address) for address in range(100)], "bulk", priority=5)
    async with world.sending():
        await world.time.go(5)
        await world.put("new", "reply")
        await world.time.go(0.2)
        assert world.phone.texts("new") == ["reply"]


async def test_bulk_is_not_put_off_for_ever_by_replies(world: World) -> None:
    await world.put_many([f"bulk {address}" for address in range(50)], "bulk", priority=5)
    await world.put_many([f"reply {address}" for address in range(1000)], "reply")
    async with world.sending():
        await world.time.go(20)
    bulk = [at for at, _, text, _ in world.phone.sent if text == "bulk"]
    assert len(bulk) >= 40
    assert len(world.phone.sent) > 550


async def test_a_clock_that_is_set_back_holds_nobody_up(world: World) -> None:
    async with world.sending():
        await world.put("1", "a")
        await world.time.go(1)
        world.time.offset = -3600.0
        await world.put("1", "b")
        await world.put("1", "later", after=60)
        await world.time.go(5)
        assert world.phone.texts("1") == ["a", "b"]
        world.time.offset = 3600.0
        await world.time.go(3)
        assert world.phone.texts("1") == ["a", "b", "later"]


async def test_thousands_that_wait_cost_little_at_each_look(world: World) -> None:
    now = datetime.fromtimestamp(world.time.now, UTC)
    async with world.store.writing() as tx:
        rows = [envelope("telegram", str(number), Prompt((Line("bulk"),), priority=5)) for number in range(5000)]
        await tx.outbox.put(rows, now)
    read = 0
    async with world.sending():
        await world.time.go(1)
        due = Outbox.due

        async def counted(self: Outbox, *arguments: Any) -> list[Due]:
            nonlocal read
            found = await due(self, *arguments)
            read += len(found)
            return found

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(Outbox, "due", counted)
            await world.time.go(9)
    assert read < 1000


async def test_replies_go_before_bulk(world: World) -> None:
    await world.put_many([str(address) for address in range(100)], "bulk", priority=5)
    await world.put("99", "reply to 99")
    await world.put("200", "reply")
    async with world.sending():
        await world.time.go(0.2)
        assert {"200", "99"} <= {address for _, address, _, _ in world.phone.sent}
        assert world.phone.texts("99") == ["reply to 99"]


async def test_one_slow_address_does_not_hold_up_the_others(world: World) -> None:
    world.phone.failures["1"] = [NotReached("network")] * 8
    await world.put("1", "a", "b")
    await world.put("2", "c", "d")
    async with world.sending():
        await world.time.go(3)
        assert world.phone.texts("2") == ["c", "d"]
        assert world.phone.texts("1") == []
        await world.time.go(600)
        assert world.phone.texts("1") == ["a", "b"]


async def test_only_the_last_edit_of_a_message_is_sent(world: World) -> None:
    await world.put("1", "question", key="q")
    await world.put("1", "tick 1", "tick 2", "tick 3", key="q", edit=True)
    await world.put("1", "other", key="r", edit=True)
    async with world.sending():
        await world.time.go(10)
    assert [(text, edits) for _, _, text, edits in world.phone.sent] == [
        ("question", ""),
        ("tick 3", "100"),
        ("other", ""),
    ]
    assert await world.counts() == {"sent": 5}


async def test_a_message_for_later_waits_for_its_time(world: World) -> None:
    await world.put("1", "later", after=3600)
    async with world.sending():
        await world.time.go(3599)
        assert world.phone.sent == []
        await world.time.go(1.1)
        assert world.phone.texts("1") == ["later"]


async def test_a_reply_does_not_wait_behind_a_message_for_later(world: World) -> None:
    await world.put("1", "later", after=3600)
    await world.put("1", "now")
    async with world.sending():
        await world.time.go(1)
        assert world.phone.texts("1") == ["now"]


async def test_draining_sends_all_that_is_due(world: World) -> None:
    await world.put("1", "a", "b")
    await world.put("2", "later", after=3600)
    task = asyncio.create_task(world.sender().drain())
    await world.time.go(5)
    await task
    assert world.phone.texts("1") == ["a", "b"]
    assert await world.counts() == {"sent": 2, "waiting": 1}


def test_a_prompt_comes_back_from_its_envelope_as_it_was() -> None:
    prompt = Prompt(
        (Line("<b>\ud83d &amp; = ‮ é\0", "question"), Line("two\nlines")),
        ((Button("A", "a", ticked=True), Button("B", "b")), (Button("C", url="https://example.org"),)),
        key="k",
        edit=True,
        language="fr",
        documents=(Document("a.pdf", "application/pdf", sha256="0" * 64),),
        ask_location=True,
        force_reply=True,
        rtl=True,
        priority=3,
    )
    assert load(dump(prompt)) == prompt
    assert load(dump(Prompt(()))) == Prompt(())
