"""Tables of figures: shown in the terminal, and written as Markdown."""

from __future__ import annotations

from collections.abc import Sequence

from rich.table import Table

Line = tuple[str, ...]


def shown(lines: Sequence[Line]) -> Table:
    """For the terminal; the first line is the header."""
    head, *rest = lines
    table = Table(*head)
    for line in rest:
        table.add_row(*line)
    return table


def markdown(lines: Sequence[Line]) -> str:
    """For the docs; figures to the right."""
    head, *rest = lines
    under = ("---", *("---:" for _ in head[1:]))
    return "\n".join("| " + " | ".join(line) + " |" for line in (head, under, *rest)) + "\n"
