"""What a national workshop found, in conversation: its lists, who took part, its minutes."""

from __future__ import annotations

from collections.abc import Sequence

from bot import pressed
from bot.acting import Act
from bot.choosing import PAGE, choices, turning
from bot.companions import Filled
from bot.findings import short
from bot.messages import Line
from bot.placing import placed
from bot.pressed import country_and_number
from bot.speaking import styled
from bot.steps.capability import Capability, Command
from db.people import Role
from flows.country.dates import written
from flows.country.steps.base import Refusal
from flows.country.steps.meetings import Meeting
from flows.country.steps.workshops import (
    KINDS,
    CountParticipants,
    KeepMinutes,
    Kind,
    RecordOutcome,
    RemoveOutcome,
    counted,
    delegations,
    held_on,
)
from flows.country.steps.workshops import Line as Outcome
from flows.knowledge import country

SHOWN = 4  # outcomes on a page
_CATEGORY = {"challenge": "challenge", "recommendation": "category", "training": "topic"}
_OTHER = "other"


async def outcomes(act: Act, arguments: Sequence[str]) -> None:
    """What is recorded of the last workshop, and what can be added."""
    place = await placed(act, "outcomes", arguments, "record_workshop")
    if place is None:
        return
    course = await act.course(place.code)
    held = course.meetings.held(act.now)
    if held:
        await _view(act, place.code, held[0], held[1:])
        return
    awaited = [one for one in course.meetings.open(act.now) if one.terms is not None]
    if awaited:
        await act.refuse(Refusal("workshops.not_yet", {"day": held_on(awaited[0])}))
    else:
        await act.refuse(Refusal("workshops.none_held"))


async def of_workshop(act: Act, arguments: Sequence[str]) -> None:
    """The same for the workshop of a button."""
    code, meeting = await _held(act, arguments)
    if meeting is not None:
        await _view(act, code, meeting, ())


async def _view(act: Act, code: str, meeting: Meeting, others: Sequence[Meeting]) -> None:
    course = await act.course(code)
    workshops, number = course.workshops, meeting.number
    women, men = counted(course, number)
    minutes = len(workshops.minutes.get(number, []))
    lines: list[str | Line] = [
        Line(act.text("workshops.outcomes", country=country(code).name(act.language), day=_day(act, meeting)), "title")
    ]
    for kind in KINDS:
        label = act.text(f"workshops.list_{kind}")
        lines += styled("item", act.text("workshops.count", list=label, count=len(workshops.of(number, kind))))
    lines += styled("item", act.text("workshops.people", women=women, men=men))
    lines += styled("item", act.text("workshops.minutes", minutes) if minutes else act.text("workshops.no_minutes"))
    rows = [
        [act.button(act.text(f"workshops.add_{kind}"), "out_add", code, number, place)]
        for place, kind in enumerate(KINDS)
    ]
    if workshops.of(number):
        rows.append([act.button(act.text("workshops.button_list"), "out_list", code, number, 0)])
    rows.append([act.button(act.text("workshops.button_people"), "out_who", code, number, 0)])
    rows.append([act.button(act.text("workshops.button_minutes"), "out_min", code, number)])
    for other in others[:3]:
        rows.append([act.button(act.text("workshops.other_workshop", day=_day(act, other)), "out", code, other.number)])
    await act.say(*lines, buttons=rows)


# ---- the lists ----------------------------------------------------------------------------------------------------
async def add(act: Act, arguments: Sequence[str]) -> None:
    """Ask for an outcome of the list chosen."""
    place = int(pressed.one_of(map(str, range(len(KINDS))), arguments, 2))
    code, meeting = await _held(act, arguments)
    if meeting is not None:
        await _ask(act, code, meeting.number, KINDS[place])


async def _ask(act: Act, code: str, workshop: int, kind: Kind, corrects: int | None = None, text: str = "") -> None:
    given = {
        "country": code,
        "workshop": str(workshop),
        "kind": kind,
        "kind_label": act.text(f"workshops.kind_{kind}"),
        "corrects": str(corrects) if corrects is not None else "",
        "current": act.text("workshops.present", text=text) if text else "",
    }
    await act.begin("outcome", given)


async def recorded(act: Act, filled: Filled) -> bool:
    """An outcome is written down."""
    given = filled.given
    code, workshop = given["country"], int(given["workshop"])
    kind = next(one for one in KINDS if one == given["kind"])
    category = filled.get(_CATEGORY.get(kind, ""))
    line = Outcome(
        kind=kind,
        text=filled.get("text"),
        category=filled.get("other") if category == _OTHER else category,
        domain=filled.get("domain"),
        priority=filled.get("priority"),
        objectives=tuple(int(one.rpartition("_")[2]) for one in filled.chosen("objectives")),
        language=filled.language,
    )
    corrects = filled.number("corrects")
    if await act.take(RecordOutcome(workshop, line, corrects), code) is None:
        return False
    again = act.button(act.text(f"workshops.add_{kind}"), "out_add", code, workshop, KINDS.index(kind))
    back = act.button(act.text("workshops.back"), "out", code, workshop)
    said = (
        act.text("workshops.corrected")
        if corrects is not None
        else act.text("workshops.recorded", kind=act.text(f"workshops.kind_{kind}"))
    )
    await act.say(said, buttons=[[again], [back]])
    return True


async def listed(act: Act, arguments: Sequence[str]) -> None:
    """A page of the outcomes, each with the buttons that correct and remove it."""
    code, meeting = await _held(act, arguments)
    if meeting is None:
        return
    page = pressed.number(arguments, 2)
    every = (await act.course(code)).workshops.of(meeting.number)
    back = [act.button(act.text("workshops.back"), "out", code, meeting.number)]
    if not every:
        await act.say(act.text("workshops.no_outcomes"), buttons=[back])
        return
    page = min(page, (len(every) - 1) // SHOWN)
    shown = list(enumerate(every, 1))[page * SHOWN : (page + 1) * SHOWN]
    lines, rows = [], []
    for place, one in shown:
        kind = act.text(f"workshops.kind_{one.line.kind}")
        lines.append(act.text("workshops.item", number=place, kind=kind, text=one.line.text))
        rows.append(
            [
                act.button(act.text("workshops.correct", number=place), "out_fix", code, one.number),
                act.button(act.text("workshops.remove", number=place), "out_del", code, one.number),
            ]
        )
    rows.append(turning(act, page, len(every), "out_list", code, meeting.number, size=SHOWN))
    await act.say(*styled("item", *lines), buttons=[*rows, back])


async def correct(act: Act, arguments: Sequence[str]) -> None:
    """Ask for an outcome again."""
    code, number = country_and_number(arguments)
    if not await act.allow("record_workshop", code):
        return
    one = (await act.course(code)).workshops.outcomes.get(number)
    if one is None:
        await act.refuse(Refusal("workshops.no_outcome"))
        return
    await _ask(act, code, one.workshop, one.line.kind, number, one.line.text)


async def remove(act: Act, arguments: Sequence[str]) -> None:
    """Ask whether an outcome is to be removed; `sure`: remove it."""
    code, number = country_and_number(arguments)
    if not await act.allow("record_workshop", code):
        return
    one = (await act.course(code)).workshops.outcomes.get(number)
    if len(arguments) > 2:
        if await act.take(RemoveOutcome(number), code) is not None:
            back = [act.button(act.text("workshops.back"), "out", code, one.workshop)] if one is not None else []
            await act.say(act.text("workshops.removed"), buttons=[back])
        return
    if one is None:
        await act.refuse(Refusal("workshops.no_outcome"))
        return
    await act.say(
        act.text("workshops.remove_sure"),
        *styled("quote", one.line.text),
        buttons=[
            [act.button(act.text("workshops.remove_yes"), "out_del", code, number, "y")],
            [act.button(act.text("workshops.back"), "out", code, one.workshop)],
        ],
    )


# ---- who took part ------------------------------------------------------------------------------------------------
async def people(act: Act, arguments: Sequence[str]) -> None:
    """Who is counted, and for which entity to count."""
    code, meeting = await _held(act, arguments)
    if meeting is None:
        return
    page = pressed.number(arguments, 2)
    course = await act.course(code)
    entities = await choices(act, course)
    names = dict(entities)
    lines = []
    for one in delegations(course, meeting.number):
        name = names.get(one.entity_id or 0, one.name)
        lines.append(act.text("workshops.counted_line", entity=name, women=one.women, men=one.men))
    rows = [
        [act.button(short(name), "out_for", code, meeting.number, entity_id)]
        for entity_id, name in entities[page * PAGE : (page + 1) * PAGE]
    ]
    rows.append(turning(act, page, len(entities), "out_who", code, meeting.number))
    rows.append([act.button(act.text("workshops.other_entity"), "out_for", code, meeting.number, 0)])
    await act.say(
        *styled("item", *lines),
        act.text("workshops.which_entity"),
        buttons=rows,
        key=f"who/{code}",
    )


async def count(act: Act, arguments: Sequence[str]) -> None:
    """Ask how many came for an entity."""
    code, meeting = await _held(act, arguments)
    entity_id = pressed.number(arguments, 2)
    if meeting is None:
        return
    entity = await act.tx.entities.get(entity_id) if entity_id else None
    given = {
        "country": code,
        "workshop": str(meeting.number),
        "entity": str(entity.id) if entity is not None and entity.country == code else "",
        "entity_label": entity.name if entity is not None and entity.country == code else "",
    }
    await act.begin("participants", given)


async def were_counted(act: Act, filled: Filled) -> bool:
    """The numbers are given."""
    code, workshop = filled.given["country"], int(filled.given["workshop"])
    step = CountParticipants(
        workshop=workshop,
        entity_id=filled.number("entity"),
        name=filled.get("name"),
        women=filled.number("women") or 0,
        men=filled.number("men") or 0,
        entities=frozenset(entity.id for entity in await act.tx.entities.of_country(code)),
    )
    if await act.take(step, code) is None:
        return False
    women, men = counted(await act.course(code), workshop)
    await act.say(
        act.text("workshops.counted", women=women, men=men),
        buttons=[
            [act.button(act.text("workshops.button_people"), "out_who", code, workshop, 0)],
            [act.button(act.text("workshops.back"), "out", code, workshop)],
        ],
    )
    return True


# ---- minutes ------------------------------------------------------------------------------------------------------
async def minutes(act: Act, arguments: Sequence[str]) -> None:
    """Ask for the file."""
    code, meeting = await _held(act, arguments)
    if meeting is not None:
        given = {"country": code, "workshop": str(meeting.number), "current": _day(act, meeting)}
        await act.begin("minutes", given)


async def minutes_sent(act: Act, filled: Filled) -> bool:
    """The file has come."""
    code, workshop = filled.given["country"], int(filled.given["workshop"])
    file = filled.file("document")
    if file is None:
        await act.say(act.text("desk.not_yours"))
        return False
    if await act.take(KeepMinutes(workshop, file), code) is None:
        return False
    await act.say(act.text("workshops.kept"))
    day = held_on((await act.course(code)).meetings.planned[workshop])
    roles: tuple[Role, ...] = ("secretariat", "coordinator")
    told = [one for one in await act.people(*roles, country=code) if one.id != act.person.id]
    await act.tell(
        told,
        lambda to: to.prompt(
            to.text("workshops.told_minutes", country=country(code).name(to.language), day=written(day, to.language))
        ),
    )
    return True


async def _held(act: Act, arguments: Sequence[str]) -> tuple[str, Meeting | None]:
    """The workshop of a button, where something of it can be recorded; None, said, otherwise."""
    code, number = country_and_number(arguments)
    if not await act.allow("record_workshop", code):
        return code, None
    meeting = (await act.course(code)).meetings.planned.get(number)
    if meeting is not None and meeting.has_begun(act.now):
        return code, meeting
    if meeting is None:
        await act.refuse(Refusal("workshops.unknown"))
    elif meeting.is_cancelled:
        await act.refuse(Refusal("workshops.was_cancelled"))
    elif meeting.terms is None:
        await act.refuse(Refusal("workshops.not_agreed"))
    else:
        await act.refuse(Refusal("workshops.not_yet", {"day": held_on(meeting)}))
    return code, None


def _day(act: Act, meeting: Meeting) -> str:
    return written(held_on(meeting), act.language)


CAPABILITY = Capability(
    commands={"outcomes": Command(outcomes, "record_workshop")},
    presses={
        "out": of_workshop,
        "out_add": add,
        "out_list": listed,
        "out_fix": correct,
        "out_del": remove,
        "out_who": people,
        "out_for": count,
        "out_min": minutes,
    },
    forms={"outcome": recorded, "participants": were_counted, "minutes": minutes_sent},
)
