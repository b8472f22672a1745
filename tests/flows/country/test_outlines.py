from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from flows.country.additions import Additions, Finding
from flows.country.canonical import content_hash
from flows.country.draft import Edition, Foreword, as_edition, compile_guide
from flows.country.guide import Guide, Section
from flows.country.guide_json import dump, load
from flows.country.merging import merge
from flows.country.outlines import OUTLINES, Outline
from flows.country.walking import sections, statements, titled
from flows.knowledge import country
from tests.flows.country.golden_guides import REFUGEES
from tests.flows.country.saying import ASSOCIATION, POLICE, STATISTICS, contribution, small_exercise

NOW = datetime(2026, 3, 15, 12, tzinfo=UTC)
FINAL = Edition(3, date(2026, 4, 2), True)
FINDING = Finding(1, "Confirmé", "Rapport", "", date(2026, 1, 5), "", "I.2", "INS", status="confirmed")
PROPOSED = replace(FINDING, number=2, text="Proposé", section="II.2", status="proposed")


def compiled(outline: Outline, language: str = "fr", edition: Edition | None = None) -> Guide:
    dossier = merge("BFA", small_exercise(accepted=True), Additions(findings=(FINDING, PROPOSED)))
    return compile_guide(dossier, country("BFA"), language, NOW, edition=edition, outline=outline)


def by_anchor(guide: Guide) -> dict[str, Section]:
    return {section.anchor: section for section in sections(guide)}


def test_the_published_outline_is_that_of_the_published_guides() -> None:
    guide = compiled("published", edition=replace(FINAL, forewords=(Foreword("Texte.", "F. Modèle", "SP", "fr"),)))
    assert [titled(section) for section in sections(guide)] == [
        "Avant-propos",
        "Synthèse",
        "Sigles et acronymes",
        "Glossaire",
        "Introduction",
        "Fiche 1 Contexte",
        "1.1 Contexte migratoire et cadre juridique",
        "1.2 La politique migratoire nationale",
        "1.3 Chefs de file et acteurs par étape",
        "1.4 Coordination des acteurs",
        "Fiche 2 État des données et informations migratoires",
        "2.1 Cartographie des sources d’information",
        "2.2 Caractéristiques des sources",
        "2.3 Utilisateurs des informations migratoires",
        "2.4 Besoins de données",
        "2.5 Gestion des frontières",
        "2.6 Migration en situations de crise",
        "Fiche 3 Outils et pratiques soutenant la prise de décisions informées",
        "3.1 Actions menées et données utilisées",
        "3.2 Aperçu du contenu",
        "3.3 Membres du groupe de travail",
        "3.4 Bonnes pratiques et exemples d’utilisation",
        "3.5 Matrice problème/solution",
        "Fiche 4 Recommandations",
        "4.1 Recommandations par sujet",
        "4.2 Besoins de formation exprimés",
        "4.3 Alignement sur le Pacte mondial",
        "Annexe – Contacts",
        "Annexe – Documents de référence",
    ]
    english = [section.number for section in sections(compiled("published", "en")) if section.number]
    assert [number for number in english if " " in number] == [f"Section {number}" for number in range(1, 5)]


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("edition", [None, FINAL])
def test_both_outlines_say_the_same_of_what_was_answered(language: str, edition: Edition | None) -> None:
    one, other = (compiled(outline, language, edition) for outline in OUTLINES)
    cited = (Counter(item for item in statements(guide) if item.sources) for guide in (one, other))
    assert next(cited) == next(cited)
    assert one.sources == other.sources
    assert set(by_anchor(other)) - set(by_anchor(one)) == {"introduction", "context"}
    assert set(by_anchor(one)) <= set(by_anchor(other))


def test_what_names_a_section_names_it_as_the_outline_does() -> None:
    guide = compiled("published")
    found = by_anchor(guide)
    assert "Confirmé" in repr(found["details"]) and "Proposé" not in repr(found["details"])
    assert "1.3" in repr(found["proposals"]) and "II.2" not in repr(found["proposals"])
    heads = re.findall(r"Fiche \d\. [^']+", repr(found["gaps"]))
    assert [head.partition(".")[0] for head in heads] == ["Fiche 1", "Fiche 2", "Fiche 3", "Fiche 4"]
    assert not re.search(r"\b(section|partie) [IV]+\b", repr(guide))


TEXT = "Un pays de départ (exemple).\n\nUne loi de 2012 (exemple)."
CONTEXT = Finding(3, TEXT, "Rapport", "", date(2026, 1, 5), "", "II.5", "", status="confirmed", language="fr")


def with_context(outline: Outline, finding: Finding = CONTEXT) -> dict[str, Section]:
    dossier = merge("BFA", small_exercise(accepted=True), Additions(findings=(finding,)))
    return by_anchor(compile_guide(dossier, country("BFA"), "fr", NOW, outline=outline))


@pytest.mark.parametrize(("outline", "number"), [("2013", "II.5"), ("published", "1.1")])
def test_the_context_of_the_country_is_told_in_running_text_with_its_source(outline: Outline, number: str) -> None:
    found = with_context(outline)
    first, second = found["context"].blocks
    assert found["context"].number == number
    assert [[one.text for one in block.statements] for block in (first, second)] == [  # type: ignore[union-attr]
        ["Un pays de départ (exemple)."],
        ["Une loi de 2012 (exemple).", "(Recherche documentaire, confirmée par l’entité concernée)"],
    ]
    assert first.statements[0].sources == second.statements[0].sources != ()  # type: ignore[union-attr]
    assert repr(found).count("Un pays de départ") == repr(found["context"]).count("Un pays de départ") * 2  # and above


def test_a_context_that_nobody_confirmed_is_missing_and_said_to_be_where_the_outline_has_a_place_for_it() -> None:
    proposed = replace(CONTEXT, status="proposed")
    assert "context" not in with_context("2013", proposed)
    found = with_context("published", proposed)
    assert "n’ont pas été décrits" in repr(found["context"]) and "départ" not in repr(found["context"])
    assert "départ" in repr(found["proposals"]) and "'1.1" in repr(found["proposals"])


def test_documents_that_may_be_quoted_are_an_annex_of_the_guide_and_the_others_are_only_counted() -> None:
    def document(title: str, quote: str, kind: str = "law", year: str = "2012") -> dict[str, str]:
        row = {"f1_title": title, "f1_year": year, "f1_kind": kind, "f1_quote": quote}
        return {f"document/1/{name}": value for name, value in row.items()}

    said = [
        contribution(POLICE, document("Bulletin", "yes", "bulletin")),
        contribution(STATISTICS, document("Loi sur l’asile", "yes")),
        contribution(ASSOCIATION, document("LOI sur l’asile", "yes")),
        contribution(REFUGEES, document("Note secrète", "no")),
    ]
    guide = compile_guide(merge("BFA", said), country("BFA"), "fr", NOW, edition=FINAL)
    table = by_anchor(guide)["references"].blocks[1]
    shown = [[" ".join(one.text for one in cell.statements) for cell in row.cells] for row in table.rows]  # type: ignore[union-attr]  # fmt: skip
    assert shown == [
        ["Loi sur l’asile (2012)", "Loi ou règlement", "INS, MRC"],
        ["Bulletin (2012)", "Bulletin", "DPF"],
    ]
    assert "Note secrète" not in repr(guide)
    assert "1 autre document" in repr(compile_guide(merge("BFA", said), country("BFA"), "fr", NOW))


def test_the_outline_is_part_of_what_is_endorsed_and_kept() -> None:
    one, other = (compiled(outline, edition=FINAL) for outline in OUTLINES)
    assert content_hash(one) != content_hash(other)
    assert "outline" not in dump(one)  # so that what was endorsed before there were two keeps its hash
    assert dump(other)["outline"] == "published" and load(dump(other)) == other


@pytest.mark.parametrize("outline", OUTLINES)
def test_a_draft_taken_as_the_final_version_keeps_its_outline(outline: Outline) -> None:
    assert as_edition(compiled(outline), FINAL, NOW) == compiled(outline, edition=FINAL)


def test_contacts_are_given_entity_by_entity_as_consented() -> None:
    shown = by_anchor(compiled("2013"))["contacts"]
    rows = [[" ".join(one.text for one in cell.statements) or cell.gap for cell in row.cells] for row in shown.blocks[1].rows]  # type: ignore[union-attr]  # fmt: skip # noqa: E501
    assert rows == [
        ["Entités gouvernementales"],
        ["Conseil de la migration (CM)", "Contact non renseigné", ""],
        [
            "Institut de la statistique (INS)",
            "Awa Exemple Cheffe de service Service des enquêtes",
            "awa@ins.example +22625000001",
        ],
        ["Direction de la police des frontières (DPF)", "Commandant Bureau des postes", "–"],
        ["", "Bureau central des statistiques", "statistiques@dpf.example"],
        ["Autres, y compris organisations internationales et universités"],
        ["Migration Research Centre (MRC)", "Contact non publié, à la demande de l’entité", ""],
    ]


def test_a_contact_is_as_private_as_the_person_wants_it() -> None:
    answers = {"p3_name": "N. Zed", "p3_function": "Zélateur", "p3_email": "z@b.example", "p3_phone": "+226000"}
    for publish, expected in (("full", 4), ("position", 1), ("none", 0)):
        dossier = merge("BFA", [contribution(POLICE, {**answers, "p7_publish": publish})])
        guide = compile_guide(dossier, country("BFA"), "fr", NOW)
        assert sum(answer in repr(guide) for answer in answers.values()) == expected, publish


def test_two_who_answer_for_one_entity_stand_under_it_once() -> None:
    two = [contribution(POLICE, {"p3_function": name, "p7_publish": "position"}) for name in ("Chef", "Adjoint")]
    shown = by_anchor(compile_guide(merge("BFA", two), country("BFA"), "fr", NOW))["contacts"]
    assert repr(shown).count(POLICE.name) == 1 and "Chef" in repr(shown) and "Adjoint" in repr(shown)


def test_the_glossary_is_in_the_order_of_the_alphabet_and_says_whose_words_it_holds() -> None:
    for language in ("fr", "en"):
        table = by_anchor(compiled("2013", language))["glossary"].blocks[0]
        terms = [row.cells[0].statements[0].text for row in table.rows]  # type: ignore[union-attr]
        assert terms == sorted(terms, key=lambda term: term.replace("É", "E").replace("é", "e").casefold())
        assert all(cell.statements[0].text for row in table.rows for cell in row.cells)  # type: ignore[union-attr]


def test_acronyms_that_answers_use_are_explained_where_everybody_knows_them() -> None:
    told = contribution(ASSOCIATION, {"s18_border": "Avec l’OIM et le HCR.", "c5_mechanism": "Avec l’OIM."})
    guide = compile_guide(merge("BFA", [told]), country("BFA"), "fr", NOW)
    assert "OIM – Organisation internationale pour les migrations" in repr(by_anchor(guide)["acronyms"])
    assert "UNHCR" not in repr(by_anchor(guide)["acronyms"])
