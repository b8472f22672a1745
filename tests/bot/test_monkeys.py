"""People of two countries press, type, forward, edit and repeat anything, in any order, one after the other and at
once: nothing is lost, nothing crosses a border, nothing is published that was not endorsed."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest

from flows.country.access import COMMAND_LINE
from flows.country.steps.base import FileRef
from flows.country.steps.publication import Published
from flows.i18n import text
from tests.bot.judges import Judge
from tests.bot.monkeys import Monkeys
from tests.bot.phones import COUNTRIES, ENTITIES, Phone, World, world
from tests.postgresql import emptied


@pytest.fixture
async def two(tmp_path: Path) -> AsyncIterator[World]:
    """Two countries; nobody there yet."""
    async with world(f"sqlite:///{tmp_path}/griot.db", tmp_path) as found:
        yield found


async def opening(world: World, monkeys: Monkeys, sensible: int = 12) -> None:
    """One of each role in each country: the focal point says yes, officials have begun to answer."""
    await world.comes("secretariat", "", "secretariat")
    await world.comes("expert", "", "expert")
    for country in COUNTRIES:
        name = f"{country}-{{}}".format
        focal = await world.comes(name("focal_point"), country, "focal_point")
        await says_yes(world, focal)
        for role, entity in (("coordinator", 2), ("official", 0), ("official", 1)):
            phone = await world.comes(
                name(f"{role}{entity}"),
                country,
                role,
                f"zq{country} {ENTITIES[entity]}",  # type: ignore[arg-type]
            )
            for label in ("Français" if country == "BFA" else "English", text("turns.yes", phone.language)):
                await world.click(phone, label)
            for _ in range(sensible):
                await world.receive(await monkeys.sensible(phone))
        await world.comes(name("expert"), country, "expert")
        for spare in range(3):
            world.phone(name(f"spare{spare}"), country)  # comes with what others are to forward
        await world.work()


async def says_yes(world: World, focal: Phone) -> None:
    """The country takes part."""
    await world.types(focal, "/interest")
    await world.press(focal, focal.last(1)[0].buttons[0].action)
    for words in (f"{world.mark(focal)} Council", "/skip", "/skip"):
        await world.types(focal, words)
    await world.press(focal, focal.last(1)[0].buttons[0].action)
    async with world.store.looking() as tx:
        assert [one.kind for one in await tx.ledger.of_chain(focal.country)][-1] == "interest.expressed"


async def closing(world: World, monkeys: Monkeys, country: str, disturbances: int = 0) -> bool:
    """The guide is compiled, proposed, endorsed and published as it should be, while others go on doing anything.
    Returns whether it came to that."""
    secretariat = world.phones["secretariat"]
    yes = text("turns.yes", secretariat.language)

    async def presses(key: str) -> None:
        await world.click(secretariat, yes, must=False)
        await world.click(secretariat, text(key, secretariat.language), must=False)
        await world.work()

    async def types(words: str) -> None:
        await world.types(secretariat, "/cancel")
        await world.types(secretariat, words)
        if await world.click(secretariat, yes, must=False):
            await world.types(secretariat, words)
        await world.work()

    for _ in range(3):
        for _ in range(disturbances):
            await monkeys.turn()
        await types(f"/compile {country}")
        await types(f"/drafts {country}")
        await presses("drafts.button_final")
        await presses("drafts.button_propose")
        for phone in await world.who(country, "coordinator"):
            await world.types(phone, "/endorse")
            for _ in range(15):
                await world.receive(await monkeys.sensible(phone))
                await world.work()
                if monkeys.chance.random() < 0.1:
                    for _ in range(disturbances // 4):
                        await monkeys.turn()
        await types(f"/publish {country}")
        world.clock.tick(timedelta(days=25))  # an embargo ends
        await types(f"/publish {country}")
        if await published(world, country):
            return True
    return False


async def published(world: World, country: str) -> bool:
    async with world.store.looking() as tx:
        return any(one.kind == "publication.made" for one in await tx.ledger.of_chain(country))


async def anything_goes(world: World, judge: Judge, monkeys: Monkeys, turns: int, every: int = 40) -> None:
    """So many turns of anybody, judged every so often."""
    for number in range(1, turns + 1):
        await monkeys.turn()
        if number % every == 0:
            await world.work()
            await judge.look()
    await world.work()
    await judge.look()


@pytest.mark.parametrize("seed", [1, pytest.param(2, marks=pytest.mark.slow)])
async def test_whatever_people_do_nothing_is_lost_and_nothing_crosses(two: World, seed: int) -> None:
    judge = Judge(two)
    monkeys = Monkeys(two, Random(seed), judge.heads)
    await opening(two, monkeys)
    await judge.look()
    await anything_goes(two, judge, monkeys, 150)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3, 6))
async def test_for_a_long_time_and_to_the_end_of_the_story(two: World, seed: int) -> None:
    await long(two, seed, 1000)


@pytest.mark.slow
async def test_the_same_between_two_processes_on_postgresql(postgresql: str, tmp_path: Path) -> None:
    async with world(await emptied(postgresql), tmp_path, processes=2) as found:
        await long(found, 6, 300)


async def long(world: World, seed: int, turns: int) -> None:
    judge = Judge(world)
    monkeys = Monkeys(world, Random(seed), judge.heads)
    await opening(world, monkeys, sensible=14)
    await judge.look()
    await anything_goes(world, judge, monkeys, turns)
    for country in COUNTRIES:
        await closing(world, monkeys, country, disturbances=20)
        await judge.look()


@pytest.mark.slow
async def test_a_guide_is_published_in_the_midst_of_it(two: World) -> None:
    judge = Judge(two)
    monkeys = Monkeys(two, Random(7), judge.heads)
    await opening(two, monkeys)
    assert any([await closing(two, monkeys, country, disturbances=4) for country in COUNTRIES])
    await judge.look()


# ---- the judges can tell ------------------------------------------------------------------------------------------
async def a_little(world: World) -> tuple[Phone, Phone]:
    """An official of one country who has answered something, and the coordinator of the other."""
    monkeys = Monkeys(world, Random(7))
    official = await world.comes("BFA-official", "BFA", "official", "zqBFA Statistics")
    other = await world.comes("GHA-coordinator", "GHA", "coordinator", "zqGHA Council")
    for phone in (official, other):
        for label in ("Français" if phone is official else "English", text("turns.yes", phone.language)):
            await world.click(phone, label)
    for _ in range(3):
        await world.receive(await monkeys.sensible(official))
    return official, other


async def found_out(judge: Judge) -> bool:
    try:
        await judge.look()
    except AssertionError:
        return True
    return False


async def test_a_look_across_the_border_is_found_out(two: World, monkeypatch: pytest.MonkeyPatch) -> None:
    judge = Judge(two)
    _, other = await a_little(two)
    await two.types(other, "/contributions BFA")
    assert not await found_out(judge)
    monkeypatch.setattr("bot.acting.denied", lambda *_: None)
    await two.types(other, "/contributions BFA")
    assert await found_out(judge)


@pytest.mark.parametrize(
    "sabotage",
    [
        "DELETE FROM answers WHERE id = (SELECT max(id) FROM answers)",
        "UPDATE answers SET value = 'x' WHERE id = (SELECT max(id) FROM answers)",
        "UPDATE answers SET author_id = (SELECT max(id) FROM people) WHERE id = (SELECT max(id) FROM answers)",
        "UPDATE interviews SET state = (SELECT state FROM interviews WHERE id = 2) WHERE id = 1",
        "UPDATE ledger SET role = 'secretariat' WHERE number = 1",
        "UPDATE people SET ended_at = created_at",
    ],
)
async def test_whatever_is_lost_or_crossed_in_the_store_is_found_out(two: World, sabotage: str) -> None:
    judge = Judge(two)
    await a_little(two)
    assert not await found_out(judge)
    async with two.store.writing() as tx:
        await tx.connection.run(sabotage, ())
    assert await found_out(judge)


async def test_a_publication_that_nobody_endorsed_is_found_out(two: World) -> None:
    judge = Judge(two)
    await a_little(two)
    assert not await found_out(judge)
    async with two.store.writing() as tx:
        made = Published(1, FileRef("guide.zip", "0" * 64, 1), ("national",), 1, "0" * 64)
        await two.services.dossiers.record(tx, "BFA", COMMAND_LINE, (made,), two.clock.now)
    assert await found_out(judge)


async def test_a_turn_that_fails_is_found_out(two: World, monkeypatch: pytest.MonkeyPatch) -> None:
    judge = Judge(two)
    official, _ = await a_little(two)
    monkeypatch.setattr("bot.inputs.read", lambda *_: 1 / 0)
    await two.types(official, "/back")
    assert await found_out(judge)


async def test_an_answer_that_is_said_to_be_kept_and_is_not_is_found_out(
    two: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    judge = Judge(two)
    official, _ = await a_little(two)

    async def dropped(*_: object) -> None:
        """Forgets what it is given."""

    monkeypatch.setattr("bot.recording.keep", dropped)
    for _ in range(2):
        await two.receive(await Monkeys(two, Random(3)).sensible(official))
    assert await found_out(judge)
