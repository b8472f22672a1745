"""Seats: colleagues who answer a part of somebody's interview."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select, update

from db.schema import seats
from db.statements import Statement
from db.work import Work

_COLUMNS = tuple(seats.c)
_HERE = (seats.c.interview_id == bindparam("interview_id_"), seats.c.person_id == bindparam("person_id_"))
_OPEN = Statement(lambda insert: insert(seats).values({column.name: bindparam(column.name) for column in _COLUMNS}))
_GET = Statement(lambda _: select(*_COLUMNS).where(*_HERE))
_SAVE = Statement(lambda _: update(seats).where(*_HERE).values(state=bindparam("state")))
_CLOSE = Statement(
    lambda _: update(seats).where(*_HERE, seats.c.closed_at.is_(None)).values(closed_at=bindparam("closed_at"))
)
_OF_INTERVIEW = Statement(
    lambda _: (
        select(*_COLUMNS)
        .where(seats.c.interview_id == bindparam("interview_id_"))
        .order_by(seats.c.opened_at, seats.c.person_id)
    )
)
_OF_PERSON = Statement(
    lambda _: select(*_COLUMNS).where(seats.c.person_id == bindparam("person_id_")).order_by(seats.c.opened_at)
)


@dataclass(frozen=True, slots=True)
class StoredSeat:
    """A colleague's place at an interview. `state` is the core's seat as JSON, opaque here."""

    interview_id: int
    person_id: int
    state: str
    opened_at: datetime
    closed_at: datetime | None


class Seats:
    def __init__(self, work: Work) -> None:
        self._work = work

    async def open(self, interview_id: int, person_id: int, state: str, at: datetime) -> None:
        """A place for a colleague."""
        await self._work.run(
            _OPEN, interview_id=interview_id, person_id=person_id, state=state, opened_at=at, closed_at=None
        )

    async def get(self, interview_id: int, person_id: int) -> StoredSeat | None:
        row = await self._work.row(_GET, interview_id_=interview_id, person_id_=person_id)
        return StoredSeat(*row) if row else None

    async def save(self, interview_id: int, person_id: int, state: str) -> None:
        """Where the colleague is now; the interview itself, saved beside it, guards against two at once."""
        await self._work.run(_SAVE, interview_id_=interview_id, person_id_=person_id, state=state)

    async def close(self, interview_id: int, person_id: int, at: datetime) -> bool:
        """Handed back or recalled. False: it was before."""
        return await self._work.run(_CLOSE, interview_id_=interview_id, person_id_=person_id, closed_at=at) == 1

    async def of_interview(self, interview_id: int) -> list[StoredSeat]:
        """All places at an interview, oldest first."""
        return [StoredSeat(*row) for row in await self._work.rows(_OF_INTERVIEW, interview_id_=interview_id)]

    async def of_person(self, person_id: int) -> list[StoredSeat]:
        """The places of a colleague, oldest first."""
        return [StoredSeat(*row) for row in await self._work.rows(_OF_PERSON, person_id_=person_id)]
