"""What entities say differently, settled by the coordinator, through the Telegram channel."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.settings import Settings
from flows.i18n import text
from flows.interview.inputs import Say
from tests.bot.conftest import House, at_work
from tests.bot.test_guides import AGREE, SEND, form, official
from tests.telegram.people import Person
from tests.telegram.standin import StandIn

STATUS = form(text="c1_status")


@pytest.fixture
async def house(telegram: StandIn, settings: Settings) -> AsyncIterator[House]:
    """A country where two entities give the same policy another status."""
    async with at_work(telegram, settings, forms=lambda: [STATUS]) as found:
        await found.takes_part()
        async with found.store() as store:
            await official(store, "Police (exemple)", [AGREE, Say("adoptée"), Say("Merci."), SEND], of=STATUS)
            await official(store, "Douanes (exemple)", [AGREE, Say("préparée"), Say("Merci."), SEND], of=STATUS)
        yield found


async def _coordinator(house: House) -> Person:
    person = await house.telegram.person("Awa", language="fr")
    await person.send(f"/start {await house.invitation('Conseil', 'coordinator')}")
    await person.click("Oui")
    await person.expect("Quel mécanisme")
    return person


async def _shown(coordinator: Person) -> None:
    await coordinator.send("/differences")
    await coordinator.click(text("differences.button_settle", "fr", number=1), 30)
    both = await coordinator.expect(text("differences.kept", "fr"), 30)
    assert "adoptée" in both.text
    assert "préparée" in both.text


async def _reasoned(coordinator: Person, reason: str) -> None:
    await coordinator.expect("raison")
    await coordinator.send(reason)
    await coordinator.click("Terminé")
    await coordinator.click("Je confirme")


async def test_one_text_is_picked_with_its_reason_and_both_are_kept(house: House) -> None:
    coordinator = await _coordinator(house)
    await _shown(coordinator)
    await coordinator.press("1. adoptée")
    await _reasoned(coordinator, "Le décret est paru (exemple).")
    await coordinator.expect(text("differences.thanks", "fr"), 30)
    (settled,) = (await house.course()).differences.resolutions.values()
    assert (settled.how, settled.text, settled.reason) == ("pick", "adoptée", "Le décret est paru (exemple).")
    assert {side.text for side in settled.sides} == {"adoptée", "préparée"}
    secretariat = await house.staff("Ama", "secretariat", "en")
    await secretariat.send("/compile BFA")
    made = await secretariat.expect("version 1 of the draft guide is ready", 60)
    assert "is to be settled" not in made.text
    draft = (await house.course()).drafts.newest
    assert draft is not None
    page = next(file for file in draft.edition.files if file.format == "html")
    said = house.app.services.vault.path(page.sha256).read_text(encoding="utf-8")
    for words in ("adoptée", "préparée", "Le décret est paru (exemple)."):
        assert words in said


async def test_that_the_practice_differs_is_a_decision_that_can_be_taken_back(house: House) -> None:
    coordinator = await _coordinator(house)
    await _shown(coordinator)
    await coordinator.press(text("differences.button_differs", "fr"))
    await _reasoned(coordinator, "Deux services (exemple).")
    await coordinator.expect(text("differences.thanks", "fr"), 30)
    await coordinator.send("/differences")
    await coordinator.click(text("differences.button_again", "fr", number=1), 30)
    await coordinator.expect(text("differences.opened", "fr"))
    assert (await house.course()).differences.resolutions == {}


async def test_texts_that_changed_since_they_were_shown_are_not_decided_on(house: House) -> None:
    coordinator = await _coordinator(house)
    await _shown(coordinator)
    async with house.store() as store:
        await official(store, "Institut (exemple)", [AGREE, Say("abandonnée"), Say("Merci."), SEND], of=STATUS)
    await coordinator.press("1. adoptée")
    await _reasoned(coordinator, "Le décret est paru (exemple).")
    await coordinator.expect(text("differences.changed", "fr"), 30)
    assert (await house.course()).differences.resolutions == {}


async def test_nobody_else_settles_it(house: House) -> None:
    secretariat = await house.staff("Ama", "secretariat", "en")
    await secretariat.send("/differences")
    shown = await secretariat.expect(lambda message: message.from_bot and bool(message.text))
    assert "1." not in shown.text
    assert (await house.course()).differences.resolutions == {}
