"""What waits is followed up as a considerate colleague would: politely, never too often, and never forgotten."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from flows import knowledge
from flows.country.follow_ups.calendar import Calendar
from flows.country.follow_ups.policy import standard_policy
from flows.country.follow_ups.rules import Rule
from flows.country.follow_ups.schedule import Move, Planned, Said, after, foreseen, planned, still_worth
from tests.budget import examples

POLICY = standard_policy()
CODES = tuple(one.code for one in knowledge.countries())
BEGUN = datetime(2026, 5, 11, 10, tzinfo=UTC)


def calendars(code: str, *without: Move) -> dict[Move, Calendar]:
    own = POLICY.calendar(code)
    found: dict[Move, Calendar] = {"remind": own, "coordinator": own, "secretariat": POLICY.secretariat_calendar()}
    return {move: one for move, one in found.items() if move not in without}


def all_of(
    since: datetime,
    due: date | None,
    said: Said | None = None,
    now: datetime | None = None,
    kind: str = "questionnaire",
) -> list[str]:
    """All moves that follow in Burkina Faso if nothing is heard, as lines that can be read."""
    steps = foreseen(POLICY.rule(kind, "BFA"), since, due, said or Said(), calendars("BFA"), now or since)
    return [f"{one.at:%a %d %b %Y %H:%M} {one.move} {one.why}" for one in steps]


# ---- an official who goes silent for three weeks over a holiday ---------------------------------------------------
def test_an_official_goes_silent_over_christmas_2026() -> None:
    """Begun on Thursday 10 December, expected by 29 January. Off: 11 and 25 December, 1 and 4 January (for the 3rd)."""
    assert all_of(datetime(2026, 12, 10, 10, tzinfo=UTC), date(2027, 1, 29)) == [
        "Tue 22 Dec 2026 09:30 remind first",
        "Thu 31 Dec 2026 09:30 remind again",
        "Fri 15 Jan 2027 09:30 remind before_due",
        "Fri 22 Jan 2027 09:30 coordinator unanswered",
        "Fri 22 Jan 2027 09:30 remind before_due",
        "Wed 27 Jan 2027 09:30 remind before_due",
        "Mon 01 Feb 2027 09:30 remind overdue",
        "Fri 05 Feb 2027 09:30 secretariat still_unanswered",
        "Fri 05 Feb 2027 09:30 remind overdue",
    ]


def test_an_official_goes_silent_over_tabaski_2026() -> None:
    """Begun on Monday 11 May. Off: Ascension on the 14th; Tabaski on the 27th, an estimate, with the 26th and 28th."""
    assert all_of(BEGUN, None) == [
        "Tue 19 May 2026 09:30 remind first",
        "Tue 02 Jun 2026 09:30 remind again",
        "Thu 11 Jun 2026 09:30 remind again",
        "Thu 18 Jun 2026 09:30 coordinator unanswered",
        "Thu 02 Jul 2026 09:30 secretariat still_unanswered",
    ]


def test_the_official_answers_after_three_weeks_and_the_count_begins_anew() -> None:
    heard = datetime(2026, 6, 1, 15, tzinfo=UTC)
    said = Said(reminders=2, last=datetime(2026, 5, 29, 9, 30, tzinfo=UTC))
    assert all_of(heard, None, said)[0] == "Tue 09 Jun 2026 09:30 remind first"
    told = replace(said, coordinator=said.last, secretariat=said.last)
    assert all_of(heard, None, told) == all_of(heard, None)


@pytest.mark.parametrize("code", CODES)
def test_what_comes_by_spacing_comes_on_the_days_for_reminders_so_that_several_are_one_message(code: str) -> None:
    own = calendars(code)["remind"]
    for kind in ("questionnaire", "acceptance", "difference", "draft"):
        for day in range(9):
            since = BEGUN + timedelta(days=day)
            said = list(foreseen(POLICY.rule(kind, code), since, None, Said(), calendars(code), since))
            days = {own.local_day(one.at).isoweekday() for one in said if one.why in ("first", "again")}
            assert days <= own.hours.reminder_days


# ---- what was asked for -------------------------------------------------------------------------------------------
def test_who_asked_for_quiet_gets_it_and_the_coordinator_hears_when_the_deadline_passes() -> None:
    assert all_of(BEGUN, date(2026, 6, 5), Said(muted=True)) == [
        "Wed 10 Jun 2026 09:30 coordinator overdue",
        "Wed 24 Jun 2026 09:30 secretariat still_unanswered",
    ]


def test_where_there_is_no_deadline_they_hear_when_they_would_have_heard_anyway() -> None:
    loud, quiet = all_of(BEGUN, None), all_of(BEGUN, None, Said(muted=True))
    assert quiet == [one for one in loud if " remind " not in one]


def test_who_asked_for_word_on_a_date_gets_it_then_and_nobody_hears_before() -> None:
    until = datetime(2026, 8, 3, 6, tzinfo=UTC)
    said = Said(reminders=3, last=datetime(2026, 6, 9, 9, 30, tzinfo=UTC), snoozed_until=until)
    found = all_of(BEGUN, date(2026, 6, 30), said)
    assert found[0] == "Mon 03 Aug 2026 08:30 remind snoozed"
    assert "snoozed" not in " ".join(found[1:])


def test_a_promise_is_kept_even_when_the_most_reminders_are_used_up_and_only_once() -> None:
    last = datetime(2026, 8, 4, 10, tzinfo=UTC)
    used = Said(POLICY.rule("questionnaire").most, last, last, last, snoozed_until=datetime(2026, 9, 7, 10, tzinfo=UTC))
    assert all_of(BEGUN, None, used) == ["Mon 07 Sep 2026 10:00 remind snoozed"]


def test_who_reacts_after_asking_for_a_date_is_not_held_to_it() -> None:
    heard = datetime(2026, 6, 1, 15, tzinfo=UTC)
    assert all_of(heard, None, Said(snoozed_until=heard - timedelta(hours=1))) == all_of(heard, None)


# ---- deadlines ----------------------------------------------------------------------------------------------------
def test_a_deadline_that_had_passed_when_it_began_to_wait_is_none_but_is_called_overdue() -> None:
    found = all_of(BEGUN, date(2026, 4, 30))
    assert [one.rsplit(" ", 1)[0] for one in found] == [one.rsplit(" ", 1)[0] for one in all_of(BEGUN, None)]
    assert found[0].endswith("overdue")


def test_what_has_no_point_after_the_deadline_is_not_said_then() -> None:
    workshop = date(2026, 6, 3)
    assert all_of(BEGUN, workshop, kind="workshop_soon") == [
        "Mon 25 May 2026 09:30 remind before_due",  # seven days before is Tabaski
        "Tue 02 Jun 2026 09:30 remind before_due",
    ]
    assert all_of(BEGUN, workshop, now=datetime(2026, 6, 4, 10, tzinfo=UTC), kind="workshop_soon") == []


def test_a_deadline_at_the_end_of_all_dates_is_none() -> None:
    assert all_of(BEGUN, date.max) == all_of(BEGUN, None)


# ---- an outage ----------------------------------------------------------------------------------------------------
def test_after_an_outage_one_reminder_is_said_and_not_all_that_were_missed() -> None:
    now = datetime(2026, 6, 2, 22, tzinfo=UTC)
    found = all_of(BEGUN, date(2026, 6, 12), now=now)
    assert found[:2] == ["Wed 03 Jun 2026 08:30 remind before_due", "Fri 05 Jun 2026 09:30 remind before_due"]


def test_what_was_missed_waits_for_a_date_of_the_deadline_that_is_near() -> None:
    now = datetime(2026, 6, 9, 10, tzinfo=UTC)
    assert all_of(BEGUN, date(2026, 6, 12), now=now)[0] == "Wed 10 Jun 2026 09:30 remind before_due"


def test_what_is_too_late_is_not_worth_saying() -> None:
    own, rule = POLICY.calendar("BFA"), POLICY.rule("workshop_soon")
    at = datetime(2026, 6, 1, 9, 30, tzinfo=UTC)
    assert still_worth(rule, at, date(2026, 6, 8), own, at + timedelta(days=3))
    assert not still_worth(rule, at, date(2026, 6, 8), own, at + timedelta(days=4))
    assert not still_worth(rule, at, date(2026, 6, 2), own, at + timedelta(days=2))
    assert still_worth(POLICY.rule("questionnaire"), at, date(2026, 6, 2), own, at + timedelta(days=20))
    assert not still_worth(POLICY.rule("questionnaire"), at, None, own, at + timedelta(days=40_000))


# ---- those above --------------------------------------------------------------------------------------------------
def test_without_a_coordinator_the_secretariat_hears_and_without_either_nobody() -> None:
    rule = POLICY.rule("questionnaire", "BFA")
    found = list(foreseen(rule, BEGUN, None, Said(), calendars("BFA", "coordinator"), BEGUN))
    assert [one.move for one in found].count("secretariat") == 1
    assert {
        one.move for one in foreseen(rule, BEGUN, None, Said(), calendars("BFA", "coordinator", "secretariat"), BEGUN)
    } == {"remind"}


def test_a_superior_is_reminded_once_and_nobody_hears_of_it() -> None:
    assert all_of(BEGUN, date(2026, 6, 12), kind="clearance_superior") == ["Tue 19 May 2026 09:30 remind first"]


def test_the_secretariat_hears_in_its_own_hours() -> None:
    rule = POLICY.rule("acceptance", "DZA")
    since = datetime(2026, 12, 2, 10, tzinfo=UTC)
    found = next(
        one
        for one in foreseen(rule, since, None, Said(), calendars("DZA", "coordinator"), since)
        if one.move == "secretariat"
    )
    assert POLICY.secretariat_calendar().is_open(found.at)


# ---- whatever happens ---------------------------------------------------------------------------------------------
def moment(first: int, last: int) -> st.SearchStrategy[datetime]:
    begun = datetime(2026, 1, 1, tzinfo=UTC)
    return st.integers(first * 24 * 60, last * 24 * 60).map(lambda minutes: begun + timedelta(minutes=minutes))


@st.composite
def rules(draw: st.DrawFn) -> Rule:
    some = st.integers(1, 12)
    most = draw(st.integers(1, 6))
    return Rule(
        first=draw(some),
        spacing=tuple(sorted(draw(st.lists(some, min_size=1, max_size=3)))),
        most=most,
        before_due=tuple(sorted(draw(st.sets(st.integers(0, 20), max_size=3)), reverse=True)),
        after_due=tuple(sorted(draw(st.sets(some, max_size=2)))),
        coordinator_after=draw(st.integers(0, most)),
        coordinator_overdue=draw(st.integers(0, 5)),
        secretariat_after=draw(st.integers(0, 8)),
        until_due=draw(st.booleans()),
    )


RULES = st.one_of(rules(), st.sampled_from([POLICY.rule(kind) for kind in POLICY.kinds]))
DUES = st.one_of(st.none(), st.dates(date(2025, 11, 1), date(2027, 6, 1)))
PLACES = st.tuples(st.sampled_from(CODES), st.sampled_from([(), ("coordinator",), ("coordinator", "secretariat")])).map(
    lambda pair: calendars(pair[0], *pair[1])
)
ANY = st.one_of(st.none(), moment(-400, 800))
SAID = st.builds(
    Said,
    reminders=st.integers(-1, 30),
    last=ANY,
    coordinator=ANY,
    secretariat=ANY,
    snoozed_until=ANY,
    muted=st.booleans(),
)
Places = Mapping[Move, Calendar]
quick = settings(max_examples=examples(200), deadline=None)


@quick
@given(RULES, moment(0, 400), DUES, SAID, PLACES, moment(-300, 900))
def test_a_move_is_at_a_permitted_moment_after_its_beginning_now_and_all_that_was_said(
    rule: Rule, since: datetime, due: date | None, said: Said, places: Places, now: datetime
) -> None:
    step = planned(rule, since, due, said, places, now)
    if step is None:
        return
    assert step.move in places and places[step.move].is_open(step.at) and step.at.tzinfo is UTC
    assert step.at >= max(now, since)
    counted = [one for one in (said.last, said.coordinator, said.secretariat) if one is not None and one >= since]
    assert all(step.at >= one for one in counted)
    if said.muted:
        assert step.move != "remind"
    until = said.snoozed_until
    if until is not None and (said.last is None or said.last < until) and until > since:
        assert step.at >= until


@quick
@given(RULES, moment(0, 400), DUES, SAID, PLACES, moment(-300, 900), st.floats(0, 1))
def test_what_is_planned_stays_planned_until_it_is_said(
    rule: Rule, since: datetime, due: date | None, said: Said, places: Places, now: datetime, share: float
) -> None:
    step = planned(rule, since, due, said, places, now)
    assume(step is not None)
    assert step is not None
    between = now + (step.at - now) * share
    assert planned(rule, since, due, said, places, between) == step
    assert planned(rule, since, due, said, places, step.at) == step


@quick
@given(
    RULES, moment(0, 400), DUES, PLACES, st.booleans(), st.lists(st.integers(-3 * 24 * 60, 60 * 24 * 60), max_size=30)
)
def test_caps_hold_spacing_never_shrinks_and_each_above_hears_once_whatever_the_clock_does(
    rule: Rule, since: datetime, due: date | None, places: Places, muted: bool, late: list[int]
) -> None:
    """Each move is made late, or the clock has jumped back since: by so many minutes."""
    said, now, made = Said(muted=muted), since, list[Planned]()
    while (step := planned(rule, since, due, said, places, now)) is not None:
        made.append(step)
        assert len(made) < 40
        said = after(said, step.move, step.at)
        now = step.at + timedelta(minutes=late.pop() if late else 0)
    moves = [one.move for one in made]
    assert moves.count("remind") <= rule.most
    assert moves.count("coordinator") <= 1 and moves.count("secretariat") <= 1
    if "coordinator" in moves and "secretariat" in moves:
        assert moves.index("coordinator") < moves.index("secretariat")
    if not muted and "coordinator" in moves:
        assert "remind" in moves[: moves.index("coordinator")]
    own = places["remind"]
    reminders = [one for one in made if one.move == "remind"]
    assert all(own.local_day(one.at) < own.local_day(two.at) for one, two in pairwise(reminders))
    for number, (one, two) in enumerate(pairwise(reminders), 1):
        if two.why == "again":
            days = own.working_days_between(own.local_day(one.at), own.local_day(two.at))
            assert days >= rule.spaced(number)
    if reminders and due is None:
        assert own.working_days_between(own.local_day(since), own.local_day(reminders[0].at)) >= rule.first
    if rule.until_due and due is not None:
        assert all(own.local_day(one.at) <= due for one in made)


@quick
@given(RULES, moment(0, 400), DUES, SAID, PLACES, st.integers(0, 200))
def test_a_reaction_starts_the_count_anew(
    rule: Rule, since: datetime, due: date | None, said: Said, places: Places, minutes: int
) -> None:
    times = [one for one in (said.last, said.coordinator, said.secretariat) if one is not None]
    heard = max([since, *times]) + timedelta(minutes=minutes + 1)
    fresh = Said(snoozed_until=said.snoozed_until, muted=said.muted)
    assert planned(rule, heard, due, said, places, heard) == planned(rule, heard, due, fresh, places, heard)


@quick
@given(RULES, moment(0, 400), PLACES)
def test_what_nobody_answers_is_heard_of_above_where_the_rule_says_so(
    rule: Rule, since: datetime, places: Places
) -> None:
    assume(rule.coordinator_after and "secretariat" in places)
    for muted in (False, True):
        moves = [one.move for one in foreseen(rule, since, None, Said(muted=muted), places, since)]
        assert ("coordinator" if "coordinator" in places else "secretariat") in moves


@quick
@given(RULES, st.integers(0, 75_000), st.integers(-400, 75_000), PLACES)
def test_two_hundred_years_ahead_nothing_fails(rule: Rule, days: int, due_days: int, places: Places) -> None:
    since = BEGUN + timedelta(days=days)
    due = BEGUN.date() + timedelta(days=due_days)
    for step in foreseen(rule, since, due, Said(), places, since):
        assert places[step.move].is_open(step.at)


@pytest.mark.parametrize("code", ["MAR", "BEL", "COD", "DZA"])
def test_a_year_of_beginnings_at_every_hour_around_the_changes_of_the_clock(code: str) -> None:
    places, rule = calendars(code), POLICY.rule("questionnaire", code)
    for hours in range(0, 365 * 24, 41):
        since = datetime(2027, 1, 1, tzinfo=UTC) + timedelta(hours=hours)
        step = planned(rule, since, since.date() + timedelta(days=20), Said(), places, since)
        assert step is not None and places["remind"].is_open(step.at)
