"""/brief through Telegram, and what of a store goes into the brief at a date."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from bot import briefing
from bot.dossiers import Dossiers
from bot.settings import Settings
from flows.country.access import COMMAND_LINE
from flows.country.steps.interest import InterestExpressed
from tests.bot.conftest import House, at_work
from tests.bot.steps.guiding import accepted
from tests.bot.steps.test_practices import _told, form
from tests.telegram.standin import StandIn


@pytest.fixture
async def house(telegram: StandIn, settings: Settings) -> AsyncIterator[House]:
    async with at_work(telegram, settings, forms=lambda: [form()]) as found:
        await found.takes_part()
        yield found


async def test_the_secretariat_has_both_files_made_and_in_the_other_language(house: House) -> None:
    ama = await house.staff("Ama", "secretariat", "fr")
    await ama.send("/brief")
    await ama.expect("en préparation")
    today = house.now().date().isoformat()
    for language in ("fr", "en"):
        told = await ama.expect(lambda one, name=f"brief-{today}-{language}.pptx": one.document == name, 30)
        assert "préliminaires" in told.text
        await ama.expect(lambda one, name=f"brief-{today}-{language}.pdf": one.document == name, 30)
        if language == "fr":
            await ama.press("En anglais", told)


async def test_a_day_to_come_or_no_day_is_answered_by_what_to_do(house: House) -> None:
    ama = await house.staff("Ama", "secretariat", "en")
    await ama.send(f"/brief {(house.now() + timedelta(days=2)).date().isoformat()}")
    await ama.expect("is still to come")
    await ama.send("/brief tomorrow")
    await ama.expect("/brief 2027-06-15")


async def test_nobody_else_is_given_the_brief(house: House) -> None:
    kofi = await house.staff("Kofi", "expert", "en")
    await kofi.send("/brief")
    await kofi.expect("the Secretariat")


async def test_what_was_accepted_counts_from_its_day_on_and_while_it_stands(house: House) -> None:
    await _told(house)
    now = house.now()
    async with house.store() as store:
        before = await briefing.made(house.app.services, store, now.date(), now)
    assert (before.contributing, before.practices) == (0, ())
    await accepted(house)
    now = house.now()
    async with house.store() as store:
        after = await briefing.made(house.app.services, store, now.date(), now)
        week_before = await briefing.made(house.app.services, store, now.date() - timedelta(days=7), now)
        week_later = await briefing.made(house.app.services, store, now.date(), now + timedelta(days=7))
        declined = (InterestExpressed("no"),)
        async with store.writing() as tx:
            await Dossiers().record(tx, "BFA", COMMAND_LINE, declined, now + timedelta(days=7))
        declined_since = await briefing.made(house.app.services, store, now.date(), now + timedelta(days=8))
    assert [one.title for one in after.practices] == ["Un bulletin commun"]
    assert after.contributing == 1
    assert (week_before.participants, week_before.asked) == ((), 0)
    assert week_later.participants == after.participants
    assert [one.title for one in week_later.practices] == ["Un bulletin commun"]
    assert (declined_since.contributing, declined_since.practices) == (0, ())
