from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta, timezone

import pytest
from hypothesis import given, settings

from flows.country.draft import compile_guide
from flows.country.guide import Guide, Paragraph, Statement
from flows.country.guide_json import content, dump, load
from flows.country.merging import merge
from flows.knowledge import country
from tests.budget import examples
from tests.flows.country.guides import GUIDES
from tests.flows.country.saying import small_exercise
from tests.flows.country.test_draft import NOW


def drafted() -> Guide:
    return compile_guide(merge("BFA", small_exercise()), country("BFA"), "fr", NOW)


@settings(max_examples=examples(100), deadline=None)
@given(GUIDES)
@pytest.mark.slow
def test_any_guide_comes_back_exactly(guide: Guide) -> None:
    assert load(json.loads(json.dumps(dump(guide)))) == guide


def test_a_compiled_guide_comes_back_exactly_and_is_written_the_same_again() -> None:
    guide = drafted()
    again = load(json.loads(json.dumps(dump(guide))))
    assert again == guide
    assert dump(again) == dump(guide)


def test_when_and_as_which_version_it_was_made_is_no_content() -> None:
    guide = drafted()
    later = replace(guide, compiled_at=NOW + timedelta(days=3), status="Version 7", version=7)
    assert content(later) == content(guide)
    assert dump(later) != dump(guide)


@pytest.mark.parametrize(
    "other",
    [
        {"title": "Autre"},
        {"note": "Exercice"},
        {"withheld": 9},
        {"summary": (Paragraph((Statement("Autre"),)),)},
        {"country_name": "Autre"},
        {"form_version": "2"},
        {"sources": ()},
    ],
)
def test_whatever_a_reader_sees_is_content(other: dict[str, object]) -> None:
    guide = drafted()
    assert content(replace(guide, **other)) != content(guide)  # type: ignore[arg-type]


def test_the_zone_in_which_a_moment_is_written_makes_no_difference() -> None:
    guide = drafted()
    there = timezone(timedelta(hours=3))
    moved = tuple(replace(source, given_on=source.given_on.astimezone(there)) for source in guide.sources)
    assert content(replace(guide, sources=moved)) == content(guide)


def test_what_has_its_default_is_not_written_so_that_new_fields_change_no_old_hash() -> None:
    written = dump(drafted())
    assert not {"front", "version", "final", "cover", "note"} & set(written)


@pytest.mark.parametrize("damaged", [{}, {"country": 1}, {"sections": 3}, {"unknown": ""}])
def test_what_is_no_guide_is_refused(damaged: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="no guide"):
        load(damaged if not damaged else dump(drafted()) | damaged if "country" not in damaged else damaged)
