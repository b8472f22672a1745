"""What the ways of a dossier are made of: a step that somebody wants to take, the facts that follow, or a refusal.

A step decides from the course of the country so far and changes nothing; its facts, once in the ledger, change the
course. `door.take` is the only way in.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from flows.country.access import Action, Actor, Place
from flows.country.ledger import Entry, Plain

if TYPE_CHECKING:
    from pydantic import TypeAdapter

    from flows.country.steps.course import Course

WORDS: Mapping[str, bool] = {"words": True}
"""Metadata of a fact's field that holds free text or personal data: it can be erased, its digest stays sealed."""


def words() -> Any:
    """A field of a fact that holds what people wrote; "" by default."""
    return field(default="", metadata=WORDS)


@dataclass(frozen=True, slots=True)
class When:
    """The entry that a fact stands in, for what is computed from it."""

    number: int
    at: datetime
    actor_id: int | None
    role: str


@dataclass(frozen=True, slots=True)
class FileRef:
    """A file kept by its content. `size` in bytes."""

    name: str
    sha256: str
    size: int
    media_type: str = ""


@dataclass(frozen=True, slots=True)
class Fact(ABC):
    """Something that happened. Its fields are what the ledger keeps; those made by `words()` are erasable."""

    kind: ClassVar[str]

    @abstractmethod
    def apply(self, course: Course, when: When) -> None:
        """Change the course by what happened; never raises."""


class Key(str):
    """A value of a refusal that is a catalogue key itself: said in the language of whoever is told."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a step is not taken: `reason` is a catalogue key with its domain, `values` its placeholders: texts, numbers,
    dates and `Key`s."""

    reason: str
    values: Mapping[str, object] = field(default_factory=dict)


Facts = tuple[Fact, ...]
Decision = Facts | Refusal


@dataclass(frozen=True, slots=True)
class Step(ABC):
    """Something that somebody wants to do to a dossier; which right it takes is said by `action`."""

    action: ClassVar[Action]

    def place(self, course: Course) -> Place:
        """What is acted upon, for the right to do it; the whole country by default."""
        return Place(course.country)

    @abstractmethod
    def decide(self, course: Course, actor: Actor, now: datetime) -> Decision:
        """The facts that follow, or why not. The right to do it is checked before."""


F = TypeVar("F", bound=type[Fact])
KINDS: dict[str, type[Fact]] = {}


def fact(kind: str) -> Callable[[F], F]:
    """Register a kind of fact under its name in the ledger, which never changes."""

    def register(cls: F) -> F:
        if kind in KINDS:
            raise ValueError(f"two facts are called {kind}")
        cls.kind = kind
        KINDS[kind] = cls
        return cls

    return register


@cache
def _adapter(cls: type[Fact]) -> TypeAdapter[Any]:
    from pydantic import TypeAdapter

    return TypeAdapter(cls)


@cache
def _wordy(cls: type[Fact]) -> frozenset[str]:
    return frozenset(item.name for item in fields(cls) if item.metadata.get("words"))


def written(happened: Fact) -> tuple[str, dict[str, Plain], dict[str, str]]:
    """A fact as the ledger takes it: kind, facts, words."""
    values: dict[str, Any] = _adapter(type(happened)).dump_python(happened, mode="json")
    wordy = _wordy(type(happened))
    return (
        happened.kind,
        {name: value for name, value in values.items() if name not in wordy},
        {name: values[name] for name in sorted(wordy)},
    )


def read(entry: Entry) -> Fact | None:
    """The fact that an entry tells of, its erased words empty; None for a kind that this program does not know."""
    cls = KINDS.get(entry.kind)
    if cls is None:
        return None
    known: Fact = _adapter(cls).validate_python(
        {**entry.facts, **{name: said for name, said in (entry.words or {}).items() if name in _wordy(cls)}}
    )
    return known
