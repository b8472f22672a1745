"""Invitations in conversation: made with a small form, passed on as they are, listed, revoked, made anew."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from bot import joining
from bot.acting import Act
from bot.companions import Filled
from bot.inviting import cleaned
from bot.issuing import create, invited, show
from bot.messages import Button, Line
from bot.paging import page_of, turns
from bot.participating import adopted, called, entity_of, found_or_added, possible
from bot.placing import placed
from bot.pressed import entity_at, number, place_of
from bot.proposed import proposed
from bot.speaking import styled
from bot.steps import turnover
from bot.steps.capability import Capability, Command
from db.entities import fold
from db.invitations import Invitation
from flows.country.dates import written
from flows.country.steps.identifying import InviteCoordinator, InviteFocalPoint, InvitePerson, RevokeInvitation
from flows.country.steps.participants import ANSWERING, Offer
from flows.knowledge import Country, country

PER_PAGE = 6
MOST_LABEL = 200  # characters that say who is invited


# ---- a new one ----------------------------------------------------------------------------------------------------
async def ask(act: Act, target: str, place: Country, for_name: str, given: Mapping[str, str]) -> None:
    """Ask who is invited. `target`: official or coordinator; `for_name`: what the invitation is for."""
    known = {"target": target, "place": place.code, "for_name": for_name, "letter_language": place.bot_languages[0]}
    await act.begin("person", {**known, **{name: value for name, value in given.items() if value}})


async def invite(act: Act, arguments: Sequence[str]) -> None:
    """Invite somebody for an entity: `invite <entity> [<whose part they take over>]`."""
    entity = await entity_at(act, arguments)
    if entity is None or not await act.allow("invite", entity.country):
        return
    course = await adopted(act, entity.country)
    replaces = number(arguments, 1) or None
    if await possible(act, InvitePerson(0, course.participants.kept(entity.id), act.now, replaces), entity.country):
        contacts = {fold(one.name): one.contact for one in await proposed(act, course)}
        given = {
            "for_entity": str(entity.id),
            "replaces": str(replaces or ""),
            "person": contacts.get(fold(entity.name), "")[:MOST_LABEL] if replaces is None else "",
        }
        await ask(act, "official", country(entity.country), entity.name, given)


async def filled_in(act: Act, filled: Filled) -> bool:
    """Somebody is named: the invitation is made and shown, or why not."""
    given = filled.given
    place, label = given["place"], cleaned(filled.get("person"))
    language = filled.get("letter_language")
    replaces = int(given["replaces"]) if given.get("replaces") else None
    course = await adopted(act, place)
    until = act.now + timedelta(days=act.services.invitation_days)
    if given.get("replaced"):
        return await turnover.replaced(act, replaces or 0, label, language, cleaned(filled.get("authority")))
    if given["target"] == "coordinator":
        entity = await found_or_added(act, course, cleaned(filled.get("authority")))
        await adopted(act, place)
        if not await possible(act, InviteCoordinator(0, entity.id, until, replaces), place):
            return True
        made, code = await create(act, place, "coordinator", entity.id, language, label, replaces)
        taken = await act.take(InviteCoordinator(made, entity.id, until, replaces), place)
    else:
        found = await entity_of(act.tx, course, int(given["for_entity"]))
        entity_id = found.id if found is not None else 0
        if not await possible(act, InvitePerson(0, entity_id, until, replaces), place):
            return True
        made, code = await create(act, place, "official", entity_id, language, label, replaces)
        taken = await act.take(InvitePerson(made, entity_id, until, replaces), place)
    if taken is not None:
        await show(act, made, code)
    return True


# ---- those under way ----------------------------------------------------------------------------------------------
async def invitations(act: Act, arguments: Sequence[str]) -> None:
    """The invitations of a country that can still be used."""
    place = await placed(act, "invitations", arguments, "invite")
    if place is not None:
        await _list(act, place.code, 1, edit=False)


async def listed(act: Act, arguments: Sequence[str]) -> None:
    """Another page of them."""
    place = await place_of(act, arguments, "invite")
    if place is not None:
        await _list(act, place.code, number(arguments, 1), edit=len(arguments) > 1)


async def _list(act: Act, place: str, page: int, *, edit: bool) -> None:
    offers = _mine(act, (await adopted(act, place)).participants.open_offers(act.now))
    if not offers:
        await act.say(act.text("participants.no_invitations"), key="invitations", edit=edit)
        return
    shown = page_of(offers, page, PER_PAGE)
    lines: list[str] = []
    rows: list[list[Button]] = []
    for count, offer in shown.items:
        made = await act.tx.invitations.get(offer.id)
        if made is None:
            continue
        named = await called(act.tx, invited(made), act.language)
        until = written(offer.until.date(), act.language)
        lines.append(act.text("participants.invitation_line", number=count, invited=named, until=until))
        rows.append(
            [
                act.button(act.text("participants.renew_number", number=count), "renew", offer.id),
                act.button(act.text("participants.revoke_number", number=count), "revoke", offer.id),
            ]
        )
    rows += turns(act, shown, "invs", place)
    title = Line(act.text("participants.invitations", len(offers)), "title")
    await act.say(title, *styled("item", *lines), buttons=rows, key="invitations", edit=edit)


def _mine(act: Act, offers: Sequence[Offer]) -> list[Offer]:
    """Those whose invitations the person follows: a focal point follows the coordinator's only."""
    roles = {"focal_point": ("coordinator",), "secretariat": (*ANSWERING, "focal_point")}.get(
        act.person.role, ANSWERING
    )
    return [one for one in offers if one.role in roles]


async def revoke(act: Act, arguments: Sequence[str]) -> None:
    """Nobody may use the invitation any more."""
    if (made := await _made(act, arguments)) is None:
        return
    if await act.take(RevokeInvitation(made.id), made.country) is None:
        return
    await act.tx.invitations.revoke(made.id, act.now)
    await act.say(act.text("participants.revoked", invited=await called(act.tx, invited(made), act.language)))


async def renew(act: Act, arguments: Sequence[str]) -> None:
    """The same invitation with another code, and its full time; the former one is used by nobody."""
    if (made := await _made(act, arguments)) is None:
        return
    step = _again(made, 0, act.now)
    if step is None:
        await act.say(act.text("participants.not_renewed"))
        return
    if await act.take(RevokeInvitation(made.id), made.country) is None:
        return
    await act.tx.invitations.revoke(made.id, act.now)
    if not await possible(act, step, made.country):
        return
    new, code = await create(act, made.country, made.role, made.entity_id, made.language, made.label, made.replaces)
    step = _again(made, new, act.now + timedelta(days=act.services.invitation_days))
    if step is not None and await act.take(step, made.country) is not None:
        await show(act, new, code)


def _again(made: Invitation, new: int, until: datetime) -> InvitePerson | InviteCoordinator | InviteFocalPoint | None:
    """The step that makes an invitation anew; None for one without an entity, from before entities were named."""
    if made.role == "focal_point":
        return InviteFocalPoint(new, until, made.replaces)
    if made.entity_id is None or made.role not in ("official", "coordinator"):
        return None
    kind = InvitePerson if made.role == "official" else InviteCoordinator
    return kind(new, made.entity_id, until, made.replaces)


async def _made(act: Act, arguments: Sequence[str]) -> Invitation | None:
    """The invitation that a button names, with all of its country adopted."""
    made = await act.tx.invitations.get(number(arguments))
    if made is None:
        await act.say(act.text("participants.invitation_unknown"))
        return None
    if not await act.allow("invite", made.country):
        return None
    await adopted(act, made.country)
    return made


CAPABILITY = Capability(
    commands={"invitations": Command(invitations, "invite")},
    presses={
        "invite": invite,
        "invs": listed,
        "revoke": revoke,
        "renew": renew,
        "join_oneself": joining.take_oneself,
    },
    forms={"person": filled_in},
)
