"""How an answer of each type is written: what does not fit its type is blank."""

from __future__ import annotations

import math
import re

from flows.interview.logic.dates import is_date, parse, time_of_day
from flows.interview.logic.definitions import Definition
from flows.interview.logic.values import number_from_text, number_text

_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_TIME = re.compile(r"\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[-+]\d{2}:\d{2})?", re.ASCII)
_DATE_TIME = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[-+]\d{2}:\d{2})?", re.ASCII)


def clean(text: str) -> str:
    """Without control characters (line breaks and tabs stay) and halves of characters."""
    return _CONTROL.sub("", text)


def written(definition: Definition, text: str) -> str:
    """The text as this node stores it."""
    if not text:
        return ""
    kind = definition.bind.type
    control = definition.control
    if control is not None and control.kind == "trigger":
        return "OK" if text.lower() == "ok" else ""
    if kind in ("int", "integer", "decimal"):
        number = number_from_text(text) if not text.isspace() else math.nan
        if not math.isfinite(number) or (control is not None and control.kind == "range" and not _within(definition, number)):
            return ""
        if kind == "decimal":
            return number_text(number)
        whole = math.trunc(number)
        return str(whole) if -(2**31) <= whole < 2**31 else ""
    if kind == "date":
        return text[:10] if is_date(text) and not re.search(r"(Z|[-+]\d{2}:\d{2})$", text[10:]) else ""
    if kind == "time":
        return text if _TIME.fullmatch(text) and time_of_day(text) is not None else ""
    if kind == "dateTime":
        return text if _DATE_TIME.fullmatch(text) and parse(text) is not None else ""
    return text


def _within(definition: Definition, number: float) -> bool:
    parameters = definition.control.parameters if definition.control is not None else {}
    bounds = [number_from_text(parameters.get(name, "")) for name in ("start", "end")]
    return all(math.isnan(bound) for bound in bounds) or min(bounds) <= number <= max(bounds)
