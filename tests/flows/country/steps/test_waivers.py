"""Rules of completeness that a country does without: waived with a reason while they are open, and taken back."""

from __future__ import annotations

from datetime import date

from flows.country.access import COMMAND_LINE, Actor
from flows.country.additions import Waived
from flows.country.checklist import checklist
from flows.country.merging import merge
from flows.country.steps.additions import additions
from flows.country.steps.base import Decision, Refusal
from flows.country.steps.course import Course
from flows.country.steps.participants import EssentialWaived
from flows.country.steps.waivers import MOST, RequireRule, RuleRequired, RuleWaived, WaiveRule
from tests.flows.country.happening import ASKED, BEGAN, TAKES_PART, course
from tests.flows.country.saying import small_exercise

COORDINATOR = Actor("coordinator", 3, "BFA")
MAPPING = RuleWaived("mapping", "fr", "Pas de données de crise.")


def why(decision: Decision) -> str:
    return decision.reason if isinstance(decision, Refusal) else ""


def waive(rule: str, reason: str, country: Course, *, is_open: bool = True) -> Decision:
    return WaiveRule(rule, reason, "fr", is_open).decide(country, COORDINATOR, BEGAN)


def test_a_rule_that_is_open_is_waived_with_a_reason_and_once() -> None:
    country = course(*TAKES_PART)
    assert waive("mapping", " Pas de données de crise. ", country) == (MAPPING,)
    assert why(waive("mapping", "X", country, is_open=False)) == "completeness.not_open"
    assert why(waive("mapping", "  ", country)) == "completeness.reason_missing"
    assert why(waive("mapping", "x" * (MOST + 1), country)) == "completeness.long_reason"
    assert why(waive("weather", "X", country)) == "completeness.unknown"
    assert why(waive("mapping", "X", course(*TAKES_PART, MAPPING))) == "completeness.waived_already"
    assert why(waive("border", "X", course(*TAKES_PART, EssentialWaived("border", "covered")))) != ""
    assert why(waive("mapping", "X", course(ASKED))) != ""


def test_a_waiver_is_taken_back_however_it_was_said() -> None:
    def back(rule: str, country: Course) -> Decision:
        return RequireRule(rule).decide(country, COMMAND_LINE, BEGAN)

    assert why(back("mapping", course(*TAKES_PART))) == "completeness.not_waived"
    assert why(back("weather", course(*TAKES_PART))) == "completeness.unknown"
    for waived in (MAPPING, RuleWaived("border", "fr", "X"), EssentialWaived("border", "covered")):
        rule = waived.rule if isinstance(waived, RuleWaived) else waived.essential
        assert back(rule, course(*TAKES_PART, waived)) == (RuleRequired(rule),)
        assert additions(course(*TAKES_PART, waived, RuleRequired(rule)), {}).waived == ()


def test_what_was_said_last_of_a_rule_holds_with_who_said_it_and_when() -> None:
    tapped, written = EssentialWaived("border", "covered"), RuleWaived("border", "en", "An island.")
    on = date(2027, 1, 8)
    assert additions(course(*TAKES_PART, written, tapped), {}).waived == (
        Waived("border", "covered", on, "coordinator"),
    )
    assert additions(course(*TAKES_PART, tapped, written), {}).waived == (
        Waived("border", "", on, "coordinator", "An island.", "en"),
    )


def test_a_rule_waived_is_no_gap_and_one_that_is_met_needs_no_waiver() -> None:
    happened = course(*TAKES_PART, MAPPING, RuleWaived("differences", "fr", "X"), RuleWaived("practice", "fr", "Y"))
    before = merge("BFA", small_exercise())
    after = merge("BFA", small_exercise(), additions(happened, {}))
    states = {check.rule: check.state for check in checklist(after)}
    assert (states["mapping"], states["differences"], states["practice"]) == ("waived", "waived", "met")
    assert {gap.kind for gap in before.missing} - {gap.kind for gap in after.missing} == {"no_source"}
    assert after.differences == before.differences  # the coordinator is still asked
    assert {one.rule for one in after.waived} == {"mapping", "differences"}


def test_a_rule_of_a_newer_program_changes_nothing() -> None:
    dossier = merge("BFA", small_exercise(), additions(course(*TAKES_PART, RuleWaived("weather", "fr", "X")), {}))
    assert dossier.waived == ()
