"""The dialogue's map as data: the countries that take part, what of each is public, as GeoJSON.

Public is that a country takes part, and the guide that it published where its endorsement names the i-Map, with what
that guide itself prints: nothing else is counted or shown. Why: `docs/decisions/som-brief.md`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from flows import knowledge, shapes
from flows.country.accounts import accounts
from flows.country.alignment import published
from flows.country.dossier import Dossier
from flows.i18n import text

LANGUAGES = ("fr", "en")
Phase = Literal["participating", "published"]
SOURCE = "Natural Earth 1:50m (public domain)"


@dataclass(frozen=True, slots=True)
class Link:
    """A file of a published guide, and where it is."""

    language: str
    format: str
    href: str


@dataclass(frozen=True, slots=True)
class Released:
    """A published guide that the i-Map may show, with how much it prints of each."""

    version: int
    on: date
    links: tuple[Link, ...]
    sources: int = 0
    recommendations: int = 0
    practices: int = 0


@dataclass(frozen=True, slots=True)
class Place:
    """A country that takes part. `released`: None where there is nothing to show of it."""

    country: str
    released: Released | None = None

    @property
    def phase(self) -> Phase:
        return "published" if self.released is not None else "participating"

    def name(self, language: str) -> str:
        """What it is called."""
        return knowledge.country(self.country).name(language)


def counted(dossier: Dossier, printed: frozenset[str]) -> tuple[int, int, int]:
    """How many sources, recommendations and practices a published guide prints. `printed`: all that it says."""
    named = [any(one.name is not None and one.name.value in printed for one in source) for source in accounts(dossier)]
    given = [one.kind for one in published(dossier, printed)]
    return sum(named), given.count("recommendation"), given.count("practice")


def phase_name(phase: Phase, language: str) -> str:
    """What a phase is called on the map."""
    return text(f"imap.phase_{phase}", language)


def geojson(places: Iterable[Place]) -> dict[str, Any]:
    """A feature for each country, in the order of the codes (RFC 7946)."""
    return {
        "type": "FeatureCollection",
        "source": SOURCE,
        "features": [_feature(one) for one in sorted(places, key=lambda one: one.country)],
    }


def to_bytes(places: Iterable[Place]) -> bytes:
    """The same as a file; the same countries give the same bytes."""
    return (json.dumps(geojson(places), ensure_ascii=False, separators=(",", ":")) + "\n").encode()


def _feature(one: Place) -> dict[str, Any]:
    return {
        "type": "Feature",
        "id": one.country,
        "properties": _properties(one),
        "geometry": shapes.geometry(one.country),
    }


def _properties(one: Place) -> dict[str, Any]:
    released = one.released
    found: dict[str, Any] = {"iso_a3": one.country, "iso_a2": knowledge.country(one.country).alpha_2}
    found |= {f"name_{language}": one.name(language) for language in LANGUAGES}
    found["phase"] = one.phase
    found |= {f"phase_{language}": phase_name(one.phase, language) for language in LANGUAGES}
    if released is not None:
        found |= {
            "version": released.version,
            "published_on": released.on.isoformat(),
            "counts": {
                "sources": released.sources,
                "recommendations": released.recommendations,
                "practices": released.practices,
            },
            "links": [_link(link) for link in released.links],
        }
    return found


def _link(link: Link) -> Mapping[str, str]:
    return {"language": link.language, "format": link.format, "href": link.href}


def links(folder: str, files: Sequence[tuple[str, str, str]], base: str) -> tuple[Link, ...]:
    """Links to the files (name, language, format) of a package in its `folder`. `base`: the address of what holds the
    folder, "" where it stands beside the map's."""
    before = f"{base.rstrip('/')}/" if base else "../"
    order = ("html", "pdf", "docx", "xlsx")
    known = sorted(files, key=lambda one: (one[1], order.index(one[2]) if one[2] in order else len(order), one[0]))
    return tuple(Link(language, format, f"{before}{folder}/{name}") for name, language, format in known)
