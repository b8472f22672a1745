"""An XLSForm as text that can be diffed (TOML), and as the Excel workbook people edit. Nothing is lost either way.

A workbook is a few sheets; a sheet is its columns and its rows; a cell is text, a number, a truth value, a date, a
date and time, or a time of day. The TOML text holds one table per row, keyed by the column headers, and the order of
the columns under `[columns]`. TOML is typed and strict: `yes`, `no` and `007` stay text because they are quoted.

What both formats cannot hold alike is settled once, in `Sheet`: an empty cell is no cell, line breaks are `\\n`, and a
whole number is an integer (Excel knows no other difference between 1 and 1.0).
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from math import isfinite
from typing import Any

Cell = str | int | float | bool | date | datetime | time
Row = Mapping[str, Cell]

COLUMNS = "columns"  # the table of the text that holds the order of the columns
MAX_ROWS, MAX_COLUMNS = 20_000, 300
_DEEP_KEY = re.compile(
    r"""(?<![\w"'-])(?:(?:[\w-]++|"(?:[^"\\\n]|\\.)*+"|'[^'\n]*+')[ \t]*+\.[ \t]*+){64}"""  # in linear time
)


class SheetError(ValueError):
    """A workbook that cannot be read or written. The message names sheet, row and column, and what to do instead."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """`rows` hold only the cells that have something in them; every key is one of `columns`."""

    columns: tuple[str, ...]
    rows: tuple[Row, ...] = ()

    @classmethod
    def of(cls, name: str, columns: tuple[str, ...], rows: Iterator[Mapping[str, object]]) -> Sheet:
        """The sheet `name` with its cells checked and put into the one form that both formats hold."""
        if len(columns) > MAX_COLUMNS:
            raise SheetError(f"{name}: {len(columns)} columns; at most {MAX_COLUMNS} are read. Remove the unused ones.")
        seen: set[str] = set()
        for column in columns:
            if not column or column in seen:
                raise SheetError(
                    f"{name}, row 1: the header “{column}” is empty or used twice. Give each column a name."
                )
            seen.add(column)
        kept: list[Row] = []
        for number, row in enumerate(rows, start=2):
            if number > MAX_ROWS:
                raise SheetError(f"{name}: more than {MAX_ROWS} rows. Remove the empty rows at the end of the sheet.")
            cells: dict[str, Cell] = {}
            for column in columns:
                cell = _cell(row.get(column), f"{name}, row {number}, column “{column}”")
                if cell is not None:
                    cells[column] = cell
            if unknown := [key for key in row if key not in seen]:
                raise SheetError(f"{name}, row {number}: “{unknown[0]}” is not among the columns. Add it to [columns].")
            kept.append(cells)
        while kept and not kept[-1]:
            kept.pop()
        return cls(columns, tuple(kept))


@dataclass(frozen=True, slots=True)
class Workbook:
    """Sheets by name, in order."""

    sheets: Mapping[str, Sheet]

    def rows(self, name: str) -> tuple[Row, ...]:
        """The rows of the sheet `name`; none where there is no such sheet."""
        sheet = self.sheets.get(name)
        return sheet.rows if sheet else ()


def _cell(value: object, where: str) -> Cell | None:
    if value is None or value == "":
        return None
    if isinstance(value, str):
        text = value.replace("\r\n", "\n").replace("\r", "\n")
        if any(not _allowed(character) for character in text):
            raise SheetError(f"{where}: holds a control character that no spreadsheet can store. Remove it.")
        if len(text) > 32_767:
            raise SheetError(f"{where}: longer than the 32,767 characters that a cell can hold. Shorten it.")
        return text
    if isinstance(value, bool):
        return value
    if isinstance(value, int | float):
        if not isfinite(value) or (isinstance(value, int) and abs(value) > 2**53):
            raise SheetError(f"{where}: a spreadsheet cannot hold the number {value}. Write it as text, in quotes.")
        if isinstance(value, int):
            return value
        rounded = float(f"{value:.15g}")  # all that Excel keeps
        return int(rounded) if rounded.is_integer() and abs(rounded) < 1e15 else rounded
    if isinstance(value, datetime):
        if value.tzinfo is not None or value.year < 1901:
            raise SheetError(f"{where}: a date and time before 1901 or with a time zone. Write it as text, in quotes.")
        return value.replace(microsecond=0)
    if isinstance(value, date):
        if value.year < 1901:
            raise SheetError(f"{where}: a date before 1901. Write it as text, in quotes.")
        return value
    if isinstance(value, time):
        return value.replace(microsecond=0, tzinfo=None)
    raise SheetError(f"{where}: a value of this kind has no place in a form. Write it as text, in quotes.")


def _allowed(character: str) -> bool:
    return (
        character in "\n\t"
        or (character >= " " and not "\ud800" <= character <= "\udfff" and character < "\ufffe")
        or character > "\uffff"
    )


# ---- text ---------------------------------------------------------------------------------------------------------
def parsed(text: str) -> dict[str, Any]:
    """What a TOML text holds. Raises `SheetError`, also for keys and lists within each other so deep that reading them
    would take minutes: the time grows with the square of the depth."""
    if _DEEP_KEY.search(text):
        raise SheetError("The text is not valid TOML here: a key has too many parts. Write it with at most 63 dots.")
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SheetError(f"The text is not valid TOML: {error}.") from None
    except RecursionError:
        raise SheetError("The text is not valid TOML here: lists or tables lie too deep within each other.") from None


def read_toml(text: str) -> Workbook:
    """The workbook that `text` describes. Raises `SheetError` with the line, or the sheet and row, that is wrong."""
    data = parsed(text)
    orders = data.pop(COLUMNS, None)
    if not isinstance(orders, dict):
        raise SheetError("The table [columns] is missing. It lists, for every sheet, the headers in their order.")
    sheets: dict[str, Sheet] = {}
    for name, order in orders.items():
        if not isinstance(order, list) or not all(isinstance(column, str) for column in order):
            raise SheetError(f"[columns] {name}: not a list of headers in quotes.")
        tables = data.pop(name, [])
        rows = [tables] if isinstance(tables, dict) else tables
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            raise SheetError(f"{name}: not rows. Begin every row with [[{name}]].")
        sheets[name] = Sheet.of(name, tuple(order), iter(rows))
    if data:
        raise SheetError(f"“{next(iter(data))}” is not among the sheets listed in [columns]. Add it there.")
    return Workbook(sheets)


def to_toml(workbook: Workbook) -> str:
    """The text of `workbook`; `read_toml` gives the same workbook back."""
    lines = [f"[{COLUMNS}]"]
    for name, sheet in workbook.sheets.items():
        if name == COLUMNS:
            raise SheetError(f"A sheet cannot be called “{COLUMNS}” here. Rename it.")
        lines += [f"{_key(name)} = [", *(f"  {_string(column)}," for column in sheet.columns), "]"]
    for name, sheet in workbook.sheets.items():
        for row in sheet.rows:
            head = f"[{_key(name)}]" if len(sheet.rows) == 1 and name == "settings" else f"[[{_key(name)}]]"
            lines += [
                "",
                head,
                *(f"{_key(column)} = {_value(row[column])}" for column in sheet.columns if column in row),
            ]
    return "\n".join(lines) + "\n"


def _key(text: str) -> str:
    bare = text.isascii() and text.replace("_", "a").replace("-", "a").isalnum()
    return text if bare else _basic(text)


def _value(cell: Cell) -> str:
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, str):
        return _string(cell)
    if isinstance(cell, int | float):
        return repr(cell)
    return cell.isoformat()


def _string(text: str) -> str:
    if "\n" in text:
        escaped = text.replace("\\", "\\\\").replace('"""', '""\\"').replace("\t", "\\t").replace("\x7f", "\\u007F")
        if escaped.endswith('"'):
            escaped = escaped[:-1] + '\\"'
        return f'"""\n{escaped}"""'
    if ('"' in text or "\\" in text) and "'" not in text and text.isprintable():
        return f"'{text}'"
    return _basic(text)


def _basic(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")
    return '"' + escaped.replace("\x7f", "\\u007F") + '"'
