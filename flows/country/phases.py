"""The phases of the exercise in one country, computed from what has happened and never set by hand (R-59 … R-66).

Several may be in progress at once. What was planned only says what is late.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from flows.country.steps.course import Course
from flows.country.steps.endorsement import Given, awaited, standing
from flows.country.steps.exercise import PHASES, Phase, Planned, timetable
from flows.country.steps.meetings import shown

State = Literal["not_begun", "in_progress", "done", "late"]


@dataclass(frozen=True, slots=True)
class Evidence:
    """What shows it: a kind of fact, when it happened, and the number of its entry in the country's ledger (None where
    the course does not keep it)."""

    kind: str
    at: datetime
    number: int | None = None


@dataclass(frozen=True, slots=True)
class PhaseState:
    """`late`: its planned end has passed and it is not done, be it begun or not; `days_late`: since when."""

    phase: Phase
    state: State
    began: Evidence | None = None
    ended: Evidence | None = None
    planned: Planned | None = None
    days_late: int = 0

    @property
    def is_open(self) -> bool:
        """Whether work goes on in it."""
        return self.began is not None and self.state != "done"


WANTED_IN: Mapping[str, Phase] = {
    **dict.fromkeys(("interest", "coordinator_missing", "entities"), "EOI"),
    **dict.fromkeys(("questionnaire", "delegation", "clearance", "clearance_superior", "acceptance"), "QUEST"),
    **dict.fromkeys(("finding", "difference", "review", "passages", "draft"), "DRAFT"),
    "endorsement": "ENDORSE",
    **dict.fromkeys(("publication", "embargo"), "PUBLISH"),
    "round": "CONTINUE",
}
"""Kinds of matters that are followed up, and the phase by whose planned end each is wanted."""

Span = tuple[Evidence | None, Evidence | None]


@dataclass(frozen=True, slots=True)
class Now:
    """`today`: the day in the country; `left`: how many of its entities are not accepted yet."""

    at: datetime
    today: date
    left: int


def phases(
    course: Course, region: Mapping[Phase, Planned], at: datetime, today: date, left: int | None = None
) -> tuple[PhaseState, ...]:
    """All phases of a country, in order. `region`: what is planned for all countries; `today`: the day there; `left`:
    how many entities are not accepted yet (None: as far as the course alone can tell)."""
    planned = {} if course.interest.answer == "no" else timetable(course.exercise.planned, region)
    now = Now(at, today, _left(course) if left is None else left)
    return tuple(_state(course, phase, _SPANS[phase](course, now), planned.get(phase), today) for phase in PHASES)


def of(
    course: Course,
    phase: Phase,
    region: Mapping[Phase, Planned],
    at: datetime,
    today: date,
    left: int | None = None,
) -> PhaseState:
    """One of them."""
    return phases(course, region, at, today, left)[PHASES.index(phase)]


def current(states: Iterable[PhaseState]) -> tuple[Phase, ...]:
    """The phases in which work goes on."""
    return tuple(one.phase for one in states if one.is_open)


def deadline(kind: str, course: Course, region: Mapping[Phase, Planned]) -> date | None:
    """By when a matter of this kind is wanted in a country; None: nothing is planned, or what was is over with the
    guide published since it was to begin. `region`: what is planned for all countries."""
    phase = WANTED_IN.get(kind)
    planned = timetable(course.exercise.planned, region).get(phase) if phase is not None else None
    if planned is None or course.interest.answer == "no" or _is_published_since(course, planned):
        return None
    return planned.ends


def _is_published_since(course: Course, planned: Planned) -> bool:
    published = course.publications.last
    return published is not None and planned.begins <= published.at.date()


def _state(course: Course, phase: Phase, span: Span, planned: Planned | None, today: date) -> PhaseState:
    began, ended = span
    days = (today - planned.ends).days if planned is not None else 0
    if phase == "CONTINUE" and began is not None and days > 0 and course.rounds.open is None:
        return PhaseState(phase, "done", began, None, planned)
    if ended is not None:
        return PhaseState(phase, "done", began, ended, planned)
    if planned is not None and days > 0 and _is_awaited(course, phase, planned):
        return PhaseState(phase, "late", began, None, planned, days)
    return PhaseState(phase, "in_progress" if began is not None else "not_begun", began, None, planned)


def _is_awaited(course: Course, phase: Phase, planned: Planned) -> bool:
    """Whether a phase can be late: the country was asked, takes part, and has not published since it was to
    begin."""
    if phase == "CONTINUE" or course.interest.opened_at is None:
        return False
    if _is_published_since(course, planned):
        return False
    return phase == "EOI" or course.interest.answer == "yes"


def _left(course: Course) -> int:
    """Entities named, less contributions accepted; at least those that are handed in and not accepted."""
    named = sum(one.merged_into is None for one in course.participants.entities.values())
    states = [one.state for one in course.contributions.of.values()]
    return max(named, len(states)) - states.count("accepted")


# ---- what begins and ends a phase ---------------------------------------------------------------------------------
def _first(course: Course, *kinds: str) -> Evidence | None:
    found = [(course.seen[kind][0], kind) for kind in kinds if kind in course.seen]
    if not found:
        return None
    when, kind = min(found, key=lambda one: one[0].number)
    return Evidence(kind, when.at, when.number)


def _last(course: Course, *kinds: str) -> Evidence | None:
    found = [(course.seen[kind][1], kind) for kind in kinds if kind in course.seen]
    if not found:
        return None
    when, kind = max(found, key=lambda one: one[0].number)
    return Evidence(kind, when.at, when.number)


def _later(*ones: Evidence | None) -> Evidence | None:
    return max((one for one in ones if one is not None), key=lambda one: one.at, default=None)


def _interest(course: Course, now: Now) -> Span:
    """Asked; answered with no, or with yes and the stakeholders identified."""
    began = _first(course, "interest.opened", "interest.expressed")
    answer = course.interest.answer
    if answer == "no":
        return began, _last(course, "interest.expressed")
    if answer == "yes" and course.participants.entities:
        return began, _later(_last(course, "interest.expressed"), _first(course, "participants.entity_named"))
    return began, None


def _questionnaires(course: Course, now: Now) -> Span:
    """Somebody answers for an entity; all that take part are accepted, or the guide is out without them."""
    joined = [one.joined_at for one in course.participants.members.values() if one.role == "official"]
    came = Evidence("participants.joined", min(joined)) if joined else None
    handed = _first(course, "contribution.handed_in")
    began = min((one for one in (came, handed) if one is not None), key=lambda one: one.at, default=None)
    if began is None:
        return None, None
    if now.left == 0 and "contribution.accepted" in course.seen:
        return began, _last(course, "contribution.accepted")
    published = course.publications.last
    if published is not None and not _since(course, "contribution.accepted", published.number):
        return began, _first(course, "publication.made")
    return began, None


def _workshop(course: Course, now: Now) -> Span:
    """Proposed, and not called off; over, and no other one is to come."""
    planned = [one for one in course.meetings.planned.values() if not one.is_cancelled]
    if not planned:
        return None, None
    first = min(planned, key=lambda one: one.number)
    began = Evidence("meeting.proposed", first.at, first.number)
    over = [one for one in planned if one.is_over(now.at)]
    if len(over) < len(planned):
        return began, None
    last = max(over, key=lambda one: shown(one).ends)
    return began, Evidence("meeting.agreed", shown(last).ends, last.number)


def _draft(course: Course, now: Now) -> Span:
    """Compiled; put before the coordinator. After a publication, a newer version begins it again."""
    began, newest, published = _first(course, "draft.made"), course.drafts.newest, course.publications.last
    if newest is None:
        return None, None
    if published is not None and newest.entry < published.number:
        return began, _last(course, "publication.made")
    if awaited(course) is not None or isinstance(standing(course), Given):
        return began, _last(course, "endorsement.proposed")
    return began, None


def _endorsement(course: Course, now: Now) -> Span:
    """Put before the coordinator; endorsed, and nothing changed since."""
    began, published = _first(course, "endorsement.proposed"), course.publications.last
    held = standing(course)
    if isinstance(held, Given):
        return began, Evidence("endorsement.given", held.at, held.number)
    if published is not None and not _since(course, "endorsement.proposed", published.number):
        return began, _last(course, "publication.made")
    return began, None


def _publication(course: Course, now: Now) -> Span:
    """Endorsed; published, and nothing newer endorsed."""
    held, published = standing(course), course.publications.last
    endorsed = next((one for one in course.endorsement.given if one.endorsement.decision == "endorse"), None)
    if endorsed is None or (published is None and not isinstance(held, Given)):
        return None, None
    began = Evidence("endorsement.given", endorsed.at, endorsed.number)
    newer = isinstance(held, Given) and published is not None and held.number > published.number
    return began, None if newer or published is None else Evidence("publication.made", published.at, published.number)


def _continuation(course: Course, now: Now) -> Span:
    """A yearly round; nothing ends it but its time (see `_state`)."""
    return _first(course, "round.opened"), None


def _since(course: Course, kind: str, number: int) -> bool:
    """Whether something of this kind happened after the entry of that number."""
    return kind in course.seen and course.seen[kind][1].number > number


_SPANS: Mapping[Phase, Callable[[Course, Now], Span]] = {
    "EOI": _interest,
    "QUEST": _questionnaires,
    "WORKSHOP": _workshop,
    "DRAFT": _draft,
    "ENDORSE": _endorsement,
    "PUBLISH": _publication,
    "CONTINUE": _continuation,
}
