"""A paper as people handle it in a word processor: cells typed over, changes tracked, pictures pasted, rows doubled."""

from __future__ import annotations

import copy
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from bot.documents.paper import Head, to_paper
from bot.documents.paper_names import MOST_ROWS, Names, bookmark_of
from bot.documents.paper_reading import Returned, read_paper
from flows.interview.form import load
from flows.interview.paper import Paper, laying, sheet_of
from flows.interview.xlsform import load_form
from flows.questionnaires import compiled
from tests.bot.documents.filling import W14, W, changed, fill
from tests.bot.documents.office import needs_libreoffice, saved_as
from tests.bot.steps.contributing import FORM, form

NOW = datetime(2026, 11, 26, 9, tzinfo=UTC)
MECHANISM = "body/c5_mechanism"
SAID = "Un comité\n  interministériel\n\nلجنة & <b> 😀"
MATH = "http://schemas.openxmlformats.org/officeDocument/2006/math"


@cache
def blank() -> bytes:
    sheet = sheet_of(form(), language="fr", now=NOW, given={"role": "official"})
    paper = Paper(sheet.form_id, sheet.version, "fr", 12, "BFA", NOW, {}, {})
    return to_paper(sheet, paper, Head("Burkina Faso", "Ministère (exemple)", returns=True))


def read(change: Callable[[Any], None], content: bytes = b"") -> Returned:
    return read_paper(changed(content or blank(), change), form())


def cell_of(root: Any, tag: str) -> Any:
    (tagged,) = [one for one in root.iter(f"{W}tag") if one.get(f"{W}val") == tag]
    return next(tagged.iterancestors(f"{W}tc"))


def typed(parent: Any, said: str) -> Any:
    run = etree.SubElement(parent, f"{W}r")
    etree.SubElement(run, f"{W}t").text = said
    return run


@pytest.mark.parametrize(("tag", "said"), [(MECHANISM, "Un comité"), ("hierarchy/p6_needed=yes", "Oui")])
def test_what_is_typed_over_a_whole_field_is_its_answer(tag: str, said: str) -> None:
    def overwrite(root: Any) -> None:
        cell = cell_of(root, tag)
        for one in cell.findall(f"{W}p"):
            cell.remove(one)
        typed(etree.SubElement(cell, f"{W}p"), said)

    path = f"/data/{tag.partition('=')[0]}"
    found = read(overwrite).filled[path]
    assert (found.text, found.found) == (said, True)


def test_tracked_changes_are_read_as_accepted() -> None:
    def edit(root: Any) -> None:
        (run,) = [one.getparent() for one in root.iter(f"{W}t") if one.text == "Un comité"]
        at, place = run.getparent(), run.getparent().index(run)
        deleted, inserted = etree.Element(f"{W}del"), etree.Element(f"{W}ins")
        etree.SubElement(etree.SubElement(deleted, f"{W}r"), f"{W}delText").text = "Rien. "
        typed(inserted, " nouveau")
        at.insert(place, deleted)
        at.append(inserted)

    assert read(edit, fill(blank(), {MECHANISM: "Un comité"})).filled[f"/data/{MECHANISM}"].text == "Un comité nouveau"


def test_a_formula_is_read_and_a_picture_is_told() -> None:
    def edit(root: Any) -> None:
        paragraph = cell_of(root, MECHANISM).find(f"{W}p")
        formula = etree.SubElement(paragraph, f"{{{MATH}}}oMath")
        etree.SubElement(etree.SubElement(formula, f"{{{MATH}}}r"), f"{{{MATH}}}t").text = "x=5"
        etree.SubElement(typed(paragraph, ""), f"{W}drawing")

    found = read(edit)
    assert (found.filled[f"/data/{MECHANISM}"].text, found.pictures) == ("x=5", 1)
    assert read_paper(blank(), form()).pictures == 0


def test_a_row_deleted_loses_no_answer_and_a_row_doubled_is_told() -> None:
    def delete(root: Any) -> None:
        row = next(cell_of(root, MECHANISM).iterancestors(f"{W}tr"))
        row.getparent().remove(row)

    assert f"/data/{MECHANISM}" not in read(delete).filled

    def double(root: Any) -> None:  # as LibreOffice calls what is copied
        row = next(cell_of(root, MECHANISM).iterancestors(f"{W}tr"))
        again = copy.deepcopy(row)
        for control in list(again.iter(f"{W}sdt")):
            (inside,) = control.find(f"{W}sdtContent")
            control.getparent().replace(control, inside)
        for mark in again.iter(f"{W}bookmarkStart"):
            mark.set(f"{W}name", f"{mark.get(f'{W}name')}_Copy_1")
        row.addnext(again)

    found = read(double, fill(blank(), {MECHANISM: "Un comité"}))
    assert found.filled[f"/data/{MECHANISM}"].text == "Un comité"
    assert found.twice == (f"/data/{MECHANISM}",)


def test_an_answer_to_a_question_that_the_form_no_longer_has_is_told() -> None:
    newer = load_form(FORM.replace("c5_mechanism", "c6_mechanism").encode(), "md")
    filled = fill(blank(), {MECHANISM: "Un comité"})
    assert read_paper(filled, newer).gone == 1
    assert read_paper(blank(), newer).gone == 0


@pytest.mark.slow
@needs_libreoffice
@pytest.mark.parametrize("way", [("docx",), ("odt", "docx"), ("rtf", "docx")])
def test_what_libreoffice_saved_says_the_same_to_the_letter(tmp_path: Path, way: tuple[str, ...]) -> None:
    filled = fill(blank(), {MECHANISM: SAID, "body/m7_done": "Bulletin نشرة"}, {"hierarchy/p6_needed=yes"})
    before = read_paper(filled, form())
    after = read_paper(saved_as(filled, way, tmp_path), form())
    assert {path: one.text for path, one in after.filled.items()} == {
        path: one.text for path, one in before.filled.items()
    }
    assert {path: len(one.ticked) for path, one in after.filled.items()} == {
        path: len(one.ticked) for path, one in before.filled.items()
    }
    assert after.filled["/data/hierarchy/p6_needed"].ticked
    assert (after.lost, after.twice, after.gone) == (0, (), 0)


def test_rows_that_no_paper_has_are_not_read() -> None:
    names = Names(load(compiled()))
    assert names.of_tag(f"information/source[{MOST_ROWS}]/s3_name") is not None
    assert names.of_tag(f"information/source[{MOST_ROWS + 1}]/s3_name") is None
    assert names.of_bookmark(bookmark_of(f"/data/information/source[{MOST_ROWS + 1}]/s3_name")) is None
    assert laying.MOST_ROWS <= MOST_ROWS


def test_an_answer_of_several_paragraphs_is_kept_line_by_line() -> None:
    def edit(root: Any) -> None:  # as Word keeps it once Enter is pressed in a control
        cell = cell_of(root, MECHANISM)
        (control,) = cell.iter(f"{W}sdt")
        (paragraph,) = cell.findall(f"{W}p")
        properties = control.find(f"{W}sdtPr")
        whole = etree.Element(f"{W}sdt")
        whole.append(properties)
        properties.remove(properties.find(f"{W}showingPlcHdr"))
        content = etree.SubElement(whole, f"{W}sdtContent")
        for said in ("Un comité", "", "Une cellule"):
            typed(etree.SubElement(content, f"{W}p"), said)
        cell.replace(paragraph, whole)

    assert read(edit).filled[f"/data/{MECHANISM}"].text == "Un comité\n\nUne cellule"


@pytest.mark.parametrize(
    ("invitation", "style", "read_as"),
    [
        ("", "", "Un comité"),
        ("", "Textedelespacerserv", ""),
        ('<w:placeholder><w:docPart w:val="DefaultPlaceholder_-1854013440"/></w:placeholder>', "", ""),
    ],
)
def test_what_is_written_in_a_field_counts_though_it_is_still_said_to_be_empty(
    invitation: str, style: str, read_as: str
) -> None:
    def edit(root: Any) -> None:
        (control,) = cell_of(root, MECHANISM).iter(f"{W}sdt")
        properties, content = control.find(f"{W}sdtPr"), control.find(f"{W}sdtContent")
        assert properties.find(f"{W}showingPlcHdr") is not None
        if invitation:
            properties.insert(
                0, etree.fromstring(invitation.replace("<w:placeholder>", f'<w:placeholder xmlns:w="{W[1:-1]}">'))
            )
        run = typed(content, "Un comité")
        if style:
            etree.SubElement(etree.SubElement(run, f"{W}rPr"), f"{W}rStyle").set(f"{W}val", style)

    assert read(edit).filled[f"/data/{MECHANISM}"].text == read_as


@pytest.mark.parametrize(
    ("sign", "said", "ticked"),
    [("\u2612", "0", True), ("X", "0", True), ("\u2610", "1", False), ("", "1", True), ("", "0", False)],
)
def test_a_box_is_ticked_as_it_looks_and_as_its_control_says_where_it_shows_nothing(
    sign: str, said: str, ticked: bool
) -> None:
    def edit(root: Any) -> None:
        (tag,) = [one for one in root.iter(f"{W}tag") if one.get(f"{W}val") == "hierarchy/p6_needed=yes"]
        control = tag.getparent().getparent()
        control.find(f".//{W14}checked").set(f"{W14}val", said)
        control.find(f"{W}sdtContent/{W}r/{W}t").text = sign

    assert bool(read(edit).filled["/data/hierarchy/p6_needed"].ticked) is ticked
