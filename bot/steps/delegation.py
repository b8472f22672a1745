"""Delegation in conversation: a part of the questionnaire given to a colleague, and taken back."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import timedelta

from bot import companions, pressed
from bot.acting import Act
from bot.companions import Filled
from bot.contributed import refused
from bot.interviews import Step
from bot.lending import end_seat, label_of, own_of, take_back_part
from bot.messages import Button
from bot.speaking import Speaker, styled
from bot.steps.capability import Capability, Command
from db.interviews import StoredInterview
from db.people import Person
from flows.country.ledger import digest
from flows.country.steps.delegation import Delegate, Kind, Recall
from flows.interview.delegable import Delegable, Part, delegable
from flows.interview.form import Form
from flows.interview.interview import Turn
from flows.interview.logic import Session
from flows.interview.seats import lend
from flows.interview.state import Interview

SHORT = 8  # characters of a path's digest in a button


async def offer(act: Act, _arguments: Sequence[str] = ()) -> None:
    """What may be given to a colleague now."""
    stored = await own_of(act)
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
    stored = await own_of(act)
    part = _part(await _delegable(act, stored), *arguments[:2]) if stored is not None and len(arguments) >= 2 else None
    if part is None:
        await act.say(act.text("delegation.changed"))
        return
    label = part.label or act.text("delegation.all_left")
    await act.begin("delegate", {"kind": arguments[0], "part": arguments[1], "part_label": label})


async def named(act: Act, filled: Filled) -> bool:
    """The colleague is named: the part is lent, and an invitation is ready to be forwarded."""
    stored = await own_of(act)
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
        await take_back_part(act, stored.id, part.scope)
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


async def listed(act: Act, _arguments: Sequence[str] = ()) -> None:
    """What is with colleagues, each with the button that takes it back."""
    stored = await own_of(act)
    found = (await act.course()).delegations.open_of(stored.id) if stored is not None else []
    if not found:
        await act.say(act.text("delegation.none"))
        return
    lines, rows = [], []
    for number, one in enumerate(found, 1):
        label = await label_of(act, one, act.language)
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
    await end_seat(act, one)
    label = await label_of(act, one, act.language)
    await act.say(act.text("delegation.recalled", label=label))
    if colleague is not None:
        of_theirs = await label_of(act, one, colleague.language)
        await act.tell([colleague], lambda to: to.prompt(to.text("delegation.was_recalled_from_you", label=of_theirs)))
    await act.show(*act.steps[-1].prompts())


async def go_on(act: Act, _arguments: Sequence[str] = ()) -> None:
    """Put the open question of the person's own questionnaire."""
    stored = await own_of(act)
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


CAPABILITY = Capability(
    commands={"delegate": Command(offer, "delegate"), "delegations": Command(listed, "recall")},
    presses={"delegate": chosen, "delegations": listed, "recall": recall, "goon": go_on},
    forms={"delegate": named},
)
