"""What the sender promises, with time in the test's hands."""

from __future__ import annotations

import asyncio
import heapq
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count, pairwise
from pathlib import Path
from typing import Any

import pytest

from bot.envelopes import dump, envelope, load
from bot.messages import (
    Button,
    Document,
    Line,
    NotReached,
    Prompt,
    TooFast,
    Undeliverable,
    Unreachable,
)
from bot.outbox import Limits, Sender
from db.database import Store
from db.outbox import Due, Outbox
from db.problems import StoreProblem

START = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


class Time:
    """A clock that stands still until nobody can do anything without it, and then goes to the next thing awaited."""

    def __init__(self, committing: Callable[[], bool]) -> None:
        self._committing = committing
        self.now = START.timestamp()
        self.offset = 0.0  # by which the time of day was set
        self._waiting: list[tuple[float, int, asyncio.Future[None]]] = []
        self._numbers = count()

    def clock(self) -> float:
        return self.now

    def moment(self) -> datetime:
        return datetime.fromtimestamp(self.now + self.offset, UTC)

    async def sleep(self, seconds: float) -> None:
        future = asyncio.get_running_loop().create_future()
        heapq.heappush(self._waiting, (self.now + max(seconds, 0), next(self._numbers), future))
        await future

    async def wait(self, event: asyncio.Event, seconds: float) -> None:
        waiting = [asyncio.ensure_future(event.wait()), asyncio.ensure_future(self.sleep(seconds))]
        try:
            await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for one in waiting:
                one.cancel()

    async def go(self, seconds: float) -> None:
        until = self.now + seconds
        while True:
            rounds = 0
            while rounds < 30:
                await asyncio.sleep(0)
                rounds = 0 if self._committing() else rounds + 1
            while self._waiting and self._waiting[0][2].done():
                heapq.heappop(self._waiting)
            if not self._waiting or self._waiting[0][0] > until:
                break
            at, _, future = heapq.heappop(self._waiting)
            self.now = max(self.now, at)
            future.set_result(None)
        self.now = until


class Phone:
    """A channel that takes `latency` seconds a message and answers what it is told to, by address, in order."""

    name = "telegram"

    def __init__(self, time: Time, latency: float = 0.05) -> None:
        self.sent: list[tuple[float, str, str, str]] = []
        self.failures: dict[str, list[Exception]] = {}
        self.under_way = self.most_under_way = 0
        self._time = time
        self._latency = latency
        self.slow: set[str] = set()  # addresses at which a message takes a minute
        self._ids = count(100)

    async def send(self, address: str, prompt: Prompt, edits: str = "") -> str:
        self.under_way += 1
        self.most_under_way = max(self.most_under_way, self.under_way)
        try:
            await self._time.sleep(60 if address in self.slow else self._latency)
            if self.failures.get(address):
                raise self.failures[address].pop(0)
        finally:
            self.under_way -= 1
        self.sent.append((self._time.now - START.timestamp(), address, prompt.lines[0].text, edits))
        return edits or str(next(self._ids))

    async def acknowledge(self, press_id: str, text: str = "") -> None: ...

    async def fetch(self, reference: str) -> bytes:
        raise Undeliverable

    def texts(self, address: str) -> list[str]:
        return [text for _, at, text, _ in self.sent if at == address]


class World:
    def __init__(self, store: Store, limits: Limits) -> None:
        self.store = store
        self.time = Time(store._database._lock.locked)  # type: ignore[attr-defined]
        self.phone = Phone(self.time)
        self.limits = limits

    def sender(self) -> Sender:
        return Sender(
            self.store,
            {"telegram": self.phone},
            self.limits,
            clock=self.time.clock,
            moment=self.time.moment,
            wait=self.time.wait,
            chance=lambda: 0.5,
        )

    @asynccontextmanager
    async def sending(self) -> AsyncIterator[None]:
        task = asyncio.create_task(self.sender().run())
        yield
        task.cancel()
        await self.time.go(61)
        with suppress(asyncio.CancelledError):
            await task

    async def put(
        self, address: str, *texts: str, after: float = 0, dedupe: str | None = None, **prompt: object
    ) -> None:
        now = self.time.moment()
        prompts = [replace(Prompt((Line(text),)), **prompt) for text in texts]  # type: ignore[arg-type]
        at = now + timedelta(seconds=after)
        async with self.store.writing() as tx:
            rows = [envelope("telegram", address, one, not_before=at, dedupe=dedupe) for one in prompts]
            await tx.outbox.put(rows, now)

    async def counts(self) -> dict[str, int]:
        async with self.store.reading() as tx:
            return await tx.outbox.counts()


@pytest.fixture
async def open_world(tmp_path: Path) -> AsyncIterator[Callable[..., Awaitable[World]]]:
    stores = []

    async def make(limits: Limits | None = None) -> World:
        store = await Store.open(f"sqlite:///{tmp_path}/griot.db")
        await store.migrate()
        stores.append(store)
        return World(store, limits or Limits())

    yield make
    for store in stores:
        await store.close()


@pytest.fixture
async def world(open_world: Callable[..., Awaitable[World]]) -> World:
    return await open_world()


def gaps(times: Sequence[float]) -> list[float]:
    return [round(later - earlier, 3) for earlier, later in pairwise(times)]


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


async def test_a_short_burst_at_one_address_can_be_allowed(open_world: Callable[..., Awaitable[World]]) -> None:
    world = await open_world(Limits(at_once=3))
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
    for address in range(120):
        await world.put(str(address), "a", priority=priority)
    async with world.sending():
        await world.time.go(6)
    times = sorted(at for at, *_ in world.phone.sent)
    assert len(times) == 120
    assert all(times[index + 30] - times[index] >= 1 for index in range(90))
    assert times[-1] < within
    assert together <= world.phone.most_under_way <= 16


async def test_a_reply_never_stands_behind_thousands(world: World) -> None:
    for address in range(3000):
        await world.put(str(address), "bulk", priority=5)
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
    for address in range(100):
        await world.put(str(address), "bulk", priority=5)
    async with world.sending():
        await world.time.go(5)
        await world.put("new", "reply")
        await world.time.go(0.2)
        assert world.phone.texts("new") == ["reply"]


async def test_bulk_is_not_put_off_for_ever_by_replies(world: World) -> None:
    for address in range(50):
        await world.put(f"bulk {address}", "bulk", priority=5)
    for address in range(1000):
        await world.put(f"reply {address}", "reply")
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
    for address in range(100):
        await world.put(str(address), "bulk", priority=5)
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


async def test_a_message_that_can_never_be_sent_is_kept_and_lets_the_next_one_go(world: World) -> None:
    world.phone.failures["1"] = [Undeliverable("too large"), RuntimeError("a bug in the channel")]
    await world.put("1", "a", "b", "c")
    async with world.sending():
        await world.time.go(5)
    assert world.phone.texts("1") == ["c"]
    assert await world.counts() == {"dead": 2, "sent": 1}


async def test_a_message_nobody_can_be_reached_with_is_given_up_in_the_end(
    open_world: Callable[..., Awaitable[World]],
) -> None:
    world = await open_world(Limits(give_up_after=timedelta(minutes=4)))
    world.phone.failures["1"] = [NotReached("server")] * 100_000
    await world.put("1", "a")
    async with world.sending():
        await world.time.go(1)
        await world.time.go(600)
        assert await world.counts() == {"dead": 1}


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
