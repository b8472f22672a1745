"""Updates that came in, each handled once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import cast

from sqlalchemy import bindparam, delete, func, literal_column, select, update

from db.schema import inbox
from db.statements import Statement
from db.work import Work

_CLAIM = Statement(
    lambda insert: (
        insert(inbox)
        .values(
            channel=bindparam("channel"), update_id=bindparam("update_id"), state="done", received_at=bindparam("at")
        )
        .on_conflict_do_nothing()
    )
)
_FAIL = Statement(
    lambda insert: (
        insert(inbox)
        .values(
            channel=bindparam("channel"),
            update_id=bindparam("update_id"),
            state="failed",
            error=bindparam("error"),
            payload=bindparam("payload"),
            received_at=bindparam("at"),
        )
        .on_conflict_do_nothing()
    )
)
_LAST = Statement(lambda _: select(func.max(inbox.c.update_id)).where(inbox.c.channel == bindparam("channel")))
_FAILED = Statement(
    lambda _: (
        select(inbox.c.channel, inbox.c.update_id, inbox.c.error, inbox.c.payload, inbox.c.received_at)
        .where(inbox.c.state == literal_column("'failed'"))
        .order_by(inbox.c.received_at)
    )
)
_IS_FAILED = (
    inbox.c.channel == bindparam("channel_"),
    inbox.c.update_id == bindparam("update_id_"),
    inbox.c.state == literal_column("'failed'"),
)
_RESOLVED = Statement(lambda _: update(inbox).where(*_IS_FAILED).values(state="done", payload=None, error=None))
_FAILED_AGAIN = Statement(lambda _: update(inbox).where(*_IS_FAILED).values(error=bindparam("error")))
_FORGET = Statement(
    lambda _: delete(inbox).where(inbox.c.channel == bindparam("channel"), inbox.c.update_id < bindparam("below"))
)


@dataclass(frozen=True, slots=True)
class FailedUpdate:
    """An update that could not be handled; `error` is the kind of error, `payload` the update as JSON."""

    channel: str
    update_id: int
    error: str
    payload: str
    received_at: datetime


class Inbox:
    """An update's row is written in the transaction that holds all it caused: a replay finds it and changes nothing."""

    def __init__(self, work: Work) -> None:
        self._work = work

    async def claim(self, channel: str, update_id: int, received_at: datetime) -> bool:
        """Take an update. False: it was handled (or failed) before, and nothing is to be done.

        What it says is not kept here: it is kept as the answers it becomes.
        """
        return await self._work.run(_CLAIM, channel=channel, update_id=update_id, at=received_at) == 1

    async def failed(self, channel: str, update_id: int, payload: str, error: str, received_at: datetime) -> bool:
        """Keep an update that could not be handled, in a transaction of its own after its own was rolled back.

        `payload` is its JSON, `error` the kind of error. It counts as seen from now on and blocks nothing.
        """
        values = {"channel": channel, "update_id": update_id, "payload": payload, "error": error[:64]}
        return await self._work.run(_FAIL, **values, at=received_at) == 1

    async def last_update_id(self, channel: str) -> int | None:
        """The highest number seen on a channel."""
        found = await self._work.row(_LAST, channel=channel)
        return cast("int | None", found[0]) if found else None

    async def failures(self) -> list[FailedUpdate]:
        """Updates kept because they could not be handled, oldest first."""
        return [FailedUpdate(*row) for row in await self._work.rows(_FAILED)]

    async def resolved(self, channel: str, update_id: int) -> bool:
        """An update that failed is handled after all, in this transaction. False: it did not fail, or no longer."""
        return await self._work.run(_RESOLVED, channel_=channel, update_id_=update_id) == 1

    async def failed_again(self, channel: str, update_id: int, error: str) -> None:
        """Note what kept an update from being handled the second time."""
        await self._work.run(_FAILED_AGAIN, channel_=channel, update_id_=update_id, error=error[:64])

    async def forget(self, channel: str, below: int) -> int:
        """Drop the rows of updates numbered under `below`, which the channel will not send again. Returns how many."""
        return await self._work.run(_FORGET, channel=channel, below=below)
