"""What was answered under one version of a form, laid out for another: where each answer goes, and in which words."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flows.interview.comparing import Change, Comparison, is_answered
from flows.interview.form import Form, Node, Question, QuestionType, Repeat
from flows.interview.logic import Host, Session
from flows.interview.logic.codecs import clean, written
from flows.interview.logic.dumps import merge
from flows.interview.logic.signature import kept_by_itself
from flows.interview.plan import bare, rows_around, split_row

_ROW = re.compile(r"\[(\d+)\]")
_NUMBERS = frozenset({QuestionType.INTEGER, QuestionType.DECIMAL, QuestionType.RANGE})
_FILES = frozenset({QuestionType.FILE, QuestionType.IMAGE, QuestionType.AUDIO, QuestionType.VIDEO})
_CHOICES = frozenset({QuestionType.SELECT_ONE, QuestionType.SELECT_MULTIPLE, QuestionType.RANK})


@dataclass(frozen=True, slots=True)
class Laid:
    """A session's dump by path with row numbers. `rows`: how many each repeat has, also where it has none."""

    values: Mapping[str, str]
    rows: Mapping[str, int]


def laid(form: Form, dumped: Mapping[str, Any]) -> Laid:
    """The values and rows in a dump made under `form`; attributes of nodes are left out."""
    values: dict[str, str] = {}
    rows: dict[str, int] = {}
    definitions = form.logic.definitions

    def read(row: Mapping[str, Any], path: str) -> None:
        for inner, value in row.get("v", {}).items():
            if "/@" not in inner:
                values[path + inner] = str(value)
        kept = row.get("n", {})
        definition = definitions.get(bare(path))
        ranges = definition.ranges if definition is not None else ()
        for inner in dict.fromkeys((*kept, *(one.path[len(bare(path)) :] for one in ranges))):
            rows[path + inner] = len(kept.get(inner, ()))
            for number, one in enumerate(kept.get(inner, ()), 1):
                read(one, f"{path}{inner}[{number}]")

    read(dumped.get("row", {}), form.root.path)
    return Laid(values, rows)


@dataclass(slots=True)
class Moves:
    """Where paths of the old version lead in the new one."""

    old: Form
    new: Form
    comparison: Comparison

    def place(self, path: str) -> str | None:
        """The path in the new version of what stood at `path`, a question, repeat or row; None where it is no more."""
        row = split_row(path)
        if row is not None:
            repeat = self.place(row[0])
            node = self.new.nodes.get(bare(repeat)) if repeat is not None else None
            return f"{repeat}[{row[1]}]" if isinstance(node, Repeat) else None
        there = self.comparison.places.get(bare(path))
        if there is None:
            return None
        around = self.comparison.around[there]
        if not around and "[" not in path:
            return there
        had = [(self.comparison.places.get(bare(repeat), ""), number) for repeat, number in rows_around(path)]
        by_repeat = {repeat: number for repeat, number in had if repeat in around}
        if len(had) == len(around):  # the rows are the same ones, even where their repeat has another name
            numbers = [number for _, number in had]
        else:
            numbers = [by_repeat.get(repeat, 1) for repeat in around]
            if any(number != 1 for repeat, number in had if repeat not in by_repeat):
                return None  # several rows that the new version has no room for
        return _numbered(there, around, numbers)

    def change(self, path: str) -> Change | None:
        """What became of the question at `path` of the new version."""
        return self.comparison.by_path.get(bare(path))


def _numbered(path: str, around: Sequence[str], numbers: Sequence[int]) -> str:
    for repeat, number in reversed(list(zip(around, numbers, strict=True))):
        path = f"{repeat}[{number}]{path[len(repeat) :]}"
    return path


# ---- one value ----------------------------------------------------------------------------------------------------
def converted(moves: Moves, old: Question, new: Question, value: str, display: str) -> str | None:
    """`value` as the new version of its question stores it; None where it does not fit and has to be asked."""
    change = moves.change(new.path)
    if change is not None and change.renamed:
        value = " ".join(change.renamed.get(one, one) for one in value.split())
    definition = moves.new.logic.definitions.get(new.path)
    if definition is None:
        return None
    if old.type is new.type:
        return value if written(definition, clean(value)) or not value else None
    kept = _retyped(moves, old, new, value, display)
    return kept if kept and written(definition, clean(kept)) else None


def _retyped(moves: Moves, old: Question, new: Question, value: str, display: str) -> str:
    """The value where the other type can hold it as it is."""
    kinds = old.type, new.type
    if new.type is QuestionType.TEXT:
        return display or value
    if old.type in _NUMBERS and new.type in _NUMBERS:
        return value if new.type is not QuestionType.INTEGER or float(value).is_integer() else ""
    if old.type in _FILES and new.type in _FILES:
        return value
    if old.type in _CHOICES and new.type in _CHOICES:
        if new.type is QuestionType.RANK or QuestionType.RANK in kinds or (" " in value and kinds[1] is _ONE):
            return ""
        change = moves.change(new.path)
        return "" if change is not None and change.gone.intersection(value.split()) else value
    return ""


_ONE = QuestionType.SELECT_ONE


# ---- all of them --------------------------------------------------------------------------------------------------
@dataclass(slots=True)
class Layout:
    """What a session of the new version begins with."""

    values: dict[str, str] = field(default_factory=dict)
    rows: dict[str, int] = field(default_factory=dict)


def unrecorded(moves: Moves, path: str, value: str) -> tuple[str, str] | None:
    """Where a value that nobody answered goes, and as what: what was known beforehand, a default, what a calculation
    keeps for itself. Everything else is computed anew."""
    there = moves.place(path)
    definition = moves.new.logic.definitions.get(bare(there)) if there is not None else None
    before = moves.old.logic.definitions.get(bare(path))
    if there is None or definition is None or before is None or not definition.is_leaf:
        return None
    change = moves.change(there)
    if definition.calculate is not None:
        same = change is None or "calculation" not in change.what
        return (there, value) if same and kept_by_itself(definition, moves.new.logic) else None
    if definition.default != before.default and value == before.default:
        return None
    node, was = moves.new.nodes.get(bare(there)), moves.old.nodes.get(bare(path))
    if is_answered(node) and _type(node) is not _type(was):
        return None
    return there, value


def _type(node: Node | None) -> QuestionType | None:
    return node.type if isinstance(node, Question) else None


def begun(form: Form, layout: Layout, host: Host, seed: str, blank: Mapping[str, Any] | None = None) -> Session:
    """A session of `form` with these values and rows. `blank`: the dump of one without any, which saves time."""
    row = _nested(form, layout)
    if blank is None:
        session = Session.load(form.logic, {"seed": seed, "row": row}, host)
    else:
        session = Session.load(form.logic, {**blank, "seed": seed}, host)
        merge(session, row)
    for path, wanted in layout.rows.items():
        repeat = form.nodes.get(bare(path))
        if not isinstance(repeat, Repeat) or repeat.counted or not session.exists(path):
            continue
        while session.rows(path) > wanted:  # the row that every repeat of a form begins with
            session.remove_row(path, session.rows(path))
    return session


def _nested(form: Form, layout: Layout) -> dict[str, Any]:
    """Values and rows as `Session.load` takes them."""
    root: dict[str, Any] = {"v": {}, "n": {}}

    def row_of(path: str) -> tuple[dict[str, Any], str]:
        """The row that holds `path`, and its path within."""
        at, start = root, len(form.root.path)
        for match in _ROW.finditer(path):
            rows = at["n"].setdefault(path[start : match.start()], [])
            number = int(match[1])
            rows.extend({"v": {}, "n": {}} for _ in range(number - len(rows)))
            at, start = rows[number - 1], match.end()
        return at, path[start:]

    for path, count in layout.rows.items():
        if count:
            row_of(f"{path}[{count}]/")
    for path, value in layout.values.items():
        row, within = row_of(path)
        row["v"][within] = value
    return root
