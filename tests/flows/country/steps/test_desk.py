"""Findings of desk research: who may record and settle them, and that each is settled once."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime

import pytest

from flows.country.access import COMMAND_LINE, Actor
from flows.country.steps.additions import additions
from flows.country.steps.base import Fact, Refusal, Step, When, read, written
from flows.country.steps.course import Course
from flows.country.steps.desk import (
    FindingMade,
    Found,
    PassOn,
    Proposal,
    RecordFindings,
    ReopenFinding,
    SettleFinding,
    WithdrawFinding,
    for_coordinator,
    for_entity,
)
from flows.country.steps.door import take
from flows.country.steps.interest import InterestExpressed
from flows.country.steps.participants import EntitiesMerged, EntityNamed

NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)
TODAY = date(2026, 11, 25)
EXPERT = Actor("expert", 1, "BFA")
ABROAD = Actor("expert", 2)
OFFICIAL = Actor("official", 3, "BFA", 10)
NEIGHBOUR = Actor("official", 4, "BFA", 20)
COORDINATOR = Actor("coordinator", 5, "BFA", 30)
ELSEWHERE = Actor("coordinator", 6, "GHA", 40)
ENTITIES = frozenset({10, 20, 30})
FACT = Proposal("Un fait (exemple).", "Annuaire (exemple)", date(2026, 3, 1), field="s7_content", entity_id=10)


@dataclass
class Desk:
    course: Course = field(default_factory=lambda: Course("BFA"))
    number: int = 0

    def record(self, actor: Actor, *facts: Fact) -> None:
        for fact in facts:
            self.number += 1
            fact.apply(self.course, When(self.number, NOW, actor.person_id, actor.role))

    def take(self, actor: Actor, step: Step) -> str:
        """ "" where the step is taken; else why not."""
        decision = take(self.course, actor, step, NOW)
        if isinstance(decision, Refusal):
            return decision.reason
        self.record(actor, *decision)
        return ""

    def bring(self, *proposals: Proposal, actor: Actor = EXPERT) -> str:
        return self.take(actor, RecordFindings(proposals, ENTITIES, TODAY))

    @property
    def one(self) -> Found:
        return self.course.findings.made[1]


@pytest.fixture
def desk() -> Desk:
    found = Desk()
    assert found.bring(FACT) == ""
    return found


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"text": " \x00 "}, "desk.fact_missing"),
        ({"text": "x" * 10_001}, "desk.long_fact"),
        ({"citation": ""}, "desk.citation_missing"),
        ({"citation": "x" * 1_001}, "desk.long_citation"),
        ({"url": "javascript:alert(1)"}, "desk.bad_url"),
        ({"url": "http://[broken"}, "desk.bad_url"),
        ({"read_on": date(2026, 11, 26)}, "desk.read_later"),
        ({"read_on": date(1899, 1, 1)}, "desk.read_long_ago"),
        ({"field": "p3_email"}, "desk.unknown_question"),
        ({"field": "", "section": "V"}, "desk.unknown_section"),
        ({"field": ""}, "desk.no_place"),
        ({"confidence": "certain"}, "desk.unknown_confidence"),
        ({"entity_id": 99}, "desk.unknown_entity"),
    ],
)
def test_what_is_wrong_with_a_finding_is_said_and_nothing_is_recorded(change: dict[str, object], reason: str) -> None:
    desk = Desk()
    assert desk.bring(FACT, replace(FACT, **change)) == reason  # type: ignore[arg-type]
    assert desk.course.findings.made == {}


def test_only_experts_and_the_secretariat_record_and_only_where_they_work() -> None:
    assert Desk().bring(FACT, actor=ABROAD) == ""
    assert Desk().bring(FACT, actor=COMMAND_LINE) == ""
    assert Desk().bring(FACT, actor=Actor("expert", 9, "GHA")) == "access.country"
    for actor in (OFFICIAL, COORDINATOR):
        assert Desk().bring(FACT, actor=actor) == "access.role"


def test_a_country_that_declined_is_left_in_peace() -> None:
    desk = Desk()
    desk.record(COORDINATOR, InterestExpressed("no"))
    assert desk.bring(FACT) == "interest.declined"


def test_the_same_finding_is_recorded_once(desk: Desk) -> None:
    assert desk.bring(replace(FACT, text="UN FAIT (exemple)")) == "desk.known"
    assert desk.bring(replace(FACT, entity_id=20), replace(FACT, entity_id=20)) == "desk.twice"
    assert desk.take(EXPERT, WithdrawFinding(1)) == ""
    assert desk.bring(FACT) == ""


def test_the_entity_concerned_or_the_coordinator_settles_it_once() -> None:
    for actor in (OFFICIAL, COORDINATOR):
        desk = Desk()
        desk.bring(FACT)
        assert desk.take(actor, SettleFinding(1, "confirmed")) == ""
        assert desk.take(actor, SettleFinding(1, "confirmed")) == "desk.is_confirmed"
        assert desk.take(actor, SettleFinding(1, "rejected")) == "desk.is_confirmed"
        assert (desk.one.state, desk.one.settled_by) == ("confirmed", actor.person_id)


def test_nobody_else_settles_it(desk: Desk) -> None:
    assert desk.take(NEIGHBOUR, SettleFinding(1, "confirmed")) == "access.entity"
    assert desk.take(ELSEWHERE, SettleFinding(1, "confirmed")) == "access.country"
    for actor in (EXPERT, COMMAND_LINE):
        assert desk.take(actor, SettleFinding(1, "confirmed")) == "access.role"
    assert desk.take(COORDINATOR, SettleFinding(7, "confirmed")) == "desk.unknown"


def test_a_correction_needs_another_text(desk: Desk) -> None:
    assert desk.take(OFFICIAL, SettleFinding(1, "corrected")) == "desk.correction_missing"
    assert desk.take(OFFICIAL, SettleFinding(1, "corrected", "un fait (exemple)")) == "desk.same_text"
    assert desk.take(OFFICIAL, SettleFinding(1, "corrected", "x" * 10_001)) == "desk.long_fact"
    assert desk.take(OFFICIAL, SettleFinding(1, "corrected", "Un autre fait (exemple).", "fr")) == ""
    (given,) = additions(desk.course, {10: "INSD"}).findings
    assert (given.text, given.language, given.status, given.entity) == (
        "Un autre fait (exemple).",
        "fr",
        "confirmed",
        "INSD",
    )


def test_what_was_said_can_be_taken_back(desk: Desk) -> None:
    assert desk.take(OFFICIAL, ReopenFinding(1)) == "desk.is_proposed"
    desk.take(OFFICIAL, SettleFinding(1, "rejected", reason="Chiffre provisoire (exemple)."))
    assert additions(desk.course, {}).findings == ()
    assert desk.take(NEIGHBOUR, ReopenFinding(1)) == "access.entity"
    assert desk.take(OFFICIAL, ReopenFinding(1)) == ""
    assert (desk.one.state, desk.one.reason) == ("proposed", "")


def test_only_who_found_it_or_the_secretariat_withdraws_it(desk: Desk) -> None:
    assert desk.take(Actor("expert", 8, "BFA"), WithdrawFinding(1)) == "desk.of_another"
    assert desk.take(OFFICIAL, WithdrawFinding(1)) == "access.role"
    assert desk.take(COMMAND_LINE, WithdrawFinding(1)) == ""
    assert desk.take(EXPERT, WithdrawFinding(1)) == "desk.is_withdrawn"
    assert desk.take(OFFICIAL, SettleFinding(1, "confirmed")) == "desk.is_withdrawn"
    assert additions(desk.course, {}).findings == ()


def test_the_coordinator_has_another_entity_asked(desk: Desk) -> None:
    assert desk.take(OFFICIAL, PassOn(1, 20, ENTITIES)) == "access.entity"
    assert desk.take(COORDINATOR, PassOn(1, 10, ENTITIES)) == "desk.same_entity"
    assert desk.take(COORDINATOR, PassOn(1, 99, ENTITIES)) == "desk.unknown_entity"
    assert desk.take(COORDINATOR, PassOn(1, 20, ENTITIES)) == ""
    assert desk.take(OFFICIAL, SettleFinding(1, "confirmed")) == "access.entity"
    assert desk.take(NEIGHBOUR, SettleFinding(1, "confirmed")) == ""


def test_who_is_asked_follows_entities_merged_and_absent(desk: Desk) -> None:
    desk.record(COORDINATOR, EntityNamed(10), EntityNamed(20), EntitiesMerged(20, 10))
    assert [one.number for one in for_entity(desk.course, 20)] == [1]
    assert desk.take(NEIGHBOUR, SettleFinding(1, "confirmed")) == ""
    desk.bring(replace(FACT, text="Un troisième fait (exemple).", entity_id=None))
    waiting = [one.text for one in for_coordinator(desk.course, [20])]
    assert waiting == ["Un troisième fait (exemple)."]


def test_a_finding_whose_words_were_erased_says_nothing(desk: Desk) -> None:
    kind, facts, texts = written(
        FindingMade(TODAY, "s7_content", "", 10, "low", "fr", "", "Texte", "Source", "https://a.example")
    )
    assert kind == "desk.found"
    assert set(texts) == {"text", "citation", "url"}
    desk.course.findings.made.clear()
    FindingMade(TODAY, "s7_content", "", 10, "low", "fr").apply(desk.course, When(9, NOW, None, "expert"))
    assert additions(desk.course, {}).findings == ()
    assert read is not None and facts["field"] == "s7_content"
