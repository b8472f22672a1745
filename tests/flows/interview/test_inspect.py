"""What the lint of a form finds, and that it leaves a good form alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from flows.interview.inspect import Problem, check
from flows.interview.xlsform import compile_xlsform, kind_of

ORACLE = Path(__file__).parents[4] / "shared" / "oracle" / "forms"
COLUMNS = [
    "type",
    "name",
    "label",
    "relevant",
    "constraint",
    "constraint_message",
    "appearance",
    "required",
    "calculation",
]
HEADER = "| survey |\n| | " + " | ".join(COLUMNS) + " |\n"


def survey(*rows: dict[str, str], more: str = "") -> list[Problem]:
    lines = "".join("| | " + " | ".join(row.get(column, "") for column in COLUMNS) + " |\n" for row in rows)
    return check(compile_xlsform((HEADER + lines + more).encode(), "md"))


def row(type: str, name: str, **cells: str) -> dict[str, str]:
    return {"type": type, "name": name, "label": name.upper(), **cells}


FIRST = row("text", "a")


def test_a_well_made_form_gives_nothing() -> None:
    choices = "| choices |\n| | list_name | name | label |\n| | l | x | Ex |\n| | l | y | Why |\n"
    found = survey(
        FIRST,
        row("select_one l", "b", relevant="${a} != ''"),
        row("text", "c", constraint="regex(., '^[a-z]+$')", constraint_message="Letters, please.", required="yes"),
        row("begin_repeat", "r"),
        row("integer", "d", relevant="${b} = 'x' and not(${c} = '')"),
        row("end_repeat", ""),
        row("calculate", "e", calculation="count(${r})"),
        row("geopoint", "f"),
        row("file", "g"),
        row("video", "h"),
        more=choices,
    )
    assert found == []


def test_the_size_of_a_photo_is_no_concern_of_a_chat() -> None:
    assert survey(row("image", "p", label="Photo")) == []


def test_headers_padded_by_a_spreadsheet_program_are_no_problem() -> None:
    padded = (
        "survey,,,,\n,type,name,label,\n,select_one l,a,A,\nchoices,,,,\n,list_name,name,label,\n,l,x,X,\n,l,y,Y,\n"
    )
    assert check(compile_xlsform(padded.encode(), "csv")) == []


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        (row("geotrace", "q"), "geotrace_typed"),
        (row("geoshape", "q"), "geoshape_typed"),
        (row("barcode", "q"), "barcode_typed"),
        (row("image", "q", appearance="signature"), "drawn"),
        (row("image", "q", appearance="annotate"), "drawn"),
        (row("text", "q", appearance="ex:org.app.Do"), "other_application"),
        (row("text", "q", appearance="printer:org.app"), "other_application"),
        (row("start-geopoint", "q"), "background_place"),
        (row("background-audio", "q"), "background_audio"),
        (row("audit", "audit"), "audit"),
        (row("select_one_from_file towns.csv", "q"), "external_data"),
        (row("calculate", "q", calculation="pulldata('towns', 'x', 'y', ${a})"), "external_data"),
        (row("text", "q", relevant="false()"), "never"),
        (row("text", "q", relevant="1 = 2 and ${a} = 'x'"), "never"),
        (row("text", "q", relevant="false()", required="yes"), "required_never"),
        (row("text", "q", relevant="${z} = 'x'"), "later"),
        (row("text", "q", relevant="${a}"), "bare"),
        (row("text", "q", relevant="not(${a})"), "bare"),
        (row("calculate", "q", calculation="if(${a}, 1, 2)"), "bare"),
        (row("text", "q", constraint="regex(., '[a-z]+')", constraint_message="M"), "regex"),
        (row("text", "q", constraint=". != 'x'"), "constraint_silent"),
        (row("text", "q", relevant="/data/nowhere = 1"), "dangling"),
    ],
)
def test_each_problem_is_named_with_its_row(question: dict[str, str], kind: str) -> None:
    found = survey(FIRST, question, row("text", "z"))
    assert kind in {problem.kind for problem in found}
    for problem in found:
        assert problem.row in (0, 3)
        assert problem.sheet == ("survey" if problem.row else "")


def test_a_reference_inside_a_comparison_is_no_bare_condition() -> None:
    assert survey(FIRST, row("text", "q", relevant="string-length(${a}) > 3 or selected(${a}, 'x')")) == []


def test_choices_that_a_typed_answer_cannot_tell_apart_are_named_with_their_row() -> None:
    choices = "| choices |\n| | list_name | name | label |\n| | l | x | État |\n| | l | y | etat |\n"
    found = survey(row("select_one l", "a"), more=choices)
    assert [(problem.kind, problem.sheet, problem.row) for problem in found] == [("choices_alike", "choices", 3)]


def test_a_label_too_long_for_a_button_is_named() -> None:
    choices = f"| choices |\n| | list_name | name | label |\n| | l | x | {'mot ' * 20} |\n| | l | y | Y |\n"
    assert [problem.kind for problem in survey(row("select_one l", "a"), more=choices)] == ["choice_long"]


def test_what_is_not_translated_is_named_by_language_and_column() -> None:
    form = (
        "| survey |\n| | type | name | label::Français (fr) | label::English (en) | hint::Français (fr) |\n"
        "| | text | a | A | A | Aide |\n| | select_one l | b | B | | |\n"
        "| choices |\n| | list_name | name | label::Français (fr) | label::English (en) |\n| | l | x | X | |\n"
    )
    found = check(compile_xlsform(form.encode(), "md"))
    assert {(problem.kind, problem.sheet, problem.row, problem.column) for problem in found} == {
        ("untranslated", "survey", 2, "hint::English (en)"),
        ("untranslated", "survey", 3, "label::English (en)"),
        ("choice_untranslated", "choices", 2, "label::English (en)"),
    }


def test_a_repeat_without_a_label_cannot_ask_for_another() -> None:
    rows = ({"type": "begin_repeat", "name": "r"}, row("text", "a"), {"type": "end_repeat"})
    assert [problem.kind for problem in survey(*rows)] == ["repeat_unlabelled"]


@pytest.mark.skipif(not ORACLE.is_dir(), reason="the collection of forms is not here")
def test_every_real_form_can_be_checked() -> None:
    forms = sorted([*ORACLE.glob("*/*/source.*"), *ORACLE.glob("*/*/form.xml")])
    assert len(forms) > 300
    for form in forms:
        check(compile_xlsform(form.read_bytes(), kind_of(form.name)))


def test_an_other_of_ones_own_beside_translations_is_no_problem() -> None:
    form = (
        b"| survey |\n| | type | name | label::French (fr) | label::English (en) |\n"
        b"| | select_one t or_other | q | Ville | Town |\n"
        b"| choices |\n| | list_name | name | label::French (fr) | label::English (en) |\n| | t | a | Un | One |\n"
    )
    assert check(compile_xlsform(form, "md")) == []
