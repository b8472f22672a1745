"""Slides as a value: what a PPTX and a PDF of them show, all texts ready in one language.

A slide holds one thing: sentences, a table, bars or a map. Tables are cut into pages here, so that both formats have
the same slides; nothing that people wrote is cut off: what is too long for a slide goes on on the next one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

WIDE, HIGH = 960.0, 540.0
"""Of a slide, in points."""
MARGIN = 42.0
BODY = 388.0
"""Points between title and foot for lead, body and note together."""
LEAD, TABLE, NOTE = 18.0, 14.0, 12.5
"""Sizes of letters in points."""
MOST_BARS = 12  # of a slide
_LETTER = 0.52  # of a letter's size, what it takes in width on average
_LINE = 1.24  # of a letter's size, from line to line
_INSET, _PAD = 13.0, 9.0  # points beside and above a cell's text, both sides together


@dataclass(frozen=True, slots=True)
class Words:
    """What a cell says; `language` where it is not that of the slides."""

    text: str
    language: str = ""


@dataclass(frozen=True, slots=True)
class Grid:
    """`widths`: shares of the width, sum 1; `numbers`: places of the columns that hold numbers."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Words, ...], ...]
    widths: tuple[float, ...]
    numbers: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Bars:
    """Lying bars, the first category on top; several series stand one behind the other. `alt`: said instead."""

    categories: tuple[str, ...]
    series: tuple[tuple[str, tuple[int, ...]], ...]
    alt: str


@dataclass(frozen=True, slots=True)
class Map:
    """`shades`: country → place in `legend`, the last of which is the darkest; other partners are not shaded."""

    shades: Mapping[str, int]
    legend: tuple[str, ...]
    unshaded: str
    alt: str


@dataclass(frozen=True, slots=True)
class Slide:
    """`lead`: sentences under the title; `points`: a list; `note`: small, under everything."""

    title: str
    lead: tuple[str, ...] = ()
    points: tuple[str, ...] = ()
    body: Grid | Bars | Map | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Deck:
    """`mark`: on every slide, such as PRELIMINARY; `foot`: a line at the foot of every slide; `page`: "Slide {n}"."""

    language: str
    title: str
    subtitle: str
    mark: str
    foot: str
    about: tuple[str, ...]
    on: date
    slides: tuple[Slide, ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict)


# ---- pages --------------------------------------------------------------------------------------------------------
def paged(slide: Slide, again: str) -> Iterator[Slide]:
    """The slide, or several where its table or its bars are too long for one. `again`: the title of those that follow,
    with {title}, {page} and {pages}."""
    pages = _pages(slide)
    for number, (lead, body) in enumerate(pages, 1):
        title = slide.title if len(pages) == 1 else again.format(title=slide.title, page=number, pages=len(pages))
        yield Slide(title, lead, slide.points, body, slide.note)


def _pages(slide: Slide) -> list[tuple[tuple[str, ...], Grid | Bars | Map | None]]:
    match slide.body:
        case Grid() as grid:
            head = max(height([Words(name) for name in grid.columns], grid.widths), 0.0)
            note = lines(slide.note, WIDE - 2 * MARGIN, NOTE) * NOTE * _LINE + 6 if slide.note else 0.0
            room = BODY - head - note
            parts = list(_filled(grid, room - tall(slide.lead), room))
            return [(slide.lead if at == 0 else (), part) for at, part in enumerate(parts)]
        case Bars() as bars:
            return [(slide.lead if at == 0 else (), part) for at, part in enumerate(_some_bars(bars))]
        case _:
            return [(slide.lead, slide.body)]


def tall(lead: Sequence[str]) -> float:
    """Points that the sentences under a title take."""
    return sum(lines(one, WIDE - 2 * MARGIN, LEAD) * LEAD * _LINE + 5 for one in lead) + (6 if lead else 0)


def height(row: Sequence[Words], widths: Sequence[float]) -> float:
    """Points that a row of a table takes."""
    most = max((lines(one.text, _width(share), TABLE) for one, share in zip(row, widths, strict=True)), default=1)
    return most * TABLE * _LINE + _PAD


def lines(text: str, width: float, size: float) -> int:
    """How many lines a text takes."""
    return len(wrapped(text, width, size)) or 1


def wrapped(text: str, width: float, size: float) -> list[str]:
    """The lines of a text, as far as can be told without its font; a word longer than a line is broken."""
    most = max(int(width / (size * _LETTER)), 1)
    found: list[str] = []
    for word in text.split():
        if found and len(found[-1]) + 1 + len(word) <= most:
            found[-1] = f"{found[-1]} {word}"
            continue
        found += [word[at : at + most] for at in range(0, len(word), most)]
    return found


def _width(share: float) -> float:
    return share * (WIDE - 2 * MARGIN) - _INSET


def _filled(grid: Grid, first: float, room: float) -> Iterator[Grid]:
    """The rows that fit on each slide, at least an empty table. `first`: points for rows on the first one."""
    rows: list[tuple[Words, ...]] = []
    left = first
    for row in (piece for whole in grid.rows for piece in _pieces(whole, grid.widths, min(first, room))):
        needed = height(row, grid.widths)
        if rows and needed > left:
            yield Grid(grid.columns, tuple(rows), grid.widths, grid.numbers)
            rows, left = [], room
        rows.append(row)
        left -= needed
    yield Grid(grid.columns, tuple(rows), grid.widths, grid.numbers)


def _pieces(row: tuple[Words, ...], widths: Sequence[float], room: float) -> Iterator[tuple[Words, ...]]:
    """The row, or as many as it takes where it is higher than a slide; its first cell stands in each."""
    most = max(int((room - _PAD) / (TABLE * _LINE)), 1)
    cells = [wrapped(one.text, _width(share), TABLE) for one, share in zip(row, widths, strict=True)]
    if max(map(len, cells), default=0) <= most:
        yield row
        return
    for start in range(0, max(map(len, cells)), most):
        yield tuple(
            one if at == 0 and len(cell) <= most else Words(" ".join(cell[start : start + most]), one.language)
            for at, (one, cell) in enumerate(zip(row, cells, strict=True))
        )


def _some_bars(bars: Bars) -> Iterator[Bars]:
    pages = max(-(-len(bars.categories) // MOST_BARS), 1)
    each = -(-len(bars.categories) // pages) or 1
    for start in range(0, max(len(bars.categories), 1), each):
        here = slice(start, start + each)
        yield Bars(bars.categories[here], tuple((name, values[here]) for name, values in bars.series), bars.alt)
