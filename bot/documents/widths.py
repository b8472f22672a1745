"""How wide the columns of a table are."""

from __future__ import annotations

from collections.abc import Sequence

NARROWEST = 0.08  # a share of the table


def shares(
    count: int, wanted: Sequence[float], titles: Sequence[int], rows: Sequence[Sequence[int]]
) -> tuple[float, ...]:
    """Shares of the table's width for `count` columns, sum 1: those `wanted`, or by what the columns hold.

    `titles` are the lengths of the column titles, `rows` the lengths of the cells, row by row.
    """
    if len(wanted) == count and all(share > 0 for share in wanted):
        return _normal(wanted)
    needs = [float(max(length, 6)) for length in titles]
    for row in rows:
        for place, length in enumerate(row):
            needs[place] += min(length, 400) / max(len(rows), 1)
    found = _normal([need**0.6 for need in needs])  # a column ten times fuller is about four times wider
    return _normal([max(share, NARROWEST) for share in found])


def _normal(values: Sequence[float]) -> tuple[float, ...]:
    total = sum(values)
    return tuple(value / total for value in values)
