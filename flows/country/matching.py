"""Whether two names are those of one institution: written otherwise, shortened to an acronym, or in another language.

A coordinator is asked before anything is merged, so that a likeness is a proposal with its reasons, never a decision.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from flows.country.acronyms import stands_for
from flows.country.contribution import Entity
from flows.country.entity_words import words
from flows.country.names import folded
from flows.country.naming import Reading, Segment, read_name

SAME = 70
"""From this score on, two names are proposed as one institution."""
_DIFFERENT = 50  # at most, where something in the names speaks against it
_NEAR = 84.0  # of 100: two unknown words written so are one word
_SHORT = 5  # a shorter word has to be written the same
_UNSAID = frozenset({"ministry", "directorate", "body", "association"})  # "police nationale" is also its directorate
_PROPER = 3  # words of a proper name in common for each one that only one of two names has…
_NAMED_AFTER = 2  # …and of institutions that are named after people

Reason = Literal["same_name", "acronym", "translation", "spelling", "longer_name"]
_ORDER: tuple[Reason, ...] = ("same_name", "acronym", "translation", "spelling", "longer_name")


class Named(Protocol):
    """What has a name: `contribution.Entity`, or a row that says the same."""

    @property
    def name(self) -> str: ...
    @property
    def acronym(self) -> str: ...
    @property
    def kind(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Likeness:
    """How much two names are alike, 0 to 100, and why they may be one institution (no reason below `SAME`)."""

    score: int
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class Pair:
    """Two that may be one institution: their places in the list, the earlier first."""

    first: int
    second: int
    score: int
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Near:
    """One that a new name may mean: its place in the list."""

    index: int
    score: int
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class _Known:
    """An entity with all that is looked up more than once."""

    entity: Named
    folded: str
    reading: Reading
    keys: frozenset[str]


_NOTHING = Likeness(0)


def likeness(one: Named, other: Named) -> Likeness:
    """How much two entities are alike by what they are called."""
    return _likeness(_known(one), _known(other))


def duplicates(entities: Sequence[Named]) -> tuple[Pair, ...]:
    """Every two of `entities` that may be one institution, the likeliest first."""
    known = [_known(entity) for entity in entities]
    pairs = []
    for second, other in enumerate(known):
        for first in range(second):
            found = _likeness(known[first], other)
            if found.score >= SAME:
                pairs.append(Pair(first, second, found.score, found.reasons))
    return tuple(sorted(pairs, key=lambda pair: (-pair.score, pair.first, pair.second)))


def closest(name: str, acronym: str, among: Sequence[Named], *, most: int = 3) -> tuple[Near, ...]:
    """Those of `among` that a new entity of this name may already be, the likeliest first, at most `most`."""
    new = _known(Entity(name, acronym))
    found = [(place, _likeness(new, _known(entity))) for place, entity in enumerate(among)]
    near = [Near(place, like.score, like.reasons) for place, like in found if like.score >= SAME]
    return tuple(sorted(near, key=lambda each: (-each.score, each.index))[:most])


def _known(entity: Named) -> _Known:
    reading = read_name(entity.name, entity.acronym)
    keys = {*reading.topics, *reading.words, *reading.acronyms, *({reading.known} - {""})}
    return _Known(entity, folded(entity.name), reading, frozenset(keys or reading.sorts))


def _likeness(one: _Known, other: _Known) -> Likeness:
    a, b = one.reading, other.reading
    if one.folded and one.folded == other.folded:
        return Likeness(100, ("same_name",))
    if a.known or b.known:
        return _organisations(a, b)
    if a.bare or b.bare:
        return _acronyms(a, b)
    if one.keys.isdisjoint(other.keys) and not _alike(one.folded, other.folded):
        return _NOTHING
    found = _Comparison(a, b).likeness()
    if found.score >= SAME and _other_class(one.entity, other.entity):
        return Likeness(max(found.score - 8, SAME), found.reasons)
    return found


def _alike(one: str, other: str) -> bool:
    from rapidfuzz import fuzz

    return bool(fuzz.ratio(one[:200], other[:200], score_cutoff=80))


def _other_class(one: Named, other: Named) -> bool:
    first, second = Entity("", kind=one.kind).entity_class, Entity("", kind=other.kind).entity_class
    return bool(first and second and first != second)


def _organisations(a: Reading, b: Reading) -> Likeness:
    if a.known == b.known:
        shortened = bool(a.letters) != bool(b.letters)
        return Likeness(98, ("acronym", "translation") if shortened else ("translation",))
    if a.known and b.known:
        return _NOTHING
    known, other = (a, b) if a.known else (b, a)
    named = {words().acronyms.get(acronym) for acronym in other.acronyms}
    return Likeness(85, ("acronym",)) if known.known in named else _NOTHING


def _acronyms(a: Reading, b: Reading) -> Likeness:
    """At least one of the two is only an acronym."""
    score = 92 if a.acronyms & b.acronyms else 0
    if not score and not (a.bare and b.bare):
        short, long = (a, b) if a.bare else (b, a)
        score = max((stands_for(acronym, long) for acronym in short.acronyms), default=0)
    if score and a.sorts and b.sorts and not _compatible(a.sorts, b.sorts):
        score -= 10
    return Likeness(score, ("acronym",)) if score >= SAME else _NOTHING


def _compatible(one: Mapping[str, object], other: Mapping[str, object]) -> bool:
    """Whether institutions of these sorts may be one: each has its like on the other side, or may be left unsaid."""
    facts = words().facts
    if not one or not other:
        return all(facts[sort].like & _UNSAID for sort in (*one, *other))
    return all(
        any(mine == theirs or facts[mine].like & facts[theirs].like for theirs in there)
        for here, there in ((one, other), (other, one))
        for mine in here
    )


class _Comparison:
    """Two names word by word."""

    def __init__(self, a: Reading, b: Reading) -> None:
        self.a, self.b = a, b
        self.misspelt = 0
        self.only = self._unmatched()

    def _unmatched(self) -> tuple[frozenset[str], frozenset[str]]:
        """Topics and words that only the one, and only the other name has."""
        first, second = self.a.words - self.b.words, self.b.words - self.a.words
        for word in sorted(first):
            twin = next((each for each in sorted(second) if _one_word(word, each)), None)
            if twin:
                first, second = first - {word}, second - {twin}
                self.misspelt += 1
        if first and second and _one_word("".join(sorted(first)), "".join(sorted(second))):
            first, second = frozenset(), frozenset()
            self.misspelt += 1
        a, b = self.a.topics.keys(), self.b.topics.keys()
        return first | (a - b), second | (b - a)

    def likeness(self) -> Likeness:
        a, b, (only_a, only_b) = self.a, self.b, self.only
        had_a, had_b = set(a.topics) | a.words, set(b.topics) | b.words
        common = len(had_a - only_a)
        if not common:
            same = not had_a and not had_b and a.sorts.keys() == b.sorts.keys() and a.light == b.light
            same = same and not self._elsewhere()
            return Likeness(80, ("spelling",)) if same and a.sorts else self._different(0.0, self._shared_acronym())
        share = 2 * common / (len(had_a) + len(had_b))
        other_parent = bool(a.parents and b.parents) and a.parents.isdisjoint(b.parents)
        against = (only_a and only_b) or self._elsewhere() or other_parent
        if against or not self._sorts_agree():
            return self._different(share, bool(self._shared_acronym() and not against))
        longer, extra = (a, only_a) if only_a else (b, only_b)
        lost = _extra_cost(longer, extra, common, self._ministries()) if extra else 0
        if lost is None:
            return self._different(share, self._shared_acronym())
        return self._alike(lost, bool(extra))

    def _alike(self, lost: int, extra: bool) -> Likeness:
        a, b = self.a, self.b
        translated = self._translated()
        inexact = self.misspelt + sum(not meaning.exact for meaning in (*a.terms, *b.terms))
        barer = a.sorts.keys() != b.sorts.keys() and not translated
        longer = extra or bool(a.parents) != bool(b.parents) or bool(a.sorts) != bool(b.sorts)
        lost += 2 + 3 * translated + min(4 * inexact, 12) + 6 * (bool(a.parents) != bool(b.parents))
        lost += 8 * (bool(a.sorts) != bool(b.sorts)) + 4 * barer + 2 * (a.countries != b.countries)
        lost += 0 if translated else min(len(a.light ^ b.light), 3)
        reasons: set[Reason] = {"translation"} if translated else set()
        if longer:
            reasons.add("longer_name")
        if inexact or not reasons:
            reasons.add("spelling")
        if self._shared_acronym():
            lost -= 5
            reasons.add("acronym")
        score = min(100 - lost, 99)
        return Likeness(score, _in_order(reasons)) if score >= SAME else Likeness(score)

    def _different(self, share: float, same_acronym: bool) -> Likeness:
        """Something speaks against it; an acronym in common decides only where the names cannot be compared."""
        if same_acronym and (self.a.latin != self.b.latin or not all(self.only)):
            return Likeness(80, ("acronym",))
        return Likeness(round(_DIFFERENT * share))

    def _elsewhere(self) -> bool:
        """Whether each of the two names a country that the other does not."""
        return bool(self.a.countries - self.b.countries and self.b.countries - self.a.countries)

    def _shared_acronym(self) -> bool:
        return bool(self.a.acronyms & self.b.acronyms)

    def _ministries(self) -> bool:
        return "sort ministry" in self.a.sorts and "sort ministry" in self.b.sorts

    def _sorts_agree(self) -> bool:
        """The sorts of institution are alike, those of what only one of the two has besides left aside."""
        first, second = (_own_sorts(name, only) for name, only in zip((self.a, self.b), self.only, strict=True))
        return _compatible(first, second)

    def _translated(self) -> bool:
        """Whether some word is in languages that the same word in the other name is not in."""
        mine = {**self.a.topics, **self.a.sorts}
        return any(
            key in mine and mine[key].languages.isdisjoint(meaning.languages)
            for key, meaning in {**self.b.topics, **self.b.sorts}.items()
        )


def _own_sorts(name: Reading, only: frozenset[str]) -> Mapping[str, object]:
    return {
        key: meaning
        for place, segment in enumerate(name.segments)
        if place == 0 or not _added(segment, only)
        for key, meaning in segment.sorts.items()
    }


def _added(segment: Segment, only: frozenset[str]) -> bool:
    """Whether the other name has nothing of this segment."""
    had = set(segment.topics) | segment.words
    return bool(had) and had <= only


def _extra_cost(longer: Reading, extra: frozenset[str], common: int, ministries: bool) -> int | None:
    """What it costs that `longer` says more; None where it thereby names another institution.

    What is added with "and" or a comma widens an institution; what is added otherwise narrows it to a part, unless most
    of a proper name is in common.
    """
    added = [segment for segment in longer.segments if _added(segment, extra)]
    widening = frozenset(term for segment in added for term in (*segment.topics, *segment.words))
    narrowing = extra - widening
    cost = 12 + 4 * (len(added) - 1) if added else 0
    if narrowing:
        needed = _NAMED_AFTER if longer.sorts.keys() & {"sort university", "sort school"} else _PROPER
        if common < needed * len(narrowing) or not narrowing <= longer.words:
            return None
        cost += 8
    if added and longer.segments[0] in added:
        if not ministries:
            return None
        cost += 6
    return cost


def _one_word(one: str, other: str) -> bool:
    from rapidfuzz import fuzz

    if min(len(one), len(other)) < _SHORT or one[0] != other[0] or any(map(str.isdigit, one + other)):
        return False
    return fuzz.ratio(one, other) >= _NEAR


def _in_order(reasons: set[Reason]) -> tuple[Reason, ...]:
    return tuple(reason for reason in _ORDER if reason in reasons)
