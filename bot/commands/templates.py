"""`griot template check`: what is wrong with a Word template, and where."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bot.commands.failing import explained, refuse
from flows.i18n import text


def register(app: typer.Typer) -> None:
    """Add this module's commands to `app`."""
    templates = typer.Typer(name="template", help="Word templates of your own.", no_args_is_help=True)
    templates.command("check")(check)
    templates.callback()(_templates)
    app.add_typer(templates)


def _templates() -> None:
    """Word templates of your own."""


def check(
    file: Annotated[
        Path | None, typer.Argument(metavar="[FILE.docx]", help="Without it, all in GRIOT_TEMPLATES_DIR.")
    ] = None,
) -> None:
    """Say what is wrong with a Word template, one line for each place. Exit 0 where guides can be made with it."""
    from bot.documents.template import every, strays
    from bot.documents.template_check import read_faults

    with explained() as settings:
        shown = settings.language
        try:
            look = file is None and settings.templates_dir is not None
            files = [file] if file is not None else every() if look else []
            unused = strays() if look else []
        except OSError as problem:
            reason = problem.strerror or type(problem).__name__
            refuse(text("templates.folder_not_read", shown, path=settings.templates_dir, reason=reason))
        for one in unused:
            typer.echo(text("templates.stray", shown, path=one))
        if not files:
            refuse(text("templates.none", shown))
        wrong = 0
        for one in files:
            found = read_faults(one)
            wrong += len(found)
            for fault in found:
                typer.echo(f"{one}: {fault.told(shown)}")
            if not found:
                typer.echo(text("templates.fit", shown, path=one))
        if wrong:
            raise typer.Exit(1)
