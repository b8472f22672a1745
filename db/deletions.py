"""What is due to be deleted, as it was last counted: finding it walks everybody, showing it may not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, delete, select

from db.schema import deletions
from db.statements import Statement
from db.work import Work

_ALL = Statement(lambda _: select(*deletions.c).order_by(deletions.c.country, deletions.c.category))
_CLEAR = Statement(lambda _: delete(deletions))
_PUT = Statement(lambda insert: insert(deletions).values({one.name: bindparam(one.name) for one in deletions.c}))


@dataclass(frozen=True, slots=True)
class Overdue:
    """So many things of one category, kept for a country ("": for none), the longest overdue since `since`."""

    country: str
    category: str
    number: int
    since: datetime


class Deletions:
    def __init__(self, work: Work) -> None:
        self._work = work

    async def all(self) -> list[Overdue]:
        """As they were last counted."""
        return [Overdue(*row) for row in await self._work.rows(_ALL)]

    async def count(self, found: Sequence[Overdue]) -> None:
        """Replace what was counted before."""
        await self._work.run(_CLEAR)
        rows = [
            {"country": one.country, "category": one.category, "number": one.number, "since": one.since}
            for one in found
        ]
        await self._work.many(_PUT, rows)
