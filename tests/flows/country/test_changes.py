from __future__ import annotations

import time
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings

from bot.documents import render
from flows.country.changes import Change, changes, counted
from flows.country.changes_told import lines, report, summary
from flows.country.comparing import spans
from flows.country.draft import Edition, compile_guide
from flows.country.guide import Guide, Paragraph, Section, Statement
from flows.country.guide_json import content
from flows.country.merging import merge
from flows.country.walking import changed, statements
from flows.knowledge import country
from tests.budget import examples
from tests.flows.country.guides import GUIDES
from tests.flows.country.saying import COORDINATION, Entity, contribution, small_exercise
from tests.flows.country.test_draft import NOW


def drafted(*more: object, language: str = "fr", edition: Edition | None = None) -> Guide:
    return compile_guide(
        merge("BFA", [*small_exercise(accepted=True), *more]),  # type: ignore[list-item]
        country("BFA"),
        language,
        NOW,
        edition=edition,
    )


def edited(guide: Guide, before: str, after: str) -> Guide:
    return changed(guide, lambda one: replace(one, text=after) if one.text == before else one)


def kinds(found: tuple[Change, ...]) -> list[tuple[str, str, str]]:
    return [(change.section.partition(" ")[0], change.kind, change.what) for change in found]


BESIDE = {"summary", "acronyms", "contacts"}  # where every entity that contributes is named
BORDER = "Les postes notent les entrées sur papier."


@settings(max_examples=examples(60), deadline=None)
@given(GUIDES)
@pytest.mark.slow
def test_a_guide_has_not_changed_from_itself(guide: Guide) -> None:
    assert changes(guide, guide) == ()


@settings(max_examples=examples(80), deadline=None)
@given(GUIDES, GUIDES)
@pytest.mark.slow
def test_whatever_changes_content_is_told(old: Guide, new: Guide) -> None:
    found = changes(old, new)
    if not found:
        assert content(replace(old, sources=())) == content(replace(new, sources=())) or _numbers(old) != _numbers(new)
    for language in ("fr", "en"):
        assert len(lines(found, language, most=5)) <= 6
        assert summary(found, language)


def _numbers(guide: Guide) -> list[int]:
    return [source.number for source in guide.sources]


def test_one_new_answer_is_one_change_where_it_stands_and_one_source() -> None:
    new = contribution(Entity("Office des réfugiés", "OR", "agency"), {"need/1/s17_need": "Retours par région."})
    found = [change for change in changes(drafted(), drafted(new)) if change.anchor not in BESIDE]
    assert kinds(tuple(found)) == [("I.4", "added", "row"), ("", "added", "source")]
    assert "Retours par région." in found[0].after


def test_sources_that_only_have_other_numbers_are_no_change() -> None:
    first = contribution(COORDINATION, {}, role="coordinator")
    before = drafted()
    after = drafted(first)
    assert {one.sources for one in statements(before)} != {one.sources for one in statements(after)}
    beside = {*BESIDE, "sources", "experts"}
    assert [change for change in changes(before, after) if change.anchor not in beside] == []


def test_changed_words_are_found_in_the_changed_sentence() -> None:
    after = edited(drafted(), BORDER, "Les postes notent les entrées et les sorties sur papier.")
    (change,) = changes(drafted(), after)
    assert (change.kind, change.section) == ("changed", "I.5 Gestion des frontières")
    assert [span.text.strip() for span in change.new if not span.same] == ["et les sorties"]
    assert [span for span in change.old if not span.same] == []


def test_a_sentence_said_by_others_than_before_is_told() -> None:
    guide = drafted()
    (other,) = changes(guide, replace(guide, sections=_said_by(guide, BORDER, (4,)).sections))
    assert (other.kind, other.before, other.after) == (
        "attributed",
        "Direction de la police des frontières (DPF)",
        "Migration Research Centre (MRC)",
    )


def _said_by(guide: Guide, text: str, sources: tuple[int, ...]) -> Guide:
    return changed(guide, lambda one: replace(one, sources=sources) if one.text == text else one)


def test_what_is_put_elsewhere_word_for_word_has_moved() -> None:
    one, two = (Section(name, name, name, (Paragraph((Statement(f"Texte {name}."),)),)) for name in ("a", "b"))
    base = drafted()
    before = replace(base, sections=(one, two))
    after = replace(base, sections=(replace(one, blocks=()), replace(two, blocks=(*two.blocks, *one.blocks))))
    (change,) = changes(before, after)
    assert (change.kind, change.before, change.after, change.anchor) == ("moved", "a a", "Texte a.", "b")


def test_changes_come_in_the_order_of_the_guide_with_what_is_gone_in_its_place() -> None:
    guide = drafted()
    without = replace(
        guide, sections=tuple(section for section in guide.sections if section.anchor != "cycle"), title="Autre titre"
    )
    places = [change.section.partition(" ")[0] for change in changes(guide, without)]
    assert list(dict.fromkeys(places)) == ["", "II", "II.1", "II.2", "II.3", "II.4"]


def test_from_the_draft_to_the_final_version_little_changes() -> None:
    found = changes(drafted(), drafted(edition=Edition(1, date(2026, 4, 1), final=True)))
    assert {change.anchor for change in found} == {"summary", "crisis", "experts"}


def test_a_different_presentation_is_told_as_such() -> None:
    guide = drafted()
    (change,) = changes(guide, replace(guide, form_version="2"))
    assert change.what == "form"


def test_when_it_was_made_is_no_change() -> None:
    guide = drafted()
    later = replace(guide, compiled_at=NOW + timedelta(days=1), status="Version 2", version=2)
    assert changes(guide, later) == ()
    assert lines((), "fr") == () and summary((), "fr") == "Aucun changement."


def test_lines_for_a_chat_are_few_and_short_and_say_how_many_more() -> None:
    long = "mot " * 2_000
    texts = tuple(Paragraph((Statement(f"{number} {long}"),)) for number in range(30))
    guide = drafted()
    found = changes(guide, replace(guide, summary=(*guide.summary, *texts)))
    told = lines(found, "fr", most=8)
    assert len(told) == 9
    assert told[-1] == "et 22 autres changements"
    assert all(len(line) < 400 for line in told)
    assert told[0].startswith("Synthèse\u00a0: ajouté «\u00a00 mot")
    assert summary(found, "en") == "Changes: 30 additions."
    assert counted(found).added == 30


def test_a_line_shows_what_changed_in_a_long_text() -> None:
    words = [f"mot{number}" for number in range(400)]
    before = " ".join(words)
    words[300] = "NOUVEAU"
    guide = replace(drafted(), summary=(Paragraph((Statement(before),)),))
    after = replace(guide, summary=(Paragraph((Statement(" ".join(words)),)),))
    (line,) = lines(changes(guide, after), "en")
    assert "mot300" in line and "NOUVEAU" in line and len(line) < 450


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_paper_has_both_texts_whole_with_what_changed_in_brackets(language: str) -> None:
    old = drafted(language=language)
    new = replace(edited(old, BORDER, "Les postes notent les sorties sur papier."), title="Titre")
    paper = report(old, new)
    whole = str(paper)
    assert "Les postes notent les [entrées] sur papier." in whole
    assert "Les postes notent les [sorties] sur papier." in whole
    for format in ("docx", "pdf", "html"):
        assert render(paper, format)  # type: ignore[arg-type]


def test_hostile_texts_and_ten_thousand_characters_are_compared_in_no_time() -> None:
    guide = drafted()
    same = "mot " * 2_500
    before = replace(guide, summary=(Paragraph((Statement(f"a {same} b"), Statement("{x} <b> \x00 عربي"))),))
    after = replace(guide, summary=(Paragraph((Statement(f"c {same} d mot"), Statement("{y} <b> \x00 عربي"))),))
    begun = time.perf_counter()
    found = changes(before, after)
    assert time.perf_counter() - begun < 5
    assert render(report(before, after), "html")
    assert len(lines(found, "fr")) == 2


def test_spans_put_together_are_the_texts() -> None:
    before, after = "Un registre, deux  postes.\n", "Deux registres, deux postes !"
    old, new = spans(before, after)
    assert ("".join(span.text for span in old), "".join(span.text for span in new)) == (before, after)
