"""Regular expressions of forms: written for ODK (Java) or web forms (JavaScript), run under a time limit."""

from __future__ import annotations

from functools import lru_cache

import regex

LIMIT = 0.1  # seconds; a pattern that needs longer on one answer refuses it


class BadPattern(ValueError):
    """The pattern cannot be read; the message says why."""


def _portable(pattern: str) -> str:
    """`$` outside brackets means the very end; an escape without a meaning stands for its character."""
    out: list[str] = []
    inside = escaped = False
    for character in pattern:
        if escaped:
            known = character in "dDwWsSbBnrtfvxuUpPkNAzZGQE0123456789" or not character.isalpha()
            out.append("\\" + character if known else character)
            escaped = False
            continue
        if character == "\\":
            escaped = True
            continue
        if character == "[" and not inside:
            inside = True
        elif character == "]" and inside and out[-1] not in ("[", "^"):
            inside = False
        out.append(r"\Z" if character == "$" and not inside else character)
    return "".join(out) + ("\\" if escaped else "")


@lru_cache(maxsize=1024)
def compiled(pattern: str) -> regex.Pattern[str]:
    """Raises `BadPattern`."""
    try:
        return regex.compile(_portable(pattern))
    except (regex.error, RecursionError, OverflowError) as fault:
        raise BadPattern(str(fault)) from None


def matches(text: str, pattern: str) -> bool:
    """Whether `pattern` is found anywhere in `text`. A bad pattern and one that takes too long find nothing."""
    try:
        return compiled(pattern).search(text, timeout=LIMIT) is not None
    except (BadPattern, TimeoutError):
        return False
