"""The end of somebody's part: what they had in hand is put down, and from this moment they have no access any more."""

from __future__ import annotations

import json

from bot import parts, reception
from bot.acting import Act
from bot.messages import Prompt
from bot.participating import part_of
from bot.speaking import Speaker
from bot.steps import registry
from db.people import Person
from flows.country.steps.participants import Why
from flows.interview.form import Form
from flows.interview.interview import Turn
from flows.interview.logic import Session
from flows.interview.seats import finish_seat
from flows.interview.state import Interview


async def part(act: Act, person: Person, why: Why) -> None:
    """End the part of `person`: the ledger has it already. They are told, courteously; where they have another part at
    the same address, they go on in that."""
    other = await _other(act, person)
    await _put_down(act, person)
    for left in registry().left:
        await left(act, person)
    going_on = await part_of(act.tx, other, person.language) if other is not None else ""
    ended = await part_of(act.tx, person, person.language)

    def told(to: Speaker) -> Prompt:
        lines = [to.text(f"turnover.ended_{why}", part=ended)]
        if going_on:
            lines.append(to.text("turnover.goes_on", part=going_on))
        return to.prompt(*lines, reception.contact(to.language, act.services.contact))

    await act.tell([person], told)
    addresses = await act.tx.people.addresses_of(person.id)
    await act.tx.people.end(person.id, act.now)
    for address in addresses:
        if other is not None:
            await parts.go_to(act.tx, address.channel, address.address, other)
    details = {"why": why, "role": person.role, "country": person.country}
    channel = act.trace.channel
    await act.tx.audit.record(
        act.now, "ended", "people", person.id, actor_id=act.actor.person_id, channel=channel, details=details
    )


async def _other(act: Act, person: Person) -> Person | None:
    """The newest other part of the same person."""
    found = [one for one in await act.tx.people.parts(person.id) if one.ended_at is None and one.id != person.id]
    return found[-1] if found else None


async def _put_down(act: Act, person: Person) -> None:
    """Small forms begun are left; what was half typed in the questionnaire is kept as theirs."""
    interviews = act.services.interviews
    for stored in await act.tx.interviews.of_person(person.id):
        if interviews.is_companion(stored.form_id):
            if stored.status in ("active", "paused"):
                await act.tx.interviews.save(stored, stored.state, act.now, status="withdrawn")
        elif stored.form_id in interviews.forms and Interview.from_json(json.loads(stored.state)).parts:

            def finish(form: Form, interview: Interview, session: Session | None) -> Turn:
                return finish_seat(form, interview, author=str(person.id), now=act.now, session=session)

            step = await interviews.change(act.tx, stored.id, finish, act.now, person=person, incoming=act.incoming)
            act.steps.append(step)
