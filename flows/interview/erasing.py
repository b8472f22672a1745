"""Answers taken out of an interview for the law's sake: as if they had never been given, everything else as it was."""

from __future__ import annotations

from collections.abc import Container, Iterable
from dataclasses import replace
from datetime import datetime

from flows.interview.form import Form
from flows.interview.interview import awake
from flows.interview.logic import Session
from flows.interview.plan import bare
from flows.interview.sitting import Sitting
from flows.interview.state import Interview, Retired
from flows.interview.step import Step


def erase(
    form: Form,
    interview: Interview,
    paths: Iterable[str],
    asides: Container[Retired] = (),
    *,
    now: datetime,
    session: Session | None = None,
) -> Interview:
    """The interview without the answers at `paths`, without what was half given there, what was said when it was asked
    again, and what older versions of the form knew of it; and without `asides` of what it has no place for. Nothing is
    asked, nothing is put again."""
    live = awake(form, interview, now, session)
    sitting = Sitting.open(form, interview, live, now)
    gone = set(paths)
    for path in gone:
        if path in form.nodes or bare(path) in form.nodes:
            try:
                sitting.session.set(path, "")
            except KeyError:  # a row that is no more
                continue
    sitting.records = {path: record for path, record in sitting.records.items() if path not in gone}
    sitting.touch()
    closed = sitting.close()
    if Step.from_key(interview.put).path in gone:
        closed = replace(closed, parts=(), ticks=None, offers=(), refused_message="")
    bares = {bare(path) for path in gone}
    left = (one for one in closed.retired if one not in asides and bare(one.path) not in bares)
    return replace(closed, retired=tuple(left))
