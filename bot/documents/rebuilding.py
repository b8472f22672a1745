"""What was read from a Word document becomes a guide again, by the guide it was made from.

Whatever reads as it was printed is taken from that guide as it is: nothing is lost that a page does not show.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from bot.documents.cleaning import clean
from bot.documents.layout import lay_out, placed
from bot.documents.marks import bookmark
from bot.documents.pages import Entries, Grid, Heading, Item, Pages, Picture, Said, Text
from bot.documents.resaying import Known, even, flat, joined, resaid, segments
from bot.documents.retabling import LABEL, retabled, table_key
from bot.documents.wordread import Read, ReadFigure, ReadItem, ReadTable, Whole
from flows.country.comparing import likeness, matched
from flows.country.guide import Block, Bullets, Cell, Figure, Guide, Paragraph, Section, Statement, Table
from flows.country.walking import statements

_SOURCE = re.compile(r"^\[(\d+)\]\s*(.*)$", re.DOTALL)
_LIKELY = 0.3


@dataclass(slots=True)
class Unit:
    """A paragraph, a list entry, a table or a figure, as it was printed: `key` is what it is known by."""

    key: Hashable
    block: Block
    said: tuple[Said, ...] = ()
    cell: Cell | None = None
    grid: Grid | None = None
    picture: Picture | None = None


@dataclass(slots=True)
class Was:
    """A section of the guide as it was, with what was printed under its heading; `others`: whether that is also what
    sections without a heading say."""

    section: Section
    depth: int
    heading: Heading | None
    place: str  # front · summary · body
    units: list[Unit] = field(default_factory=list)
    others: bool = False


@dataclass(slots=True)
class Part:
    """A section as it reads now. `items`: numbers of the document's items, from its heading on."""

    heading: Read | None
    items: list[tuple[int, ReadItem]] = field(default_factory=list)
    was: Was | None = None


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """`anchors`: by number of the document's item, the anchor and title of the section it is in; `sources_edited`:
    numbers of the entries of the list of sources that read otherwise now, which is not taken."""

    guide: Guide
    anchors: dict[int, tuple[str, str]]
    sources_edited: tuple[int, ...]
    recognised: int  # sections


def rebuilt(whole: Whole, guide: Guide) -> Rebuilt:
    """The guide that `whole` says, made from `guide`."""
    return _Rebuilding(whole, guide).result()


class _Rebuilding:
    def __init__(self, whole: Whole, guide: Guide) -> None:
        self._whole = whole
        self._guide = guide
        self._pages: Pages = lay_out(guide)
        cited = (number for statement in statements(guide) for number in statement.sources)
        self._known = frozenset((*(source.number for source in guide.sources), *cited))
        self._figures: dict[str, tuple[Figure, Picture]] = {}  # by the name of their image
        self._was = self._as_printed()
        self._anchors = {was.section.anchor for was in self._was}

    def result(self) -> Rebuilt:
        parts = self._parts()
        self._match(parts)
        anchors: dict[int, tuple[str, str]] = {}
        made: list[tuple[str, int, Section]] = []
        seen_summary = False
        for part in parts:
            section, depth = self._section(part)
            where = (section.anchor, flat(f"{section.number} {section.title}"))
            anchors |= dict.fromkeys((number for number, _ in part.items), where)
            before = self._has_summary and not seen_summary
            place = part.was.place if part.was is not None else "front" if before else "body"
            seen_summary = seen_summary or place == "summary"
            made.append((place, depth, section))
        for number, item in enumerate(self._whole.items):  # captions, which belong to a figure or table beside them
            if isinstance(item, Read) and item.sort == "skip" and number - 1 in anchors:
                anchors[number] = anchors[number - 1]
        guide = replace(
            self._guide,
            title=self._cover("title", self._pages.title, self._guide.title),
            subtitle=self._cover("subtitle", self._pages.subtitle, self._guide.subtitle),
            front=_nested(made, "front"),
            summary=tuple(_flattened(made)),
            sections=_nested(made, "body"),
        )
        recognised = sum(1 for part in parts if part.was is not None and part.heading is not None)
        return Rebuilt(guide, anchors, self._sources_edited(), recognised)

    # ---- what was printed ----
    def _as_printed(self) -> list[Was]:
        found: list[Was] = []
        fronts = {id(section) for section in _all(self._guide.front)}
        for each in placed(self._guide):
            heading = each.item if isinstance(each.item, Heading) else None
            if heading is not None or not found:  # what has no heading reads as part of what is before it
                front = id(each.section) in fronts
                place = "front" if front else "summary" if self._is_summary(each.section) else "body"
                found.append(Was(each.section, each.depth, heading, place))
            found[-1].others |= found[-1].section is not each.section
            if each.block is not None:
                found[-1].units += _units(each.block, each.item)
            if isinstance(each.block, Figure) and isinstance(each.item, Picture):
                self._figures[each.item.anchor] = (each.block, each.item)
        return found

    def _is_summary(self, section: Section) -> bool:
        return section.anchor == "summary" and section.blocks is self._guide.summary

    @property
    def _has_summary(self) -> bool:
        return any(was.place == "summary" for was in self._was)

    # ---- what is there now ----
    def _parts(self) -> list[Part]:
        """The document cut at its headings; what stands before the first is a part without one."""
        parts = [Part(None)]
        in_sources = False
        for number, item in enumerate(self._whole.items):
            if isinstance(item, Read):
                if item.sort in ("cover", "skip", "source") or not item.text.strip():
                    continue
                if item.sort == "heading":
                    in_sources = self._heads_sources(number, item)
                    if not in_sources:
                        parts.append(Part(item, [(number, item)]))
                    continue
            if not in_sources:
                parts[-1].items.append((number, item))
        return parts if self._is_said(parts[0]) else parts[1:]

    def _heads_sources(self, number: int, heading: Read) -> bool:
        """Whether the list of sources follows: by the bookmark, or by what it reads and what comes after it."""
        own = self._pages.sources_heading
        after = self._whole.items[number + 1 : number + 2]
        listed = any(isinstance(item, Read) and item.sort == "source" for item in after)
        return bookmark(own.anchor) in heading.bookmarks or (listed and flat(heading.text) == flat(own.title))

    def _is_said(self, part: Part) -> bool:
        """Whether anything stands before the first heading but our own word that nothing is there."""
        empty = flat(self._pages.labels["empty"])
        return any(not isinstance(item, Read) or flat(item.text) != empty for _, item in part.items)

    def _match(self, parts: Sequence[Part]) -> None:
        """Which section each part is: by the bookmark in its heading, by its heading, or by its title."""
        waiting = list(self._was)

        def take(part: Part, found: Was | None) -> None:
            if found is not None:
                waiting.remove(found)
                part.was = found

        marks = {bookmark(was.heading.anchor): was for was in self._was if was.heading is not None}
        for part in parts:
            if part.heading is None:
                take(part, next((was for was in waiting if was.heading is None), None) if part.items else None)
                continue
            found = next((marks[name] for name in part.heading.bookmarks if name in marks), None)
            take(part, found if found in waiting else None)
        for wanted in (_named, lambda heading: flat(heading.title)):
            for part in parts:
                if part.was is None and part.heading is not None:
                    words = flat(part.heading.text)
                    take(part, next((was for was in waiting if was.heading and wanted(was.heading) == words), None))

    def _section(self, part: Part) -> tuple[Section, int]:
        was, heading = part.was, part.heading
        items = [item for _, item in part.items if item is not heading]
        units = was.units if was is not None else []
        if was is not None and not was.others and [unit.key for unit in units] == list(map(_key, items)):
            blocks = was.section.blocks  # with what it holds and no page shows
        else:
            blocks = tuple(self._blocks(items, units))
        if was is not None:
            number, title = was.section.number, was.section.title
            level = was.depth
            if heading is not None and was.heading is not None:
                if flat(heading.text) != _named(was.heading):
                    number, title = _renamed(heading.text, was.section.number)
                if heading.level != was.heading.level:
                    level = heading.level
            return replace(was.section, number=number, title=title, blocks=blocks, sections=()), level
        number, title = _renamed(heading.text, "") if heading is not None else ("", "")
        return Section(self._new_anchor(title), number, title, blocks), heading.level if heading is not None else 1

    def _new_anchor(self, title: str) -> str:
        slug = re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")[:40] or "added"
        name, count = slug, 1
        while name in self._anchors:
            count += 1
            name = f"{slug}-{count}"
        self._anchors.add(name)
        return name

    # ---- blocks ----
    def _blocks(self, items: Sequence[ReadItem], units: Sequence[Unit]) -> Iterator[Block]:
        """The blocks of a section; entries that follow one another and were one list are one list."""
        entries: list[Cell] = []
        owner: Bullets | None = None
        for item, unit in self._aligned(items, units):
            if isinstance(item, Read) and item.sort == "entry":
                block = unit.block if unit is not None and isinstance(unit.block, Bullets) else None
                begun = owner or Bullets((), item.numbered)
                if entries and ((block is not None and block is not owner) or begun.numbered != item.numbered):
                    yield replace(begun, items=tuple(entries))
                    entries, owner = [], None
                owner = block or owner or Bullets((), item.numbered)
                entries.append(self._entry(item, unit))
                continue
            if entries and owner is not None:
                yield replace(owner, items=tuple(entries))
                entries, owner = [], None
            yield self._block(item, unit)
        if entries and owner is not None:
            yield replace(owner, items=tuple(entries))

    def _aligned(self, items: Sequence[ReadItem], units: Sequence[Unit]) -> Iterator[tuple[ReadItem, Unit | None]]:
        """Each item with what it was: the same, or what it became the most alike of, in order."""
        keys = [_key(item) for item in items]
        for tag, i, ends, j, end in matched([unit.key for unit in units], keys):
            if tag == "equal":
                yield from zip(items[j:end], units[i:ends], strict=True)
                continue
            waiting = list(units[i:ends])
            for item in items[j:end]:
                likely = [(_alike(item, unit), -at) for at, unit in enumerate(waiting)]
                best, at = max(likely, default=(0.0, 0))
                if best < _LIKELY:
                    yield item, None
                else:
                    yield item, waiting[-at]
                    waiting = waiting[1 - at :]

    def _block(self, item: ReadItem, unit: Unit | None) -> Block:
        if isinstance(item, ReadFigure):
            figure, picture = self._figures[item.name]
            caption = flat(item.caption.text) if item.caption is not None else ""
            same = caption == _captioned(picture)
            return figure if same else replace(figure, caption=LABEL.sub("", caption))
        if isinstance(item, ReadTable):
            known = unit.block if unit is not None and isinstance(unit.block, Table) else None
            grid = unit.grid if unit is not None else None
            return retabled(item, known, grid, self._pages, self._known, self._new_anchor)
        if unit is not None and unit.key == _key(item):
            return unit.block
        said = resaid(segments(item.pieces, self._known), _known(unit), " \n")
        return Paragraph(said, item.style if item.style in ("body", "quote", "note", "gap") else "body")

    def _entry(self, item: Read, unit: Unit | None) -> Cell:
        if unit is not None and unit.cell is not None:
            if unit.key == _key(item):
                return unit.cell
            if not unit.cell.statements:
                return Cell(gap=even(item.text))
        return Cell(resaid(segments(item.pieces, self._known), _known(unit)))

    # ---- cover and sources ----
    def _cover(self, style: str, printed: str, known: str) -> str:
        read = next((item for item in self._whole.items if isinstance(item, Read) and item.style == style), None)
        return known if read is None or flat(read.text) in ("", flat(printed)) else flat(read.text)

    def _sources_edited(self) -> tuple[int, ...]:
        printed = {reference.number: flat(reference.text) for reference in self._pages.references if reference.anchor}
        now: dict[int, str] = {}
        for item in self._whole.items:
            found = _SOURCE.match(item.text.strip()) if isinstance(item, Read) and item.sort == "source" else None
            if found is not None:
                now.setdefault(int(found[1]), flat(found[2]))
        return tuple(sorted(number for number in printed | now if printed.get(number) != now.get(number)))


def _all(sections: Sequence[Section]) -> Iterator[Section]:
    for section in sections:
        yield section
        yield from _all(section.sections)


def _units(block: Block, item: Item) -> list[Unit]:
    match item, block:
        case Text(), Paragraph():
            return [Unit(("text", item.style, flat(" ".join(map(joined, item.said)))), block, item.said)]
        case Entries(), Bullets():
            cells = [cell for cell in block.items if any(map(_prints, cell.statements)) or even(clean(cell.gap))]
            return [
                Unit(("entry", item.numbered, flat(" ".join(map(joined, said)))), block, said, cell)
                for said, cell in zip(item.items, cells, strict=False)
            ]
        case Grid(), Table():
            return [Unit(("table", *table_key(item)), block, grid=item)]
        case Picture(), Figure():
            return [Unit(("figure", item.anchor, _captioned(item)), block, picture=item)]
    return []


def _captioned(picture: Picture) -> str:
    return flat(f"{picture.label} – {picture.caption}")


def _key(item: ReadItem) -> Hashable:
    if isinstance(item, ReadFigure):
        return ("figure", item.name, flat(item.caption.text) if item.caption is not None else "")
    if isinstance(item, ReadTable):
        return ("table", *table_key(item))
    if item.sort == "entry":
        return ("entry", item.numbered, flat(item.text))
    return ("text", item.style, flat(item.text))


def _known(unit: Unit | None) -> list[Known]:
    if unit is None:
        return []
    were: tuple[Statement, ...] = ()
    if unit.cell is not None:
        were = unit.cell.statements
    elif isinstance(unit.block, Paragraph):
        were = unit.block.statements
    return [Known(one, said) for one, said in zip(filter(_prints, were), unit.said, strict=False)]


def _prints(statement: Statement) -> bool:
    """Whether anything of a statement is printed."""
    return bool(even(clean(statement.text)))


def _alike(item: ReadItem, unit: Unit) -> float:
    """How alike an item is to what was printed; 0 where one is a table or a figure and the other not."""
    if isinstance(item, ReadFigure) or unit.picture is not None:
        same = isinstance(item, ReadFigure) and unit.picture is not None and item.name == unit.picture.anchor
        return float(same)
    if isinstance(item, ReadTable):
        return 1.0 if unit.grid is not None else 0.0
    if unit.grid is not None or (item.sort == "entry") != (unit.cell is not None):
        return 0.0
    return likeness(" ".join(map(joined, unit.said)), flat(item.text))


def _named(heading: Heading) -> str:
    return flat(f"{heading.number} {heading.title}")


def _renamed(words: str, number: str) -> tuple[str, str]:
    """Number and title of a heading as it reads: split where ours are, or after the number it had."""
    if "\u2002" in words:
        before, _, after = words.partition("\u2002")
        return flat(before), flat(after)
    words = flat(words)
    if number and words.startswith(f"{number} "):
        return number, words[len(number) + 1 :]
    return "", words


def _nested(made: Sequence[tuple[str, int, Section]], place: str) -> tuple[Section, ...]:
    """The sections of a place, those of greater depth inside the one before them."""
    own = [(depth, section) for where, depth, section in made if where == place]

    def children(start: int, above: int) -> tuple[tuple[Section, ...], int]:
        found: list[Section] = []
        while start < len(own) and own[start][0] > above:
            depth, section = own[start]
            inner, start = children(start + 1, depth)
            found.append(replace(section, sections=inner))
        return tuple(found), start

    return children(0, 0)[0]


def _flattened(made: Sequence[tuple[str, int, Section]]) -> Iterator[Block]:
    """The blocks of the summary."""
    for place, _, section in made:
        if place == "summary":
            yield from section.blocks
