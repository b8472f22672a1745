"""How people join: an invitation used by whom it is for, left usable where somebody else pressed it by mistake."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot import arrivals, beginning, consenting, reception
from bot.acting import Act, Services, refused
from bot.envelopes import envelope
from bot.interviews import Step
from bot.messages import Incoming, Prompt
from bot.participating import adopted, called
from bot.pressed import number
from bot.speaking import Speaker
from bot.steps import registry
from db.invitations import Invitation
from db.people import Person
from db.transaction import Transaction
from flows.country.steps.identifying import cannot_join
from flows.country.steps.participants import PersonJoined
from flows.i18n import text
from flows.knowledge import country

_SHARED = ("colleague", "superior")  # may be asked more than once for one entity


async def arrive(
    services: Services, tx: Transaction, incoming: Incoming, code: str, person: Person | None, now: datetime
) -> Sequence[Step]:
    """Somebody came with a code; `person` is who wrote from there so far. Says what follows."""
    language = person.language if person is not None else arrivals.language_of(incoming, None)
    invitation = await tx.invitations.find(code)
    if invitation is not None:
        await tx.hold(f"ledger {invitation.country}")
        kept = await _kept(services, tx, incoming, invitation, person, now)
        if kept is not None:
            await _say(tx, incoming, [kept], now)
            return ()
    redeemed = await arrivals.redeem(tx, incoming, code, person, now)
    if isinstance(redeemed, str):
        await _say(tx, incoming, [reception.invitation_refused(language, redeemed, services.contact)], now)
        return ()
    return await begin(Act(services, tx, redeemed[0], now, incoming), redeemed[1], again=person is not None)


async def take_oneself(act: Act, arguments: Sequence[str]) -> None:
    """Whoever made an invitation uses it themselves."""
    invitation = await act.tx.invitations.get(number(arguments))
    if invitation is None or act.incoming is None or invitation.created_by != act.person.id:
        await act.say(act.text("participants.invitation_unknown"))
        return
    if invitation.role in _SHARED:
        await act.say(act.text("participants.takes_already"))
        return
    await act.tx.hold(f"ledger {invitation.country}")
    refusal = cannot_join(await adopted(act, invitation.country), invitation.role)
    if refusal is not None:
        await act.refuse(refusal)
        return
    if _takes(await _own(act.tx, act.person), invitation):
        await act.say(act.text("participants.takes_already"))
        return
    if not await act.tx.invitations.take(invitation.id, act.now):
        await act.say(act.text("participants.invitation_over"))
        return
    newcomer = await arrivals.enter(act.tx, act.incoming, invitation, act.person, act.now)
    other = Act(act.services, act.tx, newcomer, act.now, act.incoming)
    act.steps += await begin(other, invitation, again=True)


async def begin(act: Act, invitation: Invitation, *, again: bool) -> Sequence[Step]:
    """Somebody joined: noted, told to those concerned, welcomed, and asked the first question."""
    person = act.person
    await act.record(PersonJoined(person.id, person.role, person.entity_id, invitation.id, invitation.replaces))
    await _tell(act)
    joined = registry().joined.get(person.role)
    if joined is not None:
        await joined(act, invitation)
    await act.show(await arrivals.welcome(act.tx, person, again=again))
    if person.role in arrivals.STAFF:
        await act.show(reception.consent(person.language))
    else:
        await first_question(act)
    return act.steps


async def first_question(act: Act) -> None:
    """The questionnaire from its beginning; where somebody else's is to be taken over, whether they agree to that."""
    if await beginning.left_to(act):
        await act.say(act.text("turnover.introduced"))
        await act.show(await consenting.asked(act))
    else:
        await beginning.start(act)


async def _kept(
    services: Services,
    tx: Transaction,
    incoming: Incoming,
    invitation: Invitation,
    person: Person | None,
    now: datetime,
) -> Prompt | None:
    """What to say instead of using an invitation up: to whoever made it, to somebody who takes part in the same
    capacity, for a second coordinator. None: it is used."""
    if invitation.used_at is not None or invitation.revoked_at is not None or invitation.expires_at <= now:
        return None
    language = person.language if person is not None else arrivals.language_of(incoming, None)
    if person is not None:
        own = await _own(tx, person)
        maker = next((part for part in own if part.id == invitation.created_by), None)
        if maker is not None:
            return await _made_by(tx, maker, invitation)
        if _takes(own, invitation):
            return reception.say(language, text("participants.takes_already", language))
    someone = Person(0, invitation.country, "official", None, language, "", now)
    course = await adopted(Act(services, tx, person or someone, now, incoming), invitation.country)
    refusal = cannot_join(course, invitation.role)
    return reception.say(language, refused(Speaker(someone), refusal)) if refusal is not None else None


async def _made_by(tx: Transaction, maker: Person, invitation: Invitation) -> Prompt:
    """To whoever made an invitation: what it is; for themselves it takes one more tap."""
    me = Speaker(maker)
    invited = Person(
        0, invitation.country, invitation.role, invitation.entity_id, me.language, invitation.label, maker.created_at
    )
    line = me.text("participants.own_invitation", invited=await called(tx, invited, me.language))
    if invitation.role in _SHARED or _takes(await _own(tx, maker), invitation):
        return me.prompt(line)
    return me.prompt(line, buttons=[[me.button(me.text("participants.use_oneself"), "join_oneself", invitation.id)]])


def _takes(parts: Sequence[Person], invitation: Invitation) -> bool:
    """Whether somebody with these parts has the very one that the invitation is for."""
    meant = (invitation.country, invitation.role, invitation.entity_id)
    return invitation.role not in _SHARED and any((one.country, one.role, one.entity_id) == meant for one in parts)


async def _own(tx: Transaction, person: Person) -> list[Person]:
    return [part for part in await tx.people.parts(person.id) if part.ended_at is None]


async def _tell(act: Act) -> None:
    """The coordinator hears of officials, secretariat and focal point of a new coordinator, the secretariat of the
    rest."""
    person = act.person
    if person.role in _SHARED or not person.country:
        return
    if person.role == "official":
        told = await act.people("coordinator")
    elif person.role == "coordinator":
        told = await act.people("secretariat", "focal_point")
    else:
        told = await act.people("secretariat")
    names = {one.language: await called(act.tx, person, one.language) for one in told}
    key = "turnover.told_joined" if await beginning.left_to(act) else f"participants.told_{person.role}"
    own = {one.id for one in await act.tx.people.parts(person.id)}

    def make(to: Speaker) -> Prompt:
        place = country(person.country).name(to.language)
        return to.prompt(to.text(key, country=place, person=names[to.language]))

    await act.tell([one for one in told if one.id not in own], make)


async def _say(tx: Transaction, incoming: Incoming, said: Sequence[Prompt], now: datetime) -> None:
    sender = incoming.sender
    await tx.outbox.put([envelope(sender.channel, sender.address, prompt) for prompt in said], now)
