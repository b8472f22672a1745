from __future__ import annotations

from zoneinfo import available_timezones

import pytest

from flows import knowledge


def test_every_partner_country_is_there_once() -> None:
    found = knowledge.countries()
    assert len(found) == 57
    assert len({each.alpha_2 for each in found}) == 57
    assert len(knowledge.countries(guide_candidates=True)) == 28
    assert [each.code for each in found if each.observer] == ["DZA", "LBY"]


@pytest.mark.parametrize("code", ["BFA", "bfa", "BF", " bf "])
def test_a_country_is_found_by_either_code(code: str) -> None:
    assert knowledge.country(code).name("fr") == "Burkina Faso"


def test_an_unknown_code_is_named() -> None:
    with pytest.raises(knowledge.UnknownCountry, match="XXX"):
        knowledge.country("XXX")


@pytest.mark.parametrize(
    ("code", "within", "of"),
    [
        ("BFA", "au Burkina Faso", "du Burkina Faso"),
        ("GIN", "en Guinée", "de la Guinée"),
        ("DZA", "en Algérie", "de l’Algérie"),
        ("CPV", "à Cabo Verde", "de Cabo Verde"),
        ("NLD", "aux Pays-Bas", "des Pays-Bas"),
        ("CIV", "en Côte d’Ivoire", "de la Côte d’Ivoire"),
    ],
)
def test_french_sentences_get_the_right_article(code: str, within: str, of: str) -> None:
    forms = knowledge.country(code).forms("fr-BF")
    assert (forms.within, forms.of) == (within, of)


def test_a_language_without_names_falls_back_to_english() -> None:
    assert knowledge.country("GMB").forms("pt").within == "in the Gambia"


def test_every_country_offers_a_language_and_lives_in_a_known_time_zone() -> None:
    zones = available_timezones()
    for each in knowledge.countries():
        assert each.bot_languages
        assert set(each.time_zones) <= zones
        assert set(each.weekend) < set(range(1, 8))


def test_the_compact_has_its_23_objectives_in_order() -> None:
    assert [each.number for each in knowledge.objectives()] == list(range(1, 24))
    assert sum(each.dialogue for each in knowledge.objectives()) == 14
    assert knowledge.objective(1).short("fr") == "Données"
    assert knowledge.objective(20).full("en").startswith("Promote faster, safer and cheaper transfer")
    with pytest.raises(knowledge.UnknownObjective):
        knowledge.objective(24)


def test_suggested_objectives_exist() -> None:
    assert knowledge.suggested_objectives("domain", "border")[0] == 11
    assert knowledge.suggested_objectives("domain", "fisheries") == ()
    for name in ("trends", "border", "crisis", "development"):
        for number in knowledge.suggested_objectives("domain", name):
            knowledge.objective(number)


def test_the_action_plan_has_its_five_areas() -> None:
    assert [each.number for each in knowledge.areas()] == [1, 2, 3, 4, 5]
    assert knowledge.area(3).short("fr") == "Protection et asile"


def test_no_french_name_has_a_straight_apostrophe() -> None:
    words = [form for each in knowledge.countries() for form in (each.forms("fr").the, each.notes.get("fr", ""))]
    words += [title for each in knowledge.objectives() for title in (each.short("fr"), each.full("fr"))]
    assert not [word for word in words if "'" in word]
