"""The figures of a guide drawn: data → SVG, the same for the web page, the PDF and, as an image, the Word document.

Nothing in a drawing refers to anything, inside or outside; texts are texts. What does not fit is cut in the drawing
alone: the words beside it (`alt`) and the tables of the guide have it whole.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache
from html import escape

from bot.documents.cleaning import clean
from bot.documents.figures import bars, matrix, ring
from bot.documents.figures.canvas import WIDTH, Canvas
from flows.country.guide import Figure, Mark

_DRAWERS = {"ring": ring.draw, "matrix": matrix.draw, "bars": bars.draw}
_FACES = "Carlito, Calibri, 'Segoe UI', 'Noto Sans', 'Noto Naskh Arabic', system-ui, sans-serif"
_ROOM = re.compile("[ \n]+")
_EDGE = 2.0  # around the drawing
_HIGHEST = 920.0  # that a page has room for


def cleaned(figure: Figure) -> Figure:
    """The figure without what no document may hold, every text on one line."""
    return replace(
        figure,
        caption=_line(figure.caption),
        alt=_line(figure.alt),
        marks=tuple(map(_mark, figure.marks)),
        series=tuple(map(_line, figure.series)),
        columns=tuple(map(_line, figure.columns)),
    )


def _mark(mark: Mark) -> Mark:
    names = tuple(tuple(map(_line, many)) for many in mark.names)
    return replace(mark, label=_line(mark.label), names=names, gap=_line(mark.gap))


def _line(text: str) -> str:
    return _ROOM.sub(" ", clean(text)).strip()


def size(figure: Figure) -> tuple[float, float]:
    """Width and height of a drawing, in units of which the width of the text has so many; more of them where it would
    be higher than a page."""
    high = _drawn(figure)[1] + 2 * _EDGE
    return max(WIDTH + 2 * _EDGE, high * WIDTH / _HIGHEST), high


def svg(figure: Figure, anchor: str = "") -> str:
    """The drawing of a cleaned figure as one SVG element. `anchor`: where it stands in a web page, whose elements it
    names itself after."""
    drawing, _ = _drawn(figure)
    wide, high = size(figure)
    title, told = (f' id="{anchor}-{part}"' if anchor else "" for part in ("title", "text"))
    named = f' aria-labelledby="{anchor}-title" aria-describedby="{anchor}-text"' if anchor else ""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img"{named} '
        f'viewBox="{(WIDTH - wide) / 2:.1f} {-_EDGE:g} {wide:.1f} {high:.1f}" '
        f'width="{wide:.1f}" height="{high:.1f}" font-family="{_FACES}">'
        f"<title{title}>{escape(figure.caption)}</title><desc{told}>{escape(figure.alt)}</desc>{drawing}</svg>"
    )


@lru_cache(maxsize=64)
def _drawn(figure: Figure) -> tuple[str, float]:
    canvas = Canvas()
    high = _DRAWERS.get(figure.shape, bars.draw)(figure, canvas)
    return str(canvas), max(high, 1.0)
