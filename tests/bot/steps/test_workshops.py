"""A national workshop, through the Telegram channel: planned, agreed, announced, answered, and what it found."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import icalendar
import pytest

from bot.editions import compiled, gather_basis
from flows.country.ledger import Plain
from flows.country.steps.base import Fact, written
from flows.country.steps.interest import InterestExpressed
from flows.country.steps.meetings import MeetingAgreed, MeetingProposed
from flows.country.walking import statements
from tests.bot.conftest import House
from tests.telegram.people import Person, Shown

pytestmark = pytest.mark.slow  # most of a minute in all


def _tuesday() -> datetime:
    """A Tuesday some weeks ahead, at nine."""
    day = datetime.now(UTC).replace(hour=9, minute=0, second=0, microsecond=0) + timedelta(days=28)
    return day + timedelta(days=(1 - day.weekday()) % 7)


async def _record(house: House, *facts: Fact) -> None:
    rows: Sequence[tuple[str, dict[str, Plain], dict[str, str]]] = [written(fact) for fact in facts]
    async with house.store() as store, store.writing() as tx:
        await tx.ledger.append("BFA", rows, at=datetime.now(UTC), actor_id=None, role="secretariat")


async def _coordinator(house: House) -> Person:
    awa = await house.coordinator("Awa", "Ministère chargé des migrations")
    await _record(house, InterestExpressed("yes", authority="Ministère (exemple)"))
    return awa


async def _plan(person: Person, day: datetime, begins: str = "09:00", ends: str = "16:30") -> None:
    """Fill the form in English."""
    await person.expect("What is the first day")
    await person.send(f"{day:%d/%m/%Y}")
    await person.press("Skip", await person.expect("What is the last day?"))
    await person.expect("At what time does the workshop begin?")
    await person.send(begins)
    await person.expect("At what time does it end?")
    await person.send(ends)
    await person.expect("Where does the workshop take place?")
    await person.send("Salle 2, Ouagadougou (exemple)")
    await person.click("I confirm")


def _calendar(house: House, message: Shown) -> Any:
    """The calendar and the event in a file that was sent."""
    content = house.telegram.world.files[message.raw["document"]["file_id"]].content
    calendar = icalendar.Calendar.from_ical(content)
    (event,) = calendar.walk("VEVENT")
    return calendar, event


async def _agreed(house: House, ama: Person, awa: Person) -> Shown:
    await ama.send("/workshop BFA")
    await ama.click("Plan a workshop")
    await _plan(ama, _tuesday())
    await ama.expect("Your proposal is passed on (to the national coordination)")
    offer = await awa.expect("un atelier national est proposé")
    await awa.press("D’accord", offer)
    await awa.expect("L’atelier est convenu")
    return offer


def _is_file(message: Shown) -> bool:
    return message.document.endswith(".ics")


async def test_a_workshop_is_planned_by_one_side_and_agreed_by_the_other(house: House) -> None:
    awa, moussa = await _coordinator(house), await house.official("Moussa")
    ama = await house.staff("Ama", "secretariat", "en")
    offer = await _agreed(house, ama, awa)
    await ama.expect("the national workshop is agreed")
    calendar, event = _calendar(house, await moussa.expect(_is_file))
    assert str(calendar["METHOD"]) == "REQUEST"
    assert event.decoded("dtstart") == _tuesday()
    assert int(event["SEQUENCE"]) == 0
    assert "Ouagadougou" in str(event["LOCATION"])
    assert str(event["SUMMARY"]) == "Atelier national sur les données migratoires du Burkina Faso"
    await awa.press("D’accord", offer)
    await awa.expect("sont déjà convenus")
    assert len((await house.course()).meetings.planned) == 1


async def test_attendance_is_said_by_button_and_seen_by_the_organisers(house: House) -> None:
    awa, moussa, lina = await _coordinator(house), await house.official("Moussa"), await house.official("Lina")
    ama = await house.staff("Ama", "secretariat", "en")
    await _agreed(house, ama, awa)
    await moussa.click("Je participerai")
    await moussa.expect("votre présence est enregistrée")
    await moussa.press("Je participerai")
    await moussa.expect("déjà enregistrée")
    await lina.click("Un collègue viendra")
    await lina.expect("Qui viendra à votre place")
    await lina.send("M. Traoré (exemple)")
    await lina.click("Je confirme")
    await lina.expect("M. Traoré (exemple) est attendu")
    await awa.send("/workshop")
    shown = await awa.expect("Sans réponse")
    assert "Participera\u00a0: 1" in shown.text
    assert "M. Traoré (exemple)" in shown.text
    await moussa.send("/workshop")
    await moussa.expect("Elle relève de")


async def test_a_change_raises_the_sequence_and_a_cancellation_cancels_the_same_event(house: House) -> None:
    awa, moussa = await _coordinator(house), await house.official("Moussa")
    ama = await house.staff("Ama", "secretariat", "en")
    await _agreed(house, ama, awa)
    _, first = _calendar(house, await moussa.expect(_is_file))
    await ama.send("/workshop BFA")
    await ama.click("Change date or place")
    await _plan(ama, _tuesday() + timedelta(days=1), "10:00", "15:00")
    offer = await awa.expect("une autre date ou un autre lieu est proposé")
    await awa.press("D’accord", offer)
    changed = await moussa.expect("a changé")
    _, second = _calendar(house, changed)
    assert (str(second["UID"]), int(second["SEQUENCE"])) == (str(first["UID"]), 1)
    assert second.decoded("dtstart") == (_tuesday() + timedelta(days=1)).replace(hour=10)
    await ama.send("/workshop BFA")
    await ama.click("Call the workshop off")
    await ama.expect("Why does the workshop not take place?")
    await ama.send("Reported (sample).")
    await ama.click("Call the workshop off")
    calendar, third = _calendar(house, await moussa.expect("Reported (sample)."))
    assert str(calendar["METHOD"]) == "CANCEL"
    assert (str(third["UID"]), int(third["SEQUENCE"])) == (str(first["UID"]), 2)
    await moussa.press("Je participerai", changed)
    await moussa.expect("Cet atelier a été annulé")


async def test_a_weekend_is_asked_about_and_a_past_time_is_refused(house: House) -> None:
    awa = await _coordinator(house)
    await awa.send("/workshop")
    await awa.click("Prévoir un atelier")
    await awa.expect("premier jour de l’atelier")
    await awa.send("01/02/2020")
    await awa.expect("Cette date est passée")
    saturday = _tuesday() + timedelta(days=4)
    await awa.send(f"{saturday:%d/%m/%Y}")
    await awa.press("Non, un autre jour", await awa.expect("tombe pendant le week-end du pays"))
    await awa.expect("écrivez /back")
    await awa.send("/back")
    await awa.expect("premier jour de l’atelier")


async def test_a_counter_proposal_comes_back_to_the_first_side(house: House) -> None:
    awa = await _coordinator(house)
    ama = await house.staff("Ama", "secretariat", "en")
    await ama.send("/workshop BFA")
    await ama.click("Plan a workshop")
    await _plan(ama, _tuesday())
    offer = await awa.expect("un atelier national est proposé")
    await awa.press("Proposer autre chose", offer)
    await awa.expect("premier jour de l’atelier")
    await awa.send(f"{_tuesday() + timedelta(days=7):%d/%m/%Y}")
    await awa.click("Passer")
    await awa.expect("À quelle heure l’atelier commence")
    await awa.send("9h")
    await awa.send("16h30")
    await awa.expect("Où l’atelier")
    await awa.send("Salle des conférences (exemple)")
    await awa.click("Je confirme")
    await awa.expect("Votre proposition est transmise (au Secrétariat)")
    await awa.press("D’accord", offer)
    await awa.expect("ont été proposés depuis")
    await ama.click("Agree")
    await ama.expect("The workshop is agreed")


async def _held(house: House) -> None:
    begins = datetime.now(UTC).replace(microsecond=0) - timedelta(days=3)
    course = await house.course()
    number = course.number + 1
    ends = begins + timedelta(hours=6)
    proposed = MeetingProposed(None, begins, ends, "Africa/Ouagadougou", "secretariat", "Salle 2 (exemple)")
    await _record(house, proposed)
    await _record(house, MeetingAgreed(number))


async def test_outcomes_are_recorded_corrected_and_enter_the_guide(house: House) -> None:
    awa = await _coordinator(house)
    await _held(house)
    await awa.send("/outcomes")
    await awa.click("Ajouter une recommandation")
    await awa.expect("Recommandation\u00a0: que retient l’atelier")
    await awa.send("Échanger les données chaque trimestre (exemple).")
    await awa.click("Coopération")
    await awa.click("1 - Haute")
    await awa.click("Passer")
    await awa.click("Je confirme")
    await awa.press("Ajouter une recommandation", await awa.expect("C’est noté (Recommandation)"))
    await awa.expect("que retient l’atelier")
    await awa.send("Échanger les données chaque trimestre (exemple).")
    await awa.click("Coopération")
    await awa.click("1 - Haute")
    await awa.click("Passer")
    await awa.click("Je confirme")
    await awa.expect("déjà dans la liste")
    await awa.send("/cancel")
    await awa.send("/outcomes")
    await awa.click("Participants")
    await awa.click("Ministère chargé des migrations")
    await awa.expect("Combien de femmes")
    await awa.send("3")
    await awa.expect("Combien d’hommes")
    await awa.send("2")
    await awa.click("Je confirme")
    await awa.expect("Au total\u00a0: 3 femmes, 2 hommes")
    async with house.store() as store:
        basis = await gather_basis(house.app.turns._services, store, "BFA", datetime.now(UTC), accepted=True)
    guide = compiled(basis, "fr", datetime.now(UTC), 1, final=True)
    said = [statement.text for statement in statements(guide)]
    assert any("Échanger les données chaque trimestre (exemple)." in text for text in said)
    await awa.send("/outcomes")
    await awa.click("Voir et corriger les listes")
    await awa.click("Supprimer le 1")
    await awa.click("Oui, le supprimer")
    await awa.expect("Le point est supprimé")
    assert (await house.course()).workshops.outcomes == {}


async def test_nothing_is_recorded_of_a_workshop_to_come(house: House) -> None:
    awa = await _coordinator(house)
    await awa.send("/outcomes")
    await awa.expect("Aucun atelier n’a encore eu lieu")
    ama = await house.staff("Ama", "secretariat", "en")
    await _agreed(house, ama, awa)
    await awa.send("/outcomes")
    await awa.expect("rien ne peut encore en être enregistré")
    moussa = await house.official("Moussa")
    await moussa.send("/outcomes")
    await moussa.expect("Elle relève de")


async def test_minutes_are_kept_once(house: House) -> None:
    awa = await _coordinator(house)
    ama = await house.staff("Ama", "secretariat", "en")
    await _held(house)
    await awa.send("/outcomes")
    await awa.click("Envoyer le procès-verbal")
    await awa.expect("Veuillez envoyer le procès-verbal")
    await awa.send_document("pv.pdf", b"%PDF-1.4 sample", "application/pdf")
    await awa.click("Je confirme")
    await awa.expect("Le procès-verbal est au dossier")
    await ama.expect("the minutes of the workshop")
    (files,) = (await house.course()).workshops.minutes.values()
    assert [re.sub(r"\d+", "N", file.name) for file in files] == ["minutes-document-BFA-N.pdf"]
