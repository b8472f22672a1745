"""What came in and what is to go out."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, String, Table, UniqueConstraint

from db.columns import Moment, Words
from db.schema.base import metadata, numbered, one_of, only

inbox = Table(
    "inbox",
    metadata,
    Column("channel", String(32), primary_key=True),
    Column(
        "update_id",
        BigInteger,
        primary_key=True,
        autoincrement=False,
        comment="the channel's number; a replay has the same",
    ),
    Column("state", String(8), nullable=False),
    Column(
        "error", String(64), nullable=True, comment="kind of the error that kept a failed update from being handled"
    ),
    Column("payload", Words, nullable=True, comment="the update as JSON, kept only where it failed"),
    Column("received_at", Moment, nullable=False),
    one_of("state", "done", "failed"),
    Index("ix_inbox_failed", "received_at", **only("state = 'failed'")),
    comment="Updates handled, each once",
)

outbox = Table(
    "outbox",
    metadata,
    numbered(),
    Column("channel", String(32), nullable=False),
    Column("address", String(64), nullable=False),
    Column(
        "key",
        Words,
        nullable=False,
        server_default="",
        comment="of the prompt: an edit changes the message sent last under it",
    ),
    Column("edit", Boolean(create_constraint=False), nullable=False),
    Column("prompt", Words, nullable=False, comment="JSON; emptied once the message is sent"),
    Column("priority", Integer, nullable=False, comment="0: a reply to somebody who waits"),
    Column("not_before", Moment, nullable=False),
    Column("dedupe", Words, nullable=True, comment="the same one is never put twice for an address"),
    Column("state", String(8), nullable=False),
    Column("reason", String(64), nullable=False, server_default="", comment="why it is dead or held"),
    Column("message_id", String(64), nullable=False, server_default="", comment="the channel's id of the message sent"),
    Column("created_at", Moment, nullable=False),
    Column("done_at", Moment, nullable=True),
    Column("batch", String(32), nullable=True, comment="which broadcast it belongs to"),
    Column("not_after", Moment, nullable=True, comment="until when it may go out; then another time is looked for"),
    one_of("state", "waiting", "held", "sent", "dead"),
    UniqueConstraint("channel", "address", "dedupe"),
    Index("ix_outbox_waiting", "id", "not_before", "not_after", **only("state = 'waiting'")),
    Index("ix_outbox_due", "not_before", **only("state = 'waiting'")),
    Index("ix_outbox_open", "channel", "address", **only("state IN ('waiting', 'held')")),
    Index("ix_outbox_key", "channel", "address", "key", "id", **only("message_id <> ''")),
    Index("ix_outbox_batch", "batch", "state", "reason", **only("batch IS NOT NULL")),
    Index("ix_outbox_overdue", "not_after", "id", **only("not_after IS NOT NULL AND state IN ('waiting', 'held')")),
    comment="Messages to send, committed with what caused them",
)
