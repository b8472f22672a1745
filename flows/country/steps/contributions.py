"""The way of a contribution: handed in, cleared where the hierarchy must agree, accepted or returned, released.

A contribution is numbered by its interview. What it says is kept by the interview; here is which state of it was handed
in (its digest), and what became of that. Clearance itself is in `clearance`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, ClassVar, Literal

from flows.country.access import Action, Actor, Place
from flows.country.contribution import Status, restricted_questions
from flows.country.steps.base import Decision, Fact, Facts, FileRef, Refusal, Step, When, fact, words

if TYPE_CHECKING:
    from flows.country.steps.course import Course

Back = Literal["", "changed", "remarks", "taken_back"]
"""Why a contribution that was handed in is a draft again."""
MOST_WORDS = 10_000
"""Characters of one comment."""


@dataclass(frozen=True, slots=True)
class Comment:
    """Why answers came back: what was written, the answers named, and by whom. `number`: of its entry in the ledger."""

    number: int
    at: datetime
    by: int | None
    text: str
    paths: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Recap:
    """The paper that shows what was handed in the `count`-th time."""

    count: int
    reference: str
    files: tuple[FileRef, ...]


@dataclass(slots=True)
class Clearance:
    """The hierarchy's part. `invitation_id`: that of the one superior who is asked; `superior_id`: the person, once
    they came. `cleared`: how they agreed to what is handed in now; on paper with the signed page, its date and signer.
    """

    invitation_id: int | None = None
    superior_id: int | None = None
    recap: Recap | None = None
    cleared: Literal["", "chat", "paper"] = ""
    at: datetime | None = None
    by: int | None = None
    paper: FileRef | None = None
    signed_on: date | None = None
    signer: str = ""
    remarks: list[Comment] = field(default_factory=list)


@dataclass(slots=True)
class Handed:
    """One contribution from its first handing in on. `count`: how often it was handed in; `digest`, `form_version`: of
    the answers then; `since`: when it came into its state; `dropped`: clearance was wanted before, and no more is.

    `submitted`: the digests that reached the coordinator, oldest first. `own`: the coordinator accepted their own.
    `decided`: whether the coordinator said what becomes of restricted answers; `released`: the questions released.
    """

    interview_id: int
    state: Status = "draft"
    back: Back = ""
    count: int = 0
    digest: str = ""
    form_version: str = ""
    since: datetime | None = None
    needs_clearance: bool = False
    dropped: bool = False
    clearance: Clearance = field(default_factory=Clearance)
    submitted: list[str] = field(default_factory=list)
    returned: list[Comment] = field(default_factory=list)
    accepted_by: int | None = None
    own: bool = False
    decided: bool = False
    released: frozenset[str] = frozenset()

    @property
    def reference(self) -> str:
        """The end of its reference, as "12-3"."""
        return f"{self.interview_id}-{self.count}"

    def turn(self, state: Status, at: datetime, back: Back = "") -> None:
        """Come into a state. What was agreed to of another one no longer counts."""
        self.state, self.since, self.back = state, at, back
        if state != "accepted":
            self.accepted_by, self.own, self.decided, self.released = None, False, False, frozenset()
        if state in ("draft", "in_clearance"):
            self.clearance.cleared, self.clearance.at, self.clearance.by = "", None, None
            self.clearance.paper, self.clearance.signed_on, self.clearance.signer = None, None, ""


@dataclass(slots=True)
class Contributions:
    """All that were ever handed in, by number."""

    of: dict[int, Handed] = field(default_factory=dict)

    def get(self, interview_id: int) -> Handed | None:
        return self.of.get(interview_id)

    def status(self, interview_id: int) -> Status:
        """Where a contribution is; one never handed in is a draft."""
        known = self.of.get(interview_id)
        return known.state if known is not None else "draft"

    def released(self, interview_id: int) -> frozenset[str]:
        """The questions whose restricted answers are released."""
        known = self.of.get(interview_id)
        return known.released if known is not None else frozenset()

    def in_state(self, *states: Status) -> list[Handed]:
        """Those in these states, longest there first."""
        found = [one for one in self.of.values() if one.state in states]
        return sorted(found, key=lambda one: (one.since.timestamp() if one.since else 0.0, one.interview_id))

    def of_superior(self, person_id: int) -> list[Handed]:
        """What a superior was asked to clear, whatever became of it."""
        return [one for one in self.of.values() if one.clearance.superior_id == person_id]


# ---- facts --------------------------------------------------------------------------------------------------------
@fact("contribution.handed_in")
@dataclass(frozen=True, slots=True)
class HandedIn(Fact):
    """An official handed their answers in: these, and no others."""

    interview_id: int
    digest: str
    needs_clearance: bool
    form_version: str = ""

    def apply(self, course: Course, when: When) -> None:
        one = course.contributions.of.setdefault(self.interview_id, Handed(self.interview_id))
        one.dropped = (one.dropped or one.needs_clearance) and not self.needs_clearance
        one.count += 1
        one.digest, one.form_version, one.needs_clearance = self.digest, self.form_version, self.needs_clearance
        one.turn("in_clearance" if self.needs_clearance else "draft", when.at)


@fact("contribution.submitted")
@dataclass(frozen=True, slots=True)
class Submitted(Fact):
    """What was handed in reaches the coordinator: directly, or because the hierarchy agreed."""

    interview_id: int

    def apply(self, course: Course, when: When) -> None:
        one = course.contributions.of.get(self.interview_id)
        if one is not None:
            one.turn("submitted", when.at)
            one.submitted.append(one.digest)


@fact("contribution.changed")
@dataclass(frozen=True, slots=True)
class ContributionChanged(Fact):
    """An answer is no longer what was handed in: it is a draft, to be handed in again."""

    interview_id: int

    def apply(self, course: Course, when: When) -> None:
        one = course.contributions.of.get(self.interview_id)
        if one is not None:
            one.turn("draft", when.at, "changed")


@fact("contribution.taken_back")
@dataclass(frozen=True, slots=True)
class TakenBack(Fact):
    """The official does not wish it to be passed on yet."""

    interview_id: int

    def apply(self, course: Course, when: When) -> None:
        one = course.contributions.of.get(self.interview_id)
        if one is not None:
            one.turn("draft", when.at, "taken_back")


@fact("contribution.carried_over")
@dataclass(frozen=True, slots=True)
class CarriedOver(Fact):
    """A newer version of the form lays the same answers out anew: nobody said anything else, and nothing is undone."""

    interview_id: int
    digest: str
    form_version: str

    def apply(self, course: Course, when: When) -> None:
        one = course.contributions.of.get(self.interview_id)
        if one is not None:
            one.digest, one.form_version = self.digest, self.form_version


@fact("contribution.returned")
@dataclass(frozen=True, slots=True)
class AnswersReturned(Fact):
    """The coordinator asks for some answers again, and says why."""

    interview_id: int
    paths: tuple[str, ...]
    comment: str = words()

    def apply(self, course: Course, when: When) -> None:
        one = course.contributions.of.get(self.interview_id)
        if one is not None:
            one.returned.append(Comment(when.number, when.at, when.actor_id, self.comment, self.paths))
            one.turn("returned", when.at)


@fact("contribution.accepted")
@dataclass(frozen=True, slots=True)
class Accepted(Fact):
    """The coordinator accepts what was handed in. `own`: it is their own."""

    interview_id: int
    digest: str
    own: bool = False

    def apply(self, course: Course, when: When) -> None:
        one = course.contributions.of.get(self.interview_id)
        if one is not None:
            one.turn("accepted", when.at)
            one.accepted_by, one.own = when.actor_id, self.own


@fact("contribution.acceptance_withdrawn")
@dataclass(frozen=True, slots=True)
class AcceptanceWithdrawn(Fact):
    """The coordinator looks at it again: it is submitted, as before."""

    interview_id: int

    def apply(self, course: Course, when: When) -> None:
        one = course.contributions.of.get(self.interview_id)
        if one is not None:
            one.turn("submitted", when.at)


@fact("contribution.released")
@dataclass(frozen=True, slots=True)
class Released(Fact):
    """What the coordinator releases of the answers restricted to the State; all others of it stay restricted."""

    interview_id: int
    questions: tuple[str, ...]

    def apply(self, course: Course, when: When) -> None:
        one = course.contributions.of.get(self.interview_id)
        if one is not None and one.state == "accepted":
            one.decided, one.released = True, frozenset(self.questions)


# ---- the official's steps -----------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class HandIn(Step):
    """`owner_id`: whose interview it is. `digest`: of the answers as they stand; `open`: how many of those put again
    are neither confirmed nor corrected. Where clearance is needed, it goes to the superior and nowhere else."""

    action: ClassVar[Action] = "hand_in"
    owner_id: int
    interview_id: int
    digest: str
    needs_clearance: bool
    open: int = 0
    form_version: str = ""

    def place(self, course: Course) -> Place:
        return Place(course.country, person_id=self.owner_id)

    def decide(self, course: Course, actor: Actor, now: datetime) -> Decision:
        one = course.contributions.get(self.interview_id)
        if one is not None and one.state == "accepted":
            return Refusal("contributions.locked")
        if self.open:
            return Refusal("contributions.still_open", {"count": self.open})
        same = one is not None and (one.digest, one.needs_clearance) == (self.digest, self.needs_clearance)
        if one is not None and same and one.state in ("in_clearance", "submitted"):
            return Refusal(f"contributions.already_{one.state}")
        handed = HandedIn(self.interview_id, self.digest, self.needs_clearance, self.form_version)
        return (handed,) if self.needs_clearance else (handed, Submitted(self.interview_id))


@dataclass(frozen=True, slots=True)
class TakeBack(Step):
    """The official takes back what was handed in and is not accepted yet."""

    action: ClassVar[Action] = "hand_in"
    owner_id: int
    interview_id: int

    def place(self, course: Course) -> Place:
        return Place(course.country, person_id=self.owner_id)

    def decide(self, course: Course, actor: Actor, now: datetime) -> Decision:
        state = course.contributions.status(self.interview_id)
        if state == "accepted":
            return Refusal("contributions.locked")
        if state not in ("in_clearance", "submitted"):
            return Refusal("contributions.not_handed_in")
        return (TakenBack(self.interview_id),)


def noticed(course: Course, interview_id: int, digest: str) -> Facts:
    """What follows from how the answers stand now: nothing while they are what was handed in. What is returned or a
    draft may change as it likes."""
    one = course.contributions.get(interview_id)
    if one is None or one.state in ("draft", "returned") or one.digest == digest:
        return ()
    return (ContributionChanged(interview_id),)


# ---- the coordinator's steps --------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Accept(Step):
    """`count`: which handing in was shown; `digest`: of the answers as they stand; `owner_id`: whose they are."""

    action: ClassVar[Action] = "accept"
    interview_id: int
    owner_id: int
    count: int
    digest: str

    def decide(self, course: Course, actor: Actor, now: datetime) -> Decision:
        one = course.contributions.get(self.interview_id)
        if one is not None and one.state == "accepted":
            return Refusal("contributions.already_accepted")
        if one is None or one.state != "submitted":
            return _not_there(one)
        if one.count != self.count or one.digest != self.digest:
            return Refusal("contributions.changed_meanwhile")
        return (Accepted(self.interview_id, self.digest, own=actor.person_id == self.owner_id),)


@dataclass(frozen=True, slots=True)
class ReturnAnswers(Step):
    """Some answers are asked again with a comment, be the contribution accepted already or not."""

    action: ClassVar[Action] = "return_answers"
    interview_id: int
    count: int
    paths: tuple[str, ...]
    comment: str

    def decide(self, course: Course, actor: Actor, now: datetime) -> Decision:
        one = course.contributions.get(self.interview_id)
        if one is None or one.state not in ("submitted", "accepted"):
            return _not_there(one)
        if one.count != self.count:
            return Refusal("contributions.changed_meanwhile")
        if not self.paths:
            return Refusal("contributions.none_named")
        comment = self.comment.strip()
        if not comment:
            return Refusal("contributions.no_comment")
        if len(comment) > MOST_WORDS:
            return Refusal("contributions.too_long", {"most": MOST_WORDS})
        return (AnswersReturned(self.interview_id, self.paths, comment),)


@dataclass(frozen=True, slots=True)
class WithdrawAcceptance(Step):
    """Look at an accepted contribution again."""

    action: ClassVar[Action] = "accept"
    interview_id: int

    def decide(self, course: Course, actor: Actor, now: datetime) -> Decision:
        one = course.contributions.get(self.interview_id)
        if one is None or one.state != "accepted":
            return Refusal("contributions.not_accepted")
        return (AcceptanceWithdrawn(self.interview_id),)


@dataclass(frozen=True, slots=True)
class Release(Step):
    """Say which restricted answers of an accepted contribution may be read beyond the State; () keeps them all.
    `restricted`: what the version of the form it was given under restricts, beside what the program's does."""

    action: ClassVar[Action] = "release_restricted"
    interview_id: int
    count: int
    questions: tuple[str, ...]
    restricted: frozenset[str] = frozenset()

    def decide(self, course: Course, actor: Actor, now: datetime) -> Decision:
        one = course.contributions.get(self.interview_id)
        if one is None or one.state != "accepted":
            return Refusal("contributions.not_accepted")
        if one.count != self.count:
            return Refusal("contributions.changed_meanwhile")
        if not (restricted_questions() | self.restricted).issuperset(self.questions):
            return Refusal("contributions.not_restricted")
        if one.decided and one.released == frozenset(self.questions):
            return Refusal("contributions.already_decided")
        return (Released(self.interview_id, tuple(sorted(set(self.questions)))),)


def _not_there(one: Handed | None) -> Refusal:
    """Why there is nothing to accept or to return."""
    if one is not None and one.state == "returned":
        return Refusal("contributions.is_returned")
    if one is not None and one.state == "in_clearance":
        return Refusal("contributions.is_in_clearance")
    changed = one is not None and one.back == "changed"
    return Refusal("contributions.changed_meanwhile" if changed else "contributions.is_draft")


def to_decide(course: Course) -> Iterator[Handed]:
    """Accepted contributions of which nobody has said yet what becomes of what is restricted."""
    return (one for one in course.contributions.in_state("accepted") if not one.decided)
