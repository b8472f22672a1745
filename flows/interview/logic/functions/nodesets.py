"""Functions that read node-sets: counting, positions, rows of repeats, secondary instances, random order."""

from __future__ import annotations

import hashlib
import math

from flows.interview.logic.environment import Environment, Evaluate, Function, eager
from flows.interview.logic.values import NAN, Item, NodeSet, Value, number, string
from flows.interview.logic.xpath import Expression


def _nodes(value: Value) -> NodeSet:
    if type(value) is not list:
        raise TypeError("a node-set is needed")
    return value


def _count_non_empty(value: Value) -> Value:
    return float(sum(1 for item in _nodes(value) if item.text() != ""))


def _position(arguments: tuple[Evaluate, ...], trees: tuple[Expression, ...]) -> Evaluate:
    if not arguments:
        return lambda item, env: float(env.position)
    (of,) = arguments

    def position(item: Item, env: Environment) -> Value:
        nodes = _nodes(of(item, env))
        if len(nodes) != 1:
            return NAN
        node = nodes[0]
        if node.parent is None or node.parent.kids is None:
            return 1.0
        rows = node.parent.kids.get(node.name, [])
        return float(rows.index(node) + 1) if node in rows else 1.0

    return position


def _last(arguments: tuple[Evaluate, ...], trees: tuple[Expression, ...]) -> Evaluate:
    return lambda item, env: float(env.size)


def _current(arguments: tuple[Evaluate, ...], trees: tuple[Expression, ...]) -> Evaluate:
    return lambda item, env: [env.current]


def _instance(arguments: tuple[Evaluate, ...], trees: tuple[Expression, ...]) -> Evaluate:
    (name,) = arguments

    def instance(item: Item, env: Environment) -> Value:
        found = env.instances.get(string(name(item, env)))
        return [] if found is None else [found]

    return instance


def _pulldata(arguments: tuple[Evaluate, ...], trees: tuple[Expression, ...]) -> Evaluate:
    def pulldata(item: Item, env: Environment) -> Value:
        name, wanted, key, value = (string(argument(item, env)) for argument in arguments)
        found = env.instances.get(name)
        root = found.kids.get("root", []) if found is not None and found.kids else []
        for row in (row for top in root if top.kids for row in top.kids.get("item", [])):
            if row.kids and any(kid.text() == value for kid in row.kids.get(key, ())):
                return string(row.kids.get(wanted, []))
        return ""

    return pulldata


def _inside(outer: Item, item: Item | None) -> bool:
    while item is not None:
        if item is outer:
            return True
        item = item.parent
    return False


def _depth(item: Item) -> int:
    depth, above = 0, item.parent
    while above is not None:
        depth, above = depth + 1, above.parent
    return depth


def _indexed_repeat(arguments: tuple[Evaluate, ...], trees: tuple[Expression, ...]) -> Evaluate:
    target, pairs = arguments[0], list(zip(arguments[1::2], arguments[2::2], strict=False))

    def indexed_repeat(item: Item, env: Environment) -> Value:
        wanted: list[tuple[NodeSet, float]] = []
        for repeat, index in pairs:
            at, rows = number(index(item, env)), _nodes(repeat(item, env))
            if at != at or not rows:
                return []
            wanted.append((rows, at))
        wanted.sort(key=lambda pair: _depth(pair[0][0]))
        row: Item | None = None
        for rows, at in wanted:
            inner = rows if row is None else [one for one in rows if _inside(row, one)]
            if at != math.trunc(at) or not 1 <= at <= len(inner):
                return []
            row = inner[int(at) - 1]
        return [one for one in _nodes(target(item, env)) if row is not None and _inside(row, one)]

    return indexed_repeat


class _ParkMiller:
    """The generator ODK Collect shuffles with, so that the same seed gives the same order."""

    def __init__(self, seed: float | int) -> None:
        whole = 0 if seed != seed else (1 << 63) - 1 if seed == math.inf else -(1 << 63) if seed == -math.inf else seed
        start = int(math.fmod(math.trunc(whole), 2147483647)) if isinstance(whole, float) else _remainder(whole)
        self.seed = start if start > 0 else start + 2147483646

    def random(self) -> float:
        self.seed = self.seed * 16807 % 2147483647
        return (self.seed - 1) / 2147483646


def _remainder(whole: int) -> int:
    rest = abs(whole) % 2147483647
    return rest if whole >= 0 else -rest


def _hash(text: str) -> int:
    return int.from_bytes(hashlib.sha256(text.encode("utf-8", "replace")).digest()[:8], "big", signed=True)


def shuffled(nodes: NodeSet, seed: float | int) -> NodeSet:
    generator = _ParkMiller(seed)
    order: NodeSet = []
    for index, node in enumerate(nodes):
        at = math.floor(generator.random() * (index + 1))
        order.append(node)
        if at != index:
            order[index] = order[at]
            order[at] = node
    return order


def _randomize(arguments: tuple[Evaluate, ...], trees: tuple[Expression, ...]) -> Evaluate:
    def randomize(item: Item, env: Environment) -> Value:
        nodes = _nodes(arguments[0](item, env))
        if len(arguments) == 1:  # the order stays the same within one session
            return shuffled(nodes, _hash(f"{env.seed}:{env.current.name}"))
        value = arguments[1](item, env)
        seed = number(value)
        if seed == seed:
            return shuffled(nodes, seed)
        text = string(value)
        return shuffled(nodes, _hash(text) if text else 0)

    return randomize


def _name(arguments: tuple[Evaluate, ...], trees: tuple[Expression, ...]) -> Evaluate:
    if not arguments:
        return lambda item, env: item.name

    def name(item: Item, env: Environment) -> Value:
        nodes = _nodes(arguments[0](item, env))
        return nodes[0].name if nodes else ""

    return name


FUNCTIONS = {
    "count": eager(lambda value: float(len(_nodes(value))), 1),
    "count-non-empty": eager(_count_non_empty, 1),
    "position": Function(_position, 0, 1),
    "last": Function(_last, 0, 0),
    "current": Function(_current, 0, 0),
    "instance": Function(_instance, 1, 1),
    "pulldata": Function(_pulldata, 4, 4),
    "indexed-repeat": Function(_indexed_repeat, 3, None),
    "randomize": Function(_randomize, 1, 2),
    "name": Function(_name, 0, 1),
    "local-name": Function(_name, 0, 1),
    "namespace-uri": eager(lambda value=None: "", 0, 1),
}
