"""Invitations issued in conversation: the row, the letter to pass on, and what can be done with it afterwards."""

from __future__ import annotations

from datetime import timedelta

from bot.acting import Act
from bot.forwarding import Letter, forward
from bot.participating import called
from db.entities import Entity
from db.invitations import Invitation
from db.people import Person, Role
from flows.country.dates import written


async def create(
    act: Act, place: str, role: Role, entity_id: int | None, language: str, label: str, replaces: int | None = None
) -> tuple[int, str]:
    """The row of a new invitation: its number and its code."""
    code, number = await act.tx.invitations.create(
        place,
        role,
        entity_id,
        act.now + timedelta(days=act.services.invitation_days),
        act.now,
        created_by=act.person.id or None,
        language=language,
        label=label,
        replaces=replaces,
    )
    return number, code


async def show(act: Act, number: int, code: str) -> None:
    """The invitation as it is passed on, below what can be done with it."""
    made = await act.tx.invitations.get(number)
    if made is None:
        return
    until = written(made.expires_at.date(), act.language)
    rows = [[act.button(act.text("participants.revoke"), "revoke", number)]]
    if made.entity_id is not None and made.role == "official" and act.may("name_entity", made.country):
        rows.insert(0, [act.button(act.text("participants.to_entity"), "ent", made.entity_id)])
    named = await called(act.tx, invited(made), act.language)
    await act.say(act.text("participants.invitation_made", invited=named, until=until), buttons=rows)
    await forward(act, await letter(act, made), code)


async def letter(act: Act, made: Invitation) -> Letter:
    """What an invitation by this person says."""
    entity = await act.tx.entities.get(made.entity_id) if made.entity_id is not None else None
    mine: Entity | None = None
    if act.person.role == "coordinator" and act.person.entity_id is not None:
        mine = await act.tx.entities.get(act.person.entity_id)
    return Letter(
        made.country,
        made.role,
        entity.name if entity is not None else "",
        made.language,
        act.person.role,
        mine.name if mine is not None else "",
        made.expires_at,
        made.replaces is not None,
    )


def invited(made: Invitation) -> Person:
    """Whoever an invitation is for, before they are anybody."""
    return Person(0, made.country, made.role, made.entity_id, made.language, made.label, made.created_at)
