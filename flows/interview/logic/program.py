"""A form's logic compiled once: every expression a function, and the order in which they have to be computed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from flows.interview.logic.compiler import compile_tree
from flows.interview.logic.definitions import (
    CALCULATE,
    CHANGE,
    CHOICES,
    COUNT,
    RELEVANT,
    Cell,
    Control,
    Definition,
    Model,
    Seed,
)
from flows.interview.logic.dependencies import Dependencies, dependencies, nodes
from flows.interview.logic.environment import Evaluate
from flows.interview.logic.errors import LogicError, SyntaxFault
from flows.interview.logic.languages import nearest
from flows.interview.logic.ordering import order
from flows.interview.logic.reader import read_model
from flows.interview.logic.xpath import parse


class Program:
    """What all interviews with one form share. Nothing in it changes after compilation, save caches."""

    def __init__(self, source: str | bytes) -> None:
        self._compiled: dict[str, Evaluate] = {}
        self._languages: dict[str, str] = {}
        raw = source.encode("utf-8", "replace") if isinstance(source, str) else source
        self.source = raw
        self.fingerprint = hashlib.sha256(raw).hexdigest()[:16]
        self.model: Model = read_model(source, self.compile)
        self.root = self.model.root
        self.definitions = self.model.definitions
        self.layouts: dict[str, Control] = {}
        self.controls: list[Control] = []
        self.cells: list[Cell] = []
        self.clocked: list[Cell] = []
        self._reads: dict[int, Dependencies] = {}
        self._collect(self.model.body)
        self._scopes(self.root)
        for definition in self.definitions.values():
            self._compile_node(definition)
        self._actions()
        order(self.cells, self._reads)
        self.cells_of: dict[Definition, list[Cell]] = {}
        self.calculations: dict[Definition, list[Cell]] = {}
        for cell in self.cells:
            self.cells_of.setdefault(cell.definition, []).append(cell)
            if cell.kind == CALCULATE:
                self.calculations.setdefault(cell.definition, []).append(cell)
        self.given: dict[Definition, list[Seed]] = {}
        self._given(self.root, self.model.seed)

    def compile(self, source: str, path: str, attribute: str) -> Evaluate:
        """The expression as a function. Raises `LogicError` that says where it stands."""
        found = self._compiled.get(source)
        if found is None:
            try:
                found = self._compiled[source] = compile_tree(parse(source))
            except SyntaxFault as fault:
                raise LogicError(fault.why, path=path, attribute=attribute, value=source) from None
            except RecursionError:
                raise LogicError("too deeply nested", path=path, attribute=attribute, value=source) from None
        return found

    def language(self, wanted: str) -> str:
        """The name of the translation for a code or a name: `fr` → `Français (fr)`; the default where there is none."""
        if not wanted:
            return self.model.default_language
        found = self._languages.get(wanted)
        if found is None:
            found = nearest(wanted, self.model.translations) or self.model.default_language
            self._languages[wanted] = found
        return found

    def _given(self, definition: Definition, seed: Seed) -> None:
        """The rows that the form itself writes into repeats outside other repeats."""
        for kid in definition.kids:
            found = seed.all(kid.qualified)
            if kid.is_repeat:
                self.given[kid] = [one for one in found if not one.template]
            elif found:
                self._given(kid, found[0])

    # ---- compilation ----------------------------------------------------------------------------------------------
    def _collect(self, controls: Iterable[Control]) -> None:
        for control in controls:
            self.controls.append(control)
            if control.path not in self.definitions:
                self.layouts[control.path] = control
            self._collect(control.children)

    def _scopes(self, definition: Definition) -> None:
        """Numbers the nodes within each row, groups before what they hold."""
        definition.members = [definition]
        stack = [*reversed(definition.attributes), *[]]
        stack = [*reversed(definition.kids), *stack]
        while stack:
            node = stack.pop()
            node.scope = definition
            node.depth = definition.depth
            if node.is_repeat:
                node.depth = definition.depth + 1
                node.slot = len(definition.ranges)
                definition.ranges.append(node)
                self._scopes(node)
                continue
            node.slot = len(definition.members)
            definition.members.append(node)
            stack += [*reversed(node.kids), *reversed(node.attributes)]

    def _compile_node(self, node: Definition) -> None:
        bind = node.bind
        for attribute in ("relevant", "constraint", "required", "readonly", "calculate"):
            source = getattr(bind, attribute)
            if source.strip():
                setattr(node, attribute, self.compile(source, node.path, attribute))
        if bind.relevant.replace(" ", "") == "true()":
            node.relevant = None
        for attribute in ("required", "readonly"):
            if getattr(bind, attribute).replace(" ", "") == "false()":
                setattr(node, attribute, None)
        if node.relevant is not None:
            self._cell(node, RELEVANT, [self._depends(node, bind.relevant, "relevant")])
        if node.calculate is not None and node.is_leaf:
            self._cell(node, CALCULATE, [self._depends(node, bind.calculate, "calculate")])
        control = node.control
        if control is None:
            return
        if node.is_repeat and control.count:
            node.count = self.compile(control.count, node.path, "jr:count")
            self._cell(node, COUNT, [self._depends(node, control.count, "jr:count")])
        if control.itemset is not None:
            self._itemset(node, control)

    def _itemset(self, node: Definition, control: Control) -> None:
        itemset = control.itemset
        assert itemset is not None  # noqa: S101 - told by the caller
        of_list = self._depends(node, itemset.source, "choices")
        items = nodes(itemset.source, node, self.root)
        found = [of_list]
        if items:
            found.append(dependencies(itemset.value_name, node, self.root, items))
        dynamic = any(one.values or one.rows or one.volatile for one in found) or "randomize" in itemset.source
        if dynamic:
            object.__setattr__(itemset, "static", False)
            self._cell(node, CHOICES, found)

    def _depends(self, node: Definition, source: str, attribute: str) -> Dependencies:
        context = node
        try:
            return dependencies(source, context, self.root)
        except SyntaxFault as fault:
            raise LogicError(fault.why, path=node.path, attribute=attribute, value=source) from None

    def _cell(self, node: Definition, kind: str, found: list[Dependencies]) -> Cell:
        cell = Cell(node, kind)
        cell.index = len(self.cells)
        self.cells.append(cell)
        merged = Dependencies()
        for one in found:
            merged.values |= one.values
            merged.rows |= one.rows
            merged.clock |= one.clock
            merged.itself |= one.itself
        self._reads[cell.index] = merged
        cell.reads_itself = merged.itself
        for read, pin in merged.values:
            if read is not node or kind != CALCULATE or pin < node.depth:
                read.readers.append((cell, pin))
        for read, pin in merged.rows:
            read.structure_readers.append((cell, pin))
        if merged.clock:
            self.clocked.append(cell)
        return cell

    def _actions(self) -> None:
        for action in self.model.actions:
            target = self.definitions[action.target]
            action.evaluate = self.compile(action.value, action.target, "setvalue")
            target.actions.append(action)
            source = self.definitions.get(action.source)
            if "xforms-value-changed" in action.events and source is not None:
                cell = Cell(target, CHANGE, action)
                cell.index = len(self.cells)
                self.cells.append(cell)
                self._reads[cell.index] = self._depends(target, action.value, "setvalue")
                source.listeners.append(cell)
