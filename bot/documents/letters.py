"""How wide letters are, near enough to break lines by."""

from __future__ import annotations

import unicodedata

_WIDTHS = {  # of Calibri and of Carlito, in thousandths of the size
    **dict.fromkeys(" \u00a0\u202filjI’'|", 230), **dict.fromkeys("ft.,:;!()[]-", 300), "r": 349, "s": 391, "z": 395,
    **dict.fromkeys("ckvxyFLSZET", 455), "a": 479, "e": 498, "m": 799, "w": 715, "M": 855, "W": 890,
    **dict.fromkeys("BCKPRVXYA", 540), **dict.fromkeys("DGHNOQU", 640),
}  # fmt: skip
_OTHER = 520


def wide(text: str) -> float:
    """The width of a text in Calibri or Carlito, in sizes of the font."""
    return sum(map(_LETTERS.__getitem__, text)) / 1000


class _Letters(dict[str, int]):
    def __missing__(self, letter: str) -> int:
        plain = unicodedata.normalize("NFD", letter)[:1]
        self[letter] = width = _WIDTHS.get(plain, _OTHER)
        return width


_LETTERS = _Letters()
