from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from io import BytesIO

import pytest

from bot.documents import render
from flows.country.contribution import Contribution, Entity, restricted_questions
from flows.country.guide import Guide, Paragraph, Section, Table
from flows.country.merging import merge
from flows.country.recap import numbered, recap
from flows.interview.answers import Answered
from flows.interview.form import QuestionType
from flows.knowledge import country
from tests.bot.documents import sample
from tests.flows.country import test_exercise as exercise

NOW = datetime(2026, 3, 15, 9, tzinfo=UTC)
POLICE = Entity("Direction de la police des frontières", "DPF", "security")


@cache
def given() -> tuple[Answered, ...]:
    answers = exercise.contribute("official", POLICE, 0).answers
    return tuple(replace(answer, confidential=answer.name == "s3_name") for answer in answers)  # type: ignore[type-var]


def made(answers: tuple[Answered, ...], language: str = "fr") -> Guide:
    return recap(
        answers,
        exercise.form(),
        country=country("BFA"),
        entity=POLICE,
        language=language,
        made_at=NOW,
        reference="BFA-0012-3",
    )


def lines(section: Section) -> list[list[list[str]]]:
    (table,) = (block for block in section.blocks if isinstance(block, Table))
    return [[[one.text for one in cell.statements] for cell in row.cells] for row in table.rows]


def texts(guide: Guide) -> list[str]:
    return [one.text for block in guide.summary if isinstance(block, Paragraph) for one in block.statements]


def said(name: str, value: str, path: str = "", language: str = "fr", confidential: bool = False) -> Answered:
    return Answered(
        path or f"/data/closing/{name}", name, QuestionType.TEXT, (), "Question ?", value, value, "answered",
        language=language, confidential=confidential,
    )  # fmt: skip


def test_every_answer_is_there_whole_in_the_order_of_the_form_and_numbered() -> None:
    answered = [answer for answer in given() if answer.status == "answered"]
    rows = [row for section in made(given()).sections[:-1] for row in lines(section) if len(row) == 3]
    assert [(row[0], row[1], row[2][0]) for row in rows] == [
        ([str(number)], [answer.label], answer.display) for number, answer in enumerate(answered, start=1)
    ]
    assert list(numbered(given(), exercise.form())) == answered


def test_rows_and_groups_stand_under_their_title() -> None:
    sections = {section.anchor: lines(section) for section in made(given()).sections}
    bands = [row[0][0] for row in sections["information"] if len(row) == 1]
    assert bands[0] == "Source de données 1 – Réponse à s3_name, donnée en mars"
    assert "Autres réponses de cette partie" in bands
    assert [row[0][0] for row in sections["about"] if len(row) == 1][:2] == [
        "Vos coordonnées professionnelles",
        "Votre entité",
    ]


@pytest.mark.parametrize("language", ["fr", "en"])
def test_what_is_marked_is_exactly_what_a_guide_leaves_out(language: str) -> None:
    def left_out(released: frozenset[str]) -> int:
        contribution = Contribution("BFA", POLICE, "official", "1", "fr", "accepted", given(), released)
        return merge("BFA", [contribution]).withheld

    rows = [row for section in made(given(), language).sections[:-1] for row in lines(section) if len(row) == 3]
    marked = [row[2][1] for row in rows if len(row[2]) == 2]
    confidential = [text for text in marked if text.startswith("Confid")]
    assert len(confidential) == left_out(restricted_questions()) > 0
    assert len(marked) == left_out(frozenset()) > len(confidential)


def test_what_was_skipped_or_not_known_is_counted_and_not_shown() -> None:
    statuses = [answer.status for answer in given()]
    (counted,) = (text for text in texts(made(given())) if text.startswith("Questions sans réponse"))
    assert str(statuses.count("unknown")) in counted and str(statuses.count("skipped")) in counted
    assert "Questions sans réponse" not in " ".join(texts(made((said("f3_remark", "Oui"),))))


def test_the_end_has_room_for_the_hierarchy() -> None:
    (last,) = made(given()).sections[-1:]
    assert [row[0][0] for row in lines(last)] == [
        "Décision", "Nom et prénom", "Fonction", "Date", "Signature et cachet", "Remarques",
    ]  # fmt: skip
    assert lines(made(given(), "en").sections[-1])[0][0][0] == "Decision"


def test_the_reference_stands_on_every_page() -> None:
    from pypdf import PdfReader

    pages = PdfReader(BytesIO(render(made(given()), "pdf"))).pages
    assert len(pages) > 3
    assert all("BFA-0012-3" in page.extract_text() for page in pages)


def test_one_answer_fits_on_one_page_with_room_to_sign() -> None:
    from pypdf import PdfReader

    (page,) = PdfReader(BytesIO(render(made((said("f3_remark", "Rien à ajouter"),)), "pdf"))).pages
    assert "Rien à ajouter" in page.extract_text() and "Signature et cachet" in page.extract_text()


def test_whatever_was_said_the_paper_can_be_made_and_says_it() -> None:
    long = "mot " * 2500 + "fin"
    hostile = (said("a", sample.MARKUP), said("b", sample.CONTROLS), said("c", sample.ARABIC, language="ar"))
    guide = made((*hostile, said("d", long), said("e", "", path="/data/gone/e"), said("f", "Hors", path="/data/f")))
    assert long in str(guide)
    for format in ("docx", "pdf", "html"):
        assert render(guide, format) == render(guide, format)  # type: ignore[arg-type]


def test_an_answer_in_another_language_is_marked_and_a_name_is_not() -> None:
    path = "/data/about/p3_contact/p3_name"
    guide = made((said("p3_name", "Name", path, "en"), said("f3_remark", "Thank you", language="en")))
    languages = {
        one.text: one.language
        for section in guide.sections
        for block in section.blocks
        if isinstance(block, Table)
        for row in block.rows
        for cell in row.cells
        for one in cell.statements
    }
    assert (languages["Name"], languages["Thank you"]) == ("", "en")
