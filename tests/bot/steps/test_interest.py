"""The expression of interest, through the Telegram channel."""

from __future__ import annotations

import re

from flows.i18n import text
from tests.bot.conftest import House


async def test_a_focal_point_says_yes_with_the_letter_and_the_secretariat_hears_of_it(house: House) -> None:
    secretariat = await house.staff("Ama", "secretariat", "en")
    awa = await house.staff("Awa", "focal_point", "fr")
    await awa.click("Répondre")
    await awa.click("Oui")
    await awa.expect("Quelle autorité nationale")
    await awa.send("Conseil supérieur des Burkinabè de l’étranger")
    await awa.expect("fonction de la personne")
    await awa.send("Secrétaire permanent")
    await awa.expect("lettre officielle")
    await awa.send_document("lettre.pdf", b"%PDF-1.4 sample", "application/pdf")
    await awa.click("Je confirme")
    await awa.expect("La participation du Burkina Faso est enregistrée")
    await secretariat.expect("the country takes part")
    course = await house.course()
    assert course.interest.answer == "yes"
    assert course.interest.authority == "Conseil supérieur des Burkinabè de l’étranger"
    (letter,) = course.interest.letters
    assert re.fullmatch(r"interest-letter-BFA-\d+\.pdf", letter.name)


async def test_what_a_person_called_their_file_is_nowhere_in_the_ledger(house: House) -> None:
    awa = await house.staff("Awa", "focal_point", "fr")
    await awa.click("Répondre")
    await awa.click("Oui")
    await awa.send("Conseil supérieur")
    await awa.expect("fonction de la personne")
    await awa.send("Secrétaire permanent")
    await awa.expect("lettre officielle")
    await awa.send_document("passeport de Awa Sample.PDF", b"%PDF-1.4 sample", "application/pdf")
    await awa.click("Je confirme")
    await awa.expect("La participation du Burkina Faso est enregistrée")
    async with house.store() as store, store.reading() as tx:
        entries = await tx.ledger.of_chain("BFA")
        audit = await tx.audit.entries()
    assert "Awa Sample" not in repr(entries) + repr(audit)
    (letter,) = (await house.course()).interest.letters
    assert letter.name.endswith(".pdf")


async def test_a_no_ends_courteously(house: House) -> None:
    awa = await house.staff("Awa", "focal_point", "fr")
    await awa.click("Répondre")
    await awa.click("Non")
    await awa.click("Passer")
    await awa.click("Je confirme")
    await awa.expect("Il ne vous sera rien demandé d’autre")
    await awa.send("/tasks")
    await awa.expect(text("steps.no_tasks", "fr"))


async def test_an_official_may_not_speak_for_the_country(house: House) -> None:
    moussa = await house.official("Moussa")
    await moussa.send("/interest")
    await moussa.expect("Elle relève de")


async def test_what_is_not_confirmed_is_not_passed_on(house: House) -> None:
    awa = await house.staff("Awa", "focal_point", "fr")
    await awa.click("Répondre")
    await awa.click("Non")
    await awa.click("Passer")
    await awa.click("Ne rien transmettre")
    await awa.expect(text("steps.form_left", "fr"))
    assert (await house.course()).interest.answer is None
