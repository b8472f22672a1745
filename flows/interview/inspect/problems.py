"""What a check finds, and where."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Severity = Literal["error", "warning", "note"]


@dataclass(frozen=True, slots=True)
class Problem:
    """`kind` is a name in the catalogue `forms`, `values` its placeholders. `sheet`, `row` and `column` say where in
    the workbook, `path` where in the form; what is not known is empty."""

    severity: Severity
    kind: str
    values: Mapping[str, str] = field(default_factory=dict)
    path: str = ""
    sheet: str = ""
    row: int = 0
    column: str = ""
