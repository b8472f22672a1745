"""Everything that the files of a guide say: what a reader sees, and what is only stored in them."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Mapping
from io import BytesIO
from typing import TYPE_CHECKING, Any
from zlib import error as ZlibError

from flows.country.passages import Passage

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_TEXTS = frozenset({f"{_WORD}t", f"{_WORD}delText", f"{_WORD}instrText"})
_BREAKS = frozenset({f"{_WORD}tab", f"{_WORD}br", f"{_WORD}cr"})
_INLINE = frozenset({"a", "abbr", "b", "bdi", "bdo", "cite", "code", "em", "i", "mark", "q", "s", "small", "span"})
_INLINE |= {"strong", "sub", "sup", "u", "wbr"}
_MOST = 200 * 1024 * 1024


class NoText(ValueError):
    """A file whose text cannot be read."""


def passages_of(files: Mapping[str, bytes]) -> tuple[Passage, ...]:
    """The texts of DOCX, XLSX and HTML files, each under its file's name: also of headers, comments, deletions that are
    still in it, and properties. A PDF is passed over: it is rendered from the guide, as `passages` of it say.

    Raises `NoText`.
    """
    found = []
    for name, content in files.items():
        kind = name.rpartition(".")[2].lower()
        if kind in ("docx", "xlsx"):
            found.append(Passage(name, "\n".join(_office(content))))
        elif kind in ("html", "htm"):
            found.append(Passage(name, _html(content)))
    return tuple(found)


def _office(content: bytes) -> Iterator[str]:
    from xml.etree.ElementTree import ParseError

    from defusedxml.common import DefusedXmlException
    from defusedxml.ElementTree import fromstring

    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            parts = [each for each in archive.infolist() if each.filename.endswith((".xml", ".rels"))]
            if sum(each.file_size for each in parts) > _MOST:
                raise NoText("more text than a guide has")
            for each in parts:
                yield from _part(fromstring(archive.read(each)))
    except (zipfile.BadZipFile, ZlibError, RuntimeError, EOFError, ParseError, DefusedXmlException) as problem:
        raise NoText(str(problem)) from problem


def _part(root: Element) -> Iterator[str]:
    """The paragraphs of one part; of a part without any, all its texts. Then what is said of its images, and the
    addresses that its links lead to."""
    paragraphs = list(root.iter(f"{_WORD}p"))
    for paragraph in paragraphs:
        yield "".join(
            (each.text or "") if each.tag in _TEXTS else "\n" if each.tag in _BREAKS else ""
            for each in paragraph.iter()
        )
    if not paragraphs:
        yield from (text for text in root.itertext() if text.strip())
    yield from (each.get("descr", "") for each in root.iter() if each.get("descr"))
    yield from (each.get("Target", "").removeprefix("mailto:") for each in root.iter() if each.get("Target"))


def _html(content: bytes) -> str:
    from lxml import html

    shown: Any = html.fromstring(content or b"<p></p>", parser=html.HTMLParser(encoding="utf-8"))
    for each in shown.iter(html.etree.Element):
        if each.tag not in _INLINE:
            each.text, each.tail = f"\n{each.text or ''}", f"\n{each.tail or ''}"
    pieces = [str(text) for text in shown.itertext()]
    links = [str(address).removeprefix("mailto:") for _, _, address, _ in shown.iterlinks()]
    return "\n".join(["".join(pieces), *(piece for piece in pieces if piece.strip()), *links])
