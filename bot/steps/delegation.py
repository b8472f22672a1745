"""Delegation in conversation: a part of the questionnaire given to a colleague, and its way back."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import timedelta

from bot import companions, pressed
from bot.acting import Act
from bot.companions import Filled
from bot.contributed import refused
from bot.interviews import Step
from bot.matters import about, last_said
from bot.messages import Button
from bot.speaking import Speaker, styled
from bot.steps.capability import Capability, Command, Task
from db.interviews import StoredInterview
from db.invitations import Invitation
from db.people import Person
from flows import i18n
from flows.country.ledger import digest
from flows.country.steps.delegation import (
    Delegate,
    Delegation,
    DelegationReturned,
    HandBack,
    Kind,
    Recall,
    TakeOn,
)
from flows.interview.delegable import Delegable, Part, delegable
from flows.interview.events import Completed
from flows.interview.form import Form
from flows.interview.interview import Turn, current_question
from flows.interview.logic import Session
from flows.interview.scope import labels
from flows.interview.seats import Seat, finish_seat, lend, new_seat, take_back, take_seat
from flows.interview.sitting import Sitting
from flows.interview.state import Interview

SHORT = 8  # characters of a path's digest in a button
LABEL = 80  # characters of a question in a line of a list


# ---- giving away --------------------------------------------------------------------------------------------------
async def offer(act: Act, _arguments: Sequence[str] = ()) -> None:
    """What may be given to a colleague now."""
    stored = await _own(act)
    if stored is None:
        await act.say(act.text("delegation.no_questionnaire"))
        return
    if await refused(act):
        await act.say(act.text("rights.not_agreed"))
        return
    if stored.locked_at is not None:
        await act.say(act.text("delegation.handed_in"))
        return
    found = await _delegable(act, stored)
    rows: list[list[Button]] = []
    if found.question is not None:
        key = _key(found.question)
        rows.append([act.button(act.text("delegation.this_question"), "delegate", "question", key)])
    for part in found.sections:
        label = act.text("delegation.section", part.open, label=part.label)
        rows.append([act.button(label, "delegate", "section", _key(part))])
    if found.rest is not None:
        label = act.text("delegation.rest", found.rest.open)
        rows.append([act.button(label, "delegate", "rest", _key(found.rest))])
    if not rows:
        await act.say(act.text("delegation.nothing_left"))
        return
    await act.say(act.text("delegation.which"), buttons=rows)


async def chosen(act: Act, arguments: Sequence[str]) -> None:
    """A part was chosen: who is the colleague?"""
    stored = await _own(act)
    part = _part(await _delegable(act, stored), *arguments[:2]) if stored is not None and len(arguments) >= 2 else None
    if part is None:
        await act.say(act.text("delegation.changed"))
        return
    label = part.label or act.text("delegation.all_left")
    await act.begin("delegate", {"kind": arguments[0], "part": arguments[1], "part_label": label})


async def named(act: Act, filled: Filled) -> bool:
    """The colleague is named: the part is lent, and an invitation is ready to be forwarded."""
    stored = await _own(act)
    found = await _delegable(act, stored) if stored is not None else Delegable(None, (), None)
    kind = filled.given["kind"]
    part = _part(found, kind, filled.given["part"])
    if stored is None or part is None:
        await act.say(act.text("delegation.changed"))
        return True
    language = filled.get("language") or act.language
    until = act.now + timedelta(days=act.services.invitation_days)
    lent, given = await _lend(act, stored, part)
    if not given:  # what is half typed there is refused by the form: it is said why, and nothing is entrusted
        await act.show(*lent.prompts())
        return True
    code, number = await act.tx.invitations.create(
        act.person.country,
        "colleague",
        act.person.entity_id,
        until,
        act.now,
        created_by=act.person.id,
        language=language,
        label=filled.get("colleague"),
        interview_id=stored.id,
    )
    step = Delegate(
        owner_id=stored.person_id,
        interview_id=stored.id,
        invitation_id=number,
        kind_of=_kind(kind),
        scope=part.scope,
        label=filled.get("colleague"),
        changeable=stored.locked_at is None,
    )
    if await act.take(step) is None:
        await act.tx.invitations.revoke(number, act.now)
        await _take_back(act, stored.id, part.scope)
        return True
    label = filled.given["part_label"]
    await act.say(act.text("delegation.given", colleague=filled.get("colleague"), label=label))
    await _forward(act, language, code, label, until.strftime("%d/%m/%Y"))
    await act.show(*lent.prompts())
    return True


async def _lend(act: Act, stored: StoredInterview, part: Part) -> tuple[Step, bool]:
    """The official's turn in which a part goes away, and whether it did."""
    gone = False

    def give(form: Form, interview: Interview, session: Session | None) -> Turn:
        nonlocal gone
        turn, seat = lend(form, interview, part.scope, author=str(act.person.id), now=act.now, session=session)
        gone = seat is not None
        return turn

    lent = await act.services.interviews.change(
        act.tx, stored.id, give, act.now, person=act.person, incoming=act.incoming
    )
    act.steps.append(lent)
    return lent, gone


async def _forward(act: Act, language: str, code: str, label: str, until: str) -> None:
    """The message that the official passes on to the colleague as it is."""
    to = Speaker(Person(0, act.person.country, "colleague", None, language, "", act.now))
    entity = await act.tx.entities.get(act.person.entity_id) if act.person.entity_id is not None else None
    link = act.services.link(code)
    named = entity.name if entity is not None else ""
    await act.show(to.prompt(to.text("delegation.forward", entity=named, label=label, link=link, until=until)))


# ---- the colleague ------------------------------------------------------------------------------------------------
async def joined(act: Act, invitation: Invitation) -> None:
    """A colleague came: a seat is made ready for them."""
    if await act.take(TakeOn(invitation.id, act.person.id)) is None:
        return
    one = (await act.course()).delegations.made[invitation.id]
    stored = await act.tx.interviews.get(one.interview_id)
    if stored is None:
        return
    form = await act.services.interviews.form_held(act.tx, stored)
    seat = new_seat(form, await _scope(act, stored, one), act.language, act.now)
    await act.tx.seats.open(one.interview_id, act.person.id, json.dumps(seat.to_json()), act.now)
    owner = await _owner(act, one)
    if owner is not None:
        label = await _label(act, one, owner.language)
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
        await _end_seat(act, one)
        await _tell_owner(act, one, "delegation.back_incomplete")


async def watch(act: Act, step: Step) -> None:
    """A part comes back by itself when everything in it is answered."""
    if act.person.role != "colleague":
        return
    if any(isinstance(event, Completed) and event.scoped for event in step.turn.events):
        act.steps.append(step)
        for one in (await act.course()).delegations.of_colleague(act.person.id):
            if one.interview_id == step.interview_id:
                await _return(act, one, complete=True)


async def _return(act: Act, one: Delegation, *, complete: bool) -> None:
    if await act.take(HandBack(one.invitation_id, complete)) is None:
        return
    await _end_seat(act, one)
    await act.say(act.text("delegation.thanks"))
    await _tell_owner(act, one, "delegation.back" if complete else "delegation.back_incomplete")


async def _tell_owner(act: Act, one: Delegation, key: str) -> None:
    owner = await _owner(act, one)
    if owner is None:
        return
    label = await _label(act, one, owner.language)
    await act.tell(
        [owner],
        lambda to: to.prompt(
            to.text(key, colleague=one.label, label=label),
            buttons=[[to.button(to.text("delegation.go_on"), "goon")]],
        ),
    )


async def _end_seat(act: Act, one: Delegation) -> None:
    """What the colleague typed half is kept as theirs, and the part is the official's again."""
    interviews = act.services.interviews
    stored = await act.tx.interviews.get(one.interview_id)
    if stored is None:
        return
    scope = await _scope(act, stored, one)
    colleague = await act.tx.people.get(one.person_id) if one.person_id is not None else None
    seat = await act.tx.seats.get(one.interview_id, one.person_id) if one.person_id is not None else None
    if colleague is not None and seat is not None and seat.closed_at is None:

        def end(form: Form, interview: Interview, session: Session | None) -> Turn:
            return finish_seat(form, interview, author=str(colleague.id), now=act.now, session=session)

        act.steps.append(await interviews.change(act.tx, one.interview_id, end, act.now, person=colleague))
        kept = await act.tx.seats.get(one.interview_id, colleague.id)
        scope = Seat.from_json(json.loads(kept.state)).scope if kept is not None else scope
        await act.tx.seats.close(one.interview_id, colleague.id, act.now)
        for address in await act.tx.people.addresses_of(colleague.id):
            if address.interview_id == one.interview_id:
                await act.tx.people.turn_to(address.channel, address.address, None)
    await _take_back(act, one.interview_id, scope)


async def _take_back(act: Act, interview_id: int, scope: tuple[str, ...]) -> None:
    stored = await act.tx.interviews.get(interview_id)
    author = str(stored.person_id) if stored is not None else ""

    def back(form: Form, interview: Interview, session: Session | None) -> Turn:
        returned = take_back(interview, Seat(interview.language, scope))
        return current_question(form, returned, now=act.now, session=session, author=author)

    act.steps.append(await act.services.interviews.change(act.tx, interview_id, back, act.now))


async def _scope(act: Act, stored: StoredInterview, one: Delegation) -> tuple[str, ...]:
    """The part as it is in the interview now: a newer version of the form may have moved what it was lent as."""
    away = Interview.from_json(json.loads(stored.state)).away
    if set(one.scope) <= set(away):
        return one.scope
    known = (await act.course()).delegations.open_of(stored.id)
    others = [other for other in known if other.invitation_id != one.invitation_id]
    return tuple(path for path in away if not any(path in other.scope for other in others))


# ---- the official -------------------------------------------------------------------------------------------------
async def listed(act: Act, _arguments: Sequence[str] = ()) -> None:
    """What is with colleagues, each with the button that takes it back."""
    stored = await _own(act)
    found = (await act.course()).delegations.open_of(stored.id) if stored is not None else []
    if not found:
        await act.say(act.text("delegation.none"))
        return
    lines, rows = [], []
    for number, one in enumerate(found, 1):
        label = await _label(act, one, act.language)
        lines.append(act.text(f"delegation.is_{one.state}", number=number, colleague=one.label, label=label))
        rows.append([act.button(act.text("delegation.recall", number=number), "recall", one.invitation_id)])
    await act.say(act.text("delegation.list", len(found)), *styled("item", *lines), buttons=rows)


async def recall(act: Act, arguments: Sequence[str]) -> None:
    """Take a part back."""
    number = pressed.number(arguments)
    one = (await act.course()).delegations.made.get(number)
    stored = await act.tx.interviews.get(one.interview_id) if one is not None else None
    if one is None or stored is None:
        await act.say(act.text("delegation.unknown"))
        return
    if await act.take(Recall(stored.person_id, number)) is None:
        return
    colleague = await act.tx.people.get(one.person_id) if one.person_id is not None else None
    await act.tx.invitations.revoke(number, act.now)
    await _end_seat(act, one)
    label = await _label(act, one, act.language)
    await act.say(act.text("delegation.recalled", label=label))
    if colleague is not None:
        of_theirs = await _label(act, one, colleague.language)
        await act.tell([colleague], lambda to: to.prompt(to.text("delegation.was_recalled_from_you", label=of_theirs)))
    await act.show(*act.steps[-1].prompts())


async def go_on(act: Act, _arguments: Sequence[str] = ()) -> None:
    """Put the open question of the person's own questionnaire."""
    stored = await _own(act)
    if stored is None or act.incoming is None:
        await act.say(act.text("delegation.no_questionnaire"))
        return
    sender = act.incoming.sender
    await companions.leave(act)
    await act.tx.people.bind(sender.channel, sender.address, act.person.id)
    await act.tx.people.turn_to(sender.channel, sender.address, stored.id)
    step = await act.services.interviews.put_again(act.tx, stored.id, act.now)
    if step is not None:
        act.steps.append(step)
        await act.show(*step.prompts())


async def tasks(act: Act) -> Sequence[Task]:
    """For a colleague, the parts in their hands."""
    if act.person.role != "colleague":
        return ()
    course = await act.course()
    found: list[Task] = []
    for one in course.delegations.of_colleague(act.person.id):
        line = act.text("delegation.task", label=await _label(act, one, act.language))
        since = await last_said(act, one.interview_id, one.at, act.person.created_at)
        matter = await about(act, course, "delegation", one.interview_id, since)
        known = any(task.about is not None and task.about.subject == matter.subject for task in found)
        button = act.button(act.text("delegation.begin"), "part", one.invitation_id)
        found.append(Task(line, button, matter if not known else None))
    return found


# ---- looking things up --------------------------------------------------------------------------------------------
async def _own(act: Act) -> StoredInterview | None:
    """The person's own questionnaire."""
    found = await companions.questionnaire(act, act.person.id)
    stored = await act.tx.interviews.get(found) if found is not None else None
    return stored if stored is not None and stored.person_id == act.person.id else None


async def _owner(act: Act, one: Delegation) -> Person | None:
    stored = await act.tx.interviews.get(one.interview_id)
    return await act.tx.people.get(stored.person_id) if stored is not None else None


async def _mine(act: Act, arguments: Sequence[str]) -> Delegation | None:
    """The part meant by a colleague: the one of a button, else the only one they have."""
    found = (await act.course()).delegations.of_colleague(act.person.id)
    if arguments:
        return next((one for one in found if str(one.invitation_id) == arguments[0]), None)
    return found[0] if len(found) == 1 else None


async def _delegable(act: Act, stored: StoredInterview) -> Delegable:
    form = await act.services.interviews.form_held(act.tx, stored)
    return delegable(form, Interview.from_json(json.loads(stored.state)), now=act.now)


def _key(part: Part) -> str:
    """What a button says of a part: enough to see whether it is still the same."""
    return digest(list(part.scope))[:SHORT]


def _part(found: Delegable, kind: str, key: str) -> Part | None:
    offered: Sequence[Part | None] = {
        "question": (found.question,),
        "section": found.sections,
        "rest": (found.rest,),
    }.get(kind, ())
    return next((part for part in offered if part is not None and _key(part) == key), None)


def _kind(kind: str) -> Kind:
    return "question" if kind == "question" else "section" if kind == "section" else "rest"


async def _label(act: Act, one: Delegation, language: str) -> str:
    """What a part is called, in `language`."""
    if one.kind == "rest":
        return i18n.text("delegation.all_left", language)
    stored = await act.tx.interviews.get(one.interview_id)
    if stored is None:
        return ""
    form = await act.services.interviews.form_held(act.tx, stored)
    interview = take_seat(Interview.from_json(json.loads(stored.state)), Seat(language, one.scope))
    turn = current_question(form, interview, now=act.now)
    said = " · ".join(labels(Sitting.open(form, interview, turn.session, act.now), one.scope))
    return said if len(said) <= LABEL else f"{said[: LABEL - 1]}…"


CAPABILITY = Capability(
    commands={
        "delegate": Command(offer, "delegate"),
        "delegations": Command(listed, "recall"),
        "handback": Command(hand_back, "hand_back"),
    },
    presses={
        "delegate": chosen,
        "delegations": listed,
        "recall": recall,
        "part": go,
        "handback": hand_back,
        "goon": go_on,
    },
    forms={"delegate": named},
    tasks=tasks,
    joined={"colleague": joined},
    watch=watch,
    left=left,
)
