"""Pages → WordprocessingML: paragraphs, tables and fields that name the styles of the Word template.

Every function returns XML text. What people wrote passes through `escaped` and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bot.documents.addresses import parted
from bot.documents.escaping import escaped as escaped
from bot.documents.evidence import Anchors
from bot.documents.marks import bookmark
from bot.documents.pages import Entries, Grid, Heading, Item, Leaf, Line, Pages, Picture, Reference, Said, Text, runs
from bot.documents.paging import page_numbers
from bot.documents.pictures import drawing
from bot.documents.provenance import Provenance
from flows.i18n import base

_STYLES = {"body": "BodyText", "quote": "Quote", "note": "Note", "gap": "Gap"}
_LOCALES = {"fr": "fr-FR", "en": "en-GB", "pt": "pt-PT", "es": "es-ES", "ar": "ar-SA"}
_BAND_FILL = "F1F4F8"
_BELOW = '<w:keepNext w:val="0"/><w:spacing w:before="60" w:after="220"/>'  # of a caption under its figure
TWIPS = 1440 / 2.54  # in a centimetre
_FIRST_MARK = 100_000_000  # Word knows its own bookmarks of headings by "_Toc" and nine digits


@dataclass(frozen=True, slots=True)
class Paper:
    """The template's two kinds of page: their section properties as XML, and the width and height of their text
    in twips."""

    portrait: str
    landscape: str
    portrait_width: int
    landscape_width: int
    portrait_height: int
    landscape_height: int

    def in_points(self) -> tuple[tuple[float, float], tuple[float, float]]:
        """Width and height of the text, portrait and landscape."""
        return (
            (self.portrait_width / 20, self.portrait_height / 20),
            (self.landscape_width / 20, self.landscape_height / 20),
        )


def locale(language: str) -> str:
    """The language tag that Word's proofing knows."""
    return escaped(_LOCALES.get(base(language), language))


class Writer:
    """Writes the parts of one document; `numbered_lists` counts the lists that need a numbering of their own.

    `comments`: their lines, by number, where there is a `provenance` to tell; `images`: anchor of a figure → the
    relation to its image."""

    def __init__(
        self,
        pages: Pages,
        paper: Paper,
        first_list: int,
        provenance: Provenance | None = None,
        images: Mapping[str, str] | None = None,
    ) -> None:
        self._pages = pages
        self._images = images or {}
        self._provenance = provenance
        self._anchors = Anchors()
        self.comments: list[tuple[str, ...]] = []
        self._paper = paper
        self._first_list = first_list
        self._marks: dict[str, str] = {}
        self._mark_id = 0
        self.numbered_lists = 0
        self._cited_already: set[int] = set()
        for place, heading in enumerate(pages.headings()):
            self._marks[heading.anchor] = f"_Toc{_FIRST_MARK + place}"

    def contents(self) -> str:
        """The table of contents: a field whose entries are already there, each a link to its heading."""
        entries = [heading for heading in self._pages.headings() if heading.level <= 2]
        if not entries:
            return ""
        numbers = page_numbers(self._pages, *self._paper.in_points())
        begin = (
            f'{_field("begin")}<w:r><w:instrText xml:space="preserve"> TOC \\o "1-2" \\h \\z \\u </w:instrText></w:r>'
            f"{_field('separate')}"
        )
        lines = []
        for place, heading in enumerate(entries):
            lines.append(
                f'<w:p><w:pPr><w:pStyle w:val="TOC{heading.level}"/></w:pPr>{begin if place == 0 else ""}'
                f'<w:hyperlink w:anchor="{self._marks[heading.anchor]}" w:history="1">{_run(_titled(heading))}'
                f"<w:r><w:tab/></w:r>{self._page_of(heading, numbers)}"
                f"</w:hyperlink>{_field('end') if place == len(entries) - 1 else ''}</w:p>"
            )
        return "".join(lines)

    def _page_of(self, heading: Heading, numbers: Mapping[str, int]) -> str:
        """A field with the heading's page; the number in it is ours until Word updates it."""
        return (
            f'{_field("begin")}<w:r><w:instrText xml:space="preserve"> PAGEREF {self._marks[heading.anchor]} \\h '
            f"</w:instrText></w:r>{_field('separate')}{_run(str(numbers[heading.anchor]))}{_field('end')}"
        )

    def body(self) -> str:
        """All leaves; the paper turns between them. The last pages are portrait."""
        parts: list[str] = []
        for leaf in self._pages.leaves:
            parts.extend(self._leaf(leaf))
            follows = leaf is not self._pages.leaves[-1] or leaf.landscape
            if follows:
                properties = self._paper.landscape if leaf.landscape else self._paper.portrait
                parts.append(f'<w:p><w:pPr><w:pStyle w:val="PageTurn"/>{properties}</w:pPr></w:p>')
        return "".join(parts)

    def sources(self) -> str:
        """The list of sources, each a bookmark that citations point to."""
        if not self._pages.references:
            return ""
        return self._heading(
            self._pages.sources_heading,
            new_page=self._pages.sources_heading.new_page,
            at_top=self._pages.sources_heading.new_page,
        ) + "".join(self._reference(reference) for reference in self._pages.references)

    def _leaf(self, leaf: Leaf) -> Iterator[str]:
        for place, item in enumerate(leaf.items):
            yield self._item(item, leaf, first=place == 0)

    def _item(self, item: Item, leaf: Leaf, *, first: bool) -> str:
        match item:
            case Heading():
                return self._heading(item, new_page=item.new_page and not first, at_top=first or item.new_page)
            case Text():
                return self._paragraph(_STYLES[item.style], item.said, "<w:keepNext/>" if item.leads else "")
            case Entries():
                return self._list(item)
            case Picture():
                return self._picture(item)
            case Grid():
                return self._grid(item, self._paper.landscape_width if leaf.landscape else self._paper.portrait_width)

    def _heading(self, heading: Heading, *, new_page: bool, at_top: bool) -> str:
        named = _run(_titled(heading))
        turn = "<w:pageBreakBefore/>" if new_page else ""
        if at_top:
            turn += '<w:spacing w:before="0"/>'
        return (
            f'<w:p><w:pPr><w:pStyle w:val="Heading{heading.level}"/>{turn}</w:pPr>'
            f"{self._marked(self._marks[heading.anchor], self._marked(bookmark(heading.anchor), named))}</w:p>"
        )

    def _paragraph(self, style: str, said: tuple[Said, ...], properties: str = "") -> str:
        rtl = "<w:bidi/>" if said and all(one.rtl for one in said) else ""
        begins, ends = self._evidence(said)
        runs = _run(" ").join(self._said(one) for one in said)
        return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{properties}{rtl}</w:pPr>{begins}{runs}{ends}</w:p>'

    def _evidence(self, said: tuple[Said, ...]) -> tuple[str, str]:
        """What stands before and behind statements that rest on answers: their bookmark, and the comment on them."""
        name = self._anchors.of(said)
        if not name:
            return "", ""
        self._mark_id += 1
        begins = f'<w:bookmarkStart w:id="{self._mark_id}" w:name="{name}"/>'
        ends = f'<w:bookmarkEnd w:id="{self._mark_id}"/>'
        told = self._provenance.told(said) if self._provenance is not None else ()
        if told:
            number = len(self.comments)
            self.comments.append(told)
            begins += f'<w:commentRangeStart w:id="{number}"/>'
            ends = f'<w:commentRangeEnd w:id="{number}"/><w:r><w:commentReference w:id="{number}"/></w:r>{ends}'
        return begins, ends

    def _list(self, entries: Entries) -> str:
        properties = ""
        if entries.numbered:
            number = self._first_list + self.numbered_lists
            self.numbered_lists += 1
            properties = f'<w:numPr><w:ilvl w:val="0"/><w:numId w:val="{number}"/></w:numPr>'
        style = "ListNumber" if entries.numbered else "ListBullet"
        lines = []
        for said in entries.items:
            rtl = "<w:bidi/>" if all(one.rtl for one in said) else ""
            begins, ends = self._evidence(said)
            runs = "<w:r><w:br/></w:r>".join(self._said(one) for one in said)
            lines.append(f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{properties}{rtl}</w:pPr>{begins}{runs}{ends}</w:p>')
        return "".join(lines)

    def _grid(self, grid: Grid, width: int) -> str:
        widths = [int(share * width) for share in grid.widths]
        columns = "".join(f'<w:gridCol w:w="{each}"/>' for each in widths)
        header = "".join(
            _cell(each, f'<w:p><w:pPr><w:pStyle w:val="TableHeading"/></w:pPr>{_run(name)}</w:p>')
            for each, name in zip(widths, grid.columns, strict=True)
        )
        titled = any(grid.columns)
        header = f"<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>{header}</w:tr>" if titled else ""
        caption = f'<w:tblCaption w:val="{escaped(grid.caption)}"/>' if grid.caption else ""
        last = len(grid.lines) - 1
        rows = "".join(
            self._line(line, widths, together=place < last and (grid.whole or place == 0))
            for place, line in enumerate(grid.lines)
        )
        return (
            f"{self._caption('table', grid.number, grid.caption) if grid.caption else ''}"
            '<w:tbl><w:tblPr><w:tblStyle w:val="GuideTable"/><w:tblW w:w="5000" w:type="pct"/>'
            f'<w:tblLayout w:type="fixed"/><w:tblLook w:val="00{titled * 2}0" w:firstRow="{titled:d}" '
            'w:lastRow="0" w:firstColumn="0" w:lastColumn="0" w:noHBand="1" w:noVBand="1"/>'
            f"{caption}</w:tblPr>"
            f"<w:tblGrid>{columns}</w:tblGrid>{header}{rows}</w:tbl>"
            '<w:p><w:pPr><w:pStyle w:val="PageTurn"/></w:pPr></w:p>'
        )

    def _picture(self, picture: Picture) -> str:
        """The image of a drawing as wide as the text, with what it shows in words; its caption below."""
        image = drawing(picture, self._images[picture.anchor], self._paper.portrait_width)
        return f"{image}{self._caption('figure', picture.number, picture.caption, _BELOW)}"

    def _caption(self, kind: str, number: int, caption: str, properties: str = "") -> str:
        label = self._pages.labels[kind]
        series = label if label.isalpha() else kind.capitalize()
        field = (
            f'{_field("begin")}<w:r><w:instrText xml:space="preserve"> SEQ {escaped(series)} \\* ARABIC </w:instrText>'
            f"</w:r>{_field('separate')}{_run(str(number))}{_field('end')}"
        )
        marked = self._marked(f"_{kind[0]}{number}", _run(f"{label}\u00a0") + field)
        return f'<w:p><w:pPr><w:pStyle w:val="Caption"/>{properties}</w:pPr>{marked}{_run(f" – {caption}")}</w:p>'

    def _line(self, line: Line, widths: list[int], *, together: bool) -> str:
        if line.span:
            band = self._stack(line.cells[0], "TableBand")
            properties = (
                f'<w:gridSpan w:val="{len(widths)}"/><w:shd w:val="clear" w:color="auto" w:fill="{_BAND_FILL}"/>'
            )
            return f"<w:tr><w:trPr><w:cantSplit/></w:trPr>{_cell(sum(widths), band, properties)}</w:tr>"
        keep = "<w:keepNext/>" if together and not line.tall else ""  # with the row below
        cells = "".join(
            _cell(width, self._stack(said, "TableGap" if gap else "TableText", keep))
            for width, said, gap in zip(widths, line.cells, line.gaps, strict=True)
        )
        high = f'<w:trHeight w:val="{line.height * TWIPS:.0f}" w:hRule="atLeast"/>' if line.height else ""
        properties = ("" if line.tall else "<w:cantSplit/>") + high
        return f"<w:tr>{f'<w:trPr>{properties}</w:trPr>' if properties else ''}{cells}</w:tr>"

    def _stack(self, said: tuple[Said, ...], style: str, keep: str = "") -> str:
        if not said:
            return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{keep}</w:pPr></w:p>'
        begins, ends = self._evidence(said)
        last = len(said) - 1
        return "".join(
            f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{keep}{"<w:bidi/>" if one.rtl else ""}</w:pPr>'
            f"{begins if place == 0 else ''}{self._said(one, 'TableCitation')}{ends if place == last else ''}</w:p>"
            for place, one in enumerate(said)
        )

    def _said(self, one: Said, citation: str = "Citation") -> str:
        properties = ""
        if one.rtl:
            properties = f'<w:rtl/><w:lang w:bidi="{locale(one.language)}"/>'
        elif one.language != self._pages.language:
            properties = f'<w:lang w:val="{locale(one.language)}"/>'
        lines = [*one.lines]
        lines[0] = one.before + lines[0]
        lines[-1] += one.after
        runs = "<w:r><w:br/></w:r>".join(_run(line, properties) for line in lines)
        if one.remark:
            runs += _run(f" {one.remark}", '<w:rStyle w:val="Remark"/>')
        room = "\u00a0" if any(lines) else ""
        return runs + self._cited(one.sources, f'<w:rStyle w:val="{citation}"/>', room)

    def _cited(self, sources: tuple[int, ...], style: str, room: str) -> str:
        if not sources:
            return ""
        links = _run(", ", style).join(
            _run("–", style).join(self._link(number, style) for number in run) for run in runs(sources)
        )
        return f"{_run(f'{room}[', style)}{links}{_run(']', style)}"

    def _link(self, number: int, style: str) -> str:
        """A number that leads to the list of sources; the list leads back to the first one."""
        if number not in self._pages.known:
            return _run(str(number), style)
        link = f'<w:hyperlink w:anchor="_s{number}" w:history="1">{_run(str(number), style)}</w:hyperlink>'
        if number in self._cited_already:
            return link
        self._cited_already.add(number)
        return self._marked(f"_c{number}", link)

    def _reference(self, reference: Reference) -> str:
        number = _run(f"[{reference.number}]", '<w:rStyle w:val="Strong"/>')
        if reference.anchor:
            if reference.number in self._cited_already:
                number = f'<w:hyperlink w:anchor="_c{reference.number}" w:history="1">{number}</w:hyperlink>'
            number = self._marked(f"_s{reference.number}", number)
        return (
            '<w:p><w:pPr><w:pStyle w:val="SourceEntry"/></w:pPr>'
            f"{number}<w:r><w:tab/></w:r>{_followed(reference.text)}</w:p>"
        )

    def _marked(self, name: str, runs: str) -> str:
        self._mark_id += 1
        return f'<w:bookmarkStart w:id="{self._mark_id}" w:name="{name}"/>{runs}<w:bookmarkEnd w:id="{self._mark_id}"/>'


def _titled(heading: Heading) -> str:
    return f"{heading.number}\u2002{heading.title}" if heading.number else heading.title


def _run(text: str, properties: str = "") -> str:
    run_properties = f"<w:rPr>{properties}</w:rPr>" if properties else ""
    return f'<w:r>{run_properties}<w:t xml:space="preserve">{escaped(text)}</w:t></w:r>'


def _followed(text: str) -> str:
    """A text in which addresses of the web can be followed."""
    return "".join(_leading(piece) if follows else _run(piece) for piece, follows in parted(text))


def _leading(address: str) -> str:
    to = f'<w:r><w:instrText xml:space="preserve"> HYPERLINK "{escaped(address)}" </w:instrText></w:r>'
    return f"{_field('begin')}{to}{_field('separate')}{_run(address)}{_field('end')}"


def _field(kind: str) -> str:
    return f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>'


def _cell(width: int, paragraphs: str, properties: str = "") -> str:
    return f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{properties}</w:tcPr>{paragraphs}</w:tc>'
