"""Who takes part for a country: entities named, people invited, who joined, who left, who took over from whom.

Nothing here knows a person's name: people, entities and invitations are told apart by their numbers in the store.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Literal

from flows.country.access import Role
from flows.country.essential import Essential
from flows.country.steps.base import Fact, When, fact, words

if TYPE_CHECKING:
    from flows.country.steps.course import Course

EntityState = Literal["named", "invited", "joined", "ended"]
Why = Literal["replaced", "left"]
Reason = Literal["none_exists", "covered", "declined"]
REASONS: tuple[Reason, ...] = ("none_exists", "covered", "declined")
"""Why a country does without an essential entity: there is none, another one covers it, it does not wish to."""
ANSWERING: tuple[Role, ...] = ("official", "coordinator")
"""Who answers the questionnaire for an entity."""


# ---- what follows from the facts ----------------------------------------------------------------------------------
@dataclass(slots=True)
class NamedEntity:
    """`former`: names that it went by before, those of entities merged into it among them; `domains`: choices of the
    questionnaire's list `domain`."""

    id: int
    named_at: datetime
    by: int | None
    kind: str = ""
    domains: tuple[str, ...] = ()
    former: list[str] = field(default_factory=list)
    merged_into: int | None = None


@dataclass(slots=True)
class Member:
    """A person in one part. `replaces`: whose part they took over; `ended_by`: who ended it."""

    person_id: int
    role: Role
    entity_id: int | None
    joined_at: datetime
    invitation_id: int | None = None
    replaces: int | None = None
    ended_at: datetime | None = None
    why: Why | None = None
    ended_by: int | None = None


@dataclass(slots=True)
class Offer:
    """An invitation. `replaces`: whose part the invited person takes over."""

    id: int
    role: Role
    entity_id: int | None
    until: datetime
    by: int | None
    replaces: int | None = None
    used_by: int | None = None
    revoked: bool = False

    def is_open(self, now: datetime) -> bool:
        """Whether it can still be used."""
        return self.used_by is None and not self.revoked and self.until > now


@dataclass(frozen=True, slots=True)
class Waiver:
    """Why the country does without an essential entity, said when and by whom."""

    reason: Reason
    at: datetime
    by: int | None
    role: str = ""


@dataclass(slots=True)
class Participants:
    """All of them, those of before too. Entities merged into another are found by `kept`."""

    entities: dict[int, NamedEntity] = field(default_factory=dict)
    members: dict[int, Member] = field(default_factory=dict)
    offers: dict[int, Offer] = field(default_factory=dict)
    apart: set[tuple[int, int]] = field(default_factory=set)
    waived: dict[Essential, Waiver] = field(default_factory=dict)

    # ---- entities ----
    def kept(self, entity_id: int) -> int:
        """The entity that an entity is now: itself, or the one it was merged into."""
        while (found := self.entities.get(entity_id)) is not None and found.merged_into is not None:
            entity_id = found.merged_into
        return entity_id

    def is_merged(self, entity_id: int) -> bool:
        return self.kept(entity_id) != entity_id

    def are_apart(self, first: int, second: int) -> bool:
        """Whether somebody said that these are two entities."""
        pair = {self.kept(first), self.kept(second)}
        return any({self.kept(one), self.kept(other)} == pair for one, other in self.apart)

    def state_of(self, entity_id: int, now: datetime) -> EntityState:
        """How far an entity is: somebody takes part for it, is invited, took part, or it is only named."""
        own = [one for one in self.members.values() if self._is_of(one.entity_id, entity_id) and one.role in ANSWERING]
        if any(one.ended_at is None for one in own):
            return "joined"
        if any(self._is_of(one.entity_id, entity_id) and one.is_open(now) for one in self.offers.values()):
            return "invited"
        return "ended" if own else "named"

    def _is_of(self, entity_id: int | None, kept: int) -> bool:
        return entity_id is not None and self.kept(entity_id) == kept

    # ---- people ----
    def present(self, *roles: Role) -> list[Member]:
        """Those who take part now, in these roles."""
        return [one for one in self.members.values() if one.ended_at is None and one.role in roles]

    def coordinator(self) -> Member | None:
        """The one coordinator."""
        return next(iter(self.present("coordinator")), None)

    def is_over(self, person_id: int | None) -> bool:
        """Whether this part has ended."""
        member = self.members.get(person_id) if person_id is not None else None
        return member is not None and member.ended_at is not None

    def open_offers(self, now: datetime) -> list[Offer]:
        """The invitations that can still be used, oldest first."""
        return [one for one in self.offers.values() if one.is_open(now)]

    def successor_of(self, person_id: int, now: datetime) -> Member | Offer | None:
        """Who took a part over, or the invitation of whoever is to."""
        found: Member | Offer | None = next((one for one in self.members.values() if one.replaces == person_id), None)
        return found or next((one for one in self.open_offers(now) if one.replaces == person_id), None)

    def orphaned(self, now: datetime) -> list[Member]:
        """Those who answered for an entity, whose part is over, and whom nobody succeeds or is invited to."""
        return [
            one
            for one in self.members.values()
            if one.ended_at is not None and one.role in ANSWERING and self.successor_of(one.person_id, now) is None
        ]


# ---- what happened ------------------------------------------------------------------------------------------------
@fact("participants.entity_named")
@dataclass(frozen=True, slots=True)
class EntityNamed(Fact):
    """`source`: named by somebody, taken over from the questionnaire, or come in with an invitation."""

    entity_id: int
    kind_of: str = ""
    domains: tuple[str, ...] = ()
    source: Literal["named", "questionnaire", "invitation"] = "named"
    name: str = words()
    acronym: str = words()

    def apply(self, course: Course, when: When) -> None:
        course.participants.entities.setdefault(
            self.entity_id, NamedEntity(self.entity_id, when.at, when.actor_id, self.kind_of, self.domains)
        )


@fact("participants.entity_corrected")
@dataclass(frozen=True, slots=True)
class EntityCorrected(Fact):
    """`former`: what it was called before, where the name is another now."""

    entity_id: int
    kind_of: str = ""
    domains: tuple[str, ...] = ()
    name: str = words()
    acronym: str = words()
    former: str = words()

    def apply(self, course: Course, when: When) -> None:
        entity = course.participants.entities.get(self.entity_id)
        if entity is not None:
            entity.kind, entity.domains = self.kind_of, self.domains
            entity.former += [self.former] if self.former else []


@fact("participants.entities_merged")
@dataclass(frozen=True, slots=True)
class EntitiesMerged(Fact):
    """Two entities are one: people, invitations and answers of the merged one belong to the kept one. `former`: the
    name of the merged one, which stays known."""

    kept_id: int
    merged_id: int
    former: str = words()

    def apply(self, course: Course, when: When) -> None:
        participants = course.participants
        kept, merged = participants.entities.get(self.kept_id), participants.entities.get(self.merged_id)
        if kept is None or merged is None or kept is merged or kept.merged_into or merged.merged_into:
            return
        merged.merged_into = self.kept_id
        kept.kind = kept.kind or merged.kind
        kept.domains += tuple(one for one in merged.domains if one not in kept.domains)
        kept.former += [one for one in (self.former, *merged.former) if one and one not in kept.former]


@fact("participants.entities_apart")
@dataclass(frozen=True, slots=True)
class EntitiesApart(Fact):
    """Two entities that looked like one are not."""

    first_id: int
    second_id: int

    def apply(self, course: Course, when: When) -> None:
        course.participants.apart.add((self.first_id, self.second_id))


@fact("participants.essential_waived")
@dataclass(frozen=True, slots=True)
class EssentialWaived(Fact):
    """The country does without a statistics office, a border body or a crisis body."""

    essential: Essential
    reason: Reason

    def apply(self, course: Course, when: When) -> None:
        course.participants.waived[self.essential] = Waiver(self.reason, when.at, when.actor_id, when.role)


@fact("participants.invited")
@dataclass(frozen=True, slots=True)
class PersonInvited(Fact):
    invitation_id: int
    role: Role
    entity_id: int | None
    until: datetime
    replaces: int | None = None

    def apply(self, course: Course, when: When) -> None:
        course.participants.offers.setdefault(
            self.invitation_id,
            Offer(self.invitation_id, self.role, self.entity_id, self.until, when.actor_id, self.replaces),
        )


@fact("participants.invitation_revoked")
@dataclass(frozen=True, slots=True)
class InvitationRevoked(Fact):
    invitation_id: int

    def apply(self, course: Course, when: When) -> None:
        offer = course.participants.offers.get(self.invitation_id)
        if offer is not None:
            offer.revoked = True


@fact("participants.joined")
@dataclass(frozen=True, slots=True)
class PersonJoined(Fact):
    """`invitation_id`: None where nobody had to be invited (a focal point who coordinates)."""

    person_id: int
    role: Role
    entity_id: int | None = None
    invitation_id: int | None = None
    replaces: int | None = None

    def apply(self, course: Course, when: When) -> None:
        participants = course.participants
        participants.members.setdefault(
            self.person_id,
            Member(self.person_id, self.role, self.entity_id, when.at, self.invitation_id, self.replaces),
        )
        offer = participants.offers.get(self.invitation_id) if self.invitation_id is not None else None
        if offer is not None:
            offer.used_by = self.person_id


@fact("participants.ended")
@dataclass(frozen=True, slots=True)
class PartEnded(Fact):
    person_id: int
    why: Why

    def apply(self, course: Course, when: When) -> None:
        member = course.participants.members.get(self.person_id)
        if member is not None and member.ended_at is None:
            member.ended_at, member.why, member.ended_by = when.at, self.why, when.actor_id


@fact("participants.handed_over")
@dataclass(frozen=True, slots=True)
class ContributionHandedOver(Fact):
    """A successor goes on with the answers of a predecessor; who said what stays as it is."""

    interview_id: int
    from_id: int
    to_id: int

    def apply(self, course: Course, when: When) -> None:
        return
