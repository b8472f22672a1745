"""The extended guide: the concise one, and each entity's answers as they were given, question by question."""

from __future__ import annotations

from dataclasses import replace

import pytest

from flows.country.additions import Additions, Resolution
from flows.country.canonical import content_hash
from flows.country.draft import compile_guide
from flows.country.guide import Guide, Section, Statement, Table
from flows.country.guide_json import dump, load
from flows.country.merging import merge
from flows.country.outlines import OUTLINES, Outline
from flows.country.walking import ANSWERS, in_block, part_of
from flows.knowledge import country
from tests.flows.country.golden_guides import NOW, full
from tests.flows.country.saying import ASSOCIATION, POLICE, STATISTICS, contribution, small_exercise

SAID = {
    "s18_border": "Neuf postes sont équipés.",
    "s18_release": "yes",
    "need/1/s17_need": "Durée des séjours.",
    "source/2/s3_name": "Registre des postes",
    "source/2/s4_status": "existing",
    "source/2/s9_breakdown": "sex age",
    "source/1/s3_name": "Registre des visas",
    "!source/1/s15_limits": "Un secret.",
    "s1_holds": "yes",
    "p3_name": "Awa Exemple",
    "m4_name": "Issa Exemple",
    "member/1/m5_entity": "Police",
    "source/1/s13_unit": "Bureau 12",
    "e2_function": "Directeur",
    "entity/1/e5_name": "Ministère pressenti",
    "entity/1/e5_domains": "crisis",
    "entity/1/e5_contact": "Son bureau",
    "document/1/f1_title": "Une note",
    "f3_remark": "Merci.",
}


def annex(guide: Guide) -> Section:
    (found,) = [section for section in guide.sections if section.anchor == ANSWERS]
    return found


def rows(section: Section) -> list[tuple[str, ...]]:
    """The rows of an entity's tables, as text."""
    tables = [block for part in section.sections for block in part.blocks if isinstance(block, Table)]
    return [
        tuple(" ".join(statement.text for statement in cell.statements) for cell in row.cells)
        for table in tables
        for row in table.rows
    ]


def extended(*given: object, language: str = "fr", additions: Additions | None = None) -> Guide:
    dossier = merge("BFA", given, additions)  # type: ignore[arg-type]
    return compile_guide(dossier, country("BFA"), language, NOW, extent="extended")


def test_the_answers_of_an_entity_stand_in_the_order_of_the_questionnaire_with_their_numbers_and_rows() -> None:
    (police,) = annex(extended(contribution(POLICE, SAID, released=frozenset({"s18_border"})))).sections
    assert police.title == "Direction de la police des frontières (DPF)"
    told = [row if len(row) == 1 else (row[0], row[2]) for row in rows(police)]
    assert told == [
        ("S1", "Oui"),
        ("Source de données 1",),
        ("S3", "Registre des visas"),
        ("Source de données 2",),
        ("S3", "Registre des postes"),
        ("S4", "Existante"),
        ("S9", "Sexe, âge"),
        ("Besoin de données 1",),
        ("S17", "Durée des séjours."),
        ("Autres réponses",),
        ("S18", "Neuf postes sont équipés."),
    ]
    assert all(row[1].endswith("?") for row in rows(police) if len(row) == 3)


def test_what_is_confidential_or_kept_to_the_state_and_people_are_left_out() -> None:
    guide = extended(contribution(POLICE, SAID), replace(contribution(ASSOCIATION, {"s1_holds": "no"}), status="draft"))
    (police,) = annex(guide).sections  # the association has not sent its answers
    shown = str(rows(police))
    for hidden in (
        "secret",
        "Neuf postes",
        "Awa",
        "Issa",
        "Bureau 12",
        "Directeur",
        "Ministère pressenti",
        "Son bureau",
        "Une note",
        "Merci",
    ):
        assert hidden not in shown


def test_an_answer_keeps_its_own_language_its_source_and_its_question() -> None:
    english = contribution(ASSOCIATION, {"need/1/s17_need": "Length of stays.", "s1_holds": "yes"}, language="en")
    (section,) = annex(extended(english)).sections
    said = [one for part in section.sections for block in part.blocks for one in in_block(block) if one.sources]
    assert [(one.text, one.language, one.sources) for one in said] == [
        ("Oui", "", (1,)),
        ("Length of stays.", "en", (1,)),
    ]
    assert said[1].question == "/data/block/need[1]/group/s17_need"
    assert rows(annex(extended(english, language="en")).sections[0])[0] == (
        "S1",
        "Does your entity collect or hold migration data or information?",
        "Yes",
    )


def test_what_the_coordinator_decided_changes_nothing_of_what_an_entity_said() -> None:
    two = [contribution(one, {"c4_monitoring_lead": name}) for one, name in ((POLICE, "INS"), (STATISTICS, "CM"))]
    decided = Additions((Resolution("two_leads-monitoring", "pick", "INS", "Décret.", "fr", NOW),))
    told = [rows(section)[-1][-1] for section in annex(extended(*two, additions=decided)).sections]
    assert sorted(told) == ["CM", "INS"]


def test_anchors_stay_whoever_else_answers_and_two_voices_of_one_entity_are_told_apart() -> None:
    one = contribution(POLICE, {"s1_holds": "yes"})
    alone = annex(extended(one)).sections
    (again, first, second) = annex(extended(contribution(STATISTICS, {"s1_holds": "no"}), one, one)).sections
    assert alone[0].anchor == first.anchor != second.anchor
    assert [part.anchor for part in alone[0].sections] == [part.anchor for part in first.sections]
    assert again.title == "Institut de la statistique (INS)"
    assert [first.title, second.title] == [f"{alone[0].title} (source {number})" for number in (2, 3)]


@pytest.mark.parametrize("outline", OUTLINES)
def test_the_extended_guide_is_the_concise_one_and_the_annex(outline: Outline) -> None:
    dossier = full()
    concise = compile_guide(dossier, country("BFA"), "fr", NOW, outline=outline)
    guide = compile_guide(dossier, country("BFA"), "fr", NOW, outline=outline, extent="extended")
    assert [one for one in guide.sections if one.anchor != ANSWERS] == list(concise.sections)
    assert len(annex(guide).sections) == len(dossier.voices)
    assert [one.anchor for one in guide.sections][-2:] == [ANSWERS, "experts"]
    assert content_hash(guide) != content_hash(concise)
    assert load(dump(guide)) == guide
    assert "extent" not in dump(concise)  # guides hashed before there were two keep their hashes
    assert part_of(guide, 1) == part_of(concise, 1)


def test_a_guide_that_nobody_answered_for_says_so_there_too() -> None:
    (block,) = annex(extended()).blocks
    assert [one.text for one in in_block(block)] == [text_of(block)] and not annex(extended()).sections


def text_of(block: object) -> str:
    (statement,) = in_block(block)  # type: ignore[arg-type]
    assert isinstance(statement, Statement)
    return statement.text


def test_every_answer_of_the_small_exercise_that_may_be_printed_is_there_once() -> None:
    dossier = merge("BFA", small_exercise(accepted=True))
    guide = compile_guide(dossier, country("BFA"), "en", NOW, extent="extended")
    printed = [
        one.question
        for section in annex(guide).sections
        for part in section.sections
        for block in part.blocks
        for one in in_block(block)
        if one.sources
    ]
    assert printed == [said.question for said in dossier.spoken]
