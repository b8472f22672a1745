"""A Word document edited as people edit it: in Word's own terms, with python-docx and in the XML."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from io import BytesIO
from typing import Any
from xml.sax.saxutils import escape

from docx import Document
from docx.document import Document as Opened
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.table import Table
from docx.text.paragraph import Paragraph


def edited(content: bytes, *edits: Callable[[Opened], object]) -> bytes:
    """The document after these edits, saved as Word would."""
    document = Document(BytesIO(content))
    for edit in edits:
        edit(document)
    saved = BytesIO()
    document.save(saved)
    return saved.getvalue()


def paragraph(document: Opened, words: str) -> Paragraph:
    """The paragraph that holds these words, in a table too."""
    for element in document.element.body.iter(qn("w:p")):
        found = Paragraph(element, document._body)
        if words in found.text:
            return found
    raise AssertionError(words)


def table(document: Opened, words: str) -> Table:
    """The table that holds these words."""
    for element in document.element.body.iter(qn("w:tbl")):
        if words in "".join(text.text or "" for text in element.iter(qn("w:t"))):
            return Table(element, document._body)
    raise AssertionError(words)


def replaced(before: str, after: str) -> Callable[[Opened], object]:
    """Words replaced by others, in the run that holds them."""

    def edit(document: Opened) -> None:
        for text in document.element.body.iter(qn("w:t")):
            if before in (text.text or ""):
                text.text = text.text.replace(before, after)
                return
        raise AssertionError(before)

    return edit


def retitled(before: str, after: str) -> Callable[[Opened], object]:
    """A heading with other words."""

    def edit(document: Opened) -> None:
        for element in document.element.body.iter(qn("w:p")):
            found = Paragraph(element, document._body)
            if (found.style.name or "").lower().startswith("heading") and before in found.text:
                (run,) = found.runs
                run.text = run.text.replace(before, after)
                return
        raise AssertionError(before)

    return edit


def added_after(words: str, style: str, text: str) -> Callable[[Opened], object]:
    """A new paragraph of this style behind the one that holds these words."""

    def edit(document: Opened) -> None:
        new = parse_xml(
            f'<w:p {nsdecls("w")}><w:pPr><w:pStyle w:val="{style}"/></w:pPr><w:r><w:t>{escape(text)}</w:t></w:r></w:p>'
        )
        paragraph(document, words)._p.addnext(new)

    return edit


def removed(words: str) -> Callable[[Opened], object]:
    """The paragraph that holds these words taken out."""

    def edit(document: Opened) -> None:
        element = paragraph(document, words)._p
        element.getparent().remove(element)

    return edit


def tracked(words: str, deleted: str, inserted: str) -> Callable[[Opened], object]:
    """A tracked change behind the run that holds these words: `deleted` taken out of it, `inserted` put in."""

    def edit(document: Opened) -> None:
        for run in document.element.body.iter(qn("w:r")):
            text = run.find(qn("w:t"))
            if text is not None and words in (text.text or ""):
                before, _, after = text.text.partition(deleted)
                text.text = before
                text.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
                new = parse_xml(
                    f'<w:p {nsdecls("w")}><w:del w:id="9001" w:author="E"><w:r><w:delText xml:space="preserve">'
                    f'{deleted}</w:delText></w:r></w:del><w:ins w:id="9002" w:author="E"><w:r>'
                    f'<w:t xml:space="preserve">{inserted}</w:t></w:r></w:ins>'
                    f'<w:r><w:t xml:space="preserve">{after}</w:t></w:r></w:p>'
                )
                for child in reversed(list(new)):
                    run.addnext(child)
                return
        raise AssertionError(words)

    return edit


def repacked(content: bytes, change: Callable[[dict[str, bytes]], object]) -> bytes:
    """The archive with its parts changed."""
    with zipfile.ZipFile(BytesIO(content)) as archive:
        parts: dict[str, Any] = {name: archive.read(name) for name in archive.namelist()}
    change(parts)
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return packed.getvalue()
