"""The questionnaire begun: from its first question, with what is known already; or where a predecessor left it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from bot.acting import Act
from bot.interviews import Step
from bot.messages import Line
from bot.participating import part_of
from db.interviews import StoredInterview
from flows.country.steps.participants import ANSWERING, ContributionHandedOver
from flows.interview import interview as core
from flows.interview.interview import Turn, current_question
from flows.interview.reopening import reopen
from flows.interview.state import Interview

if TYPE_CHECKING:
    from flows.country.steps.course import Course
    from flows.interview.form import Form
    from flows.interview.logic import Session

OWN = frozenset({"P3", "P5", "P7"})
"""Questions (bind attribute `id`) about the person who answers: contact details, mandate, what of it is published."""
PRIVACY = "text_version"  # bind attribute of the note that says how personal data are processed


async def start(act: Act) -> Step:
    """The questionnaire of the person, from its beginning. Said, and returned to be remembered."""
    person = act.person
    if act.incoming is None:
        raise ValueError("a questionnaire is begun where somebody writes")
    entity = await act.tx.entities.get(person.entity_id) if person.entity_id is not None else None
    given = known(await act.course()) if person.role == "coordinator" else {}
    step = await act.services.interviews.start(act.tx, person, entity, act.incoming, act.now, given=given)
    await act.show(*step.prompts())
    act.steps.append(step)
    return step


def known(course: Course) -> Mapping[str, str]:
    """What the expression of interest said already, by the name of the coordinator's question."""
    interest = course.interest
    if interest.answer != "yes":
        return {}
    said = {"e1_status": "yes", "e2_institution": interest.authority, "e2_function": interest.endorser}
    return {name: value for name, value in said.items() if value}


# ---- successors ---------------------------------------------------------------------------------------------------
async def left_to(act: Act) -> list[StoredInterview]:
    """The questionnaires that the person is to take over from their predecessor (or from that one's, where it was never
    taken over), oldest first."""
    members = (await act.course()).participants.members
    member = members.get(act.person.id)
    forms = act.services.interviews.forms
    found: list[StoredInterview] = []
    while member is not None and member.replaces is not None:
        found += [one for one in await act.tx.interviews.of_person(member.replaces) if one.form_id in forms]
        member = members.get(member.replaces)
    return sorted(found, key=lambda one: one.id)


async def agreed(act: Act) -> bool:
    """Somebody who answers for an entity agreed at the door: they go on, or begin. False for everybody else."""
    if act.person.role not in ANSWERING:
        return False
    if not await take_over(act):
        await start(act)
    return True


async def take_over(act: Act) -> bool:
    """Go on with what the predecessor left: their answers stay theirs, what concerns the person is asked again. False:
    there is nothing to take over."""
    left = await left_to(act)
    if not left or act.incoming is None:
        return False
    sender = act.incoming.sender
    for stored in left:
        await act.tx.interviews.hand_over(stored.id, act.person.id)
    await act.record(*(ContributionHandedOver(one.id, one.person_id, act.person.id) for one in left))
    await act.tx.people.bind(sender.channel, sender.address, act.person.id)
    await act.tx.people.turn_to(sender.channel, sender.address, left[-1].id)
    locked = left[-1].locked_at is not None

    def put(form: Form, interview: Interview, session: Session | None) -> Turn:
        return _put(act, form, interview, session, locked=locked)

    step = await act.services.interviews.change(act.tx, left[-1].id, put, act.now)
    act.steps.append(step)
    done = sum(section.done for section in step.turn.sections)
    total = sum(section.total for section in step.turn.sections)
    lines: list[str | Line] = [
        act.text("turnover.taken_over", part=await part_of(act.tx, act.person, act.language)),
        act.text("turnover.how_far", done, total=total),
    ]
    await act.say(*lines)
    await act.show(*step.prompts())
    return True


def _put(act: Act, form: Form, interview: Interview, session: Session | None, *, locked: bool) -> Turn:
    """The first question for a successor. What the predecessor had half ticked is finished first."""
    fresh = replace(interview, language=core.spoken(form, act.language), paused=False, refused_message="")
    if not interview.parts and interview.ticks is None:
        fresh = replace(fresh, put="", at="", offers=())
    if locked:
        return current_question(form, fresh, now=act.now, session=session)
    own = [path for path in interview.records if _is_own(form, path)]
    again = reopen(form, fresh, own, why="successor", now=act.now, session=session)
    return again if again.events else current_question(form, fresh, now=act.now, session=again.session)


def _is_own(form: Form, path: str) -> bool:
    node = form.nodes.get(path)
    return node is not None and node.attributes.get("id") in OWN
