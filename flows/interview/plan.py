"""What follows from a form alone, computed once: which nodes belong to the core pass, and the path of a row.

A node belongs to the core when its bind attribute `core` is "yes", or that of a group or repeat around it. Without any
such attribute a form has no core and is asked in one pass. A note goes with the question that follows it.

A question with the bind attribute `role` "submit" hands the answers in, one with "clearance" says who must agree
before that: they come last, each with what follows it in its group. These, and what one person alone can say (roles
"consent", "publication", "language"), are never asked of a colleague.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from flows.interview.form import Form, Group, Node, Question, QuestionType

SILENT = frozenset({QuestionType.CALCULATE, QuestionType.HIDDEN})
CLOSING = frozenset({"clearance", "submit"})
PERSONAL = frozenset({*CLOSING, "consent", "publication", "language"})
_NUMBER = re.compile(r"\[\d+\]")
_ROW = re.compile(r"^(.*)\[(\d+)\]$")


def is_yes(node: Node, attribute: str) -> bool:
    return node.attributes.get(attribute, "").strip().lower() in ("yes", "true", "true()", "1", "oui")


def is_note(node: Question) -> bool:
    """Shown, not asked."""
    return node.type is QuestionType.NOTE or node.read_only or node.heading


@dataclass(frozen=True, slots=True)
class Plan:
    """`core`: paths of the questions of the core pass; `entered`: groups and repeats that hold one; `last`: of what
    hands the answers in; `personal`: of what no colleague is asked; `sections`: the groups at the top of the form that
    hold any question at all; `section_of`: theirs, by path of what is in them."""

    core: frozenset[str]
    entered: frozenset[str]
    last: frozenset[str]
    personal: frozenset[str]
    sections: tuple[Group, ...]
    section_of: Mapping[str, int]

    @property
    def has_core(self) -> bool:
        return bool(self.core)


_plans: dict[int, tuple[Form, Plan]] = {}
_KEPT = 64


def plan_of(form: Form) -> Plan:
    """The plan of `form`, kept for the forms used last."""
    known = _plans.get(id(form))
    if known is not None and known[0] is form:
        return known[1]
    if len(_plans) >= _KEPT:
        _plans.clear()
    plan = _plan(form)
    _plans[id(form)] = (form, plan)
    return plan


def _plan(form: Form) -> Plan:
    core: set[str] = set()
    entered: set[str] = set()

    def visit(group: Group, inherited: bool) -> bool:
        found = False
        notes: list[str] = []
        for child in group.children:
            marked = inherited or is_yes(child, "core")
            if isinstance(child, Group):
                holds = visit(child, marked)
            elif isinstance(child, Question) and child.type not in SILENT:
                if is_note(child) and not marked:
                    notes.append(child.path)
                    continue
                holds = marked
                if holds:
                    core.add(child.path)
            else:
                continue
            if holds:
                core.update(notes)
                found = True
            notes.clear()
        if found:
            entered.add(group.path)
        return found

    visit(form.root, is_yes(form.root, "core"))
    sections = tuple(child for child in form.root.children if isinstance(child, Group) and _holds_question(child))
    section_of = {node.path: number for number, section in enumerate(sections) for node in nodes_in(section)}
    last = frozenset(_last(form.root))
    personal = last.union(node.path for node in form.walk() if node.attributes.get("role") in PERSONAL)
    return Plan(frozenset(core), frozenset(entered), last, personal, sections, section_of)


def _last(group: Group) -> Iterator[str]:
    closing = False
    for child in group.children:
        if isinstance(child, Question):
            closing = closing or child.attributes.get("role") in CLOSING
            if closing:
                yield child.path
        elif isinstance(child, Group):
            yield from _last(child)


def nodes_in(group: Group) -> Iterator[Node]:
    """`group` and all that is in it."""
    yield group
    for child in group.children:
        yield from nodes_in(child) if isinstance(child, Group) else (child,)


def is_layout(group: Group) -> bool:
    """A group that only arranges questions: no node of the instance stands for it (`/data/~1`), and the paths of
    what is in it do not pass through it."""
    return "/~" in group.path


def _holds_question(group: Group) -> bool:
    return any(
        _holds_question(child) if isinstance(child, Group) else isinstance(child, Question) and child.type not in SILENT
        for child in group.children
    )


def bare(path: str) -> str:
    """`/data/source[2]/name` → `/data/source/name`."""
    return _NUMBER.sub("", path) if "[" in path else path


def placed(path: str, base: str, at: str) -> str:
    """Where the node `path` stands in the row `at` of the repeat `base`: in it, or outside where it is not in it."""
    return at + path[len(base) :] if path.startswith(base + "/") else path


def split_row(path: str) -> tuple[str, int] | None:
    """`/data/source[2]` → (`/data/source`, 2)."""
    match = _ROW.match(path)
    return (match[1], int(match[2])) if match else None


def rows_around(path: str) -> list[tuple[str, int]]:
    """The rows that a path lies in, outermost first: `/data/a[1]/b[2]/c` → [(`/data/a`, 1), (`/data/a[1]/b`, 2)]."""
    return [(path[: m.start()], int(m[0][1:-1])) for m in _NUMBER.finditer(path)]


def moved_up(path: str, repeat: str, removed: int) -> str | None:
    """Where `path` is after row `removed` of `repeat` is gone; None when it was in that row."""
    if not path.startswith(repeat + "["):
        return path
    end = path.index("]", len(repeat))
    number = int(path[len(repeat) + 1 : end])
    if number == removed:
        return None
    return f"{repeat}[{number - 1}]{path[end + 1 :]}" if number > removed else path
