"""A Word template as we need it, whichever word processor saved it.

People see the names of styles; a word processor gives them identifiers of its own when it saves (LibreOffice makes
`TextBody` of `BodyText`), and what is written into a template names them by ours.
"""

from __future__ import annotations

import re
import zipfile
from functools import lru_cache
from io import BytesIO

from bot.documents.archive import sealed

NEEDED = {
    "heading 1": "Heading1", "heading 2": "Heading2", "heading 3": "Heading3", "heading 4": "Heading4",
    "Body Text": "BodyText", "Quote": "Quote", "Note": "Note", "Gap": "Gap", "List Bullet": "ListBullet",
    "List Number": "ListNumber", "caption": "Caption", "Guide Table": "GuideTable", "Table Text": "TableText",
    "Table Heading": "TableHeading", "Table Band": "TableBand", "Table Gap": "TableGap",
    "Source Entry": "SourceEntry", "toc 1": "TOC1", "toc 2": "TOC2", "Page Turn": "PageTurn", "Citation": "Citation",
    "Table Citation": "TableCitation", "Remark": "Remark", "Strong": "Strong",
}  # fmt: skip
"""The styles that the body of a document asks for: their names as Word keeps them, and their identifiers."""
_SAME = {"quotation": "citation"}  # what LibreOffice calls a style of ours that it has one of its own for
_STYLE = re.compile(rb'<w:style\b[^>]*\bw:styleId="([^"]+)"[^>]*>.*?<w:name w:val="([^"]+)"', re.DOTALL)
_ELEMENTS = "pStyle|rStyle|tblStyle|basedOn|next|link|numStyleLink|styleLink"
_NAMED = re.compile(rf'(<w:(?:{_ELEMENTS})\b[^>]*?\bw:val=")([^"]+)(")'.encode())
_DEFINED = re.compile(rb'(<w:style\b[^>]*?\bw:styleId=")([^"]+)(")')
_STYLES, _BODY = "word/styles.xml", "word/document.xml"
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def styles_in(content: bytes) -> dict[str, str]:
    """The styles that are needed and that a Word document has, by their names in `NEEDED`: their identifiers in it. A
    name in other capitals counts where none is written alike."""
    with zipfile.ZipFile(BytesIO(content)) as archive:
        styles = archive.read(_STYLES) if _STYLES in archive.namelist() else b""
    exact = {name.decode(): identifier.decode() for identifier, name in _STYLE.findall(styles)}
    loose = {_SAME.get(name.lower(), name.lower()): identifier for name, identifier in exact.items()}
    found = {name: exact.get(name) or loose.get(name.lower()) for name in NEEDED}
    return {name: identifier for name, identifier in found.items() if identifier}


def missing(content: bytes) -> list[str]:
    """The names of the styles that a template lacks."""
    found = styles_in(content)
    return [name for name in NEEDED if name not in found]


@lru_cache(maxsize=16)
def mended(content: bytes) -> bytes:
    """The same template, its styles under our identifiers, and no page turn in a paragraph that only says when
    something is printed: LibreOffice moves it there, and it would go with that paragraph."""
    found = styles_in(content)
    renamed = {found[name].encode(): ours.encode() for name, ours in NEEDED.items() if found.get(name, ours) != ours}
    with zipfile.ZipFile(BytesIO(content)) as archive:
        named = {identifier for identifier, _ in _STYLE.findall(archive.read(_STYLES))}
        taken = set(renamed.values()) & named - set(renamed)
        renamed |= {one: one + b"Own" for one in taken}  # another style had our identifier

        def exchanged(match: re.Match[bytes]) -> bytes:
            return match[1] + renamed.get(match[2], match[2]) + match[3]

        parts: dict[str, bytes] = {}
        for name in archive.namelist():
            if name.startswith("word/") and name.endswith(".xml"):
                part = archive.read(name)
                if renamed:
                    part = _NAMED.sub(exchanged, part)
                parts[name] = _DEFINED.sub(exchanged, part) if name == _STYLES and renamed else part
    parts[_BODY] = _turns_apart(parts[_BODY])
    return sealed(BytesIO(content), parts)


def _turns_apart(body: bytes) -> bytes:
    from lxml import etree

    root = etree.fromstring(body, etree.XMLParser(resolve_entities=False, no_network=True))
    moved = False
    for turn in list(root.iter(f"{_W}sectPr")):
        paragraph = next(turn.iterancestors(f"{_W}p"), None)
        if paragraph is None or not any(one.text and "{" in one.text for one in paragraph.iter(f"{_W}t")):
            continue
        apart = etree.Element(f"{_W}p")
        properties = etree.SubElement(apart, f"{_W}pPr")
        etree.SubElement(properties, f"{_W}pStyle", {f"{_W}val": "PageTurn"})
        properties.append(turn)
        paragraph.addnext(apart)
        moved = True
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True) if moved else body
