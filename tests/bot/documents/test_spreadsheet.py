from __future__ import annotations

import csv
from datetime import UTC, date, datetime
from io import BytesIO, StringIO

import pytest
from openpyxl import load_workbook

from bot.documents.spreadsheet import Sheet, acts_as_formula, to_csv, to_xlsx

MOMENT = datetime(2026, 3, 15, 9, 30, tzinfo=UTC)
FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "\u200b=1", "＝1", '=HYPERLINK("http://x")']


@pytest.mark.parametrize("text", FORMULAS)
def test_text_like_a_formula_is_neutralised(text: str) -> None:
    assert acts_as_formula(text)
    sheet = Sheet("Réponses", ("question", "réponse"), (("q", text),))
    (_, row) = csv.reader(StringIO(to_csv(sheet).decode("utf-8-sig")))
    assert row[1].startswith("'")
    cell = load_workbook(BytesIO(to_xlsx([sheet], MOMENT)))["Réponses"]["B2"]
    assert cell.data_type == "s"
    assert cell.quotePrefix


def test_numbers_dates_and_plain_text_stay_what_they_are() -> None:
    sheet = Sheet("s", ("a",), ((-5,), (2.5,), (True,), (None,), (date(2026, 3, 1),), ("Côte d’Ivoire",), (MOMENT,)))
    page = load_workbook(BytesIO(to_xlsx([sheet], MOMENT)))["s"]
    assert [page.cell(row, 1).value for row in range(2, 9)] == [
        -5, 2.5, True, None, datetime(2026, 3, 1, tzinfo=UTC).replace(tzinfo=None),
        "Côte d’Ivoire", MOMENT.replace(tzinfo=None),
    ]  # fmt: skip
    rows = list(csv.reader(StringIO(to_csv(sheet).decode("utf-8-sig"))))
    assert [row[0] for row in rows[1:4]] == ["-5", "2.5", "True"]


def test_a_text_too_long_for_a_cell_is_kept_whole() -> None:
    text = "é" * 100_000
    page = load_workbook(BytesIO(to_xlsx([Sheet("s", ("a", "b"), ((text, "fin"),))], MOMENT)))["s"]
    assert page["B2"].value == "fin"
    assert "".join([page["A2"].value, *(page.cell(2, place).value for place in (3, 4, 5))]) == text


def test_names_of_sheets_are_made_fit_and_distinct() -> None:
    long = "Recommandations [2026]: à l’atelier / suite"
    book = load_workbook(BytesIO(to_xlsx([Sheet(long, (), ()), Sheet(long, (), ()), Sheet("", (), ())], MOMENT)))
    assert len(set(book.sheetnames)) == 3
    assert all(0 < len(name) <= 31 for name in book.sheetnames)


def test_control_characters_are_left_out() -> None:
    page = load_workbook(BytesIO(to_xlsx([Sheet("s", ("a",), (("x\x00\x07y",),))], MOMENT)))["s"]
    assert page["A2"].value == "xy"


def test_the_same_tables_give_the_same_bytes() -> None:
    sheet = Sheet("s", ("a",), (("x",),))
    assert to_xlsx([sheet], MOMENT) == to_xlsx([sheet], MOMENT)
    assert load_workbook(BytesIO(to_xlsx([], MOMENT))).sheetnames == ["-"]


def test_a_row_is_as_high_as_its_longest_text_within_what_the_format_allows() -> None:
    texts = ("court", "mot " * 60, "ligne\n" * 4, "mot " * 5_000)
    page = load_workbook(BytesIO(to_xlsx([Sheet("s", ("a", "b"), tuple((text, 1) for text in texts))], MOMENT)))["s"]
    short, long, broken, endless = (page.row_dimensions[row].height for row in range(2, 6))
    assert short == 15 and 60 <= long <= 90 and broken == 75 and endless <= 409


def test_printed_it_lies_across_with_its_header_on_every_page() -> None:
    few, many = (Sheet(name, tuple(f"colonne {place}" for place in range(count)), ((),)) for name, count in (("f", 3), ("m", 60)))  # fmt: skip # noqa: E501
    book = load_workbook(BytesIO(to_xlsx([few, many], MOMENT)))
    assert [page.page_setup.orientation for page in book] == ["landscape", "landscape"]
    assert [page.print_title_rows for page in book] == ["$1:$1", "$1:$1"]
    assert book["f"].page_setup.fitToWidth == 1 < book["m"].page_setup.fitToWidth
    assert all(page.sheet_properties.pageSetUpPr.fitToPage for page in book)
