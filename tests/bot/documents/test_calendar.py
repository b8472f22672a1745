"""An invitation that any calendar opens: right whatever the clocks do, changed and called off in its place."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import count

import icalendar
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.documents.calendar import Meeting, instant, invitation
from tests.budget import examples

clock = datetime.fromisoformat  # what clocks show, in whatever zone they are
STAMPED = datetime(2026, 1, 5, 8, 30, tzinfo=UTC)
WORKSHOP = Meeting(
    uid="workshop-BFA-1@griot.example",
    title="Atelier national de réflexion ; données, profils",
    place="Salle de conférences, Ouagadougou",
    begins=clock("2026-03-10 09:00"),
    ends=clock("2026-03-11 17:30"),
    time_zone="Africa/Ouagadougou",
    organiser_name="Secrétariat (exemple)",
    organiser_email="secretariat@griot.example",
    description="Première ligne\nDeuxième ligne, avec « guillemets » et C:\\dossier",
    language="fr",
)
NORTH = ("Africa/Casablanca", "Africa/Cairo", "Africa/Tripoli", "Africa/Algiers", "Africa/El_Aaiun")


_NAMES = count(1)


def event(made: bytes) -> icalendar.Event:
    (found,) = icalendar.Calendar.from_ical(made).walk("VEVENT")
    assert isinstance(found, icalendar.Event)
    return found


def at(meeting: Meeting, *, named: bool = True) -> tuple[datetime, datetime]:
    """When a calendar shows the meeting; with `named` False by the file's own description of the zone only."""
    made = invitation(meeting, STAMPED)
    if not named:
        made = made.replace(meeting.time_zone.encode(), b"X-Somewhere/%d" % next(_NAMES))
    read = event(made)
    return read["DTSTART"].dt.astimezone(UTC), read["DTEND"].dt.astimezone(UTC)


def test_what_was_said_of_the_meeting_is_read_back_whole() -> None:
    read = event(invitation(WORKSHOP, STAMPED))
    assert read["SUMMARY"] == WORKSHOP.title
    assert read["LOCATION"] == WORKSHOP.place
    assert read["DESCRIPTION"] == WORKSHOP.description
    assert read["SUMMARY"].params["LANGUAGE"] == "fr"
    assert read["DTSTAMP"].dt == STAMPED
    assert read["ORGANIZER"] == "mailto:secretariat@griot.example"
    assert read["ORGANIZER"].params["CN"] == "Secrétariat (exemple)"
    assert at(WORKSHOP) == (datetime(2026, 3, 10, 9, tzinfo=UTC), datetime(2026, 3, 11, 17, 30, tzinfo=UTC))


def test_nobody_but_the_organiser_is_named() -> None:
    made = invitation(WORKSHOP, STAMPED)
    read = event(made)
    assert read["ATTENDEE"] == read["ORGANIZER"]
    assert made.count(b"mailto:") == 2


def test_a_second_version_takes_the_place_of_the_first() -> None:
    changed = replace(WORKSHOP, begins=clock("2026-03-12 09:00"), ends=clock("2026-03-12 12:00"), sequence=1)
    first, second = event(invitation(WORKSHOP, STAMPED)), event(invitation(changed, STAMPED))
    assert first["UID"] == second["UID"]
    assert first["SEQUENCE"] < second["SEQUENCE"]
    assert first["STATUS"] == second["STATUS"] == "CONFIRMED"


def test_a_meeting_called_off_is_cancelled_in_the_calendar() -> None:
    made = invitation(replace(WORKSHOP, cancelled=True, sequence=2), STAMPED)
    assert icalendar.Calendar.from_ical(made)["METHOD"] == "CANCEL"
    assert icalendar.Calendar.from_ical(invitation(WORKSHOP, STAMPED))["METHOD"] == "REQUEST"
    assert event(made)["STATUS"] == "CANCELLED"
    assert event(made)["UID"] == WORKSHOP.uid


def test_whole_days_include_the_last() -> None:
    days = replace(WORKSHOP, begins=date(2026, 3, 10), ends=date(2026, 3, 11))
    made = invitation(days, STAMPED)
    read = event(made)
    assert (read["DTSTART"].dt, read["DTEND"].dt) == (date(2026, 3, 10), date(2026, 3, 12))
    assert b"DTSTART;VALUE=DATE:20260310" in made
    assert b"BEGIN:VTIMEZONE" in made


@pytest.mark.parametrize("zone", [*NORTH, "Atlantic/Cape_Verde", "Africa/Lagos", "Europe/Madrid", "UTC"])
def test_the_file_itself_says_how_the_zone_keeps_its_clocks(zone: str) -> None:
    for month in range(1, 13):
        for day in (1, 15):
            begins, ends = clock(f"2026-{month:02}-{day:02} 09:00"), clock(f"2026-{month:02}-{day:02} 17:00")
            meeting = replace(WORKSHOP, time_zone=zone, begins=begins, ends=ends)
            assert at(meeting, named=False) == at(meeting) == (instant(begins, zone), instant(ends, zone))


def test_a_time_that_the_clocks_skip_is_as_much_later() -> None:
    # in Cairo, clocks go from 00:00 to 01:00 on 24 April 2026
    night = replace(
        WORKSHOP, time_zone="Africa/Cairo", begins=clock("2026-04-24 00:30"), ends=clock("2026-04-24 09:00")
    )
    assert at(night, named=False) == at(night)
    assert at(night) == (datetime(2026, 4, 23, 22, 30, tzinfo=UTC), datetime(2026, 4, 24, 6, tzinfo=UTC))
    assert b"DTSTART;TZID=Africa/Cairo:20260424T013000" in invitation(night, STAMPED)
    assert instant(clock("2026-04-24 00:30"), "Africa/Cairo") == at(night)[0]


def test_a_time_that_comes_twice_is_the_first_unless_the_moment_was_given() -> None:
    # in Casablanca, clocks go back from 03:00 to 02:00 on 15 February 2026
    night = replace(
        WORKSHOP, time_zone="Africa/Casablanca", begins=clock("2026-02-15 02:30"), ends=clock("2026-02-15 09:00")
    )
    assert at(night)[0] == at(night, named=False)[0] == datetime(2026, 2, 15, 1, 30, tzinfo=UTC)
    second = replace(night, begins=datetime(2026, 2, 15, 2, 30, tzinfo=UTC), ends=datetime(2026, 2, 15, 9, tzinfo=UTC))
    assert at(second)[0] == datetime(2026, 2, 15, 2, 30, tzinfo=UTC)
    assert b"DTSTART:20260215T023000Z" in invitation(second, STAMPED)


def test_a_meeting_over_a_change_of_clocks_ends_when_it_was_said_to() -> None:
    over = replace(
        WORKSHOP, time_zone="Africa/Casablanca", begins=clock("2026-02-14 09:00"), ends=clock("2026-02-16 17:00")
    )
    first, last = at(over, named=False)
    assert last - first == timedelta(days=2, hours=9)


def lines_hold(made: bytes) -> None:
    assert made.endswith(b"\r\n")
    lines = made.split(b"\r\n")
    assert all(len(line) <= 75 for line in lines)
    assert all(b"\n" not in line and b"\r" not in line for line in lines)
    made.decode("utf-8")


HOSTILE = (
    "a\r\nATTENDEE:mailto:x@y.example",
    "<b>gras</b> & \\n; ,:\"'",
    "\x00\x1b[31m\u202e rouge",
    "وزارة الداخلية 🎉" * 60,
    "x" * 10_000,
    "",
)


@pytest.mark.parametrize("text", HOSTILE)
def test_whatever_is_written_stays_inside_its_own_line(text: str) -> None:
    meeting = replace(
        WORKSHOP,
        title=text,
        place=text,
        description=text,
        organiser_name=text,
        organiser_email=f"{text}@y.example",
        uid=f"1{text}",
    )
    made = invitation(meeting, STAMPED)
    lines_hold(made)
    read = icalendar.Calendar.from_ical(made)
    assert len(read.walk("VEVENT")) == 1
    assert len([name for name, _ in read.walk("VEVENT")[0].property_items() if name == "ATTENDEE"]) == 1


@settings(max_examples=examples(40), deadline=None)
@given(
    st.text(max_size=300), st.datetimes(clock("2020-01-01 00:00"), clock("2030-01-01 00:00")), st.sampled_from(NORTH)
)
def test_any_text_and_time_gives_a_calendar_that_reads_back(text: str, begins: datetime, zone: str) -> None:
    meeting = replace(
        WORKSHOP, title=text, description=text, begins=begins, ends=begins + timedelta(hours=8), time_zone=zone
    )
    made = invitation(meeting, STAMPED)
    lines_hold(made)
    assert made == invitation(meeting, STAMPED)
    assert at(meeting)[0] == instant(begins.replace(microsecond=0), zone)


@pytest.mark.parametrize(
    "changes",
    [
        {"ends": clock("2026-03-10 09:00")},
        {"ends": clock("2026-03-09 09:00")},
        {"ends": date(2026, 3, 11)},
        {"begins": date(2026, 3, 12), "ends": date(2026, 3, 11)},
        {"begins": clock("0001-01-01 00:00"), "ends": clock("9999-12-31 00:00")},
        {"time_zone": "Africa/Nowhere"},
        {"time_zone": "../../etc/passwd"},
        {"time_zone": ""},
        {"organiser_email": "nobody"},
        {"uid": " \x00"},
        {"sequence": -1},
    ],
)
def test_what_cannot_be_an_invitation_is_refused(changes: dict[str, object]) -> None:
    with pytest.raises(ValueError):
        invitation(replace(WORKSHOP, **changes), STAMPED)  # type: ignore[arg-type]
