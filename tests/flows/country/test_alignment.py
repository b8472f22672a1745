"""What guides contribute to the objectives, and the report across countries."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from flows import activities, knowledge
from flows.country.alignment import Contributed, Published, contributed, numbers_of, published, report
from flows.country.contribution import Contribution, Entity, Said
from flows.country.dossier import Dossier
from flows.country.draft import compile_guide
from flows.country.guide import Guide, Table
from flows.country.guide_json import dump, load
from flows.country.merging import merge
from flows.country.outlines import Outline
from flows.country.passages import plain_text
from flows.country.steps.activities import ActivityWithdrawn, catalogue
from flows.country.steps.base import When
from flows.country.steps.course import Course
from tests.flows.country.test_sharing import Given

CHOSEN = "Équiper les postes secondaires d’un outil de saisie."
PLAIN = "Former les analystes aux statistiques migratoires."
SHARED, KEPT = "Un bulletin commun sur la diaspora", "Une pratique gardée"
GUIDES = (
    Published(
        "GHA",
        4,
        date(2026, 11, 20),
        (
            Contributed("recommendation", "GHA", "GSS", "Adopt one template.", "en", (1,), True),
            Contributed("practice", "GHA", "MINT", "A working group", "en", (4,), False, url="https://example.org/a"),
        ),
    ),
    Published("BFA", 2, date(2027, 1, 10), (Contributed("recommendation", "BFA", "INSD", CHOSEN, "fr", (11,), True),)),
)


def dossier(status: Any = "accepted") -> Dossier:
    answers: list[Any] = [Given("/data/p2_consent", "yes")]
    for row, text, chosen in ((1, CHOSEN, "gcm_11 gcm_1"), (2, PLAIN, "")):
        at = f"/data/recommendation[{row}]"
        answers += [Given(f"{at}/r1_category", "training"), Given(f"{at}/r2_text", text)]
        answers += [Given(f"{at}/r4_objectives", chosen)] if chosen else []
    for row, title, share in ((1, SHARED, "yes"), (2, KEPT, "no")):
        at = f"/data/practice[{row}]"
        answers += [Given(f"{at}/m7_title", title), Given(f"{at}/m7_share", share)]
    return merge("BFA", [Contribution("BFA", Entity("INSD"), "official", "1", "fr", status, tuple(answers))])


def test_what_an_official_chose_stays_and_only_the_rest_is_suggested() -> None:
    found = {one.text: one for one in contributed(dossier())}
    assert (found[CHOSEN].objectives, found[CHOSEN].chosen) == ((11, 1), True)
    assert (found[PLAIN].objectives[0], found[PLAIN].chosen) == (1, False)
    assert (found[SHARED].objectives[0], found[SHARED].chosen) == (19, False)


def test_only_what_the_published_guide_prints_and_is_still_agreed_to_goes_across_countries() -> None:
    everything = frozenset({CHOSEN, PLAIN, SHARED, KEPT})
    assert {one.text for one in published(dossier(), everything)} == {CHOSEN, PLAIN, SHARED}
    assert {one.text for one in published(dossier(), frozenset({PLAIN, KEPT}))} == {PLAIN}
    assert published(dossier("draft"), everything) == ()


@pytest.mark.parametrize(("value", "expected"), [("gcm_7 gcm_8", (7, 8)), ("gcm_24 other gcm_x", ()), ("", ())])
def test_objectives_are_read_from_choices(value: str, expected: tuple[int, ...]) -> None:
    assert numbers_of(Said(value, 1, "/data/r4_objectives", datetime(2026, 1, 1, tzinfo=UTC), "fr")) == expected
    assert numbers_of(None) == ()


def rows(guide: Guide) -> dict[str, tuple[str, str]]:
    """Of the alignment in a guide: what stands beside each objective."""
    (part,) = [part for section in guide.sections for part in section.sections if part.anchor == "alignment"]
    (table,) = [block for block in part.blocks if isinstance(block, Table)]
    told = [tuple(" / ".join(said.text for said in cell.statements) for cell in row.cells) for row in table.rows]
    return {objective: (numbers, practices) for objective, numbers, practices in told}


@pytest.mark.parametrize(("outline", "number"), [("2013", "IV.3"), ("published", "4.3")])
def test_each_guide_shows_its_own_alignment_and_marks_what_is_suggested(outline: Outline, number: str) -> None:
    made = compile_guide(dossier(), knowledge.country("BFA"), "fr", datetime(2026, 11, 25, tzinfo=UTC), outline=outline)
    found = rows(made)
    assert found["Objectif 11 – Gérer les frontières"] == ("1", "–")
    assert found["Objectif 1 – Données"][0] == "1, 2*"
    assert found["Objectif 19 – Contributions des migrants et diaspora"] == ("–", f"{SHARED} *")
    assert "l’entité n’a pas choisi d’objectif" in plain_text(made)
    assert number in {
        part.number for section in made.sections for part in section.sections if part.anchor == "alignment"
    }


def test_a_guide_without_recommendations_and_practices_has_no_alignment() -> None:
    made = compile_guide(dossier("draft"), knowledge.country("BFA"), "en", datetime(2026, 11, 25, tzinfo=UTC))
    assert not [part for section in made.sections for part in section.sections if part.anchor == "alignment"]


def of(language: str, *guides: Published) -> Guide:
    return report(catalogue(Course("")), guides, language)


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_report_says_all_of_the_catalogue_and_all_that_guides_contribute(language: str) -> None:
    said = plain_text(of(language, *GUIDES))
    for one in activities.packaged().activities:
        assert one.title(language) in said
        assert one.link(language) in said
    for account in activities.accounts().values():
        assert account.texts[language] in said
    for number in range(1, 24):
        assert knowledge.objective(number).short(language) in said
    for guide in GUIDES:
        assert knowledge.country(guide.country).name(language) in said
        assert all(one.text in said for one in guide.contributed)
    assert {plan.name(language) for plan in knowledge.plans()} <= set(said.split("\n"))


def test_the_report_marks_what_we_translated_what_is_suggested_and_whose_language_it_is() -> None:
    english = plain_text(of("en", *GUIDES))
    assert english.count("Our translation; the original is in French.") == 14
    assert "(objective suggested from the text)" in english
    french = of("fr", *GUIDES)
    assert "Notre traduction" not in plain_text(french)
    assert '"language": "en"' in str(dump(french)).replace("'", '"')


def test_the_same_content_gives_the_same_report_in_whatever_order_it_came_and_bears_its_newest_day() -> None:
    made = of("fr", *GUIDES)
    assert made == of("fr", *reversed(GUIDES))
    assert made.compiled_at == datetime(2027, 1, 10, tzinfo=UTC)
    assert "10 janvier 2027" in made.status
    assert load(dump(made)) == replace(made, labels=dict(made.labels))


def test_without_any_guide_the_report_says_so() -> None:
    said = plain_text(of("fr"))
    assert "Aucun guide national n’est encore publié" in said
    assert "14 des 23 objectifs sont traités." in said


def test_what_was_withdrawn_is_not_in_the_report() -> None:
    course = Course("")
    ActivityWithdrawn("root-causes").apply(course, When(1, datetime(2027, 1, 1, tzinfo=UTC), None, "secretariat"))
    held = catalogue(course)
    assert held.version == "1.1"
    titles = [one.title("en") for one in held.activities]
    assert "Social immobility versus social mobility: the root causes of international emigration" not in titles
    assert "version 1.1" in report(held, (), "en", date(2027, 1, 1)).status


def test_no_link_of_the_report_is_on_somebodys_computer() -> None:
    for language in ("fr", "en"):
        assert not re.search(r"file:|[A-Z]:[/\\]", plain_text(of(language, *GUIDES)))
