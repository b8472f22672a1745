"""A guide as a value becomes a document: DOCX, PDF and HTML that say the same; and tables become spreadsheets.

The libraries behind each format are loaded when a document of it is asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from bot.documents.provenance import Provenance
    from flows.country.guide import Guide

Format = Literal["docx", "pdf", "html"]
MEDIA_TYPES: dict[Format, str] = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
    "html": "text/html; charset=utf-8",
}
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
"""The media type of a spreadsheet."""


def render(guide: Guide, format: Format, provenance: Provenance | None = None) -> bytes:
    """The file of `guide` in `format`. The same guide and templates give the same bytes.

    `provenance`: told in comments beside every paragraph that rests on answers, in DOCX alone.
    """
    from bot.documents.layout import lay_out

    pages = lay_out(guide)
    if format == "docx":
        from bot.documents.docx import to_docx
        from bot.documents.marks import identity_of
        from bot.documents.template import chosen

        identity = identity_of(guide) if guide.cover else None
        return to_docx(
            pages, chosen("guide.docx" if guide.cover else "short.docx", guide.country), identity, provenance
        )
    if format == "pdf":
        from bot.documents.pdf import to_pdf

        return to_pdf(pages)
    from bot.documents.html import to_html

    return to_html(pages)
