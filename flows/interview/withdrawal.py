"""An answer taken back for a reason outside the conversation: the content of a file turned out to be forbidden."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from flows.interview.answering import changes
from flows.interview.events import Recorded
from flows.interview.form import Form
from flows.interview.interview import Turn, host_of, turn_of
from flows.interview.logic import Session
from flows.interview.sitting import Sitting
from flows.interview.state import Interview
from flows.interview.step import Step
from flows.interview.walk import reachable


def withdraw(
    form: Form, interview: Interview, path: str, value: str, *, now: datetime, session: Session | None = None
) -> Turn:
    """The answer `value` at `path` no longer counts, and its question is open again; nothing is asked here, so that
    what a person is just writing stays as it is. Without that answer there, nothing changes and nothing is said."""
    live = (
        session if session is not None else Session.load(form.logic, interview.session, host_of(interview.given, now))
    )
    sitting = Sitting.open(form, interview, live, now)
    record = sitting.records.get(path)
    if record is None or not sitting.exists(path) or live.value(path) != value:
        return Turn(interview, (), live)
    with changes(sitting):
        live.set(path, "")
        sitting.records[path] = replace(record, status="", parts=(), attachment=None, revision=record.revision + 1)
        sitting.completed = False
        sitting.say(
            Recorded(
                path,
                "",
                value,
                "cleared",
                "",
                sitting.language,
                record.revision + 1,
                confidential=record.confidential,
                label=sitting.label(path),
                old_status=record.status,
            )
        )
    put = Step.from_key(sitting.put)
    if put.path != path and reachable(sitting, put):
        sitting.at = put.key  # what the person is answering is answered first
    return turn_of(sitting)
