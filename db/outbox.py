"""Messages to send: rows committed with what caused them, sent afterwards."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from sqlalchemy import bindparam, func, literal_column, select, update

from db.schema import outbox
from db.statements import Statement
from db.work import Work

_IS_WAITING = outbox.c.state == literal_column("'waiting'")
_IS_HELD = outbox.c.state == literal_column("'held'")
_IS_OPEN = outbox.c.state.in_([literal_column("'waiting'"), literal_column("'held'")])
_HERE = (outbox.c.channel == bindparam("channel_"), outbox.c.address == bindparam("address_"))
_DUE_COLUMNS = (
    outbox.c.id,
    outbox.c.channel,
    outbox.c.address,
    outbox.c.key,
    outbox.c.edit,
    outbox.c.prompt,
    outbox.c.priority,
    outbox.c.created_at,
    outbox.c.batch,
)
_PUT_NAMES = (
    *("channel", "address", "key", "edit", "prompt", "priority", "not_before", "dedupe", "created_at"),
    *("batch", "not_after"),
)
_MAY_GO = outbox.c.not_after.is_(None) | (outbox.c.not_after > bindparam("now_"))
_IS_OF_BATCH = outbox.c.batch == bindparam("batch_")

_PUT = Statement(
    lambda insert: (
        insert(outbox)
        .values({name: bindparam(name) for name in _PUT_NAMES} | {"state": "waiting"})
        .on_conflict_do_nothing()
    )
)
_DUE = Statement(
    lambda _: (
        select(*_DUE_COLUMNS)
        .where(_IS_WAITING, outbox.c.id > bindparam("after_"), outbox.c.not_before <= bindparam("now_"), _MAY_GO)
        .order_by(outbox.c.id)
        .limit(bindparam("limit_"))
    )
)
_DUE_IDS = Statement(
    lambda _: (
        select(outbox.c.id).where(_IS_WAITING, outbox.c.not_before <= bindparam("now_"), _MAY_GO).order_by(outbox.c.id)
    )
)
_NEXT_DUE = Statement(
    lambda _: (
        select(outbox.c.not_before)
        .where(_IS_WAITING, outbox.c.not_before > bindparam("now_"))
        .order_by(outbox.c.not_before)
        .limit(1)
    )
)
_SENT = Statement(
    lambda _: (
        update(outbox)
        .where(outbox.c.id == bindparam("id_"))
        .values(state="sent", prompt="", message_id=bindparam("message_id"), done_at=bindparam("done_at"))
    )
)
_DEAD = Statement(
    lambda _: (
        update(outbox)
        .where(outbox.c.id == bindparam("id_"))
        .values(state="dead", reason=bindparam("reason"), done_at=bindparam("done_at"))
    )
)
_HOLD = Statement(
    lambda _: update(outbox).where(*_HERE, _IS_OPEN, _IS_WAITING).values(state="held", reason=bindparam("reason"))
)
_RELEASE = Statement(lambda _: update(outbox).where(*_HERE, _IS_OPEN, _IS_HELD).values(state="waiting", reason=""))
_DROP = Statement(
    lambda _: (
        update(outbox)
        .where(*_HERE, _IS_OPEN)
        .values(state="dead", prompt="", reason=bindparam("reason"), done_at=bindparam("done_at"))
    )
)
_DROP_GROUP = Statement(
    lambda _: (
        update(outbox)
        .where(*_HERE, _IS_OPEN, outbox.c.batch.like(bindparam("like_")))
        .values(state="dead", prompt="", reason=bindparam("reason"), done_at=bindparam("done_at"))
    )
)
_MESSAGE_ID = Statement(
    lambda _: (
        select(outbox.c.message_id)
        .where(*_HERE, outbox.c.key == bindparam("key_"), outbox.c.message_id != literal_column("''"))
        .order_by(outbox.c.id.desc())
        .limit(1)
    )
)
_KEY_OF = Statement(
    lambda _: (
        select(outbox.c.key)
        .where(*_HERE, outbox.c.message_id == bindparam("message_id_"))
        .order_by(outbox.c.id)
        .limit(1)
    )
)
_NEWEST_KEY = Statement(
    lambda _: (
        select(outbox.c.key)
        .where(*_HERE, outbox.c.key.like(bindparam("like_")), outbox.c.edit.is_(False))
        .order_by(outbox.c.id.desc())
        .limit(1)
    )
)
_COUNTS = Statement(lambda _: select(outbox.c.state, func.count()).group_by(outbox.c.state))
_COUNTS_OF = Statement(
    lambda _: (
        select(outbox.c.state, outbox.c.reason, func.count())
        .where(_IS_OF_BATCH)
        .group_by(outbox.c.state, outbox.c.reason)
    )
)
_ADDRESSES_OF = Statement(lambda _: select(outbox.c.channel, outbox.c.address).where(_IS_OF_BATCH))
_DROP_BATCH = Statement(
    lambda _: (
        update(outbox)
        .where(_IS_OF_BATCH, _IS_OPEN)
        .values(state="dead", prompt="", reason=bindparam("reason"), done_at=bindparam("done_at"))
    )
)
_STILL = Statement(
    lambda _: select(outbox.c.id).where(
        outbox.c.id == bindparam("id_"), _IS_WAITING, outbox.c.not_before <= bindparam("now_"), _MAY_GO
    )
)
_OVERDUE = Statement(
    lambda _: (
        select(outbox.c.id, outbox.c.channel, outbox.c.address, outbox.c.batch, outbox.c.created_at)
        .where(_IS_OPEN, outbox.c.not_after <= bindparam("now_"))
        .order_by(outbox.c.not_after, outbox.c.id)
        .limit(bindparam("limit_"))
    )
)
_RESCHEDULE = Statement(
    lambda _: (
        update(outbox)
        .where(outbox.c.id == bindparam("id_"), _IS_OPEN)
        .values(not_before=bindparam("not_before"), not_after=bindparam("not_after"))
    )
)
_GIVE_UP = Statement(
    lambda _: (
        update(outbox)
        .where(outbox.c.id == bindparam("id_"), _IS_OPEN)
        .values(state="dead", prompt="", reason=bindparam("reason"), done_at=bindparam("done_at"))
    )
)


@dataclass(frozen=True, slots=True)
class Message:
    """A message to put into the outbox. `prompt` is JSON; `not_before` None: at once.

    `key` and `edit` repeat the prompt's; `priority` 0 is a reply, higher numbers may wait behind it; of two messages
    with the same `dedupe` for an address, only the first is ever sent. `batch`: the broadcast it belongs to; it can be
    stopped until the last moment. `not_after`: from then on it waits for another time (see `reschedule`).
    """

    channel: str
    address: str
    prompt: str
    key: str = ""
    edit: bool = False
    priority: int = 0
    not_before: datetime | None = None
    dedupe: str | None = None
    batch: str | None = None
    not_after: datetime | None = None


@dataclass(frozen=True, slots=True)
class Due:
    """A message whose time has come."""

    id: int
    channel: str
    address: str
    key: str
    edit: bool
    prompt: str
    priority: int
    created_at: datetime
    batch: str | None = None


@dataclass(frozen=True, slots=True)
class Overdue:
    """A message that has not gone out in the time for which it was planned."""

    id: int
    channel: str
    address: str
    batch: str | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a message: the `message_id` shown ("" where a later edit replaced it), or why it is `dead`."""

    id: int
    message_id: str = ""
    dead: str = ""


class Outbox:
    def __init__(self, work: Work) -> None:
        self._work = work

    async def put(self, messages: Sequence[Message], now: datetime) -> None:
        """Add messages, in order. The sender is woken when the transaction commits."""
        rows = [
            {
                "channel": one.channel,
                "address": one.address,
                "key": one.key,
                "edit": one.edit,
                "prompt": one.prompt,
                "priority": one.priority,
                "not_before": one.not_before or now,
                "dedupe": one.dedupe,
                "created_at": now,
                "batch": one.batch,
                "not_after": one.not_after,
            }
            for one in messages
        ]
        await self._work.many(_PUT, rows)
        self._work.spoke = True

    async def due(self, now: datetime, limit: int = 1000, after: int = 0) -> list[Due]:
        """Waiting messages whose time has come, numbered above `after`, in the order they were put."""
        return [Due(*row) for row in await self._work.rows(_DUE, now_=now, limit_=limit, after_=after)]

    async def due_ids(self, now: datetime) -> list[int]:
        """The numbers of all waiting messages whose time has come, in the order they were put: cheap for thousands."""
        return [row[0] for row in await self._work.rows(_DUE_IDS, now_=now)]

    async def next_due(self, now: datetime) -> datetime | None:
        """When the next message falls due that is not due yet."""
        row = await self._work.row(_NEXT_DUE, now_=now)
        return cast("datetime", row[0]) if row else None

    async def done(self, outcomes: Sequence[Outcome], at: datetime) -> None:
        """Record what became of messages. What a sent one said is not kept; a dead one is, to be looked into."""
        sent = [{"id_": one.id, "message_id": one.message_id, "done_at": at} for one in outcomes if not one.dead]
        dead = [{"id_": one.id, "reason": one.dead[:64], "done_at": at} for one in outcomes if one.dead]
        await self._work.many(_SENT, sent)
        await self._work.many(_DEAD, dead)

    async def hold(self, channel: str, address: str, reason: str) -> int:
        """Set an address's waiting messages aside until it can be reached again. Returns how many."""
        return await self._work.run(_HOLD, channel_=channel, address_=address, reason=reason)

    async def release(self, channel: str, address: str) -> int:
        """Let messages set aside go out again. Returns how many."""
        self._work.spoke = True
        return await self._work.run(_RELEASE, channel_=channel, address_=address)

    async def drop(self, channel: str, address: str, reason: str, at: datetime) -> int:
        """Give up an address's messages, waiting or held. Returns how many."""
        return await self._work.run(_DROP, channel_=channel, address_=address, reason=reason, done_at=at)

    async def message_id(self, channel: str, address: str, key: str) -> str:
        """The channel's id of the message last sent under a key; "" when there is none."""
        if not key:
            return ""
        row = await self._work.row(_MESSAGE_ID, channel_=channel, address_=address, key_=key)
        return str(row[0]) if row else ""

    async def key_of(self, channel: str, address: str, message_id: str) -> str:
        """The key under which a message was sent; "" when it had none, or is not ours."""
        row = await self._work.row(_KEY_OF, channel_=channel, address_=address, message_id_=message_id)
        return str(row[0]) if row else ""

    async def newest_key(self, channel: str, address: str, prefix: str) -> str:
        """The key of the newest message whose key begins with `prefix`, edits apart; "" when there is none."""
        row = await self._work.row(_NEWEST_KEY, channel_=channel, address_=address, like_=f"{prefix}%")
        return str(row[0]) if row else ""

    async def counts(self) -> dict[str, int]:
        """How many messages are in each state."""
        return dict(await self._work.rows(_COUNTS))

    # ---- broadcasts ----
    async def counts_of(self, batch: str) -> dict[tuple[str, str], int]:
        """How many messages of a broadcast are in each state, by (state, reason)."""
        return {(row[0], row[1]): row[2] for row in await self._work.rows(_COUNTS_OF, batch_=batch)}

    async def addresses_of(self, batch: str) -> set[tuple[str, str]]:
        """Channel and address of all to whom a broadcast was put."""
        return {(row[0], row[1]) for row in await self._work.rows(_ADDRESSES_OF, batch_=batch)}

    async def drop_batch(self, batch: str, reason: str, at: datetime) -> int:
        """Give up what is still to be sent of a broadcast. Returns how many messages."""
        return await self._work.run(_DROP_BATCH, batch_=batch, reason=reason, done_at=at)

    async def drop_batches(self, channel: str, address: str, prefix: str, reason: str, at: datetime) -> int:
        """Give up what an address would still get of broadcasts whose batch begins with `prefix`. Returns how many."""
        return await self._work.run(
            _DROP_GROUP, channel_=channel, address_=address, like_=f"{prefix}%", reason=reason, done_at=at
        )

    async def still_due(self, message_id: int, now: datetime) -> bool:
        """Whether a message is still to be sent now: it was neither stopped nor put off."""
        return await self._work.row(_STILL, id_=message_id, now_=now) is not None

    async def overdue(self, now: datetime, limit: int) -> list[Overdue]:
        """Messages whose time has passed, the longest first."""
        return [Overdue(*row) for row in await self._work.rows(_OVERDUE, now_=now, limit_=limit)]

    async def reschedule(self, times: Sequence[tuple[int, datetime, datetime]]) -> None:
        """Plan messages that are not sent yet for another time: (number, not before, not after)."""
        rows = [{"id_": number, "not_before": begins, "not_after": ends} for number, begins, ends in times]
        await self._work.many(_RESCHEDULE, rows)
        self._work.spoke = True

    async def give_up(self, message_ids: Sequence[int], reason: str, at: datetime) -> None:
        """Send these no more."""
        await self._work.many(_GIVE_UP, [{"id_": number, "reason": reason, "done_at": at} for number in message_ids])
