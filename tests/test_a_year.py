"""A year of an exercise of 57 countries in accelerated time: the real clock, store and outbox, and the real channel
against the stand-in of the Bot API, to which every message goes. What is to be said is calculated beside it, matter by
matter, from the schedule alone: nothing is lost, nothing doubled, nothing outside hours."""

from __future__ import annotations

import asyncio
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from time import perf_counter
from zoneinfo import ZoneInfo

import pytest
from pydantic import SecretStr

from bot.acting import Act
from bot.arrivals import STAFF_CONSENT
from bot.scheduler import Clock
from bot.settings import Settings
from bot.steps.capability import Task
from db.people import Person, Role
from flows import knowledge
from flows.country.follow_ups.calendar import Calendar
from flows.country.follow_ups.policy import standard_policy
from flows.country.follow_ups.schedule import Matter, Move, Said, after, planned
from flows.i18n import text
from tests.bot.conftest import AT_ONCE, House
from tests.telegram.people import Person as Phone
from tests.telegram.standin import StandIn

BEGINS = datetime(2027, 1, 4, 0, 30, tzinfo=UTC)
ENDS = BEGINS + timedelta(days=365)
HOUR = timedelta(hours=1)
BELOW = ("official", "colleague", "superior")

# Who, what, in which week it begins (and how many weeks later it may), within how many weeks it is wanted (0: no date).
PLAN: tuple[tuple[Role, str, int, int, int], ...] = (
    ("focal_point", "interest", 0, 4, 5),
    ("focal_point", "invitation", 3, 3, 0),
    ("coordinator", "invitation", 5, 3, 0),
    ("coordinator", "entities", 6, 3, 0),
    ("official", "questionnaire", 8, 4, 8),
    ("official", "questionnaire", 8, 6, 8),
    ("official", "clearance", 13, 4, 4),
    ("colleague", "delegation", 10, 4, 4),
    ("superior", "clearance_superior", 14, 4, 0),
    ("coordinator", "acceptance", 16, 5, 3),
    ("coordinator", "acceptance", 18, 5, 3),
    ("coordinator", "release", 18, 5, 0),
    ("coordinator", "difference", 20, 4, 6),
    ("coordinator", "finding", 20, 4, 6),
    ("coordinator", "workshop_date", 22, 4, 6),
    ("official", "workshop_answer", 26, 4, 3),
    ("official", "workshop_soon", 28, 4, 1),
    ("coordinator", "outcomes", 31, 3, 0),
    ("expert", "review", 33, 3, 3),
    ("official", "passages", 34, 3, 3),
    ("coordinator", "draft", 35, 3, 4),
    ("coordinator", "endorsement", 38, 4, 5),
    ("coordinator", "publication", 44, 3, 4),
    ("official", "round", 46, 3, 6),
)
OF_SECRETARIAT = ("coordinator_missing", "embargo", "round_due", "retention")


@dataclass(frozen=True)
class Wait:
    """A matter of the year: when it begins, when the person reacts, when it is done (None: not in this year)."""

    person_id: int
    matter: Matter
    begins: datetime
    reactions: tuple[datetime, ...]
    done: datetime | None

    def at(self, now: datetime) -> Matter | None:
        """As it waits at a moment."""
        if now < self.begins or (self.done is not None and now >= self.done):
            return None
        return replace(self.matter, since=max(one for one in (self.begins, *self.reactions) if one <= now))


class Year(House):
    """A bot whose clock goes an hour at a tick."""

    at = BEGINS

    def now(self) -> datetime:
        return self.at


# ---- what happens -------------------------------------------------------------------------------------------------
def happening(random: Random, people: Sequence[Person]) -> Iterator[Wait]:
    """A year of an exercise: people who answer, who are late, who go silent."""
    by_role: dict[tuple[str, str], list[Person]] = defaultdict(list)
    for person in people:
        by_role[person.country, person.role].append(person)
    number = 0
    for country in sorted({person.country for person in people if person.country}):
        for role, kind, week, spread, wanted in PLAN:
            number += 1
            begins = _moment(random, week * 7 + random.randrange(spread * 7))
            person = random.choice(by_role[country, role])
            yield _wait(random, person, kind, number, begins, wanted)
    for kind in OF_SECRETARIAT * 15:
        number += 1
        yield _wait(random, random.choice(by_role["", "secretariat"]), kind, number, _moment(random, 250), 0)


def _moment(random: Random, day: int) -> datetime:
    """On a day of the year, at a full hour: between two ticks."""
    return BEGINS.replace(minute=0) + timedelta(days=day, hours=random.randint(7, 17))


def _wait(random: Random, person: Person, kind: str, number: int, begins: datetime, wanted: int) -> Wait:
    due = begins.date() + timedelta(weeks=wanted) if wanted else None
    way = random.choice(["prompt", "steady", "late", "late", "silent"])
    patience = wanted * 7 or 30
    reactions: tuple[datetime, ...] = ()
    done: datetime | None
    if way == "prompt":
        done = begins + timedelta(days=random.randint(1, 8))
    elif way == "steady":
        reactions = tuple(begins + timedelta(days=9 * one) for one in range(1, patience // 9))
        done = begins + timedelta(days=patience - 1)
    else:
        done = begins + timedelta(days=patience + random.randint(2, 40)) if way == "late" else None
    return Wait(person.id, Matter(kind, str(number), None, due), begins, reactions, done)


# ---- what is to be said -------------------------------------------------------------------------------------------
Said_ = tuple[str, str, str, int, datetime]  # kind, subject, move, number of the reminder, when


def expected(wait: Wait, person: Person) -> Iterator[Said_]:
    """All that is to be said about a matter, by the schedule alone."""
    policy = standard_policy()
    own = policy.calendar(person.country) if person.country else policy.secretariat_calendar()
    calendars: dict[Move, Calendar] = {"remind": own}
    if person.role in BELOW:
        calendars["coordinator"] = own
    if person.role != "secretariat":
        calendars["secretariat"] = policy.secretariat_calendar()
    rule = policy.rule(wait.matter.kind, person.country)
    turns = sorted({min(one, ENDS) for one in (*wait.reactions, wait.done or ENDS)})
    since, said = wait.begins, Said()
    for until in turns:
        now = since
        while True:
            step = planned(rule, since, wait.matter.due, said, calendars, now)
            if step is None or step.at >= until:
                break
            said, now = after(said, step.move, step.at), step.at
            yield wait.matter.kind, wait.matter.subject, step.move, _number(said, step.move), step.at
        since = until
        if said.last is not None and said.last < since:
            said = Said()


def _number(said: Said, move: Move) -> int:
    return said.reminders if move == "remind" else 0


# ---- the year -----------------------------------------------------------------------------------------------------
class Exercise:
    """The people and what waits for them; some press buttons under their first reminder, some block the bot."""

    def __init__(self, telegram: StandIn, database: str, seed: int) -> None:
        self.random = Random(seed)
        self.telegram = telegram
        settings = Settings(
            _env_file=None,  # type: ignore[call-arg]
            telegram_token=SecretStr(telegram.token),
            telegram_api_url=telegram.url,
            database_url=database,
        )
        self.house = Year(telegram, settings, replace(AT_ONCE, gather=0.002), finders=lambda: [self.find])
        self.people: dict[int, Person] = {}
        self.phones: dict[int, Phone] = {}
        self.waits: list[Wait] = []
        self.of: dict[int, list[Wait]] = defaultdict(list)
        self.starts: dict[datetime, set[str]] = defaultdict(set)
        self.pressing: dict[int, str] = {}
        self.odd: set[int] = set()  # people of whom the schedule alone does not tell everything

    async def find(self, act: Act) -> Sequence[Task]:
        found = ((wait, wait.at(act.now)) for wait in self.of[act.person.id])
        return [
            Task(f"{matter.kind} {matter.subject}", act.button("Open", "tasks"), matter)
            for _, matter in found
            if matter is not None
        ]

    async def begin(self) -> None:
        await self.house.start()
        roles: tuple[Role, ...] = (
            "focal_point",
            "coordinator",
            "official",
            "official",
            "colleague",
            "superior",
            "expert",
        )
        for place in knowledge.countries():
            for role in roles:
                await self._join(place.code, role)
        for _ in range(3):
            await self._join("", "secretariat")
        self.waits = list(happening(self.random, list(self.people.values())))
        for wait in self.waits:
            self.of[wait.person_id].append(wait)
            country = self.people[wait.person_id].country
            for moment in (wait.begins, *wait.reactions, *([wait.done] if wait.done else [])):
                self.starts[moment + timedelta(minutes=30)].add(country)
        chosen = self.random.sample([one.id for one in self.people.values() if one.role == "colleague"], 30)
        self.pressing = dict(zip(chosen, ["later", "never", "block"] * 10, strict=True))
        self.odd = set(chosen)

    async def _join(self, country: str, role: Role) -> None:
        language = "fr" if country and "fr" in knowledge.country(country).bot_languages else "en"
        phone = await self.telegram.person(f"{country} {role}", language=language)
        await phone.send("/start")
        await phone.expect()
        async with self.house.app.store.writing() as tx:
            person = await tx.people.add(country, role, None, language, self.house.at, f"{country} {role}")
            await tx.people.meet("telegram", str(phone.chat_id), str(phone.chat_id), language, self.house.at)
            await tx.people.bind("telegram", str(phone.chat_id), person.id)
            await tx.consents.record(person.id, STAFF_CONSENT, language, True, self.house.at, "telegram", "")
            await tx.follow_ups.touch(country)
        self.people[person.id], self.phones[person.id] = person, phone

    # ---- time ----
    async def pass_(self) -> None:
        """The clock ticks until the year is over: a day each time, hour by hour."""
        over, wrong = asyncio.Event(), list[Exception]()
        store = self.house.app.store

        async def tick() -> None:
            try:
                for _ in range(24):
                    await hour()
            except Exception as error:
                wrong.append(error)
            if wrong or self.house.at >= ENDS:
                over.set()

        async def hour() -> None:
            async with store.writing() as tx:
                for country in self.starts.pop(self.house.at, ()):
                    await tx.follow_ups.touch(country)
            if (await self.house.app.follow_ups.tick(self.house.now())).said:
                await self.sent()
                await self.press()
            self.house.at += HOUR

        running = asyncio.create_task(Clock(store, tick, seconds=0.05).run())
        await asyncio.wait([running, asyncio.create_task(over.wait())], return_when=asyncio.FIRST_COMPLETED)
        if running.done():
            running.result()
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        if wrong:
            raise wrong[0]

    async def sent(self) -> None:
        """Wait until everything has gone out."""
        async with asyncio.timeout(60):
            while True:
                async with self.house.app.store.looking() as tx:
                    if not await tx.outbox.due_ids(self.house.at):
                        return
                await asyncio.sleep(0.002)

    async def press(self) -> None:
        """Some put reminders off, stop them, or block the bot, once they have one."""
        for person_id, way in list(self.pressing.items()):
            phone, language = self.phones[person_id], self.people[person_id].language
            label = text("reminders.button_later", language)
            screen = await phone.last()
            if label not in screen.labels:
                continue
            del self.pressing[person_id]
            if way == "block":
                await phone.block()
                continue
            await phone.click(label)
            await phone.click(text(f"reminders.button_{'next_week' if way == 'later' else 'never'}", language))
            await self.telegram.acknowledged()

    # ---- looking back ----
    async def log(self) -> list[tuple[int, Said_]]:
        """What was said: to whom it was about, and what."""
        found = []
        async with self.house.app.store.reading() as tx:
            for country in sorted({one.country for one in self.people.values()}):
                for one in await tx.follow_ups.log(country, 1_000_000):
                    move = "remind" if one.what == "reminded" else one.what
                    found.append((one.person_id, (one.kind, one.subject, move, one.number, one.at)))
        return found

    async def arrived(self) -> tuple[int, Counter[str]]:
        """How many follow-ups the outbox sent, and how many of them each phone shows."""
        async with self.house.app.store.reading() as tx:
            rows = await tx.connection.rows(
                "SELECT count(*) FROM outbox WHERE state = 'sent' "
                "AND (dedupe LIKE 'follow-up %' OR dedupe LIKE 'unanswered %')",
                (),
            )
        marks = {one: (text("reminders.opening", one), text("reminders.forward", one)) for one in ("fr", "en")}
        shown: Counter[str] = Counter()
        for person_id, phone in self.phones.items():
            language = self.people[person_id].language
            for message in await phone.screen():
                shown[language] += any(mark in message.text for mark in marks[language])
        return rows[0][0], shown


def table(log: Sequence[tuple[int, Said_]]) -> str:
    """By kind."""
    columns = ("remind", "coordinator", "secretariat", "snoozed", "muted", "unreachable", "dropped")
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for _, (kind, _, move, _, _) in log:
        counts[kind][move] += 1
        counts["all"][move] += 1
    lines = ["| kind | reminders | coordinator | secretariat | put off | stopped | out of reach | dropped |"]
    lines.append("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
    for kind in [*sorted(set(counts) - {"all"}), "all"]:
        lines.append(f"| {kind} | " + " | ".join(f"{counts[kind][name]:,}" for name in columns) + " |")
    return "\n".join(lines)


@pytest.mark.slow
async def test_a_year_of_57_countries(tmp_path: Path) -> None:
    began = perf_counter()
    async with StandIn() as telegram:
        telegram.world.limits.per_chat = telegram.world.limits.overall = 0
        exercise = Exercise(telegram, f"sqlite:///{tmp_path}/griot.db", 2027)
        await exercise.begin()
        try:
            await exercise.pass_()
            log = await exercise.log()
            sent, shown = await exercise.arrived()
        finally:
            await exercise.house.stop()
    print(f"\n{len(exercise.people)} people, {len(exercise.waits):,} matters, {sent:,} messages sent;", end=" ")
    print(f"{perf_counter() - began:.0f} s\n{table(log)}")
    assert telegram.violations == []
    # None lost, none doubled, each at its moment: the record is what the schedule says.
    usual = [(about, said) for about, said in log if about not in exercise.odd]
    wanted = [
        (wait.person_id, said)
        for wait in exercise.waits
        if wait.person_id not in exercise.odd
        for said in expected(wait, exercise.people[wait.person_id])
    ]
    lost, more = Counter(wanted) - Counter(usual), Counter(usual) - Counter(wanted)
    assert (list(lost)[:5], list(more)[:5]) == ([], []), f"{lost.total()} lost, {more.total()} not to be said"
    assert len(wanted) > 1000
    # Nor of those who put off, stop and block: no reminder twice, none after they stopped them.
    matters = {wait.matter.subject: wait for wait in exercise.waits}
    reminders = Counter(
        (about, said[:4], sum(one <= said[4] for one in matters[said[1]].reactions))
        for about, said in log
        if said[2] == "remind" and about in exercise.odd
    )
    assert set(reminders.values()) == {1}
    _muted(log)
    # None outside hours, and one message for all that is said to a person at a moment.
    for about, (_, _, move, _, at) in log:
        if move in ("remind", "coordinator"):
            _in_hours(exercise.people[about].country, at)
        elif move == "secretariat":
            _in_hours("", at)
    # The channel brought each to a phone, and nothing else of the kind.
    assert sent == sum(shown.values())


def _muted(log: Sequence[tuple[int, Said_]]) -> None:
    stopped: dict[tuple[int, str, str], datetime] = {}
    for about, (kind, subject, move, _, at) in log:
        key = (about, kind, subject)
        if move == "muted":
            stopped[key] = at
        assert move != "remind" or key not in stopped, f"{key} at {at}"


def _in_hours(country: str, at: datetime) -> None:
    zones = knowledge.country(country).time_zones if country else ("Europe/Brussels",)
    weekend = knowledge.country(country).weekend if country else (6, 7)
    for zone in zones:
        local = at.astimezone(ZoneInfo(zone))
        assert (8, 30) <= (local.hour, local.minute) < (16, 30), f"{country}: {local}"
        assert local.isoweekday() not in weekend, f"{country}: {local}"
