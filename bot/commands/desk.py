"""`griot desk`: findings of desk research brought in from a file, and listed."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.commands.failing import existing, explained, misused, refuse
from bot.commands.progress import progress
from flows.i18n import text

if TYPE_CHECKING:
    from bot.settings import Settings

Country = Annotated[str, typer.Argument(metavar="COUNTRY", help="ISO 3166-1 code, such as BFA.")]


def register(app: typer.Typer) -> None:
    """Add this module's commands to `app`."""
    desk = typer.Typer(name="desk", help="Import and list findings of desk research.", no_args_is_help=True)
    desk.command("import")(import_)
    desk.command("list")(list_)
    app.add_typer(desk)


def import_(
    country: Country,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="CSV, XLSX, TOML or JSON; see docs/reference.")],
    yes: Annotated[bool, typer.Option("--yes", help="Record them; otherwise nothing is recorded.")] = False,
) -> None:
    """Bring findings in from a file, all of them or none, and propose them to the entities concerned."""
    with explained() as settings:
        asyncio.run(_import(settings, country, file, yes))


def list_(
    country: Country,
    state: Annotated[str, typer.Option(help="proposed, confirmed, corrected, rejected or withdrawn; all else.")] = "",
) -> None:
    """List the findings of a country with what became of them."""
    with explained() as settings:
        asyncio.run(_list(settings, country, state))


async def _import(settings: Settings, country: str, file: Path, yes: bool) -> None:
    from bot import importing
    from bot.documents.tables import NotRead, read_table
    from bot.dossiers import Dossiers, Trace
    from bot.findings import names_of
    from bot.steps.desk import today
    from flows.country.access import COMMAND_LINE
    from flows.country.steps.base import Refusal

    shown = settings.language
    code = _code(country, shown)
    try:
        content = file.read_bytes()
    except OSError as problem:
        refuse(text("desk.not_opened", shown, path=file, error=problem.strerror or type(problem).__name__))
    try:
        with progress(text("desk.reading", shown)):
            table = await asyncio.to_thread(read_table, file.name, content)
    except NotRead as problem:
        refuse(text(problem.reason, shown, None, most=problem.most))
    now = datetime.now(UTC)
    store = await existing(settings)
    try:
        dossiers = Dossiers()
        async with store.writing() as tx:
            course = await dossiers.course(tx, code)
            checked = await importing.looked_through(tx, course, table, today(code, now))
            names = await names_of(tx, code)
            decision = None
            if yes and checked.ready and not checked.problems:
                step = importing.step_of(checked, names, content, today(code, now))
                decision = await dossiers.take(tx, code, COMMAND_LINE, step, now, Trace("command line"))
                if not isinstance(decision, Refusal):
                    await importing.announce(tx, await dossiers.course(tx, code), len(decision), now)
    finally:
        await store.close()
    for line in importing.report(checked, file.name, code, names, shown):
        typer.echo(line)
    if isinstance(decision, Refusal):
        refuse(importing.said(decision, shown))
    if decision is not None:
        typer.echo(text("desk.imported", shown, len(decision)))
    elif not yes:
        typer.echo(text("desk.dry_run", shown))
    if checked.problems:
        raise typer.Exit(1)


async def _list(settings: Settings, country: str, state: str) -> None:
    from bot.dossiers import Dossiers
    from bot.findings import entity_of, names_of, short
    from flows.country.steps.desk import STATES
    from flows.questionnaires.topics import topics

    shown = settings.language
    code = _code(country, shown)
    if state and state not in STATES:
        misused(text("desk.unknown_state", shown, known=", ".join(STATES)))
    store = await existing(settings)
    try:
        async with store.looking() as tx:
            course = await Dossiers().course(tx, code)
            names = await names_of(tx, code)
    finally:
        await store.close()
    found = [one for one in course.findings.made.values() if state in ("", one.state)]
    for one in found:
        topic = topics().get(one.field)
        line = text(
            "desk.line",
            shown,
            number=one.number,
            about=topic.code if topic is not None else one.section,
            entity=entity_of(course, one, names, shown),
            text=short(one.said or one.text, 120),
        )
        typer.echo(f"{line} · {text(f'desk.state_{one.state}', shown)}")
    typer.echo(text("desk.listed", shown, len(found)) if found else text("desk.list_none", shown))


def _code(country: str, shown: str) -> str:
    from flows.knowledge import UnknownCountry
    from flows.knowledge import country as country_of

    try:
        return country_of(country).code
    except UnknownCountry:
        refuse(text("guides.unknown_country", shown))
