"""At the door: every way of arriving is answered politely, and lets in only who was invited, once."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import pytest

from bot.parts import code_in
from flows.i18n import text
from tests.bot.conftest import House

CODE = "Ab3dEf6hIj9lMn2pQr5tUv8x"


@pytest.mark.parametrize(
    "said",
    [CODE, f"{CODE}.", f" « {CODE} »,", f"https://t.me/griot_bot?start={CODE}", f"Voici mon code : {CODE}\nMerci"],
)
def test_a_code_is_found_however_it_was_pasted(said: str) -> None:
    assert code_in(said) == CODE


@pytest.mark.parametrize("said", ["", "bonjour", CODE[:-1], CODE + "z", "é" + CODE, "électroencéphalographiques"])
def test_what_is_no_code_is_not_taken_for_one(said: str) -> None:
    assert code_in(said) == ""


@pytest.mark.parametrize(
    "form", ["{}", "/start {}.", "/start@griot_test_bot {}", "https://t.me/griot_test_bot?start={}"]
)
async def test_an_invitation_lets_in_however_it_was_pasted(house: House, form: str) -> None:
    awa = await house.telegram.person("Awa", language="fr")
    await awa.send(form.format(await house.invitation("Institut")))
    await awa.expect("Institut")
    await awa.expect("Langue ?")


@pytest.mark.parametrize(
    "said", ["/start garbage", f"/start {'x' * 300}", "/start <b>&", "/start \u202e\x00..", "/start ' OR 1=1 --", CODE]
)
async def test_what_is_no_invitation_is_refused_politely(house: House, said: str) -> None:
    eve = await house.telegram.person("Eve", language="fr")
    await eve.send(said)
    await eve.expect(text("turns.invitation_unknown", "fr"))
    async with house.store() as store, store.reading() as tx:
        assert await tx.people.at("telegram", str(eve.id)) is None


async def test_a_withdrawn_invitation_says_so(house: House) -> None:
    code = await house.invitation()
    async with house.store() as store, store.writing() as tx:
        invitation = await tx.invitations.find(code)
        assert invitation is not None
        assert await tx.invitations.revoke(invitation.id, datetime.now(UTC))
    eve = await house.telegram.person("Eve", language="fr")
    await eve.send(f"/start {code}")
    await eve.expect(text("turns.invitation_revoked", "fr"))


async def test_of_two_people_with_one_code_at_the_same_moment_one_gets_in(house: House) -> None:
    code = await house.invitation()
    crowd = [await house.telegram.person(f"P{number}", language="fr") for number in range(4)]
    await asyncio.gather(*(person.send(f"/start {code}") for person in crowd))
    await house.telegram.acknowledged()
    for person in crowd:
        await person.expect()
    async with house.store() as store, store.reading() as tx:
        assert len(await tx.people.of_country("BFA")) == 1
        assert len(await tx.interviews.of_country("BFA")) == 1


async def test_somebody_elses_code_typed_as_an_answer_is_not_stored_as_one(house: House) -> None:
    code = await house.invitation("Première")
    await (await house.telegram.person("Eve", language="fr")).send(f"/start {code}")
    awa = await house.official("Awa")
    await awa.send(code)
    await awa.expect(text("turns.invitation_used", "fr"))
    assert "/data/body/name" not in await house.answers()


@pytest.mark.parametrize(
    ("language", "spoken"),
    [
        ("fr-CA", "fr"),
        ("en", "en"),
        ("pt-br", "en"),
        ("ar", "en"),
        ("zz", "en"),
        ("", "en"),
    ],
)
async def test_a_stranger_is_answered_in_a_language_there_is(house: House, language: str, spoken: str) -> None:
    eve = await house.telegram.person("Eve", language=language)
    for said in ("/start", "/help", "/mydata", "/language es", "/fly", "bonjour"):
        await eve.send(said)
        await eve.expect(text("turns.not_invited", spoken))
    assert await house.answers() == {}


async def test_an_invited_person_whose_language_is_unknown_hears_the_countrys(house: House) -> None:
    awa = await house.telegram.person("Awa", language="ar")
    await awa.send(f"/start {await house.invitation()}")
    await awa.expect(text("turns.welcome_rules", "fr"))
    await awa.send("/language es")
    await awa.expect(text("turns.language_unknown", "fr"))
    await awa.press("English")
    await awa.expect("Language?")


async def test_start_again_in_the_middle_puts_the_question_again_and_changes_nothing(house: House) -> None:
    awa = await house.official("Awa")
    await awa.send("Recensement")
    await awa.expect("Quels domaines ?")
    before = await house.answers()
    await awa.send("/start")
    await awa.expect("Quels domaines ?")
    assert await house.answers() == before


async def test_who_refused_may_change_their_mind(house: House) -> None:
    awa = await house.telegram.person("Awa", language="en")
    await awa.send(f"/start {await house.invitation()}")
    await awa.expect("Language?")
    await awa.press("English")
    await awa.expect("Do you agree?")
    await awa.press("No")
    await awa.expect(text("interview.completed", "en"))
    await awa.send("Census")
    await awa.expect(text("interview.nothing_open", "en"))
    await awa.send("/review")
    await awa.expect("Do you agree?")
    await awa.press("2")
    await awa.expect("Do you agree?")
    await awa.press("Yes")
    await awa.expect("Name of the source?")
    await house.telegram.acknowledged()
    async with house.store() as store, store.reading() as tx:
        (person,) = await tx.people.of_country("BFA")
        consent = await tx.consents.latest(person.id)
    assert consent is not None
    assert consent.given
    assert "/data/body/name" not in await house.answers()


async def test_staff_who_refused_may_change_their_mind(house: House) -> None:
    kofi = await house.telegram.person("Kofi", language="en")
    await kofi.send(f"/start {await house.invitation('', 'secretariat')}")
    await kofi.expect(text("turns.consent", "en"))
    await kofi.press("No")
    await kofi.expect(text("turns.consent_refused", "en"))
    await kofi.send("/start")
    await kofi.expect(text("turns.consent", "en"))
    await kofi.press("Yes")
    await kofi.expect(text("turns.staff_commands", "en"))


async def test_two_invitations_in_one_phone_are_two_interviews_and_buttons_stay_with_their_own(house: House) -> None:
    first, second = await house.invitation("Institut"), await house.invitation("Police", "coordinator")
    awa = await house.telegram.person("Awa", language="fr")
    await awa.send(f"/start {first}")
    asked = await awa.expect("Langue ?")
    await awa.send(f"/start {second}")
    await awa.expect(text("turns.welcome_again", "fr"))
    await awa.expect("Langue ?")
    await awa.press("English", on=asked)
    await awa.expect(text("interview.stale", "fr"))
    assert await house.answers() == {}
    await awa.press("Français")
    await awa.expect("Acceptez-vous ?")

    await awa.send(f"/start {first}")  # the first link again
    await awa.expect("Institut")
    await awa.expect("Langue ?")
    await awa.press("English", on=asked)
    await awa.expect("Do you agree?")

    await awa.send("/start")
    offer = await awa.expect(text("turns.parts", "en", part="Institut"))
    assert offer.labels == ("Institut", "Police · national coordinator")
    await awa.press("Police · national coordinator")
    await awa.expect("Acceptez-vous ?")
    await house.telegram.acknowledged()
    async with house.store() as store, store.reading() as tx:
        values = [
            [answer.value for answer in await tx.answers.history(interview.id)]
            for interview in await tx.interviews.of_country("BFA")
        ]
    assert values == [["en"], ["fr"]]


async def test_nobody_takes_up_the_part_of_somebody_else(house: House) -> None:
    awa = await house.official("Awa")
    await awa.send(f"/start {await house.invitation('Police')}")
    await awa.expect("Langue ?")
    await awa.send("/start")
    offer = await awa.expect(text("turns.parts", "fr", part="Police"))
    eve = await house.official("Eve")
    world = house.telegram.world
    forged = {"id": "77", "from": eve.user, "chat_instance": "1", "data": offer.data("Institut national")}
    world.push("callback_query", forged | {"message": world.new_message(world.rooms[eve.id], world.me, text="x")})
    await eve.expect(text("interview.stale", "fr"))
    await eve.send("Recensement")
    await eve.expect("Quels domaines ?")
