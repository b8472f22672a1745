"""Whatever is put, refused, hurried or crashed: order, limits, nothing lost, nothing more than a crash repeats."""

from __future__ import annotations

import asyncio
import tempfile
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.messages import NotReached, Prompt, TooFast, Undeliverable
from bot.outbox import Limits
from db.database import Store
from tests.bot.outbox_world import Phone, Time, World

ADDRESSES = ("1", "2", "3")
FAULTS = {
    "here": TooFast(3.0, address_only=True),
    "all": TooFast(2.0),
    "network": NotReached("down"),
    "no": Undeliverable("too long"),
}


@dataclass(frozen=True)
class Put:
    address: str
    priority: int
    edit: bool


@dataclass(frozen=True)
class Go:
    seconds: float


@dataclass(frozen=True)
class Crash:
    pass


@dataclass(frozen=True)
class Fault:
    address: str
    kind: str


Step = Put | Go | Crash | Fault
STEPS = st.lists(
    st.one_of(
        st.builds(Put, st.sampled_from(ADDRESSES), st.sampled_from([0, 0, 5]), st.booleans()),
        st.builds(Go, st.sampled_from([0.0, 0.03, 0.3, 2.0, 7.0])),
        st.builds(Crash),
        st.builds(Fault, st.sampled_from(ADDRESSES), st.sampled_from(sorted(FAULTS))),
    ),
    max_size=25,
)


@dataclass
class Line:
    """A message under way: when it began and ended, which process sent it, what came of it."""

    address: str
    text: str
    life: int
    began: float
    ended: float = -1.0
    fault: Exception | None = None


class Recording(Phone):
    """A phone that notes every try, and in which life of the process it was."""

    def __init__(self, time: Time) -> None:
        super().__init__(time)
        self.tries: list[Line] = []
        self.life = 0

    async def send(self, address: str, prompt: Prompt, edits: str = "") -> str:
        tried = Line(address, prompt.lines[0].text, self.life, self._time.now)
        self.tries.append(tried)
        try:
            return await super().send(address, prompt, edits)
        except Exception as error:
            tried.fault = error
            raise
        finally:
            tried.ended = self._time.now


class Dying(World):
    """A world whose process can die: what was under way is known to the phone and recorded nowhere."""

    def __init__(self, store: Store) -> None:
        super().__init__(store, Limits(per_second=2))
        self.phone = self.recording = Recording(self.time)
        self.begin()

    def begin(self) -> None:
        self.process = self.sender()
        self.task = asyncio.create_task(self.process.run())

    async def crash(self) -> None:
        writing = self.store.writing

        @asynccontextmanager
        async def dying() -> AsyncIterator[object]:
            raise RuntimeError("the process dies")
            yield

        self.store.writing = dying  # type: ignore[assignment,method-assign]
        going = list(self.process._sending)
        for task in (*going, self.task):
            task.cancel()
        await asyncio.gather(*going, self.task, return_exceptions=True)
        self.store.writing = writing  # type: ignore[method-assign]
        self.recording.life += 1
        self.begin()


async def play(steps: list[Step]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        store = await Store.open(f"sqlite:///{folder}/griot.db")
        await store.migrate()
        world = Dying(store)
        put: list[tuple[Put, str]] = []
        crashes, refused = 0, Counter[str]()
        for step in steps:
            match step:
                case Put(address, priority, edit):
                    text = f"{len(put)}"
                    put.append((step, text))
                    await world.put(address, text, priority=priority, key="k", edit=edit)
                case Go(seconds):
                    await world.time.go(seconds)
                case Crash():
                    await world.crash()
                    crashes += 1
                case Fault(address, kind):
                    world.phone.failures.setdefault(address, []).append(FAULTS[kind])
                    refused[address] += kind == "no"
        await world.time.go(600)
        counts = await world.counts()
        world.task.cancel()
        await world.time.go(10)
        await asyncio.gather(world.task, return_exceptions=True)
        await store.close()
    judge(world.recording.tries, put, crashes, refused, counts)


def judge(
    tries: list[Line], put: list[tuple[Put, str]], crashes: int, refused: Counter[str], counts: dict[str, int]
) -> None:
    assert counts.get("waiting", 0) == 0
    assert counts.get("sent", 0) + counts.get("dead", 0) == len(put)
    assert counts.get("dead", 0) <= sum(refused.values())
    shown = [one for one in tries if one.ended >= 0 and one.fault is None]
    for address in ADDRESSES:
        mine = [(one, text) for one, text in put if one.address == address]
        said = [one.text for one in shown if one.address == address]
        times = Counter(said)
        lost = [one for one, text in mine if not times[text] and not one.edit]
        assert len(lost) <= refused[address], "only what the channel refused for good is not shown"
        if any(one.edit for one, _ in mine) and not refused[address]:
            last = [text for one, text in mine if one.edit][-1]
            assert times[last], "the last edit is shown"
        assert all(count <= 1 + crashes for count in times.values())
        for priority in (0, 5):
            texts = [int(text) for one, text in mine if one.priority == priority]
            first = [int(text) for text in dict.fromkeys(said) if int(text) in texts]
            assert first == sorted(first), "in the order put"
    for life in range(crashes + 1):
        alive = [one for one in tries if one.life == life]
        for address in ADDRESSES:
            mine_tried = [one for one in alive if one.address == address]
            for earlier, later in pairwise(mine_tried):
                assert earlier.ended >= 0
                assert later.began >= earlier.ended + 1 - 1e-6, "one at a time, one a second"
        for earlier, later in zip(alive, alive[2:], strict=False):
            assert later.began >= earlier.ended + 1 - 1e-6 or earlier.ended < 0, "two a second in all"
        for one in alive:
            if isinstance(one.fault, TooFast):
                told = [
                    other
                    for other in alive
                    if other.began > one.ended and (other.address == one.address or not one.fault.address_only)
                ]
                assert all(other.began >= one.ended + one.fault.retry_after - 1e-6 for other in told)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(STEPS)
@pytest.mark.slow
def test_whatever_happens_nothing_is_lost_and_every_limit_is_kept(steps: list[Step]) -> None:
    asyncio.run(play(steps))
