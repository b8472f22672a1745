"""Who comes to a national workshop, in conversation: invited with a calendar file, attendance said by button."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from bot import meetings
from bot.acting import Act, document
from bot.companions import Filled
from bot.documents.calendar import MEDIA_TYPE
from bot.jobs import Desk
from bot.messages import Button, Document, Line, Prompt
from bot.pressed import country_and_number
from bot.speaking import Speaker, styled
from bot.steps.capability import Capability
from db.people import Person, Role
from flows import i18n
from flows.country.steps.base import FileRef, Refusal
from flows.country.steps.meetings import REPLIES, AnswerMeeting, Meeting, Reply, shown, silent
from flows.knowledge import Country, country

INVITED: tuple[Role, ...] = ("official", "expert", "focal_point", "coordinator")
NAMED = 15  # people of a list of attendance


# ---- invitations --------------------------------------------------------------------------------------------------
async def invite_job(desk: Desk) -> None:
    """Send the calendar file of a workshop as it is now to everybody invited, each in their language."""
    payload = desk.job.payload
    code, number = str(payload["country"]), int(payload["number"])
    only = bool(payload.get("only_me"))
    place = country(code)
    async with desk.store.reading() as tx:
        meeting = (await desk.services.dossiers.course(tx, code)).meetings.planned.get(number)
    if meeting is None or meeting.terms is None or (not only and meeting.sequence != payload["sequence"]):
        return  # changed since: the newer invitation is on its way
    made = await asyncio.to_thread(
        lambda: {
            language: meetings.calendar_file(meeting, place, language, desk.services.contact, desk.now)
            for language in i18n.languages()
        }
    )
    named = {"country": code, "number": number}
    async with desk.finish() as act:
        files = {
            language: await act.keep(i18n.text("workshops.file_name", language, None, **named), content, MEDIA_TYPE)
            for language, content in made.items()
        }
        if only:
            await act.say(act.text("workshops.ics_help"), documents=[_file(act.me, files)])
            return
        people = await act.people(*INVITED, country=code)
        await act.tell(people, lambda to: _invitation(to, code, meeting, files))
        secretariat = await act.people("secretariat", country=code)
        await act.tell(
            secretariat,
            lambda to: to.prompt(
                to.text("workshops.view", country=place.name(to.language)),
                meetings.when(shown(meeting), to.language),
                to.text("workshops.invitation_cancelled")
                if meeting.is_cancelled
                else to.text("workshops.invited", len(people)),
                documents=[_file(to, files)],
            ),
        )


def _file(to: Speaker, files: dict[str, FileRef]) -> Document:
    return document(files.get(i18n.base(to.language)) or files[i18n.FALLBACK])


def _invitation(to: Speaker, code: str, meeting: Meeting, files: dict[str, FileRef]) -> Prompt:
    terms = shown(meeting)
    if meeting.is_cancelled:
        first, help_ = "workshops.invitation_cancelled", "workshops.ics_help_cancelled"
    elif meeting.sequence:
        first, help_ = "workshops.invitation_changed", "workshops.ics_help"
    else:
        first, help_ = "workshops.invitation", "workshops.ics_help"
    lines: list[str | Line] = [
        Line(to.text("workshops.title", **{"of": country(code).forms(to.language).of}), "title"),
        to.text(first),
        meetings.when(terms, to.language),
        to.text("workshops.place", place=terms.place),
    ]
    if meeting.reason:
        lines.append(to.text("workshops.reason", reason=meeting.reason))
    lines += styled("hint", to.text(help_))
    buttons: list[list[Button]] = []
    if not meeting.is_cancelled:
        lines.append(to.text("workshops.will_you"))
        buttons = _replies(to, code, meeting.number)
    return to.prompt(*lines, buttons=buttons, documents=[_file(to, files)])


def _replies(to: Speaker, code: str, number: int) -> list[list[Button]]:
    return [[to.button(to.text(f"workshops.{reply}"), f"ws_{reply}", code, number)] for reply in REPLIES]


async def file(act: Act, arguments: Sequence[str]) -> None:
    """Have the calendar file sent to oneself."""
    code, number = country_and_number(arguments)
    if act.may("plan_workshop", code) or await act.allow("attend_workshop", code, person_id=act.person.id):
        await act.later("meeting_invite", country=code, number=number, only_me=True)
        await act.say(act.text("workshops.file_coming"))


# ---- attendance ---------------------------------------------------------------------------------------------------
async def see(act: Act, arguments: Sequence[str]) -> None:
    """One workshop, for those invited."""
    code, number = country_and_number(arguments)
    if not await act.allow("attend_workshop", code, person_id=act.person.id):
        return
    meeting = await known_meeting(act, code, number)
    if meeting is None:
        return
    terms = shown(meeting)
    await act.say(
        Line(act.text("workshops.title", **{"of": country(code).forms(act.language).of}), "title"),
        meetings.when(terms, act.language),
        act.text("workshops.place", place=terms.place),
        act.text("workshops.will_you"),
        buttons=[
            *_replies(act.me, code, number),
            [act.button(act.text("workshops.file"), "ws_file", code, number)],
        ],
    )


async def comes(act: Act, arguments: Sequence[str]) -> None:
    """I will attend."""
    await _answer(act, arguments, "yes")


async def cannot(act: Act, arguments: Sequence[str]) -> None:
    """I cannot."""
    await _answer(act, arguments, "no")


async def _answer(act: Act, arguments: Sequence[str], reply: Reply) -> None:
    code, number = country_and_number(arguments)
    if await act.take(AnswerMeeting(number, act.person.id, reply), code) is None:
        return
    buttons = [[act.button(act.text("workshops.colleague"), "ws_colleague", code, number)]] if reply == "no" else []
    await act.say(act.text(f"workshops.thanks_{reply}"), buttons=buttons)


async def stand_in(act: Act, arguments: Sequence[str]) -> None:
    """A colleague comes instead: who?"""
    code, number = country_and_number(arguments)
    if not await act.allow("attend_workshop", code, person_id=act.person.id):
        return
    meeting = await known_meeting(act, code, number)
    if meeting is not None:
        current = meetings.when(shown(meeting), act.language)
        await act.begin("stand_in", {"country": code, "number": str(number), "current": current})


async def stood_in(act: Act, filled: Filled) -> bool:
    """The colleague is named."""
    code, number = filled.given["country"], int(filled.given["number"])
    step = AnswerMeeting(number, act.person.id, "colleague", filled.get("name"))
    if await act.take(step, code) is None:
        return True
    await act.say(act.text("workshops.thanks_colleague", name=filled.get("name")))
    return True


# ---- who comes ----------------------------------------------------------------------------------------------------
def is_asked(act: Act, meeting: Meeting) -> bool:
    """Whether a workshop waits for the person to say if they come."""
    return act.person.role in INVITED and meeting.is_awaited(act.now) and act.person.id not in meeting.replies


async def who_comes(act: Act, place: Country, meeting: Meeting) -> list[str | Line]:
    """Who comes, who does not, who has not answered."""
    invited = {person.id: person for person in await act.people(*INVITED, country=place.code)}
    names = {entity.id: entity.name for entity in await act.tx.entities.of_country(place.code)}
    for number in meeting.replies:
        person = invited.get(number) or await act.tx.people.get(number)
        if person is not None:
            invited[number] = person
    lines: list[str | Line] = []
    for reply in REPLIES:
        own = [number for number, one in meeting.replies.items() if one.reply == reply and number in invited]
        lines += _group(act, f"workshops.group_{reply}", own, invited, names, meeting)
    waiting = [number for number in silent(meeting, invited) if invited[number].ended_at is None]
    lines += _group(act, "workshops.group_silent", waiting, invited, names, meeting)
    return lines


def _group(
    act: Act, key: str, numbers: Sequence[int], people: dict[int, Person], names: dict[int, str], meeting: Meeting
) -> list[str | Line]:
    if not numbers:
        return []
    lines: list[str | Line] = [act.text(key, len(numbers))]
    for number in numbers[:NAMED]:
        person, reply = people[number], meeting.replies.get(number)
        role = act.text(f"access.role_{person.role}")
        entity = names.get(person.entity_id or 0, "") or role
        who = person.label or role
        if reply is not None and reply.name:
            lines += styled("item", act.text("workshops.stand_in", entity=entity, who=who, name=reply.name))
        else:
            lines += styled("item", act.text("workshops.person", entity=entity, who=who))
    if len(numbers) > NAMED:
        lines += styled("item", act.text("workshops.more", len(numbers) - NAMED))
    return lines


async def known_meeting(act: Act, code: str, number: int) -> Meeting | None:
    """A workshop that can still be answered or changed; None, said, for any other."""
    meeting = (await act.course(code)).meetings.planned.get(number)
    if meeting is None:
        await act.refuse(Refusal("workshops.unknown"))
    elif meeting.is_cancelled:
        await act.refuse(Refusal("workshops.was_cancelled"))
    elif meeting.is_over(act.now):
        await act.refuse(Refusal("workshops.is_over"))
    else:
        return meeting
    return None


CAPABILITY = Capability(
    presses={
        "ws_file": file,
        "ws_see": see,
        "ws_yes": comes,
        "ws_colleague": stand_in,
        "ws_no": cannot,
    },
    forms={"stand_in": stood_in},
    jobs={"meeting_invite": invite_job},
)
