"""A paper that comes back late or with somebody else's: after acceptance, after handing in, beside a colleague's."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot import papering
from bot.settings import Settings
from flows.i18n import text
from tests.bot.conftest import House, at_work
from tests.bot.documents.filling import fill
from tests.bot.steps.contributing import answered, form, one
from tests.telegram.people import Person
from tests.telegram.standin import StandIn

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@pytest.fixture
async def house(telegram: StandIn, settings: Settings) -> AsyncIterator[House]:
    async with at_work(telegram, settings, forms=lambda: [form()]) as found:
        yield found


async def _paper(person: Person) -> bytes:
    await person.send("/paper")
    return await person.open(await person.expect(text("paper.here", "fr")))


async def test_once_the_answers_are_accepted_a_paper_is_compared_and_offers_nothing_to_take(house: House) -> None:
    awa = await answered(house, "Awa", "Conseil", role="coordinator", border="")
    content = await _paper(awa)
    await awa.send_document("rempli.docx", fill(content, {"body/c5_mechanism": "Un autre"}), WORD)
    shown = await awa.expect("Votre document et vos réponses")
    await awa.press("Envoyer")
    await awa.expect("il vous revient aussi de l’accepter")
    await awa.press("Ouvrir")
    await awa.click("Accepter")
    await awa.expect("la contribution est acceptée")
    await awa.press(text("paper.take_all", "fr", 1), shown)
    await awa.expect(text("contributions.locked", "fr"))
    await awa.send_document("rempli.docx", fill(content, {"body/c5_mechanism": "Un autre"}), WORD)
    again = await awa.expect("Votre document et vos réponses")
    assert text("contributions.locked", "fr") in again.text
    assert again.labels == (text("paper.button_list", "fr"),)


async def test_a_paper_taken_over_after_handing_in_makes_the_answers_a_draft_again_and_says_so(house: House) -> None:
    await answered(house, "Awa", "Conseil", role="coordinator", border="")
    moussa = await answered(house, "Moussa", border="")
    content = await _paper(moussa)
    await moussa.press("Envoyer")
    await moussa.expect("Vos réponses sont transmises")
    await moussa.send_document("rempli.docx", fill(content, {"body/c5_mechanism": "Un autre"}), WORD)
    shown = await moussa.expect("Votre document et vos réponses")
    await moussa.press(text("paper.take_all", "fr", 1), shown)
    await moussa.expect("Vos réponses redeviennent un projet")
    assert (await one(house, 2)).state == "draft"


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("rempli.odt", b"PK", "n’est pas un document Word"),
        ("scan.pdf", b"%PDF", "n’est pas un document Word"),
        ("protege.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "Rien n’en a été enregistré"),
    ],
)
async def test_a_paper_saved_otherwise_is_refused_with_what_to_do(
    house: House, name: str, content: bytes, said: str
) -> None:
    moussa = await answered(house, "Moussa", border="")
    await moussa.send_document(name, content, WORD if name.endswith(".docx") else "application/octet-stream")
    await moussa.expect(said)


async def test_before_the_consent_there_is_no_empty_paper(house: House) -> None:
    moussa = await house.telegram.person("Moussa", language="fr")
    await moussa.send(f"/start {await house.invitation('Direction des frontières')}")
    await moussa.expect("Langue")
    await moussa.send("/paper")
    await moussa.expect(text("paper.nothing_to_fill", "fr"))


async def test_a_blank_paper_of_another_country_is_refused_and_one_of_the_same_is_read(house: House) -> None:
    moussa = await answered(house, "Moussa", border="")
    for code, said in (("GHA", "préparé pour un autre pays (GHA au lieu de BFA)"), ("BFA", "Votre document et vos")):
        blank = papering.blank(form(), "fr", house.now(), {"role": "official", "country": code})
        await moussa.send_document("vierge.docx", fill(blank, {"body/c5_mechanism": "Un autre"}), WORD)
        await moussa.expect(said)


async def test_after_withdrawing_the_consent_no_paper_is_made_shown_or_taken(house: House) -> None:
    moussa = await answered(house, "Moussa", border="")
    filled = fill(await _paper(moussa), {"body/c5_mechanism": "Un autre"})
    await moussa.send_document("rempli.docx", filled, WORD)
    shown = await moussa.expect("Votre document et vos réponses")
    await moussa.send("/mydata")
    await moussa.click("Retirer mon accord")
    await moussa.click("Oui, retirer mon accord")
    await moussa.expect("Votre accord est retiré")
    await moussa.press(text("paper.take_all", "fr", 1), shown)
    await moussa.expect("Vous avez retiré votre accord")
    await moussa.send_document("rempli.docx", filled, WORD)
    await moussa.expect("Vous avez retiré votre accord")
    await moussa.send("/paper")
    await moussa.expect("Vous avez retiré votre accord")
    assert "Un autre" not in {value for said in (await house.answers()).values() for value, _ in said}
