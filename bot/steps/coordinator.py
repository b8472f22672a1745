"""The coordinator named: by the focal point, who may coordinate themselves, or by the secretariat."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from bot.acting import Act
from bot.inviting import cleaned
from bot.joining import first_question
from bot.matters import about, newest
from bot.participating import adopted, entity_of, found_or_added, possible
from bot.placing import placed
from bot.speaking import Speaker
from bot.steps.capability import Capability, Command, Task
from db.people import Person
from flows.country.steps.course import Course
from flows.country.steps.identifying import BecomeCoordinator, InviteCoordinator, coordinated
from flows.country.steps.interest import takes_part
from flows.country.steps.participants import Member
from flows.knowledge import Country, country


async def name(act: Act, arguments: Sequence[str] = ()) -> None:
    """Who coordinates? Asked of the focal point, once the country takes part."""
    place = await placed(act, "coordinator", arguments, "name_coordinator")
    if place is None:
        return
    course = await adopted(act, place.code)
    step = InviteCoordinator(0, 0, act.now + timedelta(days=act.services.invitation_days))
    if not await possible(act, step, place.code):
        return
    if act.person.role != "focal_point":
        await _ask(act, course, place)
        return
    rows = [
        [act.button(act.text("participants.i_coordinate"), "coord_me")],
        [act.button(act.text("participants.somebody_else"), "coord_other")],
    ]
    authority_named = await authority(act, course)
    await act.say(act.text("participants.who_coordinates", authority=authority_named), buttons=rows)


async def somebody_else(act: Act, _arguments: Sequence[str] = ()) -> None:
    """Another person is to be invited."""
    if await act.allow("name_coordinator"):
        await _ask(act, await adopted(act, act.person.country), country(act.person.country))


async def _ask(act: Act, course: Course, place: Country) -> None:
    from bot.steps.invitations import ask

    if not await possible(act, InviteCoordinator(0, 0, act.now), place.code):
        return
    before = predecessor(course)
    given = {"authority": await authority(act, course), "replaces": str(before.person_id) if before else ""}
    role = act.text("turns.role_coordinator")
    await ask(act, "coordinator", place, f"{role} · {place.name(act.language)}", given)


async def oneself(act: Act, _arguments: Sequence[str] = ()) -> None:
    """The focal point coordinates: a second part of the same person, at the same address."""
    course = await adopted(act, act.person.country)
    before = predecessor(course)
    replaces = before.person_id if before is not None else None
    if not await possible(act, BecomeCoordinator(0, 0, replaces)):
        return
    entity = await found_or_added(act, course, cleaned(await authority(act, course)))
    await adopted(act, act.person.country)
    successor = await second_part(act, entity.id)
    if await act.take(BecomeCoordinator(successor.id, entity.id, replaces)) is not None:
        await begun(act, successor)


async def second_part(act: Act, entity_id: int | None) -> Person:
    """The part that the focal point takes beside their own."""
    me = act.person
    part = await act.tx.people.add(me.country, "coordinator", entity_id, me.language, act.now, me.label)
    await act.tx.people.also(part.id, me.id)
    return part


async def begun(act: Act, part: Person) -> None:
    """The focal point goes on as coordinator: with the questionnaire, from its beginning or where it was left."""
    if act.incoming is None:
        return
    sender = act.incoming.sender
    await act.tx.people.bind(sender.channel, sender.address, part.id)
    other = Act(act.services, act.tx, part, act.now, act.incoming)
    await act.say(act.text("participants.you_coordinate"))
    await first_question(other)
    act.steps += other.steps
    names = {to.language: country(part.country).name(to.language) for to in await act.people("secretariat")}
    await act.tell(await act.people("secretariat"), lambda to: to.prompt(_told(to, names)))


def _told(to: Speaker, names: dict[str, str]) -> str:
    role = to.text("turns.role_focal_point")
    return to.text("participants.told_coordinator", country=names[to.language], person=role)


async def authority(act: Act, course: Course) -> str:
    """The name of the coordinating authority: that of the present coordinator's entity, or as it was expressed."""
    member = course.participants.coordinator() or predecessor(course)
    entity = await entity_of(act.tx, course, member.entity_id) if member is not None else None
    return entity.name if entity is not None else course.interest.authority


def predecessor(course: Course) -> Member | None:
    """The coordinator who left, and whom nobody succeeded so far."""
    known = course.participants
    ended = [one for one in known.members.values() if one.role == "coordinator" and one.ended_at is not None]
    succeeded = {one.replaces for one in known.members.values()}
    return next((one for one in reversed(ended) if one.person_id not in succeeded), None)


async def waiting(act: Act) -> Sequence[Task]:
    """The focal point's next step, once the country takes part."""
    if act.person.role != "focal_point":
        return ()
    course = await act.course()
    if takes_part(course) is not None or coordinated(course, act.now) is not None:
        return ()
    gone = predecessor(course)
    since = newest(course.interest.answered_at, gone.ended_at if gone is not None else None)
    button = act.button(act.text("participants.name_one"), "coord")
    matter = await about(act, course, "coordinator_missing", since=since)
    return [Task(act.text("participants.task_coordinator"), button, matter)]


CAPABILITY = Capability(
    commands={"coordinator": Command(name, "name_coordinator")},
    presses={"coord": name, "coord_me": oneself, "coord_other": somebody_else},
    tasks=waiting,
)
