"""`griot person` and `griot retention`: what is kept about people, and how long."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.commands.doorway import entered, services
from bot.commands.failing import explained, place, refuse, say
from flows.i18n import text

if TYPE_CHECKING:
    from bot.acting import Act, Services
    from bot.settings import Settings
    from db.people import Person
    from db.transaction import Transaction
    from flows.country.retention import Due

EXERCISE = "exercise"
"""In place of a country: those who belong to none."""
Number = Annotated[int, typer.Argument(metavar="N", help="The person's number, as griot person list shows it.")]
Yes = Annotated[bool, typer.Option("--yes", help="Really do it: it cannot be undone.")]


def register(app: typer.Typer) -> None:
    """Add this module's commands to `app`."""
    people = typer.Typer(name="person", help="Who takes part: list, copy, delete.", no_args_is_help=True)
    people.command("list")(list_)
    people.command("export")(export)
    people.command("delete")(delete)
    app.add_typer(people)
    retention = typer.Typer(name="retention", help="Delete what was kept for long enough.", no_args_is_help=True)
    retention.command("plan")(plan)
    retention.command("run")(run)
    app.add_typer(retention)


# ---- people -------------------------------------------------------------------------------------------------------
def list_(
    country: Annotated[str, typer.Argument(metavar="COUNTRY", help="ISO 3166-1 code, such as BFA; or exercise.")],
) -> None:
    """List who takes part or took part, with numbers, and until when their contact details are kept."""
    with explained() as settings:
        asyncio.run(_list(settings, country))


def export(
    number: Number,
    out: Annotated[Path, typer.Option("--out", help="The folder for the two files.")] = Path(),
) -> None:
    """Write everything that is kept about somebody, for who asked for it by letter."""
    with explained() as settings:
        asyncio.run(_export(settings, number, out))


def delete(number: Number, yes: Yes = False) -> None:
    """Delete somebody in all their parts; what they handed in for their institution stays under a number."""
    with explained() as settings:
        asyncio.run(_delete(settings, number, yes))


async def _list(settings: Settings, country: str) -> None:
    from bot.personal import human, when_due

    shown, code = settings.language, place(settings, country, whole=EXERCISE)
    working = services(settings)
    async with entered(settings, "person list", code) as store, store.reading() as tx:
        people = await tx.people.of_country(code)
        course = await working.dossiers.course(tx, code)
        for person in people:
            act = _act(working, tx, person)
            who = await human(act, person.id)
            state = text("rights.state_active", shown)
            if person.id in course.rights.erased:
                state = text("rights.state_erased", shown)
            elif person.ended_at is not None:
                state = text("rights.state_ended", shown, date=f"{person.ended_at:%Y-%m-%d}")
            if who is not None and person.id not in course.rights.erased:
                until = (await when_due(act, who)).at
                state += "  " + text("rights.until", shown, date=f"{until:%Y-%m-%d}")
            entity = await tx.entities.get(person.entity_id) if person.entity_id is not None else None
            line = text(
                "rights.listed",
                shown,
                number=person.id,
                role=text(f"turns.role_{person.role}", shown),
                entity=entity.name if entity else "—",
                label=person.label or "—",
                state=state,
            )
            say(line)
    if not people:
        typer.echo(text("rights.nobody", shown))


async def _export(settings: Settings, number: int, out: Path) -> None:
    from bot.copies import as_text
    from bot.personal import as_json, held, human
    from bot.writing import write

    shown = settings.language
    async with entered(settings, "person export", person=number) as store, store.writing() as tx:
        person = await tx.people.get(number)
        if person is None:
            refuse(text("rights.person_unknown", shown))
        act = _act(services(settings), tx, person)
        who = await human(act, number)
        assert who is not None  # noqa: S101 (found just now)
        found = await held(act, who)
        files = {
            out / f"person-{number}.json": as_json(found, act.now),
            out / f"person-{number}.txt": await as_text(act, found, person.language),
        }
        await act.audit("exported a person", "people", number)
    try:
        out.mkdir(parents=True, exist_ok=True)
        write(files, private=True)
    except OSError as problem:
        refuse(text("guides.not_written", shown, path=out, error=problem.strerror or type(problem).__name__))
    for path in files:
        typer.echo(text("rights.exported", shown, path=path))


async def _delete(settings: Settings, number: int, yes: bool) -> None:
    from bot.forgetting import drafts_of, forget, swept
    from bot.participating import part_of
    from bot.personal import human
    from bot.steps.rights import mentioned, told
    from flows import i18n
    from flows.country.steps.base import Refusal

    shown = settings.language
    working = services(settings)
    async with entered(settings, "person delete", person=number) as store:
        async with store.writing() as tx:
            person = await tx.people.get(number)
            if person is None:
                refuse(text("rights.person_unknown", shown))
            act = _act(working, tx, person)
            who = await human(act, number)
            assert who is not None  # noqa: S101 (found just now)
            if not yes:
                drafts = await drafts_of(act, who)
                key = "rights.would_delete" if drafts else "rights.would_keep"
                what = text(key, shown, len(drafts)) if drafts else text(key, shown)
                refuse(text("rights.confirm_needed", shown, number=number, what=what))
            named = {language: await part_of(tx, person, language) for language in i18n.languages()}
            gone = await forget(act, number, "letter")
            if isinstance(gone, Refusal):
                refuse(text(gone.reason, shown, None, **gone.values))
            await told(act, gone, who, named)
        whole = await swept(store, working.vault, gone.contents)
    typer.echo(text("rights.deleted", shown, number=number))
    if gone.mentions:
        typer.echo(text("rights.mentions", shown, len(gone.mentions)))
        for one in gone.mentions:
            say(f"  {mentioned(one, shown)}")
    if not whole:
        typer.echo(text("rights.not_overwritten", shown), err=True)


# ---- retention ----------------------------------------------------------------------------------------------------
def plan(
    country: Annotated[str, typer.Argument(metavar="[COUNTRY]", help="Only this country.")] = "",
) -> None:
    """Show what was kept for long enough and is due to be deleted, since when and why."""
    with explained() as settings:
        asyncio.run(_plan(settings, country))


def run(
    country: Annotated[str, typer.Argument(metavar="[COUNTRY]", help="Only this country.")] = "", yes: Yes = False
) -> None:
    """Delete what is due."""
    with explained() as settings:
        asyncio.run(_run(settings, country) if yes else _plan(settings, country, instead=True))


async def _plan(settings: Settings, country: str, *, instead: bool = False) -> None:
    from bot.retaining import planned

    shown = settings.language
    code = place(settings, country, whole=EXERCISE) if country else ""
    async with entered(settings, "retention plan", code) as store:
        found = await planned(services(settings), store, datetime.now(UTC), code)
    typer.echo(text("rights.plan", shown, len(found.due)) if found.due else text("rights.plan_nothing", shown))
    for one in found.due:
        values = {"category": _category(one, shown), "ref": one.item.ref, "at": f"{one.at:%Y-%m-%d}"}
        typer.echo(text("rights.plan_line", shown, None, **values, why=_why(settings, one)))
    for one in found.coming:
        values = {"category": _category(one, shown), "ref": one.item.ref, "at": f"{one.at:%Y-%m-%d}"}
        typer.echo(text("rights.plan_next", shown, None, **values))
    if instead and found.due:
        refuse(text("rights.run_confirm", shown))


async def _run(settings: Settings, country: str) -> None:
    from bot.retaining import run as do

    shown = settings.language
    code = place(settings, country, whole=EXERCISE) if country else ""
    async with entered(settings, "retention run", code) as store:
        ran = await do(services(settings), store, datetime.now(UTC), code)
    typer.echo(text("rights.run", shown, len(ran.done)) if ran.done else text("rights.plan_nothing", shown))
    if not ran.whole:
        typer.echo(text("rights.not_overwritten", shown), err=True)


def _category(one: Due, language: str) -> str:
    return text(f"rights.category_{one.item.category}", language)


def _why(settings: Settings, one: Due) -> str:
    months = settings.retention.of(one.item.category)
    if one.item.category != "contacts":
        return text("rights.why_over", settings.language, months=months)
    return text(f"rights.why_{one.end.how if one.end else 'idle'}", settings.language, months=months)


def _act(services: Services, tx: Transaction, person: Person) -> Act:
    """About somebody, as the command line acts."""
    from bot.acting import Act
    from flows.country.access import COMMAND_LINE

    act = Act(services, tx, person, datetime.now(UTC))
    act.actor = COMMAND_LINE
    return act
