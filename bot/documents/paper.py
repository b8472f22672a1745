"""A sheet → DOCX to fill in Word or LibreOffice, or by hand: fields are content controls, nothing is protected.

What marks the document as ours lies in its own properties and in a part of its own (`paper_identity`); what the fields
are called, in `paper_names`; how they are written, in `paper_fields`.
"""

from __future__ import annotations

from datetime import datetime
from io import BytesIO
from typing import TYPE_CHECKING, Any

from bot.documents.archive import sealed
from bot.documents.cleaning import clean
from bot.documents.paper_fields import Head, Writer
from bot.documents.paper_identity import mark
from bot.documents.template import chosen
from bot.documents.wording import Wording
from bot.documents.wordml import escaped, locale
from flows.i18n import FALLBACK, base, languages, text
from flows.interview.paper.filled import Paper
from flows.interview.paper.sheet import Sheet

if TYPE_CHECKING:
    from docx.document import Document

__all__ = ["Head", "to_paper"]

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def to_paper(sheet: Sheet, paper: Paper, head: Head) -> bytes:
    """The DOCX of `sheet`, known again by `paper`. The same sheet gives the same bytes."""
    from docxtpl import DocxTemplate  # type: ignore[import-untyped]
    from markupsafe import Markup

    from bot.documents.template_rules import Rules

    language = sheet.language if base(sheet.language) in languages() else FALLBACK

    def plain(said: str) -> Markup:
        return Markup(escaped(clean(said)))  # noqa: S704 - escaped by the line itself

    document = DocxTemplate(BytesIO(chosen("short.docx", paper.country)))
    document.init_docx()
    _without_model(document.docx.element.body)
    title = text("paper.title", language)
    context = {
        "country": plain(head.country or sheet.title),
        "title": plain(title),
        "subtitle": plain(head.entity),
        "status": plain(text("paper.status", language, form=sheet.form_id, version=sheet.version or "–")),
        "compiled": plain(text("paper.made", language, date=_day(paper.at, language))),
        "withheld": "",
        "note": "",
        "labels": {name: plain(said) for name, said in Wording(language, {}).labels().items()},
        "body": Markup(Writer(sheet, language).whole(head)),  # noqa: S704 - built from escaped text
        "sources": "",
    }
    document.render(context, jinja_env=Rules())
    _describe(document.docx, title, head.entity, paper.at, locale(language))
    mark(document.docx, paper)
    filled = BytesIO()
    document.save(filled)
    return sealed(filled)


def _day(moment: datetime, language: str) -> str:
    from flows.country.dates import written

    return written(moment.date(), language)


def _without_model(body: Any) -> None:
    """Take the template's model page in landscape out."""
    for place, child in enumerate(list(body)):
        if child.find(f"{_W}pPr/{_W}sectPr") is not None:
            for extra in list(body)[: place + 1]:
                body.remove(extra)
            return


def _describe(document: Document, title: str, subject: str, made: datetime, language: str) -> None:
    """Language, title and dates; nobody's name."""
    for part in (document.styles.element, document.settings.element):
        for element in part.iter(f"{_W}lang", f"{_W}themeFontLang"):
            element.set(f"{_W}val", language)
    properties = document.core_properties
    properties.title, properties.subject, properties.language = title, clean(subject)[:255], language
    properties.author = properties.last_modified_by = properties.comments = properties.keywords = ""
    properties.created = properties.modified = made.replace(tzinfo=None, microsecond=0)
    properties.revision = 1
