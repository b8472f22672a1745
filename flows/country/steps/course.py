"""The course of a country: everything that is computed from its ledger, in one value made anew from its facts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from flows.country.ledger import Entry
from flows.country.steps import clearance as _clearance  # noqa: F401 (its facts change contributions)
from flows.country.steps.activities import Activities
from flows.country.steps.base import Fact, When, read
from flows.country.steps.broadcasts import Broadcasts
from flows.country.steps.contributions import Contributions
from flows.country.steps.delegation import Delegations
from flows.country.steps.desk import Findings
from flows.country.steps.differences import Settled
from flows.country.steps.drafts import Drafts
from flows.country.steps.endorsement import Endorsements
from flows.country.steps.exercise import Exercise
from flows.country.steps.interest import Interest
from flows.country.steps.meetings import Meetings
from flows.country.steps.participants import Participants
from flows.country.steps.publication import Publications
from flows.country.steps.rights import Rights
from flows.country.steps.rounds import Rounds
from flows.country.steps.waivers import Waivers
from flows.country.steps.workshops import Workshops


@dataclass(slots=True)
class Course:
    """Where a country is. Each part belongs to the module that names its facts. Read it, never change it: only facts
    do. `number`: of the newest entry in it."""

    country: str
    number: int = 0
    changed_at: datetime | None = None
    exercise: Exercise = field(default_factory=Exercise)
    seen: dict[str, tuple[When, When]] = field(default_factory=dict)  # kind of fact → the first and the last of it
    interest: Interest = field(default_factory=Interest)
    participants: Participants = field(default_factory=Participants)
    delegations: Delegations = field(default_factory=Delegations)
    contributions: Contributions = field(default_factory=Contributions)
    differences: Settled = field(default_factory=Settled)
    findings: Findings = field(default_factory=Findings)
    meetings: Meetings = field(default_factory=Meetings)
    workshops: Workshops = field(default_factory=Workshops)
    waivers: Waivers = field(default_factory=Waivers)
    drafts: Drafts = field(default_factory=Drafts)
    endorsement: Endorsements = field(default_factory=Endorsements)
    publications: Publications = field(default_factory=Publications)
    rounds: Rounds = field(default_factory=Rounds)
    rights: Rights = field(default_factory=Rights)
    broadcasts: Broadcasts = field(default_factory=Broadcasts)
    activities: Activities = field(default_factory=Activities)


def course_of(country: str, entries: Iterable[Entry]) -> Course:
    """The course that the entries of a country's chain, in order, amount to."""
    return replay(country, map(happened, entries))


def happened(entry: Entry) -> tuple[Fact | None, When]:
    """What an entry tells of, as far as this program knows its kind, and when: all that a course is made of."""
    return read(entry), When(entry.number, entry.at, entry.actor_id, entry.role)


def replay(country: str, facts: Iterable[tuple[Fact | None, When]]) -> Course:
    """The same from facts already read."""
    course = Course(country)
    seen, when = course.seen, None
    for known, when in facts:
        if known is not None:
            known.apply(course, when)
            first = seen.get(known.kind)
            seen[known.kind] = (first[0] if first is not None else when, when)
    if when is not None:
        course.number, course.changed_at = when.number, when.at
    return course
