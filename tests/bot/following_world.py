"""A small exercise in which everything goes wrong that can, for properties of follow-ups; a judge watches it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

from bot import arrivals
from bot.acting import Act, Services
from bot.attachments import Vault
from bot.dossiers import Dossiers
from bot.follow_ups import FollowUps
from bot.interviews import Interviews
from bot.policies import policy_in_force
from bot.steps import following_up
from bot.steps.capability import Task
from db.database import Store
from db.people import Person, Role
from db.problems import Stale
from flows.country.follow_ups.policy import Policy, standard_policy
from flows.country.follow_ups.schedule import Matter
from tests.bot.following_judge import PLACES, Judge, Key, Known

CHANNEL = "test"
START = datetime(2027, 1, 11, 7, tzinfo=UTC)  # Ramadan begins in the middle of what follows
ROLES: tuple[Role, ...] = ("official", "official", "colleague", "superior", "focal_point", "expert")
KINDS = ("finding", "acceptance", "workshop_answer", "endorsement", "entities", "clearance", "workshop_soon", "release")
POLICIES = (
    "",
    "[kinds.finding]\nmost = 5\n",
    "[defaults]\nspacing = [3]\n[kinds.acceptance]\nfirst = 1\nspacing = [1, 2]\n",
    '[countries.BFA.hours]\nopens = "10:00"\ncloses = "12:00"\n[countries.BFA.kinds.finding]\nmost = 4\n',
    "[kinds.endorsement]\nmost = 4\nlate = 1\nbefore_due = [10, 3, 1]\n",
)


class Broken(Exception):
    """A fault of the machine."""


def services(folder: Path) -> Services:
    """What follow-ups need of a bot."""
    return Services(Dossiers(), Interviews(lambda: []), Vault(folder), link=lambda code: f"https://t.example/{code}")


class Exercise:
    """Countries, people, matters and a clock; `stores`: one for each process."""

    def __init__(self, stores: Sequence[Store], folder: Path, seed: int) -> None:
        self.stores = list(stores)
        self.random = Random(seed)
        self.now = START + timedelta(minutes=self.random.randrange(7 * 24 * 60))
        self.services = services(folder)
        self.people: dict[int, Person] = {}
        self.blocked: set[int] = set()
        self.waits: dict[Key, Known] = {}
        self.gone: dict[Key, Known] = {}
        self.broken: set[int] = set()  # people whose finder fails
        self.policy: Policy = standard_policy()
        self.policies = [self.policy]
        self.processes = [self.process(number) for number in range(len(self.stores))]
        self.judge = Judge(self)

    @property
    def store(self) -> Store:
        return self.stores[0]

    def process(self, number: int = 0) -> FollowUps:
        """A bot that begins."""
        return FollowUps(self.services, self.stores[number], lambda: [self.find])

    async def find(self, act: Act) -> Sequence[Task]:
        """What waits for somebody, by the account."""
        await asyncio.sleep(0)
        if act.person.id in self.broken:
            raise Broken
        return [
            Task(f"{kind} {subject}", act.button("Open", "tasks"), known.matter)
            for (person, kind, subject), known in self.waits.items()
            if person == act.person.id
        ]

    # ---- people ----
    async def begin(self) -> None:
        for country in PLACES:
            for role in ROLES if country else ("secretariat", "secretariat", "expert"):
                await self.join(country, role)
            if country and self.random.random() < 0.7:
                await self.join(country, "coordinator")

    async def join(self, country: str, role: Role) -> Person:
        async with self.store.writing() as tx:
            person = await tx.people.add(country, role, None, self.random.choice(["fr", "en"]), self.now)
            address = f"a{person.id}"
            await tx.people.meet(CHANNEL, address, address, "", self.now)
            await tx.people.bind(CHANNEL, address, person.id)
            await tx.follow_ups.touch(country)
        self.people[person.id] = person
        return person

    async def leave(self) -> None:
        """Somebody's part ends; somebody else may come in their place."""
        person = self.random.choice(list(self.people.values()))
        if person.role == "secretariat" and self.random.random() < 0.7:
            return
        async with self.store.writing() as tx:
            await tx.people.end(person.id, self.now)
            await tx.follow_ups.touch(person.country)
        del self.people[person.id]
        for key in [key for key in self.waits if key[0] == person.id]:
            del self.waits[key]
        if self.random.random() < 0.8:
            await self.join(person.country, person.role)

    async def block(self) -> None:
        """Somebody blocks the bot, or comes back."""
        person = self.random.choice(list(self.people.values()))
        back = person.id in self.blocked
        async with self.store.writing() as tx:
            await tx.people.mark(CHANNEL, f"a{person.id}", "reachable" if back else "blocked", self.now)
            if back:
                await tx.outbox.release(CHANNEL, f"a{person.id}")
            else:
                await tx.outbox.hold(CHANNEL, f"a{person.id}", "blocked")
            await arrivals.noticed(tx, person)
        self.blocked ^= {person.id}
        for key, known in [*self.waits.items(), *self.gone.items()]:
            if key[0] == person.id and back:
                known.epoch += 1

    # ---- matters ----
    def day(self) -> date | None:
        return self.now.date() + timedelta(days=self.random.randint(-10, 60)) if self.random.random() < 0.6 else None

    async def touched(self, person_id: int) -> None:
        if self.random.random() < 0.9:  # what the plan does not hear of is found when it falls due, or the day after
            async with self.store.writing() as tx:
                await tx.follow_ups.touch(self.people[person_id].country)

    async def appear(self) -> None:
        person = self.random.choice(list(self.people.values()))
        kind = "clearance_superior" if person.role == "superior" else self.random.choice(KINDS)
        key = (person.id, kind, str(self.random.randrange(3)))
        if key in self.waits:
            return
        since = self.random.choice([None, self.now, self.now - timedelta(days=self.random.randrange(60))])
        before = self.gone.pop(key, None)
        epoch = 0 if before is None else before.epoch + 1
        if before is not None and since is not None and since <= self.judge.last.get(key, since - timedelta(1)):
            epoch = before.epoch  # it waited when it was said last: nobody reacted
        self.waits[key] = Known(Matter(kind, key[2], since, self.day()), epoch)
        await self.touched(person.id)

    async def vanish(self) -> None:
        if self.waits:
            key = self.random.choice(list(self.waits))
            self.gone[key] = self.waits.pop(key)
            await self.touched(key[0])

    async def flicker(self) -> None:
        """Something that was gone waits again, though nobody did anything."""
        keys = [key for key, known in self.gone.items() if key[0] in self.people and known.matter.since is not None]
        if keys:
            key = self.random.choice(keys)
            self.waits[key] = self.gone.pop(key)
            async with self.store.writing() as tx:
                await tx.follow_ups.touch(self.people[key[0]].country)
            self.now += timedelta(minutes=11)  # a plan that failed is made again by then
            await self.tick()

    async def react(self) -> None:
        if self.waits:
            key = self.random.choice(list(self.waits))
            known = self.waits[key]
            before = known.matter.since
            if before is not None and before < self.now:
                known.matter = replace(known.matter, since=self.now)
                known.epoch += 1
                await self.touched(key[0])

    async def postpone(self) -> None:
        if self.waits:
            key = self.random.choice(list(self.waits))
            self.waits[key].matter = replace(self.waits[key].matter, due=self.day())
            await self.touched(key[0])

    async def press(self) -> None:
        """Somebody puts reminders off, stops them, wants them again."""
        if not self.waits:
            return
        person_id = self.random.choice(list(self.waits))[0]
        person = self.people[person_id]
        what, days = self.random.choice(["later", "later", "mute", "unmute"]), self.random.choice([1, 7, 20])
        async with self.store.writing() as tx:
            mine = await tx.follow_ups.of_person(person_id)
            if not mine:
                return
            row = str(self.random.choice(mine).id)
            act = Act(self.services, tx, person, self.now)
            if what == "later":
                await following_up.in_days(act, [row, str(days)])
            else:
                await (following_up.mute if what == "mute" else following_up.unmute)(act, [row])
            after = {one.id: one for one in await tx.follow_ups.of_person(person_id)}
        for one in mine:
            known = self.waits.get((person_id, one.kind, one.subject))
            if known is None or after[one.id].revision == one.revision:
                continue
            known.muted = what == "mute"
            zone = ZoneInfo(PLACES[person.country][1][0] if person.country else "UTC")
            if what == "later":
                known.promised = self.now.astimezone(zone).date() + timedelta(days=days)
                known.snoozes += 1
            elif what == "unmute":
                known.promised = None

    async def change_policy(self) -> None:
        async with self.store.writing() as tx:
            await tx.follow_ups.set_policy(self.random.choice(POLICIES), self.now, None)
        async with self.store.looking() as tx:
            self.policy = await policy_in_force(tx)
        self.policies.append(self.policy)

    # ---- the clock ----
    async def tick(self) -> None:
        """One tick, by one process or by all at once."""
        ran = self.processes if self.random.random() < 0.3 else [self.random.choice(self.processes)]
        self.judge.before(len(ran))
        await asyncio.gather(*(one.tick(self.now) for one in ran))
        await self.judge.after()

    async def killed(self) -> None:
        """A tick that is cancelled somewhere, and a bot that begins anew."""
        self.judge.before()
        number = self.random.randrange(len(self.processes))
        task = asyncio.create_task(self.processes[number].tick(self.now))
        for _ in range(self.random.randrange(60)):
            await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        self.processes[number] = self.process(number)
        await self.judge.after()

    async def faulty(self) -> None:
        """A tick of which one transaction fails at its end."""
        self.judge.before()
        number, countdown = self.random.randrange(len(self.processes)), self.random.randrange(1, 5)
        store = self.stores[number]
        writing = store.writing

        @asynccontextmanager
        async def failing() -> AsyncIterator[object]:
            nonlocal countdown
            async with writing() as tx:
                yield tx
                countdown -= 1
                if countdown == 0:
                    raise self.random.choice([Broken, Stale])("at the commit")

        store.writing = failing  # type: ignore[assignment,method-assign]
        try:
            await asyncio.gather(self.processes[number].tick(self.now), return_exceptions=True)
        finally:
            store.writing = writing  # type: ignore[method-assign]
        await self.judge.after()

    async def unlucky(self) -> None:
        """A tick in which what waits for somebody cannot be found out."""
        self.broken = {self.random.choice(list(self.people))}
        await self.tick()
        self.broken = set()

    # ---- walking ----
    async def walk(self, steps: int) -> None:
        """A random walk."""
        actions = {
            self.appear: 6,
            self.vanish: 2,
            self.flicker: 1,
            self.react: 2,
            self.postpone: 1,
            self.press: 3,
            self.block: 1,
            self.leave: 0.3,
            self.change_policy: 0.3,
            self.killed: 1,
            self.faulty: 1,
            self.unlucky: 0.5,
        }
        for _ in range(steps):
            self.pass_time()
            await self.random.choices([*actions, self.tick], [*actions.values(), 20])[0]()
            if self.random.random() < 0.05:
                number = self.random.randrange(len(self.processes))
                self.processes[number] = self.process(number)
            missing = [code for code in PLACES if code and not self.of("coordinator", code)]
            if missing and self.random.random() < 0.02:
                await self.join(self.random.choice(missing), "coordinator")

    def pass_time(self) -> None:
        chance = self.random.random()
        if chance < 0.02:
            self.now += timedelta(days=self.random.randint(1, 30))
        elif chance < 0.05:
            self.now -= timedelta(hours=self.random.randint(1, 72))
        else:
            self.now += timedelta(minutes=self.random.choice([1, 20, 90, 300, 700]))

    async def wait(self, days: int, hours: int = 3) -> None:
        """Nothing happens but time."""
        until = self.now + timedelta(days=days)
        while self.now < until:
            self.now += timedelta(hours=hours)
            self.judge.before()
            await self.processes[0].tick(self.now)
            await self.judge.after()

    def of(self, role: Role, country: str) -> list[Person]:
        return [one for one in self.people.values() if (one.role, one.country) == (role, country)]
