"""Who did what, when and where, appended and never changed; no personal data beyond numbers."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select

from db.schema import audit
from db.statements import Statement
from db.work import Work

_COLUMNS = tuple(column for column in audit.c if column.name != "id")
_ADD = Statement(lambda insert: insert(audit).values({column.name: bindparam(column.name) for column in _COLUMNS}))
_ABOUT = Statement(
    lambda _: (
        select(*_COLUMNS)
        .where(audit.c.subject == bindparam("subject_"), audit.c.subject_id == bindparam("subject_id_"))
        .order_by(audit.c.id)
    )
)
_ALL = Statement(lambda _: select(*_COLUMNS).order_by(audit.c.id))


@dataclass(frozen=True, slots=True)
class Entry:
    """`actor_id` is a person's number (None: the command line); `details` is JSON."""

    at: datetime
    actor_id: int | None
    action: str
    subject: str
    subject_id: int | None
    channel: str
    details: str


class Audit:
    def __init__(self, work: Work) -> None:
        self._work = work

    async def record(
        self,
        at: datetime,
        action: str,
        subject: str,
        subject_id: int | None = None,
        *,
        actor_id: int | None = None,
        channel: str = "",
        details: Mapping[str, str | int | bool | None] | None = None,
    ) -> None:
        """Append an entry: `action` ("invited", "redeemed", "consented"…) on row `subject_id` of table `subject`."""
        await self._work.run(
            _ADD,
            at=at,
            actor_id=actor_id,
            action=action,
            subject=subject,
            subject_id=subject_id,
            channel=channel,
            details=json.dumps(details or {}, sort_keys=True),
        )

    async def about(self, subject: str, subject_id: int) -> list[Entry]:
        """What was done to one row, oldest first."""
        return [Entry(*row) for row in await self._work.rows(_ABOUT, subject_=subject, subject_id_=subject_id)]

    async def entries(self) -> list[Entry]:
        """Everything, oldest first."""
        return [Entry(*row) for row in await self._work.rows(_ALL)]
