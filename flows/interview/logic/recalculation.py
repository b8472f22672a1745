"""What follows from a change: only what read the changed value is computed again, in order."""

from __future__ import annotations

import heapq
import math
from collections.abc import Callable

from flows.interview.logic.codecs import clean, written
from flows.interview.logic.definitions import CALCULATE, CHANGE, CHOICES, COUNT, RELEVANT, Cell, Definition, Seed
from flows.interview.logic.environment import Environment, Evaluate
from flows.interview.logic.instance import Node, Range, Row, build, instances, seeds
from flows.interview.logic.offers import Offers
from flows.interview.logic.program import Program
from flows.interview.logic.values import Item, boolean, number, string

ROWS = 200  # in one repeat
ALL_ROWS = 3000  # in one interview
STEPS = 200_000  # computations that may follow from one change


class Recalculation:
    """Holds the instance and keeps it consistent. Expressions that fail give blank."""

    def __init__(
        self, environment: Environment, offers: Offers, program: Program, born: Callable[[Row, bool], None]
    ) -> None:
        self.env = environment
        self.offers = offers
        self.calculations = program.calculations
        self.cells_of = program.cells_of
        self.given = program.given
        self.born = born
        self.total_rows = 0
        self.cut = 0  # the cap on rows that the last change ran into; 0 where it met none
        self.shape = 0  # grows whenever the relevance of anything changes, or a row comes or goes
        self.moved: set[Node] = set()  # whose value changed, until it is asked
        self.removals = 0  # grows whenever a row goes
        self.changes = 0  # grows with every change of anything, also of what is on record
        self.steps = 0
        self._queue: list[tuple[int, int, Cell, Node]] = []
        self._queued: set[tuple[int, int]] = set()
        self._order = 0
        self.started = False
        self.filling = 0

    # ---- evaluation -----------------------------------------------------------------------------------------------
    def evaluate_text(self, expression: Evaluate, node: Item) -> str:
        before, self.env.current = self.env.current, node
        try:
            return string(expression(node, self.env))
        except Exception:  # an expression that fails gives blank: a form's fault never stops an interview
            return ""
        finally:
            self.env.current = before

    def evaluate_truth(self, expression: Evaluate, node: Item) -> bool:
        before, self.env.current = self.env.current, node
        try:
            return boolean(expression(node, self.env))
        except Exception:
            return False
        finally:
            self.env.current = before

    def evaluate_number(self, expression: Evaluate, node: Item) -> float:
        before, self.env.current = self.env.current, node
        try:
            return float(number(expression(node, self.env)))
        except Exception:
            return math.nan
        finally:
            self.env.current = before

    # ---- values -----------------------------------------------------------------------------------------------------
    def effective(self, node: Node) -> str:
        """What expressions see of a node."""
        if not node.live or not node.stored:
            return ""
        control = node.definition.control
        if control is not None and control.kind in ("select", "select1", "rank"):
            return self.offers.kept(node)
        return node.stored

    def store(self, node: Node, text: str) -> bool:
        """Puts a value at a node and notes what follows. True where something changed."""
        if node.stored == text:
            return False
        node.stored = text
        self.changes += 1
        self.refresh(node)
        return True

    def refresh(self, node: Node) -> None:
        value = self.effective(node)
        if value != node.value:
            node.value = value
            self.changes += 1
            self.moved.add(node)
            definition = node.definition
            for cell, pin in definition.readers:
                self.enqueue_all(cell, node.row, pin)
            if self.started:
                for cell in definition.listeners:
                    self.enqueue_all(cell, node.row, min(node.row.definition.depth, cell.definition.depth))

    def enqueue_all(self, cell: Cell, row: Row, pin: int) -> None:
        for node in instances(cell.definition, row, pin):
            self.enqueue(cell, node)

    def enqueue(self, cell: Cell, node: Node) -> None:
        key = (cell.index, id(node))
        if key not in self._queued:
            self._queued.add(key)
            self._order += 1
            heapq.heappush(self._queue, (cell.rank, self._order, cell, node))

    def settle(self) -> None:
        """Computes what is due until nothing is, or too much was."""
        steps = 0
        while self._queue:
            _, _, cell, node = heapq.heappop(self._queue)
            self._queued.discard((cell.index, id(node)))
            if not node.row.alive:
                continue
            steps += 1
            if steps > STEPS:
                self._queue.clear()
                self._queued.clear()
                break
            self._run(cell, node)
        self.steps = steps

    def _run(self, cell: Cell, node: Node) -> None:
        kind, definition = cell.kind, cell.definition
        if kind == RELEVANT:
            own = definition.relevant is None or self.evaluate_truth(definition.relevant, node)
            if own is not node.own:
                node.own = own
                self.changes += 1
                self.relive(node)
        elif kind == CALCULATE:
            if node.live and definition.calculate is not None:
                value = written(definition, clean(self.evaluate_text(definition.calculate, node)))
                if value != node.last:
                    node.last = value
                    self.changes += 1
                    self.store(node, value)
        elif kind == CHOICES:
            self.refresh(node)
        elif kind == COUNT:
            self._count(node)
        elif kind == CHANGE and cell.action is not None and cell.action.evaluate is not None:
            self.store(node, written(definition, clean(self.evaluate_text(cell.action.evaluate, node))))

    # ---- relevance ----------------------------------------------------------------------------------------------
    def relive(self, node: Node) -> None:
        """Brings the relevance of a node and of all within it up to date."""
        parent = node.parent
        live = node.own and (not isinstance(parent, Node) or parent.live)
        if live is node.live:
            return
        node.live = live
        self.shape += 1
        self.changes += 1
        definition = node.definition
        if node.kids is None:
            if definition.calculate is not None:
                node.last = None
                if live:
                    for cell in self.calculations.get(definition, ()):
                        self.enqueue(cell, node)
            self.refresh(node)
        else:
            for kids in node.kids.values():
                for kid in kids:
                    self.relive(kid)  # type: ignore[arg-type]
            for range_ in node.row.ranges:
                if range_.marker.parent is node:
                    self.relive(range_.marker)
        if node.attributes:
            for attribute in node.attributes.values():
                self.relive(attribute)  # type: ignore[arg-type]

    # ---- rows -------------------------------------------------------------------------------------------------------
    def _count(self, marker: Node) -> None:
        range_ = marker.row.ranges[marker.definition.slot] if not isinstance(marker, Row) else None
        if range_ is None or range_.marker is not marker or marker.definition.count is None:
            return
        wanted = self.evaluate_number(marker.definition.count, marker)
        if wanted != wanted:
            return
        target = int(max(0.0, min(wanted, float(ROWS))))
        if int(min(wanted, ROWS + 1.0)) > ROWS:
            self.cut = ROWS
        while len(range_.rows) > target:
            self.remove(range_, len(range_.rows))
        given = self.given.get(marker.definition, [])
        while len(range_.rows) < target:
            at = len(range_.rows)
            seed = given[at] if at < len(given) and not self.started else marker.definition.template
            if self.add(range_, seed) is None:
                break

    def add(self, range_: Range, seed: Seed | None) -> Row | None:
        """A new last row; None where there are too many."""
        if len(range_.rows) >= ROWS or self.total_rows >= ALL_ROWS:
            self.cut = ROWS if len(range_.rows) >= ROWS else ALL_ROWS
            return None
        row = build(range_.definition, range_.marker.parent, range_.holder)
        range_.rows.append(row)
        self.total_rows += 1
        self.rows_changed(range_)
        self.fill(row, seed)
        return row

    def remove(self, range_: Range, position: int) -> None:
        """Takes the row at `position` (from 1) away with its answers."""
        row = range_.rows.pop(position - 1)
        self._bury(row)
        self.removals += 1
        self.rows_changed(range_)
        for definition in (range_.definition, *range_.definition.below()):
            for cell, pin in definition.readers:
                self.enqueue_all(cell, range_.holder, min(pin, range_.definition.depth - 1))

    def _bury(self, row: Row) -> None:
        row.alive = False
        self.total_rows -= 1
        for range_ in row.ranges:
            for inner in range_.rows:
                self._bury(inner)

    def rows_changed(self, range_: Range) -> None:
        self.shape += 1
        self.changes += 1
        for cell, pin in range_.definition.structure_readers:
            self.enqueue_all(cell, range_.holder, min(pin, range_.definition.depth - 1))

    def fill(self, row: Row, seed: Seed | None) -> None:
        """Gives a new row its first values and has everything in it computed."""
        for definition, given in seeds(row.definition, seed):
            if definition.is_leaf:
                row.nodes[definition.slot].stored = written(definition, clean(given.value))
            for attribute in definition.attributes:
                row.nodes[attribute.slot].stored = given.attributes.get(attribute.qualified, "")
        self.born(row, self.filling == 0)
        self.filling += 1
        parent_live = not isinstance(row.parent, Node) or row.parent.live
        row.live = row.own and parent_live
        for node in row.nodes[1:]:
            node.live = node.own and node.parent.live  # type: ignore[union-attr]
        for node in row.nodes:
            if node.kids is None:
                self.refresh(node)
            for cell in self.cells_of.get(node.definition, ()):
                if cell.kind != CHANGE and cell.kind != COUNT:
                    self.enqueue(cell, node)
        for range_ in row.ranges:
            marker = range_.marker
            marker.live = marker.own and marker.parent.live  # type: ignore[union-attr]
            for cell in self.cells_of.get(range_.definition, ()):
                self.enqueue(cell, marker)
            inner = self._inner_seeds(range_.definition, seed, row.definition)
            if range_.definition.count is None:
                for one in inner:
                    self.add(range_, one)
        self.filling -= 1

    def _inner_seeds(self, repeat: Definition, seed: Seed | None, scope: Definition) -> list[Seed]:
        names: list[str] = []
        at: Definition | None = repeat
        while at is not None and at is not scope:
            names.append(at.qualified)
            at = at.parent
        for name in reversed(names[1:]):
            found = seed.all(name) if seed is not None else []
            seed = found[0] if found else None
        rows = [one for one in seed.all(repeat.qualified) if not one.template] if seed is not None else []
        if repeat.control is not None and repeat.control.fixed and not rows and repeat.template is not None:
            return [repeat.template]
        return rows
