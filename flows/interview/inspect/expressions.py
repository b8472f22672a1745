"""What the expressions of a form tell without being run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from flows.interview.inspect.document import ROSA, XFORMS, Document
from flows.interview.inspect.problems import Problem
from flows.interview.logic.errors import SyntaxFault
from flows.interview.logic.xpath import Call, Expression, Negative, Number, Operation, Path, Text, parse

CONDITIONS = ("relevant", "constraint", "required")
_READ_FIRST = ("relevant", "choice_filter", "repeat_count")  # before the question is put
EXPRESSIONS = (*CONDITIONS, "calculate", "readonly")


def check_expressions(document: Document) -> Iterator[Problem]:
    """Conditions that are always false or read what comes later, references to nothing, and what engines read
    differently."""
    for path, bind in document.binds.items():
        if "/meta/" in path:  # entities and instance names are pyxform's own expressions
            continue
        for attribute in EXPRESSIONS:
            source = bind.get(attribute, "")
            if source:
                yield from _check(document, path, attribute, source)
        if bind.get("constraint") and not bind.get("constraintMsg"):
            yield Problem("warning", "constraint_silent", {}, path, column="constraint_message")
        if _never(bind) and bind.get("required", "").replace(" ", "") == "true()":
            yield Problem("warning", "required_never", {}, path, column="required")
    for control in document.controls:
        itemset = control.element.find(f"{XFORMS}itemset")
        if itemset is not None:
            yield from _check(document, control.path, "choice_filter", itemset.get("nodeset", ""))
        if count := control.element.get(f"{ROSA}count"):
            yield from _check(document, control.path, "repeat_count", count)


_COLUMNS = {"calculate": "calculation", "readonly": "read_only"}


def _check(document: Document, path: str, attribute: str, source: str) -> Iterator[Problem]:
    column = _COLUMNS.get(attribute, attribute)
    try:
        tree = parse(source)
    except SyntaxFault as fault:
        yield Problem("error", "expression", {"why": str(fault)}, path, column=column)
        return
    later: set[str] = set()
    for target in references(tree, path):
        if target not in document.order:
            yield Problem("error", "dangling", {"target": target}, path, column=column)
        elif attribute in _READ_FIRST and _is_later(document, path, target):
            later.add(target)
    for target in sorted(later):
        yield Problem("warning", "later", {"target": target}, path, column=column)
    if attribute == "relevant" and _constant(tree) is False:
        yield Problem("warning", "never", {}, path, column=column)
    for bare in sorted({str(found) for found in bare_conditions(tree, path, condition=attribute in CONDITIONS)}):
        yield Problem("warning", "bare", {"target": bare}, path, column=column)
    for pattern in _patterns(tree):
        if not (pattern.startswith("^") and pattern.endswith("$")):
            yield Problem("warning", "regex", {"pattern": pattern}, path, column=column)


def _is_later(document: Document, path: str, target: str) -> bool:
    """Whether `target` is asked after `path`, and so is always blank when `path` is reached first."""
    asked = any(control.path == target and control.tag not in ("group", "repeat") for control in document.controls)
    return (
        asked
        and document.order[target] > document.order.get(path, 0)
        and "calculate" not in document.binds.get(target, {})
    )


def _never(bind: Mapping[str, str]) -> bool:
    source = bind.get("relevant", "")
    try:
        return bool(source) and _constant(parse(source)) is False
    except SyntaxFault:
        return False


def _constant(tree: Expression) -> bool | None:
    """The truth value of an expression that reads nothing; None where it reads something."""
    if isinstance(tree, Number):
        return bool(tree.value)
    if isinstance(tree, Text):
        return bool(tree.value)
    if isinstance(tree, Call) and not tree.arguments and tree.name in ("true", "false"):
        return tree.name == "true"
    if isinstance(tree, Call) and tree.name == "not" and len(tree.arguments) == 1:
        inner = _constant(tree.arguments[0])
        return None if inner is None else not inner
    if isinstance(tree, Operation):
        left, right = _constant(tree.left), _constant(tree.right)
        if tree.operator == "and":
            return False if False in (left, right) else None if None in (left, right) else True
        if tree.operator == "or":
            return True if True in (left, right) else None if None in (left, right) else False
        if (
            isinstance(tree.left, Number | Text)
            and isinstance(tree.right, Number | Text)
            and tree.operator in ("=", "!=")
        ):
            same = str(tree.left.value) == str(tree.right.value)
            return same if tree.operator == "=" else not same
    return None


def references(tree: Expression, at: str) -> Iterator[str]:
    """The paths an expression at `at` reads, without row numbers; what cannot be told (`//`, `*`) is left out."""
    for part, within in _walk(tree, False):
        if isinstance(part, Path) and (target := resolve(part, at, in_predicate=within)):
            yield target


def resolve(path: Path, at: str, *, in_predicate: bool = False) -> str:
    """The path that `path` names, seen from `at`, or "" where that cannot be told."""
    if path.start == "/":
        parts: list[str] = []
    elif (path.start is None and not in_predicate) or (isinstance(path.start, Call) and path.start.name == "current"):
        parts = at.strip("/").split("/")
    else:
        return ""
    for step in path.steps:
        if step.axis == "self" and step.test in ("node()", "*"):
            continue
        if step.axis == "parent" and parts:
            parts.pop()
        elif step.axis == "child" and step.test not in ("node()", "*", "text()"):
            parts.append(step.test.rpartition(":")[2])
        else:
            return ""
    return "/" + "/".join(parts) if parts else ""


def bare_conditions(tree: Expression, at: str, *, condition: bool) -> Iterator[str]:
    """References that stand where a truth value is wanted: engines disagree on whether a blank answer is true."""
    if isinstance(tree, Path):
        if condition and (target := resolve(tree, at)):
            yield target
    elif isinstance(tree, Operation):
        inner = tree.operator in ("and", "or")
        yield from bare_conditions(tree.left, at, condition=inner)
        yield from bare_conditions(tree.right, at, condition=inner)
    elif isinstance(tree, Call):
        for number, argument in enumerate(tree.arguments):
            truth = tree.name in ("not", "boolean") or (tree.name == "if" and number == 0)
            yield from bare_conditions(argument, at, condition=truth)


def _patterns(tree: Expression) -> Iterator[str]:
    for part, _ in _walk(tree, False):
        if isinstance(part, Call) and part.name == "regex" and len(part.arguments) == 2:
            pattern = part.arguments[1]
            if isinstance(pattern, Text):
                yield pattern.value


def _walk(tree: Expression, within: bool) -> Iterator[tuple[Expression, bool]]:
    """Every part of an expression, and whether it stands inside a predicate."""
    yield tree, within
    if isinstance(tree, Negative):
        yield from _walk(tree.operand, within)
    elif isinstance(tree, Operation):
        yield from _walk(tree.left, within)
        yield from _walk(tree.right, within)
    elif isinstance(tree, Call):
        for argument in tree.arguments:
            yield from _walk(argument, within)
    elif isinstance(tree, Path):
        if tree.start is not None and not isinstance(tree.start, str):
            yield from _walk(tree.start, within)
        for predicate in (*tree.predicates, *(one for step in tree.steps for one in step.predicates)):
            yield from _walk(predicate, True)
