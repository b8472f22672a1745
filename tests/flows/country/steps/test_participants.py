"""Who takes part: what may be named, invited, merged and replaced when, and what follows."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.country.access import Actor, Role
from flows.country.steps.base import Decision, Fact, Refusal, Step, When
from flows.country.steps.course import Course
from flows.country.steps.door import take
from flows.country.steps.identifying import (
    BecomeCoordinator,
    CorrectEntity,
    InviteCoordinator,
    InviteFocalPoint,
    InvitePerson,
    KeepApart,
    MergeEntities,
    NameEntity,
    RevokeInvitation,
    WaiveEssential,
    cannot_join,
)
from flows.country.steps.interest import InterestExpressed
from flows.country.steps.participants import (
    ContributionHandedOver,
    EntitiesApart,
    EntitiesMerged,
    EntityNamed,
    PartEnded,
    PersonInvited,
    PersonJoined,
)
from flows.country.steps.turnover import Leave, ReplaceCoordinator, ReplacePerson, TakeOverCoordination

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
LATER = NOW + timedelta(days=30)
SECRETARIAT = Actor("secretariat", 1)
FOCAL_POINT = Actor("focal_point", 2, "BFA")
COORDINATOR = Actor("coordinator", 3, "BFA", 1)
OFFICIAL = Actor("official", 4, "BFA", 2)


@dataclass
class Country:
    """A course that facts are brought to, one after the other."""

    course: Course = field(default_factory=lambda: Course("BFA"))
    now: datetime = NOW

    def happen(self, *facts: Fact, by: Actor = SECRETARIAT) -> None:
        for one in facts:
            self.course.number += 1
            one.apply(self.course, When(self.course.number, self.now, by.person_id, by.role))

    def ask(self, step: Step, by: Actor) -> Decision:
        return take(self.course, by, step, self.now)

    def do(self, step: Step, by: Actor) -> None:
        decision = self.ask(step, by)
        assert not isinstance(decision, Refusal), decision
        self.happen(*decision, by=by)

    def why_not(self, step: Step, by: Actor) -> str:
        decision = self.ask(step, by)
        assert isinstance(decision, Refusal), decision
        return decision.reason


def before() -> Country:
    """A country that takes part: focal point there, three entities named, nobody else."""
    country = Country()
    country.happen(InterestExpressed("yes", authority="Conseil", endorser="Secrétaire"))
    country.happen(PersonJoined(2, "focal_point"), *(EntityNamed(number) for number in (1, 2, 3)))
    return country


def at_work() -> Country:
    """The same with a coordinator for entity 1 and an official for entity 2."""
    country = before()
    country.happen(PersonJoined(3, "coordinator", 1), PersonJoined(4, "official", 2))
    return country


# ---- entities -----------------------------------------------------------------------------------------------------
def test_entities_are_named_once_the_country_takes_part() -> None:
    country = Country()
    country.happen(PersonJoined(3, "coordinator", 1))
    assert country.why_not(NameEntity(9, "Institut"), COORDINATOR) == "interest.not_yet"
    country.happen(InterestExpressed("no"))
    assert country.why_not(NameEntity(9, "Institut"), COORDINATOR) == "interest.declined"


def test_an_entity_is_named_once() -> None:
    country = at_work()
    country.do(NameEntity(9, "Institut", "INSD", "statistics", ("trends",)), COORDINATOR)
    assert country.course.participants.entities[9].domains == ("trends",)
    assert country.course.participants.state_of(9, NOW) == "named"
    assert country.why_not(NameEntity(9, "Institut"), COORDINATOR) == "participants.entity_there"


def test_a_corrected_entity_stays_known_under_its_former_name() -> None:
    country = at_work()
    country.do(CorrectEntity(2, "INSD", "Institut national", "INSD", "statistics", ("crisis",)), COORDINATOR)
    country.do(CorrectEntity(2, "Institut national", "Institut national", "", "ministry"), COORDINATOR)
    known = country.course.participants.entities[2]
    assert (known.former, known.kind, known.domains) == (["INSD"], "ministry", ())
    assert country.why_not(CorrectEntity(99, "", "X"), COORDINATOR) == "participants.entity_unknown"


def test_merged_entities_are_found_through_every_merge() -> None:
    country = at_work()
    country.do(MergeEntities(2, 1, "A"), COORDINATOR)
    country.do(MergeEntities(3, 2, "B"), COORDINATOR)
    known = country.course.participants
    assert [known.kept(number) for number in (1, 2, 3)] == [3, 3, 3]
    assert known.entities[3].former == ["B", "A"]
    assert known.state_of(3, NOW) == "joined"


@pytest.mark.parametrize(
    ("kept", "merged", "reason"),
    [
        (2, 2, "participants.merge_itself"),
        (2, 99, "participants.entity_unknown"),
        (99, 2, "participants.entity_unknown"),
        (1, 3, "participants.merged_named"),
        (3, 1, "participants.merged"),
    ],
)
def test_what_cannot_be_merged_says_why(kept: int, merged: int, reason: str) -> None:
    country = at_work()
    country.do(MergeEntities(2, 3, "C"), COORDINATOR)
    assert country.why_not(MergeEntities(kept, merged, "C"), COORDINATOR) == reason


def test_entities_told_apart_are_remembered_through_merges() -> None:
    country = at_work()
    country.do(KeepApart(2, 1), COORDINATOR)
    assert country.why_not(KeepApart(1, 2), COORDINATOR) == "participants.apart_already"
    assert country.why_not(KeepApart(1, 1), COORDINATOR) == "participants.merge_itself"
    assert not country.course.participants.are_apart(1, 3)
    country.do(MergeEntities(3, 1, "A"), COORDINATOR)
    assert country.course.participants.are_apart(2, 3)


@given(st.lists(st.tuples(st.integers(1, 6), st.integers(1, 6)), max_size=20))
@settings(max_examples=60)
def test_whatever_is_merged_every_entity_leads_to_one_that_is_there(pairs: list[tuple[int, int]]) -> None:
    country = Country()
    country.happen(*(EntityNamed(number) for number in range(1, 7)))
    country.happen(*(EntitiesMerged(kept, merged, str(merged)) for kept, merged in pairs))
    known = country.course.participants
    roots = {known.kept(number) for number in known.entities}
    assert roots
    assert all(known.entities[root].merged_into is None for root in roots)


def test_why_an_essential_entity_is_missing_is_kept() -> None:
    country = at_work()
    country.do(WaiveEssential("border", "covered"), COORDINATOR)
    assert country.course.participants.waived["border"].by == 3
    assert country.why_not(WaiveEssential("border", "covered"), COORDINATOR) == "participants.waived_already"
    country.do(WaiveEssential("border", "declined"), SECRETARIAT)
    assert country.course.participants.waived["border"].reason == "declined"


# ---- invitations --------------------------------------------------------------------------------------------------
def test_somebody_is_invited_joins_and_the_entity_shows_it() -> None:
    country = at_work()
    country.do(InvitePerson(7, 3, LATER), COORDINATOR)
    known = country.course.participants
    assert known.state_of(3, NOW) == "invited"
    assert known.state_of(3, LATER) == "named"
    country.happen(PersonJoined(8, "official", 3, 7), by=Actor("official", 8, "BFA", 3))
    assert known.state_of(3, NOW) == "joined"
    assert known.open_offers(NOW) == []
    country.happen(PartEnded(8, "left"))
    assert known.state_of(3, NOW) == "ended"


@pytest.mark.parametrize("entity", [99, 1])
def test_nobody_is_invited_for_an_entity_that_is_not_there(entity: int) -> None:
    country = at_work()
    country.do(MergeEntities(2, 1, "A"), COORDINATOR)
    why = country.why_not(InvitePerson(7, entity, LATER), COORDINATOR)
    assert why == ("participants.merged" if entity == 1 else "participants.entity_unknown")


def test_an_invitation_is_revoked_once_and_never_after_it_was_used() -> None:
    country = at_work()
    country.do(InvitePerson(7, 3, LATER), COORDINATOR)
    country.do(RevokeInvitation(7), COORDINATOR)
    assert country.why_not(RevokeInvitation(7), COORDINATOR) == "participants.invitation_revoked"
    country.do(InvitePerson(8, 3, LATER), COORDINATOR)
    country.happen(PersonJoined(9, "official", 3, 8))
    assert country.why_not(RevokeInvitation(8), COORDINATOR) == "participants.invitation_used"
    assert country.why_not(RevokeInvitation(99), COORDINATOR) == "participants.invitation_unknown"


# ---- the coordinator ----------------------------------------------------------------------------------------------
def test_there_is_one_coordinator_or_one_invitation_to_be_it() -> None:
    country = before()
    country.do(InviteCoordinator(7, 1, LATER), FOCAL_POINT)
    assert country.why_not(InviteCoordinator(8, 1, LATER), FOCAL_POINT) == "participants.coordinator_invited"
    assert country.why_not(BecomeCoordinator(8, 1), FOCAL_POINT) == "participants.coordinator_invited"
    assert cannot_join(country.course, "coordinator") is None
    country.happen(PersonJoined(3, "coordinator", 1, 7))
    assert country.why_not(InviteCoordinator(8, 1, LATER), SECRETARIAT) == "participants.coordinator_there"
    refusal = cannot_join(country.course, "coordinator")
    assert refusal is not None
    assert refusal.reason == "participants.cannot_join"
    assert cannot_join(country.course, "official") is None


def test_an_invitation_that_ran_out_stands_in_nobodys_way() -> None:
    country = before()
    country.do(InviteCoordinator(7, 1, LATER), FOCAL_POINT)
    country.now = LATER
    country.do(BecomeCoordinator(8, 1), FOCAL_POINT)


def test_only_the_focal_point_names_themselves() -> None:
    assert before().why_not(BecomeCoordinator(8, 1), SECRETARIAT) == "participants.only_focal_point"
    assert before().why_not(BecomeCoordinator(8, 1), OFFICIAL) == "access.role"


def test_nobody_coordinates_before_the_country_takes_part() -> None:
    country = Country()
    assert country.why_not(InviteCoordinator(7, 1, LATER), FOCAL_POINT) == "interest.not_yet"
    assert country.why_not(BecomeCoordinator(7, 1), FOCAL_POINT) == "interest.not_yet"
    country.do(InviteFocalPoint(7, LATER), SECRETARIAT)


# ---- turnover -----------------------------------------------------------------------------------------------------
def test_an_official_is_replaced_and_has_no_rights_from_then_on() -> None:
    country = at_work()
    country.do(ReplacePerson(4, 7, LATER), COORDINATOR)
    member = country.course.participants.members[4]
    assert (member.ended_at, member.why, member.ended_by) == (NOW, "replaced", 3)
    assert country.why_not(Leave(4), OFFICIAL) == "access.ended"
    assert country.why_not(ReplacePerson(4, 8, LATER), COORDINATOR) == "participants.over_already"
    assert country.course.participants.offers[7].replaces == 4
    country.happen(PersonJoined(8, "official", 2, 7, 4), ContributionHandedOver(1, 4, 8))
    assert country.course.participants.orphaned(NOW) == []


def test_a_coordinator_replaced_in_the_middle_of_a_step_can_no_longer_take_it() -> None:
    country = at_work()
    country.do(ReplaceCoordinator(3, 7, 1, LATER), FOCAL_POINT)
    assert country.why_not(NameEntity(9, "Institut"), COORDINATOR) == "access.ended"
    assert country.why_not(ReplaceCoordinator(3, 8, 1, LATER), FOCAL_POINT) == "participants.over_already"
    country.happen(PersonJoined(8, "coordinator", 1, 7, 3))
    country.do(NameEntity(9, "Institut"), Actor("coordinator", 8, "BFA", 1))


def test_a_coordinator_may_hand_the_coordination_over() -> None:
    country = at_work()
    country.do(ReplaceCoordinator(3, 7, 1, LATER), COORDINATOR)
    assert country.course.participants.coordinator() is None


def test_the_focal_point_takes_the_coordination_over_at_once() -> None:
    country = at_work()
    assert country.why_not(TakeOverCoordination(3, 8, 1), SECRETARIAT) == "participants.only_focal_point"
    country.do(TakeOverCoordination(3, 8, 1), FOCAL_POINT)
    coordinator = country.course.participants.coordinator()
    assert coordinator is not None
    assert (coordinator.person_id, coordinator.replaces) == (8, 3)


def test_whoever_replaces_a_coordinator_withdraws_other_invitations_to_coordinate() -> None:
    country = before()
    country.do(InviteCoordinator(7, 1, LATER), FOCAL_POINT)
    country.happen(PersonJoined(3, "coordinator", 1))  # by another way
    country.do(ReplaceCoordinator(3, 8, 1, LATER), FOCAL_POINT)
    assert [one.id for one in country.course.participants.open_offers(NOW)] == [8]


@pytest.mark.parametrize(
    ("step", "by", "reason"),
    [
        (ReplacePerson(3, 7, LATER), SECRETARIAT, "participants.is_coordinator"),
        (ReplacePerson(2, 7, LATER), COORDINATOR, "access.role"),
        (ReplacePerson(99, 7, LATER), COORDINATOR, "participants.person_unknown"),
        (ReplacePerson(4, 7, LATER), FOCAL_POINT, "access.role"),
        (ReplacePerson(4, 7, LATER), Actor("coordinator", 9, "MLI"), "access.country"),
        (ReplaceCoordinator(4, 7, 1, LATER), FOCAL_POINT, "participants.person_unknown"),
        (Leave(4), COORDINATOR, "access.person"),
    ],
)
def test_nobody_is_replaced_by_whom_it_does_not_concern(step: Step, by: Actor, reason: str) -> None:
    assert at_work().why_not(step, by) == reason


def test_a_focal_point_is_replaced_by_the_secretariat() -> None:
    country = at_work()
    country.do(ReplacePerson(2, 7, LATER), SECRETARIAT)
    assert country.course.participants.offers[7].role == "focal_point"


def test_who_left_is_succeeded_once() -> None:
    country = at_work()
    assert country.why_not(InvitePerson(7, 2, LATER, 4), COORDINATOR) == "participants.still_there"
    country.do(Leave(4), OFFICIAL)
    assert [one.person_id for one in country.course.participants.orphaned(NOW)] == [4]
    country.do(InvitePerson(7, 2, LATER, 4), COORDINATOR)
    assert country.course.participants.orphaned(NOW) == []
    assert country.why_not(InvitePerson(8, 2, LATER, 4), COORDINATOR) == "participants.succeeded"
    assert [one.person_id for one in country.course.participants.orphaned(LATER)] == [4]
    country.do(RevokeInvitation(7), COORDINATOR)
    country.do(InvitePerson(8, 2, LATER, 4), COORDINATOR)
    country.happen(PersonJoined(9, "official", 2, 8, 4))
    assert country.why_not(InvitePerson(10, 2, LATER, 4), COORDINATOR) == "participants.succeeded"


def test_facts_told_twice_change_nothing_more() -> None:
    country = at_work()
    facts: tuple[Fact, ...] = (
        PersonInvited(7, "official", 3, LATER),
        PersonJoined(8, "official", 3, 7),
        PartEnded(8, "left"),
        EntitiesMerged(2, 1, "A"),
        EntitiesApart(2, 3),
    )
    country.happen(*facts)
    before_again = cast(Any, country.course.participants)
    said = repr(before_again)
    country.now = LATER
    country.happen(*facts)
    assert repr(country.course.participants) == said


@pytest.mark.parametrize("role", ["official", "colleague", "superior", "expert"])
def test_those_who_take_part_in_one_thing_only_name_nobody(role: Role) -> None:
    by = Actor(role, 20, "BFA", 2)
    country = at_work()
    for step in (NameEntity(9, "X"), InvitePerson(7, 2, LATER), InviteCoordinator(7, 1, LATER), MergeEntities(1, 2)):
        assert country.why_not(step, by) == "access.role"
