"""A national workshop in words, and as the file that calendars open."""

from __future__ import annotations

import re
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from bot.documents.calendar import Meeting as Invitation
from bot.documents.calendar import instant, invitation
from flows.country.dates import written
from flows.country.steps.meetings import Meeting, Terms, shown
from flows.i18n import base, text
from flows.knowledge import Country

_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
NOBODY = "secretariat@griot.invalid"
"""The organiser's address where the settings name none: one that can never be written to (RFC 2606)."""
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def terms_of(day: date, last_day: date | None, begins: time, ends: time, place: str, country: Country) -> Terms:
    """What was entered, by the clocks of the capital."""
    zone = country.time_zones[0]
    return Terms(
        instant(datetime.combine(day, begins), zone),
        instant(datetime.combine(last_day or day, ends), zone),
        zone,
        place,
    )


def local(terms: Terms) -> tuple[datetime, datetime]:
    """Beginning and end on the clocks there."""
    zone = ZoneInfo(terms.zone)
    return terms.begins.astimezone(zone), terms.ends.astimezone(zone)


def clock(moment: datetime | time) -> str:
    return moment.strftime("%H:%M")


def city(zone: str, language: str) -> str:
    """Whose clocks they are: `Ouagadougou`."""
    from babel.dates import get_timezone_location

    return str(get_timezone_location(ZoneInfo(zone), locale=base(language), return_city=True))


def when(terms: Terms, language: str) -> str:
    """`12 mars 2027, de 09:00 à 16:30 (heure de Ouagadougou)`."""
    begins, ends = local(terms)
    values = {"begins": clock(begins), "ends": clock(ends), "city": city(terms.zone, language)}
    day = written(begins.date(), language)
    if begins.date() == ends.date():
        return text("workshops.when_day", language, None, day=day, **values)
    return text("workshops.when_days", language, None, day=day, last=written(ends.date(), language), **values)


def weekend(country: Country) -> str:
    """The days of the weekend as forms call them: `Sat Sun`."""
    return " ".join(_DAYS[number - 1] for number in country.weekend)


def calendar_file(meeting: Meeting, country: Country, language: str, contact: str, now: datetime) -> bytes:
    """The invitation, its change or its end, in one language."""
    terms = shown(meeting)
    begins, ends = local(terms)
    found = _EMAIL.search(contact)
    return invitation(
        Invitation(
            uid=f"workshop-{country.code.lower()}-{meeting.number}@griot",
            title=text("workshops.title", language, None, **{"of": country.forms(language).of}),
            place=terms.place,
            begins=begins,
            ends=ends,
            time_zone=terms.zone,
            organiser_name=text("workshops.organiser", language),
            organiser_email=found[0] if found else NOBODY,
            description=text("workshops.ics_description", language),
            language=language,
            sequence=meeting.sequence,
            cancelled=meeting.is_cancelled,
        ),
        now,
    )
