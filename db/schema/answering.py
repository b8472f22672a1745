"""Walks through a form: the interviews, who shares in them, the answers and the files given."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, String, Table, Text

from db.columns import Moment, Words
from db.schema.base import metadata, numbered, one_of, only, to

interviews = Table(
    "interviews",
    metadata,
    numbered(),
    to("people.id", "person_id", "whose walk through the form it is", nullable=False),
    to("entities.id", "entity_id", "the entity answered for", nullable=True),
    Column("country", String(3), nullable=False),
    Column("form_id", Words, nullable=False),
    Column("form_version", Words, nullable=False),
    Column("language", String(16), nullable=False, comment="BCP 47"),
    Column("status", String(16), nullable=False),
    Column("state", Text, nullable=False, comment="the session as the core dumps it, JSON"),
    Column("revision", Integer, nullable=False, comment="grows by one at each save; a save names the one it read"),
    Column("started_at", Moment, nullable=False),
    Column("updated_at", Moment, nullable=False),
    Column("completed_at", Moment, nullable=True),
    Column("sections", Text, nullable=False, server_default="{}", comment="progress by section, JSON: for overviews"),
    Column("locked_at", Moment, nullable=True, comment="since when nothing may be changed: its answers are accepted"),
    one_of("status", "active", "paused", "completed", "withdrawn"),
    Index(None, "person_id"),
    Index(None, "country", "status"),
    Index(None, "entity_id"),
    Index(
        "ix_interviews_overview",
        *("form_id", "country", "id", "person_id", "entity_id", "form_version", "language", "status", "revision"),
        *("started_at", "updated_at", "completed_at", "locked_at", "sections"),
        info={"only": "sqlite"},  # there, what stands behind a long state is far away; PostgreSQL keeps it apart
    ),
    comment="One official's walk through a form",
)

seats = Table(
    "seats",
    metadata,
    to("interviews.id", "interview_id", "the interview shared", primary_key=True),
    to("people.id", "person_id", "the colleague", primary_key=True),
    Column("state", Text, nullable=False, comment="where the colleague is, as the core dumps it, JSON"),
    Column("opened_at", Moment, nullable=False),
    Column("closed_at", Moment, nullable=True, comment="handed back or recalled"),
    Index(None, "person_id"),
    comment="Colleagues who answer a part of somebody's interview",
)

answers = Table(
    "answers",
    metadata,
    numbered(),
    to("interviews.id", "interview_id", "", nullable=False),
    Column("path", Words, nullable=False, comment="/data/… with row numbers"),
    Column("revision", Integer, nullable=False, comment="as the core counts"),
    Column("value", Words, nullable=False, comment="XForms text"),
    Column("old_value", Words, nullable=False),
    Column("status", String(16), nullable=False, comment="answered · skipped · unknown · cleared · computed"),
    Column("display", Words, nullable=False, comment="as a person reads it"),
    Column("confidential", Boolean(create_constraint=False), nullable=False),
    to("people.id", "author_id", "who said it; empty once forgotten", nullable=True),
    Column("at", Moment, nullable=False),
    Column("language", String(16), nullable=False),
    Column("form_version", Words, nullable=False),
    Column("channel", String(32), nullable=False),
    Column("message_id", String(64), nullable=False, server_default="", comment="the person's message"),
    Column("update_id", BigInteger, nullable=True, comment="the update it came in"),
    Index(None, "interview_id", "path", "id"),
    Index(None, "author_id"),
    comment="Every revision of every answer; appended, never changed",
)

attachments = Table(
    "attachments",
    metadata,
    numbered(),
    to("interviews.id", "interview_id", "", nullable=False),
    Column("path", Words, nullable=False),
    Column("name", Words, nullable=False, comment="the name the answer stores"),
    Column("media_type", Words, nullable=False),
    Column("size", BigInteger, nullable=True, comment="bytes, as announced and then as stored"),
    Column("channel", String(32), nullable=False),
    Column("reference", Words, nullable=False, comment="what the channel needs to fetch the bytes"),
    Column("sha256", String(64), nullable=True, comment="of the content, which is a file of that name"),
    Column("state", String(8), nullable=False),
    Column("reason", String(64), nullable=False, server_default="", comment="why it was refused"),
    Column("at", Moment, nullable=False),
    one_of("state", "waiting", "stored", "refused"),
    Index(None, "interview_id", "path"),
    Index("ix_attachments_waiting", "id", **only("state = 'waiting'")),
    comment="Files given as answers",
)
