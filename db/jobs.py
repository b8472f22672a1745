"""Work too slow for a turn: committed with what asked for it, done afterwards, retried until it is done or given up."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, select, update

from db.schema import jobs
from db.statements import Statement
from db.work import Work

_COLUMNS = (jobs.c.id, jobs.c.kind, jobs.c.payload, jobs.c.person_id, jobs.c.attempts, jobs.c.not_before)
_PUT = Statement(
    lambda insert: insert(jobs).values(
        kind=bindparam("kind"),
        payload=bindparam("payload"),
        person_id=bindparam("person_id"),
        state="waiting",
        attempts=0,
        not_before=bindparam("at"),
        created_at=bindparam("at"),
    )
)
_WAITING = Statement(
    lambda _: (
        select(*_COLUMNS)
        .where(jobs.c.state == "waiting", jobs.c.not_before <= bindparam("now_"))
        .order_by(jobs.c.id)
        .limit(bindparam("most_"))
    )
)
_LEFT = Statement(lambda _: select(func.min(jobs.c.not_before)).where(jobs.c.state == "waiting"))
_END = Statement(
    lambda _: (
        update(jobs)
        .where(jobs.c.id == bindparam("id_"), jobs.c.state == "waiting")
        .values(state=bindparam("state"), payload="{}", done_at=bindparam("done_at"))
    )
)
_AGAIN = Statement(
    lambda _: (
        update(jobs)
        .where(jobs.c.id == bindparam("id_"), jobs.c.state == "waiting")
        .values(attempts=jobs.c.attempts + 1, not_before=bindparam("not_before"))
    )
)
_NOTE = Statement(
    lambda _: (
        update(jobs)
        .where(jobs.c.id == bindparam("id_"), jobs.c.state == "waiting")
        .values(payload=bindparam("payload"))
    )
)


@dataclass(frozen=True, slots=True)
class Job:
    """`payload`: what the kind of work needs to know, as JSON holds it."""

    id: int
    kind: str
    payload: Mapping[str, Any]
    person_id: int | None
    attempts: int
    not_before: datetime


class Jobs:
    def __init__(self, work: Work) -> None:
        self._work = work

    async def put(self, kind: str, payload: Mapping[str, Any], person_id: int | None, at: datetime) -> None:
        """Ask for work, in the transaction that makes it necessary."""
        await self._work.run(_PUT, kind=kind, payload=json.dumps(payload), person_id=person_id, at=at)
        self._work.spoke = True

    async def waiting(self, most: int, now: datetime) -> list[Job]:
        """The oldest jobs to do by now."""
        rows = await self._work.rows(_WAITING, most_=most, now_=now)
        return [Job(row[0], row[1], json.loads(row[2]), *row[3:]) for row in rows]

    async def next_at(self) -> datetime | None:
        """When the next one is to be done; None: nothing waits."""
        row = await self._work.row(_LEFT)
        return row[0] if row else None

    async def end(self, job_id: int, at: datetime, *, failed: bool = False) -> bool:
        """Done, or given up: what it was told is not kept. False: it was before, and what was done for it is to be
        rolled back."""
        return await self._work.run(_END, id_=job_id, state="failed" if failed else "done", done_at=at) == 1

    async def note(self, job_id: int, payload: Mapping[str, Any]) -> None:
        """Keep how far it is, in the transaction that brings it there: it is told so if it has to be done again."""
        await self._work.run(_NOTE, id_=job_id, payload=json.dumps(payload))

    async def again(self, job_id: int, not_before: datetime) -> None:
        """Try later."""
        await self._work.run(_AGAIN, id_=job_id, not_before=not_before)
