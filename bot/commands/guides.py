"""`griot compile` and `griot export`: a country's guide draft, and its data."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, cast

import typer

from bot.commands.doorway import entered
from bot.commands.failing import explained, misused, place, refuse
from bot.commands.progress import progress
from flows.i18n import text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.drafting import DraftFormat
    from bot.settings import Settings
    from flows.interview.form import Form

FORMATS = ("docx", "pdf", "html", "xlsx")
LONGEST_NOTE = 120  # characters, a line at the foot of a page


def register(app: typer.Typer) -> None:
    """Add this module's commands to `app`."""
    app.command("compile")(compile_)
    app.command("export")(export)


def compile_(
    country: Annotated[str, typer.Argument(metavar="COUNTRY", help="ISO 3166-1 code, such as BFA.")],
    language: Annotated[str, typer.Option(help="Language of the guide: fr or en.")] = "fr",
    format: Annotated[
        str, typer.Option(help="docx, pdf, html, xlsx (sources), or several with commas.")
    ] = "docx,pdf,html",
    out: Annotated[Path, typer.Option(help="Folder for the files.")] = Path("out"),
    note: Annotated[str, typer.Option(help="A remark for the cover and the foot of every page.")] = "",
    outline: Annotated[str, typer.Option(help="2013 or published; without it, the country's own.")] = "",
    extended: Annotated[bool, typer.Option("--extended", help="With the answers of each entity as an annex.")] = False,
    comments: Annotated[
        bool, typer.Option("--comments/--no-comments", help="Where each paragraph comes from, in Word comments.")
    ] = True,
) -> None:
    """Compile the submitted answers of a country into the draft of its guide."""
    with explained() as settings:
        asyncio.run(_compile(settings, country, language, format, out, note, outline, extended, comments=comments))


def export(
    country: Annotated[str, typer.Argument(metavar="COUNTRY", help="ISO 3166-1 code, such as BFA.")],
    format: Annotated[Literal["json", "xlsx", "csv"], typer.Option(help="Of the file.")] = "xlsx",
    out: Annotated[Path | None, typer.Option(help="The file; by default COUNTRY-answers.FORMAT here.")] = None,
    language: Annotated[str, typer.Option(help="Language of labels and choices.")] = "fr",
) -> None:
    """Export every answer of a country with who gave it and when, confidential ones included and marked.

    Answers restricted to the State are left out and counted until the coordinator releases them. The CSV holds the
    answers on record; the workbook and the JSON hold their history as well.
    """
    with explained() as settings:
        asyncio.run(_export(settings, country, format, out, language))


async def _compile(
    settings: Settings,
    country: str,
    language: str,
    format: str,
    out: Path,
    note: str,
    outline: str,
    extended: bool,
    *,
    comments: bool,
) -> None:
    from bot.commands.doorway import services
    from bot.drafting import compile_draft
    from bot.gathering import Unreadable
    from flows.country.outlines import OUTLINES, Extent, named
    from flows.i18n import base

    shown, code = settings.language, place(settings, country)
    follows = named(outline) if outline else None
    if outline and follows is None:
        misused(text("drafts.no_outline", shown, known=", ".join(OUTLINES)))
    formats = list(dict.fromkeys(one.strip().lower() for one in format.split(",") if one.strip()))
    if not formats or set(formats) - set(FORMATS):
        misused(text("guides.unknown_format", shown, known=", ".join(FORMATS)))
    _check_language(language, shown)
    if len(note) > LONGEST_NOTE:
        misused(text("guides.long_note", shown, most=LONGEST_NOTE))
    chosen = [cast("DraftFormat", one) for one in formats]
    try:
        async with entered(settings, "compile", code, language=base(language)) as store:
            with progress(text("guides.reading", shown)) as show:
                read = services(settings), store, code, base(language), chosen, out, datetime.now(UTC), show, note
                extent: Extent | None = "extended" if extended else None
                done = await compile_draft(*read, outline=follows, extent=extent, comments=comments)
    except Unreadable as problem:
        refuse(text("guides.unreadable", shown, number=problem.number))
    except OSError as problem:
        refuse(text("guides.not_written", shown, path=out, error=problem.strerror or ""))
    for path in done.files:
        typer.echo(str(path))
    typer.echo(text("guides.used", shown, n=done.contributions))
    for left_out in ("unsubmitted", "withheld", "withdrawn", "others"):
        if count := getattr(done, left_out):
            typer.echo(text(f"guides.{left_out}", shown, n=count))


async def _export(settings: Settings, country: str, format: str, out: Path | None, language: str) -> None:
    from bot.documents.spreadsheet import to_csv, to_xlsx
    from bot.gathering import Unreadable
    from bot.guides import export as export_
    from bot.writing import write
    from flows.i18n import base

    shown, code = settings.language, place(settings, country)
    now = datetime.now(UTC)
    _check_language(language, shown)
    path = out or Path(f"{code}-answers.{format}")
    try:
        async with entered(settings, "export", code, format=format) as store:
            with progress(text("guides.reading", shown)) as show:
                done = await export_(store, _forms(), code, base(language), now, show)
        if format == "json":
            content = done.as_json(code, base(language), now)
        else:
            content = to_xlsx(done.sheets(), now) if format == "xlsx" else to_csv(done.answers)
        path.parent.mkdir(parents=True, exist_ok=True)
        write({path: content}, private=True)
    except Unreadable as problem:
        refuse(text("guides.unreadable", shown, number=problem.number))
    except OSError as problem:
        refuse(text("guides.not_written", shown, path=path, error=problem.strerror or ""))
    typer.echo(str(path))
    for left_out in ("restricted", "withdrawn"):
        if count := getattr(done, left_out):
            typer.echo(text(f"guides.{left_out}", shown, n=count))


def _check_language(language: str, shown: str) -> None:
    from flows import i18n

    if i18n.base(language) not in i18n.languages():
        misused(text("guides.unknown_language", shown, known=", ".join(i18n.languages())))


def _forms() -> Mapping[str, Form]:
    from flows.interview.form import load
    from flows.questionnaires import compiled

    form = load(compiled())
    return {form.id: form}
