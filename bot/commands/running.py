"""`griot bot`, `griot doctor`, `griot backup`: running the service and looking after it."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from bot.commands.doorway import passed
from bot.commands.failing import explained, misused, refuse
from bot.commands.progress import progress
from flows.i18n import text


def register(app: typer.Typer) -> None:
    """Add this module's commands to `app`."""
    app.command("bot")(bot)
    app.command("doctor")(doctor)
    app.command("backup")(backup)


def bot() -> None:
    """Talk with people on Telegram until stopped."""
    from bot.serving import CannotStart, serve

    with explained() as settings:
        try:
            asyncio.run(serve(settings))
        except CannotStart as problem:
            refuse(text(f"running.{problem.key}", settings.language, None, **problem.values))


def doctor() -> None:
    """Say what is missing or wrong, one line each. Exit 0 when nothing is."""
    from datetime import UTC, datetime

    from bot.channels.telegram_identity import identify
    from bot.doctor import examine, names_set

    with explained() as settings:
        findings = asyncio.run(examine(settings, identify, datetime.now(UTC), names_set()))
        for finding in findings:
            typer.echo(finding.line(settings.language))
    if any(finding.problem for finding in findings):
        raise typer.Exit(1)


def backup(
    file: Annotated[Path | None, typer.Argument(metavar="FILE", help="The copy of the database.")] = None,
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE", help="The same, as an option.")] = None,
) -> None:
    """Make a consistent copy of the database and the attachments, while the bot goes on.

    The attachments go to a folder beside it. A copy that exists is replaced once the new one is complete.
    """
    from bot.backup import back_up

    with explained() as settings:
        target = file or out
        if target is None or (file and out):
            misused(text("running.backup_where", settings.language))
        asyncio.run(passed(settings, "backup"))
        with progress(text("running.backup_progress", settings.language)) as show:
            count = back_up(settings.database_url, settings.attachments, target, show)
    typer.echo(text("running.backup_done", settings.language, path=target, n=count))
