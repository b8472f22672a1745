"""What a filled paper says beside what is on record, question by question."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["new", "row", "changed", "confided", "opened", "emptied", "conflict", "unread"]
"""Said for the first time; a whole row of a repeat; said otherwise than on record; to be kept confidential, or no
longer; rubbed out on the paper; said otherwise, but the record was changed since the paper was made; not to be read."""
AT_ONCE: tuple[Kind, ...] = ("new", "row", "changed", "confided")
"""What is taken over with one tap."""
CAN_BE_TAKEN: tuple[Kind, ...] = (*AT_ONCE, "opened", "emptied", "conflict")
"""What can be taken over by itself: what would lose, disclose or overwrite something is only taken like that."""


@dataclass(frozen=True, slots=True)
class Difference:
    """`path`: as printed, of a question or of a row; `label`, `place`: the question, the section and row it is in;
    `number`: the question's on the paper. `old`, `new`: as a person reads them, `new` in the words of the paper where
    they cannot be read. `author`, `at`: who gave the old answer (as the record has it), and when (ISO).

    `reason`: why it cannot be read, a name in the catalogue `replies`, `interview` or `paper`, `values` its
    placeholders, `message` the form's own words. `inside`: the answers of a new row, as (label, answer). `unknown`: the
    paper says that they do not know.
    """

    kind: Kind
    path: str
    label: str
    place: str = ""
    old: str = ""
    new: str = ""
    author: str = ""
    at: str = ""
    reason: str = ""
    values: Mapping[str, object] = field(default_factory=dict)
    message: str = ""
    inside: tuple[tuple[str, str], ...] = ()
    unknown: bool = False

    @property
    def key(self) -> str:
        """What a button says of it: the same as long as the same would happen to the same answer, so that nobody takes
        over what was shown to them otherwise."""
        return hashlib.sha256(f"{self.path} {self.kind} {self.at}".encode()).hexdigest()[:8]


@dataclass(frozen=True, slots=True)
class Comparison:
    """`same`: how many answers stand on the paper as they are on record; `newer`: how many the paper has as it was
    printed, and the record otherwise since; they stay as they are on record."""

    differences: tuple[Difference, ...]
    same: int
    newer: int

    def count(self, *kinds: Kind) -> int:
        """How many differences are of one of these kinds."""
        counted = Counter(one.kind for one in self.differences)
        return sum(counted[kind] for kind in kinds)
