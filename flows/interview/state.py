"""An interview as a value: all that must survive between two turns, and nothing that can be computed again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, astuple, dataclass, field
from typing import Any, Literal

from flows.interview.inputs import Attachment

Mode = Literal["core", "full"]
Why = Literal["returned", "yearly", "changed", "finding", "successor"]


@dataclass(frozen=True, slots=True)
class Mark:
    """Why an answer on record is asked again, until it is confirmed or replaced.

    `note`: the words of whoever asks again; for `changed` the name of what changed about the question. `by`: who asks
    again. `was`: the former answer as a person reads it, where it no longer fits the question.
    """

    why: Why
    note: str = ""
    by: str = ""
    at: str = ""
    was: str = ""


@dataclass(frozen=True, slots=True)
class Record:
    """Where the answer at one path comes from. The value itself is in the session.

    `status`: answered · skipped · unknown · "" (marked confidential before any answer). `at`: ISO time in UTC.
    `parts`: the messages that made the answer, as (message id, length in characters), in order. `mark`: it is asked
    again.
    """

    status: str
    author: str = ""
    at: str = ""
    language: str = ""
    channel: str = ""
    parts: tuple[tuple[str, int], ...] = ()
    confidential: bool = False
    revision: int = 0
    attachment: Attachment | None = None
    mark: Mark | None = None

    def to_json(self) -> list[Any]:
        row: list[Any] = [
            self.status,
            self.author,
            self.at,
            self.language,
            self.channel,
            self.revision,
            int(self.confidential),
            [list(part) for part in self.parts],
            asdict(self.attachment) if self.attachment else None,
            list(astuple(self.mark)) if self.mark else None,
        ]
        while row and row[-1] in (None, []):
            row.pop()
        return row

    @classmethod
    def from_json(cls, row: list[Any]) -> Record:
        full = row + [None] * (10 - len(row))
        status, author, at, language, channel, revision, confidential, parts, attachment, mark = full
        return cls(
            status,
            author,
            at,
            language,
            channel,
            tuple((str(message), int(length)) for message, length in parts or ()),
            bool(confidential),
            int(revision or 0),
            Attachment(**attachment) if attachment else None,
            Mark(*mark) if mark else None,
        )


Aside = Literal["retired", "type", "choices", "rows", "unfinished"]


@dataclass(frozen=True, slots=True)
class Retired:
    """What was said and has no place any more, under the version of the form that it was said under. Never lost.

    `why`: its question is no more, takes another kind of answer, or no longer offers that choice; its row is no more;
    or it was still being given.
    """

    path: str
    label: str
    value: str
    display: str
    version: str
    why: Aside
    record: Record

    def to_json(self) -> list[Any]:
        return [self.path, self.label, self.value, self.display, self.version, self.why, self.record.to_json()]

    @classmethod
    def from_json(cls, row: list[Any]) -> Retired:
        path, label, value, display, version, why, record = row
        return cls(path, label, value, display, version, why, Record.from_json(record))


@dataclass(frozen=True, slots=True)
class Interview:
    """One official's walk through a form, between two turns.

    `put`: the step whose question was put last, as "kind:path"; `at`: the step a person went to on purpose (back,
    edit, remove), "" when the walk decides. `parts`, `ticks`, `offers`: the half-given answer to `put`.
    `session`: what `Session.load` takes. `closed`: repeats that were said to have no further row. `retired`: what
    newer versions of the form have no place for.

    Several people may work on the same answers, each in a seat of their own (see `seats`): `scope` is what this one is
    asked (empty: everything), `away` what is with colleagues; both are paths of questions, groups or repeats, standing
    for all that is in them. `put_revision`: of the answer on record when the question was put, from 1; 0: none.
    """

    form_id: str
    version: str
    language: str
    session: Mapping[str, Any]
    given: Mapping[str, str] = field(default_factory=dict)
    records: Mapping[str, Record] = field(default_factory=dict)
    closed: frozenset[str] = frozenset()
    told: frozenset[str] = frozenset()
    mode: Mode = "core"
    rested: bool = False
    paused: bool = False
    completed: bool = False
    put: str = ""
    at: str = ""
    token: int = 0
    parts: tuple[tuple[str, str], ...] = ()
    ticks: tuple[str, ...] | None = None
    offers: tuple[str, ...] = ()
    refused_message: str = ""
    last_press: str = ""
    scope: tuple[str, ...] = ()
    away: tuple[str, ...] = ()
    put_revision: int = 0
    retired: tuple[Retired, ...] = ()

    @property
    def state(self) -> Literal["open", "paused", "core done", "completed"]:
        """How far it is; "core done" means that the person chose to leave the rest for later."""
        if self.completed:
            return "completed"
        if self.rested:
            return "core done"
        return "paused" if self.paused else "open"

    def to_json(self) -> dict[str, Any]:
        """JSON-able; fields at their default are left out."""
        out: dict[str, Any] = {
            "form": [self.form_id, self.version],
            "language": self.language,
            "session": self.session,
            "records": {path: record.to_json() for path, record in self.records.items()},
            "token": self.token,
        }
        if self.given:
            out["given"] = dict(self.given)
        for name in ("closed", "told"):
            if value := getattr(self, name):
                out[name] = sorted(value)
        for name in (
            *("rested", "paused", "completed", "put", "at", "offers", "refused_message", "last_press"),
            *("scope", "away", "put_revision"),
        ):
            if value := getattr(self, name):
                out[name] = list(value) if isinstance(value, tuple) else value
        if self.mode != "core":
            out["mode"] = self.mode
        if self.parts:
            out["parts"] = [list(part) for part in self.parts]
        if self.ticks is not None:
            out["ticks"] = list(self.ticks)
        if self.retired:
            out["retired"] = [one.to_json() for one in self.retired]
        return out

    @classmethod
    def from_json(cls, out: Mapping[str, Any]) -> Interview:
        """The interview that `to_json` gave."""
        ticks = out.get("ticks")
        return cls(
            form_id=out["form"][0],
            version=out["form"][1],
            language=out["language"],
            session=out["session"],
            given=out.get("given", {}),
            records={path: Record.from_json(row) for path, row in out["records"].items()},
            closed=frozenset(out.get("closed", ())),
            told=frozenset(out.get("told", ())),
            mode=out.get("mode", "core"),
            rested=out.get("rested", False),
            paused=out.get("paused", False),
            completed=out.get("completed", False),
            put=out.get("put", ""),
            at=out.get("at", ""),
            token=out["token"],
            parts=tuple((message, text) for message, text in out.get("parts", ())),
            ticks=None if ticks is None else tuple(ticks),
            offers=tuple(out.get("offers", ())),
            refused_message=out.get("refused_message", ""),
            last_press=out.get("last_press", ""),
            scope=tuple(out.get("scope", ())),
            away=tuple(out.get("away", ())),
            put_revision=out.get("put_revision", 0),
            retired=tuple(Retired.from_json(row) for row in out.get("retired", ())),
        )
