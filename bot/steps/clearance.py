"""Clearance in conversation: the recap made, the superior invited, asked and heard; or the signed page sent in."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from bot import handing_in, parts, reading, recapping
from bot.acting import Act, document
from bot.companions import Filled
from bot.contributed import Contributed, contributed, none_own, opened, own
from bot.handing_in import RECAP, passed_on, superior_of, tell_superior
from bot.jobs import Desk
from bot.matters import about, newest
from bot.messages import Button, Line, Prompt
from bot.pressed import number
from bot.speaking import Speaker
from bot.steps.capability import Capability, Command, Task
from bot.steps.returning import put_again
from db.invitations import Invitation
from db.people import Person
from flows.country.dates import written
from flows.country.listing import numbers_in
from flows.country.steps.clearance import (
    Approve,
    AskSuperior,
    ClearOnPaper,
    RecapMade,
    Remark,
    SuperiorCame,
)
from flows.country.steps.contributions import Recap
from flows.country.steps.participants import PartEnded
from flows.knowledge import country

QR_NAME = "invitation.png"
NAMED = "p6_name"
"""The question that names the superior."""


# ---- the recap, and who is asked ----------------------------------------------------------------------------------
async def make_recap(desk: Desk) -> None:
    """The job after a handing in: the paper for the hierarchy, to the official and to the superior."""
    read = await recapping.read_for(desk)
    count = int(desk.job.payload["count"])
    if read is None or read[0].state != "in_clearance" or read[0].count != count:
        return  # it changed meanwhile: another handing in brings another paper
    found, language = read
    reference = recapping.reference_of(found, language)
    made = await recapping.papers(desk, found, language, reference)
    async with desk.finish() as act:
        await act.tx.hold(f"ledger {found.stored.country}")
        now = await contributed(act, found.id)
        if now is None or now.state != "in_clearance" or now.count != count:
            return
        files = await recapping.kept(act, made)
        await act.record(RecapMade(found.id, count, reference, files), country=found.stored.country)
        await act.say(
            act.text("clearance.recap_ready", reference=reference),
            documents=[document(file) for file in files],
            buttons=[[act.button(act.text("clearance.on_paper"), "signed", found.id)]],
        )
        await _ask(act, await contributed(act, found.id) or now)


async def _ask(act: Act, found: Contributed) -> None:
    """Put it before the superior who came already; else have them invited."""
    clearance = found.handed.clearance if found.handed is not None else None
    known = clearance.invitation_id if clearance is not None else None
    invitation = await act.tx.invitations.get(known) if known is not None else None
    name = found.said(NAMED)
    if invitation is not None and invitation.label == name and invitation.revoked_at is None:
        superior = await superior_of(act, found)
        if superior is not None:
            await _put_before(act, superior, found)
            await act.say(act.text("clearance.put_before", name=name or act.text("clearance.superior")))
            return
        if invitation.used_at is None and invitation.expires_at > act.now:
            button = act.button(act.text("clearance.new_link"), "superior", found.id)
            await act.say(act.text("clearance.link_holds"), buttons=[[button]])
            return
    await _invite(act, found)


async def _invite(act: Act, found: Contributed) -> None:
    """A new invitation for the superior, ready to be forwarded; whoever was asked before is asked no more."""
    until = act.now + timedelta(days=act.services.invitation_days)
    name = found.said(NAMED)
    code, made = await act.tx.invitations.create(
        *(found.stored.country, "superior", found.stored.entity_id, until, act.now),
        created_by=act.person.id,
        language=act.language,
        label=name,
        interview_id=found.id,
    )
    former = found.handed.clearance.invitation_id if found.handed is not None else None
    superior = await superior_of(act, found)
    if await act.take(AskSuperior(found.stored.person_id, found.id, made), found.stored.country) is None:
        await act.tx.invitations.revoke(made, act.now)
        return
    if former is not None:
        await act.tx.invitations.revoke(former, act.now)
    if superior is not None:
        await tell_superior(act, found, "clearance.another_now")
        await _end(act, superior)
    await act.say(act.text("clearance.forward_this", name=name or act.text("clearance.superior")))
    await _letter(act, found, code, written(until.date(), act.language))


async def _end(act: Act, superior: Person) -> None:
    """The part of a superior who is asked no more is over; where they have another one, they go on in that."""
    await act.record(PartEnded(superior.id, "replaced"), country=superior.country)
    others = [one for one in await act.tx.people.parts(superior.id) if one.ended_at is None and one.id != superior.id]
    addresses = await act.tx.people.addresses_of(superior.id)
    await act.tx.people.end(superior.id, act.now)
    for address in addresses if others else ():
        await parts.go_to(act.tx, address.channel, address.address, others[-1])


async def _letter(act: Act, found: Contributed, code: str, until: str) -> None:
    """The message to forward as it is, and the link as an image to scan."""
    from bot.documents.qr import qr

    link = act.services.link(code)
    reference = recapping.reference_of(found, act.language)
    values = {"entity": found.called(act.language), "reference": reference, "until": until}
    where = act.text("clearance.letter_link", link=link)
    await act.say(act.text("clearance.letter", None, **values), where, act.text("clearance.letter_code", code=code))
    image = await act.keep(QR_NAME, await asyncio.to_thread(qr, link), "image/png")
    await act.say(act.text("clearance.image"), documents=[replace(document(image), picture=True)])


async def invite_anew(act: Act, arguments: Sequence[str]) -> None:
    """The button of the official: another link, for the same superior or for another."""
    found = await opened(act, arguments)
    if found is None:
        return
    if found.owner.id != act.person.id or found.state != "in_clearance":
        await act.say(act.text("clearance.not_asked"))
        return
    await _invite(act, found)


async def take_back(act: Act, arguments: Sequence[str]) -> None:
    """The button of the official: nothing is to be passed on yet."""
    found = await opened(act, arguments)
    if found is not None:
        await handing_in.take_back(act, found)


# ---- the superior -------------------------------------------------------------------------------------------------
async def joined(act: Act, invitation: Invitation) -> None:
    """A superior came with the link."""
    number = invitation.interview_id
    found = await contributed(act, number) if number is not None else None
    if found is None:
        return
    await act.record(SuperiorCame(found.id, invitation.id, act.person.id), country=found.stored.country)
    name = invitation.label
    await act.tell(
        [found.owner],
        lambda to: to.prompt(to.text("clearance.came", name=name or to.text("clearance.superior"))),
    )


async def _put_before(act: Act, superior: Person, found: Contributed) -> None:
    """The exact files, and the buttons that answer."""
    recap = found.handed.clearance.recap if found.handed is not None else None
    if recap is not None:
        await act.tell([superior], lambda to: _shown(to, found, recap))
        await act.tell([superior], lambda to: _asked(to, found, recap))


def _shown(to: Speaker, found: Contributed, recap: Recap) -> Prompt:
    said = to.text("clearance.please", entity=found.called(to.language), reference=recap.reference)
    return to.prompt(said, documents=[document(file) for file in recap.files])


def _asked(to: Speaker, found: Contributed, recap: Recap) -> Prompt:
    buttons: list[list[Button]] = [
        [to.button(to.text("clearance.approve"), "approve", found.id, recap.count)],
        [to.button(to.text("clearance.remark"), "remark", found.id, recap.count)],
        [to.button(to.text("contributions.read"), "answers", found.id)],
    ]
    return to.prompt(to.text("clearance.how", reference=recap.reference), buttons=buttons)


async def look(act: Act, arguments: Sequence[str]) -> None:
    """What the superior is asked to clear."""
    found = await opened(act, arguments)
    if found is None or not await act.allow("clear", found.stored.country, found.stored.entity_id):
        return
    one = found.handed
    if one is None or one.clearance.superior_id != act.person.id:
        await act.say(act.text("clearance.another_asked"))
    elif one.state != "in_clearance":
        await act.say(act.text("clearance.already_cleared" if one.clearance.cleared else "clearance.not_asked"))
    elif one.clearance.recap is None or one.clearance.recap.count != one.count:
        await act.say(act.text("clearance.no_recap"))
    else:
        await act.show(_shown(act.me, found, one.clearance.recap), _asked(act.me, found, one.clearance.recap))


async def approve(act: Act, arguments: Sequence[str]) -> None:
    """The superior agrees to what was shown."""
    await act.tx.hold(f"ledger {act.person.country}")
    found = await opened(act, arguments)
    if found is None:
        return
    await _noticed(act, found)
    step = Approve(found.id, found.stored.entity_id, number(arguments, 1), found.digest)
    if await act.take(step, found.stored.country) is None:
        return
    await act.say(act.text("clearance.approved", entity=found.called(act.language)))
    await passed_on(act, found)


async def _noticed(act: Act, found: Contributed) -> None:
    """A change that no turn has seen (a file that could not be kept) is seen at the latest now."""
    if found.state == "in_clearance":
        await handing_in.notice(act, found)


async def begin_remarks(act: Act, arguments: Sequence[str]) -> None:
    """The superior has remarks."""
    found = await opened(act, arguments)
    if found is None or not await act.allow("clear", found.stored.country, found.stored.entity_id):
        return
    one = found.handed
    if one is None or one.clearance.superior_id != act.person.id:
        await act.say(act.text("clearance.another_asked"))
    elif one.state != "in_clearance" or one.count != number(arguments, 1) or one.clearance.recap is None:
        await act.say(act.text("clearance.already_cleared" if one.clearance.cleared else "clearance.superseded"))
    else:
        given = {"interview": str(found.id), "count": str(one.count), "reference": one.clearance.recap.reference}
        await act.begin("remarks", given)


async def remarked(act: Act, filled: Filled) -> bool:
    """The remarks are written: the official hears of them, and is asked again what they name."""
    await act.tx.hold(f"ledger {act.person.country}")
    found = await contributed(act, filled.number("interview") or 0)
    if found is None:
        await act.say(act.text("contributions.gone"))
        return True
    every = reading.entries(act, found)
    known, unknown = numbers_in(filled.get("numbers"), len(every))
    if unknown:
        values = {"numbers": ", ".join(map(str, unknown)), "most": len(every)}
        await act.say(act.text("contributions.no_such_number", None, **values))
        return False
    await _noticed(act, found)
    paths = tuple(every[one - 1].path for one in known)
    remarks = filled.get("remarks")
    step = Remark(found.id, found.stored.entity_id, filled.number("count") or 0, paths, remarks)
    if await act.take(step, found.stored.country) is None:
        return True
    if paths:
        await put_again(act, found, paths, remarks, told="clearance.told_remarks_named")
    else:
        await act.tell([found.owner], lambda to: _told(to, found, remarks))
    await act.say(act.text("clearance.remarked"))
    return True


def _told(to: Speaker, found: Contributed, remarks: str) -> Prompt:
    buttons = [
        [to.button(to.text("contributions.go_on"), "goon")],
        [to.button(to.text("contributions.hand_in"), "handin", found.id)],
    ]
    return to.prompt(to.text("clearance.told_remarks"), Line(remarks, "quote"), buttons=buttons)


# ---- on paper -----------------------------------------------------------------------------------------------------
async def begin_signed(act: Act, arguments: Sequence[str] = ()) -> None:
    """The official has the signed page."""
    found = await opened(act, arguments) if arguments else await own(act)
    if found is None or found.owner.id != act.person.id:
        if not arguments or found is not None:
            await act.say(act.text("steps.not_yours") if arguments else await none_own(act))
        return
    one = found.handed
    if one is None or one.state != "in_clearance":
        await act.say(act.text("clearance.already_cleared" if one and one.clearance.cleared else "clearance.not_asked"))
    elif one.clearance.recap is None or one.clearance.recap.count != one.count:
        await act.say(act.text("clearance.no_recap"))
    else:
        given = {"interview": str(found.id), "count": str(one.count), "reference": one.clearance.recap.reference}
        await act.begin("signed", given)


async def signed(act: Act, filled: Filled) -> bool:
    """The signed page is in: that clears it, and passes it on."""
    await act.tx.hold(f"ledger {act.person.country}")
    found = await contributed(act, filled.number("interview") or 0)
    if found is None:
        await act.say(act.text("contributions.gone"))
        return True
    await _noticed(act, found)
    zone = ZoneInfo(country(found.stored.country).time_zones[0])
    on = filled.get("signed_on")
    step = ClearOnPaper(
        owner_id=found.stored.person_id,
        interview_id=found.id,
        count=filled.number("count") or 0,
        digest=found.digest,
        file=filled.file("scan"),
        signed_on=date.fromisoformat(on) if on else None,
        signer=filled.get("signer"),
        today=act.now.astimezone(zone).date(),
    )
    if await act.take(step, found.stored.country) is None:
        now = await contributed(act, found.id)
        return now is None or now.state != "in_clearance" or now.count != step.count
    await tell_superior(act, found, "clearance.cleared_on_paper")
    await passed_on(act, found)
    return True


async def tasks(act: Act) -> Sequence[Task]:
    """For a superior, what waits for their approval; for whoever handed it in, that it does."""
    if act.person.role == "superior":
        return await _to_clear(act)
    if act.person.role not in ("official", "coordinator"):
        return ()
    course = await act.course()
    asked = course.contributions.in_state("in_clearance")
    own = {one.id for one in await act.tx.interviews.of_person(act.person.id)} if asked else set()
    found = []
    for one in asked:
        recap = one.clearance.recap
        if one.interview_id in own and recap is not None and recap.count == one.count:
            button = act.button(act.text("contributions.open"), "contribution", one.interview_id)
            line = act.text("clearance.task_awaited", reference=recap.reference)
            if act.may("clear_on_paper", person_id=act.person.id):
                line = act.text("clearance.task_awaited_paper", reference=recap.reference)
                button = act.button(act.text("clearance.on_paper"), "signed", one.interview_id)
            found.append(Task(line, button, await about(act, course, "clearance", one.interview_id, one.since)))
    return found


async def _to_clear(act: Act) -> list[Task]:
    course = await act.course()
    found = []
    for one in course.contributions.of_superior(act.person.id):
        recap = one.clearance.recap
        known = await contributed(act, one.interview_id) if one.state == "in_clearance" else None
        if known is not None and recap is not None and recap.count == one.count:
            line = act.text("clearance.task", entity=known.called(act.language), reference=recap.reference)
            button = act.button(act.text("contributions.open"), "clearance", known.id)
            since = newest(one.since, act.person.created_at)
            found.append(Task(line, button, await about(act, course, "clearance_superior", known.id, since)))
    return found


async def left(act: Act, person: Person) -> None:
    """A superior's part ends before they answered: the official can ask another."""
    for one in (await act.course(person.country)).contributions.of_superior(person.id):
        found = await contributed(act, one.interview_id) if one.state == "in_clearance" else None
        if found is not None:
            await act.tell([found.owner], lambda to, number=found.id: _asks_another(to, number))  # type: ignore[misc]


def _asks_another(to: Speaker, interview_id: int) -> Prompt:
    button = to.button(to.text("clearance.new_link"), "superior", interview_id)
    return to.prompt(to.text("clearance.superior_left"), buttons=[[button]])


CAPABILITY = Capability(
    commands={"signed": Command(begin_signed, "clear_on_paper")},
    presses={
        "clearance": look,
        "approve": approve,
        "remark": begin_remarks,
        "superior": invite_anew,
        "signed": begin_signed,
        "takeback": take_back,
    },
    forms={"remarks": remarked, "signed": signed},
    jobs={RECAP: make_recap},
    tasks=tasks,
    joined={"superior": joined},
    left=left,
)
