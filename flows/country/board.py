"""How far everybody is, as a board: who × which part × state. One value for the picture and for the text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, get_args

State = Literal[
    "untouched", "begun", "done", "delegated", "clearance", "submitted", "returned", "accepted", "none"
]  # fmt: skip
STATES: tuple[State, ...] = get_args(State)
OPEN: frozenset[State] = frozenset({"untouched", "begun", "delegated", "clearance", "returned"})
"""States of what somebody still has to do; `none` is what there is nothing to do for."""
SIGNS: Mapping[State, str] = {
    "untouched": "○",
    "begun": "◐",
    "done": "●",
    "delegated": "→",
    "clearance": "◎",
    "submitted": "▲",
    "returned": "!",
    "accepted": "✓",
    "none": "–",
}
"""What stands for a state where there is no picture."""


@dataclass(frozen=True, slots=True)
class BoardRow:
    """One entity or country, its states in the order of the columns, and a remark or ""."""

    name: str
    cells: tuple[State, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Board:
    """All texts in the language of the reader. `legend`: what each state is called, in the order it is explained in."""

    title: str
    subtitle: str
    columns: tuple[str, ...]
    rows: tuple[BoardRow, ...]
    legend: Mapping[State, str]
    rtl: bool = False


def as_lines(board: Board) -> tuple[str, ...]:
    """The board as text that a phone shows well: one block a row, an empty line between two.

    A block is the name with how many of its parts are closed, what it has closed in numbers, and what is open by name.
    """
    lines = [line for line in (_one_line(board.title), _one_line(board.subtitle)) if line]
    for row in board.rows:
        lines += ["", *_block(board, row)]
    return tuple(lines)


def _block(board: Board, row: BoardRow) -> Iterator[str]:
    cells = [(name, state) for name, state in zip(board.columns, row.cells, strict=False) if state != "none"]
    closed = [state for _, state in cells if state not in OPEN]
    yield f"{_one_line(row.name)} · {len(closed)}/{len(cells)}" if cells else f"{_one_line(row.name)} · {SIGNS['none']}"
    order = [*board.legend, *(state for state in STATES if state not in board.legend)]
    counts = [(state, closed.count(state)) for state in order if state in closed]
    if counts:
        yield " · ".join(f"{_called(board, state)} {count}" for state, count in counts)
    for state in order:
        parts = [_one_line(name) for name, own in cells if own == state and state in OPEN]
        if parts and len(parts) == len(cells):
            yield _called(board, state)
        elif parts:
            yield f"{_called(board, state)} – {', '.join(parts)}"
    if note := _one_line(row.note):
        yield note


def _called(board: Board, state: State) -> str:
    label = _one_line(board.legend.get(state, ""))
    return f"{SIGNS[state]} {label}" if label else SIGNS[state]


def _one_line(text: str) -> str:
    return " ".join(text.replace("\x00", "").split())
