"""A table of activities: read back as it was written, each mistake told with its row and column."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.activities import packaged
from flows.country.access import COMMAND_LINE
from flows.country.activity_table import COLUMNS, Checked, check, rows_of
from flows.country.steps.activities import KeepActivities, catalogue
from flows.country.steps.base import Refusal
from flows.country.steps.course import Course
from flows.country.steps.door import take
from tests.budget import examples

TODAY = date(2026, 11, 25)
GOOD = {
    "kind": "meeting",
    "title_fr": "Migrants disparus",
    "begins": "20/09/2023",
    "ends": "2023-09-21",
    "objectives": "7; 8",
    "link_fr": "https://rabat-process.org/fr/a",
}


@dataclass(frozen=True)
class Row:
    number: int
    cells: Mapping[str, str]
    formulas: frozenset[str] = field(default_factory=frozenset)


def checked(**changes: str) -> Checked:
    cells = {**GOOD, **changes}
    return check(tuple(cells), [Row(2, cells)], TODAY)


def test_the_whole_catalogue_comes_back_as_it_was_and_changes_nothing() -> None:
    rows = [
        Row(number, dict(zip(COLUMNS, map(str, row), strict=True)))
        for number, row in enumerate(rows_of(catalogue(Course(""))), 2)
    ]
    found = check(tuple(COLUMNS), rows, TODAY)
    assert found.problems == ()
    assert len(found.activities) == len(packaged().activities)
    decision = take(Course(""), COMMAND_LINE, KeepActivities(found.activities), datetime(2026, 11, 25, tzinfo=UTC))
    assert isinstance(decision, Refusal)
    assert decision.reason == "objectives.unchanged"


def test_days_objectives_and_kinds_are_read_as_people_write_them() -> None:
    found = checked(kind="Table ronde", objectives="8,7 8", translated="fr")
    assert found.problems == ()
    (one,) = found.activities
    assert (one.kind, one.year, one.begins, one.ends) == ("round_table", 2023, date(2023, 9, 20), date(2023, 9, 21))
    assert one.objectives == (7, 8)
    assert one.translated == frozenset()  # there is only one title


@pytest.mark.parametrize(
    ("changes", "column", "reason"),
    [
        ({"objectives": "7.8"}, "objectives", "unknown_objective"),
        ({"objectives": "24"}, "objectives", "unknown_objective"),
        ({"objectives": ""}, "objectives", "objective_missing"),
        ({"kind": "party"}, "kind", "unknown_kind"),
        ({"begins": "someday"}, "begins", "bad_date"),
        ({"ends": "2023-09-01"}, "ends", "ends_before"),
        ({"year": "2022"}, "begins", "other_year"),
        ({"begins": "", "ends": "", "year": "soon"}, "year", "bad_year"),
        ({"title_fr": " "}, "title_fr", "title_missing"),
        ({"link_fr": "C:\\Users\\someone\\a.pdf"}, "link_fr", "bad_link"),
        ({"link_fr": ""}, "link_fr", "link_missing"),
    ],
)
def test_each_mistake_is_told_with_its_row_and_column(changes: dict[str, str], column: str, reason: str) -> None:
    told = [(one.row, one.column, one.reason.reason) for one in checked(**changes).problems]
    assert (2, column, f"objectives.{reason}") in told
    assert len([one for one in told if one[1] == column]) == 1


def test_formulas_and_missing_columns_are_told() -> None:
    found = check(tuple(GOOD), [Row(5, GOOD, frozenset({"title_fr"}))], TODAY)
    assert [(one.row, one.column, one.reason.reason) for one in found.problems] == [(5, "title_fr", "desk.formula")]
    found = check(("title_fr", "colour"), [], TODAY)
    assert {one.column for one in found.problems} == {"kind", "objectives"}
    assert found.ignored == ("colour",)


@pytest.mark.parametrize(
    "other", [{}, {"code": "known"}, {"title_fr": "MIGRANTS  disparus", "link_fr": "https://a.org/b"}]
)
def test_an_activity_that_stands_in_a_file_twice_is_told_with_both_rows(other: dict[str, str]) -> None:
    first = {**GOOD, "code": other.get("code", "")}
    second = {**first, "title_fr": "Autre titre", **other} if "code" in other else {**first, **other}
    (wrong,) = check((*GOOD, "code"), [Row(2, first), Row(3, second)], TODAY).problems
    assert (wrong.row, wrong.reason.reason, wrong.reason.values) == (3, "objectives.row_twice", {"row": 2})


def test_two_columns_that_say_the_same_are_told_and_none_of_them_wins() -> None:
    cells = {**GOOD, "Lien": "https://rabat-process.org/fr/b"}
    (wrong,) = check(tuple(cells), [Row(2, cells)], TODAY).problems
    assert (wrong.column, wrong.reason.reason) == ("link_fr", "objectives.column_twice")


@settings(max_examples=examples(80), deadline=None)
@given(st.dictionaries(st.sampled_from([*COLUMNS, "colour"]), st.text(max_size=40)))
def test_any_table_is_looked_through_without_failing(cells: dict[str, str]) -> None:
    cells = {"kind": "", "objectives": "", **cells}
    found = check(tuple(cells), [Row(2, cells)], TODAY)
    assert found.problems or found.activities
