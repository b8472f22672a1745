"""The closed list of what can come into an interview and what a turn can say.

All values are frozen and know `to_json()`; texts shown to a person are not made here but in `bot/prompts.py`,
from a catalogue key and values, so that the same event reads in any language.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from flows.interview.form import Choice


# ---- inputs -------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Attachment:
    """A file given as an answer. `name` is what the answer stores; `reference` lets the shell find the bytes."""

    name: str
    media_type: str
    size: int | None
    reference: str


@dataclass(frozen=True, slots=True)
class Input:
    """What a person did. Exactly one of the fields below says what; `author` and `message_id` go into provenance."""


@dataclass(frozen=True, slots=True)
class Say(Input):
    """Typed text. `revises`: the id of the earlier message that this is the new text of."""

    text: str
    message_id: str = ""
    revises: bool = False


@dataclass(frozen=True, slots=True)
class Choose(Input):
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Press(Input):
    """A button's `action`, made by this interview earlier; it may be stale."""

    action: str


@dataclass(frozen=True, slots=True)
class Attach(Input):
    file: Attachment
    message_id: str = ""


@dataclass(frozen=True, slots=True)
class Locate(Input):
    latitude: float
    longitude: float
    accuracy: float | None = None


@dataclass(frozen=True, slots=True)
class Skip(Input):
    pass


@dataclass(frozen=True, slots=True)
class Unknown(Input):
    """ "I don't know"."""


@dataclass(frozen=True, slots=True)
class Back(Input):
    pass


@dataclass(frozen=True, slots=True)
class Done(Input):
    """Ends a long answer, a selection of several, or a ranking."""


@dataclass(frozen=True, slots=True)
class Again(Input):
    """At the end of a row: another row or not."""

    another: bool


@dataclass(frozen=True, slots=True)
class Edit(Input):
    path: str


@dataclass(frozen=True, slots=True)
class Help(Input):
    pass


@dataclass(frozen=True, slots=True)
class Pause(Input):
    pass


@dataclass(frozen=True, slots=True)
class Resume(Input):
    """Ask the current question again."""


@dataclass(frozen=True, slots=True)
class Review(Input):
    pass


@dataclass(frozen=True, slots=True)
class Speak(Input):
    """Change the language (a BCP 47 code of the form)."""

    language: str


@dataclass(frozen=True, slots=True)
class Confide(Input):
    """Mark an answer (the current one when `path` is empty) confidential, or not."""

    confidential: bool = True
    path: str = ""


# ---- events -------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Event:
    pass


@dataclass(frozen=True, slots=True)
class Place:
    """Where the interview stands: the section's label, and questions done and foreseeable in it and in all."""

    section: str
    section_number: int
    sections: int
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class Asked(Event):
    """A question is put. `path` carries row numbers. `row_label` names the repeat and row, as "Source 2"."""

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


@dataclass(frozen=True, slots=True)
class Recorded(Event):
    """An answer is on record, or was revised. `status`: answered · skipped · unknown · cleared · computed."""

    path: str
    value: str
    old: str
    status: str
    display: str  # the answer as a person reads it, in the interview's language
    language: str
    revision: int
    message_id: str = ""
    confidential: bool = False


@dataclass(frozen=True, slots=True)
class Refused(Event):
    """A wrong answer, a stale button, a late reply. `reason` is a catalogue name, `values` its placeholders;
    `message` the form's own words where it has some; `suggestions` near misses to offer back."""

    path: str
    reason: str
    values: Mapping[str, object] = field(default_factory=dict)
    message: str = ""
    suggestions: tuple[Choice, ...] = ()


@dataclass(frozen=True, slots=True)
class Completed(Event):
    """Nothing relevant is left to ask."""

    answered: int
    skipped: int
    unknown: int
