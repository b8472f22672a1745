"""The dialogue's own activities and publications by objective of the Global Compact, as they are known beforehand.

The data are TOML files in `objectives/`, each with a version and a day, read once. What the secretariat adds, corrects
or withdraws stands in the ledger and is laid over them (`flows.country.steps.activities`).
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any, Literal, get_args
from urllib.parse import urlsplit

from flows.i18n import base

Kind = Literal[
    "meeting", "workshop", "round_table", "webinar", "publication", "project", "partnership", "framework", "other"
]
KINDS: tuple[Kind, ...] = get_args(Kind)
LANGUAGES = ("fr", "en")
_LOCAL = re.compile(r"localhost|.*\.(local|localdomain|internal|invalid|test|example)|[\d.]+|\[.*\]|[^.]+")
"""Hosts that nobody elsewhere can open, or that do not say whose they are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Activity:
    """Something that the dialogue did or published. `titles`, `places`, `organisers`, `links`: by language, what there
    is; `translated`: languages of which the title is a translation that nobody else has published."""

    code: str
    kind: Kind
    objectives: tuple[int, ...]
    year: int
    titles: Mapping[str, str]
    begins: date | None = None
    ends: date | None = None
    places: Mapping[str, str] = field(default_factory=dict)
    organisers: Mapping[str, str] = field(default_factory=dict)
    links: Mapping[str, str] = field(default_factory=dict)
    translated: frozenset[str] = frozenset()
    source: str = ""

    def title(self, language: str) -> str:
        """In `language`, or else as it is known."""
        return _in(self.titles, language)

    def language(self, language: str) -> str:
        """The language of what `title` gives."""
        return base(language) if base(language) in self.titles else next(iter(self.titles), "")

    def place(self, language: str) -> str:
        """Where it took place; "" where that is not known."""
        return _in(self.places, language)

    def organiser(self, language: str) -> str:
        """With whom it was held; "" where nobody is named."""
        return _in(self.organisers, language)

    def link(self, language: str) -> str:
        """The public page about it, in `language` where there is one."""
        return _in(self.links, language)


@dataclass(frozen=True, slots=True)
class Account:
    """What the dialogue's overview says of its part in an objective. `translated`: languages that are ours."""

    objective: int
    texts: Mapping[str, str]
    translated: frozenset[str]


@dataclass(frozen=True, slots=True)
class Packaged:
    """Which catalogue this is: what is printed of where it comes from."""

    version: int
    dated: date
    source: str
    activities: tuple[Activity, ...]


@cache
def packaged() -> Packaged:
    """The catalogue that comes with the program: the overview of 2022."""
    data = _read("activities.toml")
    source = str(data["source"])
    found = tuple(_activity(entry, source) for entry in data["activities"])
    return Packaged(data["version"], data["dated"], source, found)


@cache
def accounts() -> Mapping[int, Account]:
    """What the overview says, by objective; 14 of the 23 have it."""
    data = _read("overview.toml")
    ours = frozenset(data["translated"])
    return {
        entry["objective"]: Account(entry["objective"], {name: entry[name] for name in LANGUAGES}, ours)
        for entry in data["accounts"]
    }


def is_public(link: str) -> bool:
    """Whether it is the address of a page that anybody can open: http(s), with the name of a host, and no sign-in."""
    try:
        parts = urlsplit(link)
        host = parts.hostname or ""
        parts.port  # noqa: B018 - raises where it is no number
    except ValueError:
        return False
    if parts.scheme not in ("http", "https") or parts.username is not None or re.search(r"[\s<>\"\\]", link):
        return False
    return not _LOCAL.fullmatch(host)


def _in(values: Mapping[str, str], language: str) -> str:
    return values.get(base(language)) or next(iter(values.values()), "")


def _activity(entry: Mapping[str, Any], source: str) -> Activity:
    def of(name: str) -> dict[str, str]:
        return {language: entry[language][name] for language in LANGUAGES if name in entry[language]}

    return Activity(
        code=entry["code"],
        kind=entry["kind"],
        objectives=tuple(entry["objectives"]),
        year=entry["year"],
        titles=of("title"),
        begins=entry.get("begins"),
        ends=entry.get("ends"),
        places=of("place"),
        organisers=of("organisers"),
        links=of("link"),
        translated=frozenset(entry["translated"]),
        source=source,
    )


@cache
def _read(name: str) -> dict[str, Any]:
    return tomllib.loads(files("flows").joinpath("objectives", name).read_text("utf-8"))
