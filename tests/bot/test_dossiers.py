"""Courses out of the ledger: kept while nothing happens, true whatever happens."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from bot.dossiers import Dossiers
from db.database import Store
from flows.country.access import COMMAND_LINE
from flows.country.ledger import EXERCISE
from flows.country.steps.course import course_of
from flows.country.steps.exercise import SetDates, SetMilestone
from flows.country.steps.interest import CountryOpened, ExpressInterest, InterestExpressed, OpenCountry
from flows.country.steps.rights import PersonErased

NOW = datetime(2027, 1, 11, 9, tzinfo=UTC)


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    one = await Store.open(f"sqlite:///{tmp_path}/griot.db")
    await one.migrate()
    yield one
    await one.close()


class Undone(Exception):
    pass


async def test_the_course_is_the_same_until_something_happens(store: Store) -> None:
    dossiers = Dossiers()
    async with store.writing() as tx:
        await dossiers.take(tx, "BFA", COMMAND_LINE, OpenCountry(), NOW)
        before = await dossiers.course(tx, "BFA")
        assert await dossiers.course(tx, "BFA") is before
        await dossiers.record(tx, "BFA", COMMAND_LINE, [InterestExpressed("no")], NOW)
        after = await dossiers.course(tx, "BFA")
        assert (before.interest.answer, after.interest.answer) == (None, "no")
        assert after == course_of("BFA", await tx.ledger.of_chain("BFA"))


async def test_what_was_rolled_back_is_forgotten(store: Store) -> None:
    dossiers = Dossiers()
    async with store.writing() as tx:
        await dossiers.take(tx, "BFA", COMMAND_LINE, OpenCountry(), NOW)
    with pytest.raises(Undone):
        async with store.writing() as tx:
            await dossiers.record(tx, "BFA", COMMAND_LINE, [InterestExpressed("no")], NOW)
            assert (await dossiers.course(tx, "BFA")).interest.answer == "no"
            raise Undone
    async with store.reading() as tx:
        assert (await dossiers.course(tx, "BFA")).interest.answer is None
        assert (await dossiers.courses(tx))["BFA"].interest.answer is None


async def test_words_erased_are_gone_from_the_course(store: Store) -> None:
    dossiers = Dossiers()
    async with store.writing() as tx:
        said = [InterestExpressed("yes", authority="Conseil supérieur")]
        await dossiers.record(tx, "BFA", COMMAND_LINE, said, NOW)
        assert (await dossiers.course(tx, "BFA")).interest.authority == "Conseil supérieur"
        await tx.ledger.erase_words("BFA", 1)
        assert (await dossiers.course(tx, "BFA")).interest.authority == ""


async def test_what_another_process_erased_is_gone_too(store: Store) -> None:
    dossiers, other = Dossiers(), Dossiers()
    async with store.writing() as tx:
        for said in (InterestExpressed("yes", authority="Conseil supérieur"), CountryOpened()):
            await dossiers.record(tx, "BFA", COMMAND_LINE, [said], NOW)
    async with store.reading() as tx:
        assert (await dossiers.course(tx, "BFA")).interest.authority == "Conseil supérieur"
    async with store.writing() as tx:
        await other.record(tx, "BFA", COMMAND_LINE, [PersonErased((7,), "asked")], NOW)
        await tx.ledger.erase_words("BFA", 1)
    async with store.reading() as tx:
        assert (await dossiers.course(tx, "BFA")).interest.authority == ""
        assert (await dossiers.courses(tx))["BFA"].interest.authority == ""


async def test_all_courses_are_those_read_one_by_one(store: Store) -> None:
    dossiers = Dossiers()
    async with store.writing() as tx:
        await dossiers.take(tx, EXERCISE, COMMAND_LINE, SetMilestone("SOM", date(2027, 6, 15)), NOW)
        for country in ("BFA", "GHA", "TGO"):
            await dossiers.take(tx, country, COMMAND_LINE, OpenCountry(), NOW)
        await dossiers.take(tx, "GHA", COMMAND_LINE, SetDates("QUEST", date(2027, 2, 1), date(2027, 3, 1)), NOW)
        await dossiers.record(tx, "TGO", COMMAND_LINE, [InterestExpressed("no")], NOW)
    warm = Dossiers()
    await warm.warm(store)
    async with store.reading() as tx:
        for one in (dossiers, Dossiers(), warm):
            found = await one.courses(tx)
            assert list(found) == ["", "BFA", "GHA", "TGO"]
            for chain, course in found.items():
                assert course == course_of(chain, await tx.ledger.of_chain(chain))
                assert await one.course(tx, chain) is course


async def test_a_refused_step_leaves_nothing(store: Store) -> None:
    dossiers = Dossiers()
    async with store.writing() as tx:
        await dossiers.take(tx, "BFA", COMMAND_LINE, ExpressInterest("yes", authority="A"), NOW)
        assert await tx.ledger.chains() == []
        assert await dossiers.courses(tx) == {}
