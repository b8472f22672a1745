"""A workshop as an invitation that any calendar opens (RFC 5545, 5546): sent, changed and called off under one number.

It says nothing of those who receive it: the organiser is the only one named. Who comes is said by button, not by mail.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

from bot.documents.cleaning import clean
from flows.i18n import base

if TYPE_CHECKING:
    import icalendar

MEDIA_TYPE = "text/calendar; charset=utf-8"
_PRODUCT = "-//griot-guides//Griot//EN"
_AROUND = timedelta(days=400)  # how long before and after the meeting the time zone's changes are told
_FROM, _TO = 1980, 9000  # years
_LONG_AGO = datetime(1970, 1, 1)  # noqa: DTZ001 (the time of a zone's own clocks has no zone)


@dataclass(frozen=True, slots=True)
class Meeting:
    """A meeting to invite to.

    `begins`, `ends`: both days, the last included; or both moments; or both times on the clocks of the place (without
    a zone), where a time that a change of clocks skips is as much later, and one that comes twice is the first.
    `sequence`: 0 when first sent, higher with every change; the same `uid` all along.
    """

    uid: str
    title: str
    place: str
    begins: datetime | date
    ends: datetime | date
    time_zone: str  # IANA name
    organiser_name: str
    organiser_email: str
    description: str
    language: str  # BCP 47, of title, place and description
    sequence: int = 0
    cancelled: bool = False


def invitation(meeting: Meeting, stamped: datetime) -> bytes:
    """The `.ics` file that invites to `meeting`, made at `stamped`. The same values give the same bytes.

    Raises `ValueError` for a meeting that ends before it begins, a zone or an address that is none, or an empty `uid`.
    """
    import icalendar

    zone = _zone(meeting.time_zone)
    uid = _line(meeting.uid)
    if not uid or meeting.sequence < 0:
        raise ValueError("a meeting needs a uid and a sequence from 0")
    event = icalendar.Event()
    event.add("uid", uid)
    event.add("dtstamp", stamped.astimezone(UTC).replace(microsecond=0))
    event.add("sequence", meeting.sequence)
    if not all(_FROM <= when.year <= _TO for when in (meeting.begins, meeting.ends)):
        raise ValueError("no year for a meeting")
    first, last = _when(event, meeting, zone)
    language = {"LANGUAGE": base(meeting.language)} if base(meeting.language).isalpha() else {}
    event.add("summary", _line(meeting.title), parameters=language)
    for name, text in (("location", _line(meeting.place)), ("description", clean(meeting.description).strip())):
        if text:
            event.add(name, text, parameters=language)
    event.add("organizer", _organiser(meeting, {}))
    # RFC 5546 wants somebody invited; the recipients stay unnamed, the organiser comes
    event.add("attendee", _organiser(meeting, {"PARTSTAT": "ACCEPTED", "RSVP": "FALSE"}))
    event.add("status", "CANCELLED" if meeting.cancelled else "CONFIRMED")
    event.add("transp", "TRANSPARENT" if meeting.cancelled else "OPAQUE")
    calendar = icalendar.Calendar()
    calendar.add("prodid", _PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "CANCEL" if meeting.cancelled else "REQUEST")
    calendar.add_component(_time_zone(zone, first, last))
    calendar.add_component(event)
    made: bytes = calendar.to_ical()
    return made


def instant(local: datetime, time_zone: str) -> datetime:
    """The moment, in UTC, at which the clocks of `time_zone` show `local`, as `Meeting` reads it."""
    return local.replace(tzinfo=_zone(time_zone), fold=0).astimezone(UTC)


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise ValueError(f"no time zone {name!r}") from error


def _line(text: str) -> str:
    return " ".join(clean(text).split())


def _organiser(meeting: Meeting, parameters: dict[str, str]) -> Any:
    import icalendar

    address = meeting.organiser_email.strip()
    if "@" not in address:
        raise ValueError(f"no address of the organiser: {address!r}")
    organiser = icalendar.vCalAddress("mailto:" + quote(address, safe="@+!*'=_-.~"))
    name = _line(meeting.organiser_name).replace('"', "’")  # a quotation mark would end the parameter
    for parameter, value in {"CN": name, **parameters}.items():
        if value:
            organiser.params[parameter] = value
    return organiser


def _when(event: icalendar.Event, meeting: Meeting, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Write when the meeting is into `event`; the moments between which it is."""
    begins, ends = meeting.begins, meeting.ends
    if isinstance(begins, datetime) and isinstance(ends, datetime):
        first, last = _moment(begins, zone), _moment(ends, zone)
        if first.astimezone(UTC) >= last.astimezone(UTC):
            raise ValueError("a meeting ends after it begins")
        # the second of two equal local times cannot be written as a local time
        twice = first.fold or last.fold
        event.add("dtstart", first.astimezone(UTC) if twice else first)
        event.add("dtend", last.astimezone(UTC) if twice else last)
        return first, last
    if isinstance(begins, datetime) or isinstance(ends, datetime) or begins > ends:
        raise ValueError("a meeting is from one day to another, or from one time to another, that is not earlier")
    event.add("dtstart", begins)
    event.add("dtend", ends + timedelta(days=1))
    return datetime.combine(begins, time(), zone), datetime.combine(ends, time(23, 59), zone)


def _moment(when: datetime, zone: ZoneInfo) -> datetime:
    """`when` in `zone`, to the second: a time that the clocks there do show."""
    moment = when.replace(tzinfo=zone, fold=0) if when.tzinfo is None else when
    return moment.astimezone(UTC).astimezone(zone).replace(microsecond=0)


def _time_zone(zone: ZoneInfo, first: datetime, last: datetime) -> icalendar.Timezone:
    """The zone as it is around the meeting."""
    import icalendar

    start, end = first.astimezone(UTC) - _AROUND, last.astimezone(UTC) + _AROUND
    changes = list(_changes(zone, start, end))
    before = _offset(start, zone)
    steps = [(_LONG_AGO, before, before), *changes]
    lowest = min(to for _, _, to in steps)
    described = icalendar.Timezone()
    described.add("tzid", zone.key)
    for onset, old, new in steps:
        part = icalendar.TimezoneDaylight() if new > lowest else icalendar.TimezoneStandard()
        part.add("dtstart", onset)
        part.add("tzoffsetfrom", old)
        part.add("tzoffsetto", new)
        described.add_component(part)
    return described


def _changes(zone: ZoneInfo, start: datetime, end: datetime) -> Iterator[tuple[datetime, timedelta, timedelta]]:
    """Each change of the clocks: when, on the clocks before it; the offset before; the offset after."""
    day = timedelta(days=1)
    new = _offset(start, zone)
    while start < end:
        old, new = new, _offset(start + day, zone)
        if old != new:
            low, high = start, start + day
            while high - low > timedelta(seconds=1):
                middle = low + (high - low) / 2
                low, high = (middle, high) if _offset(middle, zone) == old else (low, middle)
            at = (high + timedelta(milliseconds=500)).replace(microsecond=0)
            yield (at + old).replace(tzinfo=None), old, new
        start += day


def _offset(moment: datetime, zone: ZoneInfo) -> timedelta:
    return moment.astimezone(zone).utcoffset() or timedelta()
