"""Slides as PPTX and as PDF: the same words, titles that are titles, pictures that say what they show."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from pptx import Presentation
from pypdf import PdfReader

from bot.documents.slides import to_pptx
from bot.documents.slides_pdf import to_pdf
from flows.country.slides import Bars, Deck, Grid, Map, Slide, Words
from flows.country.som_brief_told import deck
from tests.flows.country import briefs

ROOT = Path(__file__).parents[3]
SMALLEST = 12  # points


@cache
def shown(kind: str, language: str) -> Deck:
    return deck({"nothing": briefs.nothing, "three": briefs.three, "all": briefs.everybody}[kind](), language)


@cache
def pptx(kind: str, language: str) -> bytes:
    return to_pptx(shown(kind, language))


@cache
def pdf(kind: str, language: str) -> bytes:
    return to_pdf(shown(kind, language))


def bare(text: str) -> str:
    """What a text says, wherever its lines end."""
    return re.sub(r"[\s\u200b]+", "", text)


def presented(content: bytes) -> list[Any]:
    return list(Presentation(BytesIO(content)).slides)


def words(slide: Any) -> Iterator[str]:
    """Every text of a slide: of boxes, tables and charts."""
    for shape in slide.shapes:
        if shape.has_text_frame:
            yield from (paragraph.text for paragraph in shape.text_frame.paragraphs)
        elif getattr(shape, "has_table", False) and shape.has_table:
            yield from (cell.text for row in shape.table.rows for cell in row.cells)
        elif getattr(shape, "has_chart", False) and shape.has_chart:
            plot = shape.chart.plots[0]
            yield from plot.categories
            yield from (str(int(value)) for series in plot.series for value in series.values if value)


@pytest.mark.parametrize(
    ("kind", "language"),
    [("nothing", "fr"), ("three", "en"), pytest.param("all", "fr", marks=pytest.mark.slow)],
)
def test_both_formats_say_the_same_slide_by_slide(kind: str, language: str) -> None:
    made = shown(kind, language)
    slides = presented(pptx(kind, language))
    pages = [bare(page.extract_text()) for page in PdfReader(BytesIO(pdf(kind, language))).pages]
    assert len(slides) == len(pages) == len(made.slides) + 1
    for slide, page in zip(slides, pages, strict=True):
        for one in words(slide):
            assert bare(one) in page
    for slide, expected in zip(slides[1:], made.slides, strict=True):
        said = {bare(one) for one in words(slide)}
        wanted = [expected.title, *expected.lead, *expected.points, expected.note]
        if isinstance(expected.body, Grid):
            wanted += [cell.text for row in expected.body.rows for cell in row]
        assert {bare(one) for one in wanted if one} <= said


def test_every_slide_is_marked_as_preliminary_with_its_day() -> None:
    for slide in presented(pptx("three", "en")):
        said = list(words(slide))
        assert "PRELIMINARY" in said
        assert shown("three", "en").foot in said
    for page in PdfReader(BytesIO(pdf("three", "en"))).pages:
        assert "PRELIMINARY" in page.extract_text()
        assert "5 March 2027" in page.extract_text()


def test_titles_are_titles_pictures_and_charts_say_what_they_show_and_no_letter_is_small() -> None:
    for slide in presented(pptx("three", "en")):
        assert slide.shapes.title is not None
        assert slide.shapes.title.text
        for shape in slide.shapes:
            if shape.shape_type is not None and (shape.has_chart or shape.shape_type == 13):
                assert len(shape._element.xpath(".//p:cNvPr")[0].get("descr")) > 20
            if shape.has_text_frame:
                runs = [run for paragraph in shape.text_frame.paragraphs for run in paragraph.runs]
                assert all(run.font.size is None or run.font.size.pt >= SMALLEST for run in runs)


def test_the_pdf_is_tagged_and_has_a_title_and_an_outline() -> None:
    made = shown("three", "en")
    read = PdfReader(BytesIO(pdf("three", "en")))
    root = read.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "en"
    assert read.metadata is not None
    assert read.metadata.title == f"{made.title} – {made.subtitle}"
    assert len(read.outline) == len(made.slides) + 1


def test_the_same_slides_give_the_same_bytes() -> None:
    made = shown("three", "en")
    assert to_pptx(made) == pptx("three", "en")
    assert to_pdf(made) == pdf("three", "en")


@pytest.mark.slow
def test_the_slides_and_their_template_follow_the_open_xml_schema(tmp_path: Path) -> None:
    from openxml_audit import OpenXmlValidator

    (tmp_path / "brief.pptx").write_bytes(pptx("three", "en"))
    for path in (tmp_path / "brief.pptx", ROOT / "templates" / "brief" / "brief.pptx"):
        assert [str(error) for error in OpenXmlValidator().validate(path).errors] == []


HOSTILE = (
    "<script>alert(1)</script> #set page(fill: red) {{ deck }} =SUM(A1)",
    "\x00\x0b\u202eévénement 👩‍👩‍👧 \ud800",
    "ما هي التحديات؟ 2027",
    "x" * 3000,
    "<p:sp/> ]]> &amp; \u2028 fin",
)


def test_whatever_people_wrote_is_shown_as_text() -> None:
    rows = tuple((Words(one, "ar"), Words(one)) for one in HOSTILE)
    slides = (
        Slide(HOSTILE[0], HOSTILE[:3], (), Grid(("a", "b"), rows, (0.5, 0.5))),
        Slide("Bars", (), (), Bars(HOSTILE[:3], (("a", (1, 0, 3)),), HOSTILE[1])),
        Slide("Map", (), (), Map({"CPV": 5}, ("0", "1", "2", "3", "4", "5"), "other", HOSTILE[4])),
    )
    made = Deck("fr", "T", "S", "M", "F", (), briefs.ON, slides, {"page": "Page", "legend": "L"})
    read = presented(to_pptx(made))
    assert "<script>alert(1)</script> #set page(fill: red) {{ deck }} =SUM(A1)" in list(words(read[1]))
    assert "ما هي التحديات؟ 2027" in list(words(read[1]))
    assert bare("#set page(fill: red)") in bare(PdfReader(BytesIO(to_pdf(made))).pages[1].extract_text())
