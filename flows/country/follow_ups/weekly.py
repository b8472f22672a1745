"""When the weekly digest comes next: on its day at its hour, or when work begins again after a holiday."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from flows.country.follow_ups.calendar import Calendar
from flows.country.follow_ups.rules import Digest

_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_WEEK = timedelta(days=7)


def next_weekly(rule: Digest, calendar: Calendar, now: datetime, last: date | None = None) -> datetime:
    """The next permitted moment after `now`. `last`: the local day of the one before; one that a holiday moved to the
    day of the next is not followed by another on that day. May raise `NeverOpen`."""
    today = calendar.local_day(now)
    day = today - timedelta(days=(today.weekday() - _WEEKDAYS.index(rule.weekday)) % 7)
    while True:
        if last is None or day > last:
            at = calendar.next_open(_moment(day, rule.hour if calendar.working_day(day) else time(), calendar))
            if at > now:
                return at
        day += _WEEK


def _moment(day: date, hour: time, calendar: Calendar) -> datetime:
    return datetime.combine(day, hour, ZoneInfo(calendar.zones[0]))
