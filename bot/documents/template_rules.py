"""What a template may say between its braces: names, words, conditions and a few filters. All else is refused before it
is run, wherever in the file it stands; so nothing in a template takes long or reaches beyond its fields."""

from __future__ import annotations

from typing import Any

from jinja2 import StrictUndefined, TemplateSyntaxError, nodes
from jinja2.sandbox import SandboxedEnvironment

FILTERS = ("upper", "lower", "capitalize", "title", "trim", "default", "d", "escape", "e")
_TESTS = ("defined", "undefined", "none", "eq", "ne", "equalto", "upper", "lower")
_ALLOWED = (
    *(nodes.Template, nodes.Output, nodes.TemplateData, nodes.If),
    *(nodes.Name, nodes.Const, nodes.Concat, nodes.CondExpr),
    *(nodes.And, nodes.Or, nodes.Not, nodes.Compare, nodes.Operand, nodes.Keyword),
)
_DEEPEST = 60


class NotAllowed(TemplateSyntaxError):
    """Something that no template may say."""


class Rules(SandboxedEnvironment):
    """What fills Word templates. Raises `NotAllowed` for what they may not say."""

    def __init__(self) -> None:
        super().__init__(autoescape=True, undefined=StrictUndefined)

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        try:
            tree = super()._parse(source, name, filename)
            self._check(tree)
        except RecursionError:
            raise NotAllowed("nested too deeply", 1) from None
        return tree

    def _check(self, tree: nodes.Template) -> None:
        waiting: list[tuple[Any, int]] = [(tree, 0)]
        while waiting:
            node, depth = waiting.pop()
            if depth > _DEEPEST or not self._is_allowed(node):
                raise NotAllowed(type(node).__name__.lower(), node.lineno)
            waiting += [(child, depth + 1) for child in node.iter_child_nodes()]

    def _is_allowed(self, node: nodes.Node) -> bool:
        match node:
            case nodes.Filter(name=name):
                return name in FILTERS or name not in self.filters  # what there is not is told as such
            case nodes.Test(name=name):
                return name in _TESTS or name not in self.tests
            case nodes.Getattr(node=inside, attr=attr):
                return isinstance(inside, nodes.Name) and not attr.startswith("_")
        return isinstance(node, _ALLOWED)
