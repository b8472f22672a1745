"""The audit log as a file: one entry a line, for machines or for a spreadsheet."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable
from dataclasses import fields

from db.audit import Entry

_NAMES = tuple(item.name for item in fields(Entry))


def as_jsonl(entries: Iterable[Entry]) -> bytes:
    """An entry a line, with the hash that seals it to the one before."""
    return "".join(json.dumps(_row(one), ensure_ascii=False) + "\n" for one in entries).encode()


def as_csv(entries: Iterable[Entry]) -> bytes:
    """The same as a table; cells that a spreadsheet would take for a formula are marked as text."""
    out = io.StringIO()
    table = csv.writer(out)
    table.writerow(_NAMES)
    for one in entries:
        table.writerow([_cell(value) for value in _row(one).values()])
    return ("\ufeff" + out.getvalue()).encode()


def _row(one: Entry) -> dict[str, object]:
    return {name: one.at.isoformat() if name == "at" else getattr(one, name) for name in _NAMES}


def _cell(value: object) -> object:
    return f"'{value}" if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r") else value
