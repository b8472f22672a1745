"""When a question is asked, as a value that can be said in words: read off the form's `relevant` expressions.

What hangs on values known beforehand alone (country, role, kind of entity) is decided here: such a question is printed
without a condition, or not at all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from flows.interview.form import Question
from flows.interview.logic.errors import SyntaxFault
from flows.interview.logic.xpath import Call, Expression, Number, Operation, Path, Text, parse
from flows.interview.plan import SILENT, bare
from flows.interview.sitting import Sitting

Comparison = Literal["is", "is_not", "has", "has_not", "answered", "blank", "less", "most", "more", "least", "count"]


@dataclass(frozen=True, slots=True)
class Asked:
    """Something about the answer to one question. `path` has no row numbers; `value` is a choice's name, a text or a
    number, "" for `answered` and `blank`. `count`: more than so many choices or answers are given."""

    how: Comparison
    path: str
    value: str = ""


@dataclass(frozen=True, slots=True)
class Both:
    """All of them (`every`), or any."""

    parts: tuple[Condition, ...]
    every: bool


@dataclass(frozen=True, slots=True)
class Sometimes:
    """A condition that is not to be put into words."""


Condition = Asked | Both | Sometimes

_TURNED: dict[str, Comparison] = {"=": "is_not", "!=": "is", "<": "least", "<=": "more", ">": "most", ">=": "less"}
_NAMED: dict[str, Comparison] = {"=": "is", "!=": "is_not", "<": "less", "<=": "most", ">": "more", ">=": "least"}
_REFUSALS = frozenset({"no", "none", "non", "false", "0"})
_MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}


class Conditions:
    """The conditions of one form as they stand for one interview. `open`: whether nothing is known beforehand, so that
    hidden values are as unknown as answers; `agreed`: whether the consent is on record."""

    def __init__(self, sitting: Sitting, *, open: bool, agreed: bool = False) -> None:
        self._sitting = sitting
        self._open = open
        self._agreed = agreed
        self._known: dict[str, frozenset[str] | None] = {}
        self.named: dict[tuple[str, str], None] = {}  # the choices that conditions name

    def of(self, path: str) -> tuple[bool, Condition | None]:
        """Of the node at `path` alone, not of what is around it: whether it can ever be asked, and when."""
        definition = self._sitting.form.logic.model.definitions.get(bare(path))
        source = definition.bind.relevant if definition is not None else ""
        if not source:
            return True, None
        try:
            found = self._read(parse(source), bare(path), True)
        except SyntaxFault:
            return True, Sometimes()
        return found is not False, None if isinstance(found, bool) else found

    # ---- expressions ----
    def _read(self, tree: Expression, at: str, wanted: bool) -> Condition | bool:
        """When `tree` is true (false where not `wanted`); True or False where that is decided beforehand."""
        match tree:
            case Operation("and" | "or" as operator, left, right):
                every = (operator == "and") is wanted
                return _joined((self._read(left, at, wanted), self._read(right, at, wanted)), every)
            case Call("not", (inner,)):
                return self._read(inner, at, not wanted)
            case Call("true", ()):
                return wanted
            case Call("false", ()):
                return not wanted
            case Call("selected", (Path() as path, Text(value))):
                return self._about(_where(path, at), "has" if wanted else "has_not", value)
            case Operation("=" | "!=" | "<" | "<=" | ">" | ">=" as operator, left, right):
                return self._compared(operator, left, right, at, wanted)
        return Sometimes()

    def _compared(self, operator: str, left: Expression, right: Expression, at: str, wanted: bool) -> Condition | bool:
        if isinstance(left, Text | Number) and not isinstance(right, Text | Number):
            left, right, operator = right, left, _MIRRORED.get(operator, operator)
        if not isinstance(right, Text | Number):
            return Sometimes()
        value = right.value if isinstance(right, Text) else f"{right.value:g}"
        if isinstance(left, Call) and left.name.startswith("count-") and len(left.arguments) == 1:
            inner = left.arguments[0]
            if operator == ">" and wanted and isinstance(inner, Path):
                return self._about(_where(inner, at), "count", value)
            return Sometimes()
        if not isinstance(left, Path):
            return Sometimes()
        how = (_NAMED if wanted else _TURNED)[operator]
        if value == "" and how in ("is", "is_not"):
            return self._about(_where(left, at), "blank" if how == "is" else "answered", "")
        return self._about(_where(left, at), how, value)

    def _about(self, path: str, how: Comparison, value: str) -> Condition | bool:
        node = self._sitting.form.nodes.get(path)
        if not isinstance(node, Question):
            return Sometimes()
        if node.type in SILENT:
            return _decided(self._values(path), how, value)
        if node.attributes.get("role") == "consent":
            if self._agreed:
                return _decided(frozenset({self._sitting.session.value(path)}), how, value)
            if how == "is" and value not in _REFUSALS:
                return True  # all hangs on it, and it is the first question: that is not said again at each
        if how in ("is", "is_not", "has", "has_not"):
            self.named[path, value] = None
        return Asked(how, path, value)

    # ---- what is known beforehand ----
    def _values(self, path: str) -> frozenset[str] | None:
        """What can ever stand at a hidden or calculated node; None: anything."""
        if path in self._known:
            return self._known[path]
        self._known[path] = None  # what leads back to itself can be anything
        node, session = self._sitting.form.nodes.get(path), self._sitting.session
        if self._open or not isinstance(node, Question) or node.type not in SILENT or not session.exists(path):
            return None
        source = self._sitting.form.logic.model.definitions[path].bind.calculate
        found: frozenset[str] | None = frozenset({session.value(path)})
        if source and not (session.relevant(path) and self._is_settled(path, frozenset())):
            try:
                found = self._can_be(parse(source), path)
            except SyntaxFault:
                found = None
        self._known[path] = found
        return found

    def _is_settled(self, path: str, seen: frozenset[str]) -> bool:
        """Whether all questions that a calculation hangs on are answered, as far as they are asked."""
        node, session = self._sitting.form.nodes.get(path), self._sitting.session
        if not isinstance(node, Question) or path in seen or not session.exists(path):
            return False
        if node.type not in SILENT:
            return not session.relevant(path) or session.value(path) != ""
        source = self._sitting.form.logic.model.definitions[path].bind.calculate
        try:
            found = list(_leaves(parse(source))) if source else []
        except SyntaxFault:
            return False
        return all(self._is_settled(_where(leaf, path), seen | {path}) for leaf in found)

    def _can_be(self, tree: Expression, at: str) -> frozenset[str] | None:
        match tree:
            case Text(value):
                return frozenset({value})
            case Path():
                return self._values(_where(tree, at))
            case Call("if", (test, one, other)):
                decided = self._read(test, at, True)
                if isinstance(decided, bool):
                    return self._can_be(one if decided else other, at)
                return _either(self._can_be(one, at), self._can_be(other, at))
            case Call("coalesce", (one, other)):
                return _either(self._can_be(one, at), self._can_be(other, at))
        return None


_DECIDE: dict[Comparison, Callable[[str, str], bool]] = {
    "is": lambda stands, value: stands == value,
    "is_not": lambda stands, value: stands != value,
    "has": lambda stands, value: value in stands.split(),
    "has_not": lambda stands, value: value not in stands.split(),
    "blank": lambda stands, _: not stands,
    "answered": lambda stands, _: bool(stands),
}


def _decided(values: frozenset[str] | None, how: Comparison, value: str) -> Condition | bool:
    if values is not None and how in _DECIDE:
        found = {_DECIDE[how](one, value) for one in values}
        if len(found) == 1:
            return found.pop()
    return Sometimes()


def _either(one: frozenset[str] | None, other: frozenset[str] | None) -> frozenset[str] | None:
    return None if one is None or other is None else one | other


def _joined(parts: tuple[Condition | bool, ...], every: bool) -> Condition | bool:
    """Parts that all must hold, or of which one must, what is decided already left out."""
    if any(part is (not every) for part in parts):
        return not every
    left: list[Condition] = []
    for part in parts:
        if isinstance(part, bool):
            continue
        left += part.parts if isinstance(part, Both) and part.every is every else (part,)
    if not left:
        return every
    if every:  # what can be said is said; the rest shows in the conversation
        left = [part for part in left if not isinstance(part, Sometimes)] or left[:1]
    elif any(isinstance(part, Sometimes) for part in left):
        return Sometimes()
    return left[0] if len(left) == 1 else Both(tuple(left), every)


def _leaves(tree: Expression) -> Iterator[Path]:
    """The paths that an expression reads."""
    match tree:
        case Path():
            yield tree
        case Call(_, arguments):
            for argument in arguments:
                yield from _leaves(argument)
        case Operation(_, left, right):
            yield from _leaves(left)
            yield from _leaves(right)


def _where(path: Path, at: str) -> str:
    """The path without row numbers that a reference in an expression of `at` means; "" where it is no plain one."""
    if path.predicates or any(step.predicates for step in path.steps):
        return ""
    if path.start is None or path.start == Call("current", ()):
        found = at.split("/")
    elif path.start == "/":
        found = [""]
    else:
        return ""
    for step in path.steps:
        if step.axis == "child":
            found.append(step.test)
        elif step.axis == "parent":
            found = found[:-1]
        elif step.axis != "self":
            return ""
    return "/".join(found)
