"""The answers of a contribution as a list to read on a phone, page by page, under the numbers of the recap."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from flows.country.contribution import restricted_questions
from flows.country.recap import headings, marks_of, numbered
from flows.interview.answers import Answered
from flows.interview.form import Form
from flows.questionnaires.wording import words_of

Mark = Literal["", "confidential", "restricted"]
PAGE = 2400  # characters of a page, but for one longer answer
MOST_ON_PAGE = 8  # answers, so that their buttons fit into two rows
_LEFT = ("skipped", "unknown")
_SPANS = re.compile(r"(\d{1,4})(?:\s*[-–—àa]\s*(\d{1,4}))?")


@dataclass(frozen=True, slots=True)
class Listed:
    """One answer. `number`: as in the recap, those left out after the last of them. `shown`: what it says, None where
    this reader may not see it; `mark`: why a guide leaves it out."""

    number: int
    path: str
    section: str
    above: str
    label: str
    shown: str | None
    status: str
    mark: Mark = ""


def listed(
    answers: Sequence[Answered],
    form: Form,
    language: str,
    now: datetime,
    *,
    country: str,
    released: Container[str] = (),
    restricted: bool = True,
    confidential: bool = True,
) -> tuple[Listed, ...]:
    """All answers of a contribution, then the questions left out. `restricted`, `confidential`: whether the reader may
    see what is restricted to the State and not `released`, and what is confidential."""
    given = numbered(answers, form)
    left = tuple(answer for answer in answers if answer.status in _LEFT)
    marks = marks_of(given, country, form)
    titles = headings((*given, *left), form, language, now)
    to_the_state = restricted_questions(words_of(form))
    found = []
    for number, answer in enumerate((*given, *left), 1):
        mark = marks.get(answer.path, "")
        kept = answer.name in to_the_state and answer.name not in released
        seen = (restricted or not kept) and (confidential or mark != "confidential")
        why: Mark = "confidential" if mark == "confidential" else "restricted" if kept and mark else ""
        shown = answer.attachment.name if answer.attachment is not None else answer.display or answer.value
        section, above = titles[answer.path]
        found.append(
            Listed(number, answer.path, section, above, answer.label, shown if seen else None, answer.status, why)
        )
    return tuple(found)


def pages(every: Iterable[Listed], most: int = PAGE) -> list[tuple[Listed, ...]]:
    """The list cut into pages that a phone shows well; an answer is never cut."""
    found: list[list[Listed]] = []
    size = 0
    for one in every:
        own = len(one.label) + len(one.shown or "") + 40
        if not found or size + own > most or len(found[-1]) >= MOST_ON_PAGE:
            found.append([])
            size = 0
        found[-1].append(one)
        size += own
    return [tuple(page) for page in found]


def numbers_in(said: str, most: int) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The numbers meant by "3, 7, 12-14": those from 1 to `most`, and the first few of the others."""
    meant: dict[int, None] = {}
    for first, last in _SPANS.findall(said):
        start, end = int(first), int(last or first)
        meant |= dict.fromkeys(range(min(start, end), max(start, end) + 1))
    known = tuple(number for number in meant if 1 <= number <= most)
    return known, tuple(number for number in meant if not 1 <= number <= most)[:5]
