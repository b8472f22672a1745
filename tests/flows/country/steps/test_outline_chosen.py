"""Which outline a guide follows, and how much it says, is chosen once and remembered; whoever chose none has the guide
of 2013, concise."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from flows.country.access import COMMAND_LINE
from flows.country.edition import FACT, Edition, endorsement_of
from flows.country.ledger import digest
from flows.country.outlines import Outline
from flows.country.steps.base import Refusal
from flows.country.steps.outlines import ChooseExtent, ChooseOutline, ExtentChosen, OutlineChosen
from tests.flows.country.endorsing import chain
from tests.flows.country.happening import ASKED, BEGAN, TAKES_PART, course, made


@pytest.mark.parametrize("outline", ["2013", "published"])
def test_the_outline_chosen_last_holds(outline: Outline) -> None:
    assert course(*TAKES_PART, made(1)).drafts.outline == "2013"
    assert course(*TAKES_PART, OutlineChosen("published"), OutlineChosen(outline)).drafts.outline == outline


def test_an_outline_of_a_newer_program_changes_nothing() -> None:
    assert course(*TAKES_PART, OutlineChosen("published"), OutlineChosen("2040")).drafts.outline == "published"


def test_only_another_outline_can_be_chosen_and_only_where_the_country_takes_part() -> None:
    def why(outline: str, *facts: object) -> str:
        step = ChooseOutline(outline)  # type: ignore[arg-type]
        decision = step.decide(course(*facts), COMMAND_LINE, BEGAN)  # type: ignore[arg-type]
        return decision.reason if isinstance(decision, Refusal) else ""

    assert why("published", *TAKES_PART) == ""
    assert why("2013", *TAKES_PART) == "drafts.outline_already_2013"
    assert why("2040", *TAKES_PART) == "drafts.no_outline"
    assert why("published", ASKED) != ""


def test_the_extent_chosen_last_holds_and_one_of_a_newer_program_changes_nothing() -> None:
    assert course(*TAKES_PART, made(1)).drafts.extent == "concise"
    assert course(*TAKES_PART, ExtentChosen("extended"), ExtentChosen("endless")).drafts.extent == "extended"
    assert course(*TAKES_PART, ExtentChosen("extended"), ExtentChosen("concise")).drafts.extent == "concise"


def test_only_another_extent_can_be_chosen_and_only_where_the_country_takes_part() -> None:
    decision = ChooseExtent("concise").decide(course(*TAKES_PART), COMMAND_LINE, BEGAN)
    assert isinstance(decision, Refusal) and decision.reason == "drafts.extent_already_concise"
    assert ChooseExtent("extended").decide(course(*TAKES_PART), COMMAND_LINE, BEGAN) == (ExtentChosen("extended"),)
    assert isinstance(ChooseExtent("extended").decide(course(ASKED), COMMAND_LINE, BEGAN), Refusal)


def test_an_endorsement_given_before_there_were_two_outlines_is_of_the_first() -> None:
    entry = chain().entries[-1]
    kept: Any = dict(entry.facts[FACT])  # type: ignore[arg-type]
    assert endorsement_of(entry) is not None
    kept["edition"] = {name: value for name, value in kept["edition"].items() if name != "outline"}
    read = endorsement_of(replace(entry, facts={**entry.facts, FACT: kept}))
    assert read is not None and read.edition.outline == "2013"
    assert Edition("BFA", 1, {}, (), "t", digest(1), ()).outline == "2013"
