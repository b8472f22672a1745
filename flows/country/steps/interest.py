"""The expression of interest: whether a country takes part, and which authority will coordinate (R-59, E1, E2)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, ClassVar, Literal

from flows.country.access import Action, Actor
from flows.country.steps.base import Decision, Fact, FileRef, Refusal, Step, When, fact, words

if TYPE_CHECKING:
    from flows.country.steps.course import Course

Answer = Literal["yes", "no", "later"]


@dataclass(slots=True)
class Interest:
    """`opened_at`: since when the country is asked; `answer`: the last one given, `by` whom."""

    opened_at: datetime | None = None
    answer: Answer | None = None
    answered_at: datetime | None = None
    by: int | None = None
    expected_on: date | None = None
    letters: list[FileRef] = field(default_factory=list)
    authority: str = ""
    endorser: str = ""  # title of the officer who will endorse the guide


@fact("interest.opened")
@dataclass(frozen=True, slots=True)
class CountryOpened(Fact):
    """The country is asked whether it takes part."""

    def apply(self, course: Course, when: When) -> None:
        course.interest.opened_at = course.interest.opened_at or when.at


@fact("interest.expressed")
@dataclass(frozen=True, slots=True)
class InterestExpressed(Fact):
    """`expected_on`: when the answer will be known, where it is `later`."""

    answer: Answer
    expected_on: date | None = None
    letter: FileRef | None = None
    authority: str = words()
    endorser: str = words()

    def apply(self, course: Course, when: When) -> None:
        interest = course.interest
        interest.opened_at = interest.opened_at or when.at
        interest.answer, interest.answered_at, interest.by = self.answer, when.at, when.actor_id
        interest.expected_on = self.expected_on
        if self.letter is not None:
            interest.letters.append(self.letter)
        if self.answer == "yes":
            interest.authority, interest.endorser = self.authority, self.endorser


@dataclass(frozen=True, slots=True)
class OpenCountry(Step):
    """The secretariat asks a country whether it takes part."""

    action: ClassVar[Action] = "open_country"

    def decide(self, course: Course, actor: Actor, now: datetime) -> Decision:
        if course.interest.opened_at is not None:
            return Refusal("interest.already_open")
        return (CountryOpened(),)


@dataclass(frozen=True, slots=True)
class ExpressInterest(Step):
    """Yes, no or to be confirmed; with yes the coordinating authority, which endorses the guide later."""

    action: ClassVar[Action] = "express_interest"
    answer: Answer
    expected_on: date | None = None
    letter: FileRef | None = None
    authority: str = ""
    endorser: str = ""

    def decide(self, course: Course, actor: Actor, now: datetime) -> Decision:
        if self.answer == "yes" and not self.authority.strip():
            return Refusal("interest.authority_missing")
        if self.answer == "later" and (self.expected_on is None or self.expected_on < now.date()):
            return Refusal("interest.date_passed")
        return (
            InterestExpressed(
                self.answer,
                self.expected_on if self.answer == "later" else None,
                self.letter,
                self.authority.strip(),
                self.endorser.strip(),
            ),
        )


def takes_part(course: Course) -> Refusal | None:
    """Why nothing may be done for the country yet, for steps that need its agreement."""
    if course.interest.answer == "yes":
        return None
    return Refusal(f"interest.{'declined' if course.interest.answer == 'no' else 'not_yet'}")
