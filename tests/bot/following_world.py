"""A small exercise in which everything goes wrong that can, for properties of follow-ups; and the judge who watches it.

The judge keeps its own account of what waits for whom, who reacted, asked to be left alone, cannot be reached; of the
hours it knows weekends, zones and public holidays by itself.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

import holidays

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
from flows.country.follow_ups.rules import ONCE
from flows.country.follow_ups.schedule import Matter

CHANNEL = "test"
START = datetime(2027, 1, 11, 7, tzinfo=UTC)  # Ramadan begins in the middle of what follows
PLACES: dict[str, tuple[str, tuple[str, ...], frozenset[int]]] = {
    "BFA": ("BF", ("Africa/Ouagadougou",), frozenset({6, 7})),
    "GHA": ("GH", ("Africa/Accra",), frozenset({6, 7})),
    "MRT": ("MR", ("Africa/Nouakchott",), frozenset({6, 7})),
    "DZA": ("DZ", ("Africa/Algiers",), frozenset({5, 6})),
    "COD": ("CD", ("Africa/Kinshasa", "Africa/Lubumbashi"), frozenset({6, 7})),
    "MAR": ("MA", ("Africa/Casablanca",), frozenset({6, 7})),
    "LBY": ("LY", ("Africa/Tripoli",), frozenset({5, 6})),
    "": ("BE", ("Europe/Brussels",), frozenset({6, 7})),
}
OPENS, CLOSES = time(8, 30), time(16, 30)
ROLES: tuple[Role, ...] = ("official", "official", "colleague", "superior", "focal_point", "expert")
KINDS = ("finding", "acceptance", "workshop_answer", "endorsement", "entities", "clearance", "workshop_soon", "release")
POLICIES = (
    "",
    "[kinds.finding]\nmost = 5\n",
    "[defaults]\nspacing = [3]\n[kinds.acceptance]\nfirst = 1\nspacing = [1, 2]\n",
    '[countries.BFA.hours]\nopens = "10:00"\ncloses = "12:00"\n[countries.BFA.kinds.finding]\nmost = 4\n',
    "[kinds.endorsement]\nmost = 4\nlate = 1\nbefore_due = [10, 3, 1]\n",
)
Key = tuple[int, str, str]  # person, kind, subject


@dataclass
class Known:
    """What the judge knows of a matter. `epoch`: grows when the person reacts; `promised`: nothing before that day."""

    matter: Matter
    epoch: int = 0
    muted: bool = False
    promised: date | None = None
    snoozes: int = 0


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


class Judge:
    """Looks at what each tick put into the outbox and into the record."""

    def __init__(self, world: Exercise) -> None:
        self.world = world
        self.reminded: Counter[tuple[Key, int, int]] = Counter()  # key, epoch, number
        self.last: dict[Key, datetime] = {}  # when a reminder was said
        self.told: Counter[tuple[Key, int, str]] = Counter()
        self.tried: set[tuple[Key, int]] = set()  # reminders for which nobody was within reach
        self.counts: Counter[str] = Counter()
        self.waited: dict[Key, Known] = {}
        self.log_seen = self.outbox_seen = 0
        self.ran = 1

    def before(self, ran: int = 1) -> None:
        """`ran`: how many processes tick at once."""
        self.waited, self.ran = dict(self.world.waits), ran

    async def after(self) -> None:
        async with self.world.store.reading() as tx:
            entries = await tx.connection.rows(
                "SELECT l.id, l.what, l.number, l.to_id, f.person_id, f.kind, f.subject FROM follow_up_log l "  # noqa: S608
                f"JOIN follow_ups f ON f.id = l.follow_up_id WHERE l.id > {self.log_seen} ORDER BY l.id",
                (),
            )
            rows = await tx.connection.rows(
                "SELECT id, address, batch, not_after, dedupe FROM outbox "  # noqa: S608
                f"WHERE id > {self.outbox_seen} AND dedupe IS NOT NULL ORDER BY id",
                (),
            )
        self.log_seen = max([self.log_seen, *(row[0] for row in entries)])
        self.outbox_seen = max([self.outbox_seen, *(row[0] for row in rows)])
        hearers: set[int] = set()
        pressed = ("snoozed", "muted", "unmuted", "help asked")
        for _, what, number, to_id, *about in entries:
            key: Key = (about[0], about[1], about[2])
            if what in pressed:
                continue
            self.counts[what] += 1
            promised = self.waited[key].promised if key in self.waited else None
            if promised is not None and self.promise_kept(self.world.people[key[0]], promised):
                self.waited[key].promised = None  # kept, whatever the clock says afterwards
            if what == "unreachable" and key in self.waited:
                self.tried.add((key, self.waited[key].epoch))
            if what in ("reminded", "coordinator", "secretariat"):
                hearers.add(to_id)
                self.said(what, key, number, to_id)
        to = [int(row[1][1:]) for row in rows]
        most = Counter((address, str(dedupe).partition(" ")[0]) for (_, address, _, _, dedupe) in rows)
        assert all(count <= self.ran or name == "unanswered" for (_, name), count in most.items()), most
        above = {one.id for one in self.world.people.values() if one.role in ("coordinator", "secretariat")}
        assert set(to) <= hearers | above, "said to somebody who was not meant"
        for _, address, batch, not_after, _ in rows:
            person = self.world.people[int(address[1:])]
            assert person.id not in self.world.blocked
            until = datetime.fromisoformat(not_after) if isinstance(not_after, str) else not_after
            place = "" if batch is None and person.role == "secretariat" else person.country
            self.in_hours(place, self.world.now)
            self.in_hours(place, until - timedelta(seconds=1))

    def said(self, what: str, key: Key, number: int, to_id: int) -> None:
        """(a) to (d), (f), (g): of one thing said."""
        world = self.world
        person = world.people[key[0]]
        known = self.waited.get(key)
        assert known is not None, f"{what} {key}: its reason was gone"
        assert known.promised is None or known.muted, f"{what} {key}: early"
        if what == "reminded":
            assert to_id == person.id
            assert not known.muted, f"{key}: muted"
            self.last[key] = world.now
            self.reminded[key, known.epoch, number] += 1
            assert self.reminded[key, known.epoch, number] == 1, f"{key}: reminder {number} twice"
            said = sum(count for (one, epoch, _), count in self.reminded.items() if (one, epoch) == (key, known.epoch))
            most = max(policy.rule(key[1], person.country).most for policy in world.policies)
            assert said <= most + known.snoozes, f"{key}: {said} reminders"
            self.in_hours(person.country, world.now)
            return
        assert key[1] not in ONCE, f"{what} {key}: a superior is not escalated"
        tried = (key, known.epoch) in self.tried or known.muted or person.id in world.blocked
        heard = any((one, epoch) == (key, known.epoch) for one, epoch, _ in self.reminded)
        assert tried or heard, f"{what} {key}: told before the person was"
        self.told[key, known.epoch, what] += 1
        assert self.told[key, known.epoch, what] == 1, f"{key}: {what} twice"
        hearer = world.people[to_id]
        assert hearer.role == what, f"{key}: {what} was {hearer.role}"
        if what == "coordinator":
            assert person.role in ("official", "colleague", "superior")
            assert hearer.country == person.country
        self.in_hours(hearer.country if what == "coordinator" else "", world.now)

    def promise_kept(self, person: Person, day: date) -> bool:
        zone = ZoneInfo(PLACES[person.country][1][0])
        return self.world.now.astimezone(zone).date() >= day

    def in_hours(self, country: str, at: datetime) -> None:
        """(b): by weekends, holidays and hours that the judge knows, and by the calendar of the policy."""
        alpha_2, zones, weekend = PLACES[country]
        for zone in zones:
            local = at.astimezone(ZoneInfo(zone))
            assert local.isoweekday() not in weekend, f"{country}: {local} is at the weekend"
            assert OPENS <= local.time() < CLOSES, f"{country}: {local} is at night"
            assert local.date() not in holidays.country_holidays(alpha_2, years=local.year), f"{country}: {local}"
        calendar = self.world.policy.calendar(country) if country else self.world.policy.secretariat_calendar()
        assert calendar.is_open(at), f"{country}: {at} {calendar.why_closed(at)}"

    def heard_of(self, key: Key, known: Known) -> bool:
        """Whether anything was said about a matter since the last reaction."""
        said = any((one, epoch) == (key, known.epoch) for one, epoch, _ in self.reminded)
        return said or any((one, epoch) == (key, known.epoch) for one, epoch, _ in self.told)

    def anybody_above(self, person: Person) -> bool:
        """Whether somebody can be told that a person is silent."""
        roles = ("coordinator", "secretariat") if person.role in ("official", "colleague", "superior") else ()
        above = [one for one in self.world.people.values() if one.id not in self.world.blocked]
        if person.role != "secretariat" and any(one.role == "secretariat" for one in above):
            return True
        return any(one.role in roles and one.country == person.country for one in above)

    def all_said(self) -> None:
        """(e): what waited long enough was said, to the person or to somebody above."""
        world = self.world
        for key, known in world.waits.items():
            person = world.people[key[0]]
            rule = world.policy.rule(key[1], person.country)
            due = known.matter.due
            pointless = rule.until_due and due is not None and due <= world.now.date()
            if known.muted or pointless or (due is not None and due > world.now.date()):
                continue
            if person.id in world.blocked and (key[1] in ONCE or not self.anybody_above(person)):
                continue
            assert self.heard_of(key, known), f"never said: {key} {known} {person}"
