"""Two countries full of people who do anything: nothing between them and the bot but `Turns.receive` and the outbox.

`World` is the bot and everybody's phones; `Monkeys` are what people do without sense, and with some; what must hold all
the while is in `tests.bot.judges`.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from random import Random

from bot import companions, refusals
from bot.acting import Services
from bot.attachments import Fetcher, Vault
from bot.dossiers import Dossiers
from bot.envelopes import load
from bot.interviews import Interviews
from bot.jobs import Worker
from bot.messages import Button, CommandIn, FileIn, Incoming, Payload, PressIn, Prompt, Sender, TextIn
from bot.prompts import command_of, own_action
from bot.speaking import DO, read_action
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


# ---- people who do anything ---------------------------------------------------------------------------------------
_LIFE = ("mydata_delete", "leave_now", "take_over")
"""Presses after which little is left to be seen: rare."""
_DATES = ("15/03/2027", "2027-03-15", "7 juin 2027", "7 June 2027", "01/01/2020", "10:00", "14h30")


class Monkeys:
    """What people do. `sense`: how often, of ten times, somebody does what is sensible. `heads`: tells what changes
    when anything of importance does."""

    def __init__(
        self, world: World, chance: Random, heads: Callable[[], Awaitable[object]] | None = None, sense: int = 6
    ) -> None:
        self.world = world
        self.chance = chance
        self.heads = heads
        self.sense = sense
        self.did: list[str] = []

    async def turn(self) -> None:
        """One or two people do something."""
        chance = self.chance
        phones = list(self.world.phones.values())
        kind = chance.random()
        if kind < 0.04 and self.world.received:
            await self._do(chance.choice(self.world.received))  # the channel says it again
        elif kind < 0.10:
            one = await self._something(chance.choice(phones))
            await self._do(one, one)
        elif kind < 0.18:
            await self._errand(chance.choice(phones))
        elif kind < 0.21:
            one = await self._something(chance.choice(phones))
            await asyncio.gather(self.world.processes[0].worker.work_off(), self._do(one))
        elif kind < 0.32:
            await self._do(*[await self._something(phone) for phone in chance.sample(phones, 2)])
        else:
            await self._do(await self._something(chance.choice(phones)))

    async def _do(self, *incoming: Incoming) -> None:
        self.did += [f"{one.update_id} {one.sender.address}: {one.payload} {one.edited}" for one in incoming]
        for one in incoming:
            if self.heads is None or len(incoming) > 1 or not await self._has_no_effect(one):
                await self.world.receive(*incoming)
                return
            before = await self.heads()
            await self.world.receive(one)
            assert await self.heads() == before, f"something changed by {self.did[-1]}"

    async def _has_no_effect(self, incoming: Incoming) -> bool:
        """Whether it was handled before, or is of somebody whose part is over, who has no other right than over the
        data about themselves."""
        if incoming in self.world.received:
            return True
        said = str(incoming.payload)
        return not (CODE.search(said) or "mydata" in said or await self.world.alive(self._phone(incoming)))

    def _phone(self, incoming: Incoming) -> Phone:
        return self.world.phones[incoming.sender.address]

    async def _something(self, phone: Phone) -> Incoming:
        if not await self.world.alive(phone) and phone.country and self.chance.random() < 0.5:
            codes = self.world.codes[phone.country]
            if codes:
                return self.world.incoming(phone, CommandIn("start", self.chance.choice(codes[-4:])))
        if self.chance.randrange(10) < self.sense:
            return await self.sensible(phone)
        return self._senseless(phone)

    async def _errand(self, phone: Phone) -> None:
        """Somebody has a purpose: a command of theirs, what it offers, and the form that follows to its end."""
        person = await self.world.person(phone)
        if person is None:
            return
        dull = ("leave", "cancel", "tasks", "guide", "status", "dates", "mydata")
        names = [name for name in registry().commands_of(person.role) if name not in dull]
        if not names:
            return
        await self._do(self.world.incoming(phone, CommandIn("cancel")))
        where = "" if person.country else self.chance.choice(list(COUNTRIES))
        await self._do(self.world.incoming(phone, CommandIn(self.chance.choice(names), where)))
        for _ in range(12):
            newest = list(phone.screen.values())[-2:]
            offered = [one for shown in newest for one in shown.buttons if one.action.startswith(DO)]
            async with self.world.store.looking() as tx:
                address = await tx.people.at(CHANNEL, phone.address)
                stored = await tx.interviews.get(address.interview_id) if address and address.interview_id else None
            inside = stored is not None and self.world.services.interviews.is_companion(stored.form_id)
            answer = self.answer(phone, str(stored.id)) if stored is not None and inside else None
            if answer is not None:
                await self._do(self.world.incoming(phone, answer))
            elif any(one.action == "agree:yes" for shown in newest for one in shown.buttons):
                await self._do(self.world.incoming(phone, PressIn("agree:yes")))
            elif offered and self.chance.random() < 0.8:
                await self._do(self.world.incoming(phone, PressIn(self._one_of(offered))))
            else:
                await self.world.work()
                return

    # ---- without sense ----
    def _senseless(self, phone: Phone) -> Incoming:
        chance, make = self.chance, self.world.incoming
        kind = chance.random()
        if kind < 0.45 and phone.ever:
            return make(phone, PressIn(self._one_of(phone.ever)))
        if kind < 0.60:
            other = chance.choice(list(self.world.phones.values()))
            if other.ever:
                return make(phone, PressIn(self._one_of(other.ever)))
        if kind < 0.75:
            return make(phone, CommandIn(*self._command(phone)))
        if kind < 0.85 and phone.sent:
            message, _ = chance.choice(phone.sent)
            return make(phone, TextIn(self.world.mark(phone)), edits=message)
        if kind < 0.90:
            return make(phone, self._file())
        words = [
            self.world.mark(phone),
            "1",
            "1, 2",
            "0",
            "yes",
            "oui",
            "-",
            *_DATES,
            "\u202e<b>&" + self.world.mark(phone),
        ]
        return make(phone, TextIn(chance.choice(words)))

    def _one_of(self, buttons: Sequence[Button]) -> str:
        """A button, the newer the likelier; rarely one that ends the story."""
        while True:
            some = buttons[-12:] if self.chance.random() < 0.6 else buttons
            action = self.chance.choice(some).action
            read = read_action(action)
            if read is None or read[1] not in _LIFE or (read[1] != "mydata_delete" and self.chance.random() < 0.1):
                return action
            if all((one := read_action(each.action)) is not None and one[1] in _LIFE for each in some):
                return "do:0:nothing"

    def _command(self, phone: Phone) -> tuple[str, str]:
        names = [*registry().commands, "help", "back", "skip", "review", "done", "start", "resume", "pause", "unknown"]
        tails = ["", "", "BFA", "GHA", "Ghana", "Burkina", "GHA 1", "BFA 1 2", str(self.chance.randrange(1, 30))]
        return self.chance.choice([one for one in names if one != "leave"]), self.chance.choice(tails)

    def _file(self) -> FileIn:
        number = next(self.world.marks)
        return FileIn(f"file{number}", f"u{number}", f"file{number}.pdf", "application/pdf", 100, "document")

    # ---- with some ----
    async def sensible(self, phone: Phone) -> Incoming:
        """Answer what is asked; else do what waits; else ask what waits."""
        make, chance = self.world.incoming, self.chance
        async with self.world.store.looking() as tx:
            address = await tx.people.at(CHANNEL, phone.address)
        if address is None or address.person is None:
            return make(phone, TextIn("hello"))
        if address.interview_id is not None and chance.random() < 0.85:
            answer = self.answer(phone, str(address.interview_id))
            if answer is not None:
                return make(phone, answer)
        consents = [button for shown in phone.last(2) for button in shown.buttons if button.action == "agree:yes"]
        if consents:
            return make(phone, PressIn("agree:yes"))
        steps = [button for shown in phone.last(3) for button in shown.buttons if button.action.startswith(DO)]
        if steps and chance.random() < 0.6:
            return make(phone, PressIn(self._one_of(steps)))
        role = address.person.role
        commands = [name for name in registry().commands_of(role) if name not in ("leave", "cancel", "mydata")]
        name = chance.choice([*commands, "tasks", "tasks", "tasks"])
        takes = role in ("secretariat", "expert") and not address.person.country
        return make(phone, CommandIn(name, chance.choice(list(COUNTRIES)) if takes else ""))

    def answer(self, phone: Phone, scope: str) -> Payload | None:
        """An answer to the question last asked in an interview."""
        asked = next((one for one in reversed(phone.screen.values()) if one.key.startswith(f"{scope}.")), None)
        if asked is None:
            return None
        chance = self.chance
        controls = {command_of(own_action(one.action, scope)): one for one in asked.buttons}
        answers = [one for one in asked.buttons if not command_of(own_action(one.action, scope))]
        if "done" in controls and (any(one.ticked for one in answers) or asked.key.endswith("+")):
            return PressIn(controls["done"].action)
        if not asked.buttons and asked.prompt.edit:  # answered
            return None
        if "skip" in controls and chance.random() < 0.15:
            return PressIn(controls["skip"].action)
        if "keep" in controls and chance.random() < 0.7:
            return PressIn(controls["keep"].action)
        if answers:
            return PressIn((answers[0] if chance.random() < 0.7 else chance.choice(answers)).action)
        question = asked.key.rstrip("+?=")
        words = "\n".join(said(one.prompt) for one in phone.screen.values() if one.key.startswith(question))
        soon, ago = ((self.world.clock.now + timedelta(days=days)).strftime("%d/%m/%Y") for days in (20, -9))
        for how, values in (
            ("how_date", (soon, ago)),
            ("how_integer", ("3",)),
            ("how_time", (f"{8 + next(self.world.marks) % 14:02}:00",)),
        ):
            if text(f"interview.{how}", phone.language) in words:
                return TextIn(chance.choice(values))
        if text("interview.how_file", phone.language) in words:
            return self._file()
        return TextIn(self.world.mark(phone))
