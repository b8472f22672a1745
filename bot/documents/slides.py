"""Slides → PPTX, from `templates/brief/brief.pptx`: native tables and charts, titles where a reader looks for them.

Every picture and chart says in words what it shows. The same slides and template give the same bytes.
"""

from __future__ import annotations

import re
import zipfile
from datetime import UTC, datetime, time
from importlib.resources import files
from io import BytesIO
from typing import Any

from bot.documents import maps
from bot.documents.archive import sealed
from bot.documents.cleaning import clean, is_right_to_left
from bot.documents.slides_pdf import map_png
from flows.country.slides import (
    HIGH,
    LEAD,
    MARGIN,
    NOTE,
    TABLE,
    WIDE,
    Bars,
    Deck,
    Grid,
    Map,
    Slide,
    Words,
    height,
    tall,
)
from flows.i18n import base

PPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
_TITLE, _CONTENT = 0, 1  # layouts of the template
_TOP, _ACROSS = 86.0, WIDE - 2 * MARGIN
_FOOT = HIGH - 44.0
_INK, _GREY, _HEAD, _BAND, _WARNING, _LINE = "1F3A5F", "55606E", "E4EAF1", "F6F8FA", "A33B00", "8A96A5"
_BARS = ("1F5A8C", "B0D0EA", "FFFFFF")
_REGIONS = {"fr": "fr-FR", "en": "en-GB", "pt": "pt-PT", "es": "es-ES", "ar": "ar-SA"}
_WRITTEN = re.compile(rb"(<dcterms:(?:modified|created)[^>]*>)[^<]*")


def to_pptx(deck: Deck) -> bytes:
    """The slides as one PPTX file."""
    from pptx import Presentation

    made = Presentation(BytesIO(files("templates").joinpath("brief", "brief.pptx").read_bytes()))
    writer = _Writer(made, deck)
    writer.cover()
    for number, slide in enumerate(deck.slides, 2):
        writer.slide(slide, number)
    _describe(made, deck)
    filled = BytesIO()
    made.save(filled)
    return sealed(filled, _fixed(filled))


def _describe(made: Any, deck: Deck) -> None:
    known = made.core_properties
    known.title = clean(f"{deck.title} – {deck.subtitle}")
    known.subject, known.language = deck.mark, _region(deck.language)
    known.created = known.modified = datetime.combine(deck.on, time(), UTC).replace(tzinfo=None)
    known.author = known.last_modified_by = ""
    known.revision = 1


def _fixed(filled: BytesIO) -> dict[str, bytes]:
    """The workbooks behind the charts, without the moment at which they were made."""
    with zipfile.ZipFile(filled) as book:
        sheets = {name: book.read(name) for name in book.namelist() if name.startswith("ppt/embeddings/")}
    found = {}
    for name, content in sheets.items():
        with zipfile.ZipFile(BytesIO(content)) as inner:
            core = _WRITTEN.sub(rb"\g<1>1980-01-01T00:00:00Z", inner.read("docProps/core.xml"))
        found[name] = sealed(BytesIO(content), {"docProps/core.xml": core})
    return found


def _region(language: str) -> str:
    return _REGIONS.get(base(language), base(language))


class _Writer:
    def __init__(self, made: Any, deck: Deck) -> None:
        self.made = made
        self.deck = deck

    # ---- slides ----
    def cover(self) -> None:
        """The first slide: what this is, of which day, and how far it may be trusted."""
        page = self.made.slides.add_slide(self.made.slide_layouts[_TITLE])
        self.write(page.shapes.title.text_frame, [self.deck.title])
        self.write(page.placeholders[1].text_frame, [self.deck.subtitle], colour=_GREY)
        self.box(page, "Mark", 42, 140, 876, 34, [self.deck.mark], size=20, colour=_WARNING, bold=True)
        self.box(page, "About", 42, 356, 876, 70, self.deck.about, size=LEAD)
        self.foot(page, 1)

    def slide(self, slide: Slide, number: int) -> None:
        """One of the others."""
        page = self.made.slides.add_slide(self.made.slide_layouts[_CONTENT])
        self.write(page.shapes.title.text_frame, [slide.title])
        body = page.placeholders[1]
        top = _TOP + tall(slide.lead)
        if isinstance(slide.body, Map):
            self.map(page, slide.body, slide)
            self.place(body, 350, _TOP, 568, 106)
        elif slide.body is not None:
            self.place(body, MARGIN, _TOP, _ACROSS, max(tall(slide.lead), 1))
        if isinstance(slide.body, Grid):
            self.grid(page, slide.body, top, slide.title)
        elif isinstance(slide.body, Bars):
            self.bars(page, slide.body, top, slide.title)
        if slide.lead or slide.points:
            self.write(body.text_frame, slide.lead, points=slide.points, bold=isinstance(slide.body, Map))
        else:
            body._element.getparent().remove(body._element)
        if slide.note:
            left = 350.0 if isinstance(slide.body, Map) else MARGIN
            self.box(page, "Note", left, _FOOT - 40, WIDE - MARGIN - left, 34, [slide.note], anchor="b")
        self.foot(page, number)

    def foot(self, page: Any, number: int) -> None:
        """What stands on every slide."""
        from pptx.util import Pt

        line = page.shapes.add_connector(1, Pt(MARGIN), Pt(_FOOT), Pt(WIDE - MARGIN), Pt(_FOOT))
        line.line.color.rgb, line.line.width = _colour(_LINE), Pt(0.75)
        line.name = "Line"
        _decorative(line)
        self.box(page, "Mark", MARGIN, _FOOT + 4, 130, 22, [self.deck.mark], colour=_WARNING, bold=True)
        self.box(page, "Foot", MARGIN + 130, _FOOT + 4, 620, 22, [self.deck.foot])
        at = WIDE - MARGIN - 120
        self.box(page, "Page", at, _FOOT + 4, 120, 22, [f"{self.deck.labels['page']} {number}"], align="r")

    # ---- texts ----
    def place(self, shape: Any, left: float, top: float, width: float, high: float) -> None:
        """Put a shape somewhere, in points."""
        from pptx.util import Pt

        shape.left, shape.top, shape.width, shape.height = Pt(left), Pt(top), Pt(width), Pt(high)

    def box(
        self,
        page: Any,
        name: str,
        left: float,
        top: float,
        width: float,
        high: float,
        lines: Any,
        *,
        size: float = NOTE,
        colour: str = _GREY,
        bold: bool = False,
        align: str = "l",
        anchor: str = "t",
    ) -> None:
        """A text that stands for itself."""
        from pptx.util import Pt

        box = page.shapes.add_textbox(Pt(left), Pt(top), Pt(width), Pt(high))
        box.name = name
        frame = box.text_frame
        frame.word_wrap = True
        frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
        frame._txBody.bodyPr.set("anchor", anchor)
        self.write(frame, lines, size=size, colour=colour, bold=bold)
        for paragraph in frame.paragraphs:
            paragraph._p.get_or_add_pPr().set("algn", align)

    def write(
        self,
        frame: Any,
        lines: Any,
        *,
        points: Any = (),
        size: float = 0.0,
        colour: str = "",
        bold: bool = False,
    ) -> None:
        """Lines, then a list, as paragraphs."""
        first = True
        for level, one in (*((0, one) for one in lines), *((1, one) for one in points)):
            paragraph = frame.paragraphs[0] if first else frame.add_paragraph()
            first = False
            paragraph.level = level
            self.run(paragraph, Words(one), size=size, colour=colour, bold=bold and level == 0)

    def run(self, paragraph: Any, one: Words, *, size: float = 0.0, colour: str = "", bold: bool = False) -> None:
        """A text in its own language and direction."""
        from pptx.util import Pt

        run = paragraph.add_run()
        run.text = " ".join(clean(one.text).split())
        look = run._r.get_or_add_rPr()
        look.set("lang", _region(one.language or self.deck.language))
        if size:
            run.font.size = Pt(size)
        if bold:
            run.font.bold = True
        if colour:
            run.font.color.rgb = _colour(colour)
        if is_right_to_left(one.text, one.language):
            paragraph._p.get_or_add_pPr().set("rtl", "1")

    # ---- bodies ----
    def grid(self, page: Any, grid: Grid, top: float, name: str) -> None:
        """A native table with a header row."""
        from pptx.util import Pt

        frame = page.shapes.add_table(
            len(grid.rows) + 1, len(grid.columns), Pt(MARGIN), Pt(top), Pt(_ACROSS), Pt(24 * (len(grid.rows) + 1))
        )
        _say(frame, name, name)
        table = frame.table
        table.first_row, table.horz_banding = True, False
        for at, share in enumerate(grid.widths):
            table.columns[at].width = Pt(share * _ACROSS)
        every = [tuple(Words(name) for name in grid.columns), *grid.rows]
        for place, row in enumerate(every):
            table.rows[place].height = Pt(height(row, grid.widths))
            for at, one in enumerate(row):
                cell = table.cell(place, at)
                cell.margin_left = cell.margin_right = Pt(6.5)
                cell.margin_top = cell.margin_bottom = Pt(4.5)
                cell.vertical_anchor = 3  # the middle
                cell.fill.solid()
                cell.fill.fore_color.rgb = _colour(_HEAD if place == 0 else _BAND if place % 2 == 0 else "FFFFFF")
                paragraph = cell.text_frame.paragraphs[0]
                if at in grid.numbers:
                    paragraph._p.get_or_add_pPr().set("algn", "r")
                self.run(paragraph, one, size=TABLE, colour=_INK if place == 0 else "1A1A1A", bold=place == 0)

    def bars(self, page: Any, bars: Bars, top: float, name: str) -> None:
        """A native chart."""
        from pptx.chart.data import CategoryChartData
        from pptx.enum.chart import XL_CHART_TYPE, XL_LABEL_POSITION, XL_LEGEND_POSITION, XL_TICK_LABEL_POSITION
        from pptx.util import Pt

        data: Any = CategoryChartData()  # type: ignore[no-untyped-call]
        data.categories = [clean(one) for one in bars.categories]
        for called, values in bars.series:
            data.add_series(clean(called), [value or None for value in values])
        several = len(bars.series) > 1
        kind = XL_CHART_TYPE.BAR_STACKED if several else XL_CHART_TYPE.BAR_CLUSTERED
        high = min(_FOOT - 38 - top, 60 + 46 * len(bars.categories))
        frame = page.shapes.add_chart(kind, Pt(MARGIN), Pt(top), Pt(_ACROSS), Pt(high), data)
        _say(frame, name, bars.alt)
        chart = frame.chart
        for number in chart._chartSpace.xpath(".//c:axId | .//c:crossAx"):  # python-pptx numbers axes below zero
            number.set("val", number.get("val").lstrip("-"))
        chart.has_title = False
        chart.font.size = Pt(14)
        chart.has_legend = several
        if several:
            chart.legend.position = XL_LEGEND_POSITION.TOP
            chart.legend.include_in_layout = False
        axis = chart.category_axis
        axis.reverse_order, axis.has_major_gridlines = True, False
        axis.format.line.color.rgb = _colour(_LINE)
        numbers = chart.value_axis
        numbers.visible, numbers.has_major_gridlines, numbers.minimum_scale = False, False, 0
        numbers.tick_label_position = XL_TICK_LABEL_POSITION.NONE
        plot = chart.plots[0]
        plot.gap_width, plot.overlap = 60, 100 if several else 0
        plot.has_data_labels = True
        labels = plot.data_labels
        labels.show_value, labels.font.size, labels.font.bold = True, Pt(14), True
        if not several:
            labels.position = XL_LABEL_POSITION.OUTSIDE_END
        for at, series in enumerate(plot.series):
            series.format.fill.solid()
            series.format.fill.fore_color.rgb = _colour(_BARS[at % 3])
            series.format.line.color.rgb = _colour(_INK)
            if several:
                own = series.data_labels
                own.show_value, own.font.size, own.font.bold = True, Pt(14), True
                own.font.color.rgb = _colour("FFFFFF" if at == 0 else "000000")

    def map(self, page: Any, shown: Map, slide: Slide) -> None:
        """The map as a picture, beside it what its shades mean."""
        from pptx.util import Pt

        high = 388.0
        picture = page.shapes.add_picture(BytesIO(map_png(shown)), Pt(MARGIN), Pt(_TOP), height=Pt(high))
        _say(picture, slide.title, shown.alt)
        top = _TOP + 46 + 27 * len(slide.points)
        self.box(page, "Legend", 350, top, 560, 24, [self.deck.labels["legend"]], size=LEAD, colour=_INK, bold=True)
        rows = [(maps.SHADES[at], shown.legend[at]) for at in reversed(range(len(shown.legend)))]
        rows.append((maps.PARTNER, shown.unshaded))
        for place, (shade, label) in enumerate(rows):
            y = top + 32 + place * 24
            mark = page.shapes.add_shape(1, Pt(350), Pt(y + 3), Pt(24), Pt(15))
            mark.name = "Shade"
            mark.fill.solid()
            mark.fill.fore_color.rgb = _colour(shade.removeprefix("#").upper())
            mark.line.color.rgb, mark.line.width = _colour(_LINE), Pt(0.75)
            mark.shadow.inherit = False
            _decorative(mark)
            self.box(page, "Meaning", 386, y, 530, 22, [label], size=16, colour="1A1A1A")


def _colour(code: str) -> Any:
    from pptx.dml.color import RGBColor

    return RGBColor(*bytes.fromhex(code))  # type: ignore[no-untyped-call]


def _say(shape: Any, name: str, alt: str) -> None:
    """What a reader who cannot see a shape is told."""
    known = shape._element.xpath(".//p:cNvPr")[0]
    known.set("name", clean(name)[:100])
    known.set("descr", clean(alt))


def _decorative(shape: Any) -> None:
    """A shape that says nothing, and looks as it is told to, without the shadow that its style would give it."""
    shape._element.xpath(".//p:cNvPr")[0].set("descr", "")
    for style in shape._element.xpath("./p:style"):
        shape._element.remove(style)
