"""People of two countries who do anything, without sense and with some. What must hold all the while is in
`tests.bot.judges`."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from random import Random

from bot.messages import Button, CommandIn, FileIn, Incoming, Payload, PressIn, TextIn
from bot.prompts import command_of, own_action
from bot.speaking import DO, read_action
from bot.steps import registry
from flows.i18n import text
from tests.bot.phones import CHANNEL, CODE, COUNTRIES, Phone, World, said

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
