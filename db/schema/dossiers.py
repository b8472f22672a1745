"""What happened, by which versions of the forms, and the work that it asked for."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, String, Table, Text, UniqueConstraint

from db.columns import Id, Moment, Words
from db.schema.base import metadata, numbered, one_of, only, to

forms = Table(
    "forms",
    metadata,
    numbered(),
    Column("form_id", Words, nullable=False),
    Column("version", Words, nullable=False),
    Column("sha256", String(64), nullable=False, comment="of the XForm"),
    Column("xform", Text, nullable=False, comment="as compiled, XML"),
    Column("note", Words, nullable=False, server_default="", comment="what was changed, in the publisher's words"),
    Column("published_at", Moment, nullable=False),
    to("people.id", "published_by", "empty: at the command line", nullable=True),
    UniqueConstraint("form_id", "version"),
    Index(None, "published_by"),
    comment="Every version of a form that was ever published",
)

ledger = Table(
    "ledger",
    metadata,
    Column("chain", String(3), primary_key=True, comment="ISO 3166-1 alpha-3; empty: all countries"),
    Column("number", Integer, primary_key=True, autoincrement=False, comment="from 1, without gaps, in each chain"),
    Column("at", Moment, nullable=False),
    Column("kind", String(64), nullable=False),
    Column("actor_id", Id, nullable=True, comment="a person's number; empty for the command line"),
    Column("role", String(16), nullable=False),
    Column("channel", String(32), nullable=False),
    Column("update_id", BigInteger, nullable=True),
    Column("message_id", String(64), nullable=False),
    Column("facts", Words, nullable=False, comment="canonical JSON, without personal data and free text"),
    Column("words", Words, nullable=True, comment="canonical JSON of free text; empty once erased"),
    Column("words_hash", String(64), nullable=False, comment="SHA-256 of the words"),
    Column("previous", String(64), nullable=False, comment="hash of the entry before"),
    Column("hash", String(64), nullable=False, comment="SHA-256 of all that is above but the words"),
    Index(None, "actor_id"),
    comment="What happened to each country's dossier; appended, never changed, each entry sealed to the one before",
)

audit = Table(
    "audit",
    metadata,
    numbered(),
    Column("at", Moment, nullable=False),
    Column("actor_id", Id, nullable=True, comment="a person's number; empty for the command line"),
    Column("action", String(64), nullable=False),
    Column("subject", String(32), nullable=False, comment="the table the action touched"),
    Column("subject_id", Id, nullable=True),
    Column("channel", String(32), nullable=False),
    Column("details", Words, nullable=False, server_default="{}", comment="JSON without personal data"),
    Column("previous", String(64), nullable=False, server_default="", comment="hash of the entry before"),
    Column("hash", String(64), nullable=False, server_default="", comment="SHA-256 of this entry and the one before"),
    Index(None, "subject", "subject_id"),
    Index(None, "actor_id"),
    comment="Who did what, when and where; appended, never changed, each entry sealed to the one before",
)

jobs = Table(
    "jobs",
    metadata,
    numbered(),
    Column("kind", String(32), nullable=False),
    Column("payload", Words, nullable=False, comment="JSON"),
    to("people.id", "person_id", "for whom; empty: nobody in particular", nullable=True),
    Column("state", String(8), nullable=False),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("not_before", Moment, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("done_at", Moment, nullable=True),
    one_of("state", "waiting", "done", "failed"),
    Index("ix_jobs_waiting", "id", **only("state = 'waiting'")),
    Index(None, "person_id"),
    comment="Work too slow for a turn, committed with what asked for it",
)
