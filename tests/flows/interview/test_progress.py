"""Progress stays calm: each pass counts its own questions, and the total does not jump with what another pass holds."""

from __future__ import annotations

from flows.interview.events import Again, Edit, Skip
from tests.flows.interview.talking import Talk

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
