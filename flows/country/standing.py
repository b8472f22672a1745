"""Where a country stands: its phases, its entities, section by section, and what is awaited of whom; one value, from
its course and from how far its interviews are."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, Protocol

from flows.country.access import Role
from flows.country.board import State
from flows.country.contribution import Status
from flows.country.phases import PhaseState, current, phases
from flows.country.steps.base import Refusal
from flows.country.steps.course import Course
from flows.country.steps.endorsement import Given, awaited
from flows.country.steps.endorsement import standing as endorsed
from flows.country.steps.exercise import Phase, Planned
from flows.country.steps.interest import Answer
from flows.country.steps.participants import ANSWERING
from flows.interview.progress import SectionProgress, sections_from_json

EntityState = Literal[
    "returned", "submitted", "orphaned", "named", "invited", "untouched", "begun", "in_clearance", "accepted"
]  # fmt: skip
ENTITY_STATES: tuple[EntityState, ...] = (
    *("returned", "submitted", "orphaned", "named", "invited", "untouched", "begun", "in_clearance", "accepted"),
)
"""Those that somebody has to look after first, first."""
WaitKind = Literal[
    "publish", "objections", "compile", "interest", "coordinator", "entities", "endorse", "workshop", "outcomes",
    "accept", "orphaned", "clearance", "review", "round",
]  # fmt: skip
_LEAST: tuple[State, ...] = (
    *("returned", "untouched", "begun", "delegated", "done", "clearance", "submitted", "accepted"),
)
_UNTOUCHED: State = "untouched"
_WHOLE: Mapping[Status, State] = {"in_clearance": "clearance", "submitted": "submitted", "accepted": "accepted"}


class Walk(Protocol):
    """An interview as an overview has it. `sections`: progress by section, JSON."""

    @property
    def id(self) -> int: ...
    @property
    def person_id(self) -> int: ...
    @property
    def entity_id(self) -> int | None: ...
    @property
    def country(self) -> str: ...
    @property
    def status(self) -> str: ...
    @property
    def revision(self) -> int: ...
    @property
    def updated_at(self) -> datetime: ...
    @property
    def sections(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Part:
    """One contribution. `returned`: names of the sections in which answers were asked for again."""

    interview_id: int
    person_id: int
    state: Status
    moved_at: datetime
    begun: bool
    written: str
    returned: frozenset[str] = frozenset()

    @property
    def sections(self) -> tuple[SectionProgress, ...]:
        """How far each section is."""
        return sections_from_json(json.loads(self.written or "{}"))


@dataclass(frozen=True, slots=True)
class EntityStanding:
    """An entity (None: those who answer for none that is named) with all contributions for it."""

    entity_id: int | None
    state: EntityState
    parts: tuple[Part, ...] = ()

    @property
    def moved_at(self) -> datetime | None:
        """When somebody last answered for it."""
        return max((part.moved_at for part in self.parts if part.begun), default=None)

    def progress(self) -> dict[str, SectionProgress]:
        """How far each section is, all contributions together, by its name."""
        found: dict[str, SectionProgress] = {}
        for section in (one for part in self.parts for one in part.sections):
            known = found.get(section.name)
            found[section.name] = section if known is None else _added(known, section)
        return found


@dataclass(frozen=True, slots=True)
class Wait:
    """Something that the country waits for: of whom, and how many times (`version` where it is about one)."""

    kind: WaitKind
    role: Role
    count: int = 1
    version: int = 0


@dataclass(frozen=True, slots=True)
class CountryStanding:
    """`entities`: those that somebody has to look after first, first; `waits`: in no order."""

    country: str
    answer: Answer | None
    phases: tuple[PhaseState, ...]
    entities: tuple[EntityStanding, ...]
    waits: tuple[Wait, ...]

    @property
    def current(self) -> tuple[Phase, ...]:
        """The phases in which work goes on."""
        return current(self.phases)

    @property
    def late(self) -> tuple[PhaseState, ...]:
        """The phases whose planned end has passed."""
        return tuple(one for one in self.phases if one.state == "late")

    def phase(self, phase: Phase) -> PhaseState:
        """One of them."""
        return next(one for one in self.phases if one.phase == phase)

    def count(self, *states: EntityState) -> int:
        """How many entities are in these states."""
        return sum(one.state in states for one in self.entities)

    @property
    def attention(self) -> tuple[int, int, int, int]:
        """The smaller, the more it needs to be looked at: what the secretariat has to do, lateness, what others have
        to decide; countries that take no part come last."""
        mine = sum(wait.role == "secretariat" for wait in self.waits)
        days = max((one.days_late for one in self.late), default=0)
        return (int(self.answer == "no"), -mine, -days, -sum(wait.count for wait in self.waits))


def standing(
    course: Course, walks: Sequence[Walk], region: Mapping[Phase, Planned], now: datetime, today: date
) -> CountryStanding:
    """Where the country is. `walks`: its interviews of the questionnaire; `region`: what is planned for all countries;
    `today`: the day in the country."""
    entities = _entities(course, walks, now)
    left = sum(one.state != "accepted" for one in entities)
    waits = tuple(_waits(course, entities, now))
    return CountryStanding(
        course.country, course.interest.answer, phases(course, region, now, today, left), entities, waits
    )


# ---- entities -----------------------------------------------------------------------------------------------------
def _entities(course: Course, walks: Sequence[Walk], now: datetime) -> tuple[EntityStanding, ...]:
    participants = course.participants
    parts: dict[int | None, list[Part]] = {one.id: [] for one in participants.entities.values() if not one.merged_into}
    for walk in walks:
        if walk.status != "withdrawn":
            entity = participants.kept(walk.entity_id) if walk.entity_id is not None else None
            parts.setdefault(entity, []).append(_part(course, walk))
    here = {participants.kept(one.entity_id) for one in participants.present(*ANSWERING) if one.entity_id is not None}
    left = {
        participants.kept(one.entity_id)
        for one in participants.members.values()
        if one.ended_at is not None and one.role in ANSWERING and one.entity_id is not None
    }
    invited = {participants.kept(one.entity_id) for one in participants.open_offers(now) if one.entity_id is not None}
    found = []
    for entity_id, own in parts.items():
        orphaned = entity_id in left - here - invited
        state = _state(own, orphaned, entity_id in invited)
        found.append(EntityStanding(entity_id, state, tuple(own)))
    return tuple(sorted(found, key=lambda one: (ENTITY_STATES.index(one.state), one.entity_id or 0)))


def _part(course: Course, walk: Walk) -> Part:
    handed = course.contributions.of.get(walk.id)
    state: Status = handed.state if handed is not None else "draft"
    paths = handed.returned[-1].paths if handed is not None and state == "returned" and handed.returned else ()
    return Part(
        walk.id,
        walk.person_id,
        state,
        walk.updated_at,
        walk.revision > 0,
        walk.sections,
        frozenset(section_of(path) for path in paths),
    )


def section_of(path: str) -> str:
    """The name of the section that a path is or lies in, `/data/sources/source[2]/name` → `sources`; outside every
    section, that of the question itself."""
    return path.split("/")[2].partition("[")[0] if path.count("/") > 1 else ""


def _state(parts: Sequence[Part], orphaned: bool, invited: bool) -> EntityState:
    """The state of the contribution that is least advanced, as long as somebody answers for it."""
    states = {part.state for part in parts}
    if states == {"accepted"}:
        return "accepted"
    if orphaned:
        return "orphaned"
    if "returned" in states:
        return "returned"
    if "draft" in states:
        return "begun" if any(part.begun for part in parts) else "untouched"
    if "in_clearance" in states:
        return "in_clearance"
    if parts:
        return "submitted"
    return "invited" if invited else "named"


def _added(one: SectionProgress, other: SectionProgress) -> SectionProgress:
    return SectionProgress(
        one.name,
        one.done + other.done,
        one.total + other.total,
        one.skipped + other.skipped,
        one.away + other.away,
        one.core + other.core,
        one.rows + other.rows,
    )


# ---- section by section -------------------------------------------------------------------------------------------
def cells(entity: EntityStanding, sections: Sequence[str]) -> tuple[State, ...]:
    """The state of each section of an entity, in the order of `sections`."""
    if not entity.parts:
        return tuple(_UNTOUCHED for _ in sections)
    rows = [_cells(part, sections) for part in entity.parts]
    return tuple(_least([row[place] for row in rows]) for place in range(len(sections)))


def _cells(part: Part, sections: Sequence[str]) -> list[State]:
    known = {one.name: one for one in part.sections}
    early = part.state == "draft" and len(known) <= 1  # what else will be asked follows from the answers given there
    return [_cell(part, known.get(name), name, early) for name in sections]


def _cell(part: Part, section: SectionProgress | None, name: str, early: bool) -> State:
    if section is None:
        return "untouched" if early else "none"
    if (whole := _WHOLE.get(part.state)) is not None:
        return whole
    if name in part.returned:
        return "returned"
    return "delegated" if section.away and section.state != "done" else section.state


def _least(states: Iterable[State]) -> State:
    own = sorted({state for state in states if state != "none"}, key=_LEAST.index)
    if not own:
        return "none"
    return "begun" if own[0] == "untouched" and len(own) > 1 else own[0]


# ---- what is awaited ----------------------------------------------------------------------------------------------
def _waits(course: Course, entities: Sequence[EntityStanding], now: datetime) -> Iterable[Wait]:
    answer = course.interest.answer
    if answer == "no":
        return
    held, published = endorsed(course), course.publications.last
    if isinstance(held, Given) and (published is None or held.number > published.number):
        yield Wait("publish", "secretariat", version=held.version)
    newest = course.drafts.newest
    if newest is not None and newest.objected and isinstance(held, Refusal):
        yield Wait("objections", "secretariat", len(newest.objected), newest.version)
    answering = {one.state for one in entities} - {"named", "invited", "orphaned"}
    if answering == {"accepted"} and newest is None:
        yield Wait("compile", "secretariat")
    if answer != "yes":
        if course.interest.opened_at is not None:
            yield Wait("interest", "focal_point")
        return
    if course.participants.coordinator() is None:
        yield Wait("coordinator", "focal_point")
    elif not entities:
        yield Wait("entities", "coordinator")
    if (draft := awaited(course)) is not None:
        yield Wait("endorse", "coordinator", version=draft.version)
    yield from _workshops(course, now)
    for kind, state, role in _COUNTED:
        if count := sum(part.state == state for one in entities for part in one.parts):
            yield Wait(kind, role, count)
    if count := sum(one.state == "orphaned" for one in entities):
        yield Wait("orphaned", "coordinator", count)
    if newest is not None and (count := len(newest.reviewers - newest.reviewed)) and isinstance(held, Refusal):
        yield Wait("review", "expert", count, newest.version)

    if (asked := course.rounds.open) is not None:
        yield Wait("round", "official", len(asked.left))


def _workshops(course: Course, now: datetime) -> Iterable[Wait]:
    for one in course.meetings.planned.values():
        if one.is_cancelled:
            continue
        if one.offer is not None:
            yield Wait("workshop", "coordinator" if one.offered_by == "secretariat" else "secretariat")
        elif one.is_over(now) and not course.workshops.of(one.number):
            yield Wait("outcomes", "coordinator")


_COUNTED: tuple[tuple[WaitKind, Status, Role], ...] = (
    ("accept", "submitted", "coordinator"),
    ("clearance", "in_clearance", "superior"),
)
