"""A colleague's paper: the part in their hands, and nothing else of the questionnaire."""

from __future__ import annotations

import re
from io import BytesIO

import docx

from flows.i18n import text
from tests.bot.conftest import House
from tests.bot.documents.filling import fill
from tests.telegram.people import Person

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
SECTION, QUESTION = "Données (4 questions)", "Nom de la source"


async def _lent(house: House, official: Person, what: str = SECTION, first: str = QUESTION) -> Person:
    """A colleague who has the part in hand and is asked its first question."""
    await official.send("/delegate")
    await official.click(what)
    await official.expect("À quel collègue")
    await official.send("M. Traoré")
    await official.click("Français")
    await official.click("Je confirme")
    found = re.search(r"start=(\w+)", (await official.expect("?start=")).text)
    assert found is not None
    person = await house.telegram.person("Moussa", language="fr")
    await person.send(f"/start {found[1]}")
    await person.click("Oui")
    await person.click("Répondre")
    await person.expect(first)
    return person


async def _paper(person: Person) -> bytes:
    await person.send("/paper")
    return await person.open(await person.expect(text("paper.here", "fr")))


def _words(content: bytes) -> str:
    return " ".join("".join(one.itertext()) for one in docx.Document(BytesIO(content)).element.body)


async def test_a_colleague_fills_their_part_on_paper_and_it_is_theirs(house: House) -> None:
    awa = await house.official("Awa")
    moussa = await _lent(house, awa)
    content = await _paper(moussa)
    assert QUESTION in _words(content)
    filled = fill(content, {"body/name": "Recensement", "body/year": "2019"}, {"body/domains=border"})
    await moussa.send_document("rempli.docx", filled, WORD)
    shown = await moussa.expect("Votre document et vos réponses")
    await moussa.press(text("paper.take_all", "fr", 3), shown)
    await moussa.expect("3 réponses du document sont enregistrées")
    async with house.store() as store, store.reading() as tx:
        interview = (await tx.interviews.of_country("BFA"))[0]
        answers = {one.path: one for one in await tx.answers.current(interview.id)}
        people = {one.id: one.role for one in await tx.people.of_country("BFA")}
    assert answers["/data/body/name"].value == "Recensement"
    assert people[answers["/data/body/name"].author_id or 0] == "colleague"


async def test_nothing_outside_their_part_is_printed_told_or_taken(house: House) -> None:
    awa = await house.official("Awa")
    whole = fill(await _paper(awa), {"body/name": "Enquête", "body/year": "2018"})
    await awa.send("Un secret de la source")
    await awa.expect("Quels domaines")
    moussa = await _lent(house, awa, "La question posée", "Quels domaines")
    content = await _paper(moussa)
    assert "Quels domaines" in _words(content)
    assert QUESTION not in _words(content)
    assert "secret" not in _words(content)
    await moussa.send_document("autre.docx", whole, WORD)
    shown = await moussa.expect("Votre document et vos réponses")
    assert "secret" not in shown.text
    assert "Enquête" in shown.text  # what they sent, and why it is not read
    assert not any("Reprendre" in label or "Remplacer" in label for label in shown.labels)


async def test_a_part_taken_back_takes_no_paper_any_more(house: House) -> None:
    awa = await house.official("Awa")
    moussa = await _lent(house, awa)
    filled = fill(await _paper(moussa), {"body/name": "Recensement"})
    await moussa.send_document("rempli.docx", filled, WORD)
    shown = await moussa.expect("Votre document et vos réponses")
    await awa.send("/delegations")
    await awa.click("Reprendre la partie 1")
    await moussa.expect("a été reprise")
    await moussa.press(text("paper.take_all", "fr", 1), shown)
    await moussa.expect("n’est plus entre vos mains")
    await moussa.send("/paper")
    await moussa.expect("n’est plus entre vos mains")
    assert "/data/body/name" not in await house.answers()
