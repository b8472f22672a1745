"""/practices, through the Telegram channel: what an entity of another country agreed to share, and nothing else."""

from __future__ import annotations

from collections.abc import AsyncIterator
from functools import cache

import pytest

from bot.settings import Settings
from flows.i18n import text
from flows.interview.form import Form
from flows.interview.xlsform import load_form
from tests.bot.conftest import House, at_work
from tests.bot.steps.guiding import accepted
from tests.telegram.people import Person
from tests.telegram.standin import StandIn

FORM = """
| survey   |                      |            |                      |                       |          |                     |                  |
|          | type                 | name       | label::Français (fr) | label::English (en)   | required | relevant            | bind::griot:role |
|          | select_one languages | lang       | Langue ?             | Language?             | yes      |                     | language         |
|          | select_one yes_no    | p2_consent | Acceptez-vous ?      | Do you agree?         | yes      |                     | consent          |
|          | begin_repeat         | practice   | Pratique             | Practice              |          | ${p2_consent}='yes' |                  |
|          | text                 | m7_title   | Titre ?              | Title?                | yes      |                     |                  |
|          | select_one yes_no    | m7_share   | Partager ?           | Share?                | yes      |                     | sharing          |
|          | end_repeat           |            |                      |                       |          |                     |                  |
| choices  |                      |            |                      |                       |          |                     |                  |
|          | list_name            | name       | label::Français (fr) | label::English (en)   |          |                     |                  |
|          | languages            | fr         | Français             | Français              |          |                     |                  |
|          | languages            | en         | English              | English               |          |                     |                  |
|          | yes_no               | yes        | Oui                  | Yes                   |          |                     |                  |
|          | yes_no               | no         | Non                  | No                    |          |                     |                  |
| settings |                      |            |                      |                       |          |                     |                  |
|          | form_id              | version    | default_language     | namespaces            |          |                     |                  |
|          | practices            | 1          | Français (fr)        | griot="https://g.example" |      |                     |                  |
"""  # noqa: E501


@cache
def form() -> Form:
    return load_form(FORM.encode(), "md")


@pytest.fixture
async def house(telegram: StandIn, settings: Settings) -> AsyncIterator[House]:
    async with at_work(telegram, settings, forms=lambda: [form()]) as found:
        yield found


async def _told(house: House) -> Person:
    """An official with a practice to share and one to keep."""
    moussa = await house.telegram.person("Moussa", language="fr")
    await moussa.send(f"/start {await house.invitation('Institut national')}")
    await moussa.click("Français")
    await moussa.expect("Acceptez-vous")
    await moussa.press("Oui")
    for title, share in (("Un bulletin commun", "Oui"), ("Une pratique gardée", "Non")):
        await moussa.expect("Titre ?" if title == "Un bulletin commun" else "")
        if title != "Un bulletin commun":
            await moussa.press("Oui")  # another row
            await moussa.expect("Titre ?")
        await moussa.send(title)
        await moussa.expect("Partager ?")
        await moussa.press(share)
    return moussa


async def test_only_what_was_agreed_to_and_accepted_is_told_and_only_to_who_may(house: House) -> None:
    ama = await house.staff("Ama", "secretariat", "en")
    moussa = await _told(house)
    await ama.send("/practices")
    await ama.expect(text("rights.practices_none", "en"))
    await accepted(house)
    await ama.send("/practices")
    shown = await ama.expect("Good practices shared by other countries")
    assert "Un bulletin commun (Burkina Faso · Institut national)" in shown.text
    assert "gardée" not in shown.text and "as it is" in shown.text
    national = await house.staff("Ada", "expert", "en")
    await national.send("/practices")
    await national.expect(text("rights.practices_none", "en"))  # it is their own country's
    await moussa.send("/practices")
    await moussa.expect("Elle relève de")
