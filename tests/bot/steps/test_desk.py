"""Desk research, through the Telegram channel: from a fact found to the entity's word."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from bot.settings import Settings
from flows.country.steps.additions import additions
from flows.i18n import text
from flows.interview.xlsform import load_form
from tests.bot.conftest import SMALL, House, at_work
from tests.telegram.people import Person, Shown
from tests.telegram.standin import StandIn

pytestmark = pytest.mark.slow  # most of a minute in all

FACT = "Le recensement de 2019 a dénombré 700 000 personnes nées à l’étranger (exemple)."
MINE = "Le recensement de 2019 a dénombré 702 000 personnes nées à l’étranger (exemple)."


async def _found(expert: Person, entity: str = "Institut national", fact: str = FACT) -> None:
    """Record a fact, in French."""
    await expert.send("/finding BFA")
    await expert.click("I Panorama des sources de données et informations dans le domaine migratoire")
    await expert.click("Suite")
    shown = await expert.expect(lambda one: any(label.startswith("S7 ") for label in one.labels))
    await expert.press(next(label for label in shown.labels if label.startswith("S7 ")), shown)
    await expert.click(entity)
    shown = await expert.expect("Quel fait avez-vous trouvé")
    assert "S7" in shown.text
    await expert.send(fact)
    await expert.click("Français")
    await expert.expect("D’où ce fait est-il tiré")
    await expert.send("INSD, Annuaire statistique (exemple), p. 41")
    await expert.expect("en ligne")
    await expert.send("https://www.example.org/annuaire.pdf")
    await expert.expect("consulté cette source")
    await expert.send(f"{datetime.now(UTC) - timedelta(days=3):%d/%m/%Y}")
    await expert.click("Moyenne")
    await expert.click("Je confirme")


async def _proposal(person: Person) -> Shown:
    shown = await person.expect("attend votre avis (n°")
    assert FACT in shown.text
    assert "https://www.example.org/annuaire.pdf" in shown.text
    return shown


async def test_a_fact_found_is_confirmed_by_the_entity_and_enters_the_guide(house: House) -> None:
    awa = await house.official("Awa")
    expert = await house.staff("Karim", "expert", "fr")
    await _found(expert)
    await expert.expect("Institut national est invitée à le confirmer")
    proposal = await _proposal(awa)
    await awa.send("/tasks")
    await awa.expect("attend votre avis")
    await awa.press("Confirmer", proposal)
    await awa.expect("est confirmé\u202f; il entre dans le guide")
    await expert.expect("est confirmé (Institut national)")
    (one,) = (await house.course()).findings.made.values()
    assert (one.state, one.field, one.confidence) == ("confirmed", "s7_content", "medium")
    (given,) = additions(await house.course(), {one.entity_id or 0: "Institut national"}).findings
    assert (given.text, given.status, given.entity) == (FACT, "confirmed", "Institut national")


async def test_the_context_of_the_country_has_a_place_that_no_question_asks_about(house: House) -> None:
    await house.official("Awa")
    expert = await house.staff("Karim", "expert", "fr")
    await expert.send("/finding BFA")
    await expert.click("II.5 Contexte migratoire et cadre juridique")
    await expert.click("Institut national")  # which entity, at once
    shown = await expert.expect("Quel fait avez-vous trouvé")
    assert "Contexte migratoire et cadre juridique" in shown.text


async def test_pressing_twice_or_another_button_later_changes_nothing(house: House) -> None:
    awa = await house.official("Awa")
    expert = await house.staff("Karim", "expert", "fr")
    await _found(expert)
    proposal = await _proposal(awa)
    await awa.press("Confirmer", proposal)
    await awa.expect("est confirmé")
    await awa.press("Confirmer", proposal)
    await awa.expect("est déjà confirmé")
    await awa.press("Ce n’est pas exact", proposal)
    await awa.expect("est déjà confirmé")
    (one,) = (await house.course()).findings.made.values()
    assert one.state == "confirmed"


async def test_the_entity_corrects_in_its_own_words(house: House) -> None:
    awa = await house.official("Awa")
    expert = await house.staff("Karim", "expert", "fr")
    await _found(expert)
    await awa.press("Corriger", await _proposal(awa))
    shown = await awa.expect("Quel est le texte exact")
    assert FACT in shown.text
    await awa.send(FACT)
    await awa.click("Je confirme")
    await awa.expect("Ce texte est celui qui est proposé")
    await awa.expect("Confirmez-vous ce texte")
    await awa.send("/back")
    await awa.expect("Quel est le texte exact")
    await awa.send(MINE)
    await awa.click("Je confirme")
    await awa.expect("Le texte corrigé du fait")
    told = await expert.expect("est corrigé (Institut national)")
    assert MINE in told.text
    (given,) = additions(await house.course(), {}).findings
    assert (given.text, given.status) == (MINE, "confirmed")


async def test_what_is_not_right_stays_out_of_the_guide_and_can_be_taken_up_again(house: House) -> None:
    awa = await house.official("Awa")
    expert = await house.staff("Karim", "expert", "fr")
    await _found(expert)
    await awa.press("Ce n’est pas exact", await _proposal(awa))
    await awa.expect("Pourquoi ce fait n’est-il pas exact")
    await awa.send("Chiffre provisoire (exemple).")
    await awa.click("Je confirme")
    await awa.expect("est écarté\u202f; il n’entre pas dans le guide")
    told = await expert.expect("est écarté (Institut national)")
    assert "Chiffre provisoire (exemple)." in told.text
    assert additions(await house.course(), {}).findings == ()
    await awa.send("/desk")
    number = next(iter((await house.course()).findings.made))
    await awa.press(f"Ouvrir le n° {number}", await awa.expect("Écartés"))
    await awa.click("Revenir sur cette réponse")
    await awa.click("Confirmer")
    await awa.expect("est confirmé")


@pytest.fixture
async def asking(telegram: StandIn, settings: Settings) -> AsyncIterator[House]:
    """A bot whose first question is one that a finding can be about."""
    form = load_form(SMALL.replace("| name     | Nom", "| s7_content | Nom").encode(), "md")
    async with at_work(telegram, settings, forms=lambda: [form]) as house:
        yield house


async def test_a_national_answer_is_shown_beside_and_changed_by_the_official_alone(asking: House) -> None:
    awa = await asking.official("Awa")
    await awa.send("Recensement général")
    await awa.expect("Quels domaines")
    expert = await asking.staff("Karim", "expert", "fr")
    await _found(expert)
    proposal = await _proposal(awa)
    assert "Recensement général" in proposal.text
    await awa.press("Confirmer", proposal)
    done = await awa.expect("est confirmé")
    assert (await asking.answers())["/data/body/s7_content"] == [("Recensement général", "answered")]
    await awa.press("Revoir ma réponse", done)
    await awa.expect("concerne 1 de vos réponses")
    await awa.press("Passer", await awa.expect("Quels domaines"))  # what is being answered comes first
    await awa.expect(lambda message: FACT in message.text and "Nom de la source" in message.text)
    await awa.send(MINE)
    await awa.expect("Quelle année")
    assert (await asking.answers())["/data/body/s7_content"][-1] == (MINE, "answered")


async def test_without_an_official_the_coordination_is_asked_and_may_ask_an_entity(house: House) -> None:
    coordinator = await house.coordinator("Mariam", "Ministère chargé des migrations")
    expert = await house.staff("Karim", "expert", "fr")
    awa = await house.official("Awa")
    await _found(expert, "Aucune en particulier")
    await expert.expect("La coordination nationale est invitée")
    proposal = await _proposal(coordinator)
    await coordinator.press("Demander à une autre entité", proposal)
    await coordinator.click("Institut national")
    await coordinator.expect("est proposé à\u00a0: Institut national")
    await _proposal(awa)
    await coordinator.press("Confirmer", proposal)
    await coordinator.expect("est confirmé")


async def test_others_may_neither_record_nor_settle_nor_withdraw(house: House) -> None:
    awa = await house.official("Awa")
    await awa.send("/finding")
    await awa.expect("Elle relève de")
    expert = await house.staff("Karim", "expert", "fr")
    other = await house.staff("Lina", "expert", "fr")
    await _found(expert)
    await expert.expect("Le fait est enregistré")
    number = next(iter((await house.course()).findings.made))
    await other.send("/desk BFA")
    await other.click(f"Ouvrir le n° {number}")
    shown = await other.expect(f"Fait n° {number}")
    assert shown.buttons == ()
    await expert.send("/finding GHA")
    await expert.expect(text("access.country", "fr"))
    await expert.send("/desk")
    await expert.click(f"Ouvrir le n° {number}")
    await expert.click("Retirer ce fait")
    await expert.expect("est retiré")
    await awa.expect("a été retiré par la personne")
    await awa.press("Confirmer")
    await awa.expect("Il n’y a plus rien à faire")


async def test_a_file_is_looked_through_before_it_is_imported(house: House) -> None:
    awa = await house.official("Awa")
    expert = await house.staff("Karim", "expert", "fr")
    await expert.send("/finding")
    await expert.click("Envoyer un fichier")
    await expert.expect("Veuillez envoyer le fichier")
    bad = "fait;source;lu_le;question;entite\nUn fait (exemple);;31/12/2999;s7_content;Institut nationale\n"
    await expert.send_document("faits.csv", bad.encode(), "text/csv")
    await expert.click("Je confirme")
    shown = await expert.expect("problèmes sont à corriger")
    assert "Institut national" in shown.text
    assert shown.buttons == ()
    await expert.send("/finding")
    await expert.click("Envoyer un fichier")
    await expert.expect("Veuillez envoyer le fichier")
    good = f"fait;source;lu_le;question;entite\n{FACT};Annuaire (exemple);2026-01-31;s7_content;INSTITUT NATIONAL\n"
    await expert.send_document("faits.csv", good.encode(), "text/csv")
    await expert.click("Je confirme")
    report = await expert.click("Importer ce fait")
    await expert.expect("Un fait est importé")
    await awa.expect("attend votre avis")
    await expert.press("Importer ce fait", report)
    await expert.expect("Un fait est déjà enregistré")
    assert len((await house.course()).findings.made) == 1
