"""Institutions."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select

from db.schema import entities
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
