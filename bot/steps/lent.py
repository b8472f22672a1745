"""A part of the questionnaire in a colleague's hands: begun, answered, handed back."""

from __future__ import annotations

import json
from collections.abc import Sequence

from bot.acting import Act
from bot.interviews import Step
from bot.lending import end_seat, label_of, owner_of, scope_of
from bot.matters import about, last_said
from bot.steps.capability import Capability, Command, Task
from db.invitations import Invitation
from db.people import Person
from flows.country.steps.delegation import Delegation, DelegationReturned, HandBack, TakeOn
from flows.interview.events import Completed
from flows.interview.seats import new_seat


async def joined(act: Act, invitation: Invitation) -> None:
    """A colleague came: a seat is made ready for them."""
    if await act.take(TakeOn(invitation.id, act.person.id)) is None:
        return
    one = (await act.course()).delegations.made[invitation.id]
    stored = await act.tx.interviews.get(one.interview_id)
    if stored is None:
        return
    form = await act.services.interviews.form_held(act.tx, stored)
    seat = new_seat(form, await scope_of(act, stored, one), act.language, act.now)
    await act.tx.seats.open(one.interview_id, act.person.id, json.dumps(seat.to_json()), act.now)
    owner = await owner_of(act, one)
    if owner is not None:
        label = await label_of(act, one, owner.language)
        await act.tell([owner], lambda to: to.prompt(to.text("delegation.taken", colleague=one.label, label=label)))


async def go(act: Act, arguments: Sequence[str]) -> None:
    """The colleague begins, or goes on."""
    one = await _mine(act, arguments)
    if one is None or act.incoming is None:
        await act.say(act.text("turns.not_theirs"))
        return
    sender = act.incoming.sender
    await act.tx.people.bind(sender.channel, sender.address, act.person.id)
    await act.tx.people.turn_to(sender.channel, sender.address, one.interview_id)
    step = await act.services.interviews.put_again(act.tx, one.interview_id, act.now, act.person)
    if step is not None:
        act.steps.append(step)
        await act.show(*step.prompts())


async def hand_back(act: Act, arguments: Sequence[str] = ()) -> None:
    """The colleague gives the part back before it is complete."""
    one = await _mine(act, arguments)
    if one is None:
        await act.say(act.text("turns.not_theirs"))
        return
    await _return(act, one, complete=False)


async def left(act: Act, person: Person) -> None:
    """A colleague's part ends: what is with them goes back as it is."""
    for one in (await act.course(person.country)).delegations.of_colleague(person.id):
        await act.record(DelegationReturned(one.invitation_id, complete=False), country=person.country)
        await end_seat(act, one)
        await _tellowner_of(act, one, "delegation.back_incomplete")


async def watch(act: Act, step: Step) -> None:
    """A part comes back by itself when everything in it is answered."""
    if act.person.role != "colleague":
        return
    if any(isinstance(event, Completed) and event.scoped for event in step.turn.events):
        act.steps.append(step)
        for one in (await act.course()).delegations.of_colleague(act.person.id):
            if one.interview_id == step.interview_id:
                await _return(act, one, complete=True)


async def tasks(act: Act) -> Sequence[Task]:
    """For a colleague, the parts in their hands."""
    if act.person.role != "colleague":
        return ()
    course = await act.course()
    found: list[Task] = []
    for one in course.delegations.of_colleague(act.person.id):
        line = act.text("delegation.task", label=await label_of(act, one, act.language))
        since = await last_said(act, one.interview_id, one.at, act.person.created_at)
        matter = await about(act, course, "delegation", one.interview_id, since)
        known = any(task.about is not None and task.about.subject == matter.subject for task in found)
        button = act.button(act.text("delegation.begin"), "part", one.invitation_id)
        found.append(Task(line, button, matter if not known else None))
    return found


async def _return(act: Act, one: Delegation, *, complete: bool) -> None:
    if await act.take(HandBack(one.invitation_id, complete)) is None:
        return
    await end_seat(act, one)
    await act.say(act.text("delegation.thanks"))
    await _tellowner_of(act, one, "delegation.back" if complete else "delegation.back_incomplete")


async def _tellowner_of(act: Act, one: Delegation, key: str) -> None:
    owner = await owner_of(act, one)
    if owner is None:
        return
    label = await label_of(act, one, owner.language)
    await act.tell(
        [owner],
        lambda to: to.prompt(
            to.text(key, colleague=one.label, label=label),
            buttons=[[to.button(to.text("delegation.go_on"), "goon")]],
        ),
    )


async def _mine(act: Act, arguments: Sequence[str]) -> Delegation | None:
    """The part meant by a colleague: the one of a button, else the only one they have."""
    found = (await act.course()).delegations.of_colleague(act.person.id)
    if arguments:
        return next((one for one in found if str(one.invitation_id) == arguments[0]), None)
    return found[0] if len(found) == 1 else None


CAPABILITY = Capability(
    commands={"handback": Command(hand_back, "hand_back")},
    presses={"part": go, "handback": hand_back},
    tasks=tasks,
    joined={"colleague": joined},
    watch=watch,
    left=left,
)
