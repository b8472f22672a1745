"""Dates and times."""

from __future__ import annotations

from flows.interview.logic import dates
from flows.interview.logic.dates import Moment
from flows.interview.logic.environment import Evaluate, Function, eager
from flows.interview.logic.values import NAN, Value, string
from flows.interview.logic.xpath import Expression


def _today(arguments: tuple[Evaluate, ...], trees: tuple[Expression, ...]) -> Evaluate:
    return lambda item, env: dates.today(env.host.now)


def _now(arguments: tuple[Evaluate, ...], trees: tuple[Expression, ...]) -> Evaluate:
    return lambda item, env: Moment(env.host.now)


def _date(value: Value) -> Value:
    """A point in time from text or from a number of days; blank where it is neither."""
    if type(value) is Moment:
        return value
    if type(value) is bool:
        return ""
    if isinstance(value, float):
        point = dates.moment_from_days(value)
    else:
        text = string(value)
        point = dates.moment(text)
        if point is None:
            point = dates.moment(dates.padded(text) or "")
    return "" if point is None else point


def _decimal_date_time(value: Value) -> Value:
    if isinstance(value, float):
        return float(value)
    point = dates.moment(string(value))
    return NAN if point is None else float(point)


def _decimal_time(value: Value) -> Value:
    share = dates.time_of_day(string(value))
    return NAN if share is None else share


def _format(value: Value, pattern: Value) -> Value:
    point = dates.parse(string(value))
    return "" if point is None else dates.format_date(point, string(pattern))


FUNCTIONS = {
    "today": Function(_today, 0, 0, volatile=True),
    "now": Function(_now, 0, 0, volatile=True),
    "date": eager(_date, 1),
    "date-time": eager(_date, 1),
    "decimal-date-time": eager(_decimal_date_time, 1),
    "decimal-date": eager(_decimal_date_time, 1),
    "decimal-time": eager(_decimal_time, 1),
    "format-date": eager(_format, 2),
    "format-date-time": eager(_format, 2),
}
