"""Figures drawn: sharp, told apart in black and white, whole, and harmless whatever is written in them."""

from __future__ import annotations

import re
import zipfile
from dataclasses import replace
from io import BytesIO
from itertools import pairwise

import pytest
from hypothesis import given, settings
from lxml import etree, html

from bot.documents import Format, render
from bot.documents.figures import cleaned, size, svg
from bot.documents.figures.canvas import breadth, wrapped
from bot.documents.figures.png import PIXELS, WIDE, images
from bot.documents.layout import lay_out
from bot.documents.pages import Picture
from bot.documents.texts import passages_of
from flows.country.guide import Figure, Guide, Mark, Section
from tests.bot.documents import png, sample
from tests.budget import examples
from tests.flows.country.golden_guides import compiled
from tests.flows.country.guides import FIGURES

SVG = "{http://www.w3.org/2000/svg}"
LONG = "Secrétariat permanent du Conseil national de secours d’urgence et de réhabilitation, " * 4
NAMES = (LONG, sample.MARKUP, sample.ARABIC, sample.LONG_NAME, sample.CONTROLS, "🙂 INS 🇧🇫", "", "INS")
SERIES = ("Une", "Deux", "Trois", "Quatre")


def figure(shape: str, marks: int = 8) -> Figure:
    made = tuple(
        Mark(NAMES[place % 8], ((place, 2, 0, 500), (0, 0, 0, 0), (1, 1, 1, 1)), ((NAMES[place % 8],) * 3, NAMES))
        for place in range(marks)
    )
    return Figure("figure-a", sample.MARKUP, LONG, shape, (Mark("Titre", heads=True), *made), SERIES, NAMES[:3])


SHAPES = ("ring", "matrix", "bars")


def guide(*figures: Figure) -> Guide:
    return replace(sample.empty(), sections=(Section("s", "I", "Un", figures),))


# ---- the drawing --------------------------------------------------------------------------------------------------
def _inside(drawn: str) -> None:
    """That no text leaves the drawing."""
    root = etree.fromstring(drawn.encode())
    left, top, wide, high = map(float, root.get("viewBox").split())
    for text in root.iter(f"{SVG}text"):
        room = breadth(text.text or "", float(text.get("font-size")), bold=text.get("font-weight") == "bold")
        x, y = float(text.get("x")), float(text.get("y"))
        start = x - {"middle": room / 2, "end": room}.get(text.get("text-anchor", ""), 0.0)
        assert left - 1 <= start and start + room <= left + wide + 1, text.text
        assert top <= y <= top + high


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("marks", [0, 1, 2, 6, 7, 60])
def test_whatever_is_written_in_it_a_drawing_is_whole_and_refers_to_nothing(shape: str, marks: int) -> None:
    drawn = svg(cleaned(figure(shape, marks)), "a")
    _inside(drawn)
    root = etree.fromstring(drawn.encode())
    assert {element.tag.removeprefix(SVG) for element in root.iter()} <= {
        *("svg", "title", "desc", "text", "rect", "path"),
    }
    assert not re.search(r"url\(|href|<script|\son\w+=", drawn)
    assert root.get("role") == "img" and root.findtext(f"{SVG}desc") == " ".join(LONG.split())


@settings(max_examples=examples(50), deadline=None)
@given(FIGURES)
def test_any_figure_is_drawn_and_stays_within_its_drawing(any_figure: Figure) -> None:
    _inside(svg(cleaned(any_figure)))


@pytest.mark.parametrize("shape", SHAPES)
def test_a_drawing_fits_a_page(shape: str) -> None:
    wide, high = size(cleaned(figure(shape, 60)))
    assert high / wide * WIDE < 23.5


def test_a_text_that_does_not_fit_ends_in_dots_and_a_word_is_cut_where_it_may_be() -> None:
    assert wrapped("un deux trois", 1000, 2) == ["un deux trois"]
    assert wrapped("un deux trois quatre", 60, 2) == ["un deux", "trois…"]
    assert wrapped("coopération-transfrontalière", 110, 2) == ["coopération-", "transfrontalière"]
    assert wrapped("", 60, 2) == [] and wrapped("a" * 99, 40, 1)[0].endswith("a…")


def test_a_drawing_in_the_web_page_has_a_name_and_a_description_of_its_own() -> None:
    tree = html.fromstring(render(guide(figure("bars"), figure("ring")), "html").decode())
    drawings = tree.findall(".//svg")
    assert len(drawings) == 2
    for drawing in drawings:
        (title,), (told,) = drawing.findall("title"), drawing.findall("desc")
        assert drawing.get("aria-labelledby") == title.get("id") and drawing.get("aria-describedby") == told.get("id")
    ids = tree.xpath("//@id")
    assert len(ids) == len(set(ids))


# ---- the image ----------------------------------------------------------------------------------------------------
def test_an_image_is_sharp_and_the_same_each_time() -> None:
    one = cleaned(replace(figure("bars", 3), caption="Une fois"))
    (made,) = images([one])
    picture = png.read(made)
    assert PIXELS >= 200 and picture.width == round(WIDE / 2.54 * PIXELS)
    assert picture.height == pytest.approx(picture.width * size(one)[1] / size(one)[0], abs=2)
    assert images([one, cleaned(figure("ring", 2)), one]) == [made, *images([cleaned(figure("ring", 2))]), made]


def test_the_fills_of_four_series_are_told_apart_without_colour() -> None:
    one = Figure("f", "", "", "bars", (Mark("", ((5, 5, 5, 5),)),), SERIES)
    light = png.read(images([cleaned(one)])[0]).luminance()
    line = light[round(len(light) * 0.2) : round(len(light) * 0.35)]
    dark = [place for place, grey in enumerate(map(sum, zip(*line, strict=True))) if grey < 250 * len(line)]
    start, end = min(dark), max(dark)
    quarter = (end - start) / 5  # the number behind the bar is a part of it
    means = []
    for part in range(4):
        there = [row[round(start + quarter * (part + 0.1)) : round(start + quarter * (part + 0.4))] for row in line]
        means.append(sum(map(sum, there)) / sum(map(len, there)))
    assert means[0] < 90 < means[1] < means[2] < means[3]
    assert min(after - before for before, after in pairwise(means)) > 10


# ---- documents ----------------------------------------------------------------------------------------------------
def pictures(made: Guide) -> list[Picture]:
    return [item for leaf in lay_out(made).leaves for item in leaf.items if isinstance(item, Picture)]


def test_word_has_each_figure_as_wide_as_the_text_with_its_words() -> None:
    made = compiled("full", "fr", "2013")
    with zipfile.ZipFile(BytesIO(render(made, "docx"))) as archive:
        document = etree.fromstring(archive.read("word/document.xml"))
        stored = [name for name in archive.namelist() if name.endswith(".png")]
    places = [element for element in document.iter() if etree.QName(element).localname == "docPr"]
    assert [(one.get("name"), one.get("descr")) for one in places] == [(p.anchor, p.alt) for p in pictures(made)]
    extents = [element for element in document.iter() if etree.QName(element).localname == "extent"]
    assert all(int(one.get("cx")) == pytest.approx(WIDE * 360_000, rel=0.01) for one in extents)
    assert len(stored) == len(places) == 5
    assert len(document.xpath("//*[local-name()='instrText'][contains(., 'SEQ Figure')]")) == 5


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_web_edition_asks_for_nothing_outside_and_is_under_1_mb_with_figures(language: str) -> None:
    made = compiled("full", language, "2013")
    written = render(made, "html")
    assert len(written) < 1_000_000
    tree = html.fromstring(written.decode())
    assert len(tree.findall(".//figure")) == len(pictures(made)) == 5
    for element in tree.iter(etree.Element):
        for name, value in element.items():
            if name in ("src", "href", "xlink:href", "srcset", "data", "action", "poster"):
                led = ("https://", "http://") if element.tag == "a" else ()  # asks when it is followed
                assert value.startswith(("#", "data:", *led)), (element.tag, name, value)
    assert all(where.startswith(("#", "data:")) for where in re.findall(r"url\(\s*['\"]?([^)]*)", written.decode()))
    assert "@import" not in written.decode()


@pytest.mark.parametrize("format", ["docx", "html"])
def test_what_a_figure_says_is_searched_before_it_is_published(format: Format) -> None:
    made = guide(Figure("figure-a", "Légende", "Ce que dit SECRET.", "ring", (Mark("a", names=(("INS",),)),)))
    told = " ".join(passage.text for passage in passages_of({f"a.{format}": render(made, format)}))
    assert "Ce que dit SECRET." in told and "Légende" in told
