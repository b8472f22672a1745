"""Whatever is pressed or typed, by whom, with whatever numbers: nobody reaches another country through it.

Driven by the registry: a new command or press is covered by being there.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import count
from pathlib import Path

import pytest

from bot.acting import Services, refused
from bot.arrivals import STAFF, STAFF_CONSENT
from bot.attachments import Vault
from bot.dossiers import Dossiers
from bot.envelopes import load
from bot.interviews import Interviews
from bot.messages import CommandIn, Incoming, Payload, PressIn, Sender
from bot.speaking import DO, Speaker, base36
from bot.steps import registry
from bot.turns import Turns
from db.database import Store
from db.people import Person
from flows.country.access import ROLES, TABLE, Actor, Role
from flows.country.guide import Guide, Section
from flows.country.guide_json import dump
from flows.country.steps.base import Fact, FileRef, Refusal
from flows.country.steps.contributions import Accepted, HandedIn, Submitted
from flows.country.steps.delegation import Delegated, DelegationTaken
from flows.country.steps.drafts import Commented, DraftMade
from flows.country.steps.endorsement import ForewordWritten, Proposed
from flows.country.steps.exercise import DatesSet
from flows.country.steps.interest import InterestExpressed
from flows.country.steps.participants import EntityNamed, PersonInvited, PersonJoined
from flows.interview.inputs import Say
from tests.bot.steps.contributing import form
from tests.flows.country.endorsing import edition

pytestmark = pytest.mark.slow  # minutes in all

NOW = datetime(2026, 11, 25, 10, tzinfo=UTC)
OWN, OTHER = "BFA", "GHA"
NATIONAL: tuple[Role, ...] = tuple(role for role in ROLES if role != "secretariat")
MARK = "SECRET"


@dataclass
class World:
    """Two countries with everything in them, each thing of `OTHER` marked; `people` of `OWN`, by role."""

    store: Store
    services: Services
    turns: Turns
    people: dict[Role, Person]
    numbers: dict[str, int]
    updates: count[int]

    def address(self, person: Person) -> str:
        return f"{person.country}-{person.role}"

    async def does(self, person: Person, payload: Payload) -> list[tuple[str, str]]:
        """Who reads what after it: address and text."""
        sender = Sender("test", self.address(person), user=self.address(person), language="en")
        async with self.store.looking() as tx:
            before = await _last(tx)
        await self.turns.receive(Incoming(next(self.updates), sender, payload, message_id="1"))
        async with self.store.looking() as tx:
            rows = await tx.connection.rows("SELECT address, prompt FROM outbox WHERE id > ? ORDER BY id", (before,))
        return [(address, _said(prompt)) for address, prompt in rows]

    async def state(self, country: str) -> list[object]:
        """Everything that is stored of a country, to be compared."""
        async with self.store.looking() as tx:
            return [
                await tx.ledger.last(country),
                await tx.interviews.of_country(country),
                await tx.answers.of_country(country),
                await tx.people.of_country(country),
                await tx.invitations.of_country(country),
                await tx.entities.of_country(country),
                [await tx.people.at("test", f"{country}-{role}") for role in NATIONAL],
                [one.payload for one in await tx.jobs.waiting(1000, NOW) if country in json.dumps(dict(one.payload))],
            ]


async def _last(tx: object) -> int:
    rows = await tx.connection.rows("SELECT coalesce(max(id), 0) FROM outbox", ())  # type: ignore[attr-defined]
    return int(rows[0][0])


def _said(prompt: str) -> str:
    shown = load(prompt)
    labels = [button.label for row in shown.buttons for button in row]
    return "\n".join([*(line.text for line in shown.lines), *labels, *(one.name for one in shown.documents)])


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    store = await Store.open(f"sqlite:///{tmp_path}/griot.db")
    await store.migrate()
    interviews = Interviews(lambda: [form()])
    services = Services(Dossiers(), interviews, Vault(tmp_path / "vault"), link=lambda code: code)
    found = World(store, services, Turns(store, services, lambda: NOW), {}, {}, count(1))
    try:
        await _country(found, OTHER)
        await _country(found, OWN)
        yield found
    finally:
        await store.close()


async def _country(world: World, code: str) -> None:
    """A country in the midst of everything. What is `OTHER`'s says so."""
    name = partial("{} {}-{}".format, code, MARK)
    tx_of, services = world.store.writing, world.services
    people: dict[Role, Person] = {}
    async with tx_of() as tx:
        entity = await tx.entities.find_or_add(code, name("entity"), NOW, "GSE", "ministry")
        other = await tx.entities.find_or_add(code, name("second"), NOW, "GS2", "agency")
        for role in NATIONAL:
            place = entity.id if role in ("official", "colleague", "superior") else None
            if code == OWN and place is not None:
                place = other.id
            person = people[role] = await tx.people.add(code, role, place, "en", NOW, name(f"label-{role}"))
            await tx.people.meet("test", world.address(person), world.address(person), "en", NOW)
            await tx.people.bind("test", world.address(person), person.id)
            if role in STAFF:
                await tx.consents.record(person.id, STAFF_CONSENT, "en", True, NOW, "test")
        owner = await tx.people.add(code, "official", entity.id, "en", NOW, name("label-owner"))
        await tx.people.meet("test", f"{code}-owner", f"{code}-owner", "en", NOW)
        await tx.people.bind("test", f"{code}-owner", owner.id)
        incoming = Incoming(next(world.updates), Sender("test", f"{code}-owner", f"{code}-owner"), CommandIn("start"))
        step = await services.interviews.start(tx, owner, entity, incoming, NOW)
        for said in ("English", "Yes", name("mechanism"), name("practice"), name("border"), "No"):
            step = await services.interviews.advance(tx, step.interview_id, owner, Say(said), incoming, NOW)
        number = step.interview_id
        _, invited = await tx.invitations.create(
            code,
            "official",
            other.id,
            NOW + timedelta(days=9),
            NOW,
            created_by=people["coordinator"].id,
            label=name("invited"),
        )
        _, lent = await tx.invitations.create(
            code, "colleague", entity.id, NOW + timedelta(days=9), NOW, label=name("lent"), interview_id=number
        )
        sections = (Section("i", "I", name("section")),)
        guide = Guide(code, code, "en", name("guide"), "", "", NOW, (), sections, (), 0, {})
        written = json.dumps(dump(guide)).encode()
        content = services.vault.keep(written)
        made = edition({f"guide-{code}-{MARK}-en.pdf": b"%PDF"}, code, 1)
        facts: list[Fact] = [
            InterestExpressed("yes", authority=name("authority"), endorser=name("endorser")),
            EntityNamed(entity.id, "ministry", name=name("entity")),
            EntityNamed(other.id, "agency", name=name("second")),
            *(PersonJoined(one.id, one.role, one.entity_id) for one in (*people.values(), owner)),
            PersonInvited(invited, "official", other.id, NOW + timedelta(days=9)),
            DatesSet("QUEST", NOW.date(), NOW.date() + timedelta(days=60)),
            Delegated(number, lent, "rest", ("/data/hierarchy",), label=name("colleague")),
            DelegationTaken(lent, people["colleague"].id),
            HandedIn(number, "0" * 64, needs_clearance=False, form_version="1"),
            Submitted(number),
            Accepted(number, "0" * 64),
            DraftMade(made, True, "compiled", 0, {"en": "0" * 64}, (FileRef("en.json", content, len(written)),)),
            Commented(1, "i", "en", text=name("comment")),
            ForewordWritten("en", name("foreword"), name("signatory"), name("title")),
            ForewordWritten("en", name("second foreword"), name("partner"), name("post"), beside=True),
            Proposed(1),
        ]
        actor = Actor("coordinator", people["coordinator"].id, code)
        await services.dossiers.record(tx, code, actor, facts, NOW)
    if code == OWN:
        world.people = people
    else:
        world.numbers = {
            "interview": number, "entity": entity.id, "second": other.id, "invited": invited, "lent": lent,
            "coordinator": people["coordinator"].id, "official": owner.id,
        }  # fmt: skip


def _guesses(world: World) -> list[tuple[str, ...]]:
    """What somebody might put into a button who wants to reach the other country."""
    numbers = {str(number) for number in world.numbers.values()} | {"1", "5", "9"}
    shapes: list[tuple[str, ...]] = [(), (OTHER,), (OTHER, "1"), (OTHER, "1", "1"), (OTHER, "QUEST"), (OTHER, "I", "-")]
    shapes += [(number,) for number in sorted(numbers)]
    shapes += [(str(world.numbers["interview"]), second) for second in ("1", "0", "yes")]
    shapes += [(OTHER, str(world.numbers[name])) for name in ("interview", "entity", "official")]
    shapes += [(str(world.numbers["entity"]), str(world.numbers["second"]))]
    return shapes


def _press(person: Person, name: str, arguments: tuple[str, ...]) -> PressIn:
    return PressIn(f"{DO}{base36(person.id)}:{':'.join((name, *arguments))}"[:64])


@pytest.mark.parametrize("role", NATIONAL)
async def test_no_button_of_anybody_reaches_another_country(world: World, role: Role) -> None:
    person = world.people[role]
    before = await world.state(OTHER)
    for name in registry().presses:
        if name == "mydata_delete":
            continue  # ends the person; it takes no number of anybody else
        for arguments in _guesses(world):
            for address, said in await world.does(person, _press(person, name, arguments)):
                done = f"{role} pressed {name} {arguments}: {said}"
                assert not address.startswith(OTHER), done
                assert f"{OTHER} {MARK}" not in said and f"{OTHER}-{MARK}" not in said, done
        assert await world.state(OTHER) == before, f"{role} pressed {name}"


@pytest.mark.parametrize("role", NATIONAL)
async def test_no_command_of_anybody_reaches_another_country(world: World, role: Role) -> None:
    person = world.people[role]
    before = await world.state(OTHER)
    tails = ["", OTHER, "ghana", f"{OTHER} 1 2", *map(str, world.numbers.values())]
    for name in registry().commands:
        for tail in tails:
            for address, said in await world.does(person, CommandIn(name, tail)):
                done = f"{role} typed /{name} {tail}: {said}"
                assert not address.startswith(OTHER), done
                assert f"{OTHER} {MARK}" not in said and f"{OTHER}-{MARK}" not in said, done
        assert await world.state(OTHER) == before, f"{role} typed /{name}"


@pytest.mark.parametrize("role", NATIONAL)
async def test_who_has_no_right_to_a_command_is_told_and_leaves_no_trace(world: World, role: Role) -> None:
    person = world.people[role]
    for name, command in registry().commands.items():
        if role in TABLE[command.action]:
            continue
        before = [await world.state(OWN), await world.state(OTHER), await world.state("")]
        read = await world.does(person, CommandIn(name))
        why = refused(Speaker(person), Refusal("access.role", {"action": command.action}))
        assert read == [(world.address(person), why)], f"{role} typed /{name}"
        assert [await world.state(OWN), await world.state(OTHER), await world.state("")] == before


async def test_a_button_of_somebody_else_does_nothing(world: World) -> None:
    thief = world.people["official"]
    before = [await world.state(OWN), await world.state(OTHER)]
    async with world.store.looking() as tx:
        theirs = [await tx.people.get(world.numbers["coordinator"]), world.people["coordinator"]]
    for name in registry().presses:
        for owner in theirs:
            assert owner is not None
            read = await world.does(thief, _press(owner, name, ("1",)))
            assert len(read) == 1 and MARK not in read[0][1], name
    assert [await world.state(OWN), await world.state(OTHER)] == before


@pytest.mark.parametrize("role", ["focal_point", "official", "colleague", "superior"])
async def test_answers_of_another_entity_are_read_by_nobody_who_does_not_read_all(world: World, role: Role) -> None:
    person = world.people[role]
    secrets = [f"{OWN} {MARK}-{name}" for name in ("mechanism", "practice", "border")]
    for name in registry().presses:
        if name == "mydata_delete":
            continue
        for arguments in [(), (OWN,), *((str(number),) for number in range(1, 6)), (OWN, "1"), (OWN, "2"), ("2", "1")]:
            for _, said in await world.does(person, _press(person, name, arguments)):
                assert not [secret for secret in secrets if secret in said], (
                    f"{role} pressed {name} {arguments}: {said}"
                )


async def test_every_press_is_answered_whatever_comes_with_it(world: World) -> None:
    """A button that was made for an older version, or forged, is answered by a sentence and disturbs nobody else."""
    before = await world.state(OTHER)
    for role in ("coordinator", "official"):
        person = world.people[role]  # type: ignore[index]
        for name in registry().presses:
            if name == "mydata_delete":
                continue
            for arguments in [(), ("x",), ("-1",), ("9" * 30,), ("", ""), (OWN, "x"), ("١",)]:
                read = await world.does(person, _press(person, name, arguments))
                quiet = name == "draft_changes"  # only asks for work to be done
                assert quiet or world.address(person) in {address for address, _ in read}, f"{role}: {name} {arguments}"
    assert await world.state(OTHER) == before
