"""The desk of one turn: an interview opened for work, the live session beside it, and what is said on the way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from itertools import chain
from typing import Any

from flows.interview.display import displayed
from flows.interview.events import Event
from flows.interview.form import Choice, Form, Node, Question, QuestionType, Repeat
from flows.interview.logic import Session
from flows.interview.outline import Outline, Settled, keep_settled, take_settled
from flows.interview.plan import Plan, bare, is_yes, nodes_in, plan_of, rows_around
from flows.interview.replies import Offered
from flows.interview.state import Interview, Mode, Record, Retired
from flows.interview.wording import plain

SELECTS = frozenset({QuestionType.SELECT_ONE, QuestionType.SELECT_MULTIPLE, QuestionType.RANK})
FILES = frozenset({QuestionType.FILE, QuestionType.IMAGE, QuestionType.AUDIO, QuestionType.VIDEO})

SHORT = 80  # characters of an answer that may stand as the title of its row


@dataclass(slots=True)
class Sitting:
    """Mutable for the length of one turn; `close` gives the interview back as a value."""

    form: Form
    session: Session
    given: Mapping[str, str]
    language: str
    now: datetime
    author: str = ""
    channel: str = ""
    today: date | None = None
    records: dict[str, Record] = field(default_factory=dict)
    closed: set[str] = field(default_factory=set)
    told: set[str] = field(default_factory=set)
    mode: Mode = "core"
    rested: bool = False
    paused: bool = False
    completed: bool = False
    put: str = ""
    at: str = ""
    token: int = 0
    parts: list[tuple[str, str]] = field(default_factory=list)
    ticks: list[str] | None = None
    offers: tuple[str, ...] = ()
    refused_message: str = ""
    last_press: str = ""
    scope: tuple[str, ...] = ()
    away: tuple[str, ...] = ()
    put_revision: int = 0
    retired: tuple[Retired, ...] = ()
    events: list[Event] = field(default_factory=list)
    outline: Outline | None = None  # see `walk.outlined`
    settled: Settled = field(default_factory=dict)  # see `walk.settled`
    began: tuple[Session, int, Mapping[str, Any]] | None = None  # the session, how far it was, and its dump

    @classmethod
    def open(cls, form: Form, interview: Interview, session: Session, now: datetime) -> Sitting:
        """The desk as the last turn left it."""
        return cls(
            form=form,
            session=session,
            given=interview.given,
            language=interview.language,
            now=now,
            records=dict(interview.records),
            closed=set(interview.closed),
            told=set(interview.told),
            mode=interview.mode,
            rested=interview.rested,
            paused=interview.paused,
            completed=interview.completed,
            put=interview.put,
            at=interview.at,
            token=interview.token,
            parts=list(interview.parts),
            ticks=None if interview.ticks is None else list(interview.ticks),
            offers=interview.offers,
            refused_message=interview.refused_message,
            last_press=interview.last_press,
            scope=interview.scope,
            away=interview.away,
            put_revision=interview.put_revision,
            retired=interview.retired,
            began=(session, session.changes, interview.session) if interview.session else None,
            settled=take_settled(session, interview.records),
        )

    def dump(self) -> Mapping[str, Any]:
        """What brings the session back as it is now: the dump that the turn began with, while nothing changed."""
        if self.began is not None:
            session, changes, dumped = self.began
            if session is self.session and session.changes == changes:
                return dumped
        return self.session.dump()

    def close(self) -> Interview:
        """The interview as a value. The desk is not to be used any more."""
        if self.outline is not None:
            keep_settled(self.session, self.records, self.outline, self.settled)
        return Interview(
            form_id=self.form.id,
            version=self.form.version,
            language=self.language,
            session=self.session.dump(),
            given=self.given,
            records=self.records,
            closed=frozenset(self.closed),
            told=frozenset(self.told),
            mode=self.mode,
            rested=self.rested,
            paused=self.paused,
            completed=self.completed,
            put=self.put,
            at=self.at,
            token=self.token,
            parts=tuple(self.parts),
            ticks=None if self.ticks is None else tuple(self.ticks),
            offers=self.offers,
            refused_message=self.refused_message,
            last_press=self.last_press,
            scope=self.scope,
            away=self.away,
            put_revision=self.put_revision,
            retired=self.retired,
        )

    # ---- the form ----
    @property
    def plan(self) -> Plan:
        return plan_of(self.form)

    @property
    def moment(self) -> str:
        return self.now.astimezone(UTC).isoformat(timespec="seconds")

    @property
    def day(self) -> date:
        return self.today or self.now.date()

    def node(self, path: str) -> Node | None:
        return self.form.nodes.get(bare(path))

    def question(self, path: str) -> Question | None:
        """The question at `path`, where there is one and its rows exist."""
        node = self.node(path)
        return node if isinstance(node, Question) and self.exists(path) else None

    def exists(self, path: str) -> bool:
        """Whether there is such a node, every row that `path` names is there, and no repeat on the way lacks its
        number."""
        if self.node(path) is None or not self.session.exists(path):
            return False
        parts = path.split("/")
        above = ("/".join(parts[:end]) for end in range(2, len(parts)))
        numbered = all(at.endswith("]") == isinstance(self.node(at), Repeat) for at in above)
        return numbered and (not path.endswith("]") or isinstance(self.node(path), Repeat))

    # ---- texts ----
    def label(self, path: str) -> str:
        """The label as shown now; the name where the form gives none."""
        return self.title(path) or bare(path).rpartition("/")[2]

    def title(self, path: str) -> str:
        """The label as shown now, where the form gives one."""
        return plain(self.session.label(path, self.language))

    def hint(self, path: str) -> str:
        return plain(self.session.hint(path, self.language))

    def guidance(self, path: str) -> str:
        return plain(self.session.guidance(path, self.language))

    def row_label(self, path: str) -> str:
        """ "Source 2 – Census · Contact 1" for a path in rows; "" outside them."""
        return " · ".join(self._row(repeat, number, path) for repeat, number in rows_around(path))

    def _row(self, repeat: str, number: int, path: str) -> str:
        """A row by its label and number, and by its first text where that is given, short and not asked just now."""
        label = f"{self.label(repeat)} {number}"
        node = self.node(repeat)
        titles = (child for child in nodes_in(node)) if isinstance(node, Repeat) else ()
        title = next(
            (child for child in titles if isinstance(child, Question) and child.type is QuestionType.TEXT), None
        )
        if title is None:
            return label
        where = f"{repeat}[{number}]{title.path[len(bare(repeat)) :]}"
        said = self.session.value(where) if where != path and self.exists(where) else ""
        return f"{label} – {said}" if said and len(said) <= SHORT and "\n" not in said else label

    def choices(self, path: str, language: str = "") -> tuple[Choice, ...]:
        """The choices offered now, labelled as plain text."""
        return tuple(
            Choice(choice.name, plain(choice.label) or choice.name, choice.attributes)
            for choice in self.session.choices(path, language or self.language)
        )

    def offered(self, path: str) -> list[Offered]:
        """The choices with their labels in every language of the form, for reading what was typed."""
        labels: dict[str, dict[str, str]] = {}
        for language in dict.fromkeys([self.language, *(item.code or item.name for item in self.form.languages)]):
            for choice in self.choices(path, language):
                labels.setdefault(choice.name, {})[language] = choice.label
        return [Offered(name, by_language) for name, by_language in labels.items()]

    def display(self, path: str, value: str | None = None, language: str = "") -> str:
        """An answer as a person reads it in `language` (the interview's own by default)."""
        node = self.node(path)
        value = self.session.value(path) if value is None else value
        if isinstance(node, Question) and value:
            choices = self.choices(path, language) if node.type in SELECTS else ()
            return displayed(node, value, choices, language or self.language)
        return value

    # ---- what is on record ----
    def confidential(self, path: str) -> bool:
        """The mark on the answer, or the form's own default (bind attribute `confidential` of the question or of a
        group around it)."""
        record = self.records.get(path)
        if record is not None:
            return record.confidential
        parts = bare(path).split("/")
        nodes = (self.form.nodes.get("/".join(parts[:end])) for end in range(2, len(parts) + 1))
        return any(is_yes(node, "confidential") for node in nodes if node is not None)

    def say(self, event: Event) -> None:
        self.events.append(event)

    def touch(self) -> None:
        """Forget what was computed from answers, rows and records: one of them changes."""
        self.outline = None
        self.settled.clear()

    def touch_values(self, outline: Outline) -> None:
        """The same where only values and records changed."""
        for path in chain(self.session.moved(), outline.judged):
            self.settled.pop(path, None)
