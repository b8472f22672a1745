"""The entities that no guide does without, in conversation: missed until one is named, or until it is said why not."""

from __future__ import annotations

from collections.abc import Sequence

from bot.acting import Act
from bot.matters import about
from bot.participating import Listed, adopted
from bot.pressed import one_of, place_of
from bot.steps.capability import Capability, Task
from flows.country.essential import ESSENTIALS, Essential, missing
from flows.country.steps.course import Course
from flows.country.steps.identifying import WaiveEssential
from flows.country.steps.participants import REASONS
from flows.country.steps.waivers import is_waived


def lacking(course: Course, entities: Sequence[Listed]) -> list[Essential]:
    """Those that no entity is, and that nobody explained."""
    return [one for one in missing(entities) if not is_waived(course, one)]


async def tasks(act: Act, course: Course, entities: Sequence[Listed]) -> list[Task]:
    """One for each that is lacking."""
    return [
        Task(
            act.text(f"participants.missing_{one}"),
            act.button(act.text(f"participants.about_{one}"), "gap", course.country, one),
            await about(act, course, "entities", one),
        )
        for one in lacking(course, entities)
    ]


async def gap(act: Act, arguments: Sequence[str]) -> None:
    """Name one, or say in one tap why there is none: `gap <country> <essential>`."""
    essential = one_of(ESSENTIALS, arguments, 1)
    place = await place_of(act, arguments, "waive_gap")
    if place is None:
        return
    rows = [[act.button(act.text("participants.name_entity"), "ent_new", place.code)]]
    for reason in REASONS:
        rows.append([act.button(act.text(f"participants.reason_{reason}"), "waive", place.code, essential, reason)])
    await act.say(act.text(f"participants.why_{essential}"), buttons=rows)


async def waive(act: Act, arguments: Sequence[str]) -> None:
    """The reason is kept: `waive <country> <essential> <reason>`."""
    essential, reason = one_of(ESSENTIALS, arguments, 1), one_of(REASONS, arguments, 2)
    place = await place_of(act, arguments, "waive_gap")
    if place is None:
        return
    await adopted(act, place.code)
    if await act.take(WaiveEssential(essential, reason), place.code) is not None:
        await act.say(act.text("participants.waived", reason=act.text(f"participants.reason_{reason}")))


CAPABILITY = Capability(presses={"gap": gap, "waive": waive})
