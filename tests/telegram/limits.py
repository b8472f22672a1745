"""Telegram's clock and its patience: how many messages it takes before it answers 429."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass, field


class Clock:
    """Time that a test can move. A `scale` of 20 makes 20 of Telegram's seconds pass in one of ours; at 0 time passes
    only by `advance`."""

    def __init__(self, scale: float = 1.0) -> None:
        self.scale = scale
        self._advanced = 0.0

    def advance(self, seconds: float) -> None:
        """Move time forward by `seconds` of Telegram's."""
        self._advanced += seconds

    @property
    def pace(self) -> float:
        """How many of Telegram's seconds a wait of one second is taken for."""
        return self.scale or 1.0

    def now(self) -> int:
        """Seconds since 1970, for dates in messages."""
        return int(time.time() + self._advanced)

    def ticks(self) -> float:
        """Telegram's seconds on a clock that never goes back, for limits and lifetimes."""
        return time.monotonic() * self.scale + self._advanced


@dataclass
class Bucket:
    """Holds at most `size` messages' worth, filled at `rate` a second."""

    size: float
    rate: float
    level: float
    at: float

    def wait(self, now: float, amount: float) -> float:
        """Seconds until `amount` may be taken; 0 when now."""
        self.level = min(self.size, self.level + (now - self.at) * self.rate)
        self.at = now
        return max(0.0, (min(amount, self.size) - self.level) / self.rate)


@dataclass(frozen=True, slots=True)
class Flood:
    """One refusal: `early` when the bot had been told to wait and did not."""

    method: str
    chat_id: int
    retry_after: int
    early: bool


@dataclass
class Limits:
    """Official: about 30 messages a second over all chats, 1 a second in one chat with short bursts, 20 a minute in a
    group. The reference does not say how long a burst is: `burst` messages here. `per_chat` and `overall` are a second;
    0 switches a limit off. Edits count as messages."""

    clock: Clock
    per_chat: float = 1.0
    burst: int = 3
    overall: float = 30.0
    per_group_minute: float = 20.0
    buckets: dict[int | str, Bucket] = field(default_factory=dict)
    told: dict[int, float] = field(default_factory=dict)
    flood: list[Flood] = field(default_factory=list)
    forced: dict[int, int] = field(default_factory=dict)

    def refuse_next(self, chat_id: int, retry_after: int) -> None:
        """Answer 429 to the next message for `chat_id`, whatever the limits say, and mean it."""
        self.forced[chat_id] = retry_after

    def take(self, method: str, chat_id: int, amount: int = 1) -> int:
        """Count `amount` messages to `chat_id`: 0 when they may pass, else the seconds to wait (ours, not scaled)."""
        now = self.clock.ticks()
        forced = self.forced.pop(chat_id, 0)
        if forced:
            return self._refuse(method, chat_id, now, forced * self.clock.pace)
        until = self.told.get(chat_id, 0.0)
        if now < until:
            return self._refuse(method, chat_id, now, until - now, early=True)
        buckets = list(self._buckets(chat_id, now))
        longest = max((bucket.wait(now, amount) for bucket in buckets), default=0.0)
        if longest > 0:
            return self._refuse(method, chat_id, now, longest)
        for bucket in buckets:
            bucket.level -= amount
        return 0

    def _refuse(self, method: str, chat_id: int, now: float, wait: float, *, early: bool = False) -> int:
        seconds = max(1, math.ceil(wait / self.clock.pace))
        # A request that comes a moment before the second is full was still sent after waiting as told.
        self.told[chat_id] = now + (seconds - 0.05) * self.clock.pace
        self.flood.append(Flood(method, chat_id, seconds, early))
        return seconds

    def _buckets(self, chat_id: int, now: float) -> list[Bucket]:
        wanted: list[tuple[int | str, float, float]] = []
        if self.overall:
            wanted.append(("all", self.overall, self.overall))
        if self.per_chat:
            wanted.append((chat_id, float(self.burst), self.per_chat))
        if self.per_group_minute and chat_id < 0:
            wanted.append((f"group {chat_id}", self.per_group_minute, self.per_group_minute / 60))
        return [self.buckets.setdefault(key, Bucket(size, rate, size, now)) for key, size, rate in wanted]
