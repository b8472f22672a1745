"""A table that was read from a Word document becomes a table of a guide again, row by row."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from bot.documents.cleaning import clean
from bot.documents.pages import Grid, Line, Pages, Said
from bot.documents.resaying import Known, even, flat, joined, resaid, segments
from bot.documents.wording import Wording
from bot.documents.wordread import Read, ReadRow, ReadTable
from flows.country.comparing import likeness, matched
from flows.country.guide import Cell, Row, Statement, Table

LABEL = re.compile(r"^\w+\s*\d+\s*[–—:.-]\s*")
"""What stands before a caption: "Tableau 3 – "."""
_LIKELY = 0.3
RowKey = tuple[bool, tuple[str, ...]]
TableKey = tuple[str, tuple[str, ...], tuple[RowKey, ...]]


def table_key(table: Grid | ReadTable) -> TableKey:
    """What a table is known by: all that it shows."""
    if isinstance(table, Grid):
        columns = tuple(map(flat, table.columns)) if any(table.columns) else ()
        caption = f"{table.label} – {table.caption}" if table.caption else ""
        return flat(caption), columns, tuple(map(_row_key, table.lines))
    caption = table.caption.text if table.caption is not None else ""
    return flat(caption), _columns(table), tuple(_row_key(row) for row in table.rows if not row.header)


def _row_key(row: Line | ReadRow) -> RowKey:
    if isinstance(row, Line):
        return row.span, tuple(flat(" ".join(map(joined, said))) for said in row.cells)
    return row.span, tuple(_words(cell) for cell in row.cells)


def _words(cell: Sequence[Read]) -> str:
    return flat(" ".join(read.text for read in cell))


def _columns(table: ReadTable) -> tuple[str, ...]:
    head = next((row for row in table.rows if row.header), None)
    return tuple(map(_words, head.cells)) if head is not None else ()


def retabled(
    read: ReadTable,
    known: Table | None,
    grid: Grid | None,
    pages: Pages,
    sources: frozenset[int],
    anchor: Callable[[str], str],
) -> Table:
    """The table that `read` shows. `known`: what it was, printed as `grid`; `sources`: numbers that may be cited;
    `anchor`: makes a new one."""
    if known is not None and grid is not None and table_key(read) == table_key(grid):
        return known
    caption, columns, _ = table_key(read)
    referring = bool(columns) and columns[-1] == Wording(pages.language, {}).label("reference")
    own = columns[:-1] if referring else columns
    rows = tuple(_Rows(referring, sources, known, grid).all([row for row in read.rows if not row.header]))
    if known is None or grid is None:
        widths = read.widths[: len(own)] if referring else read.widths
        total = sum(widths)
        shares = tuple(width / total for width in widths) if total else ()
        return Table(anchor("table"), LABEL.sub("", caption), own, rows, shares, read.landscape)
    printed = table_key(grid)
    return replace(
        known,
        caption=known.caption if caption == printed[0] else LABEL.sub("", caption),
        columns=known.columns if columns == printed[1] else own,
        widths=known.widths if len(own) == len(known.columns) else (),
        rows=rows,
    )


class _Rows:
    def __init__(self, referring: bool, sources: frozenset[int], known: Table | None, grid: Grid | None) -> None:
        self._referring = referring  # the sources stand in a column of their own
        self._sources = sources
        self._was = list(zip(known.rows, grid.lines, strict=True)) if known is not None and grid is not None else []

    def all(self, read: Sequence[ReadRow]) -> Iterator[Row]:
        """The rows: as they were, or by the row that each is most like."""
        before = [_row_key(line) for _, line in self._was]
        for tag, i, ends, j, end in matched(before, [_row_key(row) for row in read]):
            if tag == "equal":
                yield from (row for row, _ in self._was[i:ends])
                continue
            waiting = self._was[i:ends]
            for row in read[j:end]:
                words = " ".join(_row_key(row)[1])
                likely = [
                    (likeness(" ".join(_row_key(line)[1]), words), -at)
                    for at, (_, line) in enumerate(waiting)
                    if line.span == row.span
                ]
                best, at = max(likely, default=(0.0, 0))
                if best < _LIKELY:
                    yield self._row(row, None, None)
                else:
                    yield self._row(row, *waiting[-at])
                    waiting = waiting[1 - at :]

    def _row(self, read: ReadRow, known: Row | None, line: Line | None) -> Row:
        cells = read.cells
        cited: tuple[int, ...] | None = None
        if self._referring and not read.span and len(cells) > 1:
            cells, last = cells[:-1], cells[-1]
            found = [one for paragraph in last for one in segments(paragraph.pieces, self._sources)]
            cited = tuple(dict.fromkeys(number for one in found for number in one.sources or ()))
        printed = line.cells if line is not None else ()
        if known is None or len(known.cells) != len(cells) or len(printed) < len(cells):
            made = [self._cell(cell, []) for cell in cells]
        else:
            made = [self._recell(*each) for each in zip(cells, known.cells, printed, strict=False)]
        if cited is not None:
            before = {one.text for cell in known.cells for one in cell.statements} if known is not None else set()
            said = printed[-1][0].sources if printed and printed[-1] else ()
            made = [_citing(cell, cited, changed=said != cited, known=before) for cell in made]
        return Row(tuple(made), read.span, known.height if known is not None else 0.0)

    def _recell(self, read: Sequence[Read], known: Cell, printed: Sequence[Said]) -> Cell:
        if _words(read) == flat(" ".join(map(joined, printed))):
            return known
        printing = [one for one in known.statements if even(clean(one.text))]
        return self._cell(read, [Known(*pair) for pair in zip(printing, printed, strict=False)])

    def _cell(self, read: Sequence[Read], known: Sequence[Known]) -> Cell:
        if read and all(paragraph.style == "gap" for paragraph in read):
            return Cell(gap="\n".join(even(paragraph.text) for paragraph in read))
        found = [one for paragraph in read for one in segments(paragraph.pieces, self._sources)]
        return Cell(resaid(found, known))


def _citing(cell: Cell, cited: tuple[int, ...], *, changed: bool, known: set[str]) -> Cell:
    """The cell of a row whose sources stand at its end: a new statement rests on them, all do where they changed."""

    def citing(one: Statement) -> Statement:
        fresh = one.text not in known
        return replace(one, sources=cited) if (changed and one.sources) or (fresh and not one.sources) else one

    return replace(cell, statements=tuple(map(citing, cell.statements)))
