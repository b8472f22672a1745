"""The mapping of sources as a table: a row a source, nothing that a guide may not say, references that fit."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook

from bot.documents.spreadsheet import Sheet, to_xlsx
from bot.documents.texts import passages_of
from flows.country.accounts import accounts
from flows.country.contribution import Contribution
from flows.country.dossier import Dossier
from flows.country.draft import compile_guide
from flows.country.guide import Guide
from flows.country.merging import merge
from flows.country.source_table import COLUMNS, mapping, references
from flows.knowledge import country
from tests.flows.country.golden_guides import DOSSIERS
from tests.flows.country.saying import ASSOCIATION, POLICE, contribution, small_exercise
from tests.flows.country.test_draft import NOW

BFA = country("BFA")


def made(*more: Contribution, language: str = "fr", first: bool = True) -> tuple[Dossier, Guide]:
    dossier = merge("BFA", [*(small_exercise(accepted=True) if first else ()), *more])
    return dossier, compile_guide(dossier, BFA, language, NOW)


def rows(dossier: Dossier, guide: Guide) -> list[dict[str, Any]]:
    _, found = mapping(dossier, BFA, guide)
    return [dict(zip(COLUMNS, row, strict=True)) for row in found]


def test_every_source_has_its_row_with_all_that_was_said_of_it() -> None:
    dossier, guide = made()
    found = rows(dossier, guide)
    assert len(found) == len(dossier.sources)
    census = found[0]
    assert (census["entity"], census["name"], census["year"]) == (
        "Institut de la statistique",
        "Recensement général",
        2019,
    )
    assert census["domains"] == "Tendances migratoires; Migrations internes"
    assert (census["period"], census["sex"], census["age"]) == ("Tous les 10 ans", "Oui", "Oui")
    assert str(census["contact"]).startswith("Awa Exemple, Cheffe de service")


def test_titles_and_choices_are_in_the_language_of_the_guide_and_what_people_wrote_in_their_own() -> None:
    dossier, guide = made(language="en")
    titles, _ = mapping(dossier, BFA, guide)
    assert titles[COLUMNS.index("breakdown")] == "Disaggregation"
    census = rows(dossier, guide)[0]
    assert (census["type"], census["limits"], census["language"]) == (
        "Census",
        "Un recensement tous les dix ans.",
        "fr",
    )


def test_references_point_to_the_list_of_sources_of_that_guide() -> None:
    dossier, guide = made()
    assert [one["reference"] for one in rows(dossier, guide)] == [one.by for one in dossier.sources]
    shifted = replace(guide, sources=tuple(replace(one, number=one.number + 10) for one in guide.sources))
    assert [one["reference"] for one in rows(dossier, shifted)] == [one.by + 10 for one in dossier.sources]
    assert [one["reference"] for one in rows(dossier, replace(guide, sources=()))] == [None] * len(dossier.sources)
    assert [row[0] for row in references(guide)[1]] == [one.number for one in guide.sources]


def test_what_is_confidential_or_not_consented_to_is_not_in_it() -> None:
    told = {
        "source/1/s3_name": "Registre visible",
        "!source/1/s7_content": "Contenu secret",
        "!source/2/s3_name": "Source secrète",
        "source/2/s7_content": "Aussi secret",
        "source/1/s13_same": "yes",
        "p3_name": "Nom Secret",
        "p3_email": "secret@example.org",
        "p7_publish": "position",
    }
    shown = str(rows(*made(contribution(POLICE, told))))
    assert "Registre visible" in shown
    assert "secret" not in shown.lower().replace("secrétariat", "")


def test_without_a_source_there_are_the_titles_alone() -> None:
    dossier, guide = made(first=False)
    titles, found = mapping(dossier, BFA, guide)
    assert (len(titles), found) == (len(COLUMNS), ())
    (sheet,) = load_workbook(BytesIO(to_xlsx([Sheet("Sources", titles, found)], NOW)))
    assert (sheet.freeze_panes, sheet.max_row) == ("A2", 1)


@pytest.mark.parametrize("text", ['=HYPERLINK("http://x.example","y")', "+1", "@SUM(A1)", "-2+3", "\t=1", "＝1"])
def test_no_text_acts_as_a_formula(text: str) -> None:
    dossier, guide = made(contribution(ASSOCIATION, {"source/1/s3_name": text, "source/1/s7_content": text}))
    content = to_xlsx([Sheet("Sources", *mapping(dossier, BFA, guide))], NOW)
    (sheet,) = load_workbook(BytesIO(content))
    cells = [cell for row in sheet.iter_rows() for cell in row if isinstance(cell.value, str)]
    assert all(cell.data_type == "s" for cell in cells)
    held = [cell for cell in cells if cell.value.strip() == text.strip()]
    assert held and all(cell.quotePrefix for cell in held)


def test_sixty_sources_with_hostile_texts_are_one_sheet_with_filters_and_equal_bytes() -> None:
    hostile = ("ملف الحدود", "<w:b>&amp;", "🙂" * 50, "x" * 40_000, "a\nb\x00\u202ec", "{{ x }} {% y %}")
    told = {f"source/{row}/s3_name": f"{hostile[row % 6]} {row}" for row in range(1, 61)}
    dossier, guide = made(contribution(POLICE, told), first=False)
    sheets = [Sheet("Sources", *mapping(dossier, BFA, guide)), Sheet("Réf.", *references(guide))]
    content = to_xlsx(sheets, guide.compiled_at)
    assert content == to_xlsx(sheets, guide.compiled_at)
    sheet = load_workbook(BytesIO(content)).worksheets[0]
    assert (sheet.max_row, sheet.freeze_panes) == (61, "A2")
    assert sheet.auto_filter.ref == f"A1:{sheet.cell(1, len(COLUMNS)).coordinate[:-1]}61"
    assert all(10 <= one.width <= 60 for one in sheet.column_dimensions.values())


def test_all_that_it_says_is_looked_through_before_publication() -> None:
    dossier, guide = made()
    content = to_xlsx([Sheet("Sources", *mapping(dossier, BFA, guide))], NOW)
    (passage,) = passages_of({"sources-BFA-v1-fr.xlsx": content})
    assert "Un recensement tous les dix ans." in passage.text and "awa@ins.example" in passage.text


def test_what_several_say_of_one_source_stands_together_under_one_number() -> None:
    dossier = DOSSIERS["contradictory"]()
    found = rows(dossier, compile_guide(dossier, BFA, "fr", NOW))
    numbers = [one["number"] for one in found]
    assert numbers == sorted(numbers)
    assert max(numbers) == len(accounts(dossier)) < len(found) == len(dossier.sources)
    for number in set(numbers):
        assert {one["accounts"] for one in found if one["number"] == number} == {numbers.count(number)}
