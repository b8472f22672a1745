"""The page that says what is kept about people is complete, and as its source says."""

from __future__ import annotations

import runpy
from pathlib import Path
from typing import Any

from db.schema import metadata

DOCS = Path(__file__).parents[2] / "docs"


def _source() -> dict[str, Any]:
    return runpy.run_path(str(DOCS / "write_personal_data.py"))


def test_every_column_marked_as_personal_has_its_entry_and_no_entry_is_of_nothing() -> None:
    source = _source()
    known = {f"{table.name}.{column.name}" for table in metadata.sorted_tables for column in table.columns}
    assert source["marked"]() - set(source["COLUMNS"]) == set(), "say in docs/write_personal_data.py how it goes"
    assert set(source["COLUMNS"]) <= known


def test_the_page_is_as_its_source_says() -> None:
    assert (DOCS / "reference/personal-data.md").read_text(encoding="utf-8") == _source()["page"]()
