"""A board as pictures for a phone: PNG, drawn by Typst from `templates/board/board.typ`."""

from __future__ import annotations

import json
import re
from importlib.resources import as_file, files
from typing import Any

from bot.documents.cleaning import clean, is_right_to_left
from bot.documents.typeset import fonts
from flows.country.board import STATES, Board

PIXELS = 144  # an inch, 72 points: the template's page of 540 points is 1,080 pixels wide
MOST_NAME = 160  # letters of a name that the picture shows; the text has it whole
_ROOM, _NARROWEST, _WIDEST = 282.0, 6.0, 46.0  # points for all columns together, and for one
_LETTER = 6.8  # points that a letter of a column name takes
_TURNED = 18  # letters of the longest column name that is written at all, turned; else columns have numbers
_BESIDE = 16  # letters of the longest label of the legend that three stand beside each other
_WORD = re.compile(r"\S{19,}")
_PIECE = re.compile(r"\S{1,18}")


def heatmap(board: Board) -> list[bytes]:
    """The board as PNG files, one or more: each as wide as a phone shows well, and not longer than its screen.

    The same board gives the same bytes.
    """
    import typst

    with as_file(files("templates").joinpath("board", "board.typ")) as template:
        made: Any = typst.compile(  # one picture, or a list of several
            str(template),
            root=str(template.parent),
            font_paths=fonts(),
            sys_inputs={"board": json.dumps(_data(board), ensure_ascii=False)},
            format="png",
            ppi=float(PIXELS),
        )
    return list(made) if isinstance(made, list) else [made]


def _data(board: Board) -> dict[str, Any]:
    columns = [_shown(name) for name in board.columns]
    own = "ar" if board.rtl else "und"
    cell = min(max(_ROOM / max(len(columns), 1), _NARROWEST), _WIDEST)
    turned = [len(name) * _LETTER > cell for name in columns]
    there = {state for row in board.rows for state in row.cells} or set(board.legend)
    legend = [(state, _shown(label)) for state, label in board.legend.items() if state in there]
    return {
        "title": _shown(board.title),
        "subtitle": _shown(board.subtitle),
        "columns": columns,
        "cell": cell,
        "numbered": max(map(len, columns), default=0) > _TURNED,
        "turned": [each or sum(turned) * 2 >= len(columns) for each in turned],
        "rows": [
            {
                "name": _said(row.name, own),
                "note": _said(row.note, own),
                "cells": [row.cells[place] if place < len(row.cells) else "none" for place in range(len(columns))],
            }
            for row in board.rows
        ],
        "legend": legend,
        "side-by-side": 3 if max((len(label) for _, label in legend), default=0) <= _BESIDE else 2,
        "states": STATES,
        "rtl": board.rtl,
        "lang": own,
    }


def _said(text: str, language: str) -> dict[str, Any]:
    return {"text": _shown(text), "rtl": is_right_to_left(text, language)}


def _shown(text: str) -> str:
    """`text` on one line, not longer than a picture can show, its longest words breakable."""
    line = " ".join(clean(text).split())
    if len(line) > MOST_NAME:
        line = line[:MOST_NAME].rstrip() + "…"
    return _WORD.sub(lambda word: "\u200b".join(_PIECE.findall(word[0])), line)
