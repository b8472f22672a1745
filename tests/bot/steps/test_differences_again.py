"""Differences merged into a common text, asked of the coordinator, and asked again when a text changes; through the
Telegram channel."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.settings import Settings
from flows.i18n import text
from flows.interview.form import Form
from flows.interview.inputs import Say
from tests.bot.conftest import House
from tests.bot.steps.guiding import coordinator, taking_part
from tests.bot.test_guides import AGREE, SEND, official
from tests.bot.test_guides import form as made_of
from tests.telegram.people import Person
from tests.telegram.standin import StandIn

pytestmark = pytest.mark.slow


def form() -> Form:
    return made_of(text="c1_status")


@pytest.fixture
async def house(telegram: StandIn, settings: Settings) -> AsyncIterator[House]:
    """A country where two entities give the same policy another status."""
    async with taking_part(telegram, settings, form) as found:
        await _said(found, "Police (exemple)", "adoptée")
        await _said(found, "Douanes (exemple)", "préparée")
        yield found


async def _said(house: House, entity: str, status: str) -> None:
    async with house.store() as store:
        await official(store, entity, [AGREE, Say(status), Say("Merci."), SEND], of=form())


async def _accepted(awa: Person, entity: str) -> None:
    await awa.send("/contributions")
    shown = await awa.expect(entity)
    line = next(line for line in shown.text.splitlines() if entity in line)
    await awa.press(line.lstrip("• ").partition(".")[0], shown)
    await awa.click(text("contributions.accept", "fr"))
    await awa.expect("la contribution est acceptée")


async def _settled(awa: Person, label: str, reason: str, common: str = "") -> None:
    await awa.press(label)
    if common:
        await awa.expect("Quel texte commun")
        await awa.send(common)
        await awa.click("Terminé")
    await awa.expect("raison")
    await awa.send(reason)
    await awa.click("Terminé")
    await awa.click("Je confirme")
    await awa.expect(text("differences.thanks", "fr"), 30)


async def _page(house: House, secretariat: Person, version: int) -> str:
    """The web page of a version compiled now."""
    await secretariat.send("/compile BFA")
    await secretariat.expect(f"version {version} of the draft guide is ready", 60)
    draft = (await house.course()).drafts.newest
    assert draft is not None
    page = next(file for file in draft.edition.files if file.format == "html")
    return house.app.services.vault.path(page.sha256).read_text(encoding="utf-8")


async def test_a_common_text_is_written_and_stands_in_the_guide_with_both_texts_and_the_reason(house: House) -> None:
    secretariat = await house.staff("Ama", "secretariat", "en")
    awa = await coordinator(house, asked="Quel mécanisme")
    await _accepted(awa, "Police (exemple)")
    asked = await awa.expect(text("differences.ask", "fr", 1), 30)
    await awa.press(text("differences.button_list", "fr"), asked)
    await awa.click(text("differences.button_settle", "fr", number=1), 30)
    await awa.expect(text("differences.kept", "fr"), 30)
    await _settled(
        awa, text("differences.button_merge", "fr"), "Décret attendu (exemple).", "adoptée en conseil (exemple)"
    )
    (decision,) = (await house.course()).differences.resolutions.values()
    assert (decision.how, decision.text) == ("merge", "adoptée en conseil (exemple)")
    page = await _page(house, secretariat, 1)
    for words in ("adoptée en conseil (exemple)", "préparée", "Décret attendu (exemple)."):
        assert words in page
    await awa.send("/differences")
    await awa.expect(text("differences.button_again", "fr", number=1), 30)


async def test_a_decision_is_asked_again_when_a_text_changes_and_the_earlier_one_is_shown(house: House) -> None:
    secretariat = await house.staff("Ama", "secretariat", "en")
    awa = await coordinator(house, asked="Quel mécanisme")
    await awa.send("/differences")
    await awa.click(text("differences.button_settle", "fr", number=1), 30)
    await awa.expect(text("differences.kept", "fr"), 30)
    await _settled(awa, "1. adoptée", "Le décret est paru (exemple).")
    assert "Le décret est paru (exemple)." in await _page(house, secretariat, 1)

    await _said(house, "Institut (exemple)", "abandonnée")
    await _accepted(awa, "Institut (exemple)")
    asked = await awa.expect(text("differences.ask", "fr", 1), 30)
    await awa.press(text("differences.button_list", "fr"), asked)
    listed = await awa.expect("à trancher de nouveau", 30)
    await awa.press(text("differences.button_settle", "fr", number=1), listed)
    shown = await awa.expect(text("differences.kept", "fr"), 30)
    for words in ("adoptée", "préparée", "abandonnée", "Vous en aviez décidé", "Le décret est paru (exemple)."):
        assert words in shown.text
    await _accepted(awa, "Police (exemple)")
    await awa.send("/tasks")
    await awa.expect()
    assert [one.text for one in await awa.screen()].count(asked.text) == 1, "asked once for the same texts"
    await awa.press("1. adoptée", shown)
    await awa.expect("raison")
    await awa.send("Toujours (exemple).")
    await awa.click("Terminé")
    await awa.click("Je confirme")
    await awa.expect(text("differences.thanks", "fr"), 30)
    (decision,) = (await house.course()).differences.resolutions.values()
    assert {side.text for side in decision.sides} == {"adoptée", "préparée", "abandonnée"}
    page = await _page(house, secretariat, 2)
    assert all(words in page for words in ("abandonnée", "préparée", "Toujours (exemple)."))
