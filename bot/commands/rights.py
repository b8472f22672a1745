"""`griot person`, `griot retention` and `griot audit`: what is kept about people, how long, and who looked at it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from bot.commands.failing import existing, explained, refuse
from flows.i18n import text

if TYPE_CHECKING:
    from bot.acting import Act, Services
    from bot.settings import Settings
    from db.database import Store
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
    audit = typer.Typer(name="audit", help="Export and check the audit log.", no_args_is_help=True)
    audit.command("export")(audit_export)
    audit.command("check")(audit_check)
    app.add_typer(audit)


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

    shown, place = settings.language, _place(country, settings.language)
    async with _opened(settings) as (store, services), store.reading() as tx:
        people = await tx.people.of_country(place)
        course = await services.dossiers.course(tx, place)
        for person in people:
            act = _act(services, tx, person)
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
            typer.echo(line)
    if not people:
        typer.echo(text("rights.nobody", shown))


async def _export(settings: Settings, number: int, out: Path) -> None:
    from bot.copies import as_text
    from bot.personal import as_json, held, human
    from bot.writing import write

    shown = settings.language
    async with _opened(settings) as (store, services), store.writing() as tx:
        person = await tx.people.get(number)
        if person is None:
            refuse(text("rights.person_unknown", shown))
        act = _act(services, tx, person)
        who = await human(act, number)
        assert who is not None  # noqa: S101 (found just now)
        found = await held(act, who)
        files = {
            out / f"person-{number}.json": as_json(found, act.now),
            out / f"person-{number}.txt": as_text(act, found, person.language),
        }
        await act.audit("exported a person", "people", number)
    try:
        out.mkdir(parents=True, exist_ok=True)
        write(files, private=True)
    except OSError as problem:
        refuse(text("ledger.not_written", shown, path=out, error=problem.strerror or type(problem).__name__))
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
    async with _opened(settings) as (store, services):
        async with store.writing() as tx:
            person = await tx.people.get(number)
            if person is None:
                refuse(text("rights.person_unknown", shown))
            act = _act(services, tx, person)
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
        whole = await swept(store, services.vault, gone.contents)
    typer.echo(text("rights.deleted", shown, number=number))
    if gone.mentions:
        typer.echo(text("rights.mentions", shown, len(gone.mentions)))
        for one in gone.mentions:
            typer.echo(f"  {mentioned(one, shown)}")
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
    place = _place(country, shown) if country else ""
    async with _opened(settings) as (store, services):
        found = await planned(services, store, datetime.now(UTC), place)
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
    place = _place(country, shown) if country else ""
    async with _opened(settings) as (store, services):
        ran = await do(services, store, datetime.now(UTC), place)
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


# ---- the audit log ------------------------------------------------------------------------------------------------
def audit_export(
    out: Annotated[Path, typer.Option("--out", help="The file.")],
    format: Annotated[Literal["jsonl", "csv"], typer.Option("--format", help="How it is written.")] = "jsonl",
) -> None:
    """Write the audit log to a file: who did what, when and where."""
    with explained() as settings:
        asyncio.run(_audit_export(settings, out, format))


def audit_check() -> None:
    """Check that nothing in the audit log was changed, added between or removed. Exit 0 when it holds."""
    with explained() as settings:
        asyncio.run(_audit_check(settings))


async def _audit_export(settings: Settings, out: Path, format: str) -> None:
    from bot.audit_files import as_csv, as_jsonl
    from bot.writing import write

    shown = settings.language
    store = await existing(settings)
    try:
        async with store.reading() as tx:
            entries = await tx.audit.entries()
    finally:
        await store.close()
    if not entries:
        refuse(text("rights.audit_empty", shown))
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        write({out: as_csv(entries) if format == "csv" else as_jsonl(entries)}, private=True)
    except OSError as problem:
        refuse(text("ledger.not_written", shown, path=out, error=problem.strerror or type(problem).__name__))
    typer.echo(text("rights.audit_exported", shown, len(entries), path=out, hash=entries[-1].hash))


async def _audit_check(settings: Settings) -> None:
    from db.audit import breaks

    shown = settings.language
    store = await existing(settings)
    try:
        async with store.reading() as tx:
            entries = await tx.audit.entries()
    finally:
        await store.close()
    broken = breaks(entries)
    for number in broken:
        typer.echo(text("rights.audit_broken", shown, number=number))
    if broken:
        raise typer.Exit(1)
    if entries:
        typer.echo(text("rights.audit_holds", shown, len(entries), hash=entries[-1].hash))
    else:
        typer.echo(text("rights.audit_empty", shown))


# ---- what they work with ------------------------------------------------------------------------------------------
@asynccontextmanager
async def _opened(settings: Settings) -> AsyncIterator[tuple[Store, Services]]:
    from bot.acting import Services
    from bot.app import guide_forms
    from bot.attachments import Vault
    from bot.dossiers import Dossiers
    from bot.interviews import Interviews

    store = await existing(settings)
    try:
        yield (
            store,
            Services(
                Dossiers(),
                Interviews(guide_forms, settings.contact),
                Vault(settings.attachments),
                link=lambda code: code,
                contact=settings.contact,
                retention=settings.retention,
            ),
        )
    finally:
        await store.close()


def _act(services: Services, tx: Transaction, person: Person) -> Act:
    """About somebody, as the command line acts."""
    from bot.acting import Act
    from flows.country.access import COMMAND_LINE

    act = Act(services, tx, person, datetime.now(UTC))
    act.actor = COMMAND_LINE
    return act


def _place(country: str, language: str) -> str:
    from flows.knowledge import UnknownCountry
    from flows.knowledge import country as country_of

    if country.strip().lower() == EXERCISE:
        return ""
    try:
        return country_of(country).code
    except UnknownCountry:
        refuse(text("guides.unknown_country", language))
