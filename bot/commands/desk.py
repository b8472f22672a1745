"""`griot desk`: findings of desk research brought in from a file, and listed."""

from __future__ import annotations

import asyncio
import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.commands.failing import content, explained, misused, place, refuse, say
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
    from bot.commands.terminal import opened
    from bot.documents.tables import LARGEST, NotRead, read_table
    from bot.findings import names_of
    from bot.steps.desk import today

    shown = settings.language
    code = place(settings, country)
    try:
        read = content(file, LARGEST)
    except OSError as problem:
        refuse(text("desk.not_opened", shown, path=file, error=problem.strerror or type(problem).__name__))
    try:
        with progress(text("desk.reading", shown)):
            table = await asyncio.to_thread(read_table, file.name, read)
    except NotRead as problem:
        refuse(text(problem.reason, shown, None, most=problem.most))
    sha256 = hashlib.sha256(read).hexdigest()
    async with opened(settings, "desk import", code, sha256=sha256) as terminal, terminal.acting() as act:
        day = today(code, act.now)
        checked = await importing.looked_through(act.tx, await act.course(code), table, day)
        names = await names_of(act.tx, code)
        say(*importing.report(checked, file.name, code, names, shown))
        recorded = None
        if yes and checked.ready and not checked.problems:
            recorded = await act.take(importing.step_of(checked, names, read, day), code)
        if recorded is not None:
            await importing.announce(act.tx, await act.course(code), len(recorded), act.now)
    if recorded is not None:
        typer.echo(text("desk.imported", shown, len(recorded)))
    elif not yes:
        typer.echo(text("desk.dry_run", shown))
    if checked.problems:
        raise typer.Exit(1)


async def _list(settings: Settings, country: str, state: str) -> None:
    from bot.commands.doorway import entered
    from bot.dossiers import Dossiers
    from bot.findings import entity_of, names_of, short
    from flows.country.steps.desk import STATES
    from flows.questionnaires.topics import topics

    shown = settings.language
    code = place(settings, country)
    if state and state not in STATES:
        misused(text("desk.unknown_state", shown, known=", ".join(STATES)))
    async with entered(settings, "desk list", code) as store, store.looking() as tx:
        course = await Dossiers().course(tx, code)
        names = await names_of(tx, code)
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
        say(f"{line} · {text(f'desk.state_{one.state}', shown)}")
    typer.echo(text("desk.listed", shown, len(found)) if found else text("desk.list_none", shown))
