"""The exercise's own dates: what is planned for each phase, in a country or for all of them, and its milestones.

What is set for all countries (the chain `EXERCISE`) holds for each that has no dates of its own. The phases themselves
are never set: see `flows.country.phases`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, ClassVar, Literal, get_args

from flows.country.access import Action, Actor
from flows.country.ledger import EXERCISE
from flows.country.names import folded
from flows.country.steps.base import Decision, Fact, Key, Refusal, Step, When, fact, words

if TYPE_CHECKING:
    from flows.country.steps.course import Course

Phase = Literal["EOI", "QUEST", "WORKSHOP", "DRAFT", "ENDORSE", "PUBLISH", "CONTINUE"]
PHASES: tuple[Phase, ...] = get_args(Phase)
"""In the order in which they are planned; in a country several may be in progress at once (R-66)."""
SOM = "SOM"
"""The milestone of the whole region: the Senior Officials' Meeting that is shown preliminary results (R-64)."""
MOST_YEARS = 10  # between a date and the day it is set
MOST_NAME = 120  # characters of a milestone's name
_CODE = re.compile(r"[A-Z][A-Z0-9_-]{0,15}")


def named(phase: Phase) -> Key:
    """What a phase is called."""
    return Key(f"exercise.phase_{phase}")


@dataclass(frozen=True, slots=True)
class Planned:
    """When a phase is to begin and to end, both days included."""

    begins: date
    ends: date

    def moved(self, by: timedelta) -> Planned:
        return Planned(self.begins + by, self.ends + by)


@dataclass(frozen=True, slots=True)
class Milestone:
    """`code`: `SOM`, or another; `name`: in the words of whoever set it, "" where the code has a name of its own."""

    code: str
    on: date
    name: str = ""


@dataclass(slots=True)
class Exercise:
    """What was set by dates; milestones only in the chain of all countries."""

    planned: dict[Phase, Planned] = field(default_factory=dict)
    milestones: dict[str, Milestone] = field(default_factory=dict)


# ---- facts --------------------------------------------------------------------------------------------------------
@fact("exercise.dates_set")
@dataclass(frozen=True, slots=True)
class DatesSet(Fact):
    phase: Phase
    begins: date
    ends: date

    def apply(self, course: Course, when: When) -> None:
        course.exercise.planned[self.phase] = Planned(self.begins, self.ends)


@fact("exercise.dates_dropped")
@dataclass(frozen=True, slots=True)
class DatesDropped(Fact):
    """The country follows the dates of all countries again; for all countries: none are planned."""

    phase: Phase

    def apply(self, course: Course, when: When) -> None:
        course.exercise.planned.pop(self.phase, None)


@fact("exercise.milestone_set")
@dataclass(frozen=True, slots=True)
class MilestoneSet(Fact):
    code: str
    on: date
    name: str = words()

    def apply(self, course: Course, when: When) -> None:
        course.exercise.milestones[self.code] = Milestone(self.code, self.on, self.name)


@fact("exercise.milestone_dropped")
@dataclass(frozen=True, slots=True)
class MilestoneDropped(Fact):
    code: str

    def apply(self, course: Course, when: When) -> None:
        course.exercise.milestones.pop(self.code, None)


# ---- steps --------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class SetDates(Step):
    """Plan a phase. `region`: what is planned for all countries, which the country's other phases follow.

    Refused where the phase would be over before an earlier one begins, or a later one before this one does.
    """

    action: ClassVar[Action] = "set_dates"
    phase: Phase
    begins: date
    ends: date
    region: Mapping[Phase, Planned] = field(default_factory=dict)

    def decide(self, course: Course, actor: Actor, now: datetime) -> Decision:
        if self.ends < self.begins:
            return Refusal("exercise.end_before_begin", {"begins": self.begins, "ends": self.ends})
        if (wrong := _implausible(now, self.begins, self.ends)) is not None:
            return wrong
        if course.exercise.planned.get(self.phase) == Planned(self.begins, self.ends):
            return Refusal("exercise.dates_unchanged", {"phase": named(self.phase)})
        planned = {**course.exercise.planned, self.phase: Planned(self.begins, self.ends)}
        return _in_order(timetable(planned, self.region), self.phase) or (DatesSet(self.phase, self.begins, self.ends),)


@dataclass(frozen=True, slots=True)
class DropDates(Step):
    """Take back what was planned for a phase."""

    action: ClassVar[Action] = "set_dates"
    phase: Phase

    def decide(self, course: Course, actor: Actor, now: datetime) -> Decision:
        if self.phase not in course.exercise.planned:
            return Refusal("exercise.no_dates", {"phase": named(self.phase)})
        return (DatesDropped(self.phase),)


@dataclass(frozen=True, slots=True)
class SetMilestone(Step):
    """A day that concerns all countries. A milestone of that code that was set before moves to the new day."""

    action: ClassVar[Action] = "set_dates"
    code: str
    on: date
    name: str = ""

    def decide(self, course: Course, actor: Actor, now: datetime) -> Decision:
        code, name = self.code.strip().upper(), self.name.strip()
        if course.country != EXERCISE:
            return Refusal("exercise.milestone_of_country")
        if not _CODE.fullmatch(code):
            return Refusal("exercise.bad_code")
        if len(name) > MOST_NAME:
            return Refusal("exercise.long_name", {"most": MOST_NAME})
        if code != SOM and not name:
            known = course.exercise.milestones.get(code)
            if known is None:
                return Refusal("exercise.name_missing")
            name = known.name
        if (wrong := _implausible(now, self.on)) is not None:
            return wrong
        if course.exercise.milestones.get(code) == Milestone(code, self.on, name):
            return Refusal("exercise.milestone_unchanged", {"code": code})
        return (MilestoneSet(code, self.on, name),)


@dataclass(frozen=True, slots=True)
class DropMilestone(Step):
    """It does not take place."""

    action: ClassVar[Action] = "set_dates"
    code: str

    def decide(self, course: Course, actor: Actor, now: datetime) -> Decision:
        code = self.code.strip().upper()
        if code not in course.exercise.milestones:
            return Refusal("exercise.no_milestone", {"code": code})
        return (MilestoneDropped(code),)


# ---- what follows -------------------------------------------------------------------------------------------------
def timetable(own: Mapping[Phase, Planned], region: Mapping[Phase, Planned]) -> dict[Phase, Planned]:
    """The dates of a country, phase by phase: its own where it has any, else those of all countries, moved as far as
    the last earlier phase of its own was moved: what follows a late workshop is later, too."""
    found: dict[Phase, Planned] = {}
    moved = timedelta()
    for phase in PHASES:
        mine, usual = own.get(phase), region.get(phase)
        if mine is not None:
            found[phase] = mine
            moved = mine.ends - usual.ends if usual is not None else moved
        elif usual is not None:
            found[phase] = usual.moved(moved)
    return found


def code_of(name: str, exercise: Exercise) -> str:
    """The code of the milestone of that name, or one that is free for it; the SOM's where there is no name."""
    wanted = folded(name)
    if not wanted or wanted.upper() == SOM:
        return SOM
    known = (one.code for one in exercise.milestones.values() if folded(one.name) == wanted)
    plain = re.sub(r"[^A-Z0-9]+", "", wanted.upper()) or "M"
    stem = (plain if plain[0].isalpha() else f"M{plain}")[:12]
    free = (stem, *(f"{stem}{number}" for number in range(2, 1000)))
    return next(known, next(code for code in free if code not in exercise.milestones))


def _in_order(planned: Mapping[Phase, Planned], phase: Phase) -> Refusal | None:
    """Phases may overlap; none may be over before one that comes earlier has begun."""
    mine, place = planned[phase], PHASES.index(phase)
    for number, other in enumerate(PHASES):
        dates = planned.get(other)
        if dates is None or other == phase:
            continue
        values = {"phase": named(phase), "other": named(other), "begins": dates.begins, "ends": dates.ends}
        if number < place and mine.ends < dates.begins:
            return Refusal("exercise.over_before_earlier", values)
        if number > place and dates.ends < mine.begins:
            return Refusal("exercise.begins_after_later", values)
    return None


def _implausible(now: datetime, *days: date) -> Refusal | None:
    for day in days:
        if abs(day.year - now.year) > MOST_YEARS:
            return Refusal("exercise.implausible", {"day": day, "most": MOST_YEARS})
    return None
