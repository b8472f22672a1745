"""At the door: invitations redeemed, groups, people who blocked the bot and came back, staff who consent."""

from __future__ import annotations

from datetime import datetime

from bot import reception
from bot.messages import Incoming, Prompt
from db.invitations import Invitation, Refused
from db.people import Address, Person
from db.transaction import Transaction
from flows import i18n, knowledge

STAFF = frozenset({"secretariat", "expert", "focal_point", "colleague", "superior"})
"""Who answers no questionnaire of their own, and agrees to the processing of their data right at the door."""
STAFF_CONSENT = "staff-1"  # version of the text `turns.consent`


def language_of(incoming: Incoming, address: Address | None) -> str:
    """The language to speak: the one chosen, else the one the channel reports, else the fallback."""
    if address is not None and address.person is not None:
        return address.person.language
    return _offered(incoming.sender.language) or i18n.FALLBACK


def _offered(language: str) -> str:
    return i18n.base(language) if i18n.base(language) in i18n.languages() else ""


def first_language(incoming: Incoming, invited: str, country: str) -> str:
    """The language of a new person: their app's, else the invitation's, else the country's first."""
    usual = knowledge.country(country).bot_languages if country else ()
    wishes = (incoming.sender.language, invited, *usual)
    return next((found for wish in wishes if (found := _offered(wish))), i18n.FALLBACK)


async def redeem(
    tx: Transaction, incoming: Incoming, code: str, former: Person | None, now: datetime
) -> tuple[Person, Invitation] | Refused:
    """Use an invitation up: the new person; or why it cannot be used. `former`: see `enter`."""
    invitation = await tx.invitations.redeem(code, now)
    if isinstance(invitation, str):
        return invitation
    return await enter(tx, incoming, invitation, former, now), invitation


async def enter(
    tx: Transaction, incoming: Incoming, invitation: Invitation, former: Person | None, now: datetime
) -> Person:
    """A new person, by an invitation used up just now.

    `former` is who wrote from this address so far: their interviews stay, and can be gone back to.
    """
    sender = incoming.sender
    language = first_language(incoming, invitation.language, invitation.country)
    place, role, entity = invitation.country, invitation.role, invitation.entity_id
    person = await tx.people.add(place, role, entity, language, now, invitation.label)
    await tx.people.meet(sender.channel, sender.address, sender.user, sender.language, now)
    await tx.people.bind(sender.channel, sender.address, person.id)
    await tx.invitations.used_by(invitation.id, person.id)
    await tx.follow_ups.touch(place)
    if former is not None:
        await tx.people.also(person.id, former.id)
    details = {"role": person.role, "country": person.country, "entity": invitation.entity_id}
    await tx.audit.record(
        now,
        "redeemed",
        "invitations",
        invitation.id,
        actor_id=person.id,
        channel=sender.channel,
        details=details,
    )
    return person


async def welcome(tx: Transaction, person: Person, *, again: bool) -> Prompt:
    """What somebody hears first. `again`: not their first part."""
    entity = await tx.entities.get(person.entity_id) if person.entity_id is not None else None
    country = knowledge.country(person.country).name(person.language) if person.country else ""
    return reception.welcome(person.language, person.role, country, entity.name if entity else "", again=again)


async def mark(tx: Transaction, address: Address, blocked: bool, now: datetime) -> None:
    """Record that somebody blocked the bot, or came back: what waited for them goes out again."""
    channel = address.channel
    if not await tx.people.mark(channel, address.address, "blocked" if blocked else "reachable", now):
        return
    if blocked:
        await tx.outbox.hold(channel, address.address, "blocked")
    else:
        await tx.outbox.release(channel, address.address)
    if address.person is not None:
        await noticed(tx, address.person)
    person = address.person.id if address.person else None
    what = "blocked" if blocked else "came back"
    await tx.audit.record(now, what, "people", person, actor_id=person, channel=channel)


async def noticed(tx: Transaction, *people: Person) -> None:
    """Somebody can be reached no more, or again: what is followed up in their countries is planned anew."""
    parts = [part for person in people for part in await tx.people.parts(person.id)]
    for place in sorted({place for part in parts for place in (part.country, "")}):
        await tx.follow_ups.touch(place)


async def kept(tx: Transaction, person: Person, language: str) -> reception.Kept:
    """What is kept about `person`."""
    interviews = await tx.interviews.of_person(person.id)
    answers = [answer for one in interviews for answer in await tx.answers.current(one.id)]
    consent = await tx.consents.latest(person.id)
    entity = await tx.entities.get(person.entity_id) if person.entity_id is not None else None
    return reception.Kept(
        role=person.role,
        country=knowledge.country(person.country).name(language) if person.country else "",
        entity=entity.name if entity else "",
        answers=sum(answer.status == "answered" for answer in answers),
        consent=consent.given if consent else None,
        consent_at=consent.at if consent else None,
        consent_version=consent.text_version if consent else "",
    )
