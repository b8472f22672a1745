"""Tables → XLSX and CSV, where no cell can act as a formula and nothing is cut."""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from io import BytesIO, StringIO
from math import ceil
from typing import Any

from bot.documents.archive import sealed
from bot.documents.cleaning import clean
from bot.documents.letters import wide
from bot.documents.sharing import conforming

Value = str | int | float | bool | date | datetime | None
_ARROW = 3  # letters that the button of a filter covers
LONGEST_CELL = 32_767  # characters, a limit of the format
_WIDEST = 60  # letters, of a column
_LINE = 15.0  # points, the height of a line
_HIGHEST = 27  # lines of a row: the format allows 409 points
_DIGIT = 0.507  # the width of a digit, which columns are measured in, in sizes of the font
_ACROSS = 220  # letters that a page is to hold, printed
_FORMULA = re.compile(r"[\s\u200b]*[=+\-@\uff1d\uff0b\uff0d\uff20]|[\t\r\n]")
_NOT_IN_SHEET_NAMES = re.compile(r"[\[\]:*?/\\']")
_MODIFIED = re.compile(rb"(<dcterms:(?:modified|created)[^>]*>)[^<]*")


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table. Rows may be shorter than `columns`."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Value, ...], ...]


def acts_as_formula(text: str) -> bool:
    """Whether a spreadsheet could take `text` for a formula or a command."""
    return _FORMULA.match(text) is not None


def to_csv(sheet: Sheet) -> bytes:
    """UTF-8 with a byte order mark, for Excel to read the accents; an apostrophe before what looks like a formula."""
    out = StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    for row in (sheet.columns, *sheet.rows):
        writer.writerow([_plain(value) for value in row])
    return out.getvalue().encode("utf-8-sig")


def to_xlsx(sheets: Sequence[Sheet], moment: datetime) -> bytes:
    """A workbook written at `moment`: header frozen and filtered, text that looks like a formula quoted as text; rows
    as high as their texts, which not every program sees to, and pages that can be read when printed.

    A text too long for one cell goes on in the cells behind the last column.
    """
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.worksheets[0])
    names: set[str] = set()
    for sheet in sheets or (Sheet("-", (), ()),):
        _fill(book.create_sheet(_sheet_name(sheet.name, names)), sheet)
    filled = BytesIO()
    book.save(filled)
    return sealed(filled, {"docProps/core.xml": _dated(filled, moment), **conforming(filled)})


def _fill(page: Any, sheet: Sheet) -> None:
    from openpyxl.styles import Font, PatternFill
    from openpyxl.utils import get_column_letter

    for number, row in enumerate((sheet.columns, *sheet.rows), start=1):
        free = max(len(sheet.columns), len(row)) + 1
        for place, value in enumerate(row, start=1):
            first, *more = _pieces(value)
            _put(page.cell(number, place), first)
            for piece in more:
                _put(page.cell(number, free), piece)
                free += 1
    for place, title in enumerate(sheet.columns, start=1):
        cell = page.cell(1, place)
        cell.font = Font(name="Calibri", size=11, bold=True, color="1F3A5F")
        cell.fill = PatternFill("solid", fgColor="E4EAF1")
        longest = max([len(title) + _ARROW, *(len(str(row[place - 1])) for row in sheet.rows if place <= len(row))])
        page.column_dimensions[get_column_letter(place)].width = min(max(longest + 2, 10), _WIDEST)
    widths = [page.column_dimensions[get_column_letter(place)].width for place in range(1, len(sheet.columns) + 1)]
    for number, row in enumerate(sheet.rows, start=2):
        lines = [_lines(value, width) for value, width in zip(row, widths, strict=False) if isinstance(value, str)]
        page.row_dimensions[number].height = _LINE * min(max([1, *lines]), _HIGHEST)
    _print(page, sum(widths))
    if sheet.columns:
        page.freeze_panes = "A2"
        page.auto_filter.ref = f"A1:{get_column_letter(len(sheet.columns))}{len(sheet.rows) + 1}"


def _print(page: Any, across: float) -> None:
    """A4 across, the header on every page, as many pages beside each other as can be read."""
    page.page_setup.orientation, page.page_setup.paperSize = "landscape", 9
    page.page_setup.fitToWidth, page.page_setup.fitToHeight = max(ceil(across / _ACROSS), 1), 0
    page.sheet_properties.pageSetUpPr.fitToPage = True
    page.print_title_rows = "1:1"
    page.oddFooter.right.text = "&P / &N"


def _lines(text: str, width: float) -> int:
    """How many lines a text takes in a column that is so wide."""
    if len(text) > _HIGHEST * _WIDEST:
        return _HIGHEST
    return sum(max(ceil(1.08 * wide(part) / (_DIGIT * width)), 1) for part in text.split("\n"))


def _put(cell: Any, value: Value) -> None:
    from openpyxl.styles import Alignment

    cell.alignment = Alignment(horizontal=None if isinstance(value, str) else "left", vertical="top", wrap_text=True)
    if isinstance(value, str):
        cell.value = value
        cell.data_type = "s"  # never a formula, whatever it begins with
        cell.quotePrefix = acts_as_formula(value)
    else:
        cell.value = value.astimezone(UTC).replace(tzinfo=None) if isinstance(value, datetime) else value


def _pieces(value: Value) -> list[Value]:
    if not isinstance(value, str):
        return [value]
    text = clean(value)
    return [text[start : start + LONGEST_CELL] for start in range(0, len(text), LONGEST_CELL)] or [""]


def _plain(value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, date):
        return value.isoformat()
    if not isinstance(value, str):
        return str(value)
    text = clean(value)
    return f"'{text}" if acts_as_formula(value) or acts_as_formula(text) else text


def _sheet_name(wanted: str, taken: set[str]) -> str:
    base = _NOT_IN_SHEET_NAMES.sub(" ", clean(wanted)).strip()[:31] or "-"
    name, count = base, 1
    while name.lower() in taken:
        count += 1
        name = f"{base[:27]} {count}"
    taken.add(name.lower())
    return name


def _dated(filled: BytesIO, moment: datetime) -> bytes:
    import zipfile

    stamp = moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ").encode()
    with zipfile.ZipFile(filled) as book:
        return _MODIFIED.sub(rb"\g<1>" + stamp, book.read("docProps/core.xml"))
