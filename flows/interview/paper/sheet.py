"""What is printed of a form, as a value: titles, remarks, fields to fill and rows of repeats, in the form's order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from flows.interview.paper.conditions import Condition

FieldKind = Literal["line", "lines", "date", "one", "several", "rank", "tick", "file"]
"""A line or several lines of text, a day, one choice, several choices, an order of choices, a single box, a file that
no paper can hold."""


@dataclass(frozen=True, slots=True)
class Box:
    """One choice. `rank`: its place in a ranking, "" where there is none."""

    name: str
    label: str
    ticked: bool = False
    rank: str = ""


@dataclass(frozen=True, slots=True)
class Field:
    """One question. `path` carries the numbers of rows; `number` is the question's on this paper, in every row.

    `value`: what is on record, as a person reads it. `confidential`, `unknown`: their boxes, None where there is none.
    `digest`: of the answer on record, "" where there is none (see `filled.Paper`).
    """

    path: str
    number: int
    label: str
    hint: str
    kind: FieldKind
    required: bool
    condition: Condition | None = None
    boxes: tuple[Box, ...] = ()
    value: str = ""
    confidential: bool | None = None
    unknown: bool | None = None
    digest: str = ""


@dataclass(frozen=True, slots=True)
class Title:
    """The heading of a section (`level` 1) or of a group in one."""

    text: str
    level: int
    condition: Condition | None = None


@dataclass(frozen=True, slots=True)
class Remark:
    """A note of the form."""

    text: str


@dataclass(frozen=True, slots=True)
class Row:
    """`path`: `/data/source[2]`; `spare`: it is not there yet."""

    path: str
    number: int
    spare: bool
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Rows:
    """A repeat. `narrow`: its rows fit side by side into one table. `counted`: how many there are follows from another
    answer, so that no spare ones are printed."""

    path: str
    label: str
    level: int
    condition: Condition | None
    rows: tuple[Row, ...]
    narrow: bool
    counted: bool


Item = Field | Title | Remark | Rows


@dataclass(frozen=True, slots=True)
class Sheet:
    """A whole questionnaire. `numbers`: of questions by path without numbers of rows; `labels`: of what conditions
    name, by the same path; `choices`: labels of choices that conditions name, by path and name."""

    form_id: str
    version: str
    title: str
    language: str
    items: tuple[Item, ...]
    numbers: dict[str, int]
    labels: dict[str, str]
    choices: dict[tuple[str, str], str]

    def fields(self) -> Iterator[Field]:
        """Every field, in the order of the paper."""
        yield from _fields(self.items)

    def repeats(self) -> dict[str, int]:
        """How many rows each repeat had that were not spare ones."""
        return dict(_repeats(self.items))


def _fields(items: tuple[Item, ...]) -> Iterator[Field]:
    for item in items:
        if isinstance(item, Field):
            yield item
        elif isinstance(item, Rows):
            for row in item.rows:
                yield from _fields(row.items)


def _repeats(items: tuple[Item, ...]) -> Iterator[tuple[str, int]]:
    for item in items:
        if isinstance(item, Rows):
            yield item.path, sum(not row.spare for row in item.rows)
            for row in item.rows:
                yield from _repeats(row.items)
