"""Everything a reader of a guide sees, as plain text, by place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from flows.country.guide import Block, Bullets, Cell, Figure, Guide, Paragraph, Section, Table
from flows.i18n import text


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of text and where it stands: the number and title of a section, or the name of a file."""

    where: str
    text: str


def passages(guide: Guide) -> tuple[Passage, ...]:
    """The texts of a guide in order: cover, forewords, summary, sections, sources."""
    cover = (guide.title, guide.subtitle, guide.country_name, guide.status, guide.note, *guide.labels.values())
    sources = (line for one in guide.sources for line in (one.entity, one.speaker))
    found = [
        Passage(guide.title, _joined(cover)),
        *_sections(guide.front),
        Passage(text("documents.summary", guide.language), _joined(_blocks(guide.summary))),
        *_sections(guide.sections),
        Passage(text("documents.sources", guide.language), _joined(sources)),
    ]
    return tuple(passage for passage in found if passage.text)


def plain_text(guide: Guide) -> str:
    """The same as one text."""
    return "\n\n".join(passage.text for passage in passages(guide))


def _sections(sections: Iterable[Section]) -> Iterator[Passage]:
    for section in sections:
        where = " ".join(part for part in (section.number, section.title) if part)
        yield Passage(where, _joined([section.title, *_blocks(section.blocks)]))
        yield from _sections(section.sections)


def _blocks(blocks: Iterable[Block]) -> Iterator[str]:
    for block in blocks:
        match block:
            case Paragraph():
                yield " ".join(statement.text for statement in block.statements)
            case Bullets():
                yield from map(_cell, block.items)
            case Table():
                yield block.caption
                yield from block.columns
                yield from (_cell(cell) for row in block.rows for cell in row.cells)
            case Figure():
                yield from (block.caption, block.alt, *block.series, *block.columns)
                for mark in block.marks:
                    yield from (mark.label, mark.gap, *(name for names in mark.names for name in names))


def _cell(cell: Cell) -> str:
    return "\n".join([*(statement.text for statement in cell.statements), *([cell.gap] if cell.gap else [])])


def _joined(texts: Iterable[str]) -> str:
    return "\n".join(text for text in texts if text.strip())
