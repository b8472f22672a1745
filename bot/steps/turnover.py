"""Turnover in conversation: a person is replaced, or leaves; their part is over at once, and nothing they said is
lost."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from bot import parting
from bot.acting import Act
from bot.issuing import create, show
from bot.messages import Button
from bot.paging import page_of, turns
from bot.participating import adopted, called, entity_of, found_or_added, part_of, possible, short, why_not
from bot.placing import placed
from bot.pressed import number, place_of
from bot.speaking import Speaker, styled
from bot.steps import coordinator
from bot.steps.capability import Capability, Command, Task
from db.people import Person
from flows.country.follow_ups.schedule import Matter
from flows.country.steps.base import Refusal
from flows.country.steps.course import Course
from flows.country.steps.participants import Member
from flows.country.steps.turnover import Leave, ReplaceCoordinator, ReplacePerson, TakeOverCoordination
from flows.knowledge import Country, country

PER_PAGE = 8


# ---- who is replaced ----------------------------------------------------------------------------------------------
async def replace(act: Act, arguments: Sequence[str] = ()) -> None:
    """Those of a country whom the person may replace."""
    place = await placed(act, "replace", arguments, "replace_coordinator")
    if place is not None:
        await _list(act, place, 1, edit=False)


async def listed(act: Act, arguments: Sequence[str]) -> None:
    """Another page of them."""
    place = await place_of(act, arguments, "replace_coordinator")
    if place is not None:
        await _list(act, place, number(arguments, 1), edit=True)


async def _list(act: Act, place: Country, page: int, *, edit: bool) -> None:
    course = await adopted(act, place.code)
    members = replaceable(act, course)
    people = [person for one in members if (person := await act.tx.people.get(one.person_id)) is not None]
    if not people:
        await act.say(act.text("turnover.nobody"), key="replace", edit=edit)
        return
    shown = page_of(people, page, PER_PAGE)
    lines = [f"{count}. {await called(act.tx, person, act.language)}" for count, person in shown.items]
    numbers = [act.button(str(count), "replace_one", person.id) for count, person in shown.items]
    rows = [numbers[:4], numbers[4:], *turns(act, shown, "replace_page", place.code)]
    await act.say(act.text("turnover.whom"), *styled("item", *lines), buttons=rows, key="replace", edit=edit)


def replaceable(act: Act, course: Course) -> list[Member]:
    """The coordinator first; officials for those who may replace them; the focal point for the secretariat."""
    found = course.participants.present("coordinator")
    if act.may("replace_person", course.country):
        found += course.participants.present("official")
    if act.person.role == "secretariat":
        found += course.participants.present("focal_point")
    return found


async def chosen(act: Act, arguments: Sequence[str]) -> None:
    """Who is to take over? Nothing ends before the answer is confirmed."""
    person = await act.tx.people.get(number(arguments))
    if person is None or not person.country:
        await act.say(act.text("participants.person_unknown"))
        return
    course = await adopted(act, person.country)
    if not await possible(act, _step(course, person, 0, act), person.country):
        return
    if person.role == "coordinator" and act.person.role == "focal_point" and "other" not in arguments:
        rows = [
            [act.button(act.text("participants.i_coordinate"), "take_over", person.id)],
            [act.button(act.text("participants.somebody_else"), "replace_one", person.id, "other")],
        ]
        await act.say(act.text("turnover.by_whom"), buttons=rows)
        return
    from bot.steps.invitations import ask

    target = "coordinator" if person.role == "coordinator" else "official"
    who = await called(act.tx, person, act.language)
    part = await part_of(act.tx, person, act.language)
    given = {"replaces": str(person.id), "replaced": who, "authority": await coordinator.authority(act, course)}
    await ask(act, target, country(person.country), part, given)


def _step(
    course: Course, person: Person, number: int, act: Act, entity_id: int = 0
) -> ReplacePerson | ReplaceCoordinator:
    until = act.now + timedelta(days=act.services.invitation_days)
    if person.role == "coordinator":
        return ReplaceCoordinator(person.id, number, entity_id, until)
    return ReplacePerson(person.id, number, until)


async def replaced(act: Act, person_id: int, label: str, language: str, authority: str) -> bool:
    """The successor is named: the part of the former person is over, and the invitation is shown."""
    person = await act.tx.people.get(person_id)
    if person is None:
        await act.say(act.text("participants.person_unknown"))
        return True
    made = await succeed(act, person, label, language, authority)
    if isinstance(made, Refusal):
        await act.refuse(made)
        return True
    await act.say(act.text("turnover.replaced", person=await called(act.tx, person, act.language)))
    await show(act, *made)
    return True


async def succeed(
    act: Act, person: Person, label: str, language: str, authority: str = ""
) -> tuple[int, str] | Refusal:
    """End a part and invite whoever takes over: number and code of the invitation, or why not. `authority`: the
    coordinating authority, where a coordinator is replaced and it is another from now on."""
    place = person.country
    course = await adopted(act, place)
    refusal = await why_not(act, _step(course, person, 0, act), place)
    if refusal is not None:
        return refusal
    entity = await entity_of(act.tx, course, person.entity_id)
    if person.role == "coordinator" and authority:
        entity = await found_or_added(act, course, authority)
        course = await adopted(act, place)
    if person.role == "coordinator":
        await _withdraw(act, course)
    entity_id = entity.id if entity is not None else None
    made = await create(act, place, person.role, entity_id, language, label, person.id)
    if await act.take(_step(course, person, made[0], act, entity_id or 0), place) is None:
        raise RuntimeError("what was possible is refused")
    await parting.part(act, person, "replaced")
    return made


async def _withdraw(act: Act, course: Course) -> None:
    """Other invitations to coordinate are used by nobody: the step says so in the ledger."""
    for offer in course.participants.open_offers(act.now):
        if offer.role == "coordinator":
            await act.tx.invitations.revoke(offer.id, act.now)


async def take_over(act: Act, arguments: Sequence[str]) -> None:
    """The focal point coordinates from now on, in the place of the coordinator."""
    person = await act.tx.people.get(number(arguments))
    if person is None or person.country != act.person.country:
        await act.say(act.text("participants.person_unknown"))
        return
    course = await adopted(act, person.country)
    entity = await entity_of(act.tx, course, person.entity_id)
    entity_id = entity.id if entity is not None else 0
    if not await possible(act, TakeOverCoordination(person.id, 0, entity_id)):
        return
    await _withdraw(act, course)
    successor = await coordinator.second_part(act, entity.id if entity is not None else None)
    if await act.take(TakeOverCoordination(person.id, successor.id, entity_id)) is None:
        return
    who = await called(act.tx, person, act.language)
    await parting.part(act, person, "replaced")
    await act.say(act.text("turnover.replaced", person=who))
    await coordinator.begun(act, successor)


# ---- leaving ------------------------------------------------------------------------------------------------------
async def leave(act: Act, _arguments: Sequence[str] = ()) -> None:
    """Ask whether the person means it."""
    part = await part_of(act.tx, act.person, act.language)
    rows = [[act.button(act.text("turnover.leave"), "leave_now")], [act.button(act.text("turnover.stay"), "stay")]]
    await act.say(act.text("turnover.leave_sure", part=part), buttons=rows, key="leave")


async def stay(act: Act, _arguments: Sequence[str] = ()) -> None:
    await act.say(act.text("turnover.stayed"), key="leave", edit=True)


async def leave_now(act: Act, _arguments: Sequence[str] = ()) -> None:
    """The person's part is over, by their own wish."""
    person = act.person
    await adopted(act, person.country)
    others = await _concerned(act)
    if await act.take(Leave(person.id)) is None:
        return
    names = {one.language: await called(act.tx, person, one.language) for one in others}
    await parting.part(act, person, "left")

    def told(to: Speaker) -> str:
        return to.text("turnover.told_left", person=names[to.language])

    await act.tell(others, lambda to: to.prompt(told(to), buttons=_offer(to, person)))


def _offer(to: Speaker, person: Person) -> list[list[Button]]:
    """What whoever hears of it can do at once."""
    if to.person.role == "coordinator" and person.entity_id is not None:
        return [[to.button(to.text("turnover.invite_successor"), "invite", person.entity_id, person.id)]]
    if to.person.role == "focal_point" and person.role == "coordinator":
        return [[to.button(to.text("participants.name_one"), "coord")]]
    return []


async def _concerned(act: Act) -> list[Person]:
    """Who hears that the person leaves: the coordinator of an official, of the others focal point and secretariat."""
    role = act.person.role
    if role in ("colleague", "superior") or not act.person.country:
        return []
    found = await act.people("coordinator") if role == "official" else []
    found = found or await act.people("focal_point", "secretariat")
    own = {one.id for one in await act.tx.people.parts(act.person.id)}
    return [one for one in found if one.id not in own]


async def waiting(act: Act) -> Sequence[Task]:
    """Entities whose person left, and whom nobody is invited to succeed."""
    if act.person.role != "coordinator":
        return ()
    course = await act.course()
    found = []
    for one in course.participants.orphaned(act.now):
        if one.role != "official" or one.entity_id is None:
            continue
        entity = await entity_of(act.tx, course, one.entity_id)
        if entity is None or course.participants.state_of(entity.id, act.now) != "ended":
            continue  # somebody else answers for it
        label = act.text("turnover.invite_successor")
        line = act.text("turnover.task", entity=short(entity.name))
        button = act.button(label, "invite", entity.id, one.person_id)
        found.append(Task(line, button, Matter("turnover", str(one.person_id), one.ended_at)))
    return found


CAPABILITY = Capability(
    commands={"replace": Command(replace, "replace_coordinator"), "leave": Command(leave, "own_data")},
    presses={
        "replace": replace,
        "replace_page": listed,
        "replace_one": chosen,
        "take_over": take_over,
        "leave_now": leave_now,
        "stay": stay,
    },
    tasks=waiting,
)
