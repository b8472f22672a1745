"""Trees of expressions as functions of an item and its environment."""

from __future__ import annotations

import math
from collections.abc import Callable

from flows.interview.logic.environment import Environment, Evaluate
from flows.interview.logic.errors import SyntaxFault
from flows.interview.logic.functions import FUNCTIONS
from flows.interview.logic.paths import compile_path
from flows.interview.logic.patterns import BadPattern, compiled
from flows.interview.logic.values import NAN, Item, NodeSet, Value, boolean, number, number_from_item, string
from flows.interview.logic.xpath import Call, Expression, Negative, Number, Operation, Path, Text

Compare = Callable[[Value, Value], bool]


def compile_tree(tree: Expression) -> Evaluate:
    """The tree as a function, which may raise anything; a session's evaluations never do. Raises `SyntaxFault`."""
    if isinstance(tree, Number | Text):
        value = tree.value
        return lambda item, env: value
    if isinstance(tree, Negative):
        operand = compile_tree(tree.operand)
        return lambda item, env: -number(operand(item, env))
    if isinstance(tree, Path):
        return compile_path(tree, compile_tree)
    if isinstance(tree, Call):
        return _call(tree)
    return _operation(tree)


def _call(tree: Call) -> Evaluate:
    function = FUNCTIONS.get(tree.name)
    if function is None:
        raise SyntaxFault(f"there is no function {tree.name}()", 0)
    given = len(tree.arguments)
    if given < function.least or (function.most is not None and given > function.most):
        few = "few" if given < function.least else "many"
        raise SyntaxFault(f"{tree.name}() is given too {few} values ({given})", 0)
    if tree.name == "regex" and isinstance(tree.arguments[1], Text):
        try:
            compiled(tree.arguments[1].value)
        except BadPattern as fault:
            raise SyntaxFault(f"the pattern of regex() cannot be read: {fault}", 0) from None
    return function.make(tuple(compile_tree(argument) for argument in tree.arguments), tree.arguments)


def _operation(tree: Operation) -> Evaluate:
    left, right, operator = compile_tree(tree.left), compile_tree(tree.right), tree.operator
    if operator == "and":

        def both(item: Item, env: Environment) -> Value:
            value = left(item, env)
            return right(item, env) if boolean(value) else value

        return both
    if operator == "or":

        def either(item: Item, env: Environment) -> Value:
            value = left(item, env)
            return value if boolean(value) else right(item, env)

        return either
    if operator == "|":
        return lambda item, env: _union(left(item, env), right(item, env))
    if operator in _ARITHMETIC:
        work = _ARITHMETIC[operator]
        return lambda item, env: work(number(left(item, env)), number(right(item, env)))
    if operator in ("=", "!=") and isinstance(tree.right, Text) and isinstance(tree.left, Path):
        return _against_text(left, tree.right.value, operator == "=")
    compare = _COMPARE[operator]
    return lambda item, env: compare(left(item, env), right(item, env))


def _against_text(left: Evaluate, text: str, equal: bool) -> Evaluate:
    """`path = 'text'`, by far the most common condition."""

    def compare(item: Item, env: Environment) -> Value:
        nodes = left(item, env)
        if type(nodes) is not list:
            return _equal(nodes, text) is equal
        return any(((node.value if node.kids is None else node.text()) == text) is equal for node in nodes)

    return compare


def _union(one: Value, two: Value) -> Value:
    if type(one) is not list or type(two) is not list:
        raise TypeError("a node-set is needed")
    together = list(dict.fromkeys([*one, *two]))
    return sorted(together, key=_order) if together and one and two else together


def _order(item: Item) -> tuple[int, ...]:
    """Where an item stands in its document."""
    places: list[int] = []
    while item.parent is not None:
        around = item.parent.children()
        places.append(around.index(item) if item in around else -1)
        item = item.parent
    return tuple(reversed(places))


def _divide(one: float, two: float) -> float:
    if two == 0:
        return NAN if one == 0 or one != one else math.copysign(math.inf, one) * math.copysign(1, two)
    return one / two


def _modulo(one: float, two: float) -> float:
    if two == 0 or math.isinf(one):
        return NAN
    return math.fmod(one, two)


_ARITHMETIC: dict[str, Callable[[float, float], float]] = {
    "+": lambda one, two: float(one) + float(two),
    "-": lambda one, two: float(one) - float(two),
    "*": lambda one, two: float(one) * float(two),
    "div": _divide,
    "mod": _modulo,
}


def _equal(one: Value, two: Value) -> bool:
    """Equality of two values of which none is a node-set."""
    if type(one) is bool or type(two) is bool:
        return boolean(one) == boolean(two)
    if isinstance(one, float) or isinstance(two, float):
        return number(one) == number(two)
    return one == two


def _equality(equal: bool) -> Compare:
    def compare(one: Value, two: Value) -> bool:
        if type(one) is not list:
            if type(two) is not list:
                return _equal(one, two) is equal
            one, two = two, one
        if type(two) is bool:
            return (bool(one) == two) is equal
        nodes: NodeSet = one
        if type(two) is list:
            others = [item.text() for item in two]
            return any((text == other) is equal for text in (node.text() for node in nodes) for other in others)
        if isinstance(two, float):
            return any((number_from_item(node) == two) is equal for node in nodes)
        wanted = string(two)
        return any((node.text() == wanted) is equal for node in nodes)

    return compare


def _ordering(work: Callable[[float, float], bool]) -> Compare:
    def compare(one: Value, two: Value) -> bool:
        if type(one) is list:
            rights = [number_from_item(item) for item in two] if type(two) is list else [number(two)]
            return any(work(number_from_item(item), right) for item in one for right in rights)
        left = number(one)
        if type(two) is list:
            return any(work(left, number_from_item(item)) for item in two)
        return work(left, number(two))

    return compare


_COMPARE: dict[str, Compare] = {
    "=": _equality(True),
    "!=": _equality(False),
    "<": _ordering(lambda one, two: one < two),
    "<=": _ordering(lambda one, two: one <= two),
    ">": _ordering(lambda one, two: one > two),
    ">=": _ordering(lambda one, two: one >= two),
}
