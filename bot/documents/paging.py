"""On which page of the Word document each heading falls, near enough for a table of contents that nobody has updated.

Word alone knows how it breaks pages. This reckons with the letters' widths and the spacing of the template's styles;
the numbers stand in fields that Word replaces when the table of contents is updated.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from math import ceil

from bot.documents.figures import size
from bot.documents.letters import wide
from bot.documents.pages import Entries, Grid, Heading, Leaf, Line, Pages, Picture, Said, Text, runs

_EM = 1.2207  # height of a line, in sizes
_SLACK = 1.2  # what a line loses at its end because words are not cut, in sizes


@dataclass(frozen=True, slots=True)
class _Style:
    size: float  # points, as all that follows
    line: float  # as a multiple of the font's own
    before: float
    after: float
    indent: float = 0.0


_BODY = _Style(11, 1.142, 0, 8)
_TEXTS = {
    "body": _BODY,
    "note": _Style(9.5, 1.079, 5, 9),
    "quote": _Style(11, 1.1, 2, 9, 17),
    "gap": _Style(11, 1.1, 2, 9, 17),
}
_HEADINGS = (
    _Style(16, 1.05, 26, 15),
    _Style(13.5, 1.05, 20, 6),
    _Style(11.5, 1.05, 14, 5),
    _Style(11, 1.05, 12, 4),
)
_ITEM = _Style(11, 1.1, 0, 5, 20)
_CAPTION = _Style(10, 1.0, 8, 5)
_CELL = _Style(9, 1.02, 1, 1)
_SOURCE = _Style(9.5, 1.079, 0, 5, 28)
_CONTENTS = (_Style(11, 1.0, 8, 2), _Style(11, 1.0, 1, 2))
_CELL_SIDES, _CELL_ENDS = 9.0, 5.0  # room beside and above a cell's text, in points
_AROUND_FIGURE = 12.0
_COVER = 1  # page
_POINTS = 72 / 2.54  # in a centimetre


@dataclass(slots=True)
class _Box:
    """What is not cut. `lead`: it stays with what follows. `top`: it opens a page. `header`: repeated above it.

    Of the room below a box and the room above the next, which are part of their heights, only the larger counts.
    """

    height: float
    lead: bool = False
    top: bool = False
    header: float = 0.0
    anchor: str = ""
    before: float = 0.0
    after: float = 0.0


def page_numbers(pages: Pages, portrait: tuple[float, float], landscape: tuple[float, float]) -> dict[str, int]:
    """Anchor of each heading → page number, for paper whose text is so wide and so high, in points."""
    numbers: dict[str, int] = {}
    page, used = _COVER + _pages_of_contents(pages, *portrait), 0.0  # only a document with a cover has contents
    for leaf in pages.leaves:
        width, height = landscape if leaf.landscape else portrait
        page, used = _fill(_boxes(leaf, width), height, page + 1, 0, numbers)
        if leaf.landscape:
            used = portrait[1]
    if pages.references:
        width, height = portrait
        heading = pages.sources_heading
        boxes = [_heading(heading, width, top=heading.new_page)]
        boxes += [_Box(_high(reference.text, width, _SOURCE), after=_SOURCE.after) for reference in pages.references]
        boxes[0].height += boxes[1].height
        _fill([replace(boxes[0], lead=False), *boxes[2:]], height, page, used, numbers)
    return numbers


def _pages_of_contents(pages: Pages, width: float, height: float) -> int:
    entries = [heading for heading in pages.headings() if heading.level <= len(_CONTENTS)]
    styles = [_CONTENTS[heading.level - 1] for heading in entries]
    boxes = [
        _Box(_high(heading.title, width - 60, style), before=style.before, after=style.after)
        for heading, style in zip(entries, styles, strict=True)
    ]
    return _fill(boxes, height, 1, 32, {})[0] if entries else 0


def _fill(boxes: Iterable[_Box], height: float, page: int, used: float, numbers: dict[str, int]) -> tuple[int, float]:
    """Put the boxes on pages of `height` from `page` on, where `used` is taken; the last page, and what it holds."""
    waiting: list[_Box] = []
    above = 0.0
    for box in boxes:
        waiting.append(replace(box, height=box.height - min(above, box.before)))
        above = box.after
        if box.lead:
            continue
        total = sum(one.height for one in waiting)
        if used > 0 and (waiting[0].top or used + min(total, height) > height):
            page, used = page + 1, waiting[0].header
        for one in waiting:
            if one.anchor:
                numbers[one.anchor] = page
        used += total
        while used > height:  # a row or paragraph longer than what is left goes on
            page, used = page + 1, used - height + box.header
        waiting.clear()
    numbers.update((one.anchor, page) for one in waiting if one.anchor)  # a heading that nothing follows
    return page, used


def _boxes(leaf: Leaf, width: float) -> Iterator[_Box]:
    for place, item in enumerate(leaf.items):
        match item:
            case Heading():
                yield _heading(item, width, top=item.new_page and place > 0, first=place == 0)
            case Text():
                text = " ".join(_words(one) for one in item.said)
                yield from _paragraph(text, width, _TEXTS[item.style], lead=item.leads)
            case Entries():
                for said in item.items:
                    lines = [line for one in said for line in _words(one).split("\n")]
                    high = sum(_high(line, width, _ITEM) - _ITEM.after for line in lines) + _ITEM.after
                    yield _Box(high, after=_ITEM.after)
            case Grid():
                yield from _grid(item, width)
            case Picture():
                wide_as, high = size(item.figure)
                caption = _high(f"{item.label} – {item.caption}", width, _CAPTION)
                yield _Box(width * high / wide_as + caption + _AROUND_FIGURE, after=_CAPTION.after)


def _heading(heading: Heading, width: float, *, top: bool, first: bool = False) -> _Box:
    """`top`: it turns the page; `first`: it stands on a new one anyway."""
    style = _HEADINGS[heading.level - 1]
    before = 0 if top or first else style.before
    high = _high(f"{heading.number} {heading.title}", width, style) - style.before + before
    return _Box(high, lead=True, top=top, anchor=heading.anchor, before=before, after=style.after)


def _paragraph(text: str, width: float, style: _Style, *, lead: bool) -> Iterator[_Box]:
    """A paragraph may be cut between lines."""
    line = style.size * _EM * style.line
    count = max(round((_high(text, width, style) - style.before - style.after) / line), 1)
    if count < 4:
        yield _Box(style.before + style.after + count * line, lead=lead, before=style.before, after=style.after)
        return
    yield _Box(style.before + 2 * line, before=style.before)
    yield from (_Box(line) for _ in range(count - 4))
    yield _Box(2 * line + style.after, lead=lead, after=style.after)


def _grid(grid: Grid, width: float) -> Iterator[_Box]:
    columns = [share * width - _CELL_SIDES for share in grid.widths]
    header = 0.0
    if any(grid.columns):
        titles = (_high(name, wide, _CELL) for name, wide in zip(grid.columns, columns, strict=True))
        header = max(titles, default=0) + _CELL_ENDS
    caption = _high(f"{grid.label} – {grid.caption}", width, _CAPTION) if grid.caption else 0
    yield _Box(caption + header, lead=bool(grid.lines), before=_CAPTION.before if caption else 0)
    for place, line in enumerate(grid.lines):
        together = line.span or grid.whole or (place == 0 and not line.tall)
        yield _Box(_row(line, columns, width), lead=together and place + 1 < len(grid.lines), header=header)


def _row(line: Line, columns: list[float], width: float) -> float:
    wide = [width - _CELL_SIDES] if line.span else columns
    text = max(
        (
            sum(_high(_words(one), room, _CELL) - _CELL.before for one in said) + _CELL.before
            for said, room in zip(line.cells, wide, strict=False)
        ),
        default=0.0,
    )
    return max(_CELL_ENDS + text, line.height * _POINTS)


def _words(one: Said) -> str:
    numbers = ", ".join("–".join(map(str, run)) for run in runs(one.sources))
    cited = f" [{numbers}]" if numbers else ""
    return f"{one.before}{chr(10).join(one.lines)}{one.after} {one.remark}{cited}"


def _high(text: str, width: float, style: _Style) -> float:
    """How high a paragraph is, with the room around it, in points."""
    room = max(width - style.indent - _SLACK * style.size, 3 * style.size)
    lines = sum(max(ceil((wide(part) * style.size - _SLACK * style.size) / room), 1) for part in text.split("\n"))
    return style.before + style.after + lines * style.size * _EM * style.line
