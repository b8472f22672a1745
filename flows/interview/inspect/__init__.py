"""Lint of a form: what a chat cannot ask, what nobody will reach, what is not translated, where engines differ.

A form without problems gives an empty list. Nothing here decides whether a form may be used: `flows.interview.xlsform`
refuses what cannot be compiled, and these are the remarks on what can.
"""

from __future__ import annotations

import re

from flows.interview.inspect.asking import check_asking
from flows.interview.inspect.document import read_document
from flows.interview.inspect.expressions import check_expressions
from flows.interview.inspect.problems import Problem, Severity
from flows.interview.inspect.texts import check_texts
from flows.interview.xlsform import Compiled, FormProblem, form_of

__all__ = ["Problem", "Severity", "check"]

_ROW = re.compile(r"\[row : (\d+)\]\s*")
_SHEET = re.compile(r"On the '(\w+)' sheet,? ?")
_SAID_BETTER = re.compile(r"has no label|^Language '.*' is missing the ")
# the messenger has made the photo smaller already, and spreadsheet programs pad the headers of a CSV file
_NO_PROBLEM = re.compile(
    r"Use the max-pixels parameter|the '' value is invalid. Column headers must not be empty"
    r"|uses or_other and translations"  # the channel words these two labels itself
)


def check(compiled: Compiled) -> list[Problem]:
    """Every remark on a compiled form, in the order of the workbook."""
    document = read_document(compiled.xform)
    found: list[Problem] = [_warning(text) for text in compiled.warnings if not _better_unsaid(text)]
    try:
        form_of(compiled)
    except FormProblem as problem:
        found.append(Problem("error", problem.reason, problem.values, "", problem.sheet, problem.row, problem.column))
    for one in (*check_asking(document), *check_expressions(document), *check_texts(document)):
        found.append(_placed(one, compiled))
    return sorted(found, key=lambda one: (one.sheet, one.row, one.path))


def _better_unsaid(text: str) -> bool:
    return bool(_SAID_BETTER.search(text) or _NO_PROBLEM.search(text))


def _warning(text: str) -> Problem:
    row, sheet = _ROW.search(text), _SHEET.search(text)
    why = " ".join(_SHEET.sub("", _ROW.sub("", text)).split())
    return Problem(
        "warning",
        "pyxform_warning",
        {"why": why},
        sheet=sheet[1] if sheet else "survey" if row else "",
        row=int(row[1]) if row else 0,
    )


def _placed(problem: Problem, compiled: Compiled) -> Problem:
    row = compiled.rows.get(problem.path, 0)
    sheet = problem.sheet
    if problem.sheet == "choices":
        row = compiled.choice_rows.get((problem.values.get("list", ""), problem.values.get("name", "")), 0)
    elif row:
        sheet = "survey"
    return Problem(
        problem.severity, problem.kind, problem.values, problem.path, sheet if row else "", row, problem.column
    )
