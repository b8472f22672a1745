"""How commands fail: one clear line each on standard error, exit code 1, no traceback."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from bot.settings import Settings


@contextmanager
def explained() -> Iterator[Settings]:
    """The settings; a `StoreProblem` or a `SettingsProblem` in the block becomes its sentence."""
    from bot.settings import PREFIX, SettingsProblem, load
    from db.problems import StoreProblem

    language = os.environ.get(f"{PREFIX}LANGUAGE", "en")
    try:
        settings = load()
        language = settings.language
        yield settings
    except SettingsProblem as problem:
        for line in problem.messages(language):
            typer.echo(line, err=True)
        raise typer.Exit(1) from None
    except StoreProblem as problem:
        typer.echo(problem.message(language), err=True)
        raise typer.Exit(1) from None
