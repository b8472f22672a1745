"""What a national workshop found: needs, challenges, recommendations, training needs, decisions, who took part (R-55).

Nothing is recorded of a workshop that has not begun, or was called off. When and where it is: see `meetings`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, ClassVar, Literal, get_args
from zoneinfo import ZoneInfo

from flows.country.access import Action, Actor
from flows.country.names import folded
from flows.country.steps.base import Decision, Fact, FileRef, Refusal, Step, When, fact, words
from flows.country.steps.meetings import Meeting
from flows.interview.replies.folding import clean

if TYPE_CHECKING:
    from flows.country.steps.course import Course

Kind = Literal["need", "challenge", "recommendation", "training", "decision"]
KINDS: tuple[Kind, ...] = get_args(Kind)
MOST_TEXT = 10_000  # characters of an outcome
MOST_LABEL = 200
MOST_PEOPLE = 1_000  # of one entity
OBJECTIVES = range(1, 24)
"""The objectives of the Global Compact."""


@dataclass(frozen=True, slots=True)
class Line:
    """An outcome as somebody writes it down. `category`: of a challenge, a recommendation or a training need, a choice
    of its list or free words; `domain`, `priority`: choices of theirs."""

    kind: Kind
    text: str
    category: str = ""
    domain: str = ""
    priority: str = ""
    objectives: tuple[int, ...] = ()
    language: str = ""


@dataclass(slots=True)
class Recorded:
    """An outcome of a workshop. `number`: of its entry in the ledger; `workshop`: of the workshop's."""

    number: int
    workshop: int
    line: Line
    by: int | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Delegation:
    """Who came for an entity: how many women, how many men. `entity_id` None: an entity known by `name` only."""

    entity_id: int | None
    name: str
    women: int
    men: int


@dataclass(slots=True)
class Workshops:
    """Outcomes by number; by workshop: who took part and the minutes, newest last."""

    outcomes: dict[int, Recorded] = field(default_factory=dict)
    participants: dict[int, list[Delegation]] = field(default_factory=dict)
    minutes: dict[int, list[FileRef]] = field(default_factory=dict)

    def of(self, workshop: int, kind: Kind | None = None) -> list[Recorded]:
        """The outcomes of a workshop, by list, oldest first."""
        own = [one for one in self.outcomes.values() if one.workshop == workshop and kind in (None, one.line.kind)]
        return sorted(own, key=lambda one: (KINDS.index(one.line.kind), one.number))


# ---- facts --------------------------------------------------------------------------------------------------------
@fact("workshop.outcome_recorded")
@dataclass(frozen=True, slots=True)
class OutcomeRecorded(Fact):
    """`corrects`: the number of the outcome that this one takes the place of."""

    workshop: int
    kind_of: Kind
    domain: str = ""
    priority: str = ""
    objectives: tuple[int, ...] = ()
    language: str = ""
    corrects: int | None = None
    text: str = words()
    category: str = words()

    def apply(self, course: Course, when: When) -> None:
        line = Line(
            *(self.kind_of, self.text, self.category, self.domain, self.priority, self.objectives, self.language)
        )
        known = course.workshops.outcomes.get(self.corrects) if self.corrects is not None else None
        if known is not None:
            known.line, known.by, known.at = line, when.actor_id, when.at
        elif self.corrects is None:
            course.workshops.outcomes[when.number] = Recorded(when.number, self.workshop, line, when.actor_id, when.at)


@fact("workshop.outcome_removed")
@dataclass(frozen=True, slots=True)
class OutcomeRemoved(Fact):
    number: int

    def apply(self, course: Course, when: When) -> None:
        course.workshops.outcomes.pop(self.number, None)


@fact("workshop.participants_counted")
@dataclass(frozen=True, slots=True)
class ParticipantsCounted(Fact):
    """Who came for an entity; none at all takes back what was counted before."""

    workshop: int
    entity_id: int | None
    women: int
    men: int
    name: str = words()

    def apply(self, course: Course, when: When) -> None:
        known = course.workshops.participants.setdefault(self.workshop, [])
        counted = Delegation(self.entity_id, self.name, self.women, self.men)
        same = next((place for place, one in enumerate(known) if _is_same(course, one, counted)), len(known))
        others = [one for one in known if not _is_same(course, one, counted)]  # two where they were merged since
        if self.women + self.men:
            others.insert(same, counted)
        course.workshops.participants[self.workshop] = others


@fact("workshop.minutes_kept")
@dataclass(frozen=True, slots=True)
class MinutesKept(Fact):
    workshop: int
    file: FileRef

    def apply(self, course: Course, when: When) -> None:
        course.workshops.minutes.setdefault(self.workshop, []).append(self.file)


# ---- steps --------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class RecordOutcome(Step):
    """Write an outcome down, or correct one (`corrects`)."""

    action: ClassVar[Action] = "record_workshop"
    workshop: int
    line: Line
    corrects: int | None = None

    def decide(self, course: Course, actor: Actor, now: datetime) -> Decision:
        refused = _not_held(course, self.workshop, now) or flaw(self.line)
        if refused is not None:
            return refused
        line = _tidy(self.line)
        known = course.workshops.of(self.workshop, line.kind)
        if self.corrects is not None and not any(one.number == self.corrects for one in known):
            return Refusal("workshops.no_outcome")
        if any(_says_the_same(one.line, line) for one in known):
            return Refusal("workshops.unchanged_outcome" if self.corrects is not None else "workshops.known_outcome")
        return (
            OutcomeRecorded(
                *(self.workshop, line.kind, line.domain, line.priority, line.objectives, line.language),
                *(self.corrects, line.text, line.category),
            ),
        )


@dataclass(frozen=True, slots=True)
class RemoveOutcome(Step):
    action: ClassVar[Action] = "record_workshop"
    number: int

    def decide(self, course: Course, actor: Actor, now: datetime) -> Decision:
        if self.number not in course.workshops.outcomes:
            return Refusal("workshops.no_outcome")
        return (OutcomeRemoved(self.number),)


@dataclass(frozen=True, slots=True)
class CountParticipants(Step):
    """How many came for an entity: again for the same one corrects it, nobody takes it back. `entities`: the numbers of
    the country's entities, as the shell found them."""

    action: ClassVar[Action] = "record_workshop"
    workshop: int
    entity_id: int | None
    name: str
    women: int
    men: int
    entities: frozenset[int]

    def decide(self, course: Course, actor: Actor, now: datetime) -> Decision:
        refused = _not_held(course, self.workshop, now)
        if refused is not None:
            return refused
        entity_id = course.participants.kept(self.entity_id) if self.entity_id is not None else None
        name = clean(self.name) if entity_id is None else ""
        if entity_id is not None and not {entity_id, self.entity_id} & self.entities:
            return Refusal("desk.unknown_entity")
        if entity_id is None and not name:
            return Refusal("workshops.entity_missing")
        if len(name) > MOST_LABEL:
            return Refusal("workshops.long_name", {"most": MOST_LABEL})
        if min(self.women, self.men) < 0 or self.women + self.men > MOST_PEOPLE:
            return Refusal("workshops.implausible_count", {"most": MOST_PEOPLE})
        counted = Delegation(entity_id, name, self.women, self.men)
        known = delegations(course, self.workshop)
        before = next((one for one in known if _is_same(course, one, counted)), None)
        if before is None and not self.women + self.men:
            return Refusal("workshops.nobody_counted")
        if before is not None and (before.women, before.men) == (self.women, self.men):
            return Refusal("workshops.known_count")
        return (ParticipantsCounted(self.workshop, entity_id, self.women, self.men, name),)


@dataclass(frozen=True, slots=True)
class KeepMinutes(Step):
    action: ClassVar[Action] = "record_workshop"
    workshop: int
    file: FileRef

    def decide(self, course: Course, actor: Actor, now: datetime) -> Decision:
        refused = _not_held(course, self.workshop, now)
        if refused is not None:
            return refused
        if any(one.sha256 == self.file.sha256 for one in course.workshops.minutes.get(self.workshop, [])):
            return Refusal("workshops.known_minutes")
        return (MinutesKept(self.workshop, self.file),)


# ---- what follows -------------------------------------------------------------------------------------------------
def held_on(meeting: Meeting) -> date:
    """The day on which a workshop began, on the clocks there."""
    assert meeting.terms is not None  # noqa: S101 (asked of workshops that were held)
    return meeting.terms.begins.astimezone(ZoneInfo(meeting.terms.zone)).date()


def delegations(course: Course, workshop: int) -> list[Delegation]:
    """Who took part, each entity once: those counted for entities that were merged since are counted together."""
    found: list[Delegation] = []
    for one in course.workshops.participants.get(workshop, []):
        entity_id = course.participants.kept(one.entity_id) if one.entity_id is not None else None
        same = next((place for place, other in enumerate(found) if _is_same(course, one, other)), None)
        if same is None:
            found.append(Delegation(entity_id, one.name, one.women, one.men))
        else:
            before = found[same]
            found[same] = Delegation(entity_id, before.name, before.women + one.women, before.men + one.men)
    return found


def counted(course: Course, workshop: int) -> tuple[int, int]:
    """How many women and men took part."""
    known = course.workshops.participants.get(workshop, [])
    return sum(one.women for one in known), sum(one.men for one in known)


def flaw(line: Line) -> Refusal | None:
    """What is wrong with an outcome by itself."""
    if not clean(line.text):
        return Refusal("workshops.text_missing")
    if len(clean(line.text)) > MOST_TEXT:
        return Refusal("workshops.long_text", {"most": MOST_TEXT})
    if len(clean(line.category)) > MOST_LABEL:
        return Refusal("workshops.long_name", {"most": MOST_LABEL})
    if any(number not in OBJECTIVES for number in line.objectives):
        return Refusal("workshops.unknown_objective")
    return None


def _tidy(line: Line) -> Line:
    return Line(
        *(line.kind, clean(line.text), clean(line.category), line.domain, line.priority),
        *(tuple(sorted(set(line.objectives))), line.language),
    )


def _says_the_same(one: Line, other: Line) -> bool:
    plain = [(folded(each.text), each.category, each.domain, each.priority, each.objectives) for each in (one, other)]
    return plain[0] == plain[1]


def _is_same(course: Course, one: Delegation, other: Delegation) -> bool:
    if one.entity_id is None or other.entity_id is None:
        return one.entity_id is other.entity_id and folded(one.name) == folded(other.name)
    return course.participants.kept(one.entity_id) == course.participants.kept(other.entity_id)


def _not_held(course: Course, workshop: int, now: datetime) -> Refusal | None:
    one = course.meetings.planned.get(workshop)
    if one is None:
        return Refusal("workshops.unknown")
    if one.is_cancelled:
        return Refusal("workshops.was_cancelled")
    if one.terms is None:
        return Refusal("workshops.not_agreed")
    return None if one.has_begun(now) else Refusal("workshops.not_yet", {"day": held_on(one)})
