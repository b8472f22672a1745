"""Whose a question is, where several people work on the same answers.

A scope is a tuple of paths: of questions, the single one in a row with its numbers, and of groups and repeats, which
stand for all that is in them and in every row. What one person alone can say (`Plan.personal`) is in nobody's scope.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from weakref import WeakKeyDictionary

from flows.interview.logic import Session
from flows.interview.outline import Outline
from flows.interview.plan import bare, moved_up
from flows.interview.sitting import Sitting
from flows.interview.step import Step

WITH_COLLEAGUE, OUTSIDE, WAITING = "with_colleague", "outside_part", "closing_waits"

_parted: WeakKeyDictionary[Session, tuple[Outline, dict[tuple[tuple[str, ...], tuple[str, ...]], Outline]]] = (
    WeakKeyDictionary()
)


def within(path: str, scope: Iterable[str]) -> bool:
    """Whether `path`, of a question, group, repeat or row, lies in `scope`."""
    plain = bare(path)
    for part in scope:
        at = path if "[" in part else plain
        if at.startswith(part) and at[len(part) : len(part) + 1] in ("", "/"):
            return True
    return False


def overlap(one: Iterable[str], other: Iterable[str]) -> bool:
    """Whether two scopes have anything in common."""
    first, second = tuple(one), tuple(other)
    return any(within(path, second) for path in first) or any(within(path, first) for path in second)


def why_not(sitting: Sitting, path: str) -> str:
    """Why what stands at `path` is not asked in this seat: the name of a refusal, or "" where it is."""
    if not sitting.scope and not sitting.away:
        return ""
    plain = bare(path)
    personal = plain in sitting.plan.personal
    if sitting.scope:
        return "" if not personal and within(path, sitting.scope) else OUTSIDE
    if personal:
        return WAITING if plain in sitting.plan.last else ""
    return WITH_COLLEAGUE if within(path, sitting.away) else ""


def is_others(sitting: Sitting, path: str) -> bool:
    """Whether somebody else answers what stands at `path`."""
    return why_not(sitting, path) in (WITH_COLLEAGUE, OUTSIDE)


def moves_others(sitting: Sitting, repeat: str, number: int) -> bool:
    """Whether removing a row would take away or renumber what somebody else answers."""
    if not sitting.scope and not sitting.away:
        return False
    row = f"{repeat}[{number}]"
    if is_others(sitting, row) or any(moved_up(path, repeat, number) != path for path in sitting.away):
        return True
    return any(path.startswith(f"{row}/") and is_others(sitting, path) for path in sitting.records)


def parted(sitting: Sitting, outline: Outline) -> Outline:
    """Of the relevant steps those asked in this seat; kept while the outline stays."""
    scope, away = sitting.scope, sitting.away
    known = _parted.get(sitting.session)
    if known is None or known[0] is not outline:
        known = _parted[sitting.session] = (outline, {})
    found = known[1].get((scope, away))
    if found is None:
        found = known[1][scope, away] = _own(sitting, outline)
    return found


def _own(sitting: Sitting, outline: Outline) -> Outline:
    every = tuple(step for step in outline.every if not why_not(sitting, step.path))
    if sitting.scope:  # all of it is asked, in document order
        return Outline(every, (), every, (), outline.questions, outline.judged)
    asked = frozenset(every)
    core, rest, last = (
        tuple(step for step in steps if step in asked) for steps in (outline.core, outline.rest, outline.last)
    )
    return Outline(every, core, rest, last, outline.questions, outline.judged)


def with_colleagues(sitting: Sitting, outline: Outline) -> Iterator[Step]:
    """The questions that colleagues are asked."""
    if sitting.away:
        personal = sitting.plan.personal
        for step in outline.every:
            if step.kind == "question" and within(step.path, sitting.away) and bare(step.path) not in personal:
                yield step


def labels(sitting: Sitting, scope: Iterable[str]) -> tuple[str, ...]:
    """What a scope is called: a section it has several parts in by the section's label, the others by their own."""
    sections, paths = sitting.plan.sections, tuple(scope)
    numbers = [sitting.plan.section_of.get(bare(path)) for path in paths]
    shown = [
        path if number is None or numbers.count(number) == 1 else sections[number].path
        for path, number in zip(paths, numbers, strict=True)
    ]
    return tuple(label_of(sitting, path) for path in dict.fromkeys(shown))


def label_around(sitting: Sitting, path: str) -> str:
    """What the part with colleagues is called that `path` lies in; the label of `path` where it lies in none."""
    around = [part for part in sitting.away if within(path, (part,))]
    return labels(sitting, around)[0] if around else label_of(sitting, path)


def label_of(sitting: Sitting, path: str) -> str:
    """The label of a question, group or repeat, with its row."""
    if not sitting.exists(path):  # another version of the form has it no more
        return bare(path).rpartition("/")[2]
    return " · ".join(said for said in (sitting.row_label(path), sitting.label(path)) if said)
