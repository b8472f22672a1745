"""Whatever people answered makes a good document; a damaged one that comes back is read or refused, never a crash."""

from __future__ import annotations

from functools import cache
from io import BytesIO

import pytest
from docx import Document
from pypdf import PdfReader

from bot.documents import render
from bot.documents.opening import Unreadable
from bot.documents.provenance import Provenance
from bot.documents.reading import read_docx
from flows.country.dossier import Dossier
from flows.country.draft import compile_guide
from flows.country.guide import Guide
from flows.country.merging import merge
from flows.knowledge import country
from tests.bot.documents.editing import edited, paragraph, repacked
from tests.flows.country.saying import POLICE, contribution
from tests.flows.country.test_draft import NOW

HOSTILE = (
    "ملف الحدود",
    "سجل SIGEM الوطني (2019)",
    "=1+1",
    "<b>gras</b> & {{ x }}",
    "🙂 sourire",
    "Nom " + "très " * 60 + "long",
)
LONG = "Un mot après l’autre. " * 1_500
ODD_IDS = ('w:id="0"', 'w:id="abc"'), ('w:date="2026-03-15T12:00:00Z"', 'w:date="hier"')


@cache
def made() -> tuple[Dossier, Guide]:
    told = {f"source/{row}/s3_name": f"{HOSTILE[row % 6]} {row}" for row in range(1, 61)}
    dossier = merge("BFA", [contribution(POLICE, told | {"source/1/s7_content": LONG})])
    return dossier, compile_guide(dossier, country("BFA"), "fr", NOW)


@cache
def document() -> bytes:
    dossier, guide = made()
    return render(guide, "docx", Provenance(guide, dossier))


def test_sixty_sources_of_all_kinds_are_whole_in_every_format() -> None:
    _, guide = made()
    page = render(guide, "html").decode()
    assert "&lt;b&gt;gras&lt;/b&gt;" in page and "<b>gras" not in page
    assert page.count("Un mot après l’autre.") == 1_500
    assert all(f"ملف الحدود {row}" in page for row in range(6, 61, 6))
    assert len(PdfReader(BytesIO(render(guide, "pdf"))).pages) > 5
    assert read_docx(document(), guide).guide == guide


@pytest.mark.parametrize(("before", "after"), ODD_IDS)
def test_a_comment_with_an_odd_number_or_date_is_read(before: str, after: str) -> None:
    def spoil(parts: dict[str, bytes]) -> None:
        own = b'<w:comment w:id="0" w:author="E" w:date="2026-03-15T12:00:00Z">'
        text = b"<w:p><w:r><w:t>Quand ?</w:t></w:r></w:p></w:comment></w:comments>"
        own = own.replace(before.encode(), after.encode()).replace(b'w:id="0"', b'w:id="977"')
        parts["word/comments.xml"] = parts["word/comments.xml"].replace(b"</w:comments>", own + text)

    (found,) = read_docx(repacked(document(), spoil), made()[1]).comments
    assert (found.author, found.text) == ("E", "Quand ?")


def test_a_damaged_part_of_comments_is_damage() -> None:
    for broken in (b"", b"<w:comments", b"\x00\x01"):
        with pytest.raises(Unreadable) as caught:
            read_docx(repacked(document(), lambda parts: parts.update({"word/comments.xml": broken})), made()[1])  # noqa: B023
        assert caught.value.reason in ("damaged", "too_much", "not_word")


def test_a_comment_without_words_or_place_hurts_nothing() -> None:
    def comment(opened: Document) -> None:  # type: ignore[valid-type]
        opened.add_comment(paragraph(opened, "SIGEM").runs[0], "", "", "")  # type: ignore[attr-defined]

    found = read_docx(edited(document(), comment), made()[1])  # type: ignore[list-item]
    assert [one.text for one in found.comments] == [""]
    assert found.guide == made()[1]
