"""The audit log as a file: one entry a line, for machines or for a spreadsheet."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable
from dataclasses import fields
from datetime import datetime

from db.audit import Entry

MOST_BYTES = 500_000_000
_NAMES = tuple(item.name for item in fields(Entry))


def as_jsonl(entries: Iterable[Entry]) -> bytes:
    """An entry a line, with the hash that seals it to the one before."""
    return "".join(json.dumps(_row(one), ensure_ascii=False) + "\n" for one in entries).encode()


def from_jsonl(content: bytes) -> list[Entry] | int:
    """The entries of what `as_jsonl` wrote; the number of the first line that is none, 0 where there is too much."""
    if len(content) > MOST_BYTES:
        return 0
    found = []
    for number, line in enumerate(content.splitlines(), 1):
        try:
            found.append(_entry(json.loads(line)))
        except (ValueError, TypeError, KeyError, RecursionError):
            return number
    return found


def _entry(row: dict[str, object]) -> Entry:
    words = {name: row[name] for name in _NAMES if name not in ("at", "actor_id", "subject_id")}
    numbers = [row[name] for name in ("actor_id", "subject_id")]
    if set(row) != set(_NAMES) or not all(isinstance(one, str) for one in words.values()):
        raise ValueError(row)
    if not all(one is None or type(one) is int for one in numbers):
        raise ValueError(row)
    at = datetime.fromisoformat(str(row["at"]))
    if at.tzinfo is None:
        raise ValueError(row)
    return Entry(**{**row, "at": at})  # type: ignore[arg-type]


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
