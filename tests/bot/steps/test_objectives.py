"""/objectives through Telegram: everybody browses, the secretariat keeps the catalogue and has the report made."""

from __future__ import annotations

from flows.country.steps.activities import catalogue
from flows.country.steps.course import course_of
from tests.bot.conftest import House
from tests.telegram.people import Person


async def _titles(house: House) -> set[str]:
    async with house.store() as store, store.reading() as tx:
        held = catalogue(course_of("", await tx.ledger.of_chain("")))
    return {one.title("fr") for one in held.activities}


async def _choose(person: Person, question: str, *labels: str) -> None:
    asked = await person.expect(question)
    for label in labels:
        await person.press(label, asked)


async def _fill(ama: Person) -> None:
    await ama.expect("What is the title in French?")
    await ama.send("Réunion thématique sur les migrants disparus")
    await ama.expect("What is the title in English?")
    await ama.send("Thematic meeting on missing migrants")
    await ama.expect("our translation?")
    await ama.press("The English title")
    await _choose(ama, "What is it?", "1")
    await ama.expect("On which day did it take place")
    await ama.send("20/09/2023")
    await ama.expect("On which day did it end?")
    await ama.send("21/09/2023")
    await ama.expect("Where?")
    await ama.send("Genève")
    await ama.expect("partners or organisers")
    await ama.send("/skip")
    await _choose(ama, "To which objectives", "8", "Done")
    await ama.expect("in French?")


async def test_everybody_browses_the_objectives_in_their_language(house: House) -> None:
    awa = await house.staff("Awa", "focal_point", "fr")
    await awa.send("/objectives")
    shown = await awa.expect("Les 23 objectifs")
    assert "1. Données ● · 3 activités" in shown.text
    assert "3. Fourniture d’informations\n" in f"{shown.text}\n"
    assert "Ajouter une activité" not in shown.labels
    await awa.press("Page suivante")
    shown = await awa.expect("9. Combattre le trafic de migrants ●")
    await awa.press("11")
    shown = await awa.expect("Gérer les frontières de manière intégrée, sûre et coordonnée")
    assert "https://www.rabat-process.org/fr/activites/reunions-techniques/reunion-thematique" in shown.text
    assert "1–2 juil. 2019, Madrid".replace("–", "\u2013") in shown.text
    await awa.press("Objectif 12")
    await awa.expect("Aucune activité du dialogue")
    await awa.press("Tous les objectifs")
    await awa.expect("9. Combattre le trafic de migrants ●")


async def test_one_objective_by_its_number_and_none_by_a_wrong_one(house: House) -> None:
    kofi = await house.staff("Kofi", "expert", "en")
    await kofi.send("/objectives 2")
    shown = await kofi.expect("Objective 2 – Minimize adverse drivers")
    assert "(our translation)" in shown.text
    await kofi.press("Countries: recommendations, practices")
    await kofi.expect("No published guide relates to it yet.")
    await kofi.send("/objectives 24")
    await kofi.expect("There is no objective of that number")


async def test_the_secretariat_adds_corrects_and_withdraws_an_activity(house: House) -> None:
    ama = await house.staff("Ama", "secretariat", "en")
    await ama.send("/objectives")
    await ama.click("Add an activity")
    await _fill(ama)
    await ama.send("file:///C:/Users/someone/a.pdf")
    await ama.expect("Only addresses that begin with")
    await ama.send("https://rabat-process.org/fr/activites/reunions-techniques/migrants-disparus")
    await ama.expect("And in English?")
    await ama.send("/skip")
    await ama.expect("Do you confirm this activity?")
    await ama.press("I confirm")
    await ama.expect("“Thematic meeting on missing migrants” is in the catalogue.")
    assert "Réunion thématique sur les migrants disparus" in await _titles(house)
    await ama.press("Objective 8")
    shown = await ama.expect("1. Meeting: Thematic meeting on missing migrants (our translation)")
    assert "20–21 Sept 2023, Genève".replace("–", "\u2013") in shown.text
    await ama.press("1", shown)
    await ama.expect("Objective 8")
    await ama.press("Correct")
    await _choose(ama, "What has to be corrected?", "Objectives", "Done")
    await _choose(ama, "To which objectives", "7", "Done")
    await ama.click("I confirm")
    await ama.expect("is corrected")
    await ama.press("Objective 7")
    shown = await ama.expect("Thematic meeting on missing migrants")
    await ama.press("1", shown)
    await ama.click("Withdraw from the catalogue")
    await ama.click("Yes, withdraw")
    await ama.expect("is no longer in the catalogue")
    assert "Réunion thématique sur les migrants disparus" not in await _titles(house)
    await ama.press("Yes, withdraw")
    await ama.expect("No activity has the code a1")


async def test_what_is_there_already_is_refused_and_can_be_corrected(house: House) -> None:
    ama = await house.staff("Ama", "secretariat", "en")
    for _ in range(2):
        await ama.send("/objectives")
        await ama.click("Add an activity")
        await _fill(ama)
        await ama.send("https://rabat-process.org/fr/a")
        await ama.expect("And in English?")
        await ama.send("/skip")
        await ama.click("I confirm")
    await ama.expect("is already in the catalogue under the code a1")
    await ama.expect("Do you confirm this activity?")


async def test_the_secretariat_has_the_report_made(house: House) -> None:
    ama = await house.staff("Ama", "secretariat", "en")
    await ama.send("/objectives")
    await ama.click("Make the report")
    for language in ("en", "fr"):
        for kind in ("pdf", "docx", "html"):
            await ama.expect(lambda message, name=f"objectives-{language}.{kind}": message.document == name)
