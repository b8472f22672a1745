"""Who takes part, through the Telegram channel: the coordinator, entities, invitations."""

from __future__ import annotations

import asyncio

from bot.app import guide_forms
from bot.settings import Settings
from flows.i18n import text
from tests.bot.conftest import House, at_work
from tests.bot.steps.taking_part import (
    agreed,
    asked_to_coordinate,
    code_in,
    coordinating,
    invitation_of,
    joined,
    line,
    named,
    said_yes,
)
from tests.telegram.standin import StandIn

INSTITUTE = "Institut national de la statistique"


async def test_a_focal_point_coordinates_names_an_entity_and_its_person_joins(house: House) -> None:
    secretariat = await house.staff("Ama", "secretariat", "en")
    awa = await coordinating(house)
    await secretariat.expect("there is a national coordinator now")
    await named(awa, INSTITUTE, "INSD", "3")
    await awa.click(text("participants.invite_person", "fr"))
    code = await invitation_of(awa, "Moussa, chef de service")
    await awa.expect("[photo]")
    moussa = await joined(house, "Moussa", code)
    await moussa.expect(INSTITUTE)
    await agreed(moussa)
    await awa.expect("Moussa, chef de service")
    await awa.send("/entities")
    await awa.expect(line(1, "Conseil supérieur des Burkinabè", "joined"))
    await awa.send("/entities")
    await awa.expect(line(2, f"{INSTITUTE} (INSD)", "joined"))
    known = (await house.course()).participants
    assert [one.role for one in known.present("official", "coordinator")] == ["coordinator", "official"]


async def test_the_message_to_forward_says_all_and_has_no_buttons(house: House) -> None:
    awa = await coordinating(house)
    await named(awa, INSTITUTE)
    await awa.click(text("participants.invite_person", "fr"))
    await awa.expect("Qui est la personne")
    await awa.send("Kofi")
    await awa.click("English")
    await awa.click("Je confirme")
    letter = await awa.expect("Dear Sir")
    assert letter.buttons == ()
    for said in ("The national coordinator (Conseil supérieur", "Burkina Faso", INSTITUTE, "works once only, until"):
        assert said in letter.text
    assert letter.text.count(code_in(letter)) == 2


async def test_nobody_is_named_coordinator_before_the_country_takes_part(house: House) -> None:
    awa = await house.staff("Awa", "focal_point", "fr")
    await awa.send("/coordinator")
    await awa.expect(text("interest.not_yet", "fr"))
    moussa = await house.official("Moussa")
    await moussa.send("/coordinator")
    await moussa.expect("Elle relève de")


async def test_there_is_one_coordinator_however_many_press_at_once(house: House) -> None:
    awa = await said_yes(house)
    eve = await house.staff("Eve", "focal_point", "fr")
    for person in (awa, eve):
        await person.send("/coordinator")
        await person.expect(text("participants.i_coordinate", "fr"))
    await asyncio.gather(*(person.press(text("participants.i_coordinate", "fr")) for person in (awa, eve, awa)))
    await house.telegram.acknowledged()
    assert len((await house.course()).participants.present("coordinator")) == 1
    refusal = text("participants.coordinator_there", "fr")
    refused = [asyncio.create_task(person.expect(refusal)) for person in (awa, eve)]
    done, others = await asyncio.wait(refused, return_when=asyncio.FIRST_COMPLETED)
    for task in others:
        task.cancel()
    assert next(task.result().text for task in done) == refusal
    async with house.store() as store, store.reading() as tx:
        assert sum(one.role == "coordinator" for one in await tx.people.of_country("BFA")) == 1


async def test_somebody_else_is_invited_to_coordinate_and_a_second_invitation_has_to_wait(house: House) -> None:
    awa = await said_yes(house)
    await awa.send("/coordinator")
    code = await asked_to_coordinate(awa, "Moussa")
    await awa.send("/coordinator")
    await awa.expect(text("participants.coordinator_invited", "fr"))
    other = await house.invitation("Police", "coordinator")
    moussa = await joined(house, "Moussa", code)
    await agreed(moussa)
    await awa.expect("est désormais assurée")
    eve = await joined(house, "Eve", other)
    await eve.expect(text("participants.cannot_join", "fr"))
    await awa.send("/coordinator")
    await awa.expect(text("participants.coordinator_there", "fr"))
    async with house.store() as store, store.reading() as tx:
        kept = await tx.invitations.find(other)
        assert kept is not None
        assert kept.used_at is None


async def test_a_link_pressed_by_whoever_made_it_stays_usable(house: House) -> None:
    awa = await coordinating(house)
    await named(awa, INSTITUTE)
    await awa.click(text("participants.invite_person", "fr"))
    code = await invitation_of(awa, "Moussa")
    await awa.send(f"/start {code}")
    await awa.expect(text("participants.own_invitation", "fr", invited=f"Moussa · {INSTITUTE}"))
    moussa = await joined(house, "Moussa", code)
    await agreed(moussa)
    await moussa.send(f"/start {code}")
    await moussa.expect("Nom de la source")
    eve = await joined(house, "Eve", code)
    await eve.expect(text("turns.invitation_used", "fr"))


async def test_whoever_made_an_invitation_may_use_it_themselves_once(house: House) -> None:
    awa = await coordinating(house)
    await named(awa, INSTITUTE)
    await awa.click(text("participants.invite_person", "fr"))
    code = await invitation_of(awa)
    await awa.send(f"/start {code}")
    await awa.click(text("participants.use_oneself", "fr"))
    await awa.expect(text("turns.welcome_again", "fr"))
    await awa.expect("Langue ?")
    known = (await house.course()).participants
    assert [one.entity_id for one in known.present("official")] == [2]
    await awa.press(text("participants.use_oneself", "fr"))
    await awa.expect(text("participants.takes_already", "fr"))


async def test_a_link_for_what_one_is_already_stays_usable(house: House) -> None:
    code = await house.invitation(INSTITUTE)
    moussa = await joined(house, "Moussa", await house.invitation(INSTITUTE))
    await agreed(moussa)
    await moussa.send(f"/start {code}")
    await moussa.expect(text("participants.takes_already", "fr"))
    eve = await joined(house, "Eve", code)
    await agreed(eve)


async def test_of_two_who_press_one_link_at_once_one_joins(house: House) -> None:
    awa = await coordinating(house)
    await named(awa, INSTITUTE)
    await awa.click(text("participants.invite_person", "fr"))
    code = await invitation_of(awa)
    crowd = [await house.telegram.person(f"P{number}", language="fr") for number in range(3)]
    await asyncio.gather(*(person.send(f"/start {code}") for person in crowd))
    await house.telegram.acknowledged()
    known = (await house.course()).participants
    assert len(known.present("official")) == 1
    for person in crowd:
        await person.expect()


async def test_invitations_are_listed_revoked_and_made_anew(house: House) -> None:
    awa = await coordinating(house)
    await named(awa, INSTITUTE)
    await awa.click(text("participants.invite_person", "fr"))
    first = await invitation_of(awa, "Moussa")
    await awa.send("/invitations")
    await awa.click(text("participants.renew_number", "fr", number=1))
    second = code_in(await awa.expect("Madame, Monsieur"))
    late = await joined(house, "Eve", first)
    await late.expect(text("turns.invitation_revoked", "fr"))
    await awa.send("/invitations")
    listed = await awa.expect("Moussa")
    await awa.press(text("participants.revoke_number", "fr", number=1), listed)
    await awa.expect(text("participants.revoked", "fr", invited=f"Moussa · {INSTITUTE}"))
    await awa.press(text("participants.revoke_number", "fr", number=1), listed)
    await awa.expect(text("participants.invitation_revoked", "fr"))
    await late.send(f"/start {second}")
    await late.expect(text("turns.invitation_revoked", "fr"))
    await awa.send("/invitations")
    await awa.expect(text("participants.no_invitations", "fr"))


async def test_the_secretariat_names_the_country_and_an_official_has_no_list(house: House) -> None:
    ama = await house.staff("Ama", "secretariat", "en")
    await coordinating(house)
    await ama.send("/entities")
    await ama.expect(text("exercise.which", "en", command="entities"))
    await ama.send("/entities BFA")
    await ama.expect("Entities of Burkina Faso: 1")
    await ama.send("/coordinator BFA")
    await ama.expect(text("participants.coordinator_there", "en"))
    moussa = await house.official("Moussa")
    await moussa.send("/entities")
    await moussa.expect("Elle relève de")


async def test_the_secretariat_invites_a_coordinator(house: House) -> None:
    ama = await house.staff("Ama", "secretariat", "en")
    await said_yes(house)
    await ama.send("/coordinator BFA")
    await ama.expect("Who is the invited person")
    await ama.send("/skip")
    await ama.click("Keep this answer")
    await ama.click("Français")
    await ama.click("I confirm")
    letter = await ama.expect("Madame, Monsieur")
    assert "Le Secrétariat du Processus de Rabat vous invite" in letter.text


async def test_what_the_expression_of_interest_said_is_kept_with_one_tap(telegram: StandIn, settings: Settings) -> None:
    async with at_work(telegram, settings, forms=lambda: list(guide_forms())) as house:
        awa = await said_yes(house)
        await awa.send("/coordinator")
        await awa.click(text("participants.i_coordinate", "fr"))
        await awa.click("Français")
        await awa.click("Oui")
        asked = await awa.expect("prénom")
        while "souhaite-t-il participer à l’exercice" not in asked.text:
            skip = next(one for one in ("Passer", "Oui", "1") if one in asked.labels)
            await awa.press(skip, asked)
            asked = await awa.expect(lambda one: bool(one.labels))
        for said in ("Oui", "Conseil supérieur des Burkinabè", "Secrétaire permanent"):
            while said not in asked.text or "Garder cette réponse" not in asked.labels:
                await awa.press("Passer", asked)
                asked = await awa.expect(lambda one: bool(one.labels))
            await awa.press("Garder cette réponse", asked)
            asked = await awa.expect(lambda one: bool(one.labels))
