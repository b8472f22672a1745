"""Differences between entities, settled by the coordinator: one text, a common one, or "the practice differs"."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, ClassVar

from flows.country.access import Action, Actor
from flows.country.additions import How, Resolution, Side
from flows.country.steps.base import Decision, Fact, Refusal, Step, When, fact, words

if TYPE_CHECKING:
    from flows.country.steps.course import Course

MOST = 2000
"""Characters of a text or a reason."""


@dataclass(slots=True)
class Settled:
    """The decision in force on each difference, by its key; `open`: those noticed and not decided on, and when each
    was noticed."""

    resolutions: dict[str, Resolution] = field(default_factory=dict)
    open: dict[str, datetime] = field(default_factory=dict)


@fact("difference.settled")
@dataclass(frozen=True, slots=True)
class DifferenceSettled(Fact):
    """`sides`: the texts that were before the coordinator, as JSON; both stay in the guide's annex."""

    key: str
    how: How
    language: str
    text: str = words()
    reason: str = words()
    sides: str = words()

    def apply(self, course: Course, when: When) -> None:
        course.differences.resolutions[self.key] = Resolution(
            self.key, self.how, self.text, self.reason, self.language, when.at, _sides(self.sides)
        )
        course.differences.open.pop(self.key, None)


@fact("difference.opened_again")
@dataclass(frozen=True, slots=True)
class DifferenceOpenedAgain(Fact):
    """The coordinator takes a decision back."""

    key: str

    def apply(self, course: Course, when: When) -> None:
        if course.differences.resolutions.pop(self.key, None) is not None:
            course.differences.open.setdefault(self.key, when.at)


@fact("differing.noticed")
@dataclass(frozen=True, slots=True)
class DifferencesNoticed(Fact):
    """The dossier was looked through: these differences wait for a decision, and no others."""

    keys: tuple[str, ...]

    def apply(self, course: Course, when: When) -> None:
        known = course.differences.open
        course.differences.open = {key: known.get(key, when.at) for key in self.keys}


def _sides(written: str) -> tuple[Side, ...]:
    try:
        return tuple(Side(**side) for side in json.loads(written or "[]"))
    except (ValueError, TypeError):
        return ()


@dataclass(frozen=True, slots=True)
class SettleDifference(Step):
    """`sides`: the texts that differ now, as the shell found them in the dossier; none: there is no such difference.
    `shown`: what was before the coordinator, by `claims_of`."""

    action: ClassVar[Action] = "resolve_difference"
    key: str
    how: How
    text: str
    reason: str
    language: str
    sides: tuple[Side, ...]
    shown: str

    def decide(self, course: Course, actor: Actor, now: datetime) -> Decision:
        text, reason = self.text.strip(), self.reason.strip()
        if not self.sides:
            return Refusal("differences.gone")
        if self.shown != claims_of(self.sides):
            return Refusal("differences.changed")
        if not reason:
            return Refusal("differences.reason_missing")
        if self.how == "merge" and not text:
            return Refusal("differences.text_missing")
        if len(text) > MOST or len(reason) > MOST:
            return Refusal("drafts.long_comment", {"most": MOST})
        if self.how == "pick" and text not in [side.text for side in self.sides]:
            return Refusal("differences.changed")
        written = json.dumps([asdict(side) for side in self.sides], ensure_ascii=False)
        return (DifferenceSettled(self.key, self.how, self.language, text, reason, written),)


@dataclass(frozen=True, slots=True)
class OpenAgain(Step):
    """Take a decision back."""

    action: ClassVar[Action] = "resolve_difference"
    key: str

    def decide(self, course: Course, actor: Actor, now: datetime) -> Decision:
        if self.key not in course.differences.resolutions:
            return Refusal("differences.gone")
        return (DifferenceOpenedAgain(self.key),)


def claims_of(sides: tuple[Side, ...]) -> str:
    """What tells whether the same texts still differ: short, for a button."""
    from flows.country.ledger import digest

    return digest(sorted(side.claim or side.text for side in sides))[:8]
