"""The identification of stakeholders: entities named, corrected, merged or told apart; people invited (R-52, R-59)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, ClassVar, Literal

from flows.country.access import Action, Actor, Role
from flows.country.essential import Essential
from flows.country.steps.base import Decision, Refusal, Step
from flows.country.steps.interest import takes_part
from flows.country.steps.participants import (
    ANSWERING,
    EntitiesApart,
    EntitiesMerged,
    EntityCorrected,
    EntityNamed,
    EssentialWaived,
    InvitationRevoked,
    Offer,
    PersonInvited,
    PersonJoined,
    Reason,
)

if TYPE_CHECKING:
    from flows.country.steps.course import Course


# ---- entities -----------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class NameEntity(Step):
    """An entity is to take part; one in the list already is not named again."""

    action: ClassVar[Action] = "name_entity"
    entity_id: int
    name: str
    acronym: str = ""
    kind: str = ""
    domains: tuple[str, ...] = ()
    source: Literal["named", "questionnaire"] = "named"

    def decide(self, course: Course, actor: Actor, now: datetime) -> Decision:
        if (refused := takes_part(course)) is not None:
            return refused
        if self.entity_id in course.participants.entities:
            return Refusal("participants.entity_there", {"name": self.name})
        named = EntityNamed(self.entity_id, self.kind, self.domains, self.source, self.name, self.acronym)
        return (named,)


@dataclass(frozen=True, slots=True)
class CorrectEntity(Step):
    """Name, acronym, type or domains of an entity are put right. `former`: its name before."""

    action: ClassVar[Action] = "name_entity"
    entity_id: int
    former: str
    name: str
    acronym: str = ""
    kind: str = ""
    domains: tuple[str, ...] = ()

    def decide(self, course: Course, actor: Actor, now: datetime) -> Decision:
        refused = _not_there(course, self.entity_id, self.former)
        former = self.former if self.former != self.name else ""
        return refused or (EntityCorrected(self.entity_id, self.kind, self.domains, self.name, self.acronym, former),)


@dataclass(frozen=True, slots=True)
class MergeEntities(Step):
    """Two entities are one: `kept_id` keeps its name, `former` is that of the other."""

    action: ClassVar[Action] = "merge_entities"
    kept_id: int
    merged_id: int
    former: str = ""

    def decide(self, course: Course, actor: Actor, now: datetime) -> Decision:
        if self.kept_id == self.merged_id:
            return Refusal("participants.merge_itself")
        refused = _not_there(course, self.kept_id) or _not_there(course, self.merged_id, self.former)
        return refused or (EntitiesMerged(self.kept_id, self.merged_id, self.former),)


@dataclass(frozen=True, slots=True)
class KeepApart(Step):
    """Two entities that look like one are not: it is not asked again."""

    action: ClassVar[Action] = "merge_entities"
    first_id: int
    second_id: int

    def decide(self, course: Course, actor: Actor, now: datetime) -> Decision:
        if self.first_id == self.second_id:
            return Refusal("participants.merge_itself")
        refused = _not_there(course, self.first_id) or _not_there(course, self.second_id)
        if refused is None and course.participants.are_apart(self.first_id, self.second_id):
            return Refusal("participants.apart_already")
        return refused or (EntitiesApart(*sorted((self.first_id, self.second_id))),)


def _not_there(course: Course, entity_id: int, name: str = "") -> Refusal | None:
    if entity_id not in course.participants.entities:
        return Refusal("participants.entity_unknown")
    if course.participants.is_merged(entity_id):
        return Refusal("participants.merged_named" if name else "participants.merged", {"name": name})
    return None


@dataclass(frozen=True, slots=True)
class WaiveEssential(Step):
    """The country does without an essential entity, and says why."""

    action: ClassVar[Action] = "waive_gap"
    essential: Essential
    reason: Reason

    def decide(self, course: Course, actor: Actor, now: datetime) -> Decision:
        before = course.participants.waived.get(self.essential)
        if before is not None and before.reason == self.reason:
            return Refusal("participants.waived_already")
        return (EssentialWaived(self.essential, self.reason),)


# ---- people -------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class InvitePerson(Step):
    """Somebody is invited to answer for an entity. `replaces`: whose part, ended, they take over."""

    action: ClassVar[Action] = "invite"
    invitation_id: int
    entity_id: int
    until: datetime
    replaces: int | None = None

    def decide(self, course: Course, actor: Actor, now: datetime) -> Decision:
        refused = takes_part(course) or _not_there(course, self.entity_id)
        if refused is None and self.replaces is not None:
            refused = _cannot_succeed(course, self.replaces, "official", now)
        return refused or (PersonInvited(self.invitation_id, "official", self.entity_id, self.until, self.replaces),)


@dataclass(frozen=True, slots=True)
class InviteCoordinator(Step):
    """Somebody is invited to coordinate, where nobody does. `replaces`: the coordinator who left."""

    action: ClassVar[Action] = "name_coordinator"
    invitation_id: int
    entity_id: int
    until: datetime
    replaces: int | None = None

    def decide(self, course: Course, actor: Actor, now: datetime) -> Decision:
        refused = takes_part(course) or coordinated(course, now)
        if refused is None and self.replaces is not None:
            refused = _cannot_succeed(course, self.replaces, "coordinator", now)
        return refused or (PersonInvited(self.invitation_id, "coordinator", self.entity_id, self.until, self.replaces),)


@dataclass(frozen=True, slots=True)
class BecomeCoordinator(Step):
    """The focal point coordinates: `person_id` is the second part of the same person."""

    action: ClassVar[Action] = "name_coordinator"
    person_id: int
    entity_id: int
    replaces: int | None = None

    def decide(self, course: Course, actor: Actor, now: datetime) -> Decision:
        if actor.role != "focal_point":
            return Refusal("participants.only_focal_point")
        refused = takes_part(course) or coordinated(course, now)
        if refused is None and self.replaces is not None:
            refused = _cannot_succeed(course, self.replaces, "coordinator", now)
        return refused or (PersonJoined(self.person_id, "coordinator", self.entity_id, None, self.replaces),)


@dataclass(frozen=True, slots=True)
class InviteFocalPoint(Step):
    """The secretariat invites a country's focal point."""

    action: ClassVar[Action] = "open_country"
    invitation_id: int
    until: datetime
    replaces: int | None = None

    def decide(self, course: Course, actor: Actor, now: datetime) -> Decision:
        return (PersonInvited(self.invitation_id, "focal_point", None, self.until, self.replaces),)


@dataclass(frozen=True, slots=True)
class RevokeInvitation(Step):
    """An invitation not used yet is used by nobody."""

    action: ClassVar[Action] = "invite"
    invitation_id: int

    def decide(self, course: Course, actor: Actor, now: datetime) -> Decision:
        offer = course.participants.offers.get(self.invitation_id)
        if offer is None:
            return Refusal("participants.invitation_unknown")
        return _ended(offer) or (InvitationRevoked(self.invitation_id),)


def _ended(offer: Offer) -> Refusal | None:
    if offer.used_by is not None:
        return Refusal("participants.invitation_used")
    return Refusal("participants.invitation_revoked") if offer.revoked else None


def coordinated(course: Course, now: datetime) -> Refusal | None:
    """Why nobody is named coordinator now: there is one, or one is invited."""
    if course.participants.coordinator() is not None:
        return Refusal("participants.coordinator_there")
    if any(one.role == "coordinator" for one in course.participants.open_offers(now)):
        return Refusal("participants.coordinator_invited")
    return None


def _cannot_succeed(course: Course, person_id: int, role: Role, now: datetime) -> Refusal | None:
    member = course.participants.members.get(person_id)
    if member is None or member.role != role or member.role not in ANSWERING:
        return Refusal("participants.person_unknown")
    if member.ended_at is None:
        return Refusal("participants.still_there")
    return Refusal("participants.succeeded") if course.participants.successor_of(person_id, now) is not None else None


def cannot_join(course: Course, role: Role) -> Refusal | None:
    """Why an invitation cannot be used now, though it holds: there is a coordinator already."""
    if role == "coordinator" and course.participants.coordinator() is not None:
        return Refusal("participants.cannot_join")
    return None
