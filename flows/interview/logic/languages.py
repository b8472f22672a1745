"""Which language a form means: `Français (fr)`, `fr-CA`, `French`, `français` are all French."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from unicodedata import normalize

# Languages that forms name in themselves; the names of all others are known in English and French.
_NATIVE = (
    *("ar", "es", "pt", "de", "it", "nl", "ru", "uk", "tr", "fa", "ur", "hi", "bn", "ne", "zh"),
    *("sw", "am", "ti", "om", "so", "ha", "yo", "ig", "ln", "rw", "wo", "ff", "bm", "mg"),
)
_CODE = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*")
_BARE_CODE = re.compile(r"[a-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*")


@cache
def language_code(name: str) -> str:
    """The BCP 47 code of a language as forms write it; "" where a name gives none."""
    before, bracket, rest = name.rpartition("(")
    inside = rest.rstrip(" )").strip() if bracket else ""
    if _CODE.fullmatch(inside):
        return inside.replace("_", "-")
    plain = name.strip()
    if _BARE_CODE.fullmatch(plain):
        return plain.replace("_", "-")
    return _by_name().get(_folded(before if bracket else plain), "")


def nearest(wanted: str, names: Iterable[str]) -> str | None:
    """The one of `names` that means the language `wanted`, a code or a name (`fr-BF` → `Français (fr)`)."""
    names = list(names)
    if wanted in names:
        return wanted
    said = _folded(wanted)
    code = (language_code(wanted) or wanted).replace("_", "-").lower()
    base = code.partition("-")[0]
    for exact in (code, base):
        for name in names:
            if _folded(name) == said or (exact and language_code(name).lower() == exact):
                return name
    return next((name for name in names if language_code(name).lower().partition("-")[0] == base), None)


@cache
def _by_name() -> dict[str, str]:
    """Names of languages, folded → code."""
    from babel import Locale  # read only for a form that gives no codes

    found: dict[str, str] = {}
    for code in _NATIVE:
        found.setdefault(_folded(Locale.parse(code).languages.get(code, code)), code)
    for speaker in ("fr", "en"):
        for code, name in Locale.parse(speaker).languages.items():
            found.setdefault(_folded(name), code.replace("_", "-"))
    return found


def _folded(name: str) -> str:
    return normalize("NFC", name).casefold().strip()
