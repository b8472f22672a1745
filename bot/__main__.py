"""The command line. Heavy imports stay inside the commands, so that `griot --help` and the first poll are quick."""

from __future__ import annotations

import typer

from bot.commands import chat, countries, forms, guides, running


def build() -> typer.Typer:
    """The whole command tree."""
    app = typer.Typer(name="griot", no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
    for module in (running, chat, forms, countries, guides):
        module.register(app)
    return app


def main() -> None:
    """Entry point of the `griot` command."""
    build()()


if __name__ == "__main__":
    main()
