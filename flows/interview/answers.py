"""The answers of an interview, for whoever makes something of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from flows.interview.form import Form, Group, Question, QuestionType, Repeat
from flows.interview.inputs import Attachment
from flows.interview.interview import awake
from flows.interview.logic import Session
from flows.interview.plan import SILENT, is_layout, is_note, placed, rows_around
from flows.interview.sitting import Sitting
from flows.interview.state import Interview, Record


@dataclass(frozen=True, slots=True)
class Answered:
    """One relevant question with what was said. `path` carries row numbers, `rows` names them: ("source", 2).

    `status`: answered · skipped · unknown · computed (calculated or given beforehand). `value` is XForms text,
    `display` what a person reads. `at`: ISO time in UTC. `again`: why it waits to be confirmed (see `reopening`).
    """

    path: str
    name: str
    type: QuestionType
    rows: tuple[tuple[str, int], ...]
    label: str
    value: str
    display: str
    status: str
    author: str = ""
    at: str = ""
    language: str = ""
    channel: str = ""
    confidential: bool = False
    revision: int = 0
    attachment: Attachment | None = None
    again: str = ""


def answers(
    form: Form, interview: Interview, language: str, *, now: datetime, session: Session | None = None
) -> tuple[Answered, ...]:
    """Everything relevant that is on record, in document order, read in `language`."""
    sitting = Sitting.open(form, interview, awake(form, interview, now, session), now)
    sitting.language = language
    return tuple(_within(sitting, form.root, form.root.path, form.root.path))


def _within(sitting: Sitting, group: Group, base: str, at: str) -> Iterator[Answered]:
    session = sitting.session
    for child in group.children:
        if isinstance(child, Group) and is_layout(child):
            yield from _within(sitting, child, base, at)
            continue
        path = placed(child.path, base, at)
        if not session.relevant(path):
            continue
        if isinstance(child, Repeat):
            for number in range(1, session.rows(path) + 1):
                row = f"{path}[{number}]"
                if session.relevant(row):
                    yield from _within(sitting, child, child.path, row)
        elif isinstance(child, Group):
            yield from _within(sitting, child, base, at)
        elif isinstance(child, Question):
            found = _answered(sitting, child, path)
            if found is not None:
                yield found


def _answered(sitting: Sitting, question: Question, path: str) -> Answered | None:
    value = sitting.session.value(path)
    record = sitting.records.get(path, Record(""))
    status = record.status
    if question.type in SILENT or is_note(question):
        status = "computed" if value else ""
    if not status or (status == "answered" and not value):
        return None
    return Answered(
        path,
        question.name,
        question.type,
        tuple((repeat.rpartition("/")[2], number) for repeat, number in rows_around(path)),
        sitting.label(path),
        value,
        sitting.display(path, language=sitting.language),
        status,
        record.author,
        record.at,
        record.language,
        record.channel,
        sitting.confidential(path),
        record.revision,
        record.attachment,
        record.mark.why if record.mark else "",
    )
