"""Two texts beside each other: how alike they are, and where their words differ."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

ALIKE = 0.5
"""How alike two texts are, from which on one is the other changed."""
_MOST_WORK = 400_000  # pairs of equal words
_WORDS = re.compile(r"\s*(?:\w+|[^\w\s])|\s+")  # a word with the room before it


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of a text before or after. `same`: whether both have it."""

    text: str
    same: bool


def spans(before: str, after: str) -> tuple[tuple[Span, ...], tuple[Span, ...]]:
    """Both texts, cut where their words differ."""
    words = _WORDS.findall(before), _WORDS.findall(after)
    old: list[Span] = []
    new: list[Span] = []
    for tag, i, ends, j, end in matched(*words):
        for found, part in ((old, words[0][i:ends]), (new, words[1][j:end])):
            if part:
                found.append(Span("".join(part), tag == "equal"))
    return tuple(old), tuple(new)


def matched(old: Sequence[Hashable], new: Sequence[Hashable]) -> list[tuple[str, int, int, int, int]]:
    """What `SequenceMatcher.get_opcodes` gives; what both begin and end with is found at once, and what is too long to
    compare counts as replaced."""
    start = 0
    while start < min(len(old), len(new)) and old[start] == new[start]:
        start += 1
    end = 0
    while end < min(len(old), len(new)) - start and old[-1 - end] == new[-1 - end]:
        end += 1
    middle = old[start : len(old) - end], new[start : len(new) - end]
    found: list[tuple[str, int, int, int, int]] = [("equal", 0, start, 0, start)] if start else []
    if _work(*middle) > _MOST_WORK:
        found.append(("replace", start, len(old) - end, start, len(new) - end))
    else:
        matcher = SequenceMatcher(None, *middle, autojunk=False)
        found += [(tag, i + start, k + start, j + start, n + start) for tag, i, k, j, n in matcher.get_opcodes()]
    return [*found, ("equal", len(old) - end, len(old), len(new) - end, len(new))] if end else found


def likeness(one: str, other: str) -> float:
    """How much of two texts is the same, from 0 to 1; near enough where they are too long to compare."""
    words = one.casefold().split(), other.casefold().split()
    matcher = SequenceMatcher(None, words[0], words[1], autojunk=False)
    quick = min(matcher.real_quick_ratio(), matcher.quick_ratio())
    return quick if quick < ALIKE or _work(*words) > _MOST_WORK else matcher.ratio()


def _work(one: Sequence[Hashable], other: Sequence[Hashable]) -> int:
    """About how many steps it takes to compare two sequences: pairs of equal things."""
    counts = Counter(other)
    return sum(counts[item] for item in one)
