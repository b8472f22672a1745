"""Slides → PDF, by Typst from `templates/brief/brief.typ`: one page for each slide, tagged, with the same words."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, time
from importlib.resources import as_file, files
from typing import Any

from bot.documents import maps, typeset
from bot.documents.cleaning import clean, is_right_to_left
from bot.documents.typeset import fonts
from flows.country.slides import Bars, Deck, Grid, Map, Slide, Words
from flows.i18n import base

_WORD = re.compile(r"\S{25,}")
_PIECE = re.compile(r"\S{1,12}")
_BREAK = "\u200b"  # a place where a line may end; takes no room


def to_pdf(deck: Deck) -> bytes:
    """The slides as one PDF file. The same slides give the same bytes."""
    return typeset.pdf(("brief", "brief.typ"), "deck", _data(deck), datetime.combine(deck.on, time(), UTC))


def map_png(shown: Map) -> bytes:
    """The map as a sharp picture, for formats that take no SVG."""
    import typst

    data = json.dumps({"svg": maps.svg(shown.shades)})
    with as_file(files("templates").joinpath("brief", "map.typ")) as template:
        made: bytes = typst.compile(
            str(template),
            root=str(template.parent),
            font_paths=fonts(),
            sys_inputs={"map": data},
            format="png",
            ppi=216.0,
        )
    return made


def _data(deck: Deck) -> dict[str, Any]:
    return {
        "language": _code(deck.language),
        "title": _fit(deck.title),
        "subtitle": _fit(deck.subtitle),
        "mark": deck.mark,
        "foot": deck.foot,
        "about": [_fit(one) for one in deck.about],
        "made": [deck.on.year, deck.on.month, deck.on.day],
        "labels": dict(deck.labels),
        "shades": maps.SHADES,
        "partner": maps.PARTNER,
        "line": maps.LINE,
        "slides": [_slide(one) for one in deck.slides],
    }


def _slide(one: Slide) -> dict[str, Any]:
    return {
        "title": _fit(one.title),
        "lead": [_fit(each) for each in one.lead],
        "points": [_fit(each) for each in one.points],
        "note": _fit(one.note),
        "body": _body(one.body),
    }


def _body(body: Grid | Bars | Map | None) -> dict[str, Any]:
    match body:
        case Grid():
            return {
                "kind": "grid",
                "columns": [_fit(name) for name in body.columns],
                "widths": body.widths,
                "numbers": sorted(body.numbers),
                "rows": [[_words(cell) for cell in row] for row in body.rows],
            }
        case Bars():
            return {
                "kind": "bars",
                "categories": [_fit(name) for name in body.categories],
                "series": [{"name": name, "values": values} for name, values in body.series],
                "alt": clean(body.alt),
            }
        case Map():
            return {
                "kind": "map",
                "svg": maps.svg(body.shades),
                "legend": body.legend,
                "unshaded": body.unshaded,
                "alt": clean(body.alt),
            }
        case _:
            return {"kind": ""}


def _words(one: Words) -> dict[str, Any]:
    language = _code(one.language) if one.language else ""
    return {"text": _fit(one.text), "language": language, "rtl": is_right_to_left(one.text, one.language)}


def _fit(text: str) -> str:
    line = " ".join(clean(text).split())
    return _WORD.sub(lambda word: _BREAK.join(_PIECE.findall(word[0])), line)


def _code(language: str) -> str:
    """A language code of the two or three letters that Typst takes."""
    code = base(language)
    return code if re.fullmatch("[a-z]{2,3}", code) else "und"
