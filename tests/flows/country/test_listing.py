"""The answers of a contribution as they are read on a phone, and which of them are named by their numbers."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.country.contribution import Entity
from flows.country.handed import canonical_answers, compared, digest_of, snapshot_of
from flows.country.listing import MOST_ON_PAGE, PAGE, Listed, listed, numbers_in, pages
from flows.country.recap import numbered
from flows.interview.answers import Answered
from tests.flows.country import test_exercise as exercise
from tests.flows.country.test_recap import given as answers_given

NOW = datetime(2026, 3, 15, 9, tzinfo=UTC)
POLICE = Entity("Direction de la police des frontières", "DPF", "security")


def made(*, restricted: bool = True, confidential: bool = True) -> tuple[Listed, ...]:
    return listed(
        *(answers_given(), exercise.form(), "fr", NOW),
        country="BFA",
        restricted=restricted,
        confidential=confidential,
    )


def test_every_answer_has_the_number_of_the_recap_and_what_was_left_follows() -> None:
    every = made()
    paper = numbered(answers_given(), exercise.form())
    assert [(one.number, one.path) for one in every[: len(paper)]] == [
        (number, answer.path) for number, answer in enumerate(paper, 1)
    ]
    left = every[len(paper) :]
    assert {one.status for one in left} <= {"skipped", "unknown"}
    assert len(every) == sum(one.status in ("answered", "skipped", "unknown") for one in answers_given())


def test_who_may_not_see_restricted_or_confidential_answers_sees_that_they_are_there() -> None:
    every = {one.path: one for one in made()}
    hidden = {one.path: one for one in made(restricted=False, confidential=False)}
    assert every.keys() == hidden.keys()
    for path, one in hidden.items():
        if one.shown is None:
            assert every[path].mark in ("restricted", "confidential")
            assert every[path].shown
        else:
            assert one.mark == ""
    assert any(one.mark == "restricted" for one in every.values())
    assert any(one.mark == "confidential" for one in every.values())


@given(st.lists(st.integers(0, 4000), max_size=60))
def test_pages_keep_every_answer_whole_and_in_order(sizes: list[int]) -> None:
    every = [Listed(n, f"/{n}", "S", "", "Q", "x" * size, "answered") for n, size in enumerate(sizes, 1)]
    cut = pages(every)
    assert [one for page in cut for one in page] == every
    assert all(len(page) == 1 or sum(len(one.shown or "") for one in page) <= PAGE for page in cut)
    assert all(len(page) <= MOST_ON_PAGE for page in cut)


@pytest.mark.parametrize(
    ("said", "known", "others"),
    [
        ("3, 7, 12-14", (3, 7, 12, 13, 14), ()),
        ("3;3 ; 4", (3, 4), ()),
        ("5 à 3", (3, 4, 5), ()),
        ("0, 21, 20", (20,), (0, 21)),
        ("", (), ()),
        ("aucune", (), ()),
        ("1-9999", tuple(range(1, 21)), (21, 22, 23, 24, 25)),
    ],
)
def test_numbers_are_read_as_people_write_them(said: str, known: tuple[int, ...], others: tuple[int, ...]) -> None:
    assert numbers_in(said, 20) == (known, others)


def test_the_digest_sees_every_change_of_what_is_handed_in_and_nothing_else() -> None:
    form, answers = exercise.form(), answers_given()
    digest = digest_of(answers, form)
    assert digest == digest_of(tuple(reversed(answers)), form)
    at = next(number for number, one in enumerate(answers) if one.name == "s3_name")

    def but(**changed: object) -> tuple[Answered, ...]:
        return (*answers[:at], replace(answers[at], **changed), *answers[at + 1 :])  # type: ignore[arg-type]

    assert (
        digest_of(but(display="autrement dit", author="9", revision=7, at="2027-01-01T00:00:00+00:00"), form) == digest
    )
    for changed in ({"value": "autre"}, {"status": "skipped"}, {"confidential": not answers[at].confidential}):
        assert digest_of(but(**changed), form) != digest
    assert digest_of(answers[:at] + answers[at + 1 :], form) != digest
    aside = [one for one in answers if one.name not in ("f4_submit", "p1_language", "p2_consent", "p7_publish")]
    assert digest_of(aside, form) == digest


def test_the_snapshot_is_what_the_digest_is_of_and_can_be_compared() -> None:
    form, answers = exercise.form(), answers_given()
    snapshot = snapshot_of(answers, form)
    assert hashlib.sha256(snapshot).hexdigest() == digest_of(answers, form)
    before = json.loads(snapshot)
    assert compared(before, canonical_answers(answers, form)) == {}
    first = next(one for one in answers if one.name == "s3_name")
    after = [replace(one, value="Autre") if one is first else one for one in answers if one.name != "c5_mechanism"]
    found = compared(before, canonical_answers(after, form))
    old, new = found[first.path]
    assert old is not None and new is not None
    assert (old[1], new[1]) == (first.value, "Autre")
    assert all(new is None for path, (_, new) in found.items() if path.endswith("c5_mechanism"))
