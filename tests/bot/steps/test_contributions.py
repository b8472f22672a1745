"""Acceptance, returning and release, through the Telegram channel."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from bot.settings import Settings
from flows.i18n import text
from tests.bot.conftest import House, at_work
from tests.bot.steps.contributing import BORDER, answered, form, link_in, one, superior
from tests.telegram.people import Person
from tests.telegram.standin import StandIn

ENTITY = "Direction des frontières"


@pytest.fixture
async def house(telegram: StandIn, settings: Settings) -> AsyncIterator[House]:
    async with at_work(telegram, settings, forms=lambda: [form()]) as found:
        yield found


async def _coordinator(house: House, language: str = "fr") -> Person:
    """The coordinator, whose own contribution (number 1) is not handed in."""
    return await answered(house, "Awa", "Conseil", role="coordinator", border="", language=language)


async def _submitted(house: House, coordinator: Person, name: str = "Moussa", **given: str) -> Person:
    official = await answered(house, name, **given)
    await official.press("Envoyer")
    await official.expect("Vos réponses sont transmises")
    await coordinator.expect("une contribution vous est transmise")
    return official


async def _correct(official: Person, number: str, answer: str) -> None:
    await official.send("/review")
    await official.click(number)
    await official.expect("Quel mécanisme")
    await official.send(answer)


async def test_a_contribution_is_read_accepted_and_locked(house: House) -> None:
    awa = await _coordinator(house)
    moussa = await _submitted(house, awa, border="")
    await awa.send("/tasks")
    await awa.expect("Accepter ou retourner la contribution")
    await awa.press("2. Ouvrir")
    shown = await awa.expect("transmise le")
    assert "Données\u00a0: 2 réponses, 1 question sans réponse" in shown.text
    await awa.press("Lire les réponses", shown)
    read = await awa.expect("page 1 sur 1")
    assert "Un comité interministériel." in read.text
    assert "Question passée" in read.text
    await awa.press("Accepter", shown)
    await awa.expect("la contribution est acceptée")
    await moussa.expect("Votre contribution est acceptée")
    known = await one(house, 2)
    assert (known.state, known.decided, known.own) == ("accepted", True, False)
    await _correct(moussa, "3", "Autre chose")
    await moussa.expect("elles ne peuvent plus être modifiées")
    assert (await house.answers())["/data/body/c5_mechanism"][-1] == ("Un comité interministériel.", "answered")
    await awa.press("Accepter", shown)
    await awa.expect("déjà acceptée")


async def test_what_changed_since_it_was_shown_is_not_accepted(house: House) -> None:
    awa = await _coordinator(house)
    moussa = await _submitted(house, awa)
    await awa.send("/contributions")
    await awa.click("1")
    shown = await awa.expect(lambda message: "Accepter" in message.labels)
    await _correct(moussa, "3", "Deux comités.")
    await moussa.expect("Vos réponses redeviennent un projet")
    await awa.press("Accepter", shown)
    await awa.expect("a changé depuis qu’elle vous a été montrée")
    assert (await one(house, 2)).state == "draft"
    await _correct(moussa, "3", "Trois comités.")  # said once only
    await moussa.send("/tasks")
    await moussa.click("Transmettre")
    await moussa.expect("Vos réponses sont transmises")
    transcript = await moussa.transcript()
    assert transcript.count("Vos réponses redeviennent un projet") == 1
    await awa.expect("vous est transmise à nouveau")
    await awa.press("Accepter", shown)
    await awa.expect("a changé depuis qu’elle vous a été montrée")
    again = await awa.expect(lambda message: "Voir ce qui a changé" in message.labels)
    await awa.press("Voir ce qui a changé", again)
    changes = await awa.expect("ce qui a changé")
    assert "Avant\u00a0: Un comité interministériel." in changes.text
    assert "Maintenant\u00a0: Trois comités." in changes.text
    assert "Un bulletin commun." not in changes.text
    await awa.press("Accepter", again)
    await awa.expect("la contribution est acceptée")


async def test_answers_are_returned_with_a_comment_and_come_back(house: House) -> None:
    awa = await _coordinator(house)
    moussa = await _submitted(house, awa, border="")
    await awa.send("/contributions")
    await awa.click("1")
    await awa.click("Retourner des réponses")
    await awa.click("3")
    picked = await awa.expect(lambda message: "Retourner 1 réponse" in message.labels)
    await awa.press("4", picked)
    await awa.click("Retourner 2 réponses")
    await awa.expect("Que souhaitez-vous demander")
    await awa.send("Depuis <quand> ?")
    await awa.click("Retourner")
    await moussa.expect("vous retourne 2 réponses")
    first = await moussa.expect("Quel mécanisme")
    assert "Depuis <quand> ?" in first.text
    await awa.expect("2 réponses sont retournées avec votre commentaire")
    assert (await one(house, 2)).state == "returned"
    await moussa.send("/tasks")
    await moussa.expect("2 réponses vous sont retournées")
    await moussa.press("Reprendre le questionnaire")
    await moussa.expect("Quel mécanisme")
    await moussa.send("Un comité, depuis 2015.")
    kept = await moussa.expect("Quelle pratique")
    await moussa.press(text("interview.button_maintain", "fr"), kept)
    await moussa.click("Envoyer")
    await moussa.expect("Vos réponses sont transmises")
    await awa.expect("vous est transmise à nouveau")
    await awa.press("Ouvrir")
    await awa.click("Voir ce qui a changé")
    changes = await awa.expect("ce qui a changé")
    assert "Un comité, depuis 2015." in changes.text
    assert "bulletin" not in changes.text


async def test_answers_of_an_accepted_contribution_can_be_returned_by_their_numbers(house: House) -> None:
    awa = await _coordinator(house)
    moussa = await _submitted(house, awa, border="")
    await awa.press("Ouvrir")
    await awa.click("Accepter")
    await moussa.expect("acceptée")
    await awa.send("/contributions")
    await awa.click("2")
    await awa.click("Retourner des réponses")
    await awa.click("Taper les numéros")
    await awa.expect("Quelles réponses")
    await awa.send("trois")
    await awa.expect("que des numéros")
    await awa.send("3-4, 77")
    await awa.expect("Que souhaitez-vous demander")
    await awa.send("À préciser.")
    await awa.click("Retourner")
    await awa.expect("pas de réponse sous ces numéros")
    await awa.send("/cancel")
    await awa.expect(text("steps.form_left", "fr"))
    assert (await one(house, 2)).state == "accepted"
    await awa.send("/contributions")
    await awa.click("2")
    await awa.click("Retourner des réponses")
    await awa.click("Taper les numéros")
    await awa.expect("Quelles réponses")
    await awa.send("3")
    await awa.expect("Que souhaitez-vous demander")
    await awa.send("À préciser.")
    await awa.click("Retourner")
    await moussa.expect("Quel mécanisme")
    await moussa.send("Précisé.")
    await moussa.click("Envoyer")
    await moussa.expect("Vos réponses sont transmises")
    assert (await one(house, 2)).state == "submitted"


async def test_restricted_answers_are_released_by_the_coordinator_alone(house: House) -> None:
    awa = await _coordinator(house)
    ama = await house.staff("Ama", "secretariat", "fr")
    await _submitted(house, awa, agrees="no")
    await awa.press("Ouvrir")
    await awa.click("Accepter")
    asked = await awa.expect("réservée à l’État")
    assert "l’entité s’y oppose" in asked.text
    assert asked.labels == ("Garder réservé", "Choisir")
    await ama.send("/contributions Burkina Faso")
    await ama.click("2")
    await ama.click("Lire les réponses")
    read = await ama.expect("page 1")
    assert "Réponse réservée à l’État" in read.text
    await awa.press("Choisir", asked)
    await awa.click("1")
    await awa.click("Libérer 1 réponse")
    await awa.expect("1 réponse est libérée")
    assert (await house.course()).contributions.released(2) == {"s18_border"}
    await ama.send("/contributions BFA")
    await ama.click("2")
    await ama.click("Lire les réponses")
    await ama.expect(BORDER)
    assert BORDER not in "".join((await ama.transcript()).split("Lire les réponses")[:2])
    await awa.send("/contributions")
    await awa.click("2")
    await awa.click("Réponses réservées à l’État")
    await awa.click("Garder réservé")
    await awa.expect("ces réponses restent réservées")
    assert (await house.course()).contributions.released(2) == frozenset()


async def test_experts_read_neither_restricted_nor_confidential_answers(house: House) -> None:
    awa = await _coordinator(house)
    expert = await house.staff("Yaa", "expert", "fr")
    moussa = await answered(house, "Moussa", border="")
    await moussa.send("/review")
    await moussa.click("4")
    await moussa.expect("Quelle pratique")
    await moussa.send("/confidential")
    await moussa.expect("confidentielle")
    await moussa.press(text("interview.button_keep", "fr"))
    await moussa.click("Envoyer")
    await moussa.expect("Vos réponses sont transmises")
    await expert.send("/contributions")
    await expert.click("1")
    shown = await expert.expect(lambda message: "Lire les réponses" in message.labels)
    assert not {"Accepter", "Récapitulatif", "Retourner des réponses"} & set(shown.labels)
    await expert.press("Lire les réponses", shown)
    read = await expert.expect("page 1")
    assert "Un comité interministériel." in read.text
    assert "Réponse confidentielle" in read.text
    assert "Un bulletin commun." not in read.text
    await awa.press("Ouvrir")
    await awa.click("Lire les réponses")
    assert "Un bulletin commun." in (await awa.expect("page 1")).text


async def test_one_tap_releases_what_the_entity_agrees_to(house: House) -> None:
    awa = await _coordinator(house)
    await _submitted(house, awa)
    await awa.press("Ouvrir")
    await awa.click("Accepter")
    await awa.expect("réservée à l’État")
    await awa.send("/tasks")
    await awa.expect("Décider des réponses réservées")
    await awa.press("3. Décider")
    await awa.click("Libérer la réponse")
    await awa.expect("1 réponse est libérée")
    await awa.send("/contributions")
    await awa.click("2")
    await awa.click("Revenir sur l’acceptation")
    await awa.expect("l’acceptation est retirée")
    known = await one(house, 2)
    assert (known.state, known.released) == ("submitted", frozenset())


async def test_the_coordinators_own_contribution_is_accepted_by_them_and_the_record_says_so(house: House) -> None:
    awa = await _coordinator(house)
    await awa.press("Envoyer")
    await awa.expect("il vous revient aussi de l’accepter")
    await awa.press("Ouvrir")
    await awa.click("Accepter")
    await awa.expect("la contribution est acceptée")
    assert (await one(house, 1)).own
    await awa.send("/contributions")
    await awa.click("1")
    await awa.expect("Acceptée par la coordination elle-même")


async def test_nobody_reads_what_is_not_handed_in_and_nobody_else_accepts(house: House) -> None:
    awa = await _coordinator(house)
    moussa = await answered(house, "Moussa")
    await awa.send("/contributions")
    listed = await awa.expect("en cours")
    await awa.press("2", listed)
    shown = await awa.expect("en cours")
    assert not {"Lire les réponses", "Accepter", "Récapitulatif"} & set(shown.labels)
    await moussa.press("Envoyer")
    await awa.click("Ouvrir")
    accept = (await awa.expect(lambda message: "Accepter" in message.labels)).data("Accepter")
    await moussa.send("/contributions")
    own = await moussa.expect("transmise le")
    assert "Accepter" not in own.labels
    fatou = await answered(house, "Fatou", "Douanes")
    await fatou.send("/contributions")
    assert "frontières" not in (await fatou.expect("en cours")).text
    assert accept.startswith("do:")


async def test_the_coordinator_of_another_country_sees_nothing(house: House) -> None:
    awa = await _coordinator(house)
    await _submitted(house, awa)
    await awa.send("/contributions Ghana")
    await awa.expect("un autre pays que le vôtre")


async def test_two_presses_at_once_accept_once(house: House) -> None:
    awa = await _coordinator(house)
    moussa = await _submitted(house, awa, border="")
    await awa.press("Ouvrir")
    shown = await awa.expect(lambda message: "Accepter" in message.labels)
    await asyncio.gather(*(awa.press("Accepter", shown) for _ in range(4)))
    await awa.expect("la contribution est acceptée")
    await awa.expect("déjà acceptée")
    await moussa.expect("Votre contribution est acceptée")
    kinds = (await house.course()).seen
    assert kinds["contribution.accepted"][0] == kinds["contribution.accepted"][1]


async def test_the_recap_reaches_the_coordinator_as_files(house: House) -> None:
    awa = await _coordinator(house)
    await _submitted(house, awa)
    await awa.press("Ouvrir")
    await awa.click("Récapitulatif")
    first = await awa.expect("récapitulatif des réponses")
    assert first.document == "BFA-2-1.pdf"
    await awa.expect("BFA-2-1.docx")


async def test_what_is_not_to_be_sent_yet_stays_a_draft(house: House) -> None:
    moussa = await answered(house, "Moussa")
    await moussa.press("Pas maintenant")
    await moussa.expect("terminé")
    assert not (await house.course()).contributions.of
    await moussa.send("/handin")
    await moussa.expect("veuillez répondre à la dernière question")
    await moussa.click("Envoyer")
    await moussa.expect("Vos réponses sont transmises")
    assert (await one(house)).state == "submitted"


async def test_with_clearance_needed_no_way_leads_past_the_hierarchy(house: House) -> None:
    awa = await _coordinator(house)
    moussa = await answered(house, "Moussa", clears="Le Directeur")
    await moussa.press("Envoyer")
    chief = await superior(house, "Chief", await link_in(moussa))
    for _ in range(2):
        await moussa.send("/handin")
        await moussa.expect("déjà soumises à votre hiérarchie")
    assert (await one(house, 2)).state == "in_clearance"
    await awa.send("/contributions")
    await awa.click("1")
    assert "Accepter" not in (await awa.expect("auprès de la hiérarchie")).labels
    await chief.press("Ouvrir")
    await chief.click("Approuver")
    await awa.expect("une contribution vous est transmise")
    await awa.press("Ouvrir")
    await awa.expect("Validée par la hiérarchie")


async def test_acceptance_in_english(house: House) -> None:
    awa = await _coordinator(house, "en")
    kofi = await answered(house, "Kofi", language="en")
    await kofi.press("Send now")
    await kofi.expect("passed on to the national coordinator")
    await awa.expect("a contribution has been passed on")
    await awa.press("Open")
    await awa.click("Accept")
    await awa.expect("the contribution is accepted")
    await awa.click("Release the answer")
    await awa.expect("1 answer is released")
    await kofi.expect("has been accepted")
