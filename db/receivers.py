"""Who can be written to: people of a group with their consent and addresses, in one query for thousands."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import bindparam, func, literal_column, or_, select
from sqlalchemy.sql import ColumnElement, Select

from db.people import _PERSON, Person
from db.schema import addresses, consents, people
from db.statements import Row, Statement
from db.work import Work

_root = func.coalesce(people.c.first_id, people.c.id)
_bound = people.alias("bound")
_agreed = (
    select(consents.c.given)
    .where(consents.c.person_id == people.c.id, consents.c.purpose == literal_column("'processing'"))
    .order_by(consents.c.id.desc())
    .limit(1)
    .correlate(people)
    .scalar_subquery()
)


def _query(*where: ColumnElement[bool]) -> Select[tuple[object, ...]]:
    return (
        select(*_PERSON, _root, _agreed, addresses.c.channel, addresses.c.address, addresses.c.status)
        .select_from(
            people.outerjoin(_bound, or_(_bound.c.id == _root, _bound.c.first_id == _root)).outerjoin(
                addresses, addresses.c.person_id == _bound.c.id
            )
        )
        .where(*where)
        .order_by(people.c.id, addresses.c.channel, addresses.c.address)
    )


_OF_COUNTRY = Statement(lambda _: _query(people.c.country == bindparam("country_")))
_OF_ROLE = Statement(lambda _: _query(people.c.role == bindparam("role_")))
_ALL = Statement(lambda _: _query())


@dataclass(frozen=True, slots=True)
class Receiver:
    """One part of somebody. `human`: the number of the first part of the same person; `agreed`: to the processing of
    their data, None: never asked; `at`: channel, address and status of where the same person can be spoken to."""

    person: Person
    human: int
    agreed: bool | None
    at: tuple[tuple[str, str, str], ...]


class Receivers:
    def __init__(self, work: Work) -> None:
        self._work = work

    async def of_country(self, country: str) -> list[Receiver]:
        """Everybody who takes part for a country, or did."""
        return _read(await self._work.rows(_OF_COUNTRY, country_=country))

    async def of_role(self, role: str) -> list[Receiver]:
        """Everybody who takes part in a role, or did, in whatever country."""
        return _read(await self._work.rows(_OF_ROLE, role_=role))

    async def all(self) -> list[Receiver]:
        """Everybody."""
        return _read(await self._work.rows(_ALL))


def _read(rows: list[Row]) -> list[Receiver]:
    parts: dict[int, Receiver] = {}
    found: dict[int, dict[tuple[str, str, str], None]] = {}
    for row in rows:
        person, (human, agreed, *at) = row[:-5], row[-5:]
        if person[0] not in parts:
            parts[person[0]] = Receiver(Person(*person), human, None if agreed is None else bool(agreed), ())
        if at[0] is not None:
            found.setdefault(person[0], {})[at[0], at[1], at[2]] = None
    return [Receiver(one.person, one.human, one.agreed, tuple(found.get(number, ()))) for number, one in parts.items()]
