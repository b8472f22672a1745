"""Location paths as functions from an item to a node-set.

Positions in a predicate count within the whole node-set a step gives, in document order, as in ODK Web Forms.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from flows.interview.logic.environment import Environment, Evaluate
from flows.interview.logic.values import Item, NodeSet, Value, boolean, string
from flows.interview.logic.xpath import Call, Operation, Path, Step, Text
from flows.interview.logic.xpath import Expression as Tree

Move = Callable[[NodeSet], NodeSet]


def _unique(items: NodeSet) -> NodeSet:
    return list(dict.fromkeys(items)) if len(items) > 1 else items


def _children(name: str) -> Move:
    def move(items: NodeSet) -> NodeSet:
        if len(items) == 1:
            kids = items[0].kids
            return kids.get(name, []) if kids else []
        found: NodeSet = []
        for item in items:
            if item.kids:
                found += item.kids.get(name, ())
        return found

    return move


def _parents(items: NodeSet) -> NodeSet:
    return _unique([item.parent for item in items if item.parent is not None])


def _below(item: Item) -> Iterator[Item]:
    for kid in item.children():
        yield kid
        yield from _below(kid)


def _above(item: Item) -> NodeSet:
    found: NodeSet = []
    above = item.parent
    while above is not None:
        found.append(above)
        above = above.parent
    return found[::-1]


def _siblings(item: Item, after: bool) -> NodeSet:
    if item.parent is None:
        return []
    around = item.parent.children()
    if item not in around:
        return []
    at = around.index(item)
    return around[at + 1 :] if after else around[:at]


def _beyond(item: Item, after: bool) -> NodeSet:
    found: NodeSet = []
    for one in [*_above(item), item]:
        for sibling in _siblings(one, after):
            found += [sibling, *_below(sibling)]
    return found


_AXES: dict[str, Callable[[Item], NodeSet]] = {
    "self": lambda item: [item],
    "parent": lambda item: [item.parent] if item.parent is not None else [],
    "child": lambda item: item.children(),
    "descendant": lambda item: list(_below(item)),
    "descendant-or-self": lambda item: [item, *_below(item)],
    "ancestor": _above,
    "ancestor-or-self": lambda item: [*_above(item), item],
    "preceding-sibling": lambda item: _siblings(item, False),
    "following-sibling": lambda item: _siblings(item, True),
    "preceding": lambda item: _beyond(item, False),
    "following": lambda item: _beyond(item, True),
}


def _move(step: Step) -> Move:
    test = step.test
    if step.axis == "child" and test not in ("*", "node()", "text()", "comment()"):
        return _children(test)
    if step.axis == "parent" and test in ("*", "node()"):
        return _parents
    if step.axis == "attribute":
        return lambda items: [
            attribute
            for item in items
            for name, attribute in (item.attributes or {}).items()
            if test in ("*", "node()", name)
        ]
    axis = _AXES[step.axis]
    if test in ("text()", "comment()"):
        return lambda items: []
    anything = test in ("*", "node()")
    return lambda items: _unique([one for item in items for one in axis(item) if anything or one.name == test])


def _filter(predicate: Evaluate) -> Callable[[NodeSet, Environment], NodeSet]:
    def keep(items: NodeSet, env: Environment) -> NodeSet:
        kept: NodeSet = []
        position, size = env.position, env.size
        try:
            env.size = len(items)
            for index, item in enumerate(items, 1):
                env.position = index
                value = predicate(item, env)
                if value == index if isinstance(value, float) else boolean(value):
                    kept.append(item)
        finally:
            env.position, env.size = position, size
        return kept

    return keep


Keep = Callable[[NodeSet, Environment], NodeSet]
Compile = Callable[[Tree], Evaluate]


def compile_path(path: Path, compile_tree: Compile) -> Evaluate:
    """The path as a function; `compile_tree` compiles what stands inside it."""
    if path.start is None or path.start == "/":
        if not any(step.predicates for step in path.steps):
            return _plain(path)
        start: Evaluate = _here if path.start is None else _document
    else:
        static = _static_list(path, compile_tree)
        if static is not None:
            return static
        start = compile_tree(path.start)  # type: ignore[arg-type]
    chain = [_filter(compile_tree(predicate)) for predicate in path.predicates]
    return _chain(start, chain, path.steps, compile_tree)


def _here(item: Item, env: Environment) -> Value:
    return [item]


def _document(item: Item, env: Environment) -> Value:
    return [env.document]


def _plain(path: Path) -> Evaluate:
    moves = [_move(step) for step in path.steps if (step.axis, step.test) != ("self", "node()")]
    absolute = path.start == "/"
    ups = 0
    while not absolute and ups < len(moves) and moves[ups] is _parents:
        ups += 1
    if (
        not absolute
        and len(moves) == ups + 1
        and path.steps[-1].axis == "child"
        and path.steps[-1].test[-1] not in "*)"
    ):
        return _near(ups, path.steps[-1].test)
    if not moves:
        return _document if absolute else _here

    def walk(item: Item, env: Environment) -> Value:
        items: NodeSet = [env.document] if absolute else [item]
        for move in moves:
            items = move(items)
        return items

    return walk


def _near(ups: int, name: str) -> Evaluate:
    """`../../name`, by far the most common path."""

    def walk(item: Item, env: Environment) -> Value:
        at: Item | None = item
        for _ in range(ups):
            if at is None:
                return []
            at = at.parent
        return [] if at is None or not at.kids else at.kids.get(name, [])

    return walk


def _chain(start: Evaluate, filters: list[Keep], steps: tuple[Step, ...], compile_tree: Compile) -> Evaluate:
    stages = [(_move(step), tuple(_filter(compile_tree(predicate)) for predicate in step.predicates)) for step in steps]

    def walk(item: Item, env: Environment) -> Value:
        items = start(item, env)
        if type(items) is not list:
            raise TypeError("a path must begin at a node-set")
        for keep in filters:
            items = keep(items, env)
        for move, keeps in stages:
            items = move(items)
            for keep in keeps:
                items = keep(items, env)
        return items

    return walk


# ---- lists of the form -----------------------------------------------------------------------------------------
def _static_list(path: Path, compile_tree: Compile) -> Evaluate | None:
    """`instance('list')/root/item[key = …]…`: the list never changes, so it is looked up by `key`."""
    if not (isinstance(path.start, Call) and path.start.name == "instance" and not path.predicates):
        return None
    if not (len(path.start.arguments) == 1 and isinstance(path.start.arguments[0], Text)):
        return None
    name = path.start.arguments[0].value
    bare = 0
    while bare < len(path.steps) and path.steps[bare].axis == "child" and not path.steps[bare].predicates:
        bare += 1
    if bare == len(path.steps) or path.steps[bare].axis != "child":
        return None
    prefix = Path(None, (), (*path.steps[:bare], Step("child", path.steps[bare].test)))
    walk = _plain(prefix)
    predicates = path.steps[bare].predicates
    key = _key(predicates[0])
    keeps = [_filter(compile_tree(predicate)) for predicate in predicates]
    index: dict[str, NodeSet] = {}
    wanted = compile_tree(key[1]) if key is not None else None

    def rows(item: Item, env: Environment) -> Value:
        root = env.instances.get(name)
        if root is None:
            return []
        items = walk(root, env)
        if type(items) is not list:
            return []
        rest = keeps
        if key is not None and wanted is not None:
            value = wanted(item, env)
            if type(value) is str or (type(value) is list and len(value) == 1):
                if not index:
                    _build(index, items, key[0])
                items, rest = index.get(string(value), []), keeps[1:]
        for keep in rest:
            items = keep(items, env)
        return items

    remaining = path.steps[bare + 1 :]
    return _chain(rows, [], remaining, compile_tree) if remaining else rows


def _build(index: dict[str, NodeSet], items: NodeSet, key: str) -> None:
    for item in items:
        for text in dict.fromkeys(kid.text() for kid in (item.kids or {}).get(key, ())):
            index.setdefault(text, []).append(item)
    index.setdefault("", [])


def _key(predicate: Tree) -> tuple[str, Tree] | None:
    """`name = expression` where the expression does not depend on the item it is compared in."""
    if not (isinstance(predicate, Operation) and predicate.operator == "="):
        return None
    left, right = predicate.left, predicate.right
    if not (isinstance(left, Path) and left.start is None and len(left.steps) == 1):
        return None
    step = left.steps[0]
    if step.axis != "child" or step.predicates or step.test[-1] in "*)":
        return None
    if isinstance(right, Text):
        return step.test, right
    if not isinstance(right, Path) or right.predicates or any(one.predicates for one in right.steps):
        return None
    fixed = right.start == "/" or (isinstance(right.start, Call) and right.start.name == "current")
    return (step.test, right) if fixed else None
