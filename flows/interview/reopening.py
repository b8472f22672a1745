"""Answers on record asked again: returned with a comment, the yearly "still right?", a question that changed its
meaning, a finding of desk research, what concerns the person where somebody else goes on.

The old value stays where it is until it is confirmed or replaced; either is a revision of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from flows.interview.asking import SUBMIT, ask
from flows.interview.events import Reopened
from flows.interview.form import Form, Group
from flows.interview.interview import Turn, awake
from flows.interview.logic import Session
from flows.interview.plan import CLOSING, bare
from flows.interview.progress import by_section
from flows.interview.replies.folding import clean
from flows.interview.sitting import Sitting
from flows.interview.state import Interview, Mark, Record, Why
from flows.interview.walk import SETTLED, current, is_asked, outlined

HANDED_IN_AGAIN: frozenset[Why] = frozenset({"returned", "changed"})
_ASIDE = CLOSING | {"language", "consent"}  # roles of questions that are asked again only where they are named
_WEIGHT: Mapping[Why, int] = {"yearly": 0, "changed": 1, "successor": 2, "finding": 3, "returned": 4}


@dataclass(frozen=True, slots=True)
class Reopening(Turn):
    """A turn, with the answers asked again (`paths`) and those named that are not: `left`, path → a reason.

    Reasons: `no_such_question` · `not_asked_now` (other answers make it needless) · `not_answered` (it is open anyhow)
    · `hands_in` (a yearly round hands nothing in).
    """

    paths: tuple[str, ...]
    left: Mapping[str, str]


def reopen(
    form: Form,
    interview: Interview,
    paths: Iterable[str],
    *,
    why: Why,
    note: str = "",
    by: str = "",
    now: datetime,
    session: Session | None = None,
) -> Reopening:
    """Ask the answers at `paths` again. A group or a row stands for every answer in it, a repeat also for "another
    row?"; language, consent and what hands the answers in are then left out.

    Whoever is being asked something else finishes that first; otherwise the first of them is put at once. Where
    answers were handed in, they are handed in again, but for the yearly round and for findings. Where nothing is
    asked again, nothing changes and nothing is said.
    """
    live = awake(form, interview, now, session)
    sitting = Sitting.open(form, interview, live, now)
    step = current(sitting)
    busy = step is not None and step.key == sitting.put
    found, repeats, left = _named(sitting, paths, why)
    if not found and not repeats:
        return Reopening(interview, (), live, (), left)
    mark = Mark(why, clean(note), by, sitting.moment)
    for path in found:
        put_mark(sitting, path, mark)
    if why in HANDED_IN_AGAIN:
        for path in handing_in(sitting):
            put_mark(sitting, path, replace(mark, note=""))
    sitting.closed -= repeats
    sitting.completed = False
    later = busy and sitting.put not in {f"question:{path}" for path in found}
    labels = tuple(sitting.label(path) for path in found)
    if found:
        sitting.say(Reopened(found, labels, why, mark.note, by, later))
    if later:
        sitting.at = sitting.put  # what is being answered is answered first
    else:
        ask(sitting)
    sections = by_section(sitting)
    return Reopening(sitting.close(), tuple(sitting.events), sitting.session, found, left, sections=sections)


def let_be(form: Form, interview: Interview, *, why: Why, now: datetime, session: Session | None = None) -> Turn:
    """Ask no more what was asked again for this reason and has not been answered: it stays as it was."""
    live = awake(form, interview, now, session)
    sitting = Sitting.open(form, interview, live, now)
    meant = [path for path, record in sitting.records.items() if record.mark and record.mark.why == why]
    for path in meant:
        sitting.records[path] = replace(sitting.records[path], mark=None)
    if sitting.put in {f"question:{path}" for path in meant}:
        ask(sitting)
    sections = by_section(sitting)
    return Turn(sitting.close(), tuple(sitting.events), sitting.session, sections=sections)


def reopened(interview: Interview) -> dict[str, tuple[Why, str]]:
    """What is still to be confirmed or replaced: path → (why, note)."""
    return {path: (record.mark.why, record.mark.note) for path, record in interview.records.items() if record.mark}


def put_mark(sitting: Sitting, path: str, mark: Mark) -> None:
    """Mark the answer at `path`. What was said of it before and waits to be read stays to be read."""
    record = sitting.records.get(path, Record(""))
    sitting.records[path] = replace(record, mark=_joined(record.mark, mark))


def _joined(old: Mark | None, new: Mark) -> Mark:
    if old is None:
        return new
    first = old if _WEIGHT[old.why] > _WEIGHT[new.why] else new
    words = dict.fromkeys(one.note for one in (old, new) if one.note and one.why != "changed")
    note = first.note if first.why == "changed" else "\n\n".join(words)
    return replace(first, note=note, was=new.was or old.was)


def _named(sitting: Sitting, paths: Iterable[str], why: Why) -> tuple[tuple[str, ...], set[str], dict[str, str]]:
    """The answers meant, in document order; the repeats meant; and why others are not."""
    meant: set[str] = set()
    repeats: set[str] = set()
    left: dict[str, str] = {}
    order = [step.path for step in outlined(sitting).every if step.kind == "question"]
    for path in paths:
        node = sitting.node(path)
        if isinstance(node, Group):
            repeats |= {one for one in sitting.closed if one == path or _within(one, path)}
            inside = [one for one in order if _within(one, path) and _settled(sitting, one)]
            meant.update(one for one in inside if not _is_aside(sitting, one))
            if not inside and path not in repeats:
                left[path] = "not_answered"
            continue
        if not is_asked(node) or not sitting.exists(path):
            left[path] = "no_such_question"
        elif path not in order:
            left[path] = "not_asked_now"
        elif not _settled(sitting, path):
            left[path] = "not_answered"
        elif why == "yearly" and node is not None and node.attributes.get("role") == SUBMIT:
            left[path] = "hands_in"
        else:
            meant.add(path)
    return tuple(path for path in order if path in meant), repeats, left


def _within(path: str, group: str) -> bool:
    """Whether `path` lies in a group, in a row, or in any row of a repeat."""
    return path.startswith((f"{group}/", f"{group}["))


def _settled(sitting: Sitting, path: str) -> bool:
    record = sitting.records.get(path)
    return record is not None and record.status in SETTLED


def _is_aside(sitting: Sitting, path: str) -> bool:
    node = sitting.node(path)
    return bare(path) in sitting.plan.last or (node is not None and node.attributes.get("role") in _ASIDE)


def handing_in(sitting: Sitting) -> Iterator[str]:
    """The questions by which the answers were handed in."""
    for step in outlined(sitting).last:
        node = sitting.node(step.path)
        if node is not None and node.attributes.get("role") == SUBMIT and _settled(sitting, step.path):
            yield step.path
