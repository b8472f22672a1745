"""A published guide contributes to the objectives, in conversation and in the report: only what it may say."""

from __future__ import annotations

from collections.abc import AsyncIterator
from functools import cache

import pytest

from bot import aligning
from bot.dossiers import Dossiers
from bot.settings import Settings
from flows.country.access import COMMAND_LINE
from flows.country.steps.interest import CountryOpened
from flows.i18n import text
from flows.interview.form import Form
from flows.interview.xlsform import load_form
from tests.bot.conftest import House
from tests.bot.steps.guiding import accepted, endorsed, made, proposed, taking_part
from tests.telegram.people import Person
from tests.telegram.standin import StandIn

FORM = """
| survey   |                           |                |                      |                     |          |                     |                  |
|          | type                      | name           | label::Français (fr) | label::English (en) | required | relevant            | bind::griot:role |
|          | select_one languages      | lang           | Langue ?             | Language?           | yes      |                     | language         |
|          | select_one yes_no         | p2_consent     | Acceptez-vous ?      | Do you agree?       | yes      |                     | consent          |
|          | begin_group               | body           | Fond                 | Body                |          | ${p2_consent}='yes' |                  |
|          | begin_repeat              | recommendation | Recommandation       | Recommendation      |          |                     |                  |
|          | text                      | r2_text        | Quelle action ?      | Which action?       | yes      |                     |                  |
|          | select_multiple objective | r4_objectives  | Quels objectifs ?    | Which objectives?   |          |                     |                  |
|          | end_repeat                |                |                      |                     |          |                     |                  |
|          | begin_repeat              | practice       | Pratique             | Practice            |          |                     |                  |
|          | text                      | m7_title       | Titre ?              | Title?              | yes      |                     |                  |
|          | select_one yes_no         | m7_share       | Partager ?           | Share?              | yes      |                     | sharing          |
|          | end_repeat                |                |                      |                     |          |                     |                  |
|          | end_group                 |                |                      |                     |          |                     |                  |
| choices  |                           |                |                      |                     |          |                     |                  |
|          | list_name                 | name           | label::Français (fr) | label::English (en) |          |                     |                  |
|          | languages                 | fr             | Français             | Français            |          |                     |                  |
|          | languages                 | en             | English              | English             |          |                     |                  |
|          | yes_no                    | yes            | Oui                  | Yes                 |          |                     |                  |
|          | yes_no                    | no             | Non                  | No                  |          |                     |                  |
|          | objective                 | gcm_11         | Frontières           | Borders             |          |                     |                  |
|          | objective                 | gcm_21         | Retour               | Return              |          |                     |                  |
| settings |                           |                |                      |                     |          |                     |                  |
|          | form_id                   | version        | default_language     | namespaces          |          |                     |                  |
|          | aligned                   | 1              | Français (fr)        | griot="https://g.example" |    |                     |                  |
"""  # noqa: E501
ADVICE = "Équiper les postes secondaires."
SHARED, KEPT = "Un registre commun du retour volontaire", "Une note gardée sur le retour"


@cache
def form() -> Form:
    return load_form(FORM.encode(), "md")


@pytest.fixture
async def house(telegram: StandIn, settings: Settings) -> AsyncIterator[House]:
    async with taking_part(telegram, settings, form) as found:
        yield found


async def _answered(house: House) -> None:
    """An official recommends something, shares a practice and keeps another; the coordinator accepts it."""
    moussa = await house.telegram.person("Moussa", language="fr")
    await moussa.send(f"/start {await house.invitation('Institut national')}")
    await moussa.click("Français")
    await moussa.click("Oui")
    await moussa.expect("Quelle action")
    await moussa.send(ADVICE)
    asked = await moussa.expect("Quels objectifs")
    await moussa.press("Frontières", asked)
    await moussa.press("Terminé", asked)
    await moussa.click("Non")  # no other recommendation
    for title, share in ((SHARED, "Oui"), (KEPT, "Non")):
        if title == KEPT:
            await moussa.click("Oui")  # another practice
        await moussa.expect("Titre ?")
        await moussa.send(title)
        await moussa.expect("Partager ?")
        await moussa.press(share)
    await moussa.expect("Pratique")
    await accepted(house)


async def _published(house: House, *channels: str) -> Person:
    """The guide of Burkina Faso is endorsed and published."""
    await _answered(house)
    secretariat = await house.staff("Ama", "secretariat", "en")
    coordinator = await house.telegram.person("Coordo", language="fr")
    await coordinator.send(f"/start {await house.invitation('Conseil (exemple)', 'coordinator')}")
    await coordinator.click("Français")
    await coordinator.click("Oui")
    await made(house, secretariat)
    await endorsed(coordinator, await proposed(house, secretariat, coordinator), *channels)
    await secretariat.send("/publish BFA")
    await secretariat.expect(".zip", 60)
    return secretariat


@pytest.mark.slow
async def test_what_a_published_guide_prints_is_seen_by_other_countries_and_stands_in_the_report(house: House) -> None:
    secretariat = await _published(house)
    async with house.store() as store:
        (guide,) = await aligning.contributions(house.app.services, store, house.now())
    told = {one.text: (one.objectives, one.chosen) for one in guide.contributed}
    assert told == {ADVICE: ((11,), True), SHARED: ((21,), False)}
    await secretariat.send("/objectives 11")
    await secretariat.click(text("objectives.button_countries", "en"))
    shown = await secretariat.expect("relates to it", 30)
    assert f"Burkina Faso, Institut national – Recommendation\n{ADVICE}" in shown.text
    await secretariat.send("/objectives 21")
    await secretariat.click(text("objectives.button_countries", "en"))
    shown = await secretariat.expect("relates to it", 30)
    assert SHARED in shown.text
    assert KEPT not in shown.text
    async with house.store() as store, store.writing() as tx:
        await Dossiers().record(tx, "GHA", COMMAND_LINE, (CountryOpened(),), house.now())
    async with house.store() as store:
        first = await aligning.rendered(house.app.services, store, "fr", ["html"], house.now())
        again = await aligning.rendered(house.app.services, store, "fr", ["html"], house.now())
    assert first == again
    page = first["objectives-fr.html"].decode()
    assert ADVICE in page and SHARED in page
    assert KEPT not in page


async def test_what_is_not_published_is_seen_by_nobody_else(house: House) -> None:
    await _answered(house)
    kofi = await house.staff("Kofi", "focal_point", "en")
    await kofi.send("/objectives 11")
    await kofi.click(text("objectives.button_countries", "en"))
    await kofi.expect("No published guide relates to it yet.", 30)
