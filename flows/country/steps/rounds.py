"""The yearly round: every entity is asked, answer by answer, whether what it said is still right (domain.md §5.4)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, ClassVar

from flows.country.access import Action, Actor
from flows.country.steps.base import Decision, Fact, Refusal, Step, When, fact

if TYPE_CHECKING:
    from flows.country.steps.course import Course


@dataclass(slots=True)
class Round:
    """One round. `asked`: the contributions whose answers are put again; `done`: of those through, how many answers
    were confirmed and how many changed."""

    number: int
    opened_at: datetime
    asked: tuple[int, ...]
    done: dict[int, tuple[int, int]] = field(default_factory=dict)
    closed_at: datetime | None = None

    @property
    def left(self) -> tuple[int, ...]:
        """The contributions that are not through."""
        return tuple(one for one in self.asked if one not in self.done)


@dataclass(slots=True)
class Rounds:
    """All of them, oldest first."""

    made: list[Round] = field(default_factory=list)

    @property
    def open(self) -> Round | None:
        """The round under way."""
        return self.made[-1] if self.made and self.made[-1].closed_at is None else None


@fact("round.opened")
@dataclass(frozen=True, slots=True)
class RoundOpened(Fact):
    asked: tuple[int, ...]

    def apply(self, course: Course, when: When) -> None:
        course.rounds.made.append(Round(len(course.rounds.made) + 1, when.at, self.asked))


@fact("round.answered")
@dataclass(frozen=True, slots=True)
class RoundAnswered(Fact):
    """A contribution is through. `confirmed`, `changed`: how many of its answers."""

    interview_id: int
    confirmed: int
    changed: int

    def apply(self, course: Course, when: When) -> None:
        found = course.rounds.open
        if found is not None and self.interview_id in found.asked:
            found.done[self.interview_id] = (self.confirmed, self.changed)
            if not found.left:
                found.closed_at = when.at


@fact("round.closed")
@dataclass(frozen=True, slots=True)
class RoundClosed(Fact):
    """Ended before everybody was through."""

    number: int

    def apply(self, course: Course, when: When) -> None:
        found = course.rounds.open
        if found is not None and found.number == self.number:
            found.closed_at = when.at


@dataclass(frozen=True, slots=True)
class OpenRound(Step):
    """Ask again, in every accepted contribution, once a guide is published."""

    action: ClassVar[Action] = "open_round"

    def decide(self, course: Course, actor: Actor, now: datetime) -> Decision:
        if course.publications.last is None:
            return Refusal("rounds.not_published")
        if (under_way := course.rounds.open) is not None:
            return Refusal("rounds.under_way", {"number": under_way.number})
        accepted = tuple(sorted(one.interview_id for one in course.contributions.in_state("accepted")))
        if not accepted:
            return Refusal("rounds.nothing_accepted")
        return (RoundOpened(accepted),)


@dataclass(frozen=True, slots=True)
class CloseRound(Step):
    """End a round before everybody is through; what was confirmed or changed stays so."""

    action: ClassVar[Action] = "open_round"
    number: int

    def decide(self, course: Course, actor: Actor, now: datetime) -> Decision:
        found = course.rounds.open
        if found is None or found.number != self.number:
            return Refusal("rounds.none_open")
        return (RoundClosed(self.number),)
