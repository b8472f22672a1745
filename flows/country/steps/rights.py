"""The rights of people over their data, as far as the dossier is concerned: consent withdrawn and given again, a person
deleted. What they are called and where they write is kept elsewhere and never here."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, ClassVar, Literal

from flows.country.access import Action, Actor, Place
from flows.country.steps.base import Decision, Fact, Refusal, Step, When, fact

if TYPE_CHECKING:
    from flows.country.steps.course import Course

Why = Literal["asked", "letter", "retention"]
"""Why somebody is deleted: they asked for it themselves, the secretariat was asked, or their time is over."""


@dataclass(slots=True)
class Rights:
    """`withdrawn`: people who withdrew their consent, since when; `erased`: people deleted, when."""

    withdrawn: dict[int, datetime] = field(default_factory=dict)
    erased: dict[int, datetime] = field(default_factory=dict)


# ---- what happened ------------------------------------------------------------------------------------------------
@fact("rights.consent_withdrawn")
@dataclass(frozen=True, slots=True)
class ConsentWithdrawn(Fact):
    person_id: int

    def apply(self, course: Course, when: When) -> None:
        course.rights.withdrawn[self.person_id] = when.at


@fact("rights.consent_given")
@dataclass(frozen=True, slots=True)
class ConsentGiven(Fact):
    """After a withdrawal: what they said counts again."""

    person_id: int

    def apply(self, course: Course, when: When) -> None:
        course.rights.withdrawn.pop(self.person_id, None)


@fact("rights.person_erased")
@dataclass(frozen=True, slots=True)
class PersonErased(Fact):
    """Nothing is kept of who these people were; it is one human in several parts. `deleted`: contributions of theirs
    that went with them, because nobody had handed them in. Words of earlier entries may be erased along with it."""

    person_ids: tuple[int, ...]
    why: Why
    deleted: tuple[int, ...] = ()

    def apply(self, course: Course, when: When) -> None:
        for number in self.person_ids:
            course.rights.erased[number] = when.at
            course.rights.withdrawn.pop(number, None)
            member = course.participants.members.get(number)
            if member is not None and member.ended_at is None:
                member.ended_at, member.why, member.ended_by = when.at, "left", when.actor_id


@fact("rights.contacts_erased")
@dataclass(frozen=True, slots=True)
class ContactsErased(Fact):
    """Contacts of a person are gone from a contribution that was handed in: nobody said anything else, and what was
    agreed to of it still holds. `digest`: of the answers without them."""

    interview_id: int
    digest: str

    def apply(self, course: Course, when: When) -> None:
        one = course.contributions.of.get(self.interview_id)
        if one is not None:
            if one.submitted and one.submitted[-1] == one.digest:
                one.submitted[-1] = self.digest
            one.digest = self.digest


ERASING = frozenset({PersonErased.kind})
"""Facts with which words of earlier entries are erased: whoever keeps a course in memory reads it anew."""


# ---- steps --------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class WithdrawConsent(Step):
    """`given`: what the person last decided, as the store has it."""

    action: ClassVar[Action] = "own_data"
    person_id: int
    given: bool

    def place(self, course: Course) -> Place:
        return Place(course.country, person_id=self.person_id)

    def decide(self, course: Course, actor: Actor, now: datetime) -> Decision:
        if not self.given:
            return Refusal("rights.not_given")
        return (ConsentWithdrawn(self.person_id),)


@dataclass(frozen=True, slots=True)
class GiveConsent(Step):
    """Give it again."""

    action: ClassVar[Action] = "own_data"
    person_id: int
    given: bool

    def place(self, course: Course) -> Place:
        return Place(course.country, person_id=self.person_id)

    def decide(self, course: Course, actor: Actor, now: datetime) -> Decision:
        if self.given:
            return Refusal("rights.given_already")
        return (ConsentGiven(self.person_id),)


@dataclass(frozen=True, slots=True)
class EraseSelf(Step):
    """Somebody has themselves deleted, in all their parts."""

    action: ClassVar[Action] = "own_data"
    person_id: int
    person_ids: tuple[int, ...]
    deleted: tuple[int, ...] = ()

    def place(self, course: Course) -> Place:
        return Place(course.country, person_id=self.person_id)

    def decide(self, course: Course, actor: Actor, now: datetime) -> Decision:
        if self.person_id in course.rights.erased:
            return Refusal("rights.erased_already")
        return (PersonErased(self.person_ids, "asked", self.deleted),)


@dataclass(frozen=True, slots=True)
class ErasePerson(Step):
    """The secretariat deletes somebody who asked for it by letter, or whose time is over."""

    action: ClassVar[Action] = "erase_person"
    person_ids: tuple[int, ...]
    why: Why = "letter"
    deleted: tuple[int, ...] = ()

    def decide(self, course: Course, actor: Actor, now: datetime) -> Decision:
        if self.person_ids and set(self.person_ids) <= set(course.rights.erased):
            return Refusal("rights.erased_already")
        return (PersonErased(self.person_ids, self.why, self.deleted),)
