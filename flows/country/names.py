"""When two names are the same name: spelling, accents, case and punctuation set aside."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_ARTICLES = frozenset({"the", "of", "for", "and", "le", "la", "les", "l", "du", "de", "des", "d", "et", "au", "aux"})


@lru_cache(maxsize=2048)  # a guide asks for the same names thousands of times
def folded(name: str) -> str:
    """`Ministère de l’Intérieur` and `MINISTERE DE L'INTERIEUR` give the same text."""
    plain = unicodedata.normalize("NFKD", name).casefold()
    plain = "".join(character for character in plain if not unicodedata.combining(character))
    words = re.findall(r"\w+", plain)
    return " ".join([word for word in words if word not in _ARTICLES] or words)
