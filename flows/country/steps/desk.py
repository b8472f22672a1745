"""Desk research: what experts and the secretariat found, put before the entity that it concerns (R-50, domain.md §5.4).

A finding stands beside the answers and never takes the place of one. It is a proposal until the entity, or the
coordinator, confirms it, corrects it, or says that it is not right; its number is that of its entry in the ledger.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, ClassVar, Literal, get_args
from urllib.parse import urlsplit

from flows.country.access import Action, Actor, Place
from flows.country.names import folded
from flows.country.steps.base import Decision, Fact, Refusal, Step, When, fact, words
from flows.country.steps.interest import takes_part
from flows.interview.replies.folding import clean
from flows.questionnaires.topics import NUMBERS, topics

if TYPE_CHECKING:
    from flows.country.steps.course import Course

Confidence = Literal["high", "medium", "low"]
CONFIDENCES: tuple[Confidence, ...] = get_args(Confidence)
Verdict = Literal["confirmed", "corrected", "rejected"]
VERDICTS: tuple[Verdict, ...] = get_args(Verdict)
State = Literal["proposed", "confirmed", "corrected", "rejected", "withdrawn"]
STATES: tuple[State, ...] = get_args(State)
Key = tuple[str, str, str, str, int | None]
MOST_FACT = 10_000
"""Characters of a fact, and of what is said of it."""
MOST_CITATION, MOST_URL = 1_000, 2_000
MOST_AT_ONCE = 2_000  # findings of one file


@dataclass(slots=True)
class Found:
    """One finding. `field`: the question it would answer, "" where it is about a `section` only; `entity_id`: who is
    asked, None: the coordinator; `said`: the entity's own text where it corrected the fact, `reason`: why it is not
    right; `file`: SHA-256 of the file it came in with."""

    number: int
    text: str
    citation: str
    url: str
    read_on: date
    field: str
    section: str
    entity_id: int | None
    confidence: Confidence
    language: str
    by: int | None
    at: datetime
    file: str = ""
    state: State = "proposed"
    said: str = ""
    said_in: str = ""
    reason: str = ""
    settled_by: int | None = None
    settled_at: datetime | None = None


@dataclass(slots=True)
class Findings:
    """All of them, by number."""

    made: dict[int, Found] = field(default_factory=dict)

    def in_state(self, *states: State) -> list[Found]:
        """Those in these states, oldest first."""
        return [one for one in self.made.values() if one.state in states]


@dataclass(frozen=True, slots=True)
class Proposal:
    """A finding as somebody brings it."""

    text: str
    citation: str
    read_on: date
    url: str = ""
    field: str = ""
    section: str = ""
    entity_id: int | None = None
    confidence: str = "medium"
    language: str = ""

    def key(self, entity_id: int | None) -> Key:
        """What makes it the same as another: the same fact from the same source, for the same place and entity."""
        return folded(self.text), folded(self.citation), self.field, self.section, entity_id


def known_keys(course: Course) -> dict[Key, int]:
    """What makes a finding the same as another → its number; none that was withdrawn."""
    return {
        (folded(one.text), folded(one.citation), one.field, one.section, asked(course, one)): one.number
        for one in course.findings.made.values()
        if one.state != "withdrawn"
    }


# ---- facts --------------------------------------------------------------------------------------------------------
@fact("desk.found")
@dataclass(frozen=True, slots=True)
class FindingMade(Fact):
    read_on: date
    field: str
    section: str
    entity_id: int | None
    confidence: Confidence
    language: str
    file: str = ""
    text: str = words()
    citation: str = words()
    url: str = words()

    def apply(self, course: Course, when: When) -> None:
        course.findings.made[when.number] = Found(
            *(when.number, self.text, self.citation, self.url, self.read_on, self.field, self.section),
            *(self.entity_id, self.confidence, self.language, when.actor_id, when.at, self.file),
        )


@fact("desk.settled")
@dataclass(frozen=True, slots=True)
class FindingSettled(Fact):
    """The entity's word on a finding. `text`: what is right instead; `reason`: why it is not."""

    number: int
    verdict: Verdict
    language: str = ""
    text: str = words()
    reason: str = words()

    def apply(self, course: Course, when: When) -> None:
        one = course.findings.made.get(self.number)
        if one is not None and one.state != "withdrawn":
            one.state, one.said, one.said_in, one.reason = self.verdict, self.text, self.language, self.reason
            one.settled_by, one.settled_at = when.actor_id, when.at


@fact("desk.reopened")
@dataclass(frozen=True, slots=True)
class FindingReopened(Fact):
    """What was said of a finding is taken back: it waits again."""

    number: int

    def apply(self, course: Course, when: When) -> None:
        one = course.findings.made.get(self.number)
        if one is not None and one.state != "withdrawn":
            one.state, one.said, one.said_in, one.reason = "proposed", "", "", ""
            one.settled_by = one.settled_at = None


@fact("desk.passed_on")
@dataclass(frozen=True, slots=True)
class FindingPassedOn(Fact):
    """Another entity is asked."""

    number: int
    entity_id: int

    def apply(self, course: Course, when: When) -> None:
        one = course.findings.made.get(self.number)
        if one is not None:
            one.entity_id = self.entity_id


@fact("desk.withdrawn")
@dataclass(frozen=True, slots=True)
class FindingWithdrawn(Fact):
    number: int

    def apply(self, course: Course, when: When) -> None:
        one = course.findings.made.get(self.number)
        if one is not None:
            one.state = "withdrawn"


# ---- steps --------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class RecordFindings(Step):
    """Put findings on record, all of them or none. `entities`: the numbers of the country's entities, as the shell
    found them; `today`: the day in the country; `file`: SHA-256 of the file they come from."""

    action: ClassVar[Action] = "record_finding"
    proposals: tuple[Proposal, ...]
    entities: frozenset[int]
    today: date
    file: str = ""

    def decide(self, course: Course, actor: Actor, now: datetime) -> Decision:
        refused = takes_no_part(course)
        if refused is not None:
            return refused
        if not self.proposals:
            return Refusal("desk.nothing_new")
        if len(self.proposals) > MOST_AT_ONCE:
            return Refusal("desk.too_many", {"most": MOST_AT_ONCE})
        known = known_keys(course)
        made = []
        for proposal in self.proposals:
            wrong = flaws(proposal, self.today)
            if wrong:
                return wrong[0]
            entity_id = course.participants.kept(proposal.entity_id) if proposal.entity_id is not None else None
            if entity_id is not None and not {entity_id, proposal.entity_id} & self.entities:
                return Refusal("desk.unknown_entity")
            key = tidy(proposal).key(entity_id)
            if key in known:
                return Refusal("desk.known" if known[key] else "desk.twice", {"number": known[key]})
            known[key] = 0  # no number yet
            made.append(_fact(tidy(proposal), entity_id, self.file))
        return tuple(made)


def takes_no_part(course: Course) -> Refusal | None:
    """Desk research may begin before the country has answered; it ends where the country declines."""
    return takes_part(course) if course.interest.answer == "no" else None


def tidy(proposal: Proposal) -> Proposal:
    """The same as it is kept: without control characters and blanks around it."""
    return replace(
        proposal,
        text=clean(proposal.text),
        citation=clean(proposal.citation),
        url=clean(proposal.url),
        language=proposal.language.strip(),
    )


def flaws(proposal: Proposal, today: date) -> tuple[Refusal, ...]:
    """All that is wrong with a finding by itself."""
    given = tidy(proposal)
    nowhere = bool(given.section) and given.section not in NUMBERS
    checks = (
        (not given.text, Refusal("desk.fact_missing")),
        (len(given.text) > MOST_FACT, Refusal("desk.long_fact", {"most": MOST_FACT})),
        (not given.citation, Refusal("desk.citation_missing")),
        (len(given.citation) > MOST_CITATION, Refusal("desk.long_citation", {"most": MOST_CITATION})),
        (not _is_address(given.url), Refusal("desk.bad_url")),
        (given.read_on > today, Refusal("desk.read_later", {"day": given.read_on})),
        (given.read_on.year < 1990, Refusal("desk.read_long_ago", {"day": given.read_on})),
        (bool(given.field) and given.field not in topics(), Refusal("desk.unknown_question", {"name": given.field})),
        (nowhere, Refusal("desk.unknown_section", {"name": given.section})),
        (not given.field and not given.section, Refusal("desk.no_place")),
        (given.confidence not in CONFIDENCES, Refusal("desk.unknown_confidence", {"name": given.confidence})),
    )
    return tuple(refusal for wrong, refusal in checks if wrong)


def _is_address(url: str) -> bool:
    if not url:
        return True
    if len(url) > MOST_URL or any(character.isspace() for character in url):
        return False
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname)


def _fact(given: Proposal, entity_id: int | None, file: str) -> FindingMade:
    sure = next(one for one in CONFIDENCES if one == given.confidence)
    return FindingMade(
        *(given.read_on, given.field, given.section, entity_id, sure, given.language, file),
        *(given.text, given.citation, given.url),
    )


@dataclass(frozen=True, slots=True)
class SettleFinding(Step):
    """The word of the entity that it concerns, or of the coordinator."""

    action: ClassVar[Action] = "settle_finding"
    number: int
    verdict: Verdict
    text: str = ""
    language: str = ""
    reason: str = ""

    def place(self, course: Course) -> Place:
        return _place(course, self.number)

    def decide(self, course: Course, actor: Actor, now: datetime) -> Decision:
        one = _waiting(course, self.number)
        if isinstance(one, Refusal):
            return one
        text, reason = clean(self.text), clean(self.reason)
        if max(len(text), len(reason)) > MOST_FACT:
            return Refusal("desk.long_fact", {"most": MOST_FACT})
        if self.verdict != "corrected":
            said = reason if self.verdict == "rejected" else ""
            return (FindingSettled(self.number, self.verdict, self.language, "", said),)
        if not text:
            return Refusal("desk.correction_missing")
        if folded(text) == folded(one.text):
            return Refusal("desk.same_text")
        return (FindingSettled(self.number, "corrected", self.language, text),)


@dataclass(frozen=True, slots=True)
class ReopenFinding(Step):
    """Take back what was said of a finding, to say something else."""

    action: ClassVar[Action] = "settle_finding"
    number: int

    def place(self, course: Course) -> Place:
        return _place(course, self.number)

    def decide(self, course: Course, actor: Actor, now: datetime) -> Decision:
        one = course.findings.made.get(self.number)
        if one is None:
            return Refusal("desk.unknown")
        if one.state in ("proposed", "withdrawn"):
            return Refusal(f"desk.is_{one.state}", {"number": one.number})
        return (FindingReopened(self.number),)


@dataclass(frozen=True, slots=True)
class PassOn(Step):
    """The coordinator has another entity asked."""

    action: ClassVar[Action] = "settle_finding"
    number: int
    entity_id: int
    entities: frozenset[int]

    def decide(self, course: Course, actor: Actor, now: datetime) -> Decision:
        one = _waiting(course, self.number)
        if isinstance(one, Refusal):
            return one
        wanted = course.participants.kept(self.entity_id)
        if not {wanted, self.entity_id} & self.entities:
            return Refusal("desk.unknown_entity")
        if asked(course, one) == wanted:
            return Refusal("desk.same_entity")
        return (FindingPassedOn(self.number, wanted),)

    def place(self, course: Course) -> Place:
        return Place(course.country)  # the coordinator's alone: an entity does not send others what it was asked


@dataclass(frozen=True, slots=True)
class WithdrawFinding(Step):
    """Whoever found it takes it back, or the secretariat does."""

    action: ClassVar[Action] = "record_finding"
    number: int

    def decide(self, course: Course, actor: Actor, now: datetime) -> Decision:
        one = course.findings.made.get(self.number)
        if one is None:
            return Refusal("desk.unknown")
        if actor.role != "secretariat" and actor.person_id != one.by:
            return Refusal("desk.of_another", {"number": one.number})
        if one.state == "withdrawn":
            return Refusal("desk.is_withdrawn", {"number": one.number})
        return (FindingWithdrawn(self.number),)


# ---- what follows -------------------------------------------------------------------------------------------------
def asked(course: Course, one: Found) -> int | None:
    """The entity that is asked now; None: the coordinator."""
    return course.participants.kept(one.entity_id) if one.entity_id is not None else None


def for_entity(course: Course, entity_id: int) -> list[Found]:
    """What waits for an entity's word, oldest first."""
    wanted = course.participants.kept(entity_id)
    return [one for one in course.findings.in_state("proposed") if asked(course, one) == wanted]


def for_coordinator(course: Course, present: Iterable[int]) -> list[Found]:
    """What waits for the coordinator: about no entity, or about one for which nobody answers (`present`: the entities
    for which somebody does)."""
    known = {course.participants.kept(entity_id) for entity_id in present}
    return [one for one in course.findings.in_state("proposed") if asked(course, one) not in known]


def _place(course: Course, number: int) -> Place:
    one = course.findings.made.get(number)
    return Place(course.country, asked(course, one) if one is not None else None)


def _waiting(course: Course, number: int) -> Found | Refusal:
    one = course.findings.made.get(number)
    if one is None:
        return Refusal("desk.unknown")
    return one if one.state == "proposed" else Refusal(f"desk.is_{one.state}", {"number": one.number})
