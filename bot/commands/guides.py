"""`griot compile` and `griot export`: a country's guide draft, and its data."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, NoReturn, cast

import typer

from bot.commands.failing import explained
from flows.i18n import text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.documents import Format
    from bot.settings import Settings
    from flows.interview.form import Form

FORMATS = ("docx", "pdf", "html")


def register(app: typer.Typer) -> None:
    """Add this module's commands to `app`."""
    app.command("compile")(compile_)
    app.command("export")(export)


def compile_(
    country: Annotated[str, typer.Argument(metavar="COUNTRY", help="ISO 3166-1 code, such as BFA.")],
    language: Annotated[str, typer.Option(help="Language of the guide: fr or en.")] = "fr",
    format: Annotated[str, typer.Option(help="docx, pdf, html, or several with commas.")] = "docx,pdf,html",
    out: Annotated[Path, typer.Option(help="Folder for the files.")] = Path("out"),
) -> None:
    """Compile the submitted answers of a country into the draft of its guide."""
    with explained() as settings:
        asyncio.run(_compile(settings, country, language, format, out))


def export(
    country: Annotated[str, typer.Argument(metavar="COUNTRY", help="ISO 3166-1 code, such as BFA.")],
    format: Annotated[Literal["json", "xlsx", "csv"], typer.Option(help="Of the file.")] = "xlsx",
    out: Annotated[Path | None, typer.Option(help="The file; by default COUNTRY-answers.FORMAT here.")] = None,
    language: Annotated[str, typer.Option(help="Language of labels and choices.")] = "fr",
) -> None:
    """Export every answer of a country with who gave it and when, confidential ones included and marked."""
    with explained() as settings:
        asyncio.run(_export(settings, country, format, out, language))


async def _compile(settings: Settings, country: str, language: str, format: str, out: Path) -> None:
    from bot.guides import UnknownForm, compile_draft
    from db.database import Store
    from flows import i18n
    from flows.knowledge import UnknownCountry

    shown = settings.language
    formats = [one.strip().lower() for one in format.split(",") if one.strip()]
    if not formats or set(formats) - set(FORMATS):
        _fail(text("guides.unknown_format", shown, known=", ".join(FORMATS)))
    if i18n.base(language) not in i18n.languages():
        _fail(text("guides.unknown_language", shown, known=", ".join(i18n.languages())))
    store = await Store.open(settings.database_url)
    try:
        await store.migrate()
        chosen = [cast("Format", one) for one in dict.fromkeys(formats)]
        done = await compile_draft(store, _forms(), country, i18n.base(language), chosen, out, datetime.now(UTC))
    except UnknownCountry:
        _fail(text("guides.unknown_country", shown))
    except UnknownForm as problem:
        _fail(text("guides.unknown_form", shown, form=problem.args[0]))
    except OSError as problem:
        _fail(text("guides.not_written", shown, path=out, error=problem.strerror or ""))
    finally:
        await store.close()
    for path in done.files:
        typer.echo(str(path))
    typer.echo(text("guides.used", shown, n=done.contributions))
    if done.unsubmitted:
        typer.echo(text("guides.unsubmitted", shown, n=done.unsubmitted))
    if done.withheld:
        typer.echo(text("guides.withheld", shown, n=done.withheld))


async def _export(settings: Settings, country: str, format: str, out: Path | None, language: str) -> None:
    from bot.documents.spreadsheet import to_csv, to_xlsx
    from bot.guides import UnknownForm, export_json, export_sheets, write
    from db.database import Store
    from flows.knowledge import UnknownCountry
    from flows.knowledge import country as country_of

    shown = settings.language
    store = await Store.open(settings.database_url)
    now = datetime.now(UTC)
    try:
        place = country_of(country)
        path = out or Path(f"{place.code}-answers.{format}")
        await store.migrate()
        if format == "json":
            content = await export_json(store, _forms(), country, language, now)
        else:
            sheets = await export_sheets(store, _forms(), country, language, now)
            content = to_xlsx(sheets, now) if format == "xlsx" else to_csv(sheets[0])
        path.parent.mkdir(parents=True, exist_ok=True)
        write(path, content)
    except UnknownCountry:
        _fail(text("guides.unknown_country", shown))
    except UnknownForm as problem:
        _fail(text("guides.unknown_form", shown, form=problem.args[0]))
    except OSError as problem:
        _fail(text("guides.not_written", shown, path=out or ".", error=problem.strerror or ""))
    finally:
        await store.close()
    typer.echo(str(path))


def _forms() -> Mapping[str, Form]:
    from flows.interview.form import load
    from flows.questionnaires import compiled

    form = load(compiled())
    return {form.id: form}


def _fail(line: str) -> NoReturn:
    typer.echo(line, err=True)
    raise typer.Exit(1)
