"""Progress stays calm: each pass counts its own questions, and the total does not jump with what another pass holds."""

from __future__ import annotations

import json

from flows.interview.inputs import Again, Edit, Review, Skip
from flows.interview.progress import sections_from_json, sections_to_json
from flows.interview.reopening import reopen
from flows.interview.withdrawal import withdraw
from tests.flows.interview.sharing import OWNER, Shared
from tests.flows.interview.talking import NOW, Talk, form_of

TWO_PASSES = """
| survey | | | | | |
| | type | name | label | bind::griot:core | bind::griot:role |
| | text | a | First | yes | |
| | text | b | Second | | |
| | begin repeat | source | Source | | |
| | text | title | Title | yes | |
| | text | owner | Owner | | |
| | end repeat | | | | |
| | text | send | Send? | | submit |
| settings | | |
| | namespaces | |
| | griot="https://example.org/griot" | |
"""
ONE_PASS = """
| survey | | | |
| | type | name | label |
| | text | a | First |
| | text | b | Second |
"""


def progress(talk: Talk) -> tuple[str, int, int]:
    place = talk.asked.place
    assert place is not None
    return place.phase, place.done, place.total


def test_the_core_counts_its_own_questions_and_the_one_that_hands_in() -> None:
    talk = Talk(TWO_PASSES)
    assert progress(talk) == ("core", 0, 3)
    assert progress(talk("x")) == ("core", 1, 3)
    assert progress(talk("Census")) == ("core", 2, 3)  # another source?
    assert progress(talk(Again(False), Again(False))) == ("core", 2, 3)
    assert talk.name == "send"


def test_the_rest_is_counted_once_it_is_begun() -> None:
    talk = Talk(TWO_PASSES)("x", "Census", Again(False), Again(True))
    assert talk.name == "b"
    assert progress(talk) == ("rest", 0, 3)
    assert progress(talk(Skip())) == ("rest", 1, 3)
    assert progress(talk("INS")) == ("rest", 2, 3)
    assert talk.name == "send"
    assert progress(talk(Edit("/data/a"))) == ("core", 2, 3)


def test_a_form_without_a_core_has_one_count() -> None:
    assert progress(Talk(ONE_PASS)("x")) == ("", 1, 2)


# ---- section by section -------------------------------------------------------------------------------------------
SECTIONS = """
| survey | | | | | | |
| | type | name | label | bind::griot:core | bind::griot:role | relevant |
| | text | alone | In no section | | | |
| | begin_group | one | One | | | |
| | text | a | A | yes | | |
| | text | b | B | | | |
| | end_group | | | | | |
| | begin_group | two | Two | | | |
| | begin_repeat | source | Source | | | |
| | text | title | Title | yes | | |
| | end_repeat | | | | | |
| | end_group | | | | | |
| | begin_group | three | Three | | | ${a} = 'more' |
| | text | c | C | | | |
| | end_group | | | | | |
| | begin_group | end | End | | | |
| | text | send | Send? | yes | submit | |
| | end_group | | | | | |
| settings | | |
| | namespaces | |
| | griot="https://example.org/griot" | |
"""


def sections(talk: Talk) -> dict[str, list[int]]:
    return sections_to_json(talk.turn.sections)


def states(talk: Talk) -> dict[str, str]:
    return {section.name: section.state for section in talk.turn.sections}


def test_every_section_counts_its_questions_at_every_turn_core_and_rest() -> None:
    talk = Talk(SECTIONS)
    assert sections(talk) == {
        "one": [0, 2, 0, 0, 1],
        "two": [0, 1, 0, 0, 1, 1],
        "end": [0, 1, 0, 0, 1],
        "": [0, 1],
    }
    assert set(states(talk).values()) == {"untouched"}
    talk("more")
    assert sections(talk)["one"] == [1, 2]
    assert sections(talk)["three"] == [0, 1]
    assert states(talk)["one"] == "begun"


def test_a_section_is_done_when_no_further_row_is_asked_for_either() -> None:
    talk = Talk(SECTIONS)("x", "Census")
    assert (sections(talk)["two"], states(talk)["two"]) == ([1, 1, 0, 0, 0, 1], "begun")
    talk(Again(False))
    assert (sections(talk)["two"], states(talk)["two"]) == ([1, 1], "done")


def test_what_was_left_on_purpose_is_done_and_told_apart() -> None:
    talk = Talk(SECTIONS)("x", "Census", Again(False), Again(True), Skip(), Skip())
    assert (sections(talk)["one"], states(talk)["one"]) == ([2, 2, 1], "done")
    assert sections(talk)[""] == [1, 1, 1]


def test_progress_by_section_comes_back_from_json_and_is_the_same_whoever_looks() -> None:
    talk = Talk(SECTIONS)("x")
    assert sections_from_json(json.loads(json.dumps(sections(talk)))) == talk.turn.sections
    shared = Shared(form_of(SECTIONS)).say(OWNER, "x").lend("colleague", ("/data/two",))
    assert sections_to_json(shared.turn.sections)["two"] == [0, 1, 0, 1, 1, 1]
    shared.say("colleague", "Census", Again(True))
    assert sections_to_json(shared.turn.sections)["two"] == [1, 2, 0, 1, 1, 1]
    shared.say(OWNER, Review())
    assert sections_to_json(shared.turn.sections)["two"] == [1, 2, 0, 1, 1, 1]
    shared.back("colleague")
    assert sections_to_json(shared.turn.sections)["two"] == [1, 2, 0, 0, 1, 1]


def test_sections_follow_what_is_changed_from_outside() -> None:
    talk = Talk(SECTIONS)("x", "Census")
    assert reopen(talk.form, talk.interview, ["/data/one/a"], why="returned", now=NOW).sections[0].done == 0
    assert withdraw(talk.form, talk.interview, "/data/one/a", "x", now=NOW).sections[0].done == 0


def test_an_answer_withdrawn_meanwhile_does_not_take_the_one_being_given() -> None:
    talk = Talk(SECTIONS)("x", "Census", Again(False), Again(True))
    assert talk.name == "alone"
    talk.turn = withdraw(talk.form, talk.interview, "/data/one/a", "x", now=NOW)
    talk("to the question put")
    assert (talk.value("/data/alone"), talk.value("/data/one/a"), talk.name) == ("to the question put", "", "a")
