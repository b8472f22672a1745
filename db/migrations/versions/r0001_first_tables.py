"""The first tables.

Never edited: a change of the tables is a revision of its own.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from db.columns import Id, Moment, Words

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "audit",
        sa.Column("id", Id, nullable=False),
        sa.Column("at", Moment(timezone=True), nullable=False),
        sa.Column("actor_id", Id, nullable=True),
        sa.Column("action", sa.String(length=64), nullable=False),
        sa.Column("subject", sa.String(length=32), nullable=False),
        sa.Column("subject_id", Id, nullable=True),
        sa.Column("channel", sa.String(length=32), nullable=False),
        sa.Column("details", Words(), server_default="{}", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
    )
    op.create_index(op.f("ix_audit_actor_id"), "audit", ["actor_id"], unique=False)
    op.create_index(op.f("ix_audit_subject_subject_id"), "audit", ["subject", "subject_id"], unique=False)
    op.create_table(
        "entities",
        sa.Column("id", Id, nullable=False),
        sa.Column("country", sa.String(length=3), nullable=False),
        sa.Column("name", Words(), nullable=False),
        sa.Column("folded", Words(), nullable=False),
        sa.Column("acronym", Words(), server_default="", nullable=False),
        sa.Column("type", Words(), server_default="", nullable=False),
        sa.Column("created_at", Moment(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entities")),
        sa.UniqueConstraint("country", "folded", name=op.f("uq_entities_country_folded")),
    )
    op.create_table(
        "inbox",
        sa.Column("channel", sa.String(length=32), nullable=False),
        sa.Column("update_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("error", sa.String(length=64), nullable=True),
        sa.Column("payload", Words(), nullable=True),
        sa.Column("received_at", Moment(timezone=True), nullable=False),
        sa.CheckConstraint("state IN ('done', 'failed')", name=op.f("ck_inbox_state")),
        sa.PrimaryKeyConstraint("channel", "update_id", name=op.f("pk_inbox")),
    )
    op.create_index(
        "ix_inbox_failed",
        "inbox",
        ["received_at"],
        unique=False,
        sqlite_where=sa.text("state = 'failed'"),
        postgresql_where=sa.text("state = 'failed'"),
    )
    op.create_table(
        "outbox",
        sa.Column("id", Id, nullable=False),
        sa.Column("channel", sa.String(length=32), nullable=False),
        sa.Column("address", sa.String(length=64), nullable=False),
        sa.Column("key", Words(), server_default="", nullable=False),
        sa.Column("edit", sa.Boolean(), nullable=False),
        sa.Column("prompt", Words(), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("not_before", Moment(timezone=True), nullable=False),
        sa.Column("dedupe", Words(), nullable=True),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("reason", sa.String(length=64), server_default="", nullable=False),
        sa.Column("message_id", sa.String(length=64), server_default="", nullable=False),
        sa.Column("created_at", Moment(timezone=True), nullable=False),
        sa.Column("done_at", Moment(timezone=True), nullable=True),
        sa.CheckConstraint("state IN ('waiting', 'held', 'sent', 'dead')", name=op.f("ck_outbox_state")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sa.UniqueConstraint("channel", "address", "dedupe", name=op.f("uq_outbox_channel_address_dedupe")),
    )
    op.create_index(
        "ix_outbox_due",
        "outbox",
        ["not_before"],
        unique=False,
        sqlite_where=sa.text("state = 'waiting'"),
        postgresql_where=sa.text("state = 'waiting'"),
    )
    op.create_index(
        "ix_outbox_key",
        "outbox",
        ["channel", "address", "key", "id"],
        unique=False,
        sqlite_where=sa.text("message_id <> ''"),
        postgresql_where=sa.text("message_id <> ''"),
    )
    op.create_index(
        "ix_outbox_open",
        "outbox",
        ["channel", "address"],
        unique=False,
        sqlite_where=sa.text("state IN ('waiting', 'held')"),
        postgresql_where=sa.text("state IN ('waiting', 'held')"),
    )
    op.create_index(
        "ix_outbox_waiting",
        "outbox",
        ["id", "not_before"],
        unique=False,
        sqlite_where=sa.text("state = 'waiting'"),
        postgresql_where=sa.text("state = 'waiting'"),
    )
    op.create_table(
        "people",
        sa.Column("id", Id, nullable=False),
        sa.Column("country", sa.String(length=3), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("entity_id", Id, nullable=True),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.Column("label", Words(), server_default="", nullable=False),
        sa.Column("created_at", Moment(timezone=True), nullable=False),
        sa.CheckConstraint("role IN ('coordinator', 'official', 'secretariat', 'expert')", name=op.f("ck_people_role")),
        sa.ForeignKeyConstraint(["entity_id"], ["entities.id"], name=op.f("fk_people_entity_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_people")),
    )
    op.create_index(op.f("ix_people_country_role"), "people", ["country", "role"], unique=False)
    op.create_index(op.f("ix_people_entity_id"), "people", ["entity_id"], unique=False)
    op.create_table(
        "consents",
        sa.Column("id", Id, nullable=False),
        sa.Column("person_id", Id, nullable=False),
        sa.Column("purpose", sa.String(length=32), nullable=False),
        sa.Column("text_version", sa.String(length=64), nullable=False),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.Column("given", sa.Boolean(), nullable=False),
        sa.Column("at", Moment(timezone=True), nullable=False),
        sa.Column("channel", sa.String(length=32), nullable=False),
        sa.Column("message_id", sa.String(length=64), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_consents_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consents")),
    )
    op.create_index(op.f("ix_consents_person_id_purpose_id"), "consents", ["person_id", "purpose", "id"], unique=False)
    op.create_table(
        "interviews",
        sa.Column("id", Id, nullable=False),
        sa.Column("person_id", Id, nullable=False),
        sa.Column("entity_id", Id, nullable=True),
        sa.Column("country", sa.String(length=3), nullable=False),
        sa.Column("form_id", Words(), nullable=False),
        sa.Column("form_version", Words(), nullable=False),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("started_at", Moment(timezone=True), nullable=False),
        sa.Column("updated_at", Moment(timezone=True), nullable=False),
        sa.Column("completed_at", Moment(timezone=True), nullable=True),
        sa.CheckConstraint(
            "status IN ('active', 'paused', 'completed', 'withdrawn')", name=op.f("ck_interviews_status")
        ),
        sa.ForeignKeyConstraint(["entity_id"], ["entities.id"], name=op.f("fk_interviews_entity_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_interviews_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_interviews")),
    )
    op.create_index(op.f("ix_interviews_country_status"), "interviews", ["country", "status"], unique=False)
    op.create_index(op.f("ix_interviews_entity_id"), "interviews", ["entity_id"], unique=False)
    op.create_index(op.f("ix_interviews_person_id"), "interviews", ["person_id"], unique=False)
    op.create_table(
        "invitations",
        sa.Column("id", Id, nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("country", sa.String(length=3), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("entity_id", Id, nullable=True),
        sa.Column("language", sa.String(length=16), server_default="", nullable=False),
        sa.Column("created_by", Id, nullable=True),
        sa.Column("created_at", Moment(timezone=True), nullable=False),
        sa.Column("expires_at", Moment(timezone=True), nullable=False),
        sa.Column("used_at", Moment(timezone=True), nullable=True),
        sa.Column("used_by", Id, nullable=True),
        sa.Column("revoked_at", Moment(timezone=True), nullable=True),
        sa.CheckConstraint(
            "role IN ('coordinator', 'official', 'secretariat', 'expert')", name=op.f("ck_invitations_role")
        ),
        sa.ForeignKeyConstraint(["created_by"], ["people.id"], name=op.f("fk_invitations_created_by")),
        sa.ForeignKeyConstraint(["entity_id"], ["entities.id"], name=op.f("fk_invitations_entity_id")),
        sa.ForeignKeyConstraint(["used_by"], ["people.id"], name=op.f("fk_invitations_used_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitations")),
        sa.UniqueConstraint("hash", name=op.f("uq_invitations_hash")),
    )
    op.create_index(op.f("ix_invitations_country"), "invitations", ["country"], unique=False)
    op.create_index(op.f("ix_invitations_created_by"), "invitations", ["created_by"], unique=False)
    op.create_index(op.f("ix_invitations_entity_id"), "invitations", ["entity_id"], unique=False)
    op.create_index(op.f("ix_invitations_used_by"), "invitations", ["used_by"], unique=False)
    op.create_table(
        "addresses",
        sa.Column("channel", sa.String(length=32), nullable=False),
        sa.Column("address", sa.String(length=64), nullable=False),
        sa.Column("user", Words(), server_default="", nullable=False),
        sa.Column("person_id", Id, nullable=True),
        sa.Column("interview_id", Id, nullable=True),
        sa.Column("language", sa.String(length=16), server_default="", nullable=False),
        sa.Column("status", sa.String(length=16), server_default="reachable", nullable=False),
        sa.Column("since", Moment(timezone=True), nullable=False),
        sa.CheckConstraint("status IN ('reachable', 'blocked', 'gone')", name=op.f("ck_addresses_status")),
        sa.ForeignKeyConstraint(["interview_id"], ["interviews.id"], name=op.f("fk_addresses_interview_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_addresses_person_id")),
        sa.PrimaryKeyConstraint("channel", "address", name=op.f("pk_addresses")),
    )
    op.create_index(op.f("ix_addresses_interview_id"), "addresses", ["interview_id"], unique=False)
    op.create_index(op.f("ix_addresses_person_id"), "addresses", ["person_id"], unique=False)
    op.create_table(
        "answers",
        sa.Column("id", Id, nullable=False),
        sa.Column("interview_id", Id, nullable=False),
        sa.Column("path", Words(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("value", Words(), nullable=False),
        sa.Column("old_value", Words(), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("display", Words(), nullable=False),
        sa.Column("confidential", sa.Boolean(), nullable=False),
        sa.Column("author_id", Id, nullable=True),
        sa.Column("at", Moment(timezone=True), nullable=False),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.Column("form_version", Words(), nullable=False),
        sa.Column("channel", sa.String(length=32), nullable=False),
        sa.Column("message_id", sa.String(length=64), server_default="", nullable=False),
        sa.Column("update_id", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["author_id"], ["people.id"], name=op.f("fk_answers_author_id")),
        sa.ForeignKeyConstraint(["interview_id"], ["interviews.id"], name=op.f("fk_answers_interview_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answers")),
    )
    op.create_index(op.f("ix_answers_author_id"), "answers", ["author_id"], unique=False)
    op.create_index(op.f("ix_answers_interview_id_path_id"), "answers", ["interview_id", "path", "id"], unique=False)
    op.create_table(
        "attachments",
        sa.Column("id", Id, nullable=False),
        sa.Column("interview_id", Id, nullable=False),
        sa.Column("path", Words(), nullable=False),
        sa.Column("name", Words(), nullable=False),
        sa.Column("media_type", Words(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=True),
        sa.Column("channel", sa.String(length=32), nullable=False),
        sa.Column("reference", Words(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("reason", sa.String(length=64), server_default="", nullable=False),
        sa.Column("at", Moment(timezone=True), nullable=False),
        sa.CheckConstraint("state IN ('waiting', 'stored', 'refused')", name=op.f("ck_attachments_state")),
        sa.ForeignKeyConstraint(["interview_id"], ["interviews.id"], name=op.f("fk_attachments_interview_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachments")),
    )
    op.create_index(op.f("ix_attachments_interview_id_path"), "attachments", ["interview_id", "path"], unique=False)
    op.create_index(
        "ix_attachments_waiting",
        "attachments",
        ["id"],
        unique=False,
        sqlite_where=sa.text("state = 'waiting'"),
        postgresql_where=sa.text("state = 'waiting'"),
    )
