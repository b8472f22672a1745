"""A workbook as openpyxl saves it → as the schema wants it and as Excel would save it itself.

openpyxl writes the parts of a font in an order of its own, which validators refuse, and every text inside its cell,
where Excel keeps each text once and would move them all there at the next save.
"""

from __future__ import annotations

import re
import zipfile
from io import BytesIO

_STYLES, _TEXTS = "xl/styles.xml", "xl/sharedStrings.xml"
_KINDS, _LINKS = "[Content_Types].xml", "xl/_rels/workbook.xml.rels"
_KIND = (
    b'<Override PartName="/xl/sharedStrings.xml" '
    b'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/></Types>'
)
_LINK = (
    b'<Relationship Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings" '
    b'Target="/xl/sharedStrings.xml" Id="rIdTexts"/></Relationships>'
)
_SHEET = re.compile(r"xl/worksheets/sheet[0-9]+\.xml")
_FONT = re.compile(rb"<font>(.*?)</font>", re.DOTALL)
_PART = re.compile(rb"<(\w+)[^>]*/>")
_ORDER = (b"b", b"i", b"strike", b"u", b"vertAlign", b"sz", b"color", b"name", b"family", b"charset", b"scheme")
_INLINE = re.compile(rb'<c ([^>]*?)t="inlineStr"([^>]*)><is>(<t(?: [^>]*)?(?:/>|>[^<]*</t>))</is></c>')
_EMPTY = re.compile(rb'<c ([^>]*?) ?t="inlineStr"([^>]*)></c>')
_HEAD = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" count="%d" uniqueCount="%d">'
)


def conforming(filled: BytesIO) -> dict[str, bytes]:
    """The parts of a saved workbook that have to be others or are lacking, by name."""
    with zipfile.ZipFile(filled) as book:
        names = book.namelist()
        parts = {_STYLES: _FONT.sub(_ordered, book.read(_STYLES))}
        if _TEXTS in names:
            return parts
        texts = _Texts()
        for name in filter(_SHEET.fullmatch, names):
            parts[name] = _INLINE.sub(texts.shared, _EMPTY.sub(rb"<c \1\2></c>", book.read(name)))
        if not texts.count:
            return parts
        parts[_KINDS] = book.read(_KINDS).replace(b"</Types>", _KIND)
        parts[_LINKS] = book.read(_LINKS).replace(b"</Relationships>", _LINK)
    return {**parts, _TEXTS: texts.part()}


def _ordered(font: re.Match[bytes]) -> bytes:
    parts = {one[1]: one[0] for one in _PART.finditer(font[1])}
    if len(b"".join(parts.values())) != len(font[1]) or not set(parts) <= set(_ORDER):
        return font[0]
    return b"<font>" + b"".join(parts[name] for name in _ORDER if name in parts) + b"</font>"


class _Texts:
    """The texts of a workbook, each once."""

    def __init__(self) -> None:
        self.count = 0
        self._places: dict[bytes, int] = {}

    def shared(self, cell: re.Match[bytes]) -> bytes:
        """A cell that names its text in place of holding it."""
        self.count += 1
        place = self._places.setdefault(cell[3], len(self._places))
        return b'<c %bt="s"%b><v>%d</v></c>' % (cell[1], cell[2], place)

    def part(self) -> bytes:
        """The part that holds them."""
        items = b"".join(b"<si>%b</si>" % text for text in self._places)
        return _HEAD % (self.count, len(self._places)) + items + b"</sst>"
