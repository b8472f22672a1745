"""What an expression reads, found from its tree and the form's structure, without any answers.

A read is a node of the model and a pin: how many of the repeats around it are in the same row as the reader. From
`/data/r/y`, `../x` is `(/data/r/x, 1)`: only the same row; `/data/r/x` is `(/data/r/x, 0)`: any row.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field

from flows.interview.logic.definitions import Definition
from flows.interview.logic.errors import SyntaxFault
from flows.interview.logic.functions import FUNCTIONS
from flows.interview.logic.xpath import Call, Expression, Negative, Number, Operation, Path, Step, Text, parse

Read = tuple[Definition, int]
Reads = frozenset[Read]
NOTHING: Reads = frozenset()
_READ_HERE = frozenset({"string", "string-length", "normalize-space", "number", "name", "local-name"})


@dataclass(slots=True)
class Dependencies:
    """`values` are nodes whose text is read; `rows` are repeats whose rows count; `volatile`: clock, ids, chance."""

    values: set[Read] = field(default_factory=set)
    rows: set[Read] = field(default_factory=set)
    volatile: bool = False
    clock: bool = False
    itself: bool = False


def dependencies(source: str, context: Definition, root: Definition, item: Reads | None = None) -> Dependencies:
    """What `source` reads when it is evaluated at `context` (or, with `item`, at those nodes)."""
    found = Dependencies()
    reader = _Reader(found, context, root)
    here = frozenset({(context, context.depth)}) if item is None else item
    reader.text(parse(source), here)
    if (context, context.depth) in found.values:
        found.itself = True
    return found


def nodes(source: str, context: Definition, root: Definition) -> Reads:
    """The nodes of the model that a path may give."""
    reader = _Reader(Dependencies(), context, root)
    return reader.walk(parse(source), frozenset({(context, context.depth)}))


class _Reader:
    def __init__(self, found: Dependencies, context: Definition, root: Definition) -> None:
        self.found = found
        self.current: Reads = frozenset({(context, context.depth)})
        self.document = Definition("", "", "", None)
        self.document.kids = [root]

    def text(self, tree: Expression, here: Reads) -> None:
        """Notes that the text of what `tree` gives is read."""
        for node, pin in self.walk(tree, here):
            if node.is_leaf:
                self.found.values.add((node, pin))
            for below in node.below():
                if below.is_leaf:
                    self.found.values.add((below, pin))
                elif below.is_repeat:
                    self.found.rows.add((below, pin))

    def walk(self, tree: Expression, here: Reads) -> Reads:
        if isinstance(tree, Number | Text):
            return NOTHING
        if isinstance(tree, Negative):
            self.text(tree.operand, here)
            return NOTHING
        if isinstance(tree, Operation):
            if tree.operator == "|":
                return self.walk(tree.left, here) | self.walk(tree.right, here)
            self.text(tree.left, here)
            self.text(tree.right, here)
            return NOTHING
        if isinstance(tree, Call):
            return self.call(tree, here)
        return self.path(tree, here)

    def call(self, tree: Call, here: Reads) -> Reads:
        name, arguments = tree.name, tree.arguments
        function = FUNCTIONS.get(name)
        if function is not None and function.volatile:
            self.found.volatile = True
            self.found.clock |= name in ("today", "now")
        if name == "current":
            return self.current
        if name == "instance":
            self.text(arguments[0], here)
            return NOTHING
        if name == "if":
            self.text(arguments[0], here)
            return self.walk(arguments[1], here) | self.walk(arguments[2], here)
        if name == "count":
            self.walk(arguments[0], here)
            return NOTHING
        if name == "position":
            for argument in arguments:
                for node, pin in self.walk(argument, here):
                    if node.is_repeat:
                        self.found.rows.add((node, min(pin, node.depth - 1)))
            return NOTHING
        if name == "randomize":
            for argument in arguments[1:]:
                self.text(argument, here)
            return self.walk(arguments[0], here)
        if name == "indexed-repeat":
            for repeat, index in zip(arguments[1::2], arguments[2::2], strict=False):
                self.walk(repeat, here)
                self.text(index, here)
            return self.walk(arguments[0], here)
        if name.endswith("choice-name") and isinstance(arguments[1], Text):
            with suppress(SyntaxFault):
                self.text(parse(arguments[1].value), here)
        if name == "once" or (not arguments and name in _READ_HERE):
            self.found.values |= {(node, pin) for node, pin in here if node.is_leaf}
        for argument in arguments:
            self.text(argument, here)
        return NOTHING

    def path(self, tree: Path, here: Reads) -> Reads:
        if tree.start is None:
            at = here
        elif tree.start == "/":
            at = frozenset({(self.document, 0)})
        else:
            at = self.walk(tree.start, here)  # type: ignore[arg-type]
        for predicate in tree.predicates:
            self.text(predicate, at)
        for step in tree.steps:
            at = frozenset(one for node, pin in at for one in self.step(step, node, pin))
            self.found.rows |= {(node, min(pin, node.depth - 1)) for node, pin in at if self.counts(step, node, pin)}
            for predicate in step.predicates:
                self.text(predicate, at)
        return at

    def counts(self, step: Step, node: Definition, pin: int) -> bool:
        """Whether a step may come to another number of rows of `node` as rows are added."""
        return node.is_repeat and pin < node.depth

    def step(self, step: Step, node: Definition, pin: int) -> list[Read]:
        axis, test = step.axis, step.test
        above = node.parent
        found: list[Read]
        if axis == "attribute":
            return [(one, pin) for one in node.attributes if test in ("*", "node()", one.name)]
        if axis == "child":
            found = [(kid, pin) for kid in node.kids]
        elif axis == "self":
            found = [(node, pin)]
        elif axis == "parent":
            found = [] if above is None else [(above, min(pin, above.depth))]
        elif axis in ("descendant", "descendant-or-self"):
            found = [(below, pin) for below in node.below()]
            if axis == "descendant-or-self":
                found.append((node, pin))
        elif axis in ("ancestor", "ancestor-or-self"):
            found = [(node, pin)] if axis == "ancestor-or-self" else []
            while above is not None:
                found.append((above, min(pin, above.depth)))
                above = above.parent
        elif axis in ("preceding-sibling", "following-sibling"):
            found = [] if above is None else [(kid, min(pin, above.depth)) for kid in above.kids]
        else:
            found = [(one, 0) for one in self.document.below()]
        return found if test in ("*", "node()") else [(one, where) for one, where in found if one.name == test]
