"""Dates in words, as the dialogue writes them."""

from __future__ import annotations

from datetime import date

from flows.i18n import base


def written(day: date, language: str) -> str:
    """`1er mars 2027`, `1 March 2027`."""
    from babel.dates import format_date

    words = format_date(day, "long", locale=_locale(language))
    return f"1er{words[1:]}" if day.day == 1 and base(language) == "fr" else words


def short(day: date, language: str) -> str:
    """`1 mars 2027`, `10 janv. 2027`: for a list read on a phone."""
    from babel.dates import format_date

    return str(format_date(day, "d MMM y", locale=_locale(language)))


def interval(first: date, last: date, language: str) -> str:
    """`10 janv. – 31 mars 2027`: short, for a list read on a phone."""
    from babel.dates import format_interval

    return str(format_interval(first, last, "yMMMd", locale=_locale(language)))


def _locale(language: str) -> str:
    return "en_GB" if base(language) == "en" else base(language)
