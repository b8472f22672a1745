"""A session as JSON values and back.

A row is kept as `{"v": answers, "x": own relevance, "h": hidden, "l": last calculated, "m": of repeats, "n": rows}`,
keyed by paths within the row; `x` and `m` are bit masks of what is not relevant. Everything computed is kept, so that
loading computes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from flows.interview.logic.codecs import clean, written
from flows.interview.logic.instance import Node, Row, build

if TYPE_CHECKING:
    from flows.interview.logic.session import Session


def dump(session: Session) -> dict[str, Any]:
    return {
        "form": session.program.fingerprint,
        "seed": session.env.seed,
        "date": session.host.now.date().isoformat(),
        "row": _dump_row(session.root),
    }


def _dump_row(row: Row) -> dict[str, Any]:
    start = len(row.definition.path)
    values: dict[str, str] = {}
    hidden: dict[str, str] = {}
    last: dict[str, str] = {}
    off = 0
    for slot, node in enumerate(row.nodes):
        stored, definition = node.stored, node.definition
        if not node.own:
            off |= 1 << slot
        if stored:
            values[definition.path[start:]] = stored
        if node.live:
            if node.value != stored:
                hidden[definition.path[start:]] = node.value
            if definition.calculate is not None and node.last != stored:
                last[definition.path[start:]] = node.last or ""
    markers = 0
    rows = {}
    for index, range_ in enumerate(row.ranges):
        if not range_.marker.own:
            markers |= 1 << index
        if range_.rows:
            rows[range_.definition.path[start:]] = [_dump_row(one) for one in range_.rows]
    found: dict[str, Any] = {"v": values, "x": f"{off:x}"}
    found.update({key: part for key, part in (("h", hidden), ("l", last), ("n", rows)) if part})
    if markers:
        found["m"] = f"{markers:x}"
    return found


def restore(session: Session, dumped: Mapping[str, Any]) -> None:
    row = dumped.get("row", {})
    if dumped.get("form") == session.program.fingerprint:
        _load_row(session, session.root, row)
        session.work.started = True
        if dumped.get("date") != session.host.now.date().isoformat():
            for cell in session.program.clocked:
                session.work.enqueue_all(cell, session.root, 0)
            session._settle()
        return
    session.work.fill(session.root, session.program.model.seed)
    session.work.settle()
    merge(session, row)


def merge(session: Session, row: Mapping[str, Any]) -> None:
    """Put answers given under another version of the form where they have a place; nothing is asked of them but that
    they fit their type."""
    session.work.started = False
    _merge_row(session, session.root, row)
    session._settle()
    session.work.started = True
    session._fresh.clear()


def _load_row(session: Session, row: Row, kept: Mapping[str, Any]) -> None:
    values = kept["v"]
    hidden, last, rows = kept.get("h", {}), kept.get("l", {}), kept.get("n", {})
    off, markers = int(kept["x"], 16), int(kept.get("m", "0"), 16)
    start = len(row.definition.path)
    bit = 1
    for node in row.nodes:
        parent = node.parent
        node.own = not off & bit
        bit <<= 1
        node.live = live = node.own and (parent is None or parent.live)  # type: ignore[attr-defined]
        definition = node.definition
        if node.kids is None:
            stored = values.get(definition.path[start:])
            if stored is not None:
                node.stored = stored
                if live:
                    node.value = stored
            if live and definition.calculate is not None:
                node.last = node.stored
    for slot_path, value in hidden.items():
        _at(session, row, slot_path).value = value
    for slot_path, value in last.items():
        _at(session, row, slot_path).last = value
    for index, range_ in enumerate(row.ranges):
        marker = range_.marker
        marker.own = not markers >> index & 1
        marker.live = marker.own and marker.parent.live  # type: ignore[union-attr]
        for inner in rows.get(range_.definition.path[start:], ()):
            one = build(range_.definition, marker.parent, row)
            range_.rows.append(one)
            session.work.total_rows += 1
            _load_row(session, one, inner)


def _at(session: Session, row: Row, path: str) -> Node:
    return row.nodes[session.program.definitions[row.definition.path + path].slot]


def _merge_row(session: Session, row: Row, kept: Mapping[str, Any]) -> None:
    definitions = session.program.definitions
    for path, value in kept.get("v", {}).items():
        definition = definitions.get(row.definition.path + path)
        if definition is not None and definition.is_leaf and definition.scope is row.definition:
            session.work.store(row.nodes[definition.slot], written(definition, clean(str(value))))
    session._settle()
    for path, rows in kept.get("n", {}).items():
        definition = definitions.get(row.definition.path + path)
        if definition is None or not definition.is_repeat or definition.scope is not row.definition:
            continue
        range_ = row.ranges[definition.slot]
        while len(range_.rows) < len(rows) and definition.count is None:
            if session.work.add(range_, definition.template) is None:
                break
        for one, inner in zip(range_.rows, rows, strict=False):
            _merge_row(session, one, inner)
