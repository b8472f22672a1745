"""The national workshop in conversation: planned by one side, agreed by the other, changed, called off."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta

from bot import meetings, pressed
from bot.acting import Act
from bot.companions import Filled
from bot.messages import Button, Line, Prompt
from bot.placing import placed
from bot.pressed import country_and_number
from bot.speaking import Speaker
from bot.steps.attendance import INVITED, is_asked, known_meeting, who_comes
from bot.steps.capability import Capability, Command, Task
from db.people import Role
from flows.country.dates import written
from flows.country.follow_ups.schedule import Matter
from flows.country.steps.course import Course
from flows.country.steps.meetings import (
    AgreeMeeting,
    CancelMeeting,
    Meeting,
    MeetingProposed,
    ProposeMeeting,
    awaits,
    shown,
    side_of,
)
from flows.country.steps.workshops import held_on
from flows.knowledge import Country, country

SOON = timedelta(days=7)  # before a workshop, those who come are reminded of it


# ---- planning -----------------------------------------------------------------------------------------------------
async def workshop(act: Act, arguments: Sequence[str]) -> None:
    """What is planned in a country, and who comes."""
    place = await placed(act, "workshop", arguments, "plan_workshop")
    if place is None:
        return
    course = await act.course(place.code)
    planned = course.meetings.open(act.now)
    for meeting in planned:
        await _view(act, place, course, meeting)
    held = course.meetings.held(act.now)
    rows = [[act.button(act.text("workshops.plan_another" if planned else "workshops.plan"), "ws_plan", place.code)]]
    if held:
        label = act.text("workshops.outcomes", country=place.name(act.language), day=_day(held[0], act.language))
        rows.append([act.button(label, "out", place.code, held[0].number)])
    if not planned or held:
        said = act.text("workshops.none", country=place.name(act.language))
        await act.say(
            said if not planned else act.text("workshops.view", country=place.name(act.language)), buttons=rows
        )


async def _view(act: Act, place: Country, course: Course, meeting: Meeting) -> None:
    """One workshop, for those who organise it."""
    terms = shown(meeting)
    lines: list[str | Line] = [
        Line(act.text("workshops.view", country=place.name(act.language)), "title"),
        meetings.when(terms, act.language),
        act.text("workshops.place", place=terms.place),
    ]
    if meeting.terms is None:
        lines.append(act.text(f"workshops.state_offered_{meeting.offered_by}"))
    else:
        lines.append(act.text("workshops.state_agreed"))
        if meeting.offer is not None:
            offered = meetings.when(meeting.offer, act.language)
            lines.append(act.text("workshops.change_offered", when=offered, place=meeting.offer.place))
            lines.append(act.text(f"workshops.state_offered_{meeting.offered_by}"))
        lines += await who_comes(act, place, meeting)
    rows: list[list[Button]] = []
    if awaits(meeting, side_of(act.actor), act.now):
        rows += _to_agree(act.me, place.code, meeting)
    else:
        rows.append([act.button(act.text("workshops.alter"), "ws_plan", place.code, meeting.number)])
    rows.append([act.button(act.text("workshops.call_off"), "ws_off", place.code, meeting.number)])
    if meeting.terms is not None:
        rows.append([act.button(act.text("workshops.file"), "ws_file", place.code, meeting.number)])
    await act.say(*lines, buttons=rows)


def _to_agree(to: Speaker, code: str, meeting: Meeting) -> list[list[Button]]:
    return [
        [to.button(to.text("workshops.agree"), "ws_agree", code, meeting.number, meeting.offer_number)],
        [to.button(to.text("workshops.counter"), "ws_plan", code, meeting.number)],
    ]


async def plan(act: Act, arguments: Sequence[str]) -> None:
    """Ask when and where: for a new workshop, or another date for one."""
    code, number = country_and_number(arguments)
    if not await act.allow("plan_workshop", code):
        return
    place = country(code)
    current = act.text("workshops.new", country=place.name(act.language))
    if number:
        meeting = await known_meeting(act, code, number)
        if meeting is None:
            return
        terms = meeting.offer or shown(meeting)
        current = act.text("workshops.now", when=meetings.when(terms, act.language), place=terms.place)
    given = {
        "country": code,
        "number": str(number) if number else "",
        "clocks": meetings.city(place.time_zones[0], act.language),
        "weekend": meetings.weekend(place),
        "current": current,
    }
    await act.begin("workshop", given)


async def planned(act: Act, filled: Filled) -> bool:
    """When and where are entered: the other side is asked."""
    code, number = filled.given["country"], filled.number("number")
    place = country(code)
    day = date.fromisoformat(filled.get("day"))
    last = filled.get("last_day")
    begins, ends = _time(filled.get("begins")), _time(filled.get("ends"))
    last_day = date.fromisoformat(last) if last else None
    terms = meetings.terms_of(day, last_day, begins, ends, filled.get("place"), place)
    facts = await act.take(ProposeMeeting(terms, number), code)
    if facts is None:
        return False
    made = next((fact for fact in facts if isinstance(fact, MeetingProposed)), None)
    if made is None:
        await act.say(act.text("workshops.offer_dropped"))
        return True
    course = await act.course(code)
    meeting = course.meetings.planned[number or course.number]
    offer = meeting.offer or terms
    other: Role = "secretariat" if made.side == "coordinator" else "coordinator"
    people = await act.people(other, country=code)
    lines: list[str | Line] = [meetings.when(offer, act.language), act.text("workshops.place", place=offer.place)]
    from_clock, to_clock = meetings.local(offer)
    if (from_clock.time(), to_clock.time()) != (begins, ends):
        shifted = {"begins": meetings.clock(from_clock), "ends": meetings.clock(to_clock)}
        lines.append(act.text("workshops.clocks_change", None, **shifted))
    if people:
        lines.append(act.text("workshops.proposed", side=act.text(f"workshops.side_{other}")))
    else:
        lines.append(act.text("workshops.no_other_side"))
    await act.say(*lines)

    def ask(to: Speaker) -> Prompt:
        key = "workshops.offer" if meeting.terms is None else "workshops.change"
        return to.prompt(
            to.text(key, country=place.name(to.language)),
            meetings.when(offer, to.language),
            to.text("workshops.place", place=offer.place),
            buttons=_to_agree(to, code, meeting),
        )

    await act.tell(people, ask)
    return True


def _time(value: str) -> time:
    return time.fromisoformat(value).replace(tzinfo=None, second=0, microsecond=0)


async def agree(act: Act, arguments: Sequence[str]) -> None:
    """The other side agrees: invitations go out."""
    code, number = country_and_number(arguments)
    offer = pressed.number(arguments, 2)
    if await act.take(AgreeMeeting(number, offer), code) is None:
        return
    meeting = (await act.course(code)).meetings.planned[number]
    terms = shown(meeting)
    await act.say(act.text("workshops.agreed"), meetings.when(terms, act.language))
    other: Role = "secretariat" if act.person.role == "coordinator" else "coordinator"
    await act.tell(
        await act.people(other, country=code),
        lambda to: to.prompt(
            to.text("workshops.told_agreed", country=country(code).name(to.language)),
            meetings.when(terms, to.language),
        ),
    )
    await act.later("meeting_invite", country=code, number=number, sequence=meeting.sequence)


async def call_off(act: Act, arguments: Sequence[str]) -> None:
    """Ask why it does not take place."""
    code, number = country_and_number(arguments)
    if not await act.allow("plan_workshop", code):
        return
    meeting = await known_meeting(act, code, number)
    if meeting is None:
        return
    terms = shown(meeting)
    current = act.text("workshops.now", when=meetings.when(terms, act.language), place=terms.place)
    await act.begin("calling_off", {"country": code, "number": str(number), "current": current})


async def called_off(act: Act, filled: Filled) -> bool:
    """It is called off: everybody invited hears of it."""
    code, number = filled.given["country"], int(filled.given["number"])
    if await act.take(CancelMeeting(number, filled.get("reason")), code) is None:
        return True  # it was called off meanwhile, or is over: nothing can be corrected here
    meeting = (await act.course(code)).meetings.planned[number]
    if meeting.terms is not None:
        await act.say(act.text("workshops.cancelled"))
        await act.later("meeting_invite", country=code, number=number, sequence=meeting.sequence)
        return True
    await act.say(act.text("workshops.offer_cancelled"))
    other: Role = "secretariat" if act.person.role == "coordinator" else "coordinator"

    def tell(to: Speaker) -> Prompt:
        lines = [to.text("workshops.told_offer_cancelled", country=country(code).name(to.language))]
        lines += [to.text("workshops.reason", reason=meeting.reason)] if meeting.reason else []
        return to.prompt(*lines)

    await act.tell(await act.people(other, country=code), tell)
    return True


# ---- what waits ---------------------------------------------------------------------------------------------------
async def tasks(act: Act) -> Sequence[Task]:
    """Proposals to agree to, invitations to answer, outcomes to record."""
    if act.person.role not in (*INVITED, "secretariat"):
        return ()
    return [task for course in await _courses(act) for task in _of_course(act, course)]


async def _courses(act: Act) -> Iterable[Course]:
    if act.person.country:
        return [await act.course()]
    courses = await act.services.dossiers.courses(act.tx)
    return [courses[code] for code in sorted(courses) if code and courses[code].meetings.planned]


def _of_course(act: Act, course: Course) -> list[Task]:
    found, code = [], course.country
    organises = act.may("plan_workshop", code)
    for meeting in course.meetings.open(act.now):
        subject, first = f"{code} {meeting.number}", meetings.local(shown(meeting))[0].date()
        see = act.button(act.text("workshops.open"), "ws_see", code, meeting.number)
        if organises and awaits(meeting, side_of(act.actor), act.now):
            line = act.text("workshops.task_agree", country=country(code).name(act.language))
            open_ = act.button(act.text("workshops.open"), "workshop", code)
            found.append(Task(line, open_, Matter("workshop_date", subject)))
        if is_asked(act, meeting):
            line = act.text("workshops.task_answer", when=meetings.when(shown(meeting), act.language))
            found.append(Task(line, see, Matter("workshop_answer", subject, due=first - timedelta(days=1))))
        if (since := _soon(act, meeting)) is not None:
            line = act.text("workshops.task_soon", when=meetings.when(shown(meeting), act.language))
            found.append(Task(line, see, Matter("workshop_soon", subject, since, first)))
    if act.person.role == "coordinator":
        for meeting in course.meetings.held(act.now):
            if not course.workshops.of(meeting.number):
                line = act.text("workshops.task_outcomes", day=_day(meeting, act.language))
                button = act.button(act.text("workshops.open"), "out", code, meeting.number)
                matter = Matter("outcomes", f"{code} {meeting.number}", shown(meeting).ends)
                found.append(Task(line, button, matter))
    return found


def _soon(act: Act, meeting: Meeting) -> datetime | None:
    """Since when a workshop to which the person said they would come is near; None: it is not, or has begun."""
    begins, reply = shown(meeting).begins, meeting.replies.get(act.person.id)
    near = begins - SOON
    comes = reply is not None and reply.reply == "yes" and meeting.terms is not None
    return near if comes and near <= act.now < begins else None


def _day(meeting: Meeting, language: str) -> str:
    return written(held_on(meeting), language)


CAPABILITY = Capability(
    commands={"workshop": Command(workshop, "plan_workshop")},
    presses={
        "workshop": workshop,
        "ws_plan": plan,
        "ws_agree": agree,
        "ws_off": call_off,
    },
    forms={"workshop": planned, "calling_off": called_off},
    tasks=tasks,
)
