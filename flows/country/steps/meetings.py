"""The national workshop before it takes place: planned by one side, agreed by the other, announced, answered (R-55).

The secretariat and the coordinator agree on when and where; what holds goes on holding while a change is discussed.
What is planned or answered changes nothing in a guide: its facts are called `meeting.*`; see `workshops` for the rest.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, ClassVar, Literal, get_args

from flows.country.access import Action, Actor, Place
from flows.country.names import folded
from flows.country.steps.base import Decision, Fact, Refusal, Step, When, fact, words
from flows.country.steps.interest import takes_part
from flows.interview.replies.folding import clean

if TYPE_CHECKING:
    from flows.country.steps.course import Course

Side = Literal["secretariat", "coordinator"]
Reply = Literal["yes", "colleague", "no"]
REPLIES: tuple[Reply, ...] = get_args(Reply)
LONGEST = timedelta(days=14)
FARTHEST = timedelta(days=3 * 366)
MOST_PLACE = 500  # characters
MOST_NAME = 200


@dataclass(frozen=True, slots=True)
class Terms:
    """When and where. `begins`, `ends`: in UTC; `zone`: the IANA name of the clocks that they were given by."""

    begins: datetime
    ends: datetime
    zone: str
    place: str

    def same_as(self, other: Terms | None) -> bool:
        """Whether they say the same."""
        return (
            other is not None
            and (self.begins, self.ends) == (other.begins, other.ends)
            and folded(self.place) == folded(other.place)
        )


@dataclass(frozen=True, slots=True)
class Attendance:
    """What somebody answered. `name`: of the colleague who comes instead."""

    person_id: int
    entity_id: int | None
    reply: Reply
    name: str
    at: datetime


@dataclass(slots=True)
class Meeting:
    """One workshop. `terms`: what holds, None before both agreed; `offer`: what one side proposes and the other has
    not agreed to yet, in the entry `offer_number`; `sequence`: of the calendar invitation that says `terms`, raised
    with every change."""

    number: int
    at: datetime
    terms: Terms | None = None
    offer: Terms | None = None
    offered_by: Side = "secretariat"
    offer_number: int = 0
    sequence: int = -1
    cancelled_at: datetime | None = None
    reason: str = ""
    replies: dict[int, Attendance] = field(default_factory=dict)

    @property
    def is_cancelled(self) -> bool:
        return self.cancelled_at is not None

    def has_begun(self, now: datetime) -> bool:
        """Whether it was agreed, not called off, and has begun."""
        return self.terms is not None and not self.is_cancelled and self.terms.begins <= now

    def is_over(self, now: datetime) -> bool:
        return self.terms is not None and self.terms.ends <= now

    def is_awaited(self, now: datetime) -> bool:
        """Whether it is agreed and still to come, or going on."""
        return self.terms is not None and not self.is_cancelled and not self.is_over(now)


@dataclass(slots=True)
class Meetings:
    """All of them, by number."""

    planned: dict[int, Meeting] = field(default_factory=dict)

    def open(self, now: datetime) -> list[Meeting]:
        """Those neither called off nor over, the earliest first."""
        found = [one for one in self.planned.values() if not one.is_cancelled and not one.is_over(now)]
        return sorted(found, key=lambda one: (shown(one).begins, one.number))

    def held(self, now: datetime) -> list[Meeting]:
        """Those that have begun or are over, the latest first."""
        found = [one for one in self.planned.values() if one.has_begun(now)]
        return sorted(found, key=lambda one: (shown(one).begins, one.number), reverse=True)


def shown(meeting: Meeting) -> Terms:
    """What is said of a workshop: what holds, else what is proposed."""
    found = meeting.terms or meeting.offer
    assert found is not None  # noqa: S101 (a workshop is planned with terms)
    return found


# ---- facts --------------------------------------------------------------------------------------------------------
@fact("meeting.proposed")
@dataclass(frozen=True, slots=True)
class MeetingProposed(Fact):
    """One side proposes when and where. `number`: None for a new workshop."""

    number: int | None
    begins: datetime
    ends: datetime
    zone: str
    side: Side
    place: str = words()

    def apply(self, course: Course, when: When) -> None:
        number = self.number if self.number is not None else when.number
        if self.number is None:
            course.meetings.planned[number] = Meeting(number, when.at)
        one = course.meetings.planned.get(number)
        if one is not None:
            one.offer, one.offered_by = Terms(self.begins, self.ends, self.zone, self.place), self.side
            one.offer_number = when.number


@fact("meeting.agreed")
@dataclass(frozen=True, slots=True)
class MeetingAgreed(Fact):
    """The other side agrees. Whoever answered for another time is asked again."""

    number: int

    def apply(self, course: Course, when: When) -> None:
        one = course.meetings.planned.get(self.number)
        if one is None or one.offer is None:
            return
        before = one.terms
        if before is not None and (before.begins, before.ends) != (one.offer.begins, one.offer.ends):
            one.replies.clear()
        one.terms, one.offer = one.offer, None
        one.sequence += 1


@fact("meeting.offer_dropped")
@dataclass(frozen=True, slots=True)
class OfferDropped(Fact):
    """A change that was proposed is not made: what held goes on holding."""

    number: int

    def apply(self, course: Course, when: When) -> None:
        one = course.meetings.planned.get(self.number)
        if one is not None and one.terms is not None:
            one.offer = None


@fact("meeting.cancelled")
@dataclass(frozen=True, slots=True)
class MeetingCancelled(Fact):
    number: int
    reason: str = words()

    def apply(self, course: Course, when: When) -> None:
        one = course.meetings.planned.get(self.number)
        if one is not None:
            one.cancelled_at, one.reason, one.sequence = when.at, self.reason, one.sequence + 1


@fact("meeting.answered")
@dataclass(frozen=True, slots=True)
class MeetingAnswered(Fact):
    """Somebody says whether they come."""

    number: int
    person_id: int
    entity_id: int | None
    reply: Reply
    name: str = words()

    def apply(self, course: Course, when: When) -> None:
        one = course.meetings.planned.get(self.number)
        if one is not None:
            one.replies[self.person_id] = Attendance(self.person_id, self.entity_id, self.reply, self.name, when.at)


# ---- steps --------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class ProposeMeeting(Step):
    """Plan a workshop, propose otherwise what the other side planned, or a change of what was agreed."""

    action: ClassVar[Action] = "plan_workshop"
    terms: Terms
    number: int | None = None

    def decide(self, course: Course, actor: Actor, now: datetime) -> Decision:
        refused = takes_part(course) or _wrong(self.terms, now)
        if refused is not None:
            return refused
        one = _open(course, self.number, now) if self.number is not None else None
        if isinstance(one, Refusal):
            return one
        side = side_of(actor)
        if one is not None and self.terms.same_as(one.offer):
            return Refusal("workshops.same_offer")
        if one is not None and self.terms.same_as(one.terms):
            return (OfferDropped(one.number),) if one.offer is not None else Refusal("workshops.unchanged")
        for other in course.meetings.open(now):
            known = shown(other)
            if other is not one and known.begins < self.terms.ends and self.terms.begins < known.ends:
                return Refusal("workshops.overlaps", {"number": other.number})
        terms = self.terms
        return (MeetingProposed(self.number, terms.begins, terms.ends, terms.zone, side, clean(terms.place)),)


@dataclass(frozen=True, slots=True)
class AgreeMeeting(Step):
    """The other side agrees to the terms of the entry `offer`, and to no others that came in between."""

    action: ClassVar[Action] = "plan_workshop"
    number: int
    offer: int

    def decide(self, course: Course, actor: Actor, now: datetime) -> Decision:
        one = _open(course, self.number, now)
        if isinstance(one, Refusal):
            return one
        if one.offer is None:
            return Refusal("workshops.already_agreed")
        if one.offer_number != self.offer:
            return Refusal("workshops.offered_anew")
        if one.offered_by == side_of(actor):
            return Refusal(f"workshops.awaits_{'coordinator' if one.offered_by == 'secretariat' else 'secretariat'}")
        if one.offer.begins <= now:
            return Refusal("workshops.past")
        return (MeetingAgreed(self.number),)


@dataclass(frozen=True, slots=True)
class CancelMeeting(Step):
    """It does not take place."""

    action: ClassVar[Action] = "plan_workshop"
    number: int
    reason: str = ""

    def decide(self, course: Course, actor: Actor, now: datetime) -> Decision:
        one = _open(course, self.number, now)
        if isinstance(one, Refusal):
            return one
        reason = clean(self.reason)
        if len(reason) > MOST_PLACE:
            return Refusal("workshops.long_place", {"most": MOST_PLACE})
        return (MeetingCancelled(self.number, reason),)


@dataclass(frozen=True, slots=True)
class AnswerMeeting(Step):
    """Whether a person comes; they may change their mind until it is over."""

    action: ClassVar[Action] = "attend_workshop"
    number: int
    person_id: int
    reply: Reply
    name: str = ""

    def place(self, course: Course) -> Place:
        return Place(course.country, person_id=self.person_id)

    def decide(self, course: Course, actor: Actor, now: datetime) -> Decision:
        one = _open(course, self.number, now)
        if isinstance(one, Refusal):
            return one
        if one.terms is None:
            return Refusal("workshops.not_agreed")
        name = clean(self.name) if self.reply == "colleague" else ""
        if self.reply == "colleague" and not name:
            return Refusal("workshops.name_missing")
        if len(name) > MOST_NAME:
            return Refusal("workshops.long_name", {"most": MOST_NAME})
        known = one.replies.get(self.person_id)
        if known is not None and (known.reply, known.name) == (self.reply, name):
            return Refusal(f"workshops.known_{self.reply}")
        return (MeetingAnswered(self.number, self.person_id, actor.entity_id, self.reply, name),)


# ---- what follows -------------------------------------------------------------------------------------------------
def side_of(actor: Actor) -> Side:
    return "coordinator" if actor.role == "coordinator" else "secretariat"


def awaits(meeting: Meeting, side: Side, now: datetime) -> bool:
    """Whether this side is to agree to something."""
    return (
        not meeting.is_cancelled
        and meeting.offer is not None
        and meeting.offered_by != side
        and meeting.offer.begins > now
        and not meeting.is_over(now)
    )


def silent(meeting: Meeting, people: Iterable[int]) -> list[int]:
    """Those invited who have not answered."""
    return [person for person in people if person not in meeting.replies]


def _wrong(terms: Terms, now: datetime) -> Refusal | None:
    place = clean(terms.place)
    if terms.begins <= now:
        return Refusal("workshops.past")
    if terms.ends <= terms.begins:
        return Refusal("workshops.ends_before")
    if terms.ends - terms.begins > LONGEST:
        return Refusal("workshops.too_long", {"most": LONGEST.days})
    if terms.begins - now > FARTHEST:
        return Refusal("workshops.too_far")
    if not place:
        return Refusal("workshops.place_missing")
    if len(place) > MOST_PLACE:
        return Refusal("workshops.long_place", {"most": MOST_PLACE})
    return None


def _open(course: Course, number: int, now: datetime) -> Meeting | Refusal:
    """A workshop that can still be changed."""
    one = course.meetings.planned.get(number)
    if one is None:
        return Refusal("workshops.unknown")
    if one.is_cancelled:
        return Refusal("workshops.was_cancelled")
    if one.is_over(now):
        return Refusal("workshops.is_over")
    return one
