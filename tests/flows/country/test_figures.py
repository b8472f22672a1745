"""Figures as values: what they count is what the tables say, and their words say all that they show."""

from __future__ import annotations

from dataclasses import replace

import pytest

from flows.country.changes import changes
from flows.country.contribution import Contribution, Entity, Status
from flows.country.dossier import Dossier
from flows.country.draft import compile_guide
from flows.country.draft.figures import LONGEST_NAMES, MOST_ROWS
from flows.country.guide import Figure, Guide, Table
from flows.country.merging import merge
from flows.country.outlines import OUTLINES
from flows.country.participation import Participation, participation
from flows.country.passages import plain_text
from flows.country.steps.additions import invited
from flows.country.steps.participants import EntitiesMerged, EntityNamed, InvitationRevoked, PersonInvited
from flows.country.walking import sections, statements, without_figures
from flows.knowledge import country
from tests.flows.country.golden_guides import DOSSIERS, LANGUAGES, NOW, compiled
from tests.flows.country.saying import COORDINATION, contribution, small_exercise
from tests.flows.country.steps.test_participants import LATER, at_work


def drawn(guide: Guide) -> dict[str, Figure]:
    return {
        block.anchor.removeprefix("figure-"): block
        for section in sections(guide)
        for block in section.blocks
        if isinstance(block, Figure)
    }


def drafted(*said: Contribution, language: str = "fr") -> Guide:
    return of(merge("BFA", said), language)


def of(dossier: Dossier, language: str = "fr") -> Guide:
    return compile_guide(dossier, country("BFA"), language, NOW)


def table(guide: Guide, anchor: str) -> Table:
    return next(
        block
        for section in sections(guide)
        for block in section.blocks
        if isinstance(block, Table) and block.anchor == f"table-{anchor}"
    )


@pytest.mark.parametrize("outline", OUTLINES)
def test_each_figure_stands_in_its_section_in_both_outlines(outline: str) -> None:
    guide = compiled("full", "fr", outline)  # type: ignore[arg-type]
    there = {
        block.anchor: section.anchor
        for section in sections(guide)
        for block in section.blocks
        if isinstance(block, Figure)
    }
    assert there == {
        "figure-participation": "summary",
        "figure-coverage": "overview",
        "figure-sources": "overview",
        "figure-cycle": "stages",
        "figure-recommendations": "recommendations",
    }


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", DOSSIERS)
def test_its_words_say_all_that_a_figure_shows(name: str, language: str) -> None:
    for figure in drawn(compiled(name, language, "2013")).values():
        said = figure.alt.casefold()
        for mark in figure.marks:
            if not mark.heads:
                assert mark.label.casefold() in said
            for name_ in (name for names in mark.names for name in names):
                assert name_.casefold() in said
            assert mark.gap.casefold() in said
            assert all(str(count) in said for counts in mark.values for count in counts if count)


def test_a_figure_names_nobody_that_the_guide_does_not_name_anyway() -> None:
    guide = compiled("full", "fr", "2013")
    said = plain_text(without_figures(guide))
    names = {name for figure in drawn(guide).values() for mark in figure.marks for many in mark.names for name in many}
    assert {"INS", "DPF", "Police", "Douanes"} <= names
    assert all(name in said for name in names)


def test_nothing_confidential_is_in_a_figure() -> None:
    guide = drafted(*small_exercise())
    told = plain_text(replace(guide, sections=(), summary=tuple(drawn(guide).values())))
    assert "INS" in told and "RÉSERVÉ" not in told and "Secret" not in told


@pytest.mark.parametrize("make", [lambda: Dossier("BFA"), DOSSIERS["sparse"]])
def test_a_figure_with_nothing_to_show_is_not_there(make: object) -> None:
    assert drawn(of(make())) == {}  # type: ignore[operator]


def test_one_stage_is_enough_for_the_ring_and_the_others_say_that_they_have_no_lead() -> None:
    guide = drafted(contribution(COORDINATION, {"c2_stages": "decision", "c3_decision_role": "contributes"}))
    (figure,) = drawn(guide).values()
    assert [mark.names for mark in figure.marks] == [((), ("CM",)) if place == 2 else ((), ()) for place in range(6)]
    assert {mark.gap for mark in figure.marks} == {"Chef de file non renseigné"}
    alt = figure.alt.replace("\u00a0", " ")
    assert "Étape 3 (Décision) : Chef de file non renseigné. Y interviennent aussi : CM." in alt


def test_names_are_told_apart_and_a_text_is_left_to_the_table() -> None:
    answers = {
        "c4_needs_known": "lead", "c4_needs_lead": "Conseil de la migration",
        "c4_needs_actors": "Police ;  Douanes\n• police\n\nUniversité, faculté de droit",
        "c4_decision_known": "none", "c4_decision_actors": "Le Parlement. " * LONGEST_NAMES,
    }  # fmt: skip
    (figure,) = drawn(drafted(contribution(COORDINATION, answers, role="coordinator"))).values()
    needs, _, decision = figure.marks[:3]
    assert needs.names == (("CM",), ("Police", "Douanes", "Université, faculté de droit"))
    assert (decision.gap, decision.names) == ("Aucun chef de file désigné", ((), ("voir le tableau qui suit",)))
    assert len(figure.alt) < 1200


def test_the_matrix_counts_what_each_entity_describes_and_each_source_once() -> None:
    guide = compiled("full", "en", "2013")
    figure = drawn(guide)["coverage"]
    rows = {mark.label: mark.values for mark in figure.marks if not mark.heads}
    crisis = figure.columns.index("Crisis situations")
    assert rows["ODR"][crisis] == rows["IOMS"][crisis] == (1, 0, 0)  # the same register
    assert rows["All sources"][crisis] == (1, 1, 0)
    assert rows["DPF"][figure.columns.index("Border management")] == (1, 1, 0)


def test_where_entities_are_too_many_for_a_drawing_it_shows_their_classes() -> None:
    said = [
        contribution(
            Entity(f"Office {place}", "", "agency" if place % 2 else "international"),
            {"source/1/s3_name": f"Fichier {place}", "source/1/s4_status": "existing", "source/1/s5_domains": "trends"},
        )
        for place in range(60)
    ]
    every, few = (drawn(drafted(*said[:count]))["coverage"] for count in (60, MOST_ROWS))
    assert len(few.marks) == MOST_ROWS + 3  # two headings, and the sum
    assert [mark.values[0] for mark in every.marks] == [(30, 0, 0), (30, 0, 0), (60, 0, 0)]
    assert "30 sources existantes (Tendances migratoires)" in every.alt


def test_bars_count_what_the_table_counts() -> None:
    guide = compiled("full", "fr", "2013")
    figure = drawn(guide)["sources"]
    counted = {row.cells[0].statements[0].text: row.cells[1].statements[0].text for row in _rows(guide, "counts")}
    for mark in figure.marks:
        if not mark.heads and mark.label != "Non renseigné":  # that is there for each characteristic
            assert counted[mark.label] == str(mark.values[0][0])


def _rows(guide: Guide, anchor: str) -> list[object]:
    return [row for row in table(guide, anchor).rows if not row.span]


def test_every_recommendation_is_counted_once_under_its_priority() -> None:
    dossier = DOSSIERS["full"]()
    figure = drawn(of(dossier))["recommendations"]
    assert sum(sum(mark.values[0]) for mark in figure.marks) == len(dossier.recommendations)
    assert figure.series == ("Priorité haute", "Priorité moyenne", "Priorité basse", "Priorité non renseignée")
    assert sum(mark.values[0][0] for mark in figure.marks) == 3


def test_each_entity_takes_part_once_however_many_answer_for_it() -> None:
    kinds = {1: "ministry", 2: "international", 3: "", 4: "agency"}
    sent: list[tuple[int | None, Status]] = [
        (1, "accepted"), (1, "draft"), (2, "submitted"), (3, "in_clearance"), (9, "accepted"), (None, "accepted"),
    ]  # fmt: skip
    assert participation(kinds, sent) == Participation((3, 1), (1, 1), (1, 0))
    assert participation({}, []) == Participation((0, 0), (0, 0), (0, 0))


def test_who_takes_part_is_shown_where_it_is_known_and_somebody_was_invited() -> None:
    dossier = DOSSIERS["sparse"]()
    assert "participation" not in drawn(of(replace(dossier, participation=Participation((0, 0), (0, 0), (0, 0)))))
    figure = drawn(of(replace(dossier, participation=Participation((3, 1), (1, 0), (0, 0)))))["participation"]
    assert [mark.values[0] for mark in figure.marks] == [(3, 1), (1, 0), (0, 0)]


def test_a_figure_that_follows_a_change_is_no_change_of_its_own_but_who_takes_part_is() -> None:
    full = DOSSIERS["full"]()
    more = replace(full, participation=Participation((7, 4), (4, 3), (4, 3)))
    (change,) = changes(of(full), of(more))
    assert (change.anchor, change.kind, change.what) == ("summary", "changed", "caption")
    assert "Invitées (11" in change.after
    new = contribution(Entity("Office", "OF", "agency"), {"c2_stages": "decision", "c3_decision_role": "lead"})
    small = small_exercise()
    assert not [one for one in changes(drafted(*small), drafted(*small, new)) if one.what == "caption"]


def test_without_figures_a_guide_says_the_same() -> None:
    guide = compiled("full", "fr", "published")
    bare = without_figures(guide)
    assert drawn(bare) == {} and drawn(guide)
    assert list(statements(bare)) == list(statements(guide))


def test_invited_is_who_was_asked_to_answer_and_not_asked_no_more() -> None:
    made = at_work()  # the coordinator for entity 1, an official for entity 2
    until = LATER
    made.happen(*(EntityNamed(number, kind) for number, kind in ((4, "agency"), (5, "ngo"), (6, "media"))))
    made.happen(PersonInvited(7, "official", 4, until), PersonInvited(8, "official", 5, until))
    made.happen(InvitationRevoked(8), PersonInvited(9, "superior", 6, until), EntitiesMerged(4, 2))
    assert invited(made.course) == {1: "", 4: "agency"}
