"""The entities that take part, in conversation: named, corrected, taken over from the questionnaire, each with its
people."""

from __future__ import annotations

from collections.abc import Sequence

from bot.acting import Act
from bot.companions import Filled
from bot.inviting import cleaned
from bot.matters import about, newest
from bot.messages import Button, Line
from bot.paging import page_of, turns
from bot.participating import Listed, adopted, called, entity_of, listed, possible, short
from bot.placing import placed
from bot.pressed import entity_at, number, place_of
from bot.proposed import not_yet_there, proposed
from bot.speaking import styled
from bot.steps import doubles, essentials
from bot.steps.capability import Capability, Command, Task
from db.entities import Entity
from flows.country.essential import guess_kind
from flows.country.steps.course import Course
from flows.country.steps.identifying import CorrectEntity, NameEntity
from flows.country.steps.participants import ANSWERING
from flows.knowledge import Country, country
from flows.questionnaires.wording import wording

PER_PAGE = 8
IN_A_ROW = 4  # buttons with numbers
STATES = ("joined", "invited", "named", "ended")


# ---- the list -----------------------------------------------------------------------------------------------------
async def entities(act: Act, arguments: Sequence[str] = ()) -> None:
    """All entities of a country and how far each is."""
    place = await placed(act, "entities", arguments, "name_entity")
    if place is not None:
        await _list(act, place, 1, edit=False)


async def turned(act: Act, arguments: Sequence[str]) -> None:
    """The list from its beginning, or another page of it."""
    place = await place_of(act, arguments, "name_entity")
    if place is not None:
        await _list(act, place, number(arguments, 1), edit=len(arguments) > 1)


async def _list(act: Act, place: Country, page: int, *, edit: bool) -> None:
    course = await adopted(act, place.code)
    every = await listed(act.tx, course)
    states = {one.id: course.participants.state_of(one.id, act.now) for one in every}
    shown = page_of(every, page, PER_PAGE)
    of = place.forms(act.language).of
    lines: list[str | Line] = [Line(act.text("participants.entities", len(every), of=of), "title")]
    if every:
        counts = [(state, sum(1 for one in states.values() if one == state)) for state in STATES]
        lines.append(" · ".join(act.text(f"participants.count_{state}", n) for state, n in counts if n))
    for count, one in shown.items:
        state = act.text(f"participants.state_{states[one.id]}")
        lines.append(Line(act.text("participants.entity_line", number=count, entity=brief(one), state=state), "item"))
    numbers = [act.button(str(count), "ent", one.id) for count, one in shown.items]
    rows = [numbers[:IN_A_ROW], numbers[IN_A_ROW:], *turns(act, shown, "ents", place.code)]
    rows.append([act.button(act.text("participants.name_entity"), "ent_new", place.code)])
    fresh = not_yet_there(await proposed(act, course), every)
    if fresh:
        rows.append([act.button(act.text("participants.import", len(fresh)), "ent_import", place.code)])
    doubled = doubles.found(course, every)
    if doubled:
        lines.append(act.text("participants.doubles", len(doubled)))
        rows.append([act.button(act.text("participants.see_doubles"), "doubles", place.code)])
    for essential in essentials.lacking(course, every):
        lines.append(act.text(f"participants.missing_{essential}"))
        label = act.text(f"participants.about_{essential}")
        rows.append([act.button(label, "gap", place.code, essential)])
    offers = [one for one in course.participants.open_offers(act.now) if one.role in ANSWERING]
    if offers:
        rows.append([act.button(act.text("participants.see_invitations", len(offers)), "invs", place.code)])
    await act.say(*lines, buttons=rows, key="entities", edit=edit)


def brief(one: Listed) -> str:
    """A name as the list shows it."""
    return f"{short(one.name)} ({short(one.acronym, 30)})" if one.acronym else short(one.name)


# ---- one of them --------------------------------------------------------------------------------------------------
async def shown(act: Act, arguments: Sequence[str]) -> None:
    """An entity with its people, and what can be done."""
    entity = await entity_at(act, arguments)
    if entity is None or not await act.allow("name_entity", entity.country):
        return
    course = await adopted(act, entity.country)
    kept = course.participants.kept(entity.id)
    entity = await act.tx.entities.get(kept) or entity
    await act.say(*await _described(act, course, entity), buttons=await _choices(act, course, entity))


async def _described(act: Act, course: Course, entity: Entity) -> list[str | Line]:
    known = course.participants.entities[entity.id]
    kind = known.kind or entity.type
    about = [entity.acronym, wording().of_list("entity_type", kind, act.language) if kind else ""]
    about += [wording().of_list("domain", one, act.language) for one in known.domains]
    lines: list[str | Line] = [Line(entity.name, "title")]
    if any(about):
        lines.append(" · ".join(one for one in about if one))
    if known.former:
        lines.append(act.text("participants.former", names=" ; ".join(known.former)))
    lines.append(act.text(f"participants.is_{course.participants.state_of(entity.id, act.now)}"))
    for person in await act.people(*ANSWERING, country=course.country, entity_id=entity.id):
        lines.append(Line(await called(act.tx, person, act.language), "item"))
    overview = await act.tx.interviews.overview(act.services.interviews.form.id, course.country)
    count = sum(1 for one in overview if one.entity_id == entity.id)
    if count:
        lines.append(act.text("participants.contributions", count))
    return lines


async def _choices(act: Act, course: Course, entity: Entity) -> list[list[Button]]:
    rows = []
    for one in course.participants.orphaned(act.now):
        of = course.participants.kept(one.entity_id) if one.entity_id is not None else None
        if one.role == "official" and of == entity.id:
            label = act.text("turnover.invite_successor")
            rows.append([act.button(label, "invite", entity.id, one.person_id)])
    rows.append([act.button(act.text("participants.invite_person"), "invite", entity.id)])
    for person in await act.people("official", country=course.country, entity_id=entity.id):
        named = short(person.label, 30) or act.text("turns.role_official")
        rows.append([act.button(act.text("turnover.replace_one", person=named), "replace_one", person.id)])
    rows.append(
        [
            act.button(act.text("participants.correct"), "ent_fix", entity.id),
            act.button(act.text("participants.merge_with"), "merge_with", entity.id),
        ]
    )
    rows.append([act.button(act.text("participants.all_entities"), "ents", course.country)])
    return rows


# ---- named and corrected ------------------------------------------------------------------------------------------
async def new(act: Act, arguments: Sequence[str]) -> None:
    """Ask for an entity: `ent_new <country>`."""
    place = await place_of(act, arguments, "name_entity")
    if place is None:
        return
    await adopted(act, place.code)
    if await possible(act, NameEntity(0, ""), place.code):
        await act.begin("entity", {"place": place.code, "place_name": place.name(act.language), "entity": ""})


async def fix(act: Act, arguments: Sequence[str]) -> None:
    """Ask for what is to be corrected."""
    entity = await entity_at(act, arguments)
    if entity is None:
        return
    course = await adopted(act, entity.country)
    if not await possible(act, CorrectEntity(entity.id, entity.name, entity.name), entity.country):
        return
    known = course.participants.entities[entity.id]
    given = {
        "place": entity.country,
        "place_name": country(entity.country).name(act.language),
        "entity": str(entity.id),
        "name": entity.name,
        "acronym": entity.acronym,
        "kind": known.kind or entity.type,
        "domains": " ".join(known.domains),
    }
    await act.begin("entity", {name: value for name, value in given.items() if value})


async def filled_in(act: Act, filled: Filled) -> bool:
    """The form is filled in: a new entity, or one corrected."""
    name = cleaned(filled.get("name"))
    if not name:
        await act.say(act.text("participants.name_missing"))
        return False
    if filled.given.get("entity"):
        return await _corrected(act, filled, name)
    place, acronym = filled.given["place"], cleaned(filled.get("acronym"))
    course = await adopted(act, place)
    found = await act.tx.entities.find(place, name)
    there = await entity_of(act.tx, course, found.id) if found is not None else None
    if there is not None:
        await act.say(act.text("participants.entity_there", name=there.name), buttons=_to(act, there))
        return True
    kind = filled.get("kind") or guess_kind(name, acronym)
    if not await possible(act, NameEntity(0, name), place):
        return True
    before = await listed(act.tx, course)
    row = await act.tx.entities.find_or_add(place, name, act.now, acronym, kind)
    if await act.take(NameEntity(row.id, name, acronym, kind, filled.chosen("domains")), place) is None:
        return True
    await act.say(act.text("participants.entity_named", name=name), buttons=_to(act, row))
    await doubles.compare(act, await adopted(act, place), row, before)
    return True


async def _corrected(act: Act, filled: Filled, name: str) -> bool:
    entity = await act.tx.entities.get(int(filled.given["entity"]))
    if entity is None:
        await act.say(act.text("participants.entity_unknown"))
        return True
    course = await adopted(act, entity.country)
    other = await act.tx.entities.find(entity.country, name)
    if other is not None and other.id != entity.id:
        if course.participants.is_merged(other.id):
            await act.say(act.text("participants.name_former", name=name))
            return False
        await act.say(act.text("participants.name_taken", name=name))
        await doubles.pair(act, course, entity.id, other.id)
        return True
    acronym, kind = cleaned(filled.get("acronym")), filled.get("kind")
    step = CorrectEntity(entity.id, entity.name, name, acronym, kind, filled.chosen("domains"))
    if await act.take(step, entity.country) is None:
        return True
    await act.tx.entities.correct(entity.id, name, acronym, kind)
    await act.say(act.text("participants.corrected", name=name), buttons=_to(act, entity))
    return True


def _to(act: Act, entity: Entity) -> list[list[Button]]:
    return [
        [act.button(act.text("participants.invite_person"), "invite", entity.id)],
        [act.button(act.text("participants.to_entity"), "ent", entity.id)],
        [act.button(act.text("participants.all_entities"), "ents", entity.country)],
    ]


async def take_in(act: Act, arguments: Sequence[str]) -> None:
    """Name all that the coordinator gave in the questionnaire and that is not in the list yet."""
    meant = await place_of(act, arguments, "name_entity")
    if meant is None:
        return
    place = meant.code
    course = await adopted(act, place)
    if not await possible(act, NameEntity(0, ""), place):
        return
    fresh = not_yet_there(await proposed(act, course), await listed(act.tx, course))
    named = []
    for one in fresh:
        row = await act.tx.entities.find_or_add(place, one.name, act.now, type=one.kind or guess_kind(one.name))
        step = NameEntity(row.id, one.name, "", one.kind or row.type, one.domains, "questionnaire")
        if row.id not in course.participants.entities and await act.take(step, place) is not None:
            named.append(one.name)
    await act.say(act.text("participants.imported", len(named)), *styled("item", *map(short, named)))
    await _list(act, meant, 1, edit=False)


async def waiting(act: Act) -> Sequence[Task]:
    """For the coordinator: entities to take over from the questionnaire, to invite for, missing, and doubled."""
    if act.person.role != "coordinator":
        return ()
    course = await act.course()
    if course.interest.answer != "yes":
        return ()
    every = await listed(act.tx, course)
    found = []
    if fresh := not_yet_there(await proposed(act, course), every):
        button = act.button(act.text("participants.import_short"), "ent_import", course.country)
        line = act.text("participants.task_import", len(fresh))
        found.append(Task(line, button, await about(act, course, "entities", "import")))
    alone = [one for one in every if course.participants.state_of(one.id, act.now) == "named"]
    if alone or len(every) < 2:
        button = act.button(act.text("participants.all_entities"), "ents", course.country)
        line = act.text("participants.task_uninvited", len(alone)) if alone else act.text("participants.task_entities")
        named = (course.participants.entities[one.id].named_at for one in alone)
        since = newest(course.interest.answered_at, *named)
        found.append(Task(line, button, await about(act, course, "entities", "uninvited", since)))
    if len(every) > 1:
        found += await essentials.tasks(act, course, every)
    if doubled := doubles.found(course, every):
        button = act.button(act.text("participants.see_doubles"), "doubles", course.country)
        line = act.text("participants.doubles", len(doubled))
        found.append(Task(line, button, await about(act, course, "entities", "doubles")))
    return found


CAPABILITY = Capability(
    commands={"entities": Command(entities, "name_entity")},
    presses={"ents": turned, "ent": shown, "ent_new": new, "ent_fix": fix, "ent_import": take_in},
    forms={"entity": filled_in},
    tasks=waiting,
)
