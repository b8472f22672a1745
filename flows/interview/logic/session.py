"""One interview's answers under a form's logic: the door that the rest of the core uses."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from flows.interview.form import Choice
from flows.interview.logic import dumps, submission
from flows.interview.logic.codecs import clean, written
from flows.interview.logic.definitions import Action, Definition
from flows.interview.logic.environment import Environment, Evaluate, Host
from flows.interview.logic.errors import LogicError
from flows.interview.logic.instance import Node, Range, Row, build, locate, path_of
from flows.interview.logic.offers import Offers
from flows.interview.logic.program import Program
from flows.interview.logic.recalculation import Recalculation
from flows.interview.logic.texts import Texts
from flows.interview.logic.values import Item, StaticItem

FIRST_LOAD = frozenset({"odk-instance-first-load", "odk-instance-load"})
NEW_ROW = "odk-new-repeat"


class Session:
    """Answers, relevance, calculations and rows of one interview.

    Paths carry the numbers of rows (`/data/source[2]/name`); a repeat's own path carries none of its own. Unknown
    paths raise `KeyError`; nothing that a person answers raises.
    """

    def __init__(self, program: Program, host: Host, seed: str) -> None:
        self.program = program
        self.host = host
        document = StaticItem("", None)
        self.env = Environment(host, document, program.model.instances, self, seed, program.model.version)
        self.work = Recalculation(self.env, Offers(self.env), program, self._born)
        self.root = build(program.root, None, None)
        self.root.parent = None
        document.kids = {self.root.name: [self.root]}
        document.ordered = [self.root]
        self.texts = Texts(self)
        self._places: dict[str, Node | Range] = {}  # what paths were found to mean, while no row goes
        self._places_at = 0
        self._fresh: list[Row] = []

    @classmethod
    def start(cls, program: Program, host: Host) -> Session:
        """A new instance: the form's own values, preloads, calculations, then the actions of the first load."""
        self = cls(program, host, host.ids())
        self.work.fill(self.root, program.model.seed)
        self.work.settle()
        for node in list(self._nodes()):
            for action in node.definition.actions:
                if action.events & FIRST_LOAD:
                    self._act(action, node)
        self.work.started = True
        self._fresh.clear()
        return self

    @classmethod
    def load(cls, program: Program, dumped: Mapping[str, Any], host: Host) -> Session:
        """The session that `dump` gave. A dump made under another version of the form keeps the answers that still
        have a place. What reads the clock is computed again once the date is another."""
        self = cls(program, host, str(dumped.get("seed", "")))
        dumps.restore(self, dumped)
        return self

    def dump(self) -> dict[str, Any]:
        """The whole state as JSON values; `load(program, dump(s), host)` behaves as `s`."""
        return dumps.dump(self)

    # ---- changes ----------------------------------------------------------------------------------------------------
    def set(self, path: str, value: str) -> bool:
        """Answers a question with XForms text: "a b" for several choices, ISO dates, "" to clear.

        What does not fit the question's type is stored as blank. True where the answer on record changed.
        """
        node = self._node(path)
        if not node.definition.is_leaf:
            raise KeyError(path)
        text = written(node.definition, clean(value))
        control = node.definition.control
        if control is not None and control.kind == "select" and " " in text:
            text = self._in_order(node, text)
        self.work.cut = 0
        changed = self.work.store(node, text)
        if changed:
            for cell in self.work.calculations.get(node.definition, ()):
                if cell.reads_itself:
                    self.work.enqueue(cell, node)
            self._settle()
        return changed

    def clear(self, path: str) -> bool:
        return self.set(path, "")

    def add_row(self, path: str) -> int:
        """Adds a last row to the repeat at `path`; its number, or 0 where the repeat is counted, fixed or full."""
        range_ = self._range(path)
        if not self.can_add(path):
            return 0
        self.work.cut = 0
        row = self.work.add(range_, range_.definition.template)
        if row is None:
            return 0
        self._settle()
        return len(range_.rows)

    def can_add(self, path: str) -> bool:
        """Whether a person may add rows to this repeat."""
        control = self._range(path).definition.control
        return control is not None and not control.count and not control.fixed

    def remove_row(self, path: str, position: int) -> bool:
        """Removes the row at `position` (from 1) with its answers. False where there is no such row."""
        range_ = self._range(path)
        if not 1 <= position <= len(range_.rows):
            return False
        self.work.remove(range_, position)
        self._settle()
        return True

    # ---- state ------------------------------------------------------------------------------------------------------
    @property
    def shape(self) -> int:
        """Grows whenever the relevance of anything changes, or a row comes or goes."""
        return self.work.shape

    @property
    def changes(self) -> int:
        """Grows with every change: while it stays, `dump` gives the same."""
        return self.work.changes

    @property
    def cut(self) -> int:
        """How many rows there may be, where the last `set` or `add_row` asked for more; otherwise 0."""
        return self.work.cut

    def moved(self) -> list[str]:
        """Paths whose value changed since this was asked last."""
        moved, self.work.moved = self.work.moved, set()
        return [path_of(node) for node in moved if node.row.alive]

    def is_judged(self, path: str) -> bool:
        """Whether the form has a condition on what is answered there, or on its absence."""
        definition = self._node(path).definition
        return definition.constraint is not None or definition.required is not None

    def relevant(self, path: str) -> bool:
        """Whether a question, group, row or repeat is relevant, with all around it."""
        found = self._find(path)
        return found.marker.live if isinstance(found, Range) else found.live

    def required(self, path: str) -> bool:
        node = self._node(path)
        condition = node.definition.required
        return condition is not None and self.work.evaluate_truth(condition, node)

    def read_only(self, path: str) -> bool:
        """Whether it, or a group around it, is read-only now."""
        at: Item | None = self._node(path)
        while isinstance(at, Node):
            condition = at.definition.readonly
            if condition is not None and self.work.evaluate_truth(condition, at):
                return True
            at = at.parent
        return False

    def valid(self, path: str) -> bool:
        """Whether the constraint holds; a blank or irrelevant answer breaks none."""
        return self._valid(self._node(path))

    def accepts(self, path: str, value: str) -> bool:
        """Whether `value` would fit the question's type, choices and constraint. Changes nothing."""
        node = self._node(path)
        text = written(node.definition, clean(value))
        if not text:
            return not value
        stored, seen = node.stored, node.value
        node.stored = text
        try:
            node.value = self.work.effective(node) if node.live else text
            condition = node.definition.constraint
            return node.value == text and (condition is None or self.work.evaluate_truth(condition, node))
        finally:
            node.stored, node.value = stored, seen

    def missing(self) -> list[str]:
        """The relevant, required and unanswered questions, in document order."""
        return [path_of(node) for node in self._nodes() if self._missing(node)]

    def invalid(self) -> list[str]:
        """The relevant answers that break their constraint, in document order."""
        return [path_of(node) for node in self._nodes() if node.definition.constraint and not self._valid(node)]

    def value(self, path: str) -> str:
        """The answer as expressions see it: "" while it is not relevant or its choice is not offered."""
        return self._node(path).value

    def stored(self, path: str) -> str:
        """The answer on record, also while it is hidden."""
        return self._node(path).stored

    def rows(self, path: str) -> int:
        """How many rows the repeat at `path` has."""
        return len(self._range(path).rows)

    def exists(self, path: str) -> bool:
        try:
            self._find(path)
        except KeyError:
            return False
        return True

    def choices(self, path: str, language: str | None = None) -> tuple[Choice, ...]:
        """The choices offered now, in the form's order, labelled in `language` (the host's where None)."""
        return self.texts.choices(self._node(path), language)

    # ---- texts ------------------------------------------------------------------------------------------------------
    def label(self, path: str, language: str | None = None) -> str:
        """The label with its outputs filled in; "" where the form gives none."""
        return self.texts.of_control(path, "label", "", language)

    def hint(self, path: str, language: str | None = None) -> str:
        return self.texts.of_control(path, "hint", "", language)

    def guidance(self, path: str, language: str | None = None) -> str:
        return self.texts.of_control(path, "hint", "guidance", language)

    def constraint_message(self, path: str, language: str | None = None) -> str:
        return self.texts.of(self._node(path), self._node(path).definition.bind.constraint_message, "", language)

    def required_message(self, path: str, language: str | None = None) -> str:
        return self.texts.of(self._node(path), self._node(path).definition.bind.required_message, "", language)

    def choice_label(self, item: Item, name: str) -> str:
        return self.texts.choice(item, name, None) if isinstance(item, Node) else ""

    def translation(self, text_id: str) -> str:
        return self.texts.translated(self.env.current, text_id, "", None)

    def compiled(self, source: str) -> Evaluate:
        try:
            return self.program.compile(source, "", "")
        except LogicError:
            return lambda item, env: ""

    # ---- whole ------------------------------------------------------------------------------------------------------
    def state(self) -> dict[str, Any]:
        """Everything, for judging against another engine: relevant, values, calculated, invalid, missing, choices,
        repeats."""
        return submission.state(self)

    def instance_xml(self) -> str:
        """The OpenRosa instance with only what is relevant."""
        return submission.instance_xml(self)

    # ---- within -----------------------------------------------------------------------------------------------------
    def _find(self, path: str) -> Node | Range:
        if self._places_at != self.work.removals:
            self._places.clear()
            self._places_at = self.work.removals
        known = self._places.get(path)
        if known is not None:
            return known
        found = locate(self.root, path)
        if found is None and "/~" in path:
            found = locate(self.root, path.partition("/~")[0])
        if found is None:
            raise KeyError(path)
        self._places[path] = found
        return found

    def _node(self, path: str) -> Node:
        found = self._find(path)
        return found.marker if isinstance(found, Range) else found

    def _range(self, path: str) -> Range:
        found = self._find(path)
        if not isinstance(found, Range):
            raise KeyError(path)
        return found

    def _nodes(self, row: Row | None = None) -> Iterator[Node]:
        """Every question, calculation, group and row in document order."""
        yield from _walk(row or self.root)

    def _valid(self, node: Node) -> bool:
        condition = node.definition.constraint
        return condition is None or not node.live or node.value == "" or self.work.evaluate_truth(condition, node)

    def _missing(self, node: Node) -> bool:
        condition = node.definition.required
        if condition is None or not node.live or not node.definition.is_leaf or node.value != "":
            return False
        return self.work.evaluate_truth(condition, node)

    def _in_order(self, node: Node, text: str) -> str:
        """Several choices in the order in which the form offers them."""
        chosen = list(dict.fromkeys(text.split()))
        offered = [one.value for one in self.work.offers.of(node)]
        rank = {value: index for index, value in enumerate(offered)}
        return " ".join(sorted(chosen, key=lambda one: rank.get(one, len(rank))))

    def _settle(self) -> None:
        self.work.settle()
        for _ in range(100):
            if not self._fresh:
                return
            rows, self._fresh = self._fresh, []
            for row in rows:
                for node in _walk(row):
                    for action in node.definition.actions:
                        if NEW_ROW in action.events and node.row.alive:
                            self._act(action, node)
        self._fresh.clear()

    def _act(self, action: Action, node: Node) -> None:
        if node.live and action.evaluate is not None:
            self.work.store(node, written(node.definition, clean(self.work.evaluate_text(action.evaluate, node))))
            self.work.settle()

    def _born(self, row: Row, outermost: bool) -> None:
        """A new row: preloads in the first load, the actions of a new row later."""
        if self.work.started:
            if outermost:
                self._fresh.append(row)
            return
        for node in row.nodes:
            value = self._preloaded(node.definition)
            if value:
                node.stored = value

    def _preloaded(self, definition: Definition) -> str:
        kind, parameter = definition.bind.preload, definition.bind.preload_parameter
        if kind == "uid":
            return f"uuid:{self.host.ids()}"
        if kind == "timestamp" and parameter != "end":
            return written(definition, self.work.evaluate_text(self.compiled("now()"), self.root))
        if kind == "date":
            return written(definition, self.work.evaluate_text(self.compiled("today()"), self.root))
        if kind == "property":
            return clean(self.host.preloads.get(parameter, ""))
        return ""


def _walk(node: Node) -> Iterator[Node]:
    yield node
    yield from (node.attributes or {}).values()  # type: ignore[misc]
    for kids in (node.kids or {}).values():
        for kid in kids:
            yield from _walk(kid)  # type: ignore[arg-type]
