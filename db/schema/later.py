"""What is said, or deleted, later."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, String, Table, text

from db.columns import Id, Moment, Words
from db.schema.base import metadata, numbered, only, to

follow_ups = Table(
    "follow_ups",
    metadata,
    numbered(),
    Column("country", String(3), nullable=False, comment="ISO 3166-1 alpha-3; empty: the secretariat's own"),
    to("people.id", "person_id", "for whom the matter waits", nullable=False),
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
    Index("ix_follow_ups_open", "person_id", "kind", "subject", unique=True, **only("closed_at IS NULL")),
    Index("ix_follow_ups_next", "move", "meant_at", "next_at", **only("closed_at IS NULL")),
    Index("ix_follow_ups_country", "country", "id", **only("closed_at IS NULL")),
    Index(None, "person_id"),
    comment="What is planned to be said later",
)

follow_up_log = Table(
    "follow_up_log",
    metadata,
    numbered(),
    to("follow_ups.id", "follow_up_id", "", nullable=False),
    Column("country", String(3), nullable=False),
    Column("at", Moment, nullable=False),
    Column("what", String(32), nullable=False, comment="reminded · coordinator · secretariat · snoozed · dropped …"),
    Column("number", Integer, nullable=False, server_default="0", comment="which reminder it was"),
    Column("planned_at", Moment, nullable=True, comment="for when it had been planned"),
    to("people.id", "to_id", "who was told", nullable=True),
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
    Index("ix_plans_stale", "country", **only("stale <> planned")),
    comment="Which countries' follow-ups are to be planned anew",
)

policies = Table(
    "policies",
    metadata,
    numbered(),
    Column("text", Words, nullable=False, comment="TOML, as it was given"),
    Column("at", Moment, nullable=False),
    to("people.id", "by_id", "empty: at the command line", nullable=True),
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

deletions = Table(
    "deletions",
    metadata,
    Column("country", String(3), primary_key=True, comment="empty: of no country"),
    Column("category", String(16), primary_key=True),
    Column("number", Integer, nullable=False),
    Column("since", Moment, nullable=False, comment="the longest overdue"),
    comment="What is due to be deleted, as it was last counted",
)
