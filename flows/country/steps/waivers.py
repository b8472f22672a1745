"""Rules of completeness that a country does without: which, why, said by whom; and taken back."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, ClassVar

from flows.country.access import Action, Actor
from flows.country.checklist import RULES
from flows.country.steps.base import Decision, Fact, Refusal, Step, When, fact, words
from flows.country.steps.interest import takes_part

if TYPE_CHECKING:
    from flows.country.steps.course import Course

MOST = 2000
"""Characters of a reason."""


@dataclass(frozen=True, slots=True)
class RuleWaiver:
    """Why the country does without a rule, in the words (of `language`) of whoever said so; `role`: theirs."""

    reason: str
    language: str
    at: datetime
    role: str


@dataclass(slots=True)
class Waivers:
    """By rule. Those of the essential entities said with one tap are `Participants.waived`."""

    rules: dict[str, RuleWaiver] = field(default_factory=dict)


# ---- facts --------------------------------------------------------------------------------------------------------
@fact("completeness.waived")
@dataclass(frozen=True, slots=True)
class RuleWaived(Fact):
    """The country does without a rule of completeness."""

    rule: str
    language: str
    reason: str = words()

    def apply(self, course: Course, when: When) -> None:
        course.waivers.rules[self.rule] = RuleWaiver(self.reason, self.language, when.at, when.role)


@fact("completeness.required")
@dataclass(frozen=True, slots=True)
class RuleRequired(Fact):
    """A rule holds again: what was said before, in words or with one tap, is taken back."""

    rule: str

    def apply(self, course: Course, when: When) -> None:
        course.waivers.rules.pop(self.rule, None)
        for essential in [one for one in course.participants.waived if one == self.rule]:
            del course.participants.waived[essential]


# ---- steps --------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class WaiveRule(Step):
    """Do without a rule that is not met. `is_open`: whether it is so now, as the shell found in the dossier."""

    action: ClassVar[Action] = "waive_gap"
    rule: str
    reason: str
    language: str
    is_open: bool

    def decide(self, course: Course, actor: Actor, now: datetime) -> Decision:
        refused = takes_part(course)
        if refused is not None:
            return refused
        reason = self.reason.strip()
        if self.rule not in RULES:
            return Refusal("completeness.unknown", {"known": ", ".join(RULES)})
        if is_waived(course, self.rule):
            return Refusal("completeness.waived_already")
        if not self.is_open:
            return Refusal("completeness.not_open")
        if not reason:
            return Refusal("completeness.reason_missing")
        if len(reason) > MOST:
            return Refusal("completeness.long_reason", {"most": MOST})
        return (RuleWaived(self.rule, self.language, reason),)


@dataclass(frozen=True, slots=True)
class RequireRule(Step):
    """Do without a rule no longer."""

    action: ClassVar[Action] = "waive_gap"
    rule: str

    def decide(self, course: Course, actor: Actor, now: datetime) -> Decision:
        if self.rule not in RULES:
            return Refusal("completeness.unknown", {"known": ", ".join(RULES)})
        if not is_waived(course, self.rule):
            return Refusal("completeness.not_waived")
        return (RuleRequired(self.rule),)


def is_waived(course: Course, rule: str) -> bool:
    """Whether somebody said that the country does without it, with one tap or in words."""
    return rule in course.waivers.rules or any(one == rule for one in course.participants.waived)
