"""What enters a guide beside the contributions: the coordinator's decisions, desk research, and workshops' outcomes.

Each is read from the ledger. None of them overwrites what an entity answered.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

How = Literal["pick", "merge", "practice_differs"]


@dataclass(frozen=True, slots=True)
class Side:
    """A text that a decision was about, and the entity it is from. `claim`: what it says, in a form that can be
    compared with an answer given later (`differences.claim`)."""

    text: str
    entity: str
    claim: str = ""


@dataclass(frozen=True, slots=True)
class Resolution:
    """What the coordinator decided on a difference, and why. `text`: the decided one; may be empty where the practice
    differs. `sides`: the texts decided upon: a new one that is not among them opens the difference again."""

    difference_key: str
    how: How
    text: str
    reason: str
    language: str
    decided_on: datetime
    sides: tuple[Side, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that desk research found. `field`: the name of the question it would answer; `section`: the number of
    the section of the guide, "" to follow the question; `entity`: who is asked to confirm it."""

    number: int
    text: str
    citation: str
    url: str
    read_on: date
    field: str
    section: str
    entity: str
    confidence: Literal["high", "medium", "low"] = "medium"
    status: Literal["proposed", "confirmed", "corrected", "rejected"] = "proposed"
    language: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """One line of what a national workshop found. `category`: of a recommendation, a challenge or a training topic, a
    choice of its list or free text; `domain`, `priority`: choices of theirs; `objectives`: of the Global Compact."""

    kind: Literal["need", "challenge", "recommendation", "training"]
    text: str
    category: str = ""
    domain: str = ""
    objectives: tuple[int, ...] = ()
    priority: str = ""
    language: str = ""
    workshop_date: date


@dataclass(frozen=True, slots=True)
class Waived:
    """A rule of completeness (`checklist.Rule`) that the country does without, why, since when, and on whose word: `by`
    is a role. `reason`: one of those that are chosen, see `steps.participants.Reason`; else "", and `words` says it in
    `language`."""

    rule: str
    reason: str
    on: date
    by: str = ""
    words: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class Additions:
    """All of them for one country."""

    resolutions: tuple[Resolution, ...] = ()
    findings: tuple[Finding, ...] = ()
    outcomes: tuple[Outcome, ...] = ()
    waived: tuple[Waived, ...] = ()
