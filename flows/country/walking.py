"""Walking through a guide: its sections, and every statement in them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from flows.country.guide import Block, Bullets, Cell, Figure, Guide, Paragraph, Section, Statement, Table
from flows.i18n import FALLBACK, base, languages, text

SUMMARY = "summary"
EXPERTS = "experts"
"""Anchor of the part that is for the experts of a draft."""
ANSWERS = "answers"
"""Anchor of the annex of an extended guide: each entity's answers."""


def sections(guide: Guide) -> Iterator[Section]:
    """Every section in the order of the pages, the summary as one of them, those inside others after these."""
    yield from _each(guide.front)
    if guide.summary:
        spoken = guide.language if base(guide.language) in languages() else FALLBACK
        yield Section(SUMMARY, "", guide.labels.get(SUMMARY) or text("documents.summary", spoken), guide.summary)
    yield from _each(guide.sections)


def _each(found: Iterable[Section]) -> Iterator[Section]:
    for section in found:
        yield section
        yield from _each(section.sections)


def titled(section: Section) -> str:
    """`I.2 Caractéristiques des sources`."""
    return " ".join(part for part in (section.number, section.title) if part)


def in_block(block: Block) -> Iterator[Statement]:
    """The statements of a block, in order."""
    match block:
        case Paragraph():
            yield from block.statements
        case Bullets():
            for item in block.items:
                yield from item.statements
        case Table():
            for row in block.rows:
                for cell in row.cells:
                    yield from cell.statements
        case Figure():  # says nothing by itself
            pass


def statements(guide: Guide) -> Iterator[Statement]:
    """Every statement, in the order of the pages."""
    return (statement for section in sections(guide) for block in section.blocks for statement in in_block(block))


def part_of(guide: Guide, source: int) -> tuple[tuple[str, Statement], ...]:
    """What rests on the source of this number: the title of the section and the statement, each pair once. What is for
    the experts only is no part of it, nor what repeats the answers."""
    beside = (EXPERTS, ANSWERS)
    shown = replace(guide, sections=tuple(section for section in guide.sections if section.anchor not in beside))
    found = (
        (titled(section), statement)
        for section in sections(shown)
        for block in section.blocks
        for statement in in_block(block)
        if source in statement.sources
    )
    return tuple(dict.fromkeys(found))


def changed(guide: Guide, change: Callable[[Statement], Statement]) -> Guide:
    """`guide` with every statement as `change` makes it."""

    def cell(one: Cell) -> Cell:
        return replace(one, statements=tuple(map(change, one.statements)))

    def block(one: Block) -> Block:
        match one:
            case Paragraph():
                return replace(one, statements=tuple(map(change, one.statements)))
            case Bullets():
                return replace(one, items=tuple(map(cell, one.items)))
            case Table():
                return replace(one, rows=tuple(replace(row, cells=tuple(map(cell, row.cells))) for row in one.rows))
            case Figure():
                return one

    def section(one: Section) -> Section:
        return replace(one, blocks=tuple(map(block, one.blocks)), sections=tuple(map(section, one.sections)))

    return replace(
        guide,
        front=tuple(map(section, guide.front)),
        summary=tuple(map(block, guide.summary)),
        sections=tuple(map(section, guide.sections)),
    )


def without_figures(guide: Guide) -> Guide:
    """`guide` without its figures, which say nothing that is not said elsewhere."""

    def blocks(found: tuple[Block, ...]) -> tuple[Block, ...]:
        return tuple(one for one in found if not isinstance(one, Figure))

    def section(one: Section) -> Section:
        return replace(one, blocks=blocks(one.blocks), sections=tuple(map(section, one.sections)))

    return replace(
        guide,
        front=tuple(map(section, guide.front)),
        summary=blocks(guide.summary),
        sections=tuple(map(section, guide.sections)),
    )
