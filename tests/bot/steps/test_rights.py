"""People's rights over their own data, through the Telegram channel."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.gathering import Gathered, gather
from bot.settings import Settings
from flows.country.ledger import breaks
from flows.i18n import text
from tests.bot.conftest import House, at_work
from tests.bot.steps.consenting import EMAIL, MECHANISM, NAME, PHONE, answered, form, reworded, sent
from tests.telegram.people import Person
from tests.telegram.standin import StandIn

pytestmark = pytest.mark.slow  # most of a minute in all

SURE = ("Supprimer mes données", "Continuer", "Oui, supprimer définitivement")


@pytest.fixture
async def house(telegram: StandIn, settings: Settings) -> AsyncIterator[House]:
    async with at_work(telegram, settings, forms=lambda: [form()]) as found:
        yield found


async def _gathered(house: House) -> Gathered:
    async with house.store() as store:
        return await gather(store, {form().id: form()}, "BFA", "fr", datetime.now(UTC))


async def _content(house: House, name: str) -> bytes:
    """The content of a file by the name under which it was sent last."""
    for path in sorted(house.settings.attachments.glob("??/*"), key=lambda one: -one.stat().st_mtime_ns):
        if name in ("json", "txt") and (path.read_bytes()[:1] == b"{") == (name == "json"):
            return path.read_bytes()
    raise AssertionError(name)


async def _deleted(house: House, person: Person) -> None:
    await person.send("/mydata")
    for label in SURE:
        await person.click(label)
    await person.expect("notre dernier message")
    await _gone(house, person)


async def _gone(house: House, person: Person) -> None:
    """Once everything that follows is done."""
    for _ in range(200):
        async with house.store() as store, store.looking() as tx:
            left = await tx.people.at("telegram", str(person.id))
            jobs = await tx.jobs.waiting(5, datetime.max.replace(tzinfo=UTC))
        if left is None and not jobs:
            return
        await asyncio.sleep(0.1)
    raise AssertionError("still known")


def _written(value: str) -> set[bytes]:
    """How a text may stand in a file."""
    return {value.encode(), json.dumps(value)[1:-1].encode(), value.encode("utf-16-le")}


def _traces(settings: Settings, values: tuple[str, ...]) -> list[str]:
    """Where any of these stands in the files of the store."""
    path = Path(settings.database_url.removeprefix("sqlite:///"))
    files = [one for one in path.parent.glob(f"{path.name}*") if one.is_file()]
    return [
        f"{value} in {file.name}"
        for file in files
        for value in values
        for form in _written(value)
        if form in file.read_bytes()
    ]


# ---- seeing and taking away -----------------------------------------------------------------------------------
async def test_everything_kept_about_somebody_is_sent_to_them_as_two_files(house: House) -> None:
    moussa = await sent(house)
    await moussa.send("/mydata")
    shown = await moussa.expect("Données conservées à votre sujet")
    assert "24 mois après la fin de l’exercice" in shown.text
    await moussa.press("Recevoir une copie", shown)
    await moussa.expect("mydata-")
    await moussa.expect("mydata-")
    found = json.loads(await _content(house, "json"))
    assert [part["role"] for part in found["parts"]] == ["official"]
    assert [each["address"] for each in found["addresses"]] == [str(moussa.id)]
    assert {each["value"] for each in found["answers"]} >= {NAME, EMAIL, MECHANISM}
    assert [(each["text_version"], each["given"]) for each in found["consents"]] == [("2026-01", True)]
    assert "contribution.handed_in" in {each["kind"] for each in found["ledger"]}
    assert {each["action"] for each in found["audit"]} >= {"redeemed", "consented"}
    readable = (await _content(house, "txt")).decode("utf-8-sig")
    assert f"Votre nom ? : {NAME}" in readable.replace("\u00a0", " ").replace("\u202f", " ")


async def test_a_copy_holds_nothing_of_anybody_else(house: House) -> None:
    await sent(house, "Moussa")
    other = await house.staff("Awa", "focal_point", "fr")
    await other.send("/mydata")
    await other.click("Recevoir une copie")
    await other.expect("mydata-")
    await other.expect("mydata-")
    assert NAME not in (await _content(house, "json")).decode()


async def test_details_are_corrected_and_nothing_else(house: House) -> None:
    awa = await house.staff("Awa", "focal_point", "fr")
    await awa.send("/mydata")
    await awa.click("Corriger")
    await awa.expect("Sous quel nom")
    await awa.send("Awa S., direction")
    await awa.click("English")
    await awa.click("Je confirme")
    await awa.expect("corrigé")
    async with house.store() as store, store.reading() as tx:
        (person,) = await tx.people.of_country("BFA")
    assert (person.label, person.language) == ("Awa S., direction", "en")


# ---- consent ----------------------------------------------------------------------------------------------------
async def test_what_is_withdrawn_no_longer_counts_and_counts_again_when_given_again(house: House) -> None:
    ama = await house.staff("Ama", "secretariat", "fr")
    moussa = await sent(house)
    await moussa.send("/mydata")
    await moussa.click("Retirer mon accord")
    await moussa.click("Oui, retirer mon accord")
    await moussa.expect("Votre accord est retiré")
    told = await ama.expect("est retirée jusqu’à nouvel ordre")
    assert "Direction" in told.text
    assert (await _gathered(house)).voices == ()
    assert (await house.course()).rights.withdrawn
    await moussa.send("Une autre réponse")
    asked = await moussa.expect("Vous avez retiré votre accord")
    assert "Vos données, texte 2026-01" in asked.text
    await moussa.press("Oui", asked)
    await moussa.expect("Votre accord est enregistré")
    assert len((await _gathered(house)).voices) == 1
    assert (await house.course()).rights.withdrawn == {}
    assert "Une autre réponse" not in {value for said in (await house.answers()).values() for value, _ in said}


async def test_what_was_withdrawn_is_not_withdrawn_twice(house: House) -> None:
    moussa = await sent(house)
    await moussa.send("/mydata")
    await moussa.click("Retirer mon accord")
    shown = await moussa.click("Oui, retirer mon accord")
    await moussa.expect("Votre accord est retiré")
    await moussa.press("Oui, retirer mon accord", shown)
    await moussa.expect("il n’y a rien à retirer")
    async with house.store() as store, store.reading() as tx:
        (person,) = [one for one in await tx.people.of_country("BFA") if one.role == "official"]
        assert [one.given for one in await tx.consents.history(person.id)] == [True, False]


async def test_staff_who_withdraw_do_nothing_more_until_they_agree_again(house: House) -> None:
    awa = await house.staff("Awa", "focal_point", "fr")
    await awa.send("/mydata")
    await awa.click("Retirer mon accord")
    await awa.click("Oui, retirer mon accord")
    await awa.expect("Votre accord est retiré")
    await awa.send("/interest")
    await awa.expect(text("turns.consent", "fr"))
    await awa.send("/mydata")
    await awa.click("Donner à nouveau mon accord")
    await awa.expect("Votre accord est enregistré")
    await awa.send("/interest")
    await awa.expect("souhaite-t-il participer")


async def test_a_newer_text_is_agreed_to_before_anything_else_is_taken(house: House) -> None:
    moussa = await answered(house)
    await reworded(house)
    await moussa.press("Envoyer")
    asked = await moussa.expect("a changé depuis votre accord")
    assert "texte 2026-09" in asked.text
    assert (await house.course()).contributions.of == {}
    await moussa.press("Oui", asked)
    await moussa.expect("Transmettre ?")
    async with house.store() as store, store.reading() as tx:
        (person,) = await tx.people.of_country("BFA")
        assert [one.text_version for one in await tx.consents.history(person.id)] == ["2026-01", "2026-09"]


async def test_who_does_not_agree_to_a_newer_text_has_withdrawn(house: House) -> None:
    moussa = await sent(house)
    await reworded(house)
    await moussa.send("Bonjour")
    asked = await moussa.expect("a changé depuis votre accord")
    await moussa.press("Non", asked)
    await moussa.expect(text("turns.consent_refused", "fr"))
    assert (await _gathered(house)).voices == ()
    await moussa.send("Bonjour")
    await moussa.expect("Vous avez retiré votre accord")


# ---- deletion ---------------------------------------------------------------------------------------------------
async def test_nothing_on_the_disk_says_who_somebody_was_and_the_institution_s_answers_stay(house: House) -> None:
    ama = await house.staff("Ama", "secretariat", "fr")
    moussa = await sent(house)
    chat = str(moussa.id)
    await _deleted(house, moussa)
    told = await ama.expect("fait effacer ses données personnelles")
    assert NAME not in told.text and "restent valables" in told.text
    (voice,) = (await _gathered(house)).voices
    assert [one.value for one in voice.answers if one.name == "c5_mechanism"] == [MECHANISM]
    assert [one.value for one in voice.answers if one.name.startswith("p3_")] == []
    assert voice.contribution.status == "submitted"
    course = await house.course()
    assert course.contributions.of[voice.stored.id].digest == course.contributions.of[voice.stored.id].submitted[-1]
    async with house.store() as store, store.reading() as tx:
        assert breaks(await tx.ledger.of_chain("BFA")) == []
        revisions = [one for one in await tx.answers.history(voice.stored.id) if "/p3_" in one.path]
        assert len(revisions) == 4
        assert {(one.value, one.display) for one in revisions} == {("", "")}
        assert {one.author_id for one in revisions} != {None}
    await house.stop()
    assert _traces(house.settings, (NAME, EMAIL, PHONE, chat)) == []
    contents = [path.read_bytes() for path in house.settings.attachments.glob("??/*")]
    assert not [one for one in contents if any(form in one for form in _written(NAME))]
    await house.start()
    await moussa.send("/mydata")
    await moussa.expect(text("turns.not_invited", "fr"))


async def test_a_contribution_never_handed_in_goes_with_the_person(house: House) -> None:
    moussa = await answered(house)
    await moussa.send("/mydata")
    await moussa.click("Supprimer mes données")
    explained = await moussa.expect("Vos réponses n’ont jamais été transmises")
    await moussa.press("Continuer", explained)
    await moussa.click("Oui, supprimer définitivement")
    await moussa.expect("notre dernier message")
    await _gone(house, moussa)
    assert await house.answers() == {}
    assert (await _gathered(house)).voices == ()
    await house.stop()
    assert _traces(house.settings, (NAME, EMAIL, MECHANISM, str(moussa.id))) == []
    await house.start()


async def test_whoever_thinks_better_of_it_loses_nothing(house: House) -> None:
    moussa = await sent(house)
    await moussa.send("/mydata")
    await moussa.click("Supprimer mes données")
    await moussa.click("Continuer")
    await moussa.click("Ne rien changer")
    await moussa.expect("Rien n’a été modifié")
    assert len((await _gathered(house)).voices) == 1
