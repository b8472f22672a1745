"""What each entity answered, question by question: what an extended guide prints beside what was made of it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from flows.country.contribution import Reading, Said
from flows.questionnaires.wording import wording

_PEOPLE = frozenset({"person_name", "email", "phone"})
_ELSEWHERE = re.compile(r"^(p\d+_|e[1256]_|s13_|m[45]_|f\d+_)|_release$")
"""Who answers, whom to write to and who meets, which the annex of contacts prints as far as that was agreed; the
exercise itself: its dates, its authority, whom somebody thought of inviting, its documents, what may be released."""
_SEGMENT = re.compile(r"^(\w+)(?:\[(\d+)\])?$")


def spoken(readings: Iterable[Reading]) -> Iterator[Said]:
    """The answers of each contribution that may be printed as they were given, in the order of its questionnaire.

    What a guide leaves out is left out here; so are people and their contacts, and what its version of the
    questionnaire has no words for.
    """
    for reading in readings:
        known = reading.contribution.wording or wording()
        order = {name: place for place, name in enumerate(known.attributes)}

        def place(said: Said, order: dict[str, int] = order) -> tuple[tuple[int, int], ...]:
            return tuple((order.get(name, -1), row) for name, row in _segments(said.question))

        yield from sorted(
            (
                said
                for answers in reading.shown.values()
                for name, said in answers.items()
                if known.questions.get(name)
                and not _ELSEWHERE.search(name)
                and known.attributes.get(name, {}).get("kind") not in _PEOPLE
            ),
            key=place,
        )


def section_of(said: Said) -> str:
    """The name of the questionnaire's section that an answer stands in; "" outside them."""
    name, row = _segments(said.question)[0]
    return name if not row and name != said.name else ""


def row_of(said: Said) -> tuple[str, int]:
    """The innermost repeat that an answer stands in, and the number of its row; `("", 0)` in none."""
    return next(((name, row) for name, row in reversed(_segments(said.question)) if row), ("", 0))


def _segments(path: str) -> list[tuple[str, int]]:
    """Below the root: name and row number, 0 where it is no row."""
    found = [_SEGMENT.match(part) for part in path.split("/")[2:]]
    return [(one[1], int(one[2] or 0)) for one in found if one is not None] or [("", 0)]
