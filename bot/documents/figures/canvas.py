"""What every drawing is made of: boxes, lines, texts that fit, and fills that are told apart in black and white.

A drawing is `WIDTH` units wide; on paper that is the width of the text, so that `NORMAL` is 9 points there. Letters are
reckoned a little wider than Carlito's, since a browser may have another font.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator, Sequence
from html import escape

from bot.documents.letters import wide

WIDTH = 640.0
NORMAL, SMALL = 13.0, 12.0
LINE = 15.0  # from one line of a text to the next
INK, GREY, HAIR, BAND, PAPER = "#1f3a5f", "#55606e", "#9aa7b8", "#eef2f7", "#ffffff"
_SLACK, _BOLD = 1.12, 1.04
_PITCH = 5.0  # between the lines of a hatching, and between dots
_BREAKS = "-/_.@"  # behind which a long word may be cut
_UNSHOWN = frozenset({"So", "Co", "Cn", "Cs", "Cf"})  # signs that the fonts of paper have not


class Canvas:
    """Elements of a drawing, in order."""

    def __init__(self) -> None:
        self._parts: list[str] = []

    def __str__(self) -> str:
        return "".join(self._parts)

    def text(
        self, x: float, y: float, text: str, *, size: float = NORMAL, bold: bool = False, **attributes: str
    ) -> None:
        """One line whose letters stand on `y`. `attributes`: `anchor` (start, middle, end), `fill`, `style`."""
        named = {"anchor": "text-anchor", "style": "font-style"}
        more = {"fill": INK, **{named.get(name, name): value for name, value in attributes.items()}}
        weight = {"font-weight": "bold"} if bold else {}
        self._add("text", {"x": x, "y": y, "font-size": size, **weight, **more}, escape(text))

    def texts(self, x: float, y: float, lines: Sequence[str], *, size: float = NORMAL, bold: bool = False,
              **attributes: str) -> float:  # fmt: skip
        """Several lines, the first of them on `y`; where the next would stand."""
        for line in lines:
            self.text(x, y, line, size=size, bold=bold, **attributes)
            y += LINE
        return y

    def box(self, x: float, y: float, width: float, height: float, **attributes: str | float) -> None:
        """A rectangle."""
        self._add("rect", {"x": x, "y": y, "width": width, "height": height, **_named(attributes)})

    def line(self, x: float, y: float, to_x: float, to_y: float, *, paint: str = HAIR, weight: float = 1.0) -> None:
        """A straight line."""
        self.path(f"M{_plain(x)} {_plain(y)}L{_plain(to_x)} {_plain(to_y)}", stroke=paint, stroke_width=weight)

    def path(self, way: str, **attributes: str | float) -> None:
        """Any way, in the language of SVG paths."""
        self._add("path", {"d": way, **({} if "fill" in attributes else {"fill": "none"}), **_named(attributes)})

    def swatch(self, series: int, x: float, y: float, width: float, height: float) -> None:
        """A rectangle in the fill of a series: full, hatched, dotted, empty, and so on again."""
        match series % 4:
            case 0:
                self.box(x, y, width, height, fill=INK, stroke=INK, stroke_width=1.2)
                return
            case 1:
                self.box(x, y, width, height, fill=PAPER)
                self.path(_hatching(x, y, width, height), stroke=INK, stroke_width=1.3)
            case 2:
                self.box(x, y, width, height, fill=PAPER)
                self.path(_dots(x, y, width, height), stroke=INK, stroke_width=1.7, stroke_linecap="round")
            case _:
                self.box(x, y, width, height, fill=PAPER)
        self.box(x, y, width, height, fill="none", stroke=INK, stroke_width=1.2)

    def number(self, series: int, x: float, y: float, number: int) -> None:
        """A number in the middle of a swatch, on a ground on which it can be read. `x`, `y`: of that middle."""
        shown = str(number)
        if series % 4:
            room = max(breadth(shown, SMALL) + 4, 12)
            self.box(x - room / 2, y - 7, room, 14, fill=PAPER, rx=2)
        self.text(x, y + 4.2, shown, size=SMALL, bold=True, anchor="middle", fill=INK if series % 4 else PAPER)

    def legend(self, y: float, labels: Sequence[str]) -> float:
        """The series beside their fills, on as many lines as they need; where the legend ends."""
        x = 0.0
        for series, label in enumerate(labels):
            shown = fitted(label, WIDTH - 30, SMALL)
            room = 24 + breadth(shown, SMALL) + 18
            if x and x + room > WIDTH:
                x, y = 0.0, y + LINE + 4
            self.swatch(series, x + 1, y, 18, 12)
            self.text(x + 24, y + 10, shown, size=SMALL)
            x += room
        return y + LINE + 2 if labels else y

    def _add(self, name: str, attributes: dict[str, str | float], text: str | None = None) -> None:
        told = "".join(
            f' {key}="{value if isinstance(value, str) else _plain(value)}"' for key, value in attributes.items()
        )
        self._parts.append(f"<{name}{told}/>" if text is None else f"<{name}{told}>{text}</{name}>")


def _named(attributes: dict[str, str | float]) -> dict[str, str | float]:
    return {name.replace("_", "-"): value for name, value in attributes.items()}


def _plain(number: float) -> str:
    """A number as short as it can be written."""
    return f"{number:.2f}".rstrip("0").rstrip(".")


# ---- fills --------------------------------------------------------------------------------------------------------
def _hatching(x: float, y: float, width: float, height: float) -> str:
    """Lines that rise from left to right, cut at the edges of a rectangle; without an id that another could have."""
    way = []
    shift = _PITCH / 2
    while shift < width + height:
        left, right = max(0.0, shift - height), min(shift, width)
        way.append(f"M{_plain(x + left)} {_plain(y + shift - left)}L{_plain(x + right)} {_plain(y + shift - right)}")
        shift += _PITCH
    return "".join(way)


def _dots(x: float, y: float, width: float, height: float) -> str:
    columns, rows = int(width // _PITCH), int(height // _PITCH)
    left, top = (width - (columns - 1) * _PITCH) / 2, (height - (rows - 1) * _PITCH) / 2
    return "".join(
        f"M{_plain(x + left + column * _PITCH)} {_plain(y + top + row * _PITCH)}h.01"
        for row in range(rows)
        for column in range(columns)
    )


# ---- texts that fit -----------------------------------------------------------------------------------------------
def breadth(text: str, size: float = NORMAL, *, bold: bool = False) -> float:
    """How much room a text takes."""
    return wide(text) * size * _SLACK * (_BOLD if bold else 1)


def fitted(text: str, room: float, size: float = NORMAL, *, bold: bool = False) -> str:
    """A text on one line, its end left out where it is too long."""
    return next(iter(wrapped(text, room, 1, size, bold=bold)), "")


def wrapped(text: str, room: float, most: int, size: float = NORMAL, *, bold: bool = False) -> list[str]:
    """A text on `most` lines of that room at most, its end left out where that is not enough."""

    def fits(line: str) -> bool:
        return breadth(line, size, bold=bold) <= room

    lines: list[str] = []
    for word in _words(text, fits):
        if lines and fits(f"{lines[-1]} {word}"):
            lines[-1] = f"{lines[-1]} {word}"
        elif len(lines) < most:
            lines.append(word)
        else:
            last = lines[-1]
            while last and not fits(f"{last}…"):
                last = last[:-1].rstrip()
            lines[-1] = f"{last}…"
            break
    return lines


def _words(text: str, fits: Callable[[str], bool]) -> Iterator[str]:
    """The words of a text as far as they can be shown; one that is longer than a line in pieces."""
    shown = "".join(" " if unicodedata.category(letter) in _UNSHOWN else letter for letter in text)
    for word in shown.split():
        left = word
        while left and not fits(left):
            end = max((end for end in range(1, len(left)) if fits(left[:end])), default=1)
            end = max((at for at in range(end // 2, end + 1) if at and left[at - 1] in _BREAKS), default=end)
            yield left[:end]
            left = left[end:]
        if left:
            yield left
