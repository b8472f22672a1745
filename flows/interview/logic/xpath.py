"""XPath 1.0 expressions as trees.

`parse` reads an expression once; `compiler` turns the tree into functions, `dependencies` reads what it refers to.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from flows.interview.logic.errors import SyntaxFault

DEPTH = 100  # nested parentheses, predicates and calls; deeper is an attack, not a form
LENGTH = 50_000


@dataclass(frozen=True, slots=True)
class Number:
    value: float


@dataclass(frozen=True, slots=True)
class Text:
    value: str


@dataclass(frozen=True, slots=True)
class Negative:
    operand: Expression


@dataclass(frozen=True, slots=True)
class Operation:
    """`operator` is one of `or and = != < <= > >= + - * div mod |`."""

    operator: str
    left: Expression
    right: Expression


@dataclass(frozen=True, slots=True)
class Call:
    name: str
    arguments: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """`test` is a local name, `*`, `node()` or `text()`."""

    axis: str
    test: str
    predicates: tuple[Expression, ...] = ()


@dataclass(frozen=True, slots=True)
class Path:
    """`start` is None at the context node, "/" at the document, or an expression whose nodes are the start."""

    start: Expression | str | None
    predicates: tuple[Expression, ...]
    steps: tuple[Step, ...]


Expression = Number | Text | Negative | Operation | Call | Path

AXES = frozenset(
    {
        "ancestor", "ancestor-or-self", "attribute", "child", "descendant", "descendant-or-self", "following",
        "following-sibling", "parent", "preceding", "preceding-sibling", "self",
    }
)  # fmt: skip
_ANYWHERE = Step("descendant-or-self", "node()")
_LEVELS: tuple[tuple[str, ...], ...] = (
    ("or",), ("and",), ("=", "!="), ("<", "<=", ">", ">="), ("+", "-"), ("*", "div", "mod"),
)  # fmt: skip
_SIGNS = frozenset({"+", "-", "=", "!=", "<", "<=", ">", ">=", "|"})
_NAME_OPERATORS = frozenset({"or", "and", "div", "mod"})
_TOKEN = re.compile(
    r"""(?P<space>[ \t\r\n]+)
    |(?P<number>\d+(?:\.\d*)?|\.\d+)
    |(?P<text>"[^"]*"|'[^']*')
    |(?P<name>[^\W\d][\w.\-·]*(?::(?!:)(?:[^\W\d][\w.\-·]*|\*))?)
    |(?P<mark>::|//|\.\.|!=|<=|>=|[/()\[\].@,|+\-=<>*])""",
    re.VERBOSE,
)


class Token(NamedTuple):
    kind: str  # number · text · name · mark · operator · end
    value: str
    at: int


def tokens(source: str) -> list[Token]:
    found: list[Token] = []
    at = 0
    while at < len(source):
        match = _TOKEN.match(source, at)
        if match is None:
            character = source[at]
            if character in "'\"":
                raise SyntaxFault(f"the quotation that begins with {character} is not closed", at)
            if character in "${}":
                raise SyntaxFault("a reference ${name} was left as it is: the question it names is not known", at)
            raise SyntaxFault(f"the character {character} has no meaning here", at)
        kind, value = str(match.lastgroup), match[0]
        if kind != "space":
            after_operand = bool(found) and (
                found[-1].kind in ("number", "text", "name") or found[-1].value in (")", "]", ".", "..") or
                (found[-1].kind == "mark" and found[-1].value == "*")
            )  # fmt: skip
            if value in _SIGNS or (after_operand and (value in _NAME_OPERATORS or value == "*")):
                kind = "operator"
            found.append(Token(kind, value, at))
        at = match.end()
    found.append(Token("end", "", at))
    return found


class _Parser:
    def __init__(self, source: str) -> None:
        self.tokens = tokens(source)
        self.position = 0
        self.depth = 0

    @property
    def now(self) -> Token:
        return self.tokens[self.position]

    @property
    def after(self) -> Token:
        return self.tokens[min(self.position + 1, len(self.tokens) - 1)]

    def take(self, value: str) -> bool:
        if self.now.value == value and self.now.kind != "text":
            self.position += 1
            return True
        return False

    def need(self, value: str) -> None:
        if not self.take(value):
            raise self.fault(f"“{value}” is missing")

    def fault(self, why: str) -> SyntaxFault:
        where = "at the end" if self.now.kind == "end" else f"before “{self.now.value}”"
        return SyntaxFault(f"{why} {where}", self.now.at)

    def whole(self) -> Expression:
        if self.now.kind == "end":
            raise SyntaxFault("the expression is empty", 0)
        tree = self.binary(0)
        if self.now.kind != "end":
            raise self.fault("an operator is missing")
        return tree

    def binary(self, level: int) -> Expression:
        if level == len(_LEVELS):
            return self.unary()
        left = self.binary(level + 1)
        while self.now.kind == "operator" and self.now.value in _LEVELS[level]:
            operator = self.now.value
            self.position += 1
            left = Operation(operator, left, self.binary(level + 1))
        return left

    def unary(self) -> Expression:
        negative = False
        while self.now.kind == "operator" and self.now.value == "-":
            self.position += 1
            negative = not negative
        left = self.path()
        while self.now.kind == "operator" and self.now.value == "|":
            self.position += 1
            left = Operation("|", left, self.path())
        return Negative(left) if negative else left

    def path(self) -> Expression:
        self.depth += 1
        if self.depth > DEPTH:
            raise self.fault(f"more than {DEPTH} levels are nested")
        try:
            return self.path_at_depth()
        finally:
            self.depth -= 1

    def path_at_depth(self) -> Expression:
        token = self.now
        if token.value in ("/", "//") and token.kind == "mark":
            self.position += 1
            if token.value == "//":
                return Path("/", (), (_ANYWHERE, *self.steps()))
            return Path("/", (), self.steps() if self.at_step() else ())
        if self.at_primary():
            start = self.primary()
            predicates = self.predicates()
            steps: tuple[Step, ...] = ()
            if self.now.value in ("/", "//") and self.now.kind == "mark":
                anywhere = self.now.value == "//"
                self.position += 1
                steps = ((_ANYWHERE,) if anywhere else ()) + self.steps()
            return Path(start, predicates, steps) if predicates or steps else start
        if not self.at_step():
            raise self.fault("a value is missing")
        return Path(None, (), self.steps())

    def at_primary(self) -> bool:
        token = self.now
        if token.kind in ("number", "text"):
            return True
        if token.kind == "name" and self.after.value == "(" and self.after.kind == "mark":
            return token.value not in ("node", "text", "comment", "processing-instruction")
        return token.kind == "mark" and token.value == "("

    def at_step(self) -> bool:
        return self.now.kind == "name" or (self.now.kind == "mark" and self.now.value in (".", "..", "@", "*"))

    def primary(self) -> Expression:
        token = self.now
        self.position += 1
        if token.kind == "number":
            return Number(float(token.value))
        if token.kind == "text":
            return Text(token.value[1:-1])
        if token.value == "(":
            inner = self.binary(0)
            self.need(")")
            return inner
        self.need("(")
        arguments: list[Expression] = []
        if not self.take(")"):
            arguments.append(self.binary(0))
            while self.take(","):
                arguments.append(self.binary(0))
            self.need(")")
        return Call(token.value, tuple(arguments))

    def predicates(self) -> tuple[Expression, ...]:
        found = []
        while self.take("["):
            found.append(self.binary(0))
            self.need("]")
        return tuple(found)

    def steps(self) -> tuple[Step, ...]:
        found = [self.step()]
        while self.now.kind == "mark" and self.now.value in ("/", "//"):
            if self.now.value == "//":
                found.append(_ANYWHERE)
            self.position += 1
            found.append(self.step())
        return tuple(found)

    def step(self) -> Step:
        token = self.now
        if self.take("."):
            return Step("self", "node()", self.predicates())
        if self.take(".."):
            return Step("parent", "node()", self.predicates())
        axis = "child"
        if self.take("@"):
            axis = "attribute"
        elif token.kind == "name" and self.after.value == "::":
            if token.value not in AXES:
                raise self.fault(f"“{token.value}” is not an axis")
            axis = token.value
            self.position += 2
        return Step(axis, self.test(), self.predicates())

    def test(self) -> str:
        token = self.now
        if self.take("*"):
            return "*"
        if token.kind != "name":
            raise self.fault("a name is missing")
        self.position += 1
        if token.value in ("node", "text", "comment") and self.take("("):
            self.need(")")
            return f"{token.value}()"
        return token.value.rpartition(":")[2]


@lru_cache(maxsize=4096)
def parse(source: str) -> Expression:
    """The expression's tree. Raises `SyntaxFault`."""
    if len(source) > LENGTH:
        raise SyntaxFault(f"the expression is longer than {LENGTH} characters", LENGTH)
    return _Parser(source).whole()
