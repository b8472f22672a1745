"""Across countries goes what an entity agreed to share, and nothing else."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any, get_args

from hypothesis import given
from hypothesis import strategies as st

from flows.country.contribution import Contribution, Entity, Status
from flows.country.sharing import shared

AT = "2026-11-25T10:00:00+00:00"


@dataclass(frozen=True)
class Given:
    path: str
    value: str
    status: str = "answered"
    at: str = AT
    language: str = "fr"
    confidential: bool = False


def _practice(row: int, share: str, hidden: frozenset[str]) -> list[Given]:
    """A practice, every text of which says whether it was agreed to share it."""
    mark = "shared" if share == "yes" and not {"m7_title", "m7_share"} & hidden else "SECRET"
    at = f"/data/practice[{row}]"
    values = {"m7_title": mark, "m7_done": mark, "m7_result": mark, "m7_url": f"https://{mark}.example"}
    values |= {"m7_share": share} if share else {}
    return [
        Given(f"{at}/{name}", "SECRET" if name in hidden and name != "m7_share" else value, confidential=name in hidden)
        for name, value in values.items()
    ]


HIDDEN = st.frozensets(st.sampled_from(["m7_title", "m7_done", "m7_result", "m7_url", "m7_share"]), max_size=2)
ROWS = st.lists(st.tuples(st.sampled_from(["yes", "no", ""]), HIDDEN), max_size=4)


@st.composite
def contributions(draw: st.DrawFn) -> Contribution:
    consent, status = draw(st.sampled_from(["yes", "no", ""])), draw(st.sampled_from(get_args(Status)))
    ticked = draw(st.sampled_from(["", "practices", "contact"]))
    allowed = consent == "yes" and status == "accepted" and ticked != "practices"
    answers: list[Any] = [Given("/data/p2_consent", consent)] if consent else []
    answers += [
        Given("/data/other", "SECRET"),
        Given("/data/p3_name", "SECRET"),
        Given("/data/f3_confidential", ticked),
    ]
    for number, (share, hidden) in enumerate(draw(ROWS), 1):
        answers += _practice(number, share if allowed or not share else "yes", hidden)
    if not allowed:
        answers = [dataclasses.replace(one, value=one.value.replace("shared", "SECRET")) for one in answers]
    return Contribution("GHA", Entity("Statistics"), "official", "1", "fr", status, tuple(answers))


@given(st.lists(contributions(), max_size=4))
def test_nothing_that_nobody_agreed_to_share_comes_out(given: list[Contribution]) -> None:
    for one in shared(given):
        assert "SECRET" not in repr(one)
        assert (one.country, one.entity, one.title) == ("GHA", "Statistics", "shared")


def test_a_practice_that_is_shared_comes_whole_with_its_country_and_entity() -> None:
    answers = (Given("/data/p2_consent", "yes"), *_practice(1, "yes", frozenset()), *_practice(2, "no", frozenset()))
    one = Contribution("GHA", Entity("Statistics"), "official", "1", "fr", "accepted", answers)
    (found,) = shared([one])
    assert (found.done, found.result, found.url, found.language) == ("shared", "shared", "https://shared.example", "fr")
    assert shared([dataclasses.replace(one, status="submitted")]) == ()
