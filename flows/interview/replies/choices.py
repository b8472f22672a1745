"""One or several of the choices offered, by number, name, label or the beginning of one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from flows.interview.replies.folding import fold, western_digits, words
from flows.interview.replies.values import Answer, Note, Offered, Refusal, Reply

MOST = 4000
NEAR = 70.0  # of 100: below, an offered choice would look like a guess
_MOST_SUGGESTED = 4
_MOST_PIECES = 300
_BEGINNING = 3
_YES_WORDS, _NO_WORDS = words("oui|yes|sim|sí|نعم"), words("non|no|não|لا")
_YES = _YES_WORDS | words("o|y|s|ok|d’accord|bien sûr|of course")
_NO = _NO_WORDS | words("n|pas du tout|not at all")
_OTHER = words("other|autre|autres|outro|otra|otro|أخرى")
_LINES = re.compile(r"\s*[;\n؛]\s*")
_COMMAS = re.compile(r"\s*[,،、]\s*")
_ANDS = re.compile(r"\s+(?:et|and|e|y|ou|or|&|\+|و)\s+", re.IGNORECASE)
_BULLET = re.compile(r"^\s*(?:[-•*–—]\s+|\(?\d{1,3}[.)]\s+(?=\D))")
_SPAN = re.compile(r"(\d{1,3})\s*(?:-|–|—|à|a|to|\.\.+)\s*(\d{1,3})", re.IGNORECASE)
_OTHER_IS = re.compile(r"([^\W\d_]+)(?:\s*\([^)]*\))?\s*(?::|=|\s[-–—]\s)\s*(\S.*)", re.DOTALL)


class _Catalogue:
    """The choices offered, ready to be looked up."""

    def __init__(self, choices: Sequence[Offered]) -> None:
        self.choices = choices
        self.names = {choice.name for choice in choices}
        self.by_fold: dict[str, set[str]] = {}
        self.labels: dict[str, set[str]] = {}
        for choice in choices:
            for label in choice.labels.values():
                if folded := fold(label):
                    self.labels.setdefault(folded, set()).add(choice.name)
            if folded := fold(choice.name):
                self.by_fold.setdefault(folded, set()).add(choice.name)
        self.yes, self.no = self._yes_no()

    def _yes_no(self) -> tuple[str, str]:
        yes = {n for word in _YES_WORDS for n in (self.labels.get(word) or self.by_fold.get(word) or ())}
        no = {n for word in _NO_WORDS for n in (self.labels.get(word) or self.by_fold.get(word) or ())}
        return (yes.pop(), no.pop()) if len(yes) == len(no) == 1 and yes != no else ("", "")

    def find(self, said: str) -> tuple[set[str], bool]:
        """The choices meant (none, one, or several that cannot be told apart), and whether that was interpreted."""
        text = said.strip().rstrip(".!")
        folded = fold(text)
        if not folded:
            return set(), False
        if exact := self.labels.get(folded):
            # a name that is another choice's label means trouble for whoever types names: ask
            return (exact | {text} if text in self.names else exact), False
        number = western_digits(text).strip(" .)(")
        if number.isdecimal() and len(number) <= 4:
            found = {self.choices[int(number) - 1].name} if 0 < int(number) <= len(self.choices) else set()
            return found | ({number} & self.names) | ({text} & self.names), False
        if text in self.names:
            return {text}, False
        if named := self.by_fold.get(folded):
            return named, False
        if self.yes and folded in _YES:
            return {self.yes}, False
        if self.yes and folded in _NO:
            return {self.no}, False
        if len(folded) >= _BEGINNING:
            keys = (*self.labels.items(), *self.by_fold.items())
            begun = {name for key, names in keys if key.startswith(folded) for name in names}
            return begun, True
        return set(), False

    def near(self, said: str) -> tuple[str, ...]:
        """Choices whose label or name is written nearly so, nearest first."""
        from rapidfuzz import fuzz, process
        from rapidfuzz.distance import OSA

        wanted = fold(said)[:200]
        keys = {key: names for source in (self.by_fold, self.labels) for key, names in source.items()}
        if len(wanted) < 2:
            return ()
        scored = process.extract(wanted, list(keys), scorer=fuzz.WRatio, score_cutoff=NEAR, limit=12)
        if len(wanted) >= _BEGINNING:  # two letters swapped in a short word: not near by ratio
            scored += [(key, 100.0 - OSA.distance(wanted, key), 0) for key in keys if OSA.distance(wanted, key) == 1]
        order = {choice.name: position for position, choice in enumerate(self.choices)}
        best: dict[str, float] = {}
        for key, score, _ in scored:
            for name in keys[key]:
                best[name] = max(score, best.get(name, 0.0))
        ranked = sorted(best, key=lambda name: (-best[name], order[name]))
        return tuple(ranked[:_MOST_SUGGESTED])

    def ordered(self, names: Iterable[str]) -> tuple[str, ...]:
        wanted = set(names)
        return tuple(choice.name for choice in self.choices if choice.name in wanted)

    def other(self) -> str:
        """The name of the choice that stands for anything not listed, or ""."""
        return next((choice.name for choice in self.choices if fold(choice.name) in _OTHER), "")

    def shown(self, name: str, language: str) -> str:
        labels = next(choice.labels for choice in self.choices if choice.name == name)
        return labels.get(language) or next(iter(labels.values()), name)


def read_one(said: str, choices: Sequence[Offered], language: str) -> Reply:
    """The name of one choice. What is only near is never taken: it comes back in `suggestions`."""
    if len(said) > MOST:
        return Refusal("choice_unknown", {"said": said[:60] + "…"})
    catalogue = _Catalogue(choices)
    found, interpreted = catalogue.find(said)
    if len(found) == 1:
        name = found.pop()
        notes = (Note("choice_understood", {"label": catalogue.shown(name, language)}),) if interpreted else ()
        return Answer(name, notes)
    if found:
        return Refusal("choice_unclear", {"said": said.strip()}, catalogue.ordered(found))
    if other := _other(said, catalogue):
        return other
    names, unknown, _ = _several(said, catalogue)
    if len(names) > 1 and not unknown:
        return Refusal("choice_one_only", {}, catalogue.ordered(names))
    return Refusal("choice_unknown", {"said": said.strip()[:60]}, catalogue.near(said))


def _other(said: str, catalogue: _Catalogue) -> Answer | None:
    """ "Other: a harbour register" when the list has an entry for what is not listed."""
    match = _OTHER_IS.fullmatch(said.strip())
    name = catalogue.other()
    if match and name and fold(match[1]) in _OTHER:
        return Answer(name, (), match[2].strip())
    return None


def read_several(said: str, choices: Sequence[Offered], language: str) -> Reply:
    """Names in the order of the list, parted by blanks."""
    catalogue = _Catalogue(choices)
    names, refusal, notes, other = _all(said, catalogue, language)
    return refusal or Answer(" ".join(catalogue.ordered(names)), tuple(notes), other)


def read_ranking(said: str, choices: Sequence[Offered], language: str) -> Reply:
    """All names, in the order given."""
    catalogue = _Catalogue(choices)
    names, refusal, notes, _ = _all(said, catalogue, language)
    if refusal:
        return refusal
    missing = [choice.name for choice in choices if choice.name not in names]
    if missing:
        listed = " · ".join(catalogue.shown(name, language) for name in missing)
        return Refusal("rank_incomplete", {"missing": listed}, tuple(missing))
    return Answer(" ".join(names), tuple(notes))


def _all(said: str, catalogue: _Catalogue, language: str) -> tuple[list[str], Refusal | None, list[Note], str]:
    if len(said) > MOST:
        return [], Refusal("choice_unknown", {"said": said[:60] + "…"}), [], ""
    names, unknown, interpreted = _several(said, catalogue)
    other = ""
    if unknown and (answer := _other(unknown[-1], catalogue)):
        names.append(answer.value)
        other = answer.other
        unknown.pop()
    if unknown:
        found, _ = catalogue.find(unknown[0])
        if found:
            return [], Refusal("choice_unclear", {"said": unknown[0][:60]}, catalogue.ordered(found)), [], ""
        return [], Refusal("choice_unknown", {"said": unknown[0][:60]}, catalogue.near(unknown[0])), [], ""
    if not names:
        return [], Refusal("choice_expected"), [], ""
    notes = [Note("choice_understood", {"label": catalogue.shown(name, language)}) for name in interpreted]
    return list(dict.fromkeys(names)), None, notes, other


def _several(said: str, catalogue: _Catalogue) -> tuple[list[str], list[str], list[str]]:
    """Names found, pieces not understood, names that were interpreted."""
    tokens = western_digits(said).split()
    if len(tokens) > 1 and all(token in catalogue.names and not _doubtful(token, catalogue) for token in tokens):
        return tokens, [], []
    names: list[str] = []
    unknown: list[str] = []
    interpreted: list[str] = []
    for line in _LINES.split(said.strip()):
        for piece in _pieces(_BULLET.sub("", line).strip(), catalogue):
            span = _SPAN.fullmatch(western_digits(piece).strip())
            if len(names) + len(unknown) > _MOST_PIECES:
                return names, [*unknown, piece], interpreted
            if (
                span
                and fold(piece) not in catalogue.labels
                and int(span[1]) < int(span[2]) <= len(catalogue.choices)
                and int(span[1]) > 0
            ):
                names += [choice.name for choice in catalogue.choices[int(span[1]) - 1 : int(span[2])]]
                continue
            found, guessed = catalogue.find(piece)
            if len(found) == 1:
                names += found
                interpreted += found if guessed else ()
            else:
                unknown.append(piece)
    return names, unknown, interpreted


def _doubtful(token: str, catalogue: _Catalogue) -> bool:
    """A name that is also the number of another choice, or its label."""
    return len(catalogue.find(token)[0]) != 1


def _pieces(line: str, catalogue: _Catalogue) -> list[str]:
    """A line parted at commas, then at "and"; pieces that belong to one label stay together."""
    if not line or (len(catalogue.find(line)[0]) == 1 and "," not in line):
        return [line] if line else []
    commas = [part for part in _COMMAS.split(line) if part]
    pieces: list[str] = []
    start = 0
    while start < len(commas):
        if _other(commas[start], catalogue):  # all that follows is what the person wrote of it
            return [*pieces, ", ".join(commas[start:])]
        for end in range(min(len(commas), start + 8), start, -1):
            joined = ", ".join(commas[start:end])
            if fold(joined) in catalogue.labels or end == start + 1:
                break
        pieces += [joined] if end > start + 1 else _parted(joined, catalogue)
        start = end
    return pieces


def _parted(piece: str, catalogue: _Catalogue) -> list[str]:
    if len(catalogue.find(piece)[0]) == 1 or _OTHER_IS.fullmatch(piece):
        return [piece]
    words = western_digits(piece).split()
    if len(words) > 1 and all(word.isdecimal() for word in words):
        return words
    parts = [part for part in _ANDS.split(piece) if part]
    parts = [re.sub(r"^(?:et|and)\s+", "", part, flags=re.IGNORECASE) for part in parts]
    flat: list[str] = []
    for part in parts:
        figures = western_digits(part).split()
        flat += figures if len(figures) > 1 and all(figure.isdecimal() for figure in figures) else [part]
    return flat
