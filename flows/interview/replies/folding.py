"""Typed text made comparable: cleaned for keeping, folded for comparing."""

from __future__ import annotations

import re
import unicodedata

BIDI_CONTROLS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
# ZWNJ, ZWJ and the directional marks stay: Persian, Arabic and many scripts need them.
_KEPT_FORMATS = frozenset("\u200c\u200d\u200e\u200f\u061c")
_LINE_BREAKS = re.compile(r"\r\n|[\r\n\v\f\x1c-\x1e\x85\u2028\u2029]")
_NOT_WORD = re.compile(r"[\W_]+")
_APOSTROPHES = re.compile(r"['’‘ʼ`´]")


def clean(text: str) -> str:
    """What is kept of a typed text: NFC, line breaks as "\\n", no control, direction override, lone surrogate or
    invisible character; outer blanks removed, nothing else. Empty when nothing visible remains."""
    lines = _LINE_BREAKS.sub("\n", text)
    kept = "".join(character for character in lines if character in "\n\t" or _is_kept(character))
    result = unicodedata.normalize("NFC", kept).strip()
    if all(unicodedata.category(character) in ("Cf", "Zs", "Zl", "Zp", "Cc") for character in result):
        return ""
    return result


def _is_kept(character: str) -> bool:
    if character.isascii():
        return character.isprintable()
    if character in _KEPT_FORMATS:
        return True
    if ord(character) & 0xFFFE == 0xFFFE or 0xFDD0 <= ord(character) <= 0xFDEF:
        return False  # noncharacters: no XML document may hold the first two
    return unicodedata.category(character) not in ("Cc", "Cf", "Cs")


def western_digits(text: str) -> str:
    """Every decimal digit of any script as 0-9, and full-width signs as ASCII ones."""
    result = []
    for character in text:
        if character.isascii():
            result.append(character)
        elif (digit := unicodedata.decimal(character, None)) is not None:
            result.append(str(digit))
        elif "\uff01" <= character <= "\uff5e":
            result.append(chr(ord(character) - 0xFEE0))
        else:
            result.append(character)
    return "".join(result)


def unaccented(text: str) -> str:
    """Case, accents and compatibility forms folded away; punctuation stays."""
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return "".join(character for character in decomposed if not unicodedata.combining(character))


def fold(text: str) -> str:
    """Equal for texts that differ only in case, accents, punctuation and blanks. Text of punctuation only is kept,
    so that "+" and "-" stay different."""
    plain = unaccented(western_digits(text)).replace("œ", "oe").replace("æ", "ae")
    words = _NOT_WORD.sub(" ", _APOSTROPHES.sub(" ", plain)).strip()
    return words or " ".join(plain.split())


def words(text: str) -> frozenset[str]:
    """Folded words and phrases from one line parted by bars."""
    return frozenset(fold(word) for word in text.split("|"))
