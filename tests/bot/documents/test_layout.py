from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise

import pytest

from bot.documents.cleaning import clean, is_right_to_left
from bot.documents.layout import lay_out
from bot.documents.pages import Entries, Grid, Heading, Picture, Text, runs
from bot.documents.widths import shares
from bot.documents.wording import Wording
from flows.country.guide import Bullets, Cell, Guide, Paragraph, Row, Section, Statement, Table
from tests.bot.documents import sample


def test_cleaning_takes_out_only_what_cannot_be_seen() -> None:
    assert clean("a\x00b\r\nc\td\u202ee\ud800f\u2028g") == "ab\nc de" + "f\ng"
    assert clean("Côte d’Ivoire – « été » عربي 😀") == "Côte d’Ivoire – « été » عربي 😀"


def test_direction_follows_the_first_letter_then_the_language() -> None:
    assert is_right_to_left("(2024) يسجل", "")
    assert not is_right_to_left("2024 postes", "ar")
    assert is_right_to_left("2024", "ar")


@pytest.mark.parametrize(
    ("language", "day", "written"),
    [
        ("fr", 1, "1er\u00a0mars 2026"),
        ("fr", 12, "12\u00a0mars 2026"),
        ("en", 1, "1\u00a0March 2026"),
        ("ar", 2, "2\u00a0March 2026"),
    ],
)
def test_dates_are_written_as_people_write_them(language: str, day: int, written: str) -> None:
    assert Wording(language, {}).date(datetime(2026, 3, day, tzinfo=UTC)) == written


def test_a_language_nobody_knows_is_shown_by_its_code() -> None:
    assert Wording("fr", {}).language_name("en-GB") == "anglais"
    assert Wording("fr", {}).language_name("!!") == "!!"


def test_the_guides_own_labels_come_first() -> None:
    assert Wording("fr", {"sources": "Références"}).label("sources") == "Références"


def test_widths_are_shares_and_no_column_vanishes() -> None:
    assert shares(3, (1, 1, 2), (), ()) == (0.25, 0.25, 0.5)
    found = shares(4, (0.5,), (6, 6, 6, 6), [(1, 2000, 3, 4)])
    assert sum(found) == pytest.approx(1)
    assert min(found) > 0.05
    assert max(found) == found[1]


def test_a_wide_table_takes_its_heading_and_introduction_along() -> None:
    wide = next(leaf for leaf in lay_out(sample.sample("fr")).leaves if leaf.landscape)
    assert [type(item) for item in wide.items] == [Heading, Text, Grid, Text]


def test_a_text_before_a_list_a_table_or_a_quotation_stays_with_it() -> None:
    for leaf in lay_out(sample.sample("fr")).leaves:
        for item, follows in pairwise(leaf.items):
            if isinstance(item, Text):
                quoted = isinstance(follows, Text) and follows.style == "quote"
                assert item.leads == (quoted or isinstance(follows, (Entries, Grid, Picture)))


def test_a_quotation_under_a_heading_stays_with_what_is_said_of_it() -> None:
    blocks = tuple(Paragraph((Statement("Texte"),), style) for style in ("quote", "body", "quote", "body"))
    made = replace(sample.sample("fr"), sections=(Section("one", "", "Objectif", blocks),))
    shown = [item for leaf in lay_out(made).leaves for item in leaf.items]
    at = next(place for place, item in enumerate(shown) if isinstance(item, Heading) and item.title == "Objectif")
    assert [item.leads for item in shown[at + 1 : at + 5] if isinstance(item, Text)] == [True, True, False, False]


def test_an_empty_guide_says_that_it_is_empty() -> None:
    laid = lay_out(sample.empty())
    assert laid.headings() == ()
    (item,) = laid.leaves[0].items
    assert isinstance(item, Text)
    assert item.said[0].lines == ("Aucune réponse n’a encore été reçue.",)


def test_anchors_are_distinct() -> None:
    laid = lay_out(sample.hostile())
    grids = [item.anchor for leaf in laid.leaves for item in leaf.items if isinstance(item, Grid)]
    anchors = [heading.anchor for heading in laid.headings()] + grids
    assert len(anchors) == len(set(anchors))


def test_a_number_is_not_a_quotation() -> None:
    paragraph = Paragraph((Statement("12", (1,), language="en"), Statement("twelve", (1,), language="en")))
    (text,) = lay_out(replace(sample.empty(), summary=(paragraph,))).leaves[0].items[1:]
    assert isinstance(text, Text)
    assert [one.remark for one in text.said] == ["", "(anglais)"]


def tabled(*rows: Row) -> Guide:
    section = Section("s", "I", "Un", (Table("t", "Deux", ("A", "B"), rows),))
    return replace(sample.empty(), sections=(section,), sources=sample.sample("fr").sources)


def grid(guide: Guide) -> Grid:
    return next(item for leaf in lay_out(guide).leaves for item in leaf.items if isinstance(item, Grid))


def test_statements_of_one_source_name_it_once_at_the_end() -> None:
    same = Cell((Statement("un", (1,)), Statement("deux", (1,))))
    mixed = Cell((Statement("un", (1,)), Statement("deux", (2,))))
    (_, entries) = lay_out(replace(sample.empty(), summary=(Bullets((same, mixed)),))).leaves[0].items
    assert isinstance(entries, Entries)
    assert [[one.sources for one in many] for many in entries.items] == [[(), (1,)], [(1,), (2,)]]


def test_rows_of_one_source_each_name_it_in_a_column_of_its_own() -> None:
    one = Row((Cell((Statement("un", (1,)), Statement("une", (1,)))), Cell((Statement("deux", (1,)),))))
    found = grid(tabled(one, Row((Cell((Statement("trois", (12,)),)), Cell(gap="–")))))
    assert found.columns == ("A", "B", "Réf.")
    assert sum(found.widths) == pytest.approx(1)
    assert [line.cells[-1][0].sources for line in found.lines] == [(1,), (12,)]
    assert all(not said.sources for line in found.lines for many in line.cells[:-1] for said in many)


def test_a_row_of_several_sources_names_them_where_they_belong() -> None:
    found = grid(tabled(Row((Cell((Statement("un", (1,)),)), Cell((Statement("deux", (2,)),))))))
    assert found.columns == ("A", "B")
    assert [many[0].sources for many in found.lines[0].cells] == [(1,), (2,)]


def test_a_low_table_is_kept_whole() -> None:
    row = Row((Cell((Statement("un"),)), Cell((Statement("deux"),))))
    assert grid(tabled(*[row] * 5)).whole
    assert not grid(tabled(*[row] * 50)).whole


def test_three_sources_in_a_row_are_cited_by_the_first_and_the_last() -> None:
    assert runs((1, 2, 4, 5, 6, 9)) == ((1,), (2,), (4, 6), (9,))
    assert runs(()) == ()
    assert runs((3, 2, 1)) == ((3,), (2,), (1,))
