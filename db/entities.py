"""Institutions."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Table, bindparam, select, update

from db.schema import entities, interviews, invitations, people
from db.statements import Statement
from db.work import Work

_COLUMNS = (
    entities.c.id,
    entities.c.country,
    entities.c.name,
    entities.c.acronym,
    entities.c.type,
    entities.c.created_at,
)
_ADD = Statement(
    lambda insert: (
        insert(entities)
        .values({column.name: bindparam(column.name) for column in (*_COLUMNS[1:], entities.c.folded)})
        .on_conflict_do_nothing()
    )
)
_GET = Statement(lambda _: select(*_COLUMNS).where(entities.c.id == bindparam("id_")))
_FIND = Statement(
    lambda _: select(*_COLUMNS).where(
        entities.c.country == bindparam("country_"), entities.c.folded == bindparam("folded_")
    )
)
_OF_COUNTRY = Statement(
    lambda _: select(*_COLUMNS).where(entities.c.country == bindparam("country_")).order_by(entities.c.folded)
)
_CORRECT = Statement(
    lambda _: (
        update(entities)
        .where(entities.c.id == bindparam("id_"))
        .values(
            name=bindparam("name"),
            folded=bindparam("folded"),
            acronym=bindparam("acronym"),
            type=bindparam("type"),
        )
    )
)


def _moving(table: Table) -> Statement:
    here = table.c.entity_id == bindparam("from_id_")
    return Statement(lambda _: update(table).where(here).values(entity_id=bindparam("to_id_")))


_MOVE = tuple(_moving(table) for table in (people, interviews, invitations))


@dataclass(frozen=True, slots=True)
class Entity:
    """`country` is ISO 3166-1 alpha-3, `type` a choice of the form's list of entity types, or empty."""

    id: int
    country: str
    name: str
    acronym: str
    type: str
    created_at: datetime


def fold(name: str) -> str:
    """A name as it is compared: without case, accents, typographic apostrophes and extra spaces."""
    plain = unicodedata.normalize("NFKD", name.replace("’", "'")).casefold()
    return " ".join("".join(letter for letter in plain if not unicodedata.combining(letter)).split())


class Entities:
    def __init__(self, work: Work) -> None:
        self._work = work

    async def get(self, entity_id: int) -> Entity | None:
        row = await self._work.row(_GET, id_=entity_id)
        return Entity(*row) if row else None

    async def find(self, country: str, name: str) -> Entity | None:
        """The entity of that name, compared by `fold`."""
        row = await self._work.row(_FIND, country_=country, folded_=fold(name))
        return Entity(*row) if row else None

    async def find_or_add(
        self, country: str, name: str, created_at: datetime, acronym: str = "", type: str = ""
    ) -> Entity:
        """The entity of that name, made if there is none."""
        found = await self.find(country, name)
        if found is None:
            values = {"country": country, "name": name, "folded": fold(name), "acronym": acronym, "type": type}
            await self._work.run(_ADD, **values, created_at=created_at)
            found = await self.find(country, name)
            assert found is not None  # noqa: S101 (just written)
        return found

    async def of_country(self, country: str) -> list[Entity]:
        """A country's entities by name."""
        return [Entity(*row) for row in await self._work.rows(_OF_COUNTRY, country_=country)]

    async def correct(self, entity_id: int, name: str, acronym: str, type: str) -> None:
        """Another name, acronym or type. No other entity of the country may have that name (see `find`)."""
        await self._work.run(_CORRECT, id_=entity_id, name=name, folded=fold(name), acronym=acronym, type=type)

    async def move(self, from_id: int, to_id: int) -> None:
        """People, interviews and invitations of one entity belong to another from now on; its row stays, and with it
        its name."""
        for statement in _MOVE:
            await self._work.run(statement, from_id_=from_id, to_id_=to_id)
