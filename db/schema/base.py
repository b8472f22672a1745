"""What all tables are made with."""

from __future__ import annotations

from typing import Any

from sqlalchemy import CheckConstraint, Column, ForeignKey, MetaData, text

from db.columns import Id

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


def one_of(column: str, *values: str) -> CheckConstraint:
    """A column that has one of these values."""
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({listed})", name=column)


def numbered() -> Column[int]:
    """The key of a table whose rows the database numbers."""
    return Column("id", Id, primary_key=True, comment="made by the database")


def to(target: str, name: str, comment: str, **options: Any) -> Column[int]:
    """A column that points to a row of another table."""
    return Column(name, Id, ForeignKey(target), comment=comment, **options)


def only(condition: str) -> dict[str, Any]:
    """An index's options: of the rows alone for which the condition, in SQL, holds."""
    return {"sqlite_where": text(condition), "postgresql_where": text(condition)}
