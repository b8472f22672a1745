"""`griot brief`: the preliminary results of all countries at a date, as slides and as PDF."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

import typer

from bot.commands.failing import explained, misused, refuse
from bot.commands.progress import progress
from flows.i18n import text

if TYPE_CHECKING:
    from bot.briefing import Format
    from bot.settings import Settings

FORMATS = ("pptx", "pdf")


def register(app: typer.Typer) -> None:
    """Add this module's commands to `app`."""
    app.command("brief")(brief)


def brief(
    on: Annotated[str, typer.Option("--date", help="Results at the end of this day, YYYY-MM-DD; today without.")] = "",
    language: Annotated[str, typer.Option(help="fr or en, or both with a comma.")] = "fr,en",
    format: Annotated[str, typer.Option(help="pptx or pdf, or both with a comma.")] = "pptx,pdf",
    out: Annotated[Path, typer.Option(help="Folder for the files.")] = Path("out"),
) -> None:
    """Make the senior officials' brief: preliminary, and only what each country allows."""
    with explained() as settings:
        asyncio.run(_brief(settings, on, language, format, out))


async def _brief(settings: Settings, on: str, language: str, format: str, out: Path) -> None:
    from bot.briefing import rendered
    from bot.commands.terminal import opened
    from bot.writing import write
    from flows import i18n

    shown, now = settings.language, datetime.now(UTC)
    formats, languages = _listed(format), [i18n.base(one) for one in _listed(language)]
    if not formats or set(formats) - set(FORMATS):
        misused(text("guides.unknown_format", shown, known=", ".join(FORMATS)))
    if not languages or set(languages) - set(i18n.languages()):
        misused(text("guides.unknown_language", shown, known=", ".join(i18n.languages())))
    try:
        day = date.fromisoformat(on) if on else now.date()
    except ValueError:
        misused(text("brief.no_date_here", shown))
    if day > now.date():
        misused(text("brief.date_ahead", shown, day=day.isoformat()))
    chosen = [cast("Format", one) for one in formats]
    async with opened(settings, "brief", new=True, on=day.isoformat()) as terminal:
        with progress(text("guides.reading", shown)):
            files = await rendered(terminal.services, terminal.store, day, languages, chosen, now)
    try:
        out.mkdir(parents=True, exist_ok=True)
        write({out / name: content for name, content in files.items()}, private=True)
    except OSError as problem:
        refuse(text("guides.not_written", shown, path=out, error=problem.strerror or ""))
    for name in files:
        typer.echo(str(out / name))


def _listed(given: str) -> list[str]:
    return list(dict.fromkeys(one.strip().lower() for one in given.split(",") if one.strip()))
