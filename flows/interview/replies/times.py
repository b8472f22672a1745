"""Times of day, and dates with a time."""

from __future__ import annotations

import re
from datetime import date

from flows.interview.replies.dates import read_date
from flows.interview.replies.folding import fold, unaccented, western_digits
from flows.interview.replies.values import Answer, Note, Refusal, Reply

MOST = 120
_NAMED = {
    "midi": "12:00", "noon": "12:00", "midday": "12:00", "meio dia": "12:00", "mediodia": "12:00",
    "minuit": "00:00", "midnight": "00:00", "meia noite": "00:00", "medianoche": "00:00",
}  # fmt: skip
_HOUR_WORDS = r"heures?|hours?|hrs?|horas?|h"
_CLOCK = re.compile(
    rf"(\d{{1,2}})\s*(?:(?:[:.]|{_HOUR_WORDS})\s*(\d{{2}})(?:\s*(?:[:.]|m(?:in(?:utes)?)?)\s*(\d{{2}})(?:\.\d{{1,6}})?)?"
    rf"\s*(?:min(?:utes)?|m|s(?:ec)?)?|({_HOUR_WORDS}))?\s*"
    r"(a\.?\s?m\.?|p\.?\s?m\.?|du matin|de l'apres-midi|du soir|in the (?:morning|afternoon|evening)|o'clock)?"
)
_LATER = ("p", "de l", "du s", "in the a", "in the e")
_SPLITS = re.compile(r"\s*(?:,\s*|\s(?:à|a|at|as|às|vers|um)\s|\s|T(?=\d))\s*", re.IGNORECASE)
_OFFSET = re.compile(r"(Z|[+-]\d{2}:?\d{2})$", re.IGNORECASE)


def read_time(said: str) -> Reply:
    """ "14:30:00.000": 24 hours, no offset."""
    text = unaccented(western_digits(said)).strip().replace("’", "'")
    if len(text) > MOST:
        return Refusal("time_expected")
    text = re.sub(r"^(?:a|at|vers|as)\s+(?=\d)", "", text)
    if (named := _NAMED.get(fold(text))) is not None:
        return Answer(f"{named}:00.000")
    match = _CLOCK.fullmatch(text)
    if match is None or (len(text) < 3 and text.isdigit()):
        return Refusal("time_expected")
    hour, minute, second = int(match[1]), int(match[2] or 0), int(match[3] or 0)
    half = match[5] or ""
    if match[2] is None and match[4] is None and not half:
        return Refusal("time_expected")
    if half and half != "o'clock" and 1 <= hour <= 12:
        hour = hour % 12 + (12 if half.startswith(_LATER) else 0)
    if hour == 24 and minute == second == 0:
        return Refusal("time_midnight")
    if hour > 23 or minute > 59 or second > 59:
        return Refusal("time_impossible")
    notes = (Note("time_shown_back", {"value": f"{hour:02}:{minute:02}"}),) if half else ()
    return Answer(f"{hour:02}:{minute:02}:{second:02}.000", notes)


def read_datetime(said: str, language: str, today: date, offset: str) -> Reply:
    """ "2025-03-12T14:30:00.000+01:00". `offset` is the person's own; an offset that is typed wins."""
    text = western_digits(said).strip()
    if len(text) > MOST:
        return Refusal("datetime_expected")
    typed = _OFFSET.search(text) if re.search(r"\d[T ]?\d{2}:\d{2}", text) else None
    if typed and ":" in text[: typed.start()]:
        offset = "+00:00" if typed[1].upper() == "Z" else f"{typed[1][:3]}:{typed[1][-2:]}"
        if int(offset[1:3]) > 14 or int(offset[4:]) > 59:
            return Refusal("datetime_expected")
        text = text[: typed.start()].strip()
    refusal = Refusal("datetime_expected")
    for gap in _SPLITS.finditer(text):
        for day, hour in ((text[: gap.start()], text[gap.end() :]), (text[gap.end() :], text[: gap.start()])):
            time = read_time(hour)
            if isinstance(time, Refusal) and time.reason == "time_expected":
                continue
            moment = read_date(day, language, today, frozenset())
            if isinstance(moment, Answer) and isinstance(time, Answer):
                return Answer(f"{moment.value}T{time.value}{offset or '+00:00'}", moment.notes + time.notes)
            if isinstance(time, Refusal):
                refusal = time
            elif isinstance(moment, Refusal) and moment.reason != "date_expected":
                refusal = moment
    if refusal.reason == "datetime_expected" and isinstance(read_date(text, language, today, frozenset()), Answer):
        return Refusal("datetime_needs_time")
    return refusal
