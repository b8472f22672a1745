"""Writes the reference pages that follow from the code: settings, the store's tables, the schema of metadata.json.

.venv/bin/python docs/write_reference.py
"""

from __future__ import annotations

import json
from pathlib import Path

from pydantic import SecretStr
from sqlalchemy import ForeignKey, Table

from bot.settings import PREFIX, Settings
from db.schema import REVISION, metadata
from flows.country.metadata import schema

FOLDER = Path(__file__).parent / "reference"


def settings_page() -> str:
    """All settings, from their descriptions."""
    lines = [
        "# Settings",
        "",
        "Read from the environment, then from a file `.env` in the current folder (UTF-8). An empty value counts as",
        "not set. `griot doctor` says what is missing, wrong or misspelt.",
        "",
        "| Variable | Default | Meaning |",
        "|---|---|---|",
    ]
    for name, field in Settings.model_fields.items():
        default = "" if field.default in (None, "") or isinstance(field.default, SecretStr) else f"`{field.default}`"
        lines.append(f"| `{PREFIX}{name.upper()}` | {default} | {field.description} |")
    return "\n".join(lines) + "\n"


def store_page() -> str:
    """All tables, from the comments of the schema."""
    lines = [
        "# The store",
        "",
        f"Revision {REVISION}. SQLite by default, PostgreSQL for several processes; the tables are the same.",
        "Who somebody is, is in `people` and `addresses`; every other table points there by number. Where personal",
        "data can stand besides: personal-data.md.",
        "",
        "Moments are in UTC (on SQLite as text of fixed width, which sorts as time does). `griot backup` copies a live",
        "SQLite database; for PostgreSQL use `pg_dump`, and copy the folder of the attachments.",
    ]
    for table in sorted(metadata.sorted_tables, key=lambda table: table.name):
        lines += ["", f"## {table.name}", "", f"{table.comment}.", "", *_columns(table)]
    return "\n".join(lines) + "\n"


def _columns(table: Table) -> list[str]:
    lines = ["| Column | Type | Meaning |", "|---|---|---|"]
    for column in table.columns:
        kind = type(column.type).__name__.lower()
        kind = {"words": "text", "string": "text", "biginteger": "integer"}.get(kind, kind)
        target = next((key.target_fullname for key in column.foreign_keys if isinstance(key, ForeignKey)), "")
        meaning = "; ".join(part for part in (f"→ `{target}`" if target else "", column.comment or "") if part)
        lines.append(f"| `{column.name}` | {kind}{', may be empty' if column.nullable else ''} | {meaning} |")
    return lines


if __name__ == "__main__":
    (FOLDER / "settings.md").write_text(settings_page(), encoding="utf-8")
    (FOLDER / "store.md").write_text(store_page(), encoding="utf-8")
    written = json.dumps(schema(), ensure_ascii=False, indent=2) + "\n"
    (FOLDER / "metadata.schema.json").write_text(written, encoding="utf-8")
