"""Bars beside their labels, under headings, in parts where there are several series."""

from __future__ import annotations

from bot.documents.figures.canvas import INK, LINE, SMALL, WIDTH, Canvas, breadth, wrapped
from flows.country.guide import Figure, Mark

_LABELS, _GAP = 208.0, 10.0
_WIDEST = 60.0  # what one counts, at most
_BAR, _BETWEEN = 16.0, 10.0
_ROOM_FOR_NUMBER = 17.0


def draw(figure: Figure, canvas: Canvas) -> float:
    """Draws the bars; how high that is."""
    start, parted = _LABELS + _GAP, len(figure.series) > 1
    most = max(map(_total, figure.marks), default=0)
    ends = max((_behind(mark, parted) for mark in figure.marks), default=0)
    unit = min((WIDTH - start - ends) / max(most, 1), _WIDEST)
    y = top = 0.0
    for mark in figure.marks:
        if mark.heads:
            _axis(canvas, start, top, y)
            y += 6 if y else 0
            y = canvas.texts(0, y + 13, wrapped(mark.label, WIDTH, 2, bold=True), bold=True) - 6
            top = y
        else:
            y = _bar(canvas, mark, y, start, unit, parted)
    _axis(canvas, start, top, y)
    return canvas.legend(y + 10, figure.series) if parted else y


def _axis(canvas: Canvas, x: float, top: float, end: float) -> None:
    if end > top:
        canvas.line(x, top, x, end, paint=INK, weight=1.2)


def _bar(canvas: Canvas, mark: Mark, y: float, x: float, unit: float, parted: bool) -> float:
    lines = wrapped(mark.label, _LABELS, 2)
    high = max(_BAR + _BETWEEN, len(lines) * LINE + _BETWEEN - 2)
    middle = y + high / 2
    canvas.texts(_LABELS, middle - (len(lines) - 1) * LINE / 2 + 4.5, lines, anchor="end")
    hidden = False
    counts = _counts(mark)
    for series, count in enumerate(counts):
        if count > 0:
            room = count * unit
            canvas.swatch(series, x, middle - _BAR / 2, room, _BAR)
            if parted and room >= max(_ROOM_FOR_NUMBER, breadth(str(count), SMALL) + 6):
                canvas.number(series, x + room / 2, middle, count)
            else:
                hidden = parted
            x += room
    canvas.text(x + 7, middle + 4.5, str(_total(mark)), bold=True)
    if hidden:
        canvas.text(x + 11 + breadth(str(_total(mark)), bold=True), middle + 4.5, _parts(mark), size=SMALL)
    return y + high


def _behind(mark: Mark, parted: bool) -> float:
    """Room for the number behind a bar, and for its parts where they may be too narrow for theirs."""
    room = 7 + breadth(str(_total(mark)), bold=True)
    return room + (4 + breadth(_parts(mark), SMALL) if parted and _total(mark) else 0)


def _parts(mark: Mark) -> str:
    return f"({' + '.join(map(str, _counts(mark)))})"


def _counts(mark: Mark) -> tuple[int, ...]:
    return mark.values[0] if mark.values else ()


def _total(mark: Mark) -> int:
    return sum(_counts(mark))
