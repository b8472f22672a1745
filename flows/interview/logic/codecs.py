"""How an answer of each type is written: what does not fit its type is blank."""

from __future__ import annotations

import math
import re
from decimal import Decimal

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
        if not math.isfinite(number) or (
            control is not None and control.kind == "range" and not _within(definition, number)
        ):
            return ""
        if kind == "decimal":
            return _decimal(number)
        whole = math.trunc(number)
        return str(whole) if -(2**31) <= whole < 2**31 else ""
    if kind == "date":
        return text[:10] if is_date(text) and not re.search(r"(Z|[-+]\d{2}:\d{2})$", text[10:]) else ""
    if kind == "time":
        return text if _TIME.fullmatch(text) and time_of_day(text) is not None else ""
    if kind in ("geopoint", "geotrace", "geoshape"):
        return _place(kind, text)
    if kind == "dateTime":
        return text if _DATE_TIME.fullmatch(text) and parse(text) is not None else ""
    return text


def _within(definition: Definition, number: float) -> bool:
    parameters = definition.control.parameters if definition.control is not None else {}
    bounds = [number_from_text(parameters.get(name, "")) for name in ("start", "end")]
    return all(math.isnan(bound) for bound in bounds) or min(bounds) <= number <= max(bounds)


def _decimal(number: float) -> str:
    """Without an exponent and with at least one place, as ODK writes decimals: `12.0`."""
    text = f"{Decimal(number_text(number)):f}"
    whole, _, places = text.partition(".")
    return f"{whole}.{places[:20] or '0'}"


def _point(text: str) -> tuple[float, ...] | None:
    parts = [number_from_text(part) for part in text.split()]
    if len(parts) < 2 or any(not math.isfinite(part) for part in parts[:4]):
        return None
    latitude, longitude = parts[:2]
    if abs(latitude) > 90 or abs(longitude) > 180 or latitude == longitude == 0:
        return None
    return tuple(parts[:4])


def _place(kind: str, text: str) -> str:
    """A point, a line of two points or more, or a closed shape; the point 0 0 means that no place was found."""
    segments = [text] if kind == "geopoint" else text.split(";")
    if len(segments) > 1 and not segments[-1].strip():
        segments.pop()
    points = [point for point in map(_point, segments) if point is not None]
    if len(points) != len(segments):
        return ""
    closed = points[0][:2] == points[-1][:2]
    if (kind == "geotrace" and (len(points) < 2 or closed)) or (kind == "geoshape" and (len(points) < 3 or not closed)):
        return ""
    return ";".join(" ".join(_decimal(part) for part in point) for point in points)
