"""The annex of documents: what contributors named and agreed to have quoted."""

from __future__ import annotations

from collections.abc import Iterator

from flows.country.draft.desk import Desk, alike
from flows.country.guide import Row, Section, Statement
from flows.country.names import folded
from flows.country.objects import Document


def annex(desk: Desk) -> Iterator[Section]:
    """The documents that may be quoted, by kind, each with all who named it; none where there are none."""
    found = quotable(desk)
    if not found:
        return
    kinds = desk.dossier.wording.choices("document_kind")
    order = {kind: place for place, kind in enumerate(kinds)}
    found.sort(key=lambda item: order.get(item.kind.value, len(order)) if item.kind is not None else len(order))
    table = desk.table(
        "references",
        (_row(desk, same) for same in alike(found, _identity)),
        (50, 22, 28),
        ("document", "document_kind", "entity"),
    )
    intro = desk.paragraph("references_intro")
    yield Section("references", "", desk.text("section_references"), (intro, table))


def quotable(desk: Desk) -> list[Document]:
    """The documents that may be quoted by name."""
    return [item for item in desk.dossier.documents if item.quote is not None and item.quote.value == "yes"]


def _identity(item: Document) -> tuple[object, ...]:
    """Two that were given the same title and year are one; one without a title is like no other."""
    if item.title is None:
        return item.by, item.row
    return folded(item.title.value) or item.title.value, item.year.value if item.year is not None else ""


def _row(desk: Desk, same: list[Document]) -> Row:
    by = tuple(dict.fromkeys(item.by for item in same))
    files: dict[str, Statement] = {}
    for item in same:
        files |= {one.text: one for one in desk.files(item.url, item.file)}
    kind = next((item.kind for item in same if item.kind is not None), None)
    title = desk.titled(same[0].title, same[0].year, *by)
    return Row((desk.cell(title, *files.values()), desk.cell(kind), desk.cell(desk.entity(*by))))
