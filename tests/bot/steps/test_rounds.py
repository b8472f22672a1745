"""The yearly round, through the Telegram channel: one tap for what is still right, a new answer for what is not."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest

from bot.dossiers import Dossiers
from bot.settings import Settings
from flows.country.access import COMMAND_LINE, Actor
from flows.country.steps.base import FileRef
from flows.country.steps.interest import CountryOpened, InterestExpressed
from flows.country.steps.publication import Published
from flows.i18n import text
from tests.bot.conftest import House, at_work
from tests.bot.steps.contributing import MECHANISM, answered, form, one
from tests.telegram.people import Person
from tests.telegram.standin import StandIn

STILL_RIGHT = text("interview.button_still_right", "fr")
OUT = Published(1, FileRef("guide.zip", "f" * 64, 9), ("national",), 1, "f" * 64)


@pytest.fixture
async def house(telegram: StandIn, settings: Settings) -> AsyncIterator[House]:
    """A country that takes part."""
    async with at_work(telegram, settings, forms=lambda: [form()]) as found:
        await found.takes_part()
        yield found


async def _happened(house: House, role: str, fact: CountryOpened | InterestExpressed | Published) -> None:
    actor = Actor("focal_point", None, "BFA") if role == "focal_point" else COMMAND_LINE
    async with house.store() as store, store.writing() as tx:
        await Dossiers().record(tx, "BFA", actor, (fact,), datetime.now(UTC))


async def _accepted(house: House) -> tuple[Person, Person]:
    """The coordinator, and an official whose contribution is accepted."""
    coordinator = await answered(house, "Awa", "Conseil", role="coordinator", border="")
    official = await answered(house, "Moussa", border="")
    await official.press("Envoyer")
    arrived = await coordinator.expect("une contribution vous est transmise")
    await coordinator.press(text("contributions.open", "fr"), arrived)
    await coordinator.click(text("contributions.accept", "fr"))
    await coordinator.expect("la contribution est acceptée")
    return coordinator, official


async def test_there_is_no_round_before_a_guide_is_published(house: House) -> None:
    secretariat = await house.staff("Ama", "secretariat", "en")
    await secretariat.send("/round BFA")
    await secretariat.click(text("rounds.button_open", "en"))
    await secretariat.expect(text("rounds.not_published", "en"))
    assert (await house.course()).rounds.made == []


async def test_what_is_still_right_is_confirmed_and_what_changed_is_reported_and_handed_in_again(house: House) -> None:
    coordinator, official = await _accepted(house)
    await _happened(house, "secretariat", OUT)
    secretariat = await house.staff("Ama", "secretariat", "en")
    await secretariat.send("/round BFA")
    offer = await secretariat.expect(text("rounds.offer", "en", country="Burkina Faso"))
    await secretariat.press(text("rounds.button_open", "en"), offer)
    await secretariat.expect("the yearly round is open")
    await secretariat.press(text("rounds.button_open", "en"), offer)
    await secretariat.expect(text("rounds.under_way", "en", number=1))
    await official.click(text("rounds.button_begin", "fr"), 30)
    first = await official.expect("Quel mécanisme")
    assert MECHANISM in first.text
    await official.send("Deux comités, depuis cette année (exemple).")
    for _ in range(12):
        shown = await official.expect(lambda message: STILL_RIGHT in message.labels or "modifiées" in message.text)
        if "modifiées" in shown.text:
            break
        await official.press(STILL_RIGHT, shown)
    told = await coordinator.expect("a passé ses réponses en revue", 30)
    found = (await house.course()).rounds.made[0]
    ((confirmed, changed),) = found.done.values()
    assert (confirmed > 0, changed) == (True, 1)
    assert found.closed_at is not None, "all are through"
    assert (await one(house, 2)).state == "draft", "to be handed in again"
    await coordinator.press(text("rounds.button_report", "fr"), told)
    report = await coordinator.expect(MECHANISM, 30)
    assert "Deux comités, depuis cette année (exemple)." in report.text


async def test_a_round_that_ended_before_everybody_was_through_says_so_once(house: House) -> None:
    _, official = await _accepted(house)
    await _happened(house, "secretariat", OUT)
    secretariat = await house.staff("Ama", "secretariat", "en")
    await secretariat.send("/round BFA")
    await secretariat.click(text("rounds.button_open", "en"))
    await official.expect("sont à confirmer", 30)
    await secretariat.send("/round BFA")
    stands = await secretariat.expect("0 contribution of 1 is through")
    await secretariat.press(text("rounds.button_close", "en"), stands)
    await secretariat.expect(text("rounds.closed", "en"))
    await secretariat.press(text("rounds.button_close", "en"), stands)
    await secretariat.expect(text("rounds.none_open", "en"))
    assert (await house.course()).rounds.open is None
