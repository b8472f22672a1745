"""What has been kept for long enough: the secretariat is told, and deletes it from the conversation."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from bot.follow_ups import FollowUps
from bot.steps import registry
from bot.steps.retention import CAPABILITY
from tests.bot.conftest import House

MONTHS = timedelta(days=200)


async def overdue(house: House) -> None:
    """An invitation for a person named, not opened, over for half a year."""
    async with house.store() as store, store.writing() as tx:
        then = house.now() - MONTHS
        await tx.invitations.create("BFA", "coordinator", None, then + timedelta(days=7), then, label="Mme Exemple")


async def test_nothing_due_is_no_task(house: House) -> None:
    ama = await house.staff("Ama", "secretariat")
    await house.app.retention.tick(house.now() + timedelta(days=1))
    await ama.send("/tasks")
    await ama.expect("Rien")
    assert "à supprimer" not in await ama.transcript()


async def test_what_is_due_is_a_task_of_the_secretariat_and_deleted_with_one_more_tap(house: House) -> None:
    ama = await house.staff("Ama", "secretariat")
    await overdue(house)
    await house.app.retention.tick(house.now() + timedelta(days=1))
    await ama.send("/tasks")
    task = await ama.click("Voir ce qui est à supprimer")
    assert "Un élément conservé assez longtemps est à supprimer." in task.text
    shown = await ama.expect("1 destinataire d’une invitation échue")
    await ama.press("Supprimer définitivement", shown)
    await ama.expect("1 élément a été supprimé.")
    async with house.store() as store, store.reading() as tx:
        assert await tx.deletions.all() == []
        assert await tx.erasing.labelled() == []
    await ama.press("Supprimer définitivement", shown)
    await ama.expect("Rien n’est à supprimer.")


async def test_nothing_is_deleted_for_somebody_whose_part_has_ended_meanwhile(house: House) -> None:
    await house.staff("Ama", "secretariat")
    await house.staff("Kofi", "expert", "en")
    await overdue(house)
    await house.stop()
    async with house.store() as store, store.writing() as tx:
        (secretary,) = await tx.people.of_role("secretariat")
        (expert,) = await tx.people.of_role("expert")
        for person in (secretary, expert):
            await tx.jobs.put("retention", {}, person.id, house.now())
        await tx.people.end(secretary.id, house.now())
    await house.start()
    async with house.store() as store:
        while True:
            async with store.reading() as tx:
                if await tx.jobs.next_at() is None:
                    break
            await asyncio.sleep(0.05)
        async with store.reading() as tx:
            assert len(await tx.erasing.labelled()) == 1


async def test_what_an_interrupted_run_deleted_is_told_by_the_one_that_takes_it_up(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    ama = await house.staff("Ama", "secretariat")
    await overdue(house)
    await overdue(house)
    await house.app.retention.tick(house.now() + timedelta(days=1))

    deleted = asyncio.Event()

    async def never(*_: object) -> None:
        deleted.set()
        await asyncio.Event().wait()

    monkeypatch.setattr("bot.steps.retention.retaining.count", never)  # between deleting and telling
    await ama.send("/tasks")
    await ama.click("Voir ce qui est à supprimer")
    await ama.click("Supprimer définitivement")
    await deleted.wait()
    await house.kill()
    monkeypatch.undo()
    await house.start()
    await ama.expect("2 éléments ont été supprimés.")


async def test_it_is_nobody_else_s_task(house: House) -> None:
    expert = await house.staff("Kofi", "expert", "en")
    await overdue(house)
    await house.app.retention.tick(house.now() + timedelta(days=1))
    await expert.send("/tasks")
    assert "deleted" not in (await expert.expect("")).text


async def test_it_is_followed_up_until_it_is_done(house: House) -> None:
    await house.staff("Ama", "secretariat")
    await overdue(house)
    now = house.now() + timedelta(days=1)
    await house.app.retention.tick(now)
    assert CAPABILITY.tasks in registry().finders
    await FollowUps(house.app.services, house.app.store, lambda: registry().finders).tick(now)
    async with house.store() as store, store.reading() as tx:
        rows = [(one.kind, one.subject, one.next_at is not None) for one in await tx.follow_ups.of_country("")]
    assert ("retention", "due", True) in rows
