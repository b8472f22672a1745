"""Whether an acronym is made of the first letters of a name, in its language or in another."""

from __future__ import annotations

from collections.abc import Sequence

from flows.country.entity_words import LANGUAGES, words
from flows.country.naming import Reading

_LETTERS = 4  # that a word gives a long acronym at most: CONASUR, NADMO


def stands_for(acronym: str, name: Reading) -> int:
    """How surely `acronym`, in plain letters, stands for `name`: 0 to 100.

    Every word gives it letters, in order, or every word but what an "and" adds; in another language in whatever order.
    """
    if len(acronym) < 3 and len([word for word, _ in name.letters if word not in words().articles]) != len(acronym):
        return 0
    for end in (len(name.letters), *reversed(name.breaks[:-1])):
        missing = end < len(name.letters)
        letters = name.letters[:end]
        if sum(not passed for _, passed in letters) < (3 if missing else 2):
            break
        if _spells(acronym, letters, 1):
            return 80 if missing else 90
        if len(acronym) >= 5 and _spells(acronym, letters, _LETTERS):
            return 74 if missing else 82
    return 78 if len(acronym) >= 3 and _spells_translated(acronym, name) else 0


def _spells(acronym: str, letters: Sequence[tuple[str, bool]], most: int) -> bool:
    """Whether every word gives `acronym` its first letters, one to `most` of them, in order."""
    ends = {0}
    for word, passed in letters:
        reached = set(ends) if passed else set()
        for start in ends:
            for count in range(1, most + 1):
                if count > len(word) or acronym[start : start + count] != word[:count]:
                    break
                reached.add(start + count)
        ends = reached
        if not ends:
            return False
    return len(acronym) in ends


def _spells_translated(acronym: str, name: Reading) -> bool:
    """Whether the words of `name` begin with the letters of `acronym` in another language, in whatever order."""
    if name.words or len(name.terms) < 3:
        return False
    spoken = frozenset.intersection(*(term.languages for term in name.terms))
    initials = words().initials
    for language in LANGUAGES:
        if language in spoken and len(spoken) == 1:
            continue
        left = {acronym}
        for term in name.terms:
            beginnings = initials.get(term.key, {}).get(language, frozenset())
            left = {
                rest for text in left for beginning in beginnings if (rest := _without(text, beginning)) is not None
            }
        if "" in left:
            return True
    return False


def _without(text: str, letters: str) -> str | None:
    for letter in letters:
        if letter not in text:
            return None
        text = text.replace(letter, "", 1)
    return text
