"""`griot status`, `griot dates` and `griot milestone`: where the exercise stands, and what is planned."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from bot.commands.doorway import OVERVIEW, entered
from bot.commands.failing import explained, misused, place, printable, refuse, say
from bot.commands.progress import progress
from flows.country.ledger import EXERCISE
from flows.i18n import text

if TYPE_CHECKING:
    from bot.settings import Settings
    from flows.country.steps.base import Step
    from flows.country.steps.exercise import Exercise, Phase
    from flows.interview.form import Form

ALL = "all"
WIDE = 120  # characters of a line where no terminal says
Place = Annotated[str, typer.Argument(metavar="COUNTRY", help="ISO 3166-1 code, such as BFA; all: all countries.")]
Which = Annotated[
    str, typer.Argument(metavar="PHASE", help="EOI, QUEST, WORKSHOP, DRAFT, ENDORSE, PUBLISH or CONTINUE.")
]
Code = Annotated[str, typer.Argument(metavar="CODE", help="SOM, or another short code.")]


def register(app: typer.Typer) -> None:
    """Add this module's commands to `app`."""
    app.command("status")(status)
    dates = typer.Typer(name="dates", help="Plan the phases of the exercise.", no_args_is_help=True)
    dates.command("show")(show)
    dates.command("set")(set_)
    dates.command("drop")(drop)
    app.add_typer(dates)
    milestone = typer.Typer(name="milestone", help="Milestones of all countries.", no_args_is_help=True)
    milestone.command("show")(milestones)
    milestone.command("set")(set_milestone)
    milestone.command("drop")(drop_milestone)
    app.add_typer(milestone)


def status(
    country: Annotated[str, typer.Argument(metavar="COUNTRY", help="ISO 3166-1 code; all countries without.")] = "",
) -> None:
    """Say where the exercise stands, or one country with its entities."""
    with explained() as settings:
        asyncio.run(_country(settings, country) if country else _overview(settings))


def show(country: Place = ALL) -> None:
    """Show what is planned for a country, or for all of them."""
    with explained() as settings:
        asyncio.run(_show(settings, place(settings, country, whole=ALL)))


def set_(
    country: Place,
    phase: Which,
    begins: Annotated[str, typer.Argument(metavar="BEGIN", help="First day, such as 2027-01-10.")],
    ends: Annotated[str, typer.Argument(metavar="END", help="Last day, such as 2027-03-31.")],
) -> None:
    """Plan a phase."""
    with explained() as settings:
        shown = settings.language
        code, name = place(settings, country, whole=ALL), _phase(phase, shown)
        asyncio.run(_set(settings, code, name, _day(begins, shown), _day(ends, shown)))


def drop(country: Place, phase: Which) -> None:
    """Take back the dates of a phase; the country follows those of all countries again."""
    from flows.country.steps.exercise import DropDates, named

    with explained() as settings:
        shown = settings.language
        code, name = place(settings, country, whole=ALL), _phase(phase, shown)
        asyncio.run(_take(settings, "dates drop", code, DropDates(name)))
        typer.echo(text("exercise.dropped", shown, phase=text(named(name), shown)))


def milestones() -> None:
    """Show the milestones of all countries."""
    with explained() as settings:
        asyncio.run(_milestones(settings))


def set_milestone(
    code: Code,
    day: Annotated[str, typer.Argument(metavar="DAY", help="Such as 2027-06-15.")],
    name: Annotated[str, typer.Option(help="What it is called; the SOM has its own name.")] = "",
) -> None:
    """Set a milestone of all countries, or move it."""
    from flows.country.dates import written
    from flows.country.standing_told import milestone_name
    from flows.country.steps.exercise import SetMilestone

    with explained() as settings:
        shown = settings.language
        on = _day(day, shown)
        region = asyncio.run(_take(settings, "milestone set", EXERCISE, SetMilestone(code, on, name)))
        called = milestone_name(region.milestones[code.strip().upper()], shown)
        typer.echo(text("exercise.milestone_set", shown, milestone=called, day=written(on, shown)))
        _past(on, shown)


def drop_milestone(code: Code) -> None:
    """Remove a milestone."""
    from flows.country.steps.exercise import DropMilestone

    with explained() as settings:
        asyncio.run(_take(settings, "milestone drop", EXERCISE, DropMilestone(code)))
        typer.echo(text("exercise.milestone_dropped", settings.language, milestone=code.strip().upper()))


# ---- planning -----------------------------------------------------------------------------------------------------
async def _set(settings: Settings, code: str, phase: Phase, begins: date, ends: date) -> None:
    from bot.commands.terminal import opened
    from flows.country.dates import interval
    from flows.country.steps.exercise import SetDates, named

    shown = settings.language
    async with opened(settings, "dates set", code, phase=phase) as terminal:
        region = (await terminal.course(EXERCISE)).exercise.planned if code else {}
        await terminal.take(code, SetDates(phase, begins, ends, region))
    typer.echo(text("exercise.set", shown, phase=text(named(phase), shown), dates=interval(begins, ends, shown)))
    _past(ends, shown)


def _past(last: date, shown: str) -> None:
    """Say of days that are over that they are: they may be meant, or mistyped."""
    if last < datetime.now(UTC).date():
        typer.echo(text("secretariat.past", shown), err=True)


async def _take(settings: Settings, errand: str, code: str, step: Step) -> Exercise:
    """Take a step as the secretariat does; what is planned there afterwards."""
    from bot.commands.terminal import opened

    async with opened(settings, errand, code) as terminal:
        return (await terminal.take(code, step)).exercise


async def _exercises(settings: Settings, errand: str, code: str) -> tuple[Exercise, Exercise]:
    """What is planned for a country, and for all of them."""
    from bot.dossiers import Dossiers

    async with entered(settings, errand, code) as store, store.looking() as tx:
        return (await Dossiers().course(tx, code)).exercise, (await Dossiers().course(tx)).exercise


async def _show(settings: Settings, code: str) -> None:
    from flows.country.steps.exercise import PHASES, named, timetable

    shown = settings.language
    own, region = await _exercises(settings, "dates show", code)
    planned = timetable(own.planned, region.planned) if code else region.planned
    if not planned:
        typer.echo(text("exercise.no_timetable", shown))
        return
    rows = [
        (
            text(named(phase), shown),
            f"{planned[phase].begins}",
            f"{planned[phase].ends}",
            text("exercise.yes", shown) if code and phase in own.planned else "",
        )
        for phase in PHASES
        if phase in planned
    ]
    _print([text(f"exercise.column_{name}", shown) for name in ("phase", "begins", "ends", "own")], rows)


async def _milestones(settings: Settings) -> None:
    from flows.country.dates import written
    from flows.country.standing_told import milestone_name

    shown = settings.language
    _, region = await _exercises(settings, "milestone show", EXERCISE)
    for one in sorted(region.milestones.values(), key=lambda one: (one.on, one.code)):
        day = written(one.on, shown)
        say(f"{one.code}: {text('exercise.line', shown, phase=milestone_name(one, shown), dates=day)}")
    if not region.milestones:
        typer.echo(text("exercise.no_milestones", shown))


# ---- where things stand -------------------------------------------------------------------------------------------
async def _overview(settings: Settings) -> None:
    from bot import standings
    from bot.dossiers import Dossiers
    from flows.country import standing_told as told
    from flows.knowledge import country as country_of

    shown, now = settings.language, datetime.now(UTC)
    async with entered(settings, OVERVIEW) as store, store.reading() as tx:
        with progress(text("status.reading", shown)):
            found = await standings.overview(Dossiers(), tx, _form().id, now)
    if not found.standings:
        typer.echo(text("status.nothing", shown))
        return
    typer.echo(told.totals(found.standings, shown))
    for line in told.milestones(found.region, now.date(), shown):
        typer.echo(line)
    rows = [
        (
            f"{country_of(one.country).name(shown)} ({one.country})",
            told.progress(one, shown),
            "\n".join(told.late_phases(one, shown)),
            f"{one.count('submitted') + one.count('accepted')}/{len(one.entities)}",
            f"{one.count('accepted')}/{len(one.entities)}",
            "\n".join(told.waits(one, shown)),
        )
        for one in told.by_attention(found.standings, shown)
    ]
    names = ("country", "phases", "late", "submitted", "accepted", "waits")
    _print([text(f"status.column_{name}", shown) for name in names], rows)


async def _country(settings: Settings, given: str) -> None:
    from bot import standings
    from bot.dossiers import Dossiers
    from flows.country import standing_told as told
    from flows.country.board import SIGNS

    shown, now = settings.language, datetime.now(UTC)
    code = place(settings, given, whole=ALL)
    if not code:
        await _overview(settings)
        return
    form = _form()
    async with entered(settings, "status", code) as store, store.reading() as tx:
        with progress(text("status.reading", shown)):
            one, region = await standings.of_country(Dossiers(), tx, form.id, code, now)
            names = await standings.entity_names(tx, code)
            people = await standings.people_names(tx, code)
            known = code in await tx.ledger.chains() or bool(one.entities)
    if not known:
        refuse(text("status.not_open", shown))
    today = standings.day_in(code, now)
    for line in (*told.phase_lines(one, today, shown), *told.milestones(region, today, shown)):
        typer.echo(line)
    if one.waits:
        typer.echo(text("status.waits", shown, waits=", ".join(told.waits(one, shown))))
    typer.echo(told.entity_count(one, shown))
    board = told.board(one, names, people, standings.sections(form, shown), today, shown)
    if board.rows:
        numbers = [str(number) for number in range(1, len(board.columns) + 1)]
        rows = [(row.name, *(SIGNS[cell] for cell in row.cells), row.note) for row in board.rows]
        _print([text("status.column_entity", shown), *numbers, ""], rows)
        typer.echo(" · ".join(f"{number} {name}" for number, name in zip(numbers, board.columns, strict=True)))
        typer.echo(" · ".join(f"{SIGNS[state]} {label}" for state, label in board.legend.items()))


def _form() -> Form:
    from flows.interview.form import load
    from flows.questionnaires import compiled

    return load(compiled())


def _print(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    from rich import box
    from rich.console import Console
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD)
    for head in heads:
        table.add_column(head, overflow="fold")
    for row in rows:
        table.add_row(*map(_plain, row))
    console = Console()
    console.width = console.width if console.is_terminal else WIDE
    console.print(table)


def _plain(cell: str) -> str:
    """What people wrote, without what a terminal or rich would act on."""
    from rich.markup import escape

    return escape(printable(cell))


# ---- what was typed -----------------------------------------------------------------------------------------------
def _phase(given: str, shown: str) -> Phase:
    from flows.country.steps.exercise import PHASES

    phase = given.strip().upper()
    if phase not in PHASES:
        misused(text("exercise.bad_phase", shown, phase=given, known=", ".join(PHASES)))
    return phase


def _day(given: str, shown: str) -> date:
    try:
        return date.fromisoformat(given.strip())
    except ValueError:
        misused(text("exercise.bad_date", shown, day=given))
