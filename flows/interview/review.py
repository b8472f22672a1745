"""All answers as a list to look through on a phone: page by page, each with a number to change it."""

from __future__ import annotations

from flows.interview.asking import token_of
from flows.interview.events import Entry, Reviewed
from flows.interview.form import Repeat
from flows.interview.plan import bare, rows_around
from flows.interview.scope import is_others
from flows.interview.sitting import Sitting
from flows.interview.walk import SETTLED, outlined, own

PAGE = 8


def entries(sitting: Sitting) -> list[Entry]:
    """Every relevant answer in document order, for a colleague those of their part; a line for each removable row
    stands before its answers."""
    outline = own(sitting) if sitting.scope else outlined(sitting)
    paths = [step.path for step in outline.every if step.kind == "question"]
    found: list[Entry] = []
    opened: set[str] = set()
    for path in paths:
        record = sitting.records.get(path)
        if record is None or record.status not in SETTLED:
            continue
        section = _section(sitting, path)
        for repeat, number in rows_around(path):
            row = f"{repeat}[{number}]"
            node = sitting.node(repeat)
            if row not in opened and isinstance(node, Repeat) and not node.counted and not is_others(sitting, row):
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
                row_label=sitting.row_label(path[: path.rfind("]") + 1]),
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
    number = sitting.plan.section_of.get(bare(path))
    return "" if number is None else sitting.label(sitting.plan.sections[number].path)
