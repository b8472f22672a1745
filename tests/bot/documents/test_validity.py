"""Documents that others' programs open without repair: Word files against the Open XML schema, PDF as the standards for
archives and accessibility want it."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from bot.documents import render
from bot.documents.layout import lay_out
from bot.documents.pages import Heading
from bot.documents.provenance import Provenance
from bot.guides import sources_xlsx
from bot.papering import blank
from flows.country.draft import compile_guide
from flows.country.guide import Guide, Paragraph, Section, Statement
from flows.country.merging import merge
from flows.country.outlines import OUTLINES, Outline
from flows.interview.form import load
from flows.knowledge import country
from flows.questionnaires import compiled
from tests.bot.documents import sample
from tests.flows.country.golden_guides import full
from tests.flows.country.saying import small_exercise
from tests.flows.country.test_draft import NOW

TEMPLATES = Path(__file__).parents[3] / "templates" / "guide"


@cache
def drafted(language: str = "fr", outline: Outline = "2013") -> Guide:
    return compile_guide(merge("BFA", small_exercise(accepted=True)), country("BFA"), language, NOW, outline=outline)


GUIDES: dict[str, Callable[[], Guide]] = {
    **{outline: (lambda outline=outline: drafted("en", outline)) for outline in OUTLINES},  # type: ignore[misc]
    "extended": lambda: compile_guide(full(), country("BFA"), "fr", NOW, extent="extended"),
    "hostile": sample.hostile,
    "empty": sample.empty,
    "short": lambda: replace(drafted(), cover=False),
}


def wrong(path: Path) -> list[str]:
    from openxml_audit import OpenXmlValidator

    return [str(error) for error in OpenXmlValidator().validate(path).errors]


@pytest.mark.slow
@pytest.mark.parametrize("name", GUIDES)
def test_a_word_file_follows_the_open_xml_schema_with_and_without_comments(name: str, tmp_path: Path) -> None:
    guide = GUIDES[name]()
    told = Provenance(guide, merge("BFA", small_exercise(accepted=True)))
    for place, provenance in enumerate((None, told)):
        path = tmp_path / f"{place}.docx"
        path.write_bytes(render(guide, "docx", provenance))
        assert wrong(path) == []


@pytest.mark.slow
def test_the_validator_finds_what_is_wrong(tmp_path: Path) -> None:
    from tests.bot.documents.editing import repacked

    def spoil(parts: dict[str, bytes]) -> None:
        parts["word/document.xml"] = parts["word/document.xml"].replace(b"<w:body>", b"<w:body><w:odd/>", 1)

    path = tmp_path / "spoilt.docx"
    path.write_bytes(repacked(render(sample.empty(), "docx"), spoil))
    assert wrong(path)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["guide.docx", "short.docx"])
def test_the_templates_follow_it_too(name: str) -> None:
    assert wrong(TEMPLATES / name) == []


def test_a_spreadsheet_follows_it_too_and_keeps_each_text_once_as_excel_does(tmp_path: Path) -> None:
    dossier = merge("BFA", small_exercise(accepted=True))
    content = sources_xlsx(dossier, country("BFA"), drafted())
    path = tmp_path / "sources.xlsx"
    path.write_bytes(content)
    assert wrong(path) == []
    with zipfile.ZipFile(path) as book:
        assert b"inlineStr" not in b"".join(book.read(name) for name in book.namelist())


@pytest.mark.slow
def test_a_questionnaire_on_paper_follows_it_too(tmp_path: Path) -> None:
    path = tmp_path / "paper.docx"
    path.write_bytes(blank(load(compiled()), "fr", NOW, {"role": "official", "country": "BFA"}))
    assert wrong(path) == []


def catalogue(guide: Guide) -> tuple[Any, str]:
    root: Any = PdfReader(BytesIO(render(guide, "pdf"))).trailer["/Root"]
    return root, root["/Metadata"].get_data().decode()


@pytest.mark.parametrize("name", GUIDES)
def test_a_pdf_is_tagged_titled_in_its_language_and_says_which_standards_it_follows(name: str) -> None:
    root, metadata = catalogue(GUIDES[name]())
    assert root["/MarkInfo"]["/Marked"] and "/StructTreeRoot" in root
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert str(root["/Lang"]) in ("fr", "en")
    assert "<pdfuaid:part>1<" in metadata and "<pdfaid:part>2<" in metadata and "<pdfaid:conformance>A<" in metadata


@pytest.mark.parametrize("outline", OUTLINES)
def test_its_bookmarks_are_its_headings(outline: Outline) -> None:
    guide = drafted("fr", outline)
    reader = PdfReader(BytesIO(render(guide, "pdf")))

    def titles(found: Any) -> list[str]:
        return [title for one in found for title in (titles(one) if isinstance(one, list) else [one.title])]

    told = " ".join(" ".join(titles(reader.outline)).split())
    for heading in lay_out(guide).headings():
        if heading.level <= 2:
            assert " ".join(heading.title.split()) in told


@pytest.mark.parametrize("text", ["中文", "🙂", "\ue000 privé"])
def test_a_letter_that_no_font_of_ours_has_is_no_reason_to_refuse_a_pdf(text: str) -> None:
    guide = replace(sample.empty(), sections=(Section("a", "I", "Titre", (Paragraph((Statement(text),)),)),))
    assert PdfReader(BytesIO(render(guide, "pdf"))).pages


def test_no_level_of_headings_is_skipped_where_a_section_has_no_heading() -> None:
    inner = Section("c", "I.1", "Dedans", (Paragraph((Statement("Texte."),)),))
    guide = replace(sample.empty(), sections=(Section("a", "I", "Dehors", (), (Section("b", "", "", (), (inner,)),)),))
    levels = [one.level for leaf in lay_out(guide).leaves for one in leaf.items if isinstance(one, Heading)]
    assert levels[-2:] == [1, 2]
