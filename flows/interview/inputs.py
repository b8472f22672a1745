"""The closed list of what can come into an interview.

All values are frozen. What a channel brings in is made into one of these in `bot/inputs.py`.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

from flows.interview.plain import plain


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file given as an answer. `name` is what the answer stores; `reference` lets the shell find the bytes."""

    name: str
    media_type: str
    size: int | None
    reference: str


@dataclass(frozen=True, slots=True)
class Input:
    """What a person did. Who did it, when and through which channel is told to `advance`, not here."""

    def to_json(self) -> dict[str, object]:
        """`{"input": "say", …}` with the fields of this input."""
        return {"input": type(self).__name__.lower(), **{f.name: plain(getattr(self, f.name)) for f in fields(self)}}


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
    """At the end of a row: another row or not. The same answers a plain yes or no: "continue with the rest?",
    "remove this row?"."""

    another: bool


@dataclass(frozen=True, slots=True)
class Edit(Input):
    """Put an earlier question again; the path of a repeat asks for one more row."""

    path: str


@dataclass(frozen=True, slots=True)
class Keep(Input):
    """Leave a question that was put again as it stands, and return to where one was."""


@dataclass(frozen=True, slots=True)
class Undo(Input):
    """Take back the last choice of a ranking, or the last message of a long answer."""


@dataclass(frozen=True, slots=True)
class Remove(Input):
    """Remove a row (`/data/source[2]`), after asking."""

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
    """All answers, from page `page` (0 is the first)."""

    page: int = 0


@dataclass(frozen=True, slots=True)
class Speak(Input):
    """Change the language (a BCP 47 code of the form)."""

    language: str


@dataclass(frozen=True, slots=True)
class Confide(Input):
    """Mark an answer (the current one when `path` is empty) confidential, or not."""

    confidential: bool = True
    path: str = ""
