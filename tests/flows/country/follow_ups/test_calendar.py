"""When a country may be written to: never at night, at the weekend or on a holiday, in any of its zones."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from timeit import timeit
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from flows import knowledge
from flows.country.follow_ups import calendar as calendars
from flows.country.follow_ups.calendar import Calendar, Hours, NeverOpen, Span, knows_holidays, public_holidays
from flows.country.follow_ups.policy import standard_policy
from tests.budget import examples

CODES = tuple(one.code for one in knowledge.countries())
HOURS = Hours(time(8, 30), time(16, 30), time(9, 30))
MOMENTS = st.integers(0, 210 * 365 * 24 * 3600).map(
    lambda one: datetime(2020, 1, 1, tzinfo=UTC) + timedelta(seconds=one)
)
DAYS = st.dates(date(2024, 1, 1), date(2034, 1, 1))


def calendar(code: str) -> Calendar:
    return standard_policy().calendar(code)


def there(code: str, *when: int) -> datetime:
    """A local time in the capital."""
    return datetime(*when, tzinfo=ZoneInfo(knowledge.country(code).time_zones[0]))  # type: ignore[misc,arg-type]


# ---- what the library knows ---------------------------------------------------------------------------------------
def test_the_library_knows_every_country_so_that_the_weekend_alone_applies_in_none() -> None:
    assert [code for code in CODES if not knows_holidays(knowledge.country(code).alpha_2)] == []
    assert [code for code in CODES if not public_holidays(knowledge.country(code).alpha_2, 2027)] == []


def test_a_country_that_the_library_does_not_know_keeps_its_weekend() -> None:
    unknown = Calendar("XX", ("Africa/Dakar",), frozenset({6, 7}), HOURS)
    assert unknown.working_day(date(2026, 12, 25))
    assert not unknown.working_day(date(2026, 12, 26))


def test_morocco_is_not_the_month_of_march_and_bulgaria_is_found() -> None:
    assert not calendar("MAR").working_day(date(2026, 7, 30))  # Throne Day
    assert not calendar("BGR").working_day(date(2026, 3, 3))  # Liberation Day


def test_holidays_do_not_depend_on_the_language_of_the_machine() -> None:
    code = "from flows.country.follow_ups.calendar import public_holidays as p; print(sorted(p('DZ', 2027).items()))"
    said = {
        subprocess.run(  # noqa: S603
            [sys.executable, "-c", code],
            env={**os.environ, "LANGUAGE": language, "PYTHONPATH": os.pathsep.join(sys.path)},
            capture_output=True,
            check=True,
        ).stdout
        for language in ("fr", "ar", "")
    }
    assert len(said) == 1


def test_feasts_of_the_moon_are_marked_as_estimates_also_where_the_library_says_so_only_if_asked() -> None:
    muslim = ("DZA", "BEN", "BFA", "CMR", "TCD", "CIV", "GMB", "GHA", "GIN", "GNB", "LBY", "MLI", "MRT", "MAR", "NER")
    for code in (*muslim, "NGA", "SEN", "SLE", "TGO", "TUN"):
        assert any(public_holidays(knowledge.country(code).alpha_2, 2030).values()), code


def test_the_days_around_an_estimated_feast_are_kept_free() -> None:
    known = public_holidays("BF", 2030)
    feast = next(day for day, estimated in sorted(known.items()) if estimated)
    for days in (-1, 0, 1):
        assert not calendar("BFA").working_day(feast + timedelta(days=days))


def test_beyond_the_tables_of_the_library_weekends_and_hours_remain() -> None:
    far = calendar("SEN")
    assert far.next_open(datetime(2226, 12, 23, 20, tzinfo=UTC)).weekday() < 5
    assert not far.is_ramadan(date(2226, 3, 1))


# ---- the week and the hours ---------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("code", "when", "why"),
    [
        ("BFA", (2026, 11, 25, 10, 0), ""),
        ("BFA", (2026, 11, 25, 8, 29), "night"),
        ("BFA", (2026, 11, 25, 8, 30), ""),
        ("BFA", (2026, 11, 25, 16, 30), "night"),
        ("BFA", (2026, 11, 28, 10, 0), "weekend"),
        ("BFA", (2026, 12, 25, 10, 0), "holiday"),
        ("DZA", (2026, 11, 27, 10, 0), "weekend"),  # Friday
        ("DZA", (2026, 11, 29, 10, 0), ""),  # Sunday
        ("LBY", (2026, 11, 28, 10, 0), "weekend"),
        ("MRT", (2026, 11, 27, 10, 0), ""),  # Friday is worked since 2014
        ("MRT", (2026, 11, 27, 13, 0), "night"),  # but not after noon
        ("SEN", (2027, 2, 16, 15, 0), "night"),  # Ramadan
        ("SEN", (2027, 2, 16, 13, 0), ""),
        ("SEN", (2027, 3, 16, 15, 0), ""),
    ],
)
def test_why_one_may_not_write(code: str, when: tuple[int, ...], why: str) -> None:
    assert calendar(code).why_closed(there(code, *when)) == why
    assert calendar(code).is_open(there(code, *when)) == (not why)


def test_in_the_congo_a_moment_is_permitted_in_both_zones_or_not_at_all() -> None:
    congo = calendar("COD")
    assert not congo.is_open(there("COD", 2026, 11, 25, 15, 45))  # 16:45 in Lubumbashi
    assert congo.is_open(there("COD", 2026, 11, 25, 15, 15))
    assert congo.next_open(there("COD", 2026, 11, 25, 3, 0)) == there("COD", 2026, 11, 25, 8, 30)
    assert congo.why_closed(there("COD", 2026, 11, 29, 23, 30)) == "weekend"


def test_days_off_and_days_worked_of_the_secretariat_count_more_than_the_library() -> None:
    own = Calendar(
        "BF",
        ("Africa/Ouagadougou",),
        frozenset({6, 7}),
        HOURS,
        closed=frozenset({date(2026, 11, 25)}),
        worked=frozenset({date(2026, 12, 25), date(2026, 11, 28)}),
    )
    assert own.why_closed(datetime(2026, 11, 25, 10, tzinfo=UTC)) == "holiday"
    assert own.is_open(datetime(2026, 12, 25, 10, tzinfo=UTC))
    assert own.is_open(datetime(2026, 11, 28, 10, tzinfo=UTC))


@settings(max_examples=examples(150), deadline=None)
@given(st.sampled_from(CODES), MOMENTS)
@example("MAR", datetime(2027, 2, 7, 2, tzinfo=UTC))
@example("MAR", datetime(2027, 3, 14, 2, 30, tzinfo=UTC))
@example("BEL", datetime(2027, 3, 28, 1, tzinfo=UTC))
@example("BEL", datetime(2027, 10, 31, 0, 30, tzinfo=UTC))
def test_the_next_permitted_moment_is_permitted_in_every_zone_and_nothing_before_it_is(
    code: str, moment: datetime
) -> None:
    own = calendar(code)
    found = own.next_open(moment)
    assert found >= moment and found.tzinfo is UTC
    assert own.is_open(found) and own.next_open(found) == found
    for zone in own.zones:
        local = found.astimezone(ZoneInfo(zone))
        assert local.isoweekday() not in own.weekend
        assert time(8, 30) <= local.time() < time(16, 30)
    if found > moment:
        assert not own.is_open(moment) and own.why_closed(moment)
        assert not own.is_open(found - timedelta(seconds=1))


@settings(max_examples=examples(150), deadline=None)
@given(
    st.sampled_from(["Africa/Casablanca", "Europe/Brussels", "Africa/Tripoli", "Atlantic/Azores"]),
    st.sampled_from([date(2027, 3, 28), date(2027, 10, 31), date(2027, 2, 7), date(2027, 3, 14), date(2026, 11, 25)]),
    st.times(time(0), time(4)),
    st.integers(0, 8 * 60),
    st.integers(0, 24 * 60),
)
def test_times_that_do_not_exist_or_exist_twice_are_within_the_hours_however_read(
    zone: str, day: date, opens: time, length: int, minute: int
) -> None:
    begins = datetime.combine(day, opens.replace(second=0, microsecond=0))
    closes = (begins + timedelta(minutes=length)).time()
    own = Calendar("XX", (zone,), frozenset(), Hours(begins.time(), closes, closes))
    moment = datetime.combine(day, time(0), ZoneInfo(zone)).astimezone(UTC) + timedelta(minutes=minute)
    if own.is_open(moment):
        assert begins.time() <= moment.astimezone(ZoneInfo(zone)).time() < closes
    if begins.time() < closes:
        assert own.is_open(own.next_open(moment))


# ---- counting days ------------------------------------------------------------------------------------------------
@settings(max_examples=examples(100), deadline=None)
@given(st.sampled_from(CODES), MOMENTS, st.integers(0, 40))
def test_working_days_later_is_as_many_working_days_later_at_a_permitted_moment(
    code: str, moment: datetime, number: int
) -> None:
    own = calendar(code)
    found = own.after_working_days(moment, number)
    assert found >= moment and own.is_open(found)
    if number:
        begun, day = own.local_day(moment), own.local_day(found)
        assert own.working_days_between(begun, day) == number or (day - begun).days > calendars.FURTHEST


@settings(max_examples=examples(100), deadline=None)
@given(st.sampled_from(CODES), DAYS, st.integers(0, 40))
def test_working_days_before_and_later_are_each_other_s_way_back(code: str, given_day: date, number: int) -> None:
    own = calendar(code)
    day = own.before_working_days(given_day, 0)
    assert day <= given_day and own.working_day(day)
    back = own.before_working_days(day, number)
    assert own.working_day(back)
    assert own.later_working_day(back, number) == day if number else back == day


def test_what_is_planned_comes_at_the_hour_of_reminders_or_when_offices_open_later() -> None:
    assert calendar("BFA").after_working_days(there("BFA", 2026, 11, 25, 23, 0), 1) == there("BFA", 2026, 11, 26, 9, 30)
    hours = Hours(time(8), time(16), time(8, 15), ramadan=Span(time(10), time(14)))
    own = Calendar("BF", ("Africa/Ouagadougou",), frozenset({6, 7}), hours)
    assert own.at_reminders(date(2027, 2, 16)) == datetime(2027, 2, 16, 10, tzinfo=UTC)


# ---- guards -------------------------------------------------------------------------------------------------------
def test_a_day_for_reminders_is_the_day_itself_or_the_next_one_that_is_worked() -> None:
    tuesday, wednesday = there("BFA", 2026, 6, 2, 11, 0), there("BFA", 2026, 6, 3, 11, 0)
    assert calendar("BFA").on_reminder_day(tuesday) == tuesday
    assert calendar("BFA").on_reminder_day(wednesday) == there("BFA", 2026, 6, 4, 9, 30)
    ascension = replace(calendar("BFA"), closed=frozenset({date(2026, 6, 4)}))
    assert ascension.on_reminder_day(wednesday) == there("BFA", 2026, 6, 9, 9, 30)


def test_where_all_days_for_reminders_are_closed_any_other_will_do() -> None:
    hours = replace(calendar("BFA").hours, reminder_days=frozenset({6, 7}))
    wednesday = there("BFA", 2026, 6, 3, 11, 0)
    assert replace(calendar("BFA"), hours=hours).on_reminder_day(wednesday) == wednesday
    any_day = replace(calendar("BFA"), hours=replace(hours, reminder_days=frozenset()))
    assert any_day.on_reminder_day(wednesday) == wednesday


def test_a_calendar_without_a_working_day_says_so_and_ends() -> None:
    never = Calendar("BF", ("Africa/Ouagadougou",), frozenset(range(1, 8)), HOURS)
    moment = datetime(2026, 11, 25, tzinfo=UTC)
    with pytest.raises(NeverOpen):
        never.next_open(moment)
    with pytest.raises(NeverOpen):
        never.after_working_days(moment, 1)
    with pytest.raises(NeverOpen):
        never.before_working_days(moment.date(), 1)


def test_the_end_of_all_dates_is_an_error_of_its_own() -> None:
    own = calendar("BEL")
    with pytest.raises(NeverOpen):
        own.next_open(datetime.max.replace(tzinfo=UTC))
    with pytest.raises(NeverOpen):
        own.later_working_day(date.max, 1)
    with pytest.raises(NeverOpen):
        own.before_working_days(date.min, 1)


def test_a_moment_without_a_zone_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="without a time zone"):
        calendar("BFA").next_open(datetime(2026, 11, 25))  # noqa: DTZ001


def test_thousands_of_moments_take_no_time() -> None:
    own, moment = calendar("COD"), datetime(2026, 11, 25, 20, tzinfo=UTC)
    own.next_open(moment)
    assert min(timeit(lambda: own.next_open(moment), number=1000) for _ in range(5)) / 1000 < 50e-6
