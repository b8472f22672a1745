"""What the coordinator decides about a version, and what follows from it, through the Telegram channel."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from bot.settings import Settings
from flows.country.dates import written
from flows.i18n import text
from tests.bot.conftest import House
from tests.bot.steps.guiding import coordinator, endorsed, made, proposed, taking_part
from tests.bot.test_guides import form
from tests.telegram.standin import StandIn

pytestmark = pytest.mark.slow


@pytest.fixture
async def house(telegram: StandIn, settings: Settings) -> AsyncIterator[House]:
    async with taking_part(telegram, settings, form) as found:
        yield found


async def test_a_version_endorsed_with_changes_is_made_anew_and_endorsed_before_it_is_published(house: House) -> None:
    secretariat = await house.staff("Ama", "secretariat", "en")
    expert = await house.staff("Efua", "expert", "fr")
    awa = await coordinator(house, asked="Quel mécanisme")
    await made(house, secretariat)
    question = await proposed(house, secretariat, awa)
    await awa.press(text("endorsement.button_decide", "fr"), question)
    await awa.click("Endosser avec réserves")
    await awa.expect("Quelles sont les modifications")
    await awa.send("I. Panorama : dater la source 2 (exemple).")
    await awa.click("Terminé")
    await awa.click("Passer")
    await awa.click("Je confirme")
    await awa.expect("endossée sous réserve de modifications")
    told = await secretariat.expect("is endorsed with changes")
    assert "dater la source 2 (exemple)" in told.text
    assert text("endorsement.next_version", "en") in told.text
    asked = await expert.expect("endossée sous réserve de modifications")
    assert asked.labels == (text("drafts.button_send", "fr"),)
    await awa.press(text("endorsement.button_decide", "fr"), question)
    await awa.expect(text("endorsement.nothing_proposed", "fr"))

    await secretariat.send("/publish BFA")
    await secretariat.expect(text("endorsement.was_endorse_with_changes", "en", version=2))
    await secretariat.send("/tasks")
    await secretariat.expect(text("endorsement.task_endorse_with_changes", "en", country="Burkina Faso", version=2))
    assert await made(house, secretariat) == 3
    question = await proposed(house, secretariat, awa)
    await endorsed(awa, question)
    await secretariat.send("/publish BFA")
    await secretariat.expect("guide-BFA-v3.zip", 60)
    assert [(one.version, one.endorsement.decision) for one in (await house.course()).endorsement.given] == [
        (2, "endorse_with_changes"),
        (3, "endorse"),
    ]


async def test_a_version_is_returned_with_remarks_section_by_section(house: House) -> None:
    secretariat = await house.staff("Ama", "secretariat", "en")
    awa = await coordinator(house, asked="Quel mécanisme")
    await made(house, secretariat)
    question = await proposed(house, secretariat, awa)
    for number, remark in enumerate(("Compléter (exemple).", "Corriger le titre (exemple).")):
        await awa.press(text("drafts.button_comment", "fr"), question)
        sections = await awa.expect(text("drafts.which_section", "fr"))
        await awa.press(sections.labels[number], sections)
        await awa.expect("Quelle est votre remarque")
        await awa.send(remark)
        await awa.click("Terminé")
        await awa.click("Je confirme")
        thanks = await awa.expect(text("drafts.thanks_comment", "fr"))
    await awa.press(text("endorsement.button_decide", "fr"), thanks)
    await awa.click("Retourner")
    await awa.expect("Vos remarques par section (2) accompagneront la décision")
    await awa.press("Passer")
    await awa.click("Je confirme")
    await awa.expect("est retournée")
    told = await secretariat.expect("is returned with comments")
    for label, remark in zip(sections.labels, ("Compléter (exemple).", "Corriger le titre (exemple)."), strict=False):
        assert f"• {label.rstrip('…')}" in told.text
        assert f": {remark}" in told.text
    await secretariat.press(text("drafts.button_open", "en"), told)
    shown = await secretariat.expect("Compléter (exemple).")
    assert sections.labels[0] in shown.text, "a section is called by its title"
    assert (await house.course()).endorsement.proposed is None


async def test_an_endorsed_guide_under_embargo_is_published_when_it_is_over(house: House) -> None:
    secretariat = await house.staff("Ama", "secretariat", "en")
    awa = await coordinator(house, asked="Quel mécanisme")
    await made(house, secretariat)
    question = await proposed(house, secretariat, awa)
    day = (house.now() + timedelta(days=3)).date()
    thanks = await endorsed(awa, question, "Site national", "i-Map", embargo=day.isoformat(), letter=b"%PDF-1.4 lettre")
    assert text("endorsement.not_before", "fr", date=written(day, "fr")) in thanks.text
    told = await secretariat.expect("is endorsed.")
    assert told.document.startswith("endorsement-letter-BFA")
    assert text("endorsement.not_before", "en", date=written(day, "en")) in told.text
    assert "national site and i-Map" in told.text
    held = (await house.course()).endorsement.given[-1].endorsement
    assert (held.embargo, held.channels, bool(held.letter)) == (day, ("national", "imap"), True)
    assert house.app.services.vault.path(held.letter).read_bytes() == b"%PDF-1.4 lettre"

    await secretariat.send("/tasks")
    await secretariat.expect(text("steps.no_tasks", "en"))
    await secretariat.send("/publish BFA")
    refused = await secretariat.expect("nothing was published", 30)
    assert written(day, "en") in refused.text
    assert (await house.course()).publications.last is None

    house.ahead = timedelta(days=3)
    await secretariat.send("/tasks")
    await secretariat.click(text("endorsement.button_publish", "en"))
    await secretariat.expect("guide-BFA-v2.zip", 60)
    published = (await house.course()).publications.last
    assert published is not None and published.channels == ("national", "imap")
    await secretariat.send("/publish BFA")
    await secretariat.expect(text("publishing.already", "en", version=2), 30)
