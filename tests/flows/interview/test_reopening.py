"""What is promised to somebody whose answers are asked again."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.interview import events as e
from flows.interview import inputs
from flows.interview.answers import answers
from flows.interview.reopening import Reopening, let_be, reopen, reopened
from flows.interview.state import Interview, Record, Why
from tests.flows.interview.small_forms import SOURCES
from tests.flows.interview.talking import NOW, Talk
from tests.flows.interview.test_interview_properties import FORMS, any_input, play, quick

FORM = """
| survey |            |       |              |                    |                  |                  |          |
|        | type       | name  | label        | relevant           | bind::griot:core | bind::griot:role | required |
|        | text       | who   | Your name    |                    | yes              |                  | yes      |
|        | select_one yn | law | Is there a law? |               | yes              |                  |          |
|        | text       | which | Which law?   | ${law} = 'yes'     | yes              |                  |          |
|        | text       | more  | More         |                    |                  |                  |          |
|        | select_multiple f | fruit | Fruit |                  |                  |                  |          |
|        | select_one s | hand | Send?       |                    | yes              | submit           | yes      |
|        | note       | bye   | Thanks       |                    | yes              |                  |          |
| choices |           |       |              |
|        | list_name  | name  | label        |
|        | yn         | yes   | Yes          |
|        | yn         | no    | No           |
|        | f          | apple | Apple        |
|        | f          | pear  | Pear         |
|        | s          | send  | Send         |
|        | s          | later | Later        |
| settings |          |       |
|        | form_id    | namespaces |
|        | f          | griot="https://griot-guides.example/ns" |
"""


def handed_in(more: bool = True) -> Talk:
    """All answered and sent; or the core alone, the rest left for later."""
    talk = Talk(FORM)("Awa", "yes", "Law 12", inputs.Again(more))
    if more:
        talk("much", inputs.Choose(("apple",)))
    talk(inputs.Choose(("send",)))
    return talk


def put_again(talk: Talk, paths: Iterable[str], why: Why = "returned", note: str = "Which article?") -> Reopening:
    interview = Interview.from_json(json.loads(json.dumps(talk.interview.to_json())))
    turn = reopen(talk.form, interview, paths, why=why, note=note, by="9", now=NOW)
    talk.turn, talk.events = turn, turn.events
    return turn


def test_a_returned_answer_is_asked_again_with_what_was_said_and_the_remark() -> None:
    talk = handed_in()
    assert talk.name == "Completed"
    turn = put_again(talk, ["/data/which"])
    assert (turn.paths, turn.left) == (("/data/which",), {})
    asked = talk.asked
    assert (asked.path, asked.current, asked.again, asked.note) == (
        "/data/which",
        "Law 12",
        "returned",
        "Which article?",
    )
    assert "keep" in asked.controls
    assert "skip" not in asked.controls
    assert talk.interview.state == "open"
    assert reopened(talk.interview)["/data/which"] == ("returned", "Which article?")
    assert talk.value("/data/which") == "Law 12"


def test_one_tap_confirms_and_the_history_says_who_and_when() -> None:
    talk = handed_in()
    before = talk.interview.records["/data/which"]
    put_again(talk, ["/data/which"])
    talk.press("k")
    recorded = talk.one(e.Recorded)
    assert (recorded.path, recorded.value, recorded.old, recorded.status) == (
        "/data/which",
        "Law 12",
        "Law 12",
        "answered",
    )
    assert recorded.confirmed
    after = talk.interview.records["/data/which"]
    assert (after.revision, after.mark, after.parts) == (before.revision + 1, None, before.parts)
    assert talk.asked.again == "hand_in"


def test_answering_replaces_and_what_is_typed_anew_is_no_confirmation() -> None:
    talk = handed_in()
    put_again(talk, ["/data/which"])
    talk("Law 12, article 3")
    recorded = talk.one(e.Recorded)
    assert (recorded.old, recorded.value, recorded.confirmed) == ("Law 12", "Law 12, article 3", False)


def test_the_same_words_typed_again_confirm() -> None:
    talk = handed_in()
    put_again(talk, ["/data/which"])
    assert talk("Law 12").one(e.Recorded).confirmed


@pytest.mark.parametrize("more", [True, False])
def test_who_corrected_what_was_returned_hands_in_again(more: bool) -> None:
    talk = handed_in(more)
    put_again(talk, ["/data/who", "/data/which"])
    assert talk("Awa B.").asked.path == "/data/which"
    talk(inputs.Keep())
    assert (talk.asked.path, talk.asked.again, talk.asked.note) == ("/data/hand", "hand_in", "")
    assert "keep" not in talk.asked.controls
    talk(inputs.Choose(("send",)))
    assert talk.one(e.Recorded).status == "answered"
    assert talk.name == ("Completed" if more else "CoreDone")
    assert reopened(talk.interview) == {}


@pytest.mark.parametrize("more", [True, False])
@pytest.mark.parametrize("why", ["yearly", "finding"])
def test_a_yearly_round_and_a_finding_end_without_handing_in(more: bool, why: Why) -> None:
    talk = handed_in(more)
    put_again(talk, ["/data/who", "/data/hand"] if why == "yearly" else ["/data/who"], why)
    talk.press("k")
    assert talk.name == ("Completed" if more else "CoreDone")


def test_a_yearly_round_asks_every_answer_of_the_form_and_nothing_that_hands_in() -> None:
    talk = handed_in()
    turn = put_again(talk, ["/data"], "yearly", "")
    assert turn.paths == ("/data/who", "/data/law", "/data/which", "/data/more", "/data/fruit")
    for _ in turn.paths:
        assert talk.asked.again == "yearly"
        talk.press("k")
        assert talk.one(e.Recorded).confirmed
    assert talk.name == "Completed"


def test_only_what_is_answered_and_asked_now_is_asked_again_and_the_rest_is_told() -> None:
    talk = handed_in()
    talk(inputs.Edit("/data/law"), inputs.Choose(("no",)))
    turn = put_again(talk, ["/data/which", "/data/gone", "/data/who[4]", "/data/bye", "/data/who", "x"])
    assert turn.paths == ("/data/who",)
    assert turn.left == {
        "/data/which": "not_asked_now",
        "/data/gone": "no_such_question",
        "/data/who[4]": "no_such_question",
        "/data/bye": "no_such_question",
        "x": "no_such_question",
    }
    fresh = Talk(FORM)("Awa")
    assert put_again(fresh, ["/data/law"]).left == {"/data/law": "not_answered"}


def test_what_is_not_asked_any_more_stays_as_it_was_and_a_remark_is_still_put() -> None:
    talk = handed_in()
    before = {path: record.revision for path, record in talk.interview.records.items() if record.revision}
    put_again(talk, ["/data/who", "/data/which"], why="yearly", note="")
    put_again(talk, ["/data/which"])
    turn = let_be(talk.form, talk.interview, why="yearly", now=NOW)
    assert [why for why, _ in reopened(turn.interview).values()] == ["returned"] * len(reopened(turn.interview))
    assert {path: turn.interview.records[path].revision for path in before} == before
    alone = handed_in()
    put_again(alone, ["/data/who", "/data/which"], why="yearly", note="")
    ended = let_be(alone.form, alone.interview, why="yearly", now=NOW).interview
    assert (reopened(ended), ended.completed) == ({}, True)


def test_where_nothing_is_asked_again_nothing_changes_and_nothing_is_said() -> None:
    talk = handed_in()
    before = talk.interview.to_json()
    turn = put_again(talk, ["/data/gone"])
    assert (turn.events, turn.interview.to_json()) == ((), before)
    assert turn.interview.completed


def test_who_is_being_asked_something_else_answers_that_first() -> None:
    talk = Talk(FORM)("Awa", "yes", "Law 12", inputs.Again(True))
    assert talk.name == "more"
    turn = put_again(talk, ["/data/who"])
    assert [type(event) for event in turn.events] == [e.Reopened]
    assert talk.one(e.Reopened).later
    talk("much")
    assert (talk.one(e.Recorded).path, talk.one(e.Recorded).value) == ("/data/more", "much")
    assert (talk.asked.path, talk.asked.again) == ("/data/who", "returned")
    talk(inputs.Keep())
    assert talk.name == "fruit"


def test_a_long_answer_half_typed_is_finished_first() -> None:
    long = re.sub(
        r"(\| more  \| More .*\|)\n", r"\1 yes |\n", FORM.replace("required |", "required | bind::griot:long |")
    )
    talk = Talk(long)
    talk("Awa", "yes", "Law 12", inputs.Again(True), "One.", "Two.")
    put_again(talk, ["/data/who"])
    talk("Three.", inputs.Done())
    assert talk.one(e.Recorded).value == "One.\nTwo.\nThree."
    assert talk.asked.path == "/data/who"


def test_the_answer_just_being_changed_is_asked_again_at_once() -> None:
    talk = handed_in()(inputs.Edit("/data/who"))
    turn = put_again(talk, ["/data/who"])
    assert not turn.events[0].later  # type: ignore[attr-defined]
    assert talk.asked.note == "Which article?"
    talk.press("k")
    assert talk.asked.again == "hand_in"


def test_what_is_skipped_or_unknown_can_be_returned_and_maintained() -> None:
    talk = Talk(FORM)(
        "Awa", inputs.Unknown(), inputs.Again(True), inputs.Skip(), inputs.Choose(("apple",)), inputs.Choose(("send",))
    )
    put_again(talk, ["/data/law", "/data/more"])
    assert (talk.asked.path, talk.asked.status, talk.asked.current) == ("/data/law", "unknown", "")
    talk.press("k")
    recorded = talk.one(e.Recorded)
    assert (recorded.status, recorded.confirmed) == ("unknown", True)
    talk("Much to say")
    assert (talk.one(e.Recorded).status, talk.one(e.Recorded).old_status) == ("answered", "skipped")


def test_an_answer_asked_again_is_not_lost_by_passing_it_over() -> None:
    talk = handed_in()
    put_again(talk, ["/data/more"])
    talk(inputs.Skip())
    assert talk.one(e.Refused).reason == "again_not_skipped"
    assert talk.value("/data/more") == "much"
    assert talk.asked.path == "/data/more"


def test_an_answer_that_its_form_now_refuses_cannot_be_maintained() -> None:
    form = FORM.replace("| required |\n", "| required | constraint |\n", 1).replace(
        "| yes              |                  | yes      |\n",
        "| yes              |                  | yes      | . != ${more} |\n",
        1,
    )
    talk = Talk(form)("Awa", "no", inputs.Again(True), "Awa")
    talk(inputs.Choose(("apple",)))
    put_again(talk, ["/data/who"])
    talk(inputs.Keep())
    assert [refused.reason for refused in talk.all(e.Refused)] == ["constraint"]
    assert talk.asked.path == "/data/who"


def test_a_selection_of_several_is_confirmed_by_keeping_or_by_ending_it() -> None:
    for code in ("k", "d"):
        talk = handed_in()
        put_again(talk, ["/data/fruit"])
        assert talk.asked.chosen == ("apple",)
        assert talk.press(code).one(e.Recorded).confirmed


def test_what_another_answer_makes_needless_is_asked_again_only_when_it_is_back() -> None:
    talk = handed_in()
    put_again(talk, ["/data/law", "/data/which"])
    talk(inputs.Choose(("no",)))
    assert talk.asked.path == "/data/hand"
    talk(inputs.Edit("/data/law"), inputs.Choose(("yes",)))
    assert (talk.asked.path, talk.asked.again) == ("/data/which", "returned")


def test_a_second_remark_stands_beside_the_first_and_the_same_one_is_not_doubled() -> None:
    talk = handed_in()
    for note in ("Which article?", "Which article?", "And which year?"):
        put_again(talk, ["/data/which"], "returned", note)
    put_again(talk, ["/data/which"], "yearly", "")
    assert reopened(talk.interview)["/data/which"] == ("returned", "Which article?\n\nAnd which year?")


def test_a_hostile_remark_is_kept_whole_and_can_be_stored() -> None:
    note = "<b>x</b> \u202e\0\ud800 " + "é" * 10_000
    talk = handed_in()
    put_again(talk, ["/data/which"], "returned", note)
    stored = json.dumps(talk.interview.to_json(), ensure_ascii=False).encode()
    assert Interview.from_json(json.loads(stored)) == talk.interview
    assert talk.asked.note.count("é") == 10_000
    assert "<b>x</b>" in talk.asked.note


def test_rows_are_asked_again_with_their_repeat() -> None:
    talk = Talk(SOURCES)("Awa", "Census", "2019", inputs.Again(True), "Survey", "2021", inputs.Again(False), "none")
    assert talk.name == "Completed"
    turn = put_again(talk, ["/data/source"], "yearly", "")
    assert turn.paths == tuple(f"/data/source[{row}]/{name}" for row in (1, 2) for name in ("title", "year"))
    for _ in turn.paths:
        talk(inputs.Keep())
    assert talk.name == "repeat"
    assert talk(inputs.Again(False)).name == "Completed"


def test_a_removed_row_takes_its_mark_along() -> None:
    talk = Talk(SOURCES)("Awa", "Census", "2019", inputs.Again(True), "Survey", "2021", inputs.Again(False), "none")
    put_again(talk, ["/data/source[2]"])
    talk(inputs.Remove("/data/source[1]"), inputs.Again(True))
    assert list(reopened(talk.interview)) == ["/data/source[1]/title", "/data/source[1]/year"]


def test_an_export_knows_which_answers_wait_for_confirmation() -> None:
    talk = handed_in()
    put_again(talk, ["/data/which"])
    found = {one.path: one.again for one in answers(talk.form, talk.interview, "en", now=NOW)}
    assert found["/data/which"] == "returned"
    assert found["/data/hand"] == "returned"
    assert found["/data/who"] == ""


def test_records_stored_before_read_as_before() -> None:
    old = ["answered", "ana", "2026-03-15T10:30:00+00:00", "en", "test", 2, 1, [["m1", 3]], None]
    record = Record.from_json(old)
    assert (record.revision, record.confidential, record.mark) == (2, True, None)
    assert Record.from_json(record.to_json()) == record


@quick
@given(st.sampled_from(FORMS), st.lists(any_input, max_size=15), st.sampled_from(["returned", "yearly"]), st.data())
def test_whatever_was_said_is_still_there_and_every_answer_asked_again_can_be_settled(
    form: str, given: list[object], why: Why, data: st.DataObject
) -> None:
    talk = Talk(form)
    for one in given:
        play(talk, one)
    before = talk.turn.session.state()["values"]
    paths = data.draw(st.lists(st.sampled_from([*talk.interview.records, "/data", "/data/source"]), max_size=4))
    turn = put_again(talk, paths, why)
    assert talk.turn.session.state()["values"] == before
    assert set(reopened(talk.interview)) >= set(turn.paths)
    for _ in range(3 * len(turn.paths) + 12):
        waiting = [path for path in reopened(talk.interview) if talk.turn.session.relevant(path)]
        if not waiting:
            break
        talk(inputs.Resume())
        asked = talk.asked
        if asked.type in ("repeat", "first", "remove", "rest"):
            talk(inputs.Again(asked.type == "rest"))
        elif "keep" in asked.controls:
            talk(inputs.Keep())
            if talk.all(e.Refused):
                talk(
                    inputs.Unknown()
                    if "unknown" in asked.controls
                    else inputs.Choose(tuple(c.name for c in asked.choices[:1]))
                )
        elif asked.path in waiting and asked.choices:
            talk(inputs.Choose(tuple(choice.name for choice in asked.choices[: 9 if asked.type == "rank" else 1])))
        elif "skip" in asked.controls:
            talk(inputs.Skip())
        else:
            talk("3", inputs.Done()) if not asked.choices else talk(inputs.Choose((asked.choices[0].name,)))
        for event in talk.events:
            event.to_json()
