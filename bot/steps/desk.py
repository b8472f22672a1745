"""Desk research in conversation: a fact found, put before the entity that it concerns, listed by what became of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import get_args
from zoneinfo import ZoneInfo

from bot import findings
from bot.acting import Act
from bot.choosing import PAGE, choices, turning
from bot.companions import Filled
from bot.matters import about
from bot.messages import Button, Line
from bot.placing import placed
from bot.pressed import code, country_and_number, number, one_of, word
from bot.speaking import Speaker, styled
from bot.steps.capability import Capability, Command, Task
from flows import knowledge
from flows.country.steps.course import Course
from flows.country.steps.desk import (
    STATES,
    Found,
    Proposal,
    RecordFindings,
    State,
    asked,
    for_coordinator,
    for_entity,
)
from flows.questionnaires.topics import PLACES, of_section, topics

SHOWN = 5  # findings on a page of the list
NONE = "-"  # a button's argument: no question, no entity
BOUND = ("official", "superior", "colleague")  # roles that read what concerns their entity only


# ---- recording ----------------------------------------------------------------------------------------------------
async def finding(act: Act, arguments: Sequence[str]) -> None:
    """Begin to record a fact: where in the guide does it belong?"""
    place = await placed(act, "finding", arguments, "record_finding")
    if place is None:
        return
    rows = [
        [act.button(findings.section_title(section, act.language), "fnd_s", place.code, section, 0)]
        for section in PLACES
    ]
    rows.append([act.button(act.text("desk.button_file"), "fnd_file", place.code)])
    await act.say(act.text("desk.which_section", country=place.name(act.language)), buttons=rows, key="finding")


async def in_section(act: Act, arguments: Sequence[str]) -> None:
    """Which of the section's questions?"""
    country, section, page = code(arguments), one_of(PLACES, arguments, 1), number(arguments, 2)
    if not await act.allow("record_finding", country):
        return
    found = of_section(section)
    if not found:  # nothing to choose between
        await on_question(act, (country, section, NONE, "0"))
        return
    rows = [
        [
            act.button(
                findings.short(f"{topic.code} {topic.label(act.language)}"), "fnd_q", country, section, topic.name, 0
            )
        ]
        for topic in found[page * PAGE : (page + 1) * PAGE]
    ]
    rows.append(turning(act, page, len(found), "fnd_s", country, section))
    rows.append([act.button(act.text("desk.section_only"), "fnd_q", country, section, NONE, 0)])
    title = findings.section_title(section, act.language)
    await act.say(act.text("desk.which_question", section=title), buttons=rows, key="finding", edit=True)


async def on_question(act: Act, arguments: Sequence[str]) -> None:
    """Which entity can confirm it?"""
    country, section, field = code(arguments), one_of(PLACES, arguments, 1), word(arguments, 2)
    if not await act.allow("record_finding", country):
        return
    entities = await choices(act, await act.course(country))
    here = number(arguments, 3)
    rows = [
        [act.button(findings.short(name), "fnd_e", country, section, field, number)]
        for number, name in entities[here * PAGE : (here + 1) * PAGE]
    ]
    rows.append(turning(act, here, len(entities), "fnd_q", country, section, field))
    rows.append([act.button(act.text("desk.no_entity"), "fnd_e", country, section, field, NONE)])
    await act.say(act.text("desk.which_entity"), buttons=rows, key="finding", edit=True)


async def of_entity(act: Act, arguments: Sequence[str]) -> None:
    """Everything is chosen: ask for the fact itself."""
    country, section, field = code(arguments), one_of(PLACES, arguments, 1), word(arguments, 2)
    if not await act.allow("record_finding", country):
        return
    names = await findings.names_of(act.tx, country)
    topic, entity = topics().get(field), number(arguments, 3)
    label = f"{topic.code} {topic.label(act.language)}" if topic is not None else ""
    given = {
        "country": country,
        "section": "" if topic is not None else section,
        "field": field if topic is not None else "",
        "entity": str(entity) if entity in names else "",
        "about": label or findings.section_title(section, act.language),
        "entity_label": names.get(entity, "") or act.text("desk.coordination"),
    }
    await act.begin("finding", given)


async def found(act: Act, filled: Filled) -> bool:
    """The fact is written down: it is put before the entity."""
    given = filled.given
    country = given["country"]
    proposal = Proposal(
        text=filled.get("fact"),
        citation=filled.get("citation"),
        read_on=date.fromisoformat(filled.get("read_on")),
        url=filled.get("url"),
        field=given.get("field", ""),
        section=given.get("section", ""),
        entity_id=filled.number("entity"),
        confidence=filled.get("confidence"),
        language="" if filled.get("language") == "other" else filled.get("language"),
    )
    step = RecordFindings((proposal,), frozenset(await findings.names_of(act.tx, country)), today(country, act.now))
    if await act.take(step, country) is None:
        return False
    course = await act.course(country)
    one = course.findings.made[course.number]
    names = await findings.names_of(act.tx, country)
    entity = names.get(asked(course, one) or 0, "")
    key = "desk.thanks" if entity else "desk.thanks_coordinator"
    values = {"entity": entity} if entity else {}
    await act.say(
        act.text(key, number=one.number, **values),
        buttons=[[act.button(act.text("desk.another"), "fnd_new", country)]],
    )
    await findings.put_before(act.tx, course, [one.number], act.now)
    return True


def today(country: str, now: datetime) -> date:
    """The day in the country's capital."""
    return now.astimezone(ZoneInfo(knowledge.country(country).time_zones[0])).date()


# ---- reading ------------------------------------------------------------------------------------------------------
async def desk(act: Act, arguments: Sequence[str]) -> None:
    """The findings of a country, by what became of them."""
    if act.person.role in BOUND:
        await listed(act, (act.person.country, "", "0"))
        return
    place = await placed(act, "desk", arguments, "read_answers")
    if place is not None:
        await listed(act, (place.code, "", "0"))


async def listed(act: Act, arguments: Sequence[str]) -> None:
    """A page of those in one state: `fnd_list BFA proposed 0`."""
    country, wanted, page = code(arguments), arguments[1] if len(arguments) > 1 else "", number(arguments, 2)
    course = await act.course(country)
    visible = [one for one in course.findings.made.values() if act.may("read_answers", country, asked(course, one))]
    add = [[act.button(act.text("desk.add"), "fnd_new", country)]] if act.may("record_finding", country) else []
    if not visible:
        key = "desk.list_none_yours" if act.person.role in BOUND else "desk.list_none"
        await act.say(act.text(key), buttons=add)
        return
    state = _state(wanted, visible)
    own = [one for one in visible if one.state == state]
    page = min(page, max(0, (len(own) - 1) // SHOWN))
    shown = own[page * SHOWN : (page + 1) * SHOWN]
    names = await findings.names_of(act.tx, country)
    said = act.text(f"desk.state_{state}")
    first = page * SHOWN + 1
    lines: list[str | Line] = [
        Line(act.text("desk.list", country=findings.country_name(act.me, country)), "title"),
        act.text(
            "desk.list_page", state=said, first=min(first, len(own)), last=page * SHOWN + len(shown), all=len(own)
        ),
        *styled("item", *(_line(act.me, course, one, names) for one in shown)),
    ]
    rows = [
        [act.button(act.text("desk.open_number", number=one.number), "fnd_see", country, one.number)] for one in shown
    ]
    rows.append(turning(act, page, len(own), "fnd_list", country, state, size=SHOWN))
    for other in STATES:
        count = sum(one.state == other for one in visible)
        if count and other != state:
            label = act.text("desk.state_button", state=act.text(f"desk.state_{other}"), count=count)
            rows.append([act.button(label, "fnd_list", country, other, 0)])
    await act.say(*lines, buttons=[*rows, *add], key=f"desk/{country}", edit=bool(wanted))


def _line(to: Speaker, course: Course, one: Found, names: findings.Names) -> str:
    topic = topics().get(one.field)
    where = topic.code if topic is not None else one.section
    entity = findings.short(findings.entity_of(course, one, names, to.language), 40)
    return to.text("desk.line", number=one.number, about=where, entity=entity, text=findings.short(one.text, 100))


def _state(wanted: str, visible: Sequence[Found]) -> State:
    """The state asked for, else the first in which there is something."""
    known: Sequence[State] = get_args(State)
    present = {one.state for one in visible}
    return next((one for one in known if one == wanted), next(one for one in known if one in present))


async def see(act: Act, arguments: Sequence[str]) -> None:
    """One finding, whole, with what the person may do with it."""
    country, number = country_and_number(arguments)
    one = await findings.readable(act, country, number)
    if one is None:
        return
    course = await act.course(country)
    names = await findings.names_of(act.tx, country)
    may_settle = act.may("settle_finding", country, asked(course, one))
    answers = await findings.answers_on(act.tx, course, one, names) if may_settle else []
    extra: list[list[Button]] = []
    own = act.person.role == "secretariat" or one.by == act.person.id
    if own and one.state != "withdrawn" and act.may("record_finding", country):
        extra.append([act.button(act.text("desk.withdraw"), "fnd_out", country, number)])
    if may_settle and one.state == "proposed":
        await act.show(findings.proposal(act.me, course, one, names, answers))
        return
    if may_settle and one.state != "withdrawn":
        extra.append([act.button(act.text("desk.reopen"), "fnd_again", country, number)])
    lines = findings.told(act.me, course, one, names, answers)
    await act.say(Line(act.text("desk.number", number=number), "title"), *lines, buttons=extra)


async def tasks(act: Act) -> Sequence[Task]:
    """What waits for the word of the person's entity, or of the coordinator."""
    if act.person.role not in ("official", "coordinator"):
        return ()
    course = await act.course()
    waiting = await _waiting(act, course)
    if len(waiting) > findings.AT_ONCE:
        button = act.button(act.text("desk.open"), "fnd_list", course.country, "proposed", 0)
        since = min(one.at for one in waiting)
        matter = await about(act, course, "finding", "several", since)
        return [Task(act.text("desk.tasks", len(waiting)), button, matter)]
    return [
        Task(
            act.text("desk.task", number=one.number),
            act.button(act.text("desk.open_number", number=one.number), "fnd_see", course.country, one.number),
            await about(act, course, "finding", one.number, one.at),
        )
        for one in waiting
    ]


async def _waiting(act: Act, course: Course) -> list[Found]:
    if not course.findings.in_state("proposed"):
        return []
    if act.person.role == "official":
        return for_entity(course, act.person.entity_id) if act.person.entity_id is not None else []
    officials = await act.people("official")
    return for_coordinator(course, [one.entity_id for one in officials if one.entity_id is not None])


CAPABILITY = Capability(
    commands={"finding": Command(finding, "record_finding"), "desk": Command(desk, "read_answers")},
    presses={
        "fnd_new": finding,
        "fnd_s": in_section,
        "fnd_q": on_question,
        "fnd_e": of_entity,
        "fnd_list": listed,
        "fnd_see": see,
    },
    forms={"finding": found},
    tasks=tasks,
)
