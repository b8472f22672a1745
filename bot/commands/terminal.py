"""The command line as somebody who acts: what a conversation would say is printed, what it would leave to a job, done.

The steps behind it are those of `bot.steps`, so that both ways in follow the same rules.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import typer

from bot.acting import Act, Services
from bot.commands.doorway import CHANNEL, entered, services
from bot.commands.failing import refuse, say
from bot.dossiers import Trace
from bot.jobs import Desk
from bot.messages import Document, Line, Prompt
from bot.settings import Settings
from db.database import Store
from db.jobs import Job
from db.people import Person
from db.transaction import Transaction
from flows.country.access import COMMAND_LINE
from flows.country.ledger import EXERCISE
from flows.country.steps.base import Refusal, Step
from flows.country.steps.course import Course
from flows.i18n import text

HERE = {"drafts.none": "secretariat.no_version", "participants.person_unknown": "secretariat.person_unknown"}
"""Refusals that name a command of the conversation, and what is said instead at the command line."""


class Terminal:
    """A store, and what happens in it for the secretariat at the command line. `country`: which the command is about;
    `refused`: what was asked for is not done, or not all of it. `documents`: what a conversation would have brought."""

    def __init__(self, settings: Settings, store: Store, services: Services, country: str = EXERCISE) -> None:
        self.settings = settings
        self.country = country
        self.store = store
        self.services = services
        self.refused = False
        self.documents: list[Document] = []
        self._errands: list[tuple[str, dict[str, Any]]] = []

    @property
    def language(self) -> str:
        return self.settings.language

    def text(self, key: str, n: int | None = None, /, **values: object) -> str:
        """A sentence of the catalogues."""
        return text(key, self.language, n, **values)

    def say(self, *lines: str) -> None:
        """Print lines; to standard error once something was refused."""
        say(*lines, err=self.refused)

    def refuse(self, reason: str, **values: object) -> None:
        """Print why something is not done."""
        self.refused = True
        self.say(self.text(reason, **values))

    async def course(self, country: str) -> Course:
        """The course of a country as it stands."""
        async with self.store.reading() as tx:
            return await self.services.dossiers.course(tx, country)

    @asynccontextmanager
    async def acting(self) -> AsyncIterator[Act]:
        """The secretariat at work in one transaction; then what follows from it is done."""
        async with self.store.writing() as tx:
            yield _Act(self, tx)
        await self.follow()

    async def follow(self) -> None:
        """Do what a conversation would leave to jobs."""
        while self._errands:
            kind, payload = self._errands.pop(0)
            await self.run(kind, **payload)

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Act]:
        """The secretariat as it looks at what is there."""
        async with self.store.reading() as tx:
            yield _Act(self, tx)

    async def do(self, work: Callable[[Act], Awaitable[object]]) -> None:
        """Do something in one transaction, then what follows from it."""
        async with self.acting() as act:
            await work(act)

    async def take(self, country: str, step: Step) -> Course:
        """Take a step; the course after it. Ends the command where it is refused."""
        async with self.acting() as act:
            await act.take(step, country)
            course = await act.course(country)
        if self.refused:
            raise typer.Exit(1)
        return course

    async def run(self, kind: str, **payload: Any) -> None:
        """Do now what a conversation leaves to a job of this kind."""
        from bot.steps import registry

        now = datetime.now(UTC)
        desk = _Desk(self, Job(0, kind, payload, None, 0, now), now)
        await registry().jobs[kind](desk)

    def later(self, kind: str, payload: dict[str, Any]) -> None:
        """Have a job done after the transaction under way."""
        self._errands.append((kind, payload))

    def copy(self, files: Iterable[tuple[str, str]], out: Path | None, *, private: bool = True) -> None:
        """Write kept files (name, SHA-256) into a folder and print where they are; without one, print where they are
        kept. `private`: for this account alone, as long as they are not published."""
        from bot.writing import write

        kept = {Path(name).name: self.services.vault.path(sha256) for name, sha256 in files}
        if out is None:
            for name, path in kept.items():
                typer.echo(f"{name}\t{path}")
            return
        contents = {out / name: path.read_bytes() for name, path in kept.items()}
        try:
            out.mkdir(parents=True, exist_ok=True)
            write(contents, private=private)
        except OSError as problem:
            refuse(self.text("guides.not_written", path=out, error=problem.strerror or ""))
        for path in contents:
            typer.echo(str(path))


class _Act(Act):
    """The secretariat at the command line, at work in one transaction."""

    def __init__(self, terminal: Terminal, tx: Transaction) -> None:
        now = datetime.now(UTC)
        person = Person(0, "", "secretariat", None, terminal.language, "", now)
        super().__init__(terminal.services, tx, person, now)
        self.actor = COMMAND_LINE
        self._terminal = terminal

    async def show(self, *prompts: Prompt) -> None:
        for prompt in prompts:
            self._terminal.say(*(line.text for line in prompt.lines))
            self._terminal.documents += prompt.documents

    async def refuse(self, refusal: Refusal, *more: Line) -> None:
        self._terminal.refused = True
        if refusal.reason in HERE:
            refusal = Refusal(HERE[refusal.reason], {"country": self._terminal.country, **refusal.values})
        await super().refuse(refusal, *more)

    async def later(self, kind: str, **payload: Any) -> None:
        self._terminal.later(kind, payload)

    @property
    def trace(self) -> Trace:
        return Trace(CHANNEL)


class _Desk(Desk):
    """A job that nobody waits for but this command."""

    def __init__(self, terminal: Terminal, job: Job, now: datetime) -> None:
        super().__init__(terminal.services, terminal.store, job, now)
        self._terminal = terminal

    @asynccontextmanager
    async def finish(self) -> AsyncIterator[Act]:
        async with self.store.writing() as tx:
            yield _Act(self._terminal, tx)
        self.finished = True


@asynccontextmanager
async def opened(
    settings: Settings, errand: str, country: str = EXERCISE, *, new: bool = False, **details: str | int
) -> AsyncIterator[Terminal]:
    """The terminal of these settings, for who is let in (see `entered`); ends the command with 1 where something was
    refused."""
    from bot.gathering import Unreadable

    async with entered(settings, errand, country, new=new, **details) as store:
        terminal = Terminal(settings, store, services(settings), country)
        try:
            yield terminal
        except Unreadable as problem:
            refuse(terminal.text("guides.unreadable", number=problem.number))
        except FileNotFoundError as problem:
            refuse(terminal.text("secretariat.file_missing", path=problem.filename))
    if terminal.refused:
        raise typer.Exit(1)
