"""Whether two names are those of one data source: written otherwise, shortened, or in another language; and which
sources of a dossier are shown as one.

Names are read by the words of `flows/countries/source_words.toml`. What is not surely the same is asked of the
coordinator; what the coordinator says holds.
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

from flows.country.entity_words import plain, stem
from flows.country.entity_words import words as entity_words
from flows.country.names import folded

SAME = 70
"""From this score on, the coordinator is asked whether two names are those of one source."""
CERTAIN = 85
"""From this score on, the two stand in one row, as long as the coordinator does not say otherwise."""
_ALIKE = 100
_GENERAL = 80  # of one name that says nothing of what: many an entity has a "statistical yearbook"
MOST = 300  # characters of a name that are looked at
_NEAR = 86.0  # of 100: two unknown words written so are one word
_SHORT = 5  # a shorter one has to be written the same
_ARTICLES = frozenset(
    {"the", "of", "for", "and", "le", "la", "les", "l", "du", "de", "des", "d", "et", "au", "a", "e", "da", "do"}
)
_IMPLIED = frozenset({"population", "housing", "demography"})
"""What a census counts, whether its name says so or not."""
_WORD = re.compile(r"[^\W_]+")
_ACRONYM = re.compile(r"\b[A-Z][A-Z0-9]{1,9}\b")
_YEAR = re.compile(r"(?:19|20)\d\d")


@dataclass(frozen=True, slots=True)
class Reading:
    """A name as its words are understood. `numbers`: of an edition, `years` too; `words`: those nobody knows."""

    folded: str
    sorts: frozenset[str]
    topics: frozenset[str]
    words: frozenset[str]
    acronyms: frozenset[str]
    known: frozenset[str]
    years: frozenset[str]
    numbers: frozenset[str]
    letters: str

    @property
    def tells(self) -> bool:
        """Whether the name says more than what sort of source it is."""
        return bool(self.topics or self.words or self.known or self.acronyms or "census" in self.sorts)

    @property
    def bare(self) -> bool:
        """Whether the name is an acronym and nothing else."""
        return bool(self.acronyms) and not (self.sorts or self.topics or self.words or self.known)


@dataclass(frozen=True, slots=True)
class _Words:
    expressions: Mapping[tuple[str, ...], tuple[str, str]]  # stems → what it is, and which
    acronyms: Mapping[str, tuple[tuple[str, str], ...]]
    like: Mapping[str, frozenset[str]]
    longest: int


def likeness(one: str, other: str) -> int:
    """How much two names of sources are alike, 0 to 100."""
    return _likeness(read(one), read(other))


def together(
    names: Sequence[tuple[str, str]],
    *,
    surely: bool,
    joined: Iterable[tuple[int, int]] = (),
    apart: AbstractSet[tuple[int, int]] = frozenset(),
) -> tuple[tuple[int, ...], ...]:
    """Sources that are one, as places in `names`, in the order of the first of each.

    `names`: the source and the entity that names it; what one entity names are several sources. `surely`: only where it
    is certain, and clear which of an entity's sources is meant; else where it may be. `joined` and `apart`: places of
    which it is known, the smaller first.
    """
    groups = _Groups([entity for _, entity in names])
    for first, second in joined:
        groups.join(first, second, known=True)
    pairs = [pair for pair in _pairs(names) if pair[0] >= (CERTAIN if surely else SAME) and pair[1:] not in apart]
    choices = Counter((place, names[other][1]) for _, *both in pairs for place, other in (both, reversed(both)))
    for score, first, second in sorted(pairs, key=lambda pair: (-pair[0], pair[1:])):
        one_of = max(choices[first, names[second][1]], choices[second, names[first][1]])
        if score == _ALIKE or one_of == 1 or not surely:
            groups.join(first, second)
    return groups.found()


class _Groups:
    def __init__(self, entities: Sequence[str]) -> None:
        self._entities = entities
        self._groups = [[place] for place in range(len(entities))]
        self._of = list(range(len(entities)))

    def join(self, first: int, second: int, *, known: bool = False) -> None:
        one, other = self._of[first], self._of[second]
        if one == other:
            return
        mine, theirs = self._groups[one], self._groups[other]
        if not known and {self._entities[place] for place in mine} & {self._entities[place] for place in theirs}:
            return
        for place in theirs:
            self._of[place] = one
        self._groups[one], self._groups[other] = sorted([*mine, *theirs]), []

    def found(self) -> tuple[tuple[int, ...], ...]:
        return tuple(sorted(tuple(group) for group in self._groups if group))


def _pairs(names: Sequence[tuple[str, str]]) -> Iterator[tuple[int, int, int]]:
    """Score and places of those of two entities that are alike; names without a word in common are passed over."""
    readings = [read(name) for name, _ in names]
    by_key: dict[str, list[int]] = {}
    seen: set[tuple[int, int]] = set()
    for second, reading in enumerate(readings):
        for key in _keys(reading) if reading.folded else ():
            for first in by_key.setdefault(key, []):
                if names[first][1] != names[second][1] and (first, second) not in seen:
                    seen.add((first, second))
                    if score := _likeness(readings[first], reading):
                        yield score, first, second
            by_key[key].append(second)


def _keys(reading: Reading) -> set[str]:
    found = {*reading.topics, *reading.known, *(word[:4] for word in reading.words), *reading.acronyms}
    found |= {reading.letters} if len(reading.letters) > 2 else set()
    counted = reading.sorts & {"census"}  # of what may be left unsaid
    return (found or set(reading.sorts)) | counted | {reading.folded}


def _country(stems: Sequence[str]) -> int:
    """How many of the words that come are the name of a country or of its people."""
    known = entity_words().expressions
    for size in range(len(stems), 0, -1):
        meaning = known.get(tuple(stems[:size]))
        if meaning is not None and meaning.what == "country":
            return size
    return 0


@lru_cache(maxsize=8192)
def read(name: str) -> Reading:
    """A name, read."""
    name, data = name[:MOST], _words()
    shouted = name == name.upper() and sum(word.isalpha() for word in _WORD.findall(name)) > 1
    acronyms = set() if shouted else set(_ACRONYM.findall(name))
    years = frozenset(_YEAR.findall(name))
    tokens = [plain(token) for token in _WORD.findall(name)]
    stems = [stem(token) for token in tokens if token not in _ARTICLES]
    written = [token for token in tokens if token not in _ARTICLES]
    found: dict[str, set[str]] = {"sort": set(), "topic": set(), "known": set(), "light": set()}
    words: set[str] = set()
    place = 0
    while place < len(stems):
        size = next((n for n in range(data.longest, 0, -1) if tuple(stems[place : place + n]) in data.expressions), 0)
        if size:
            what, key = data.expressions[tuple(stems[place : place + size])]
            found[what].add(key)
        elif (size := _country(stems[place : place + 4])) > 0:
            pass  # every source of a country is that country's
        elif written[place].upper() in data.acronyms and written[place].upper() in acronyms | {name.upper()}:
            for what, key in data.acronyms[written[place].upper()]:
                found[what].add(key)
        elif written[place].upper() not in acronyms and not any(map(str.isdigit, written[place])):
            words.add(stems[place])
        place += size or 1
    numbers = {digits for token in tokens if not _YEAR.fullmatch(token) for digits in re.findall(r"\d+", token)}
    return Reading(
        folded=folded(name),
        sorts=frozenset(found["sort"]),
        topics=frozenset(found["topic"]),
        words=frozenset(words),
        acronyms=frozenset(acronyms) - set(data.acronyms),
        known=frozenset(found["known"]),
        years=years,
        numbers=frozenset(numbers),
        letters="".join(word[0] for word in written if not word.isdigit()).upper(),
    )


def _likeness(one: Reading, other: Reading) -> int:
    if one.folded and one.folded == other.folded:
        return _ALIKE if one.tells else _GENERAL
    if _differ(one.years, other.years) or _differ(one.numbers, other.numbers) or _differ(one.known, other.known):
        return 0
    if one.known & other.known:
        return 95
    if one.bare or other.bare:
        short, long = (one, other) if one.bare else (other, one)
        spelt = not long.bare and long.letters in short.acronyms and len(long.letters) > 2
        return 92 if short.acronyms & long.acronyms else 85 if spelt else 0
    lost = _sorts(one, other)
    if lost is None:
        return 0
    mine, theirs = _unmatched(one, other)
    if one.acronyms & other.acronyms and not (mine and theirs):
        return 92 - lost
    common = len(one.topics | one.words) - len(mine)
    if mine and theirs:
        return 0
    census = "census" in one.sorts & other.sorts
    if extra := len(mine | theirs):
        if census and any(word not in one.words | other.words for word in mine | theirs):
            return 0  # a census of something else
        return 74 - lost if common >= 2 * extra else 0
    if not common and not census:
        return 0  # "database" and "databank": nothing says of what
    edition = bool(one.years) != bool(other.years) or bool(one.numbers) != bool(other.numbers)
    return 95 - lost - 3 * edition


def _differ(one: frozenset[str], other: frozenset[str]) -> bool:
    return bool(one and other) and one.isdisjoint(other)


def _sorts(one: Reading, other: Reading) -> int | None:
    """What it costs that the sorts are not the same; None where two such sources cannot be one."""
    if one.sorts & other.sorts or not (one.sorts or other.sorts):
        return 0
    if not one.sorts or not other.sorts:
        return 12
    like = _words().like
    return 12 if any(like[mine] & like[theirs] for mine in one.sorts for theirs in other.sorts) else None


def _unmatched(one: Reading, other: Reading) -> tuple[frozenset[str], frozenset[str]]:
    """Topics and unknown words that only the one, and only the other name has."""
    mine, theirs = one.words - other.words, other.words - one.words
    for word in sorted(mine):
        twin = next((each for each in sorted(theirs) if _one_word(word, each)), None)
        if twin is not None:
            mine, theirs = mine - {word}, theirs - {twin}
    implied = _IMPLIED if "census" in one.sorts & other.sorts else frozenset()
    return mine | (one.topics - other.topics - implied), theirs | (other.topics - one.topics - implied)


def _one_word(one: str, other: str) -> bool:
    from rapidfuzz import fuzz

    return min(len(one), len(other)) >= _SHORT and one[0] == other[0] and fuzz.ratio(one, other) >= _NEAR


@cache
def _words() -> _Words:
    data = tomllib.loads(files("flows").joinpath("countries", "source_words.toml").read_text("utf-8"))
    expressions: dict[tuple[str, ...], tuple[str, str]] = {}

    def say(written: str, what: str, key: str) -> None:
        parts = [part for part in _WORD.findall(plain(written)) if part not in _ARTICLES]
        expressions.setdefault(tuple(map(stem, parts)), (what, key))

    of: Callable[[Mapping[str, Sequence[str]]], list[str]] = lambda entry: [  # noqa: E731
        written for language, many in entry.items() if language != "like" for written in many
    ]
    acronyms: dict[str, tuple[tuple[str, str], ...]] = {}
    sorts = data["sorts"]
    for entry in data["known"]:
        name = entry["acronyms"][0]
        means = [("sort" if key in sorts else "topic", key) for key in entry["means"]] or [("known", name)]
        acronyms |= dict.fromkeys(entry["acronyms"], tuple(means))
        for written in entry["names"]:
            say(written, "known", name)
    for what, group in (("sort", sorts), ("topic", data["topics"]), ("light", data["light"])):
        for key, entry in group.items():
            for written in of(entry):
                say(written, what, key)
    like = {key: frozenset(entry.get("like", ())) for key, entry in sorts.items()}
    return _Words(expressions, acronyms, like, max(map(len, expressions)))
