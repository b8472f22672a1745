"""What becomes of answers: the long ones, in several messages, and each kind of them."""

from __future__ import annotations

from flows.interview.events import Added, CameBack, Completed, Paused, Recorded, Refused
from flows.interview.inputs import Attach, Attachment, Choose, Done, Edit, Locate, Pause, Resume, Say, Skip, Undo
from tests.flows.interview.small_forms import KINDS, VISIT
from tests.flows.interview.talking import Talk


# ---- long answers -------------------------------------------------------------------------------------------------
def test_several_messages_make_one_answer_and_nothing_is_cut() -> None:
    first, second = "a" * 4096, "b" * 4096
    talk = Talk(KINDS)(first, second)
    assert talk.one(Added).count == 2
    talk("Terminé")
    assert talk.one(Recorded).parts == 2
    assert talk.value("/data/story") == f"{first}\n{second}"


def test_the_last_message_of_a_long_answer_can_be_taken_back() -> None:
    talk = Talk(KINDS)("one", "two", Undo(), Done())
    assert talk.value("/data/story") == "one"


def test_editing_a_message_revises_its_part_while_typing_and_after() -> None:
    talk = Talk(KINDS)("one", "two", Say("uno", "m1", revises=True), Done())
    assert talk.value("/data/story") == "uno\ntwo"
    talk(Say("dos", "m2", revises=True))
    assert talk.value("/data/story") == "uno\ndos"
    assert talk.one(Recorded).old == "uno\ntwo"
    assert talk.interview.records["/data/story"].revision == 1
    assert talk.name == "basket"


def test_editing_the_message_of_a_short_answer_revises_it_under_the_forms_constraint() -> None:
    talk = Talk(VISIT)("yes", "Rosso", "3", Say("0", "m3", revises=True))
    assert talk.one(Refused).message == "At least one day."
    assert talk.value("/data/days") == "3"
    assert talk(Say("4", "m3", revises=True)).value("/data/days") == "4"


def test_editing_a_refused_message_answers_with_it_and_editing_any_other_changes_nothing() -> None:
    talk = Talk(VISIT)("yes", "Rosso", "many")
    assert talk(Say("2", "m3", revises=True)).value("/data/days") == "2"
    assert talk(Say("x", "m999", revises=True)).one(Refused).reason == "edit_not_an_answer"


def test_a_half_typed_long_answer_survives_a_pause_and_going_back() -> None:
    talk = Talk(KINDS)("one", Pause())
    assert talk.one(Paused)
    assert talk.interview.state == "paused"
    talk(Resume(), "two", Edit("/data/story"))
    assert talk.value("/data/story") == "one\ntwo"


def test_a_half_typed_answer_is_kept_when_an_edited_message_takes_its_question_away() -> None:
    talk = Talk(
        """
| survey | | | | | |
| | type | name | label | relevant | appearance |
| | integer | n | Number | | |
| | text | story | Story | ${n} > 1 | multiline |
| | text | last | Last | | |
"""
    )("2", "once upon", Say("1", "m1", revises=True))
    assert talk.name == "last"
    assert talk(Say("3", "m1", revises=True)).one(CameBack).paths == ("/data/story",)
    assert talk.value("/data/story") == "once upon"


def test_a_choice_called_i_do_not_know_is_a_choice() -> None:
    talk = Talk(
        """
| survey | | | | |
| | type | name | label | required |
| | select_one yn | sure | Sure? | yes |
| choices | | |
| | list_name | name | label |
| | yn | yes | Yes |
| | yn | dk | I don't know |
"""
    )("i don't know")
    assert talk.one(Recorded).value == "dk"


# ---- kinds of answers ---------------------------------------------------------------------------------------------
def test_several_choices_are_ticked_then_done() -> None:
    talk = Talk(KINDS)(Skip())
    talk.press("c2")
    assert (talk.asked.chosen, talk.asked.refreshed) == (("plum",), True)
    talk.press("c0").press("c2").press("c1")
    assert talk.press("d").value("/data/basket") == "apple pear"


def test_several_choices_can_be_typed() -> None:
    assert Talk(KINDS)(Skip(), "1, 3").value("/data/basket") == "apple plum"


def test_ranking_takes_presses_in_order_with_undo_and_ends_by_itself() -> None:
    talk = Talk(KINDS)(Skip(), Skip())
    talk.press("c2").press("z").press("c1").press("c0")
    assert talk.value("/data/order") == "pear apple plum"


def test_files_places_ranges_and_acknowledgements_are_answers() -> None:
    talk = Talk(KINDS)(Skip(), Skip(), Skip())
    assert talk.name == "seen"
    assert talk.press("a").value("/data/seen") == "OK"
    file = Attachment("letter.pdf", "application/pdf", 1000, "ref")
    assert talk("letter.pdf").all(Refused)
    assert talk(Attach(file, "m77")).one(Recorded).attachment == file
    assert talk(Attach(file)).one(Refused).reason == "file_not_expected"
    assert talk(Locate(12.37, -1.53)).value("/data/where").startswith("12.37 -1.53 0")
    assert talk("9").all(Refused)
    assert talk("4").value("/data/grade") == "4"
    assert talk("15/03/2025").value("/data/day") == "2025-03-15"


def test_what_is_typed_in_place_of_a_choice_goes_to_which_other() -> None:
    talk = Talk(
        """
| survey | | | |
| | type | name | label |
| | select_one fruit or_other | pick | Pick |
| choices | | |
| | list_name | name | label |
| | fruit | apple | Apple |
"""
    )(Choose(("other",)))
    assert talk.name == "pick_other"
    assert talk("quince").name == "Completed"


def test_a_default_is_shown_and_kept_by_a_press() -> None:
    talk = Talk(
        """
| survey | | | | |
| | type | name | label | default |
| | text | town | Town | Dakar |
"""
    )
    assert talk.asked.current == "Dakar"
    assert "keep" in talk.asked.controls
    assert talk.press("k").one(Completed).answered == 1
