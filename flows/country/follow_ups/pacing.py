"""When each of many messages goes out: in the hours of whoever it goes to, and so many a minute in all."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from flows.country.follow_ups.calendar import Calendar, NeverOpen

_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Slot:
    """When a message may go out: not before `begins`, and before `ends`."""

    begins: datetime
    ends: datetime


@dataclass(slots=True)
class Pacer:
    """Gives out times from `now` on, one for each message, never more than `per_minute` in a minute."""

    per_minute: int
    now: datetime
    _taken: Counter[datetime] = field(default_factory=Counter)  # by minute: the next free place in it
    _last: dict[str, datetime] = field(default_factory=dict)

    def slot(self, country: str, calendar: Calendar, written: datetime, valid_days: int) -> Slot | None:
        """The next time free for somebody in a country ("": the secretariat), whose `calendar` it is. None: there is
        none within `valid_days` working days after it was written; it comes too late then."""
        try:
            last_day = calendar.later_working_day(calendar.local_day(written), valid_days)
            at = self._free(calendar, self._last.get(country, self.now))
        except NeverOpen:
            return None
        if calendar.local_day(at) > last_day:
            return None
        self._last[country] = at
        minute = _floor(at)
        self._taken[minute] = self._place(minute, at) + 1
        return Slot(at, calendar.open_until(at))

    def _free(self, calendar: Calendar, moment: datetime) -> datetime:
        while True:
            at = calendar.next_open(moment)
            minute = _floor(at)
            place = self._place(minute, at)
            if place >= self.per_minute:
                moment = minute + _MINUTE
                continue
            found = max(at, minute + place * self._gap)
            if calendar.is_open(found):
                return found
            moment = found

    def _place(self, minute: datetime, at: datetime) -> int:
        """The first free place of a minute that is not before `at`."""
        return max(self._taken[minute], -((minute - at) // self._gap))

    @property
    def _gap(self) -> timedelta:
        return _MINUTE / self.per_minute


def _floor(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(second=0, microsecond=0)
