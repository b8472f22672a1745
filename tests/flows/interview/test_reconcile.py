"""An open interview meets a newer version of its form: what is asked again, what is kept, and that nothing is lost."""

from __future__ import annotations

import json
import re

import pytest

from flows.interview import events as e
from flows.interview import inputs
from flows.interview.comparing import Change, compare, conflict
from flows.interview.form import Form
from flows.interview.reconcile import Reconciled, reconcile
from flows.interview.reopening import reopened
from flows.interview.state import Interview
from tests.flows.interview.talking import NOW, Talk, form_of

BASE = """
| survey |               |        |               |                |            |          |                  |                  |
|        | type          | name   | label         | relevant       | constraint | required | appearance       | bind::griot:role |
|        | text          | who    | Your name     |                |            | yes      |                  |                  |
|        | select_one yn | law    | Is there one? |                |            |          |                  |                  |
|        | text          | which  | Which law?    | ${law} = 'yes' |            |          |                  |                  |
|        | integer       | year   | Which year?   |                | . > 1900   |          |                  |                  |
|        | select_multiple f | fruit | Fruit      |                |            |          |                  |                  |
|        | begin_repeat  | source | Source        |                |            |          |                  |                  |
|        | text          | title  | Title         |                |            |          |                  |                  |
|        | integer       | since  | Since         |                |            |          |                  |                  |
|        | end_repeat    |        |               |                |            |          |                  |                  |
|        | text          | story  | Your story    |                |            |          | multiline        |                  |
|        | select_one s  | hand   | Send?         |                |            | yes      |                  | submit           |
| choices |              |        |               |
|        | list_name     | name   | label         |
|        | yn            | yes    | Yes           |
|        | yn            | no     | No            |
|        | f             | apple  | Apple         |
|        | f             | pear   | Pear          |
|        | f             | plum   | Plum          |
|        | s             | send   | Send          |
|        | s             | later  | Later         |
| settings |             |        |
|        | form_id       | version | namespaces   |
|        | f             | 1      | griot="https://griot-guides.example/ns" |
"""  # noqa: E501


def changed(*pairs: tuple[str, str], version: str = "2", text: str = BASE) -> str:
    """The form with words replaced, and another version."""
    for old, new in pairs:
        assert text.count(old) == 1, (old, text.count(old))
        text = text.replace(old, new)
    return text.replace("| f             | 1  ", f"| f             | {version}  ")


def row(text: str, name: str) -> str:
    """The line of the question `name`."""
    (line,) = [line for line in text.splitlines() if f"| {name} " in line]
    return line


def attribute(text: str, name: str, attribute: str, value: str) -> str:
    """The form with a bind attribute of our own at one question."""
    lines = []
    for line in text.splitlines():
        if "| type " in line:
            line += f" bind::griot:{attribute} |"
        elif f"| {name} " in line:
            line += f" {value} |"
        lines.append(line)
    return "\n".join(lines)


def without(name: str, text: str = BASE) -> tuple[str, str]:
    return row(text, name) + "\n", ""


def filled() -> Talk:
    """Everything answered and handed in: two sources."""
    talk = Talk(changed(version="1"))
    talk(
        "Awa",
        "yes",
        "Law 12",
        "2004",
        inputs.Choose(("apple", "plum")),
        "Census",
        "1990",
        inputs.Again(True),
        "Survey",
        "2001",
    )
    talk(inputs.Again(False), "Once.", "Twice.", inputs.Done(), inputs.Choose(("send",)))
    assert talk.name == "Completed"
    return talk


def halfway() -> Talk:
    """The sources are being asked."""
    talk = Talk(changed(version="1"))
    return talk("Awa", "yes", "Law 12", "2004", inputs.Choose(("apple", "plum")), "Census", "1990", inputs.Again(False))


def meet(talk: Talk, newer: str) -> Reconciled:
    """The talk goes on under the newer version; through JSON, and twice the same."""
    new = form_of(newer)
    interview = Interview.from_json(json.loads(json.dumps(talk.interview.to_json())))
    found = reconcile(new, talk.form, interview, now=NOW)
    assert found == reconcile(new, talk.form, interview, now=NOW)
    assert Interview.from_json(json.loads(json.dumps(found.interview.to_json()))) == found.interview
    again = reconcile(new, talk.form, found.interview, now=NOW)
    assert (again.interview, again.events, again.asked_again) == (found.interview, (), ())
    assert found.interview.version == new.version
    talk.form, talk.turn, talk.events = new, found, found.events
    return found


def one(old: Form, new: Form) -> Change:
    (change,) = compare(old, new)
    return change


def between(newer: str) -> list[tuple[str, str]]:
    found = compare(form_of(changed(version="1")), form_of(newer))
    return [(change.kind, change.path.rpartition("/")[2]) for change in found]


# ---- comparing ------------------------------------------------------------------------------------------------------
def test_two_versions_that_say_the_same_have_no_changes() -> None:
    assert compare(form_of(changed(version="1")), form_of(changed())) == ()


@pytest.mark.parametrize(
    ("old", "new", "kind", "name", "asks"),
    [
        ("Which law?", "Which law exactly?", "wording", "which", False),
        ("| Plum  ", "| A plum ", "wording", "fruit", False),
        ("multiline", "       ", "wording", "story", False),
        (". > 1900", ". > 1800", "meaning", "year", True),
        ("${law} = 'yes'", "${law} != 'no'", "meaning", "which", True),
        ("| plum ", "| prune ", "meaning", "fruit", True),
        ("| plum   | Plum  ", "| grape   | Grape ", "meaning", "fruit", True),
        ("| Which law?    | ${law} = 'yes' |            |          |", "| Which law? | ${law} = 'yes' | | yes |", "meaning", "which", True),  # noqa: E501
        ("| integer       | year ", "| decimal | year ", "type", "year", False),
    ],
)  # fmt: skip
def test_what_differs_is_wording_or_meaning(old: str, new: str, kind: str, name: str, asks: bool) -> None:
    found = one(form_of(changed(version="1")), form_of(changed((old, new))))
    assert (found.kind, found.path.rpartition("/")[2], found.asks) == (kind, name, asks)


def test_spaces_in_expressions_change_nothing() -> None:
    assert between(changed(("${law} = 'yes'", "${law}  =  'yes' "), (". > 1900", ".>1900"))) == []


def test_the_author_decides() -> None:
    worded = changed(("Which law?", "Which decree?"))
    assert between(worded) == [("wording", "which")]
    assert between(attribute(worded, "which", "change", "meaning")) == [("meaning", "which")]
    stricter = changed((". > 1900", ". > 1950"))
    assert between(attribute(stricter, "year", "change", "wording")) == [("wording", "year")]
    assert between(attribute(changed(), "year", "revision", "2")) == [("meaning", "year")]
    assert between(attribute(changed(), "year", "change", "meaning")) == []  # nothing else differs


def test_a_question_that_moved_is_known_by_its_name_and_changes_no_other() -> None:
    law = row(BASE, "law")
    found = changed((law, f"|        | begin_group | frame | Frame | | | | | |\n{law}\n|        | end_group | | |"))
    assert between(found) == [("moved", "law")]


def test_what_cannot_follow_a_version_is_refused() -> None:
    old = form_of(changed(version="1"))
    assert conflict(old, form_of(changed())) == ""
    assert conflict(old, old) == ""
    assert conflict(old, form_of(changed(("Which law?", "Which?"), version="1"))) == "same_version"
    assert conflict(old, form_of(changed().replace("| f             | 2 ", "| g             | 2 "))) == "other_form"


# ---- wording --------------------------------------------------------------------------------------------------------
def test_a_wording_fix_asks_nobody_again_and_says_the_new_words() -> None:
    talk = halfway()("So far.")
    found = meet(talk, changed(("Which law?", "Which law exactly?"), ("Your story", "Tell us")))
    assert (found.asked_again, found.retired, found.recorded, found.stands) == ((), (), (), True)
    talk("And more.", inputs.Done())
    assert talk.one(e.Recorded).value == "So far.\nAnd more."
    assert talk.one(e.Recorded).label == "Tell us"
    assert talk.name == "hand"


def test_a_completed_interview_stays_completed_under_a_wording_fix() -> None:
    talk = filled()
    meet(talk, changed(("Which law?", "Which law exactly?")))
    assert talk.interview.completed
    assert talk(inputs.Review()).interview.completed


def test_the_button_on_the_screen_still_answers_its_question() -> None:
    talk = Talk(changed(version="1"))("Awa")
    token = talk.asked.token
    meet(talk, changed(("Your name", "Your full name")))
    talk(inputs.Press(f"{token}:c0"))
    assert (talk.one(e.Recorded).path, talk.one(e.Recorded).value) == ("/data/law", "yes")


# ---- meaning --------------------------------------------------------------------------------------------------------
def test_a_change_of_meaning_asks_those_who_answered_and_hands_in_again() -> None:
    talk = filled()
    found = meet(talk, changed((". > 1900", ". > 1950")))
    assert found.asked_again == ("/data/year",)
    assert not talk.interview.completed
    talk(inputs.Resume())
    assert (talk.asked.path, talk.asked.current, talk.asked.again, talk.asked.note) == (
        "/data/year",
        "2004",
        "changed",
        "constraint",
    )
    talk.press("k")
    assert talk.one(e.Recorded).confirmed
    assert (talk.asked.path, talk.asked.again) == ("/data/hand", "hand_in")
    assert talk(inputs.Choose(("send",))).name == "Completed"


def test_who_has_not_answered_it_yet_is_not_asked_twice() -> None:
    talk = Talk(changed(version="1"))("Awa", "no")
    found = meet(talk, changed((". > 1900", ". > 1950")))
    assert found.asked_again == ()
    assert talk(inputs.Resume()).asked.again == ""


def test_what_is_not_asked_just_now_is_asked_again_when_it_is() -> None:
    talk = filled()
    talk(inputs.Edit("/data/law"), inputs.Choose(("no",)))
    found = meet(talk, attribute(changed(), "which", "revision", "2"))
    assert found.asked_again == ()
    assert talk.interview.completed
    talk(inputs.Edit("/data/law"), inputs.Choose(("yes",)))
    assert (talk.asked.path, talk.asked.again, talk.asked.current) == ("/data/which", "changed", "Law 12")


def test_what_is_being_answered_is_answered_before_what_is_asked_again() -> None:
    talk = halfway()("So far.")
    found = meet(talk, changed((". > 1900", ". > 1950")))
    assert (found.asked_again, found.stands) == (("/data/year",), True)
    talk("The end.", inputs.Done())
    assert talk.one(e.Recorded).value == "So far.\nThe end."
    assert talk.asked.path == "/data/year"


def test_an_answer_meant_for_the_former_question_is_not_taken_for_the_new_one() -> None:
    talk = Talk(changed(version="1"))("Awa", "no")
    token = talk.asked.token
    found = meet(talk, attribute(changed(), "year", "revision", "2"))
    assert not found.stands
    talk(inputs.Press(f"{token}:s"))
    assert talk.one(e.Refused).reason == "stale"
    assert talk.asked.path == "/data/year"


# ---- choices --------------------------------------------------------------------------------------------------------
def test_only_who_named_a_choice_that_is_gone_is_asked_again() -> None:
    gone = changed(("|        | f             | plum   | Plum          |\n", ""))
    talk = filled()
    found = meet(talk, gone)
    assert found.asked_again == ("/data/fruit",)
    talk(inputs.Resume())
    assert (talk.asked.note, talk.asked.was, talk.asked.chosen) == ("choices", "Apple, Plum", ("apple",))
    other = filled()
    other(inputs.Edit("/data/fruit"), inputs.Choose(("pear",)))
    assert meet(other, gone).asked_again == ()


def test_a_choice_that_is_gone_altogether_is_kept_aside() -> None:
    talk = filled()
    found = meet(talk, changed(("|        | yn            | yes    | Yes           |\n", "")))
    assert found.asked_again == ("/data/law",)
    (kept,) = found.retired
    assert (kept.path, kept.value, kept.display, kept.why) == ("/data/law", "yes", "Yes", "choices")
    talk(inputs.Resume())
    assert (talk.asked.path, talk.asked.current, talk.asked.was) == ("/data/law", "", "Yes")


def test_a_choice_with_another_name_is_carried_over_and_confirmed() -> None:
    talk = filled()
    found = meet(talk, changed(("| plum ", "| prune ")))
    assert talk.value("/data/fruit") == "apple prune"
    assert [(one.path, one.old, one.value) for one in found.recorded] == [("/data/fruit", "apple plum", "apple prune")]
    assert found.asked_again == ("/data/fruit",)


def test_a_choice_more_asks_nobody_but_old_buttons_no_longer_count() -> None:
    talk = Talk(changed(version="1"))("Awa")
    token = talk.asked.token
    found = meet(
        talk, changed(("|        | yn            | yes  ", "|        | yn | partly | Partly |\n|        | yn | yes "))
    )
    assert (found.asked_again, found.stands) == ((), False)
    assert talk(inputs.Press(f"{token}:c0")).one(e.Refused).reason == "stale"


# ---- types ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("old", "new", "path", "value"),
    [
        ("| integer       | year ", "| decimal       | year ", "/data/year", "2004.0"),
        ("| integer       | year   | Which year?   |                | . > 1900   ", "| text | year | Which year? | | ", "/data/year", "2004"),  # noqa: E501
        ("| select_one yn | law ", "| select_multiple yn | law ", "/data/law", "yes"),
        ("| select_multiple f | fruit ", "| text | fruit ", "/data/fruit", "Apple, Plum"),
    ],
)  # fmt: skip
def test_an_answer_that_the_other_type_can_hold_is_kept(old: str, new: str, path: str, value: str) -> None:
    talk = filled()
    found = meet(talk, changed((old, new)))
    assert talk.value(path) == value
    assert talk.interview.records[path].author == "ana"
    if "constraint" not in found.changes[0].what:
        assert found.asked_again == ()


def test_an_answer_that_the_other_type_cannot_hold_is_kept_aside_and_asked_again() -> None:
    talk = filled()
    found = meet(talk, changed(("| text          | which ", "| date          | which ")))
    (kept,) = found.retired
    assert (kept.path, kept.label, kept.value, kept.version, kept.why) == (
        "/data/which",
        "Which law?",
        "Law 12",
        "1",
        "type",
    )
    assert (kept.record.author, kept.record.status) == ("ana", "answered")
    assert [(one.status, one.old, one.value) for one in found.recorded] == [("cleared", "Law 12", "")]
    talk(inputs.Resume())
    assert (talk.asked.path, talk.asked.was, talk.asked.note) == ("/data/which", "Law 12", "type")
    talk("12/03/2025")
    assert talk.one(e.Recorded).revision == found.recorded[0].revision + 1
    assert reopened(talk.interview).keys() == {"/data/hand"}


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
