"""Buttons that nobody made: whatever comes with a press, it is answered, and no turn fails."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from itertools import count
from pathlib import Path
from random import Random

import pytest

from bot.acting import Services
from bot.arrivals import STAFF_CONSENT
from bot.attachments import Vault
from bot.dossiers import Dossiers
from bot.interviews import Interviews
from bot.steps import registry
from bot.turns import Turns
from db.database import Store
from flows.interview.seats import new_seat
from tests.bot.steps.contributing import form
from tests.bot.steps.test_every_door import NOW, OWN, World, _country, _press

ROLES = ("secretariat", "coordinator", "official", "expert", "focal_point", "colleague", "superior")
ENDS = ("mydata_delete", "mydata_withdraw", "leave_now")  # after which there is nobody to press anything
JUNK = (
    *("", "-", "-1", "+1", "0", "1", "2", "7", "1.5", "0x1f", "²", "١", "９", "9" * 12, "9" * 25, "-" + "9" * 25),
    *("x", "all", "own", OWN, "GHA", "ZZZ", "bfa", "QUEST", "SOM", "yes", "no", "e", "p0", "p" + "9" * 20, "border"),
    *("section", "rest", "pick", "merge", "practice", "fr", "é", "\u202e", "DROP TABLE", "%s", "{}", "1,2"),
)


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    """A country in the midst of everything, and the secretariat."""
    store = await Store.open(f"sqlite:///{tmp_path}/griot.db")
    await store.migrate()
    services = Services(Dossiers(), Interviews(lambda: [form()]), Vault(tmp_path / "vault"), link=lambda code: code)
    found = World(store, services, Turns(store, services, lambda: NOW), {}, {}, count(1))
    try:
        await _country(found, OWN)
        async with store.writing() as tx:
            person = await tx.people.add("", "secretariat", None, "en", NOW, "Ama")
            await tx.people.meet("test", "-secretariat", "-secretariat", "en", NOW)
            await tx.people.bind("test", "-secretariat", person.id)
            await tx.consents.record(person.id, STAFF_CONSENT, "en", True, NOW, "test")
            (number,) = [one.id for one in await tx.interviews.of_country(OWN)]
            seat = new_seat(form(), ("/data/hierarchy",), "en", NOW)
            await tx.seats.open(number, found.people["colleague"].id, json.dumps(seat.to_json()), NOW)
        found.people["secretariat"] = person
        yield found
    finally:
        await store.close()


async def _thrown(world: World, chance: Random, times: int) -> None:
    for name in registry().presses:
        if name in ENDS:
            continue
        for at in range(times):
            person = world.people[ROLES[at % len(ROLES)]]  # type: ignore[index]
            arguments = tuple(chance.choice(JUNK) for _ in range(chance.randrange(5)))
            asked = await _asked(world)
            read = await world.does(person, _press(person, name, arguments))
            async with world.store.looking() as tx:
                failures = [one.error for one in await tx.inbox.failures()]
            done = f"{person.role} pressed {name} {arguments}"
            assert failures == [], done
            assert world.address(person) in {address for address, _ in read} or await _asked(world) > asked, done
    async with world.store.looking() as tx:
        assert {"", OWN} >= set(await tx.ledger.chains()), "nothing is written for a country that there is not"


async def _asked(world: World) -> int:
    """How much work waits to be done."""
    async with world.store.looking() as tx:
        return len(await tx.jobs.waiting(10_000, NOW))


async def test_no_press_fails_whatever_comes_with_it(world: World) -> None:
    await _thrown(world, Random(20261125), 4)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(4))
async def test_no_press_fails_however_often_it_is_tried(world: World, seed: int) -> None:
    await _thrown(world, Random(seed), 35)
