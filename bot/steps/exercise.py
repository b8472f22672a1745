"""The exercise's dates in conversation: shown to whoever follows a country, set by the secretariat."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import cast

from bot.acting import Act
from bot.companions import Filled
from bot.messages import Button, Line
from bot.placing import meant, placed
from bot.speaking import Speaker, styled
from bot.steps.capability import Capability, Command
from flows.country.dates import interval, written
from flows.country.ledger import EXERCISE
from flows.country.steps.exercise import (
    PHASES,
    DatesSet,
    DropDates,
    DropMilestone,
    Exercise,
    Milestone,
    MilestoneSet,
    Phase,
    Planned,
    SetDates,
    SetMilestone,
    code_of,
    named,
    timetable,
)
from flows.knowledge import Country, country

ALL = "-"  # a button's argument: all countries


# ---- dates --------------------------------------------------------------------------------------------------------
async def dates(act: Act, arguments: Sequence[str]) -> None:
    """The timetable of a country; of the exercise, where nobody in particular is named by who works for all."""
    if not arguments and not act.person.country and act.may("set_dates", EXERCISE):
        await _show(act, None)
        return
    place = await placed(act, "dates", arguments, "see_status")
    if place is not None:
        await _show(act, place)


async def _show(act: Act, place: Country | None) -> None:
    region = (await act.services.dossiers.course(act.tx, EXERCISE)).exercise
    own = (await act.course(place.code)).exercise if place is not None else region
    lines: list[str | Line] = [Line(title(act.me, place), "title"), *_timetable(act.me, place, own, region)]
    if place is not None and set(region.planned) - set(own.planned):
        lines.append(act.text("exercise.follows"))
    milestones = upcoming(act.me, region)
    if milestones:
        lines += [Line(act.text("exercise.milestones"), "title"), *styled("item", *milestones)]
    await act.say(*lines, buttons=_changes(act, place, own))


def _changes(act: Act, place: Country | None, own: Exercise) -> list[list[Button]]:
    where = place.code if place is not None else ALL
    if not act.may("set_dates", EXERCISE):
        return []
    dropped = [
        [act.button(act.text("exercise.drop", phase=act.text(named(phase))), "dates_drop", where, phase)]
        for phase in PHASES
        if place is not None and phase in own.planned
    ]
    return [[act.button(act.text("exercise.change"), "dates_set", where)], *dropped]


async def change(act: Act, arguments: Sequence[str]) -> None:
    """Ask for the dates of a phase."""
    if not await act.allow("set_dates", EXERCISE):
        return
    where = meant(arguments, ALL)
    if not where:
        await act.say(act.text("steps.stale"))
        return
    place = country(where) if where != ALL else None
    region = (await act.services.dossiers.course(act.tx, EXERCISE)).exercise
    own = (await act.course(place.code)).exercise if place is not None else region
    lines = [title(act.me, place), *(line.text for line in _timetable(act.me, place, own, region))]
    await act.begin("dates", {"country": place.code if place is not None else EXERCISE, "timetable": "\n".join(lines)})


async def changed(act: Act, filled: Filled) -> bool:
    """The form is filled in."""
    place = filled.given.get("country", EXERCISE)
    phase = cast(Phase, filled.get("phase"))
    begins, ends = date.fromisoformat(filled.get("begins")), date.fromisoformat(filled.get("ends"))
    region = (await act.services.dossiers.course(act.tx, EXERCISE)).exercise.planned if place else {}
    if await act.take(SetDates(phase, begins, ends, region), place) is None:
        return False
    await act.say(act.text("exercise.set", phase=act.text(named(phase)), dates=interval(begins, ends, act.language)))
    if place:
        made = DatesSet(phase, begins, ends)
        await act.tell(
            await act.people("coordinator", "focal_point", country=place), lambda to: to.prompt(_told(to, place, made))
        )
    return True


def _told(to: Speaker, place: str, made: DatesSet) -> str:
    dates = interval(made.begins, made.ends, to.language)
    of = country(place).forms(to.language).of
    return to.text("exercise.told", of=of, phase=to.text(named(made.phase)), dates=dates)


async def drop(act: Act, arguments: Sequence[str]) -> None:
    """Take back the dates of a phase."""
    place, phase = meant(arguments, ALL), _phase(arguments[1:])
    if not place or phase is None:
        await act.say(act.text("steps.stale"))
        return
    if await act.take(DropDates(phase), EXERCISE if place == ALL else place) is not None:
        await act.say(act.text("exercise.dropped", phase=act.text(named(phase))))


def _phase(arguments: Sequence[str]) -> Phase | None:
    return next((phase for phase in PHASES if arguments and phase == arguments[0]), None)


# ---- milestones ---------------------------------------------------------------------------------------------------
async def milestones(act: Act, _arguments: Sequence[str]) -> None:
    """The milestones, each with a button that removes it."""
    if not await act.allow("set_dates", EXERCISE):
        return
    region = (await act.services.dossiers.course(act.tx, EXERCISE)).exercise
    shown = upcoming(act.me, region)
    lines = [Line(act.text("exercise.milestones"), "title")]
    lines += styled("item", *shown) if shown else [Line(act.text("exercise.no_milestones"))]
    buttons = [[act.button(act.text("exercise.milestone_change"), "milestone_set")]]
    for one in in_order(region):
        label = act.text("exercise.milestone_drop", milestone=called(act.me, one))
        buttons.append([act.button(label, "milestone_drop", one.code)])
    await act.say(*lines, buttons=buttons)


async def change_milestone(act: Act, _arguments: Sequence[str]) -> None:
    """Ask which one, and its day."""
    if not await act.allow("set_dates", EXERCISE):
        return
    region = (await act.services.dossiers.course(act.tx, EXERCISE)).exercise
    shown = upcoming(act.me, region) or [act.text("exercise.no_milestones")]
    await act.begin("milestone", {"milestones": "\n".join(shown)})


async def milestone_changed(act: Act, filled: Filled) -> bool:
    """The form is filled in."""
    region = (await act.services.dossiers.course(act.tx, EXERCISE)).exercise
    name = "" if filled.get("which") == "som" else filled.get("title")
    step = SetMilestone(code_of(name, region), date.fromisoformat(filled.get("day")), name)
    facts = await act.take(step, EXERCISE)
    if facts is None:
        return False
    one = next(Milestone(fact.code, fact.on, fact.name) for fact in facts if isinstance(fact, MilestoneSet))
    day = written(one.on, act.language)
    await act.say(act.text("exercise.milestone_set", milestone=called(act.me, one), day=day))
    return True


async def drop_milestone(act: Act, arguments: Sequence[str]) -> None:
    """It does not take place."""
    region = (await act.services.dossiers.course(act.tx, EXERCISE)).exercise
    code = arguments[0] if arguments else ""
    known = region.milestones.get(code)
    if await act.take(DropMilestone(code), EXERCISE) is not None and known is not None:
        await act.say(act.text("exercise.milestone_dropped", milestone=called(act.me, known)))


# ---- words --------------------------------------------------------------------------------------------------------
def title(me: Speaker, place: Country | None) -> str:
    """Whose timetable it is."""
    if place is None:
        return me.text("exercise.of_exercise")
    return me.text("exercise.of_country", of=place.forms(me.language).of)


def _timetable(me: Speaker, place: Country | None, own: Exercise, region: Exercise) -> tuple[Line, ...]:
    planned = timetable(own.planned, region.planned) if place is not None else region.planned
    if not planned:
        return (Line(me.text("exercise.no_timetable")),)
    return styled("item", *(_line(me, phase, planned, place, own) for phase in PHASES if phase in planned))


def _line(me: Speaker, phase: Phase, planned: dict[Phase, Planned], place: Country | None, own: Exercise) -> str:
    key = "exercise.line_own" if place is not None and phase in own.planned else "exercise.line"
    dates = interval(planned[phase].begins, planned[phase].ends, me.language)
    return me.text(key, phase=me.text(named(phase)), dates=dates)


def in_order(region: Exercise) -> list[Milestone]:
    """Milestones as they come."""
    return sorted(region.milestones.values(), key=lambda one: (one.on, one.code))


def called(me: Speaker, one: Milestone) -> str:
    """A milestone's name."""
    return one.name or (me.text("exercise.milestone_SOM") if one.code == "SOM" else one.code)


def upcoming(me: Speaker, region: Exercise) -> list[str]:
    """A line for each milestone."""
    return [
        me.text("exercise.line", phase=called(me, one), dates=written(one.on, me.language)) for one in in_order(region)
    ]


CAPABILITY = Capability(
    commands={"dates": Command(dates, "see_status"), "milestone": Command(milestones, "set_dates")},
    presses={
        "dates": dates,
        "dates_set": change,
        "dates_drop": drop,
        "milestone_set": change_milestone,
        "milestone_drop": drop_milestone,
    },
    forms={"dates": changed, "milestone": milestone_changed},
)
