"""Where a country stands: entities, sections, what is awaited; and how it reads on a phone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import pytest

from flows.country.board import STATES, State
from flows.country.phases import PhaseState
from flows.country.standing import CountryStanding, EntityStanding, cells, section_of, standing
from flows.country.standing_told import (
    block,
    board,
    brief,
    by_attention,
    entity_count,
    exercise_board,
    own_part,
    phase_lines,
    section_lines,
    totals,
)
from flows.country.steps.base import Fact
from flows.country.steps.contributions import AnswersReturned
from flows.country.steps.drafts import PassagesObjected, PassagesSent, SentForReview
from flows.country.steps.exercise import DatesSet, Phase, Planned
from flows.country.steps.participants import EntitiesMerged, InvitationRevoked, PartEnded
from tests.flows.country.happening import (
    ASKED,
    BEGAN,
    LATER,
    NO,
    TAKES_PART,
    YES,
    Walk,
    accepted,
    agreed,
    course,
    decided,
    flat,
    invited,
    joined,
    made,
    named,
    proposed,
    published,
    put,
    round_of,
    submitted,
    walks,
)

NOW = BEGAN + timedelta(days=60)
SECTIONS = (("welcome", "Accueil"), ("sources", "Sources"), ("end", "Fin"))
NAMES = tuple(name for name, _ in SECTIONS)


def stands(
    *facts: Fact, here: Sequence[Walk] = (), region: dict[Phase, Planned] | None = None, code: str = "BFA"
) -> CountryStanding:
    return standing(course(*facts, country=code), here, region or {}, NOW, NOW.date())


def only(one: CountryStanding) -> EntityStanding:
    (entity,) = one.entities
    return entity


# ---- entities -----------------------------------------------------------------------------------------------------
HERE = flat(TAKES_PART, named(1), invited(1), joined(1))
RETURNED = AnswersReturned(1, ("/data/sources/source[2]/name",), "Veuillez préciser.")


@pytest.mark.parametrize(
    ("facts", "here", "state"),
    [
        (flat(TAKES_PART, named(1)), [], "named"),
        (flat(TAKES_PART, named(1), invited(1)), [], "invited"),
        (flat(TAKES_PART, named(1), invited(1, days=2)), [], "named"),
        (flat(TAKES_PART, named(1), invited(1), InvitationRevoked(1001)), [], "named"),
        (HERE, [Walk(1, 1, revision=0)], "untouched"),
        (HERE, walks([1]), "begun"),
        (flat(HERE, submitted(1, clearance=True)), walks([1]), "in_clearance"),
        (flat(HERE, submitted(1)), walks([1]), "submitted"),
        (flat(HERE, submitted(1), RETURNED), walks([1]), "returned"),
        (flat(HERE, accepted(1)), walks([1]), "accepted"),
        (flat(HERE, PartEnded(101, "left")), walks([1]), "orphaned"),
        (flat(HERE, accepted(1), PartEnded(101, "left")), walks([1]), "accepted"),
        (HERE, [Walk(1, 1, status="withdrawn")], "named"),
    ],
)
def test_an_entity_is_as_far_as_its_contribution(facts: Sequence[Fact], here: Sequence[Walk], state: str) -> None:
    assert only(stands(*facts, here=here)).state == state


def test_of_two_contributions_the_one_less_advanced_counts() -> None:
    here = [Walk(1, 1, 101), Walk(2, 1, 102)]
    assert only(stands(*flat(HERE, accepted(1)), here=here)).state == "begun"
    assert only(stands(*flat(HERE, accepted(1), submitted(2)), here=here)).state == "submitted"
    assert only(stands(*flat(HERE, accepted(1), accepted(2)), here=here)).state == "accepted"


def test_a_merged_entity_is_one_with_what_was_answered_for_it() -> None:
    facts = flat(TAKES_PART, named(1), named(2), joined(2), EntitiesMerged(1, 2), accepted(2))
    one = only(stands(*facts, here=walks([2])))
    assert (one.entity_id, one.state, len(one.parts)) == (1, "accepted", 1)


def test_answers_for_no_entity_or_one_that_nobody_named_are_not_lost() -> None:
    one = stands(*TAKES_PART, here=[Walk(1, None), Walk(2, 77)])
    assert {entity.entity_id for entity in one.entities} == {None, 77}


# ---- sections -----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("facts", "sections", "expected"),
    [
        (HERE, '{"welcome": [2, 2], "sources": [3, 9], "end": [0, 2]}', ["done", "begun", "untouched"]),
        (HERE, '{"welcome": [2, 2], "sources": [3, 9, 0, 4], "end": [0, 2]}', ["done", "delegated", "untouched"]),
        (HERE, '{"welcome": [0, 2]}', ["untouched", "untouched", "untouched"]),
        (HERE, '{"welcome": [2, 2], "end": [2, 2]}', ["done", "none", "done"]),
        (HERE, "{}", ["untouched", "untouched", "untouched"]),
        (flat(HERE, submitted(1)), '{"welcome": [2, 2], "sources": [9, 9]}', ["submitted", "submitted", "none"]),
        (flat(HERE, submitted(1, True)), '{"welcome": [2, 2], "sources": [9, 9]}', ["clearance", "clearance", "none"]),
        (flat(HERE, accepted(1)), '{"welcome": [2, 2], "sources": [9, 9]}', ["accepted", "accepted", "none"]),
        (flat(HERE, submitted(1), RETURNED), '{"welcome": [2, 2], "sources": [8, 9]}', ["done", "returned", "none"]),
    ],
)
def test_every_section_has_its_state(facts: Sequence[Fact], sections: str, expected: list[State]) -> None:
    one = only(stands(*facts, here=[Walk(1, 1, sections=sections)]))
    assert list(cells(one, NAMES)) == expected


def test_two_contributions_together_are_begun_where_one_is() -> None:
    here = [
        Walk(1, 1, sections='{"welcome": [2, 2], "end": [0, 1]}'),
        Walk(2, 1, sections='{"welcome": [0, 2], "end": [0, 1]}'),
    ]
    assert cells(only(stands(*HERE, here=here)), ("welcome", "end")) == ("begun", "untouched")


@pytest.mark.parametrize(
    ("path", "section"),
    [
        ("/data/sources/source[2]/name", "sources"),
        ("/data/sources", "sources"),
        ("/data/source[2]/name", "source"),
        ("/data/name", "name"),
        ("/data", ""),
        ("", ""),
    ],
)
def test_an_answer_is_in_the_section_of_its_path(path: str, section: str) -> None:
    assert section_of(path) == section


# ---- what is awaited ----------------------------------------------------------------------------------------------
ALL_IN = flat(HERE, accepted(1))


@pytest.mark.parametrize(
    ("facts", "here", "expected"),
    [
        ((), [], []),
        ((ASKED,), [], [("interest", "focal_point", 1)]),
        ((ASKED, LATER), [], [("interest", "focal_point", 1)]),
        ((ASKED, NO), [], []),
        ((ASKED, YES), [], [("coordinator", "focal_point", 1)]),
        (TAKES_PART, [], [("entities", "coordinator", 1)]),
        (HERE, walks([1]), []),
        (flat(HERE, submitted(1)), walks([1]), [("accept", "coordinator", 1)]),
        (flat(HERE, submitted(1, True)), walks([1]), [("clearance", "superior", 1)]),
        (flat(HERE, PartEnded(101, "left")), walks([1]), [("orphaned", "coordinator", 1)]),
        (ALL_IN, walks([1]), [("compile", "secretariat", 1)]),
        (flat(ALL_IN, named(2)), walks([1]), [("compile", "secretariat", 1)]),
        (flat(ALL_IN, named(2), joined(2)), walks([1, 2]), []),
        (flat(ALL_IN, proposed(NOW)), walks([1]), [("compile", "secretariat", 1), ("workshop", "coordinator", 1)]),
        (
            flat(ALL_IN, proposed(NOW - timedelta(days=9)), agreed(10), made(1)),
            walks([1]),
            [("outcomes", "coordinator", 1)],
        ),
        (flat(ALL_IN, made(1), SentForReview(1, (5, 6))), walks([1]), [("review", "expert", 2)]),
        (
            flat(ALL_IN, made(1), PassagesSent(1, (7,)), PassagesObjected(1, "fr", "Non.")),
            walks([1]),
            [("objections", "secretariat", 1)],
        ),
        (flat(ALL_IN, made(1), put(1)), walks([1]), [("endorse", "coordinator", 1)]),
        (flat(ALL_IN, made(1), put(1), decided(1)), walks([1]), [("publish", "secretariat", 1)]),
        (flat(ALL_IN, made(1), put(1), decided(1), published(1, 12)), walks([1]), []),
        (
            flat(ALL_IN, made(1), put(1), decided(1), published(1, 12), round_of(1)),
            walks([1]),
            [("round", "official", 1)],
        ),
    ],
)
def test_what_a_country_waits_for_and_of_whom(
    facts: Sequence[Fact], here: Sequence[Walk], expected: list[tuple[str, str, int]]
) -> None:
    assert [(wait.kind, wait.role, wait.count) for wait in stands(*facts, here=here).waits] == expected


# ---- in words -----------------------------------------------------------------------------------------------------
PLAN: dict[Phase, Planned] = {
    "EOI": Planned(BEGAN.date(), BEGAN.date() + timedelta(20)),
    "QUEST": Planned(BEGAN.date() + timedelta(20), BEGAN.date() + timedelta(48)),
    "WORKSHOP": Planned(BEGAN.date() + timedelta(55), BEGAN.date() + timedelta(90)),
    "DRAFT": Planned(BEGAN.date() + timedelta(90), BEGAN.date() + timedelta(120)),
}
BUSY = flat(
    TAKES_PART, named(1), named(2), named(3), invited(3), joined(1), joined(2), submitted(1), RETURNED, submitted(2)
)


def busy(code: str = "BFA") -> CountryStanding:
    return stands(*BUSY, here=walks([1, 2]), region=PLAN, code=code)


def test_a_country_in_a_few_lines() -> None:
    assert brief(busy(), "fr") == [
        "Burkina Faso – Questionnaires",
        "3 entités – transmises\u00a0: 1, acceptées\u00a0: 0",
        "En retard\u00a0: Questionnaires (12 jours)",
        "Attendu\u00a0: 1 contribution à accepter (coordination)",
    ]
    assert brief(busy(), "en") == [
        "Burkina Faso – Questionnaires",
        "3 entities – submitted: 1, accepted: 0",
        "Late: Questionnaires (12 days)",
        "Awaited: 1 contribution to accept (coordination)",
    ]


@pytest.mark.parametrize(
    ("facts", "first"),
    [
        ((ASKED,), "Ghana – Manifestation d’intérêt"),
        ((DatesSet("EOI", BEGAN.date(), BEGAN.date()),), "Ghana – pas encore invité à participer"),
        ((ASKED, NO), "Ghana – ne participe pas"),
        (flat(TAKES_PART, named(1)), "Ghana – à venir\u00a0: Questionnaires"),
    ],
)
def test_a_country_is_never_without_a_word(facts: Sequence[Fact], first: str) -> None:
    assert brief(stands(*facts, code="GHA"), "fr")[0] == first


def test_a_country_that_was_never_asked_is_not_late() -> None:
    assert brief(stands(DatesSet("EOI", BEGAN.date(), BEGAN.date()), code="GHA"), "en") == [
        "Ghana – not asked to take part yet"
    ]


def test_every_phase_says_where_it_is() -> None:
    assert phase_lines(busy(), NOW.date(), "fr") == [
        "Manifestation d’intérêt\u00a0: fait, 7 janv. 2027",
        "Questionnaires\u00a0: en retard de 12 jours, prévu jusqu’au 21 févr. 2027",
        "Atelier national\u00a0: pas commencé, prévu 28 févr.\u2009–\u20094 avr. 2027",
        "Rédaction du guide\u00a0: à venir, 4 avr.\u2009–\u20094 mai 2027",
        "Endossement\u00a0: à venir",
        "Publication\u00a0: à venir",
        "Poursuite du travail\u00a0: à venir",
    ]
    assert entity_count(busy(), "fr") == "3 entités\u00a0: 1 invitée, 1 à accepter, 1 renvoyée."
    assert entity_count(stands(*TAKES_PART), "fr") == "Aucune entité n’est encore désignée."


def test_an_entity_reads_well_on_a_phone() -> None:
    made_ = board(busy(), {1: "Institut national", 2: "Police"}, {101: "Awa Traoré"}, SECTIONS, NOW.date(), "fr")
    assert block(made_, made_.rows[0]) == (
        "Institut national · 1/3\n"
        "● terminé 1\n"
        "! renvoyé – Sources\n"
        "○ pas commencé – Fin\n"
        "Awa Traoré, dernière réponse : 4 janv. 2027"
    )
    assert block(made_, made_.rows[1]) == "Police · 3/3\n▲ transmis 3\nDernière réponse : 4 janv. 2027"
    assert block(made_, made_.rows[2]) == "Sans entité indiquée · 0/3\n○ pas commencé\nInvitée, pas encore arrivée"


@pytest.mark.parametrize("name", ["<b>&\u202eabc", "a\nb\x00c", "é" * 10_000, "\U0001f600" * 300, "  "])
def test_any_name_fits_and_stays_on_its_line(name: str) -> None:
    made_ = board(busy(), {1: name}, {101: name}, SECTIONS, NOW.date(), "fr")
    lines = block(made_, made_.rows[0]).split("\n")
    assert len(lines) == 5
    assert max(map(len, lines)) < 200


def test_the_exercise_is_a_board_of_countries_and_phases() -> None:
    found = exercise_board([busy(), stands(ASKED, NO, code="GHA")], NOW.date(), "en")
    assert found.columns[0] == "Expression of interest"
    assert found.rows[0].cells == ("done", "returned", *("untouched",) * 5)
    assert (found.rows[0].note, found.rows[1].note) == ("submitted: 1 of 3", "")
    assert found.rows[1].cells == ("done", *("none",) * 6)
    assert found.legend["returned"] == "late"
    assert set(found.legend) < set(STATES)


def test_countries_that_need_to_be_looked_at_come_first() -> None:
    idle = flat(HERE)
    found = by_attention(
        [
            stands(*idle, here=walks([1]), code="TGO"),
            stands(*idle, here=walks([1]), code="BEN"),
            stands(ASKED, NO, code="GAB"),
            stands(*flat(HERE, submitted(1)), here=walks([1]), code="SEN"),
            stands(*flat(HERE), here=walks([1]), region=PLAN, code="MLI"),
            stands(*ALL_IN, here=walks([1]), code="NER"),
        ],
        "fr",
    )
    assert [one.country for one in found] == ["NER", "MLI", "SEN", "BEN", "TGO", "GAB"]
    assert totals(found, "fr") == "6 pays. 1 pays est en retard. Dans 2 pays, une décision est attendue."
    assert totals([], "fr") == ""


# ---- one's own part -----------------------------------------------------------------------------------------------
DUE = PhaseState("QUEST", "in_progress", planned=Planned(BEGAN.date(), NOW.date() + timedelta(9)))


def test_an_official_sees_what_is_left_and_until_when() -> None:
    (part,) = only(stands(*HERE, here=[Walk(1, 1, sections='{"welcome": [2, 2], "sources": [3, 9, 0, 4]}')])).parts
    said, items = own_part(part, SECTIONS, DUE, NOW.date(), "fr")
    assert said == [
        "Elles ne sont pas encore transmises.",
        "Il reste 6 questions.",
        "À transmettre au plus tard le 14 mars 2027, dans 9 jours.",
        "La commande /resume reprend le questionnaire.",
    ]
    assert items == ["Accueil\u00a0: 2 sur 2", "Sources\u00a0: 3 sur 9, dont 4 chez des collègues"]


@pytest.mark.parametrize(
    ("days", "said"),
    [
        (1, "dans 1 jour."),
        (0, "À transmettre aujourd’hui au plus tard."),
        (-3, "Attendu depuis le 2 mars 2027, il y a 3 jours."),
    ],
)
def test_a_deadline_is_near_today_or_past(days: int, said: str) -> None:
    (part,) = only(stands(*HERE, here=walks([1]))).parts
    due = PhaseState("QUEST", "in_progress", planned=Planned(BEGAN.date(), NOW.date() + timedelta(days)))
    assert said in " ".join(own_part(part, SECTIONS, due, NOW.date(), "fr")[0])


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        (submitted(1), ["Elles sont transmises. La coordination nationale les lit."]),
        (submitted(1, True), ["Elles sont chez votre hiérarchie, pour validation."]),
        (accepted(1), ["Elles sont acceptées par la coordination nationale."]),
    ],
)
def test_what_is_handed_in_has_no_deadline(facts: Sequence[Fact], said: list[str]) -> None:
    (part,) = only(stands(*flat(HERE, facts), here=walks([1]))).parts
    assert own_part(part, SECTIONS, DUE, NOW.date(), "fr")[0] == said


def test_a_colleague_sees_the_sections_of_their_part() -> None:
    written = '{"welcome": [2, 2], "sources": [3, 9]}'
    assert section_lines(written, {"sources"}, SECTIONS, "en") == ["Sources: 3 of 9"]
    assert section_lines("", {"sources"}, SECTIONS, "en") == []
