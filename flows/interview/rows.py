"""Adding and removing rows of a repeat, and moving what is kept by path along."""

from __future__ import annotations

from flows.interview.answering import asked_now, refuse, restore, takes_others, tell_changes
from flows.interview.asking import drop_optional_rows
from flows.interview.events import RowAdded, RowRemoved
from flows.interview.plan import moved_up
from flows.interview.sitting import Sitting


def add_row(sitting: Sitting, repeat: str) -> None:
    """One more row at the end of `repeat`, to be asked next."""
    rows, counted, kept = sitting.session.rows(repeat), asked_now(sitting), sitting.dump()
    sitting.session.add_row(repeat)
    sitting.touch()
    most = sitting.session.cut or (rows if sitting.session.rows(repeat) == rows else 0)
    if most:
        restore(sitting, kept)
        refuse(sitting, repeat, "too_many_rows", values={"most": most})
        return
    if takes_others(sitting):
        restore(sitting, kept)
        refuse(sitting, repeat, "rows_of_others")
        return
    row = f"{repeat}[{rows + 1}]"
    drop_optional_rows(sitting, row)
    sitting.touch()
    sitting.closed.discard(repeat)
    sitting.say(RowAdded(row, sitting.row_label(row)))
    tell_changes(sitting, counted)


def remove_row(sitting: Sitting, repeat: str, number: int) -> None:
    """Take row `number` of `repeat` away with all its answers; later rows move up by one."""
    label, counted = sitting.row_label(f"{repeat}[{number}]"), asked_now(sitting)
    removed = tuple(path for path in sitting.records if moved_up(path, repeat, number) is None)
    before, kept = sitting.records, sitting.dump()
    sitting.session.remove_row(repeat, number)
    sitting.touch()
    sitting.records = {
        new: record for path, record in sitting.records.items() if (new := moved_up(path, repeat, number)) is not None
    }
    if takes_others(sitting):
        restore(sitting, kept)
        sitting.touch()
        sitting.records = before
        refuse(sitting, f"{repeat}[{number}]", "rows_of_others")
        return
    sitting.closed = {new for path in sitting.closed if (new := moved_up(path, repeat, number)) is not None}
    sitting.told = {new for path in sitting.told if (new := moved_up(path, repeat, number)) is not None}
    sitting.at = ""
    sitting.put = ""
    sitting.say(RowRemoved(f"{repeat}[{number}]", label, removed))
    tell_changes(sitting, frozenset(new for path in counted if (new := moved_up(path, repeat, number)) is not None))
