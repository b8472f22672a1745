"""Two people at one interview: what each is asked, and that neither overwrites the other unknowingly."""

from __future__ import annotations

from dataclasses import fields

import pytest

from flows.interview import events as e
from flows.interview import inputs
from flows.interview.delegable import delegable
from flows.interview.interview import start
from flows.interview.seats import Seat, take_seat
from flows.interview.state import Interview
from tests.flows.interview.sharing import OWNER, Shared
from tests.flows.interview.talking import NOW, form_of

COLLEAGUE = "colleague"

PARTS = """
| survey | | | | | | |
| | type | name | label | bind::griot:core | bind::griot:role | relevant |
| | begin_group | start | Welcome | | | |
| | select_one yn | agree | Do you agree? | yes | consent | |
| | note | thanks | Thank you. | | | |
| | text | who | Who are you? | yes | | |
| | end_group | | | | | |
| | begin_group | sources | Sources | | | |
| | note | about | About your sources. | | | |
| | begin_repeat | source | Source | | | |
| | text | title | Title | yes | | |
| | text | owner | Owner | | | |
| | select_one kind or_other | kind | Kind | | | |
| | end_repeat | | | | | |
| | select_multiple kind | kinds | Kinds held | yes | | |
| | end_group | | | | | |
| | begin_group | cycle | Cycle | | | |
| | select_one yn | used | Are they used? | yes | | |
| | text | how | How? | yes | | ${used} = 'yes' |
| | text | story | Your story | | | |
| | text | more | Anything more? | | | |
| | end_group | | | | | |
| | begin_group | closing | Closing | | | |
| | text | remark | Remark | | | |
| | select_one yn | send | Send? | yes | submit | |
| | end_group | | | | | |
| choices | | |
| | list_name | name | label |
| | yn | yes | Yes |
| | yn | no | No |
| | kind | survey | Survey |
| | kind | register | Register |
| settings | | |
| | namespaces | |
| | griot="https://griot-guides.example/ns" | |
"""

SOURCES, CYCLE = "/data/sources", "/data/cycle"
TITLE, OWNED = "/data/sources/source[1]/title", "/data/sources/source[1]/owner"


def begun() -> Shared:
    """Consent given; the owner is asked who they are."""
    return Shared(form_of(PARTS)).say(OWNER, "yes")


def shared(*scope: str) -> Shared:
    return begun().lend(COLLEAGUE, scope)


# ---- seats --------------------------------------------------------------------------------------------------------
def test_everything_kept_of_an_interview_belongs_to_a_seat_or_to_all() -> None:
    of_all = {"form_id", "version", "session", "given", "records", "closed", "away", "retired"}
    seats = {field.name for field in fields(Seat)}
    assert seats | of_all == {field.name for field in fields(Interview)}
    assert not seats & of_all


def test_an_interview_stored_before_there_were_seats_is_read_as_it_was() -> None:
    stored = begun().interview.to_json()
    assert not {"scope", "away"} & set(stored)
    assert Interview.from_json(stored).to_json() == stored


def test_a_seat_keeps_only_what_is_its_own() -> None:
    stored = shared(CYCLE).seats[COLLEAGUE].to_json()
    assert set(stored) <= {field.name for field in fields(Seat)}
    assert (stored["scope"], stored["put"]) == ([CYCLE], "question:/data/cycle/used")


# ---- what may be given --------------------------------------------------------------------------------------------
def test_the_question_put_the_sections_and_the_rest_may_be_given() -> None:
    found = begun().delegable
    assert found.question is not None
    assert (found.question.label, found.question.scope, found.question.open) == (
        "Who are you?",
        ("/data/start/who",),
        1,
    )
    assert [(part.name, part.scope, part.open) for part in found.sections] == [
        ("start", ("/data/start",), 1),
        ("sources", (SOURCES,), 4),
        ("cycle", (CYCLE,), 3),
        ("closing", ("/data/closing",), 1),
    ]
    assert found.rest is not None
    assert (found.rest.scope, found.rest.open) == (("/data/start", SOURCES, CYCLE, "/data/closing"), 9)


def test_the_rest_leaves_what_is_answered_and_a_repeat_goes_whole() -> None:
    talk = begun().say(OWNER, "Ana", "Census", inputs.Again(False), "Survey", inputs.Done(), "yes")
    rest = talk.delegable.rest
    assert rest is not None
    assert rest.scope == (
        "/data/sources/source",
        "/data/cycle/how",
        "/data/cycle/story",
        "/data/cycle/more",
        "/data/closing",
    )
    assert rest.open == 6


def test_what_is_given_is_not_given_twice() -> None:
    talk = shared(CYCLE)
    assert [part.name for part in talk.delegable.sections] == ["start", "sources", "closing"]
    assert talk.lend("another", (CYCLE,)).refusal(OWNER) == "with_colleague"
    assert "another" not in talk.seats
    rest = talk.delegable.rest
    assert rest is not None
    assert rest.scope == ("/data/start", SOURCES, "/data/closing")


@pytest.mark.parametrize(
    "scope", ["/data/closing/send", "/data/start/agree", "/data/nowhere", "", "/data/start/thanks"]
)
def test_what_only_the_official_can_say_is_given_to_nobody(scope: str) -> None:
    talk = shared(scope)
    assert talk.refusal(OWNER) == "not_delegable"
    assert not talk.seats
    assert talk.interview.away == ()


def test_a_colleague_gives_nothing_on() -> None:
    talk = shared(CYCLE)
    seen = take_seat(talk.interview, talk.seats[COLLEAGUE])
    assert delegable(talk.form, seen, now=NOW).sections == ()


def test_looking_at_what_may_be_given_changes_nothing() -> None:
    talk = begun()
    before = talk.interview.to_json()
    assert talk.delegable == talk.delegable
    assert talk.interview.to_json() == before


def test_a_part_of_a_row_is_given_as_the_whole_repeat() -> None:
    talk = shared("/data/sources/source[1]/title", "/data/sources/kinds")
    assert talk.seats[COLLEAGUE].scope == ("/data/sources/source", "/data/sources/kinds")
    assert shared("/data/sources/source[1]").seats[COLLEAGUE].scope == ("/data/sources/source",)


# ---- a colleague's part -------------------------------------------------------------------------------------------
def test_a_colleague_is_asked_their_part_from_first_to_last_and_nothing_else() -> None:
    talk = shared(CYCLE)
    seen = []
    while talk.name(COLLEAGUE) != "Completed":
        seen.append(talk.name(COLLEAGUE))
        talk.say(COLLEAGUE, "yes")
    assert seen == ["used", "how", "story", "more"]
    done = talk.one(COLLEAGUE, e.Completed)
    assert (done.answered, done.skipped, done.scoped) == (4, 0, True)
    assert talk.seats[COLLEAGUE].completed
    assert not talk.interview.completed


def test_what_only_the_official_can_say_is_left_out_of_a_section() -> None:
    talk = shared("/data/closing")
    assert talk.name(COLLEAGUE) == "remark"
    assert talk.say(COLLEAGUE, "None").name(COLLEAGUE) == "Completed"


def test_a_colleague_reads_and_corrects_only_their_part() -> None:
    talk = shared(CYCLE).say(OWNER, "Ana").say(COLLEAGUE, "yes", inputs.Review())
    assert [entry.label for entry in talk.one(COLLEAGUE, e.Reviewed).entries] == ["Are they used?"]
    assert talk.press(COLLEAGUE, "e1").name(COLLEAGUE) == "used"
    assert talk.say(COLLEAGUE, inputs.Back()).refusal(COLLEAGUE) == "at_start"
    for input in (
        inputs.Edit("/data/start/who"),
        inputs.Remove("/data/sources/source[1]"),
        inputs.Confide(True, "/data/start/who"),
    ):
        assert talk.say(COLLEAGUE, input).refusal(COLLEAGUE) == "outside_part"
    assert talk.author("/data/start/who") == OWNER


def test_a_colleague_speaks_their_own_language_and_pauses_alone() -> None:
    talk = shared(CYCLE).say(COLLEAGUE, inputs.Pause())
    assert (talk.seats[COLLEAGUE].paused, talk.interview.paused) == (True, False)
    assert talk.speaks(COLLEAGUE, "fr").say(COLLEAGUE, "yes").interview.language == "en"
    assert talk.interview.records["/data/cycle/used"].language == "fr"


def test_progress_of_a_part_counts_the_part() -> None:
    talk = shared(CYCLE).say(COLLEAGUE, "no")
    place = talk.asked(COLLEAGUE).place
    assert place is not None
    assert (place.section, place.done, place.total, place.phase, place.away) == ("Cycle", 1, 3, "", 0)


# ---- a single question --------------------------------------------------------------------------------------------
def test_a_single_question_may_be_given_with_the_answer_it_has() -> None:
    talk = begun().say(OWNER, "Ana", inputs.Edit("/data/start/who"))
    question = talk.delegable.question
    assert question is not None
    assert question.open == 0
    talk.lend(COLLEAGUE, question)
    assert talk.name(OWNER) == "title"
    asked = talk.asked(COLLEAGUE)
    assert (asked.current, "keep" in asked.controls) == ("Ana", True)
    assert talk.say(COLLEAGUE, "Bea").name(COLLEAGUE) == "Completed"
    assert (talk.value("/data/start/who"), talk.author("/data/start/who")) == ("Bea", COLLEAGUE)


def test_a_single_question_in_a_row_goes_with_the_one_that_asks_which_other() -> None:
    talk = begun().say(
        OWNER, "Ana", "Census", inputs.Again(False), "Survey", inputs.Done(), "no", inputs.Again(True), inputs.Skip()
    )
    assert talk.name(OWNER) == "kind"
    question = talk.delegable.question
    assert question is not None
    assert question.label == "Source 1 – Census · Kind"
    assert question.scope == ("/data/sources/source[1]/kind", "/data/sources/source[1]/kind_other")
    talk.lend(COLLEAGUE, question)
    assert "none" not in talk.asked(COLLEAGUE).controls
    assert talk.say(COLLEAGUE, "other").name(COLLEAGUE) == "kind_other"
    assert talk.say(COLLEAGUE, "Barometer").name(COLLEAGUE) == "Completed"


def test_no_row_is_removed_while_something_in_it_or_after_it_is_with_a_colleague() -> None:
    talk = begun().say(
        OWNER, "Ana", "Census", inputs.Again(True), "Register", inputs.Again(True), "Survey", inputs.Again(False)
    )
    talk.say(OWNER, inputs.Edit("/data/sources/source[2]/title")).lend(COLLEAGUE, talk.delegable.question)
    for row in (1, 2):
        assert talk.say(OWNER, inputs.Remove(f"/data/sources/source[{row}]")).refusal(OWNER) == "rows_of_others"
    assert talk.say(OWNER, inputs.Edit("/data/sources/source[2]/title")).refusal(OWNER) == "with_colleague"
    talk.say(OWNER, inputs.Remove("/data/sources/source[3]"), inputs.Again(True))
    assert talk.one(OWNER, e.RowRemoved).path == "/data/sources/source[3]"
    talk.say(OWNER, inputs.Edit("/data/sources/source"), inputs.Again(True), "Panel")
    assert talk.value("/data/sources/source[3]/title") == "Panel"
    assert talk.say(COLLEAGUE, "Civil register").name(COLLEAGUE) == "Completed"
    assert talk.back(COLLEAGUE).say(OWNER, inputs.Remove("/data/sources/source[1]"), inputs.Again(True))
    assert talk.value(TITLE) == "Civil register"


def test_nothing_to_enter_is_not_offered_where_a_question_of_the_row_is_with_a_colleague() -> None:
    talk = begun().say(OWNER, "Ana")
    assert "none" in talk.asked(OWNER).controls
    talk.lend(COLLEAGUE, talk.delegable.question)
    talk.say(OWNER, inputs.Edit(OWNED))
    assert "none" not in talk.asked(OWNER).controls
    assert talk.say(OWNER, inputs.Again(False)).refusal(OWNER) == "not_a_row"


# ---- the owner meanwhile ------------------------------------------------------------------------------------------
def test_the_owner_is_asked_the_others_and_counts_what_is_with_a_colleague_apart() -> None:
    talk = begun().lend(COLLEAGUE, (SOURCES,)).say(OWNER, "Ana")
    assert talk.name(OWNER) == "used"
    place = talk.asked(OWNER).place
    assert place is not None
    assert (place.done, place.total, place.away) == (2, 3, 4)
    assert not any(isinstance(event, e.Told) and event.path == "/data/sources/about" for event in talk.events[OWNER])


def test_what_hands_the_answers_in_waits_until_everything_is_back() -> None:
    talk = shared(CYCLE).say(OWNER, "Ana", inputs.Edit("/data/closing/send"))
    assert talk.refusal(OWNER) == "closing_waits"
    talk.say(OWNER, "Census", inputs.Again(False), "Survey", inputs.Done(), inputs.Again(True), "INS", "Survey", "None")
    awaited = talk.one(OWNER, e.Awaited)
    assert (awaited.labels, awaited.left, awaited.rest) == (("Cycle",), 3, 0)
    assert not talk.interview.completed
    assert talk.say(OWNER, "hello").refusal(OWNER) == "nothing_open"
    talk.say(COLLEAGUE, "yes", "So", "Once", "No")
    assert talk.say(OWNER, inputs.Resume()).one(OWNER, e.Awaited).left == 0
    assert talk.back(COLLEAGUE).name(OWNER) == "send"
    assert talk.say(OWNER, "yes").name(OWNER) == "Completed"
    assert not talk.one(OWNER, e.Completed).scoped


def test_who_leaves_the_rest_for_later_hears_what_is_awaited_and_may_go_on() -> None:
    talk = shared(CYCLE).say(OWNER, "Ana", "Census", inputs.Again(False), "Survey", inputs.Done())
    assert talk.name(OWNER) == "rest"
    awaited = talk.say(OWNER, inputs.Again(False)).one(OWNER, e.Awaited)
    assert (awaited.left, awaited.rest) == (3, 3)
    assert talk.press(OWNER, "m").name(OWNER) == "rest"
    assert talk.say(OWNER, inputs.Again(False)).back(COLLEAGUE).name(OWNER) == "used"


def test_what_is_with_a_colleague_cannot_be_edited_by_any_way() -> None:
    talk = begun().say(OWNER, "Ana", "Census", inputs.Again(False), "Survey", inputs.Done(), "yes", "So")
    told = talk.interview.records["/data/cycle/how"].parts[0][0]
    old = talk.token(OWNER)
    talk.lend(COLLEAGUE, (CYCLE,)).say(OWNER, inputs.Review())
    entries = talk.one(OWNER, e.Reviewed).entries
    number = next(entry.number for entry in entries if entry.path == "/data/cycle/how")
    refused = talk.press(OWNER, f"e{number}").one(OWNER, e.Refused)
    assert (refused.reason, refused.values["part"]) == ("with_colleague", "Cycle")
    assert talk.say(OWNER, inputs.Say("Otherwise", told, revises=True)).refusal(OWNER) == "with_colleague"
    assert talk.say(OWNER, inputs.Confide(True, "/data/cycle/how")).refusal(OWNER) == "with_colleague"
    assert talk.say(OWNER, inputs.Press(f"{old}:y")).value("/data/cycle/how") == "So"


def test_recalled_before_the_end_the_rest_is_asked_of_the_owner_again() -> None:
    talk = shared(CYCLE).say(COLLEAGUE, "yes").back(COLLEAGUE)
    talk.say(OWNER, "Ana", "Census", inputs.Again(False), "Survey", inputs.Done())
    assert talk.name(OWNER) == "how"
    assert talk.author("/data/cycle/used") == COLLEAGUE


def test_notes_read_by_the_colleague_are_not_shown_again() -> None:
    talk = shared(SOURCES).say(COLLEAGUE, "Census", "INS").back(COLLEAGUE).say(OWNER, "Ana")
    assert not any(isinstance(event, e.Told) for event in talk.events[OWNER])


# ---- a seat taken again -------------------------------------------------------------------------------------------
def test_buttons_of_an_earlier_seat_do_not_work_in_a_later_one() -> None:
    talk = shared(CYCLE)
    old = talk.token(COLLEAGUE)
    talk.back(COLLEAGUE).lend(COLLEAGUE, (CYCLE,))
    assert talk.say(COLLEAGUE, inputs.Press(f"{old}:c0")).refusal(COLLEAGUE) == "stale"
    assert talk.value("/data/cycle/used") == ""


OTHER = """
| survey | | | |
| | type | name | label |
| | text | a | A |
"""


def test_a_part_of_a_form_that_has_it_no_more_can_be_taken_back() -> None:
    talk = shared(CYCLE)
    newer = form_of(OTHER)
    moved = start(newer, language="en", now=NOW).interview
    talk.form, talk.interview = newer, Interview.from_json({**moved.to_json(), "away": [CYCLE]})
    assert talk.say(COLLEAGUE, "yes").refusal(COLLEAGUE) == "question_gone"
    assert talk.name(COLLEAGUE) == "Completed"
    assert talk.back(COLLEAGUE).interview.away == ()
