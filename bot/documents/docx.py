"""Pages → DOCX, by docxtpl from the Word template `templates/guide/guide.docx`, or `short.docx` without a cover.

The template is edited in Word and holds the look: cover, styles, headers, footers, margins. The same pages and template
give the same bytes.
"""

from __future__ import annotations

import copy
import re
import zipfile
from collections.abc import Sequence
from datetime import UTC
from io import BytesIO
from typing import TYPE_CHECKING, Any

from bot.documents.archive import sealed
from bot.documents.escaping import escaped
from bot.documents.marks import Identity, mark
from bot.documents.pages import Pages, Picture
from bot.documents.provenance import AUTHOR, Provenance
from bot.documents.template import chosen
from bot.documents.wordml import Paper, Writer, locale

if TYPE_CHECKING:
    from docxtpl import DocxTemplate  # type: ignore[import-untyped]
    from lxml.etree import _Element

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_SINGLE = '<w:spacing w:before="0" w:after="40" w:line="240" w:lineRule="auto"/>'
_DECLARATIONS = re.compile(r'\sxmlns:(?!r=|w=)\w+="[^"]*"')


class TemplateUnfit(Exception):
    """The Word template lacks something that the guide needs; the message says what."""


def to_docx(
    pages: Pages,
    template: bytes | None = None,
    identity: Identity | None = None,
    provenance: Provenance | None = None,
) -> bytes:
    """The pages as one DOCX file, from `template` (the bytes of a .docx) or the one for all. `identity` lets it
    be known again when it comes back edited; `provenance` is told in comments.

    Raises `TemplateUnfit` when the template cannot be filled.
    """
    from jinja2 import TemplateError

    from bot.documents.filling import Filled
    from bot.documents.template_rules import Rules

    shipped = "guide.docx" if pages.cover else "short.docx"
    source = template or chosen(shipped)
    document = Filled(BytesIO(source))
    try:
        document.init_docx()
    except (zipfile.BadZipFile, KeyError, ValueError) as error:
        raise TemplateUnfit(f"this is not a Word document: {error}") from error
    writer = writer_for(pages, document, provenance)
    try:
        document.render(context_of(pages, writer), jinja_env=Rules())
    except TemplateError as error:
        raise TemplateUnfit(f"the Word template cannot be filled: {error}") from error
    _add_lists(document, writer.numbered_lists)
    _describe(document, pages)
    if writer.comments:
        _add_comments(document, writer.comments, pages)
    if identity is not None:
        mark(document.docx, identity)
    filled = BytesIO()
    document.save(filled)
    return sealed(filled)


def writer_for(pages: Pages, document: DocxTemplate, provenance: Provenance | None = None) -> Writer:
    """Who writes `pages` for the template opened as `document`; takes the template's model page out."""
    return Writer(pages, _take_paper(document), _next_list(document), provenance, _add_images(document, pages))


def _add_images(document: DocxTemplate, pages: Pages) -> dict[str, str]:
    """The figures as images of the document: anchor → the relation to each."""
    pictures = [item for leaf in pages.leaves for item in leaf.items if isinstance(item, Picture)]
    if not pictures:
        return {}
    from bot.documents.figures.png import images

    made = images([picture.figure for picture in pictures])
    part = document.docx.part
    return {
        picture.anchor: part.get_or_add_image(BytesIO(image))[0] for picture, image in zip(pictures, made, strict=True)
    }


def context_of(pages: Pages, writer: Writer) -> dict[str, Any]:
    """The names that the Word template may use, with their values as safe XML."""
    from markupsafe import Markup

    def plain(text: str) -> Markup:
        return Markup(escaped(text))  # noqa: S704 - escaped by the line itself

    return {
        "country": plain(pages.country),
        "title": plain(pages.title),
        "subtitle": plain(pages.subtitle),
        "status": plain(pages.status),
        "compiled": plain(pages.compiled),
        "withheld": plain(pages.withheld),
        "note": plain(pages.note),
        "labels": {name: plain(text) for name, text in pages.labels.items()},
        "contents": Markup(writer.contents()),  # noqa: S704 - built from escaped text
        "body": Markup(writer.body()),  # noqa: S704
        "sources": Markup(writer.sources()),  # noqa: S704
    }


def _take_paper(document: DocxTemplate) -> Paper:
    """Read the template's page formats, and take its model landscape page out."""
    body = document.docx.element.body
    portrait = body.find(f"{_W}sectPr")
    if portrait is None:
        raise TemplateUnfit("the Word template has no page format at its end")
    landscape = None
    start = 0
    for place, child in enumerate(list(body)):
        properties = child.find(f"{_W}pPr/{_W}sectPr")
        if properties is None:
            continue
        if _is_landscape(properties):
            landscape = properties
            for extra in list(body)[start : place + 1]:
                body.remove(extra)
            break
        start = place + 1
    if landscape is None:
        landscape = _turned(portrait)
    widths = _text_width(portrait), _text_width(landscape)
    return Paper(_xml(portrait), _xml(landscape), *widths, _text_height(portrait), _text_height(landscape))


def _is_landscape(properties: _Element) -> bool:
    size = properties.find(f"{_W}pgSz")
    return size is not None and size.get(f"{_W}orient") == "landscape"


def _turned(properties: _Element) -> _Element:
    turned = copy.deepcopy(properties)
    size = turned.find(f"{_W}pgSz")
    if size is None:
        raise TemplateUnfit("the Word template does not say its paper size")
    width, height = size.get(f"{_W}w", "11906"), size.get(f"{_W}h", "16838")
    size.set(f"{_W}w", height)
    size.set(f"{_W}h", width)
    size.set(f"{_W}orient", "landscape")
    return turned


def _text_width(properties: _Element) -> int:
    return _room(properties, "w", "11906", ("left", "right", "gutter"))


def _text_height(properties: _Element) -> int:
    return _room(properties, "h", "16838", ("top", "bottom"))


def _room(properties: _Element, side: str, usual: str, taken: tuple[str, ...]) -> int:
    """What the margins leave of the paper, in twips."""
    size, margins = properties.find(f"{_W}pgSz"), properties.find(f"{_W}pgMar")
    if size is None or margins is None:
        raise TemplateUnfit("the Word template does not say its paper size and margins")
    return int(size.get(f"{_W}{side}", usual)) - sum(int(margins.get(f"{_W}{margin}", "0")) for margin in taken)


def _xml(element: _Element) -> str:
    from lxml import etree

    text: str = etree.tostring(element, encoding="unicode", with_tail=False)
    return _DECLARATIONS.sub("", text)


def _next_list(document: DocxTemplate) -> int:
    """The first free number for a list of the template's numbered style."""
    numbers = [int(each.get(f"{_W}numId")) for each in _numbering(document).findall(f"{_W}num")]
    return max(numbers, default=0) + 1


def _numbering(document: DocxTemplate) -> Any:
    return document.docx.part.numbering_part.element


def _add_lists(document: DocxTemplate, count: int) -> None:
    """Give each numbered list a numbering of its own, so that each starts at 1."""
    from lxml import etree

    numbering = _numbering(document)
    style = document.docx.styles.element.find(f"{_W}style[@{_W}styleId='ListNumber']/{_W}pPr/{_W}numPr/{_W}numId")
    if style is None:
        raise TemplateUnfit("the Word template has no numbered style 'List Number'")
    model = numbering.find(f"{_W}num[@{_W}numId='{style.get(f'{_W}val')}']/{_W}abstractNumId")
    first = _next_list(document)
    for number in range(first, first + count):
        made = etree.SubElement(numbering, f"{_W}num", {f"{_W}numId": str(number)})
        etree.SubElement(made, f"{_W}abstractNumId", {f"{_W}val": model.get(f"{_W}val")})
        level = etree.SubElement(made, f"{_W}lvlOverride", {f"{_W}ilvl": "0"})
        etree.SubElement(level, f"{_W}startOverride", {f"{_W}val": "1"})


def _add_comments(document: DocxTemplate, comments: Sequence[tuple[str, ...]], pages: Pages) -> None:
    """Write the comments whose places the writer has marked."""
    from lxml import etree

    root = document.docx.part._comments_part.element
    language = locale(pages.language)
    direction = f"<w:pPr><w:bidi/>{_SINGLE}</w:pPr>" if pages.rtl else f"<w:pPr>{_SINGLE}</w:pPr>"
    made = f"{pages.compiled_at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
    for number, lines in enumerate(comments):
        paragraphs = "".join(
            f'<w:p>{direction}<w:r><w:rPr><w:sz w:val="18"/><w:lang w:val="{language}"/></w:rPr>'
            f'<w:t xml:space="preserve">{escaped(line)}</w:t></w:r></w:p>'
            for line in lines
        )
        written = (
            f'<w:comment xmlns:w="{_W[1:-1]}" w:id="{number}" w:author="{AUTHOR}" w:initials="{AUTHOR[0]}" '
            f'w:date="{made}">{paragraphs}</w:comment>'
        )
        root.append(etree.fromstring(written))


def _describe(document: DocxTemplate, pages: Pages) -> None:
    """Language, title and dates; nobody's name."""
    language = locale(pages.language)
    for part in (document.docx.styles.element, document.docx.settings.element):
        for element in part.iter(f"{_W}lang", f"{_W}themeFontLang"):
            element.set(f"{_W}val", language)
    properties = document.docx.core_properties
    properties.title = pages.title[:255]
    properties.subject = pages.subtitle[:255]
    properties.language = language
    properties.author = properties.last_modified_by = properties.comments = properties.keywords = ""
    properties.created = properties.modified = pages.compiled_at.replace(tzinfo=None)
    properties.revision = 1
