"""Arithmetic."""

from __future__ import annotations

import math
from collections.abc import Callable

from flows.interview.logic.environment import Environment, Evaluate, Function, eager
from flows.interview.logic.values import NAN, Item, Value, number, numbers
from flows.interview.logic.xpath import Expression


def _one(work: Callable[[float], float]) -> Function:
    def call(value: Value) -> Value:
        operand = number(value)
        try:
            return NAN if operand != operand else float(work(operand))
        except OverflowError:
            return math.inf
        except ValueError:
            return NAN

    return eager(call, 1)


def power(base: float, exponent: float) -> float:
    try:
        result = base**exponent
    except OverflowError:
        return math.inf
    except ZeroDivisionError:
        return math.inf
    return NAN if isinstance(result, complex) else float(result)


def half_up(value: float) -> float:
    """The nearest whole number, halves away from zero downwards only for negative ones, as `Math.round`."""
    return value if math.isinf(value) else float(math.floor(value + 0.5))


def _round(value: Value, places: Value = 0.0) -> Value:
    operand, digits = number(value), number(places)
    if operand != operand or digits != digits or math.isinf(operand):
        return operand if digits == digits else NAN
    scale = power(10.0, digits)
    shifted = abs(operand) * scale
    if math.isinf(shifted) or scale == 0:
        return operand if scale else 0.0
    return math.copysign(half_up(shifted) / scale, operand)


def _whole(value: Value) -> Value:
    operand = number(value)
    return operand if operand != operand or math.isinf(operand) else float(math.trunc(operand))


def _sum(value: Value) -> Value:
    """The sum of nothing is 0, as in ODK Collect."""
    return float(math.fsum(numbers(value))) if type(value) is not list else _added(numbers(value))


def _added(operands: list[float]) -> float:
    total = 0.0
    for operand in operands:
        total += operand
    return total


def _extreme(choose: Callable[[list[float]], float]) -> Function:
    def call(*values: Value) -> Value:
        operands = [operand for value in values for operand in numbers(value)]
        if not operands or any(operand != operand for operand in operands):
            return NAN
        return float(choose(operands))

    return eager(call, 0, None)


def _average(value: Value) -> Value:
    operands = numbers(value)
    return _added(operands) / len(operands) if operands else NAN


def _number(arguments: tuple[Evaluate, ...], trees: tuple[Expression, ...]) -> Evaluate:
    if not arguments:
        return lambda item, env: number([item])
    (only,) = arguments
    return lambda item, env: number(only(item, env))


def _random(arguments: tuple[Evaluate, ...], trees: tuple[Expression, ...]) -> Evaluate:
    def random(item: Item, env: Environment) -> Value:
        return env.random()

    return random


FUNCTIONS = {
    "number": Function(_number, 0, 1),
    "int": eager(_whole, 1),
    "round": eager(_round, 1, 2),
    "floor": _one(lambda value: value if math.isinf(value) else math.floor(value)),
    "ceiling": _one(lambda value: value if math.isinf(value) else math.ceil(value)),
    "abs": _one(abs),
    "sum": eager(_sum, 1),
    "avg": eager(_average, 1),
    "min": _extreme(min),
    "max": _extreme(max),
    "pow": eager(lambda base, exponent: power(number(base), number(exponent)), 2),
    "exp": _one(math.exp),
    "exp10": _one(lambda value: power(10.0, value)),
    "log": _one(lambda value: -math.inf if value == 0 else math.log(value)),
    "log10": _one(lambda value: -math.inf if value == 0 else math.log10(value)),
    "sqrt": _one(math.sqrt),
    "sin": _one(math.sin),
    "cos": _one(math.cos),
    "tan": _one(math.tan),
    "asin": _one(math.asin),
    "acos": _one(math.acos),
    "atan": _one(math.atan),
    "atan2": eager(lambda y, x: math.atan2(number(y), number(x)), 2),
    "pi": eager(lambda: math.pi, 0),
    "random": Function(_random, 0, 0, volatile=True),
}
FUNCTIONS["ceil"] = FUNCTIONS["ceiling"]
