"""Somebody who did not agree in their questionnaire is told how things stand, and can reconsider."""

from __future__ import annotations

import pytest

from flows.i18n import text
from tests.bot.conftest import House
from tests.telegram.people import Person


async def _refused(house: House, language: str = "fr") -> Person:
    awa = await house.telegram.person("Awa", language=language)
    await awa.send(f"/start {await house.invitation()}")
    await awa.expect("Langue ?" if language == "fr" else "Language?")
    await awa.press("Français" if language == "fr" else "English")
    await awa.expect("Acceptez-vous" if language == "fr" else "Do you agree")
    await awa.press("Non" if language == "fr" else "No")
    await awa.expect(text("interview.completed", language))
    return awa


@pytest.mark.parametrize("command", ["contributions", "status", "handin", "delegate", "signed"])
@pytest.mark.parametrize("language", ["fr", "en"])
async def test_whoever_did_not_agree_is_told_so_where_a_questionnaire_would_be(
    house: House, command: str, language: str
) -> None:
    awa = await _refused(house, language)
    await awa.send(f"/{command}")
    await awa.expect(text("rights.not_agreed", language))


async def test_coming_again_puts_the_question_once_more_and_a_yes_goes_on(house: House) -> None:
    awa = await _refused(house)
    await awa.send("/start")
    await awa.expect("Acceptez-vous")
    await awa.press("Oui")
    await awa.expect("Nom de la source")
    async with house.store() as store, store.reading() as tx:
        (person,) = await tx.people.of_country("BFA")
        assert [one.given for one in await tx.consents.history(person.id)] == [False, True]
    await awa.send("/start")  # nothing is to be reconsidered any more
    await awa.expect("Nom de la source")


async def test_whoever_stays_with_their_no_is_asked_nothing_more(house: House) -> None:
    awa = await _refused(house)
    await awa.send("/start")
    await awa.expect("Acceptez-vous")
    await awa.press("Non")
    await awa.expect(text("interview.completed", "fr"))
    assert (await house.answers()).keys() == {"/data/lang", "/data/consent"}
