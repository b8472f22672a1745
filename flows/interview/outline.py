"""The relevant steps of an interview. They stay the same as long as no relevance changes and no row comes or goes, so
they are kept from turn to turn beside the live session."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from flows.interview.form import Form
from flows.interview.logic import Session
from flows.interview.plan import plan_of
from flows.interview.state import Record
from flows.interview.step import Step


@dataclass(frozen=True, slots=True)
class Outline:
    """Steps in document order: `every` one; those of the `core` pass, of the `rest`, and what comes `last` of all.
    `questions` are paths; `judged` those of questions with a condition, which anything may turn."""

    every: tuple[Step, ...]
    core: tuple[Step, ...]
    rest: tuple[Step, ...]
    last: tuple[Step, ...]
    questions: frozenset[str]
    judged: tuple[str, ...]


Settled = dict[str, tuple[Record | None, bool]]  # by path: whether a question is, and with which record
_outlines: WeakKeyDictionary[Session, tuple[int, Form, Outline]] = WeakKeyDictionary()

_settled: WeakKeyDictionary[Session, tuple[int, Mapping[str, Record], Outline, Settled]] = WeakKeyDictionary()


def outline_of(form: Form, session: Session, find: Callable[[], Iterable[tuple[Step, bool]]]) -> Outline:
    """The outline kept, or a new one of what `find` gives: the relevant steps, and whether each belongs to the core."""
    known = _outlines.get(session)
    if known is not None and known[0] == session.shape and known[1] is form:
        return known[2]
    last = plan_of(form).last
    found = list(find())
    questions = [step.path for step, _ in found if step.kind == "question"]
    outline = Outline(
        every=tuple(step for step, _ in found),
        core=tuple(step for step, core in found if core and step.path not in last),
        rest=tuple(step for step, core in found if not core and step.path not in last),
        last=tuple(step for step, _ in found if step.path in last),
        questions=frozenset(questions),
        judged=tuple(path for path in questions if session.is_judged(path)),
    )
    _outlines[session] = (session.shape, form, outline)
    return outline


def keep_settled(session: Session, records: Mapping[str, Record], outline: Outline, settled: Settled) -> None:
    """Keep for the next turn what is known at the end of this one."""
    _settled[session] = (session.changes, records, outline, settled)


def take_settled(session: Session, records: Mapping[str, Record]) -> Settled:
    """What the last turn knew and what still holds; nothing where anything changed since. It is given away."""
    changes, known, outline, settled = _settled.pop(session, (-1, None, None, None))
    if outline is None or settled is None or changes != session.changes or known is not records:
        return {}
    for path in outline.judged:
        settled.pop(path, None)
    return settled
