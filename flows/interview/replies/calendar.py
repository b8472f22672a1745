"""Names of months and days, and days said by a word, from CLDR."""

from __future__ import annotations

from datetime import date
from functools import cache

from flows.interview.replies.folding import fold

# Arabic has three families of month names; these locales cover them.
_LOCALES = ("fr", "en", "pt", "es", "ar", "ar_DZ", "ar_TN", "ar_MA", "ar_MR", "ar_SY")
_SHORT = 3

RELATIVE_DAYS = {
    "today": 0, "aujourd hui": 0, "ce jour": 0, "hoje": 0, "hoy": 0, "اليوم": 0,
    "yesterday": -1, "hier": -1, "ontem": -1, "ayer": -1, "أمس": -1,
    "tomorrow": 1, "demain": 1, "amanha": 1, "manana": 1, "غدا": 1,
    "avant hier": -2, "day before yesterday": -2, "the day before yesterday": -2, "anteontem": -2, "anteayer": -2,
    "apres demain": 2, "day after tomorrow": 2, "the day after tomorrow": 2, "depois de amanha": 2, "pasado manana": 2,
}  # fmt: skip


@cache
def relative_days() -> dict[str, int]:
    """Folded word → days from today."""
    return {fold(word): days for word, days in RELATIVE_DAYS.items()}


@cache
def _names(kind: str, locale: str) -> dict[str, int]:
    from babel import Locale

    data = Locale.parse(locale)
    contexts = data.months if kind == "month" else data.days
    names: dict[str, int] = {}
    for context in ("format", "stand-alone"):
        for width in ("wide", "abbreviated"):
            for number, name in contexts[context][width].items():
                names[fold(name)] = number
    for name in list(names):  # "sept" for "septembre": every beginning that only one month has
        for length in range(_SHORT, len(name)):
            start = name[:length]
            if start not in names and len({number for other, number in names.items() if other.startswith(start)}) == 1:
                names.setdefault(start, names[name])
    return names


@cache
def _all_names(kind: str, language: str) -> dict[str, int]:
    """The interview's language wins where two languages write different months alike."""
    merged: dict[str, int] = {}
    doubtful: set[str] = set()
    for locale in _LOCALES:
        for name, number in _names(kind, locale).items():
            if merged.setdefault(name, number) != number:
                doubtful.add(name)
    for name in doubtful:
        del merged[name]
    for locale in _LOCALES:
        if locale.split("_")[0] == language:
            merged.update({name: number for name, number in _names(kind, locale).items() if "_" not in locale})
    return merged


def month(word: str, language: str) -> int:
    """1 to 12, or 0 when no month is called so."""
    return _all_names("month", language).get(fold(word), 0)


def weekday(word: str, language: str) -> int | None:
    """0 for Monday, None when no day is called so."""
    return _all_names("day", language).get(fold(word))


def days_in(year: int, month_number: int) -> int:
    """How many days the month has."""
    first = date(year, month_number, 1)
    after = date(year + month_number // 12, month_number % 12 + 1, 1)
    return (after - first).days
