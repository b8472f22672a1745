"""A form → its sheet: every question that is or can be asked, in the form's order, with what is answered so far."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from flows.interview.asking import drop_optional_rows, is_known, is_long, needed, takes_links
from flows.interview.form import Form, Group, Node, Question, QuestionType, Repeat
from flows.interview.interview import host_of, spoken
from flows.interview.logic import Session
from flows.interview.paper.conditions import Condition, Conditions
from flows.interview.paper.filled import digest
from flows.interview.paper.sheet import Box, Field, FieldKind, Item, Remark, Row, Rows, Sheet, Title
from flows.interview.plan import CLOSING, bare, is_layout, is_note, placed
from flows.interview.scope import why_not
from flows.interview.sitting import FILES, SELECTS, Sitting
from flows.interview.state import Interview
from flows.interview.walk import is_asked

SPARE = 2
"""Empty rows printed after those that there are."""
SPARE_NARROW = 4
MOST_COLUMNS = 4
MOST_BOXES = 40
MOST_ROWS = 60
"""Rows of one repeat on a paper."""
_NARROW = frozenset({"line", "date"})
_NOT_ON_PAPER = frozenset({*(CLOSING - {"clearance"}), "language"})
_CONSENTS = frozenset({"consent"})
_KINDS: dict[QuestionType, FieldKind] = {
    QuestionType.SELECT_ONE: "one",
    QuestionType.SELECT_MULTIPLE: "several",
    QuestionType.RANK: "rank",
    QuestionType.ACKNOWLEDGE: "tick",
    QuestionType.DATE: "date",
}


def sheet_of(
    form: Form,
    *,
    language: str,
    now: datetime,
    interview: Interview | None = None,
    given: Mapping[str, str] | None = None,
    spare: int = SPARE,
) -> Sheet:
    """What is printed of `form`. With an `interview` (as the person sees it whose paper it is) its answers stand on it,
    and what it knows beforehand decides what can be asked at all; without one, `given` does, where there is any."""
    speech = spoken(form, language)
    if interview is None:
        session = Session.start(form.logic, host_of(dict(given or {}), now, speech, "paper"))
        for node in form.walk():
            value = (given or {}).get(node.path, (given or {}).get(node.name))
            if value is not None and isinstance(node, Question) and session.exists(node.path):
                session.set(node.path, value)
        interview = Interview(form.id, form.version, speech, session={}, given=dict(given or {}))
        blank = True
    else:
        seed = str(interview.session.get("seed", ""))
        session = Session.load(form.logic, interview.session, host_of(interview.given, now, speech, seed))
        blank = False
    sitting = Sitting.open(form, interview, session, now)
    sitting.language = speech
    if blank:
        drop_optional_rows(sitting, form.root.path)
    layer = _Layer(sitting, Conditions(sitting, open=blank and not given, agreed=not blank), blank, spare)
    layer.number(form.root)
    items = tuple(layer.within(form.root, form.root.path, form.root.path, 1, None))
    choices = {(path, name): label for path, name in layer.conditions.named if (label := layer.choice(path, name))}
    return Sheet(form.id, form.version, form.title, speech, items, layer.numbers, layer.labels, choices)


@dataclass(slots=True)
class _Layer:
    sitting: Sitting
    conditions: Conditions
    blank: bool
    spare: int
    numbers: dict[str, int] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)
    empty: bool = False  # in a spare row: what the form puts there by itself is not printed

    # ---- what is printed ----
    def number(self, group: Group) -> None:
        """Number the questions that are printed."""
        for child in group.children:
            if not is_layout_of(child) and not self.conditions.of(child.path)[0]:
                continue
            if isinstance(child, Group):
                self.number(child)
            elif isinstance(child, Question) and self.is_printed(child):
                self.numbers[child.path] = len(self.numbers) + 1

    def is_printed(self, question: Question) -> bool:
        """Whether it stands on a paper: what hands the answers in, chooses the language of a conversation, or gives the
        consent that whoever sees answers has given, does not."""
        role = question.attributes.get("role", "")
        if role in _NOT_ON_PAPER or (role in _CONSENTS and not self.blank):
            return False
        return is_asked(question) and not is_note(question) and not why_not(self.sitting, question.path)

    def within(self, group: Group, base: str, at: str, level: int, around: Condition | None) -> Iterator[Item]:
        """The items of a group; `base` is the path of the row around them without row numbers, `at` with them."""
        for child in group.children:
            possible, condition = (True, None) if is_layout_of(child) else self.conditions.of(child.path)
            if not possible:
                continue
            condition = condition if condition != around else None
            path = placed(child.path, base, at)
            if isinstance(child, Repeat):
                yield from self.rows(child, path, level, condition)
            elif isinstance(child, Group):
                yield from self.group(child, base, at, level, condition)
            elif isinstance(child, Question) and child.path in self.numbers:
                if self.sitting.exists(path) and not why_not(self.sitting, path):
                    yield self.field(child, path, condition)
            elif isinstance(child, Question) and child.type is QuestionType.NOTE and self.sitting.exists(path):
                text = self.sitting.title(path)
                if text and (self.sitting.session.relevant(path) or not self._is_conditional(child)):
                    yield Remark(text)

    def _is_conditional(self, node: Node) -> bool:
        return self.conditions.of(node.path)[1] is not None

    def group(self, group: Group, base: str, at: str, level: int, condition: Condition | None) -> Iterator[Item]:
        title = "" if is_layout(group) else self.sitting.title(placed(group.path, base, at))
        deeper = level + 1 if title else level
        items = list(self.within(group, base, at, deeper, condition if title else None))
        if not any(isinstance(item, Field | Rows) for item in items):
            return
        if title or condition is not None:
            self.labels[bare(group.path)] = title
            yield Title(title, level, condition)
        yield from items

    # ---- repeats ----
    def rows(self, repeat: Repeat, path: str, level: int, condition: Condition | None) -> Iterator[Item]:
        sitting = self.sitting
        if not sitting.session.exists(path) or (repeat.counted and why_not(sitting, path)):
            return
        there = min(sitting.session.rows(path), MOST_ROWS)
        used = there if not self.blank else 0
        narrow = self._is_narrow(repeat)
        spare = 0 if repeat.counted else self.spare * (SPARE_NARROW // SPARE) if narrow else self.spare
        if "[" in path:
            spare = min(spare, 1 if not narrow else 2)
        wanted = min(used + spare, MOST_ROWS)
        while sitting.session.rows(path) < wanted and sitting.session.can_add(path):
            if not sitting.session.add_row(path):
                break
            sitting.touch()
        found = []
        for number in range(1, max(min(sitting.session.rows(path), wanted), used) + 1):
            row = f"{path}[{number}]"
            around, self.empty = self.empty, self.empty or number > used
            items = tuple(self.within(repeat, repeat.path, row, level + 1, None))
            self.empty = around
            if any(isinstance(item, Field | Rows) for item in items):
                found.append(Row(row, number, number > used, items))
        label = sitting.title(path) or repeat.name
        if found or repeat.counted:
            yield Rows(path, label, level, condition, tuple(found), narrow, repeat.counted)

    def _is_narrow(self, repeat: Repeat) -> bool:
        asked = [child for child in repeat.children if isinstance(child, Group) or child.path in self.numbers]
        if len(asked) > MOST_COLUMNS or not all(isinstance(child, Question) for child in asked):
            return False
        return all(
            isinstance(child, Question)
            and self._kind(child) in _NARROW
            and not self._is_conditional(child)
            and not takes_links(child)
            for child in asked
        )

    # ---- fields ----
    def field(self, question: Question, path: str, condition: Condition | None) -> Field:
        sitting = self.sitting
        kind = self._kind(question)
        record = sitting.records.get(path)
        value = "" if self.empty else sitting.session.value(path)
        required = needed(sitting, path)
        confidential = sitting.confidential(path)
        chosen = value.split() if kind in ("several", "rank") else [value]
        boxes: tuple[Box, ...] = ()
        if kind == "tick":
            boxes = (Box("OK", "", value == "OK"),)
        elif question.type in SELECTS:
            boxes = tuple(
                Box(
                    choice.name,
                    choice.label,
                    choice.name in chosen and kind != "rank",
                    str(chosen.index(choice.name) + 1) if kind == "rank" and choice.name in chosen else "",
                )
                for choice in self.sitting.choices(path)
            )
            if not 0 < len(boxes) <= MOST_BOXES:  # too many to tick, or they follow from other answers: written out
                boxes, kind = (), "line"
        unknown = record is not None and record.status == "unknown" and not value
        open_to_unknown = not required and not is_known(question)
        return Field(
            path,
            self.numbers[question.path],
            sitting.label(path),
            sitting.hint(path),
            kind,
            required,
            condition,
            boxes,
            sitting.display(path, value, sitting.language) if value and not boxes else "",
            confidential if kind != "file" else None,
            unknown if open_to_unknown else None,
            digest(value, confidential=confidential),
        )

    def choice(self, path: str, name: str) -> str:
        """The label of a choice that a condition names."""
        node = self.sitting.form.nodes.get(path)
        if path not in self.labels and isinstance(node, Question):
            self.labels[path] = self.sitting.label(path) if self.sitting.session.exists(path) else ""
        at = self._anywhere(path)
        return next((one.label for one in self.sitting.choices(at) if one.name == name), "") if at else ""

    def _anywhere(self, path: str) -> str:
        """A place where the question stands: itself, or in the first row around it; "" where there is none."""
        parts, at = path.split("/")[1:], ""
        for part in parts:
            at += f"/{part}"
            if isinstance(self.sitting.form.nodes.get(bare(at)), Repeat) and bare(at) != path:
                if not self.sitting.session.exists(at) or not self.sitting.session.rows(at):
                    return ""
                at += "[1]"
        return at if self.sitting.session.exists(at) else ""

    def _kind(self, question: Question) -> FieldKind:
        if question.type in FILES:
            return "line" if takes_links(question) else "file"
        if question.type is QuestionType.DATE and question.appearance & {"month-year", "year"}:
            return "line"
        return "lines" if is_long(question) else _KINDS.get(question.type, "line")


def is_layout_of(node: Node) -> bool:
    """A group that only arranges questions."""
    return isinstance(node, Group) and is_layout(node)
