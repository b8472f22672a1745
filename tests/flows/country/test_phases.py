"""Phases follow from what happened, and from nothing else."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from flows.country.phases import current, of, phases
from flows.country.steps.base import Fact
from flows.country.steps.exercise import PHASES, DatesSet, Phase, Planned
from tests.flows.country.happening import (
    ASKED,
    BEGAN,
    LATER,
    NO,
    TAKES_PART,
    YES,
    accepted,
    agreed,
    cancelled,
    course,
    decided,
    flat,
    joined,
    made,
    named,
    proposed,
    published,
    put,
    round_of,
    still_right,
    submitted,
    voided,
)

NOW = BEGAN + timedelta(days=200)
TODAY = NOW.date()
HELD, AHEAD = BEGAN + timedelta(days=100), NOW + timedelta(days=30)
ALL_IN = flat(TAKES_PART, named(1), joined(1), accepted(1))  # eight facts
SHORT = {"not_begun": "·", "in_progress": "▸", "done": "✓", "late": "!"}
"""EOI QUEST WORKSHOP DRAFT ENDORSE PUBLISH CONTINUE, a sign each."""

TABLE: dict[str, tuple[tuple[Fact, ...], str]] = {
    "nothing": ((), "·······"),
    "asked": ((ASKED,), "▸······"),
    "to be confirmed": ((ASKED, LATER), "▸······"),
    "no": ((ASKED, NO), "✓······"),
    "yes": ((ASKED, YES), "▸······"),
    "yes without having been asked": ((YES, named(1)), "✓······"),
    "entities named": (flat(TAKES_PART, named(1)), "✓······"),
    "somebody answers": (flat(TAKES_PART, named(1), joined(1)), "✓▸·····"),
    "submitted": (flat(TAKES_PART, named(1), joined(1), submitted(1)), "✓▸·····"),
    "all accepted": (ALL_IN, "✓✓·····"),
    "one of two accepted": (flat(ALL_IN, named(2), joined(2)), "✓▸·····"),
    "workshop proposed": (flat(ALL_IN, proposed(AHEAD)), "✓✓▸····"),
    "workshop agreed": (flat(ALL_IN, proposed(AHEAD), agreed(9)), "✓✓▸····"),
    "workshop called off": (flat(ALL_IN, proposed(AHEAD), agreed(9), cancelled(9)), "✓✓·····"),
    "workshop held": (flat(ALL_IN, proposed(HELD), agreed(9)), "✓✓✓····"),
    "one held, one to come": (flat(ALL_IN, proposed(HELD), agreed(9), proposed(AHEAD)), "✓✓▸····"),
    "workshop while answers come in": (flat(TAKES_PART, named(1), joined(1), proposed(AHEAD)), "✓▸▸····"),
    "compiled": (flat(ALL_IN, made(1)), "✓✓·▸···"),
    "proposed": (flat(ALL_IN, made(1), put(1)), "✓✓·✓▸··"),
    "proposed, and made anew": (flat(ALL_IN, made(1), put(1), made(2)), "✓✓·▸▸··"),
    "returned": (flat(ALL_IN, made(1), put(1), decided(1, "return")), "✓✓·▸▸··"),
    "endorsed": (flat(ALL_IN, made(1), put(1), decided(1)), "✓✓·✓✓▸·"),
    "endorsed, and void": (flat(ALL_IN, made(1), put(1), decided(1), voided(11)), "✓✓·✓▸··"),
    "published": (flat(ALL_IN, made(1), put(1), decided(1), published(1, 11)), "✓✓·✓✓✓·"),
    "published, void since": (flat(ALL_IN, made(1), put(1), decided(1), published(1, 11), voided(11)), "✓✓·✓✓✓·"),
    "published without one entity": (
        flat(ALL_IN, named(2), joined(2), made(1), put(1), decided(1), published(1, 13)),
        "✓✓·✓✓✓·",
    ),
    "a yearly round": (flat(ALL_IN, made(1), put(1), decided(1), published(1, 11), round_of(1)), "✓✓·✓✓✓▸"),
    "a yearly round, answered": (
        flat(ALL_IN, made(1), put(1), decided(1), published(1, 11), round_of(1), still_right(1)),
        "✓✓·✓✓✓▸",
    ),
    "the next edition": (flat(ALL_IN, made(1), put(1), decided(1), published(1, 11), made(2)), "✓✓·▸✓✓·"),
    "the next edition endorsed": (
        flat(ALL_IN, made(1), put(1), decided(1), published(1, 11), made(2), put(2), decided(2)),
        "✓✓·✓✓▸·",
    ),
}


def signs(facts: tuple[Fact, ...], region: dict[Phase, Planned] | None = None, today: date = TODAY) -> str:
    return "".join(SHORT[one.state] for one in phases(course(*facts), region or {}, NOW, today))


@pytest.mark.parametrize("name", TABLE)
def test_what_happened_says_in_which_phases_a_country_is(name: str) -> None:
    facts, expected = TABLE[name]
    assert signs(facts) == expected


@pytest.mark.parametrize("name", TABLE)
def test_every_phase_has_its_evidence(name: str) -> None:
    facts, _ = TABLE[name]
    numbers = {number: fact.kind for number, fact in enumerate(facts, start=1)}
    for one in phases(course(*facts), {}, NOW, TODAY):
        assert (one.began is None) == (one.state == "not_begun")
        assert (one.ended is None) == (one.state != "done")
        for evidence in (one.began, one.ended):
            if evidence is not None and evidence.number is not None and not evidence.kind.startswith("meeting."):
                assert numbers[evidence.number] == evidence.kind
        if one.began is not None and one.ended is not None:
            assert one.began.at <= one.ended.at


def test_several_phases_may_be_in_progress() -> None:
    facts = flat(TAKES_PART, named(1), joined(1), proposed(AHEAD), made(1))
    assert current(phases(course(*facts), {}, NOW, TODAY)) == ("QUEST", "WORKSHOP", "DRAFT")


PLAN: dict[Phase, Planned] = {
    phase: Planned(BEGAN.date() + timedelta(30 * number), BEGAN.date() + timedelta(30 * number + 29))
    for number, phase in enumerate(PHASES)
}


@pytest.mark.parametrize(
    ("day", "expected"),
    [(29, "▸······"), (30, "!······"), (500, "!······")],
    ids=["last day", "a day later", "at last"],
)
def test_until_a_country_answers_only_its_answer_is_late(day: int, expected: str) -> None:
    assert signs((ASKED,), PLAN, BEGAN.date() + timedelta(day)) == expected


def test_what_is_not_done_by_its_planned_end_is_late_begun_or_not() -> None:
    facts = flat(TAKES_PART, named(1), joined(1))
    assert signs(facts, PLAN, BEGAN.date() + timedelta(95)) == "✓!!····"
    one = of(course(*facts), "QUEST", PLAN, NOW, BEGAN.date() + timedelta(95))
    assert (one.state, one.days_late, one.is_open) == ("late", 36, True)
    other = of(course(*facts), "WORKSHOP", PLAN, NOW, BEGAN.date() + timedelta(95))
    assert (other.state, other.days_late, other.is_open) == ("late", 6, False)


def test_continuation_is_never_late_nor_is_a_country_that_declined_or_was_never_asked() -> None:
    late = BEGAN.date() + timedelta(900)
    assert signs(ALL_IN, PLAN, late)[-1] == "·"
    assert signs((ASKED, NO), PLAN, late) == "✓······"
    assert signs((), PLAN, late) == "·······"


def test_continuation_ends_with_its_time_unless_a_round_is_under_way() -> None:
    before = flat(ALL_IN, made(1), put(1), decided(1), published(1, 11), round_of(1))
    late = BEGAN.date() + timedelta(900)
    region: dict[Phase, Planned] = {"CONTINUE": PLAN["CONTINUE"]}
    assert signs(before, region, late) == "✓✓·✓✓✓▸"
    after = phases(course(*before, still_right(1)), region, NOW, late)[-1]
    assert (after.state, after.ended, after.is_open) == ("done", None, False)


def test_a_countrys_own_dates_count_before_those_of_all() -> None:
    longer = DatesSet("QUEST", BEGAN.date(), BEGAN.date() + timedelta(200))
    facts = flat(TAKES_PART, named(1), joined(1), longer)
    assert signs(facts, PLAN, BEGAN.date() + timedelta(95)) == "✓▸·····"


def test_once_the_guide_is_out_nothing_planned_before_is_late() -> None:
    facts = flat(ALL_IN, made(1), put(1), decided(1), published(1, 11), made(2))
    early: dict[Phase, Planned] = {phase: Planned(BEGAN.date(), BEGAN.date()) for phase in PHASES}
    assert signs(facts, early) == "✓✓·▸✓✓·"


def test_the_number_of_entities_left_may_be_known_better() -> None:
    assert of(course(*ALL_IN), "QUEST", {}, NOW, TODAY, left=1).state == "in_progress"
    assert of(course(*ALL_IN), "QUEST", {}, NOW, TODAY, left=0).state == "done"


def test_a_workshop_ends_with_its_last_hour() -> None:
    facts = flat(ALL_IN, proposed(HELD), agreed(9))
    for at, state in ((HELD, "in_progress"), (HELD + timedelta(hours=8), "done")):
        assert of(course(*facts), "WORKSHOP", {}, at, at.date()).state == state
