"""Who did what, when and where, appended and never changed, each entry sealed to the one before; no personal data
beyond numbers."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime

from sqlalchemy import bindparam, select

from db.schema import audit
from db.statements import Statement
from db.work import Work
from flows.country.ledger import GENESIS, digest, moment

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
_LAST = Statement(lambda _: select(audit.c.hash).order_by(audit.c.id.desc()).limit(1))


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
    previous: str
    hash: str


def _seal(entry: Entry) -> str:
    return digest(
        {
            "at": moment(entry.at),
            "actor": entry.actor_id,
            "action": entry.action,
            "subject": entry.subject,
            "subject_id": entry.subject_id,
            "channel": entry.channel,
            "details": entry.details,
            "previous": entry.previous,
        }
    )


def breaks(entries: Iterable[Entry]) -> list[int]:
    """The numbers, from 1, of the entries of the whole log that do not hold. Those of before the log was sealed have no
    hash, and stand first."""
    found, previous = [], GENESIS
    for number, entry in enumerate(entries, 1):
        if not entry.hash and previous == GENESIS:
            continue
        if entry.previous != previous or _seal(entry) != entry.hash:
            found.append(number)
        previous = entry.hash
    return found


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
        await self._work.hold("audit")
        row = await self._work.row(_LAST)
        previous = (row[0] if row else "") or GENESIS
        told = json.dumps(details or {}, sort_keys=True)
        entry = Entry(at, actor_id, action, subject, subject_id, channel, told, previous, "")
        entry = replace(entry, hash=_seal(entry))
        await self._work.run(_ADD, **{item.name: getattr(entry, item.name) for item in fields(entry)})

    async def about(self, subject: str, subject_id: int) -> list[Entry]:
        """What was done to one row, oldest first."""
        return [Entry(*row) for row in await self._work.rows(_ABOUT, subject_=subject, subject_id_=subject_id)]

    async def entries(self) -> list[Entry]:
        """Everything, oldest first."""
        return [Entry(*row) for row in await self._work.rows(_ALL)]
