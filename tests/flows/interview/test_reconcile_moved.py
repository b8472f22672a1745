"""An open interview meets a newer version of its form: what is gone, moved or new, and where the person was."""

from __future__ import annotations

import re

import pytest

from flows.interview import events as e
from flows.interview import inputs
from flows.interview.reconcile import reconcile
from tests.flows.interview.reconciling import BASE, attribute, changed, filled, halfway, meet, row, without
from tests.flows.interview.talking import NOW, Talk, form_of


# ---- gone, moved, come ----------------------------------------------------------------------------------------------
def test_the_answers_of_a_retired_question_stay_and_come_back_with_it() -> None:
    talk = filled()
    found = meet(talk, changed(without("which")))
    (kept,) = talk.interview.retired
    assert (kept.path, kept.value, kept.why) == ("/data/which", "Law 12", "retired")
    assert found.events[0].retired == ("Which law?",)  # type: ignore[attr-defined]
    assert talk.interview.completed
    back = meet(talk, changed(version="3"))
    assert talk.value("/data/which") == "Law 12"
    assert talk.interview.retired == ()
    assert (back.asked_again, talk.interview.completed) == ((), True)
    assert [(one.path, one.value, one.status) for one in back.recorded] == [("/data/which", "Law 12", "answered")]


def test_a_question_under_the_same_name_that_says_something_else_is_asked_with_the_answer_that_came_back() -> None:
    talk = filled()
    meet(talk, changed(without("which")))
    meet(talk, changed(("Which law?", "Which decree?"), version="3"))
    talk(inputs.Resume())
    assert (talk.asked.path, talk.asked.again, talk.asked.current) == ("/data/which", "changed", "Law 12")


def test_a_question_that_moved_keeps_its_answer_and_its_record() -> None:
    talk = filled()
    year = row(BASE, "year")
    new = changed((year + "\n", ""), (row(BASE, "hand"), f"|  | begin_group | when | When | | | | | |\n{year}\n|  | end_group | | |\n{row(BASE, 'hand')}"))  # fmt: skip # noqa: E501
    found = meet(talk, new)
    assert found.moved == {"/data/year": "/data/when/year"}
    assert talk.value("/data/when/year") == "2004"
    assert talk.interview.records["/data/when/year"].parts
    assert "/data/year" not in talk.interview.records
    assert (found.asked_again, talk.interview.completed) == ((), True)


def test_rows_are_kept_and_move_with_their_repeat() -> None:
    talk = filled()
    meet(talk, changed(("| begin_repeat  | source ", "| begin_repeat | data_source ")))
    values = {path: talk.value(path) for path in talk.interview.records if "since" in path or "title" in path}
    assert values == {
        "/data/data_source[1]/title": "Census",
        "/data/data_source[1]/since": "1990",
        "/data/data_source[2]/title": "Survey",
        "/data/data_source[2]/since": "2001",
    }
    assert talk.turn.session.rows("/data/data_source") == 2


def test_a_repeat_that_was_left_empty_stays_empty() -> None:
    talk = halfway()(inputs.Remove("/data/source[1]"), inputs.Again(True))
    assert talk.turn.session.rows("/data/source") == 0
    meet(talk, changed(("Which law?", "Which decree?")))
    assert talk.turn.session.rows("/data/source") == 0


def test_rows_that_have_no_room_any_more_are_kept_aside() -> None:
    talk = filled()
    new = changed(("| begin_repeat  | source ", "| begin_group   | source "), ("| end_repeat ", "| end_group "))
    found = meet(talk, new)
    assert talk.value("/data/source/title") == "Census"
    assert [(one.path, one.value, one.why) for one in found.retired] == [
        ("/data/source[2]/title", "Survey", "rows"),
        ("/data/source[2]/since", "2001", "rows"),
    ]


def test_a_question_left_blank_on_purpose_stays_blank_though_the_form_has_a_default() -> None:
    given = re.sub(
        r"(\| who   .*\|)\n", r"\1 Awa |\n", BASE.replace("bind::griot:role |", "bind::griot:role | default |")
    )
    given = given.replace("| yes      |                  |                  | Awa |", "| | | | Awa |")
    talk = Talk(changed(version="1", text=given))
    assert talk(inputs.Unknown()).interview.records["/data/who"].status == "unknown"
    found = meet(talk, changed(("Your name", "Your full name"), text=given))
    assert (talk.value("/data/who"), found.recorded, talk(inputs.Resume()).name) == ("", (), "law")


def test_new_questions_are_asked_where_they_stand_and_the_person_hears_how_many() -> None:
    talk = filled()
    found = meet(talk, changed((row(BASE, "year"), "|  | text | month | Month | | | | | |\n" + row(BASE, "year"))))
    assert found.events[0].added == 1  # type: ignore[attr-defined]
    assert talk(inputs.Resume()).asked.path == "/data/month"
    assert talk("March").name == "Completed"


# ---- where the person was -------------------------------------------------------------------------------------------
def test_somebody_who_left_the_rest_for_later_is_not_told_that_their_question_changed() -> None:
    core = attribute(changed(version="1"), "year", "core", "yes")
    talk = Talk(core)("2004", inputs.Again(False), inputs.Choose(("send",)))
    assert talk.name == "CoreDone"
    found = meet(talk, core.replace(". > 1900", ". > 1950").replace("| f             | 1  ", "| f             | 2  "))
    assert (found.asked_again, found.stands) == (("/data/year",), False)
    assert found.events[0].stands  # type: ignore[attr-defined]
    assert talk(inputs.Resume()).asked.path == "/data/year"
    assert talk(inputs.Keep()).asked.again == "hand_in"
    assert talk(inputs.Choose(("send",))).name == "CoreDone"


def test_when_the_question_being_asked_is_gone_the_next_one_is_asked() -> None:
    talk = Talk(changed(version="1"))("Awa", "no")
    assert talk.name == "year"
    found = meet(talk, changed(without("year")))
    assert not found.stands
    assert talk(inputs.Resume()).name == "fruit"


def test_a_half_typed_answer_to_a_question_that_is_gone_is_kept_aside() -> None:
    talk = halfway()("One.", "Two.")
    found = meet(talk, changed(without("story")))
    (kept,) = found.retired
    assert (kept.path, kept.label, kept.value, kept.why, kept.record.status) == (
        "/data/story",
        "Your story",
        "One.\nTwo.",
        "unfinished",
        "",
    )
    assert found.events[0].unfinished == ("Your story",)  # type: ignore[attr-defined]
    assert talk(inputs.Resume()).name == "hand"


def test_a_half_typed_answer_goes_on_where_the_question_moved_or_means_something_else() -> None:
    story = row(BASE, "story")
    moved = changed((story, f"|  | begin_group | told | Told | | | | | |\n{story}\n|  | end_group | | |"))
    for newer in (moved, attribute(changed(), "story", "revision", "2")):
        talk = halfway()("One.")
        meet(talk, newer)
        talk(inputs.Resume())
        assert talk.asked.path.endswith("story")
        talk("Two.", inputs.Done())
        assert talk.one(e.Recorded).value == "One.\nTwo."


def test_words_meant_for_a_question_that_is_another_now_are_kept_aside_or_with_what_was_typed() -> None:
    for newer, path in ((changed(without("year")), "/data/year"), (attribute(changed(), "year", "revision", "2"), "")):
        talk = Talk(changed(version="1"))("Awa", "no")
        found = reconcile(form_of(newer), talk.form, talk.interview, now=NOW, input=inputs.Say("1999", "m9"))
        assert found.input is None
        (kept,) = found.interview.retired
        assert (kept.path, kept.value, kept.record.parts) == (path or "/data/year", "1999", (("m9", 4),))
    talk = halfway()("One.")
    newer = attribute(changed(), "story", "revision", "2")
    found = reconcile(form_of(newer), talk.form, talk.interview, now=NOW, input=inputs.Say("Two.", "m9"))
    assert (found.input, [text for _, text in found.interview.parts]) == (None, ["One.", "Two."])


def test_an_input_that_answers_nothing_is_taken_whatever_changed() -> None:
    talk = Talk(changed(version="1"))("Awa", "no")
    new = form_of(changed(without("year")))
    for input in (
        inputs.Review(),
        inputs.Pause(),
        inputs.Speak("en"),
        inputs.Press("1:s"),
        inputs.Say("x", "m1", revises=True),
    ):
        assert reconcile(new, talk.form, talk.interview, now=NOW, input=input).input == input
    for input in (inputs.Skip(), inputs.Unknown(), inputs.Keep(), inputs.Choose(("yes",))):
        assert reconcile(new, talk.form, talk.interview, now=NOW, input=input).input is None


def test_ticks_go_on_without_the_choices_that_are_gone() -> None:
    talk = Talk(changed(version="1"))("Awa", "no", "2004")
    talk.press("c0").press("c2")
    meet(talk, changed(("|        | f             | plum   | Plum          |\n", "")))
    talk(inputs.Resume())
    assert talk.asked.chosen == ("apple",)
    assert talk(inputs.Done()).one(e.Recorded).value == "apple"


def test_an_interview_without_its_former_version_keeps_what_still_has_a_place() -> None:
    talk = filled()
    new = form_of(changed(without("which")))
    found = reconcile(new, None, talk.interview, now=NOW)
    assert found.session.value("/data/year") == "2004"
    assert [(one.path, one.value) for one in found.retired] == [("/data/which", "Law 12")]


def test_an_interview_of_another_form_is_no_business_of_this_one() -> None:
    other = form_of(changed().replace("| f             | 2 ", "| g             | 2 "))
    with pytest.raises(ValueError, match="is no version of"):
        reconcile(other, None, filled().interview, now=NOW)
