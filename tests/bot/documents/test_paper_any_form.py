"""Any form becomes a paper, and whatever was answered comes back from it as it was."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.documents.paper import Head, to_paper
from bot.documents.paper_reading import read_paper
from flows.interview.form import Form
from flows.interview.paper import Paper, compare, sheet_of, take_over
from flows.interview.state import Interview
from tests.flows.interview.nasty_forms import FORMS
from tests.flows.interview.talking import NOW, form_of
from tests.flows.interview.test_any_form_walked import OTHERS, needs_others, other
from tests.flows.interview.walking import Walk


def comes_back(form: Form, interview: Interview) -> None:
    """A paper printed from an interview and sent back untouched says nothing new and changes nothing."""
    sheet = sheet_of(form, language=interview.language, now=NOW, interview=interview)
    digests = {field.path: field.digest for field in sheet.fields() if field.digest}
    paper = Paper(form.id[:200], form.version, sheet.language[:200], 1, "", NOW, sheet.repeats(), digests)
    fields = [field for field in sheet.fields() if field.kind != "file"]
    if not fields:
        return
    returned = read_paper(to_paper(sheet, paper, Head()), form)
    assert returned.paper == paper
    assert set(returned.filled) == {field.path for field in fields}
    found = compare(form, interview, paper, returned.filled, author="a", now=NOW)
    assert found.differences == ()
    after = take_over(form, interview, paper, returned.filled, author="a", now=NOW)
    assert after.interview.records == interview.records


@pytest.mark.parametrize("number", range(len(FORMS)))
def test_a_paper_comes_back_as_it_was_printed_at_any_point_of_an_interview(number: int) -> None:
    form = form_of(FORMS[number])
    sheet_of(form, language="en", now=NOW)
    walk = Walk(form, number, 0.2)
    for _ in range(4):
        comes_back(form, walk.turn.interview)
        walk.run(6, patience=0)
    comes_back(form, walk.run(0).turn.interview)


@needs_others
@pytest.mark.slow
def test_so_it_does_with_other_peoples_forms() -> None:
    for path in sorted((OTHERS / "forms").rglob("form.xml")):
        form = other(str(path.relative_to(Path(OTHERS))))
        walk = Walk(form, 3, 0.1).run(40, patience=200)
        comes_back(form, walk.turn.interview)
