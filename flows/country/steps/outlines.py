"""Which outline a country's guide follows, and how much it says: chosen by the secretariat, remembered until another
is chosen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, ClassVar

from flows.country.access import Action, Actor
from flows.country.outlines import EXTENTS, OUTLINES, Extent, Outline, named
from flows.country.steps.base import Decision, Fact, Refusal, Step, When, fact
from flows.country.steps.interest import takes_part

if TYPE_CHECKING:
    from flows.country.steps.course import Course


@fact("draft.outline_chosen")
@dataclass(frozen=True, slots=True)
class OutlineChosen(Fact):
    """Versions made from now on follow this outline."""

    outline: str

    def apply(self, course: Course, when: When) -> None:
        chosen = named(self.outline)
        if chosen is not None:  # else one of a newer program: the guide keeps the outline that it has
            course.drafts.outline = chosen


@fact("draft.extent_chosen")
@dataclass(frozen=True, slots=True)
class ExtentChosen(Fact):
    """Versions made from now on have the answers of each entity as an annex, or have them no more."""

    extent: str

    def apply(self, course: Course, when: When) -> None:
        chosen = next((each for each in EXTENTS if each == self.extent), None)
        if chosen is not None:  # else one of a newer program
            course.drafts.extent = chosen


@dataclass(frozen=True, slots=True)
class ChooseOutline(Step):
    """Say which outline the next versions follow; those that there are stay as they are."""

    action: ClassVar[Action] = "compile"
    outline: Outline

    def decide(self, course: Course, actor: Actor, now: datetime) -> Decision:
        refused = takes_part(course)
        if refused is not None:
            return refused
        if self.outline not in OUTLINES:
            return Refusal("drafts.no_outline", {"known": ", ".join(OUTLINES)})
        if course.drafts.outline == self.outline:
            return Refusal(f"drafts.outline_already_{self.outline}")
        return (OutlineChosen(self.outline),)


@dataclass(frozen=True, slots=True)
class ChooseExtent(Step):
    """Say how much the next versions say; those that there are stay as they are."""

    action: ClassVar[Action] = "compile"
    extent: Extent

    def decide(self, course: Course, actor: Actor, now: datetime) -> Decision:
        refused = takes_part(course)
        if refused is not None:
            return refused
        if course.drafts.extent == self.extent:
            return Refusal(f"drafts.extent_already_{self.extent}")
        return (ExtentChosen(self.extent),)
