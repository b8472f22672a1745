"""How fast messages may go: so many in a second in all, so many in a second at one address."""

from __future__ import annotations

from collections import deque
from math import inf


class Pace:
    """At most `count` messages in any window of `seconds`, judged by when each arrived at the latest.

    A message counts from its start until `seconds` after its end, because only its end says that it has arrived. What
    leaves a part of the count to others also goes evenly: else it would be sent in one burst, and who comes after it
    would wait for the rest of the window.
    """

    def __init__(self, count: int, seconds: float = 1.0) -> None:
        self._count = count
        self._seconds = seconds
        self._ended: deque[float] = deque()
        self._going = 0
        self._held_until = 0.0
        self._begun = -inf

    def start(self, now: float) -> None:
        """A message is on its way."""
        self._going += 1
        self._begun = now

    def end(self, now: float) -> None:
        """It arrived, or failed."""
        self._going -= 1
        self._ended.append(now)

    def hold(self, until: float) -> None:
        """Nothing before `until`."""
        self._held_until = max(self._held_until, until)

    def free_at(self, now: float, spare: int = 0) -> float:
        """When the next message may start: `now` or earlier means at once, infinity that one must end first.

        `spare`: how many of the count are left to others.
        """
        while self._ended and self._ended[0] + self._seconds <= now:
            self._ended.popleft()
        count = max(self._count - spare, 1)
        if self._going >= count:
            return float("inf")
        over = self._going + len(self._ended) - count
        free = self._ended[over] + self._seconds if over >= 0 else now
        even = self._begun + self._seconds / count if spare else now
        return max(free, even, self._held_until)
