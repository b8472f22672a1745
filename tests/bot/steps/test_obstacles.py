"""What stands in the way of a publication, through the Telegram channel and at the command line: named, then mended."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from functools import cache

import pytest
from typer.testing import CliRunner

from bot.settings import Settings
from flows.interview.form import Form
from flows.interview.inputs import Confide, Say
from flows.interview.xlsform import load_form
from tests.bot.conftest import House
from tests.bot.steps.guiding import (
    coordinator,
    endorsed,
    made,
    proposed,
    sent_back,
    taking_part,
    with_sentences,
    without_sentences,
    word_of,
)
from tests.bot.test_guides import AGREE, SEND, official, release
from tests.telegram.standin import StandIn

pytestmark = pytest.mark.slow

FORM = """
| survey   |                   |              |                      |                      |                  |                  |
|          | type              | name         | label::Français (fr) | label::English (en)  | bind::griot:role | bind::griot:kind |
|          | select_one yes_no | p2_consent   | Acceptez-vous ?      | Do you agree?        | consent          |                  |
|          | text              | p3_name      | Votre nom ?          | Your name?           |                  | person_name      |
|          | text              | c5_mechanism | Quel mécanisme ?     | Which mechanism?     |                  |                  |
|          | select_one submit | f4_submit    | Envoyer ?            | Send?                | submit           |                  |
| choices  |                   |              |                      |                      |                  |                  |
|          | list_name         | name         | label::Français (fr) | label::English (en)  |                  |                  |
|          | yes_no            | yes          | Oui                  | Yes                  |                  |                  |
|          | yes_no            | no           | Non                  | No                   |                  |                  |
|          | submit            | send         | Envoyer              | Send                 |                  |                  |
| settings |                   |              |                      |                      |                  |                  |
|          | form_id           | version      | default_language     | namespaces           |                  |                  |
|          | guide             | 1            | Français (fr)        | griot="https://g.example" |                  |                  |
"""  # noqa: E501
NAME, SECRET = "Aïssata Zongo-Exemple", "Des patrouilles mixtes chaque mardi (exemple)."


@cache
def form() -> Form:
    return load_form(FORM.encode(), "md")


@pytest.fixture
async def house(telegram: StandIn, settings: Settings) -> AsyncIterator[House]:
    """A country where an official gave a name that may not be printed, and an answer in confidence; it is accepted."""
    async with taking_part(telegram, settings, form) as found:
        async with found.store() as store:
            said = [AGREE, Say(NAME), Say(SECRET), Confide(path="/data/c5_mechanism"), SEND]
            await official(store, "Police (exemple)", said, of=form())
            await release(store)
        yield found


async def test_a_name_and_a_confidence_that_an_edited_document_brings_in_are_kept_from_publication(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    secretariat = await house.staff("Ama", "secretariat", "en")
    expert = await house.staff("Efua", "expert", "fr")
    awa = await coordinator(house, asked="Votre nom")
    await made(house, secretariat)
    clean = await word_of(house, 2)
    await sent_back(expert, with_sentences(clean, f"Écrire à {NAME}.", SECRET), 3)
    await endorsed(awa, await proposed(house, secretariat, awa))
    await secretariat.send("/publish BFA")
    refused = await secretariat.expect("nothing was published", 60)
    for words in ("a person’s name", "confidential answer", "Police (exemple)", "(2)"):
        assert words in refused.text
    assert NAME not in refused.text and SECRET not in refused.text
    code, said = await _published(house, monkeypatch)
    assert code == 1
    assert "a person’s name" in said and "confidential answer" in said
    assert (await house.course()).publications.last is None

    await sent_back(expert, without_sentences(await word_of(house, 3), (f"Écrire à {NAME}.", SECRET)), 4)
    await secretariat.send("/publish BFA")
    await secretariat.expect("version 4 has taken its place")
    await endorsed(awa, await proposed(house, secretariat, awa))
    code, said = await _published(house, monkeypatch)
    assert code == 0, said
    published = (await house.course()).publications.last
    assert published is not None and published.version == 4


async def _published(house: House, monkeypatch: pytest.MonkeyPatch) -> tuple[int, str]:
    """What `griot publish BFA` says beside the bot."""
    from bot.__main__ import build

    monkeypatch.setenv("GRIOT_DATABASE_URL", house.settings.database_url)
    monkeypatch.setattr("bot.app.guide_forms", lambda: [form()])
    ended = await asyncio.to_thread(CliRunner().invoke, build(), ["publish", "BFA"])
    return ended.exit_code, ended.output
