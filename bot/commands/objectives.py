"""`griot objectives`: the dialogue's activities by objective of the Global Compact, and the report across countries."""

from __future__ import annotations

import asyncio
import hashlib
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

import typer

from bot.commands.failing import content, explained, misused, refuse, say
from bot.commands.progress import progress
from flows.country.ledger import EXERCISE
from flows.i18n import text

if TYPE_CHECKING:
    from bot.documents import Format
    from bot.settings import Settings

FORMATS = ("docx", "pdf", "html")
TABLES = ("csv", "xlsx", "toml")


def register(app: typer.Typer) -> None:
    """Add this module's commands to `app`."""
    objectives = typer.Typer(
        name="objectives", help="Activities by objective of the Global Compact.", no_args_is_help=True
    )
    objectives.command("list")(list_)
    objectives.command("import")(import_)
    objectives.command("export")(export)
    objectives.command("report")(report)
    app.add_typer(objectives)


def list_(
    objective: Annotated[int, typer.Argument(metavar="[OBJECTIVE]", help="1 to 23; all without.", min=0, max=23)] = 0,
) -> None:
    """List the activities, or those of one objective."""
    with explained() as settings:
        asyncio.run(_list(settings, objective))


def import_(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="CSV, XLSX or TOML; see docs/reference/objectives.md.")],
    yes: Annotated[bool, typer.Option("--yes", help="Keep them; otherwise the file is only looked through.")] = False,
) -> None:
    """Bring activities in from a file, all of them or none: a known code corrects that activity, others are added."""
    with explained() as settings:
        asyncio.run(_import(settings, file, yes))


def export(
    out: Annotated[Path, typer.Option(help="The file: .csv, .xlsx or .toml.")] = Path("objectives.csv"),
) -> None:
    """Write the catalogue into a file that `griot objectives import` takes back."""
    with explained() as settings:
        asyncio.run(_export(settings, out))


def report(
    language: Annotated[str, typer.Option(help="Language of the report: fr or en.")] = "fr",
    format: Annotated[str, typer.Option(help="docx, pdf, html, or several with commas.")] = "pdf,docx,html",
    out: Annotated[Path, typer.Option(help="Folder for the files.")] = Path("out"),
) -> None:
    """Make the report: activities of the dialogue and what published guides add, by objective."""
    with explained() as settings:
        asyncio.run(_report(settings, language, format, out))


async def _list(settings: Settings, objective: int) -> None:
    from bot.commands.doorway import entered
    from bot.dossiers import Dossiers
    from flows.country.alignment import where
    from flows.country.steps.activities import catalogue

    shown = settings.language
    async with entered(settings, "objectives list", new=True) as store, store.looking() as tx:
        held = catalogue(await Dossiers().course(tx, EXERCISE))
    found = held.of(objective) if objective else held.activities
    for one in found:
        numbers = " ".join(map(str, one.objectives))
        kind = text(f"objectives.kind_{one.kind}", shown)
        say(f"{one.code}\t{numbers}\t{kind}\t{one.title(shown)}\t{where(one, shown)}")
    typer.echo(text("objectives.listed", shown, len(found), version=held.version))


async def _import(settings: Settings, file: Path, yes: bool) -> None:
    from bot.acting import why
    from bot.commands.terminal import opened
    from bot.documents.tables import LARGEST, NotRead, read_table
    from flows.country.activity_table import check
    from flows.country.steps.activities import KeepActivities

    shown = settings.language
    try:
        read = content(file, LARGEST)
    except OSError as problem:
        refuse(text("desk.not_opened", shown, path=file, error=problem.strerror or type(problem).__name__))
    try:
        with progress(text("desk.reading", shown)):
            columns, rows = await asyncio.to_thread(read_table, file.name, read)
    except NotRead as problem:
        refuse(text(problem.reason, shown, None, most=problem.most))
    checked = check(columns, rows, datetime.now(UTC).date())
    for column in checked.ignored:
        say(text("desk.unknown_column", shown, name=column[:40]))
    if checked.problems:
        for one in checked.problems:
            say(text("desk.problem", shown, row=one.row, column=one.column, reason=why(one.reason, shown)), err=True)
        refuse(text("objectives.import_nothing", shown, len(checked.problems)))
    if not yes:
        typer.echo(text("objectives.import_sound", shown, len(checked.activities)))
        return
    sha256 = hashlib.sha256(read).hexdigest()
    facts = None
    async with opened(settings, "objectives import", new=True, sha256=sha256) as terminal, terminal.acting() as act:
        facts = await act.take(KeepActivities(checked.activities), EXERCISE)
    if facts is not None:
        typer.echo(text("objectives.imported", shown, len(facts)))


async def _export(settings: Settings, out: Path) -> None:
    from bot.commands.doorway import entered
    from bot.documents.spreadsheet import Sheet, to_csv, to_xlsx
    from bot.dossiers import Dossiers
    from bot.writing import write
    from flows.country.activity_table import COLUMNS, rows_of
    from flows.country.steps.activities import catalogue

    shown, kind = settings.language, out.suffix.removeprefix(".").lower()
    if kind not in TABLES:
        misused(text("guides.unknown_format", shown, known=", ".join(TABLES)))
    async with entered(settings, "objectives export", new=True) as store, store.looking() as tx:
        held = catalogue(await Dossiers().course(tx, EXERCISE))
    sheet = Sheet("objectives", tuple(COLUMNS), rows_of(held))
    if kind == "toml":
        import tomli_w

        rows = [dict(zip(sheet.columns, row, strict=True)) for row in sheet.rows]
        told = [{name: value for name, value in row.items() if value != ""} for row in rows]
        written = tomli_w.dumps({"version": held.version, "activities": told}).encode()
    else:
        moment = datetime(held.dated.year, held.dated.month, held.dated.day, tzinfo=UTC)
        written = to_csv(sheet) if kind == "csv" else to_xlsx([sheet], moment)
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        write({out: written}, private=False)
    except OSError as problem:
        refuse(text("guides.not_written", shown, path=out, error=problem.strerror or ""))
    typer.echo(str(out))


async def _report(settings: Settings, language: str, format: str, out: Path) -> None:
    from bot.aligning import rendered
    from bot.commands.terminal import opened
    from bot.writing import write
    from flows import i18n

    shown = settings.language
    formats = list(dict.fromkeys(one.strip().lower() for one in format.split(",") if one.strip()))
    if not formats or set(formats) - set(FORMATS):
        misused(text("guides.unknown_format", shown, known=", ".join(FORMATS)))
    if i18n.base(language) not in i18n.languages():
        misused(text("guides.unknown_language", shown, known=", ".join(i18n.languages())))
    chosen = [cast("Format", one) for one in formats]
    async with opened(settings, "objectives report", new=True, language=i18n.base(language)) as terminal:
        with progress(text("guides.reading", shown)):
            files = await rendered(terminal.services, terminal.store, language, chosen, datetime.now(UTC))
    try:
        out.mkdir(parents=True, exist_ok=True)
        write({out / name: made_ for name, made_ in files.items()}, private=False)
    except OSError as problem:
        refuse(text("guides.not_written", shown, path=out, error=problem.strerror or ""))
    for name in files:
        typer.echo(str(out / name))
