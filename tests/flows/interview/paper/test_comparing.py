"""A filled paper is read by the same engine as a conversation, and nothing is overwritten unseen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

from flows.interview.inputs import Choose, Say
from flows.interview.interview import Turn, advance, start
from flows.interview.paper import Comparison, Paper, Written, compare, sheet_of, take_over
from flows.interview.state import Interview
from tests.flows.interview.paper.test_sheet import FORM, NOW, form
from tests.flows.interview.talking import form_of

LATER = NOW + timedelta(hours=2)


def _begun(*inputs: Say | Choose) -> Turn:
    turn = start(form(), language="en", now=NOW, given={"role": "official"})
    for input in inputs:
        turn = advance(form(), turn.interview, input, author="7", now=NOW)
    return turn


def _paper(interview: Interview) -> Paper:
    sheet = sheet_of(form(), language="en", now=NOW, interview=interview)
    digests = {one.path: one.digest for one in sheet.fields() if one.digest}
    return Paper("f", "1", "en", 1, "BFA", NOW, sheet.repeats(), digests)


def _compare(interview: Interview, paper: Paper, filled: Mapping[str, Written]) -> Comparison:
    return compare(form(), interview, paper, filled, author="7", now=LATER)


def _told(comparison: Comparison) -> list[tuple[str, str, str]]:
    return [(one.kind, one.path.removeprefix("/data/"), one.new or one.reason) for one in comparison.differences]


def test_new_changed_and_equal_answers_are_told_apart_and_taken_over_at_once() -> None:
    begun = _begun(Choose(("gov",)), Say("4"))
    paper = _paper(begun.interview)
    filled = {
        "/data/kind": Written(ticked=("gov",)),
        "/data/count": Written("5"),
        "/data/ministry": Written("Interior"),
    }
    found = _compare(begun.interview, paper, filled)
    assert _told(found) == [("changed", "count", "5"), ("new", "ministry", "Interior")]
    assert (found.same, found.differences[0].old, found.differences[0].author) == (1, "4", "7")
    after = take_over(form(), begun.interview, paper, filled, author="7", now=LATER, channel="paper")
    assert after.session.value("/data/count") == "5"
    assert after.interview.records["/data/ministry"].channel == "paper"
    assert not _compare(after.interview, paper, filled).differences


def test_what_hangs_on_another_answer_of_the_same_paper_is_read_whatever_the_order() -> None:
    begun = _begun()
    filled = {"/data/either": Written("Yes"), "/data/kind": Written(ticked=("other",)), "/data/count": Written("9")}
    filled["/data/other"] = Written("Somewhere")
    found = _compare(begun.interview, _paper(begun.interview), filled)
    assert {one.kind for one in found.differences} == {"new"}
    assert len(found.differences) == 4


def test_what_is_not_asked_two_boxes_and_no_number_cannot_be_read_and_say_why() -> None:
    begun = _begun()
    filled = {
        "/data/kind": Written(ticked=("gov", "other")),
        "/data/count": Written("many"),
        "/data/other": Written("Somewhere"),
    }
    found = _compare(begun.interview, _paper(begun.interview), filled)
    reasons = [one.reason for one in found.differences]
    assert reasons[0] == "two_ticked"
    assert reasons[2] == "not_asked"
    assert {one.kind for one in found.differences} == {"unread"}
    after = take_over(form(), begun.interview, _paper(begun.interview), filled, author="7", now=LATER)
    assert after.interview.records == begun.interview.records


def test_an_answer_given_since_is_kept_and_replaced_only_by_its_own_choice() -> None:
    begun = _begun(Choose(("gov",)), Say("4"))
    paper = _paper(begun.interview)
    since = advance(form(), begun.interview, Say("Interior"), author="8", now=NOW + timedelta(hours=1)).interview
    filled = {"/data/ministry": Written("Finance"), "/data/count": Written("4")}
    found = _compare(since, paper, filled)
    assert _told(found) == [("conflict", "ministry", "Finance")]
    assert (found.differences[0].old, found.differences[0].author) == ("Interior", "8")
    at_once = take_over(form(), since, paper, filled, author="7", now=LATER)
    assert at_once.session.value("/data/ministry") == "Interior"
    chosen = take_over(form(), since, paper, filled, author="7", now=LATER, chosen={found.differences[0].key})
    assert chosen.session.value("/data/ministry") == "Finance"


def test_what_was_shown_as_new_overwrites_nothing_that_was_answered_since_it_was_shown() -> None:
    begun = _begun(Choose(("gov",)), Say("4"))
    paper, filled = _paper(begun.interview), {"/data/ministry": Written("Finance")}
    (shown,) = _compare(begun.interview, paper, filled).differences
    assert shown.kind == "new"
    since = advance(form(), begun.interview, Say("Interior"), author="8", now=NOW + timedelta(hours=1)).interview
    chosen = take_over(form(), since, paper, filled, author="7", now=LATER, chosen={shown.key})
    assert chosen.session.value("/data/ministry") == "Interior"
    (conflict,) = _compare(since, paper, filled).differences
    again = advance(form(), since, Say("4"), author="8", now=NOW + timedelta(hours=2)).interview
    assert _compare(again, paper, filled).differences[0].key == conflict.key


def test_a_field_left_as_it_was_printed_never_takes_back_what_was_corrected_since() -> None:
    begun = _begun(Choose(("gov",)), Say("4"))
    paper = _paper(begun.interview)
    corrected = take_over(
        form(), begun.interview, paper, {"/data/count": Written("6")}, author="7", now=NOW + timedelta(hours=1)
    ).interview
    found = _compare(corrected, paper, {"/data/count": Written("4"), "/data/kind": Written(ticked=("gov",))})
    assert (found.newer, found.same, found.differences) == (1, 1, ())


def test_an_answer_rubbed_out_is_emptied_only_by_its_own_choice() -> None:
    begun = _begun(Choose(("gov",)), Say("4"))
    paper = _paper(begun.interview)
    filled = {"/data/count": Written("")}
    (one,) = _compare(begun.interview, paper, filled).differences
    assert (one.kind, one.old) == ("emptied", "4")
    assert take_over(form(), begun.interview, paper, filled, author="7", now=LATER).session.value("/data/count") == "4"
    emptied = take_over(form(), begun.interview, paper, filled, author="7", now=LATER, chosen={one.key})
    assert emptied.interview.records["/data/count"].status == "skipped"
    lost = {"/data/count": Written("", found=False)}
    assert not _compare(begun.interview, paper, lost).differences


def test_new_rows_are_one_difference_each_and_never_added_twice() -> None:
    begun = _begun(Choose(("gov",)), Say("4"), Say("Interior"), Say("Census"))
    paper = _paper(begun.interview)
    filled = {
        "/data/source[1]/title": Written("Census"),
        "/data/source[2]/title": Written(""),
        "/data/source[3]/title": Written("Survey"),
        "/data/source[3]/kinds": Written(ticked=("other", "gov")),
    }
    found = _compare(begun.interview, paper, filled)
    assert [(one.kind, one.path, one.inside) for one in found.differences] == [
        ("row", "/data/source[3]", (("Title?", "Survey"), ("Kinds?", "Governmental, Other"))),
    ]
    after = take_over(form(), begun.interview, paper, filled, author="7", now=LATER)
    assert after.session.rows("/data/source") == 2
    assert after.session.value("/data/source[2]/kinds") == "gov other"
    again = _compare(after.interview, paper, filled)
    assert not again.differences
    twice = take_over(form(), after.interview, paper, filled, author="7", now=LATER)
    assert twice.session.rows("/data/source") == 2


def test_confidence_is_taken_over_at_once_and_disclosure_only_by_its_own_choice() -> None:
    begun = _begun(Choose(("gov",)), Say("4"))
    paper = _paper(begun.interview)
    filled = {"/data/count": Written("4", confidential=True)}
    assert [one.kind for one in _compare(begun.interview, paper, filled).differences] == ["confided"]
    hidden = take_over(form(), begun.interview, paper, filled, author="7", now=LATER).interview
    assert hidden.records["/data/count"].confidential
    open_again = {"/data/count": Written("4", confidential=False)}
    (one,) = _compare(hidden, _paper(hidden), open_again).differences
    assert one.kind == "opened"
    still = take_over(form(), hidden, _paper(hidden), open_again, author="7", now=LATER).interview
    assert still.records["/data/count"].confidential


def test_not_known_is_an_answer_of_its_own() -> None:
    begun = _begun(Choose(("gov",)))
    paper = _paper(begun.interview)
    filled = {"/data/count": Written("", unknown=True)}
    (one,) = _compare(begun.interview, paper, filled).differences
    assert (one.kind, one.unknown) == ("new", True)
    after = take_over(form(), begun.interview, paper, filled, author="7", now=LATER)
    assert after.interview.records["/data/count"].status == "unknown"


def test_the_open_question_stays_open_with_what_was_half_said_to_it() -> None:
    begun = _begun(Choose(("gov",)))
    after = take_over(
        form(), begun.interview, _paper(begun.interview), {"/data/ministry": Written("Interior")}, author="7", now=LATER
    )
    assert after.interview.put == "question:/data/count"
    told = [type(event).__name__ for event in after.events]
    assert told == ["Recorded", "Asked"]


def test_ten_thousand_words_arabic_and_emoji_are_kept_to_the_letter() -> None:
    begun = _begun(Choose(("gov",)), Say("4"))
    said = ("بيانات الهجرة 😀 données " * 2_500).strip()
    after = take_over(
        form(), begun.interview, _paper(begun.interview), {"/data/ministry": Written(said)}, author="7", now=LATER
    )
    assert after.session.value("/data/ministry") == said


def test_nothing_that_is_forged_into_a_paper_is_answered_where_no_question_is() -> None:
    begun = _begun()
    filled = {
        "/data/role": Written("coordinator"),
        "/data/who": Written("C"),
        "/data/none": Written("x"),
        "/data/source": Written("x"),
        "/data/source[999]/title": Written(""),
    }
    paper = _paper(begun.interview)
    assert not _compare(begun.interview, paper, filled).differences
    after = take_over(form(), begun.interview, paper, filled, author="7", now=LATER)
    assert after.session.value("/data/role") == "official"


def test_what_is_with_a_colleague_is_not_printed_and_not_taken_from_them() -> None:
    begun = _begun(Choose(("gov",)), Say("4"))
    away = replace(begun.interview, away=("/data/ministry",))
    sheet = sheet_of(form(), language="en", now=NOW, interview=away)
    assert "/data/ministry" not in {one.path for one in sheet.fields()}
    filled = {"/data/ministry": Written("Interior")}
    (one,) = _compare(away, _paper(begun.interview), filled).differences
    assert (one.kind, one.reason) == ("unread", "with_colleague")
    kept = take_over(form(), away, _paper(begun.interview), filled, author="7", now=LATER, chosen={one.key})
    assert "/data/ministry" not in kept.interview.records


def test_a_new_row_of_what_is_with_a_colleague_is_not_added_and_what_is_outside_a_seat_is_not_told() -> None:
    begun = _begun(Choose(("gov",)), Say("4"))
    paper, filled = (
        _paper(begun.interview),
        {"/data/source[1]/title": Written("A"), "/data/source[2]/title": Written("B")},
    )
    away = replace(begun.interview, away=("/data/source",))
    assert {one.reason for one in _compare(away, paper, filled).differences} == {"with_colleague"}
    kept = take_over(form(), away, paper, filled, author="7", now=LATER)
    assert kept.session.rows("/data/source") == begun.session.rows("/data/source")
    seated = replace(begun.interview, scope=("/data/source",))
    outside = {"/data/count": Written("5"), "/data/ministry": Written("Interior")}
    told = _compare(seated, paper, outside)
    assert {(one.kind, one.old, one.author) for one in told.differences} == {("unread", "", "")}
    assert "/data/count" not in {
        one.path for one in sheet_of(form(), language="en", now=NOW, interview=seated).fields()
    }


def test_what_a_form_puts_into_a_new_row_by_itself_is_no_answer_of_anybody() -> None:
    lines = FORM.replace("| Title?         |                                       |              |", "| Title? | | |")
    rows = lines.replace(
        "| text                 | title ", "| text | kept | Kept? | | | x |\n|         | text                 | title "
    )
    rows = rows.replace("| calculation  |", "| calculation  | default |", 1)
    own = form_of(rows)
    begun = start(own, language="en", now=NOW)
    sheet = sheet_of(own, language="en", now=NOW, interview=begun.interview)
    assert [one.value for one in sheet.fields() if one.path.endswith("/kept")] == ["x", "", ""]
