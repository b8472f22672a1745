"""The closed list of what a turn can say.

All values are frozen and know `to_json()`; texts shown to a person are not made here but in `bot/prompts.py`,
from a catalogue key and values, so that the same event reads in any language.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Literal

from flows.interview.form import Choice
from flows.interview.inputs import Attachment
from flows.interview.plain import plain

Pass = Literal["core", "rest", ""]


@dataclass(frozen=True, slots=True)
class Event:
    """What a turn says."""

    def to_json(self) -> dict[str, object]:
        """`{"event": "asked", …}` with the fields of this event."""
        return {"event": type(self).__name__.lower(), **{f.name: plain(getattr(self, f.name)) for f in fields(self)}}


@dataclass(frozen=True, slots=True)
class Place:
    """Where the interview stands: the section's label, and questions done and foreseeable in this pass (the core, the
    rest, or "" where the form has but one). `away`: questions open with colleagues, not counted in the others."""

    section: str
    section_number: int
    sections: int
    done: int
    total: int
    phase: Pass = ""
    away: int = 0


@dataclass(frozen=True, slots=True)
class Asked(Event):
    """A question is put. `path` carries row numbers. `row_label` names the repeat and row, as "Source 2".

    `type` is a `QuestionType`, or one of: `repeat` (another row?), `first` (a first row?), `rest` (continue with the
    rest?), `remove` (remove this row?); these four are answered by `Again`.
    `controls` names the inputs offered besides answers: done, undo, keep, none, back, skip, unknown, help.
    """

    path: str
    type: str
    label: str
    hint: str = ""
    guidance: str = ""
    choices: tuple[Choice, ...] = ()
    chosen: tuple[str, ...] = ()  # ticked so far, or the ranking so far
    current: str = ""  # the answer on record, when the question is put again
    required: bool = False
    place: Place | None = None
    row_label: str = ""
    token: str = ""  # what this question's buttons carry, so that old buttons are recognised
    parameters: Mapping[str, str] = field(default_factory=dict)
    controls: tuple[str, ...] = ()
    long: bool = False  # several messages make one answer
    refreshed: bool = False  # the same question, its ticks changed: shown in place
    confidential: bool = False
    rows: int = 0  # of the repeat asked about
    again: str = ""  # why an answer on record is asked again (`state.Why`), or hand_in
    note: str = ""  # the words of whoever asks again; for `changed` the name of what changed
    was: str = ""  # the former answer, where it no longer fits the question
    status: str = ""  # of the answer on record: answered · skipped · unknown


@dataclass(frozen=True, slots=True)
class Told(Event):
    """A note is shown; nothing is expected."""

    path: str
    label: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Added(Event):
    """One more message of a long answer is kept; `count` messages and `characters` so far."""

    path: str
    count: int
    characters: int
    token: str = ""


@dataclass(frozen=True, slots=True)
class Recorded(Event):
    """An answer is on record, or was revised. `status`: answered · skipped · unknown · cleared · computed.

    `token` is that of the question it answers, "" when it was not the one being asked; `old_status` is "" at first.
    """

    path: str
    value: str
    old: str
    status: str
    display: str  # the answer as a person reads it, in the interview's language
    language: str
    revision: int
    message_id: str = ""
    confidential: bool = False
    label: str = ""
    token: str = ""
    old_status: str = ""
    attachment: Attachment | None = None
    parts: int = 0  # messages of a long answer just ended, each said back by `Added` before
    confirmed: bool = False  # the answer was asked again, and is the same


@dataclass(frozen=True, slots=True)
class Noticed(Event):
    """Something typed was interpreted and is said back. `reason` is a name in the catalogue `replies`."""

    path: str
    reason: str
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Refused(Event):
    """A wrong answer, a stale button, a late reply. `reason` is a name in the catalogue `replies` or `interview`,
    `values` its placeholders; `message` the form's own words where it has some; `suggestions` near misses to offer
    back, taken by the buttons `{token}:o0`, `{token}:o1` …"""

    path: str
    reason: str
    values: Mapping[str, object] = field(default_factory=dict)
    message: str = ""
    suggestions: tuple[Choice, ...] = ()
    token: str = ""


@dataclass(frozen=True, slots=True)
class SetAside(Event):
    """Answers that an edit made irrelevant: kept, out of sight, and back with their relevance."""

    paths: tuple[str, ...]
    labels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CameBack(Event):
    """Answers set aside before that count again."""

    paths: tuple[str, ...]
    labels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FormChanged(Event):
    """The interview goes on under a newer version of its form. `again`: answers that are asked again; `retired`: what
    questions that are no more, or no more such, were called, their answers kept; `added`: how many questions are new;
    `unfinished`: what the question was called whose answer was just being given; `stands`: the question put last is
    the same still; `taken`: what was just sent was taken for what it was meant."""

    version: str
    again: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    retired: tuple[str, ...] = ()
    added: int = 0
    unfinished: tuple[str, ...] = ()
    stands: bool = True
    taken: bool = True


@dataclass(frozen=True, slots=True)
class Reopened(Event):
    """Answers on record that are asked again, and why (see `Asked.again`). `later`: after the question being asked."""

    paths: tuple[str, ...]
    labels: tuple[str, ...]
    why: str
    note: str = ""
    by: str = ""
    later: bool = False


@dataclass(frozen=True, slots=True)
class RowAdded(Event):
    """A row `/data/source[2]` was added."""

    path: str
    row_label: str


@dataclass(frozen=True, slots=True)
class RowRemoved(Event):
    """The row `path` was removed with its answers; `removed` are the paths they had. Later rows moved up by one."""

    path: str
    row_label: str
    removed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Helped(Event):
    """Help on a question: its hint and guidance, and the glossary's keys it names."""

    path: str
    label: str
    hint: str = ""
    guidance: str = ""
    glossary: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Spoke(Event):
    """The language changed."""

    language: str


@dataclass(frozen=True, slots=True)
class Confided(Event):
    """An answer is confidential from now on, or no longer."""

    path: str
    label: str
    confidential: bool


@dataclass(frozen=True, slots=True)
class Paused(Event):
    place: Place | None = None
    token: str = ""


@dataclass(frozen=True, slots=True)
class Resumed(Event):
    pass


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a review: an answer, or a row (`is_row`). `number` is what its button says."""

    number: int
    path: str
    label: str
    display: str
    status: str
    confidential: bool = False
    is_row: bool = False
    section: str = ""
    row_label: str = ""


@dataclass(frozen=True, slots=True)
class Reviewed(Event):
    """One page of all answers; pages count from 0. Its buttons are `{token}:e<number>`, `{token}:r<number>` (remove
    the row), `{token}:p<page>`, `{token}:k` (return)."""

    entries: tuple[Entry, ...]
    page: int
    pages: int
    token: str
    refreshed: bool = False  # another page of a review already shown: in place


@dataclass(frozen=True, slots=True)
class CoreDone(Event):
    """The core questions are answered and the person chose to leave the rest; `left` questions remain."""

    left: int
    token: str = ""


@dataclass(frozen=True, slots=True)
class Awaited(Event):
    """Nothing is left to ask until colleagues are done: `labels` name what is with them, `left` counts the questions
    open there. What hands the answers in is asked afterwards. `rest`: questions that the person left for later."""

    labels: tuple[str, ...]
    left: int
    token: str = ""
    rest: int = 0


@dataclass(frozen=True, slots=True)
class Completed(Event):
    """Nothing relevant is left to ask. `scoped`: in the part that a colleague was asked for; the interview goes on."""

    answered: int
    skipped: int
    unknown: int
    token: str = ""
    scoped: bool = False
