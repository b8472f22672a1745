"""Whether a text says what it must not: phrases, names, addresses and numbers, however they are spelt and spaced.

Case, accents, punctuation and line breaks make no difference. What the text is allowed to say (`known`) is never found.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import permutations

from flows.country.passages import Passage

WINDOW = 8
"""Words in a row that are enough to recognise a longer answer."""
LEAST_LETTERS = 12
"""Letters that a phrase must have; a shorter one is too common to say where it comes from."""
_LEAST_DIGITS, _MOST_DIGITS = 6, 15
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")
_WORD = re.compile(r"\w+")
_GAP = re.compile(r"[\s()\[\]/.+\-\u2010-\u2015\u00b7]{0,4}")
_AT = re.compile(r"\s*[(\[{<]\s*(?:at|arobase|a|@)\s*[)\]}>]\s*")
_DOT = re.compile(r"\s*[(\[{<]\s*(?:dot|point|\.)\s*[)\]}>]\s*")


def words(text: str) -> list[str]:
    """The words of a text, without case, accents and punctuation."""
    plain = unicodedata.normalize("NFKD", _INVISIBLE.sub("", text)).casefold()
    if not plain.isascii():
        plain = "".join(character for character in plain if not unicodedata.combining(character))
    return _WORD.findall(plain)


class Text:
    """A text made ready to be searched for many things."""

    def __init__(self, passages: Sequence[Passage], known: Iterable[str] = ()) -> None:
        self._passages = passages
        self._words: list[str] = []
        self._starts: list[int] = []  # of each passage, in words
        for passage in passages:
            self._starts.append(len(self._words))
            self._words += [*words(passage.text), "|"]
        self._line = f" {' '.join(self._words)} "
        self._known = f" {' | '.join(' '.join(words(text)) for text in known)} "
        self._known_windows = set(_windows(self._known.split()))
        self._windows: dict[str, int] = {}
        for place, window in enumerate(_windows(self._words)):
            self._windows.setdefault(window, place)
        self._addresses = _Addresses(passages)
        self._numbers = _numbers(passages)

    def phrase(self, value: str) -> str | None:
        """Where a text answer is, whole, or in part when it is long; None where it is not."""
        sought = words(value)
        if len(sought) < WINDOW:
            phrase = " ".join(sought)
            if sum(map(len, sought)) < LEAST_LETTERS or f" {phrase} " in self._known:
                return None
            return self._find(phrase)
        places = [
            self._windows[window]
            for window in _windows(sought)
            if window in self._windows and window not in self._known_windows
        ]
        return self._at(min(places)) if places else None

    def name(self, value: str) -> str | None:
        """Where a person's name is, whichever of its parts comes first."""
        parts = words(value)
        if not parts:
            return None
        orders = {tuple(parts), (*parts[1:], parts[0]), (parts[-1], *parts[:-1])}
        orders |= set(permutations(parts)) if len(parts) < 4 else set()
        found = (self._find(" ".join(order)) for order in sorted(orders))
        return next((where for where in found if where is not None), None)

    def email(self, value: str) -> str | None:
        """Where an e-mail address is."""
        place = self._addresses.find(value)
        return None if place is None else self._passages[place].where

    def phone(self, value: str) -> str | None:
        """Where a telephone number is, with or without the code of its country."""
        places = [self._numbers[form] for form in _forms(value) if form in self._numbers]
        return self._passages[min(places)].where if places else None

    def _find(self, phrase: str) -> str | None:
        place = self._line.find(f" {phrase} ")
        return self._at(self._line.count(" ", 0, place + 1) - 1) if place >= 0 else None

    def _at(self, word: int) -> str:
        return self._passages[bisect_right(self._starts, word) - 1].where


def _windows(parts: Sequence[str]) -> Iterator[str]:
    return (" ".join(parts[start : start + WINDOW]) for start in range(len(parts) - WINDOW + 1))


class _Addresses:
    """A text without its blanks, in which an address is found however it is broken."""

    def __init__(self, passages: Sequence[Passage]) -> None:
        self._loose = ""
        self._starts: list[int] = []
        for passage in passages:
            self._starts.append(len(self._loose))
            plain = unicodedata.normalize("NFKC", _INVISIBLE.sub("", passage.text)).casefold()
            self._loose += _DOT.sub(".", _AT.sub("@", plain)) + "\n"
        self._places = [place for place, character in enumerate(self._loose) if not character.isspace()]
        self._tight = "".join(self._loose.split())

    def find(self, value: str) -> int | None:
        """The passage that holds an address, as an address of its own and not as a part of a longer one."""
        sought = "".join(unicodedata.normalize("NFKC", value).casefold().split())
        if "@" not in sought:
            return None
        place = self._tight.find(sought)
        while place >= 0:
            first, last = self._places[place], self._places[place + len(sought) - 1]
            before, after = self._loose[first - 1 : first], self._loose[last + 1 : last + 3]
            longer = _of_address(after[:1]) or (after[:1] in {".", "@"} and _of_address(after[1:]))
            if not _of_address(before) and before != "." and not longer:
                return bisect_right(self._starts, first) - 1
            place = self._tight.find(sought, place + 1)
        return None


def _of_address(character: str) -> bool:
    return character.isalnum() or character in {"_", "%", "+", "-"}


def _numbers(passages: Sequence[Passage]) -> dict[str, int]:
    """Every number that neighbouring groups of digits make, with the passage that it stands in first."""
    found: dict[str, int] = {}
    for place, passage in enumerate(passages):
        text = unicodedata.normalize("NFKC", _INVISIBLE.sub("", passage.text))
        groups = [(match.start(), match.end(), _digits(match[0])) for match in re.finditer(r"\d+", text)]
        for first in range(len(groups)):
            joined, ended = "", 0
            for start, end, digits in groups[first:]:
                if joined and not _GAP.fullmatch(text, ended, start):
                    break
                joined, ended = joined + digits, end
                if len(joined) > _MOST_DIGITS:
                    break
                if len(joined) >= _LEAST_DIGITS:
                    found.setdefault(joined, place)
    return found


def _digits(written: str) -> str:
    return written if written.isascii() else "".join(str(unicodedata.decimal(digit)) for digit in written)


def _forms(value: str) -> set[str]:
    """How a telephone number is written, in digits: with the code of its country and without."""
    import phonenumbers

    whole = value.partition(";")[0]
    digits = _digits("".join(character for character in whole if character.isdecimal()))
    forms = {digits}
    if whole.strip().startswith("+"):
        forms.add(f"00{digits}")
        try:
            national = phonenumbers.national_significant_number(phonenumbers.parse(whole))
        except phonenumbers.NumberParseException:
            national = ""
        forms |= {national, f"0{national}", f"{digits.removesuffix(national)}0{national}"} if national else set()
    return {form for form in forms if len(form) >= _LEAST_DIGITS}
