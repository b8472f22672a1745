"""What a published version calls things, and what it keeps to the State, holds for the answers given under it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from functools import cache

from flows.country.contribution import Contribution, Entity, restricted_questions
from flows.country.draft import compile_guide
from flows.country.merging import merge
from flows.interview.form import Form, load
from flows.interview.xlsform import load_form
from flows.knowledge import country
from flows.questionnaires import compiled
from flows.questionnaires.wording import joined, wording, words_of
from tests.flows.country.saying import contribution

NEWER = """
| survey   |                            |               |                      |                     |                          |
|          | type                       | name          | label::Français (fr) | label::English (en) | bind::griot:confidential |
|          | select_multiple challenge  | m8_challenges | Difficultés ?        | Challenges?         |                          |
|          | select_one weather         | x1_weather    | Temps ?              | Weather?            |                          |
|          | text                       | c5_mechanism  | Mécanisme ?          | Mechanism?          | state                    |
| choices  |                            |               |                      |                     |                          |
|          | list_name                  | name          | label::Français (fr) | label::English (en) |                          |
|          | challenge                  | drones        | Les drones           | Drones              |                          |
|          | weather                    | rain          | Pluie                | Rain                |                          |
| settings |                            |               |                      |                     |                          |
|          | form_id                    | version       | default_language     | namespaces          |                          |
|          | guide                      | 9             | Français (fr)        | griot="https://g.example" |                    |
"""  # noqa: E501
ARMY = Entity("Ministry of Defence", "MOD", "ministry")


@cache
def newer() -> Form:
    return load_form(NEWER.encode(), "md")


def said(**answers: str) -> Contribution:
    """A contribution given under the newer version."""
    given = contribution(ARMY, {"p2_consent": "yes", **answers}, status="submitted", country="GHA")
    return replace(given, form_version="9", wording=words_of(newer()))


def test_the_packaged_form_says_what_its_source_says() -> None:
    form, source = words_of(load(compiled())), wording()
    assert (form.lists, form.labels) == (source.lists, source.labels)
    own = {name: said for name, said in source.attributes.items() if said}
    assert {name: said for name, said in form.attributes.items() if said} == own
    assert joined([form]).choices("challenge") == source.choices("challenge")


def test_a_choice_that_a_newer_version_added_is_called_as_there_and_ranked_among_the_others() -> None:
    dossier = merge("GHA", [said(m8_challenges="drones", x1_weather="rain")])
    assert [one.name for one in dossier.challenges] == ["drones"]
    assert dossier.wording.label("m8_challenges", "drones", "fr") == "Les drones"
    assert dossier.wording.label("x1_weather", "rain", "en") == "Rain"
    assert dossier.wording.label("m8_challenges", "rain", "en") == "rain"
    assert "Drones" in repr(compile_guide(dossier, country("GHA"), "en", datetime(2026, 11, 25, tzinfo=UTC)))


def test_what_only_a_newer_version_restricts_is_kept_to_the_state_until_it_is_released() -> None:
    assert "c5_mechanism" not in restricted_questions()
    assert restricted_questions(words_of(newer())) == restricted_questions() | {"c5_mechanism"}
    one = said(c5_mechanism="A committee.")
    assert merge("GHA", [one]).mechanisms == ()
    assert merge("GHA", [one]).restricted == 1
    released = merge("GHA", [replace(one, released=frozenset({"c5_mechanism"}))])
    assert [each.value for each in released.mechanisms] == ["A committee."]
