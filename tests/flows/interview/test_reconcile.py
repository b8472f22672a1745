"""An open interview meets a newer version of its form: what is asked again, what is kept."""

from __future__ import annotations

import pytest

from flows.interview import events as e
from flows.interview import inputs
from flows.interview.reopening import reopened
from tests.flows.interview.reconciling import attribute, changed, filled, halfway, meet
from tests.flows.interview.talking import Talk


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
