"""`griot bot`, `griot doctor`, `griot backup`: running the service and looking after it."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from bot.commands.failing import explained
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
            typer.echo(text(f"running.{problem.key}", settings.language, None, **problem.values), err=True)
            raise typer.Exit(1) from None


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
    out: Annotated[Path, typer.Argument(metavar="FILE", help="The copy of the database, which must not exist yet.")],
) -> None:
    """Make a consistent copy of the database and the attachments, while the bot goes on."""
    from rich.console import Console
    from rich.progress import Progress

    from bot.backup import back_up

    with explained() as settings, Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(text("running.backup_progress", settings.language), total=None)
        count = back_up(
            settings.database_url,
            settings.attachments,
            out,
            lambda done, total: progress.update(task, completed=done, total=total),
        )
    typer.echo(text("running.backup_done", settings.language, path=out, n=count))
