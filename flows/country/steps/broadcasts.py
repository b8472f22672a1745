"""Messages that the secretariat or a coordinator writes to a group: what was sent, to whom, when, what was stopped."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, ClassVar, Literal, get_args

from flows.country.access import Action, Actor
from flows.country.ledger import EXERCISE
from flows.country.steps.base import Decision, Fact, Refusal, Step, When, fact, words

if TYPE_CHECKING:
    from flows.country.steps.course import Course

Regional = Literal["coordinators", "focal_points", "experts", "everybody"]
National = Literal["officials", "late", "entity", "country"]
Group = Regional | National
REGIONAL: tuple[Regional, ...] = get_args(Regional)
"""Groups of all countries; `everybody`: whoever takes part anywhere."""
NATIONAL: tuple[National, ...] = get_args(National)
"""Groups of one country: all officials; those of them whose contribution is not handed in; the people of one entity;
everybody."""
LANGUAGES = ("fr", "en")
"""In which languages a message is written."""
MOST_CHARACTERS = 3000
"""Of a text: it has to fit into one message."""


@dataclass(slots=True)
class Broadcast:
    """One message to a group. `number`: of its entry in the ledger; `people`: how many it was to reach; `draft`: the
    form that it was written in, where it was written in conversation; `put`: once the messages are made, to how many
    people; `left_out`: why others get none, with their number."""

    number: int
    at: datetime
    by: int | None
    role: str
    group: Group
    entity_id: int | None
    people: int
    draft: int | None
    texts: Mapping[str, str]
    put: int | None = None
    left_out: Mapping[str, int] = field(default_factory=dict)
    stopped_at: datetime | None = None


@dataclass(slots=True)
class Broadcasts:
    """All of a country, or of all countries, by number."""

    of: dict[int, Broadcast] = field(default_factory=dict)

    def get(self, number: int) -> Broadcast | None:
        return self.of.get(number)

    @property
    def newest(self) -> Broadcast | None:
        return self.of[max(self.of)] if self.of else None

    def has_sent(self, draft: int) -> bool:
        """Whether the message written in this form was sent."""
        return any(one.draft == draft for one in self.of.values())


# ---- facts --------------------------------------------------------------------------------------------------------
@fact("broadcast.sent")
@dataclass(frozen=True, slots=True)
class BroadcastSent(Fact):
    """It was confirmed; the messages are made next."""

    group: Group
    people: int
    entity_id: int | None = None
    draft: int | None = None
    fr: str = words()
    en: str = words()

    def apply(self, course: Course, when: When) -> None:
        course.broadcasts.of[when.number] = Broadcast(
            *(when.number, when.at, when.actor_id, when.role, self.group, self.entity_id, self.people, self.draft),
            texts={language: said for language, said in (("fr", self.fr), ("en", self.en)) if said},
        )


@fact("broadcast.put")
@dataclass(frozen=True, slots=True)
class BroadcastPut(Fact):
    """The messages are made. `left_out`: reason and number of those who get none."""

    number: int
    people: int
    left_out: Mapping[str, int] = field(default_factory=dict)

    def apply(self, course: Course, when: When) -> None:
        one = course.broadcasts.of.get(self.number)
        if one is not None:
            one.put, one.left_out = self.people, self.left_out


@fact("broadcast.stopped")
@dataclass(frozen=True, slots=True)
class BroadcastStopped(Fact):
    """What had not gone out yet does not any more. `messages`: how many those are."""

    number: int
    messages: int

    def apply(self, course: Course, when: When) -> None:
        one = course.broadcasts.of.get(self.number)
        if one is not None:
            one.stopped_at = one.stopped_at or when.at


# ---- steps --------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class SendBroadcast(Step):
    """Write to a group. `texts`: by language; `people`: whom it reaches now."""

    action: ClassVar[Action] = "broadcast"
    group: Group
    people: int
    texts: Mapping[str, str]
    entity_id: int | None = None
    draft: int | None = None

    def decide(self, course: Course, actor: Actor, now: datetime) -> Decision:
        if self.group not in (REGIONAL if course.country == EXERCISE else NATIONAL):
            return Refusal("broadcasts.wrong_group")
        if (self.group == "entity") != (self.entity_id is not None):
            return Refusal("broadcasts.wrong_group")
        texts = {language: self.texts.get(language, "").strip() for language in LANGUAGES}
        if not any(texts.values()):
            return Refusal("broadcasts.no_text")
        if any(len(said) > MOST_CHARACTERS for said in texts.values()):
            return Refusal("broadcasts.too_long", {"most": MOST_CHARACTERS})
        if self.draft is not None and course.broadcasts.has_sent(self.draft):
            return Refusal("broadcasts.already_sent")
        if self.people < 1:
            return Refusal("broadcasts.nobody")
        return (BroadcastSent(self.group, self.people, self.entity_id, self.draft, **texts),)


@dataclass(frozen=True, slots=True)
class StopBroadcast(Step):
    """Stop what has not gone out yet: `waiting` messages."""

    action: ClassVar[Action] = "broadcast"
    number: int
    waiting: int

    def decide(self, course: Course, actor: Actor, now: datetime) -> Decision:
        one = course.broadcasts.get(self.number)
        if one is None:
            return Refusal("broadcasts.unknown")
        if one.role == "secretariat" != actor.role:
            return Refusal("broadcasts.not_yours")
        if one.stopped_at is not None:
            return Refusal("broadcasts.stopped_before")
        if one.put is not None and not self.waiting:
            return Refusal("broadcasts.all_out")
        return (BroadcastStopped(self.number, self.waiting),)
