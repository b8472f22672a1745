"""A figure in a Word document that comes back edited: kept as it was made, with its caption as it reads now."""

from __future__ import annotations

import copy
from dataclasses import replace
from functools import cache
from io import BytesIO
from typing import Any

from docx.document import Document as Opened
from docx.oxml.ns import qn

from bot.documents import render
from bot.documents.figures.png import images
from bot.documents.reading import ReadGuide, read_docx
from flows.country.changes import changes
from flows.country.guide import Figure, Guide
from flows.country.walking import sections
from tests.bot.documents.editing import edited, paragraph, replaced
from tests.flows.country.golden_guides import compiled

CAPTION = "Les étapes du cycle politique\u00a0: qui les conduit, qui y intervient"


@cache
def guide() -> Guide:
    return compiled("full", "fr", "2013")


@cache
def document() -> bytes:
    return render(guide(), "docx")


def read(*edits: object) -> ReadGuide:
    return read_docx(edited(document(), *edits), guide())  # type: ignore[arg-type]


def figures(made: Guide) -> dict[str, tuple[str, Figure]]:
    return {
        block.anchor: (section.anchor, block)
        for section in sections(made)
        for block in section.blocks
        if isinstance(block, Figure)
    }


def holding(document: Opened, anchor: str) -> Any:
    """The paragraph that holds the image of a figure."""
    place = next(one for one in document.element.body.iter(qn("wp:docPr")) if one.get("name") == anchor)
    return next(one for one in place.iterancestors(qn("w:p")))


def test_what_nobody_edited_comes_back_with_its_figures() -> None:
    found = read()
    assert found.guide == guide() and len(figures(guide())) == 5
    assert found.pictures == 0


def test_an_edited_caption_is_taken_and_the_figure_kept() -> None:
    found = read(replaced("qui y intervient", "qui y participe"))
    new = CAPTION.replace("intervient", "participe").replace("\u00a0", " ")
    where, before = figures(guide())["figure-cycle"]
    assert figures(found.guide)["figure-cycle"] == (where, replace(before, caption=new))
    (change,) = changes(guide(), found.guide)
    assert (change.kind, change.what, change.after) == ("changed", "caption", new)


def test_a_figure_taken_out_is_gone_and_told() -> None:
    def out(document: Opened) -> None:
        image = holding(document, "figure-cycle")
        for element in (image.getnext(), image):
            element.getparent().remove(element)

    found = read(out)
    assert figures(guide()).keys() - figures(found.guide).keys() == {"figure-cycle"}
    (change,) = changes(guide(), found.guide)
    assert (change.kind, change.what, change.before) == ("removed", "caption", CAPTION)


def test_a_figure_put_elsewhere_is_there() -> None:
    def move(document: Opened) -> None:
        image = holding(document, "figure-cycle")
        caption = image.getnext()
        target = paragraph(document, "Comité interministériel")._p
        target.addnext(image)
        image.addnext(caption)

    found = read(move)
    assert figures(found.guide)["figure-cycle"] == ("coordination", figures(guide())["figure-cycle"][1])


def test_a_caption_taken_away_leaves_the_figure_without_one() -> None:
    def out(document: Opened) -> None:
        caption = holding(document, "figure-coverage").getnext()
        caption.getparent().remove(caption)

    found = figures(read(out).guide)
    assert found["figure-coverage"][1] == replace(figures(guide())["figure-coverage"][1], caption="")
    assert {name for name in found if found[name] != figures(guide())[name]} == {"figure-coverage"}


def test_an_image_of_somebody_elses_and_a_second_copy_are_left_out_and_counted() -> None:
    def add(document: Opened) -> None:
        image = images([figures(guide())["figure-sources"][1]])[0]
        document.add_picture(BytesIO(image))
        twice = copy.deepcopy(holding(document, "figure-cycle"))
        paragraph(document, "Comité interministériel")._p.addnext(twice)

    found = read(add)
    assert found.pictures == 2
    assert figures(found.guide) == figures(guide())


def test_what_is_written_beside_a_figure_is_kept_before_it() -> None:
    def write(document: Opened) -> None:
        from docx.text.paragraph import Paragraph

        Paragraph(holding(document, "figure-cycle"), document._body).add_run("À vérifier.")

    found = read(write)
    section = next(one for one in sections(found.guide) if one.anchor == "stages")
    assert [type(block).__name__ for block in section.blocks[:3]] == ["Paragraph", "Figure", "Table"]
    (change,) = changes(guide(), found.guide)
    assert (change.kind, change.after) == ("added", "À vérifier.")


def test_a_comment_on_a_figure_is_about_its_section() -> None:
    def comment(document: Opened) -> None:
        from docx.text.paragraph import Paragraph

        caption = Paragraph(holding(document, "figure-cycle").getnext(), document._body)
        document.add_comment(caption.runs, text="Et la douane ?", author="E")
        image = Paragraph(holding(document, "figure-coverage"), document._body)
        document.add_comment(image.runs, text="Beau.", author="E")

    found = read(comment)
    assert [(one.text, one.anchor) for one in found.comments] == [("Beau.", "overview"), ("Et la douane ?", "stages")]
