"""One person may take several parts: for two entities, or as coordinator and official."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from db.columns import Id

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Let a part point to the first one of the same person."""
    first = sa.ForeignKey("people.id", name=op.f("fk_people_first_id"))
    op.add_column("people", sa.Column("first_id", Id, first, nullable=True), inline_references=True)
    op.create_index(op.f("ix_people_first_id"), "people", ["first_id"], unique=False)
