from __future__ import annotations

from datetime import UTC, datetime

import pytest

from flows.country.draft import compile_guide
from flows.country.glossary import terms, terms_in
from flows.country.merging import merge
from flows.country.walking import sections
from flows.i18n import text
from flows.knowledge import country
from tests.flows.country.saying import POLICE, contribution

NOW = datetime(2026, 3, 15, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("said", "used"),
    [
        ("Les RÉFUGIÉS et les demandeurs d'asile.", {"refugee", "asylum"}),
        ("Victims of trafficking, smuggled migrants.", {"trafficking", "smuggling", "migrant"}),
        ("La traite des personnes et le trafic de migrants.", {"trafficking", "smuggling", "migrant"}),
        ("Un traité de 1998, le traitement des fiches, un trafic routier, un déplacement.", set()),
        ("Mineurs non accompagnés, apatrides, personnes déplacées.", {"unaccompanied", "stateless", "displaced"}),
        ("Transferts de fonds de la diaspora ; retours.", {"remittances", "diaspora", "returning"}),
        ("", set()),
    ],
)
def test_terms_are_found_in_either_language_and_not_within_other_words(said: str, used: set[str]) -> None:
    assert {term for term, _ in terms_in([said])} == used


@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_term_has_a_definition_and_says_whose(language: str) -> None:
    for term, origin in terms().items():
        for key in (f"term_{term}", f"define_{term}", f"source_{origin}"):
            assert text(f"glossary.{key}", language).strip()


@pytest.mark.parametrize(("mark", "explained"), [("", True), ("!", False)])
def test_the_glossary_explains_what_answers_use_and_nothing_that_only_a_confidential_one_does(
    mark: str, explained: bool
) -> None:
    given = contribution(POLICE, {f"{mark}c5_mechanism": "Un comité sur l’apatridie."})
    guide = compile_guide(merge("BFA", [given]), country("BFA"), "en", NOW)
    (glossary,) = (section for section in sections(guide) if section.anchor == "glossary")
    assert ("Stateless person" in repr(glossary)) is explained
