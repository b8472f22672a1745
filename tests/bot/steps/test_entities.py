"""Entities, through the Telegram channel: doubles, merging, what is missing, names of every kind, long lists."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest

from bot.settings import Settings
from flows.i18n import text
from flows.interview.form import Form
from flows.interview.xlsform import load_form
from tests.bot.conftest import SMALL, House, at_work
from tests.bot.steps.taking_part import agreed, coordinating, joined, line, named, said_yes
from tests.telegram.people import Person
from tests.telegram.standin import StandIn

pytestmark = pytest.mark.slow  # most of a minute in all

INSTITUTE = "Institut national de la statistique et de la démographie"
ROWS = """
|          | begin_repeat            | entity   | Entité à inviter            | Entity to invite      |          |            | ${consent}='yes'  |                   |
|          | text                    | e5_name  | Quelle entité ?             | Which entity?         |          |            |                   |                   |
|          | text                    | e5_contact | Quel contact ?            | Which contact?        |          |            |                   |                   |
|          | end_repeat              |          |                             |                       |          |            |                   |                   |
|          | begin_group             | body """  # noqa: E501


def with_entities() -> Form:
    """The small questionnaire, which asks for entities first."""
    return load_form(SMALL.replace("\n|          | begin_group             | body ", ROWS, 1).encode(), "md")


@pytest.fixture
async def asking(telegram: StandIn, settings: Settings) -> AsyncIterator[House]:
    async with at_work(telegram, settings, forms=lambda: [with_entities()]) as one:
        yield one


async def test_an_entity_like_one_that_is_there_is_offered_for_merging_and_keeps_everything(house: House) -> None:
    awa = await coordinating(house)
    moussa = await joined(house, "Moussa", await house.invitation(INSTITUTE))
    await agreed(moussa)
    await moussa.send("Recensement")
    await moussa.expect("Quels domaines")
    await named(awa, "INSD", "INSD")
    await awa.expect(text("participants.entity_named", "fr", name="INSD"))
    pair = await awa.expect("S’agit-il d’une seule et même entité")
    assert INSTITUTE in pair.text
    assert "1 contribution" in pair.text
    eve = await joined(house, "Eve", await house.invitation("INSD"))
    await agreed(eve)
    await awa.press(text("participants.keep_name", "fr", number=2), pair)
    await awa.expect(text("participants.merged_into", "fr", name="INSD", former=INSTITUTE))
    await awa.press(text("participants.keep_name", "fr", number=1), pair)
    await awa.expect(text("participants.merged_named", "fr", name="INSD")[:40])
    async with house.store() as store, store.reading() as tx:
        kept = await tx.entities.find("BFA", "INSD")
        assert kept is not None
        contributions = [one for one in await tx.interviews.overview("small", "BFA") if one.entity_id == kept.id]
        people = [one for one in await tx.people.of_country("BFA") if one.role == "official"]
        assert len(contributions) == 2
        assert {one.entity_id for one in people} == {kept.id}
        assert [one.value for one in await tx.answers.current(contributions[0].id)] == ["fr", "yes", "Recensement"]
    await moussa.press("Passer")
    await moussa.expect("Quelle année")
    await named(awa, INSTITUTE)
    await awa.expect(text("participants.entity_there", "fr", name="INSD"))
    await awa.press(text("participants.to_entity", "fr"))
    await awa.expect(text("participants.former", "fr", names=INSTITUTE))


async def test_two_entities_told_apart_are_not_asked_about_again(house: House) -> None:
    awa = await coordinating(house)
    await named(awa, INSTITUTE)
    await named(awa, "INSD", "INSD")
    await awa.click(text("participants.not_one", "fr"))
    await awa.expect(text("participants.kept_apart", "fr"))
    await awa.send("/entities")
    listed = await awa.expect(line(2, "INSD (INSD)", "named"))
    assert text("participants.see_doubles", "fr") not in listed.labels


async def test_any_two_can_be_merged_by_hand_but_not_one_with_itself(house: House) -> None:
    awa = await coordinating(house)
    await named(awa, "Ministère des Affaires étrangères")
    await awa.click(text("participants.to_entity", "fr"))
    await awa.click(text("participants.merge_with", "fr"))
    await awa.click("1")
    await awa.click(text("participants.keep_name", "fr", number=1))
    await awa.expect("sont réunies sous ce nom")
    known = (await house.course()).participants
    assert known.coordinator() is not None
    assert {known.kept(number) for number in known.entities} == {2}


async def test_what_is_missing_is_named_or_explained_in_one_tap(house: House) -> None:
    awa = await coordinating(house)
    await awa.send("/entities")
    await awa.click(text("participants.about_border", "fr"))
    await awa.click(text("participants.reason_covered", "fr"))
    await awa.expect(text("participants.waived", "fr", reason=text("participants.reason_covered", "fr")))
    await named(awa, INSTITUTE, "", "3")
    await named(awa, "Protection civile", domain="Situations de crise")
    await awa.send("/entities")
    listed = await awa.expect(line(2, INSTITUTE, "named")[:20])
    missing = [text(f"participants.missing_{one}", "fr") for one in ("statistics", "border", "crisis")]
    assert not any(one in listed.text for one in missing)
    waived = (await house.course()).participants.waived
    assert waived["border"].reason == "covered"


async def test_entities_of_the_questionnaire_are_taken_over_in_one_tap(asking: House) -> None:
    house = asking
    awa = await coordinating_here(house)
    for name, contact in (("Police nationale", "Commissaire Sana (exemple)"), ("Douanes", "")):
        await awa.expect("Quelle entité")
        await awa.send(name)
        await awa.expect("Quel contact")
        await awa.send(contact or "/skip")
        await awa.click("Oui" if name == "Police nationale" else "Non")
    await awa.send("/tasks")
    await awa.click("1. " + text("participants.import_short", "fr"))
    await awa.expect("Il reste à inviter une personne")
    listed = await awa.expect(line(3, "Police nationale", "named"))
    assert text("participants.import", "fr", 2) not in listed.labels
    await awa.press("3", listed)
    await awa.click(text("participants.invite_person", "fr"))
    await awa.expect("Commissaire Sana (exemple)")


async def coordinating_here(house: House) -> Person:
    """The coordinator at the first question after the agreement."""
    awa = await said_yes(house)
    await awa.send("/coordinator")
    await awa.click(text("participants.i_coordinate", "fr"))
    await awa.click("Français")
    await awa.click("Oui")
    return awa


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("Institut " + "é" * 290, "Institut " + "é" * 290),
        ("<b>Direction</b> & \u202eحدود\u202c 🚦 _x_", "<b>Direction</b> & حدود 🚦 _x_"),
        ("Deux\nlignes\u2028ici", "Deux lignes ici"),
    ],
)
async def test_an_entity_may_have_any_name(house: House, given: str, kept: str) -> None:
    awa = await coordinating(house)
    await named(awa, given)
    await awa.expect("L’entité est enregistrée")
    await house.telegram.acknowledged()
    async with house.store() as store, store.reading() as tx:
        assert kept in [one.name for one in await tx.entities.of_country("BFA")]
    await awa.press(text("participants.to_entity", "fr"))
    await awa.expect(kept)
    await awa.press(text("participants.invite_person", "fr"))
    await awa.expect("Qui est la personne")
    await awa.send("<i>Moussa</i> 🙂 \u202eabc")
    await awa.click("Français")
    await awa.click("Je confirme")
    assert kept in (await awa.expect("Madame, Monsieur")).text


async def test_a_name_without_any_letter_is_asked_again(house: House) -> None:
    awa = await coordinating(house)
    await named(awa, "\ue000\ue001")
    await awa.expect(text("participants.name_missing", "fr"))
    await awa.expect("Confirmez-vous cette entité")


async def test_a_correction_keeps_the_former_name_and_takes_nobodys(house: House) -> None:
    awa = await coordinating(house)
    await named(awa, "Institut de statistik")
    await awa.click(text("participants.to_entity", "fr"))
    await awa.click(text("participants.correct", "fr"))
    await awa.expect("Institut de statistik")
    await awa.send(INSTITUTE)
    await awa.click("Passer")
    await awa.click("3")
    await awa.click("Passer")
    await awa.click("Je confirme")
    await awa.expect(text("participants.corrected", "fr", name=INSTITUTE))
    await awa.press(text("participants.to_entity", "fr"))
    await awa.expect(text("participants.former", "fr", names="Institut de statistik"))


async def test_sixty_entities_are_read_page_by_page(house: House) -> None:
    awa = await coordinating(house)
    async with house.store() as store, store.writing() as tx:
        for number in range(60):
            await tx.entities.find_or_add("BFA", f"Direction régionale numéro {number:02}", datetime.now(UTC))
    await awa.send("/entities")
    seen = await awa.expect("Direction régionale numéro 00")
    for _ in range(7):
        await awa.press(text("participants.page_after", "fr"), seen)
        seen = await awa.expect(text("participants.page_before", "fr"))
    assert "Direction régionale numéro 59" in seen.text
    assert text("participants.page_after", "fr") not in seen.labels
