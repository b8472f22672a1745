"""Versions of the guide and their review: compiled, commented, sent back edited, shown to those who are quoted.

A version is made outside (it is rendered, its files kept) and brought here to be numbered. Each is based on the newest
one before it, so that nobody's changes are lost under somebody else's.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, ClassVar, Literal

from flows.country.access import Action, Actor, Place
from flows.country.edition import Edition
from flows.country.outlines import CONCISE, FIRST, Extent, Outline
from flows.country.steps import outlines as _outlines  # noqa: F401 (its facts say what versions look like)
from flows.country.steps.base import Decision, Fact, FileRef, Refusal, Step, When, fact, words
from flows.country.steps.interest import takes_part

if TYPE_CHECKING:
    from flows.country.steps.course import Course

Origin = Literal["compiled", "edited"]
MOST_WORDS = 10_000
"""Characters of one comment."""
PASSAGES = "passages"
"""The anchor of what officials say about the passages that rest on their answers."""


@dataclass(frozen=True, slots=True)
class Comment:
    """What somebody wrote about a section of a version. `number` is that of its entry in the ledger; `answers`: which
    answers it concerns, see `Commented`."""

    number: int
    version: int
    anchor: str
    language: str
    text: str
    by: int | None
    role: str
    at: datetime
    answers: tuple[str, ...] = ()


@dataclass(slots=True)
class Draft:
    """One version. `source`: language → hash of the content that the answers alone gave when it was made; `guides`: its
    content as JSON, one file for each language; `entry`: number of its entry in the ledger, `entry_hash` is there."""

    edition: Edition
    final: bool
    origin: Origin
    based_on: int
    source: Mapping[str, str]
    guides: tuple[FileRef, ...]
    entry: int
    made_at: datetime
    by: int | None
    reviewers: set[int] = field(default_factory=set)
    reviewed: set[int] = field(default_factory=set)
    asked: set[int] = field(default_factory=set)  # officials who were sent the passages that rest on their answers
    agreed: set[int] = field(default_factory=set)
    objected: set[int] = field(default_factory=set)

    @property
    def version(self) -> int:
        return self.edition.version


@dataclass(slots=True)
class Drafts:
    """All versions, oldest first, and all comments. `outline`, `extent`: of the versions to come."""

    versions: list[Draft] = field(default_factory=list)
    comments: list[Comment] = field(default_factory=list)
    outline: Outline = FIRST
    extent: Extent = CONCISE

    @property
    def newest(self) -> Draft | None:
        return self.versions[-1] if self.versions else None

    def of(self, version: int) -> Draft | None:
        """The version of that number."""
        return self.versions[version - 1] if 0 < version <= len(self.versions) else None

    def comments_on(self, version: int) -> list[Comment]:
        """The comments on a version, oldest first."""
        return [comment for comment in self.comments if comment.version == version]


# ---- facts --------------------------------------------------------------------------------------------------------
@fact("draft.made")
@dataclass(frozen=True, slots=True)
class DraftMade(Fact):
    edition: Edition
    final: bool
    origin: Origin
    based_on: int
    source: Mapping[str, str]
    guides: tuple[FileRef, ...]

    def apply(self, course: Course, when: When) -> None:
        course.drafts.versions.append(
            Draft(
                *(self.edition, self.final, self.origin, self.based_on, self.source, self.guides),
                entry=when.number,
                made_at=when.at,
                by=when.actor_id,
            )
        )


@fact("draft.sent_for_review")
@dataclass(frozen=True, slots=True)
class SentForReview(Fact):
    version: int
    people: tuple[int, ...]

    def apply(self, course: Course, when: When) -> None:
        if (draft := course.drafts.of(self.version)) is not None:
            draft.reviewers.update(self.people)


@fact("draft.commented")
@dataclass(frozen=True, slots=True)
class Commented(Fact):
    """`answers`: those that it concerns, each as the number of the source in that version, a space, and the path of the
    question, which is missing where a passage rests on several."""

    version: int
    anchor: str
    language: str
    text: str = words()
    answers: tuple[str, ...] = ()

    def apply(self, course: Course, when: When) -> None:
        course.drafts.comments.append(
            Comment(
                *(when.number, self.version, self.anchor, self.language, self.text, when.actor_id, when.role, when.at),
                answers=self.answers,
            )
        )


@fact("draft.reviewed")
@dataclass(frozen=True, slots=True)
class Reviewed(Fact):
    """Somebody has said all they had to say about a version."""

    version: int

    def apply(self, course: Course, when: When) -> None:
        draft = course.drafts.of(self.version)
        if draft is not None and when.actor_id is not None:
            draft.reviewed.add(when.actor_id)


@fact("draft.passages_sent")
@dataclass(frozen=True, slots=True)
class PassagesSent(Fact):
    """Officials were sent what a version says on the strength of their answers."""

    version: int
    people: tuple[int, ...]

    def apply(self, course: Course, when: When) -> None:
        if (draft := course.drafts.of(self.version)) is not None:
            draft.asked.update(self.people)


@fact("draft.passages_agreed")
@dataclass(frozen=True, slots=True)
class PassagesAgreed(Fact):
    version: int

    def apply(self, course: Course, when: When) -> None:
        draft = course.drafts.of(self.version)
        if draft is not None and when.actor_id is not None:
            draft.agreed.add(when.actor_id)
            draft.objected.discard(when.actor_id)


@fact("draft.passages_objected")
@dataclass(frozen=True, slots=True)
class PassagesObjected(Fact):
    """An official wants a correction of what rests on their answers; `text` says which."""

    version: int
    language: str
    text: str = words()

    def apply(self, course: Course, when: When) -> None:
        draft = course.drafts.of(self.version)
        if draft is not None and when.actor_id is not None:
            draft.objected.add(when.actor_id)
            draft.agreed.discard(when.actor_id)
        course.drafts.comments.append(
            Comment(*(when.number, self.version, PASSAGES, self.language, self.text, when.actor_id, when.role, when.at))
        )


# ---- steps --------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class MakeDraft(Step):
    """Number a version that was compiled from the dossier. `final`: made to be endorsed, without what is for experts.

    Its `edition.version` has to be the next one: of two compiled at once, the second is compiled again.
    """

    action: ClassVar[Action] = "compile"
    edition: Edition
    final: bool
    source: Mapping[str, str]
    guides: tuple[FileRef, ...]

    def decide(self, course: Course, actor: Actor, now: datetime) -> Decision:
        return _numbered(course, self.edition, self.final, "compiled", len(course.drafts.versions), self)


@dataclass(frozen=True, slots=True)
class SendVersion(Step):
    """An expert's edited document as the next version; `based_on`: the version that the document says it was."""

    action: ClassVar[Action] = "send_version"
    edition: Edition
    final: bool
    based_on: int
    source: Mapping[str, str]
    guides: tuple[FileRef, ...]

    def decide(self, course: Course, actor: Actor, now: datetime) -> Decision:
        newest = course.drafts.newest
        if newest is None:
            return Refusal("drafts.none")
        if self.edition.country != course.country:
            return Refusal("drafts.other_country")
        if self.based_on != newest.version:
            return Refusal("drafts.superseded", {"version": self.based_on, "newest": newest.version})
        if self.edition.content == newest.edition.content:
            return Refusal("drafts.unchanged", {"version": newest.version})
        return _numbered(course, self.edition, self.final, "edited", self.based_on, self)


def _numbered(
    course: Course, edition: Edition, final: bool, origin: Origin, based_on: int, step: MakeDraft | SendVersion
) -> Decision:
    refused = takes_part(course)
    if refused is not None:
        return refused
    if edition.country != course.country:
        return Refusal("drafts.other_country")
    following = len(course.drafts.versions) + 1
    if edition.version != following:
        return Refusal("drafts.numbered_meanwhile", {"version": edition.version, "newest": following - 1})
    return (DraftMade(edition, final, origin, based_on, step.source, step.guides),)


@dataclass(frozen=True, slots=True)
class OnNewest(Step):
    """A step on a version that has to be the newest one: what is said about an older one would be lost."""

    version: int

    def decide(self, course: Course, actor: Actor, now: datetime) -> Decision:
        draft, newest = course.drafts.of(self.version), course.drafts.newest
        if draft is None or newest is None:
            return Refusal("drafts.none")
        if draft is not newest:
            return Refusal("drafts.superseded", {"version": self.version, "newest": newest.version})
        return self.on(draft, actor)

    @abstractmethod
    def on(self, draft: Draft, actor: Actor) -> Decision:
        """The facts that follow for the newest version, or why not."""


@dataclass(frozen=True, slots=True)
class SendForReview(OnNewest):
    """Put a version before people who review it."""

    action: ClassVar[Action] = "compile"
    people: tuple[int, ...]

    def on(self, draft: Draft, actor: Actor) -> Decision:
        fresh = tuple(person for person in self.people if person not in draft.reviewers)
        return (SentForReview(self.version, fresh),) if fresh else Refusal("drafts.already_sent")


@dataclass(frozen=True, slots=True)
class SendPassages(OnNewest):
    """Put before officials what a version says on the strength of their answers."""

    action: ClassVar[Action] = "compile"
    people: tuple[int, ...]

    def on(self, draft: Draft, actor: Actor) -> Decision:
        fresh = tuple(person for person in self.people if person not in draft.asked)
        return (PassagesSent(self.version, fresh),) if fresh else Refusal("drafts.already_sent")


@dataclass(frozen=True, slots=True)
class CommentOn(OnNewest):
    """A comment on a section of the newest version (`anchor`: the section's; "" for the whole), and on `answers`."""

    action: ClassVar[Action] = "comment_draft"
    anchor: str
    text: str
    language: str
    answers: tuple[str, ...] = ()

    def on(self, draft: Draft, actor: Actor) -> Decision:
        text = self.text.strip()
        if not text:
            return Refusal("drafts.empty_comment")
        if len(text) > MOST_WORDS:
            return Refusal("drafts.long_comment", {"most": MOST_WORDS})
        return (Commented(self.version, self.anchor, self.language, text, self.answers),)


@dataclass(frozen=True, slots=True)
class EndReview(OnNewest):
    """The reviewer has nothing more to say about the version."""

    action: ClassVar[Action] = "comment_draft"

    def on(self, draft: Draft, actor: Actor) -> Decision:
        if actor.person_id in draft.reviewed:
            return Refusal("drafts.already_reviewed", {"version": self.version})
        return (Reviewed(self.version),)


@dataclass(frozen=True, slots=True)
class JudgePassages(OnNewest):
    """An official agrees with what rests on their answers, or says what is to be corrected."""

    action: ClassVar[Action] = "see_own_passages"
    entity_id: int | None
    language: str
    objection: str = ""

    def place(self, course: Course) -> Place:
        return Place(course.country, self.entity_id)

    def on(self, draft: Draft, actor: Actor) -> Decision:
        if actor.person_id not in draft.asked:
            return Refusal("drafts.not_asked")
        text = self.objection.strip()
        if len(text) > MOST_WORDS:
            return Refusal("drafts.long_comment", {"most": MOST_WORDS})
        if text:
            return (PassagesObjected(self.version, self.language, text),)
        if actor.person_id in draft.agreed:
            return Refusal("drafts.already_agreed")
        return (PassagesAgreed(self.version),)
