"""What is known before anybody answers: partner countries, Global Compact objectives, areas of the action plan.

The data are TOML files in `countries/` and `objectives/`, read once. Nothing here changes while the program runs.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from flows.i18n import base


class UnknownCountry(KeyError):
    """No partner country has this code."""


class UnknownObjective(KeyError):
    """The Global Compact has no objective, or the plan no area, of this number."""


@dataclass(frozen=True, slots=True)
class Names:
    """A country's name in one language, in the forms that a sentence needs."""

    name: str  # Burkina Faso
    the: str  # le Burkina Faso
    within: str  # au Burkina Faso
    of: str  # du Burkina Faso


@dataclass(frozen=True, slots=True)
class Country:
    """A partner or observer country of the dialogue."""

    code: str  # ISO 3166-1 alpha-3
    alpha_2: str
    names: Mapping[str, Names]  # by language: fr, en
    official_languages: tuple[str, ...]
    working_languages: tuple[str, ...]  # in administrative use besides the official ones
    bot_languages: tuple[str, ...]  # offered to its officials, first = default
    time_zones: tuple[str, ...]  # IANA names, the capital's first
    weekend: tuple[int, ...]  # ISO weekdays, 1 = Monday
    observer: bool
    guide_candidate: bool
    notes: Mapping[str, str]  # by language; empty when there is nothing to note
    source: str

    def name(self, language: str) -> str:
        """The plain name in `language`, in English where it is not known."""
        return self.forms(language).name

    def forms(self, language: str) -> Names:
        """The name and its forms inside a sentence, in `language` or else in English."""
        return self.names.get(base(language), self.names["en"])


@dataclass(frozen=True, slots=True)
class Objective:
    """One of the 23 objectives of the Global Compact."""

    number: int
    shorts: Mapping[str, str]  # by language
    fulls: Mapping[str, str]
    dialogue: bool  # covered by the dialogue's own overview of its activities

    def short(self, language: str) -> str:
        """The short title in `language`, in English where it is not known."""
        return self.shorts.get(base(language), self.shorts["en"])

    def full(self, language: str) -> str:
        """The title as the Compact has it, in `language` or else in English."""
        return self.fulls.get(base(language), self.fulls["en"])


@dataclass(frozen=True, slots=True)
class Area:
    """An area of the dialogue's action plan, with the numbers of the plan's objectives in it."""

    number: int
    objectives: tuple[str, ...]
    shorts: Mapping[str, str]
    fulls: Mapping[str, str]

    def short(self, language: str) -> str:
        """The short title in `language`, in English where it is not known."""
        return self.shorts.get(base(language), self.shorts["en"])

    def full(self, language: str) -> str:
        """The full title in `language`, in English where it is not known."""
        return self.fulls.get(base(language), self.fulls["en"])


@dataclass(frozen=True, slots=True)
class Plan:
    """An action plan of the dialogue. `until`: the last year in which it held, later than its own where prolonged."""

    code: str
    names: Mapping[str, str]
    first_year: int
    last_year: int
    until: int
    areas: tuple[Area, ...]
    source: str

    def name(self, language: str) -> str:
        """Its name in `language`, in English where it is not known."""
        return self.names.get(base(language), self.names["en"])


def country(code: str) -> Country:
    """The country of an alpha-3 or alpha-2 code in any case. Raises `UnknownCountry`."""
    wanted = code.strip().upper()
    found = _countries().get(wanted) or _by_alpha_2().get(wanted)
    if found is None:
        raise UnknownCountry(code)
    return found


def known_code(code: str) -> str:
    """The same, where it is the alpha-3 code of a country as we write it. Raises `UnknownCountry`."""
    if code not in _countries():
        raise UnknownCountry(code)
    return code


def countries(*, guide_candidates: bool = False) -> tuple[Country, ...]:
    """All countries by alpha-3 code, or only those that a guide can be made for."""
    return tuple(found for found in _countries().values() if found.guide_candidate or not guide_candidates)


def objective(number: int) -> Objective:
    """The objective of the Global Compact with this number, 1 to 23. Raises `UnknownObjective`."""
    for found in objectives():
        if found.number == number:
            return found
    raise UnknownObjective(number)


@cache
def objectives() -> tuple[Objective, ...]:
    """The 23 objectives in order."""
    return tuple(
        Objective(
            number=entry["number"],
            shorts=_by_language(entry, "short"),
            fulls=_by_language(entry, "full"),
            dialogue=entry.get("dialogue", False),
        )
        for entry in _read("objectives", "global_compact.toml")["objectives"]
    )


def suggested_objectives(kind: Literal["domain", "category"], name: str) -> tuple[int, ...]:
    """Numbers of the objectives proposed first for a domain or a category of recommendation; none when unknown."""
    return tuple(_read("objectives", "global_compact.toml")["suggested"][kind].get(name, ()))


def area(number: int) -> Area:
    """The area of the current action plan with this number, 1 to 5. Raises `UnknownObjective`."""
    for found in areas():
        if found.number == number:
            return found
    raise UnknownObjective(number)


def areas() -> tuple[Area, ...]:
    """The five areas of the Cadiz Action Plan in order."""
    return plans()[-1].areas


@cache
def plans() -> tuple[Plan, ...]:
    """The dialogue's action plans since 2018, the one in force last."""
    return tuple(_plan(code) for code in ("marrakesh", "cadiz"))


def _plan(code: str) -> Plan:
    data = _read("objectives", f"{code}.toml")
    return Plan(
        code=code,
        names=data["name"],
        first_year=data["first_year"],
        last_year=data["last_year"],
        until=data.get("prolonged_to", data["last_year"]),
        areas=tuple(
            Area(
                number=entry["number"],
                objectives=tuple(entry["objectives"]),
                shorts=_by_language(entry, "short"),
                fulls=_by_language(entry, "full"),
            )
            for entry in data["areas"]
        ),
        source=data["source"],
    )


@cache
def _countries() -> Mapping[str, Country]:
    found: dict[str, Country] = {}
    for name in ("african.toml", "european.toml"):
        data = _read("countries", name)
        for code, entry in data.items():
            if isinstance(entry, dict):
                found[code] = _country(code, entry, bool(data["guide_candidates"]), str(data["source"]))
    return dict(sorted(found.items()))


@cache
def _by_alpha_2() -> Mapping[str, Country]:
    return {found.alpha_2: found for found in _countries().values()}


def _country(code: str, entry: Mapping[str, Any], candidate: bool, source: str) -> Country:
    return Country(
        code=code,
        alpha_2=entry["alpha_2"],
        names={language: Names(**entry[language]) for language in ("fr", "en")},
        official_languages=tuple(entry["official_languages"]),
        working_languages=tuple(entry.get("working_languages", ())),
        bot_languages=tuple(entry["bot_languages"]),
        time_zones=tuple(entry["time_zones"]),
        weekend=tuple(entry.get("weekend", (6, 7))),
        observer=entry.get("observer", False),
        guide_candidate=candidate,
        notes=entry.get("note", {}),
        source=source,
    )


def _by_language(entry: Mapping[str, Any], name: str) -> Mapping[str, str]:
    return {language: entry[language][name] for language in ("fr", "en")}


@cache
def _read(folder: str, name: str) -> dict[str, Any]:
    return tomllib.loads(files("flows").joinpath(folder, name).read_text("utf-8"))
