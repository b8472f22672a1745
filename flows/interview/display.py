"""Answers as a person reads them: labels for choices, dates and decimals as the language writes them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time

from flows.interview.form import Choice, Question, QuestionType

_COMMA = frozenset({"fr", "pt", "es", "de", "it"})


def displayed(question: Question, value: str, choices: Sequence[Choice], language: str) -> str:
    """`value` (XForms text) in words; as it stands where there is no better way to write it."""
    match question.type:
        case QuestionType.SELECT_ONE:
            return next((choice.label for choice in choices if choice.name == value), value)
        case QuestionType.SELECT_MULTIPLE:
            return ", ".join(_labels(value, choices))
        case QuestionType.RANK:
            return " > ".join(_labels(value, choices))
        case QuestionType.DECIMAL | QuestionType.RANGE:
            return value.replace(".", ",") if language.split("-")[0] in _COMMA else value
        case QuestionType.DATE | QuestionType.TIME | QuestionType.DATETIME:
            return _moment(question, value, language)
        case QuestionType.GEOPOINT | QuestionType.GEOTRACE | QuestionType.GEOSHAPE:
            return "; ".join(", ".join(point.split()[:2]) for point in value.split(";") if point.strip())
    return value


def _labels(value: str, choices: Sequence[Choice]) -> list[str]:
    labels = {choice.name: choice.label for choice in choices}
    return [labels.get(name, name) for name in value.split()]


def _moment(question: Question, value: str, language: str) -> str:
    """Dates as precise as they were asked for: a year, a month, a day."""
    from babel import Locale, UnknownLocaleError
    from babel.dates import format_date, format_time

    try:
        # Plain English is written as the dialogue writes it: 12 March 2026, 14:30.
        locale = Locale.parse("en_GB" if language == "en" else language.replace("-", "_"))
    except (UnknownLocaleError, ValueError, TypeError):
        return value
    try:
        if question.type is QuestionType.TIME:
            return format_time(time.fromisoformat(value).replace(tzinfo=None), "short", locale=locale)
        if question.type is QuestionType.DATETIME:
            moment = datetime.fromisoformat(value)
            clock = format_time(moment.replace(tzinfo=None), "short", locale=locale)
            return f"{format_date(moment, 'long', locale=locale)}, {clock}"
        day = date.fromisoformat(value)
    except ValueError:
        return value
    if "year" in question.appearance:
        return str(day.year)
    return format_date(day, "MMMM y" if "month-year" in question.appearance else "long", locale=locale)
