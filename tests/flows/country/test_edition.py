from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.documents import render
from flows.country.additions import Additions, Finding
from flows.country.draft import Approval, Edition, Foreword, as_edition, compile_guide
from flows.country.guide import Guide, Paragraph, Statement
from flows.country.guide_json import content, dump
from flows.country.merging import merge
from flows.country.walking import part_of, sections, statements, titled
from flows.knowledge import country
from tests.flows.country.saying import small_exercise

NOW = datetime(2026, 3, 15, 12, tzinfo=UTC)
FOREWORD = Foreword("Premier paragraphe.\n\nSecond paragraphe.", "Fatou Modèle (exemple)", "Directrice", "fr")
PROPOSED = Finding(1, "Texte proposé", "Rapport", "", date(2026, 1, 5), "s7_content", "I.2", "INS")
DRAFT_WORDS = re.compile(
    r"projet pour les experts|présent projet|ce projet|un projet|draft|ni endossé|not endorsed", re.I
)


def final(number: int = 3, **others: object) -> Edition:
    return Edition(number, date(2026, 4, 2), True, **others)  # type: ignore[arg-type]


def compiled(edition: Edition | None, language: str = "fr", at: datetime = NOW, accepted: bool = False) -> Guide:
    additions = Additions(findings=(PROPOSED, replace(PROPOSED, number=2, text="Texte confirmé", status="confirmed")))
    dossier = merge("BFA", small_exercise(accepted=accepted), additions)
    return compile_guide(dossier, country("BFA"), language, at, edition=edition)


def test_who_paid_and_carried_it_out_stands_at_the_end_in_the_language_of_the_guide_where_it_is_set() -> None:
    credits = {"fr": "Financé par un bailleur (exemple).", "en": "Financed by a donor (sample)."}
    for language, said in credits.items():
        guide = compiled(final(credits=credits), language)
        last = guide.sections[-1]
        assert last.anchor == "credits"
        assert said in str(last)
        assert not any(other in str(guide) for other in credits.values() if other != said)
    assert "credits" not in [section.anchor for section in sections(compiled(final()))]


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("accepted", [True, False])
def test_what_is_proposed_for_endorsement_has_nothing_for_experts_and_calls_itself_no_draft(
    language: str, accepted: bool
) -> None:
    guide = compiled(final(), language, accepted=accepted)
    assert "experts" not in [section.anchor for section in sections(guide)]
    said = [guide.status, *(one.text for one in statements(guide))]
    assert [text for text in said if DRAFT_WORDS.search(text)] == []
    assert "Texte proposé" not in str(guide) and "Texte confirmé" in str(guide)


def test_the_status_names_the_version_and_its_date() -> None:
    assert compiled(final()).status == "Version 3, 2 avril 2026"
    assert compiled(final(), "en").status == "Version 3, 2 April 2026"
    assert compiled(Edition(2, date(2026, 4, 2))).status == "Projet pour les experts, version 2, 15 mars 2026"
    assert compiled(None).status == "Projet pour les experts, 15 mars 2026"


def test_when_the_final_version_is_compiled_changes_not_a_byte() -> None:
    early, late = compiled(final()), compiled(final(), at=NOW + timedelta(days=40, hours=5))
    assert dump(early) == dump(late)
    assert render(early, "docx") == render(late, "docx")
    assert render(early, "pdf") == render(late, "pdf")


def test_of_what_one_person_signs_in_two_languages_each_edition_has_its_own() -> None:
    both = (Foreword("En français.", "Awa Exemple", "Ministre", "fr"), Foreword("In English.", "Awa EXEMPLE", "", "en"))
    partner = Foreword("A word.", "B. Sample", "Director General", "en")
    for language, shown, hidden in (("fr", "En français.", "In English."), ("en", "In English.", "En français.")):
        front = repr(compiled(final(forewords=(*both, partner)), language).front)
        assert shown in front and hidden not in front and "A word." in front
    assert "In English." in repr(compiled(final(forewords=both[1:])).front)  # none in French: as it was given


def test_a_guide_begins_with_its_forewords_and_who_signs_them() -> None:
    english = Foreword("In English.", "", "Minister", "en")
    guide = compiled(final(forewords=(FOREWORD, english)))
    first, second, third, *_ = sections(guide)
    assert (first.title, second.title, third.anchor) == (
        "Avant-propos – Directrice",
        "Avant-propos – Minister",
        "summary",
    )
    assert [[one.text for one in block.statements] for block in first.blocks] == [  # type: ignore[union-attr]
        ["Premier paragraphe."],
        ["Second paragraphe."],
        ["Fatou Modèle (exemple)\nDirectrice"],
    ]
    assert [one.language for block in second.blocks for one in block.statements] == ["en", ""]  # type: ignore[union-attr]
    shown = render(guide, "html").decode()
    assert shown.index("Avant-propos") < shown.index("Premier paragraphe") < shown.index("Synthèse</h2>")


def test_approvals_of_entities_are_listed() -> None:
    approval = Approval("Institut de la statistique", "Directeur général", date(2026, 3, 1))
    (section,) = (one for one in sections(compiled(final(approvals=(approval,)))) if one.anchor == "approvals")
    assert "Institut de la statistique – Directeur général, 1er mars 2026" in str(section)


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("accepted", [True, False])
def test_a_draft_taken_as_the_final_version_is_what_would_have_been_compiled(language: str, accepted: bool) -> None:
    edition = final(forewords=(FOREWORD,), approvals=(Approval("INS", "", date(2026, 3, 1)),))
    draft = compiled(None, language, accepted=accepted)
    assert as_edition(draft, edition, NOW) == compiled(edition, language, accepted=accepted)


def test_a_final_version_taken_as_the_next_keeps_its_content() -> None:
    one = compiled(final())
    assert content(as_edition(one, final(4), NOW)) == content(one)


def test_an_edited_sentence_is_left_as_it_was_edited() -> None:
    words = "Notre projet, relu par les experts, rassemble tout."
    edited = replace(compiled(None), summary=(Paragraph((Statement(words),)),))
    assert as_edition(edited, final(), NOW).summary == edited.summary


def test_a_contributor_sees_all_that_rests_on_what_they_said_and_nothing_else() -> None:
    guide = compiled(None, accepted=True)
    part = part_of(guide, 2)
    everything = {
        (titled(section), one.text)
        for section in sections(compiled(final(), accepted=True))
        for block in section.blocks
        for one in statements(replace(guide, front=(), summary=(block,), sections=()))
        if 2 in one.sources
    }
    assert {(title, one.text) for title, one in part} == everything
    assert all(2 in one.sources for _, one in part)
    assert part[0][0] == "Synthèse" and ("I.2 Caractéristiques des sources", "Recensement") in [
        (title, one.text) for title, one in part
    ]
    assert len(part) == len(set(part))
    assert part_of(guide, 99) == ()


def test_a_guide_of_nobody_can_be_final() -> None:
    guide = compile_guide(merge("BFA", []), country("BFA"), "fr", NOW, edition=final(1))
    assert guide.sources == () and guide.final
