"""The catalogue of activities: all that the dialogue’s overview names is there, in both languages, links public."""

from __future__ import annotations

import pytest

from flows import activities, knowledge
from flows.activities import Activity

OF_THE_OVERVIEW = {1: 3, 2: 2, 5: 1, 7: 3, 8: 2, 9: 2, 10: 1, 11: 2, 16: 2, 18: 2, 19: 1, 20: 3, 21: 2, 23: 2}
"""Objective → activities and publications that the overview names for it, the Marrakesh plan where it rests on it."""


def test_every_activity_of_the_overview_is_there() -> None:
    found = activities.packaged().activities
    count = {number: sum(number in one.objectives for one in found) for number in range(1, 24)}
    assert {number: n for number, n in count.items() if n} == OF_THE_OVERVIEW
    assert len({one.code for one in found}) == len(found)


def test_the_objectives_of_the_overview_are_those_marked_as_the_dialogues_own() -> None:
    marked = {one.number for one in knowledge.objectives() if one.dialogue}
    assert marked == set(OF_THE_OVERVIEW) == set(activities.accounts())


@pytest.mark.parametrize("one", activities.packaged().activities, ids=lambda one: str(one.code))
def test_each_is_complete_in_both_languages_and_its_links_are_public(one: Activity) -> None:
    assert one.kind in activities.KINDS
    assert set(one.titles) == {"fr", "en"}
    assert all(one.titles.values())
    assert one.links
    assert all(map(activities.is_public, one.links.values()))
    assert activities.is_public(one.source)
    assert one.begins is None or one.begins.year == one.year
    assert one.ends is None or (one.begins is not None and one.begins <= one.ends)
    assert not any("'" in said for said in one.titles.values())
    assert set(one.places) in (set(), {"fr", "en"})


def test_our_translations_are_marked() -> None:
    found = {one.code: one for one in activities.packaged().activities}
    assert found["root-causes"].translated == {"en"}
    assert found["diaspora-practices"].translated == frozenset()
    assert all(one.translated == {"en"} for one in activities.accounts().values())


def test_what_the_overview_says_is_kept_whole() -> None:
    said = activities.accounts()
    assert said[1].texts["fr"].startswith("Le cadre stratégique du Processus de Rabat")
    assert said[23].texts["fr"].endswith("dans le plein respect des droits de l’Homme\u00a0».")
    for one in said.values():
        assert all(len(each) > 400 for each in one.texts.values())
        assert "file:" not in "".join(one.texts.values())


@pytest.mark.parametrize(
    "link",
    [
        "file:///C:/Users/someone/Downloads/a.pdf",
        "ftp://rabat-process.org/a",
        "http://localhost/a",
        "http://10.0.0.1/a",
        "https://intranet/a",
        "https://name:word@rabat-process.org/",
        "https://rabat-process.org/a b",
        "https://[1",
        "javascript:alert(1)",
        "",
    ],
)
def test_no_link_is_public_that_only_some_can_open(link: str) -> None:
    assert not activities.is_public(link)


def test_both_plans_stand_beside_each_other() -> None:
    marrakesh, cadiz = knowledge.plans()
    assert (marrakesh.first_year, marrakesh.last_year, marrakesh.until) == (2018, 2020, 2022)
    assert (cadiz.first_year, cadiz.until) == (2023, 2027)
    assert [len(plan.areas) for plan in knowledge.plans()] == [5, 5]
    assert marrakesh.areas[1].short("fr") == "Migration légale et mobilité"
    assert cadiz.areas == knowledge.areas()
    assert marrakesh.name("pt") == "Marrakesh Action Plan 2018-2020"
