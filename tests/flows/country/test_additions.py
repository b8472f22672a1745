from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Literal

import pytest

from flows.country.additions import Additions, Finding, Outcome, Resolution
from flows.country.contribution import Contribution, Entity
from flows.country.differences import claim
from flows.country.dossier import Dossier
from flows.country.draft import compile_guide, sides_of
from flows.country.guide import Guide
from flows.country.merging import merge
from flows.country.walking import sections, statements
from flows.knowledge import country
from tests.flows.country.saying import COORDINATION, POLICE, STATISTICS, contribution, small_exercise
from tests.flows.country.test_draft import NOW, rows, said

DECIDED_ON = datetime(2026, 3, 10, 9, tzinfo=UTC)
DAY = date(2026, 2, 20)


def exercise() -> list[Contribution]:
    """Voices that differ on everything a difference can be about."""
    first = {
        "c1_status": "adopted", "policy/1/c1_title": "Stratégie nationale", "policy/1/c1_year": "2016",
        "policy/1/c1_url": "https://un.example/s", "e3_status": "exists", "profile_document/1/e3_title": "Profil",
        "profile_document/1/e3_year": "2011", "source/1/s3_name": "Registre", "c2_stages": "monitoring",
        "c3_monitoring_role": "lead",
    }  # fmt: skip
    second = {
        "c1_status": "drafting", "policy/1/c1_title": "stratégie NATIONALE", "policy/1/c1_year": "2018",
        "policy/1/c1_url": "https://deux.example/s", "e3_status": "none", "profile_document/1/e3_title": "Autre titre",
        "source/1/s3_name": "REGISTRE", "c2_stages": "monitoring", "c3_monitoring_role": "lead",
    }  # fmt: skip
    return [contribution(STATISTICS, first), contribution(POLICE, second)]


def keys(dossier: Dossier) -> dict[str, str]:
    return {item.kind: item.key for item in dossier.differences}


How = Literal["pick", "merge", "practice_differs"]


def resolved(
    kind: str, text: str, how: How = "pick", language: str = "fr", given: list[Contribution] | None = None
) -> Resolution:
    dossier = merge("BFA", given or exercise())
    difference = next(item for item in dossier.differences if item.kind == kind)
    sides = sides_of(dossier, country("BFA"), difference, "fr")
    return Resolution(difference.key, how, text, "Parce que.", language, DECIDED_ON, sides)


def guided(*resolutions: Resolution, given: list[Contribution] | None = None, language: str = "fr") -> Guide:
    dossier = merge("BFA", given or exercise(), Additions(resolutions=resolutions))
    return compile_guide(dossier, country("BFA"), language, NOW)


def added(*outcomes: Outcome, findings: tuple[Finding, ...] = ()) -> Guide:
    dossier = merge("BFA", small_exercise(), Additions(outcomes=outcomes, findings=findings))
    return compile_guide(dossier, country("BFA"), "fr", NOW)


# ---- differences ---------------------------------------------------------------------------------------------------
def test_the_key_of_a_difference_stays_when_others_answer_and_tells_differences_apart() -> None:
    before = keys(merge("BFA", exercise()))
    third = contribution(COORDINATION, {"c1_status": "none", "source/1/s3_name": "registre"}, role="coordinator")
    after = keys(merge("BFA", [*exercise(), third]))
    assert before == after
    assert len(set(before.values())) == len(before) == 6
    assert all(key.isascii() and len(key.encode()) <= 40 for key in before.values())
    assert before["two_leads"] == "two_leads-monitoring"


@pytest.mark.parametrize(
    ("kind", "text", "number"),
    [
        ("policy_status", "Une stratégie est adoptée et sa révision est en cours.", "II.1"),
        ("policy_year", "2017", "II.1"),
        ("profile_status", "Un profil existe.", "III.1"),
        ("profile_title", "Profil migratoire du pays", "III.1"),
        ("two_leads", "INS, avec la DPF", "II.2"),
        ("same_source", "Registre tenu en commun", "I.2"),
    ],
)
def test_a_decided_text_stands_in_its_place_and_all_texts_in_the_annex(kind: str, text: str, number: str) -> None:
    guide = guided(resolved(kind, text))
    there = said(guide, number)
    assert any(text in one for one in there)
    assert "(Point tranché par le coordinateur, 10 mars 2026)" in there
    (annex,) = (section for section in sections(guide) if section.anchor == "decisions")
    difference = next(item for item in merge("BFA", exercise()).differences if item.kind == kind)
    for side in sides_of(merge("BFA", exercise()), country("BFA"), difference, "fr"):
        assert side.text in str(annex)
    assert "Parce que." in str(annex)


@pytest.mark.parametrize(
    "kind", ["policy_status", "policy_year", "profile_status", "profile_title", "two_leads", "same_source"]
)
def test_a_decided_difference_leaves_the_experts_list_and_only_that_one(kind: str) -> None:
    before, after = (len(rows(guide, "A.2")) for guide in (guided(), guided(resolved(kind, "Décidé"))))
    assert after == before - 1


def test_what_was_not_picked_is_no_longer_said_as_a_fact() -> None:
    there = said(guided(resolved("policy_status", "Adoptée.")), "II.1")
    assert "Une politique ou stratégie migratoire nationale est adoptée." not in there
    assert "Une politique ou stratégie migratoire nationale est en cours d’élaboration." not in there


def test_links_and_files_stay_when_titles_or_years_are_decided() -> None:
    there = said(guided(resolved("policy_year", "2017")), "II.1")
    assert "Stratégie nationale (2017)" in there
    assert "https://un.example/s" in there and "https://deux.example/s" in there


def test_a_picked_text_rests_on_whose_text_it_is_a_merged_one_on_all() -> None:
    def sources(text: str) -> tuple[int, ...]:
        guide = guided(resolved("profile_title", text))
        return next(one.sources for one in statements(guide) if one.text == text and one.sources)

    assert sources("Profil") == (1,)
    assert sources("Profil et autre titre") == (1, 2)


def test_where_the_practice_differs_both_stay_with_the_reason() -> None:
    guide = guided(resolved("two_leads", "", "practice_differs"), resolved("policy_status", "", "practice_differs"))
    table = {row[0]: row[1] for row in rows(guide, "II.2")}
    assert table["Suivi"] == (
        "INS[1]; DPF[2]; Les pratiques diffèrent, selon le coordinateur (10 mars 2026)\u00a0:; Parce que."
    )
    there = said(guide, "II.1")
    assert "Une politique ou stratégie migratoire nationale est adoptée." in there
    assert "Une politique ou stratégie migratoire nationale est en cours d’élaboration." in there
    assert "Parce que." in there
    assert not [row for row in rows(guide, "A.2") if row[0].startswith("Étape")]


def test_a_text_given_since_opens_the_difference_again_and_says_so() -> None:
    decision = resolved("policy_status", "Adoptée.")
    agreeing = contribution(COORDINATION, {"c1_status": "adopted"}, role="coordinator")
    other = contribution(COORDINATION, {"c1_status": "none"}, role="coordinator")
    settled = merge("BFA", [*exercise(), agreeing], Additions(resolutions=(decision,)))
    assert [found.difference.kind for found in settled.decided] == ["policy_status"]
    opened = merge("BFA", [*exercise(), other], Additions(resolutions=(decision,)))
    assert opened.decided == ()
    guide = compile_guide(opened, country("BFA"), "fr", NOW)
    (row,) = (row for row in rows(guide, "A.2") if row[0].startswith("Existence d’une politique"))
    assert "De nouveaux textes sont parvenus depuis la décision du 10 mars 2026." in row[0]


def test_the_latest_decision_holds() -> None:
    first = resolved("policy_status", "Premier.")
    second = replace(first, text="Second.", decided_on=DECIDED_ON.replace(day=11))
    assert "Second." in said(guided(second, first), "II.1")
    assert "Premier." not in str(guided(second, first))


def test_a_decision_about_no_difference_changes_nothing() -> None:
    stray = replace(resolved("policy_status", "Adoptée."), difference_key="policy_status-gone")
    assert guided(stray) == guided()


def test_a_decision_in_another_language_is_marked_as_such() -> None:
    guide = guided(resolved("policy_status", "It is adopted.", language="en"))
    assert {one.language for one in statements(guide) if one.text == "It is adopted."} == {"en"}


def test_sides_say_the_same_claim_in_every_language() -> None:
    dossier = merge("BFA", exercise())
    for difference in dossier.differences:
        french, english = (sides_of(dossier, country("BFA"), difference, language) for language in ("fr", "en"))
        assert [side.claim for side in french] == [side.claim for side in english]
        assert [side.claim for side in french] == [claim(dossier, difference.kind, one) for one in difference.sides]


# ---- desk research --------------------------------------------------------------------------------------------------
FOUND = Finding(
    7, "Le registre couvre 38 postes.", "Rapport annuel 2024", "https://r.example", DAY, "s7_content", "I.2", "INS",
    "high", "confirmed", "fr",
)  # fmt: skip


def test_a_confirmed_finding_stands_in_its_section_as_a_source_of_its_own() -> None:
    guide = added(findings=(FOUND,))
    assert said(guide, "I.2")[-3:] == [
        "Recherche documentaire, confirmée par les entités concernées\u00a0:",
        "Le registre couvre 38 postes.",
        "(Recherche documentaire, confirmée par INS)",
    ]
    source = guide.sources[-1]
    assert (source.number, source.entity, source.speaker, source.kind) == (
        5, "Rapport annuel 2024", "https://r.example", "desk research",
    )  # fmt: skip
    (one,) = (item for item in statements(guide) if item.text == FOUND.text)
    assert one.sources == (5,)


def test_a_proposal_is_shown_to_the_experts_only_and_never_as_a_statement() -> None:
    guide = added(findings=(replace(FOUND, status="proposed"),))
    assert FOUND.text not in said(guide, "I.2")
    assert rows(guide, "A.3") == [
        ["I.2, S7", "Le registre couvre 38 postes.[5]; Fiabilité\u00a0: élevée", "Proposition, à confirmer par INS"]
    ]


@pytest.mark.parametrize("status", ["corrected", "rejected"])
def test_what_was_corrected_or_rejected_does_not_enter(status: Literal["corrected", "rejected"]) -> None:
    assert added(findings=(replace(FOUND, status=status),)) == added()


def test_no_national_answer_is_lost_to_desk_research() -> None:
    after = set(statements(added(findings=(FOUND, replace(FOUND, number=8, status="proposed")))))
    assert set(statements(added())) <= after


@pytest.mark.parametrize(
    ("field", "section", "number"),
    [
        ("s7_content", "", "I"),
        ("m9_update_text", "", "III.4"),
        ("c1_title", "II.1.9", "II.1"),
        ("unknown", "", "IV"),
        ("f1_title", "", "IV"),
    ],
)
def test_a_finding_follows_its_section_or_its_question(field: str, section: str, number: str) -> None:
    guide = added(findings=(replace(FOUND, field=field, section=section),))
    assert FOUND.text in said(guide, number)


# ---- workshops ------------------------------------------------------------------------------------------------------
def outcome(kind: Literal["need", "challenge", "recommendation", "training"], text: str, **more: object) -> Outcome:
    return Outcome(kind=kind, text=text, language="fr", workshop_date=DAY, **more)  # type: ignore[arg-type]


def test_what_a_workshop_found_enters_the_sections_with_the_workshop_as_source() -> None:
    guide = added(
        outcome("need", "Retours volontaires", domain="development"),
        outcome("challenge", "Chiffres contradictoires", category="understanding", priority="high"),
        outcome("recommendation", "Créer un comité", category="cooperation", priority="high", objectives=(1, 3)),
        outcome("training", "Saisie aux postes", category="border_systems"),
    )
    assert [
        "Migration et développement[5]",
        "Retours volontaires[5]",
        "Atelier national du 20 février 2026[5]",
    ] in rows(guide, "I.4")
    matrix = rows(guide, "III.4")
    assert matrix[0] == ["1. Difficiles à comprendre[3, 5]"]
    assert ["Atelier national du 20 février 2026[5]", "Chiffres contradictoires[5]"] in [row[:2] for row in matrix]
    advice = next(row for row in rows(guide, "IV.1") if "Créer un comité[5]" in row)
    assert "1. Données, 3. Fourniture d’informations" in advice[-1] and "Haute" in advice[3]
    assert ["Atelier national du 20 février 2026[5]", "Systèmes aux frontières[5]", "Saisie aux postes[5]"] in [
        row[:3] for row in rows(guide, "IV.2")
    ]
    source = guide.sources[-1]
    assert (source.number, source.kind, source.entity) == (5, "workshop", "Participants à l’atelier national")


def test_each_workshop_is_one_source() -> None:
    second = replace(outcome("need", "Autre besoin"), workshop_date=date(2026, 3, 1))
    guide = added(second, outcome("need", "Besoin"), outcome("need", "Troisième besoin"))
    assert [(one.number, one.given_on.date()) for one in guide.sources if one.kind == "workshop"] == [
        (5, DAY), (6, date(2026, 3, 1)),
    ]  # fmt: skip


def test_a_category_of_its_own_is_kept_as_it_was_said() -> None:
    guide = added(
        outcome("recommendation", "Financer", category="Finances"),
        outcome("challenge", "Trop cher", category="Coût"),
        outcome("training", "Lire un budget", category="Budget"),
    )
    whole = str(guide)
    assert all(text in whole for text in ("Finances", "Financer", "Coût", "Trop cher", "Budget", "Lire un budget"))


def test_a_workshop_alone_makes_a_guide() -> None:
    dossier = merge("BFA", [], Additions(outcomes=(outcome("need", "Besoin"),)))
    guide = compile_guide(dossier, country("BFA"), "fr", NOW)
    assert "Besoin" in said(guide, "I.4") and [one.number for one in guide.sources] == [1]


def test_the_words_of_additions_are_kept_whole_whatever_they_are() -> None:
    nasty = "#[{{x}} <b> \u202e عربي \x00 " + "mot " * 2500
    guide = added(
        *(outcome(kind, nasty) for kind in ("need", "challenge", "recommendation", "training")),
        findings=(replace(FOUND, text=nasty, citation=nasty, entity=nasty),),
    )
    assert sum(1 for one in statements(guide) if one.text.strip() == nasty.strip()) >= 5


def test_without_additions_nothing_changes() -> None:
    plain = compile_guide(merge("BFA", small_exercise()), country("BFA"), "fr", NOW)
    assert added() == plain
    assert merge("BFA", [contribution(Entity("X"), {})], Additions()).others == ()
