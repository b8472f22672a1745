"""The bot, as one or several processes, and people's phones: between them only `Turns.receive` and the outbox."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

from bot import companions, refusals
from bot.acting import Services
from bot.attachments import Fetcher, Vault
from bot.dossiers import Dossiers
from bot.envelopes import load
from bot.interviews import Interviews
from bot.jobs import Worker
from bot.messages import Button, CommandIn, Incoming, Payload, PressIn, Prompt, Sender, TextIn
from bot.steps import registry
from bot.turns import Turns
from db.database import Store
from db.outbox import Outcome
from db.people import Person, Role
from flows.i18n import text
from tests.bot.steps.contributing import form

CHANNEL = "test"
COUNTRIES = {"BFA": "fr", "GHA": "en"}
ENTITIES = ("Statistics", "Borders", "Council")
CODE = re.compile(r"(?<!\w)[A-Za-z0-9]{24}(?!\w)")
START = datetime(2026, 11, 25, 10, tzinfo=UTC)
PDF = b"%PDF-1.4\n1 0 obj <<>> endobj\ntrailer <<>>\n%%EOF\n"


class Files:
    """Brings every file that was sent."""

    name = CHANNEL

    async def fetch(self, reference: str) -> bytes:
        return PDF + reference.encode()

    async def send(self, address: str, prompt: Prompt, edits: str = "") -> str:
        raise NotImplementedError

    async def acknowledge(self, press_id: str, text: str = "") -> None:
        raise NotImplementedError


@dataclass
class Shown:
    """A message on a phone. `key`: under which it can be edited."""

    message_id: str
    key: str
    prompt: Prompt

    @property
    def buttons(self) -> list[Button]:
        return [button for row in self.prompt.buttons for button in row if button.action]


@dataclass
class Phone:
    """A conversation. `country`: "" for those who belong to no country; `screen`: by message id, oldest first; `ever`:
    every button that was ever shown; `sent`: the texts typed, by message id; `people`: the numbers of the parts taken
    here."""

    address: str
    country: str
    language: str
    screen: dict[str, Shown] = field(default_factory=dict)
    ever: list[Button] = field(default_factory=list)
    sent: list[tuple[str, str]] = field(default_factory=list)
    people: set[int] = field(default_factory=set)

    def last(self, most: int = 3) -> list[Shown]:
        """The newest messages with buttons, newest first."""
        return [one for one in reversed(self.screen.values()) if one.buttons][:most]

    def texts(self) -> str:
        return "\n".join(said(one.prompt) for one in self.screen.values())


def said(prompt: Prompt) -> str:
    """Everything that can be read in a message."""
    labels = [button.label for row in prompt.buttons for button in row]
    return "\n".join([*(line.text for line in prompt.lines), *labels, *(one.name for one in prompt.documents)])


@dataclass
class Process:
    """A process of the bot: what it keeps in memory is its own."""

    store: Store
    services: Services
    turns: Turns
    worker: Worker
    fetcher: Fetcher


class World:
    """The bot, as one or several processes on one database, and the phones. `read`: called with everything that
    anybody is shown."""

    def __init__(self, processes: Sequence[Process], folder: Path, clock: Clock) -> None:
        self.processes = list(processes)
        self.folder = folder
        self.clock = clock
        self.phones: dict[str, Phone] = {}
        self.updates = count(1)
        self.messages = count(1)
        self.marks = count(1)
        self.by_update: dict[int, Phone] = {}
        self.received: list[Incoming] = []
        self.codes: dict[str, list[str]] = {country: [] for country in COUNTRIES}
        self.read: Callable[[Phone, Prompt], None] = lambda _phone, _prompt: None

    @property
    def store(self) -> Store:
        return self.processes[0].store

    @property
    def services(self) -> Services:
        return self.processes[0].services

    # ---- people ----
    def phone(self, name: str, country: str = "", language: str = "") -> Phone:
        """Somebody's, new or known."""
        if name not in self.phones:
            self.phones[name] = Phone(name, country, language or COUNTRIES.get(country, "en"))
        return self.phones[name]

    async def invitation(self, country: str, role: Role, entity: str = "") -> str:
        async with self.store.writing() as tx:
            number = (await tx.entities.find_or_add(country, entity, self.clock.now)).id if entity else None
            until = self.clock.now + timedelta(days=90)
            code, _ = await tx.invitations.create(country, role, number, until, self.clock.now)
        return code

    async def comes(self, name: str, country: str, role: Role, entity: str = "") -> Phone:
        """Somebody accepts a real invitation, and agrees where that is asked at the door."""
        phone = self.phone(name, country)
        await self.types(phone, f"/start {await self.invitation(country, role, entity)}")
        await self.click(phone, text("turns.yes", phone.language), must=False)
        return phone

    async def person(self, phone: Phone) -> Person | None:
        """Who writes from there now."""
        async with self.store.looking() as tx:
            address = await tx.people.at(CHANNEL, phone.address)
        return address.person if address is not None else None

    async def who(self, country: str, role: Role) -> list[Phone]:
        """The phones of those who are in a role now."""
        found = []
        async with self.store.looking() as tx:
            for person in await tx.people.of_country(country):
                if person.role == role and person.ended_at is None:
                    found += [self.phones[one.address] for one in await tx.people.reach(person.id)]
        return found

    async def alive(self, phone: Phone) -> bool:
        """Whether anybody there takes part in anything now."""
        async with self.store.looking() as tx:
            address = await tx.people.at(CHANNEL, phone.address)
            if address is None or address.person is None:
                return False
            return any(part.ended_at is None for part in await tx.people.parts(address.person.id))

    # ---- what people do ----
    def incoming(self, phone: Phone, payload: Payload, edits: str = "") -> Incoming:
        """An update from a phone, not yet handled."""
        number = next(self.updates)
        self.by_update[number] = phone
        sender = Sender(CHANNEL, phone.address, user=phone.address, language=phone.language)
        message = edits or f"m{next(self.messages)}"
        if isinstance(payload, TextIn) and not edits:
            phone.sent.append((message, payload.text))
        return Incoming(number, sender, payload, message_id=message, edited=bool(edits))

    async def receive(self, *incoming: Incoming, shared: bool = True) -> None:
        """Updates that come at the same time, each to another process where there are several; then phones show what is
        said. `shared`: processes take turns; otherwise the first does all."""
        self.clock.tick()
        self.received += [one for one in dict.fromkeys(incoming) if one not in self.received]
        every = self.processes if shared else self.processes[:1]
        await asyncio.gather(
            *(every[at % len(every)].turns.receive(one) for at, one in enumerate(incoming, incoming[0].update_id))
        )
        await self.deliver()
        for address in dict.fromkeys(one.sender.address for one in incoming):
            await self._parts(self.phones[address])

    async def _parts(self, phone: Phone) -> None:
        async with self.store.looking() as tx:
            address = await tx.people.at(CHANNEL, phone.address)
            if address is not None and address.person is not None:
                phone.people |= {part.id for part in await tx.people.parts(address.person.id)}

    async def types(self, phone: Phone, words: str) -> None:
        await self.receive(self.incoming(phone, typed(words)))

    async def press(self, phone: Phone, action: str) -> None:
        await self.receive(self.incoming(phone, PressIn(action)))

    def button(self, phone: Phone, label: str) -> Button | None:
        """The newest on the screen whose label begins so."""
        for shown in reversed(phone.screen.values()):
            for button in shown.buttons:
                if button.label.startswith(label):
                    return button
        return None

    async def click(self, phone: Phone, label: str, *, must: bool = True) -> bool:
        """Press the newest button of that label."""
        button = self.button(phone, label)
        if button is None:
            assert not must, f"{phone.address} sees no {label}:\n" + "\n--\n".join(
                said(one.prompt) for one in list(phone.screen.values())[-3:]
            )
            return False
        await self.press(phone, button.action)
        return True

    def mark(self, phone: Phone) -> str:
        """Words that nobody else ever types, and only people of that country."""
        return f"zq{phone.country or 'ALL'}{next(self.marks)}"

    # ---- what the rest of the bot does ----
    async def deliver(self) -> None:
        """Send what waits, as the sender does, and show it."""
        async with self.store.writing() as tx:
            due = await tx.outbox.due(self.clock.now)
            outcomes = []
            for one in due:
                phone = self.phones.get(one.address)
                assert phone is not None, one.address
                prompt = load(one.prompt)
                self.read(phone, prompt)
                same = [each for each in phone.screen.values() if one.key and each.key == one.key]
                found = same[-1] if same else None
                shown = found.message_id if one.edit and found is not None else f"b{next(self.messages)}"
                phone.screen[shown] = Shown(shown, one.key, prompt)
                phone.ever += phone.screen[shown].buttons
                outcomes.append(Outcome(one.id, shown))
                if phone.country in self.codes:
                    for code in CODE.findall(said(prompt)):
                        if code not in self.codes[phone.country]:
                            self.codes[phone.country].append(code)
            await tx.outbox.done(outcomes, self.clock.now)

    async def work(self) -> None:
        """Files are fetched, and jobs done."""
        await self.processes[0].fetcher.fetch_waiting()
        await self.processes[0].worker.work_off()
        await self.deliver()


@dataclass
class Clock:
    """Some seconds pass with each turn."""

    now: datetime = START

    def __call__(self) -> datetime:
        return self.now

    def tick(self, by: timedelta = timedelta(seconds=7)) -> None:
        self.now += by


def typed(words: str) -> Payload:
    """What a channel makes of words typed."""
    if words.startswith("/"):
        name, _, arguments = words[1:].partition(" ")
        return CommandIn(name, arguments)
    return TextIn(words)


@asynccontextmanager
async def world(address: str, folder: Path, processes: int = 1) -> AsyncIterator[World]:
    """A bot at work on an empty database."""
    clock = Clock()
    stores = []
    try:
        made = []
        for _ in range(processes):
            store = await Store.open(address)
            stores.append(store)
            await store.migrate()
            services = Services(
                Dossiers(), Interviews(lambda: [form()]), Vault(folder / "vault"), link=lambda code: f"start={code} "
            )
            turns = Turns(store, services, clock)
            told = refusals.teller(services.interviews, clock)
            kept = companions.arrivals(services, clock)
            fetcher = Fetcher(store, {CHANNEL: Files()}, services.vault, told, kept, clock=clock)
            made.append(
                Process(store, services, turns, Worker(services, store, lambda: registry().jobs, clock), fetcher)
            )
        yield World(made, folder, clock)
    finally:
        for store in stores:
            await store.close()
