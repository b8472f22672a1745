"""Integers, decimals and ranges as people write them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation

from flows.interview.replies.folding import fold, western_digits
from flows.interview.replies.number_words import number_words
from flows.interview.replies.values import Answer, Note, Refusal, Reply

MOST_DIGITS = 15  # beyond, a double no longer tells neighbours apart
_COMMA_DECIMAL = frozenset({"fr", "pt", "es"})
_MINUS = re.compile("[\u2212\u2012\u2013\u2014\ufe63\uff0d]")
_BLANKS = re.compile(r"[\s\u00a0\u2007\u2009\u202f]+")
_FIGURES = re.compile(r"[+-]?\d[\d.,]*|[+-]?[.,]\d+")
_WITH_UNIT = re.compile(r"([+-]?\d[\d.,]*)\s*([^\d\s.,+-].{0,30})")


def read_number(said: str, language: str, *, whole: bool) -> Reply:
    """An integer (`whole`) or a decimal, with a point as decimal mark and no grouping."""
    if (worded := number_words().get(fold(said))) is not None:
        return Answer(str(worded), (Note("number_from_words", {"value": str(worded)}),))
    written = _BLANKS.sub(" ", _MINUS.sub("-", western_digits(said)).replace("٫", ".").replace("٬", ",")).strip()
    written = re.sub(r"^([+-]) ", r"\1", written)
    ungrouped = _without_blank_groups(written)
    if ungrouped is None or not _FIGURES.fullmatch(ungrouped):
        unit = _WITH_UNIT.fullmatch(_without_blank_groups(written) or written)
        if unit:
            return Refusal("number_with_unit", {"figures": unit[1], "unit": unit[2].strip()})
        return Refusal("integer_expected" if whole else "number_expected")
    text, ambiguous = _marks(ungrouped, language, whole=whole)
    if text is None:
        return Refusal("number_marks")
    return _checked(text, ungrouped, whole=whole, ambiguous=ambiguous)


def _checked(text: str, written: str, *, whole: bool, ambiguous: bool) -> Reply:
    try:
        number = Decimal(text)
    except InvalidOperation:
        return Refusal("integer_expected" if whole else "number_expected")
    if len(number.as_tuple().digits) > MOST_DIGITS:
        return Refusal("number_too_long", {"digits": str(MOST_DIGITS)})
    if whole and number != number.to_integral_value():
        return Refusal("integer_not_whole", {"value": plain(number)})
    value = plain(number)
    return Answer(value, (Note("number_shown_back", {"said": written, "value": value}),) if ambiguous else ())


def plain(number: Decimal) -> str:
    """No exponent, no trailing zeros, no "-0"."""
    text = format(number, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def _without_blank_groups(written: str) -> str | None:
    """ "1 234 567,5" → "1234567,5"; None when the blanks (or Swiss apostrophes) do not part groups of three."""
    parts = re.split(r"[ '’]", written)
    if len(parts) == 1:
        return written
    first = parts[0].lstrip("+-")
    middle = [*parts[1:-1], re.split(r"[.,]", parts[-1])[0]]
    if first.isdigit() and len(first) <= 3 and all(len(part) == 3 and part.isdigit() for part in middle):
        return "".join(parts)
    return None


def _marks(written: str, language: str, *, whole: bool) -> tuple[str | None, bool]:
    """The number with a decimal point, and whether it could have been read otherwise."""
    points, commas = written.count("."), written.count(",")
    if points and commas:
        decimal = "," if written.rindex(",") > written.rindex(".") else "."
        grouping = "." if decimal == "," else ","
        if written.count(decimal) > 1 or not _grouped(written.split(decimal)[0], grouping):
            return None, False
        return written.replace(grouping, "").replace(decimal, "."), False
    if points + commas == 0:
        return written, False
    mark = "." if points else ","
    if points + commas > 1:
        return (written.replace(mark, ""), False) if _grouped(written, mark) else (None, False)
    could_group = _grouped(written, mark) and not written.lstrip("+-").startswith("0")
    if could_group and (whole or (mark == "," and language not in _COMMA_DECIMAL)):
        return written.replace(mark, ""), True
    return written.replace(mark, "."), could_group


def _grouped(written: str, mark: str) -> bool:
    groups = written.lstrip("+-").split(mark)
    return 1 <= len(groups[0]) <= 3 and all(len(group) == 3 for group in groups[1:])


def read_range(said: str, language: str, parameters: Mapping[str, str]) -> Reply:
    """A number between `start` and `end` (0 and 10 without them), on a `step` (1)."""
    reply = read_number(said, language, whole=False)
    if isinstance(reply, Refusal):
        return reply
    start, end, step = (
        _parameter(parameters, name, default) for name, default in (("start", 0), ("end", 10), ("step", 1))
    )
    value, low, high = Decimal(reply.value), min(start, end), max(start, end)
    if not low <= value <= high:
        return Refusal("range_outside", {"low": plain(low), "high": plain(high)})
    if step and (value - start) % step:
        below = start + (value - start) // abs(step) * abs(step)
        near = sorted(number for number in {below, below - abs(step), below + abs(step)} if low <= number <= high)
        nearest = sorted(sorted(near, key=lambda number: abs(number - value))[:2])
        return Refusal(
            "range_step",
            {"step": plain(abs(step)), "start": plain(start), "nearest": " · ".join(plain(item) for item in nearest)},
        )
    return reply


def _parameter(parameters: Mapping[str, str], name: str, default: int) -> Decimal:
    try:
        number = Decimal(parameters.get(name, str(default)))
    except InvalidOperation:
        return Decimal(default)
    return number if number.is_finite() and abs(number.adjusted()) < MOST_DIGITS else Decimal(default)
