"""A turn that others overtook is done again until it is applied; where that never ends it is told and kept."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import pytest

from bot.acting import Services
from bot.attachments import Vault
from bot.dossiers import Dossiers
from bot.envelopes import load
from bot.interviews import Interviews
from bot.messages import CommandIn, Incoming, Payload, Sender, TextIn
from bot.trying import WAITS
from bot.turns import Turns
from db.database import Store, parse
from db.problems import Stale
from db.sqlite import SQLite
from db.transaction import Transaction
from flows.i18n import text
from flows.interview.inputs import Say
from tests.bot.conftest import small_form

NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)


class Contested(Store):
    """A store whose next `undone` writing transactions are undone at their end, as a server does where two of them
    waited for each other."""

    undone = 0

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[Transaction]:
        async with super().writing() as tx:
            yield tx
            if self.undone:
                self.undone -= 1
                raise Stale("undone")


class Desk:
    """Awa, asked for the name of a source. `waited`: the pauses made between attempts."""

    def __init__(self, store: Contested, folder: Path) -> None:
        self.store = store
        self.waited: list[float] = []
        self.services = Services(Dossiers(), Interviews(lambda: [small_form()]), Vault(folder), link=lambda code: code)
        self.turns = Turns(store, self.services, lambda: NOW, self._pause)
        self.updates = count(1)
        self.awa = Sender("test", "1", "1", language="fr")

    async def _pause(self, seconds: float) -> None:
        self.waited.append(seconds)

    async def begin(self) -> None:
        async with self.store.writing() as tx:
            person = await tx.people.add("BFA", "official", None, "fr", NOW)
            await tx.people.meet("test", "1", "1", "fr", NOW)
            await tx.people.bind("test", "1", person.id)
            incoming = Incoming(next(self.updates), self.awa, CommandIn("start"))
            step = await self.services.interviews.start(tx, person, None, incoming, NOW)
            for said in ("Français", "Oui"):
                step = await self.services.interviews.advance(tx, step.interview_id, person, Say(said), incoming, NOW)

    async def says(self, payload: Payload) -> None:
        await self.turns.receive(Incoming(next(self.updates), self.awa, payload, message_id="9"))

    async def named(self) -> list[str]:
        """Every revision of the name."""
        async with self.store.looking() as tx:
            (stored,) = await tx.interviews.of_country("BFA")
            return [one.value for one in await tx.answers.history(stored.id) if one.path == "/data/body/name"]

    async def failures(self) -> list[str]:
        async with self.store.looking() as tx:
            return [one.error for one in await tx.inbox.failures()]

    async def said(self) -> str:
        async with self.store.looking() as tx:
            rows = await tx.connection.rows("SELECT prompt FROM outbox ORDER BY id", ())
        return "\n".join(line.text for (prompt,) in rows for line in load(str(prompt)).lines)


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    path = tmp_path / "griot.db"
    store = Contested(parse(f"sqlite:///{path}"), SQLite(path))
    await store.migrate()
    found = Desk(store, tmp_path / "vault")
    await found.begin()
    try:
        yield found
    finally:
        await store.close()


@pytest.mark.parametrize("times", [1, 3, len(WAITS)])
async def test_a_turn_overtaken_is_done_again_until_it_is_applied_once(desk: Desk, times: int) -> None:
    desk.store.undone = times
    await desk.says(TextIn("Recensement"))
    assert await desk.named() == ["Recensement"]
    assert await desk.failures() == []
    assert desk.waited == list(WAITS[:times])


async def test_where_it_is_overtaken_every_time_the_person_is_told_and_the_update_waits_for_the_next_start(
    desk: Desk,
) -> None:
    desk.store.undone = len(WAITS) + 1
    await desk.says(TextIn("Recensement"))
    assert await desk.named() == []
    assert await desk.failures() == ["Stale"]
    assert text("turns.failed", "fr") in await desk.said()
    assert await desk.turns.try_failed_again() == 1
    assert (await desk.named(), await desk.failures()) == (["Recensement"], [])


async def test_what_is_overtaken_at_the_start_too_is_tried_again_and_else_waits_for_the_start_after(desk: Desk) -> None:
    desk.store.undone = len(WAITS) + 1
    await desk.says(TextIn("Recensement"))
    desk.store.undone = len(WAITS) + 1
    assert await desk.turns.try_failed_again() == 0
    assert await desk.failures() == ["Stale"]
    desk.store.undone = 2
    assert await desk.turns.try_failed_again() == 1
    assert (await desk.named(), await desk.failures()) == (["Recensement"], [])


async def test_being_told_of_it_may_be_overtaken_as_well(desk: Desk) -> None:
    desk.store.undone = len(WAITS) + 4
    await desk.says(TextIn("Recensement"))
    assert await desk.failures() == ["Stale"]
    assert (await desk.said()).count(text("turns.failed", "fr")) == 1
