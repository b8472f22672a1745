"""What of a country's course enters its guide beside the contributions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from flows.country.additions import Additions, Finding, Outcome, Waived
from flows.country.steps.course import Course
from flows.country.steps.desk import Found, asked
from flows.country.steps.participants import ANSWERING
from flows.country.steps.workshops import held_on


def additions(course: Course, entities: Mapping[int, str]) -> Additions:
    """Decisions on differences, findings of desk research, outcomes of workshops, and what the country does without;
    `entities`: official names by number."""
    return Additions(
        resolutions=tuple(course.differences.resolutions.values()),
        findings=_findings(course, entities),
        outcomes=_outcomes(course),
        waived=tuple(_waived(course)),
    )


def _waived(course: Course) -> Iterator[Waived]:
    """What was said last of each rule, with one tap or in words."""
    tapped, written = course.participants.waived, course.waivers.rules
    for essential, chosen in sorted(tapped.items()):
        later = written.get(essential)
        if later is None or later.at < chosen.at:
            yield Waived(essential, chosen.reason, chosen.at.date(), chosen.role)
    since = {str(essential): chosen.at for essential, chosen in tapped.items()}
    for rule, said in sorted(written.items()):
        if rule not in since or since[rule] <= said.at:
            yield Waived(rule, "", said.at.date(), said.role, said.reason, said.language)


def invited(course: Course) -> dict[int, str]:
    """Number of each entity that was ever invited to answer → its kind, as far as that is known. One whose invitations
    were all taken back is not among them."""
    participants = course.participants
    asked_for = [one.entity_id for one in participants.members.values() if one.role in ANSWERING]
    asked_for += [one.entity_id for one in participants.offers.values() if one.role in ANSWERING and not one.revoked]
    kept = {participants.kept(number) for number in asked_for if number is not None}
    named = participants.entities
    return {number: named[number].kind if number in named else "" for number in sorted(kept)}


def _findings(course: Course, entities: Mapping[int, str]) -> tuple[Finding, ...]:
    """What is confirmed, in the entity's own words where it corrected it, and what still awaits its word."""
    return tuple(
        Finding(
            number=one.number,
            text=one.said if one.state == "corrected" else one.text,
            citation=one.citation,
            url=one.url,
            read_on=one.read_on,
            field=one.field,
            section=one.section,
            entity=entities.get(_whose(course, one) or 0, ""),
            confidence=one.confidence,
            status="proposed" if one.state == "proposed" else "confirmed",
            language=one.said_in if one.state == "corrected" else one.language,
        )
        for one in course.findings.in_state("proposed", "confirmed", "corrected")
        if (one.said if one.state == "corrected" else one.text)  # nothing where it was erased
    )


def _whose(course: Course, one: Found) -> int | None:
    """The entity whose word it is; that of whoever spoke for the country where none was asked."""
    entity_id = asked(course, one)
    member = course.participants.members.get(one.settled_by) if one.settled_by is not None else None
    if entity_id is None and member is not None and member.entity_id is not None:
        return course.participants.kept(member.entity_id)
    return entity_id


def _outcomes(course: Course) -> tuple[Outcome, ...]:
    """The lists of the workshops that took place; what was decided there stays in their records."""
    found = []
    for one in course.workshops.outcomes.values():
        meeting, line = course.meetings.planned.get(one.workshop), one.line
        if meeting is None or meeting.terms is None or line.kind == "decision" or not line.text:
            continue
        found.append(
            Outcome(
                kind=line.kind,
                text=line.text,
                category=line.category,
                domain=line.domain,
                objectives=line.objectives,
                priority=line.priority,
                language=line.language,
                workshop_date=held_on(meeting),
            )
        )
    return tuple(found)
