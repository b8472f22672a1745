"""A session written out: the OpenRosa instance, and the whole state for comparison."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

from flows.interview.logic.instance import Node, Range, path_of

if TYPE_CHECKING:
    from flows.interview.logic.session import Session


def instance_xml(session: Session) -> str:
    program = session.program
    used: set[str] = set()
    inner = _element(session.root, used, root=True)
    declared = "".join(
        f' xmlns:{prefix}="{escape(address, {chr(34): "&quot;"})}"'
        for prefix, address in program.model.namespaces.items()
        if prefix in used
    )
    name = session.root.definition.qualified
    return f"<{name}{declared}{inner[len(name) + 1 :]}"


def _element(node: Node, used: set[str], root: bool = False) -> str:
    if not (node.live or root):
        return ""
    name = node.definition.qualified
    _note(name, used)
    attributes = ""
    for attribute in (node.attributes or {}).values():
        if isinstance(attribute, Node):
            qualified = attribute.definition.qualified
            if qualified == "xmlns" or qualified.endswith("}template"):
                continue
            _note(qualified, used)
            attributes += f' {qualified}="{escape(attribute.value, {chr(34): "&quot;"})}"'
    if node.kids is None:
        return f"<{name}{attributes}>{escape(node.value)}</{name}>" if node.value else f"<{name}{attributes}/>"
    inner = "".join(_element(kid, used) for kids in node.kids.values() for kid in kids if isinstance(kid, Node))
    return f"<{name}{attributes}>{inner}</{name}>" if inner else f"<{name}{attributes}/>"


def _note(name: str, used: set[str]) -> None:
    prefix, colon, _ = name.partition(":")
    if colon:
        used.add(prefix)


def state(session: Session) -> dict[str, Any]:
    found: dict[str, Any] = {
        "relevant": {}, "values": {}, "calculated": {}, "invalid": [], "missing": [], "choices": {}, "repeats": {},
    }  # fmt: skip
    for node in session._nodes():
        if node is session.root:
            continue
        path = path_of(node)
        if "/@" in path:
            continue
        definition = node.definition
        found["relevant"][path] = node.live
        for range_ in node.row.ranges:
            if range_.marker.parent is node:
                _range(range_, path, found)
        if not definition.is_leaf:
            continue
        if node.value:
            found["values"][path] = node.value
        if definition.calculate is not None:
            found["calculated"][path] = node.value
        control = definition.control
        if control is not None and control.kind in ("select", "select1", "rank"):
            found["choices"][path] = [offered.value for offered in session.work.offers.of(node)]
        if not session._valid(node):
            found["invalid"].append(path)
        elif session._missing(node):
            found["missing"].append(path)
    for range_ in session.root.ranges:
        if range_.marker.parent is session.root:
            _range(range_, path_of(session.root), found)
    return found


def _range(range_: Range, above: str, found: dict[str, Any]) -> None:
    path = f"{above}/{range_.definition.qualified}"
    found["repeats"][path] = len(range_.rows)
    found["relevant"]["*" + path] = range_.marker.live
