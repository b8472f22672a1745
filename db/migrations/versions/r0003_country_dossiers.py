"""Country dossiers: the ledger, shared interviews, published forms; parts that end; an audit log that is sealed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from db.columns import Id, Moment, Words

revision = "0003"
down_revision = "0002"

_ROLES = "'coordinator', 'official', 'secretariat', 'expert', 'focal_point', 'colleague', 'superior'"


def _to(target: str, name: str, table: str, **options: object) -> sa.Column[int]:
    return sa.Column(name, Id, sa.ForeignKey(target, name=op.f(f"fk_{table}_{name}")), **options)  # type: ignore[arg-type]


def upgrade() -> None:
    """Add the tables and columns; entries of the audit log made so far are sealed when the next one is made."""
    with op.batch_alter_table("people") as people:
        people.drop_constraint(op.f("ck_people_role"), type_="check")
        people.create_check_constraint(op.f("ck_people_role"), f"role IN ({_ROLES})")
        people.add_column(sa.Column("ended_at", Moment, nullable=True))
    with op.batch_alter_table("interviews") as interviews:
        interviews.add_column(sa.Column("sections", sa.Text, nullable=False, server_default="{}"))
        interviews.add_column(sa.Column("locked_at", Moment, nullable=True))
    if op.get_bind().dialect.name == "sqlite":
        op.create_index(
            "ix_interviews_overview",
            "interviews",
            [
                *(
                    "form_id",
                    "country",
                    "id",
                    "person_id",
                    "entity_id",
                    "form_version",
                    "language",
                    "status",
                    "revision",
                ),
                *("started_at", "updated_at", "completed_at", "locked_at", "sections"),
            ],
        )
    with op.batch_alter_table("invitations") as invitations:
        invitations.drop_constraint(op.f("ck_invitations_role"), type_="check")
        invitations.create_check_constraint(op.f("ck_invitations_role"), f"role IN ({_ROLES})")
        invitations.add_column(sa.Column("label", Words, nullable=False, server_default=""))
        invitations.add_column(sa.Column("replaces", Id, nullable=True))
        invitations.add_column(sa.Column("interview_id", Id, nullable=True))
        invitations.create_foreign_key(op.f("fk_invitations_replaces"), "people", ["replaces"], ["id"])
        invitations.create_foreign_key(op.f("fk_invitations_interview_id"), "interviews", ["interview_id"], ["id"])
    op.create_index(op.f("ix_invitations_replaces"), "invitations", ["replaces"])
    op.create_index(op.f("ix_invitations_interview_id"), "invitations", ["interview_id"])
    op.add_column("audit", sa.Column("previous", sa.String(64), nullable=False, server_default=""))
    op.add_column("audit", sa.Column("hash", sa.String(64), nullable=False, server_default=""))
    op.create_table(
        "seats",
        _to("interviews.id", "interview_id", "seats", nullable=False),
        _to("people.id", "person_id", "seats", nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("opened_at", Moment, nullable=False),
        sa.Column("closed_at", Moment, nullable=True),
        sa.PrimaryKeyConstraint("interview_id", "person_id", name=op.f("pk_seats")),
    )
    op.create_index(op.f("ix_seats_person_id"), "seats", ["person_id"])
    op.create_table(
        "forms",
        sa.Column("id", Id, nullable=False),
        sa.Column("form_id", Words, nullable=False),
        sa.Column("version", Words, nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("xform", sa.Text, nullable=False),
        sa.Column("note", Words, nullable=False, server_default=""),
        sa.Column("published_at", Moment, nullable=False),
        _to("people.id", "published_by", "forms", nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_forms")),
        sa.UniqueConstraint("form_id", "version", name=op.f("uq_forms_form_id_version")),
    )
    op.create_index(op.f("ix_forms_published_by"), "forms", ["published_by"])
    op.create_table(
        "ledger",
        sa.Column("chain", sa.String(3), nullable=False),
        sa.Column("number", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("at", Moment, nullable=False),
        sa.Column("kind", sa.String(64), nullable=False),
        sa.Column("actor_id", Id, nullable=True),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("channel", sa.String(32), nullable=False),
        sa.Column("update_id", sa.BigInteger, nullable=True),
        sa.Column("message_id", sa.String(64), nullable=False),
        sa.Column("facts", Words, nullable=False),
        sa.Column("words", Words, nullable=True),
        sa.Column("words_hash", sa.String(64), nullable=False),
        sa.Column("previous", sa.String(64), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("chain", "number", name=op.f("pk_ledger")),
    )
    op.create_index(op.f("ix_ledger_actor_id"), "ledger", ["actor_id"])
    op.create_table(
        "jobs",
        sa.Column("id", Id, nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("payload", Words, nullable=False),
        _to("people.id", "person_id", "jobs", nullable=True),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
        sa.Column("not_before", Moment, nullable=False),
        sa.Column("created_at", Moment, nullable=False),
        sa.Column("done_at", Moment, nullable=True),
        sa.CheckConstraint("state IN ('waiting', 'done', 'failed')", name=op.f("ck_jobs_state")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_jobs")),
    )
    op.create_index(op.f("ix_jobs_person_id"), "jobs", ["person_id"])
    waiting = sa.text("state = 'waiting'")
    op.create_index("ix_jobs_waiting", "jobs", ["id"], sqlite_where=waiting, postgresql_where=waiting)
