"""The several parts that one person may take from one address: for two entities, or as coordinator and official."""

from __future__ import annotations

import re

from bot import reception
from bot.messages import Incoming, Prompt
from db.invitations import CODE_LENGTH
from db.people import Person
from db.transaction import Transaction
from flows import knowledge
from flows.i18n import text
from flows.questionnaires.companions import companion_name

_CODE = re.compile(rf"(?<!\w)[A-Za-z0-9]{{{CODE_LENGTH}}}(?!\w)")
_MOST = 20  # buttons


def code_in(said: str) -> str:
    """The first thing in a text that looks like an invitation's code: typed alone, pasted within its link, followed by
    a full stop. "" where there is none."""
    found = _CODE.search(said)
    return found[0] if found else ""


async def is_invitation(tx: Transaction, code: str) -> bool:
    """Whether there is an invitation with this code, used or not."""
    return bool(code) and await tx.invitations.find(code) is not None


async def redeemed_by(tx: Transaction, code: str, person: Person | None) -> Person | None:
    """The part that `person` took with this very code: a second press on one's own link."""
    if person is None:
        return None
    invitation = await tx.invitations.find(code)
    if invitation is None or invitation.used_by is None:
        return None
    return next((part for part in await _live(tx, person) if part.id == invitation.used_by), None)


async def pressed(tx: Transaction, action: str, person: Person) -> Person | None:
    """The part that a button of `offer` names, if it is one of the person's own."""
    number = action.removeprefix(reception.PART)
    return next((part for part in await _live(tx, person) if str(part.id) == number), None)


async def _live(tx: Transaction, person: Person) -> list[Person]:
    """The parts that a person takes now, oldest first."""
    return [part for part in await tx.people.parts(person.id) if part.ended_at is None]


async def take_up(tx: Transaction, incoming: Incoming, part: Person) -> None:
    """Messages from this address go to the part's own questionnaire from now on."""
    sender = incoming.sender
    await go_to(tx, sender.channel, sender.address, part)


async def go_to(tx: Transaction, channel: str, address: str, part: Person) -> None:
    """Messages from an address go to a part's questionnaire: their own, or the one in which they have a seat."""
    own = [one.id for one in await tx.interviews.of_person(part.id) if not companion_name(one.form_id)]
    shared = [one.interview_id for one in await tx.seats.of_person(part.id) if one.closed_at is None]
    await tx.people.bind(channel, address, part.id)
    found = own or shared
    await tx.people.turn_to(channel, address, found[-1] if found else None)


async def offer(tx: Transaction, person: Person) -> Prompt | None:
    """Which of several parts to go on with; None for a person who takes one only."""
    parts = await _live(tx, person)
    if len(parts) < 2:
        return None
    named = [(f"{reception.PART}{part.id}", await _name(tx, part, person.language)) for part in parts[-_MOST:]]
    return reception.choose_part(person.language, await _name(tx, person, person.language), named)


async def _name(tx: Transaction, part: Person, language: str) -> str:
    entity = await tx.entities.get(part.entity_id) if part.entity_id is not None else None
    role = text(f"turns.role_{part.role}", language)
    if entity is not None:
        return f"{entity.name} · {role}" if part.role != "official" else entity.name
    return f"{knowledge.country(part.country).name(language)} · {role}" if part.country else role
