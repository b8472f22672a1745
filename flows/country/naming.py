"""How the name of an institution reads: `read_name` → `Reading`, what its words mean and which of them nobody knows."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from flows.country.entity_words import Meaning, misspelt, plain, stem, words

MOST = 400  # letters of a name that are looked at
_ACRONYM = 12  # letters that an acronym has at most
_MINISTRY = "sort ministry"
# what stands before the name of an organisation that has an office in the country
_OFFICES = frozenset(f"sort {name}" for name in ("bureau", "agency", "programme", "service", "unit", "delegation"))
_TOKEN = re.compile(r"[^\W_]+|[,;:/|()\[\]–—·•&+]|\s-\s")
_STRONG = frozenset(",;:/|()[]–—·•-")
_DOTTED = re.compile(r"\b(?:[^\W\d_]\.){2,}(?:[^\W\d_]\b)?")
_SPACED = re.compile(r"[^\W\d_](?: [^\W\d_]){2,}")
_BRACKETS = re.compile(r"[(\[]([^()\[\]]{1,40})[)\]]")
_BESIDE = re.compile(r"\s[-–—/:|]\s|[–—|]")
_NUMERAL = re.compile(r"[ivx]+|\d+\w*")


@dataclass(frozen=True, slots=True)
class Segment:
    """What stands between two "and" or commas: the meanings of its words by key, and the words nobody knows."""

    sorts: Mapping[str, Meaning]
    topics: Mapping[str, Meaning]
    words: frozenset[str]


@dataclass(frozen=True, slots=True)
class Reading:
    """A name as its words are understood.

    `acronyms`: given with it, within it, or all that the name is (`bare`). `known`: the organisation known everywhere
    that it is, or "". `parents`: topics of the ministry that the institution says it belongs to. `letters`: every word,
    and whether an acronym may pass it over; `breaks`: how many of them come before each "and" or comma.
    """

    acronyms: frozenset[str]
    bare: bool
    known: str
    segments: tuple[Segment, ...]
    sorts: Mapping[str, Meaning]
    topics: Mapping[str, Meaning]
    words: frozenset[str]
    light: frozenset[str]
    countries: frozenset[str]
    parents: frozenset[str]
    terms: tuple[Meaning, ...]
    letters: tuple[tuple[str, bool], ...]
    breaks: tuple[int, ...]
    latin: bool


def read_name(name: str, acronym: str = "") -> Reading:
    """A name and its acronym as their words are understood. Whatever was written gives a reading, if an empty one."""
    return _read(name[:MOST], acronym[:MOST])


@lru_cache(maxsize=4096)
def _read(name: str, acronym: str) -> Reading:
    said = _DOTTED.sub(lambda dotted: dotted[0].replace(".", ""), name).strip()
    if _SPACED.fullmatch(said):
        said = said.replace(" ", "")
    acronyms = {found for written in (acronym, *_inside(said)) if (found := _letters(written))}
    return _Reader(said, frozenset(acronyms)).reading()


def _inside(said: str) -> Iterator[str]:
    """What stands in brackets, or alone beside a dash, all in capitals."""
    for part in (*_BRACKETS.findall(said), *(part for part in _BESIDE.split(said) if part != said)):
        if part.strip().isupper() and " " not in part.strip():
            yield part


def _letters(written: str) -> str:
    """An acronym as it is compared; "" where it is too long or too short for one."""
    bare = "".join(re.findall(r"[^\W_]", plain(written[:40])))
    return bare if 2 <= len(bare) <= _ACRONYM else ""


class _Reader:
    """Goes through the words of one name, once."""

    def __init__(self, said: str, acronyms: frozenset[str]) -> None:
        self._data = words()
        self._acronyms = acronyms
        self._capitals = {plain(word) for word in re.findall(r"[^\W_]+", said) if word.isupper()}
        self._latin = not any("\u0590" <= letter <= "\u08ff" for letter in said)
        self._segments: list[Segment] = []
        self._strong: list[bool] = []  # whether a comma or dash, not an "and", comes before each segment
        self._sorts: dict[str, Meaning] = {}
        self._topics: dict[str, Meaning] = {}
        self._words: set[str] = set()
        self._parting = False
        self._organisations: set[str] = set()
        self._countries: set[str] = set()
        self._light: set[str] = set()
        self._parents: set[str] = set()
        self._below = False  # the ministry that the institution belongs to is being named
        self._letters: list[tuple[str, bool]] = []
        self._breaks: list[int] = []
        self._terms: list[Meaning] = []
        self._go([token.strip() for token in _TOKEN.findall(plain(said))])

    def _go(self, tokens: Sequence[str]) -> None:
        place = 0
        while place < len(tokens):
            token = tokens[place]
            if token in self._data.joining or not token[0].isalnum():
                self._close(strong=token in _STRONG)
            elif token in self._data.articles and len(tokens) > 1:
                self._letters.append((token, True))
            elif token not in self._acronyms or len(tokens) == 1:
                place += self._take(tokens, place) - 1
            place += 1
        self._close(strong=False)

    def _take(self, tokens: Sequence[str], place: int) -> int:
        """Understand the longest expression that begins at `place`; how many tokens it takes."""
        stems: list[str] = []
        ends: list[int] = []
        for position in range(place, min(place + 3 * self._data.longest, len(tokens))):
            token = tokens[position]
            if not token[0].isalnum() or len(stems) == self._data.longest:
                break
            if token not in self._data.articles and token not in self._data.joining:
                stems.append(stem(token))
                ends.append(position + 1)
        for count, end in zip(range(len(stems), 0, -1), reversed(ends), strict=True):
            meaning = self._data.expressions.get(tuple(stems[:count]))
            taken = tokens[place:end]
            if meaning and (meaning.what == "known" or self._data.joining.isdisjoint(taken)):
                self._understand(meaning, taken)
                return len(taken)
        self._unknown(tokens[place], alone=len(tokens) == 1)
        return 1

    def _unknown(self, token: str, *, alone: bool) -> None:
        if token in self._data.acronyms and (alone or token in self._capitals):
            self._organisation(self._data.acronyms[token])
        elif meaning := misspelt(stem(token)):
            self._understand(meaning, [token])
        elif len(token) > 1 or _NUMERAL.fullmatch(token) or not self._latin or alone:
            self._letters.append((token, False))
            if not self._below:
                self._words.add(token)

    def _understand(self, meaning: Meaning, tokens: Sequence[str]) -> None:
        passed = meaning.what == "country"
        self._letters += [(token, passed or token in self._data.articles) for token in tokens]
        if meaning.what == "known":
            self._organisation(meaning.key)
        elif meaning.what == "country":
            self._countries.add(meaning.key)
        elif meaning.key == _MINISTRY and self._named():
            self._below = True
        elif self._below:
            if meaning.what == "topic":
                self._parents.add(meaning.key)
        else:
            self._terms.append(meaning)
            if meaning.what == "sort":
                self._sorts[meaning.key] = meaning
            elif meaning.what == "topic":
                self._topics[meaning.key] = meaning
            else:
                self._light.add(meaning.key)

    def _organisation(self, key: str) -> None:
        self._organisations.add(key)
        if not self._below:
            self._words.add(key)  # a word like others where the name says more than that

    def _named(self) -> bool:
        """Whether a sort of institution other than a ministry has been named already."""
        named = {key for segment in self._segments for key in segment.sorts} | set(self._sorts)
        return bool(named - {_MINISTRY})

    def _close(self, *, strong: bool) -> None:
        if self._sorts or self._topics or self._words:
            self._segments.append(Segment(self._sorts, self._topics, frozenset(self._words)))
            self._strong.append(self._parting)
            self._sorts, self._topics, self._words = {}, {}, set()
        self._parting = strong
        if self._letters and (not self._breaks or self._breaks[-1] < len(self._letters)):
            self._breaks.append(len(self._letters))

    def _own(self) -> list[Segment]:
        """The segments of the institution itself, where the ministry that it belongs to is named before it."""
        for place, segment in enumerate(self._segments):
            before = self._segments[:place]
            if self._strong[place] and segment.sorts.keys() - {_MINISTRY} and before:
                if {key for each in before for key in each.sorts} == {_MINISTRY}:
                    self._parents |= {key for each in before for key in each.topics}
                    return self._segments[place:]
                break
        return self._segments

    def reading(self) -> Reading:
        segments = tuple(self._own())
        sorts = {key: meaning for segment in segments for key, meaning in segment.sorts.items()}
        topics = {key: meaning for segment in segments for key, meaning in segment.topics.items()}
        unknown = frozenset(word for segment in segments for word in segment.words)
        known, bare, acronyms = "", False, self._acronyms
        if len(unknown) == 1 and unknown == self._organisations and not topics and sorts.keys() <= _OFFICES:
            (known,) = unknown
        elif len(unknown) == 1 and not topics and not self._organisations and self._latin:
            (word,) = unknown
            alone = all(passed or letters == word for letters, passed in self._letters)
            if (alone or word in self._capitals) and _letters(word):
                bare, acronyms = True, acronyms | {word}
        elif not self._letters and len(acronyms) == 1:
            bare = True
        return Reading(
            acronyms=acronyms,
            bare=bare,
            known=known,
            segments=segments,
            sorts=sorts,
            topics=topics,
            words=unknown,
            light=frozenset(self._light),
            countries=frozenset(self._countries),
            parents=frozenset(self._parents),
            terms=tuple(self._terms),
            letters=tuple(self._letters),
            breaks=tuple(self._breaks),
            latin=self._latin,
        )
