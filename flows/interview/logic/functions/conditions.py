"""`if`, `not`, `coalesce`, `once`, `checklist` and other choices between values."""

from __future__ import annotations

import math

from flows.interview.logic.environment import Environment, Evaluate, Function, eager
from flows.interview.logic.values import Item, Value, boolean, number, string
from flows.interview.logic.xpath import Expression


def _if(arguments: tuple[Evaluate, ...], trees: tuple[Expression, ...]) -> Evaluate:
    condition, yes, no = arguments
    return lambda item, env: yes(item, env) if boolean(condition(item, env)) else no(item, env)


def _once(arguments: tuple[Evaluate, ...], trees: tuple[Expression, ...]) -> Evaluate:
    (wanted,) = arguments

    def once(item: Item, env: Environment) -> Value:
        return item.text() or string(wanted(item, env))

    return once


def _coalesce(arguments: tuple[Evaluate, ...], trees: tuple[Expression, ...]) -> Evaluate:
    def coalesce(item: Item, env: Environment) -> Value:
        found = ""
        for argument in arguments:
            found = string(argument(item, env))
            if found:
                break
        return found

    return coalesce


def _truths(value: Value) -> list[bool]:
    if type(value) is list:
        return [not (text := item.text()).isspace() and text != "" for item in value]
    return [boolean(value)]


def _limits(least: Value, most: Value) -> tuple[float, float]:
    upper = number(most)
    return number(least), math.inf if upper == -1 else upper


def _checklist(least: Value, most: Value, *conditions: Value) -> Value:
    lower, upper = _limits(least, most)
    met = sum(truth for condition in conditions for truth in _truths(condition))
    return lower <= met <= upper


def _weighted_checklist(least: Value, most: Value, *pairs: Value) -> Value:
    lower, upper = _limits(least, most)
    met = 0.0
    for condition, weight in zip(pairs[::2], pairs[1::2], strict=False):
        weights = [number([one]) for one in weight] if type(weight) is list else [number(weight)]
        met += sum(value for truth, value in zip(_truths(condition), weights, strict=False) if truth)
    return lower <= met <= upper


FUNCTIONS = {
    "true": eager(lambda: True, 0),
    "false": eager(lambda: False, 0),
    "boolean": eager(boolean, 1),
    "not": eager(lambda value: not boolean(value), 1),
    "boolean-from-string": eager(lambda value: string(value) in ("1", "true"), 1),
    "if": Function(_if, 3, 3),
    "once": Function(_once, 1, 1),
    "coalesce": Function(_coalesce, 1, None),
    "checklist": eager(_checklist, 2, None),
    "weighted-checklist": eager(_weighted_checklist, 2, None),
}
