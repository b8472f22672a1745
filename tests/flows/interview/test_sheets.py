from __future__ import annotations

from datetime import date, datetime
from io import BytesIO

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.interview.excel import from_xlsx, to_xform, to_xlsx
from flows.interview.sheets import Sheet, SheetError, Workbook, read_toml, to_toml
from tests.budget import examples

LETTERS = st.characters(blacklist_categories=("Cs", "Cc"), blacklist_characters="\ufffe\uffff")
TEXTS = st.one_of(
    st.text(LETTERS | st.sampled_from("\n\t\"\\'"), min_size=1, max_size=40),
    st.sampled_from(
        ["0", "no", "TRUE", "=1+1", "+33 1", "-", "@cmd", "#N/A", " outer ", "\nline", '"""', 'a"', "\\", "_x0041_"]
    ),
)
CELLS = st.one_of(
    TEXTS,
    st.booleans(),
    st.integers(-(2**53), 2**53),
    st.floats(-1e12, 1e12, allow_nan=False),
    st.dates(date(1901, 1, 1), date(2999, 12, 31)),
    st.datetimes(datetime(1901, 1, 1), datetime(2999, 12, 31)),  # noqa: DTZ001 - cells know no time zone
    st.times(),
)


@st.composite
def workbooks(draw: st.DrawFn) -> Workbook:
    names = draw(
        st.lists(st.sampled_from(["survey", "choices", "settings", "_notes", "À part"]), unique=True, min_size=1)
    )
    sheets = {}
    for name in names:
        columns = tuple(draw(st.lists(TEXTS, unique=True, min_size=1, max_size=4)))
        rows = draw(st.lists(st.dictionaries(st.sampled_from(columns), CELLS), max_size=4))
        sheets[name] = Sheet.of(name, columns, iter(rows))
    return Workbook(sheets)


@settings(max_examples=examples(40), deadline=None)
@given(workbooks())
def test_a_workbook_survives_text_and_excel_and_keeps_the_type_of_every_cell(workbook: Workbook) -> None:
    for back in (
        read_toml(to_toml(workbook)),
        from_xlsx(to_xlsx(workbook)),
        read_toml(to_toml(from_xlsx(to_xlsx(workbook)))),
    ):
        assert list(back.sheets) == list(workbook.sheets)
        for name, sheet in workbook.sheets.items():
            assert back.sheets[name].columns == sheet.columns
            assert [dict(row) for row in back.sheets[name].rows] == [dict(row) for row in sheet.rows]
            for old, new in zip(sheet.rows, back.sheets[name].rows, strict=True):
                assert [type(old[key]) for key in old] == [type(new[key]) for key in old]


def _book(*rows: tuple[object, ...]) -> bytes:
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    page.title = "survey"
    for row in rows:
        page.append(row)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def test_a_formula_is_refused_and_its_cell_is_named() -> None:
    with pytest.raises(SheetError, match=r"survey, row 2, column 2: a formula"):
        from_xlsx(_book(("type", "name"), ("text", "=A1")))


def test_a_cell_without_a_header_is_refused_and_its_place_is_named() -> None:
    with pytest.raises(SheetError, match=r"survey, row 2, column 3: a cell with no header"):
        from_xlsx(_book(("type", "name", None), ("text", "a", "stray")))


def test_text_that_looks_like_a_formula_is_stored_as_text_in_excel() -> None:
    workbook = Workbook({"survey": Sheet(("type",), ({"type": "=HYPERLINK(1)"}, {"type": "@SUM"}))})
    page = openpyxl.load_workbook(BytesIO(to_xlsx(workbook)))["survey"]
    assert [page["A2"].data_type, page["A3"].data_type] == ["s", "s"]
    assert page["A2"].quotePrefix
    assert page.freeze_panes == "A2"


def test_the_same_workbook_gives_the_same_bytes() -> None:
    workbook = Workbook({"survey": Sheet(("type", "name"), ({"type": "text", "name": "a"},))})
    assert to_xlsx(workbook) == to_xlsx(workbook)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("survey = ", "not valid TOML"),
        ("[survey]\na = 1", r"\[columns\] is missing"),
        ('[columns]\nsurvey = ["type"]\n[[survey]]\nname = "a"', "survey, row 2: “name” is not among the columns"),
        ('[columns]\nsurvey = ["type"]\n[[choices]]\nname = "a"', "“choices” is not among the sheets"),
        ('[columns]\nsurvey = ["type", "type"]', "used twice"),
        ('[columns]\nsurvey = ["type"]\n[[survey]]\ntype = inf', "cannot hold the number"),
        ('[columns]\nsurvey = ["type"]\n[[survey]]\ntype = [1]', "has no place"),
        ('[columns]\nsurvey = ["type"]\n[[survey]]\ntype = 1000-01-01', "before 1901"),
    ],
)
def test_a_wrong_text_is_refused_with_its_place_and_what_to_do(text: str, says: str) -> None:
    with pytest.raises(SheetError, match=says):
        read_toml(text)


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"type,name\n", b"\xd0\xcf\x11\xe0" * 100])
def test_what_is_not_a_workbook_is_refused(data: bytes) -> None:
    with pytest.raises(SheetError):
        from_xlsx(data)


def test_a_form_compiles_and_a_wrong_one_is_refused_by_name() -> None:
    columns = ("type", "name", "label")
    good = Workbook({"survey": Sheet(columns, ({"type": "text", "name": "a", "label": "One\nTwo"},))})
    xform, warnings = to_xform(good)
    assert "One\nTwo" in xform
    assert warnings == ()
    with pytest.raises(SheetError, match="begin_group"):
        to_xform(Workbook({"survey": Sheet(columns, ({"type": "begin_group", "name": "a", "label": "A"},))}))
