"""Dates as people write them: day before month, in French, English, Portuguese, Spanish and Arabic."""

from __future__ import annotations

import re
from datetime import date, timedelta

from flows.interview.replies.calendar import days_in, month, relative_days, weekday
from flows.interview.replies.folding import fold, western_digits
from flows.interview.replies.values import Answer, Note, Refusal, Reply

FIRST_YEAR, LAST_YEAR = 1700, 2299
MOST = 100
_WORDS = re.compile(r"\d+|[^\W\d_]+(?:['’][^\W\d_]+)?")
_ORDINALS = frozenset({"er", "re", "e", "eme", "st", "nd", "rd", "th", "o", "a"})
_FILLERS = frozenset({"le", "la", "the", "of", "de", "du", "del", "d", "do", "on", "in", "en", "em", "au", "el", "dia"})
_NUMERIC = re.compile(r"\d{1,4}(?:\s*[-/.]\s*\d{1,4}|\s+\d{1,4}){0,2}")


def read_date(said: str, language: str, today: date, appearance: frozenset[str]) -> Reply:
    """ISO date. Appearance `month-year` takes a month alone (its first day), `year` a year alone (its first day)."""
    text = western_digits(said).strip().strip(".")
    if len(text) > MOST:
        return Refusal("date_expected")
    notes: list[Note] = []
    days = relative_days().get(fold(text))
    if days is not None:
        found: date | Refusal = today + timedelta(days=days)
        notes.append(Note("date_shown_back", {"value": str(found)}))
    else:
        found = _parts(text, language, today, appearance, notes)
    if isinstance(found, Refusal):
        return found
    if "year" in appearance:
        found = found.replace(month=1, day=1)
    elif "month-year" in appearance:
        found = found.replace(day=1)
    return Answer(found.isoformat(), tuple(notes))


def _parts(text: str, language: str, today: date, appearance: frozenset[str], notes: list[Note]) -> date | Refusal:
    if _NUMERIC.fullmatch(text):
        numbers = re.findall(r"\d+", text)
        return _numeric(numbers, today, appearance, notes)
    return _worded(text, language, today, appearance, notes)


def _numeric(numbers: list[str], today: date, appearance: frozenset[str], notes: list[Note]) -> date | Refusal:
    if len(numbers) == 1:
        if "year" in appearance and len(numbers[0]) == 4:
            return _date(int(numbers[0]), 1, 1)
        if "year" in appearance:
            return Refusal("year_expected")
        if len(numbers[0]) == 4:
            return Refusal("date_needs_month" if "month-year" in appearance else "date_needs_day_month")
        return Refusal("date_expected")
    if len(numbers) == 2:
        return _two(numbers, today, appearance, notes)
    first, middle, last = numbers
    if len(first) == 4:
        return _date(int(first), int(middle), int(last))
    if len(last) == 3 or len(first) > 2 or len(middle) > 2:
        return Refusal("date_expected")
    year = _year(last, today, notes)
    day, month_number = int(first), int(middle)
    if month_number > 12 >= day >= 1:
        found = _date(year, day, month_number)
        if isinstance(found, date):
            notes.append(Note("date_shown_back", {"value": found.isoformat()}))
        return found
    found = _date(year, month_number, day)
    if isinstance(found, date) and day <= 12 and day != month_number:
        notes.append(Note("date_day_first", {"value": found.isoformat()}))
    return found


def _two(numbers: list[str], today: date, appearance: frozenset[str], notes: list[Note]) -> date | Refusal:
    first, last = numbers
    by_month = bool({"month-year", "year"} & appearance)
    if len(first) == 4 or len(last) == 4:
        year, month_number = (first, last) if len(first) == 4 else (last, first)
        if len(month_number) > 2:
            return Refusal("date_expected")
        return _date(int(year), int(month_number), 1) if by_month else Refusal("date_needs_day")
    if by_month or len(first) > 2 or len(last) > 2:
        return Refusal("date_expected")
    return _this_year(int(first), int(last), today, notes)


def _worded(text: str, language: str, today: date, appearance: frozenset[str], notes: list[Note]) -> date | Refusal:
    named = 0
    day_of_week: int | None = None
    numbers: list[tuple[str, bool]] = []  # figures, and whether an ordinal ending follows
    words = _WORDS.findall(text)
    for position, word in enumerate(words):
        folded = fold(word)
        if word.isdigit():
            numbers.append((word, False))
        elif numbers and folded in _ORDINALS and words[position - 1].isdigit():
            numbers[-1] = (numbers[-1][0], True)
        elif not named and (number := month(word, language)):
            named = number
        elif day_of_week is None and not numbers and not named and (found := weekday(word, language)) is not None:
            day_of_week = found
        elif folded not in _FILLERS:
            return Refusal("date_expected")
    if not named or re.sub(_WORDS, "", text).strip(" ,./-'’\t\n()"):
        return Refusal("date_expected")
    result = _assembled(named, numbers, today, appearance, notes)
    if isinstance(result, date) and day_of_week is not None and result.weekday() != day_of_week:
        return Refusal("date_weekday", {"value": result.isoformat()})
    return result


def _assembled(
    named: int, numbers: list[tuple[str, bool]], today: date, appearance: frozenset[str], notes: list[Note]
) -> date | Refusal:
    figures = [figure for figure, _ in numbers]
    if len(figures) == 1 and len(figures[0]) == 4:
        if {"month-year", "year"} & appearance:
            return _date(int(figures[0]), named, 1)
        return Refusal("date_needs_day")
    if len(figures) == 1 and len(figures[0]) <= 2 and not {"month-year", "year"} & appearance:
        return _this_year(int(figures[0]), named, today, notes)
    if len(figures) != 2 or numbers[1][1]:
        return Refusal("date_needs_year" if "month-year" in appearance and not figures else "date_expected")
    day, year = figures
    if len(day) == 4:
        day, year = year, day
    if len(day) > 2 or len(year) not in (2, 4):
        return Refusal("date_expected")
    return _date(_year(year, today, notes), named, int(day))


def _this_year(day: int, month_number: int, today: date, notes: list[Note]) -> date | Refusal:
    found = _date(today.year, month_number, day)
    if isinstance(found, date):
        notes.append(Note("date_year_assumed", {"value": found.isoformat(), "year": str(today.year)}))
    return found


def _year(figures: str, today: date, notes: list[Note]) -> int:
    """Two figures mean the year nearest to today's within 80 years back and 19 ahead."""
    if len(figures) > 2:
        return int(figures)
    year = today.year // 100 * 100 + int(figures)
    if year >= today.year + 20:
        year -= 100
    elif year < today.year - 80:
        year += 100
    notes.append(Note("date_two_figures", {"year": str(year)}))
    return year


def _date(year: int, month_number: int, day: int) -> date | Refusal:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return Refusal("date_year", {"year": str(year), "first": str(FIRST_YEAR), "last": str(LAST_YEAR)})
    if not 1 <= month_number <= 12:
        return Refusal("date_month", {"month": str(month_number)})
    days = days_in(year, month_number)
    if not 1 <= day <= days:
        return Refusal("date_impossible", {"day": str(day), "month": f"{month_number:02}/{year}", "days": str(days)})
    return date(year, month_number, day)
