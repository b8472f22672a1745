"""Use case: invite somebody to take part for a country."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from db.database import Store
from db.entities import Entity
from db.people import Role
from db.transaction import Transaction
from flows import i18n
from flows.country.steps.course import Course, course_of
from flows.country.steps.interest import takes_part
from flows.knowledge import UnknownCountry, country

LONGEST = timedelta(days=366)
EVERYWHERE: frozenset[Role] = frozenset({"secretariat", "expert"})
"""Roles that somebody can have for all countries."""
LONGEST_NAME = 300
"""Characters: a name is shown in questions and heads rows of tables."""


@dataclass(frozen=True, slots=True)
class Invited:
    """A new invitation. `code` is told nowhere else; `entity` is new when nobody answered for it before."""

    code: str
    country: str
    role: Role
    entity: Entity | None
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class NotInvited:
    """`reason` is a sentence of the `store` catalogue, or names another one; `values` are its placeholders."""

    reason: str
    values: Mapping[str, object] = field(default_factory=dict)


def cleaned(name: str) -> str:
    """A name on one line, without what is not printed."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in name).split())


async def invite(
    store: Store, country_code: str, role: Role, entity: str, language: str, valid: timedelta, now: datetime
) -> Invited | NotInvited:
    """Make an invitation for `role` in a country (alpha-2 or alpha-3), for the entity of that name, made if need be.
    Without an entity, the questionnaire asks an official which one it is; without a country, the secretariat and
    experts work for all of them.

    Whoever answers for a country is invited once it takes part, where it was asked whether it does.

    An empty `language` lets the country's first language be offered; `valid` says how long the code can be used.
    """
    place = None
    if country_code or role not in EVERYWHERE:
        try:
            place = country(country_code)
        except UnknownCountry:
            return NotInvited("unknown_country")
    code_of = place.code if place is not None else ""
    if language and i18n.base(language) not in i18n.languages():
        return NotInvited("unknown_language", {"known": ", ".join(i18n.languages())})
    name = cleaned(entity)
    if len(name) > LONGEST_NAME:
        return NotInvited("entity_too_long", {"most": LONGEST_NAME})
    if not timedelta() < valid <= LONGEST:
        return NotInvited("bad_validity")
    expires_at = now + valid
    async with store.writing() as tx:
        course = course_of(code_of, await tx.ledger.of_chain(code_of))
        if role not in EVERYWHERE and course.interest.opened_at is not None:
            wanting = takes_part(course)
            if wanting is not None:
                return NotInvited(wanting.reason, wanting.values)
        if role == "coordinator" and any(
            one.role == "coordinator" and one.ended_at is None for one in await tx.people.of_country(code_of)
        ):
            return NotInvited("coordinator_there")
        answers_for = await _entity(tx, course, name, now) if name and place is not None else None
        code, number = await tx.invitations.create(
            code_of,
            role,
            answers_for.id if answers_for else None,
            expires_at,
            now,
            language=language or (place.bot_languages[0] if place is not None else ""),
        )
        await tx.audit.record(now, "invited", "invitations", number, channel="command line", details={"role": role})
    return Invited(code, code_of, role, answers_for, expires_at)


async def _entity(tx: Transaction, course: Course, name: str, now: datetime) -> Entity:
    """The entity of that name, or the one that it was merged into since; made if there is none."""
    found = await tx.entities.find_or_add(course.country, name, now)
    return await tx.entities.get(course.participants.kept(found.id)) or found


def link(username: str, code: str) -> str:
    """The address that opens the conversation with the bot and redeems the code."""
    return f"https://t.me/{username}?start={code}"
