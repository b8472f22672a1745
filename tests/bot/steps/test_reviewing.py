"""A draft before its experts and before those whom it quotes, through the Telegram channel; and what undoes an
endorsement."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot import editions
from bot.settings import Settings
from flows.country.access import Actor
from flows.country.steps.endorsement import Given, standing
from flows.i18n import text
from tests.bot.conftest import House, at_work
from tests.bot.steps.contributing import MECHANISM, answered, form
from tests.telegram.people import Person
from tests.telegram.standin import StandIn

FOCAL_POINT = Actor("focal_point", None, "BFA")


@pytest.fixture
async def house(telegram: StandIn, settings: Settings) -> AsyncIterator[House]:
    """A country that takes part."""
    async with at_work(telegram, settings, forms=lambda: [form()]) as found:
        await found.takes_part()
        yield found


async def _handed_in(house: House, coordinator: Person) -> Person:
    official = await answered(house, "Moussa", border="")
    await official.press("Envoyer")
    await official.expect("Vos réponses sont transmises")
    await coordinator.expect("une contribution vous est transmise")
    return official


async def _drafted(house: House, secretariat: Person, version: int = 1) -> None:
    await secretariat.send("/compile BFA")
    await secretariat.expect(f"version {version} of the draft guide is ready", 60)


async def test_the_secretariat_chooses_the_outline_which_is_remembered(house: House) -> None:
    secretariat = await house.staff("Ama", "secretariat", "en")
    await _drafted(house, secretariat)
    await secretariat.press(text("drafts.button_outline_published", "en"))
    chosen = await secretariat.expect("will follow the outline of the published guides")
    await secretariat.press(text("drafts.button_outline_published", "en"))
    await secretariat.expect(text("drafts.outline_already_published", "en"))
    await secretariat.press(text("drafts.button_compile", "en"), chosen)
    await secretariat.expect("version 2 of the draft guide is ready", 60)
    await secretariat.send("/compile BFA 2013")
    await secretariat.expect("version 3 of the draft guide is ready", 60)
    drafts = (await house.course()).drafts
    assert [draft.edition.outline for draft in drafts.versions] == ["2013", "published", "2013"]


async def test_the_secretariat_has_the_answers_of_each_entity_added_which_is_remembered(house: House) -> None:
    secretariat = await house.staff("Ama", "secretariat", "en")
    await _drafted(house, secretariat)
    await secretariat.press(text("drafts.button_extent_extended", "en"))
    chosen = await secretariat.expect("will have the answers of each entity as an annex")
    await secretariat.press(text("drafts.button_extent_extended", "en"))
    await secretariat.expect(text("drafts.extent_already_extended", "en"))
    await secretariat.press(text("drafts.button_compile", "en"), chosen)
    made = await secretariat.expect("version 2 of the draft guide is ready", 60)
    assert text("drafts.button_extent_concise", "en") in made.labels
    await secretariat.send("/compile BFA concise fr published")
    await secretariat.expect("version 3 of the draft guide is ready", 60)
    drafts = (await house.course()).drafts
    assert (drafts.extent, drafts.outline) == ("concise", "published")
    guides = [editions.read_guides(house.app.services.vault, draft.guides) for draft in drafts.versions]
    assert [one.extent for made in guides for one in made.values()] == ["concise", "extended", "concise"]


async def test_experts_comment_by_section_and_end_their_review(house: House) -> None:
    secretariat = await house.staff("Ama", "secretariat", "en")
    expert = await house.staff("Efua", "expert", "fr")
    await _drafted(house, secretariat)
    await secretariat.press(text("drafts.button_review", "en"))
    question = await expert.expect("vous est soumise pour relecture", 30)
    await expert.press(text("drafts.button_comment", "fr"), question)
    sections = await expert.expect(text("drafts.which_section", "fr"))
    await expert.press(sections.labels[0], sections)
    await expert.expect("Quelle est votre remarque")
    await expert.send("La source 2 est à dater (exemple).")
    await expert.click("Terminé")
    await expert.click("Je confirme")
    await expert.expect(text("drafts.thanks_comment", "fr"))
    await expert.press(text("drafts.button_reviewed", "fr"), question)
    await expert.expect(text("drafts.thanks_review", "fr"))
    await secretariat.expect("an expert has finished reviewing version 1 (1 comment in all)")
    (comment,) = (await house.course()).drafts.comments
    assert (comment.text, bool(comment.anchor)) == ("La source 2 est à dater (exemple).", True)
    await expert.press(text("drafts.button_reviewed", "fr"), question)
    await expert.expect(text("drafts.already_reviewed", "fr", version=1))
    await _drafted(house, secretariat, 2)
    await expert.press(text("drafts.button_reviewed", "fr"), question)
    await expert.expect("n’est plus la plus récente")


async def test_an_official_sees_what_rests_on_their_answers_and_asks_for_a_correction(house: House) -> None:
    secretariat = await house.staff("Ama", "secretariat", "en")
    coordinator = await answered(house, "Awa", "Conseil", role="coordinator", border="")
    official = await _handed_in(house, coordinator)
    await _drafted(house, secretariat)
    await secretariat.press(text("drafts.button_passages", "en"))
    await secretariat.expect("was sent the passages that concern them", 60)
    agree = text("drafts.button_agree", "fr")
    passages = await official.expect(lambda message: agree in message.labels)
    assert MECHANISM in passages.text
    await official.press(agree, passages)
    await official.expect(text("drafts.thanks_agreement", "fr"))
    await official.press(text("drafts.button_object", "fr"), passages)
    await official.expect("Que faut-il corriger")
    await official.send("Le comité se réunit tous les trois mois (exemple).")
    await official.click("Terminé")
    await official.click("Je confirme")
    await official.expect(text("drafts.thanks_objection", "fr"))
    told = await secretariat.expect("asks for a correction")
    assert "tous les trois mois" in told.text
    await coordinator.expect("tous les trois mois")
    draft = (await house.course()).drafts.newest
    assert draft is not None
    assert (len(draft.asked), len(draft.objected), len(draft.agreed)) == (1, 1, 0)


@pytest.mark.slow
async def test_an_answer_given_back_after_the_endorsement_voids_it_and_says_where(house: House) -> None:
    secretariat = await house.staff("Ama", "secretariat", "en")
    coordinator = await answered(house, "Awa", "Conseil", role="coordinator", border="")
    official = await _handed_in(house, coordinator)
    await coordinator.send("/tasks")
    await coordinator.expect("Accepter ou retourner la contribution")
    await coordinator.press("3. Ouvrir")
    shown = await coordinator.expect("transmise le")
    await coordinator.press("Accepter", shown)
    await coordinator.expect("la contribution est acceptée")
    await secretariat.send("/compile BFA")
    await secretariat.expect("version 1 of the draft guide is ready", 60)
    await secretariat.send("/drafts BFA")
    await secretariat.click(text("drafts.button_final", "en"))
    made = await secretariat.expect("version 2 of the guide is ready", 60)
    await secretariat.press(text("drafts.button_propose", "en"), made)
    question = await coordinator.expect("vous est soumise pour endossement", 30)
    await coordinator.press(text("endorsement.button_decide", "fr"), question)
    await coordinator.click("Endosser")
    await coordinator.click("Site national")
    await coordinator.press("Terminé")
    await coordinator.click("Passer")
    await coordinator.click("Passer")
    await coordinator.click("Je confirme")
    await coordinator.expect("receipt-BFA-2.json", 30)
    assert isinstance(standing(await house.course()), Given)
    await coordinator.press("Retourner des réponses", shown)
    await coordinator.click("3")
    await coordinator.click("Retourner 1 réponse")
    await coordinator.expect("Que souhaitez-vous demander")
    await coordinator.send("À préciser (exemple).")
    await coordinator.click("Retourner")
    await official.expect("À préciser (exemple).", 30)
    voided = await secretariat.expect("the endorsement holds no more", 60)
    assert "version 2" in voided.text
    await secretariat.send("/publish BFA")
    await secretariat.expect("holds no more")
    assert (await house.course()).publications.last is None
