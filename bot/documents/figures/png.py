"""Drawings as images, for a format that has no drawings: PNG, by Typst with the fonts of `templates/fonts/`."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from bot.documents.figures import size, svg
from bot.documents.typeset import fonts
from flows.country.guide import Figure

PIXELS = 220
"""An inch, where the image is as wide as the text."""
WIDE = 16.0
"""Centimetres that the text is wide."""
_KEPT: dict[str, bytes] = {}
_MOST_KEPT = 48  # images, of about 60 kB each
_SHEETS = b"""
#for sheet in json(bytes(sys.inputs.sheets)) {
  set page(width: sheet.wide * 1cm, height: sheet.high * 1cm, margin: 0pt, fill: white)
  image(bytes(sheet.svg), format: "svg", width: 100%)
}
"""


def images(figures: Sequence[Figure]) -> list[bytes]:
    """The drawings of cleaned figures as PNG files. The same figure gives the same bytes."""
    drawn = [svg(figure) for figure in figures]
    made = {text: image for text in drawn if (image := _KEPT.get(text)) is not None}
    new = {text: figure for text, figure in zip(drawn, figures, strict=True) if text not in made}
    if new:
        made |= zip(new, _printed(new), strict=True)
        _KEPT.update(made)
        for text in list(_KEPT)[:-_MOST_KEPT]:  # the oldest; others may be at it as well
            _KEPT.pop(text, None)
    return [made[text] for text in drawn]


def _printed(drawings: dict[str, Figure]) -> list[bytes]:
    import typst

    sheets = []
    for text, figure in drawings.items():
        wide, high = size(figure)
        sheets.append({"svg": text, "wide": WIDE, "high": WIDE * high / wide})
    made: Any = typst.compile(  # one image, or a list of several
        _SHEETS,
        font_paths=fonts(),
        sys_inputs={"sheets": json.dumps(sheets, ensure_ascii=False)},
        format="png",
        ppi=float(PIXELS),
    )
    return list(made) if isinstance(made, list) else [made]
