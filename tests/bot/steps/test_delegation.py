"""Delegation, through the Telegram channel: a part goes to a colleague and comes back; nobody overwrites anybody."""

from __future__ import annotations

import asyncio
import re

from flows.i18n import text
from tests.bot.conftest import House
from tests.telegram.people import Person

SECTION = "Données (4 questions)"


async def _lend(official: Person, what: str, colleague: str = "M. Traoré") -> str:
    """Entrust a part; returns the code in the message to forward."""
    await official.send("/delegate")
    await official.click(what)
    await official.expect("À quel collègue")
    await official.send(colleague)
    await official.click("Français")
    await official.click("Je confirme")
    forward = await official.expect("?start=")
    found = re.search(r"start=(\w+)", forward.text)
    assert found is not None
    return found[1]


async def _colleague(house: House, name: str, code: str) -> Person:
    person = await house.telegram.person(name, language="fr")
    await person.send(f"/start {code}")
    await person.click("Oui")
    await person.click("Répondre")
    return person


async def test_a_section_goes_to_a_colleague_and_comes_back_by_itself(house: House) -> None:
    awa = await house.official("Awa")
    code = await _lend(awa, SECTION)
    await awa.expect(text("interview.awaited", "fr"))
    moussa = await _colleague(house, "Moussa", code)
    await moussa.expect("Nom de la source")
    await moussa.send("Recensement général")
    await moussa.click("Tendances")
    await moussa.click("Terminé")
    await moussa.expect("Quelle année")
    await moussa.send("2019")
    await moussa.click("Passer")
    await moussa.expect("Cette partie est rendue")
    back = await awa.expect("a rendu la partie confiée, entièrement remplie")
    assert "M. Traoré" in back.text
    async with house.store() as store, store.reading() as tx:
        interview = (await tx.interviews.of_country("BFA"))[0]
        answers = {one.path: one for one in await tx.answers.current(interview.id)}
        people = {one.id: one.role for one in await tx.people.of_country("BFA")}
    assert answers["/data/body/name"].value == "Recensement général"
    assert people[answers["/data/body/name"].author_id or 0] == "colleague"
    assert people[answers["/data/consent"].author_id or 0] == "official"
    await moussa.send("Trop tard")
    await moussa.expect("n’est plus entre vos mains")


async def test_a_part_is_taken_back_with_what_was_answered(house: House) -> None:
    awa = await house.official("Awa")
    moussa = await _colleague(house, "Moussa", await _lend(awa, SECTION))
    await moussa.expect("Nom de la source")
    await moussa.send("Registre des étrangers")
    await moussa.expect("Quels domaines")
    await awa.send("/delegations")
    await awa.click("Reprendre la partie 1")
    await awa.expect("Vous avez repris cette partie")
    await awa.expect("Quels domaines")
    await moussa.expect("a été reprise")
    await moussa.press("Tendances")
    await moussa.expect("n’est plus entre vos mains")
    assert (await house.answers())["/data/body/name"] == [("Registre des étrangers", "answered")]


async def test_a_code_of_a_part_taken_back_opens_nothing(house: House) -> None:
    awa = await house.official("Awa")
    code = await _lend(awa, SECTION)
    await awa.send("/delegations")
    await awa.click("Reprendre la partie 1")
    late = await house.telegram.person("Late", language="fr")
    await late.send(f"/start {code}")
    await late.expect("a été annulée")


async def test_a_part_with_a_colleague_is_offered_to_nobody_else(house: House) -> None:
    awa = await house.official("Awa")
    await awa.send("/delegate")
    first = await awa.expect(lambda shown: SECTION in shown.labels)
    code = await _lend(awa, SECTION)
    await awa.press(SECTION, first)
    await awa.expect("a changé entre-temps")
    await _colleague(house, "Moussa", code)


async def test_a_colleague_may_hand_back_before_the_end_once(house: House) -> None:
    awa = await house.official("Awa")
    moussa = await _colleague(house, "Moussa", await _lend(awa, "La question posée"))
    await moussa.expect("Nom de la source")
    await moussa.send("/handback")
    await moussa.expect("Cette partie est rendue")
    await awa.expect("avant la fin")
    await moussa.send("/handback")
    await moussa.expect("n’est plus entre vos mains")
    await awa.press("Continuer")
    await awa.expect("Nom de la source")


async def test_official_and_colleague_answer_at_once_and_nothing_is_lost(house: House) -> None:
    awa = await house.official("Awa")
    await awa.send("Recensement")
    await awa.expect("Quels domaines")
    moussa = await _colleague(house, "Moussa", await _lend(awa, "La question posée"))
    await moussa.expect("Quels domaines")
    await awa.send("/resume")
    await awa.expect("Quelle année")
    await asyncio.gather(awa.send("2020"), moussa.press("Tendances"))
    await moussa.expect("✓ Tendances")
    await moussa.press("Terminé")
    await moussa.expect("Cette partie est rendue")
    found = await house.answers()
    assert found["/data/body/year"] == [("2020", "answered")]
    assert found["/data/body/domains"] == [("trends", "answered")]
