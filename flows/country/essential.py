"""Whether those that no guide can do without are among the entities named, and what kind of entity a name means.

A guide needs the office that counts, a body that guards the borders and one that acts in crises.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Literal, Protocol

from flows.country.contribution import Entity
from flows.country.entity_words import words
from flows.country.naming import Reading, read_name

Essential = Literal["statistics", "border", "crisis"]
ESSENTIALS: tuple[Essential, ...] = ("statistics", "border", "crisis")

_COUNTS_TOO = frozenset({"topic statistics", "topic demography", "topic population", "topic economy", "topic studies"})
_OFFICES = frozenset({"sort institute", "sort agency"})  # such a name alone says that the whole country is counted
_MAYBE = frozenset({"sort directorate", "sort service", "sort bureau", "sort centre", "sort organisation"})
_OF_THE_COUNTRY = frozenset({"light national", "light general"})
_CIVIL_SOCIETY = frozenset({"sort association", "sort federation", "sort foundation", "sort union"})
_FORCES = frozenset({"sort delegation", "sort inspectorate", "sort unit"}) | _MAYBE | _OFFICES
_ELSEWHERE = frozenset({"sort embassy", "sort consulate", "sort court"})  # of no kind that the form has


class Named(Protocol):
    """An entity with what the coordinator said of it. `domains`: names of the form's list `domain`."""

    @property
    def name(self) -> str: ...
    @property
    def acronym(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def domains(self) -> Collection[str]: ...


@dataclass(frozen=True, slots=True)
class Candidate:
    """An entity to invite, as the coordinator names it."""

    name: str
    acronym: str = ""
    kind: str = ""
    domains: tuple[str, ...] = ()


def missing(entities: Iterable[Named]) -> tuple[Essential, ...]:
    """Those that none of `entities` is, in the order of `ESSENTIALS`."""
    there = {essential for entity in entities for essential in is_for(entity)}
    return tuple(essential for essential in ESSENTIALS if essential not in there)


def is_for(entity: Named) -> frozenset[Essential]:
    """Which of the essentials an entity is: by its kind, by the domains given, by the words of its name."""
    reading = read_name(entity.name, entity.acronym)
    kind = entity.kind or guess_kind(entity.name, entity.acronym)
    state = Entity(entity.name, kind=kind).entity_class != "other"
    marks = _marks(reading)
    found: set[Essential] = set()
    if kind == "statistics" or (not entity.kind and "statistics" in marks):
        found.add("statistics")
    if kind == "security" or (state and ("border" in entity.domains or "border" in marks)):
        found.add("border")
    if "crisis" in entity.domains or "crisis" in marks:
        found.add("crisis")
    return frozenset(found)


def guess_kind(name: str, acronym: str = "") -> str:
    """The choice of the form's list `entity_type` that a name suggests; "" when unsure."""
    reading = read_name(name, acronym)
    data = words()
    sorts, types = reading.sorts.keys(), {data.facts[topic].type for topic in reading.topics}
    if reading.known:
        return data.facts[reading.known].type
    if reading.bare:
        return _of_acronym(reading)
    if sorts & _CIVIL_SOCIETY or "ngo" in types:
        people_abroad = "topic abroad" in reading.topics or len(reading.countries) > 1
        return "diaspora" if people_abroad and "ngo" not in types else "ngo"
    if "parliament" in types:
        return "parliament"
    if sorts & _ELSEWHERE:
        return ""
    if counts_the_country(reading):
        return "statistics"
    if "security" in types and sorts <= _FORCES:
        return "security"
    if "sort ministry" in sorts or reading.parents:
        return "ministry"
    if "topic research" in reading.topics and sorts & (_OFFICES | _MAYBE):
        return "research"
    if "sort council" in sorts and "light national" in reading.light:
        return "agency"
    suggested = {data.facts[sort].type for sort in sorts} | types - {"security"} - {""}
    return suggested.pop() if len(suggested) == 1 and not sorts & _MAYBE and "security" not in types else ""


def counts_the_country(reading: Reading) -> bool:
    """Whether a name is that of the statistics office, not of a unit that makes some ministry's statistics."""
    sorts = reading.sorts.keys()
    first = next((segment for segment in reading.segments if "topic statistics" in segment.topics), None)
    if first is None or not sorts <= _OFFICES | _MAYBE or first.words or not first.topics.keys() <= _COUNTS_TOO:
        return False
    if "sort directorate" in sorts and (reading.parents or reading.segments[0] is not first):
        return False
    return bool(sorts & _OFFICES or reading.light & _OF_THE_COUNTRY or reading.countries)


def _of_acronym(reading: Reading) -> str:
    types = {words().shorts[short].type for short in reading.acronyms if short in words().shorts}
    return types.pop() if len(types) == 1 else ""


def _marks(reading: Reading) -> set[str]:
    data = words()
    marks = {mark for topic in (*reading.topics, reading.known) if topic for mark in data.facts[topic].marks}
    if reading.bare:
        marks |= {mark for short in reading.acronyms if short in data.shorts for mark in data.shorts[short].marks}
    return marks | ({"statistics"} if counts_the_country(reading) else set())
