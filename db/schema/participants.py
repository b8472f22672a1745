"""Who takes part, for whom, from which address, after which invitation and with which consents."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Index, String, Table, UniqueConstraint

from db.columns import Moment, Words
from db.schema.base import ROLES, metadata, numbered, one_of, only, to

entities = Table(
    "entities",
    metadata,
    numbered(),
    Column("country", String(3), nullable=False, comment="ISO 3166-1 alpha-3"),
    Column("name", Words, nullable=False, comment="official name"),
    Column("folded", Words, nullable=False, comment="name without case, accents and extra spaces, to find it again"),
    Column("acronym", Words, nullable=False, server_default=""),
    Column("type", Words, nullable=False, server_default="", comment="a choice of the form's list of entity types"),
    Column("created_at", Moment, nullable=False),
    UniqueConstraint("country", "folded"),
    comment="Institutions, governmental or other",
)

people = Table(
    "people",
    metadata,
    numbered(),
    Column("country", String(3), nullable=False, comment="ISO 3166-1 alpha-3; empty for the secretariat"),
    Column("role", String(16), nullable=False),
    to("entities.id", "entity_id", "the entity the person answers for", nullable=True),
    Column("language", String(16), nullable=False, comment="BCP 47: the language chosen"),
    Column(
        "label", Words, nullable=False, server_default="", comment="how the person wants to be shown; personal data"
    ),
    Column("created_at", Moment, nullable=False),
    to("people.id", "first_id", "the first part that the same person took, at the same address", nullable=True),
    Column("ended_at", Moment, nullable=True, comment="when the part ended: replaced, recalled, withdrawn or deleted"),
    one_of("role", *ROLES),
    Index(None, "country", "role"),
    Index(None, "entity_id"),
    Index(None, "first_id"),
    comment="Who takes part",
)

addresses = Table(
    "addresses",
    metadata,
    Column("channel", String(32), primary_key=True),
    Column("address", String(64), primary_key=True, comment="the channel's id of the conversation; personal data"),
    Column("user", Words, nullable=False, server_default="", comment="the channel's id of the user; personal data"),
    to("people.id", "person_id", "who writes from here, once an invitation is redeemed", nullable=True),
    to("interviews.id", "interview_id", "the interview that messages from here go to", nullable=True),
    Column("language", String(16), nullable=False, server_default="", comment="BCP 47, as the channel reports it"),
    Column("status", String(16), nullable=False, server_default="reachable"),
    Column("since", Moment, nullable=False, comment="when the status last changed"),
    Column("tried_at", Moment, nullable=True, comment="when it was last tried whether messages arrive again"),
    one_of("status", "reachable", "blocked", "gone"),
    Index(None, "person_id"),
    Index(None, "interview_id"),
    Index("ix_addresses_unreached", "person_id", **only("status <> 'reachable'")),
    comment="Where a person can be spoken to; authorship hangs on people, not on these",
)

invitations = Table(
    "invitations",
    metadata,
    numbered(),
    Column(
        "hash", String(64), nullable=False, unique=True, comment="SHA-256 of the code; the code itself is kept nowhere"
    ),
    Column("country", String(3), nullable=False),
    Column("role", String(16), nullable=False),
    to("entities.id", "entity_id", "whom the invited person will answer for", nullable=True),
    Column("language", String(16), nullable=False, server_default=""),
    to("people.id", "created_by", "empty: made at the command line", nullable=True),
    Column("created_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("used_at", Moment, nullable=True),
    to("people.id", "used_by", "who redeemed it", nullable=True),
    Column("revoked_at", Moment, nullable=True),
    Column("label", Words, nullable=False, server_default="", comment="whom it is meant for; personal data"),
    to("people.id", "replaces", "whose part the invited person takes over", nullable=True),
    to("interviews.id", "interview_id", "what a colleague shares in, or a superior clears", nullable=True),
    one_of("role", *ROLES),
    Index(None, "country"),
    Index(None, "used_by"),
    Index(None, "created_by"),
    Index(None, "entity_id"),
    Index(None, "replaces"),
    Index(None, "interview_id"),
    comment="Single use, expiring",
)

consents = Table(
    "consents",
    metadata,
    numbered(),
    to("people.id", "person_id", "who", nullable=False),
    Column("purpose", String(32), nullable=False, comment="processing · contact · transfer"),
    Column("text_version", String(64), nullable=False, comment="version of the text that was shown"),
    Column("language", String(16), nullable=False, comment="in which it was shown"),
    Column("given", Boolean(create_constraint=False), nullable=False),
    Column("at", Moment, nullable=False),
    Column("channel", String(32), nullable=False),
    Column("message_id", String(64), nullable=False, server_default=""),
    Index(None, "person_id", "purpose", "id"),
    comment="What was agreed or refused; appended, never changed",
)
