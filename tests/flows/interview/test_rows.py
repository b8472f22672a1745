"""Rows of a repeat: asked one by one, added, removed, declined, inside each other."""

from __future__ import annotations

from flows.interview.events import RowRemoved
from flows.interview.inputs import Again, Back, Edit, Remove, Unknown
from tests.flows.interview.small_forms import SOURCES
from tests.flows.interview.talking import Talk


def test_rows_are_asked_one_by_one_with_another_after_each() -> None:
    talk = Talk(SOURCES)("Ana", "Census", "2019")
    assert (talk.name, talk.asked.label, talk.asked.rows) == ("repeat", "Source", 1)
    talk(Again(True))
    assert (talk.asked.path, talk.asked.row_label) == ("/data/source[2]/title", "Source 2")
    assert talk("Survey").asked.row_label == "Source 2 – Survey"
    assert talk("2021", "non").name == "last"
    assert talk.turn.session.rows("/data/source") == 2


def test_a_row_is_removed_after_asking_and_the_others_move_up_with_their_records() -> None:
    talk = Talk(SOURCES)("Ana", "Census", "2019", Again(True), "Survey", "2021", Again(True), "Register", Unknown())
    talk(Again(False), Remove("/data/source[2]"))
    assert talk.name == "remove"
    talk(Again(True))
    assert talk.one(RowRemoved).removed == ("/data/source[2]/title", "/data/source[2]/year")
    assert talk.value("/data/source[2]/title") == "Register"
    assert talk.interview.records["/data/source[2]/year"].status == "unknown"
    assert "/data/source[3]/title" not in talk.interview.records
    assert talk.name == "last"


def test_a_first_row_nobody_needs_is_declined() -> None:
    talk = Talk(SOURCES)("Ana")
    assert "none" in talk.asked.controls
    assert talk.press("x").name == "last"
    assert talk.turn.session.rows("/data/source") == 0
    assert talk(Back()).name == "first"
    assert talk(Again(True)).asked.path == "/data/source[1]/title"


def test_a_row_can_be_added_later() -> None:
    talk = Talk(SOURCES)("Ana", "Census", "2019", Again(False), Edit("/data/source"))
    assert talk.name == "repeat"
    assert talk("oui").asked.path == "/data/source[2]/title"


def test_an_optional_repeat_asks_first() -> None:
    optional = (
        SOURCES.replace("label |", "label | bind::griot:optional |").replace("| Source |", "| Source | yes |")
        + '| settings | |\n| | namespaces |\n| | griot="https://griot-guides.example/ns" |\n'
    )
    talk = Talk(optional)("Ana")
    assert talk.name == "first"
    assert talk(Again(False)).name == "last"


def test_rows_inside_rows() -> None:
    talk = Talk(
        """
| survey | | | |
| | type | name | label |
| | begin repeat | a | Country |
| | text | x | X |
| | begin repeat | b | Town |
| | text | y | Y |
| | end repeat | | |
| | end repeat | | |
"""
    )("one", "first", Again(True))
    assert (talk.asked.path, talk.asked.row_label) == ("/data/a[1]/b[2]/y", "Country 1 – one · Town 2")
    talk("second", Again(False))
    assert (talk.name, talk.asked.path) == ("repeat", "/data/a")
    assert talk(Again(True), "two").name == "first"
    assert talk(Again(True)).asked.path == "/data/a[2]/b[1]/y"


def test_counted_rows_are_just_walked() -> None:
    talk = Talk(
        """
| survey | | | | |
| | type | name | label | repeat_count |
| | integer | n | How many? | |
| | begin repeat | r | Row | ${n} |
| | text | x | X | |
| | end repeat | | | |
"""
    )("2", "a")
    assert talk.asked.path == "/data/r[2]/x"
    assert talk("b").name == "Completed"
