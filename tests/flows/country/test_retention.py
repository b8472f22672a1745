"""How long what is known of people is kept."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from flows.country.retention import CATEGORIES, Category, End, Item, Periods, due, end_of, months_after, plan
from flows.country.steps.base import When
from flows.country.steps.course import Course
from flows.country.steps.interest import InterestExpressed

AT = datetime(2026, 1, 31, 12, tzinfo=UTC)
PERIODS = Periods()
MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


def test_contacts_wait_for_the_end_of_the_exercise() -> None:
    end = End(AT, "published")
    found = due(Item("contacts", "7", AT - timedelta(days=400), "BFA"), {"BFA": end}, PERIODS)
    assert (found.at, found.end) == (datetime(2028, 1, 31, 12, tzinfo=UTC), end)


def test_contacts_wait_for_what_the_person_did_since() -> None:
    since = AT + timedelta(days=100)
    assert due(Item("contacts", "7", since, "BFA"), {"BFA": End(AT, "declined")}, PERIODS).at == months_after(since, 24)


def test_other_things_wait_for_no_country() -> None:
    found = due(Item("invitations", "7", AT, "BFA"), {"BFA": End(AT + timedelta(days=900), "published")}, PERIODS)
    assert (found.at, found.end) == (datetime(2026, 4, 30, 12, tzinfo=UTC), None)


def test_a_country_ends_with_its_publication_its_no_or_its_last_sign_of_life() -> None:
    course = Course("BFA")
    assert end_of(course, AT) == End(AT, "idle")
    course.changed_at = AT + timedelta(days=1)
    assert end_of(course, AT) == End(course.changed_at, "idle")
    when = When(1, AT + timedelta(days=2), None, "focal_point")
    InterestExpressed("no").apply(course, when)
    course.seen["interest.expressed"] = (when, when)
    assert end_of(course, AT) == End(when.at, "declined")
    last = When(9, AT + timedelta(days=3), None, "secretariat")
    course.seen["publication.made"] = (when, last)
    assert end_of(course, AT) == End(last.at, "published")


@given(st.sampled_from(CATEGORIES), MOMENTS, MOMENTS, MOMENTS)
def test_nothing_is_due_before_its_time_nor_before_the_end_it_waits_for(
    category: Category, since: datetime, ended: datetime, now: datetime
) -> None:
    item = Item(category, "7", since, "BFA")
    found = plan([item], {"BFA": End(ended, "idle")}, PERIODS, now)
    assert bool(found) == (due(item, {"BFA": End(ended, "idle")}, PERIODS).at <= now)
    for one in found:
        assert one.at >= months_after(since, PERIODS.of(category))
        assert category != "contacts" or one.at >= months_after(ended, PERIODS.contacts)


@given(MOMENTS, st.integers(0, 600))
def test_months_are_months(at: datetime, months: int) -> None:
    after = months_after(at, months)
    assert (after.year * 12 + after.month) - (at.year * 12 + at.month) == months
    assert after.day == at.day or (after + timedelta(days=1)).month != after.month
