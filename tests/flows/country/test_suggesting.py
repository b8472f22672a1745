"""Suggested objectives: right more often than not, the same for the same text, never in the way of a choice."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows import activities, knowledge
from flows.country.suggesting import MOST, suggested
from tests.budget import examples

DEMO = Path(__file__).parents[2] / "demo"


@dataclass(frozen=True)
class Case:
    words: str
    category: str
    right: frozenset[int]


def recommendations() -> Iterator[Case]:
    """Those of the demonstration whose officials chose objectives."""
    for path in sorted(DEMO.glob("*.toml")):
        for person in tomllib.loads(path.read_text("utf-8")).get("people", []):
            for one in person.get("answers", {}).get("recommendation", []):
                if one.get("r4_objectives"):
                    numbers = frozenset(int(name.removeprefix("gcm_")) for name in one["r4_objectives"])
                    yield Case(one["r2_text"], one["r1_category"], numbers)


def entries(language: str) -> Iterator[Case]:
    """The activities of the dialogue's overview by their titles, except what it ties to objectives as a framework."""
    for one in activities.packaged().activities:
        if one.kind != "framework":
            yield Case(one.titles[language], "", frozenset(one.objectives))


def passages(language: str) -> Iterator[Case]:
    for number, one in activities.accounts().items():
        yield Case(one.texts[language], "", frozenset({number}))


def measured(cases: Iterator[Case]) -> tuple[int, float, float, float]:
    """How many cases; share of those whose first suggestion is right; share of suggestions that are right; share of
    right ones that are suggested."""
    first = hits = given = wanted = n = 0
    for case in cases:
        found = suggested(case.words, category=case.category)
        n += 1
        first += bool(found and found[0] in case.right)
        hits += len(case.right & set(found))
        given += len(found)
        wanted += len(case.right)
    return n, first / n, hits / given, hits / wanted


@pytest.mark.parametrize(
    ("name", "cases", "first", "precision", "recall"),
    [
        ("recommendations of the demonstration", recommendations, 1.0, 0.9, 0.85),
        ("titles of activities, French", lambda: entries("fr"), 0.8, 0.73, 0.79),
        ("titles of activities, English", lambda: entries("en"), 0.71, 0.73, 0.79),
        ("the overview’s passages, French", lambda: passages("fr"), 0.92, 0.63, 1.0),
        ("the overview’s passages, English", lambda: passages("en"), 0.92, 0.7, 1.0),
    ],
)
def test_suggestions_are_right_as_often_as_the_decision_states(
    name: str, cases: Any, first: float, precision: float, recall: float
) -> None:
    n, *found = measured(cases())
    print(f"{name}: {n} texts; first right {found[0]:.2f}, precision {found[1]:.2f}, recall {found[2]:.2f}")
    assert found[0] >= first
    assert found[1] >= precision
    assert found[2] >= recall


def test_accents_capitals_and_endings_do_not_matter() -> None:
    assert suggested("Les STATISTIQUES désagrégées") == suggested("statistique desagregee")
    assert suggested("Envois de fonds")[0] == suggested("Remittances")[0] == 20


def test_the_category_decides_where_the_words_say_nothing() -> None:
    assert suggested("Faire mieux.", category="border")[0] == 11
    assert suggested("Faire mieux.", domains=["development"])[0] == 19
    assert suggested("Faire mieux.") == ()


def test_every_category_of_the_questionnaire_has_usual_objectives() -> None:
    for name in ("cooperation", "training", "collection", "border", "crisis"):
        assert knowledge.suggested_objectives("category", name)


@settings(max_examples=examples(60), deadline=None)
@given(st.text(max_size=300), st.sampled_from(["", "border", "crisis", "nothing"]))
def test_any_text_gets_at_most_three_known_objectives_and_always_the_same(words: str, category: str) -> None:
    found = suggested(words, category=category)
    assert len(found) <= MOST
    assert len(set(found)) == len(found)
    assert set(found) <= set(range(1, 24))
    assert suggested(words, category=category) == found
