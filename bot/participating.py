"""Who takes part, as store and ledger know it together: names live in the one, what happened to them in the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.acting import Act
from db.entities import Entity
from db.people import Person
from db.transaction import Transaction
from flows import knowledge
from flows.country.access import Actor
from flows.country.steps.base import Fact, Refusal, Step
from flows.country.steps.course import Course
from flows.country.steps.door import take
from flows.country.steps.participants import (
    ANSWERING,
    EntityNamed,
    NamedEntity,
    PartEnded,
    PersonInvited,
    PersonJoined,
)
from flows.i18n import text

SHORT_NAME = 70  # characters of a name in a list


@dataclass(frozen=True, slots=True)
class Listed:
    """An entity that takes part: its row, and what the ledger says of it."""

    row: Entity
    known: NamedEntity

    @property
    def id(self) -> int:
        return self.row.id

    @property
    def name(self) -> str:
        return self.row.name

    @property
    def acronym(self) -> str:
        return self.row.acronym

    @property
    def kind(self) -> str:
        return self.known.kind or self.row.type

    @property
    def domains(self) -> Sequence[str]:
        return self.known.domains


async def adopted(act: Act, country: str) -> Course:
    """The course of a country, with all that the store knows of and the ledger does not yet: people who joined,
    entities and invitations that came from the command line or from before there was a ledger."""
    course = await act.course(country)
    facts = await _unknown(act.tx, course, country)
    if facts:
        await act.tx.hold(f"ledger {country}")
        facts = await _unknown(act.tx, await act.course(country), country)
        await act.record(*facts, country=country)
        course = await act.course(country)
    return course


async def _unknown(tx: Transaction, course: Course, country: str) -> list[Fact]:
    known = course.participants
    facts: list[Fact] = [
        EntityNamed(row.id, row.type, (), "invitation", row.name, row.acronym)
        for row in await tx.entities.of_country(country)
        if row.id not in known.entities
    ]
    facts += [
        PersonInvited(one.id, one.role, one.entity_id, one.expires_at, one.replaces)
        for one in await tx.invitations.of_country(country)
        if one.role in (*ANSWERING, "focal_point") and one.used_at is None and one.revoked_at is None
        if one.id not in known.offers
    ]
    for person in await tx.people.of_country(country):
        if person.id not in known.members:
            facts.append(PersonJoined(person.id, person.role, person.entity_id))
        if person.ended_at is not None and not known.is_over(person.id):
            facts.append(PartEnded(person.id, "left"))
    return facts


async def why_not(act: Act, step: Step, country: str = "", actor: Actor | None = None) -> Refusal | None:
    """Why a step would be refused now. The country is held from here on: what may be done now may still be done when
    the rows that it needs are written. `actor`: other than the person themselves."""
    place = country or act.person.country
    await act.tx.hold(f"ledger {place}")
    decision = take(await act.course(place), actor or act.actor, step, act.now)
    return decision if isinstance(decision, Refusal) else None


async def possible(act: Act, step: Step, country: str = "") -> bool:
    """The same; the person is told why."""
    refusal = await why_not(act, step, country)
    if refusal is not None:
        await act.refuse(refusal)
    return refusal is None


# ---- entities -----------------------------------------------------------------------------------------------------
async def listed(tx: Transaction, course: Course) -> list[Listed]:
    """The entities of a country by name, without those merged into another."""
    known = course.participants
    return [
        Listed(row, known.entities[row.id])
        for row in await tx.entities.of_country(course.country)
        if row.id in known.entities and not known.is_merged(row.id)
    ]


async def entity_of(tx: Transaction, course: Course, entity_id: int | None) -> Entity | None:
    """The row of an entity, or of the one it was merged into."""
    return await tx.entities.get(course.participants.kept(entity_id)) if entity_id is not None else None


async def found_or_added(act: Act, course: Course, name: str, acronym: str = "", kind: str = "") -> Entity:
    """The entity of that name, that of a name merged since included, made if there is none."""
    row = await act.tx.entities.find_or_add(course.country, name, act.now, acronym, kind)
    return await entity_of(act.tx, course, row.id) or row


def short(name: str, most: int = SHORT_NAME) -> str:
    """A name as lists show it."""
    return name if len(name) <= most else f"{name[: most - 1].rstrip()}…"


# ---- people -------------------------------------------------------------------------------------------------------
async def called(tx: Transaction, person: Person, language: str) -> str:
    """How a person is shown to others: as whoever invited them wrote, else by what they do; and for which entity."""
    entity = await tx.entities.get(person.entity_id) if person.entity_id is not None else None
    parts = [person.label, text(f"turns.role_{person.role}", language), short(entity.name) if entity else ""]
    if person.label and (person.role == "official" and entity):
        parts[1] = ""
    return " · ".join(part for part in parts if part)


async def part_of(tx: Transaction, person: Person, language: str) -> str:
    """What a person does, as it is said to themselves."""
    entity = await tx.entities.get(person.entity_id) if person.entity_id is not None else None
    role = text(f"turns.role_{person.role}", language)
    if entity is not None:
        return f"{role} · {entity.name}"
    return f"{role} · {knowledge.country(person.country).name(language)}" if person.country else role
