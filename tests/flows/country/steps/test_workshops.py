"""A national workshop: agreed by both sides, answered by each for themselves, recorded once it has begun."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta

import pytest

from flows.country.access import COMMAND_LINE, Actor
from flows.country.steps.additions import additions
from flows.country.steps.base import Fact, FileRef, Refusal, Step, When
from flows.country.steps.course import Course
from flows.country.steps.door import take
from flows.country.steps.interest import InterestExpressed
from flows.country.steps.meetings import (
    AgreeMeeting,
    AnswerMeeting,
    CancelMeeting,
    Meeting,
    ProposeMeeting,
    Terms,
    awaits,
    silent,
)
from flows.country.steps.participants import EntitiesMerged, EntityNamed
from flows.country.steps.workshops import (
    CountParticipants,
    Delegation,
    KeepMinutes,
    Line,
    RecordOutcome,
    RemoveOutcome,
    counted,
    delegations,
)

NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)
DAY = datetime(2027, 1, 12, 9, tzinfo=UTC)
TERMS = Terms(DAY, DAY + timedelta(hours=7), "Africa/Ouagadougou", "Salle 2 (exemple)")
COORDINATOR = Actor("coordinator", 2, "BFA", 20)
OFFICIAL = Actor("official", 3, "BFA", 10)
EXPERT = Actor("expert", 4)
ELSEWHERE = Actor("coordinator", 5, "GHA", 30)
LINE = Line("recommendation", "Échanger les données (exemple).", "cooperation", priority="high", objectives=(1, 23))
MINUTES = FileRef("pv.pdf", "a" * 64, 10, "application/pdf")
N = 2  # the workshop's number


@dataclass
class Dossier:
    course: Course = field(default_factory=lambda: Course("BFA"))
    number: int = 0
    now: datetime = NOW

    def record(self, actor: Actor, *facts: Fact) -> None:
        for fact in facts:
            self.number += 1
            fact.apply(self.course, When(self.number, self.now, actor.person_id, actor.role))

    def take(self, actor: Actor, step: Step) -> str:
        decision = take(self.course, actor, step, self.now)
        if isinstance(decision, Refusal):
            return decision.reason
        self.record(actor, *decision)
        return ""

    @property
    def one(self) -> Meeting:
        return self.course.meetings.planned[N]

    def agreed(self) -> Dossier:
        assert self.take(COMMAND_LINE, ProposeMeeting(TERMS)) == ""
        assert self.take(COORDINATOR, AgreeMeeting(N, N)) == ""
        return self

    def held(self) -> Dossier:
        self.agreed()
        self.now = TERMS.ends + timedelta(days=1)
        return self


@pytest.fixture
def dossier() -> Dossier:
    found = Dossier()
    found.record(COORDINATOR, InterestExpressed("yes", authority="Ministère (exemple)"))
    return found


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"begins": NOW}, "workshops.past"),
        ({"ends": DAY}, "workshops.ends_before"),
        ({"ends": DAY + timedelta(days=15)}, "workshops.too_long"),
        ({"begins": DAY + timedelta(days=1500), "ends": DAY + timedelta(days=1501)}, "workshops.too_far"),
        ({"place": " \x00"}, "workshops.place_missing"),
        ({"place": "x" * 501}, "workshops.long_place"),
    ],
)
def test_terms_that_make_no_sense_are_refused(dossier: Dossier, change: dict[str, object], reason: str) -> None:
    assert dossier.take(COORDINATOR, ProposeMeeting(replace(TERMS, **change))) == reason  # type: ignore[arg-type]
    assert dossier.course.meetings.planned == {}


def test_a_country_that_does_not_take_part_has_no_workshop() -> None:
    assert Dossier().take(COORDINATOR, ProposeMeeting(TERMS)) == "interest.not_yet"


def test_only_the_two_sides_plan_and_neither_agrees_with_itself(dossier: Dossier) -> None:
    for actor in (OFFICIAL, EXPERT):
        assert dossier.take(actor, ProposeMeeting(TERMS)) == "access.role"
    assert dossier.take(ELSEWHERE, ProposeMeeting(TERMS)) == "access.country"
    assert dossier.take(COORDINATOR, ProposeMeeting(TERMS)) == ""
    assert dossier.take(COORDINATOR, AgreeMeeting(N, N)) == "workshops.awaits_secretariat"
    assert awaits(dossier.one, "secretariat", NOW)
    assert dossier.take(COMMAND_LINE, AgreeMeeting(N, N)) == ""
    assert dossier.take(COMMAND_LINE, AgreeMeeting(N, N)) == "workshops.already_agreed"
    assert (dossier.one.terms, dossier.one.sequence) == (TERMS, 0)


def test_nobody_agrees_to_what_was_replaced_meanwhile(dossier: Dossier) -> None:
    dossier.take(COORDINATOR, ProposeMeeting(TERMS))
    later = replace(TERMS, place="Autre salle (exemple)")
    assert dossier.take(COORDINATOR, ProposeMeeting(later, N)) == ""
    assert dossier.take(COMMAND_LINE, AgreeMeeting(N, N)) == "workshops.offered_anew"
    assert dossier.take(COMMAND_LINE, AgreeMeeting(N, dossier.number)) == ""
    assert dossier.one.terms == later


def test_what_was_agreed_holds_until_a_change_is_agreed(dossier: Dossier) -> None:
    dossier.agreed()
    dossier.take(OFFICIAL, AnswerMeeting(N, 3, "yes"))
    moved = replace(TERMS, begins=DAY + timedelta(days=1), ends=TERMS.ends + timedelta(days=1))
    assert dossier.take(COORDINATOR, ProposeMeeting(TERMS, N)) == "workshops.unchanged"
    assert dossier.take(COORDINATOR, ProposeMeeting(moved, N)) == ""
    assert dossier.one.terms == TERMS
    assert dossier.take(COORDINATOR, ProposeMeeting(moved, N)) == "workshops.same_offer"
    assert dossier.take(COMMAND_LINE, AgreeMeeting(N, dossier.number)) == ""
    assert (dossier.one.terms, dossier.one.sequence) == (moved, 1)
    assert dossier.one.replies == {}  # asked again for another day


def test_a_change_is_dropped_by_proposing_what_holds(dossier: Dossier) -> None:
    dossier.agreed()
    dossier.take(COORDINATOR, ProposeMeeting(replace(TERMS, place="Ailleurs (exemple)"), N))
    assert dossier.take(COMMAND_LINE, ProposeMeeting(TERMS, N)) == ""
    assert (dossier.one.offer, dossier.one.sequence) == (None, 0)


def test_two_workshops_do_not_overlap(dossier: Dossier) -> None:
    dossier.agreed()
    assert dossier.take(COMMAND_LINE, ProposeMeeting(replace(TERMS, place="Ailleurs"))) == "workshops.overlaps"


def test_each_answers_for_themselves_and_may_change_their_mind(dossier: Dossier) -> None:
    dossier.take(COORDINATOR, ProposeMeeting(TERMS))
    assert dossier.take(OFFICIAL, AnswerMeeting(N, 3, "yes")) == "workshops.not_agreed"
    dossier.take(COMMAND_LINE, AgreeMeeting(N, N))
    assert dossier.take(OFFICIAL, AnswerMeeting(N, 4, "yes")) == "access.person"
    assert dossier.take(OFFICIAL, AnswerMeeting(N, 3, "yes")) == ""
    assert dossier.take(OFFICIAL, AnswerMeeting(N, 3, "yes")) == "workshops.known_yes"
    assert dossier.take(OFFICIAL, AnswerMeeting(N, 3, "colleague", " ")) == "workshops.name_missing"
    assert dossier.take(OFFICIAL, AnswerMeeting(N, 3, "colleague", "M. Traoré (exemple)")) == ""
    assert dossier.take(EXPERT, AnswerMeeting(N, 4, "no")) == ""
    assert silent(dossier.one, [2, 3, 4]) == [2]
    dossier.now = TERMS.ends
    assert dossier.take(EXPERT, AnswerMeeting(N, 4, "yes")) == "workshops.is_over"


def test_a_workshop_called_off_stays_so(dossier: Dossier) -> None:
    dossier.agreed()
    assert dossier.take(COORDINATOR, CancelMeeting(N, "Reporté (exemple).")) == ""
    assert dossier.one.sequence == 1
    assert dossier.take(COMMAND_LINE, CancelMeeting(N)) == "workshops.was_cancelled"
    assert dossier.take(OFFICIAL, AnswerMeeting(N, 3, "yes")) == "workshops.was_cancelled"
    dossier.now = TERMS.ends
    assert dossier.take(COORDINATOR, RecordOutcome(N, LINE)) == "workshops.was_cancelled"


def test_nothing_is_recorded_before_it_begins(dossier: Dossier) -> None:
    dossier.agreed()
    for step in (
        RecordOutcome(N, LINE),
        KeepMinutes(N, MINUTES),
        CountParticipants(N, 10, "", 1, 1, frozenset({10})),
    ):
        assert dossier.take(COORDINATOR, step) == "workshops.not_yet"
    assert dossier.take(COORDINATOR, RecordOutcome(7, LINE)) == "workshops.unknown"


def test_outcomes_are_recorded_corrected_and_removed(dossier: Dossier) -> None:
    dossier.held()
    assert dossier.take(OFFICIAL, RecordOutcome(N, LINE)) == "access.role"
    assert dossier.take(EXPERT, RecordOutcome(N, LINE)) == ""
    number = dossier.number
    assert dossier.take(COORDINATOR, RecordOutcome(N, LINE)) == "workshops.known_outcome"
    assert dossier.take(COORDINATOR, RecordOutcome(N, replace(LINE, text=" "))) == "workshops.text_missing"
    assert dossier.take(COORDINATOR, RecordOutcome(N, replace(LINE, objectives=(24,)))) == "workshops.unknown_objective"
    assert dossier.take(COORDINATOR, RecordOutcome(N, LINE, number)) == "workshops.unchanged_outcome"
    better = replace(LINE, text="Échanger les données chaque mois (exemple).")
    assert dossier.take(COORDINATOR, RecordOutcome(N, better, number)) == ""
    (given,) = additions(dossier.course, {}).outcomes
    assert (given.text, given.objectives, given.workshop_date) == (better.text, (1, 23), date(2027, 1, 12))
    assert dossier.take(COORDINATOR, RemoveOutcome(number)) == ""
    assert dossier.take(COORDINATOR, RemoveOutcome(number)) == "workshops.no_outcome"
    assert dossier.take(COORDINATOR, RecordOutcome(N, better, number)) == "workshops.no_outcome"
    assert additions(dossier.course, {}).outcomes == ()


def test_decisions_stay_on_file(dossier: Dossier) -> None:
    dossier.held()
    assert dossier.take(COORDINATOR, RecordOutcome(N, Line("decision", "Se réunir en mai (exemple)."))) == ""
    assert additions(dossier.course, {}).outcomes == ()


def test_participants_are_counted_once_for_each_entity(dossier: Dossier) -> None:
    dossier.held()

    def count(entity_id: int | None, name: str, women: int, men: int) -> str:
        return dossier.take(COORDINATOR, CountParticipants(N, entity_id, name, women, men, frozenset({10})))

    assert count(10, "", 2, 1) == ""
    assert count(10, "", 2, 1) == "workshops.known_count"
    assert count(10, "", 3, 1) == ""
    assert count(None, "Université (exemple)", 1, 0) == ""
    assert count(None, "UNIVERSITÉ (exemple)", 1, 1) == ""
    assert counted(dossier.course, N) == (4, 2)
    assert count(None, " ", 1, 1) == "workshops.entity_missing"
    assert count(99, "", 1, 1) == "desk.unknown_entity"
    assert count(10, "", -1, 1) == "workshops.implausible_count"
    assert count(None, "Autre", 0, 0) == "workshops.nobody_counted"
    assert count(10, "", 0, 0) == ""
    assert counted(dossier.course, N) == (1, 1)


def test_entities_merged_since_are_counted_together(dossier: Dossier) -> None:
    dossier.held()
    dossier.record(COORDINATOR, EntityNamed(10), EntityNamed(11))

    def count(entity_id: int, women: int, men: int) -> str:
        entities = frozenset({10, 11})
        return dossier.take(COORDINATOR, CountParticipants(N, entity_id, "", women, men, entities))

    assert count(11, 1, 1) == count(10, 2, 0) == ""
    dossier.record(COORDINATOR, EntitiesMerged(10, 11))
    assert delegations(dossier.course, N) == [Delegation(10, "", 3, 1)]
    assert counted(dossier.course, N) == (3, 1)
    assert count(11, 3, 1) == "workshops.known_count"
    assert count(11, 4, 1) == ""
    assert delegations(dossier.course, N) == [Delegation(10, "", 4, 1)]
    assert counted(dossier.course, N) == (4, 1), "what was counted for either is replaced"


def test_minutes_are_kept_once(dossier: Dossier) -> None:
    dossier.held()
    assert dossier.take(COMMAND_LINE, KeepMinutes(N, MINUTES)) == ""
    assert dossier.take(COORDINATOR, KeepMinutes(N, MINUTES)) == "workshops.known_minutes"
