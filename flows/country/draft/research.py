"""Desk research: what entities confirmed, in its section; the country's context, which rests on it alone; what is only
proposed, for the experts of a draft."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from flows.country.differences import identity, of_name
from flows.country.dossier import Cited
from flows.country.draft.desk import Desk
from flows.country.guide import Block, Cell, Paragraph, Row, Section, Statement
from flows.questionnaires.topics import CONTEXT

_ELSEWHERE = "IV"  # the section of a finding about none


def with_findings(desk: Desk, sections: Iterable[Section]) -> tuple[Section, ...]:
    """The sections, each with the findings confirmed for it at its end, after what the entities said themselves."""
    made = tuple(sections)
    numbers = {section.number for section in made} | {part.number for section in made for part in section.sections}
    by_section: dict[str, list[Cited]] = {}
    for cited in _of(desk, "confirmed"):
        if cited.finding.section == CONTEXT:
            continue  # told by `context`
        by_section.setdefault(_section_of(desk, cited, numbers), []).append(cited)
    return tuple(_filled(desk, section, by_section) for section in made)


def context(desk: Desk, *, always: bool) -> Iterator[Section]:
    """The country's migration context and legal framework, as confirmed, in running text. No question asks for it.

    `always`: where nothing is confirmed, the section says so instead of being left out.
    """
    blocks: list[Block] = []
    for cited in _of(desk, "confirmed"):
        if cited.finding.section == CONTEXT:
            *before, last = [part for part in cited.finding.text.split("\n\n") if part.strip()] or [""]
            blocks += [Paragraph((_text(desk, cited, part),)) for part in before]
            blocks.append(Paragraph((_text(desk, cited, last), _confirmed(desk, cited))))
    if blocks or always:
        yield Section("context", CONTEXT, desk.text("section_2_5"), tuple(blocks) or (desk.gap("no_context"),))


def _filled(desk: Desk, section: Section, found: dict[str, list[Cited]]) -> Section:
    blocks = section.blocks
    if own := found.get(section.number) if section.number else None:
        entries = ([_text(desk, cited), _confirmed(desk, cited)] for cited in own)
        blocks = (*blocks, desk.paragraph("findings"), *desk.bullets(entries))
    parts = tuple(_filled(desk, part, found) for part in section.sections)
    return replace(section, blocks=blocks, sections=parts)


def _of(desk: Desk, status: str) -> list[Cited]:
    return [cited for cited in desk.dossier.findings if cited.finding.status == status]


def _section_of(desk: Desk, cited: Cited, numbers: set[str]) -> str:
    """The section that a finding names, or its question does; else the one above it."""
    attributes = desk.dossier.wording.attributes.get(cited.finding.field, {})
    wanted = cited.finding.section or next(iter(attributes.get("section", "").split()), "")
    while wanted and wanted not in numbers:
        wanted = wanted.rpartition(".")[0]
    return wanted or _ELSEWHERE


def _text(desk: Desk, cited: Cited, part: str = "") -> Statement:
    """A finding, or a part of it."""
    finding = cited.finding
    return desk.free(part or finding.text, finding.language, cited.number, question=finding.field)


def _confirmed(desk: Desk, cited: Cited) -> Statement:
    return desk.fixed("finding_confirmed", cited.number, entity=_asked(desk, cited))


def _asked(desk: Desk, cited: Cited) -> str:
    """Who was asked: by the short name where it is an entity of the dossier."""
    wanted = of_name(desk.dossier, cited.finding.entity)
    voice = next((voice for voice in desk.dossier.voices if identity(voice) == wanted), None)
    return desk.short_name(voice) if voice is not None else cited.finding.entity or desk.text("entity_concerned")


def has_proposals(desk: Desk) -> bool:
    return bool(_of(desk, "proposed"))


def proposals(desk: Desk, numbers: Mapping[str, str]) -> Iterator[Block]:
    """What awaits an entity's word, by section. `numbers`: of the outline of 2013 → of the guide."""
    yield desk.paragraph("proposals_intro")
    rows = []
    for cited in _of(desk, "proposed"):
        code = desk.dossier.wording.attributes.get(cited.finding.field, {}).get("id", cited.finding.field)
        place = ", ".join(part for part in (numbers.get(cited.finding.section, cited.finding.section), code) if part)
        asked = desk.fixed("to_be_confirmed", entity=_asked(desk, cited))
        sure = desk.fixed(f"confidence_{cited.finding.confidence}")
        told = Cell((_text(desk, cited), sure))
        rows.append(Row((desk.cell(Statement(place) if place else None), told, Cell((asked,)))))
    yield desk.table("proposals", rows, (14, 56, 30), ("place", "proposal", "state"))
