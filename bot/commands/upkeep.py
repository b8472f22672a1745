"""Commands that look after a deployment."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from bot.commands.failing import explained


def register(app: typer.Typer) -> None:
    """Add this module's commands to `app`."""
    app.command("backup")(backup)
    app.command("doctor")(doctor)


def backup(out: Annotated[Path, typer.Option(help="File to write; attachments go to a folder beside it.")]) -> None:
    """Copy the database, consistent even while the bot runs, and the attachments."""
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn

    from bot.backup import back_up
    from flows.i18n import text

    with explained() as settings:
        language = settings.language
        console = Console(stderr=True)
        columns = (SpinnerColumn(), TextColumn("{task.description}"))
        with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
            task = bar.add_task(text("store.copying", language), total=None)

            def progress(done: int, total: int) -> None:
                bar.update(task, description=text("store.copying_attachments", language, done=done, total=total))

            count = back_up(settings.database_url, settings.attachments, out, progress)
        typer.echo(text("store.backed_up", language, None, path=out, count=count))


def doctor() -> None:
    """Say what is missing or wrong, one line each; the exit code is 1 when something is."""
    from bot.channels.telegram_identity import identify
    from bot.doctor import examine, names_set

    with explained() as settings:
        findings = asyncio.run(examine(settings, identify, datetime.now(UTC), names_set()))
        for finding in findings:
            typer.echo(finding.line(settings.language))
        if any(finding.problem for finding in findings):
            raise typer.Exit(1)
