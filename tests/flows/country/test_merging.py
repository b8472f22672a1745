from __future__ import annotations

from dataclasses import replace

import pytest

from flows.country.contribution import ACCEPTED, Entity, Status
from flows.country.dossier import Dossier
from flows.country.merging import merge
from flows.country.names import folded
from tests.flows.country.saying import POLICE, STATISTICS, contribution, small_exercise


@pytest.fixture(scope="module")
def dossier() -> Dossier:
    return merge("BFA", small_exercise())


def value(said: object) -> str:
    return getattr(said, "value", "")


def test_the_coordinator_speaks_first_and_every_value_knows_who_said_it(dossier: Dossier) -> None:
    assert [voice.role for voice in dossier.voices] == ["coordinator", "official", "official", "official"]
    census = dossier.sources[0]
    assert value(census.name) == "Recensement général"
    assert census.name is not None
    assert dossier.voice(census.name.by).entity == STATISTICS
    assert census.name.question.endswith("source[1]/group/s3_name")
    assert census.name.at.isoformat() == "2026-03-02T09:00:00+00:00"


def test_a_confidential_answer_is_left_out_and_counted_with_its_row_when_it_is_the_key(dossier: Dossier) -> None:
    assert "RÉSERVÉ" not in repr(dossier)
    assert "TICKED" not in repr(dossier)
    # the source's name and content, crisis, action, border (kept to the State), and the need ticked at the end
    assert dossier.withheld == 6
    assert dossier.restricted == 1


def test_what_is_restricted_to_the_state_enters_once_the_coordinator_releases_it() -> None:
    released = merge("BFA", small_exercise(accepted=True))
    assert [value(said) for said in released.border] == ["Les postes notent les entrées sur papier."]
    assert released.crisis == ()  # it is confidential as well
    assert (released.withheld, released.restricted) == (5, 0)


@pytest.mark.parametrize("status", ["submitted", "accepted"])
def test_neither_the_official_nor_the_acceptance_alone_releases_what_is_restricted(status: Status) -> None:
    answers = {"s18_border": "Sur papier.", "s19_crisis": "Par recensement.", "s18_release": "yes", "s19_release": "no"}
    dossier = merge("BFA", [contribution(POLICE, answers, status=status)])
    assert (dossier.border, dossier.crisis, dossier.restricted) == ((), (), 2)
    one = merge("BFA", [contribution(POLICE, answers, status=status, released=frozenset({"s18_border"}))])
    assert ([value(said) for said in one.border], one.crisis, one.restricted) == (["Sur papier."], (), 1)


def test_what_is_to_be_endorsed_rests_on_accepted_contributions_alone() -> None:
    both = [contribution(POLICE, {"s3_name": "A"}), contribution(STATISTICS, {"s3_name": "B"}, status="accepted")]
    assert [voice.entity for voice in merge("BFA", both, statuses=ACCEPTED).voices] == [STATISTICS]
    assert len(merge("BFA", both).voices) == 2


def test_a_confidential_choice_hides_what_was_asked_because_of_it() -> None:
    answers = {"!c2_stages": "needs", "c3_needs_role": "lead", "!m8_challenges": "use", "m9_use_action": "Rien"}
    dossier = merge("BFA", [contribution(POLICE, answers)])
    assert (dossier.involvements, dossier.challenges, dossier.withheld) == ((), (), 4)


def test_contacts_are_kept_only_as_far_as_their_owner_agreed(dossier: Dossier) -> None:
    _, full, position, none = dossier.voices
    assert (full.name, full.email) == ("Awa Exemple", "awa@ins.example")
    assert (position.name, position.function, position.email) == ("", "Commandant", "")
    assert (none.publication, none.function) == ("none", "")
    assert "Issa Secret" not in repr(dossier.voices)


def test_a_confidential_choice_of_publication_publishes_nothing() -> None:
    dossier = merge("BFA", [contribution(POLICE, {"!p7_publish": "full", "p3_name": "Nom"})])
    assert (dossier.voices[0].publication, dossier.voices[0].name) == ("none", "")


def test_challenges_come_in_the_order_the_entities_gave_them(dossier: Dossier) -> None:
    assert [(item.name, item.weight) for item in dossier.challenges] == [
        ("update", 5),
        ("understanding", 3),
        ("other", 3),
        ("use", 2),
        ("dissemination", 1),
    ]


def test_differences_are_listed_with_both_texts(dossier: Dossier) -> None:
    found = {item.kind: [side.value for side in item.sides] for item in dossier.differences}
    assert found == {
        "same_source": ["Recensement général", "recensement GENERAL"],
        "two_leads": ["INS", "lead", "lead"],
        "profile_year": ["2012", "2011"],
    }


def test_gaps_are_typed_and_say_what_is_missing(dossier: Dossier) -> None:
    gaps = [(gap.kind, dict(gap.values), dict(gap.choices)) for gap in dossier.missing]
    assert ("no_source", {"entity_class": "gov"}, {"domain": ("domain", "development")}) in gaps
    assert ("not_answered", {"name": "Banque centrale"}, {}) in gaps
    assert ("no_contact", {"name": "Returnee survey"}, {}) in gaps
    assert ("no_recommendation", {}, {"category": ("category", "crisis")}) in gaps
    kinds = {kind for kind, _, _ in gaps}
    assert "no_border_text" in kinds
    assert not kinds & {"no_statistics", "no_border", "no_coordinator", "few_members", "no_practice", "no_policy"}
    leads = {dict(choices)["stage"][1] for kind, _, choices in gaps if kind == "no_lead"}
    assert leads == {"needs", "formulation", "implementation", "reformulation"}  # decision is known to have none


def test_only_what_was_sent_with_consent_for_this_country_enters() -> None:
    answers = {"source/1/s3_name": "Registre"}
    refused = contribution(POLICE, answers | {"p2_consent": "no"})
    refused = replace(refused, answers=refused.answers[1:])
    dossier = merge(
        "BFA",
        [
            contribution(POLICE, answers, status="draft"),
            contribution(STATISTICS, answers, country="GHA"),
            refused,
        ],
    )
    assert dossier.voices == ()
    assert dossier.sources == ()
    assert [gap.values["name"] for gap in dossier.missing if gap.kind == "not_submitted"] == [POLICE.name]


def test_answers_that_correct_the_invitation_name_the_entity() -> None:
    answers = {"p4_confirm": "no", "p4_type": "agency", "p4_name": "Office des réfugiés"}
    voice = merge("BFA", [contribution(Entity("Ministère", "M", "ministry"), answers)]).voices[0]
    assert (voice.entity.name, voice.entity.acronym, voice.entity.kind) == ("Office des réfugiés", "", "agency")


def test_names_are_compared_without_accents_case_articles_and_punctuation() -> None:
    assert folded("Ministère de l’Intérieur") == folded("MINISTERE DE L'INTERIEUR")
    assert folded("The Ministry of Labour") == folded("Ministry, Labour")
    assert folded("Direction A") != folded("Direction B")
