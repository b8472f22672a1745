"""Which terms of migration the answers of a dossier use, and so its glossary explains."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files

from flows.country.entity_words import plain


def terms_in(texts: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """The terms that any of `texts` uses, in whatever language, each with the origin of its definition."""
    read = plain("\n".join(texts)).replace("'", "’")
    return tuple((term, origin) for term, (origin, pattern) in _terms().items() if pattern.search(read))


def terms() -> Mapping[str, str]:
    """Every term that there is a definition of, and its origin."""
    return {term: origin for term, (origin, _) in _terms().items()}


@cache
def _terms() -> Mapping[str, tuple[str, re.Pattern[str]]]:
    data = tomllib.loads(files("flows").joinpath("countries", "glossary_words.toml").read_text("utf-8"))
    return {term: (known["origin"], _pattern([*known["fr"], *known["en"]])) for term, known in data["terms"].items()}


def _pattern(beginnings: Iterable[str]) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(re.escape(plain(one)) for one in beginnings)})")
