"""The way of a contribution: nothing passes without the clearance it needs, and nothing that changed is accepted."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flows.country.access import COMMAND_LINE, ROLES, Actor
from flows.country.steps.base import Decision, Fact, FileRef, Refusal, Step, When, read, written
from flows.country.steps.clearance import (
    Approve,
    Approved,
    AskSuperior,
    ClearOnPaper,
    RecapMade,
    Remark,
    Remarked,
    SignedOnPaper,
    SuperiorCame,
)
from flows.country.steps.contributions import (
    Accept,
    AcceptanceWithdrawn,
    Accepted,
    CarriedOver,
    ContributionChanged,
    Handed,
    HandedIn,
    HandIn,
    Release,
    ReturnAnswers,
    Submitted,
    TakeBack,
    TakenBack,
    WithdrawAcceptance,
    noticed,
)
from flows.country.steps.course import Course
from flows.country.steps.door import take
from tests.budget import examples

NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)
OFFICIAL = Actor("official", 1, "BFA", 10)
COORDINATOR = Actor("coordinator", 2, "BFA", 20)
SUPERIOR = Actor("superior", 3, "BFA", 10)
SECOND = Actor("superior", 4, "BFA", 10)
ELSEWHERE = Actor("coordinator", 5, "GHA", 30)
SCAN = FileRef("visa.pdf", "a" * 64, 10, "application/pdf")
ONE = 12  # the contribution


@dataclass
class Dossier:
    """A ledger of one country, as far as contributions go."""

    course: Course = field(default_factory=lambda: Course("BFA"))
    facts: list[Fact] = field(default_factory=list)
    now: datetime = NOW

    def take(self, actor: Actor, step: Step) -> str:
        """ "" where the step is taken; else why not."""
        decision = take(self.course, actor, step, self.now)
        if isinstance(decision, Refusal):
            return decision.reason
        self.record(actor, *decision)
        return ""

    def record(self, actor: Actor, *facts: Fact) -> None:
        for fact in facts:
            self.facts.append(fact)
            fact.apply(self.course, When(len(self.facts), self.now, actor.person_id, actor.role))

    @property
    def one(self) -> Handed:
        return self.course.contributions.of[ONE]

    def hand_in(self, digest: str = "A", *, clearance: bool = False, open: int = 0) -> str:
        return self.take(OFFICIAL, HandIn(1, ONE, digest, clearance, open))

    def in_clearance(self, digest: str = "A") -> Dossier:
        """Handed in, the recap made, and the superior come."""
        assert self.hand_in(digest, clearance=True) == ""
        self.recap()
        assert self.take(OFFICIAL, AskSuperior(1, ONE, 100)) == ""
        self.record(SUPERIOR, SuperiorCame(ONE, 100, 3))
        return self

    def recap(self) -> None:
        self.record(OFFICIAL, RecapMade(ONE, self.one.count, f"BFA-{self.one.reference}", (SCAN,)))

    def submitted(self, digest: str = "A") -> Dossier:
        assert self.hand_in(digest) == ""
        return self

    def accepted(self) -> Dossier:
        self.submitted()
        assert self.take(COORDINATOR, Accept(ONE, 1, 1, "A")) == ""
        return self

    def approve(self, actor: Actor = SUPERIOR, count: int = 1, digest: str = "A") -> str:
        return self.take(actor, Approve(ONE, 10, count, digest))

    def on_paper(self, **changed: Any) -> str:
        given: dict[str, Any] = {
            "owner_id": 1, "interview_id": ONE, "count": 1, "digest": "A", "file": SCAN, "signed_on": NOW.date(),
            "signer": "Mme la Directrice", "today": NOW.date(),
        }  # fmt: skip
        return self.take(OFFICIAL, ClearOnPaper(**{**given, **changed}))


# ---- handing in ---------------------------------------------------------------------------------------------------
def test_without_clearance_it_is_submitted_at_once() -> None:
    dossier = Dossier().submitted()
    assert dossier.one.state == "submitted"
    assert (dossier.one.count, dossier.one.digest, dossier.one.submitted) == (1, "A", ["A"])
    assert dossier.hand_in() == "contributions.already_submitted"


def test_with_clearance_it_goes_to_the_superior_and_nowhere_else() -> None:
    dossier = Dossier()
    assert dossier.hand_in(clearance=True) == ""
    assert dossier.one.state == "in_clearance"
    assert dossier.hand_in(clearance=True) == "contributions.already_in_clearance"
    assert dossier.take(COORDINATOR, Accept(ONE, 1, 1, "A")) == "contributions.is_in_clearance"
    assert dossier.one.submitted == []


def test_answers_still_to_be_confirmed_are_not_handed_in() -> None:
    assert Dossier().hand_in(open=2) == "contributions.still_open"


def test_only_its_own_official_hands_it_in() -> None:
    for actor in (Actor("official", 9, "BFA", 10), COORDINATOR, SUPERIOR, ELSEWHERE, COMMAND_LINE):
        decision = take(Course("BFA"), actor, HandIn(1, ONE, "A", False), NOW)
        assert isinstance(decision, Refusal)
        assert decision.reason.startswith("access.")


@pytest.mark.parametrize("begun", ["submitted", "in_clearance", "accepted"])
def test_any_change_makes_it_a_draft_to_be_handed_in_again(begun: str) -> None:
    dossier: Dossier = getattr(Dossier(), begun)()
    assert noticed(dossier.course, ONE, "A") == ()
    assert noticed(dossier.course, ONE, "B") == (ContributionChanged(ONE),)
    dossier.record(OFFICIAL, *noticed(dossier.course, ONE, "B"))
    assert (dossier.one.state, dossier.one.back) == ("draft", "changed")
    assert noticed(dossier.course, ONE, "C") == ()  # said once
    assert dossier.take(COORDINATOR, Accept(ONE, 1, 1, "A")) == "contributions.changed_meanwhile"
    assert dossier.hand_in("C", clearance=begun == "in_clearance") == ""
    assert dossier.one.count == 2


def test_what_was_never_handed_in_may_change_without_a_word() -> None:
    assert noticed(Course("BFA"), ONE, "B") == ()


def test_a_newer_form_undoes_nothing() -> None:
    dossier = Dossier().accepted()
    dossier.record(OFFICIAL, CarriedOver(ONE, "A2", "2"))
    assert (dossier.one.state, dossier.one.digest) == ("accepted", "A2")
    assert noticed(dossier.course, ONE, "A2") == ()


def test_what_is_not_accepted_can_be_taken_back() -> None:
    for begun in ("submitted", "in_clearance"):
        dossier: Dossier = getattr(Dossier(), begun)()
        assert dossier.take(OFFICIAL, TakeBack(1, ONE)) == ""
        assert (dossier.one.state, dossier.one.back) == ("draft", "taken_back")
        assert dossier.take(OFFICIAL, TakeBack(1, ONE)) == "contributions.not_handed_in"
    assert Dossier().accepted().take(OFFICIAL, TakeBack(1, ONE)) == "contributions.locked"


# ---- clearance ----------------------------------------------------------------------------------------------------
def test_the_superior_s_approval_submits_it_by_itself() -> None:
    dossier = Dossier().in_clearance()
    assert dossier.approve() == ""
    assert dossier.facts[-2:] == [Approved(ONE, 1, "A"), Submitted(ONE)]
    clearance = dossier.one.clearance
    assert (dossier.one.state, clearance.cleared, clearance.by) == ("submitted", "chat", 3)
    assert dossier.approve() == "clearance.already_cleared"


def test_approval_binds_to_what_was_shown() -> None:
    dossier = Dossier().in_clearance()
    assert dossier.approve(digest="B") == "clearance.superseded"
    dossier.record(OFFICIAL, ContributionChanged(ONE))
    assert dossier.approve() == "clearance.superseded"
    assert dossier.hand_in("B", clearance=True) == ""
    assert dossier.approve(count=2, digest="B") == "clearance.no_recap"
    dossier.recap()
    assert dossier.approve(count=1, digest="A") == "clearance.superseded"
    assert dossier.approve(count=2, digest="B") == ""


def test_one_superior_at_a_time() -> None:
    dossier = Dossier().in_clearance()
    assert dossier.approve(SECOND) == "clearance.another_asked"
    assert dossier.take(OFFICIAL, AskSuperior(1, ONE, 101)) == ""
    dossier.record(SUPERIOR, SuperiorCame(ONE, 100, 3))  # the link of before
    assert dossier.approve() == "clearance.another_asked"
    dossier.record(SECOND, SuperiorCame(ONE, 101, 4))
    assert dossier.approve(SECOND) == ""


def test_a_superior_of_another_entity_or_country_clears_nothing() -> None:
    dossier = Dossier().in_clearance()
    assert dossier.approve(Actor("superior", 3, "BFA", 11)) == "access.entity"
    assert dossier.approve(Actor("superior", 3, "GHA", 10)) == "access.country"
    assert dossier.take(SUPERIOR, Approve(ONE, None, 1, "A")) == "access.entity"


def test_nobody_but_a_superior_clears_in_the_conversation() -> None:
    for role in ROLES:
        actor = Actor(role, 3, "BFA", 10)
        assert (Dossier().in_clearance().approve(actor) == "access.role") == (role != "superior")


def test_remarks_make_it_a_draft_again() -> None:
    dossier = Dossier().in_clearance()
    assert dossier.take(SUPERIOR, Remark(ONE, 10, 1, (), " ")) == "clearance.no_remarks"
    assert dossier.take(SUPERIOR, Remark(ONE, 10, 1, (), "x" * 10_001)) == "contributions.too_long"
    assert dossier.take(SUPERIOR, Remark(ONE, 10, 1, ("/data/a",), "Merci de revoir.")) == ""
    assert (dossier.one.state, dossier.one.back) == ("draft", "remarks")
    assert dossier.one.clearance.remarks[0].text == "Merci de revoir."
    assert dossier.approve() == "clearance.not_asked"
    assert dossier.hand_in(clearance=True) == ""  # the same answers, after all
    dossier.recap()
    assert dossier.approve(count=2) == ""


def test_a_signed_page_clears_as_well_and_is_kept() -> None:
    dossier = Dossier().in_clearance()
    assert dossier.on_paper(file=None) == "clearance.no_scan"
    assert dossier.on_paper(signer=" ") == "clearance.no_signer"
    assert dossier.on_paper(signed_on=NOW.date() + timedelta(days=1)) == "clearance.date_to_come"
    assert dossier.on_paper(signed_on=None) == "clearance.date_to_come"
    assert dossier.on_paper(signed_on=date(2026, 11, 1)) == "clearance.date_before"
    assert dossier.on_paper(count=2) == "clearance.superseded"
    assert dossier.on_paper(digest="B") == "clearance.superseded"
    assert dossier.on_paper() == ""
    assert dossier.facts[-1] == Submitted(ONE)
    clearance = dossier.one.clearance
    assert (clearance.cleared, clearance.paper, clearance.signer) == ("paper", SCAN, "Mme la Directrice")
    assert dossier.on_paper() == "clearance.already_cleared"


def test_nothing_is_cleared_that_nobody_asked_to_clear() -> None:
    assert Dossier().approve() == "clearance.not_asked"
    assert Dossier().on_paper() == "clearance.not_asked"
    assert Dossier().submitted().on_paper() == "clearance.not_asked"
    assert Dossier().take(OFFICIAL, AskSuperior(1, ONE, 100)) == "clearance.not_asked"


def test_that_clearance_is_no_longer_wanted_stays_in_sight() -> None:
    dossier = Dossier().in_clearance()
    dossier.record(OFFICIAL, ContributionChanged(ONE))
    assert dossier.hand_in("B") == ""
    assert dossier.one.dropped
    dossier.record(OFFICIAL, ContributionChanged(ONE))
    assert dossier.hand_in("C", clearance=True) == ""
    assert not dossier.one.dropped


# ---- acceptance ---------------------------------------------------------------------------------------------------
def test_the_coordinator_accepts_what_was_shown_and_once() -> None:
    dossier = Dossier().submitted()
    assert dossier.take(COORDINATOR, Accept(ONE, 1, 2, "A")) == "contributions.changed_meanwhile"
    assert dossier.take(COORDINATOR, Accept(ONE, 1, 1, "B")) == "contributions.changed_meanwhile"
    assert dossier.take(COORDINATOR, Accept(ONE, 1, 1, "A")) == ""
    assert dossier.facts[-1] == Accepted(ONE, "A", own=False)
    assert dossier.take(COORDINATOR, Accept(ONE, 1, 1, "A")) == "contributions.already_accepted"
    assert dossier.hand_in("B") == "contributions.locked"


def test_that_the_coordinator_accepted_their_own_is_on_record() -> None:
    dossier = Dossier()
    assert dossier.take(COORDINATOR, HandIn(2, ONE, "A", False)) == ""
    assert dossier.take(COORDINATOR, Accept(ONE, 2, 1, "A")) == ""
    assert dossier.one.own


def test_no_other_country_and_no_other_role_accepts_returns_or_releases() -> None:
    steps = (Accept(ONE, 1, 1, "A"), ReturnAnswers(ONE, 1, ("/x",), "?"), WithdrawAcceptance(ONE), Release(ONE, 1, ()))
    for step in steps:
        assert Dossier().submitted().take(ELSEWHERE, step) == "access.country"
        for role in ROLES:
            why = Dossier().submitted().take(Actor(role, 2, "BFA", 20), step)
            assert (why == "access.role") == (role != "coordinator")


def test_named_answers_are_returned_with_a_comment() -> None:
    for begun in ("submitted", "accepted"):
        dossier: Dossier = getattr(Dossier(), begun)()
        assert dossier.take(COORDINATOR, ReturnAnswers(ONE, 1, (), "?")) == "contributions.none_named"
        assert dossier.take(COORDINATOR, ReturnAnswers(ONE, 1, ("/x",), "\n")) == "contributions.no_comment"
        assert dossier.take(COORDINATOR, ReturnAnswers(ONE, 2, ("/x",), "?")) == "contributions.changed_meanwhile"
        assert dossier.take(COORDINATOR, ReturnAnswers(ONE, 1, ("/x",), " Quelle année ? ")) == ""
        assert dossier.one.state == "returned"
        assert (dossier.one.returned[0].text, dossier.one.returned[0].paths) == ("Quelle année ?", ("/x",))
        assert dossier.take(COORDINATOR, Accept(ONE, 1, 1, "A")) == "contributions.is_returned"
        assert dossier.take(COORDINATOR, ReturnAnswers(ONE, 1, ("/x",), "?")) == "contributions.is_returned"
        assert noticed(dossier.course, ONE, "B") == ()
        assert dossier.hand_in("B", open=1) == "contributions.still_open"
        assert dossier.hand_in("B") == ""
        assert (dossier.one.state, dossier.one.submitted) == ("submitted", ["A", "B"])


def test_an_acceptance_can_be_withdrawn() -> None:
    dossier = Dossier().accepted()
    assert dossier.take(COORDINATOR, WithdrawAcceptance(ONE)) == ""
    assert dossier.facts[-1] == AcceptanceWithdrawn(ONE)
    assert (dossier.one.state, dossier.one.submitted) == ("submitted", ["A"])
    assert dossier.take(COORDINATOR, WithdrawAcceptance(ONE)) == "contributions.not_accepted"


# ---- release ------------------------------------------------------------------------------------------------------
def test_only_what_is_accepted_and_restricted_is_released() -> None:
    release = Release(ONE, 1, ("s18_border",))
    assert Dossier().submitted().take(COORDINATOR, release) == "contributions.not_accepted"
    dossier = Dossier().accepted()
    assert dossier.take(COORDINATOR, Release(ONE, 1, ("s3_name",))) == "contributions.not_restricted"
    assert dossier.take(COORDINATOR, release) == ""
    assert dossier.course.contributions.released(ONE) == {"s18_border"}
    assert dossier.take(COORDINATOR, release) == "contributions.already_decided"
    assert dossier.take(COORDINATOR, Release(ONE, 1, ())) == ""
    assert (dossier.one.decided, dossier.one.released) == (True, frozenset())


def test_a_release_ends_with_the_acceptance() -> None:
    def released() -> Dossier:
        dossier = Dossier().accepted()
        assert dossier.take(COORDINATOR, Release(ONE, 1, ("s18_border", "s19_crisis"))) == ""
        return dossier

    for step in (WithdrawAcceptance(ONE), ReturnAnswers(ONE, 1, ("/x",), "?")):
        dossier = released()
        assert dossier.take(COORDINATOR, step) == ""
        assert (dossier.one.decided, dossier.one.released) == (False, frozenset())
    dossier = released()
    dossier.record(OFFICIAL, *noticed(dossier.course, ONE, "B"))
    assert dossier.one.released == frozenset()


# ---- all of it ----------------------------------------------------------------------------------------------------
def test_every_fact_is_the_same_out_of_the_ledger() -> None:
    dossier = Dossier().in_clearance()
    assert dossier.take(SUPERIOR, Remark(ONE, 10, 1, ("/data/a[1]/b",), "À revoir.")) == ""
    assert dossier.hand_in("B", clearance=True) == ""
    dossier.recap()
    assert dossier.on_paper(count=2, digest="B") == ""
    assert dossier.take(COORDINATOR, ReturnAnswers(ONE, 2, ("/x",), "Année ?")) == ""
    assert dossier.hand_in("C", clearance=True) == ""
    dossier.recap()
    assert dossier.approve(count=3, digest="C") == ""
    assert dossier.take(COORDINATOR, Accept(ONE, 1, 3, "C")) == ""
    assert dossier.take(COORDINATOR, Release(ONE, 3, ("s18_border",))) == ""
    again = Dossier()
    for happened in dossier.facts:
        kind, facts, words = written(happened)
        assert "Directrice" not in str(facts)
        assert "revoir" not in str(facts)
        entry = _entry(kind, facts, words)
        found = read(entry)
        assert found == happened
        assert read(_entry(kind, facts, None)) is not None  # erased
        again.record(OFFICIAL, found)
    assert again.one.state == dossier.one.state
    assert again.one.clearance.recap == dossier.one.clearance.recap


def _entry(kind: str, facts: Any, words: Any) -> Any:
    from flows.country.ledger import GENESIS, Entry

    return Entry("BFA", 1, NOW, kind, 1, "official", "telegram", 1, "1", facts, words, "", GENESIS, "")


DIGESTS = st.sampled_from("AB")
COUNTS = st.integers(1, 4)
ACTORS = st.sampled_from([OFFICIAL, COORDINATOR, SUPERIOR, SECOND, ELSEWHERE, COMMAND_LINE])
STEPS = st.one_of(
    st.builds(HandIn, st.just(1), st.just(ONE), DIGESTS, st.booleans(), st.integers(0, 1)),
    st.builds(TakeBack, st.just(1), st.just(ONE)),
    st.builds(AskSuperior, st.just(1), st.just(ONE), st.sampled_from([100, 101])),
    st.builds(Approve, st.just(ONE), st.sampled_from([10, 11, None]), COUNTS, DIGESTS),
    st.builds(Remark, st.just(ONE), st.just(10), COUNTS, st.just(()), st.just("Non.")),
    st.builds(
        ClearOnPaper,
        *(st.just(1), st.just(ONE), COUNTS, DIGESTS, st.sampled_from([SCAN, None])),
        *(st.just(NOW.date()), st.just("Le DG"), st.just(NOW.date())),
    ),
    st.builds(Accept, st.just(ONE), st.just(1), COUNTS, DIGESTS),
    st.builds(ReturnAnswers, st.just(ONE), COUNTS, st.just(("/x",)), st.just("?")),
    st.builds(WithdrawAcceptance, st.just(ONE)),
    st.builds(Release, st.just(ONE), COUNTS, st.sampled_from([(), ("s18_border",), ("s3_name",)])),
)
BESIDE = st.sampled_from(["changed A", "changed B", "recap", "came 100 3", "came 101 4"])


@settings(max_examples=examples(150), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.one_of(st.tuples(ACTORS, STEPS), BESIDE), max_size=25))
def test_no_sequence_of_steps_submits_without_the_clearance_needed_or_accepts_what_was_not_handed_in(
    happening: list[Any],
) -> None:
    dossier = Dossier()
    for what in happening:
        before = len(dossier.facts)
        if isinstance(what, tuple):
            dossier.take(*what)
        elif what.startswith("changed"):
            dossier.record(OFFICIAL, *noticed(dossier.course, ONE, what[-1]))
        elif what == "recap" and ONE in dossier.course.contributions.of:
            dossier.recap()
        elif what.startswith("came"):
            _, invitation, person = what.split()
            dossier.record(SUPERIOR, SuperiorCame(ONE, int(invitation), int(person)))
        _judge(dossier, before)


def _judge(dossier: Dossier, before: int) -> None:
    """What must hold after every step, read from the facts alone."""
    if ONE not in dossier.course.contributions.of:
        return
    one = dossier.one
    for number, happened in enumerate(dossier.facts[before:], before):
        if isinstance(happened, Submitted):
            last = dossier.facts[number - 1]
            at = max(at for at in range(number) if isinstance(dossier.facts[at], HandedIn))
            handed = dossier.facts[at]
            assert isinstance(handed, HandedIn)
            if handed.needs_clearance:
                assert isinstance(last, Approved | SignedOnPaper)
                assert last.digest == handed.digest
                between = dossier.facts[at:number]
                assert not any(isinstance(fact, ContributionChanged | TakenBack | Remarked) for fact in between)
            else:
                assert last is handed
        if isinstance(happened, Accepted):
            assert happened.digest == one.digest == one.submitted[-1]
    if one.state in ("submitted", "accepted"):
        assert one.submitted[-1] == one.digest
        assert not one.needs_clearance or one.clearance.cleared
    assert not one.released or one.state == "accepted"
    assert one.released <= {"s18_border", "s19_crisis"}
    assert (one.state == "draft") == bool(one.back) or one.count == 0


def test_decisions_change_nothing() -> None:
    dossier = Dossier().submitted()
    decision: Decision = take(dossier.course, COORDINATOR, Accept(ONE, 1, 1, "A"), NOW)
    assert not isinstance(decision, Refusal)
    assert dossier.one.state == "submitted"
