"""Dates in words, as the dialogue writes them."""

from __future__ import annotations

from datetime import date

from flows.i18n import base


def written(day: date, language: str) -> str:
    """`1er mars 2027`, `1 March 2027`."""
    from babel.dates import format_date

    english = base(language) == "en"
    words = format_date(day, "long", locale="en_GB" if english else base(language))
    return f"1er{words[1:]}" if day.day == 1 and base(language) == "fr" else words
