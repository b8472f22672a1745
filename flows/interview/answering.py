"""Putting an answer on record: checked by the form, with who said it, and what it hides or brings back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from flows.interview.asking import needed, token_of
from flows.interview.events import Attachment, CameBack, Recorded, Refused, RowRemoved, SetAside
from flows.interview.form import Choice
from flows.interview.logic import Session
from flows.interview.plan import rows_around
from flows.interview.sitting import Sitting
from flows.interview.state import Record
from flows.interview.walk import SETTLED, outlined

Parts = tuple[tuple[str, int], ...]


def answer(sitting: Sitting, path: str, value: str, *, parts: Parts = (), attachment: Attachment | None = None) -> bool:
    """Record `value` as the answer at `path`; False, with the reason said, when the form's constraint refuses it."""
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
        _record(sitting, path, "answered", old, parts=parts, attachment=attachment)
    return True


def leave(sitting: Sitting, path: str, status: str) -> bool:
    """Record that `path` is skipped or unknown; False where the form requires an answer."""
    session = sitting.session
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
        if session.value(path) != "":  # a calculation or default answers for the person
            status = "answered"
        _record(sitting, path, status, old)
    return True


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
    same = had and before is not None and before.status == status and old == value
    confirmed = same and before is not None and before.mark is not None
    if before is not None and confirmed:
        parts, kept = parts or before.parts, attachment or before.attachment
    else:
        kept = attachment
    if before is not None and same and not confirmed:
        record = replace(before, parts=parts or before.parts, attachment=attachment or before.attachment)
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
