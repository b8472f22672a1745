"""Messages to a group, through the Telegram channel: chosen, written, seen, sent once, followed, stopped."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from bot.broadcasting import Broadcasts, batch_of
from bot.jobs import Desk
from bot.steps.broadcasts import CAPABILITY
from db.jobs import Job
from flows.i18n import text
from tests.bot.conftest import House
from tests.telegram.people import Person

OPEN = datetime(2026, 12, 2, 10, 0, tzinfo=UTC)  # a Wednesday, in working hours
NIGHT = datetime(2026, 12, 2, 22, 0, tzinfo=UTC)


def at(house: House, moment: datetime) -> None:
    """Set the clock of the bot and its people."""
    house.ahead = moment - datetime.now(UTC)


@pytest.fixture
def open_house(house: House) -> House:
    at(house, OPEN)
    return house


async def made(house: House, chain: str = "BFA") -> None:
    """Wait until the messages are in the outbox."""
    async with asyncio.timeout(10):
        while (one := (await house.course(chain)).broadcasts.newest) is None or one.put is None:
            await asyncio.sleep(0.02)


async def all_out(house: House, chain: str = "BFA") -> None:
    """Wait until what became of all messages is recorded."""
    async with asyncio.timeout(10):
        while any(state != "sent" for state, _ in await rows(house, chain)) or not await rows(house, chain):
            await asyncio.sleep(0.02)


async def rows(house: House, chain: str = "BFA") -> dict[tuple[str, str], int]:
    number = (await house.course(chain)).broadcasts.newest
    assert number is not None
    async with house.store() as store, store.reading() as tx:
        return await tx.outbox.counts_of(batch_of(chain, number.number))


async def test_a_coordinator_writes_to_the_officials_of_their_country(open_house: House) -> None:
    house = open_house
    salif = await house.coordinator("Salif")
    moussa = await house.official("Moussa", "fr")
    kofi = await house.official("Kofi", "en")
    await salif.send("/broadcast")
    await salif.click("Représentants des entités (2)")
    await salif.expect("Quel est votre message en français")
    await salif.send("Bonjour,\nla date a changé.")
    await salif.expect("Quel est votre message en anglais")
    await salif.send("/skip")
    await salif.click("Voir l’aperçu")
    await salif.expect("Message de la coordination nationale du Burkina Faso")
    await salif.expect("This message exists in French only.")
    await salif.click("Envoyer à 2 personnes")
    await salif.expect("Votre message part vers 2 personnes")
    await moussa.expect("la date a changé.")
    said = await kofi.expect("This message exists in French only.")
    assert "Please do not answer in this conversation" in str(said)
    await all_out(house)
    await salif.send("/broadcasts")
    await salif.expect("remis : 2")
    sent = (await house.course()).broadcasts.newest
    assert sent is not None
    assert (sent.group, sent.people, sent.put, dict(sent.texts)) == (
        "officials", 2, 2, {"fr": "Bonjour,\nla date a changé."},
    )  # fmt: skip


async def written(house: House, person: Person, label: str, said: str = "Bonjour à tous.") -> None:
    """Write to a group that reads French alone, up to the preview."""
    await person.send("/broadcast")
    await person.click(label)
    await person.expect("Quel est votre message en français")
    await person.send(said)
    await person.click("Voir l’aperçu")


async def put_at_night(house: House) -> tuple[Person, Person]:
    """A coordinator whose message waits for the morning, and the official whom it is for."""
    at(house, NIGHT)
    salif, moussa = await house.coordinator("Salif"), await house.official("Moussa")
    await written(house, salif, "Représentants des entités (1)")
    await salif.click("Envoyer à une personne")
    await salif.expect("/broadcasts")
    await made(house)
    return salif, moussa


async def test_nothing_goes_out_at_night_and_it_can_be_stopped_until_then(house: House) -> None:
    salif, moussa = await put_at_night(house)
    await salif.send("/broadcasts")
    listed = await salif.expect("en attente : 1")
    await salif.press("Arrêter l’envoi n° 1", listed)
    await salif.expect("Un message qui attendait encore ne partira pas")
    assert await rows(house) == {("dead", "stopped"): 1}
    await salif.send("/broadcasts")
    await salif.expect("arrêté : 1")
    at(house, NIGHT + timedelta(days=1))
    assert "Bonjour à tous" not in await moussa.transcript()


async def test_a_button_pressed_twice_sends_once(open_house: House) -> None:
    house = open_house
    salif, moussa = await house.coordinator("Salif"), await house.official("Moussa")
    await written(house, salif, "Représentants des entités (1)")
    asked = await salif.click("Envoyer à une personne")
    await moussa.expect("Bonjour à tous.")
    await salif.press("Envoyer à une personne", asked)
    await salif.expect("déjà parti")
    await salif.press("Corriger le texte", asked)
    await salif.expect("déjà parti")
    await all_out(house)
    assert await rows(house) == {("sent", ""): 1}
    assert (await moussa.transcript()).count("Bonjour à tous.") == 1


async def test_the_work_done_again_makes_no_second_message(open_house: House) -> None:
    house = open_house
    salif, moussa = await house.coordinator("Salif"), await house.official("Moussa")
    await written(house, salif, "Représentants des entités (1)")
    await salif.click("Envoyer à une personne")
    await moussa.expect("Bonjour à tous.")
    sent = (await house.course()).broadcasts.newest
    assert sent is not None
    await all_out(house)
    job = Job(0, "broadcast", {"chain": "BFA", "number": sent.number}, sent.by, 0, OPEN)
    await CAPABILITY.jobs["broadcast"](Desk(house.app.services, house.app.store, job, house.now()))
    assert await rows(house) == {("sent", ""): 1}


async def test_a_text_can_be_corrected_before_it_is_sent(open_house: House) -> None:
    house = open_house
    salif, moussa = await house.coordinator("Salif"), await house.official("Moussa")
    await written(house, salif, "Représentants des entités (1)")
    await salif.click("Corriger le texte")
    await salif.expect("Voir l’aperçu")
    await salif.send("/back")
    await salif.expect("Quel est votre message en français")
    await salif.send("Bonsoir.")
    await salif.click("Voir l’aperçu")
    await salif.expect("Bonsoir.")
    await salif.click("Envoyer à une personne")
    await moussa.expect("Bonsoir.")
    assert "Bonjour à tous" not in await moussa.transcript()


async def test_what_is_dropped_cannot_be_sent_any_more(open_house: House) -> None:
    house = open_house
    salif, _ = await house.coordinator("Salif"), await house.official("Moussa")
    await written(house, salif, "Représentants des entités (1)")
    asked = await salif.click("Ne pas envoyer")
    await salif.expect("n’est pas envoyé")
    await salif.press("Envoyer à une personne", asked)
    await salif.expect(text("steps.stale", "fr"))
    assert (await house.course()).broadcasts.newest is None


async def test_a_message_without_any_text_is_not_sent_and_can_be_written_after_all(open_house: House) -> None:
    house = open_house
    salif, moussa = await house.coordinator("Salif"), await house.official("Moussa")
    await salif.send("/broadcast")
    await salif.click("Représentants des entités (1)")
    await salif.expect("Quel est votre message en français")
    await salif.send("/skip")
    await salif.click("Voir l’aperçu")
    await salif.expect("Le message n’a aucun texte")
    await salif.send("/back")
    await salif.expect("Quel est votre message en français")
    await salif.send("Le voici.")
    await salif.click("Voir l’aperçu")
    await salif.click("Envoyer à une personne")
    await moussa.expect("Le voici.")


async def test_a_message_to_everybody_is_confirmed_once_more_with_the_number(open_house: House) -> None:
    house = open_house
    ama = await house.staff("Ama", "secretariat", "en")
    awa = await house.staff("Awa", "focal_point", "fr")
    moussa = await house.official("Moussa", "en")
    await ama.send("/broadcast")
    await ama.click("Everybody, in all countries (2)")
    await ama.expect("What is your message in French?")
    await ama.send("Bonjour.")
    await ama.expect("What is your message in English?")
    await ama.send("Good morning.")
    await ama.click("See the preview")
    await ama.click("Send to 2 people")
    asked = await ama.expect("This message goes to everybody: 2 people (countries: 1)")
    await ama.press("Send to 2 people", asked)
    await awa.expect("Bonjour.")
    await moussa.expect("Good morning.")
    assert "Bonjour." not in await moussa.transcript()


async def test_who_left_blocked_or_took_consent_back_is_left_out_and_counted(open_house: House) -> None:
    house = open_house
    salif = await house.coordinator("Salif")
    for name in ("Moussa", "Kofi", "Fatou", "Issa"):
        await house.official(name)
    async with house.store() as store, store.writing() as tx:
        _, gone, blocked, refused, _ = sorted(await tx.people.of_country("BFA"), key=lambda one: one.id)
        (address,) = await tx.people.addresses_of(blocked.id)
        await tx.people.mark(address.channel, address.address, "blocked", OPEN)
        await tx.people.end(gone.id, OPEN)
        await tx.consents.record(refused.id, "1", "fr", False, OPEN, "telegram")
    await written(house, salif, "Représentants des entités (1)")
    said = await salif.expect("Une personne recevra ce message.")
    for key in ("out_unreachable", "out_refused", "out_ended"):
        assert text(f"broadcasts.{key}", "fr", 1) in said.text


async def test_an_answer_that_quotes_a_message_is_no_answer_to_the_questionnaire(open_house: House) -> None:
    house = open_house
    salif, moussa = await house.coordinator("Salif"), await house.official("Moussa")
    await written(house, salif, "Représentants des entités (1)")
    await salif.click("Envoyer à une personne")
    said = await moussa.expect("Bonjour à tous.")
    await all_out(house)
    await moussa.send("Merci, je viendrai.", reply_to=said)
    await moussa.expect(text("broadcasts.not_an_answer", "fr", contact=text("turns.contact_default", "fr")))
    assert "Merci, je viendrai." not in str(await house.answers())


async def test_others_are_refused(open_house: House) -> None:
    house = open_house
    moussa = await house.official("Moussa")
    for command in ("/broadcast", "/broadcasts"):
        await moussa.send(command)
        await moussa.expect("Elle relève de")
    salif = await house.coordinator("Salif")
    await salif.send("/broadcast GHA")
    await salif.expect("un autre pays que le vôtre")


async def test_only_the_secretariat_stops_its_own_messages(house: House) -> None:
    at(house, NIGHT)
    ama, salif = await house.staff("Ama", "secretariat", "en"), await house.coordinator("Salif")
    await ama.send("/broadcast BFA")
    await ama.click("Everybody in the country (1)")
    await ama.send("Bonjour.")
    await ama.click("See the preview")
    await ama.click("Send to one person")
    await ama.expect("/broadcasts")
    await made(house)
    await salif.send("/broadcasts")
    said = await salif.expect("en attente : 1")
    assert said.buttons == ()
    await ama.send("/broadcasts")
    await ama.click("Stop number 1")
    await ama.expect("One message that still waited will not go out")


async def test_what_missed_its_hours_goes_out_in_the_next_ones_or_not_at_all(house: House) -> None:
    _, moussa = await put_at_night(house)
    await house.stop()
    clock = Broadcasts(house.app.store)
    async with house.store() as store:
        clock = Broadcasts(store)
        assert await clock.tick(NIGHT + timedelta(hours=1)) == 0
        late = NIGHT + timedelta(days=1)
        assert await clock.tick(late) == 1
        assert await clock.tick(late) == 0
        async with store.reading() as tx:
            assert await tx.outbox.due(late) == []
            begins = await tx.outbox.next_due(late)
        assert begins is not None and late < begins < late + timedelta(hours=14)
        assert await clock.tick(NIGHT + timedelta(days=9)) == 1
    assert await rows(house) == {("dead", "too late"): 1}
    at(house, NIGHT + timedelta(days=9))
    await house.start()
    assert "Bonjour à tous" not in await moussa.transcript()


async def test_who_takes_their_consent_back_before_it_goes_out_does_not_get_it(house: House) -> None:
    at(house, NIGHT)
    salif, moussa = await house.coordinator("Salif"), await house.official("Moussa")
    await written(house, salif, "Représentants des entités (1)")
    await salif.click("Envoyer à une personne")
    await made(house)
    await moussa.send("/mydata")
    await moussa.click(text("rights.button_withdraw", "fr"))
    await moussa.click(text("rights.withdraw_confirm", "fr"))
    await moussa.expect(text("rights.withdrawn", "fr"))
    assert await rows(house) == {("dead", "no consent"): 1}
    await salif.send("/broadcasts")
    await salif.expect("accord retiré\u00a0: 1")


async def test_what_is_no_country_is_said_so(house: House) -> None:
    ama = await house.staff("Ama", "secretariat")
    await ama.send("/broadcasts 12")
    await ama.expect(text("exercise.unknown_country", "fr", command="broadcasts"))
