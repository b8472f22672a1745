"""Invitations that nobody opened, and people whom no message reaches any more: told to whoever can do something."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.acting import Act
from bot.messages import Button
from bot.participating import called
from bot.steps.capability import Capability, Task
from db.invitations import Invitation
from db.people import Person
from flows.country.follow_ups.schedule import Matter
from flows.country.steps.course import Course
from flows.country.steps.delegation import OPEN

INVITE = ("coordinator", "focal_point", "secretariat")
ENTRUST = ("official", "coordinator")
REPLACED = {
    "coordinator": ("official",),
    "focal_point": ("coordinator",),
    "secretariat": ("coordinator", "focal_point", "expert"),
}
"""Whose place each can have taken by somebody else."""
CODE = 3  # letters of a country's code


async def tasks(act: Act) -> Sequence[Task]:
    """At most one task about invitations, and one for each person out of reach."""
    return [*await _unopened(act), *await _unreached(act)]


# ---- invitations --------------------------------------------------------------------------------------------------
async def _unopened(act: Act) -> list[Task]:
    """One for all invitations that the person made and that are not opened, as far as they still serve."""
    if act.person.role not in {*INVITE, *ENTRUST}:
        return []
    made = [one for one in await act.tx.invitations.unopened(act.person.id) if await _serves(act, one)]
    if not made:
        return []
    valid = [one for one in made if one.expires_at > act.now]
    expired = len(made) - len(valid)
    said = [act.text("silence.unopened", len(valid))] if valid else []
    said += [act.text("silence.expired", expired)] if expired else []
    since = min(one.created_at for one in made)
    return [Task(" ".join(said), _reopened(act, (valid or made)[0]), Matter("invitation", "open", since))]


async def _serves(act: Act, made: Invitation) -> bool:
    """Whether it would still change something if it were opened."""
    if len(made.country) != CODE:
        return True
    course = await act.course(made.country)
    if made.role == "colleague":
        one = course.delegations.made.get(made.id)
        return one is not None and one.state in OPEN
    if made.role == "superior":
        handed = course.contributions.get(made.interview_id) if made.interview_id is not None else None
        return handed is not None and handed.state == "in_clearance" and handed.clearance.invitation_id == made.id
    if made.role == "official" and made.entity_id is not None:
        there = course.participants.state_of(course.participants.kept(made.entity_id), act.now)
        return made.expires_at > act.now or there not in ("joined", "invited")
    return made.expires_at > act.now or not course.participants.present(made.role)


def _reopened(act: Act, made: Invitation) -> Button:
    """What can be done about it."""
    if made.role == "superior" and made.interview_id is not None:
        return act.button(act.text("clearance.new_link"), "superior", made.interview_id)
    if made.role == "colleague":
        return act.button(act.text("silence.button_delegations"), "delegations")
    if made.expires_at > act.now and len(made.country) == CODE:
        return act.button(act.text("silence.button_invitations"), "invs", made.country)
    return act.button(act.text("silence.button_renew"), "renew", made.id)


# ---- people -------------------------------------------------------------------------------------------------------
async def _unreached(act: Act) -> list[Task]:
    if act.person.role not in {*REPLACED, *ENTRUST}:
        return []
    if act.person.role == "official" and not _entrusts(await act.course()):
        return []
    found: dict[int, Task] = {}
    for address in await act.tx.people.unreached():
        if address.person is None or act.person.country not in ("", address.person.country):
            continue
        for person in await act.tx.people.parts(address.person.id):
            if person.id in found or person.ended_at is not None or person.id == act.person.id:
                continue
            button = await _instead(act, person)
            since = await _out_of_reach(act, person) if button is not None else None
            if button is not None and since is not None:
                line = act.text("silence.unreachable", who=await called(act.tx, person, act.language))
                found[person.id] = Task(line, button, Matter("unreachable", str(person.id), since))
    return list(found.values())


def _entrusts(course: Course) -> bool:
    """Whether any questionnaire of the country is with colleagues or superiors who came."""
    taken = any(one.state == "taken" for one in course.delegations.made.values())
    return taken or any(one.clearance.superior_id for one in course.contributions.in_state("in_clearance"))


async def _instead(act: Act, person: Person) -> Button | None:
    """What the person can do about somebody who is out of reach; None: it is not theirs to do."""
    of_theirs = act.person.role == "secretariat" or person.country == act.person.country
    if of_theirs and person.role in REPLACED.get(act.person.role, ()):
        if person.role == "expert":
            place = (person.country,) if person.country else ("-",)
            return act.button(act.text("silence.button_status"), "status", *place)
        return act.button(act.text("silence.button_replace"), "replace_one", person.id)
    if person.country != act.person.country or act.person.role not in ENTRUST:
        return None
    return await _of_questionnaire(act, await act.course(), person)


async def _of_questionnaire(act: Act, course: Course, person: Person) -> Button | None:
    """For somebody who has a part of the person's own questionnaire, or is to clear it."""
    if person.role not in ("colleague", "superior"):
        return None
    own = {one.id for one in await act.tx.interviews.of_person(act.person.id)}
    for one in course.delegations.of_colleague(person.id):
        if one.interview_id in own:
            return act.button(act.text("silence.button_recall"), "recall", one.invitation_id)
    for handed in course.contributions.of_superior(person.id):
        if handed.interview_id in own and handed.state == "in_clearance":
            return act.button(act.text("clearance.new_link"), "superior", handed.interview_id)
    return None


async def _out_of_reach(act: Act, person: Person) -> datetime | None:
    """Since when no address of somebody can be reached; None: one can."""
    known = await act.tx.people.reach(person.id)
    if not known or any(one.status == "reachable" for one in known):
        return None
    return max(one.since for one in known)


CAPABILITY = Capability(tasks=tasks)
