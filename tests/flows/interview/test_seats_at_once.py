"""Two people at one interview at the same time: no reply goes astray, and nobody overwrites another unknowingly."""

from __future__ import annotations

import pytest

from flows.interview import inputs
from flows.interview.interview import advance, current_question
from flows.interview.seats import Seat, take_seat
from tests.flows.interview.sharing import OWNER, Shared
from tests.flows.interview.talking import NOW, form_of
from tests.flows.interview.test_seats import COLLEAGUE, CYCLE, begun, shared

# ---- half-typed answers -------------------------------------------------------------------------------------------
LONG = """
| survey | | | | | |
| | type | name | label | appearance | relevant |
| | begin_group | g | One | | |
| | text | a | A | multiline | |
| | text | b | B | | |
| | end_group | | | | |
| | begin_group | h | Two | | |
| | text | c | C | multiline | ${b} != 'stop' |
| | text | d | D | | |
| | end_group | | | | |
"""


def test_what_the_owner_has_half_typed_is_recorded_when_its_question_is_given() -> None:
    talk = Shared(form_of(LONG)).say(OWNER, "first words")
    talk.lend(COLLEAGUE, talk.delegable.question)
    assert talk.value("/data/g/a") == "first words"
    assert talk.asked(COLLEAGUE).current == "first words"


def test_what_the_owner_has_half_typed_elsewhere_stays_as_it_is() -> None:
    talk = Shared(form_of(LONG)).say(OWNER, "first").lend(COLLEAGUE, ("/data/h",)).say(OWNER, "second")
    talk.back(COLLEAGUE).say(OWNER, inputs.Done())
    assert talk.value("/data/g/a") == "first\nsecond"


def test_what_a_colleague_has_half_typed_is_recorded_as_theirs_when_it_is_recalled() -> None:
    talk = Shared(form_of(LONG)).lend(COLLEAGUE, ("/data/h",)).say(COLLEAGUE, "half").back(COLLEAGUE)
    assert (talk.value("/data/h/c"), talk.author("/data/h/c")) == ("half", COLLEAGUE)


def test_a_question_that_the_other_made_needless_takes_no_answer_meant_for_it() -> None:
    talk = Shared(form_of(LONG)).lend(COLLEAGUE, ("/data/h",)).say(COLLEAGUE, "half")
    old = talk.token(COLLEAGUE)
    talk.say(OWNER, inputs.Edit("/data/g/b"), "stop")
    assert talk.say(COLLEAGUE, "of it").refusal(COLLEAGUE) == "question_gone"
    assert (talk.name(COLLEAGUE), talk.value("/data/h/d")) == ("d", "")
    assert talk.say(COLLEAGUE, inputs.Press(f"{old}:s")).refusal(COLLEAGUE) == "stale"
    talk.say(OWNER, inputs.Edit("/data/g/b"), "go")
    assert (talk.value("/data/h/c"), talk.author("/data/h/c")) == ("half", COLLEAGUE)


OPENED = """
| survey | | | | |
| | type | name | label | relevant |
| | begin_group | g | One | |
| | text | a | A | |
| | end_group | | | |
| | begin_group | h | Two | |
| | text | c | C | ${a} = 'open' |
| | text | d | D | |
| | end_group | | | |
"""


def test_a_question_that_the_other_opens_does_not_take_the_answer_to_the_one_put() -> None:
    talk = Shared(form_of(OPENED)).lend(COLLEAGUE, ("/data/h",))
    assert talk.name(COLLEAGUE) == "d"
    talk.say(OWNER, "open").say(COLLEAGUE, "to D")
    assert (talk.value("/data/h/d"), talk.value("/data/h/c"), talk.name(COLLEAGUE)) == ("to D", "", "c")


def test_a_question_that_the_other_opens_for_somebody_who_waits_is_asked_before_it_is_answered() -> None:
    talk = Shared(form_of(OPENED)).lend(COLLEAGUE, ("/data/g",)).say(OWNER, "to D")
    assert talk.name(OWNER) == "Awaited"
    talk.say(COLLEAGUE, "open").say(OWNER, "thanks")
    assert (talk.refusal(OWNER), talk.name(OWNER), talk.value("/data/h/c")) == ("nothing_open", "c", "")


# ---- never overwritten unknowingly --------------------------------------------------------------------------------
def overtaken(put: str = "/data/start/who") -> Shared:
    """The owner is put a question that somebody else, who has their own way in, answers meanwhile."""
    talk = begun().say(OWNER, inputs.Edit(put))
    other = take_seat(talk.interview, Seat("en", (put,), at=f"question:{put}"))
    other = current_question(talk.form, other, now=NOW).interview
    turn = advance(talk.form, other, inputs.Say("Theirs", "m99"), author="other", now=NOW)
    talk.interview = take_seat(turn.interview, Seat.from_json(Shared._own_seat(talk.interview)))
    assert talk.interview.records[put].author == "other"
    return talk


def test_an_answer_that_somebody_else_gave_meanwhile_is_replaced_only_by_who_was_shown_it() -> None:
    talk = overtaken().say(OWNER, "Mine")
    assert talk.refusal(OWNER) == "changed_meanwhile"
    asked = talk.asked(OWNER)
    assert (asked.path, asked.current, "keep" in asked.controls) == ("/data/start/who", "Theirs", True)
    assert talk.value("/data/start/who") == "Theirs"
    talk.say(OWNER, "Mine")
    assert (talk.value("/data/start/who"), talk.author("/data/start/who")) == ("Mine", OWNER)
    assert talk.interview.records["/data/start/who"].revision == 1


def test_the_other_answer_may_be_kept() -> None:
    talk = overtaken().say(OWNER, "Mine", inputs.Keep())
    assert (talk.value("/data/start/who"), talk.author("/data/start/who"), talk.name(OWNER)) == (
        "Theirs",
        "other",
        "title",
    )


@pytest.mark.parametrize("input", [inputs.Skip(), inputs.Unknown(), inputs.Keep()])
def test_nothing_else_overwrites_it_either(input: inputs.Input) -> None:
    talk = overtaken().say(OWNER, input)
    assert (talk.refusal(OWNER), talk.value("/data/start/who")) == ("changed_meanwhile", "Theirs")


def test_a_button_pressed_twice_counts_once_as_not_having_seen_it() -> None:
    talk = overtaken()
    press = inputs.Press(f"{talk.token(OWNER)}:s")
    assert talk.say(OWNER, press).refusal(OWNER) == "changed_meanwhile"
    assert talk.say(OWNER, press).events[OWNER] == ()
    assert talk.value("/data/start/who") == "Theirs"


def test_the_new_wording_of_a_message_does_not_replace_what_somebody_else_said() -> None:
    talk = shared(CYCLE).say(COLLEAGUE, "yes", "So")
    message = talk.interview.records["/data/cycle/how"].parts[0][0]
    talk.back(COLLEAGUE).say(OWNER, "Ana", inputs.Say("Otherwise", message, revises=True))
    assert talk.refusal(OWNER) == "changed_meanwhile"
    assert (talk.name(OWNER), talk.asked(OWNER).current, talk.value("/data/cycle/how")) == ("how", "So", "So")


def test_messages_that_a_channel_numbers_alike_are_told_apart_by_who_wrote_them() -> None:
    talk = begun()
    talk.say(OWNER, inputs.Say("Ana", "7")).lend(COLLEAGUE, (CYCLE,))
    talk.say(COLLEAGUE, inputs.Say("yes", "6"), inputs.Say("So", "7"), inputs.Say("Otherwise", "7", revises=True))
    assert (talk.value("/data/cycle/how"), talk.value("/data/start/who")) == ("Otherwise", "Ana")


def test_the_same_said_again_by_another_stays_with_who_said_it_first() -> None:
    talk = begun().say(OWNER, "Ana").lend(COLLEAGUE, ("/data/start/who",)).say(COLLEAGUE, "Ana")
    record = talk.interview.records["/data/start/who"]
    assert (record.author, record.parts, record.revision) == (OWNER, (("m2", 3),), 0)


# ---- rows that follow from a count --------------------------------------------------------------------------------
COUNTED = """
| survey | | | | |
| | type | name | label | repeat_count |
| | begin_group | g | Counts | |
| | integer | n | How many? | |
| | end_group | | | |
| | begin_group | h | Things | |
| | begin_repeat | r | Thing | ${n} |
| | text | x | X | |
| | text | y | Y | |
| | end_repeat | | | |
| | end_group | | | |
"""


def test_a_smaller_count_takes_no_row_away_that_somebody_else_answers() -> None:
    talk = Shared(form_of(COUNTED)).say(OWNER, "3").lend(COLLEAGUE, ("/data/h",))
    talk.say(COLLEAGUE, "one", "uno", "two")
    assert talk.say(OWNER, inputs.Edit("/data/g/n"), "1").refusal(OWNER) == "rows_of_others"
    assert (talk.value("/data/g/n"), talk.value("/data/h/r[2]/x")) == ("3", "two")
    assert talk.say(OWNER, "2").value("/data/g/n") == "2"


def test_nor_may_a_colleague_take_rows_of_the_owner_away() -> None:
    talk = Shared(form_of(COUNTED)).say(OWNER, "2", "one", "uno", "two", "due").lend(COLLEAGUE, ("/data/g",))
    talk.say(COLLEAGUE, inputs.Edit("/data/g/n"), "1")
    assert (talk.refusal(COLLEAGUE), talk.value("/data/h/r[2]/y")) == ("rows_of_others", "due")
    talk.say(COLLEAGUE, inputs.Skip())  # without a count the rows stay
    assert (talk.value("/data/h/r[2]/y"), talk.author("/data/h/r[2]/y")) == ("due", OWNER)


def test_a_row_whose_question_was_just_given_does_not_go_before_it_is_answered() -> None:
    talk = Shared(form_of(COUNTED)).say(OWNER, "2", "one", "uno")
    talk.lend(COLLEAGUE, talk.delegable.question)
    assert talk.say(OWNER, inputs.Edit("/data/g/n"), "1").refusal(OWNER) == "rows_of_others"
    assert talk.say(COLLEAGUE, "two").name(COLLEAGUE) == "Completed"
