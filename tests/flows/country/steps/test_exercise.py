"""What is planned for the exercise: what may be set, by whom, and which dates hold for a country."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.country.access import COMMAND_LINE, ROLES, Actor
from flows.country.steps.base import Decision, Refusal, When, read, written
from flows.country.steps.course import Course
from flows.country.steps.door import take
from flows.country.steps.exercise import (
    PHASES,
    DatesDropped,
    DatesSet,
    DropDates,
    DropMilestone,
    Exercise,
    Milestone,
    MilestoneDropped,
    MilestoneSet,
    Planned,
    SetDates,
    SetMilestone,
    code_of,
    timetable,
)

NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)
WHEN = When(1, NOW, None, "secretariat")


def day(month: int, number: int = 1, year: int = 2027) -> date:
    return date(year, month, number)


def course(country: str = "BFA", *facts: Any) -> Course:
    found = Course(country)
    for fact in facts:
        fact.apply(found, WHEN)
    return found


def reason(decision: Decision) -> str:
    assert isinstance(decision, Refusal)
    return decision.reason


def set_(step: Any, of: Course | None = None) -> Decision:
    return take(of or course(), COMMAND_LINE, step, NOW)


def test_the_secretariat_alone_sets_dates_and_milestones() -> None:
    for role in ROLES:
        actor = Actor(role, 1, "" if role == "secretariat" else "BFA")
        for step in (
            SetDates("QUEST", day(1), day(2)),
            DropDates("QUEST"),
            SetMilestone("SOM", day(6)),
            DropMilestone("X"),
        ):
            decision = take(course(), actor, step, NOW)
            denied = isinstance(decision, Refusal) and decision.reason == "access.role"
            assert denied == (role != "secretariat")


def test_dates_are_set_moved_and_taken_back() -> None:
    one = course()
    assert set_(SetDates("QUEST", day(1, 10), day(3, 31)), one) == (DatesSet("QUEST", day(1, 10), day(3, 31)),)
    one = course("BFA", DatesSet("QUEST", day(1, 10), day(3, 31)))
    assert reason(set_(SetDates("QUEST", day(1, 10), day(3, 31)), one)) == "exercise.dates_unchanged"
    assert set_(SetDates("QUEST", day(1, 10), day(4, 15)), one) == (DatesSet("QUEST", day(1, 10), day(4, 15)),)
    assert set_(DropDates("QUEST"), one) == (DatesDropped("QUEST"),)
    assert reason(set_(DropDates("EOI"), one)) == "exercise.no_dates"
    assert course("BFA", DatesSet("QUEST", day(1), day(2)), DatesDropped("QUEST")).exercise == Exercise()


@pytest.mark.parametrize(
    ("begins", "ends", "why"),
    [
        (day(3), day(2), "end_before_begin"),
        (day(1, year=2207), day(2, year=2207), "implausible"),
        (day(1, year=1927), day(2), "implausible"),
    ],
)
def test_impossible_dates_are_refused(begins: date, ends: date, why: str) -> None:
    assert reason(set_(SetDates("QUEST", begins, ends))) == f"exercise.{why}"


def test_one_day_is_enough_for_a_phase() -> None:
    assert set_(SetDates("WORKSHOP", day(3), day(3))) == (DatesSet("WORKSHOP", day(3), day(3)),)


def test_phases_may_overlap_but_none_is_over_before_an_earlier_one_begins() -> None:
    one = course("BFA", DatesSet("QUEST", day(2), day(4)))
    assert set_(SetDates("WORKSHOP", day(2), day(3)), one)
    assert set_(SetDates("EOI", day(4), day(5)), one)
    early = set_(SetDates("WORKSHOP", day(1), day(1, 31)), one)
    assert isinstance(early, Refusal)
    assert early.reason == "exercise.over_before_earlier"
    assert early.values["other"] == "exercise.phase_QUEST"
    assert reason(set_(SetDates("EOI", day(5), day(6)), one)) == "exercise.begins_after_later"


def test_the_dates_of_all_countries_count_where_a_country_has_none() -> None:
    region = {"QUEST": Planned(day(2), day(4))}
    assert reason(set_(SetDates("WORKSHOP", day(1), day(1, 31), region))) == "exercise.over_before_earlier"  # type: ignore[arg-type]


def test_what_follows_a_late_phase_is_later_too() -> None:
    region = {
        "QUEST": Planned(day(1), day(2)),
        "WORKSHOP": Planned(day(3), day(4)),
        "DRAFT": Planned(day(4), day(5)),
    }
    own = {"WORKSHOP": Planned(day(4), day(5))}
    found = timetable(own, region)  # type: ignore[arg-type]
    assert found["QUEST"] == region["QUEST"]
    assert found["WORKSHOP"] == own["WORKSHOP"]
    assert found["DRAFT"] == Planned(day(5), day(5, 31))
    assert timetable({}, region) == region  # type: ignore[arg-type]
    assert timetable(own, {}) == own  # type: ignore[arg-type]


DAYS = st.dates(date(2024, 1, 1), date(2030, 1, 1))
PLANS = st.dictionaries(
    st.sampled_from(PHASES), st.builds(lambda a, b: Planned(a, a + timedelta(days=b)), DAYS, st.integers(0, 400))
)


@given(PLANS, PLANS)
def test_a_countrys_own_dates_always_hold_and_every_phase_with_dates_has_some(own: Any, region: Any) -> None:
    found = timetable(own, region)
    assert set(found) == set(own) | set(region)
    assert all(found[phase] == dates for phase, dates in own.items())
    assert all(dates.begins <= dates.ends for dates in found.values())
    assert list(found) == [phase for phase in PHASES if phase in found]


def test_a_milestone_is_of_the_region_and_has_a_name() -> None:
    region = course("")
    assert set_(SetMilestone(" som ", day(6, 15)), region) == (MilestoneSet("SOM", day(6, 15), ""),)
    assert reason(set_(SetMilestone("SOM", day(6, 15)))) == "exercise.milestone_of_country"
    assert reason(set_(SetMilestone("2nd", day(6)), region)) == "exercise.bad_code"
    assert reason(set_(SetMilestone("", day(6)), region)) == "exercise.bad_code"
    assert reason(set_(SetMilestone("PILOT", day(6)), region)) == "exercise.name_missing"
    assert reason(set_(SetMilestone("PILOT", day(6), "x" * 121), region)) == "exercise.long_name"
    assert reason(set_(SetMilestone("PILOT", day(6, year=2999), "Comité"), region)) == "exercise.implausible"


def test_a_milestone_moves_keeps_its_name_and_can_be_dropped() -> None:
    region = course("", MilestoneSet("PILOT", day(6), "Comité de pilotage"))
    assert set_(SetMilestone("PILOT", day(7)), region) == (MilestoneSet("PILOT", day(7), "Comité de pilotage"),)
    assert reason(set_(SetMilestone("PILOT", day(6)), region)) == "exercise.milestone_unchanged"
    assert set_(DropMilestone("pilot"), region) == (MilestoneDropped("PILOT"),)
    assert reason(set_(DropMilestone("SOM"), region)) == "exercise.no_milestone"
    assert course("", MilestoneSet("A", day(6), "A"), MilestoneDropped("A")).exercise == Exercise()


@given(st.text(max_size=200))
def test_any_name_has_a_code_that_is_accepted(name: str) -> None:
    region = course("", MilestoneSet("COMITE", day(6), "Comité"), MilestoneSet("M", day(6), "…"))
    code = code_of(name, region.exercise)
    decision = set_(SetMilestone(code, day(8), name), region)
    if isinstance(decision, Refusal):
        assert decision.reason == "exercise.long_name"


def test_a_name_known_is_the_same_milestone_and_a_like_one_another() -> None:
    exercise = Exercise(milestones={"COMITE": Milestone("COMITE", day(6), "Comité")})
    assert code_of("COMITÉ ", exercise) == "COMITE"
    assert code_of("Comité, deux", exercise) == "COMITEDEUX"
    assert code_of("Comité de !", exercise) == "COMITE"
    assert code_of("", exercise) == code_of("som", exercise) == "SOM"


def test_facts_come_back_from_the_ledger_as_they_went_in() -> None:
    for fact in (
        DatesSet("QUEST", day(1), day(2)),
        DatesDropped("QUEST"),
        MilestoneSet("SOM", day(6), "<b>Réunion</b>"),
        MilestoneDropped("SOM"),
    ):
        kind, facts, words = written(fact)
        entry: Any = type("E", (), {"kind": kind, "facts": facts, "words": words})
        assert read(entry) == fact
        assert "Réunion" not in str(facts)
