"""Acronyms that answers spell out themselves: `recensement général de la population (RGP)`."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from itertools import islice

from flows.country.acronyms import stands_for
from flows.country.contribution import Said
from flows.country.entity_words import plain
from flows.country.naming import read_name

_ACRONYM = re.compile(r"[(]([^\W\d_][\w/&.-]{1,11})[)]")
_END = re.compile(r"[()\[\]\n.;:!?]")  # of a sentence or of a part of it
_BEFORE = 300  # letters looked at
_MOST = 40  # acronyms looked at in an answer
_TRIES = 10  # times that an acronym is looked at where nothing before it was what it stands for
_START = re.compile(r"(?<!\w)\w")  # of a word; one behind an apostrophe too
_WORDS = 16  # that an acronym stands for at most
_SURE, _ENOUGH = 80, 74  # of 100: in the order of its letters; in another order, as another language has it


def spelt_out(answers: Iterable[Said]) -> Mapping[str, tuple[str, Said]]:
    """Acronym → what it stands for, in the words of the first answer that says so, and that answer."""
    found: dict[str, tuple[str, Said]] = {}
    tried: Counter[str] = Counter()
    for said in answers:
        for match in islice(_ACRONYM.finditer(said.value), _MOST):
            acronym = match[1]
            if acronym in found or tried[acronym] == _TRIES or sum(map(str.isupper, acronym)) < 2:
                continue
            tried[acronym] += 1
            before = _END.split(said.value[max(match.start() - _BEFORE, 0) : match.start()])[-1]
            if name := _name(before, acronym):
                found[acronym] = (name, said)
    return found


def _name(before: str, acronym: str) -> str:
    """The last words of `before` that `acronym` stands for; "" where its letters are not theirs."""
    text = before.strip()
    letters = "".join(re.findall(r"[^\W_]", plain(acronym)))
    starts = [match.start() for match in _START.finditer(text)]
    best, chosen = 0, ""
    for start in reversed(starts[-_WORDS:]):
        name = text[start:]
        score = stands_for(letters, read_name(name))
        if score > best and (score >= _SURE or (score >= _ENOUGH and start == starts[0])):
            best, chosen = score, name
    return chosen
