"""The dialogue's map as a folder that needs nothing else: GeoJSON, a page in each language, a README and checksums."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from bot.documents import maps
from bot.documents.package import CHECKSUMS, README, checksums
from flows import shapes
from flows.country.dates import written
from flows.country.imap import LANGUAGES, Phase, Place, phase_name, to_bytes
from flows.country.names import folded
from flows.i18n import text

if TYPE_CHECKING:
    from jinja2 import Template

FOLDER = "i-map"
GEOJSON = "countries.geojson"
PAGES = {"fr": "index.html", "en": "index.en.html"}
"""Language → its page; each leads to the other."""
_SHADES: dict[Phase, int] = {"participating": 1, "published": 4}
_COLUMNS = ("country", "phase", "published", "sources", "recommendations", "practices", "files")
_NUMBERS = frozenset({"sources", "recommendations", "practices"})


def imap(places: Sequence[Place]) -> dict[str, bytes]:
    """The files of the folder. The same countries give the same bytes, in whatever order they come."""
    parts = {GEOJSON: to_bytes(places)}
    parts |= {name: _page(places, language) for language, name in PAGES.items()}
    parts[README] = "\n\n".join(text("imap.readme", language, None) for language in LANGUAGES).encode() + b"\n"
    parts[CHECKSUMS] = checksums(parts)
    return parts


def _page(places: Sequence[Place], language: str) -> bytes:
    ordered = sorted(places, key=lambda one: folded(one.name(language)))
    other = next(one for one in LANGUAGES if one != language)
    released = sum(one.released is not None for one in places)

    def say(key: str, n: int | None = None, **values: object) -> str:
        return text(f"imap.{key}", language, n, **values)

    page = {
        "language": language,
        "title": say("title"),
        "lead": " ".join(_lead(len(places), released, language)),
        "skip": say("skip"),
        "other": text("imap.this_language", other),
        "other_language": other,
        "other_file": PAGES[other],
        "view": f"0 0 {shapes.WIDE:g} {shapes.HIGH:g}",
        "alt": say("alt"),
        "ground": _safe(maps.ground()),
        "shapes": list(_shapes(places, language)),
        "key": [
            *({"shade": maps.SHADES[shade], "label": phase_name(phase, language)} for phase, shade in _SHADES.items()),
            {"shade": maps.PARTNER, "label": say("other_partner")},
        ],
        "line": maps.LINE,
        "how": say("how"),
        "borders": say("borders"),
        "table": say("table"),
        "caption": say("caption"),
        "columns": [{"name": say(f"column_{one}"), "number": one in _NUMBERS} for one in _COLUMNS],
        "files": say("column_files"),
        "rows": [_row(one, language) for one in ordered],
        "nobody": say("nobody"),
        "data": say("data"),
    }
    return _template().render(page=page).encode()


def _lead(taking: int, released: int, language: str) -> Iterator[str]:
    yield text("imap.taking_part", language, taking) if taking else text("imap.nobody", language)
    if taking:
        yield text("imap.have_published", language, released) if released else text("imap.none_published", language)


def _shapes(places: Sequence[Place], language: str) -> Iterator[dict[str, Any]]:
    """Every country's drawing, those that lead somewhere last."""
    known = {one.country: one for one in places}
    for code in sorted(shapes.codes(), key=lambda one: (one in known, one)):
        one = known.get(code)
        yield {
            "code": code,
            "linked": one is not None,
            "label": f"{one.name(language)} – {phase_name(one.phase, language)}" if one is not None else "",
            "drawing": _safe(maps.country(code, _SHADES[one.phase] if one is not None else None)),
        }


def _row(one: Place, language: str) -> dict[str, Any]:
    released = one.released
    said: dict[str, object] = {"phase": phase_name(one.phase, language)}
    if released is not None:
        day = written(released.on, language)
        said["published"] = text("imap.version", language, None, version=released.version, day=day)
        said |= {name: getattr(released, name) for name in sorted(_NUMBERS)}
    cells = [
        {
            "label": text(f"imap.column_{name}", language),
            "text": str(said.get(name, "")),
            "number": name in _NUMBERS,
        }
        for name in _COLUMNS[1:-1]
    ]
    found = [
        {"href": link.href, "language": link.language, "label": f"{link.format.upper()} ({link.language})"}
        for link in sorted(released.links if released is not None else (), key=lambda one: one.language != language)
    ]
    return {"code": one.country, "name": one.name(language), "cells": cells, "links": found}


def _safe(drawing: str) -> Any:
    from markupsafe import Markup

    return Markup(drawing)  # noqa: S704 - made of numbers and our own colours


@cache
def _template() -> Template:
    from jinja2 import DictLoader, Environment, StrictUndefined

    folder = files("templates").joinpath("imap")
    sources = {name: folder.joinpath(name).read_text("utf-8") for name in ("imap.html.j2", "imap.css")}
    environment = Environment(autoescape=True, undefined=StrictUndefined, loader=DictLoader(sources))
    return environment.get_template("imap.html.j2")
