"""All answers as a list to look through on a phone: page by page, each with a number to change it."""

from __future__ import annotations

from flows.interview.asking import token_of
from flows.interview.events import Entry, Reviewed
from flows.interview.form import Repeat
from flows.interview.plan import rows_around
from flows.interview.sitting import Sitting
from flows.interview.walk import SETTLED, steps

PAGE = 8


def entries(sitting: Sitting) -> list[Entry]:
    """Every relevant answer in document order; a line for each removable row stands before its answers."""
    mode, sitting.mode = sitting.mode, "full"
    try:
        paths = [step.path for step in steps(sitting) if step.kind == "question"]
    finally:
        sitting.mode = mode
    found: list[Entry] = []
    opened: set[str] = set()
    for path in _document_order(sitting, paths):
        record = sitting.records.get(path)
        if record is None or record.status not in SETTLED:
            continue
        section = _section(sitting, path)
        for repeat, number in rows_around(path):
            row = f"{repeat}[{number}]"
            node = sitting.node(repeat)
            if row not in opened and isinstance(node, Repeat) and not node.counted:
                opened.add(row)
                label = sitting.row_label(row)
                found.append(Entry(len(found) + 1, row, label, "", "", is_row=True, section=section, row_label=label))
        found.append(
            Entry(
                len(found) + 1,
                path,
                sitting.label(path),
                sitting.display(path),
                record.status,
                record.confidential,
                section=section,
                row_label=sitting.row_label(path),
            )
        )
    return found


def page(sitting: Sitting, wanted: int) -> Reviewed:
    """Page `wanted` (from 0), or the nearest there is."""
    found = entries(sitting)
    pages = max(1, -(-len(found) // PAGE))
    number = min(max(wanted, 0), pages - 1)
    return Reviewed(tuple(found[number * PAGE : (number + 1) * PAGE]), number, pages, token_of(sitting))


def _section(sitting: Sitting, path: str) -> str:
    top = "/".join(path.split("/")[:3]).partition("[")[0]
    return sitting.label(top) if path != top else ""


def _document_order(sitting: Sitting, paths: list[str]) -> list[str]:
    """Core and rest merged again: rows by number, questions as the form has them."""
    position = {node.path: number for number, node in enumerate(sitting.form.walk())}

    def key(path: str) -> tuple[tuple[int, int], ...]:
        parts = path.split("/")
        found: list[tuple[int, int]] = []
        bare = parts[0]
        for part in parts[1:]:
            name, _, number = part.partition("[")
            bare = f"{bare}/{name}"
            found.append((position.get(bare, 0), int(number[:-1]) if number else 0))
        return tuple(found)

    return sorted(paths, key=key)
