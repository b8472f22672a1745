"""Clearance, through the Telegram channel: nothing is passed on before the hierarchy agrees to exactly that."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.settings import Settings
from flows.i18n import text
from tests.bot.conftest import House, at_work
from tests.bot.steps.contributing import answered, form, link_in, one, superior
from tests.telegram.people import Person
from tests.telegram.standin import StandIn

CHIEF = "Mme la Directrice générale"


@pytest.fixture
async def house(telegram: StandIn, settings: Settings) -> AsyncIterator[House]:
    async with at_work(telegram, settings, forms=lambda: [form()]) as found:
        yield found


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


async def test_remarks_put_the_answers_they_name_again_and_clear_nothing(house: House) -> None:
    moussa, chief = await _put_up(house)
    await chief.click("Lire les réponses")
    await chief.expect("Un comité interministériel.")
    await chief.send("/contributions")
    await chief.expect("auprès de la hiérarchie")
    await chief.press("1")
    asked = await chief.expect("Direction des frontières")
    assert "Accepter" not in asked.labels
    await chief.send("/tasks")
    await chief.click("Ouvrir")
    await chief.click("Retourner avec des remarques")
    await chief.expect("Quelles sont vos remarques")
    await chief.send("Merci de préciser <le décret> & l’année.")
    await chief.click("Terminé")
    await chief.expect("certaines réponses en particulier")
    await chief.send("99")
    await chief.click("Retourner avec mes remarques")
    await chief.expect("pas de réponse sous ces numéros")
    await chief.expect("Confirmez-vous le retour")
    await chief.send("/back")
    await chief.expect("certaines réponses en particulier")
    await chief.send("3")
    await chief.click("Retourner avec mes remarques")
    await chief.expect("Vos remarques sont transmises")
    told = await moussa.expect("Votre hiérarchie vous retourne 1 réponse")
    assert "Merci de préciser <le décret> & l’année." in told.text
    await moussa.expect("Quel mécanisme")
    known = await one(house)
    assert (known.state, known.back) == ("draft", "remarks")
    await moussa.send("/tasks")
    await moussa.expect("Votre hiérarchie a retourné vos réponses")
    await moussa.send("/handin")
    await moussa.expect("il reste 2 questions à traiter")
    await moussa.expect("Quel mécanisme")
    await moussa.send("Le décret de 2019.")
    await moussa.click("Soumettre à validation")
    await moussa.expect("BFA-1-2.pdf")
    await moussa.expect("Le récapitulatif est présenté à")
    await chief.click("Approuver")
    await chief.expect("les réponses sont approuvées")
    assert (await house.answers())["/data/body/c5_mechanism"][-1] == ("Le décret de 2019.", "answered")


async def test_the_signed_page_clears_on_paper(house: House) -> None:
    moussa = await answered(house, "Moussa", clears=CHIEF)
    await moussa.press("Soumettre à validation")
    await moussa.click("Envoyer la page signée")
    await moussa.expect("BFA-1-1")
    await moussa.send_photo(b"\xff\xd8\xff\xe0 sample")
    await moussa.expect("Qui l’a signée")
    await moussa.send("Mme Sample, Directrice générale")
    await moussa.expect("À quelle date")
    await moussa.send("01/01/2020")
    await moussa.click("Je confirme")
    await moussa.expect("il ne peut pas avoir été signé plus tôt")
    assert (await one(house)).state == "in_clearance"
    await moussa.expect("Confirmez-vous que votre hiérarchie")
    await moussa.send("/back")
    await moussa.expect("À quelle date")
    await moussa.send("aujourd’hui")
    await moussa.click("Je confirme")
    await moussa.expect("Vos réponses sont transmises à la coordination nationale")
    known = await one(house)
    assert (known.state, known.clearance.cleared, known.clearance.signer) == (
        *("submitted", "paper"),
        "Mme Sample, Directrice générale",
    )
    assert known.clearance.paper is not None
    assert (house.settings.attachments / known.clearance.paper.sha256[:2] / known.clearance.paper.sha256).exists()
    await moussa.send("/signed")
    await moussa.expect("déjà validées et transmises")


async def test_another_superior_can_be_asked_and_the_former_has_no_say_any_more(house: House) -> None:
    moussa, chief = await _put_up(house)
    asked = await chief.expect("pour la version BFA-1-1")
    await moussa.send("/contributions")
    await moussa.click("Nouveau lien pour la hiérarchie")
    code = await link_in(moussa)
    await chief.expect("la validation est désormais confiée à une autre personne")
    await chief.press("Approuver", asked)
    await chief.expect(lambda shown: shown.from_bot)
    assert (await one(house)).state == "in_clearance"
    deputy = await superior(house, "Deputy", code)
    await deputy.click("Ouvrir")
    await deputy.click("Approuver")
    await deputy.expect("les réponses sont approuvées")
    assert (await one(house)).state == "submitted"


async def test_a_link_opened_by_another_account_is_used_up(house: House) -> None:
    moussa = await answered(house, "Moussa", clears=CHIEF)
    await moussa.press("Soumettre à validation")
    code = await link_in(moussa)
    await superior(house, "Chief", code)
    late = await house.telegram.person("Late", language="fr")
    await late.send(f"/start {code}")
    await late.expect("déjà")


async def test_what_is_not_to_be_passed_on_yet_is_taken_back(house: House) -> None:
    moussa, chief = await _put_up(house)
    await moussa.send("/contributions")
    await moussa.click("Ne pas transmettre pour le moment")
    await moussa.expect("vos réponses ne sont pas transmises")
    await chief.expect("la demande de validation est retirée")
    assert ((await one(house)).state, (await one(house)).back) == ("draft", "taken_back")
    await moussa.send("/handin")
    await moussa.expect("BFA-1-2.pdf")


async def test_the_superior_reads_of_no_other_contribution(house: House) -> None:
    _, chief = await _put_up(house)
    await answered(house, "Fatou", "Douanes", border="")
    await chief.send("/contributions")
    shown = await chief.expect("auprès de la hiérarchie")
    assert "Douanes" not in shown.text


async def test_clearance_in_english(house: House) -> None:
    moussa = await answered(house, "Moses", clears="The Director", language="en")
    await moussa.press("Put up for clearance")
    await moussa.expect("nothing has been passed on")
    chief = await superior(house, "Director", await link_in(moussa), "en")
    await chief.click("Open")
    await chief.click("Approve")
    await chief.expect("the answers are approved")
    await moussa.expect("Your hierarchy has approved your answers")
