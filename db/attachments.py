"""Files given as answers: what is known of each. Their contents are outside the database, named by their SHA-256."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import bindparam, literal_column, select, update

from db.schema import attachments
from db.statements import Statement
from db.work import Work

_COLUMNS = tuple(attachments.c)
_NEW = tuple(column for column in _COLUMNS if column.name not in ("id", "sha256", "reason"))

_ADD = Statement(
    lambda insert: (
        insert(attachments).values({column.name: bindparam(column.name) for column in _NEW}).returning(attachments.c.id)
    )
)
_WAITING = Statement(
    lambda _: (
        select(*_COLUMNS)
        .where(attachments.c.state == literal_column("'waiting'"), attachments.c.id > bindparam("after_"))
        .order_by(attachments.c.id)
        .limit(bindparam("limit_"))
    )
)
_OF_INTERVIEW = Statement(
    lambda _: (
        select(*_COLUMNS)
        .where(attachments.c.interview_id == bindparam("interview_id_"))
        .order_by(attachments.c.path, attachments.c.id)
    )
)
_STORED = Statement(
    lambda _: (
        update(attachments)
        .where(attachments.c.id == bindparam("id_"))
        .values(state="stored", sha256=bindparam("sha256"), size=bindparam("size"))
    )
)
_REFUSED = Statement(
    lambda _: (
        update(attachments)
        .where(attachments.c.id == bindparam("id_"))
        .values(state="refused", reason=bindparam("reason"))
    )
)


@dataclass(frozen=True, slots=True)
class StoredAttachment:
    """`waiting`: to be fetched by `reference`; `stored`: a file named `sha256`; `refused`: `reason` says why."""

    id: int
    interview_id: int
    path: str
    name: str
    media_type: str
    size: int | None
    channel: str
    reference: str
    sha256: str | None
    state: Literal["waiting", "stored", "refused"]
    reason: str
    at: datetime


class Attachments:
    def __init__(self, work: Work) -> None:
        self._work = work

    async def add(
        self,
        interview_id: int,
        path: str,
        name: str,
        media_type: str,
        size: int | None,
        channel: str,
        reference: str,
        at: datetime,
    ) -> int:
        """Note a file whose bytes are still to be fetched. Returns its number."""
        row = await self._work.row(
            _ADD,
            interview_id=interview_id,
            path=path,
            name=name,
            media_type=media_type,
            size=size,
            channel=channel,
            reference=reference,
            state="waiting",
            at=at,
        )
        self._work.spoke = True
        assert row is not None  # noqa: S101 (RETURNING brings one)
        return int(row[0])

    async def waiting(self, limit: int = 100, after: int = 0) -> list[StoredAttachment]:
        """Files to fetch with a number above `after`, oldest first."""
        return [StoredAttachment(*row) for row in await self._work.rows(_WAITING, limit_=limit, after_=after)]

    async def of_interview(self, interview_id: int) -> list[StoredAttachment]:
        """An interview's files by path."""
        return [StoredAttachment(*row) for row in await self._work.rows(_OF_INTERVIEW, interview_id_=interview_id)]

    async def stored(self, attachment_id: int, sha256: str, size: int) -> None:
        """The bytes are in place under `sha256`."""
        await self._work.run(_STORED, id_=attachment_id, sha256=sha256, size=size)

    async def refused(self, attachment_id: int, reason: str) -> None:
        """The bytes will not be kept: too large, gone, forbidden."""
        await self._work.run(_REFUSED, id_=attachment_id, reason=reason)
