"""The digest in conversation: seen at any time, off by one tap, on again."""

from __future__ import annotations

from bot.digests import Digests
from bot.steps import registry
from flows.i18n import text
from tests.bot.conftest import House


async def test_it_is_seen_turned_off_and_on_again(house: House) -> None:
    ama = await house.staff("Ama", "secretariat", "fr")
    await ama.send("/digest")
    shown = await ama.expect(text("digests.nothing", "fr"))
    await ama.press(text("digests.button_off", "fr"), shown)
    await ama.expect("Vous ne recevrez plus")
    await ama.send("/digest")
    shown = await ama.expect(text("digests.nothing", "fr"))
    await ama.press(text("digests.button_on", "fr"), shown)
    await ama.expect("Vous recevrez de nouveau")


async def test_who_turned_it_off_gets_none(house: House) -> None:
    ama = await house.staff("Ama", "secretariat", "en")
    await house.staff("Awa", "focal_point", "fr")
    await ama.send("/digest")
    shown = await ama.expect("What moved")
    assert "one person joined" in shown.text
    await ama.press(text("digests.button_off", "en"), shown)
    await ama.expect("not receive the weekly digest")
    clock = Digests(house.app.services, house.app.store, lambda: registry().finders)
    async with house.app.store.looking() as tx:
        assert await tx.digests.due(house.now().replace(year=house.now().year + 1)) == []
    assert await clock.tick(house.now()) == 0


async def test_officials_have_none(house: House) -> None:
    moussa = await house.official("Moussa")
    await moussa.send("/digest")
    await moussa.expect("Elle relève de")
