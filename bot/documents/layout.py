"""A guide becomes pages: tables numbered, headings ordered, sources and quotations worded, every text cleaned."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from bot.documents.cleaning import clean, is_right_to_left
from bot.documents.figures import cleaned
from bot.documents.pages import (
    Entries,
    Evidence,
    Grid,
    Heading,
    Item,
    Leaf,
    Line,
    Pages,
    Picture,
    Reference,
    Said,
    Text,
)
from bot.documents.widths import shares
from bot.documents.wording import Wording
from flows.country.guide import Block, Bullets, Cell, Figure, Guide, Paragraph, Row, Section, Statement, Table
from flows.i18n import base

DEEPEST_HEADING = 4
_BEFORE_MARK = re.compile("(?<=\\S) (?=[:;?!»%])|(?<=«) (?=\\S)")  # a space at which a French line does not end
LONG_SECTION = 1200  # characters: a main section opens on a new page when it and what stands before it are longer
TALL_ROW = 1100  # characters a full-width row may hold before it may break across two pages
INTRODUCTION = 900  # characters that may accompany a landscape table onto its page
REFERENCES = 1.3, 2.4  # room for "[12]" and for "[12, 13]", in centimetres
FIGURE = 900  # characters for which a figure stands
LOW_TABLE = 20  # lines of text of a table that is kept on one page
LETTERS = {False: 100, True: 155}  # that a line of a table holds, by landscape
TEXT_WIDTH = {False: 16.0, True: 24.7}  # centimetres, by landscape


@dataclass(frozen=True, slots=True)
class Placed:
    """An item of the pages, and what of the guide it prints: a heading its section, anything else also its block.
    `depth` of the section, from 1."""

    item: Item
    section: Section
    depth: int
    block: Block | None = None


def placed(guide: Guide) -> list[Placed]:
    """Every item that `guide` prints before the list of sources, in order."""
    return list(_placed(guide, _Builder(Wording(guide.language, guide.labels))))


def _placed(guide: Guide, builder: _Builder) -> Iterator[Placed]:
    for number, section in enumerate(guide.front):
        yield from builder.section(section, 1, new_page=number > 0)
    summary = Section("summary", "", builder.summary if guide.summary and guide.cover else "", guide.summary)
    yield from builder.section(summary, 1, new_page=bool(guide.front))
    filled = _weight(summary)
    for section in guide.sections:
        size = _weight(section)
        yield from builder.section(section, 1, new_page=guide.cover and min(size, filled) > LONG_SECTION)
        filled = size if size > LONG_SECTION else filled + size


def lay_out(guide: Guide) -> Pages:
    """The pages of `guide`: everything it says, in order, cleaned of what no document may hold."""
    wording = Wording(guide.language, guide.labels)
    builder = _Builder(wording)
    items = [found.item for found in _placed(guide, builder)]
    if not items:
        items.append(Text((Said((wording.label("empty"),), (), wording.language, rtl=False),), "gap"))
    note = " ".join(clean(guide.note).split())
    references: list[Reference] = []
    known: set[int] = set()
    for source in guide.sources:
        anchor = "" if source.number in known else f"source-{source.number}"
        known.add(source.number)
        references.append(Reference(source.number, clean(wording.source(source)), anchor))
    return Pages(
        language=wording.language,
        rtl=is_right_to_left("", wording.language),
        country=clean(guide.country_name),
        title=clean(guide.title),
        subtitle=clean(guide.subtitle),
        status=clean(guide.status),
        compiled_at=guide.compiled_at,
        compiled=wording.compiled(guide.compiled_at, clean(guide.form_version)),
        leaves=tuple(_leaves(_led(items))),
        sources_heading=Heading(1, "", wording.label("sources"), builder.anchor("sources"), len(references) > 12),
        references=tuple(references),
        withheld=wording.withheld(guide.withheld),
        note=note,
        running=" – ".join(part for part in (clean(guide.status), note) if part),
        labels=wording.labels(),
        known=frozenset(known),
        cover=guide.cover,
    )


class _Builder:
    def __init__(self, wording: Wording) -> None:
        self._wording = wording
        self.summary = wording.label("summary")
        self._anchors: set[str] = {"contents"}
        self._tables = 0
        self._figures = 0

    def anchor(self, wanted: str) -> str:
        """A name of ASCII letters, digits and hyphens that no other place has; sources keep `source-` and `cite-`."""
        slug = "".join(c if c.isascii() and c.isalnum() else "-" for c in wanted.lower()).strip("-")[:60]
        if not slug[:1].isalpha() or slug.startswith(("source-", "cite-")):
            slug = f"part-{slug}"
        name, count = slug, 1
        while name in self._anchors:
            count += 1
            name = f"{slug}-{count}"
        self._anchors.add(name)
        return name

    def section(self, section: Section, level: int, *, shown: int = 1, new_page: bool = False) -> Iterator[Placed]:
        """What a section prints. `shown`: level of its heading, one below that of the last one around it: no level is
        skipped where a section has no heading."""
        number, title = clean(section.number), clean(section.title)
        if number or title:
            heading = Heading(min(shown, DEEPEST_HEADING), number, title, self.anchor(section.anchor), new_page)
            yield Placed(heading, section, level)
        for block in section.blocks:
            item = self.block(block)
            if item is not None:
                yield Placed(item, section, level, block)
        for child in section.sections:
            yield from self.section(child, level + 1, shown=shown + bool(number or title))

    def block(self, block: Block) -> Item | None:
        """The block as it is printed; none where it says nothing."""
        match block:
            case Paragraph():
                said = _once(self._said(block.statements))
                style = block.style if block.style in ("body", "quote", "note", "gap") else "body"
                return Text(said, style) if said else None
            case Bullets():
                items = tuple(found for found in map(self._cell, block.items) if found)
                return Entries(items, block.numbered) if items else None
            case Table():
                return self._grid(block)
            case Figure():
                return self._picture(block)

    def _picture(self, figure: Figure) -> Picture:
        self._figures += 1
        shown = cleaned(figure)
        label = f"{self._wording.label('figure')}\u00a0{self._figures}"
        anchor = self.anchor(shown.anchor)
        return Picture(self._figures, label, shown.caption, shown.alt, anchor, shown)

    def _grid(self, table: Table) -> Grid:
        caption = clean(table.caption)
        self._tables += bool(caption)
        count = max([len(table.columns), *(len(row.cells) for row in table.rows if not row.span)], default=1) or 1
        columns = tuple(clean(name) for name in table.columns) + ("",) * (count - len(table.columns))
        texts = [[_size(cell) for cell in row.cells] for row in table.rows if not row.span]
        widths = shares(count, table.widths, [len(name) for name in columns], texts)
        lines = tuple(self._line(row, widths) for row in table.rows)
        if room := _room_for_references(lines):
            share = room / TEXT_WIDTH[table.landscape]
            columns = (*columns, self._wording.label("reference"))
            widths = (*(width * (1 - share) for width in widths), share)
            lines = tuple(self._referenced(line) for line in lines)
        return Grid(
            number=self._tables,
            landscape=table.landscape,
            label=f"{self._wording.label('table')}\u00a0{self._tables}" if caption else "",
            caption=caption,
            anchor=self.anchor(table.anchor),
            columns=columns,
            widths=widths,
            lines=lines,
            whole=_height(lines, widths, LETTERS[table.landscape]) <= LOW_TABLE,
        )

    def _line(self, row: Row, widths: tuple[float, ...]) -> Line:
        if row.span:
            said = tuple(one for cell in row.cells for one in self._cell(cell))
            return Line((said,), (False,), span=True, tall=False, height=row.height)
        cells = tuple(self._cell(cell) for cell in row.cells) + ((),) * (len(widths) - len(row.cells))
        gaps = tuple(not cell.statements for cell in row.cells) + (False,) * (len(widths) - len(row.cells))
        heights = [_size(cell) / share for cell, share in zip(row.cells, widths, strict=False)]
        return Line(cells, gaps, span=False, tall=max(heights, default=0) > TALL_ROW, height=row.height)

    def _referenced(self, line: Line) -> Line:
        """The line with the sources of all its cells in a cell of their own, at the end."""
        if line.span:
            return line
        sources = next(iter(_cited(line)), ())
        own = Said(("",), sources, self._wording.language, rtl=False)
        cells = tuple(tuple(replace(one, sources=()) for one in said) for said in line.cells)
        return replace(line, cells=(*cells, (own,) if sources else ()), gaps=(*line.gaps, False))

    def _cell(self, cell: Cell) -> tuple[Said, ...]:
        said = _once(self._said(cell.statements))
        gap = clean(cell.gap)
        return said or ((Said((gap,), (), self._wording.language, rtl=False),) if gap else ())

    def _said(self, statements: Iterable[Statement]) -> tuple[Said, ...]:
        return tuple(found for found in map(self._one, statements) if found.lines)

    def _one(self, statement: Statement) -> Said:
        text = clean(statement.text)
        if base(statement.language or self._wording.language) == "fr":
            text = _BEFORE_MARK.sub("\u00a0", text)
        lines = tuple(line for line in (part.strip() for part in text.split("\n")) if line)
        sources = tuple(dict.fromkeys(statement.sources))
        own = self._wording.language
        language = statement.language or own
        rtl = is_right_to_left(text, language)
        if rtl and not is_right_to_left("", language):
            language = "ar"
        evidence = Evidence(sources, statement.question) if sources else None
        wordless = not any(character.isalpha() for character in text)  # a number is in no language
        if not lines or wordless or self._wording.is_own(language):
            return Said(lines, sources, language if rtl else own, rtl, evidence=evidence)
        before, after, remark = self._wording.quotation(language)
        return Said(lines, sources, language, rtl, before, after, remark, evidence)


def _once(said: tuple[Said, ...]) -> tuple[Said, ...]:
    """What rests on the same sources from the first word to the last names them once, at the end."""
    if len(said) < 2 or len({one.sources for one in said}) > 1:
        return said
    return (*(replace(one, sources=()) for one in said[:-1]), said[-1])


def _cited(line: Line) -> set[tuple[int, ...]]:
    """The different sources that the cells of a line name."""
    return {one.sources for said in line.cells for one in said if one.sources}


def _room_for_references(lines: tuple[Line, ...]) -> float:
    """How wide a column for the sources must be, in centimetres; 0 where they belong in the cells.

    They have a column when the cells of each line rest on the same sources, and most lines rest on any.
    """
    cited = [_cited(line) for line in lines if not line.span]
    numbers = [sources for found in cited for sources in found]
    if not numbers or len(numbers) * 2 < len(cited) or any(len(found) > 1 for found in cited):
        return 0.0
    longest = max(map(len, numbers))
    return REFERENCES[longest - 1] if longest <= len(REFERENCES) else 0.0


def _height(lines: tuple[Line, ...], widths: tuple[float, ...], letters: int) -> float:
    """About how many lines of text the rows of a table take, half a line for the room between two."""
    total = 0.0
    for line in lines:
        shares = (1.0,) if line.span else widths
        cells = zip(line.cells, shares, strict=False)
        total += 0.5 + max(
            (
                sum(1 + len(part) // max(share * letters, 1) for one in said for part in one.lines)
                for said, share in cells
            ),
            default=1,
        )
    return total


def _size(cell: Cell) -> int:
    """About how many characters a cell takes, line breaks counted as half a line."""
    return sum(len(one.text) + 20 * one.text.count("\n") + 15 for one in cell.statements) or len(cell.gap)


def _weight(section: Section) -> int:
    total = 0
    for block in section.blocks:
        match block:
            case Paragraph():
                total += sum(len(one.text) for one in block.statements) + 80
            case Bullets():
                total += sum(_size(cell) + 60 for cell in block.items)
            case Figure():
                total += FIGURE
            case Table():
                total += 200 + sum(sum(_size(cell) for cell in row.cells) + 80 for row in block.rows)
    return total + sum(_weight(child) + 100 for child in section.sections)


def _led(items: list[Item]) -> list[Item]:
    """The items, each text that introduces a list, a table or a quotation tied to it; and a quotation under a heading,
    which introduces what is said of it."""
    led = list(items)
    for place, (item, follows) in enumerate(pairwise(items)):
        introduces = isinstance(follows, (Entries, Grid, Picture)) or (
            isinstance(follows, Text) and (follows.style == "quote" or (place > 0 and _heads(items[place - 1], item)))
        )
        if isinstance(item, Text) and introduces and _letters(item) <= INTRODUCTION:
            led[place] = replace(item, leads=True)
    return led


def _heads(above: Item, item: Item) -> bool:
    return isinstance(above, Heading) and isinstance(item, Text) and item.style == "quote"


def _letters(text: Text) -> int:
    return sum(len(line) for one in text.said for line in one.lines)


def _leaves(items: list[Item]) -> Iterator[Leaf]:
    """Cut the items where the paper turns: a wide table takes its heading and short introduction with it."""
    wide = [False] * len(items)
    for place, item in enumerate(items):
        if isinstance(item, Grid) and item.landscape:
            for accompanying in range(_introduction(items, place), place + 1):
                wide[accompanying] = True
            if place + 1 < len(items) and isinstance(after := items[place + 1], Text) and after.style == "note":
                wide[place + 1] = True
    start = 0
    for place in range(1, len(items) + 1):
        if place == len(items) or wide[place] != wide[start]:
            yield Leaf(wide[start], tuple(items[start:place]))
            start = place


def _introduction(items: list[Item], table: int) -> int:
    """Where the heading and introduction of the table at `table` begin; `table` itself when they are too long."""
    start, size = table, 0
    while start > 0 and isinstance(before := items[start - 1], Text) and size <= INTRODUCTION:
        size += _letters(before)
        start -= 1
    if size > INTRODUCTION or start == 0 or not isinstance(items[start - 1], Heading):
        return table
    while start > 0 and isinstance(items[start - 1], Heading):
        start -= 1
    return start
