"""Tables that people send (CSV, XLSX, TOML, JSON) → rows of text by column. Formulas are marked, never computed."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO, StringIO
from typing import Any
from zipfile import ZipFile

from flows.interview.excel import DAMAGE, tags
from flows.interview.sheets import parsed

LARGEST = 5_000_000  # bytes
MOST_ROWS, MOST_COLUMNS = 2_000, 60
MOST_LINES = 10 * MOST_ROWS  # the empty ones included
MAX_UNPACKED = 30_000_000  # bytes of all parts of a workbook together
MOST_TAGS = 1_000_000  # eight for a cell
KINDS = ("csv", "xlsx", "toml", "json")


class NotRead(Exception):
    """The file cannot be read: `reason` is a catalogue key, `most` what it may hold at most."""

    def __init__(self, reason: str, most: int = 0) -> None:
        super().__init__(reason)
        self.reason = reason
        self.most = most


@dataclass(frozen=True, slots=True)
class Row:
    """`number`: as a person counts them in the file, the headers being row 1; `formulas`: the columns in which there is
    one instead of a value."""

    number: int
    cells: Mapping[str, str]
    formulas: frozenset[str] = frozenset()


def read_table(name: str, content: bytes) -> tuple[tuple[str, ...], tuple[Row, ...]]:
    """Columns and rows of a file; empty rows are left out. Raises `NotRead`."""
    kind = name.rpartition(".")[2].lower()
    if kind not in KINDS:
        raise NotRead("desk.file_kind")
    if len(content) > LARGEST:
        raise NotRead("desk.file_large", LARGEST // 1_000_000)
    read = {"csv": _csv, "xlsx": _xlsx, "toml": _toml, "json": _json}[kind]
    rows: list[Row] = []
    columns: dict[str, None] = {}
    try:
        for count, row in enumerate(read(content)):
            if count > MOST_LINES:
                raise NotRead("desk.file_rows", MOST_ROWS)
            columns.update(dict.fromkeys(row.cells))
            columns.update(dict.fromkeys(sorted(row.formulas)))
            if len(columns) > MOST_COLUMNS:
                raise NotRead("desk.file_unreadable")
            if row.formulas or any(value.strip() for value in row.cells.values()):
                rows.append(row)
            if len(rows) > MOST_ROWS:
                raise NotRead("desk.file_rows", MOST_ROWS)
    except (ValueError, KeyError, TypeError, RecursionError, csv.Error):
        raise NotRead("desk.file_unreadable") from None
    if not rows:
        raise NotRead("desk.file_empty")
    return tuple(columns), tuple(rows)


def _csv(content: bytes) -> Iterator[Row]:
    text = _decoded(content)
    first = text.split("\n", 1)[0]
    delimiter = max(";,\t", key=first.count)
    lines = csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=False)
    headers = [header.strip() for header in next(lines, [])]
    for number, line in enumerate(lines, start=2):
        yield Row(number, {header: value for header, value in zip(headers, line, strict=False) if header})


def _decoded(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")


def _xlsx(content: bytes) -> Iterator[Row]:
    from openpyxl import load_workbook

    try:
        with ZipFile(BytesIO(content)) as archive:
            unpacked = sum(part.file_size for part in archive.infolist())
            if unpacked > MAX_UNPACKED or tags(archive) > MOST_TAGS:
                raise NotRead("desk.file_large", LARGEST // 1_000_000)
    except DAMAGE:
        raise NotRead("desk.file_unreadable") from None
    try:
        book = load_workbook(BytesIO(content), read_only=True, data_only=False, keep_links=False)
    except Exception:  # openpyxl raises many kinds for a damaged file
        raise NotRead("desk.file_unreadable") from None
    try:
        yield from _of_sheet(book.worksheets[0].iter_rows(max_col=4 * MOST_COLUMNS) if book.worksheets else ())
    except NotRead:
        raise
    except Exception:
        raise NotRead("desk.file_unreadable") from None
    finally:
        book.close()


def _of_sheet(lines: Iterable[Any]) -> Iterator[Row]:
    headers: list[str] = []
    for number, line in enumerate(lines, start=1):
        if number == 1:
            headers = [_text(cell.value).strip() for cell in line]
            continue
        named = [(header, cell) for header, cell in zip(headers, line, strict=False) if header]
        formulas = frozenset(header for header, cell in named if cell.data_type == "f")
        yield Row(number, {header: _text(cell.value) for header, cell in named if header not in formulas}, formulas)


def _toml(content: bytes) -> Iterator[Row]:
    return _listed(parsed(content.decode("utf-8-sig")))


def _json(content: bytes) -> Iterator[Row]:
    return _listed(json.loads(content.decode("utf-8-sig")))


def _listed(value: Any) -> Iterator[Row]:
    """Rows of a list, or of the only list of a table. They are counted as in a table, the first being row 2."""
    if isinstance(value, dict):
        lists = [one for one in value.values() if isinstance(one, list)]
        value = lists[0] if len(lists) == 1 else None
    if not isinstance(value, list):
        raise NotRead("desk.file_unreadable")
    for number, one in enumerate(value, start=2):
        if not isinstance(one, dict):
            raise NotRead("desk.file_unreadable")
        yield Row(number, {str(name).strip(): _text(cell) for name, cell in one.items()})


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list | dict):
        raise NotRead("desk.file_unreadable")
    return str(value)
