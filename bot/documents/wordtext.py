"""WordprocessingML → what a reader reads, in order: headings, paragraphs, list entries and tables, as edited.

Insertions that were tracked are taken, deletions are left out. Comments are found with the passage they are about.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator
from typing import TYPE_CHECKING, Any

from bot.documents.evidence import PREFIX as EVIDENCE
from bot.documents.pictures import PLACE
from bot.documents.wordread import Piece, Read, ReadFigure, ReadItem, ReadRow, ReadTable, Whole

if TYPE_CHECKING:
    from docx.document import Document

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_COMPATIBLE = "{http://schemas.openxmlformats.org/markup-compatibility/2006}AlternateContent"
_HEADING = re.compile(r"^(?:heading|titre|überschrift|título|encabezado) ?([1-9])$", re.IGNORECASE)
_TRANSPARENT = frozenset(
    {f"{W}{name}" for name in ("hyperlink", "ins", "moveTo", "smartTag", "sdt", "sdtContent", "fldSimple", "customXml")}
    | {f"{W}dir", f"{W}bdo"}
)
_GONE = frozenset({f"{W}del", f"{W}moveFrom"})
_PICTURES = frozenset({f"{W}drawing", f"{W}pict", f"{W}object", _COMPATIBLE})


def read_whole(document: Document, figures: Container[str] = ()) -> Whole:
    """All that `document` says in its body. `figures`: the names under which images of ours were put in."""
    return _Reader(document, figures).whole()


class _Reader:
    def __init__(self, document: Document, figures: Container[str]) -> None:
        self._document = document
        self._figures = figures
        self._drawn: dict[str, ReadFigure] = {}
        self._waiting: list[ReadFigure] = []  # those of the paragraph that is read
        self._tables = 0  # around what is read
        self._made = Whole()
        self._fields: list[bool] = []  # of each field that is open: whether its result has begun
        self._open: dict[str, list[str]] = {}
        self._evidence: dict[str, str] = {}  # bookmarks that are open: number → name
        self._names: dict[str, str] = {}
        self._numbers: dict[str, str] = {}
        for style in document.styles.element.findall(f"{W}style"):
            name = style.find(f"{W}name")
            identifier = style.get(f"{W}styleId", "")
            self._names[identifier] = (name.get(f"{W}val", "") if name is not None else identifier).lower()
            number = style.find(f"{W}pPr/{W}numPr/{W}numId")
            if number is not None:
                self._numbers[identifier] = number.get(f"{W}val", "")
        self._notes = {kind: self._notes_of(kind) for kind in ("footnote", "endnote")}

    def whole(self) -> Whole:
        made = self._made
        begun = 0
        kept: Read | None = None  # a paragraph whose mark was deleted goes on in the next
        for element in _blocks(self._document.element.body):
            if element.tag == f"{W}tbl":
                made.items += self._with_figures(kept) if kept is not None else []
                kept = None
                made.items.append(self._table(element))
                continue
            read = self._paragraph(element, len(made.items))
            if kept is not None:
                read.pieces[:0] = kept.pieces
                read.bookmarks += kept.bookmarks
                kept = None
            if element.find(f"{W}pPr/{W}rPr/{W}del") is not None:
                made.tracked = True
                kept = read
            else:
                made.items += self._with_figures(read)
            turn = element.find(f"{W}pPr/{W}sectPr")
            if turn is not None:
                self._turned(begun, turn)
                begun = len(made.items)
        if kept is not None:
            made.items += self._with_figures(kept)
        last = self._document.element.body.find(f"{W}sectPr")
        if last is not None:
            self._turned(begun, last)
        self._take_captions()
        return made

    def _with_figures(self, read: Read) -> list[ReadItem]:
        """A paragraph, then the figures in it; these alone where nothing else is there."""
        figures, self._waiting = self._waiting, []
        return [*([read] if read.text.strip() or not figures else []), *figures]

    def _turned(self, begun: int, properties: Any) -> None:
        """The tables since `begun` lie on pages of this format."""
        size = properties.find(f"{W}pgSz")
        landscape = size is not None and size.get(f"{W}orient") == "landscape"
        for item in self._made.items[begun:]:
            if isinstance(item, ReadTable):
                item.landscape = landscape

    def _take_captions(self) -> None:
        """A caption right behind a figure is the figure's, right before a table the table's; between both, that of
        which it has the mark."""
        items = self._made.items
        for place in range(len(items)):
            item = items[place]
            if not isinstance(item, Read) or item.sort != "caption":
                continue
            before, after = items[place - 1] if place else None, items[place + 1] if place + 1 < len(items) else None
            figures = any(name.startswith("_f") for name in item.bookmarks)
            if isinstance(before, ReadFigure) and (figures or not isinstance(after, ReadTable)):
                before.caption = item
            elif isinstance(after, ReadTable):
                after.caption = item
            else:
                continue
            items[place] = Read("skip", [])

    # ---- paragraphs ----
    def _paragraph(self, element: Any, place: int) -> Read:
        properties = element.find(f"{W}pPr")
        identifier = _value(properties, "pStyle")
        name = self._names.get(identifier, identifier.lower())
        numbering = properties.find(f"{W}numPr") if properties is not None else None
        number = _value(numbering, "numId") if numbering is not None else self._numbers.get(identifier, "")
        if properties is not None and properties.find(f"{W}rPr/{W}ins") is not None:
            self._made.tracked = True
        bookmarks = tuple(mark.get(f"{W}name", "") for mark in element.iter(f"{W}bookmarkStart"))
        pieces = list(self._pieces(element, place))
        read = Read("text", pieces, bookmarks=bookmarks)
        if _HEADING.match(name):
            self._evidence.clear()
        if heading := _HEADING.match(name):
            read.sort, read.level = "heading", int(heading[1])
        elif name.startswith("toc") or name in ("table of contents", "contents heading", "header", "footer"):
            read.sort = "skip"
        elif name in ("title", "subtitle") or name.startswith("cover"):
            read.sort, read.style = "cover", name
        elif name == "caption":
            read.sort = "caption"
        elif name == "source entry":
            read.sort = "source"
        elif number not in ("", "0"):
            read.sort, read.numbered = "entry", self._is_numbered(number)
        elif "quot" in name:
            read.style = "quote"
        elif name in ("note", "gap", "table gap"):
            read.style = name.rpartition(" ")[2]
        return read

    def _is_numbered(self, number: str) -> bool:
        try:
            numbering = self._document.part.numbering_part.element
        except (KeyError, NotImplementedError):
            return False
        found = numbering.find(f"{W}num[@{W}numId='{number}']/{W}abstractNumId") if number.isdigit() else None
        if found is None:
            return False
        wanted = found.get(f"{W}val", "")
        level = next(
            (
                each.find(f"{W}lvl[@{W}ilvl='0']/{W}numFmt")
                for each in numbering.findall(f"{W}abstractNum")
                if each.get(f"{W}abstractNumId") == wanted
            ),
            None,
        )
        return level is not None and level.get(f"{W}val") not in ("bullet", "none")

    def _pieces(self, element: Any, place: int) -> Iterator[Piece]:
        for child in element:
            if child.tag == f"{W}r":
                yield from self._run(child, place)
            elif child.tag in _TRANSPARENT:
                if child.tag in (f"{W}ins", f"{W}moveTo"):
                    self._made.tracked = True
                yield from self._pieces(child, place)
            elif child.tag in _GONE:
                self._made.tracked = True
            elif child.tag == f"{W}bookmarkStart":
                if (mark := child.get(f"{W}name", "")).startswith(EVIDENCE):
                    self._evidence[child.get(f"{W}id", "")] = mark
                    for number in self._open:
                        self._made.anchors.setdefault(number, {})[mark] = None
            elif child.tag == f"{W}bookmarkEnd":
                self._evidence.pop(child.get(f"{W}id", ""), None)
            elif child.tag == f"{W}commentRangeStart":
                number = child.get(f"{W}id", "")
                self._open[number] = []
                self._stands(number, place)
            elif child.tag == f"{W}commentRangeEnd":
                number = child.get(f"{W}id", "")
                if number in self._open:
                    begun = self._made.passages[number][0]
                    self._made.passages[number] = (begun, " ".join("".join(self._open.pop(number)).split()))
            elif child.tag.startswith(_M):
                yield self._said(Piece("".join(text.text or "" for text in child.iter(f"{_M}t"))))

    def _stands(self, number: str, place: int) -> None:
        """A comment begins here."""
        self._made.passages.setdefault(number, (place, ""))
        self._made.anchors.setdefault(number, {}).update(dict.fromkeys(self._evidence.values()))

    def _run(self, run: Any, place: int) -> Iterator[Piece]:
        style = self._names.get(_value(run.find(f"{W}rPr"), "rStyle"), "")
        role = "citation" if style.endswith("citation") else "remark" if style == "remark" else ""
        for child in run:
            if child.tag == f"{W}fldChar":
                self._field(child.get(f"{W}fldCharType", ""))
            elif child.tag == f"{W}commentReference":
                if (number := child.get(f"{W}id", "")) not in self._made.passages:
                    self._stands(number, place)
            elif child.tag in _PICTURES:
                self._picture(child)
            elif not self._fields or self._fields[-1]:
                written = self._written(child)
                if written:
                    yield self._said(Piece(written, role))

    def _picture(self, element: Any) -> None:
        """An image: a figure of ours where it has its name and is the first of it, and stands outside tables."""
        name = next((each.get("name", "") for each in element.iter(PLACE)), "")
        if not self._tables and name in self._figures and name not in self._drawn:
            self._drawn[name] = ReadFigure(name)
            self._waiting.append(self._drawn[name])
        else:
            self._made.pictures += 1

    def _field(self, kind: str) -> None:
        if kind == "begin":
            self._fields.append(False)
        elif kind == "separate" and self._fields:
            self._fields[-1] = True
        elif kind == "end" and self._fields:
            self._fields.pop()

    def _written(self, child: Any) -> str:
        match child.tag.removeprefix(W):
            case "t":
                return child.text or ""
            case "tab":
                return " "
            case "br":
                return "" if child.get(f"{W}type") in ("page", "column") else "\n"
            case "cr":
                return "\n"
            case "noBreakHyphen":
                return "\u2011"
            case "sym":
                return _symbol(child.get(f"{W}char", ""))
            case "footnoteReference" | "endnoteReference":
                kind = child.tag.removeprefix(W).removesuffix("Reference")
                note = self._notes[kind].get(child.get(f"{W}id", ""), "")
                return f" ({note})" if note else ""
        return ""

    def _said(self, piece: Piece) -> Piece:
        for words in self._open.values():
            words.append(piece.text)
        return piece

    def _notes_of(self, kind: str) -> dict[str, str]:
        """The footnotes or endnotes, by number."""
        from lxml import etree

        found: dict[str, str] = {}
        for relation in self._document.part.rels.values():
            if relation.reltype.endswith(f"/{kind}s") and not relation.is_external:
                parser = etree.XMLParser(resolve_entities=False, no_network=True)
                for note in etree.fromstring(relation.target_part.blob, parser).iter(f"{W}{kind}"):
                    words = " ".join("".join(text.text or "" for text in note.iter(f"{W}t")).split())
                    found[str(note.get(f"{W}id"))] = words
        return found

    # ---- tables ----
    def _table(self, element: Any) -> ReadTable:
        place = len(self._made.items)
        self._evidence.clear()
        grid = [int(each.get(f"{W}w", "0") or 0) for each in element.findall(f"{W}tblGrid/{W}gridCol")]
        total = sum(grid)
        self._tables += 1
        rows = [row for each in _within(element, f"{W}tr") if (row := self._row(each, place)) is not None]
        self._tables -= 1
        return ReadTable(rows, tuple(width / total for width in grid) if total and all(grid) else ())

    def _row(self, element: Any, place: int) -> ReadRow | None:
        properties = element.find(f"{W}trPr")
        if properties is not None and properties.find(f"{W}del") is not None:
            self._made.tracked = True
            return None
        if properties is not None and properties.find(f"{W}ins") is not None:
            self._made.tracked = True
        cells = list(_within(element, f"{W}tc"))
        first = cells[0].find(f"{W}tcPr/{W}gridSpan") if len(cells) == 1 else None
        span = first is not None
        header = (properties is not None and properties.find(f"{W}tblHeader") is not None) or self._is_head(cells)
        return ReadRow([self._cell(cell, place) for cell in cells], span, header)

    def _is_head(self, cells: list[Any]) -> bool:
        """Whether a row is the head of a table by its style: some formats lose that it is repeated."""
        styles = [_value(one.find(f"{W}pPr"), "pStyle") for cell in cells for one in cell.findall(f"{W}p")]
        return bool(styles) and all(self._names.get(style, "") == "table heading" for style in styles)

    def _cell(self, element: Any, place: int) -> list[Read]:
        self._evidence.clear()
        found: list[Read] = []
        for block in _blocks(element):
            if block.tag == f"{W}tbl":  # a table in a cell is read as its paragraphs
                for row in self._table(block).rows:
                    found.extend(read for cell in row.cells for read in cell)
            else:
                found.append(self._paragraph(block, place))
        return [read for read in found if read.text.strip()]


def _blocks(element: Any) -> Iterator[Any]:
    """The paragraphs and tables in `element`, those in content controls too."""
    for child in element:
        if child.tag in (f"{W}p", f"{W}tbl"):
            yield child
        elif child.tag in (f"{W}sdt", f"{W}sdtContent", f"{W}customXml", f"{W}ins", f"{W}moveTo"):
            yield from _blocks(child)


def _within(element: Any, wanted: str) -> Iterator[Any]:
    for child in element:
        if child.tag == wanted:
            yield child
        elif child.tag in (f"{W}sdt", f"{W}sdtContent", f"{W}customXml"):
            yield from _within(child, wanted)


def _value(properties: Any, name: str) -> str:
    found = properties.find(f"{W}{name}") if properties is not None else None
    return str(found.get(f"{W}val", "")) if found is not None else ""


def _symbol(code: str) -> str:
    """A letter of a symbol font; nothing where it is one of the font's own."""
    try:
        letter = int(code, 16)
    except ValueError:
        return ""
    return "" if 0xE000 <= letter <= 0xF8FF or not 0x20 <= letter < 0xD800 else chr(letter)
