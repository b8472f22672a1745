"""What differs between two versions of a form."""

from __future__ import annotations

import pytest

from flows.interview.comparing import compare, conflict
from tests.flows.interview.reconciling import BASE, attribute, between, changed, one, row
from tests.flows.interview.talking import form_of


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
