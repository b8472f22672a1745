"""The words that names of institutions are made of: what each means, whatever the language.

They are data, in `flows/countries/entity_words.toml`: sorts of institution (ministry, agency…), topics (statistics,
border…), organisations known everywhere, countries and peoples, and words that hardly tell one from another.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any, Literal

from flows.knowledge import countries

LANGUAGES = ("fr", "en", "pt", "es", "ar")
_SHORT = 6  # a shorter word is known exactly or not at all
_NEAR = 86.0  # of 100: a word written so is a known word misspelt
_ARABIC = re.compile("(?:وال|ولل|بال|ال|لل)(?=..)")  # "the", "and the", "in the", "for the", written onto the word
_LIGATURES = str.maketrans({"œ": "oe", "Œ": "oe", "æ": "ae", "Æ": "ae"})

What = Literal["sort", "topic", "light", "country", "known"]


@dataclass(frozen=True, slots=True)
class Meaning:
    """What an expression means. `key`: the same in every language; `languages`: those it is written so in."""

    what: What
    key: str
    languages: frozenset[str]
    exact: bool = True


@dataclass(frozen=True, slots=True)
class Fact:
    """What the data say of a sort, a topic or an organisation. `like`: what sorts of institution have in common."""

    type: str = ""
    marks: frozenset[str] = frozenset()
    like: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Words:
    """Expressions (as stems) → meaning; acronyms of organisations → key; facts by key; the first letters that the
    expressions of a key have, by language; and what acronyms that many countries have say by themselves (`shorts`)."""

    expressions: Mapping[tuple[str, ...], Meaning]
    acronyms: Mapping[str, str]
    facts: Mapping[str, Fact]
    initials: Mapping[str, Mapping[str, frozenset[str]]]
    articles: frozenset[str]
    joining: frozenset[str]
    shorts: Mapping[str, Fact]
    longest: int


def plain(text: str) -> str:
    """`text` in small letters without accents."""
    spread = unicodedata.normalize("NFKD", text.translate(_LIGATURES)).casefold()
    return "".join(letter for letter in spread if not unicodedata.combining(letter))


def stem(word: str) -> str:
    """A plain word without the endings that its number and gender give it, and without the article written onto it."""
    if len(word) > 4 and (article := _ARABIC.match(word)):
        return word[article.end() :]
    if len(word) > 4 and word.endswith("aux"):
        return word[:-3] + "al"
    if len(word) > 3 and word[-1] in "sx":
        word = word[:-1]
    while len(word) > 3 and word[-1] in "aeo":
        word = word[:-1]
    return word


@cache
def words() -> Words:
    """The words of `flows/countries/entity_words.toml`, read once."""
    return _Collecting(
        tomllib.loads(files("flows").joinpath("countries", "entity_words.toml").read_text("utf-8"))
    ).words()


@lru_cache(maxsize=8192)
def misspelt(written: str) -> Meaning | None:
    """The meaning of the known word that an unknown one surely is a misspelling of."""
    from rapidfuzz import fuzz, process

    if len(written) < _SHORT:
        return None
    found = process.extractOne(written, _single(), scorer=fuzz.ratio, score_cutoff=_NEAR)
    if found is None or found[0][0] != written[0]:
        return None
    meaning = words().expressions[(found[0],)]
    return Meaning(meaning.what, meaning.key, meaning.languages, exact=False)


@cache
def _single() -> tuple[str, ...]:
    return tuple(
        stems[0]
        for stems, meaning in words().expressions.items()
        if len(stems) == 1 and len(stems[0]) >= _SHORT and meaning.what in ("sort", "topic", "light")
    )


class _Collecting:
    """Takes the words out of the data."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        self._articles = frozenset(data["articles"]["words"])
        self._joining = frozenset(data["articles"]["joining"])
        self._expressions: dict[tuple[str, ...], Meaning] = {}
        self._acronyms: dict[str, str] = {}
        self._facts: dict[str, Fact] = {}
        self._initials: dict[str, dict[str, set[str]]] = {}
        for number, entry in enumerate(data["known"]):
            key = f"known {number}"
            self._facts[key] = _fact(entry)
            self._acronyms |= {plain(acronym): key for acronym in entry["acronyms"]}
            for name in entry["names"]:
                self._say("known", key, "", name)
        self._group("sort", data["sorts"])
        self._group("topic", data["topics"])
        self._group("light", data["light"])
        self._shorts = {plain(short): _fact(entry) for entry in data["shorts"] for short in entry["acronyms"]}
        for code, written in _country_names(data["peoples"]):
            self._say("country", f"country {code}", "", written)

    def words(self) -> Words:
        return Words(
            self._expressions,
            self._acronyms,
            self._facts,
            {key: {of: frozenset(own) for of, own in by.items()} for key, by in self._initials.items()},
            self._articles,
            self._joining,
            self._shorts,
            max(map(len, self._expressions)),
        )

    def _group(self, what: Literal["sort", "topic", "light"], group: Mapping[str, Any]) -> None:
        for name, entry in group.items():
            key = f"{what} {name}"
            self._facts[key] = _fact(entry)
            for language in LANGUAGES:
                for written in entry.get(language, ()):
                    self._say(what, key, language, written)

    def _say(self, what: What, key: str, language: str, written: str) -> None:
        """`written` means `key`; the first meaning that the data give an expression holds."""
        apart = re.findall(r"[^\W_]+", plain(written))
        parts = [part for part in apart if part not in self._articles | self._joining]
        stems = tuple(stem(part) for part in parts)
        before = self._expressions.get(stems, Meaning(what, key, frozenset()))
        if before.key == key:
            self._expressions[stems] = Meaning(what, key, before.languages | ({language} - {""}))
        self._initials.setdefault(key, {}).setdefault(language, set()).add("".join(part[0] for part in parts))


def _fact(entry: Mapping[str, Any]) -> Fact:
    return Fact(entry.get("type", ""), frozenset(entry.get("marks", ())), frozenset(entry.get("like", ())))


def _country_names(peoples: Mapping[str, Sequence[str]]) -> Iterator[tuple[str, str]]:
    for country in countries():
        for names in country.names.values():
            yield country.code, names.name
    for code, written in peoples.items():
        for one in written:
            yield code, one
