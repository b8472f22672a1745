"""Clearance, through the Telegram channel: nothing is passed on before the hierarchy agrees to exactly that."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.settings import Settings
from flows.i18n import text
from tests.bot.conftest import House
from tests.bot.steps.contributing import answered, form, link_in, one, superior
from tests.telegram.people import Person
from tests.telegram.standin import StandIn

CHIEF = "Mme la Directrice générale"


@pytest.fixture
async def house(telegram: StandIn, settings: Settings) -> AsyncIterator[House]:
    found = House(telegram, settings, forms=lambda: [form()])
    await found.start()
    try:
        yield found
    finally:
        await found.stop()
    assert telegram.violations == []


async def _put_up(house: House, name: str = "Moussa") -> tuple[Person, Person]:
    """An official who put the answers up for clearance, and the superior who opened the link and the recap."""
    moussa = await answered(house, name, clears=CHIEF)
    await moussa.press("Soumettre à validation")
    chief = await superior(house, "Chief", await link_in(moussa))
    await chief.click("Ouvrir")
    return moussa, chief


async def _correct(moussa: Person, mechanism: str) -> None:
    await moussa.send("/review")
    await moussa.click("3")
    await moussa.expect("Quel mécanisme")
    await moussa.send(mechanism)


async def test_the_superior_approves_the_exact_files_and_the_coordinator_gets_the_answers(house: House) -> None:
    coordinator = await answered(house, "Coordination", "Conseil", role="coordinator", border="")
    moussa = await answered(house, "Moussa", clears=CHIEF)
    await moussa.press("Soumettre à validation")
    await moussa.expect(text("clearance.being_made", "fr"))
    await moussa.expect("BFA-2-1.pdf")
    await moussa.expect("BFA-2-1.docx")
    ready = await moussa.expect("à faire suivre tel quel")
    assert CHIEF in ready.text
    code = await link_in(moussa)
    await moussa.expect("à faire scanner")
    assert (await one(house, 2)).state == "in_clearance"
    chief = await superior(house, "Chief", code)
    await moussa.expect("Le lien de validation a été ouvert")
    await chief.click("Ouvrir")
    await chief.expect("BFA-2-1.pdf")
    asked = await chief.expect("pour la version BFA-2-1")
    await chief.press("Approuver", asked)
    await chief.expect("les réponses sont approuvées")
    await moussa.expect("Votre hiérarchie a approuvé vos réponses")
    await coordinator.expect("une contribution vous est transmise")
    known = await one(house, 2)
    assert (known.state, known.clearance.cleared) == ("submitted", "chat")
    assert known.clearance.recap is not None
    for file in known.clearance.recap.files:
        kept = house.settings.attachments / file.sha256[:2] / file.sha256
        assert kept.stat().st_size == file.size
    await chief.press("Approuver", asked)
    await chief.expect("déjà validées et transmises")
    await chief.send("/tasks")
    await chief.expect(text("steps.no_tasks", "fr"))


async def test_what_changed_is_not_approved_and_a_new_recap_is_made(house: House) -> None:
    moussa, chief = await _put_up(house)
    asked = await chief.expect("pour la version BFA-1-1")
    await _correct(moussa, "Deux comités.")
    await moussa.expect("Le récapitulatif qui lui a été présenté n’est plus valable")
    await chief.expect("n’est plus valable")
    await chief.press("Approuver", asked)
    await chief.expect("Les réponses ont changé depuis ce récapitulatif")
    assert (await one(house)).state == "draft"
    await moussa.send("/handin")
    await moussa.expect("BFA-1-2.pdf")
    again = await chief.expect("pour la version BFA-1-2")
    await chief.press("Approuver", asked)
    await chief.expect("Les réponses ont changé depuis ce récapitulatif")
    await chief.press("Approuver", again)
    await chief.expect("les réponses sont approuvées")
    assert (await one(house)).state == "submitted"
