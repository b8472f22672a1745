"""Dates and milestones, through the Telegram channel."""

from __future__ import annotations

from datetime import UTC, date, datetime

from flows.country.steps.exercise import Milestone, Planned
from flows.i18n import text
from tests.bot.conftest import House
from tests.telegram.people import Person, Shown

YEAR = datetime.now(UTC).year + 1


async def _plan(ama: Person, begins: str, ends: str, phase: str = "Questionnaires") -> Shown:
    shown = await ama.click("Set dates")
    await ama.click(phase)
    await ama.expect("When does this phase begin?")
    await ama.send(begins)
    await ama.expect("When does this phase end?")
    await ama.send(ends)
    return shown


async def test_the_secretariat_plans_a_phase_and_the_coordination_hears_of_it(house: House) -> None:
    ama = await house.staff("Ama", "secretariat", "en")
    awa = await house.staff("Awa", "focal_point", "fr")
    await ama.send("/dates burkina faso")
    shown = await _plan(ama, f"10/01/{YEAR}", f"31/03/{YEAR}")
    assert "No date has been set yet." in shown.text
    await ama.click("I confirm")
    await ama.expect(f"Questionnaires: 10 Jan\u2009–\u200931 Mar {YEAR}.")
    await awa.expect(
        "Le Secrétariat a fixé le calendrier du Burkina Faso. "
        f"Questionnaires\u00a0: 10 janv.\u2009–\u200931 mars {YEAR}."
    )
    assert (await house.course()).exercise.planned == {"QUEST": Planned(date(YEAR, 1, 10), date(YEAR, 3, 31))}
    await awa.send("/dates")
    shown = await awa.expect("(propre au pays)")
    assert shown.buttons == ()


async def test_an_end_before_the_beginning_is_asked_again(house: House) -> None:
    ama = await house.staff("Ama", "secretariat", "en")
    await ama.send("/dates BFA")
    await _plan(ama, f"10/03/{YEAR}", f"31/01/{YEAR}")
    await ama.expect("The end cannot come before the beginning.")
    await ama.send(f"31/05/{YEAR}")
    await ama.click("I confirm")
    await ama.expect("Recorded.")


async def test_what_contradicts_the_timetable_is_refused_and_can_be_corrected(house: House) -> None:
    ama = await house.staff("Ama", "secretariat", "en")
    await ama.send("/dates")
    shown = await _plan(ama, f"01/03/{YEAR}", f"31/05/{YEAR}")
    assert shown.text.startswith("Timetable of the exercise, for all countries")
    await ama.click("I confirm")
    await ama.expect("Recorded.")
    await ama.send("/dates BFA")
    shown = await _plan(ama, f"01/01/{YEAR}", f"31/01/{YEAR}", "National workshop")
    assert "What is not the country’s own follows" in shown.text
    await ama.click("I confirm")
    await ama.expect(f"one that precedes it begins (Questionnaires, from 1 March {YEAR})")
    await ama.expect("Do you confirm these dates?")
    assert (await house.course()).exercise.planned == {}


async def test_dates_are_taken_back_once(house: House) -> None:
    ama = await house.staff("Ama", "secretariat", "en")
    await ama.send("/dates BFA")
    await _plan(ama, f"01/03/{YEAR}", f"31/05/{YEAR}")
    await ama.click("I confirm")
    await ama.expect("Recorded.")
    await ama.send("/dates BFA")
    shown = await ama.click("Take back: Questionnaires")
    await ama.expect("are taken back")
    await ama.press("Take back: Questionnaires", shown)
    await ama.expect("No dates are set here for this phase")
    assert (await house.course()).exercise.planned == {}


async def test_the_som_is_a_milestone_of_all_countries(house: House) -> None:
    ama = await house.staff("Ama", "secretariat", "en")
    awa = await house.coordinator()
    await ama.send("/milestone")
    assert "No milestone has been set yet." in (await ama.click("Set a milestone")).text
    await ama.click("Senior Officials’ Meeting (SOM)")
    await ama.send(f"15/06/{YEAR}")
    await ama.click("I confirm")
    await ama.expect(f"15 June {YEAR}")
    assert (await house.course("")).exercise.milestones == {"SOM": Milestone("SOM", date(YEAR, 6, 15))}
    await awa.send("/dates")
    await awa.expect(f"Réunion des hauts fonctionnaires (SOM)\u00a0: 15 juin {YEAR}")
    await ama.send("/milestone")
    await ama.click("Remove: Senior Officials’ Meeting (SOM)")
    await ama.expect("This milestone is removed")
    assert (await house.course("")).exercise.milestones == {}


async def test_a_milestone_keeps_any_name(house: House) -> None:
    name = "<b>Comité</b> & «pilotage» \u202eabc"
    ama = await house.staff("Ama", "secretariat", "en")
    await ama.send("/milestone")
    await ama.click("Set a milestone")
    await ama.click("Another milestone")
    await ama.expect("What is this milestone called?")
    await ama.send(name)
    await ama.send(f"15/06/{YEAR}")
    await ama.click("I confirm")
    await ama.expect("<b>Comité</b> & «pilotage»")
    (one,) = (await house.course("")).exercise.milestones.values()
    assert one.name == name.replace("\u202e", "")


async def test_others_see_dates_and_set_none(house: House) -> None:
    awa = await house.coordinator()
    await awa.send("/dates GHA")
    await awa.expect(text("access.country", "fr"))
    await awa.send("/dates Wakanda")
    await awa.expect("Aucun pays partenaire n’a ce code")
    await awa.send("/milestone")
    await awa.expect("Elle relève de")
    moussa = await house.official("Moussa")
    await moussa.send("/dates")
    await moussa.expect("Elle relève de")
