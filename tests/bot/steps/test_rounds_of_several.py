"""A yearly round of several entities, and the one of the year after, through the Telegram channel."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from bot.dossiers import Dossiers
from bot.settings import Settings
from flows.country.access import COMMAND_LINE
from flows.country.dates import written
from flows.country.steps.base import FileRef
from flows.country.steps.publication import Published
from flows.i18n import text
from tests.bot.conftest import House
from tests.bot.steps.contributing import MECHANISM, answered, form
from tests.bot.steps.guiding import taking_part
from tests.telegram.people import Person, Shown
from tests.telegram.standin import StandIn

pytestmark = pytest.mark.slow

NOW_SENT = {"fr": "Envoyer", "en": "Send now"}
NEW = "Two committees since this year (sample)."
OUT = Published(1, FileRef("guide.zip", "f" * 64, 9), ("national",), 1, "f" * 64)


@pytest.fixture
async def house(telegram: StandIn, settings: Settings) -> AsyncIterator[House]:
    async with taking_part(telegram, settings, form) as found:
        yield found


async def _accepted(coordinator: Person) -> None:
    arrived = await coordinator.expect("contribution vous est transmise", 30)
    await coordinator.press(text("contributions.open", "fr"), arrived)
    await coordinator.click(text("contributions.accept", "fr"))
    await coordinator.expect("la contribution est acceptée")


async def _confirmed(person: Person, language: str, *, first: str = "", on: Shown | None = None) -> None:
    """Through a round: everything is still right, but for what is answered `first`. `on`: an old button."""
    still_right, thanks = text("interview.button_still_right", language), text("rounds.thanks", language, 2)[:6]
    begin = text("rounds.button_begin", language)
    asked = await person.expect(lambda message: begin in message.labels, 30)
    await person.press(begin, on or asked)
    if first:
        await person.expect(lambda message: still_right in message.labels)
        await person.send(first)
    for _ in range(12):
        shown = await person.expect(lambda message: still_right in message.labels or message.text.startswith(thanks))
        if shown.text.startswith(thanks):
            return
        await person.press(still_right, shown)


async def test_one_confirms_one_changes_one_is_silent_and_a_year_later_all_are_asked_again(house: House) -> None:
    awa = await answered(house, "Awa", "Conseil", role="coordinator", border="")
    moussa = await answered(house, "Moussa", "Douanes (exemple)", border="")
    kofi = await answered(house, "Kofi", "Police (exemple)", border="", language="en")
    mariam = await answered(house, "Mariam", "Institut (exemple)", border="")
    for person, language in ((moussa, "fr"), (kofi, "en"), (mariam, "fr")):
        await person.press(NOW_SENT[language])
        await _accepted(awa)
    async with house.store() as store, store.writing() as tx:
        await Dossiers().record(tx, "BFA", COMMAND_LINE, (OUT,), house.now())
    secretariat = await house.staff("Ama", "secretariat", "en")
    await secretariat.send("/round BFA")
    await secretariat.click(text("rounds.button_open", "en"))
    await secretariat.expect(text("rounds.opened", "en", 3, country="Burkina Faso"))

    await _confirmed(moussa, "fr")
    await awa.expect("Douanes (exemple) a passé ses réponses en revue", 30)
    await _confirmed(kofi, "en", first=NEW)
    told = await awa.expect("Police (exemple) a passé ses réponses en revue", 30)
    await kofi.press(text("contributions.hand_in", "en"))
    await _accepted(awa)
    await mariam.expect("sont à confirmer", 30)
    await mariam.send("/tasks")
    task = await mariam.expect(text("rounds.task", "fr", number=1))

    await awa.press(text("rounds.button_report", "fr"), told)
    report = await awa.expect(text("rounds.not_yet", "fr"), 30)
    assert MECHANISM in report.text and NEW in report.text
    assert [name for name in ("Douanes", "Police", "Institut") if name in report.text] == [
        "Douanes",
        "Police",
        "Institut",
    ]

    await secretariat.send("/round BFA")
    stands = await secretariat.expect("2 contributions of 3 are through")
    await secretariat.press(text("rounds.button_close", "en"), stands)
    await secretariat.expect(text("rounds.closed", "en"))
    over = text("rounds.over", "fr", number=1, date=written(house.now().date(), "fr"))
    await mariam.expect(over, 30)
    await mariam.press(text("rounds.button_begin", "fr"), task)
    await mariam.expect(over)
    await mariam.send("/tasks")
    await mariam.expect(text("steps.no_tasks", "fr"))
    assert {one.state for one in (await house.course()).contributions.of.values()} == {"accepted"}

    house.ahead = timedelta(days=366)
    await secretariat.send("/round BFA")
    await secretariat.click(text("rounds.button_open", "en"))
    await secretariat.expect(text("rounds.opened", "en", 3, country="Burkina Faso"))
    await _confirmed(kofi, "en")
    await _confirmed(mariam, "fr", first="Un seul comité (exemple).", on=task)
    await _confirmed(moussa, "fr")
    done = await secretariat.expect(text("rounds.told_all", "en", country="Burkina Faso", number=2), 30)
    await secretariat.press(text("rounds.button_report", "en"), done)
    second = await secretariat.expect("Un seul comité (exemple).", 30)
    assert NEW not in second.text
    await awa.press(text("rounds.button_report", "fr"), told)
    first = await awa.expect(NEW, 30)
    assert "Un seul comité (exemple)." not in first.text, "a report tells of its own round"
    assert [len(one.done) for one in (await house.course()).rounds.made] == [2, 3]
