"""Rows and columns, with a number for each series where they meet; the last row is for all."""

from __future__ import annotations

from collections.abc import Sequence

from bot.documents.figures.canvas import (
    BAND,
    GREY,
    HAIR,
    INK,
    LINE,
    PAPER,
    SMALL,
    WIDTH,
    Canvas,
    breadth,
    fitted,
    wrapped,
)
from flows.country.guide import Figure, Mark

_LABELS = 164.0
_HEAD_LINES, _ROW_LINES = 4, 2
_SIDE, _HIGH = 22.0, 18.0  # of the box around a number
_SPACE = 4.0


def draw(figure: Figure, canvas: Canvas) -> float:
    """Draws the matrix; how high that is."""
    widths = _widths(figure.columns)
    heads = [
        wrapped(label, width - 8, _HEAD_LINES, SMALL, bold=True)
        for label, width in zip(figure.columns, widths, strict=True)
    ]
    y = max(map(len, heads), default=0) * LINE
    x = _LABELS
    for lines, width in zip(heads, widths, strict=True):
        canvas.texts(x + width / 2, y - len(lines) * LINE + 11, lines, size=SMALL, bold=True, anchor="middle")
        x += width
    y += 3
    canvas.line(0, y, WIDTH, y, paint=INK, weight=1.5)
    for place, mark in enumerate(figure.marks):
        if mark.heads:
            canvas.box(0, y, WIDTH, 21, fill=BAND)
            canvas.text(4, y + 15, fitted(mark.label, WIDTH - 8, bold=True), bold=True)
            y += 21
        else:
            y = _row(canvas, mark, y, widths, last=place == len(figure.marks) - 1)
    return canvas.legend(y + 10, figure.series)


def _widths(columns: Sequence[str]) -> list[float]:
    """Each as wide as its longest word needs, in proportion."""
    needs = [
        max([*(breadth(word, SMALL, bold=True) for word in label.split()), 2 * _SIDE + _SPACE]) + 10
        for label in columns
    ]
    return [need / sum(needs) * (WIDTH - _LABELS) for need in needs]


def _row(canvas: Canvas, mark: Mark, y: float, widths: Sequence[float], *, last: bool) -> float:
    if last:
        canvas.line(0, y, WIDTH, y, paint=INK, weight=1.2)
    lines = wrapped(mark.label, _LABELS - 12, _ROW_LINES, bold=last)
    high = max(26.0, len(lines) * LINE + 8)
    middle = y + high / 2
    canvas.texts(4, middle - (len(lines) - 1) * LINE / 2 + 4.5, lines, bold=last)
    x = _LABELS
    for counts, width in zip(mark.values, widths, strict=False):
        _cell(canvas, counts, x + width / 2, middle)
        x += width
    canvas.line(0, y + high, WIDTH, y + high, paint=INK if last else HAIR, weight=1.2 if last else 0.8)
    return y + high


def _cell(canvas: Canvas, counts: Sequence[int], x: float, y: float) -> None:
    there = [(series, count) for series, count in enumerate(counts) if count]
    if not there:
        canvas.text(x, y + 4, "–", size=SMALL, anchor="middle", fill=GREY)
        return
    sides = [max(_SIDE, breadth(str(count), SMALL) + 12) for _, count in there]
    x -= (sum(sides) + _SPACE * (len(sides) - 1)) / 2
    for (series, count), side in zip(there, sides, strict=True):
        canvas.box(x - 1.5, y - _HIGH / 2 - 1.5, side + 3, _HIGH + 3, fill=PAPER)
        canvas.swatch(series, x, y - _HIGH / 2, side, _HIGH)
        canvas.number(series, x + side / 2, y, count)
        x += side + _SPACE
