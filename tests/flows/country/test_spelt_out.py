from __future__ import annotations

from datetime import UTC, datetime
from time import process_time

import pytest

from flows.country.draft import compile_guide
from flows.country.merging import merge
from flows.country.spelt_out import spelt_out
from flows.country.walking import sections
from flows.knowledge import country
from tests.flows.country.saying import POLICE, STATISTICS, contribution

NOW = datetime(2026, 3, 15, 12, tzinfo=UTC)
TOLD = [
    ("Le recensement général de la population (RGP) de 2019.", "RGP", "recensement général de la population"),
    ("Stratégie nationale de migration (SNMig)", "SNMig", "Stratégie nationale de migration"),
    ("Selon l’Organisation internationale du Travail (OIT).", "OIT", "Organisation internationale du Travail"),
    ("See the Displacement Tracking Matrix (DTM).", "DTM", "Displacement Tracking Matrix"),
]
UNTOLD = [
    "Une base de données (SQL) tenue à jour.",
    "Des fiches (PAPIER), et une fiche papier (A4).",
    "Fin d’une phrase du recensement. Population (RP)",
    "(RGP)",
    "Le recensement général de la population (rgp).",
]


def said(text: str, mark: str = "") -> list[str]:
    """The list of acronyms of a guide in which one entity gives that text; confidential with the mark `!`."""
    answers = {"s1_holds": "yes", "source/1/s3_name": "Source", f"{mark}source/1/s7_content": text}
    given = contribution(STATISTICS, answers)
    guide = compile_guide(merge("BFA", [given]), country("BFA"), "fr", NOW)
    return [
        item.statements[0].text
        for section in sections(guide)
        if section.anchor == "acronyms"
        for item in section.blocks[0].items  # type: ignore[union-attr]
    ]


@pytest.mark.parametrize(("text", "acronym", "name"), TOLD)
def test_an_acronym_that_an_answer_spells_out_is_in_the_list_in_its_words(text: str, acronym: str, name: str) -> None:
    assert f"{acronym} – {name}" in said(text)


@pytest.mark.parametrize("text", UNTOLD)
def test_what_only_stands_in_brackets_is_not_taken_for_an_acronym_of_what_stands_before(text: str) -> None:
    assert said(text) == ["INS – Institut de la statistique"]


def test_an_entitys_own_name_goes_before_what_another_calls_it() -> None:
    given = [
        contribution(STATISTICS, {}),
        contribution(POLICE, {"c5_mechanism": "Avec l’institut national de la statistique (INS)."}),
    ]
    guide = compile_guide(merge("BFA", given), country("BFA"), "fr", NOW)
    (listed,) = (section for section in sections(guide) if section.anchor == "acronyms")
    assert "INS – Institut de la statistique" in repr(listed) and "national" not in repr(listed)


def test_a_confidential_answer_spells_nothing_out() -> None:
    assert said(TOLD[0][0], "!") == ["INS – Institut de la statistique"]


def test_ten_thousand_letters_of_brackets_are_no_work() -> None:
    dossier = merge("BFA", [contribution(POLICE, {"c5_mechanism": "mot long (AB) " * 700})])
    before = process_time()
    assert spelt_out(dossier.mechanisms) == {}
    assert process_time() - before < 1
