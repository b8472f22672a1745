"""What comes back on a paper, before the engine has read any of it."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Written:
    """What stands in one field. `ticked`: the boxes ticked, by name or by what stands for it; `ranks`: what is written
    before each choice; `day`: the day that a calendar wrote (ISO), "" where it was typed; `confidential`, `unknown`:
    their boxes, None where they were not found. `found`: whether the field itself was: a blank in it means something.
    """

    text: str = ""
    ticked: tuple[str, ...] = ()
    ranks: Mapping[str, str] = field(default_factory=dict)
    day: str = ""
    confidential: bool | None = None
    unknown: bool | None = None
    found: bool = True

    @property
    def is_blank(self) -> bool:
        """Whether no answer is given."""
        return not (self.text.strip() or self.ticked or any(rank.strip() for rank in self.ranks.values()))


@dataclass(frozen=True, slots=True)
class Paper:
    """What a paper says of itself. `at`: when it was made; `rows`: how many rows each repeat had then, by path;
    `digests`: of the answers that stood on it, by path, None where that was lost on the way."""

    form_id: str
    version: str
    language: str
    interview_id: int
    country: str
    at: datetime
    rows: Mapping[str, int] = field(default_factory=dict)
    digests: Mapping[str, str] | None = None


def digest(value: str, *, confidential: bool) -> str:
    """What a paper remembers of an answer that it was made with: enough to see whether it is another now."""
    mark = "!" if confidential else ""
    return hashlib.sha256(even(value).encode()).hexdigest()[:10] + mark if value else mark


def stands_for(name: str) -> str:
    """What may stand for the name of a choice where there is no room for it."""
    return f"~{hashlib.sha256(name.encode()).hexdigest()[:8]}"


def even(text: str) -> str:
    """Text as it is compared: word processors change spaces and line ends."""
    return " ".join(unicodedata.normalize("NFC", text).split())
