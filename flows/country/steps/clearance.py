"""Clearance: the hierarchy's agreement to what an official handed in, in the conversation or on signed paper.

It is asked of one person at a time, whom the official invites. What is agreed to is one state of the answers, shown in
a recap; once they change, nothing is agreed to any more.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, ClassVar

from flows.country.access import Action, Actor, Place
from flows.country.steps.base import Decision, Fact, FileRef, Refusal, Step, When, fact, words
from flows.country.steps.contributions import MOST_WORDS, Clearance, Comment, Handed, Recap, Submitted

if TYPE_CHECKING:
    from flows.country.steps.course import Course


def _clearance(course: Course, interview_id: int) -> Clearance | None:
    one = course.contributions.of.get(interview_id)
    return one.clearance if one is not None else None


# ---- facts --------------------------------------------------------------------------------------------------------
@fact("clearance.recap_made")
@dataclass(frozen=True, slots=True)
class RecapMade(Fact):
    """The paper of the `count`-th handing in exists; its files are what is agreed to."""

    interview_id: int
    count: int
    reference: str
    files: tuple[FileRef, ...]

    def apply(self, course: Course, when: When) -> None:
        known = _clearance(course, self.interview_id)
        if known is not None:
            known.recap = Recap(self.count, self.reference, self.files)


@fact("clearance.superior_asked")
@dataclass(frozen=True, slots=True)
class SuperiorAsked(Fact):
    """An invitation for the superior exists; whoever was asked before is asked no more."""

    interview_id: int
    invitation_id: int

    def apply(self, course: Course, when: When) -> None:
        known = _clearance(course, self.interview_id)
        if known is not None:
            known.invitation_id, known.superior_id = self.invitation_id, None


@fact("clearance.superior_came")
@dataclass(frozen=True, slots=True)
class SuperiorCame(Fact):
    interview_id: int
    invitation_id: int
    person_id: int

    def apply(self, course: Course, when: When) -> None:
        known = _clearance(course, self.interview_id)
        if known is not None and known.invitation_id == self.invitation_id and known.superior_id is None:
            known.superior_id = self.person_id


@fact("clearance.approved")
@dataclass(frozen=True, slots=True)
class Approved(Fact):
    """The superior agrees to what was handed in the `count`-th time, as the files of its recap show it."""

    interview_id: int
    count: int
    digest: str

    def apply(self, course: Course, when: When) -> None:
        known = _clearance(course, self.interview_id)
        if known is not None:
            known.cleared, known.at, known.by = "chat", when.at, when.actor_id


@fact("clearance.signed")
@dataclass(frozen=True, slots=True)
class SignedOnPaper(Fact):
    """The hierarchy agreed on paper; the official sent the signed page."""

    interview_id: int
    count: int
    digest: str
    file: FileRef
    signed_on: date
    signer: str = words()

    def apply(self, course: Course, when: When) -> None:
        known = _clearance(course, self.interview_id)
        if known is not None:
            known.cleared, known.at, known.by = "paper", when.at, when.actor_id
            known.paper, known.signed_on, known.signer = self.file, self.signed_on, self.signer


@fact("clearance.remarked")
@dataclass(frozen=True, slots=True)
class Remarked(Fact):
    """The superior returns it with remarks: it is a draft again. `paths`: the answers that they name."""

    interview_id: int
    count: int
    paths: tuple[str, ...]
    remarks: str = words()

    def apply(self, course: Course, when: When) -> None:
        one = course.contributions.of.get(self.interview_id)
        if one is not None:
            comment = Comment(when.number, when.at, when.actor_id, self.remarks, self.paths)
            one.clearance.remarks.append(comment)
            one.turn("draft", when.at, "remarks")


# ---- the official's steps -----------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class AskSuperior(Step):
    """Invite the superior, in place of the one asked before."""

    action: ClassVar[Action] = "hand_in"
    owner_id: int
    interview_id: int
    invitation_id: int

    def place(self, course: Course) -> Place:
        return Place(course.country, person_id=self.owner_id)

    def decide(self, course: Course, actor: Actor, now: datetime) -> Decision:
        one = course.contributions.get(self.interview_id)
        if one is None or one.state != "in_clearance":
            return _why_not(one)
        return (SuperiorAsked(self.interview_id, self.invitation_id),)


@dataclass(frozen=True, slots=True)
class ClearOnPaper(Step):
    """`count`: of the handing in whose recap was signed; `digest`: of the answers as they stand; `today`: the date
    where the official is."""

    action: ClassVar[Action] = "clear_on_paper"
    owner_id: int
    interview_id: int
    count: int
    digest: str
    file: FileRef | None
    signed_on: date | None
    signer: str
    today: date

    def place(self, course: Course) -> Place:
        return Place(course.country, person_id=self.owner_id)

    def decide(self, course: Course, actor: Actor, now: datetime) -> Decision:
        one = course.contributions.get(self.interview_id)
        if one is None or one.state != "in_clearance":
            return _why_not(one)
        recap = one.clearance.recap
        if recap is None or recap.count != one.count:
            return Refusal("clearance.no_recap")
        if self.count != one.count or self.digest != one.digest:
            return Refusal("clearance.superseded")
        if self.file is None:
            return Refusal("clearance.no_scan")
        if not self.signer.strip():
            return Refusal("clearance.no_signer")
        if self.signed_on is None or self.signed_on > self.today:
            return Refusal("clearance.date_to_come")
        if one.since is not None and self.signed_on < one.since.date() - timedelta(days=1):  # clocks differ
            return Refusal("clearance.date_before", {"date": one.since.date()})
        signed = SignedOnPaper(
            *(self.interview_id, one.count, one.digest, self.file, self.signed_on), self.signer.strip()
        )
        return (signed, Submitted(self.interview_id))


# ---- the superior's steps -----------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Approve(Step):
    """`entity_id`: whose contribution it is; `count`: of the handing in that was shown; `digest`: as it stands."""

    action: ClassVar[Action] = "clear"
    interview_id: int
    entity_id: int | None
    count: int
    digest: str

    def place(self, course: Course) -> Place:
        return Place(course.country, self.entity_id)

    def decide(self, course: Course, actor: Actor, now: datetime) -> Decision:
        one = course.contributions.get(self.interview_id)
        refused = _not_theirs(one, actor, self.count)
        if one is None or refused is not None:
            return refused or _why_not(one)
        if one.digest != self.digest:
            return Refusal("clearance.superseded")
        return (Approved(self.interview_id, one.count, one.digest), Submitted(self.interview_id))


@dataclass(frozen=True, slots=True)
class Remark(Step):
    """Return it to the official with remarks; `paths`: the answers that they name, if any."""

    action: ClassVar[Action] = "clear"
    interview_id: int
    entity_id: int | None
    count: int
    paths: tuple[str, ...]
    remarks: str

    def place(self, course: Course) -> Place:
        return Place(course.country, self.entity_id)

    def decide(self, course: Course, actor: Actor, now: datetime) -> Decision:
        refused = _not_theirs(course.contributions.get(self.interview_id), actor, self.count)
        if refused is not None:
            return refused
        remarks = self.remarks.strip()
        if not remarks:
            return Refusal("clearance.no_remarks")
        if len(remarks) > MOST_WORDS:
            return Refusal("contributions.too_long", {"most": MOST_WORDS})
        return (Remarked(self.interview_id, self.count, self.paths, remarks),)


def _not_theirs(one: Handed | None, actor: Actor, count: int) -> Refusal | None:
    """Why a superior may say nothing about it now."""
    if one is None:
        return _why_not(one)
    clearance = one.clearance
    if actor.person_id is None or clearance.superior_id != actor.person_id:
        return Refusal("clearance.another_asked")
    if one.state != "in_clearance":
        return _why_not(one)
    if clearance.recap is None or clearance.recap.count != one.count:
        return Refusal("clearance.no_recap")
    return Refusal("clearance.superseded") if count != one.count else None


def _why_not(one: Handed | None) -> Refusal:
    """Why there is nothing to clear."""
    if one is None:
        return Refusal("clearance.not_asked")
    if one.clearance.cleared:
        return Refusal("clearance.already_cleared")
    if one.state == "draft":
        return Refusal("clearance.superseded" if one.back == "changed" else "clearance.not_asked")
    return Refusal("clearance.not_asked")
