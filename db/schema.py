"""The tables. SQL lives in this folder and nowhere else.

Who somebody is, is kept in `people` and `addresses`; every other table points there by number. Where else personal data
can stand, and how it goes, is said in docs/reference/personal-data.md and done by `Erasing`.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from db.columns import Id, Moment, Words

REVISION = "0005"
"""The Alembic revision that these tables stand for."""

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)


ROLES = ("coordinator", "official", "secretariat", "expert", "focal_point", "colleague", "superior")
"""In which capacity somebody takes part."""


def _one_of(column: str, *values: str) -> CheckConstraint:
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({listed})", name=column)


def _id() -> Column[int]:
    return Column("id", Id, primary_key=True, comment="made by the database")


def _to(target: str, name: str, comment: str, **options: Any) -> Column[int]:
    return Column(name, Id, ForeignKey(target), comment=comment, **options)


entities = Table(
    "entities",
    metadata,
    _id(),
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
    _id(),
    Column("country", String(3), nullable=False, comment="ISO 3166-1 alpha-3; empty for the secretariat"),
    Column("role", String(16), nullable=False),
    _to("entities.id", "entity_id", "the entity the person answers for", nullable=True),
    Column("language", String(16), nullable=False, comment="BCP 47: the language chosen"),
    Column(
        "label", Words, nullable=False, server_default="", comment="how the person wants to be shown; personal data"
    ),
    Column("created_at", Moment, nullable=False),
    _to("people.id", "first_id", "the first part that the same person took, at the same address", nullable=True),
    Column("ended_at", Moment, nullable=True, comment="when the part ended: replaced, recalled, withdrawn or deleted"),
    _one_of("role", *ROLES),
    Index(None, "country", "role"),
    Index(None, "entity_id"),
    Index(None, "first_id"),
    comment="Who takes part",
)

interviews = Table(
    "interviews",
    metadata,
    _id(),
    _to("people.id", "person_id", "whose walk through the form it is", nullable=False),
    _to("entities.id", "entity_id", "the entity answered for", nullable=True),
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
    _one_of("status", "active", "paused", "completed", "withdrawn"),
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
    _to("interviews.id", "interview_id", "the interview shared", primary_key=True),
    _to("people.id", "person_id", "the colleague", primary_key=True),
    Column("state", Text, nullable=False, comment="where the colleague is, as the core dumps it, JSON"),
    Column("opened_at", Moment, nullable=False),
    Column("closed_at", Moment, nullable=True, comment="handed back or recalled"),
    Index(None, "person_id"),
    comment="Colleagues who answer a part of somebody's interview",
)

forms = Table(
    "forms",
    metadata,
    _id(),
    Column("form_id", Words, nullable=False),
    Column("version", Words, nullable=False),
    Column("sha256", String(64), nullable=False, comment="of the XForm"),
    Column("xform", Text, nullable=False, comment="as compiled, XML"),
    Column("note", Words, nullable=False, server_default="", comment="what was changed, in the publisher's words"),
    Column("published_at", Moment, nullable=False),
    _to("people.id", "published_by", "empty: at the command line", nullable=True),
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

addresses = Table(
    "addresses",
    metadata,
    Column("channel", String(32), primary_key=True),
    Column("address", String(64), primary_key=True, comment="the channel's id of the conversation; personal data"),
    Column("user", Words, nullable=False, server_default="", comment="the channel's id of the user; personal data"),
    _to("people.id", "person_id", "who writes from here, once an invitation is redeemed", nullable=True),
    _to("interviews.id", "interview_id", "the interview that messages from here go to", nullable=True),
    Column("language", String(16), nullable=False, server_default="", comment="BCP 47, as the channel reports it"),
    Column("status", String(16), nullable=False, server_default="reachable"),
    Column("since", Moment, nullable=False, comment="when the status last changed"),
    Column("tried_at", Moment, nullable=True, comment="when it was last tried whether messages arrive again"),
    _one_of("status", "reachable", "blocked", "gone"),
    Index(None, "person_id"),
    Index(None, "interview_id"),
    Index(
        "ix_addresses_unreached",
        "person_id",
        sqlite_where=text("status <> 'reachable'"),
        postgresql_where=text("status <> 'reachable'"),
    ),
    comment="Where a person can be spoken to; authorship hangs on people, not on these",
)

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
    _one_of("state", "done", "failed"),
    Index(
        "ix_inbox_failed",
        "received_at",
        sqlite_where=text("state = 'failed'"),
        postgresql_where=text("state = 'failed'"),
    ),
    comment="Updates handled, each once",
)

invitations = Table(
    "invitations",
    metadata,
    _id(),
    Column(
        "hash", String(64), nullable=False, unique=True, comment="SHA-256 of the code; the code itself is kept nowhere"
    ),
    Column("country", String(3), nullable=False),
    Column("role", String(16), nullable=False),
    _to("entities.id", "entity_id", "whom the invited person will answer for", nullable=True),
    Column("language", String(16), nullable=False, server_default=""),
    _to("people.id", "created_by", "empty: made at the command line", nullable=True),
    Column("created_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("used_at", Moment, nullable=True),
    _to("people.id", "used_by", "who redeemed it", nullable=True),
    Column("revoked_at", Moment, nullable=True),
    Column("label", Words, nullable=False, server_default="", comment="whom it is meant for; personal data"),
    _to("people.id", "replaces", "whose part the invited person takes over", nullable=True),
    _to("interviews.id", "interview_id", "what a colleague shares in, or a superior clears", nullable=True),
    _one_of("role", *ROLES),
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
    _id(),
    _to("people.id", "person_id", "who", nullable=False),
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

answers = Table(
    "answers",
    metadata,
    _id(),
    _to("interviews.id", "interview_id", "", nullable=False),
    Column("path", Words, nullable=False, comment="/data/… with row numbers"),
    Column("revision", Integer, nullable=False, comment="as the core counts"),
    Column("value", Words, nullable=False, comment="XForms text"),
    Column("old_value", Words, nullable=False),
    Column("status", String(16), nullable=False, comment="answered · skipped · unknown · cleared · computed"),
    Column("display", Words, nullable=False, comment="as a person reads it"),
    Column("confidential", Boolean(create_constraint=False), nullable=False),
    _to("people.id", "author_id", "who said it; empty once forgotten", nullable=True),
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
    _id(),
    _to("interviews.id", "interview_id", "", nullable=False),
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
    _one_of("state", "waiting", "stored", "refused"),
    Index(None, "interview_id", "path"),
    Index(
        "ix_attachments_waiting",
        "id",
        sqlite_where=text("state = 'waiting'"),
        postgresql_where=text("state = 'waiting'"),
    ),
    comment="Files given as answers",
)

outbox = Table(
    "outbox",
    metadata,
    _id(),
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
    _one_of("state", "waiting", "held", "sent", "dead"),
    UniqueConstraint("channel", "address", "dedupe"),
    Index(
        "ix_outbox_waiting",
        "id",
        "not_before",
        "not_after",
        sqlite_where=text("state = 'waiting'"),
        postgresql_where=text("state = 'waiting'"),
    ),
    Index(
        "ix_outbox_due",
        "not_before",
        sqlite_where=text("state = 'waiting'"),
        postgresql_where=text("state = 'waiting'"),
    ),
    Index(
        "ix_outbox_open",
        "channel",
        "address",
        sqlite_where=text("state IN ('waiting', 'held')"),
        postgresql_where=text("state IN ('waiting', 'held')"),
    ),
    Index(
        "ix_outbox_key",
        "channel",
        "address",
        "key",
        "id",
        sqlite_where=text("message_id <> ''"),
        postgresql_where=text("message_id <> ''"),
    ),
    Index(
        "ix_outbox_batch",
        "batch",
        "state",
        "reason",
        sqlite_where=text("batch IS NOT NULL"),
        postgresql_where=text("batch IS NOT NULL"),
    ),
    Index(
        "ix_outbox_overdue",
        "not_after",
        "id",
        sqlite_where=text("not_after IS NOT NULL AND state IN ('waiting', 'held')"),
        postgresql_where=text("not_after IS NOT NULL AND state IN ('waiting', 'held')"),
    ),
    comment="Messages to send, committed with what caused them",
)

jobs = Table(
    "jobs",
    metadata,
    _id(),
    Column("kind", String(32), nullable=False),
    Column("payload", Words, nullable=False, comment="JSON"),
    _to("people.id", "person_id", "for whom; empty: nobody in particular", nullable=True),
    Column("state", String(8), nullable=False),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("not_before", Moment, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("done_at", Moment, nullable=True),
    _one_of("state", "waiting", "done", "failed"),
    Index(
        "ix_jobs_waiting",
        "id",
        sqlite_where=text("state = 'waiting'"),
        postgresql_where=text("state = 'waiting'"),
    ),
    Index(None, "person_id"),
    comment="Work too slow for a turn, committed with what asked for it",
)

audit = Table(
    "audit",
    metadata,
    _id(),
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

OPEN = text("closed_at IS NULL")
follow_ups = Table(
    "follow_ups",
    metadata,
    _id(),
    Column("country", String(3), nullable=False, comment="ISO 3166-1 alpha-3; empty: the secretariat's own"),
    _to("people.id", "person_id", "for whom the matter waits", nullable=False),
    Column("kind", String(32), nullable=False, comment="a kind of matter, as the policy names it"),
    Column("subject", String(64), nullable=False, comment="which of its kind"),
    Column("since", Moment, nullable=False, comment="since when it waits, or was last touched"),
    Column("due", String(10), nullable=True, comment="ISO 8601 date by which it is wanted"),
    Column("reminders", Integer, nullable=False, server_default="0", comment="said since the person last reacted"),
    Column("last_at", Moment, nullable=True, comment="when the person was last reminded"),
    Column("coordinator_at", Moment, nullable=True, comment="when the coordinator was told"),
    Column("secretariat_at", Moment, nullable=True, comment="when the secretariat was told"),
    Column("snoozed_until", Moment, nullable=True),
    Column("muted", Boolean(create_constraint=False), nullable=False, server_default=text("false")),
    Column("move", String(16), nullable=False, server_default="", comment="what is next: remind, or whom to tell"),
    Column("why", String(32), nullable=False, server_default="", comment="why then"),
    Column("next_at", Moment, nullable=True, comment="when; empty: nothing more is planned"),
    Column("meant_at", Moment, nullable=True, comment="for when that was planned before an outage or closed hours"),
    Column("revision", Integer, nullable=False, server_default="0", comment="grows by one at each change"),
    Column("opened_at", Moment, nullable=False),
    Column("closed_at", Moment, nullable=True),
    Column("closed_why", String(32), nullable=False, server_default=""),
    Index(
        "ix_follow_ups_open",
        "person_id",
        "kind",
        "subject",
        unique=True,
        sqlite_where=OPEN,
        postgresql_where=OPEN,
    ),
    Index("ix_follow_ups_next", "move", "meant_at", "next_at", sqlite_where=OPEN, postgresql_where=OPEN),
    Index("ix_follow_ups_country", "country", "id", sqlite_where=OPEN, postgresql_where=OPEN),
    Index(None, "person_id"),
    comment="What is planned to be said later",
)

follow_up_log = Table(
    "follow_up_log",
    metadata,
    _id(),
    _to("follow_ups.id", "follow_up_id", "", nullable=False),
    Column("country", String(3), nullable=False),
    Column("at", Moment, nullable=False),
    Column("what", String(32), nullable=False, comment="reminded · coordinator · secretariat · snoozed · dropped …"),
    Column("number", Integer, nullable=False, server_default="0", comment="which reminder it was"),
    Column("planned_at", Moment, nullable=True, comment="for when it had been planned"),
    _to("people.id", "to_id", "who was told", nullable=True),
    Index(None, "follow_up_id"),
    Index(None, "country", "id"),
    Index(None, "to_id"),
    comment="What was said, put off and dropped; appended, never changed",
)

plans = Table(
    "plans",
    metadata,
    Column("country", String(3), primary_key=True),
    Column("stale", Integer, nullable=False, comment="grows by one whenever something happened"),
    Column("planned", Integer, nullable=False, server_default="0", comment="what `stale` was when it was planned last"),
    Column("planned_at", Moment, nullable=True),
    Index(
        "ix_plans_stale",
        "country",
        sqlite_where=text("stale <> planned"),
        postgresql_where=text("stale <> planned"),
    ),
    comment="Which countries' follow-ups are to be planned anew",
)

deletions = Table(
    "deletions",
    metadata,
    Column("country", String(3), primary_key=True, comment="empty: of no country"),
    Column("category", String(16), primary_key=True),
    Column("number", Integer, nullable=False),
    Column("since", Moment, nullable=False, comment="the longest overdue"),
    comment="What is due to be deleted, as it was last counted",
)

policies = Table(
    "policies",
    metadata,
    _id(),
    Column("text", Words, nullable=False, comment="TOML, as it was given"),
    Column("at", Moment, nullable=False),
    _to("people.id", "by_id", "empty: at the command line", nullable=True),
    Index(None, "by_id"),
    comment="The policy of follow-ups; the newest is in force",
)

digests = Table(
    "digests",
    metadata,
    Column("person_id", Id, ForeignKey("people.id"), primary_key=True, autoincrement=False),
    Column("off", Boolean(create_constraint=False), nullable=False, server_default=text("false")),
    Column("last_at", Moment, nullable=True, comment="when the last one was sent"),
    Column("next_at", Moment, nullable=False, comment="for when the next one is planned"),
    Index("ix_digests_next", "next_at"),
    comment="Who gets the weekly digest, and when next",
)
