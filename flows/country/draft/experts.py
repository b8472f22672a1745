"""What the experts need beside the draft: gaps, differences, remarks, and documents received."""

from __future__ import annotations

from collections.abc import Iterator

from flows.country.contribution import Said
from flows.country.dossier import Difference, Gap
from flows.country.draft.desk import Desk
from flows.country.guide import Block, Section, Statement
from flows.country.objects import Document


def sections(desk: Desk) -> tuple[Section, ...]:
    """A. Gaps · B. Differences · C. Documents received · D. Remarks."""
    return (
        Section("gaps", "A", desk.text("section_gaps"), tuple(_gaps(desk))),
        Section("differences", "B", desk.text("section_differences"), tuple(_differences(desk))),
        Section("documents", "C", desk.text("section_documents"), tuple(_documents(desk))),
        Section("remarks", "D", desk.text("section_remarks"), tuple(_remarks(desk))),
    )


def _gaps(desk: Desk) -> Iterator[Block]:
    if not desk.dossier.missing:
        yield desk.paragraph("no_gaps")
        return
    yield desk.paragraph("gaps_intro")
    yield from desk.bullets([_gap(desk, gap)] for gap in desk.dossier.missing)


def _gap(desk: Desk, gap: Gap) -> Statement:
    values = {**{name: desk.choice(*pair) for name, pair in gap.choices.items()}, **gap.values}
    if "entity_class" in values:
        values["entity_class"] = desk.text(f"class_{values['entity_class']}")
    return desk.fixed(f"gap_{gap.kind}", *gap.by, n=None, **values)


def _differences(desk: Desk) -> Iterator[Block]:
    if not desk.dossier.differences:
        yield desk.paragraph("no_differences")
        return
    yield desk.paragraph("differences_intro")
    for difference in desk.dossier.differences:
        about = difference.about if isinstance(difference.about, str) else desk.choice(*difference.about)
        yield desk.paragraph(f"difference_{difference.kind}", about=about)
        yield from desk.bullets(_side(desk, difference, side) for side in difference.sides)


def _side(desk: Desk, difference: Difference, side: Said) -> list[Statement]:
    if difference.kind == "two_leads" and side.name.endswith("_role"):
        return [desk.fixed("leads_by_itself", side.by, entity=desk.entity_name(desk.voice(side.by)))]
    return [desk.fixed("according_to", side.by, entity=desk.entity_name(desk.voice(side.by))), desk.say(side)]


def _documents(desk: Desk) -> Iterator[Block]:
    """Documents that may be quoted by name; the others are only counted."""
    quotable = [item for item in desk.dossier.documents if item.quote is not None and item.quote.value == "yes"]
    yield from desk.bullets(_document(desk, item) for item in quotable)
    others = len(desk.dossier.documents) - len(quotable)
    if others:
        yield desk.paragraph("documents_unquoted", n=others)
    if not desk.dossier.documents:
        yield desk.gap("no_documents")


def _document(desk: Desk, item: Document) -> list[Statement]:
    title = desk.say(item.title) if item.title is not None else desk.fixed("untitled", item.by)
    more = [desk.say(item.kind)] if item.kind is not None else []
    more += [desk.named("year", item.year)] if item.year is not None else []
    return [title, *more, *desk.files(item.url, item.file)]


def _remarks(desk: Desk) -> Iterator[Block]:
    yield from desk.bullets([desk.entity(said.by), desk.say(said)] for said in desk.dossier.remarks)
    if not desk.dossier.remarks:
        yield desk.gap("no_remarks")
