"""The order of computation: whatever is read is computed before its reader; a circle is an error of the form."""

from __future__ import annotations

from collections.abc import Mapping

from flows.interview.logic.definitions import CALCULATE, CHANGE, COUNT, RELEVANT, Cell, Definition
from flows.interview.logic.dependencies import Dependencies
from flows.interview.logic.errors import LogicError

Edges = dict[int, set[int]]


def order(cells: list[Cell], reads: Mapping[int, Dependencies]) -> None:
    """Gives every cell its rank. Raises `LogicError` naming the questions of a circle within one row."""
    makers: dict[Definition, list[Cell]] = {}
    for cell in cells:
        makers.setdefault(cell.definition, []).append(cell)
    every: Edges = {cell.index: set() for cell in cells}
    certain: Edges = {cell.index: set() for cell in cells}
    for cell in cells:
        found = reads[cell.index]
        for node, pin in found.values:
            _link(cell, node, pin, makers, every, certain)
        for node, _ in found.rows:
            for maker in _above(node, makers):
                if maker.kind == COUNT and maker is not cell:
                    every[cell.index].add(maker.index)
        if cell.kind == CALCULATE:
            for maker in _above(cell.definition, makers):
                if maker.kind == RELEVANT:
                    every[cell.index].add(maker.index)
    for circle in _components(certain):
        if len(circle) > 1 or circle[0] in certain[circle[0]]:
            involved = sorted({cells[index].definition.path for index in circle})
            first = cells[min(circle)]
            raise LogicError(
                "its value depends on itself: " + " → ".join([*involved, involved[0]]),
                path=first.definition.path,
                attribute=first.kind,
            )
    for rank, circle in enumerate(_components(every)):
        for index in circle:
            cells[index].rank = rank


def _above(node: Definition, makers: Mapping[Definition, list[Cell]]) -> list[Cell]:
    found: list[Cell] = []
    at: Definition | None = node
    while at is not None:
        found += makers.get(at, ())
        at = at.parent
    return found


def _link(
    cell: Cell, node: Definition, pin: int, makers: Mapping[Definition, list[Cell]], every: Edges, certain: Edges
) -> None:
    for maker in _above(node, makers):
        own = maker.definition is node
        if not own and maker.kind not in (RELEVANT, COUNT):
            continue
        if maker is cell and cell.kind != RELEVANT:
            continue
        every[cell.index].add(maker.index)
        same_row = pin >= maker.definition.depth and maker.kind != COUNT
        if same_row and CHANGE not in (cell.kind, maker.kind) and cell.kind != "choices" and maker.kind != "choices":
            certain[cell.index].add(maker.index)


def _components(edges: Edges) -> list[list[int]]:
    """Tarjan's strongly connected components, each after all it points to."""
    index: dict[int, int] = {}
    low: dict[int, int] = {}
    on: set[int] = set()
    stack: list[int] = []
    found: list[list[int]] = []
    for start in edges:
        if start in index:
            continue
        work = [(start, iter(sorted(edges[start])))]
        index[start] = low[start] = len(index)
        stack.append(start)
        on.add(start)
        while work:
            at, rest = work[-1]
            for to in rest:
                if to not in index:
                    index[to] = low[to] = len(index)
                    stack.append(to)
                    on.add(to)
                    work.append((to, iter(sorted(edges[to]))))
                    break
                if to in on:
                    low[at] = min(low[at], index[to])
            else:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[at])
                if low[at] == index[at]:
                    circle = []
                    while True:
                        one = stack.pop()
                        on.discard(one)
                        circle.append(one)
                        if one == at:
                            break
                    found.append(circle)
    return found
