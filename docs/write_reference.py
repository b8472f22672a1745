"""Writes the reference pages that follow from the code: settings, the store's tables, rights, the ledger's kinds of
facts, the schemas of metadata.json and of guides as JSON.

.venv/bin/python docs/write_reference.py
"""

from __future__ import annotations

import json
from dataclasses import Field, fields
from importlib import import_module
from itertools import groupby
from pathlib import Path
from pkgutil import iter_modules
from typing import Any

from pydantic import SecretStr
from sqlalchemy import ForeignKey, Table

from bot.commands.doorway import ERRANDS, OVERVIEW
from bot.settings import PREFIX, Settings
from db.schema import REVISION, metadata
from flows.country import guide_schema, steps
from flows.country.access import ROLES, TABLE
from flows.country.metadata import schema
from flows.country.steps.base import KINDS, Fact

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


def access_page() -> str:
    """Who may do what, from the table of rights."""
    lines = [
        "# Who may do what",
        "",
        "From `TABLE` in `flows/country/access.py`: every step goes through it (`flows/country/steps/door.py`), and",
        "what only reads asks it as well. Whose part is over may do nothing. The command line acts as the",
        "secretariat, and what each command does is noted in the audit log.",
        "",
        "*everywhere*: in all countries; *country*: in one's own (an expert without a country: in all); *entity*:",
        "for one's own entity; *own*: one's own part only; empty: not at all.",
        "",
        f"| Action | {' | '.join(role.replace('_', ' ') for role in ROLES)} |",
        f"|---|{'---|' * len(ROLES)}",
    ]
    for action, reaches in TABLE.items():
        lines.append(f"| `{action}` | {' | '.join(reaches.get(role, '') for role in ROLES)} |")
    lines += ["", "## The right that each command takes", "", "| Command | Action |", "|---|---|"]
    for errand, action in ERRANDS.items():
        command = f"`griot {errand}`" if errand != OVERVIEW else "`griot status` of all countries"
        lines.append(f"| {command} | `{action}` |")
    return "\n".join(lines) + "\n"


def ledger_page() -> str:
    """All kinds of facts, from their classes."""
    for module in iter_modules(steps.__path__):
        import_module(f"{steps.__name__}.{module.name}")
    lines = [
        "# What the ledger holds",
        "",
        "One chain for each country and one for the exercise as a whole; each entry seals the one before it. An",
        "entry tells one fact, of a kind below, with its number, moment (UTC), the actor's number and role, and the",
        "channel's own numbers. Everything else about a dossier is computed from these. *Words* are what people",
        "wrote: they can be erased, and the chain still holds, since the seal covers their digest. A kind never",
        "changes once it is released.",
    ]
    known = [kind for kind, fact in KINDS.items() if fact.__module__.startswith(steps.__name__)]
    for part, kinds in groupby(sorted(known), key=lambda kind: kind.partition(".")[0]):
        lines += ["", f"## {part}", "", "| Fact | Holds | Words | Means |", "|---|---|---|---|"]
        lines += [_kind(KINDS[kind]) for kind in kinds]
    return "\n".join(lines) + "\n"


def _kind(fact: type[Fact]) -> str:
    every = fields(fact)
    plain, words = _names(every, erasable=False), _names(every, erasable=True)
    said = fact.__doc__ or ""
    meaning = "" if said.startswith(f"{fact.__name__}(") else " ".join(said.split()).replace("|", "\\|")
    return f"| `{fact.kind}` | {plain} | {words} | {meaning} |"


def _names(every: tuple[Field[Any], ...], *, erasable: bool) -> str:
    return ", ".join(f"`{one.name}`" for one in every if bool(one.metadata.get("words")) is erasable)


if __name__ == "__main__":
    (FOLDER / "settings.md").write_text(settings_page(), encoding="utf-8")
    (FOLDER / "store.md").write_text(store_page(), encoding="utf-8")
    (FOLDER / "access.md").write_text(access_page(), encoding="utf-8")
    (FOLDER / "ledger.md").write_text(ledger_page(), encoding="utf-8")
    written = json.dumps(schema(), ensure_ascii=False, indent=2) + "\n"
    (FOLDER / "metadata.schema.json").write_text(written, encoding="utf-8")
    written = json.dumps(guide_schema.schema(), ensure_ascii=False, indent=2) + "\n"
    (FOLDER / "guide.schema.json").write_text(written, encoding="utf-8")
