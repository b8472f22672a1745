"""An open interview meets a newer version of its form and goes on under it: wording asks nobody again, a change of
meaning asks those who answered, what has no place any more is kept aside, and no answer is lost.

    changed = reconcile(newest, form_of_the_interview, interview, now=now, input=input)
    turn = advance(newest, changed.interview, changed.input or Resume(), …)

Nothing is asked here: that is the next turn's. Under the same version nothing changes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from flows.interview.asking import drop_optional_rows
from flows.interview.carrying import Laid, Layout, Moves, begun, converted, laid, unrecorded
from flows.interview.comparing import Change, compare, comparison, conflict, is_answered
from flows.interview.events import FormChanged, Recorded
from flows.interview.form import Form, Question, Repeat
from flows.interview.inputs import Again, Attach, Choose, Done, Input, Keep, Locate, Say, Skip, Undo, Unknown
from flows.interview.interview import Turn, awake, host_of, spoken
from flows.interview.logic import Session
from flows.interview.logic.codecs import clean, written
from flows.interview.plan import bare
from flows.interview.reopening import handing_in, put_mark
from flows.interview.reseating import Placing
from flows.interview.sitting import Sitting
from flows.interview.state import Aside, Interview, Mark, Record, Retired
from flows.interview.walk import SETTLED, current, is_again, outlined, own

__all__ = ["Change", "Reconciled", "compare", "conflict", "counted", "reconcile", "reseat"]

_ANSWERS = (Say, Choose, Attach, Locate, Skip, Unknown, Done, Undo, Keep, Again)  # to the question put


@dataclass(frozen=True, slots=True)
class Reconciled(Turn):
    """The interview under the newer version. `asked_again`: answers to be confirmed or replaced; `retired`: what was
    kept aside; `moved`: old path → new path of answers; `recorded`: revisions that follow from the change, for the
    history. `stands`: what was put last is still the same question. `input`: the one given, where it may be taken; a
    text meant for a question that is another now is kept aside, or with what was typed before it."""

    changes: tuple[Change, ...] = ()
    asked_again: tuple[str, ...] = ()
    retired: tuple[Retired, ...] = ()
    moved: Mapping[str, str] = field(default_factory=dict)
    recorded: tuple[Recorded, ...] = ()
    stands: bool = True
    input: Input | None = None


def reconcile(
    form_new: Form,
    form_old: Form | None,
    interview: Interview,
    *,
    now: datetime,
    session: Session | None = None,
    input: Input | None = None,
) -> Reconciled:
    """The interview under `form_new`. `form_old`: the version it was held under; without it (None) answers keep their
    paths, and what does not fit is kept aside. `session`: the live one, where the version is the same."""
    if interview.form_id != form_new.id:
        raise ValueError(f"a form {form_new.id!r} is no version of {interview.form_id!r}")
    if interview.version == form_new.version:
        return Reconciled(interview, (), awake(form_new, interview, now, session), input=input)
    change = _Change(form_new, form_old or form_new, interview, now, _said(input))
    return _with_input(change.run(), input)


def counted(
    form_new: Form, form_old: Form | None, interview: Interview, *, now: datetime, blank: Mapping[str, Any]
) -> tuple[int, int]:
    """How many answers `reconcile` would ask again and how many it would keep aside, quicker. `blank`: see
    `carrying.begun`."""
    return _Change(form_new, form_old or form_new, interview, now).count(blank)


def reseat(
    form_new: Form, form_old: Form | None, interview: Interview, *, now: datetime, input: Input | None = None
) -> Reconciled:
    """A colleague's seat (`interview`: the shared answers, under `form_new` by now, with the seat's own place, under
    `form_old`) brought to the version of the answers it shares."""
    change = _Change(form_new, form_old or form_new, interview, now, _said(input))
    sitting = Sitting.open(form_new, interview, awake(form_new, interview, now), now)
    change.placing.settle_in(sitting)
    again = tuple(step.path for step in own(sitting).every if is_again(sitting, step))
    unfinished, stands = change.placing.place(sitting)
    labels = tuple(sitting.label(path) for path in again)
    sitting.completed = interview.completed and current(sitting) is None
    same = stands or not interview.put
    sitting.say(FormChanged(form_new.version, again, labels, unfinished=unfinished, stands=same))
    asides = sitting.retired[len(interview.retired) :]
    found = Reconciled(sitting.close(), tuple(sitting.events), sitting.session, retired=asides, stands=stands)
    return _with_input(found, input)


def _said(input: Input | None) -> Say | None:
    """Words in answer to the question put."""
    return input if isinstance(input, Say) and not input.revises else None


def _with_input(found: Reconciled, input: Input | None) -> Reconciled:
    """The input with it, where it may be taken; words that may not are kept, of other answers it is said."""
    if found.stands or not isinstance(input, _ANSWERS) or (isinstance(input, Say) and input.revises):
        return replace(found, input=input)
    if isinstance(input, Say):
        return found
    events = tuple(replace(one, taken=False) if isinstance(one, FormChanged) else one for one in found.events)
    return replace(found, events=events)


class _Change:
    """One interview's way from a version to the next."""

    def __init__(self, new: Form, old: Form, interview: Interview, now: datetime, said: Say | None = None) -> None:
        self.new, self.old, self.interview, self.now = new, old, interview, now
        self.comparison = comparison(old, new)
        self.moves = Moves(old, new, self.comparison)
        self.placing = Placing(self.moves, interview, self._keep_unfinished, said)
        self.host = host_of(interview.given, now, interview.language, str(interview.session.get("seed", "")))
        self.before: Sitting | None = None
        self.records: dict[str, Record] = {}
        self.values: dict[str, str] = {}  # of answers on record, by their new path
        self.old_values: dict[str, str] = {}
        self.came: dict[str, str] = {}  # new path → old path, of answers on record
        self.unfit: dict[str, str] = {}  # new path → the answer that does not fit there, as a person reads it
        self.aside: list[Retired] = []

    def count(self, blank: Mapping[str, Any]) -> tuple[int, int]:
        """How many answers are asked again and how many are kept aside, and nothing else."""
        sitting, _ = self._begin(blank)
        again = sum(sitting.session.relevant(path) for path in self._mark(sitting))
        return again, sum(one.record.status == "answered" for one in self.aside)

    def _begin(self, blank: Mapping[str, Any] | None = None) -> tuple[Sitting, tuple[Recorded, ...]]:
        """The answers where they go; and the revisions of those that came back."""
        was = self.interview
        found = laid(self.old, was.session)
        session = begun(self.new, self._layout(found), self.host, str(was.session.get("seed", "")), blank)
        language = spoken(self.new, was.language)
        sitting = Sitting.open(self.new, replace(was, language=language, session={}), session, self.now)
        sitting.records = self.records
        self._give(sitting)
        self._settle_values(sitting)
        return sitting, self._revive(sitting)

    def run(self) -> Reconciled:
        was = self.interview
        sitting, revived = self._begin()
        sitting.closed = self.placing.places(was.closed)
        sitting.away = self.placing.scope(was.away)
        self.placing.settle_in(sitting)
        again = self._asked_again(sitting, self._mark(sitting))
        sitting.retired = (*sitting.retired, *self.aside)
        sitting.touch()
        unfinished, stands = self.placing.place(sitting)
        recorded = (*self._recorded(sitting), *revived)
        sitting.completed = was.completed and current(sitting) is None
        asides = tuple(one for one in sitting.retired if one not in was.retired)
        self._say(sitting, again, asides, unfinished, stands or not was.put)
        events, interview = tuple(sitting.events), sitting.close()
        return Reconciled(
            interview,
            events,
            Session.load(self.new.logic, interview.session, self.host),
            changes=self.comparison.changes,
            asked_again=again,
            retired=asides,
            moved={old: new for new, old in self.came.items() if old != new and new in interview.records},
            recorded=recorded,
            stands=stands,
        )

    # ---- answers ----
    def _layout(self, found: Laid) -> Layout:
        """What the session begins with; whatever of the answers on record has no place is kept aside."""
        layout = Layout()
        for path, record in self.interview.records.items():
            self._carry(path, record, found.values.get(path, ""))
        layout.values.update(self.values)
        for path, value in found.values.items():
            if path not in self.interview.records and value:
                carried = unrecorded(self.moves, path, value)
                if carried is not None:
                    layout.values.setdefault(*carried)
        for path, count in found.rows.items():
            there = self.moves.place(path)
            if there is not None and isinstance(self.new.nodes.get(bare(there)), Repeat):
                layout.rows[there] = max(count, layout.rows.get(there, 0))
        return layout

    def _carry(self, path: str, record: Record, value: str) -> None:
        there = self.moves.place(path)
        old, new = self.old.nodes.get(bare(path)), self.new.nodes.get(self.comparison.places.get(bare(path), ""))
        if there is None or there in self.records or not is_answered(new):
            self._set_aside(path, record, value, "retired" if not is_answered(new) else "rows")
            return
        self.came[there] = path
        self.old_values[there] = value
        kept: str | None = value
        if value and isinstance(old, Question) and isinstance(new, Question):
            shown = self._display(path, value) if old.type is not new.type else ""
            kept = converted(self.moves, old, new, value, shown)
        if kept is None:
            self.unfit[there] = self._display(path, value)
            self._set_aside(path, record, value, "type")
            record = replace(record, status="", parts=(), attachment=None, revision=record.revision + 1)
        elif kept:
            self.values[there] = kept
        self.records[there] = record

    def _settle_values(self, sitting: Sitting) -> None:
        """Every carried answer stands where it should, also one left blank: what the form itself puts there gives way,
        and what found no row is kept aside."""
        session = sitting.session
        for path in self.came:
            value = self.values.get(path, "")
            if path in self.unfit or not session.exists(path) or session.stored(path) == value:
                continue
            definition = self.new.logic.definitions[bare(path)]
            wanted = written(definition, clean(value))
            if session.stored(path) != wanted and (wanted or definition.calculate is None):
                session.set(path, wanted)
        for path in [path for path in self.records if not session.exists(path)]:
            record = self.records.pop(path)
            self._set_aside(self.came.pop(path), record, self.old_values[path], "rows")

    def _set_aside(self, path: str, record: Record, value: str, why: Aside) -> None:
        if record.status in SETTLED or value:
            self.aside.append(self._aside(path, record, value, self._display(path, value), why))

    def _keep_unfinished(self, path: str, record: Record, text: str) -> Retired:
        return self._aside(path, record, text, text, "unfinished")

    def _aside(self, path: str, record: Record, value: str, shown: str, why: Aside) -> Retired:
        before = self._before()
        label = before.label(path) if before.exists(path) else bare(path).rpartition("/")[2]
        return Retired(path, label, value, shown, self.interview.version, why, replace(record, mark=None))

    def _display(self, path: str, value: str) -> str:
        sitting = self._before()
        return sitting.display(path, value) if value and sitting.exists(path) else value

    def _before(self) -> Sitting:
        """The interview as it was, to read labels from."""
        if self.before is None:
            self.before = Sitting.open(
                self.old, self.interview, awake(self.old, self.interview, self.now, None), self.now
            )
        return self.before

    def _give(self, sitting: Sitting) -> None:
        """What the new version wants to know beforehand, and its own new repeats that may stay empty."""
        for node in self.comparison.come:
            value = sitting.given.get(node.path, sitting.given.get(node.name))
            if value is not None and sitting.session.exists(node.path):
                sitting.session.set(node.path, value)
        drop_optional_rows(sitting, self.new.root.path, self.comparison.around)

    def _revive(self, sitting: Sitting) -> tuple[Recorded, ...]:
        """A question that was retired and is there again has its answer again."""
        recorded: list[Recorded] = []
        for one in reversed(sitting.retired):
            change = self.moves.change(one.path)
            node = self.new.nodes.get(bare(one.path))
            fits = change is not None and change.kind == "added" and one.why == "retired" and is_answered(node)
            if not fits or one.path in sitting.records or not sitting.exists(one.path):
                continue
            if one.value and not sitting.session.accepts(one.path, one.value):
                continue
            sitting.session.set(one.path, one.value)
            record = replace(one.record, revision=one.record.revision + 1)
            sitting.records[one.path] = record
            sitting.retired = tuple(other for other in sitting.retired if other is not one)
            if one.label != sitting.label(one.path):
                put_mark(sitting, one.path, self._reason("meaning", one.display))
            recorded.append(_revision(sitting, one.path, "", record))
        return tuple(recorded)

    # ---- what is asked again ----
    def _mark(self, sitting: Sitting) -> list[str]:
        """Mark what is asked again, now or when it is relevant again."""
        marked = [path for path, record in sitting.records.items() if path not in self.came and record.mark]
        for path in self.came:
            record = sitting.records[path]
            change = self.moves.change(path)
            reason = self._why(sitting, change, path, record) if change is not None else None
            if reason is not None:
                put_mark(sitting, path, reason)
                marked.append(path)
        return marked

    def _asked_again(self, sitting: Sitting, marked: list[str]) -> tuple[str, ...]:
        """Those asked now, in document order; what was handed in is then handed in again."""
        order = {path: number for number, path in enumerate(_asked(sitting))}
        again = tuple(sorted((path for path in marked if path in order), key=order.__getitem__))
        if again:
            for path in handing_in(sitting):
                put_mark(sitting, path, self._reason("meaning"))
        return again

    def _why(self, sitting: Sitting, change: Change, path: str, record: Record) -> Mark | None:
        what = change.what[0] if change.what else "meaning"
        if path in self.unfit:
            return self._reason("type" if "type" in change.what else what, self.unfit[path])
        if record.status not in SETTLED:
            return None
        value, had = sitting.session.value(path), self.old_values[path]
        cut = bool(had) and sitting.session.relevant(path) and value != sitting.session.stored(path)
        lost = cut or not {*change.gone, *change.renamed}.isdisjoint(had.split())
        if cut and not value:
            self._set_aside(self.came[path], record, had, "choices")
        if lost and (change.asks or cut):
            return self._reason("choices", self._display(self.came[path], had) if cut else "")
        weighty = next((name for name in change.what if name not in ("type", "filter")), "meaning")
        return self._reason(weighty) if change.asks and not change.some else None

    def _reason(self, what: str, was: str = "") -> Mark:
        return Mark("changed", what, at=self.now.astimezone(UTC).isoformat(timespec="seconds"), was=was)

    def _recorded(self, sitting: Sitting) -> tuple[Recorded, ...]:
        """The answers whose stored words changed on the way."""
        found: list[Recorded] = []
        for path in self.came:
            record, old = sitting.records[path], self.old_values[path]
            if path not in self.unfit and old != sitting.session.stored(path):
                record = sitting.records[path] = replace(record, revision=record.revision + 1)
            elif path not in self.unfit:
                continue
            found.append(_revision(sitting, path, old, record))
        return tuple(found)

    def _say(
        self,
        sitting: Sitting,
        again: tuple[str, ...],
        asides: tuple[Retired, ...],
        unfinished: tuple[str, ...],
        stands: bool,
    ) -> None:
        came = {change.path for change in self.comparison.changes if change.kind == "added"}
        added = sum(bare(path) in came and path not in sitting.records for path in _asked(sitting))
        gone = tuple(one.label for one in asides if one.why in ("retired", "rows") and one.record.status == "answered")
        mine = {step.path for step in own(sitting).every}
        again = tuple(path for path in again if path in mine)
        labels = tuple(sitting.label(path) for path in again)
        sitting.say(FormChanged(self.new.version, again, labels, gone, added, unfinished, stands))


def _asked(sitting: Sitting) -> list[str]:
    return [step.path for step in outlined(sitting).every if step.kind == "question"]


def _revision(sitting: Sitting, path: str, old: str, record: Record) -> Recorded:
    """A revision that nobody gave: the same answer in other words, or one that no longer counts."""
    value = sitting.session.stored(path) if record.status in SETTLED else ""
    return Recorded(
        path,
        value,
        old,
        record.status if record.status in SETTLED else "cleared",
        sitting.display(path, value),
        sitting.language,
        record.revision,
        confidential=record.confidential,
        label=sitting.label(path),
        old_status=record.status or "answered",
    )
