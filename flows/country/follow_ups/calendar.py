"""When somebody in a country may be written to: its zones, working week, public holidays, Ramadan and ministry hours.

A moment is permitted where it is permitted in all zones of the country. Holidays are those of the library `holidays`;
beyond its tables (2100) only the working week and the hours are known. Nothing here reads a clock.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Literal
from zoneinfo import ZoneInfo

Closed = Literal["", "night", "weekend", "holiday"]
DayOff = Literal["", "weekend", "holiday"]
FRIDAY = 5
FURTHEST = 400  # days that a permitted one is looked for
_DAY = timedelta(days=1)
_REMINDER_DAYS_WITHIN = 21
_MOST_KEPT = 4000  # days remembered by a calendar
_ESTIMATES = "islamic_show_estimated"


class NeverOpen(ValueError):
    """No day within reach is a working day: everything is closed, or the date is at the end of all dates."""


@dataclass(frozen=True, slots=True)
class Span:
    """From when until when on one day, local time; `closes` itself is too late."""

    opens: time
    closes: time


@dataclass(frozen=True, slots=True)
class Hours:
    """Ministry hours. `reminders`: the hour of what is planned days ahead; `reminder_days`: the ISO weekdays of what
    could as well come some days later (none: any); `friday_closes`: where Friday is shorter; `ramadan`: where the hours
    change for that month."""

    opens: time
    closes: time
    reminders: time
    reminder_days: frozenset[int] = frozenset()
    friday_closes: time | None = None
    ramadan: Span | None = None

    def on(self, weekday: int, is_ramadan: bool) -> Span:
        """Those of one day, by its ISO weekday."""
        span = self.ramadan if is_ramadan and self.ramadan is not None else Span(self.opens, self.closes)
        if weekday == FRIDAY and self.friday_closes is not None:
            return Span(span.opens, min(span.closes, self.friday_closes))
        return span


@dataclass(frozen=True, slots=True)
class _Day:
    """What is known of a day: why nobody works, or the permitted moments in UTC (none where the zones leave none)."""

    off: DayOff
    begins: datetime | None = None
    ends: datetime | None = None


@dataclass(frozen=True, slots=True)
class Calendar:
    """Of one country. `alpha_2`: under which the library knows its holidays; `zones`: the capital's first; `weekend`:
    ISO weekdays; `closed` and `worked`: days on which the library is wrong; `moon_days`: how many days before and after
    a feast that depends on the moon are kept free while its date is an estimate."""

    alpha_2: str
    zones: tuple[str, ...]
    weekend: frozenset[int]
    hours: Hours
    closed: frozenset[date] = frozenset()
    worked: frozenset[date] = frozenset()
    moon_days: int = 1
    _days: dict[date, _Day] = field(default_factory=dict, init=False, compare=False, repr=False)

    # ---- moments --------------------------------------------------------------------------------------------------
    def is_open(self, moment: datetime) -> bool:
        """Whether somebody there may be written to at this moment."""
        day = self._day(self.local_day(moment))
        return day.begins is not None and day.ends is not None and day.begins <= moment < day.ends

    def why_closed(self, moment: datetime) -> Closed:
        """Why not; "" where one may."""
        if self.is_open(moment):
            return ""
        for zone in self.zones:
            off = self._day(_local(moment, zone).date()).off
            if off:
                return off
        return "night"

    def next_open(self, moment: datetime) -> datetime:
        """The first permitted moment at or after `moment`, in UTC. Raises `NeverOpen`."""
        day = self.local_day(moment)
        for _ in range(FURTHEST):
            found = self._day(day)
            if found.begins is not None and found.ends is not None and moment < found.ends:
                return max(moment.astimezone(UTC), found.begins)
            day = _moved(day, 1)
        raise NeverOpen(f"{self.alpha_2}: no permitted moment within {FURTHEST} days after {moment}")

    def open_until(self, moment: datetime) -> datetime:
        """When the hours in which a permitted moment lies end; the moment itself where it is not permitted."""
        ends = self._day(self.local_day(moment)).ends
        return ends if ends is not None and self.is_open(moment) else moment.astimezone(UTC)

    # ---- days -----------------------------------------------------------------------------------------------------
    def local_day(self, moment: datetime) -> date:
        """The date in the capital."""
        return _local(moment, self.zones[0]).date()

    def working_day(self, day: date) -> bool:
        """Whether ministries work on that day."""
        return not self._day(day).off

    def working_days_between(self, earlier: date, later: date) -> int:
        """How many working days after `earlier` up to `later`; 0 where it is not later. Looks no further than
        `FURTHEST` days."""
        days = min((later - earlier).days, FURTHEST)
        return sum(self.working_day(_moved(earlier, number)) for number in range(1, days + 1))

    def after_working_days(self, moment: datetime, number: int) -> datetime:
        """`number` working days later, at the hour of reminders; the next permitted moment for 0. May raise
        `NeverOpen`."""
        if number <= 0:
            return self.next_open(moment)
        return self.at_reminders(self.later_working_day(self.local_day(moment), number))

    def later_working_day(self, day: date, number: int) -> date:
        """The working day `number` working days after `day`. Raises `NeverOpen`."""
        return self._counted(day, number, 1)

    def before_working_days(self, day: date, number: int) -> date:
        """The working day `number` working days before `day`; for 0 `day` itself, or else the last before it. Raises
        `NeverOpen`."""
        if number <= 0:
            return day if self.working_day(day) else self._counted(day, 1, -1)
        return self._counted(day, number, -1)

    def at_reminders(self, day: date) -> datetime:
        """The hour of reminders of that day in the capital, or the next permitted moment after it."""
        return self.next_open(_begins(day, self.hours.reminders, ZoneInfo(self.zones[0])))

    def on_reminder_day(self, moment: datetime) -> datetime:
        """A permitted moment, or the hour of reminders of the next working day that is one for reminders, so that
        several come together. The moment itself where there is none within three weeks. May raise `NeverOpen`."""
        day = self.local_day(moment)
        for number in range(_REMINDER_DAYS_WITHIN):
            found = _moved(day, number)
            if found.isoweekday() in (self.hours.reminder_days or {found.isoweekday()}) and self.working_day(found):
                return moment if number == 0 else self.at_reminders(found)
        return moment

    def is_ramadan(self, day: date) -> bool:
        """Whether that day may be in Ramadan."""
        spare = timedelta(days=self.moon_days)
        begun = (*_ramadans(day.year - 1), *_ramadans(day.year), *_ramadans(day.year + 1))
        return any(first - spare <= day <= first + timedelta(days=29) + spare for first in begun)

    def _counted(self, day: date, number: int, step: int) -> date:
        idle = 0
        while number and idle < FURTHEST:
            day = _moved(day, step)
            works = self.working_day(day)
            number, idle = number - works, 0 if works else idle + 1
        if number:
            raise NeverOpen(f"{self.alpha_2}: no working day within {FURTHEST} days of {day}")
        return day

    def _day(self, day: date) -> _Day:
        found = self._days.get(day)
        if found is None:
            if len(self._days) >= _MOST_KEPT:
                self._days.clear()
            found = self._days[day] = self._made(day)
        return found

    def _made(self, day: date) -> _Day:
        off = self._off(day)
        if off:
            return _Day(off)
        span = self.hours.on(day.isoweekday(), self.hours.ramadan is not None and self.is_ramadan(day))
        zones = [ZoneInfo(name) for name in self.zones]
        begins = max(_begins(day, span.opens, zone) for zone in zones)
        ends = min(_ends(day, span.closes, zone) for zone in zones)
        return _Day("", begins, ends) if begins < ends else _Day("")

    def _off(self, day: date) -> DayOff:
        if day in self.worked:
            return ""
        if day.isoweekday() in self.weekend:
            return "weekend"
        return "holiday" if day in self.closed or self._is_holiday(day) else ""

    def _is_holiday(self, day: date) -> bool:
        if day in public_holidays(self.alpha_2, day.year):
            return True
        for number in range(1, self.moon_days + 1):
            for near in (_moved(day, -number), _moved(day, number)):
                if public_holidays(self.alpha_2, near.year).get(near, False):
                    return True
        return False


# ---- what the library knows ---------------------------------------------------------------------------------------
def knows_holidays(alpha_2: str) -> bool:
    """Whether the library knows the public holidays of a country."""
    import holidays

    return alpha_2 in holidays.list_supported_countries()


@lru_cache(maxsize=4096)
def public_holidays(alpha_2: str, year: int) -> Mapping[date, bool]:
    """The public holidays of a year; True where the date is an estimate. Empty where the library knows none.

    Countries are asked for by their alpha-2 code: under "MAR" the library has the month of March, and Bulgaria is not
    "BGR" there. The language is given because the library would else take it from the environment, and the marks of
    estimates because it leaves them out for some countries.
    """
    if not knows_holidays(alpha_2):
        return {}
    import holidays

    country = getattr(holidays, alpha_2)
    marks = {_ESTIMATES: True} if _ESTIMATES in country.get_supported_options() else {}
    found = country(years=year, expand=False, language="en_US", **marks)
    return {day: "estimated" in name for day, name in found.items()}


@lru_cache(maxsize=512)
def _ramadans(year: int) -> tuple[date, ...]:
    """The days in a year on which Ramadan begins, as the library expects them; it has no public name for this."""
    from holidays.calendars.islamic import _IslamicLunar

    return tuple(day for day, _ in _IslamicLunar().ramadan_beginning_dates(year) if day.year == year)


# ---- local time ---------------------------------------------------------------------------------------------------
def _local(moment: datetime, zone: str) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("a moment without a time zone")
    try:
        return moment.astimezone(ZoneInfo(zone))
    except OverflowError:
        raise NeverOpen(f"{moment} is at the end of all dates") from None


def _begins(day: date, at: time, zone: ZoneInfo) -> datetime:
    """A local time as a moment. Of one that exists twice the second, of one that does not exist what comes after it."""
    return max(_moments(day, at, zone))


def _ends(day: date, at: time, zone: ZoneInfo) -> datetime:
    """The same with the first, and what comes before it: so that what is between is within the hours however read."""
    return min(_moments(day, at, zone))


def _moments(day: date, at: time, zone: ZoneInfo) -> tuple[datetime, datetime]:
    local = datetime.combine(day, at, zone).replace(fold=0)
    try:
        return local.astimezone(UTC), local.replace(fold=1).astimezone(UTC)
    except OverflowError:
        raise NeverOpen(f"{day} is at the end of all dates") from None


def _moved(day: date, days: int) -> date:
    try:
        return day + days * _DAY
    except OverflowError:
        raise NeverOpen(f"{day} is at the end of all dates") from None
