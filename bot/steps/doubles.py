"""Entities that may be one, in conversation: two side by side, merged under the name kept, or kept apart."""

from __future__ import annotations

from collections.abc import Sequence

from bot.acting import Act
from bot.acting import listed as enumerated
from bot.messages import Line
from bot.paging import page_of, turns
from bot.participating import Listed, adopted, listed, short
from bot.pressed import entity_at, number, place_of
from bot.speaking import styled
from bot.steps.capability import Capability
from db.entities import Entity
from flows.country.matching import Pair, closest, duplicates, likeness
from flows.country.steps.course import Course
from flows.country.steps.identifying import KeepApart, MergeEntities
from flows.country.steps.participants import ANSWERING
from flows.questionnaires.wording import wording

PER_PAGE = 8


def found(course: Course, entities: Sequence[Listed]) -> list[Pair]:
    """Every two that may be one, the likeliest first, without those told apart already."""
    apart = course.participants.are_apart
    return [one for one in duplicates(entities) if not apart(entities[one.first].id, entities[one.second].id)]


async def compare(act: Act, course: Course, row: Entity, before: Sequence[Listed]) -> None:
    """Say whether an entity just named may be one that was there `before`."""
    near = closest(row.name, row.acronym, before, most=1)
    if near:
        await pair(act, course, before[near[0].index].id, row.id)


async def show(act: Act, arguments: Sequence[str]) -> None:
    """The next two that may be one: `doubles <country>`."""
    place = await place_of(act, arguments, "merge_entities")
    if place is not None:
        await _next(act, await adopted(act, place.code), said=False)


async def _next(act: Act, course: Course, *, said: bool) -> None:
    every = await listed(act.tx, course)
    pairs = found(course, every)
    if pairs:
        await pair(act, course, every[pairs[0].first].id, every[pairs[0].second].id, left=len(pairs) - 1)
    elif not said:
        await act.say(act.text("participants.no_doubles"))


async def pair(act: Act, course: Course, first: int, second: int, *, left: int = 0) -> None:
    """Two entities side by side, and the question whether they are one."""
    by_id = {one.id: one for one in await listed(act.tx, course)}
    one, other = by_id.get(first), by_id.get(second)
    if one is None or other is None or one is other:
        await act.say(act.text("participants.merge_itself" if one is not None else "participants.merged"))
        return
    reasons = likeness(one, other).reasons
    lines: list[str | Line] = [act.text("participants.may_be_one")]
    if reasons:
        because = enumerated([act.text(f"participants.because_{reason}") for reason in reasons], act.language)
        lines = [act.text("participants.may_be_one_because", reasons=because)]
    lines += [Line(f"{count}. {await _described(act, each)}", "item") for count, each in ((1, one), (2, other))]
    if left:
        lines.append(act.text("participants.doubles_left", left))
    rows = [
        [act.button(act.text("participants.keep_name", number=1), "merge", one.id, other.id)],
        [act.button(act.text("participants.keep_name", number=2), "merge", other.id, one.id)],
        [act.button(act.text("participants.not_one"), "apart", one.id, other.id)],
    ]
    await act.say(*lines, buttons=rows)


async def _described(act: Act, one: Listed) -> str:
    people = await act.people(*ANSWERING, country=one.row.country, entity_id=one.id)
    form = act.services.interviews.form.id
    contributions = [
        each for each in await act.tx.interviews.overview(form, one.row.country) if each.entity_id == one.id
    ]
    parts = [
        f"{one.name} ({one.acronym})" if one.acronym else one.name,
        wording().of_list("entity_type", one.kind, act.language) if one.kind else "",
        act.text("participants.people", len(people)),
        act.text("participants.contributions", len(contributions)),
    ]
    return " · ".join(part for part in parts if part)


async def merge(act: Act, arguments: Sequence[str]) -> None:
    """Two are one: `merge <kept> <merged>`."""
    kept, merged = await entity_at(act, arguments), await entity_at(act, arguments, 1)
    if kept is None or merged is None or kept.country != merged.country:
        return
    await adopted(act, kept.country)
    if await act.take(MergeEntities(kept.id, merged.id, merged.name), kept.country) is None:
        return
    await act.tx.entities.move(merged.id, kept.id)
    await act.say(act.text("participants.merged_into", name=kept.name, former=merged.name))
    await _next(act, await act.course(kept.country), said=True)


async def apart(act: Act, arguments: Sequence[str]) -> None:
    """They are two: it is remembered."""
    first, second = await entity_at(act, arguments), await entity_at(act, arguments, 1)
    if first is None or second is None or first.country != second.country:
        return
    await adopted(act, first.country)
    if await act.take(KeepApart(first.id, second.id), first.country) is None:
        return
    await act.say(act.text("participants.kept_apart"))
    await _next(act, await act.course(first.country), said=True)


async def choose(act: Act, arguments: Sequence[str]) -> None:
    """With which other entity is this one to be merged: `merge_with <entity> [<page>]`, or `… with <other>`."""
    entity = await entity_at(act, arguments)
    if entity is None:
        return
    course = await adopted(act, entity.country)
    if not await act.allow("merge_entities", entity.country):
        return
    others = [one for one in await listed(act.tx, course) if one.id != entity.id]
    shown = page_of(others, number(arguments, 1), PER_PAGE)
    lines = [f"{count}. {short(one.name)}" for count, one in shown.items]
    numbers = [act.button(str(count), "side_by_side", entity.id, one.id) for count, one in shown.items]
    rows = [numbers[:4], numbers[4:], *turns(act, shown, "merge_with", entity.id)]
    question = act.text("participants.merge_with_which", name=short(entity.name))
    await act.say(question, *styled("item", *lines), buttons=rows, key="merge", edit=len(arguments) > 1)


async def side_by_side(act: Act, arguments: Sequence[str]) -> None:
    """Two that somebody chose."""
    entity = await entity_at(act, arguments)
    if entity is not None and await act.allow("merge_entities", entity.country):
        await pair(act, await adopted(act, entity.country), entity.id, number(arguments, 1))


CAPABILITY = Capability(
    presses={
        "doubles": show,
        "merge": merge,
        "apart": apart,
        "merge_with": choose,
        "side_by_side": side_by_side,
    },
)
