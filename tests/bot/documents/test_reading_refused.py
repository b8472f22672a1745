"""Word documents that cannot be read back, and what is said of them."""

from __future__ import annotations

import time
import zipfile
from dataclasses import replace
from functools import cache
from io import BytesIO
from random import Random

import pytest
from docx.document import Document as Opened
from docx.oxml.ns import qn

from bot.documents import render
from bot.documents.opening import MOST_BYTES
from bot.documents.reading import Unreadable, identify, read_docx
from flows.country.guide import Guide
from flows.i18n import languages
from tests.bot.documents.editing import edited, repacked
from tests.bot.documents.reading_back import document, guide


def refusal(content: bytes, original: Guide | None = None) -> str:
    with pytest.raises(Unreadable) as caught:
        read_docx(content, original or guide())
    for language in languages():
        assert "{" not in caught.value.told(language)
    return caught.value.reason


def old_office(inner: str) -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600 + inner.encode("utf-16-le") + b"\x00" * 600


def bomb(parts: dict[str, bytes]) -> None:
    parts["word/media/image1.png"] = b"\x00" * 250_000_000


@cache
def bombed() -> bytes:
    return repacked(document(), bomb)


def test_what_is_no_word_document_is_refused() -> None:
    assert refusal(b"") == "not_word"
    assert refusal(b"%PDF-1.7 ...") == "not_word"
    assert refusal(render(guide(), "html")) == "not_word"
    assert refusal(b"PK\x03\x04 cut off") == "damaged"
    assert refusal(document()[: len(document()) // 2]) == "damaged"
    other = BytesIO()
    with zipfile.ZipFile(other, "w") as archive:
        archive.writestr("a.txt", "a")
    assert refusal(other.getvalue()) == "not_word"
    assert refusal(old_office("WordDocument")) == "old_word"


def test_what_is_protected_holds_macros_or_too_much_is_refused() -> None:
    assert refusal(old_office("EncryptedPackage")) == "protected"
    assert refusal(repacked(document(), lambda parts: parts.update({"word/vbaProject.bin": b"x"}))) == "macros"
    assert refusal(bombed()) == "too_much"
    assert refusal(b"PK" + b"\x00" * MOST_BYTES) == "too_large"
    many = repacked(document(), lambda parts: parts.update({f"word/media/{n}.png": b"" for n in range(3_001)}))
    assert refusal(many) == "too_much"


def test_what_unpacks_to_more_than_can_be_read_is_refused_at_once_under_any_name() -> None:
    """A file of some kB; what is declared as another kind than its name says is parsed all the same."""
    started = time.monotonic()
    for name in ("word/document.xml", "word/header9.xml", "word/media/header9.png", "word/header9.bin"):
        for inside in (b"<w:p/>" * 2_100_000, b"<w:t>" + b"x" * 26_000_000 + b"</w:t>"):
            assert refusal(repacked(document(), lambda parts: parts.update({name: inside}))) == "too_much"  # noqa: B023
    assert time.monotonic() - started < 60
    sixteen = "<w:t/>".encode("utf-16")
    assert refusal(repacked(document(), lambda parts: parts.update({"word/a.xml": sixteen}))) == "damaged"


def test_a_part_that_cannot_be_unpacked_is_damage() -> None:
    content = bytearray(document())
    with zipfile.ZipFile(BytesIO(content)) as archive:
        info = archive.getinfo("word/document.xml")
    start = info.header_offset + 30 + len(info.filename)
    content[start + 40 : start + 90] = b"\xff" * 50
    assert refusal(bytes(content)) == "damaged"


def test_entities_and_broken_parts_are_refused() -> None:
    def entity(parts: dict[str, bytes]) -> None:
        start = b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]>'
        parts["word/document.xml"] = parts["word/document.xml"].replace(b"?>", b"?>" + start, 1)

    assert refusal(repacked(document(), entity)) == "damaged"
    assert refusal(repacked(document(), lambda parts: parts.update({"word/document.xml": b"<w:"}))) == "damaged"
    assert refusal(repacked(document(), lambda parts: parts.pop("word/document.xml"))) == "damaged"


@pytest.mark.parametrize(
    ("part", "before", "after"),
    [
        ("docProps/custom.xml", b"<", b"<<"),
        ("word/_rels/document.xml.rels", b'"styles.xml"', b'"theme/theme1.xml"'),
        ("[Content_Types].xml", b"wordprocessingml.styles+xml", b"wordprocessingml.nothing+xml"),
    ],
)
def test_what_shows_only_while_it_is_read_is_damage_too(part: str, before: bytes, after: bytes) -> None:
    def spoil(parts: dict[str, bytes]) -> None:
        assert before in parts[part]
        parts[part] = parts[part].replace(before, after)

    assert refusal(repacked(document(), spoil)) == "damaged"


def test_an_archive_spoiled_anywhere_is_read_or_refused_and_nothing_else() -> None:
    content, draw = document(), Random(2)
    for _ in range(60):
        spoiled = bytearray(content)
        spoiled[-draw.randrange(1, 60)] = draw.randrange(256)
        spoiled[-draw.randrange(1, 2000)] = draw.randrange(256)
        try:
            identify(bytes(spoiled))
        except Unreadable as refused:
            assert refused.told("en")


def test_the_guide_of_another_country_language_or_version_is_refused() -> None:
    assert refusal(document(), replace(guide(), country="SEN")) == "other_country"
    assert refusal(document(), replace(guide(), language="en")) == "other_language"
    assert refusal(document(), replace(guide(), version=4)) == "other_version"
    assert refusal(document(), replace(guide(), title="Autre")) == "other_version"


def test_a_document_that_is_no_guide_of_ours_is_refused() -> None:
    from docx import Document

    fresh = BytesIO()
    Document().save(fresh)
    assert refusal(fresh.getvalue()) == "unmarked"
    assert refusal(render(replace(guide(), cover=False), "docx")) == "unmarked"


def test_a_guide_whose_sections_are_all_gone_is_refused() -> None:
    def gut(opened: Opened) -> None:
        for element in list(opened.element.body):
            if element.tag != qn("w:sectPr"):
                opened.element.body.remove(element)
        opened.add_paragraph("Tout est ailleurs.")

    assert refusal(edited(document(), gut)) == "no_sections"
