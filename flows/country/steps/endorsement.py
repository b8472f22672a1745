"""Endorsement: the exact version put before the national coordinating authority, and its decision on it (R-57).

Whether an endorsement holds is computed: it does while the version endorsed is the last one with that content, and
until a change of what the version rests on has been noticed.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, ClassVar, Literal

from flows.country.access import Action, Actor
from flows.country.edition import Endorsement
from flows.country.names import folded
from flows.country.steps.base import Decision, Fact, FileRef, Refusal, Step, When, fact, words
from flows.country.steps.drafts import MOST_WORDS, Comment, Draft

if TYPE_CHECKING:
    from flows.country.steps.course import Course

Channel = Literal["national", "dialogue", "imap"]
"""Where a guide may be published: the national site, the Rabat Process's own, the i-Map."""
CHANNELS: tuple[Channel, ...] = ("national", "dialogue", "imap")


@dataclass(frozen=True, slots=True)
class Foreword:
    """Somebody's own words before the guide: the authority's, or a partner's."""

    language: str
    text: str
    signatory: str
    title: str
    at: datetime

    @property
    def key(self) -> str:
        """Whose it is, in which language: one of each is kept."""
        return f"{self.language} {folded(self.signatory or self.title)}".strip()


@dataclass(slots=True)
class Given:
    """A decision, with its entry in the ledger. `voided`: what changed since, where it holds no more."""

    endorsement: Endorsement
    comments: str
    number: int
    at: datetime
    by: int | None
    voided: tuple[str, ...] | None = None

    @property
    def version(self) -> int:
        return self.endorsement.edition.version


@dataclass(slots=True)
class Endorsements:
    """`forewords`: by their keys, in the order in which they were first written. `proposed`: the version now before the
    coordinator; `shown`: messages that brought its files, by person."""

    forewords: dict[str, Foreword] = field(default_factory=dict)
    proposed: int | None = None
    proposed_at: datetime | None = None
    shown: dict[int, dict[int, tuple[str, ...]]] = field(default_factory=dict)  # version → person → messages
    given: list[Given] = field(default_factory=list)

    @property
    def last(self) -> Given | None:
        return self.given[-1] if self.given else None


@fact("endorsement.foreword")
@dataclass(frozen=True, slots=True)
class ForewordWritten(Fact):
    language: str
    text: str = words()
    signatory: str = words()
    title: str = words()
    beside: bool = False  # those that others wrote in this language stay

    def apply(self, course: Course, when: When) -> None:
        kept = course.endorsement.forewords
        if not self.beside:
            for key in [key for key, one in kept.items() if one.language == self.language]:
                del kept[key]
        made = Foreword(self.language, self.text, self.signatory, self.title, when.at)
        kept[made.key] = made


@fact("endorsement.foreword_withdrawn")
@dataclass(frozen=True, slots=True)
class ForewordWithdrawn(Fact):
    language: str
    signatory: str = words()
    title: str = words()

    def apply(self, course: Course, when: When) -> None:
        gone = Foreword(self.language, "", self.signatory, self.title, when.at)
        course.endorsement.forewords.pop(gone.key, None)


@fact("endorsement.proposed")
@dataclass(frozen=True, slots=True)
class Proposed(Fact):
    version: int

    def apply(self, course: Course, when: When) -> None:
        course.endorsement.proposed, course.endorsement.proposed_at = self.version, when.at


@fact("endorsement.shown")
@dataclass(frozen=True, slots=True)
class Shown(Fact):
    """The files of a version reached the person by these messages."""

    version: int
    person_id: int
    messages: tuple[str, ...]

    def apply(self, course: Course, when: When) -> None:
        course.endorsement.shown.setdefault(self.version, {})[self.person_id] = self.messages


@fact("endorsement.given")
@dataclass(frozen=True, slots=True)
class EndorsementGiven(Fact):
    """The coordinator's decision. The name of the first field is that of receipts (`flows.country.edition.FACT`)."""

    endorsement: Endorsement
    comments: str = words()

    def apply(self, course: Course, when: When) -> None:
        course.endorsement.given.append(Given(self.endorsement, self.comments, when.number, when.at, when.actor_id))
        if self.endorsement.decision != "endorse":
            course.endorsement.proposed = None


@fact("endorsement.voided")
@dataclass(frozen=True, slots=True)
class EndorsementVoided(Fact):
    """What an endorsed version rests on changed. `voids`: number of the endorsement's entry; `changed`: where, by the
    anchors of sections. Receipts are checked by these names (`flows.country.verdict`)."""

    voids: int
    changed: tuple[str, ...]

    def apply(self, course: Course, when: When) -> None:
        for given in course.endorsement.given:
            if given.number == self.voids and given.voided is None:
                given.voided = self.changed or ("content",)


# ---- computed -----------------------------------------------------------------------------------------------------
def standing(course: Course) -> Given | Refusal:
    """The endorsement that holds now, or why none does."""
    last = course.endorsement.last
    if last is None:
        return Refusal("endorsement.none")
    if last.endorsement.decision != "endorse":
        return Refusal(f"endorsement.was_{last.endorsement.decision}", {"version": last.version})
    if last.voided is not None:
        return Refusal("endorsement.void", {"version": last.version, "sections": ", ".join(last.voided)})
    for later in course.drafts.versions:
        # a draft compiled for the experts changes nothing by itself; what it rests on is looked at when it changes
        counts = later.entry > last.number and (later.final or later.origin == "edited")
        if counts and later.edition.content != last.endorsement.edition.content:
            return Refusal("endorsement.superseded", {"version": last.version, "newest": later.version})
    return last


def awaited(course: Course) -> Draft | None:
    """The version on which the coordinator's decision is awaited."""
    version = course.endorsement.proposed
    draft = course.drafts.of(version) if version is not None else None
    if draft is None or draft is not course.drafts.newest:
        return None
    last = course.endorsement.last
    decided = last is not None and last.version == version and last.voided is None
    return None if decided else draft


def remarks(course: Course, version: int, actor: Actor) -> list[Comment]:
    """What somebody has noted on the sections of a version."""
    return [one for one in course.drafts.comments_on(version) if one.by == actor.person_id]


# ---- steps --------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class WriteForeword(Step):
    """The foreword comes into the next version, in place of one that the same person wrote in the same language; a
    version already proposed has to be made anew with it."""

    action: ClassVar[Action] = "write_foreword"
    language: str
    text: str
    signatory: str
    title: str

    def decide(self, course: Course, actor: Actor, now: datetime) -> Decision:
        text = self.text.strip()
        if not text:
            return Refusal("endorsement.foreword_empty")
        if len(text) > MOST_WORDS:
            return Refusal("drafts.long_comment", {"most": MOST_WORDS})
        made = Foreword(self.language, text, self.signatory.strip(), self.title.strip(), now)
        known = [one.key for one in course.endorsement.forewords.values() if one.language == self.language]
        beside = bool(known) and known != [made.key]
        return (ForewordWritten(self.language, text, made.signatory, made.title, beside),)


@dataclass(frozen=True, slots=True)
class WithdrawForeword(Step):
    """The foreword with that key stands in no version to come."""

    action: ClassVar[Action] = "write_foreword"
    key: str

    def decide(self, course: Course, actor: Actor, now: datetime) -> Decision:
        one = course.endorsement.forewords.get(self.key)
        if one is None:
            return Refusal("endorsement.foreword_gone")
        return (ForewordWithdrawn(one.language, one.signatory, one.title),)


@dataclass(frozen=True, slots=True)
class Propose(Step):
    """Put the newest version, made to be endorsed, before the coordinator."""

    action: ClassVar[Action] = "propose_endorsement"
    version: int

    def decide(self, course: Course, actor: Actor, now: datetime) -> Decision:
        draft, newest = course.drafts.of(self.version), course.drafts.newest
        if draft is None or newest is None:
            return Refusal("drafts.none")
        if draft is not newest:
            return Refusal("drafts.superseded", {"version": self.version, "newest": newest.version})
        if not draft.final:
            return Refusal("endorsement.not_final", {"version": self.version})
        if awaited(course) is draft:
            return Refusal("endorsement.already_proposed", {"version": self.version})
        held, last = standing(course), course.endorsement.last
        if isinstance(held, Given):
            return Refusal("endorsement.already_given", {"version": held.version})
        if last is not None and last.version == self.version:
            return held  # decided on once: another version is to be made
        return (Proposed(self.version),)


@dataclass(frozen=True, slots=True)
class Decide(Step):
    """The coordinator's decision on exactly the version that was shown to them; all the record holds is in
    `endorsement`, made by the shell from what it did and from the ledger."""

    action: ClassVar[Action] = "endorse"
    endorsement: Endorsement
    comments: str = ""
    letter: FileRef | None = None

    def decide(self, course: Course, actor: Actor, now: datetime) -> Decision:
        version = self.endorsement.edition.version
        held = standing(course)
        if isinstance(held, Given) and held.version == version:
            return Refusal("endorsement.already_given", {"version": version})
        draft = awaited(course)
        if draft is None:
            newest = course.drafts.newest
            if newest is not None and newest.version != version:
                return Refusal("endorsement.superseded_version", {"version": version, "newest": newest.version})
            return Refusal("endorsement.nothing_proposed")
        if draft.version != version or draft.edition != self.endorsement.edition:
            return Refusal("endorsement.superseded_version", {"version": version, "newest": draft.version})
        if not self._was_shown(course, actor):
            return Refusal("endorsement.not_shown")
        if self.endorsement.decision != "endorse" and not self.comments.strip() and not remarks(course, version, actor):
            return Refusal("endorsement.comments_missing")
        if len(self.comments) > MOST_WORDS:
            return Refusal("drafts.long_comment", {"most": MOST_WORDS})
        if self.endorsement.decision == "endorse":
            if not self.endorsement.channels:
                return Refusal("endorsement.channels_missing")
            if self.endorsement.embargo is not None and self.endorsement.embargo < now.date():
                return Refusal("endorsement.embargo_passed")
        return (EndorsementGiven(self.endorsement, self.comments.strip()),)

    def _was_shown(self, course: Course, actor: Actor) -> bool:
        shown = course.endorsement.shown.get(self.endorsement.edition.version, {})
        return actor.person_id is not None and bool(shown.get(actor.person_id)) and bool(self.endorsement.shown)


def under_embargo(endorsement: Endorsement, today: date) -> bool:
    """Whether the guide may not be published yet."""
    return endorsement.embargo is not None and today < endorsement.embargo
