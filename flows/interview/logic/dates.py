"""Points in time as numbers: days since 1970-01-01 UTC, which also remember how they are written."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
DAY = 86400.0
_LIKE = re.compile(
    r"(\d{4})-(\d{2})-(\d{2})"
    r"(?:T(\d{2})(?::(\d{2})(?::(\d{2})(?:\.(\d+))?)?)?(Z|[-+]\d{2}:\d{2})?)?",
    re.ASCII,
)
_UNPADDED = re.compile(r"(\d{4})-([1-9]|\d{2})-([1-9]|\d{2})(T.*)?", re.ASCII)
_TIME = re.compile(r"(\d{2}):(\d{2})(?::([0-5]\d))?(?:\.(\d+))?(Z|[-+]\d{2}:\d{2})?", re.ASCII)
_MONTHS = ("", "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


class Moment(float):
    """Days since 1970-01-01 UTC (a float like any other), with `at`, the aware time it stands for."""

    __slots__ = ("at",)
    at: datetime

    def __new__(cls, at: datetime) -> Moment:
        self = super().__new__(cls, days(at))
        self.at = at
        return self

    @property
    def written(self) -> str:
        """`2026-03-15` at midnight, else `2026-03-15T10:30:00.000+00:00`."""
        return written(self.at)


def days(at: datetime) -> float:
    gap = at - EPOCH
    return (gap.days * 86400000 + gap.seconds * 1000 + gap.microseconds // 1000) / 86400000


def written(at: datetime) -> str:
    if at.hour == at.minute == at.second == 0 and at.microsecond < 1000:
        return at.date().isoformat()
    return at.isoformat(timespec="milliseconds")


def zone(offset: str) -> tzinfo | None:
    """`Z` or `+01:00` as a timezone; None where no place on earth has it."""
    if offset == "Z":
        return UTC
    hours, minutes = int(offset[1:3]), int(offset[4:6])
    if hours > 14 or minutes > 59:
        return None
    gap = timedelta(hours=hours, minutes=minutes)
    return timezone(-gap if offset[0] == "-" else gap)


def parse(text: str, local: tzinfo = UTC) -> datetime | None:
    """An ISO date or date and time; without an offset it is in `local`."""
    match = _LIKE.fullmatch(text)
    if match is None:
        return None
    year, month, day, hour, minute, second, fraction, offset = match.groups()
    where = zone(offset) if offset else local
    if where is None:
        return None
    try:
        at = datetime(
            int(year), int(month), int(day), int(hour or 0), int(minute or 0), int(second or 0),
            int((fraction or "0")[:6].ljust(6, "0")), tzinfo=where,
        )  # fmt: skip
        return at.astimezone(local)
    except (ValueError, OverflowError):
        return None


def moment(text: str, local: tzinfo = UTC) -> Moment | None:
    at = parse(text, local)
    return None if at is None else Moment(at)


def moment_from_days(number: float, local: tzinfo = UTC) -> Moment | None:
    try:
        return Moment((EPOCH + timedelta(milliseconds=round(number * 86400000))).astimezone(local))
    except (ValueError, OverflowError):
        return None


def padded(text: str) -> str | None:
    """`2026-3-5` as `2026-03-05`; None where the text is no date at all."""
    match = _UNPADDED.fullmatch(text)
    if match is None:
        return None
    year, month, day, rest = match.groups()
    return f"{year}-{month.zfill(2)}-{day.zfill(2)}{rest or ''}"


def time_of_day(text: str) -> float | None:
    """`12:00` as 0.5 of a day; an offset is left out of account, as the clock on the wall shows it."""
    match = _TIME.fullmatch(text)
    if match is None:
        return None
    hour, minute, second, fraction, offset = match.groups()
    try:
        at = time(int(hour), int(minute), int(second or 0), int((fraction or "0")[:6].ljust(6, "0")))
    except ValueError:
        return None
    if offset and zone(offset) is None:
        return None
    seconds = at.hour * 3600 + at.minute * 60 + at.second + at.microsecond // 1000 / 1000
    if offset and offset != "Z":
        shift = int(offset[1:3]) * 3600 + int(offset[4:6]) * 60
        seconds = (seconds - (shift if offset[0] == "+" else -shift)) % DAY
    return seconds / DAY


_DATE_FORMATS: dict[str, Callable[[datetime], str]] = {
    "%Y": lambda at: f"{at.year:04d}",
    "%y": lambda at: f"{at.year:04d}"[2:],
    "%m": lambda at: f"{at.month:02d}",
    "%n": lambda at: str(at.month),
    "%b": lambda at: _MONTHS[at.month],
    "%d": lambda at: f"{at.day:02d}",
    "%e": lambda at: str(at.day),
    "%a": lambda at: _DAYS[at.weekday()],
}
_TIME_FORMATS: dict[str, Callable[[datetime], str]] = {
    "%H": lambda at: f"{at.hour:02d}",
    "%h": lambda at: str(at.hour),
    "%M": lambda at: f"{at.minute:02d}",
    "%S": lambda at: f"{at.second:02d}",
    "%3": lambda at: f"{at.microsecond // 1000:03d}",
}
_FORMATS = {**_DATE_FORMATS, **_TIME_FORMATS}
_MARK = re.compile("|".join(_FORMATS))


def format_date(at: datetime, pattern: str) -> str:
    """`pattern` with `%Y`, `%m`, `%d`, `%H`… replaced; other text stays."""
    return _MARK.sub(lambda match: _FORMATS[match[0]](at), pattern)


def today(now: datetime) -> Moment:
    return Moment(now.replace(hour=0, minute=0, second=0, microsecond=0))


def is_date(text: str) -> bool:
    try:
        date.fromisoformat(text[:10])
    except ValueError:
        return False
    return _LIKE.fullmatch(text) is not None
