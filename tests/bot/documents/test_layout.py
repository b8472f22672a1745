from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise

import pytest

from bot.documents.cleaning import clean, is_right_to_left
from bot.documents.layout import lay_out
from bot.documents.pages import Entries, Grid, Heading, Text
from bot.documents.widths import shares
from bot.documents.wording import Wording
from flows.country.guide import Paragraph, Statement
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


def test_a_text_before_a_list_or_a_table_stays_with_it() -> None:
    for leaf in lay_out(sample.sample("fr")).leaves:
        for item, follows in pairwise(leaf.items):
            if isinstance(item, Text):
                assert item.leads == isinstance(follows, (Entries, Grid))


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
