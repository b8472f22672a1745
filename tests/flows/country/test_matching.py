"""Two names of one institution are recognised; two institutions are never taken for one without a reason."""

from __future__ import annotations

import time
import tomllib
from functools import cache
from importlib.resources import files
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.country.contribution import Entity
from flows.country.entity_words import words
from flows.country.matching import SAME, closest, duplicates, likeness
from tests.budget import examples

PAIRS = tomllib.loads(Path(__file__).with_name("entity_pairs.toml").read_text("utf-8"))
HOSTILE = (
    "",
    " ",
    "\x00",
    "<b>Ministère</b>",
    "👩‍👩‍👧 🏳️‍🌈",
    "\u202eالداخلية",
    "a" * 10_000,
    "Direction " * 2_000,
    "(((((" * 500,
    "A." * 5_000,
    "I N S D " * 900,
    "de la des",
    "— / | ,",
    "\ud800",
)


def entity(written: str) -> Entity:
    name, _, acronym = written.partition(" | ")
    return Entity(name, acronym)


@cache
def everybody() -> tuple[Entity, ...]:
    written = [one for part in PAIRS.values() for pairs in part.values() for pair in pairs for one in pair]
    return tuple(entity(one) for one in dict.fromkeys(written))


def score(one: str, other: str) -> int:
    return likeness(entity(one), entity(other)).score


def reasons(one: str, other: str) -> tuple[str, ...]:
    return likeness(entity(one), entity(other)).reasons


@pytest.mark.parametrize("part", PAIRS)
def test_nearly_all_that_are_the_same_are_found_and_nearly_all_that_are_found_are_the_same(part: str) -> None:
    same, different = PAIRS[part]["same"], PAIRS[part]["different"]
    assert len(same) >= 60 and len(different) >= 60
    found = [pair for pair in same if score(*pair) >= SAME]
    wrong = [pair for pair in different if score(*pair) >= SAME]
    assert len(found) / (len(found) + len(wrong)) >= 0.98, wrong
    assert len(found) / len(same) >= 0.95, [pair for pair in same if pair not in found]


@pytest.mark.parametrize(
    ("one", "other", "why"),
    [
        ("Ministère de l’Intérieur", "MINISTERE DE L'INTERIEUR", "same_name"),
        ("INSD", "Institut national de la statistique et de la démographie", "acronym"),
        ("Institut national de la statistique et de la démographie | INSD", "INSD", "acronym"),
        ("INSD", "National Institute of Statistics and Demography", "acronym"),
        ("Ministère de la Santé", "Ministry of Health", "translation"),
        ("Ministère de la Santé", "Ministério da Saúde", "translation"),
        ("Ministère de l’Intérieur", "Ministère de l’Interrieur", "spelling"),
        ("Ministère de l’Intérieur", "Ministère de l’Intérieur et de la Sécurité", "longer_name"),
        ("OIM", "International Organization for Migration", "translation"),
    ],
)
def test_what_is_proposed_comes_with_its_reason(one: str, other: str, why: str) -> None:
    assert why in reasons(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ministère de la Justice", "Ministère de la Santé"),
        ("Direction générale de la police nationale", "Direction de la police des frontières"),
        ("Université de Ouagadougou", "Université de Bobo"),
        ("Bureau régional de Kayes", "Bureau régional de Gao"),
        ("Direction générale du travail | DGT", "Direction générale du Trésor | DGT"),
        ("Direction des études du ministère de la Santé", "Direction des études du ministère de la Justice"),
        ("OIM", "HCR"),
    ],
)
def test_what_is_different_is_not_proposed(one: str, other: str) -> None:
    assert score(one, other) < SAME
    assert reasons(one, other) == ()


def test_a_longer_name_in_another_language_is_less_sure_than_the_same_name() -> None:
    wider = score("Ministry of the Interior", "Ministère de l’Intérieur et de la Sécurité")
    assert SAME <= wider < score("Ministry of the Interior", "Ministère de l’Intérieur") < 100


def test_a_portfolio_more_widens_a_ministry_and_a_word_more_narrows_a_directorate() -> None:
    assert score("Ministère de la Santé", "Ministère de la Santé et de l’Hygiène") >= SAME
    assert score("Direction de la police", "Direction de la police des frontières") < SAME


def test_an_acronym_in_another_capital_or_with_dots_is_the_same_acronym() -> None:
    for written in ("insd", "I.N.S.D.", "I N S D", "Insd", "INSD Burkina Faso"):
        assert score(written, "Institut national de la statistique et de la démographie") >= SAME, written


def test_an_acronym_that_two_institutions_share_does_not_make_them_one() -> None:
    assert score("Institut national de la statistique | INS", "Institut national de la santé | INS") < SAME
    assert score("INSD", "INSS") < SAME


def test_that_one_is_public_and_the_other_not_makes_it_less_sure() -> None:
    public = Entity("Office de la migration", kind="agency")
    private = Entity("Office des migrations", kind="ngo")
    assert likeness(public, private).score < likeness(public, Entity("Office des migrations", kind="agency")).score


def test_every_pair_of_a_list_is_told_once_the_likeliest_first() -> None:
    named = [
        Entity("Ministère de l’Intérieur"),
        Entity("Institut national de la statistique et de la démographie", "INSD"),
        Entity("Ministère de la Justice"),
        Entity("Ministry of the Interior"),
        Entity("INSD"),
        Entity("Ministère de l’Intérieur et de la Sécurité"),
    ]
    found = duplicates(named)
    assert {(pair.first, pair.second) for pair in found} == {(0, 3), (0, 5), (3, 5), (1, 4)}
    assert [pair.score for pair in found] == sorted((pair.score for pair in found), reverse=True)
    assert all(pair.reasons for pair in found)


def test_a_new_entity_is_offered_those_that_it_may_already_be() -> None:
    named = [Entity("Ministère de la Santé"), Entity("Direction générale des douanes", "DGD"), Entity("HCR")]
    assert [near.index for near in closest("Customs Service", "", named)] == [1]
    assert [near.index for near in closest("UNHCR", "", named)] == [2]
    assert [near.index for near in closest("dgd", "", named)] == [1]
    assert closest("Ministère du Plan", "", named) == ()
    assert closest("", "", named) == ()


def test_no_more_are_offered_than_asked_for() -> None:
    named = [Entity("Ministère de la Santé") for _ in range(9)]
    assert [near.index for near in closest("Ministry of Health", "", named, most=2)] == [0, 1]


def test_two_hundred_entities_are_compared_within_half_a_second() -> None:
    named = [Entity(f"{entity.name} {number}", entity.acronym) for number, entity in enumerate(everybody())][:200]
    assert len(named) == 200
    begun = time.process_time()
    duplicates(named)
    assert time.process_time() - begun < 0.5


def test_likeness_does_not_depend_on_who_comes_first() -> None:
    for one, other in combinations(everybody()[::7], 2):
        assert likeness(one, other) == likeness(other, one)


@pytest.mark.parametrize("name", HOSTILE)
def test_whatever_is_given_as_a_name_is_compared(name: str) -> None:
    for other in (*HOSTILE, "Ministère de l’Intérieur"):
        assert 0 <= likeness(Entity(name, name), Entity(other, "X")).score <= 100


def test_very_long_names_that_differ_at_the_end_are_not_the_same_name() -> None:
    assert "same_name" not in reasons("Office " + "a" * 9_000 + "b", "Office " + "a" * 9_000 + "c")


_SYLLABLES = st.text(alphabet="abdeilmnorstuéè’-.( )/,&", max_size=12)
_NAMES = st.lists(
    st.sampled_from(["Ministère", "de la", "Santé", "et", "Office", "INSD", "Police", "du Mali", "Kayes"]) | _SYLLABLES,
    max_size=7,
).map(" ".join)


@settings(max_examples=examples(150), deadline=None)
@given(_NAMES, _NAMES, _SYLLABLES)
def test_any_two_names_have_one_likeness_and_a_reason_where_they_are_alike(one: str, other: str, short: str) -> None:
    first, second = Entity(one, short), Entity(other)
    found = likeness(first, second)
    assert found == likeness(second, first)
    assert 0 <= found.score <= 100
    assert bool(found.reasons) == (found.score >= SAME)


@settings(max_examples=examples(100), deadline=None)
@given(_NAMES.filter(lambda name: any(map(str.isalnum, name))))
def test_a_name_is_like_itself(name: str) -> None:
    assert likeness(Entity(name), Entity(name.upper())).score == 100


def test_every_expression_in_the_data_means_one_thing() -> None:
    data = tomllib.loads(files("flows").joinpath("countries", "entity_words.toml").read_text("utf-8"))
    known = words()
    for group, what in (("sorts", "sort"), ("topics", "topic"), ("light", "light")):
        for name in data[group]:
            assert any(meaning.key == f"{what} {name}" for meaning in known.expressions.values()), name
    types = {fact.type for fact in (*known.facts.values(), *known.shorts.values())} - {""}
    form = files("flows").joinpath("questionnaires", "guide.toml").read_text("utf-8")
    assert all(f'list_name = "entity_type"\nname = "{kind}"' in form for kind in types)
