"""The stages of a cycle as a ring of arrows, each with a card beside it that says who leads and who takes part."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, cos, pi, sin

from bot.documents.figures.canvas import GREY, HAIR, INK, LINE, PAPER, SMALL, WIDTH, Canvas, breadth, fitted, wrapped
from flows.country.guide import Figure, Mark

_CARD, _PADDING = 204.0, 9.0
_TOP, _BOTTOM = 18.0, 10.0  # from the edge of a card to its first letters, and from its last
_BETWEEN = 14.0
_OUTER, _INNER = 100.0, 66.0
_TIP, _SPLIT = 0.15, 0.03  # how far an arrow points beyond its end, and half the room between two, in radians
_BULLET, _TEXT = 8.0, 14.0
_LEADS, _ACTORS = 2, 3  # lines


@dataclass(frozen=True, slots=True)
class _Card:
    """What a card says, line by line."""

    label: list[str]
    leads: list[str]
    actors: list[str]
    led: bool

    @property
    def height(self) -> float:
        apart = 3 * sum(map(bool, (self.leads, self.actors)))
        return _TOP + (len(self.label) + len(self.leads) + len(self.actors) - 1) * LINE + apart + _BOTTOM


def draw(figure: Figure, canvas: Canvas) -> float:
    """Draws the ring, its first stage at the upper right, clockwise; how high that is."""
    cards = [_card(number, mark) for number, mark in enumerate(figure.marks, start=1)]
    half = ceil(len(cards) / 2)
    right, left = list(range(half)), list(range(len(cards) - 1, half - 1, -1))
    rows = [max(cards[place].height for place in pair) for pair in _pairs(right, left)]
    high = max(sum(rows) + _BETWEEN * (len(rows) - 1), 2 * _OUTER + 8)
    spare = (high - sum(rows)) / max(len(rows), 1)
    centre = WIDTH / 2, high / 2
    y = spare / 2 - _BETWEEN / 2 if len(rows) < 2 else 0.0
    space = (high - sum(rows)) / (len(rows) - 1) if len(rows) > 1 else 0.0
    for pair, row in zip(_pairs(right, left), rows, strict=True):
        for place in pair:
            on_right = place < half
            card = cards[place]
            top = y + (row - card.height) / 2
            x = WIDTH - _CARD if on_right else 0.0
            angle = _middle(place, len(cards))
            reach = _OUTER - 3
            canvas.line(
                centre[0] + reach * sin(angle),
                centre[1] - reach * cos(angle),
                x if on_right else _CARD,
                top + card.height / 2,
                paint=HAIR,
                weight=1.4,
            )
            _draw_card(canvas, card, x, top)
        y += row + space
    for place, card in enumerate(cards):
        _arrow(canvas, centre, place, len(cards), card.led)
    _legend(canvas, centre, figure.series)
    return high


def _pairs(right: Sequence[int], left: Sequence[int]) -> list[list[int]]:
    """The stages row by row."""
    return [[*right[row : row + 1], *left[row : row + 1]] for row in range(max(len(right), len(left)))]


def _card(number: int, mark: Mark) -> _Card:
    room = _CARD - 2 * _PADDING
    leads, actors = (*mark.names, (), ())[:2]
    shown = wrapped(", ".join(leads) or mark.gap, room - _TEXT, _LEADS, SMALL)
    return _Card(
        wrapped(f"{number}. {mark.label}", room, 2, bold=True),
        shown,
        wrapped(", ".join(actors), room - _TEXT, _ACTORS, SMALL),
        bool(leads),
    )


def _draw_card(canvas: Canvas, card: _Card, x: float, y: float) -> None:
    canvas.box(x + 0.7, y + 0.7, _CARD - 1.4, card.height - 1.4, rx=5, fill=PAPER, stroke=HAIR, stroke_width=1.2)
    x += _PADDING
    y = canvas.texts(x, y + _TOP, card.label, bold=True)
    for lines, full in ((card.leads, True), (card.actors, False)):
        if lines:
            y += 3
            if card.led or not full:
                _bullet(canvas, x, y, full=full)
                y = canvas.texts(x + _TEXT, y, lines, size=SMALL)
            else:
                y = canvas.texts(x, y, lines, size=SMALL, style="italic", fill=GREY)


def _bullet(canvas: Canvas, x: float, y: float, *, full: bool) -> None:
    canvas.box(
        x + 0.6, y - _BULLET, _BULLET - 1.2, _BULLET - 1.2, fill=INK if full else PAPER, stroke=INK, stroke_width=1.2
    )


def _middle(place: int, count: int) -> float:
    """Where the middle of a stage lies, clockwise from the top, in radians."""
    return (place + 0.5) * 2 * pi / count


def _arrow(canvas: Canvas, centre: tuple[float, float], place: int, count: int, led: bool) -> None:
    """A part of the ring that points to the next; full where the stage has a lead."""
    begin, end = place * 2 * pi / count + _SPLIT, (place + 1) * 2 * pi / count - _SPLIT

    def at(radius: float, angle: float) -> str:
        return f"{centre[0] + radius * sin(angle):.2f} {centre[1] - radius * cos(angle):.2f}"

    middle = (_OUTER + _INNER) / 2
    large = int(end - begin > pi)
    tip = _TIP if count > 1 else 0.0
    way = (
        f"M{at(_OUTER, begin)}A{_OUTER} {_OUTER} 0 {large} 1 {at(_OUTER, end - tip)}L{at(middle, end)}"
        f"L{at(_INNER, end - tip)}A{_INNER} {_INNER} 0 {large} 0 {at(_INNER, begin)}L{at(middle, begin + tip)}Z"
    )
    canvas.path(way, fill=INK if led else PAPER, stroke=INK, stroke_width=1.4, stroke_linejoin="round")
    angle = _middle(place, count) + _TIP / 2
    x, y = centre[0] + middle * sin(angle), centre[1] - middle * cos(angle)
    canvas.text(x, y + 5.5, str(place + 1), size=16, bold=True, anchor="middle", fill=PAPER if led else INK)


def _legend(canvas: Canvas, centre: tuple[float, float], series: Sequence[str]) -> None:
    """What is written beside the full and the empty square, in the middle of the ring."""
    shown = [fitted(name, 2 * _INNER - 34, SMALL) for name in series[:2]]
    widest = max((breadth(name, SMALL) for name in shown), default=0)
    x, y = centre[0] - (widest / 1.1 + _TEXT) / 2, centre[1] - (len(shown) - 1) * 10 + 4
    for place, name in enumerate(shown):
        _bullet(canvas, x, y, full=place == 0)
        canvas.text(x + _TEXT, y, name, size=SMALL)
        y += 20
