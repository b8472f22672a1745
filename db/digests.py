"""Who gets the weekly digest, when the next one is planned, and who wants none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, func, literal_column, select, update

from db.schema import digests, ledger, people
from db.statements import Statement
from db.work import Work

_COLUMNS = tuple(digests.c)
_HAS_PART = people.c.ended_at.is_(None)
_MISSING = Statement(
    lambda _: (
        select(people.c.id, people.c.country)
        .select_from(people.outerjoin(digests, digests.c.person_id == people.c.id))
        .where(
            people.c.role.in_([literal_column("'secretariat'"), literal_column("'coordinator'")]),
            _HAS_PART,
            digests.c.person_id.is_(None),
        )
        .order_by(people.c.id)
    )
)
_PLAN = Statement(
    lambda insert: (
        insert(digests)
        .values(person_id=bindparam("person_id"), next_at=bindparam("next_at"))
        .on_conflict_do_nothing(index_elements=["person_id"])
    )
)
_DUE = Statement(
    lambda _: (
        select(*_COLUMNS)
        .select_from(digests.join(people, people.c.id == digests.c.person_id))
        .where(digests.c.next_at <= bindparam("now_"), digests.c.off.is_(False), _HAS_PART)
        .order_by(digests.c.next_at, digests.c.person_id)
    )
)
_GET = Statement(lambda _: select(*_COLUMNS).where(digests.c.person_id == bindparam("person_id_")))
_IS_AS_READ = (digests.c.person_id == bindparam("person_id_"), digests.c.next_at == bindparam("planned_"))
_SENT = Statement(
    lambda _: (
        update(digests)
        .where(*_IS_AS_READ, digests.c.off.is_(False))
        .values(last_at=bindparam("last_at"), next_at=bindparam("next_at"))
    )
)
_PASSED = Statement(
    lambda _: update(digests).where(*_IS_AS_READ, digests.c.off.is_(False)).values(next_at=bindparam("next_at"))
)
_SWITCH = Statement(
    lambda insert: (
        insert(digests)
        .values(person_id=bindparam("person_id"), off=bindparam("off"), next_at=bindparam("next_at"))
        .on_conflict_do_update(
            index_elements=["person_id"], set_={"off": bindparam("off"), "next_at": bindparam("next_at")}
        )
    )
)
_HAPPENED = Statement(
    lambda _: (
        select(ledger.c.chain, ledger.c.kind, func.count())
        .where(ledger.c.at >= bindparam("since_"), ledger.c.at < bindparam("until_"))
        .group_by(ledger.c.chain, ledger.c.kind)
    )
)


@dataclass(frozen=True, slots=True)
class Planned:
    """The next digest of somebody. `last_at`: when the last one was sent."""

    person_id: int
    off: bool
    last_at: datetime | None
    next_at: datetime


class Digests:
    def __init__(self, work: Work) -> None:
        self._work = work

    async def missing(self) -> list[tuple[int, str]]:
        """Number and country of those who get a digest and have none planned yet."""
        return [(row[0], row[1]) for row in await self._work.rows(_MISSING)]

    async def plan(self, times: Sequence[tuple[int, datetime]]) -> None:
        """Plan the first digest of people; where one is planned already, that stays."""
        await self._work.many(_PLAN, [{"person_id": number, "next_at": at} for number, at in times])

    async def due(self, now: datetime) -> list[Planned]:
        """Digests whose time has come, of people who take part and want them."""
        return [_planned(row) for row in await self._work.rows(_DUE, now_=now)]

    async def get(self, person_id: int) -> Planned | None:
        row = await self._work.row(_GET, person_id_=person_id)
        return _planned(row) if row else None

    async def sent(self, one: Planned, at: datetime, next_at: datetime) -> bool:
        """The digest is sent. False: another process was quicker, or it was turned off meanwhile."""
        values = {"person_id_": one.person_id, "planned_": one.next_at, "last_at": at, "next_at": next_at}
        return await self._work.run(_SENT, **values) == 1

    async def passed(self, one: Planned, next_at: datetime) -> bool:
        """There was nothing to say, or it is too late for it. False as in `sent`."""
        return await self._work.run(_PASSED, person_id_=one.person_id, planned_=one.next_at, next_at=next_at) == 1

    async def switch(self, person_id: int, off: bool, next_at: datetime) -> None:
        """Turn somebody's digest off, or on again from `next_at` on."""
        await self._work.run(_SWITCH, person_id=person_id, off=off, next_at=next_at)

    async def happened(self, since: datetime, until: datetime) -> dict[str, dict[str, int]]:
        """How often what happened in each country: chain → kind of fact → number."""
        found: dict[str, dict[str, int]] = {}
        for chain, kind, number in await self._work.rows(_HAPPENED, since_=since, until_=until):
            found.setdefault(chain, {})[kind] = number
        return found


def _planned(row: tuple[int, bool, datetime | None, datetime]) -> Planned:
    return Planned(row[0], bool(row[1]), row[2], row[3])
