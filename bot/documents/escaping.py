"""What people wrote, as text of a Word document."""

from __future__ import annotations

# Braces too: docxtpl rewrites sequences such as "{_{" wherever it finds them.
_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "{": "&#123;", "}": "&#125;"})


def escaped(text: str) -> str:
    """`text` as XML character data or attribute value."""
    return text.translate(_ESCAPES)
