"""The command line. Heavy imports stay inside the commands, so that `griot --help` and the first poll are quick."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import cache
from typing import Any

import typer
import typer.main

from bot.commands import (
    audits,
    briefs,
    broadcasts,
    chat,
    countries,
    deliveries,
    desk,
    drafts,
    exercise,
    follow_ups,
    forms,
    guides,
    ledgers,
    objectives,
    papers,
    publishing,
    rights,
    rounds,
    running,
    templates,
    verifying,
)

_Misuse: type[Exception] = typer.BadParameter.__bases__[0].__bases__[0]
"""What the command line cannot be used for: a class of click, of which newer versions of typer carry their own copy."""


def build() -> typer.Typer:
    """The whole command tree."""
    app = typer.Typer(name="griot", no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
    exercises = (countries, exercise, follow_ups, broadcasts, desk, papers, rounds)
    results = (guides, templates, drafts, publishing, deliveries, objectives, briefs)
    records = (verifying, ledgers, rights, audits)
    for module in (running, chat, forms, *exercises, *results, *records):
        module.register(app)
    return app


@cache
def _command() -> Callable[..., object]:
    """What reads a command line: made once in a process, for it takes a tenth of a second."""
    return typer.main.get_command(build())


def main() -> None:
    """Entry point of the `griot` command. Exit code 0: done; 1: refused, or something is wrong; 2: misused."""
    try:
        code = _command()(prog_name="griot", standalone_mode=False)
    except _Misuse as problem:
        if said := _said(problem):
            print(said, file=sys.stderr)
        code = getattr(problem, "exit_code", 2)
    except typer.Abort:
        code = 1
    sys.exit(code if isinstance(code, int) else 0)


def _said(problem: Any) -> str:
    """What is wrong with the command line, as one line; "" where nothing was asked for, and the help is shown."""
    if type(problem).__name__ == "NoArgsIsHelpError":
        return ""
    context = getattr(problem, "ctx", None)
    name = context.command_path if context is not None else "griot"
    said = " ".join(problem.format_message().replace("Value error, ", "").split())
    return f"{name}: {said.rstrip('.')}. See {name} --help."


if __name__ == "__main__":
    main()
