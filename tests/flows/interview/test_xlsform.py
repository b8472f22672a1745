"""Forms that compile, and the place and reason of those that do not."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from flows.interview.xlsform import FormProblem, Kind, compile_xlsform, kind_of

SURVEY = "| survey |\n| | type | name | label | relevant | calculation |\n"
CHOICES = "| choices |\n| | list_name | name | label |\n"
ORACLE = Path(__file__).parents[4] / "shared" / "oracle" / "forms"


def problem(data: str | bytes, kind: Kind = "md") -> FormProblem:
    with pytest.raises(FormProblem) as caught:
        compile_xlsform(data.encode() if isinstance(data, str) else data, kind)
    return caught.value


def zipped(**parts: str) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return data.getvalue()


def test_a_compiled_form_knows_the_row_of_every_question() -> None:
    group = "| | begin_group | g | G | | |\n| | text | b | B | | |\n| | end_group | | | | |\n"
    compiled = compile_xlsform(
        (SURVEY + "| | text | a | A | | |\n" + group + "| | text | c | C | | |\n").encode(), "md"
    )
    assert compiled.warnings == ()
    assert compiled.rows == {"/data/a": 2, "/data/g": 3, "/data/g/b": 4, "/data/c": 6}


def test_csv_gives_the_same_form_as_markdown() -> None:
    rows = '"survey",,,\n,"type","name","label"\n,"text","a","A"\n'
    markdown = "| survey |\n| | type | name | label |\n| | text | a | A |\n"
    assert compile_xlsform(rows.encode(), "csv").xform == compile_xlsform(markdown.encode(), "md").xform


@pytest.mark.parametrize(
    ("rows", "reason", "place"),
    [
        ("| | foo | a | A | | |\n", "type_unknown", ("survey", 2, "type")),
        ("| | text | | A | | |\n", "name_missing", ("survey", 2, "name")),
        ("| | text | a | A | | |\n| | text | a | B | | |\n", "name_twice", ("survey", 3, "name")),
        ("| | text | 1a | A | | |\n", "name_characters", ("survey", 2, "name")),
        ("| | text | a | A | ${b} = 1 | |\n", "reference_missing", ("survey", 2, "relevant")),
        ("| | text | a | ${ A | | |\n", "reference_form", ("survey", 2, "label")),
        ("| | begin_group | g | G | | |\n| | text | a | A | | |\n", "begin_without_end", ("survey", 2, "type")),
        ("| | text | a | A | | |\n| | end_group | | | | |\n", "end_without_begin", ("survey", 3, "type")),
        ("| | calculate | a | | | |\n", "calculation_missing", ("survey", 2, "calculation")),
        ("| | select_one x | a | A | | |\n" + CHOICES + "| | y | 1 | A |\n", "list_missing", ("survey", 2, "type")),
        (
            "| | select_one x | a | A | | |\n" + CHOICES + "| | x | 1 | A |\n| | x | 1 | B |\n",
            "choice_name_twice",
            ("choices", 3, "name"),
        ),
    ],
)
def test_a_mistake_is_named_with_sheet_row_and_column(rows: str, reason: str, place: tuple[str, int, str]) -> None:
    found = problem(SURVEY + rows)
    assert (found.reason, (found.sheet, found.row, found.column)) == (reason, place)


@pytest.mark.parametrize(
    ("data", "kind", "reason"),
    [
        ("", "md", "empty_file"),
        ("hello", "md", "no_table"),
        ("a,b\n1,2\n", "csv", "not_an_xlsform"),
        (b"caf\xe9", "csv", "encoding_line"),
        ("a,b".encode("utf-16"), "csv", "encoding"),
        (b"a\0b", "csv", "not_text"),
        ("x = ", "toml", "sheets"),
        (b"junk", "xlsx", "not_a_workbook"),
        (b"PK\x03\x04junk", "xlsx", "damaged"),
        (zipped(**{"word/document.xml": "<d/>"}), "xlsx", "not_a_workbook"),
        (zipped(**{"xl/workbook.xml": "<d"}), "xlsx", "damaged"),
        ("<a>", "xml", "xml_malformed"),
        ("<a/>", "xml", "not_an_xform"),
        (f'<html xmlns="http://www.w3.org/1999/xhtml">{"<a>" * 5000}{"</a>" * 5000}</html>', "xml", "too_deep"),
        ('<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "xml", "xml_entities"),
    ],
)
def test_a_file_that_is_no_form_is_refused_in_one_line(data: str | bytes, kind: Kind, reason: str) -> None:
    assert problem(data, kind).reason == reason


def test_a_header_with_a_prefix_that_is_not_declared_is_named() -> None:
    found = problem("| survey |\n| | type | name | label | bind::griot:section |\n| | text | a | A | s |\n")
    assert (found.reason, found.values, found.column) == ("prefix", {"prefix": "griot"}, "namespaces")


def test_a_workbook_that_unpacks_without_end_is_not_unpacked() -> None:
    assert problem(zipped(**{"xl/workbook.xml": "0" * 61_000_000}), "xlsx").reason == "too_large"


def test_the_name_of_a_file_tells_its_kind() -> None:
    assert kind_of("Guide.XLSX") == "xlsx"
    with pytest.raises(FormProblem):
        kind_of("guide.docx")


@pytest.mark.skipif(not ORACLE.is_dir(), reason="the collection of forms is not here")
def test_real_forms_compile_or_are_refused_with_a_reason() -> None:
    sources = sorted(ORACLE.glob("*/*/source.*"))
    assert len(sources) > 100
    for source in sources:
        assert compile_xlsform(source.read_bytes(), kind_of(source.name)).rows
