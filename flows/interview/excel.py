"""A `Workbook` to and from the bytes of an `.xlsx` file, and on to what pyxform makes of it.

Formulas are refused, not read as their last value: the text is the source of a form, a formula has two truths, and
files written by programs carry no last value at all. Cells that only look like a formula (`=`, `+`, `-`, `@` first)
are written as text that Excel keeps as text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime, time
from io import BytesIO
from typing import TYPE_CHECKING
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile, ZipInfo
from zlib import error as zlib_error

from flows.interview.sheets import MAX_COLUMNS, MAX_ROWS, Cell, Sheet, SheetError, Workbook

if TYPE_CHECKING:
    from openpyxl.cell.cell import Cell as PlainCell
    from openpyxl.cell.cell import MergedCell
    from openpyxl.worksheet.worksheet import Worksheet

    ExcelCell = PlainCell | MergedCell

MAX_UNPACKED = 60_000_000  # bytes of all parts of a workbook together
MOST_TAGS = 3_000_000
DAMAGE = (BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, zlib_error)
"""What an archive raises that is none, or none that can be read."""
_EPOCH = (1980, 1, 1, 0, 0, 0)
_WIDE = re.compile(r"label|hint|message|relevant|constraint|calculation|choice_filter|msg", re.IGNORECASE)
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


# ---- reading ------------------------------------------------------------------------------------------------------
def from_xlsx(data: bytes) -> Workbook:
    """The workbook in the bytes of an `.xlsx` file. Raises `SheetError` for anything that is not one, or is unsafe."""
    from openpyxl import load_workbook

    _check_size(data)
    try:
        book = load_workbook(BytesIO(data), read_only=True, data_only=False, keep_links=False)
    except Exception as error:  # openpyxl raises many kinds for a damaged file
        raise SheetError("The file is not a readable .xlsx workbook. Save it again as “Excel workbook”.") from error
    try:
        return Workbook({sheet.title: _read(sheet) for sheet in book.worksheets})
    finally:
        book.close()


def tags(archive: ZipFile) -> int:
    """How much there is to parse in a workbook: a file of some kB can unpack to millions of strings, each of which
    takes its time. Raises `DAMAGE`."""
    return sum(archive.read(part).count(b"<") for part in archive.infolist())


def _check_size(data: bytes) -> None:
    try:
        with ZipFile(BytesIO(data)) as archive:
            unpacked = sum(part.file_size for part in archive.infolist())
            if unpacked > MAX_UNPACKED or tags(archive) > MOST_TAGS:
                raise SheetError("The workbook is too large for a form. Remove pictures and unused sheets.")
    except DAMAGE:
        raise SheetError("The file is not an .xlsx workbook. Save it as “Excel workbook (.xlsx)”.") from None


def _read(sheet: Worksheet) -> Sheet:
    lines = sheet.iter_rows()
    name = sheet.title
    header: list[str | None] = []
    for cell in next(lines, ()):
        value = _read_cell(cell, name, 1, len(header) + 1)
        header.append(None if value is None else str(value))
        if len(header) > 4 * MAX_COLUMNS:
            raise SheetError(f"{name}: more than {MAX_COLUMNS} columns. Remove the unused ones.")
    columns = tuple(column for column in header if column is not None)
    return Sheet.of(name, columns, _rows(name, header, lines))


def _rows(name: str, header: list[str | None], lines: Iterator[tuple[ExcelCell, ...]]) -> Iterator[dict[str, object]]:
    blank = 0  # blank rows are given only when something follows them
    for number, line in enumerate(lines, start=2):
        row: dict[str, object] = {}
        for position, cell in enumerate(line):
            value = _read_cell(cell, name, number, position + 1)
            if value is None:
                continue
            column = header[position] if position < len(header) else None
            if column is None:
                raise SheetError(
                    f"{name}, row {number}, column {position + 1}: a cell with no header above it. "
                    "Give the column a header in row 1, or empty the cell."
                )
            row[column] = value
        if number > 50 * MAX_ROWS:
            raise SheetError(f"{name}: more than {MAX_ROWS} rows. Remove the empty rows at the end of the sheet.")
        if not row:
            blank += 1
            continue
        yield from ({} for _ in range(blank))
        blank = 0
        yield row


def _read_cell(cell: ExcelCell, sheet: str, row: int, column: int) -> Cell | None:
    value = cell.value
    if value is None or value == "":
        return None
    where = f"{sheet}, row {row}, column {column}"
    if cell.data_type == "f":
        raise SheetError(f"{where}: a formula. Copy the cell and paste it back as values only.")
    if cell.data_type == "e":
        raise SheetError(f"{where}: an Excel error ({value}). Replace it by what should stand there.")
    if isinstance(value, str):
        return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), value)
    if isinstance(value, datetime):
        dateless = not re.search(r"[hs]", re.sub(r'"[^"]*"|\[[^\]]*\]', "", str(cell.number_format)), re.IGNORECASE)
        return value.date() if dateless and value.time() == time() else _to_second(value)
    if isinstance(value, bool | int | float | date | time):
        return value
    raise SheetError(f"{where}: a value of this kind has no place in a form. Write it as text.")


def _to_second(value: datetime) -> datetime:
    """Excel keeps days as a fraction: 10:00:00 may come back as 09:59:59.999997."""
    from datetime import timedelta

    return (value + timedelta(milliseconds=500)).replace(microsecond=0)


# ---- writing ------------------------------------------------------------------------------------------------------
def to_xlsx(workbook: Workbook) -> bytes:
    """The bytes of an `.xlsx` file made to be edited: header in bold and frozen, filter, widths, wrapped text.

    The same workbook gives the same bytes.
    """
    from openpyxl import Workbook as ExcelWorkbook

    book = ExcelWorkbook()
    if book.active is not None:
        book.remove(book.active)
    for name, sheet in workbook.sheets.items():
        if not 0 < len(name) <= 31 or re.search(r"[\\/*?:\[\]]", name):
            raise SheetError(f"“{name}” cannot be the name of a sheet in Excel. Use at most 31 letters.")
        if name.casefold() in {title.casefold() for title in book.sheetnames}:
            raise SheetError(f"Two sheets are called “{name}”. Rename one.")
        _write(book.create_sheet(name), sheet)
    if not workbook.sheets:
        raise SheetError("A workbook needs at least one sheet.")
    raw = BytesIO()
    book.save(raw)
    return _undated(raw.getvalue())


def _write(page: Worksheet, sheet: Sheet) -> None:
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter

    wrapped = Alignment(vertical="top", wrap_text=True)
    for position, column in enumerate(sheet.columns, start=1):
        head = page.cell(1, position)
        _put(head, column)
        head.font = Font(bold=True)
        head.fill = PatternFill("solid", fgColor="DDE6EE")
        head.alignment = wrapped
        longest = max((len(str(row[column])) for row in sheet.rows if column in row), default=0)
        widest = 60 if _WIDE.search(column) else 30
        page.column_dimensions[get_column_letter(position)].width = min(max(longest, len(column), 8) + 2, widest)
    for number, row in enumerate(sheet.rows, start=2):
        for position, column in enumerate(sheet.columns, start=1):
            if column in row:
                cell = page.cell(number, position)
                _put(cell, row[column])
                cell.alignment = wrapped
    page.freeze_panes = "C2" if len(sheet.columns) > 2 and sheet.rows else "A2"
    if sheet.columns and sheet.rows:
        page.auto_filter.ref = f"A1:{get_column_letter(len(sheet.columns))}{len(sheet.rows) + 1}"


def _put(cell: ExcelCell, value: Cell) -> None:
    if isinstance(value, str):
        cell.value = _ESCAPED.sub(lambda match: f"_x005F_{match[0][1:]}", value)
        cell.data_type = "s"  # also where openpyxl took it for a formula or an error
        if value[:1] in "=+-@":
            cell.quotePrefix = True
        return
    cell.value = value
    if isinstance(value, datetime):
        cell.number_format = "yyyy-mm-dd hh:mm:ss"
    elif isinstance(value, date):
        cell.number_format = "yyyy-mm-dd"
    elif isinstance(value, time):
        cell.number_format = "hh:mm:ss"


def _undated(data: bytes) -> bytes:
    """The same file without the moment of its making, which openpyxl and ZIP write into it."""
    out = BytesIO()
    with ZipFile(BytesIO(data)) as old, ZipFile(out, "w", ZIP_DEFLATED) as new:
        for part in old.infolist():
            content = old.read(part)
            if part.filename == "docProps/core.xml":
                content = re.sub(rb"<dcterms:(\w+)[^>]*>[^<]*</dcterms:\1>", b"", content)
            info = ZipInfo(part.filename, _EPOCH)
            info.compress_type = ZIP_DEFLATED
            new.writestr(info, content)
    return out.getvalue()


# ---- compiling ----------------------------------------------------------------------------------------------------
# pyxform straightens ’ and “ ” and widens the no-break space in every cell; in words shown to people they are right.
_TYPOGRAPHY = {ord(kept): chr(0xE000 + index) for index, kept in enumerate("‘’“”\u00a0")}
_RESTORED = {ord(stand_in): chr(kept) for kept, stand_in in _TYPOGRAPHY.items()}
_WORDS = re.compile(r"^(label|hint|guidance_hint|constraint_message|required_message)\b")


def to_xform(workbook: Workbook, name: str = "data") -> tuple[str, tuple[str, ...]]:
    """What pyxform compiles from `workbook`: the XForm, its root named `name`, and pyxform's warnings.

    The workbook goes through `.xlsx`, so that what is compiled is what a form author's own tools would compile; only
    the typography of labels, hints and messages is kept where pyxform would simplify it.
    Raises `SheetError` with pyxform's message, which says what is wrong.
    """
    from pyxform.errors import PyXFormError  # type: ignore[import-untyped]
    from pyxform.xls2xform import convert  # type: ignore[import-untyped]

    data = to_xlsx(Workbook({title: _shielded(sheet) for title, sheet in workbook.sheets.items()}))
    try:
        result = convert(data, file_type=".xlsx", form_name=name, pretty_print=True)
    except PyXFormError as error:
        raise SheetError(str(error)) from error
    return result.xform.translate(_RESTORED), tuple(result.warnings)


def _shielded(sheet: Sheet) -> Sheet:
    words = {column for column in sheet.columns if _WORDS.match(column)}
    return Sheet(
        sheet.columns,
        tuple(
            {
                column: cell.translate(_TYPOGRAPHY) if column in words and isinstance(cell, str) else cell
                for column, cell in row.items()
            }
            for row in sheet.rows
        ),
    )
