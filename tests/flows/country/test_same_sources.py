from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.country.same_sources import CERTAIN, SAME, likeness, together

PAIRS = tomllib.loads(Path(__file__).with_name("source_pairs.toml").read_text("utf-8"))


@pytest.mark.parametrize(("one", "other"), PAIRS["same"])
def test_one_source_is_known_in_both_languages_and_by_its_acronym(one: str, other: str) -> None:
    assert likeness(one, other) >= CERTAIN


@pytest.mark.parametrize(("one", "other"), PAIRS["asked"])
def test_what_may_be_one_is_asked(one: str, other: str) -> None:
    assert SAME <= likeness(one, other) < CERTAIN


@pytest.mark.parametrize(("one", "other"), PAIRS["different"])
def test_what_is_near_is_not_the_same(one: str, other: str) -> None:
    assert likeness(one, other) < SAME


@given(st.text(max_size=60), st.text(max_size=60))
def test_it_is_the_same_from_either_side_whatever_the_names(one: str, other: str) -> None:
    assert likeness(one, other) == likeness(other, one)
    assert 0 <= likeness(one, other) <= 100


def test_what_one_entity_names_are_several_sources() -> None:
    named = [("RGPH 2006", "INS"), ("Recensement général", "MI"), ("RGPH 2019", "INS"), ("Visas", "MI")]
    assert together(named, surely=True) == ((0,), (1,), (2,), (3,)), "which census the ministry means is not clear"
    assert together(named, surely=False) == ((0, 1), (2,), (3,)), "so that it is asked"


def test_what_is_known_to_be_one_is_one_whatever_it_is_called() -> None:
    named = [("Fichier X", "A"), ("Registre Y", "B"), ("Autre", "C")]
    assert together(named, surely=True, joined=[(0, 1)]) == ((0, 1), (2,))
    alike = [("RGPH", "A"), ("RGPH", "B")]
    assert together(alike, surely=True) == ((0, 1),)
    assert together(alike, surely=True, apart={(0, 1)}) == ((0,), (1,))


def test_many_sources_are_compared_in_a_moment() -> None:
    named = [(f"Registre des visas de la région {word}", str(number)) for number in range(40) for word in "abcdefghij"]
    assert sorted(place for group in together(named, surely=True) for place in group) == list(range(400))
