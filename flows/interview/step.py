"""One step of an interview."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

StepKind = Literal["question", "note", "repeat", "first", "rest", "remove"]


@dataclass(frozen=True, slots=True)
class Step:
    """`repeat`: another row? `first`: a first row? `rest`: continue beyond the core? `remove`: remove this row?"""

    kind: StepKind
    path: str

    @property
    def key(self) -> str:
        return f"{self.kind}:{self.path}"

    @classmethod
    def from_key(cls, key: str) -> Step:
        kind, _, path = key.partition(":")
        return cls(kind, path)  # type: ignore[arg-type]


@lru_cache(maxsize=20_000)
def step_of(kind: StepKind, path: str) -> Step:
    """The same step again, not made anew: interviews have hundreds of them and mostly the same."""
    return Step(kind, path)
