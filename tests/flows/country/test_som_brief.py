"""The senior officials' brief: counts of what was accepted, words of what is published, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from flows import knowledge
from flows.country.slides import BODY, Bars, Deck, Grid, Map, Slide, Words, height, tall
from flows.country.som_brief import MOST_TEXTS, STAGES, brief
from flows.country.som_brief_told import deck
from flows.country.steps.exercise import Exercise
from tests.flows.country import briefs
from tests.flows.country.happening import ASKED


def told(made: Deck) -> Iterator[str]:
    """Every word of the slides."""
    yield from (made.title, made.subtitle, made.mark, made.foot, *made.about)
    for slide in made.slides:
        yield from (slide.title, *slide.lead, *slide.points, slide.note)
        match slide.body:
            case Grid() as grid:
                yield from grid.columns
                yield from (cell.text for row in grid.rows for cell in row)
            case Bars() as bars:
                yield from (*bars.categories, *(name for name, _ in bars.series), bars.alt)
            case Map() as shown:
                yield from (*shown.legend, shown.unshaded, shown.alt)


def words(made: Deck) -> str:
    return "\n".join(told(made))


def rows(made: Deck, title: str) -> list[tuple[str, ...]]:
    found = [one.body for one in made.slides if one.title.startswith(title) and isinstance(one.body, Grid)]
    return [tuple(cell.text for cell in row) for grid in found for row in grid.rows]


def test_three_countries_as_the_senior_officials_see_them() -> None:
    made = briefs.three()
    assert [(one.country, one.stage) for one in made.participants] == [
        ("BFA", "published"),
        ("GHA", "questionnaires"),
        ("MLI", "questionnaires"),
    ]
    counts = [(one.entities, one.handed_in, one.accepted) for one in made.participants]
    assert counts == [(4, 4, 4), (5, 2, 1), (2, 1, 1)]
    assert (made.asked, made.silent, made.declined, made.contributing) == (5, 1, 1, 3)
    assert [(one.domain, one.existing, one.potential) for one in made.domains] == [
        ("trends", 1, 0),
        ("border", 2, 2),
        ("crisis", 0, 2),
        ("development", 1, 0),
        ("other", 1, 0),
    ]
    assert [(one.name, one.countries, one.entities) for one in made.challenges][:2] == [
        ("update", 2, 3),
        ("understanding", 2, 2),
    ]
    assert made.categories == {"collection": 1, "border": 4, "cooperation": 1, "other": 1}
    assert made.waiting == 1
    shown = deck(made, "fr")
    assert rows(shown, "Taux de réponse") == [
        ("Burkina Faso", "Guide publié", "4", "4", "4", "100\xa0%"),
        ("Ghana", "Questionnaires", "5", "2", "1", "40\xa0%"),
        ("Mali", "Questionnaires", "2", "1", "1", "50\xa0%"),
    ]
    assert rows(shown, "La suite")[0] == ("Réunion des hauts fonctionnaires (SOM)", "15 juin 2027")
    assert "Un jalon passé" not in words(shown)


@pytest.mark.parametrize("language", ["fr", "en"])
def test_texts_are_those_that_a_published_guide_prints_and_no_others(language: str) -> None:
    shown = words(deck(briefs.three(), language))
    assert "Numériser les fiches dans tous les postes." in shown  # of the published guide
    assert {one.contributed.country for one in briefs.three().told_recommendations} == {"BFA"}
    assert {one.country for one in briefs.three().told_challenges} == {"BFA"}
    unpublished = briefs.of(replace(briefs.published_one(), published=None, printed=frozenset()))
    said = words(deck(unpublished, language))
    assert "Numériser les fiches" not in said
    assert "Données de 2011." not in said
    assert unpublished.recommendations == 5  # counted all the same
    assert "Bulletin commun" in said  # a practice that its entity agreed to share with other countries
    kept = briefs.of(replace(briefs.published_one(), printed=frozenset({"Former les agents à la saisie."})))
    assert [one.contributed.text for one in kept.told_recommendations] == ["Former les agents à la saisie."]


@pytest.mark.parametrize("language", ["fr", "en"])
def test_nothing_confidential_or_kept_to_the_state_appears_and_it_is_counted(language: str) -> None:
    made = briefs.three()
    shown = words(deck(made, language))
    for secret in (briefs.SECRET, "RÉSERVÉ", "Awa", "Issa", "+226", "@"):
        assert secret not in shown
    alone = briefs.of(briefs.closed_one())
    assert (alone.sources, alone.recommendations, alone.challenges, alone.practices) == (0, 0, (), ())
    assert alone.withheld >= 6
    assert str(made.withheld) in shown


def test_countries_that_take_no_part_or_have_not_answered_are_counted_and_not_named() -> None:
    for language in ("fr", "en"):
        shown = words(deck(briefs.three(), language))
        assert knowledge.country("NGA").name(language) not in shown
        assert knowledge.country("TGO").name(language) not in shown
    (drawn,) = [one.body for one in deck(briefs.three(), "en").slides if isinstance(one.body, Map)]
    assert set(drawn.shades) == {"BFA", "GHA", "MLI"}


def test_nobody_is_said_to_be_late() -> None:
    shown = words(deck(briefs.three(), "fr")).lower()
    assert "retard" not in shown


@pytest.mark.parametrize("language", ["fr", "en", "pt"])
def test_an_empty_exercise_says_so(language: str) -> None:
    shown = deck(briefs.nothing(), language)
    assert len(shown.slides) == 4
    assert shown.mark in ("PRÉLIMINAIRE", "PRELIMINARY")
    assert rows(shown, "") == []


def test_asked_and_silent_makes_no_participant() -> None:
    made = briefs.of(briefs.given("GHA", ASKED))
    assert (made.participants, made.asked, made.silent) == ((), 1, 1)


def test_the_order_in_which_countries_come_changes_nothing() -> None:
    every = [briefs.published_one(), briefs.unfinished_one(), briefs.closed_one()]
    assert brief(every, Exercise(), briefs.ON) == brief(reversed(every), Exercise(), briefs.ON)


def test_57_countries_fit_their_slides_and_the_quoted_texts_are_few_and_from_everywhere() -> None:
    made = briefs.everybody()
    assert len(made.participants) == 57
    assert {one.stage for one in made.participants} >= set(STAGES) - {"begun", "endorsement"}
    assert len(made.told_recommendations) <= MOST_TEXTS
    assert len(made.told_recommendations) + made.more_recommendations == made.recommendations
    assert {one.contributed.country for one in made.told_recommendations} == {
        one.country for one in made.participants if one.published
    }
    for language in ("fr", "en"):
        shown = deck(made, language)
        assert len(rows(shown, "Taux de réponse" if language == "fr" else "Response rates")) == 57
        for slide in shown.slides:
            assert _fits(slide), slide.title


def _fits(slide: Slide) -> bool:
    if not isinstance(slide.body, Grid):
        return True
    grid = slide.body
    rows = [tuple(map(Words, grid.columns)), *grid.rows]
    return tall(slide.lead) + sum(height(row, grid.widths) for row in rows) <= BODY


def test_a_text_longer_than_a_slide_goes_on_on_the_next_and_nothing_of_it_is_lost() -> None:
    long = " ".join(f"mot{number}" for number in range(1500))
    shown = deck(briefs.everybody(words=long), "fr")
    for slide in shown.slides:
        assert _fits(slide), slide.title
    said = " ".join(cell for row in rows(shown, "Recommandations des guides") for cell in row[1:2])
    assert all(f"mot{number}" in said for number in range(1500))


def test_a_word_without_spaces_is_broken_and_kept_whole() -> None:
    long = "x" * 9000
    shown = deck(briefs.everybody(words=long), "en")
    pieces = [row[1] for row in rows(shown, "Recommendations of published") if set(row[1]) == {"x", " "}]
    assert sum(one.count("x") for one in pieces) % 9000 == 0
    assert pieces
