"""The country dossier: contributions merged into the objects of the field, every value with who said it.

Nothing is merged away: two entities that describe the same source stay two sources, and the difference is listed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from flows.country.additions import Finding, Resolution, Waived
from flows.country.contribution import Entity, Said
from flows.country.names import folded
from flows.country.objects import (
    Authority,
    Challenge,
    DataSource,
    Document,
    GroupCoordinator,
    InvitedEntity,
    Involvement,
    Lead,
    Member,
    Need,
    Policy,
    Practice,
    ProfileDocument,
    Recommendation,
    Training,
    Update,
    Use,
    User,
    WorkingGroup,
)
from flows.country.participation import Participation
from flows.questionnaires.wording import Wording, wording

Publication = Literal["full", "position", "none"]


@dataclass(frozen=True, slots=True)
class Voice:
    """Who speaks: one contribution, or what was added to them. `number` is cited by every value; `publication` says
    what of the contact may be shown; `name` … `phone` are given only as far as that allows."""

    number: int
    entity: Entity
    role: str
    language: str
    given_on: datetime
    form_version: str
    status: str
    publication: Publication
    name: str = ""
    function: str = ""
    unit: str = ""
    email: str = ""
    phone: str = ""
    kind: Literal["answer", "workshop", "desk research"] = "answer"


GapKind = Literal[
    "no_source", "no_lead", "no_coordinator", "few_members", "no_practice", "few_challenges", "no_recommendation",
    "no_contact", "acronyms", "no_statistics", "no_border", "no_crisis", "no_border_text", "no_crisis_text",
    "not_answered", "not_submitted", "no_profile", "no_policy", "no_authority", "members_consent",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Gap:
    """Something a complete guide would have. `choices`: (list, choice) pairs to be labelled; `values`: the rest."""

    kind: GapKind
    choices: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    values: Mapping[str, str] = field(default_factory=dict)
    by: tuple[int, ...] = ()


DifferenceKind = Literal[
    "same_source", "two_leads", "profile_status", "profile_title", "profile_year", "policy_status", "policy_title",
    "policy_year",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Difference:
    """Two or more voices that do not agree, or speak of the same thing; all texts kept. `about`: a name, or a
    (list, choice) pair."""

    kind: DifferenceKind
    about: str | tuple[str, str]
    sides: tuple[Said, ...]

    @property
    def key(self) -> str:
        """The same as long as the difference is about the same, whoever else answers."""
        return difference_key(self.kind, self.about)


def difference_key(kind: DifferenceKind, about: str | tuple[str, str] = "") -> str:
    """`two_leads-monitoring`, `profile_status`, `profile_year-1f0c…`: short, of ASCII letters, digits, `-` and `_`."""
    if not about:
        return kind
    if isinstance(about, tuple):
        return f"{kind}-{about[1]}"
    return f"{kind}-{hashlib.sha256(folded(about).encode('utf-8', 'replace')).hexdigest()[:12]}"


@dataclass(frozen=True, slots=True)
class Decided:
    """A difference with what the coordinator decided on it."""

    difference: Difference
    resolution: Resolution

    @property
    def one(self) -> bool:
        """Whether one text stands for all; else the practice differs."""
        return self.resolution.how != "practice_differs"


@dataclass(frozen=True, slots=True)
class Cited:
    """A finding of desk research, and the number under which it is cited."""

    finding: Finding
    number: int


@dataclass(frozen=True, slots=True)
class Dossier:
    """All that is known for one country from its contributions. `withheld`: confidential answers left out of
    everything else; `restricted`: those of them kept to the State until the coordinator accepts the contribution;
    `reserved`: the focus subjects (`border`, `crisis`) on which an answer was given and left out. `others`: the voices
    of workshops and desk research, numbered after the contributions. `differences` are open; `decided` are not any
    more; `reopened` are open again, because a text was given since. `waived`: what is missing and the country does
    without. `spoken`: what each contribution answered, as far as it may be printed as it was given. `wording`: what the
    answers' choices are called in the versions of the form that they were given under. `participation`: None where
    nobody looked."""

    country: str
    voices: tuple[Voice, ...] = ()
    others: tuple[Voice, ...] = ()
    sources: tuple[DataSource, ...] = ()
    no_data: tuple[Said, ...] = ()
    users: tuple[User, ...] = ()
    needs: tuple[Need, ...] = ()
    border: tuple[Said, ...] = ()
    crisis: tuple[Said, ...] = ()
    policy_statuses: tuple[Said, ...] = ()
    policies: tuple[Policy, ...] = ()
    involvements: tuple[Involvement, ...] = ()
    leads: tuple[Lead, ...] = ()
    mechanisms: tuple[Said, ...] = ()
    profile_statuses: tuple[Said, ...] = ()
    profiles: tuple[ProfileDocument, ...] = ()
    functions: tuple[Said, ...] = ()
    themes: tuple[Said, ...] = ()
    theme_notes: tuple[Said, ...] = ()
    updates: tuple[Update, ...] = ()
    authorities: tuple[Authority, ...] = ()
    groups: tuple[WorkingGroup, ...] = ()
    coordinators: tuple[GroupCoordinator, ...] = ()
    members: tuple[Member, ...] = ()
    uses: tuple[Use, ...] = ()
    practices: tuple[Practice, ...] = ()
    challenges: tuple[Challenge, ...] = ()
    training: tuple[Training, ...] = ()
    recommendations: tuple[Recommendation, ...] = ()
    invited: tuple[InvitedEntity, ...] = ()
    documents: tuple[Document, ...] = ()
    remarks: tuple[Said, ...] = ()
    spoken: tuple[Said, ...] = ()
    missing: tuple[Gap, ...] = ()
    differences: tuple[Difference, ...] = ()
    decided: tuple[Decided, ...] = ()
    reopened: tuple[Decided, ...] = ()
    findings: tuple[Cited, ...] = ()
    withheld: int = 0
    restricted: int = 0
    wording: Wording = field(default_factory=wording)
    reserved: tuple[str, ...] = ()
    waived: tuple[Waived, ...] = ()
    participation: Participation | None = None

    def voice(self, number: int) -> Voice:
        """The voice with this number."""
        own = len(self.voices)
        return self.voices[number - 1] if number <= own else self.others[number - own - 1]
