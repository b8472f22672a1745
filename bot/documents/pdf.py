"""Pages → PDF, by Typst from `templates/guide/guide.typ` with the fonts of `templates/fonts/`.

An archival and accessible PDF (PDF/A-2a and PDF/UA-1): tagged, with an outline, a title, the document's language and a
date that is the guide's. The same pages give the same bytes.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from bot.documents import typeset
from bot.documents.addresses import parted
from bot.documents.evidence import passages
from bot.documents.figures import svg
from bot.documents.pages import Entries, Grid, Heading, Item, Pages, Picture, Said, Text, runs
from bot.documents.pdf_links import linked
from flows.i18n import base

_PORTRAIT, _LANDSCAPE = 16.0, 24.7  # width of the text in centimetres
_INSET, _LETTER = 0.35, 0.17  # room beside a cell's text, and what a letter takes, in centimetres
_BOLD = 0.94  # of the letters of a line, where they are bold
_IN_TABLE = 21  # letters that a narrow column holds
_IN_LINE = 59
_WORD = re.compile(r"\S{22,}")
_AFTER_MARK = re.compile(r"(?<=[-/._@,;:&?=])")
_BREAK = "\u200b"  # a place where a line may end; takes no room


def to_pdf(pages: Pages) -> bytes:
    """The pages as one PDF file, after as many of the standards as its texts allow."""
    return linked(typeset.pdf(("guide", "guide.typ"), "pages", _data(pages), pages.compiled_at))


def _data(pages: Pages) -> dict[str, Any]:
    def fit(text: str) -> str:
        return _breakable(text, _IN_LINE)

    shown = (one for said in passages(pages) for one in said)
    cited = {number for one in shown for run in runs(one.sources) for number in run}
    return {
        "name": pages.title,
        "language": _code(pages.language),
        "country": fit(pages.country),
        "title": fit(pages.title),
        "subtitle": fit(pages.subtitle),
        "status": fit(pages.status),
        "note": fit(pages.note),
        "compiled": fit(pages.compiled),
        "withheld": pages.withheld,
        "made": list(pages.compiled_at.timetuple()[:6]),
        "labels": dict(pages.labels),
        "known": sorted(pages.known),
        "has_headings": bool(pages.headings()) and pages.cover,
        "cover": pages.cover,
        "leaves": [
            {"landscape": leaf.landscape, "items": [_item(item) for item in leaf.items]} for leaf in pages.leaves
        ],
        "sources_heading": _item(pages.sources_heading),
        "references": [
            {
                "number": each.number,
                "pieces": [
                    {"text": fit(piece), "to": piece if follows else ""} for piece, follows in parted(each.text)
                ],
                "cited": bool(each.anchor) and each.number in cited,
            }
            for each in pages.references
        ],
    }


def _item(item: Item) -> dict[str, Any]:
    match item:
        case Heading():
            return {
                "kind": "heading",
                "level": item.level,
                "number": item.number,
                "title": _breakable(item.title, _IN_LINE),
                "anchor": item.anchor,
                "new_page": item.new_page,
            }
        case Text():
            return {"kind": "text", "style": item.style, "leads": item.leads, "said": _said(item.said, _IN_LINE)}
        case Entries():
            return {
                "kind": "entries",
                "numbered": item.numbered,
                "items": [_said(many, _IN_LINE) for many in item.items],
            }
        case Picture():
            return {
                "kind": "picture",
                "svg": svg(item.figure),
                "alt": item.alt,
                "label": item.label,
                "caption": _breakable(item.caption, _IN_LINE),
            }
        case Grid():
            wide = _LANDSCAPE if item.landscape else _PORTRAIT
            return {
                "kind": "grid",
                "landscape": item.landscape,
                "whole": item.whole,
                "label": item.label,
                "caption": _breakable(item.caption, _IN_LINE),
                "columns": [_title(name, share * wide) for name, share in zip(item.columns, item.widths, strict=True)],
                "widths": item.widths,
                "lines": [
                    {
                        "cells": [
                            _cell(many, gap, share * wide)
                            for many, gap, share in zip(line.cells, line.gaps, item.widths, strict=False)
                        ],
                        "span": line.span,
                        "tall": line.tall,
                        "height": line.height,
                    }
                    for line in item.lines
                ],
            }


def _title(name: str, width: float) -> dict[str, Any]:
    """The title of a column that is so many centimetres wide, printed bold."""
    letters = _BOLD * (width - _INSET) / _LETTER
    return {"name": _breakable(name, _IN_TABLE), "tight": any(len(word) > letters for word in name.split())}


def _cell(many: tuple[Said, ...], gap: bool, width: float) -> dict[str, Any]:
    """A cell of a column that is so many centimetres wide."""
    letters = (width - _INSET) / _LETTER
    words = [word for one in many for line in one.lines for word in line.split()]
    return {
        "said": _said(many, _IN_TABLE),
        "gap": gap,
        "tight": any(len(word) > letters for word in words),  # to be hyphenated
        "address": any("http" in word for word in words),
    }


def _said(many: tuple[Said, ...], room: int) -> list[dict[str, Any]]:
    return [
        {
            "lines": [_breakable(line, room) for line in one.lines],
            "sources": runs(one.sources),
            "language": _code(one.language),
            "rtl": one.rtl,
            "before": one.before,
            "after": one.after,
            "remark": one.remark,
        }
        for one in many
    ]


def _breakable(text: str, room: int) -> str:
    """`text` with its words of more than `room` letters made breakable."""
    return _WORD.sub(lambda word: _broken(word[0], room), text) if len(text) > room else text


def _broken(word: str, room: int) -> str:
    """A long word, breakable after its punctuation, and anywhere where that is not enough."""
    if len(word) <= room:
        return word
    parts = _AFTER_MARK.split(word)
    return _BREAK.join(_BREAK.join(part) if len(part) > room else part for part in parts if part)


@cache
def _code(language: str) -> str:
    """A language code of the two or three letters that Typst takes."""
    code = base(language)
    return code if re.fullmatch("[a-z]{2,3}", code) else "und"
