"""Turnover, through the Telegram channel: nothing said is lost or changes its author, access ends at once."""

from __future__ import annotations

import asyncio

import pytest

from bot.app import guide_forms
from bot.settings import Settings
from flows.i18n import text
from tests.bot.conftest import House, at_work
from tests.bot.steps.taking_part import agreed, asked_to_coordinate, code_in, coordinating, joined, said_yes
from tests.telegram.people import Person
from tests.telegram.standin import StandIn

pytestmark = pytest.mark.slow  # minutes in all

INSTITUTE = "Institut national"


async def official(house: House, name: str = "Moussa") -> Person:
    """An official who answered the name of a source and is asked for domains."""
    person = await house.official(name)
    await person.send("Recensement")
    await person.expect("Quels domaines")
    return person


async def replaced(awa: Person, label: str = "Moussa", successor: str = "Binta") -> str:
    """The coordinator replaces whoever the list calls so; the code for the successor."""
    await awa.send("/replace")
    listed = await awa.expect(text("turnover.whom", "fr"))
    number = next(line for line in listed.text.splitlines() if label in line).partition(".")[0]
    await awa.press(number, listed)
    await awa.expect("Qui est la personne")
    await awa.send(successor)
    if "Pour quelle autorité" in (await awa.expect("?")).text:
        await awa.press("Garder cette réponse")
        await awa.expect("Dans quelle langue")
    await awa.press("Français")
    await awa.click("Je confirme")
    return code_in(await awa.expect("Madame, Monsieur"))


async def taken_over(house: House, name: str, code: str) -> Person:
    person = await joined(house, name, code)
    await person.expect(text("turnover.introduced", "fr"))
    await person.click("Oui")
    await person.expect("Vous prenez la suite")
    return person


async def authors(house: House) -> list[tuple[str, int | None]]:
    """Who said what, over all interviews."""
    async with house.store() as store, store.reading() as tx:
        return [
            (answer.value, answer.author_id)
            for one in await tx.interviews.of_country("BFA")
            if one.form_id == "small"
            for answer in await tx.answers.history(one.id)
        ]


async def test_an_official_is_replaced_and_the_successor_goes_on_where_they_were(house: House) -> None:
    awa = await coordinating(house)
    moussa = await official(house)
    asked = await moussa.last()
    before = await authors(house)
    code = await replaced(awa, INSTITUTE)
    await moussa.expect("a pris fin, car une autre personne prend la suite")
    for said in ("Tendances", "/tasks", "/mydata"):
        await moussa.send(said)
        await moussa.expect(text("turns.not_invited", "fr"))
    await moussa.press("Passer", asked)
    await moussa.expect(text("turns.not_invited", "fr"))
    binta = await joined(house, "Binta", code)
    await binta.expect(text("turnover.introduced", "fr"))
    await awa.expect("La personne qui prend la suite a rejoint")
    await binta.click("Oui")
    await binta.expect(text("turnover.how_far", "fr", 3, total=6))
    await binta.expect("Quels domaines")
    assert await authors(house) == before
    await binta.press("Passer")
    await binta.expect("Quelle année")
    await binta.send("2020")
    await binta.expect("Un document")
    await house.telegram.acknowledged()
    known = (await house.course()).participants
    (new,) = known.present("official")
    assert known.members[new.replaces or 0].why == "replaced"
    assert (await authors(house))[-1] == ("2020", new.person_id)
    async with house.store() as store, store.reading() as tx:
        (stored,) = [one for one in await tx.interviews.of_country("BFA") if one.person_id == new.person_id]
        assert await tx.interviews.of_person(new.replaces or 0) == []
        assert len(await tx.answers.history(stored.id)) == 5
        entries = [entry.kind for entry in await tx.ledger.of_chain("BFA")]
    assert entries[-1] == "participants.handed_over"


async def test_a_successor_who_does_not_agree_takes_nothing(house: House) -> None:
    awa = await coordinating(house)
    await official(house)
    code = await replaced(awa, INSTITUTE)
    before = await authors(house)
    binta = await joined(house, "Binta", code)
    await binta.expect("Acceptez-vous")
    await binta.send("/delegate")
    await binta.expect("Acceptez-vous")
    await binta.press("Non")
    await binta.expect(text("turns.consent_refused", "fr")[:20])
    await binta.send("Tendances")
    await binta.expect("Acceptez-vous")
    second = await replaced(awa, "Binta", "Fanta")
    fanta = await taken_over(house, "Fanta", second)
    await fanta.expect("Quels domaines")
    assert await authors(house) == before


async def test_somebody_is_replaced_while_paused_and_in_a_small_form(house: House) -> None:
    awa = await coordinating(house)
    moussa = await official(house)
    await moussa.send("/pause")
    await moussa.expect("pause")
    await moussa.send("/delegate")
    await moussa.press((await moussa.expect(text("delegation.which", "fr"))).labels[0])
    await moussa.expect()
    code = await replaced(awa, INSTITUTE)
    await moussa.expect("a pris fin")
    await moussa.send("Un collègue")
    await moussa.expect(text("turns.not_invited", "fr"))
    async with house.store() as store, store.reading() as tx:
        open_ = [one for one in await tx.interviews.of_country("BFA") if one.form_id == "griot_delegate"]
        assert {one.status for one in open_} == {"withdrawn"}
    binta = await taken_over(house, "Binta", code)
    await binta.expect("Quels domaines")


async def test_the_same_person_may_be_their_own_successor(house: House) -> None:
    awa = await coordinating(house)
    moussa = await official(house)
    code = await replaced(awa, INSTITUTE)
    await moussa.expect("a pris fin")
    await moussa.send(f"/start {code}")
    await moussa.expect(text("turnover.introduced", "fr"))
    await moussa.click("Oui")
    await moussa.expect("Quels domaines")


async def test_the_other_part_of_the_same_person_goes_on(house: House) -> None:
    awa = await coordinating(house)
    moussa = await official(house)
    await moussa.send(f"/start {await house.invitation('Police')}")
    await agreed(moussa)
    await moussa.send("Contrôles")
    await moussa.expect("Quels domaines")
    await replaced(awa, "Police")
    ended = await moussa.expect("a pris fin")
    assert "Vous continuez à participer" in ended.text
    await moussa.send("/start")
    await moussa.expect("Quels domaines")
    await moussa.press("Passer")
    await moussa.expect("Quelle année")
    offer = await moussa.last()
    assert "Police" not in " ".join(offer.labels)


async def test_two_press_the_successors_link_at_once_and_one_takes_over(house: House) -> None:
    awa = await coordinating(house)
    await official(house)
    code = await replaced(awa, INSTITUTE)
    crowd = [await house.telegram.person(f"P{number}", language="fr") for number in range(3)]
    await asyncio.gather(*(person.send(f"/start {code}") for person in crowd))
    said = [(await person.expect()).text for person in crowd]
    assert said.count(text("turns.invitation_used", "fr")) == 2
    known = (await house.course()).participants
    assert len(known.present("official")) == 1


async def test_two_replace_the_same_person_at_once_and_one_invitation_is_made(house: House) -> None:
    awa = await coordinating(house)
    ama = await house.staff("Ama", "secretariat", "fr")
    await official(house)
    for person, command in ((awa, "/replace"), (ama, "/replace BFA")):
        await person.send(command)
        listed = await person.expect(text("turnover.whom", "fr"))
        number = next(line for line in listed.text.splitlines() if INSTITUTE in line).partition(".")[0]
        await person.press(number, listed)
        await person.expect("Qui est la personne")
        await person.send("Binta")
        await person.click("Français")
        await person.expect("Je confirme")
    await asyncio.gather(*(person.press("Je confirme") for person in (awa, ama)))
    wanted = (text("participants.over_already", "fr"), "t.me")
    said = [(await person.expect(lambda one: any(want in one.text for want in wanted))).text for person in (awa, ama)]
    assert sum("t.me" in one for one in said) == 1
    async with house.store() as store, store.reading() as tx:
        assert sum(one.replaces is not None for one in await tx.invitations.of_country("BFA")) == 1


async def test_somebody_leaves_and_the_coordinator_invites_a_successor(house: House) -> None:
    awa = await coordinating(house)
    moussa = await official(house)
    await moussa.send("/leave")
    await moussa.click(text("turnover.stay", "fr"))
    await moussa.expect(text("turnover.stayed", "fr"))
    await moussa.send("/leave")
    await moussa.click(text("turnover.leave", "fr"))
    await moussa.expect("Comme vous l’avez demandé")
    await moussa.send("bonjour")
    await moussa.expect(text("turns.not_invited", "fr"))
    await awa.expect("a mis fin à sa participation")
    await awa.press(text("turnover.invite_successor", "fr"))
    await awa.expect("Qui est la personne")
    await awa.send("Binta")
    await awa.click("Français")
    await awa.click("Je confirme")
    binta = await taken_over(house, "Binta", code_in(await awa.expect("Madame, Monsieur")))
    await binta.expect("Quels domaines")
    await awa.press(text("turnover.invite_successor", "fr"))
    await awa.expect(text("participants.succeeded", "fr"))


async def test_the_coordinator_is_replaced_and_all_that_waited_waits_for_the_new_one(house: House) -> None:
    awa = await said_yes(house)
    await awa.send("/coordinator")
    moussa = await joined(house, "Moussa", await asked_to_coordinate(awa, "Moussa"))
    await agreed(moussa)
    await moussa.send("Recensement")
    await moussa.expect("Quels domaines")
    await moussa.send("/tasks")
    waited = (await moussa.expect("attend")).text
    await awa.send("/replace")
    listed = await awa.expect(text("turnover.whom", "fr"))
    await awa.press("1", listed)
    code = await asked_to_coordinate(awa, "Binta")
    await moussa.expect("a pris fin")
    await moussa.send("/entities")
    await moussa.expect(text("turns.not_invited", "fr"))
    binta = await taken_over(house, "Binta", code)
    await binta.expect("Quels domaines")
    await binta.send("/tasks")
    assert (await binta.expect("attend")).text == waited
    await binta.send("/entities")
    await binta.expect("Conseil supérieur")


async def test_the_focal_point_takes_the_coordination_over_with_its_answers(house: House) -> None:
    await official(house, "Fanta")
    moussa = await joined(house, "Moussa", await house.invitation("Conseil", "coordinator"))
    await agreed(moussa)
    await moussa.send("Recensement")
    await moussa.expect("Quels domaines")
    awa = await said_yes(house)
    await awa.send("/replace")
    await awa.press("1", await awa.expect(text("turnover.whom", "fr")))
    await awa.click(text("participants.i_coordinate", "fr"))
    await awa.expect(text("participants.you_coordinate", "fr"))
    await awa.click("Oui")
    await awa.expect("Quels domaines")
    await moussa.expect("a pris fin")
    await awa.send("/entities")
    await awa.expect("Conseil")
    known = (await house.course()).participants
    assert len(known.present("coordinator")) == 1


async def test_a_coordinator_who_hands_over_stays_focal_point(house: House) -> None:
    awa = await coordinating(house)
    code = await replaced(awa, "Conseil")
    await awa.send("/start")
    await awa.expect(text("turns.commands", "fr"))
    await awa.send("/entities")
    await awa.expect("Elle relève de")
    binta = await taken_over(house, "Binta", code)
    await binta.expect("Nom de la source")


async def test_the_link_of_a_successor_redeemed_again_after_a_crash_changes_nothing(house: House) -> None:
    awa = await coordinating(house)
    await official(house)
    binta = await taken_over(house, "Binta", await replaced(awa, INSTITUTE))
    await house.telegram.acknowledged()
    before = (await house.course()).number
    for update_id in list(house.telegram.world.updates):
        house.telegram.world.replay(update_id)
    await house.telegram.acknowledged()
    await binta.send("/resume")
    await binta.expect("Quels domaines")
    assert (await house.course()).number == before


async def test_a_part_with_a_colleague_stays_with_them_and_comes_back_to_the_successor(house: House) -> None:
    awa = await coordinating(house)
    moussa = await house.official("Moussa")
    colleague = await lent(house, moussa)
    code = await replaced(awa, INSTITUTE)
    await moussa.expect("a pris fin")
    await colleague.send("Recensement")
    await colleague.expect("Quels domaines")
    binta = await taken_over(house, "Binta", code)
    await colleague.send("/leave")
    await colleague.click(text("turnover.leave", "fr"))
    await colleague.expect("Comme vous l’avez demandé")
    await binta.expect("a rendu la partie confiée")
    await binta.send("/resume")
    await binta.expect("Quels domaines")
    async with house.store() as store, store.reading() as tx:
        people = {one.id: one for one in await tx.people.of_country("BFA")}
        (said,) = [author for value, author in await authors(house) if value == "Recensement"]
        seats = [one for person in people for one in await tx.seats.of_person(person)]
    assert people[said or 0].role == "colleague"
    assert people[said or 0].ended_at is not None
    assert all(one.closed_at is not None for one in seats)


async def lent(house: House, official: Person) -> Person:
    """A colleague who has the rest of an official's questionnaire, at its first question."""
    await official.send("/delegate")
    await official.click("Données (4 questions)")
    await official.expect("À quel collègue")
    await official.send("Collègue")
    await official.click("Français")
    await official.click("Je confirme")
    colleague = await joined(house, "Colleague", code_in(await official.expect("?start=")))
    await colleague.click("Oui")
    await colleague.click("Répondre")
    await colleague.expect("Nom de la source")
    return colleague


async def test_what_was_half_ticked_is_there_for_the_successor(house: House) -> None:
    awa = await coordinating(house)
    moussa = await official(house)
    await moussa.press("Tendances")
    await house.telegram.acknowledged()
    binta = await taken_over(house, "Binta", await replaced(awa, INSTITUTE))
    asked = await binta.expect("Quels domaines")
    assert any("Tendances" in label and label != "Tendances" for label in asked.labels)
    await binta.press("Terminé")
    await binta.expect("Quelle année")
    await house.telegram.acknowledged()
    (new,) = (await house.course()).participants.present("official")
    assert ("trends", new.person_id) in await authors(house)


async def test_what_concerns_the_person_is_asked_again_of_the_successor(telegram: StandIn, settings: Settings) -> None:
    async with at_work(telegram, settings, forms=lambda: list(guide_forms())) as house:
        ama = await house.staff("Ama", "secretariat", "fr")
        moussa = await joined(house, "Moussa", await house.invitation("Institut"))
        await moussa.click("Français")
        await moussa.click("Oui")
        await moussa.expect("prénom")
        await moussa.send("Moussa (exemple)")
        await moussa.expect("Quelle est votre fonction")
        await moussa.send("Statisticien")
        await moussa.expect("direction")
        await ama.send("/replace BFA")
        await ama.press("1", await ama.expect(text("turnover.whom", "fr")))
        await ama.expect("Qui est la personne")
        await ama.send("Binta")
        await ama.click("Français")
        await ama.click("Je confirme")
        binta = await joined(house, "Binta", code_in(await ama.expect("Madame, Monsieur")))
        await binta.expect("chiffrés de bout en bout")
        await binta.press("Oui")
        asked = await binta.expect("prénom")
        assert "Moussa (exemple)" in asked.text
        await binta.send("Binta (exemple)")
        await binta.expect("Quelle est votre fonction")
        await binta.press(text("interview.button_right", "fr"))
        await binta.expect("direction")
        await house.telegram.acknowledged()
        async with house.store() as store, store.reading() as tx:
            (stored,) = await tx.interviews.overview(house.app.interviews.form.id, "BFA")
            said = [(one.value, one.author_id) for one in await tx.answers.history(stored.id)]
        first, second = said[0][1], stored.person_id
        assert said[2:] == [
            ("Moussa (exemple)", first),
            ("Statisticien", first),
            ("Binta (exemple)", second),
            ("Statisticien", second),
        ]
