"""The command line as the tests run it, and the store beside it."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

import pytest

from bot.__main__ import main
from bot.dossiers import Dossiers
from db.database import Store
from db.transaction import Transaction
from flows.country.access import Actor
from flows.country.steps.base import Refusal, Step
from flows.country.steps.course import Course, course_of
from tests.empty import lay

T = TypeVar("T")


def alone(folder: Path, patch: pytest.MonkeyPatch) -> None:
    """Work in a folder, without the settings of the machine."""
    for name in [name for name in os.environ if name.startswith("GRIOT_")]:
        patch.delenv(name)
    patch.chdir(folder)


@dataclass(frozen=True)
class Ended:
    code: int
    out: str
    error: str

    @property
    def line(self) -> str:
        """The one line in which a command said why it failed."""
        assert "Traceback" not in self.error
        (line,) = self.error.strip().splitlines()
        assert self.out == ""
        return line


class CommandLine:
    """`griot …` in this process, in a folder of its own and with no other settings than those given."""

    def __init__(self, folder: Path, patch: pytest.MonkeyPatch, capture: pytest.CaptureFixture[str]) -> None:
        alone(folder, patch)
        self._patch = patch
        self._capture = capture

    def __call__(self, *arguments: object, **settings: str) -> Ended:
        with self._patch.context() as patch:
            for name, value in settings.items():
                patch.setenv(f"GRIOT_{name.upper()}", value)
            patch.setattr(sys, "argv", ["griot", *map(str, arguments)])
            with pytest.raises(SystemExit) as ended:
                main()
        said = self._capture.readouterr()
        assert isinstance(ended.value.code, int)
        return Ended(ended.value.code, said.out, said.err)


def stored(work: Callable[[Transaction], Awaitable[T]]) -> T:
    """What is done to the store of the folder, or read from it, beside the commands."""

    if not Path("griot.db").exists():
        lay(Path("griot.db"))

    async def run() -> T:
        store = await Store.open("sqlite:///griot.db")
        await store.migrate()
        try:
            async with store.writing() as tx:
                return await work(tx)
        finally:
            await store.close()

    return asyncio.run(run())


def course() -> Course:
    """What the ledger of Burkina Faso says."""

    async def read(tx: Transaction) -> Course:
        return course_of("BFA", await tx.ledger.of_chain("BFA"))

    return stored(read)


async def take(tx: Transaction, actor: Actor, step: Step, now: datetime | None = None) -> None:
    """A step of Burkina Faso's dossier, which nothing forbids."""
    decision = await Dossiers().take(tx, "BFA", actor, step, now or datetime.now(UTC))
    assert not isinstance(decision, Refusal), decision
