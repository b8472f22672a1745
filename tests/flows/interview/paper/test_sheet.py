"""What is printed of a form: every question that can be asked, its condition in words, rows to fill, answers given."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache

from bot.documents.paper_words import worded
from flows.interview.form import Form, load
from flows.interview.inputs import Choose, Say
from flows.interview.interview import advance, start
from flows.interview.paper import Sheet, sheet_of
from flows.interview.paper.sheet import Field, Item, Rows
from flows.interview.xlsform import load_form
from flows.questionnaires import compiled

NOW = datetime(2026, 11, 26, 9, tzinfo=UTC)
FORM = """
| survey  |                      |          |                |                                       |              |
|         | type                 | name     | label          | relevant                              | calculation  |
|         | hidden               | role     |                |                                       |              |
|         | calculate            | who      |                |                                       | if(${role}='coordinator', 'C', if(${kind}='gov', 'M', 'O')) |
|         | select_one kinds     | kind     | What kind?     |                                       |              |
|         | integer              | count    | How many?      |                                       |              |
|         | text                 | lead     | Who leads?     | ${who} = 'C'                          |              |
|         | text                 | ministry | Which one?     | ${who} = 'M'                          |              |
|         | text                 | other    | Which other?   | ${kind} = 'other' and ${count} > 3    |              |
|         | text                 | either   | Either?        | ${kind} != 'gov' or ${lead} != ''     |              |
|         | begin_repeat         | source   | Source         |                                       |              |
|         | text                 | title    | Title?         |                                       |              |
|         | select_multiple kinds | kinds   | Kinds?         |                                       |              |
|         | end_repeat           |          |                |                                       |              |
|         | begin_repeat         | contact  | Contact        |                                       |              |
|         | text                 | person   | Name?          |                                       |              |
|         | date                 | since    | Since?         |                                       |              |
|         | end_repeat           |          |                |                                       |              |
| choices |                      |          |                |                                       |              |
|         | list_name            | name     | label          |                                       |              |
|         | kinds                | gov      | Governmental   |                                       |              |
|         | kinds                | other    | Other          |                                       |              |
"""  # noqa: E501


@cache
def form() -> Form:
    return load_form(FORM.encode(), "md")


def _field(sheet: Sheet, name: str) -> Field:
    return next(one for one in sheet.fields() if one.path.endswith(f"/{name}"))


def _names(sheet: Sheet) -> list[str]:
    return [one.path.rpartition("/")[2] for one in sheet.fields()]


def _said(sheet: Sheet, name: str) -> str:
    condition = _field(sheet, name).condition
    return worded(condition, sheet, "en") if condition is not None else ""


def test_a_blank_paper_holds_every_question_and_says_in_words_when_it_is_asked() -> None:
    sheet = sheet_of(form(), language="en", now=NOW)
    assert {"kind", "count", "lead", "ministry", "other", "either", "title", "person"} <= set(_names(sheet))
    assert _said(sheet, "kind") == ""
    assert _said(sheet, "lead") == "Only if it concerns you."
    expected = "Only if the answer to question 1 is “Other” and the answer to question 2 is more than 3."
    assert _said(sheet, "other") == expected
    assert (
        _said(sheet, "either") == "Only if the answer to question 1 is not “Governmental” or question 3 has an answer."
    )


def test_what_is_known_beforehand_leaves_out_what_can_never_be_asked() -> None:
    official = sheet_of(form(), language="en", now=NOW, given={"role": "official"})
    assert "lead" not in _names(official)
    assert "ministry" in _names(official)
    coordinator = sheet_of(form(), language="en", now=NOW, given={"role": "coordinator"})
    assert "ministry" not in _names(coordinator)
    assert _said(coordinator, "lead") == ""


def test_answers_stand_on_the_paper_of_an_interview_and_rows_to_spare_behind_them() -> None:
    turn = start(form(), language="en", now=NOW, given={"role": "official"})
    for input in (Choose(("gov",)), Say("4"), Say("Interior"), Say("Census")):
        turn = advance(form(), turn.interview, input, author="7", now=NOW)
    sheet = sheet_of(form(), language="en", now=NOW, interview=turn.interview)
    assert [box.name for box in _field(sheet, "kind").boxes if box.ticked] == ["gov"]
    assert _field(sheet, "count").value == "4"
    assert "other" in _names(sheet)  # not asked now, but it can be
    sources = next(item for item in sheet.items if isinstance(item, Rows) and item.path.endswith("/source"))
    assert [row.spare for row in sources.rows] == [False, True, True]
    assert [_title(row.items) for row in sources.rows] == ["Census", "", ""]
    assert turn.session.rows("/data/source") == 1


def _title(items: tuple[Item, ...]) -> str:
    return next(item.value for item in items if isinstance(item, Field))


def test_a_repeat_of_few_short_questions_becomes_one_table() -> None:
    sheet = sheet_of(form(), language="en", now=NOW)
    narrow = {item.path.rpartition("/")[2]: item.narrow for item in sheet.items if isinstance(item, Rows)}
    assert narrow == {"source": False, "contact": True}


def test_the_guides_questionnaire_leaves_each_role_only_its_own_questions() -> None:
    guide = load(compiled())
    given = {"country": "BFA", "entity_name": "Ministère (exemple)", "entity_type": "ministry"}
    of = {
        role: set(_names(sheet_of(guide, language="fr", now=NOW, given={**given, "role": role})))
        for role in ("official", "coordinator")
    }
    assert "e2_institution" not in of["official"]
    assert {"s3_name", "m8_challenges"} <= of["official"]
    assert "e2_institution" in of["coordinator"]
    assert "s1_holds" not in of["coordinator"]
    for names in of.values():
        assert not {"p1_language"} & names
