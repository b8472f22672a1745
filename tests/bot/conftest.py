"""The application with its real parts, run against the Bot API stand-in over loopback."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import typer.testing
from pydantic import SecretStr

from bot.__main__ import _command
from bot.app import App, built, run
from bot.channels.telegram_client import disconnect
from bot.dossiers import Dossiers
from bot.follow_ups import FollowUps
from bot.outbox import Limits
from bot.serving import connect
from bot.settings import Settings
from bot.steps.capability import Finder
from db.database import Store
from flows.country.access import COMMAND_LINE, Actor
from flows.country.steps.course import Course, course_of
from flows.country.steps.interest import CountryOpened, InterestExpressed
from flows.i18n import text
from flows.interview.form import Form
from flows.interview.xlsform import load_form
from tests.empty import lay
from tests.telegram.people import Person
from tests.telegram.standin import StandIn

# typer's runner makes the whole command tree anew at each call, in a tenth of a second: here it is made once a process.
typer.testing._get_command = lambda app: _command()  # type: ignore[attr-defined]

AT_ONCE = Limits(per_second=100_000, at_once=1000)

SMALL = """
| survey   |                         |          |                             |                       |          |            |                   |                   |
|          | type                    | name     | label::Français (fr)        | label::English (en)   | required | constraint | relevant          | bind::griot:role  |
|          | hidden                  | country  |                             |                       |          |            |                   |                   |
|          | hidden                  | role     |                             |                       |          |            |                   |                   |
|          | hidden                  | entity_name |                          |                       |          |            |                   |                   |
|          | select_one languages    | lang     | Langue ?                    | Language?             | yes      |            |                   | language          |
|          | select_one yes_no       | consent  | Acceptez-vous ?             | Do you agree?         | yes      |            |                   | consent           |
|          | begin_group             | body     | Données                     | Data                  |          |            | ${consent}='yes'  |                   |
|          | text                    | name     | Nom de la source ?          | Name of the source?   |          |            |                   |                   |
|          | select_multiple domains | domains  | Quels domaines ?            | Which domains?        |          |            |                   |                   |
|          | integer                 | year     | Quelle année ?              | Which year?           |          | . > 1950   |                   |                   |
|          | file                    | law      | Un document ?               | A document?           |          |            |                   |                   |
|          | end_group               |          |                             |                       |          |            |                   |                   |
| choices  |                         |          |                             |                       |          |            |                   |                   |
|          | list_name               | name     | label::Français (fr)        | label::English (en)   |          |            |                   |                   |
|          | languages               | fr       | Français                    | Français              |          |            |                   |                   |
|          | languages               | en       | English                     | English               |          |            |                   |                   |
|          | yes_no                  | yes      | Oui                         | Yes                   |          |            |                   |                   |
|          | yes_no                  | no       | Non                         | No                    |          |            |                   |                   |
|          | domains                 | trends   | Tendances                   | Trends                |          |            |                   |                   |
|          | domains                 | border   | Frontières                  | Borders               |          |            |                   |                   |
|          | domains                 | crisis   | Crises                      | Crises                |          |            |                   |                   |
| settings |                         |          |                             |                       |          |            |                   |                   |
|          | form_id                 | version  | default_language            | namespaces            |          |            |                   |                   |
|          | small                   | 1        | Français (fr)               | griot="https://g.example" |      |            |                   |                   |
"""  # noqa: E501


@cache
def small_form() -> Form:
    """Six questions: language, consent, and behind it a text, a selection of several, a year and a file."""
    return load_form(SMALL.encode(), "md")


@dataclass
class House:
    """A bot at work. `stop` and `start` end and begin the process's part; the store and Telegram stay. `ahead`: by how
    much its clock, and that of its people, is before the real one. `finders`: what waits for people, for follow-ups.
    `loaded`: all that stays in memory is there."""

    telegram: StandIn
    settings: Settings
    limits: Limits = AT_ONCE
    forms: Callable[[], list[Form]] = lambda: [small_form()]
    ahead: timedelta = timedelta()
    finders: Callable[[], Sequence[Finder]] = lambda: ()
    app: App = field(init=False)
    loaded: asyncio.Event = field(default_factory=asyncio.Event)
    _task: asyncio.Task[None] | None = None
    _stop: asyncio.Event = field(default_factory=asyncio.Event)

    async def start(self) -> None:
        self._stop = asyncio.Event()
        ready = asyncio.Event()
        self._task = asyncio.create_task(self._run(ready))
        waiting = asyncio.create_task(ready.wait())
        await asyncio.wait({self._task, waiting}, return_when=asyncio.FIRST_COMPLETED)
        if self._task.done():
            waiting.cancel()
            self._task.result()

    async def _run(self, ready: asyncio.Event) -> None:
        application, first = await connect(self.settings)
        try:
            async with built(self.settings, application, self.forms, self.limits, self.now) as app:
                follow_ups = FollowUps(app.services, app.store, self.finders)
                self.app = replace(app, follow_ups=follow_ups)
                ready.set()
                await run(self.app, self._stop, first, ready=self.loaded.set)
        finally:
            await disconnect(application, first)

    def now(self) -> datetime:
        return datetime.now(UTC) + self.ahead

    async def stop(self) -> None:
        """End it as SIGTERM does."""
        self._stop.set()
        if self._task is not None:
            task, self._task = self._task, None
            await task

    async def kill(self) -> None:
        """End it in the middle of whatever it does."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
            self._task = None

    @asynccontextmanager
    async def store(self) -> AsyncIterator[Store]:
        """The store, while the bot runs or not."""
        store = await Store.open(self.settings.database_url)
        try:
            await store.migrate()
            yield store
        finally:
            await store.close()

    async def invitation(self, entity: str = "Institut national", role: Any = "official", days: int = 7) -> str:
        """A code for Burkina Faso."""
        now = self.now()
        async with self.store() as store, store.writing() as tx:
            number = (await tx.entities.find_or_add("BFA", entity, now)).id if entity else None
            country = "" if role == "secretariat" else "BFA"
            code, _ = await tx.invitations.create(country, role, number, now + timedelta(days=days), now)
        return code

    async def official(
        self, name: str, language: str = "fr", *, entity: str = "Institut national", role: Any = "official"
    ) -> Person:
        """Somebody who accepted an invitation and agreed, and is asked the name of a source."""
        person = await self.telegram.person(name, language=language)
        await person.send(f"/start {await self.invitation(entity, role)}")
        await person.expect("Langue ?" if language == "fr" else "Language?")
        await person.press("Français" if language == "fr" else "English")
        await person.expect("Acceptez-vous" if language == "fr" else "Do you agree")
        await person.press("Oui" if language == "fr" else "Yes")
        await person.expect("Nom de la source" if language == "fr" else "Name of the source")
        return person

    async def coordinator(self, name: str = "Awa", entity: str = "Conseil (exemple)") -> Person:
        """A coordinator, in French, who is asked the name of a source."""
        return await self.official(name, entity=entity, role="coordinator")

    async def staff(self, name: str, role: Any, language: str = "fr") -> Person:
        """Somebody without a questionnaire who accepted an invitation and agreed."""
        person = await self.telegram.person(name, language=language)
        await person.send(f"/start {await self.invitation('', role)}")
        await person.expect(text("turns.consent", language))
        await person.press(text("turns.yes", language))
        await person.expect(text("turns.commands", language))
        return person

    async def takes_part(self, at: datetime | None = None) -> None:
        """Burkina Faso is asked, and says yes."""
        at = at or self.now()
        yes = InterestExpressed("yes", authority="Conseil (exemple)")
        async with self.store() as store, store.writing() as tx:
            await Dossiers().record(tx, "BFA", COMMAND_LINE, (CountryOpened(),), at)
            await Dossiers().record(tx, "BFA", Actor("focal_point", None, "BFA"), (yes,), at)

    async def course(self, country: str = "BFA") -> Course:
        """What a country's ledger says; empty: the ledger of all countries."""
        async with self.store() as store, store.reading() as tx:
            return course_of(country, await tx.ledger.of_chain(country))

    async def answers(self) -> dict[str, list[tuple[str, str]]]:
        """Every revision stored, by path: (value, status) in order, over all interviews."""
        found: dict[str, list[tuple[str, str]]] = {}
        async with self.store() as store, store.reading() as tx:
            for interview in await tx.interviews.of_country("BFA"):
                for answer in await tx.answers.history(interview.id):
                    found.setdefault(answer.path, []).append((answer.value, answer.status))
        return found


@asynccontextmanager
async def at_work(telegram: StandIn, settings: Settings, **given: Any) -> AsyncIterator[House]:
    """A house that has started, as `given`; it is stopped in the end, and has broken no rule of the Bot API."""
    house = House(telegram, settings, **given)
    await house.start()
    try:
        yield house
    finally:
        await house.stop()
    assert telegram.violations == []


@pytest.fixture
async def telegram() -> AsyncIterator[StandIn]:
    async with StandIn() as server:
        server.world.limits.per_chat = server.world.limits.overall = 0
        yield server


@pytest.fixture
def settings(telegram: StandIn, tmp_path: Path) -> Settings:
    return Settings(
        _env_file=None,  # type: ignore[call-arg]
        telegram_token=SecretStr(telegram.token),
        telegram_api_url=telegram.url,
        database_url=lay(tmp_path / "griot.db"),
    )


@pytest.fixture
async def house(telegram: StandIn, settings: Settings) -> AsyncIterator[House]:
    async with at_work(telegram, settings) as one:
        yield one
    assert telegram.flood == []
