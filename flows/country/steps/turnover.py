"""Turnover: a person is replaced, or leaves. What they said stays theirs; their part is over at once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, ClassVar

from flows.country.access import Action, Actor, Place
from flows.country.steps.base import Decision, Refusal, Step
from flows.country.steps.participants import (
    InvitationRevoked,
    Member,
    PartEnded,
    PersonInvited,
    PersonJoined,
)

if TYPE_CHECKING:
    from flows.country.steps.course import Course


@dataclass(frozen=True, slots=True)
class ReplacePerson(Step):
    """An official's part is over, and a successor is invited; a focal point's, by the secretariat alone."""

    action: ClassVar[Action] = "replace_person"
    person_id: int
    invitation_id: int
    until: datetime

    def decide(self, course: Course, actor: Actor, now: datetime) -> Decision:
        member = course.participants.members.get(self.person_id)
        if member is not None and member.role == "coordinator":
            return Refusal("participants.is_coordinator")
        if member is None or member.role not in ("official", "focal_point"):
            return Refusal("participants.person_unknown")
        if member.role == "focal_point" and actor.role != "secretariat":
            return Refusal("access.role", {"action": "open_country"})
        return _over(member) or (
            PartEnded(self.person_id, "replaced"),
            PersonInvited(self.invitation_id, member.role, _entity(course, member), self.until, self.person_id),
        )


@dataclass(frozen=True, slots=True)
class ReplaceCoordinator(Step):
    """The coordinator's part is over, and a successor is invited for `entity_id`."""

    action: ClassVar[Action] = "replace_coordinator"
    person_id: int
    invitation_id: int
    entity_id: int
    until: datetime

    def decide(self, course: Course, actor: Actor, now: datetime) -> Decision:
        refused = _not_coordinator(course, self.person_id)
        return refused or (
            *_withdrawn(course, now),
            PartEnded(self.person_id, "replaced"),
            PersonInvited(self.invitation_id, "coordinator", self.entity_id, self.until, self.person_id),
        )


@dataclass(frozen=True, slots=True)
class TakeOverCoordination(Step):
    """The coordinator's part is over, and the focal point coordinates: `successor_id` is the part they take."""

    action: ClassVar[Action] = "replace_coordinator"
    person_id: int
    successor_id: int
    entity_id: int

    def decide(self, course: Course, actor: Actor, now: datetime) -> Decision:
        if actor.role != "focal_point":
            return Refusal("participants.only_focal_point")
        refused = _not_coordinator(course, self.person_id)
        return refused or (
            *_withdrawn(course, now),
            PartEnded(self.person_id, "replaced"),
            PersonJoined(self.successor_id, "coordinator", self.entity_id, None, self.person_id),
        )


@dataclass(frozen=True, slots=True)
class Leave(Step):
    """Somebody ends their own part."""

    action: ClassVar[Action] = "own_data"
    person_id: int

    def place(self, course: Course) -> Place:
        return Place(course.country, person_id=self.person_id)

    def decide(self, course: Course, actor: Actor, now: datetime) -> Decision:
        member = course.participants.members.get(self.person_id)
        if member is None:
            return Refusal("participants.person_unknown")
        return _over(member) or (PartEnded(self.person_id, "left"),)


def _over(member: Member) -> Refusal | None:
    return Refusal("participants.over_already") if member.ended_at is not None else None


def _not_coordinator(course: Course, person_id: int) -> Refusal | None:
    member = course.participants.members.get(person_id)
    if member is None or member.role != "coordinator":
        return Refusal("participants.person_unknown")
    return _over(member)


def _withdrawn(course: Course, now: datetime) -> tuple[InvitationRevoked, ...]:
    """Invitations to coordinate that are still about: only the successor's is to be."""
    about = (one for one in course.participants.open_offers(now) if one.role == "coordinator")
    return tuple(InvitationRevoked(one.id) for one in about)


def _entity(course: Course, member: Member) -> int | None:
    return course.participants.kept(member.entity_id) if member.entity_id is not None else None
