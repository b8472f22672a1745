"""When digests come, and when each of many messages goes out: in hours, once, and not too many at a time."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, time, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from flows.country.follow_ups.pacing import Pacer
from flows.country.follow_ups.policy import standard_policy
from flows.country.follow_ups.rules import Digest
from flows.country.follow_ups.weekly import next_weekly
from tests.budget import examples

POLICY = standard_policy()
CODES = sorted(POLICY.calendars)
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
moments = st.datetimes(datetime(2026, 1, 1), datetime(2032, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001 (hypothesis wants them so)


@settings(max_examples=examples(150), deadline=None)
@given(st.sampled_from(CODES), moments, st.sampled_from(WEEKDAYS), st.integers(0, 23))
def test_digests_come_in_working_hours_about_once_a_week_and_never_two_on_a_day(
    code: str, now: datetime, weekday: str, hour: int
) -> None:
    calendar, rule = POLICY.calendar(code), Digest(weekday, time(hour))  # type: ignore[arg-type]
    before = now
    at = next_weekly(rule, calendar, now)
    for _ in range(8):
        assert at > before
        assert calendar.is_open(at)
        before, at = at, next_weekly(rule, calendar, at, calendar.local_day(at))
        assert calendar.local_day(at) > calendar.local_day(before)
        assert at - before < timedelta(days=28)


def test_a_digest_that_falls_on_a_holiday_comes_when_work_begins_again() -> None:
    calendar = POLICY.calendar("BFA")
    monday = datetime(2027, 3, 1, 7, 0, tzinfo=UTC)
    assert next_weekly(POLICY.digest, calendar, monday) == datetime(2027, 3, 1, 9, 0, tzinfo=UTC)
    easter = datetime(2027, 3, 28, 12, 0, tzinfo=UTC)  # a Sunday; Monday is a holiday
    assert next_weekly(POLICY.digest, calendar, easter) == datetime(2027, 3, 30, 8, 30, tzinfo=UTC)


@settings(max_examples=examples(60), deadline=None)
@given(st.lists(st.sampled_from(CODES), min_size=1, max_size=60), moments, st.integers(1, 20), st.integers(1, 5))
def test_each_message_has_a_time_in_hours_and_no_minute_has_too_many(
    codes: list[str], now: datetime, per_minute: int, days: int
) -> None:
    pacer = Pacer(per_minute, now)
    minutes: Counter[datetime] = Counter()
    for code in codes:
        calendar = POLICY.calendar(code)
        slot = pacer.slot(code, calendar, now, days)
        if slot is None:
            continue
        assert slot.begins >= now
        assert calendar.is_open(slot.begins) and calendar.is_open(slot.ends - timedelta(seconds=1))
        assert not calendar.is_open(slot.ends)
        last = calendar.later_working_day(calendar.local_day(now), days)
        assert calendar.local_day(slot.begins) <= last
        minutes[slot.begins.replace(second=0, microsecond=0)] += 1
    assert max(minutes.values(), default=0) <= per_minute


def test_what_would_come_too_late_has_no_time() -> None:
    calendar = POLICY.calendar("BFA")
    written = datetime(2027, 3, 1, 10, 0, tzinfo=UTC)
    assert Pacer(600, written + timedelta(days=10)).slot("BFA", calendar, written, 3) is None
    slow = Pacer(1, written)
    slots = [slow.slot("BFA", calendar, written, 1) for _ in range(2000)]
    assert slots[0] is not None and slots[-1] is None
