"""Delegation: a question, a section or the rest of an interview entrusted to a colleague, until it comes back.

A delegation is numbered by its invitation. Whose question it is meanwhile is kept by the interview itself (its `away`,
see `flows.interview.scope`); here is who was asked for what, by whom, and what became of it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, ClassVar, Literal

from flows.country.access import Action, Actor, Place
from flows.country.steps.base import Decision, Fact, Refusal, Step, When, fact, words

if TYPE_CHECKING:
    from flows.country.steps.course import Course

Kind = Literal["question", "section", "rest"]
State = Literal["invited", "taken", "returned", "recalled"]
OPEN = ("invited", "taken")


@dataclass(slots=True)
class Delegation:
    """`label`: whom it is meant for, as the official wrote it; `person_id`: the colleague, once they came."""

    invitation_id: int
    interview_id: int
    kind: Kind
    scope: tuple[str, ...]
    label: str
    by: int | None
    at: datetime
    state: State = "invited"
    person_id: int | None = None
    ended_at: datetime | None = None


@dataclass(slots=True)
class Delegations:
    """All of them, by the number of their invitation."""

    made: dict[int, Delegation] = field(default_factory=dict)

    def open_of(self, interview_id: int) -> list[Delegation]:
        """What of an interview is with colleagues now, oldest first."""
        return [one for one in self.made.values() if one.interview_id == interview_id and one.state in OPEN]

    def of_colleague(self, person_id: int) -> list[Delegation]:
        """What a colleague has taken and not yet handed back."""
        return [one for one in self.made.values() if one.person_id == person_id and one.state == "taken"]


@fact("delegation.made")
@dataclass(frozen=True, slots=True)
class Delegated(Fact):
    interview_id: int
    invitation_id: int
    kind_of: Kind
    scope: tuple[str, ...]
    label: str = words()

    def apply(self, course: Course, when: When) -> None:
        course.delegations.made[self.invitation_id] = Delegation(
            self.invitation_id, self.interview_id, self.kind_of, self.scope, self.label, when.actor_id, when.at
        )


@fact("delegation.taken")
@dataclass(frozen=True, slots=True)
class DelegationTaken(Fact):
    invitation_id: int
    person_id: int

    def apply(self, course: Course, when: When) -> None:
        one = course.delegations.made.get(self.invitation_id)
        if one is not None and one.state == "invited":
            one.state, one.person_id = "taken", self.person_id


@fact("delegation.returned")
@dataclass(frozen=True, slots=True)
class DelegationReturned(Fact):
    """The colleague is done. `complete`: nothing of it is left open."""

    invitation_id: int
    complete: bool

    def apply(self, course: Course, when: When) -> None:
        _end(course, self.invitation_id, "returned", when)


@fact("delegation.recalled")
@dataclass(frozen=True, slots=True)
class DelegationRecalled(Fact):
    invitation_id: int

    def apply(self, course: Course, when: When) -> None:
        _end(course, self.invitation_id, "recalled", when)


def _end(course: Course, invitation_id: int, state: State, when: When) -> None:
    one = course.delegations.made.get(invitation_id)
    if one is not None and one.state in OPEN:
        one.state, one.ended_at = state, when.at


# ---- steps --------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Delegate(Step):
    """`owner_id`: whose interview it is; `free`: whether the scope touches nothing that is with another colleague, and
    `changeable`: whether the answers may be changed at all (not handed in or accepted), as the shell found them."""

    action: ClassVar[Action] = "delegate"
    owner_id: int
    interview_id: int
    invitation_id: int
    kind_of: Kind
    scope: tuple[str, ...]
    label: str
    free: bool = True
    changeable: bool = True

    def place(self, course: Course) -> Place:
        return Place(course.country, person_id=self.owner_id)

    def decide(self, course: Course, actor: Actor, now: datetime) -> Decision:
        if not self.changeable:
            return Refusal("delegation.handed_in")
        if not self.scope:
            return Refusal("delegation.nothing_left")
        if not self.free:
            return Refusal("delegation.already_away")
        return (Delegated(self.interview_id, self.invitation_id, self.kind_of, self.scope, self.label.strip()),)


@dataclass(frozen=True, slots=True)
class Recall(Step):
    """The official takes a part back: what the colleague answered so far stays."""

    action: ClassVar[Action] = "recall"
    owner_id: int
    invitation_id: int

    def place(self, course: Course) -> Place:
        return Place(course.country, person_id=self.owner_id)

    def decide(self, course: Course, actor: Actor, now: datetime) -> Decision:
        refused = _not_open(course, self.invitation_id)
        return refused or (DelegationRecalled(self.invitation_id),)


@dataclass(frozen=True, slots=True)
class TakeOn(Step):
    """A colleague comes with the invitation."""

    action: ClassVar[Action] = "hand_back"
    invitation_id: int
    person_id: int

    def place(self, course: Course) -> Place:
        return Place(course.country, person_id=self.person_id)

    def decide(self, course: Course, actor: Actor, now: datetime) -> Decision:
        one = course.delegations.made.get(self.invitation_id)
        if one is None or one.state != "invited":
            return Refusal("delegation.ended")
        return (DelegationTaken(self.invitation_id, self.person_id),)


@dataclass(frozen=True, slots=True)
class HandBack(Step):
    """The colleague gives the part back, complete or not."""

    action: ClassVar[Action] = "hand_back"
    invitation_id: int
    complete: bool

    def place(self, course: Course) -> Place:
        one = course.delegations.made.get(self.invitation_id)
        return Place(course.country, person_id=one.person_id if one is not None else None)

    def decide(self, course: Course, actor: Actor, now: datetime) -> Decision:
        refused = _not_open(course, self.invitation_id)
        return refused or (DelegationReturned(self.invitation_id, self.complete),)


def _not_open(course: Course, invitation_id: int) -> Refusal | None:
    one = course.delegations.made.get(invitation_id)
    if one is None:
        return Refusal("delegation.unknown")
    return None if one.state in OPEN else Refusal(f"delegation.was_{one.state}")
