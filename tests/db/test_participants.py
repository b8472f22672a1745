"""Entities corrected and merged, invitations taken by whoever made them."""

from __future__ import annotations

from datetime import datetime, timedelta

from db.database import Store

DAY = timedelta(days=1)


async def test_what_belongs_to_an_entity_moves_to_another_and_its_name_stays(store: Store, now: datetime) -> None:
    async with store.writing() as tx:
        kept = await tx.entities.find_or_add("BFA", "Institut", now)
        merged = await tx.entities.find_or_add("BFA", "INSD", now)
        others = await tx.entities.find_or_add("BFA", "Police", now)
        awa = await tx.people.add("BFA", "official", merged.id, "fr", now)
        eve = await tx.people.add("BFA", "official", others.id, "fr", now)
        mine = await tx.interviews.start(awa.id, merged.id, "BFA", "f", "1", "fr", "{}", now)
        theirs = await tx.interviews.start(eve.id, others.id, "BFA", "f", "1", "fr", "{}", now)
        _, number = await tx.invitations.create("BFA", "official", merged.id, now + DAY, now)
        await tx.entities.move(merged.id, kept.id)
    async with store.reading() as tx:
        moved = (await tx.people.get(awa.id), await tx.interviews.get(mine.id), await tx.invitations.get(number))
        assert [one.entity_id for one in moved if one is not None] == [kept.id] * 3
        stayed = await tx.interviews.get(theirs.id)
        assert stayed is not None
        assert stayed.entity_id == others.id
        assert await tx.entities.get(merged.id) == merged


async def test_a_corrected_entity_is_found_by_its_new_name(store: Store, now: datetime) -> None:
    async with store.writing() as tx:
        entity = await tx.entities.find_or_add("BFA", "Institut national", now)
        await tx.entities.correct(entity.id, "Institut national de la statistique", "INSD", "statistics")
    async with store.reading() as tx:
        found = await tx.entities.find("BFA", "INSTITUT NATIONAL DE LA STATISTIQUE")
        assert found is not None
        assert (found.id, found.acronym, found.type) == (entity.id, "INSD", "statistics")
        assert await tx.entities.find("BFA", "Institut national") is None


async def test_an_invitation_is_taken_once_and_in_time(store: Store, now: datetime) -> None:
    async with store.writing() as tx:
        code, number = await tx.invitations.create("BFA", "official", None, now + DAY, now)
        assert not await tx.invitations.take(number, now + DAY)
        assert await tx.invitations.take(number, now)
        assert not await tx.invitations.take(number, now)
        assert await tx.invitations.redeem(code, now) == "used"
