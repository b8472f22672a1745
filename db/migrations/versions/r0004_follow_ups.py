"""Follow-ups: what is planned to be said later, what was said, and the policy in force; broadcasts and digests."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from db.columns import Id, Moment, Words

revision = "0004"
down_revision = "0003"

_OPEN = sa.text("closed_at IS NULL")
_STALE = sa.text("stale <> planned")
_WAITING = sa.text("state = 'waiting'")
_BATCH = sa.text("batch IS NOT NULL")
_OVERDUE = sa.text("not_after IS NOT NULL AND state IN ('waiting', 'held')")
_UNREACHED = sa.text("status <> 'reachable'")


def _to(target: str, name: str, table: str, **options: object) -> sa.Column[int]:
    return sa.Column(name, Id, sa.ForeignKey(target, name=op.f(f"fk_{table}_{name}")), **options)  # type: ignore[arg-type]


def upgrade() -> None:
    """Add the tables; every country is planned at the next tick of the clock."""
    op.create_table(
        "follow_ups",
        sa.Column("id", Id, nullable=False),
        sa.Column("country", sa.String(3), nullable=False),
        _to("people.id", "person_id", "follow_ups", nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("subject", sa.String(64), nullable=False),
        sa.Column("since", Moment, nullable=False),
        sa.Column("due", sa.String(10), nullable=True),
        sa.Column("reminders", sa.Integer, nullable=False, server_default="0"),
        sa.Column("last_at", Moment, nullable=True),
        sa.Column("coordinator_at", Moment, nullable=True),
        sa.Column("secretariat_at", Moment, nullable=True),
        sa.Column("snoozed_until", Moment, nullable=True),
        sa.Column("muted", sa.Boolean(create_constraint=False), nullable=False, server_default=sa.text("false")),
        sa.Column("move", sa.String(16), nullable=False, server_default=""),
        sa.Column("why", sa.String(32), nullable=False, server_default=""),
        sa.Column("next_at", Moment, nullable=True),
        sa.Column("meant_at", Moment, nullable=True),
        sa.Column("revision", sa.Integer, nullable=False, server_default="0"),
        sa.Column("opened_at", Moment, nullable=False),
        sa.Column("closed_at", Moment, nullable=True),
        sa.Column("closed_why", sa.String(32), nullable=False, server_default=""),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_follow_ups")),
    )
    op.create_index(
        "ix_follow_ups_open",
        "follow_ups",
        ["person_id", "kind", "subject"],
        unique=True,
        sqlite_where=_OPEN,
        postgresql_where=_OPEN,
    )
    op.create_index(
        "ix_follow_ups_next", "follow_ups", ["move", "meant_at", "next_at"], sqlite_where=_OPEN, postgresql_where=_OPEN
    )
    op.create_index(
        "ix_follow_ups_country", "follow_ups", ["country", "id"], sqlite_where=_OPEN, postgresql_where=_OPEN
    )
    op.create_index(op.f("ix_follow_ups_person_id"), "follow_ups", ["person_id"])
    op.create_table(
        "follow_up_log",
        sa.Column("id", Id, nullable=False),
        _to("follow_ups.id", "follow_up_id", "follow_up_log", nullable=False),
        sa.Column("country", sa.String(3), nullable=False),
        sa.Column("at", Moment, nullable=False),
        sa.Column("what", sa.String(32), nullable=False),
        sa.Column("number", sa.Integer, nullable=False, server_default="0"),
        sa.Column("planned_at", Moment, nullable=True),
        _to("people.id", "to_id", "follow_up_log", nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_follow_up_log")),
    )
    op.create_index(op.f("ix_follow_up_log_follow_up_id"), "follow_up_log", ["follow_up_id"])
    op.create_index(op.f("ix_follow_up_log_country_id"), "follow_up_log", ["country", "id"])
    op.create_index(op.f("ix_follow_up_log_to_id"), "follow_up_log", ["to_id"])
    op.create_table(
        "plans",
        sa.Column("country", sa.String(3), nullable=False),
        sa.Column("stale", sa.Integer, nullable=False),
        sa.Column("planned", sa.Integer, nullable=False, server_default="0"),
        sa.Column("planned_at", Moment, nullable=True),
        sa.PrimaryKeyConstraint("country", name=op.f("pk_plans")),
    )
    op.create_index("ix_plans_stale", "plans", ["country"], sqlite_where=_STALE, postgresql_where=_STALE)
    op.create_index(
        "ix_addresses_unreached", "addresses", ["person_id"], sqlite_where=_UNREACHED, postgresql_where=_UNREACHED
    )
    op.execute("INSERT INTO plans (country, stale, planned) SELECT DISTINCT chain, 1, 0 FROM ledger")
    op.create_table(
        "policies",
        sa.Column("id", Id, nullable=False),
        sa.Column("text", Words, nullable=False),
        sa.Column("at", Moment, nullable=False),
        _to("people.id", "by_id", "policies", nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_policies")),
    )
    op.create_index(op.f("ix_policies_by_id"), "policies", ["by_id"])
    op.add_column("outbox", sa.Column("batch", sa.String(32), nullable=True))
    op.add_column("outbox", sa.Column("not_after", Moment, nullable=True))
    op.drop_index("ix_outbox_waiting", "outbox")
    op.create_index(
        "ix_outbox_waiting",
        "outbox",
        ["id", "not_before", "not_after"],
        sqlite_where=_WAITING,
        postgresql_where=_WAITING,
    )
    op.create_index(
        "ix_outbox_batch", "outbox", ["batch", "state", "reason"], sqlite_where=_BATCH, postgresql_where=_BATCH
    )
    op.create_index(
        "ix_outbox_overdue", "outbox", ["not_after", "id"], sqlite_where=_OVERDUE, postgresql_where=_OVERDUE
    )
    op.create_table(
        "digests",
        sa.Column(
            "person_id",
            Id,
            sa.ForeignKey("people.id", name=op.f("fk_digests_person_id")),
            nullable=False,
            autoincrement=False,
        ),
        sa.Column("off", sa.Boolean(create_constraint=False), nullable=False, server_default=sa.text("false")),
        sa.Column("last_at", Moment, nullable=True),
        sa.Column("next_at", Moment, nullable=False),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_digests")),
    )
    op.create_index("ix_digests_next", "digests", ["next_at"])
