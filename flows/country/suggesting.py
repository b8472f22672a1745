"""Objectives of the Global Compact suggested for a text that nobody has tied to any.

How: the words of the text, and of an objective's title and key words in French and in English, are brought to stems
(no accents, no capitals, no plural; at most eight letters, so that `statistique` and `statistics` are one). A key word
counts where all its stems stand in the text: the more words it has, the more it counts, and the more objectives share
it, the less. A word of the title counts a little. What the official chose besides, the category of a recommendation or
the domains of a practice, counts like a clear word for the objectives that are usual there. Objectives are given best
first, three at most, only those that come near the best; equal ones by number. The same text gives the same, always.

It is a suggestion: it is used where nobody chose, and is shown as what it is. What an official chose stays as it is.
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

from flows import knowledge
from flows.country.names import folded

MOST = 3
LETTERS = 8
TITLE = 0.25
"""What a word of the title counts, in words of a key word."""
USUAL = (2.0, 1.2, 0.9, 0.7, 0.5)
"""What the usual objectives of a category or domain count, the most usual first."""
LEAST = 0.9
NEAR = 0.5
"""How near an objective comes to the best, to be suggested beside it."""


def suggested(words: str, *, category: str = "", domains: Sequence[str] = (), most: int = MOST) -> tuple[int, ...]:
    """Numbers of the objectives that `words` seem to be about, best first; none where nothing speaks for any."""
    stems = frozenset(_stems(words))
    scores: dict[int, float] = {}
    shared = _shared()
    for number, keys in _keys().items():
        found = [key for key in keys if key <= stems]
        # the parts of a longer key word that was found do not count again
        whole = [key for key in found if not any(key < other for other in found)]
        scores[number] = sum(len(key) / shared[key] for key in whole) + TITLE * len(_title(number) & stems)
    for usual in _usual(category, domains):
        for number, weight in zip(usual, USUAL, strict=False):
            scores[number] += weight
    ranked = sorted(scores, key=lambda number: (-round(scores[number], 6), number))
    best = scores[ranked[0]]
    return tuple(one for one in ranked if scores[one] >= max(LEAST, NEAR * best))[:most]


def _usual(category: str, domains: Iterable[str]) -> list[tuple[int, ...]]:
    found = [knowledge.suggested_objectives("category", category)]
    return [*found, *(knowledge.suggested_objectives("domain", one) for one in dict.fromkeys(domains))]


def _stems(words: str) -> list[str]:
    """The words that say something, as stems."""
    plain = folded(words.replace("œ", "oe").replace("’", " "))
    return [_stem(word) for word in re.findall(r"[^\W_]+", plain) if word not in _empty() and len(word) > 2]


def _stem(word: str) -> str:
    if len(word) > 4:
        word = re.sub(r"aux$", "al", word)
        word = re.sub(r"ies$", "y", word)
        word = re.sub(r"(e?s|x|e)$", "", word)
    return word[:LETTERS]


@cache
def _data() -> Mapping[str, Any]:
    return tomllib.loads(files("flows").joinpath("objectives", "keywords.toml").read_text("utf-8"))


@cache
def _empty() -> frozenset[str]:
    """Words that say nothing about an objective."""
    return frozenset(_data()["empty"])


@cache
def _keys() -> Mapping[int, tuple[frozenset[str], ...]]:
    data = _data()
    return {
        one.number: tuple(
            dict.fromkeys(
                frozenset(_stems(key)) for language in ("fr", "en") for key in data[str(one.number)][language]
            )
        )
        for one in knowledge.objectives()
    }


@cache
def _shared() -> Mapping[frozenset[str], int]:
    """In how many objectives a key word stands."""
    return Counter(key for keys in _keys().values() for key in keys)


@cache
def _title(number: int) -> frozenset[str]:
    """The words of an objective's title that no other title has."""
    mine = _titles(number)
    others = [_titles(one.number) for one in knowledge.objectives() if one.number != number]
    return mine.difference(*others)


def _titles(number: int) -> frozenset[str]:
    one = knowledge.objective(number)
    return frozenset(
        stem for language in ("fr", "en") for stem in _stems(f"{one.short(language)} {one.full(language)}")
    )
