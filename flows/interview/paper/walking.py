"""The walk over a form with a filled paper in hand."""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass, field, replace

from flows.interview.answering import answer, leave
from flows.interview.asking import revision_of, takes_links
from flows.interview.events import Confided, Refused
from flows.interview.form import Group, Question, Repeat
from flows.interview.paper.differing import CAN_BE_TAKEN, Comparison, Difference, Kind
from flows.interview.paper.filled import Paper, Written, digest, even
from flows.interview.paper.understanding import Unread, shown, understood
from flows.interview.plan import CLOSING, bare, is_layout, is_note, placed
from flows.interview.rows import add_row
from flows.interview.scope import label_around, why_not
from flows.interview.sitting import FILES, Sitting
from flows.interview.state import Record
from flows.interview.walk import is_asked

_NEVER = frozenset({*(CLOSING - {"clearance"}), "language"})
"""Roles of questions that no paper answers, whatever stands on it."""
_ONCE = frozenset({"consent"})
"""Roles of those that a paper answers only where nothing is on record."""
_CONFIDED, _OPENED = "confided", "opened"


@dataclass(slots=True)
class Walk:
    """`work`: where answers are put; `before`: the same as it was. What is put: differences of these `kinds`, and those
    with a key among `chosen`."""

    work: Sitting
    before: Sitting
    paper: Paper
    filled: Mapping[str, Written]
    kinds: tuple[Kind, ...]
    chosen: Container[str] | None
    recorded: set[str] = field(default_factory=set)  # paths put on record
    waiting: bool = False  # something is not asked yet, or no more
    found: dict[str, Difference] = field(default_factory=dict)  # by printed path, and that with "!" for confidence
    same: set[str] = field(default_factory=set)
    newer: set[str] = field(default_factory=set)
    rows: dict[str, str] = field(default_factory=dict)  # printed row → the row it is
    fresh: dict[str, list[str]] = field(default_factory=dict)  # printed new row → keys in `found` of what is in it
    order: dict[str, int] = field(default_factory=dict)
    at: dict[str, str] = field(default_factory=dict)  # printed path → where that is
    done: set[str] = field(default_factory=set)  # keys in `found` that were put on record

    def through(self) -> None:
        """Once over the form. What was put on record in an earlier pass stays as it was found."""
        self.waiting = False
        self.found = {key: one for key, one in self.found.items() if key in self.done}
        root = self.work.form.root
        self._group(root, root.path, root.path, root.path, "")

    def comparison(self) -> Comparison:
        """What was found, what is in a new row as one."""
        inside = {key for keys in self.fresh.values() for key in keys if self.found[key].kind != "unread"}
        listed = {key: one for key, one in self.found.items() if key not in inside}
        for row, keys in self.fresh.items():
            said = [self.found[key] for key in keys if self.found[key].kind == "new"]
            if said:
                label = self.work.row_label(self.rows[row])
                pairs = tuple((one.label, one.new) for one in said)
                listed[row] = Difference("row", row, label, self._section(self.rows[row]), inside=pairs)
        ordered = sorted(listed, key=lambda key: self.order.get(key, 0))
        told = (replace(listed[key], place=self._where(key) or listed[key].place) for key in ordered)
        return Comparison(tuple(told), len(self.same), len(self.newer))

    def _where(self, key: str) -> str:
        """The section and the row, called as they are once all is read."""
        path = self.at.get(key.removesuffix("!"), "")
        return self._place(path) if path and self.work.exists(path) else ""

    # ---- the form ----
    def _group(self, group: Group, base: str, printed: str, at: str, fresh: str) -> None:
        """`printed`, `at`: the row around, as on the paper and as it is. `fresh`: the new row that this is in."""
        for child in group.children:
            on_paper, path = placed(child.path, base, printed), placed(child.path, base, at)
            if isinstance(child, Repeat):
                self._repeat(child, on_paper, path, fresh)
            elif isinstance(child, Group):
                if is_layout(child) or self.work.exists(path):
                    self._group(child, base, printed, at, fresh)
            elif isinstance(child, Question) and on_paper in self.filled:
                self.order.setdefault(on_paper, len(self.order))
                self.order.setdefault(f"{on_paper}!", len(self.order))
                if is_asked(child) and not is_note(child) and self.work.exists(path):
                    self._question(child, on_paper, path, fresh)

    def _repeat(self, repeat: Repeat, printed: str, path: str, fresh: str) -> None:
        known = self.paper.rows.get(printed, 0)
        start = f"{printed}["
        numbers = {one[len(start) :].partition("]")[0] for one in self.filled if one.startswith(start)}
        for number in sorted(int(one) for one in numbers if one.isdecimal()):
            row = f"{start}{number}]"
            self.order.setdefault(row, len(self.order))
            if row not in self.rows and number <= known and not fresh:
                if self.work.exists(path) and number <= self.before.session.rows(path):
                    self.rows[row] = f"{path}[{number}]"
            elif row not in self.rows:
                self._find(repeat, row, path, known if not fresh else 0, fresh)
            if row in self.rows:
                within = fresh or (row if row in self.fresh else "")
                self._group(repeat, repeat.path, row, self.rows[row], within)
            elif number <= known and self._has_words(row):
                self._unread(row, self.work.label(path) if self.work.exists(path) else repeat.name, "row_gone")

    def _find(self, repeat: Repeat, row: str, path: str, known: int, fresh: str) -> None:
        """The row that a new one on the paper has become already, or is made into."""
        if not self._has_words(row) or not self.work.exists(path):
            return
        taken = set(self.rows.values())
        if not fresh and self.before.session.exists(path):
            for number in range(known + 1, self.before.session.rows(path) + 1):
                at = f"{path}[{number}]"
                if at not in taken and self._is_same_row(repeat, row, at):
                    self.rows[row] = at
                    return
        if barred := why_not(self.work, path):
            self._unread(row, self.work.label(path), barred, {"part": label_around(self.work, path)})
            return
        if not self.work.session.relevant(path):
            self.waiting = True
            self._unread(row, self.work.label(path), "not_asked")
            return
        if not (fresh or self._is_wanted(Difference("row", row, ""))):
            return
        number = self.work.session.rows(path) + 1
        blank = number == 2 and f"{path}[1]" not in taken and known == 0 and self._is_untouched(f"{path}[1]")
        events = len(self.work.events)
        if not blank:
            add_row(self.work, path)
        said = [event for event in self.work.events[events:] if isinstance(event, Refused)]
        if said:
            self._unread(row, self.work.label(path), said[0].reason, said[0].values)
            return
        self.rows[row] = f"{path}[{1 if blank else number}]"
        if not fresh:
            self.fresh[row] = []

    def _is_untouched(self, row: str) -> bool:
        """Whether nothing is on record in a row that the form begins with."""
        return not any(path.startswith(f"{row}/") and one.status for path, one in self.work.records.items())

    def _has_words(self, row: str) -> bool:
        return any(path.startswith(f"{row}/") and not one.is_blank for path, one in self.filled.items())

    def _is_same_row(self, group: Group, printed: str, at: str, base: str = "") -> bool:
        """Whether all that is written in a row of the paper is on record in the row `at`."""
        base = base or group.path
        for child in group.children:
            written = self.filled.get(placed(child.path, base, printed))
            path = placed(child.path, base, at)
            if isinstance(child, Group) and not isinstance(child, Repeat):
                if not self._is_same_row(child, printed, at, base):
                    return False
            elif isinstance(child, Question) and written is not None and not written.is_blank:
                value = understood(self.before, child, path, written)
                if isinstance(value, Unread) or even(value) != even(self.before.session.value(path)):
                    return False
        return True

    # ---- one question ----
    def _question(self, question: Question, printed: str, path: str, fresh: str) -> None:
        role = question.attributes.get("role", "")
        there = not fresh and self.before.exists(path)
        value = self.before.session.value(path) if there else ""
        if printed in self.done or role in _NEVER or (role in _ONCE and value):
            return
        self.at[printed] = path
        written = self.filled[printed]
        if self.work.scope and (barred := why_not(self.work, path)):
            self._out_of_scope(question, printed, path, written, barred)
            return
        record = self.before.records.get(path) if there else None
        digests = self.paper.digests
        if digests is not None:
            was = digests.get(printed, "").removesuffix("!")
            since = there and digest(value, confidential=False) != was
        else:  # by the time alone
            since = record is not None and record.at > self.paper.at.isoformat()
            was = "" if since else digest(value, confidential=False)
        one = Difference(
            "new",
            printed,
            self.work.label(path),
            self._place(path),
            self.before.display(path) if value else "",
            shown(self.work, question, path, written),
            record.author if record is not None and value else "",
            record.at if record is not None and value else "",
        )
        if written.is_blank or (question.type in FILES and not takes_links(question)):
            self._blank(one, path, written, value, record, since=since, was=was, fresh=fresh)
        else:
            self._said(question, one, path, written, value, since=since, was=was, fresh=fresh)
        self._confidence(one, path, written, record, there=there, fresh=fresh)

    def _out_of_scope(self, question: Question, printed: str, path: str, written: Written, barred: str) -> None:
        """What stands in the field of somebody else's question: nothing on record is told of it, and what was printed
        there is not taken for an answer."""
        found = understood(self.before, question, path, written)
        was = (self.paper.digests or {}).get(printed, "").strip("!")
        if written.is_blank or (isinstance(found, str) and digest(found, confidential=False) == was):
            return
        said = shown(self.before, question, path, written)
        part = {"part": label_around(self.work, path)}
        label = self.work.label(path)
        self.found[printed] = Difference("unread", printed, label, "", new=said, reason=barred, values=part)

    def _blank(
        self,
        one: Difference,
        path: str,
        written: Written,
        value: str,
        record: Record | None,
        *,
        since: bool,
        was: str,
        fresh: str,
    ) -> None:
        unknown = record is not None and record.status == "unknown" and not value
        if written.unknown and not unknown:
            kind: Kind = "conflict" if since else "changed" if value else "new"
            told = replace(one, kind=kind, unknown=True)
            self._put(told, path, lambda: leave(self.work, path, "unknown"), fresh)
        elif value and written.found:
            if not was:
                self.newer.add(one.path)
            else:
                told = replace(one, kind="conflict" if since else "emptied")
                self._put(told, path, lambda: leave(self.work, path, "skipped"), fresh)

    def _said(
        self,
        question: Question,
        one: Difference,
        path: str,
        written: Written,
        value: str,
        *,
        since: bool,
        was: str,
        fresh: str,
    ) -> None:
        found = understood(self.work, question, path, written)
        if value and (even(one.new) == even(one.old) or (isinstance(found, str) and even(found) == even(value))):
            self.same.add(one.path)
            return
        if since and was and isinstance(found, str) and digest(found, confidential=False) == was:
            self.newer.add(one.path)
            return
        if not self.work.session.relevant(path):
            self.waiting = True
            self._keep(replace(one, kind="unread", reason="not_asked"), fresh)
            return
        barred = why_not(self.work, path)
        if barred:
            part = {"part": label_around(self.work, path)}
            self._keep(replace(one, kind="unread", reason=barred, values=part), fresh)
        elif isinstance(found, Unread):
            self._keep(replace(one, kind="unread", reason=found.reason, values=found.values), fresh)
        else:
            kind: Kind = "conflict" if since else "changed" if value else "new"
            told = replace(one, kind=kind, new=self.work.display(path, found) or found)
            self._put(told, path, lambda: answer(self.work, path, found), fresh)

    def _confidence(
        self, one: Difference, path: str, written: Written, record: Record | None, *, there: bool, fresh: str
    ) -> None:
        """The box "confidential": what it says that neither the paper was printed with nor is so now."""
        key = f"{one.path}!"
        if written.confidential is None or key in self.done:
            return
        now = self.before.confidential(path) if there else self.work.confidential(path)
        digests = self.paper.digests
        printed = digests.get(one.path, "").endswith("!") if digests is not None and not fresh else now
        if written.confidential == now or written.confidential == printed:
            return
        if not (self.work.session.relevant(path) and not why_not(self.work, path)):
            return

        def confide() -> bool:
            kept = self.work.records.get(path, Record(""))
            self.work.records[path] = replace(kept, confidential=bool(written.confidential))
            self.work.say(Confided(path, one.label, bool(written.confidential)))
            return True

        kind: Kind = "confided" if written.confidential else "opened"
        told = Difference(kind, one.path, one.label, one.place)
        self._put(told, path, confide, fresh, key)

    # ---- what is found ----
    def _put(self, one: Difference, path: str, act: Callable[[], bool], fresh: str, key: str = "") -> None:
        """Keep a difference, and put it on record where it is wanted; what the form refuses cannot be read."""
        if fresh or self._is_wanted(one):
            work, events = self.work, len(self.work.events)
            if one.kind not in (_CONFIDED, _OPENED):
                work.put, work.put_revision = f"question:{path}", revision_of(work, path)
            if not act():
                said = [event for event in work.events[events:] if isinstance(event, Refused)]
                reason = said[-1].reason if said else "constraint"
                values, message = (said[-1].values, said[-1].message) if said else ({}, "")
                self._keep(replace(one, kind="unread", reason=reason, values=values, message=message), fresh)
                return
            self.recorded.add(path)
            self.done.add(key or one.path)
        self._keep(one, fresh, key)

    def _is_wanted(self, one: Difference) -> bool:
        chosen = self.chosen
        return one.kind in self.kinds or (chosen is not None and one.kind in CAN_BE_TAKEN and one.key in chosen)

    def _keep(self, one: Difference, fresh: str, key: str = "") -> None:
        key = key or one.path
        self.found[key] = one
        if fresh in self.fresh and key not in self.fresh[fresh]:
            self.fresh[fresh].append(key)

    def _unread(self, row: str, label: str, reason: str, values: Mapping[str, object] | None = None) -> None:
        texts = [one.text.strip() for path, one in self.filled.items() if path.startswith(f"{row}/")]
        said = "\n".join(text for text in texts if text)
        self.found[row] = Difference("unread", row, label, new=said, reason=reason, values=values or {})

    def _section(self, path: str) -> str:
        number = self.work.plan.section_of.get(bare(path))
        return "" if number is None else self.work.label(self.work.plan.sections[number].path)

    def _place(self, path: str) -> str:
        row = self.work.row_label(path[: path.rfind("]") + 1]) if "[" in path else ""
        return " · ".join(part for part in (self._section(path), row) if part)
