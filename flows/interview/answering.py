"""Putting an answer on record: checked by the form, with who said it, and what it hides or brings back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from itertools import chain
from typing import Any

from flows.interview.asking import needed, revision_of, token_of
from flows.interview.events import CameBack, Recorded, Refused, RowRemoved, SetAside
from flows.interview.form import Choice
from flows.interview.inputs import Attachment
from flows.interview.logic import Session
from flows.interview.plan import rows_around
from flows.interview.scope import is_others, label_around, why_not
from flows.interview.sitting import Sitting
from flows.interview.state import Record
from flows.interview.step import Step
from flows.interview.walk import SETTLED, outlined, reachable

Parts = tuple[tuple[str, int], ...]


def answer(sitting: Sitting, path: str, value: str, *, parts: Parts = (), attachment: Attachment | None = None) -> bool:
    """Record `value` as the answer at `path`; False, with the reason said, when the form's constraint refuses it or
    somebody else answers there."""
    if is_barred(sitting, path):
        return False
    session = sitting.session
    old = session.stored(path)
    kept = sitting.dump()
    with changes(sitting):
        session.set(path, value)
        if not session.stored(path) or not session.valid(path):
            message = session.constraint_message(path, sitting.language)
            restore(sitting, kept)
            refuse(sitting, path, "constraint", message=message)
            return False
        if session.cut:
            _refuse_rows(sitting, path, kept)
            return False
        if takes_others(sitting):
            _refuse_taking(sitting, path, kept)
            return False
        _record(sitting, path, "answered", old, parts=parts, attachment=attachment)
    return True


def leave(sitting: Sitting, path: str, status: str) -> bool:
    """Record that `path` is skipped or unknown; False where the form requires an answer or somebody else answers."""
    session = sitting.session
    if is_barred(sitting, path):
        return False
    if needed(sitting, path):
        message = session.required_message(path, sitting.language)
        refuse(sitting, path, "required" if status == "skipped" else "unknown_not_allowed", message=message)
        return False
    old = session.stored(path)
    kept = sitting.dump()
    with changes(sitting):
        session.set(path, "")
        if session.cut:
            _refuse_rows(sitting, path, kept)
            return False
        if takes_others(sitting):
            _refuse_taking(sitting, path, kept)
            return False
        if session.value(path) != "":  # a calculation or default answers for the person
            status = "answered"
        _record(sitting, path, status, old)
    return True


def is_barred(sitting: Sitting, path: str) -> bool:
    """Whether the answer at `path` is not this person's to give, or not before they see what is there; it is said."""
    if is_elsewhere(sitting, path):
        return True
    if is_overtaken(sitting, path):
        refuse_overtaken(sitting, path)
        return True
    return False


def is_elsewhere(sitting: Sitting, path: str) -> bool:
    """Whether what stands at `path` is not asked in this seat; the reason is said."""
    reason = why_not(sitting, path)
    if reason:
        refuse(sitting, path, reason, values={"part": label_around(sitting, path)})
    return bool(reason)


def is_overtaken(sitting: Sitting, path: str) -> bool:
    """Whether the answer on record is somebody else's, and this person was not shown it with the question."""
    record = sitting.records.get(path)
    if record is None or record.status not in SETTLED or record.author == sitting.author:
        return False
    return sitting.put != f"question:{path}" or sitting.put_revision != revision_of(sitting, path)


def refuse_overtaken(sitting: Sitting, path: str) -> None:
    """The question is asked again with the answer that somebody else gave, unless another is half answered."""
    step = Step("question", path)
    if sitting.put == step.key:
        sitting.token += 1  # a second press of the same button has not seen the new answer either
    if (sitting.put == step.key or not sitting.parts) and reachable(sitting, step):
        sitting.at = step.key
    refuse(sitting, path, "changed_meanwhile")


def takes_others(sitting: Sitting) -> bool:
    """Whether a change has just taken away a row with something that others answer."""
    if not sitting.scope and not sitting.away:
        return False
    kept = chain((path for path, record in sitting.records.items() if record.status), sitting.away, sitting.scope)
    return any(
        "[" in path and _lost_row(sitting, path) and (path in sitting.scope or is_others(sitting, path))
        for path in kept
    )


def _refuse_taking(sitting: Sitting, path: str, kept: Mapping[str, Any]) -> None:
    restore(sitting, kept)
    refuse(sitting, path, "rows_of_others")


def restore(sitting: Sitting, kept: Mapping[str, Any]) -> None:
    """Back to a dump: setting the old value again would not bring back the rows that a smaller count took away."""
    sitting.session = Session.load(sitting.form.logic, kept, sitting.session.host)


def _refuse_rows(sitting: Sitting, path: str, kept: Mapping[str, Any]) -> None:
    most = sitting.session.cut
    restore(sitting, kept)
    refuse(sitting, path, "too_many_rows", values={"most": most})


def refuse(
    sitting: Sitting,
    path: str,
    reason: str,
    *,
    values: dict[str, object] | None = None,
    message: str = "",
    suggestions: tuple[Choice, ...] = (),
) -> None:
    """Say why something is no answer."""
    sitting.say(Refused(path, reason, values or {}, message, suggestions, token_of(sitting)))


def _record(
    sitting: Sitting, path: str, status: str, old: str, *, parts: Parts = (), attachment: Attachment | None = None
) -> None:
    before = sitting.records.get(path)
    message = parts[-1][0] if parts else ""
    value = sitting.session.stored(path)
    had = before is not None and before.status in SETTLED
    mine = before is not None and before.author == sitting.author
    same = had and before is not None and before.status == status and old == value and (mine or attachment is None)
    confirmed = same and before is not None and before.mark is not None
    if before is not None and confirmed:
        parts, kept = parts or before.parts, attachment or before.attachment
    else:
        kept = attachment
    if before is not None and same and not confirmed:
        kept_parts = parts if parts and mine else before.parts  # what others said stays theirs, with their messages
        record = replace(before, parts=kept_parts, attachment=attachment or before.attachment)
    else:
        record = Record(
            status,
            sitting.author,
            sitting.moment,
            sitting.language,
            sitting.channel,
            parts,
            sitting.confidential(path),
            before.revision + 1 if before is not None and (had or before.revision) else 0,
            kept,
        )
    sitting.records[path] = record
    put = sitting.put == f"question:{path}"
    sitting.say(
        Recorded(
            path,
            value,
            old,
            status,
            sitting.display(path, value),
            sitting.language,
            record.revision,
            message,
            record.confidential,
            sitting.label(path),
            token_of(sitting) if put else "",
            before.status if before is not None else "",
            attachment,
            len(sitting.parts) if put else 0,
            confirmed,
        )
    )
    if put:
        sitting.parts.clear()
        sitting.ticks = None
        sitting.offers = ()
        sitting.refused_message = ""
        sitting.put = ""
        sitting.at = ""
    else:
        sitting.token += 1  # choices shown may have changed: old buttons no longer point where they did


@contextmanager
def changes(sitting: Sitting) -> Iterator[None]:
    """Say which answers a change sets aside, which come back, and which rows go with their count."""
    counted, session, shape = asked_now(sitting), sitting.session, sitting.session.shape
    yield
    if sitting.session is session and session.shape == shape:
        sitting.touch_values(outlined(sitting))
    else:
        tell_changes(sitting, counted)


def asked_now(sitting: Sitting) -> frozenset[str]:
    """The relevant questions."""
    return outlined(sitting).questions


def tell_changes(sitting: Sitting, counted: frozenset[str]) -> None:
    """Say what became of the answers since `counted` were the relevant questions."""
    sitting.touch()
    _forget_lost_rows(sitting)
    still = asked_now(sitting)
    if still == counted:
        return
    answered = [path for path, record in sitting.records.items() if record.status == "answered"]
    gone = tuple(path for path in answered if path in counted and path not in still)
    back = tuple(path for path in answered if path in still and path not in counted)
    if gone:
        sitting.say(SetAside(gone, tuple(sitting.label(path) for path in gone)))
    if back:
        sitting.say(CameBack(back, tuple(sitting.label(path) for path in back)))


def _forget_lost_rows(sitting: Sitting) -> None:
    """Rows that a smaller count took away, and what was kept of them by path."""
    kept = [*sitting.records, *sitting.closed, *sitting.told]
    lost = {row for path in kept if (row := _lost_row(sitting, path))}
    if not lost:
        return
    for repeat, number in sorted(lost, reverse=True):
        inside = f"{repeat}[{number}]"
        removed = tuple(path for path in sitting.records if path.startswith(inside))
        if removed:
            sitting.say(RowRemoved(inside, sitting.row_label(inside), removed))
    sitting.records = {path: record for path, record in sitting.records.items() if not _lost_row(sitting, path)}
    sitting.closed = {path for path in sitting.closed if not _lost_row(sitting, path)}
    sitting.told = {path for path in sitting.told if not _lost_row(sitting, path)}


def _lost_row(sitting: Sitting, path: str) -> tuple[str, int] | None:
    """The outermost row around `path` that is no more."""
    if "[" not in path:
        return None
    return next((row for row in rows_around(path) if row[1] > sitting.session.rows(row[0])), None)
