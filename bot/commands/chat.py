"""`griot chat`: any form in the terminal, with the prompts that every channel shows."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.commands.failing import content
from flows.i18n import text

if TYPE_CHECKING:
    from bot.channels.terminal import Terminal
    from bot.messages import Payload
    from flows.interview.form import Form
    from flows.interview.inputs import Input
    from flows.interview.interview import Turn
    from flows.interview.state import Interview


def register(app: typer.Typer) -> None:
    """Add this module's commands to `app`."""
    app.command("chat")(chat)


def chat(
    form: Annotated[Path | None, typer.Option("--form", metavar="FORM", help="A form; the guide's by default.")] = None,
    language: Annotated[str, typer.Option("--language", help="Language to begin in, for example fr.")] = "fr",
    state: Annotated[
        Path | None, typer.Option("--state", help="Where the interview is kept between two calls.")
    ] = None,
) -> None:
    """Answer a form in the terminal."""
    import sys

    from rich.console import Console

    from bot.channels.terminal import Terminal

    conversation = Conversation(_form(form, language), Terminal(Console(highlight=False)), language=language)
    if state is not None and state.is_file():
        conversation.resume(_kept(state, conversation.form, language))
    else:
        conversation.begin()
    _keep(state, conversation)
    typer.echo(f"\n{text('chat.commands', conversation.language)}")
    while not conversation.over:
        try:
            line = input("\n> ") if sys.stdin.isatty() else _next_line(sys.stdin)
        except (EOFError, KeyboardInterrupt):
            break
        conversation.take(line)
        _keep(state, conversation)


@dataclass(slots=True)
class Conversation:
    """A form being answered in a terminal, one line at a time. `clock` gives aware UTC."""

    form: Form
    terminal: Terminal
    language: str = "fr"
    now: datetime | None = None  # a fixed time, for transcripts
    turn: Turn | None = None
    lines: int = 0
    over: bool = False
    given: dict[str, str] = field(default_factory=dict)

    def begin(self) -> None:
        """Start the interview and show its first question."""
        from flows.interview.interview import start

        self._said(start(self.form, language=self.language, now=self._now(), given=self.given, channel="terminal"))

    def resume(self, interview: Interview) -> None:
        """Go on with an interview kept before."""
        from flows.interview.interview import current_question

        self._said(current_question(self.form, interview, now=self._now()))

    def take(self, line: str) -> None:
        """Handle one typed line."""
        from flows.interview.interview import advance

        if not line.strip() or self.turn is None:
            return
        if line.strip().lower() == "/quit":
            self.over = True
            return
        self.lines += 1
        input = self._input(self.terminal.read(line))
        if input is None:
            from bot.messages import Line, Prompt

            self.terminal.show(Prompt((Line(text("chat.commands", self.language), "error"),)))
            return
        turn = advance(self.form, self.turn.interview, input, author="terminal", now=self._now(), channel="terminal")
        self._said(turn)

    def _input(self, payload: Payload) -> Input | None:
        """What a payload means to the interview, with the commands that only a terminal has."""
        from bot.inputs import read
        from bot.messages import CommandIn, Incoming, Sender
        from flows.interview import inputs

        if isinstance(payload, CommandIn):
            first, _, rest = payload.arguments.partition(" ")
            match payload.name:
                case "language":
                    return inputs.Speak(payload.arguments)
                case "edit":
                    return inputs.Edit(payload.arguments)
                case "remove":
                    return inputs.Remove(payload.arguments)
                case "keep":
                    return inputs.Keep()
                case "undo":
                    return inputs.Undo()
                case "revise":
                    return inputs.Say(rest, message_id=f"line {first}", revises=True)
        sender = Sender("terminal", "terminal", "terminal")
        return read(Incoming(self.lines, sender, payload, message_id=f"line {self.lines}"))

    def _said(self, turn: Turn) -> None:
        from bot.prompts import prompts

        self.turn = turn
        self.language = turn.interview.language
        for prompt in prompts(turn.events, self.language):
            self.terminal.show(prompt)

    def _now(self) -> datetime:
        return self.now or datetime.now(UTC)


def _next_line(stream: Iterable[str]) -> str:
    for line in stream:
        return line.rstrip("\n")
    raise EOFError


def _form(path: Path | None, language: str) -> Form:
    from flows.interview.form import FormError, load
    from flows.interview.xlsform import MOST_BYTES, FormProblem, kind_of, load_form

    try:
        if path is None:
            from flows.questionnaires import compiled

            return load(compiled())
        return load_form(content(path, MOST_BYTES), kind_of(path.name))
    except OSError as error:
        typer.echo(text("chat.no_form", language, name=path, why=error.strerror or str(error)), err=True)
    except (FormError, FormProblem) as problem:
        typer.echo(text("chat.no_form", language, name=path or "guide", why=problem), err=True)
    raise typer.Exit(1)


def _kept(path: Path, form: Form, language: str) -> Interview:
    from flows.interview.state import Interview

    try:
        interview = Interview.from_json(json.loads(path.read_bytes()))
    except (OSError, ValueError, KeyError, TypeError, IndexError, AttributeError):
        typer.echo(text("chat.state_unreadable", language, name=path), err=True)
        raise typer.Exit(1) from None
    if interview.form_id != form.id:
        typer.echo(text("chat.state_of_other_form", language, name=path, form=interview.form_id), err=True)
        raise typer.Exit(1)
    return interview


def _keep(path: Path | None, conversation: Conversation) -> None:
    """Write the interview whole, or leave the file as it was."""
    if path is None or conversation.turn is None:
        return
    draft = path.with_name(path.name + ".new")
    try:
        draft.write_text(json.dumps(conversation.turn.interview.to_json(), ensure_ascii=False), encoding="utf-8")
        draft.replace(path)
    except OSError as error:
        why = error.strerror or str(error)
        typer.echo(text("chat.cannot_keep", conversation.language, name=path, why=why), err=True)
        raise typer.Exit(1) from None
