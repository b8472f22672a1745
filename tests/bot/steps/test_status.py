"""Where things stand, through the Telegram channel: who sees what, pages, pictures."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.acting import Act, Services
from bot.app import guide_forms
from bot.attachments import Vault
from bot.channels.telegram_out import pieces, units
from bot.dossiers import Dossiers
from bot.envelopes import load
from bot.interviews import Interviews
from bot.messages import CommandIn, Incoming, Prompt, Sender
from bot.steps import registry, status
from db.database import Store
from db.people import Person as Part
from flows.country.access import COMMAND_LINE
from flows.country.steps.clearance import SuperiorAsked, SuperiorCame
from flows.country.steps.contributions import Accepted, HandedIn, Submitted
from flows.country.steps.exercise import SetDates, SetMilestone
from flows.country.steps.interest import InterestExpressed, OpenCountry
from flows.country.steps.meetings import MeetingProposed
from flows.country.steps.participants import PersonJoined
from flows.i18n import text
from tests.bot.conftest import House, small_form
from tests.bot.steps.test_delegation import SECTION, _colleague, _lend
from tests.crowd import fill
from tests.telegram.people import Person

NOW = datetime.now(UTC).replace(hour=12, minute=0)
"""Noon, which is the time here: counted in days, nothing changes while the tests run, not even around midnight."""


async def _opened(house: House, *, yes: bool = True) -> None:
    """Burkina Faso is asked, and takes part; the questionnaires are due in ten days."""
    house.ahead = NOW - datetime.now(UTC)
    dossiers = Dossiers()
    async with house.store() as store, store.writing() as tx:
        await dossiers.take(tx, "BFA", COMMAND_LINE, OpenCountry(), NOW)
        if yes:
            await dossiers.record(tx, "BFA", COMMAND_LINE, [InterestExpressed("yes", authority="Conseil")], NOW)
        due = SetDates("QUEST", NOW.date(), NOW.date() + timedelta(days=10))
        await dossiers.take(tx, "BFA", COMMAND_LINE, due, NOW)
        await dossiers.take(tx, "", COMMAND_LINE, SetMilestone("SOM", NOW.date() + timedelta(days=30)), NOW)


async def _secretariat(house: House, language: str = "fr") -> Person:
    return await house.staff("Ama", "secretariat", language)


# ---- who sees what ------------------------------------------------------------------------------------------------
async def test_an_exercise_that_has_not_begun_says_how_it_begins(house: House) -> None:
    ama = await _secretariat(house)
    await ama.send("/status")
    await ama.expect(text("status.nothing", "fr"))


async def test_the_secretariat_goes_from_all_countries_to_one_and_back(house: House) -> None:
    await _opened(house)
    await house.official("Moussa")
    ama = await _secretariat(house)
    await ama.send("/status")
    shown = await ama.expect("Où en est l’exercice")
    assert "1 pays." in shown.text
    assert "Réunion des hauts fonctionnaires (SOM)\u00a0: " in shown.text
    assert "dans 30 jours" in shown.text
    await ama.press("Burkina Faso", shown)
    one = await ama.expect("Manifestation d’intérêt\u00a0: ")
    assert "Institut national · 0/1" in one.text
    await ama.press("Tous les pays", one)
    await ama.expect("Où en est l’exercice")
    await ama.send("/status bfa")
    await ama.expect("Institut national")
    await ama.send("/status Narnia")
    await ama.expect("Aucun pays partenaire n’a ce code")


async def test_what_needs_the_secretariat_comes_first(house: House) -> None:
    await _opened(house)
    dossiers = Dossiers()
    async with house.store() as store, store.writing() as tx:
        begins = NOW + timedelta(days=20)
        meeting = MeetingProposed(
            None, begins, begins + timedelta(hours=8), "Africa/Ouagadougou", "coordinator", "Ouaga"
        )
        await dossiers.record(tx, "BFA", COMMAND_LINE, [meeting], NOW)
    ama = await _secretariat(house)
    await ama.send("/status")
    await ama.expect(text("steps.tasks", "fr", 1))
    shown = await ama.expect("Où en est l’exercice")
    assert "la date de l’atelier (Secrétariat)" in shown.text


async def test_the_coordinator_sees_their_own_country_and_no_other(house: House) -> None:
    await _opened(house)
    awa = await house.coordinator("Awa", "Institut national")
    await awa.send("/status")
    shown = await awa.expect("Burkina Faso")
    assert "Tous les pays" not in shown.labels
    assert "Institut national · 0/1" in shown.text
    await awa.press("Mes réponses", shown)
    own = await awa.expect("Vos réponses – Institut national")
    assert "Données\u00a0: 0 sur 4" in own.text
    await awa.send("/status GHA")
    await awa.expect(text("access.country", "fr"))


async def test_a_focal_point_follows_the_country_before_it_has_answered(house: House) -> None:
    await _opened(house, yes=False)
    awa = await house.staff("Awa", "focal_point")
    await awa.send("/status")
    shown = await awa.expect("Manifestation d’intérêt\u00a0: en cours depuis le")
    assert "la réponse du pays sur sa participation" in shown.text
    assert "Aucune entité n’est encore désignée." in shown.text


async def test_an_official_sees_their_own_part_and_until_when(house: House) -> None:
    await _opened(house)
    moussa = await house.official("Moussa")
    await moussa.send("Recensement général")
    await moussa.send("/status")
    own = await moussa.expect("Vos réponses – Institut national")
    assert "Données\u00a0: 1 sur 4" in own.text
    assert "Il reste 3 questions." in own.text
    assert "dans 10 jours" in own.text
    assert own.buttons == ()
    await moussa.send("/status BFA")
    await moussa.expect("Vos réponses – Institut national")


async def test_what_a_colleague_has_is_seen_by_both(house: House) -> None:
    await _opened(house)
    moussa = await house.official("Moussa")
    colleague = await _colleague(house, "Fatou", await _lend(moussa, SECTION))
    await colleague.expect("Nom de la source")
    await colleague.send("/status")
    lent = await colleague.expect("Ce qui vous est confié – Institut national")
    assert "Données\u00a0: 0 sur 4" in lent.text
    await moussa.send("/status")
    own = await moussa.expect("Vos réponses – Institut national")
    assert "Données\u00a0: 0 sur 4, dont 4 chez des collègues" in own.text
    assert "Chez un collègue\u00a0: M. Traoré" in own.text


async def test_an_expert_sees_the_country_without_names_of_people(house: House) -> None:
    await _opened(house)
    await house.official("Moussa")
    async with house.store() as store, store.writing() as tx:
        for person in await tx.people.of_country("BFA"):
            await tx.people.rename(person.id, "Moussa Ouédraogo")
    expert = await house.staff("Kofi", "expert", "en")
    await expert.send("/status")
    shown = await expert.expect("Institut national")
    assert "Moussa" not in shown.text
    ama = await _secretariat(house)
    await ama.send("/status BFA")
    await ama.expect("Moussa Ouédraogo")


# ---- pages --------------------------------------------------------------------------------------------------------
async def test_pages_are_turned_in_place(house: House) -> None:
    async with house.store() as store:
        await fill(store, form_id=small_form().id, now=NOW, places=20, entities=9, entries=60)
    ama = await _secretariat(house)
    await ama.send("/status")
    shown = await ama.expect("Page 1 sur 4")
    assert shown.labels[-2:] == ("Suivants", "Image")
    await ama.press("Suivants", shown)
    second = await ama.expect("Page 2 sur 4")
    assert second.message_id == shown.message_id
    assert {"Précédents", "Suivants"} < set(second.labels)
    country = second.labels[0]
    await ama.press(country, second)
    detail = await ama.expect("Page 1 sur 2")
    assert detail.message_id != shown.message_id
    assert detail.text.startswith(country)
    await ama.press("Suivants", detail)
    rest = await ama.expect("Page 2 sur 2")
    assert rest.message_id == detail.message_id


# ---- pictures -----------------------------------------------------------------------------------------------------
async def test_a_picture_comes_when_asked_for_and_again_only_after_a_change(house: House) -> None:
    await _opened(house)
    moussa = await house.official("Moussa")
    ama = await _secretariat(house)
    await ama.send("/status BFA")
    shown = await ama.expect("Institut national")
    assert not any("[photo]" in message.text for message in await ama.screen())
    await ama.press("Image", shown)
    await ama.expect(text("status.drawing", "fr"))
    picture = await ama.expect("[photo]", timeout=60)
    assert "Burkina Faso\u00a0: entités et sections" in picture.text
    await ama.press("Image", shown)
    await ama.expect(text("status.same_picture", "fr"))
    await moussa.send("Recensement général")
    await moussa.expect("domaines")
    await ama.press("Image", shown)
    await ama.expect("[photo]", timeout=60)
    assert sum("[photo]" in message.text for message in await ama.screen()) == 2


@pytest.mark.slow
async def test_all_countries_fit_into_pictures(house: House) -> None:
    async with house.store() as store:
        await fill(store, form_id=small_form().id, now=NOW, places=57, entities=2, entries=30)
    ama = await _secretariat(house, "en")
    await ama.send("/status")
    await ama.click("Picture")
    assert "State of the exercise" in (await ama.expect("[photo]", timeout=60)).text


# ---- without a phone ----------------------------------------------------------------------------------------------
class Room:
    """A store with people who act, and what they are told."""

    def __init__(self, store: Store, folder: Path) -> None:
        self.store = store
        self.services = Services(Dossiers(), Interviews(guide_forms), Vault(folder / "files"), link=lambda code: code)

    async def person(self, role: str, country: str = "", entity_id: int | None = None, language: str = "fr") -> Part:
        async with self.store.writing() as tx:
            return await tx.people.add(country, role, entity_id, language, NOW)  # type: ignore[arg-type]

    async def told(self, person: Part, *arguments: str, press: bool = False) -> list[Prompt]:
        """What `/status` or its button says."""
        async with self.store.writing() as tx:
            before = {due.id for due in await tx.outbox.due(NOW)}
            act = Act(self.services, tx, person, NOW, Incoming(1, Sender("telegram", "1", "1"), CommandIn("status")))
            await (status.turned if press else status.status)(act, arguments)
            return [load(due.prompt) for due in await tx.outbox.due(NOW) if due.id not in before]


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[Room]:
    store = await Store.open(f"sqlite:///{tmp_path}/griot.db")
    await store.migrate()
    yield Room(store, tmp_path)
    await store.close()


def words(prompts: list[Prompt]) -> str:
    return "\n".join(line.text for prompt in prompts for line in prompt.lines)


async def test_every_page_of_57_countries_is_one_message_and_every_country_is_there_once(room: Room) -> None:
    codes = await fill(room.store, form_id="guide", now=NOW, entities=3, entries=40)
    ama = await room.person("secretariat", language="en")
    seen: list[str] = []
    for page in range(1, 11):
        (prompt,) = await room.told(ama, "-", str(page), press=True)
        (piece,) = pieces(prompt)
        assert units(piece.html) < 3500
        assert f"Page {page} of 10" in words([prompt])
        actions = [button.action.split(":")[2:] for row in prompt.buttons for button in row]
        seen += [action[1] for action in actions if len(action) == 2 and action[0] == "status"]
    assert sorted(seen) == sorted(codes)
    assert len(codes) == 57


async def test_a_page_that_is_no_more_is_the_last_one(room: Room) -> None:
    await fill(room.store, form_id="guide", now=NOW, places=8, entities=1, entries=20)
    ama = await room.person("secretariat")
    assert "Page 2 sur 2" in words(await room.told(ama, "-", "99", press=True))
    assert "Page 1 sur 2" in words(await room.told(ama, "-", "0", press=True))
    assert "Page" not in words(await room.told(ama, "BFA", "7", press=True))


async def test_hostile_names_stay_text_and_fit(room: Room) -> None:
    names = ["<b>Ministère</b> & «x»", "\u202eوزارة الداخلية", "N" * 10_000, "é\u0301\U0001f600" * 400, "a\nb\tc"]
    dossiers = room.services.dossiers
    async with room.store.writing() as tx:
        await dossiers.record(tx, "BFA", COMMAND_LINE, [InterestExpressed("yes")], NOW)
        for name in names:
            entity = await tx.entities.find_or_add("BFA", name, NOW)
            person = await tx.people.add("BFA", "official", entity.id, "fr", NOW, name)
            await tx.interviews.start(
                person.id,
                entity.id,
                "BFA",
                room.services.interviews.form.id,
                "1",
                "fr",
                "{}",
                NOW,
                '{"welcome": [1, 2]}',
            )
    awa = await room.person("coordinator", "BFA", language="fr")
    (prompt,) = await room.told(awa)
    (piece,) = pieces(prompt)
    assert "&lt;b&gt;Ministère&lt;/b&gt; &amp; «x»" in piece.html
    assert "\u202e" not in piece.html
    assert units(piece.html) < 4096


@pytest.mark.parametrize("role", ["coordinator", "focal_point", "expert"])
async def test_nobody_reads_another_country(room: Room, role: str) -> None:
    await fill(room.store, form_id="guide", now=NOW, places=4, entities=1, entries=20)
    person = await room.person(role, "TGO")
    for prompts in (
        await room.told(person, "BFA"),
        await room.told(person, "BFA", press=True),
        await room.told(person, "-", "1", press=True),
    ):
        assert "autre pays" in words(prompts) or "n’est pas ouverte" in words(prompts)
        assert not any(prompt.buttons for prompt in prompts)


async def test_an_expert_for_all_countries_picks_one(room: Room) -> None:
    await fill(room.store, form_id="guide", now=NOW, places=4, entities=1, entries=20)
    kofi = await room.person("expert", language="en")
    (prompt,) = await room.told(kofi)
    assert words([prompt]) == text("status.pick", "en")
    assert len([button for row in prompt.buttons for button in row]) == 4
    assert "Moussa" not in words(await room.told(kofi, "BEN"))


async def test_a_superior_hears_whether_anything_waits_for_them(room: Room) -> None:
    dossiers, form = room.services.dossiers, room.services.interviews.form.id
    async with room.store.writing() as tx:
        entity = await tx.entities.find_or_add("BFA", "Police", NOW)
        official = await tx.people.add("BFA", "official", entity.id, "fr", NOW)
        started = await tx.interviews.start(official.id, entity.id, "BFA", form, "1", "fr", "{}", NOW, "{}")
    superior = await room.person("superior", "BFA", entity.id)
    assert words(await room.told(superior)) == text("status.superior_none", "fr")
    async with room.store.writing() as tx:
        asked = (SuperiorAsked(started.id, 9), SuperiorCame(started.id, 9, superior.id))
        await dossiers.record(tx, "BFA", COMMAND_LINE, [HandedIn(started.id, "0" * 64, True), *asked], NOW)
    assert words(await room.told(superior)).startswith("Ce que vous validez – Police")


async def test_one_who_joined_late_hears_that_their_answers_are_accepted(room: Room) -> None:
    dossiers, form = room.services.dossiers, room.services.interviews.form.id
    official = await room.person("official", "BFA")
    assert words(await room.told(official)) == text("status.own_none", "fr")
    async with room.store.writing() as tx:
        started = await tx.interviews.start(official.id, None, "BFA", form, "1", "fr", "{}", NOW, '{"welcome": [2, 2]}')
        happened = (HandedIn(started.id, "0" * 64, False), Submitted(started.id), Accepted(started.id, "0" * 64))
        await dossiers.record(tx, "BFA", COMMAND_LINE, [PersonJoined(official.id, "official"), *happened], NOW)
    said = words(await room.told(official))
    assert said.startswith("Vos réponses – Burkina Faso\nElles sont acceptées")
    assert re.search(r"Accueil et accord\u00a0: 2 sur 2", said)


@pytest.mark.parametrize("name", ["status", "status_picture", "dates_set", "dates_drop", "milestone_drop"])
@pytest.mark.parametrize(
    "arguments", [(), ("",), ("ZZZ",), ("BFA\x00", "x"), ("-", "x" * 40), ("BFA", "-1", "9"), ("own",)]
)
async def test_a_button_that_nobody_made_changes_nothing(room: Room, name: str, arguments: tuple[str, ...]) -> None:
    ama = await room.person("secretariat", language="en")
    async with room.store.writing() as tx:
        await room.services.dossiers.take(tx, "BFA", COMMAND_LINE, OpenCountry(), NOW)
        act = Act(room.services, tx, ama, NOW, Incoming(1, Sender("telegram", "1", "1"), CommandIn("status")))
        await tx.people.meet("telegram", "1", "1", "en", NOW)
        await registry().presses[name](act, arguments)
        assert len(await tx.ledger.of_chain("BFA")) == 1
        assert await tx.ledger.of_chain("") == []
        said = [load(due.prompt) for due in await tx.outbox.due(NOW)]
    assert said
