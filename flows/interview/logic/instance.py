"""The answers of one interview: nodes, rows of repeats, and how they are found by path."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from flows.interview.logic.definitions import Definition, Seed
from flows.interview.logic.values import Item

_PART = re.compile(r"/([^/\[\]]+)(?:\[(\d+)\])?")


class Node(Item):
    """A question, calculation, group or attribute in one row.

    `stored` is what was answered or computed, `value` what expressions see: nothing while it is not relevant or
    while its choice is not offered. `own` is its own relevance, `live` that of all around it as well. `last` is what
    its calculation gave last.
    """

    __slots__ = ("definition", "last", "live", "own", "row", "stored")

    def __init__(self, definition: Definition, parent: Item | None, row: Row | None) -> None:
        self.name = definition.name
        self.parent = parent
        self.kids = None
        self.attributes = None
        self.value = ""
        self.definition = definition
        self.stored = ""
        self.own = self.live = definition.relevant is None
        self.last: str | None = None
        self.row: Row = row if row is not None else self  # type: ignore[assignment]


class Row(Node):
    """A row of a repeat; the root is one too. `nodes` follow `definition.members`, `ranges` `definition.ranges`."""

    __slots__ = ("alive", "nodes", "ranges", "up")

    def __init__(self, definition: Definition, parent: Item | None, up: Row | None) -> None:
        super().__init__(definition, parent, None)
        self.up = up
        self.alive = True
        self.nodes: list[Node] = [self]
        self.ranges: list[Range] = []


class Range:
    """The rows of one repeat within one row around it. `marker` stands for the repeat itself in expressions."""

    __slots__ = ("definition", "holder", "marker", "rows")

    def __init__(self, definition: Definition, holder: Row, parent: Item) -> None:
        self.definition = definition
        self.holder = holder
        self.rows: list[Row] = []
        self.marker = Node(definition, parent, holder)
        self.marker.kids = {}


def build(definition: Definition, parent: Item | None, up: Row | None) -> Row:
    """A row with all its nodes and no rows in its ranges. Values are blank."""
    row = Row(definition, parent, up)
    row.kids = {}
    nodes = row.nodes
    for member in definition.members[1:]:
        above = member.parent
        holder = row if above is definition or above is None else nodes[above.slot]
        node = Node(member, holder, row)
        nodes.append(node)
        if member.path.rpartition("/")[2][0] == "@":
            if holder.attributes is None:
                holder.attributes = {}
            holder.attributes[member.name] = node
            continue
        if member.kids:
            node.kids = {}
        if holder.kids is None:
            holder.kids = {}
        holder.kids[member.name] = [node]
    for repeat in definition.ranges:
        above = repeat.parent
        holder = row if above is definition or above is None else nodes[above.slot]
        made = Range(repeat, row, holder)
        row.ranges.append(made)
        if holder.kids is None:
            holder.kids = {}
        holder.kids[repeat.name] = made.rows  # type: ignore[assignment]
    if definition.ranges:
        _in_order(row)
    return row


def _in_order(row: Row) -> None:
    """Puts rows of repeats among their siblings as the form has them."""
    for node in row.nodes:
        kids = node.kids
        if kids and any(kid.is_repeat for kid in node.definition.kids):
            node.kids = {kid.name: kids[kid.name] for kid in node.definition.kids if kid.name in kids}


def seeds(definition: Definition, seed: Seed | None) -> Iterator[tuple[Definition, Seed]]:
    """A row's definition and the nodes below it with the elements of the form's instance they begin from."""
    if seed is None:
        return
    yield definition, seed
    for kid in definition.kids:
        if kid.is_repeat:
            continue
        found = seed.all(kid.qualified)
        if found:
            yield from seeds(kid, found[0])


@lru_cache(maxsize=20_000)
def _parts(path: str) -> tuple[tuple[str, str], ...]:
    """Names and row numbers of a path; none where it is no path."""
    parts = tuple(_PART.findall(path))
    return parts if "".join(f"/{name}[{at}]" if at else f"/{name}" for name, at in parts) == path else ()


@lru_cache(maxsize=20_000)
def _kid(definition: Definition, name: str) -> Definition | None:
    return next((kid for kid in definition.kids if kid.qualified == name), None)


def locate(root: Row, path: str) -> Node | Range | None:
    """The node at a path with row numbers; a repeat's path without a number is its range."""
    parts = _parts(path)
    if not parts or parts[0][0] != root.definition.qualified:
        return None
    at: Node = root
    for index, (name, number) in enumerate(parts[1:], 2):
        if name.startswith("@"):
            found = (at.attributes or {}).get(name[1:].rpartition(":")[2])
            return found if isinstance(found, Node) and index == len(parts) else None
        definition = _kid(at.definition, name)
        if definition is None:
            return None
        if not definition.is_repeat:
            if number not in ("", "1"):
                return None
            at = at.row.nodes[definition.slot]
            continue
        range_ = at.row.ranges[definition.slot]
        if not number:
            return range_ if index == len(parts) else None
        if not 1 <= int(number) <= len(range_.rows):
            return None
        at = range_.rows[int(number) - 1]
    return at


def path_of(node: Item | None) -> str:
    """The path with row numbers."""
    parts: list[str] = []
    while isinstance(node, Node):
        definition = node.definition
        name = definition.path.rpartition("/")[2]
        if isinstance(node, Row) and node.up is not None:
            rows = node.up.ranges[definition.slot].rows
            name = f"{name}[{rows.index(node) + 1}]"
        parts.append(name)
        node = node.parent
    return "".join(f"/{part}" for part in reversed(parts))


def instances(definition: Definition, row: Row, pin: int) -> Iterator[Node]:
    """All nodes of `definition` that share the outermost `pin` rows with `row` (or with the row it is in)."""
    depth = row.definition.depth
    while depth > pin and row.up is not None:
        row = row.up
        depth = row.definition.depth
    if definition.is_repeat:
        if depth == definition.depth:
            yield row
            return
        for holder in _rows(definition.scope, row):
            range_ = holder.ranges[definition.slot]
            yield range_.marker
            yield from range_.rows
        return
    for holder in _rows(definition.scope, row):
        yield holder.nodes[definition.slot]


def _rows(scope: Definition, row: Row) -> Iterator[Row]:
    """The rows of `scope` at or below `row`."""
    if row.definition is scope:
        yield row
        return
    chain: list[Definition] = []
    at = scope
    while at is not row.definition:
        if at.depth <= row.definition.depth:
            return  # not below this row
        chain.append(at)
        at = at.scope
    yield from _descend(row, chain[::-1])


def _descend(row: Row, chain: list[Definition]) -> Iterator[Row]:
    if not chain:
        yield row
        return
    for one in row.ranges[chain[0].slot].rows:
        yield from _descend(one, chain[1:])
