from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path

import pytest
from defusedxml.ElementTree import fromstring

from flows.interview.excel import from_xlsx, to_xform, to_xlsx
from flows.interview.sheets import Row, Workbook, read_toml, to_toml
from flows.questionnaires import compile_source, compiled, source
from flows.questionnaires.reference import questions_page

FR, EN = "Français (fr)", "English (en)"
EXPECTED = {
    *(f"P{n}" for n in range(1, 8)),
    *(f"E{n}" for n in range(1, 7)),
    *(f"S{n}" for n in range(1, 20)),
    *(f"C{n}" for n in range(1, 6)),
    *(f"M{n}" for n in range(1, 11)),
    *(f"R{n}" for n in range(1, 5)),
    *(f"F{n}" for n in range(1, 5)),
}
CORE = {
    *("P1", "P2", "P3", "P4", "P7", "E1", "E2", "E3", "E5"),
    *("S1", "S2", "S3", "S4", "S5", "S7", "S13", "S16", "C1", "C2", "C3", "C4"),
    *("M1", "M3", "M4", "M5", "M7", "M8", "M9", "R1", "R2", "F4"),
}
WHO = {
    "C M S O": "P1 P2 P3 P4 P5 P7 S16 S17 S18 S19 M7 M8 M9 R1 R2 R3 R4 F1 F2 F3 F4",
    "M S O": "P6 S1 S2 S3 S4 S5 S6 S7 S8 S9 S10 S11 S12 S13 S14 S15 C2 C3 M6 M10",
    "C": "E1 E2 E4 E5 E6 C4 M3 M4 M5",
    "C S": "E3 M1 M2",
    "C M": "C1 C5",
}
LISTS = {
    "entity_type": 12,
    "domain": 5,
    "status": 2,
    "source_type": 11,
    "period": 9,
    "disaggregation": 11,
    "format": 6,
    "access": 4,
    "sharing": 6,
    "stage": 6,
    "stage_role": 5,
    "function": 4,
    "challenge": 6,
    "category": 6,
    "objective": 23,
    "area": 5,
    "theme": 15,
}


@pytest.fixture(scope="module")
def book() -> Workbook:
    return read_toml(source())


def rows(book: Workbook) -> tuple[Row, ...]:
    return book.rows("survey")


def words(row: Row, *, language: str) -> dict[str, str]:
    return {key: str(value) for key, value in row.items() if key.endswith(f"::{language}")}


def test_the_compiled_form_is_the_one_its_source_gives_and_pyxform_has_no_warning() -> None:
    assert compile_source(source()) == compiled()


def test_the_source_text_is_written_as_the_writer_writes_it(book: Workbook) -> None:
    assert to_toml(book) == source()


def test_excel_and_back_changes_nothing_and_the_workbook_opens_in_pyxform_without_a_warning(book: Workbook) -> None:
    back = from_xlsx(to_xlsx(book))
    assert to_toml(back) == source()
    assert to_xform(back)[1] == ()


def test_all_55_questions_are_there_each_for_those_who_are_asked(book: Workbook) -> None:
    who = defaultdict(set)
    for row in rows(book):
        if "bind::griot:id" in row and "bind::griot:who" in row:
            who[row["bind::griot:id"]].add(row["bind::griot:who"])
    assert set(who) == EXPECTED
    assert len(who) == 55
    expected = {name: {audience} for audience, names in WHO.items() for name in names.split()}
    assert who == expected


def test_core_questions_are_the_31_of_the_field(book: Workbook) -> None:
    core = {row["bind::griot:id"] for row in rows(book) if row.get("bind::griot:core") == "yes"}
    assert core == CORE
    assert len(core) == 31


def test_only_language_consent_and_submission_can_be_neither_skipped_nor_unknown(book: Workbook) -> None:
    must = {row["bind::griot:id"] for row in rows(book) if row.get("bind::griot:must") == "yes"}
    assert must == {"P1", "P2", "F4"}
    assert {row["bind::griot:id"] for row in rows(book) if "required" in row} == must


def test_every_closed_list_is_complete(book: Workbook) -> None:
    sizes: dict[str, int] = defaultdict(int)
    for choice in book.rows("choices"):
        sizes[str(choice["list_name"])] += 1
    assert {name: sizes[name] for name in LISTS} == LISTS


def test_every_question_of_the_guide_names_its_section(book: Workbook) -> None:
    guide = {"I", "II", "III.1", "III.2", "III.3", "III.4", "IV", "Annex", "Desk research"}
    for row in rows(book):
        sections = str(row.get("bind::griot:section", ""))
        assert not sections or sections == "Desk research" or set(sections.split()) <= guide, row["name"]


def test_border_and_crisis_answers_are_restricted_to_the_state_by_default(book: Workbook) -> None:
    state = {row["bind::griot:id"] for row in rows(book) if row.get("bind::griot:confidential") == "state"}
    assert state == {"S18", "S19"}


def test_the_meanings_the_software_needs_are_marked(book: Workbook) -> None:
    roles = {row["bind::griot:role"]: row["name"] for row in rows(book) if "bind::griot:role" in row}
    assert roles == {
        "language": "p1_language",
        "consent": "p2_consent",
        "clearance": "p6_needed",
        "publication": "p7_publish",
        "sharing": "m7_share",
        "withhold": "f3_confidential",
        "submit": "f4_submit",
    }


def test_what_is_shown_is_in_both_languages(book: Workbook) -> None:
    for sheet in ("survey", "choices"):
        for row in book.rows(sheet):
            french = {key.split("::")[0] for key in words(row, language=FR)}
            english = {key.split("::")[0] for key in words(row, language=EN)}
            assert french == english, row
    asked = [row for row in rows(book) if not str(row["type"]).startswith(("end", "hidden", "calculate"))]
    assert all(f"label::{FR}" in row for row in asked)


def test_every_condition_of_a_value_says_in_words_what_is_wrong(book: Workbook) -> None:
    for row in rows(book):
        assert ("constraint" in row) == (f"constraint_message::{FR}" in row), row["name"]


def test_choices_fit_a_phone_button(book: Workbook) -> None:
    for choice in book.rows("choices"):
        assert len(str(choice[f"label::{FR}"])) <= 30, choice
        assert len(str(choice[f"label::{EN}"])) <= 30, choice
        assert re.fullmatch(r"[a-z0-9_]{1,32}", str(choice["name"]))


def test_a_definition_comes_with_an_example(book: Workbook) -> None:
    defined = [row for row in rows(book) if f"guidance_hint::{FR}" in row]
    assert len({row["name"] for row in defined}) >= 30
    for row in defined:
        if row["name"] in ("p2_consent",):
            continue
        text = str(row[f"guidance_hint::{FR}"])
        assert "Exemple" in text or "exemple" in text, row["name"]
        assert "xample" in str(row[f"guidance_hint::{EN}"]), row["name"]


def test_french_typography_is_right(book: Workbook) -> None:
    for sheet in ("survey", "choices"):
        for row in book.rows(sheet):
            for key, text in words(row, language=FR).items():
                plain = re.sub(r"https?://|\$\{\w+\}", "x", text)
                assert "'" not in plain and '"' not in plain, (row["name"], key)
                assert not re.search(r"[^\u202f\s][:;?!»]|[ \u00a0][:;?!»]|«[^\u202f]", plain), (row["name"], key, text)
                assert "  " not in plain and plain == plain.strip(), (row["name"], key)


def test_english_typography_is_right(book: Workbook) -> None:
    for sheet in ("survey", "choices"):
        for row in book.rows(sheet):
            for key, text in words(row, language=EN).items():
                assert "'" not in text and '"' not in text, (row["name"], key)
                assert not re.search(r"\s[:;?!,.]|  ", text), (row["name"], key, text)


def test_the_typography_reaches_the_compiled_form() -> None:
    assert "l’utilisation" in compiled()
    assert "“Entity”" in compiled()


def test_expressions_use_only_functions_that_every_odk_client_knows(book: Workbook) -> None:
    known = {
        "coalesce", "concat", "count-non-empty", "count-selected", "format-date", "if", "join", "not", "number",
        "regex", "selected", "string-length", "today",
    }  # fmt: skip
    for row in rows(book):
        for column in ("relevant", "constraint", "calculation", "choice_filter"):
            expression = re.sub(r"'[^']*'", "''", str(row.get(column, "")))
            used = set(re.findall(r"([a-z][a-z:-]*)\(", expression)) - {"and", "or"}
            assert used <= known, (row["name"], column, used - known)


def test_a_bare_answer_is_never_a_condition(book: Workbook) -> None:
    for row in rows(book):
        for condition in re.split(r" and | or ", str(row.get("relevant", ""))):
            assert not re.fullmatch(r"[( ]*(not\()?\$\{\w+\}[) ]*", condition), row["name"]


def test_the_compiled_form_is_namespaced_and_says_its_version() -> None:
    root = fromstring(compiled())
    attributes = [bind.attrib for bind in root.iter("{http://www.w3.org/2002/xforms}bind")]
    assert any("{https://griot-guides.example/ns}section" in bind for bind in attributes)
    data = next(element for element in root.iter() if element.tag.endswith("}data"))
    assert re.fullmatch(r"\d{10}", data.attrib["version"])
    assert data.attrib["id"] == "griot_guide"


def test_the_page_of_questions_is_current(book: Workbook) -> None:
    page = Path(__file__).parents[2] / "docs/reference/questions.md"
    assert page.read_text(encoding="utf-8") == questions_page(book), "run: python docs/write_questions.py"
