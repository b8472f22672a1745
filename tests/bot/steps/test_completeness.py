"""The rules of completeness in chat: shown, waived with a reason while they are open, restored."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.settings import Settings
from flows.country.checklist import RULES
from flows.i18n import text
from flows.interview.inputs import Say
from tests.bot.conftest import House, at_work
from tests.bot.test_guides import AGREE, SEND, form, official
from tests.telegram.people import Person
from tests.telegram.standin import StandIn

FORM = form(text="c5_mechanism")
PRACTICE, BORDER = (list(RULES).index(rule) + 1 for rule in ("practice", "border"))
LIST = text("completeness.button_list", "fr")
WITHOUT, RESTORE = "completeness.button_waive", "completeness.button_require"


@pytest.fixture
async def house(telegram: StandIn, settings: Settings) -> AsyncIterator[House]:
    """A country where one entity has answered."""
    async with at_work(telegram, settings, forms=lambda: [FORM]) as found:
        await found.takes_part()
        async with found.store() as store:
            await official(store, "Ministère (exemple)", [AGREE, Say("Un comité."), Say("Merci."), SEND], of=FORM)
        yield found


async def coordinator(house: House) -> Person:
    person = await house.telegram.person("Awa", language="fr")
    await person.send(f"/start {await house.invitation('Conseil', 'coordinator')}")
    await person.click("Oui")
    await person.expect("Quel mécanisme")
    return person


async def reasoned(person: Person, reason: str, *, asked: str = "Pourquoi le guide", yes: str = "Je confirme") -> None:
    await person.expect(asked)
    await person.send(reason)
    await person.click(yes)


async def test_a_rule_that_is_open_is_waived_with_a_reason_and_restored(house: House) -> None:
    awa = await coordinator(house)
    await awa.send("/drafts")
    await awa.click(LIST)
    listed = await awa.expect(text("completeness.list", "fr", country="Burkina Faso"), 30)
    assert text("guide.rule_confidential", "fr") in listed.text
    confidential = list(RULES).index("confidential") + 1
    assert text(WITHOUT, "fr", number=confidential) not in listed.labels  # met by the way a guide is made
    await awa.press(text(WITHOUT, "fr", number=PRACTICE), listed)
    await reasoned(awa, "Le profil est trop récent (exemple).")
    await awa.expect(text("completeness.recorded", "fr"), 30)
    assert (await house.course()).waivers.rules["practice"].reason == "Le profil est trop récent (exemple)."
    await awa.press(text(WITHOUT, "fr", number=PRACTICE), listed)  # a second time, from the old message
    await reasoned(awa, "Encore (exemple).")
    await awa.expect(text("completeness.waived_already", "fr"), 30)
    await awa.press(LIST)
    again = await awa.expect("Décision : la coordination nationale", 30)
    assert "Raison : Le profil est trop récent (exemple)." in again.text
    await awa.press(text(RESTORE, "fr", number=PRACTICE), again)
    await awa.expect(text("completeness.required", "fr"))
    await awa.press(text(RESTORE, "fr", number=PRACTICE), again)
    await awa.expect(text("completeness.not_waived", "fr"))
    assert not (await house.course()).waivers.rules


async def test_the_coordinator_hears_of_what_the_secretariat_decides(house: House) -> None:
    awa, ama = await coordinator(house), await house.staff("Ama", "secretariat", "en")
    await ama.send("/drafts BFA")
    await ama.click(text("completeness.button_list", "en"))
    await ama.click(text(WITHOUT, "en", number=PRACTICE), 30)
    await reasoned(ama, "Next year <b>(sample)</b>.", asked="Why does the guide", yes="I confirm")
    await ama.expect(text("completeness.recorded", "en"), 30)
    told = await awa.expect("le Secrétariat a décidé que le guide se passe d’une règle", 30)
    await awa.press(LIST, told)
    listed = await awa.expect("Next year <b>(sample)</b>.", 30)
    assert "le Secrétariat" in listed.text


async def test_an_essential_entity_is_named_or_explained_with_one_tap_and_experts_only_look(house: House) -> None:
    awa = await coordinator(house)
    expert = await house.staff("Efua", "expert", "fr")
    await awa.send("/drafts")
    await awa.click(LIST)
    await awa.click(text(WITHOUT, "fr", number=BORDER), 30)
    await awa.click(text("participants.reason_covered", "fr"))
    await awa.expect(text("participants.waived", "fr", reason=text("participants.reason_covered", "fr")))
    await expert.send("/drafts BFA")
    await expert.click(LIST)
    seen = await expert.expect(text("completeness.list", "fr", country="Burkina Faso"), 30)
    assert text("participants.reason_covered", "fr") in seen.text and not seen.labels
    await awa.press(LIST)
    await awa.click(text(RESTORE, "fr", number=BORDER), 30)
    await awa.expect(text("completeness.required", "fr"))
    assert not (await house.course()).participants.waived
