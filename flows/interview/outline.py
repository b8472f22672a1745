"""The relevant steps of an interview. They stay the same as long as no relevance changes and no row comes or goes, so
they are kept from turn to turn beside the live session."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from flows.interview.form import Form
from flows.interview.logic import Session
from flows.interview.plan import plan_of
from flows.interview.step import Step


@dataclass(frozen=True, slots=True)
class Outline:
    """Steps in document order: `every` one; those of the `core` pass, of the `rest`, and what comes `last` of all.
    `questions` are paths."""

    every: tuple[Step, ...]
    core: tuple[Step, ...]
    rest: tuple[Step, ...]
    last: tuple[Step, ...]
    questions: frozenset[str]


_outlines: WeakKeyDictionary[Session, tuple[int, Form, Outline]] = WeakKeyDictionary()


def outline_of(form: Form, session: Session, find: Callable[[], Iterable[tuple[Step, bool]]]) -> Outline:
    """The outline kept, or a new one of what `find` gives: the relevant steps, and whether each belongs to the core."""
    known = _outlines.get(session)
    if known is not None and known[0] == session.shape and known[1] is form:
        return known[2]
    last = plan_of(form).last
    found = list(find())
    outline = Outline(
        every=tuple(step for step, _ in found),
        core=tuple(step for step, core in found if core and step.path not in last),
        rest=tuple(step for step, core in found if not core and step.path not in last),
        last=tuple(step for step, _ in found if step.path in last),
        questions=frozenset(step.path for step, _ in found if step.kind == "question"),
    )
    _outlines[session] = (session.shape, form, outline)
    return outline
