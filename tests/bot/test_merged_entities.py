"""Two entities that are one: from then on everything shows and counts one."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

import pytest

from db.database import Store
from db.transaction import Transaction
from flows.country.access import COMMAND_LINE, Actor
from flows.country.steps.additions import additions
from flows.country.steps.course import course_of
from flows.country.steps.desk import SettleFinding
from flows.country.steps.identifying import MergeEntities
from flows.country.steps.interest import ExpressInterest, OpenCountry
from flows.interview.inputs import Say
from tests.bot.command_line import CommandLine, course, take
from tests.bot.test_commands import griot  # noqa: F401 (a fixture)
from tests.bot.test_guides import AGREE, SEND, form, official

T = TypeVar("T")
NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
KEPT, MERGED = "Institut national de la statistique (exemple)", "INSD (exemple)"
COORDINATOR = Actor("coordinator", 99, "BFA")


def stored(work: Callable[[Store], Awaitable[T]]) -> T:
    async def run() -> T:
        store = await Store.open("sqlite:///griot.db")
        await store.migrate()
        try:
            return await work(store)
        finally:
            await store.close()

    return asyncio.run(run())


async def numbers(tx: Transaction) -> tuple[int, int]:
    kept, merged = await tx.entities.find("BFA", KEPT), await tx.entities.find("BFA", MERGED)
    assert kept is not None
    assert merged is not None
    return kept.id, merged.id


@pytest.fixture
def merged(griot: CommandLine, monkeypatch: pytest.MonkeyPatch) -> CommandLine:  # noqa: F811
    """Two entities with an official and a contribution each and a finding put to the second one, merged."""
    monkeypatch.setattr("bot.app.guide_forms", lambda: [form()])
    monkeypatch.setattr("bot.commands.exercise._form", form)

    async def begin(store: Store) -> None:
        async with store.writing() as tx:
            await take(tx, COMMAND_LINE, OpenCountry())
            await take(tx, Actor("focal_point", None, "BFA"), ExpressInterest("yes", authority="Conseil (exemple)"))
        for name in (KEPT, MERGED):
            await official(store, name, [AGREE, Say(f"Dit par {name}"), Say("Merci."), SEND])

    stored(begin)
    assert griot("entities", "BFA").code == 0
    Path("faits.csv").write_text(
        f"fact,citation,read_on,question,entity\nUn fait (exemple),Une source,2026-01-31,s7_content,{MERGED}\n",
        encoding="utf-8",
    )
    assert griot("desk", "import", "BFA", "faits.csv", "--yes").code == 0

    async def merge(store: Store) -> None:
        async with store.writing() as tx:
            kept, gone = await numbers(tx)
            await take(tx, COMMAND_LINE, MergeEntities(kept, gone, MERGED))
            await tx.entities.move(gone, kept)

    stored(merge)
    return griot


def test_everything_shows_one(merged: CommandLine) -> None:
    for command in (("entities", "BFA"), ("status", "BFA"), ("desk", "list", "BFA"), ("contributions", "BFA")):
        ended = merged(*command, columns="200")
        assert ended.code == 0
        assert MERGED not in ended.out, command
        assert "Institut" in ended.out, command
    assert len(merged("entities", "BFA").out.splitlines()) == 1
    assert merged("contributions", "BFA").out.count(KEPT) == 2, "what both said stays"
    assert merged("compile", "BFA", "--format", "html").code == 0
    assert MERGED not in Path("out/BFA-fr-draft.html").read_text(encoding="utf-8").replace(f"Dit par {MERGED}", "")


def test_the_name_that_it_had_leads_to_the_one_that_was_kept(merged: CommandLine) -> None:
    assert merged("invite", "--country", "BFA", "--role", "official", "--entity", MERGED).code == 0

    async def invited(store: Store) -> tuple[int | None, int]:
        async with store.reading() as tx:
            return (await tx.invitations.of_country("BFA"))[-1].entity_id, (await numbers(tx))[0]

    entity, kept = stored(invited)
    assert entity == kept
    assert "already" in merged("desk", "import", "BFA", "faits.csv").out, "and a finding put to it is known"


def test_what_its_official_settles_is_said_by_the_one_that_was_kept(merged: CommandLine) -> None:
    async def settle(store: Store) -> dict[int, str]:
        async with store.writing() as tx:
            kept, _ = await numbers(tx)
            one = next(iter(course_of("BFA", await tx.ledger.of_chain("BFA")).findings.made))
            await take(tx, Actor("official", 1, "BFA", kept), SettleFinding(one, "confirmed"))
            return {entity.id: entity.name for entity in await tx.entities.of_country("BFA")}

    names = stored(settle)
    assert [one.entity for one in additions(course(), names).findings] == [KEPT]
