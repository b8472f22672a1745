"""When somebody who blocked the bot was last tried again; what is due to be deleted, as it was last counted."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from db.columns import Moment

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Add the column and the table; the next tick of the clock fills them."""
    op.add_column("addresses", sa.Column("tried_at", Moment, nullable=True))
    op.create_table(
        "deletions",
        sa.Column("country", sa.String(3), nullable=False),
        sa.Column("category", sa.String(16), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("since", Moment, nullable=False),
        sa.PrimaryKeyConstraint("country", "category", name=op.f("pk_deletions")),
    )
