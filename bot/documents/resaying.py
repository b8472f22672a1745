"""A passage that was edited becomes statements again: those that stand as they were keep all that is known of them,
a changed one keeps its language and question, and whatever has a citation behind it keeps that."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from bot.documents.pages import Said, runs
from bot.documents.wordread import Piece
from flows.country.comparing import likeness
from flows.country.guide import Statement

_NUMBERS = r"\d{1,5}(?:\s*[–-]\s*\d{1,5})?(?:\s*[,;]\s*\d{1,5}(?:\s*[–-]\s*\d{1,5})?)*"
_CITED = re.compile(rf"\[\s*({_NUMBERS})\s*\]")
_AT_END = re.compile(rf"^(.*?)\s*\[\s*({_NUMBERS})\s*\]\s*$", re.DOTALL)
_RUN = re.compile(r"(\d+)(?:\s*[–-]\s*(\d+))?")
_LONGEST_RUN = 1000
LIKELY = 0.4  # how alike an edited statement is to what it was, at least


@dataclass(frozen=True, slots=True)
class Known:
    """A statement as it was, and as it was printed."""

    statement: Statement
    said: Said

    @property
    def words(self) -> str:
        return joined(self.said, cited=False)


@dataclass(frozen=True, slots=True)
class Segment:
    """A text, and the sources cited behind it; none where nothing is."""

    text: str
    sources: tuple[int, ...] | None


def joined(said: Said, *, cited: bool = True) -> str:
    """A statement as it reads on the page, spaces even."""
    whole = f"{said.before}{chr(10).join(said.lines)}{said.after} {said.remark}"
    if cited and said.sources:
        whole += f" [{', '.join('–'.join(map(str, run)) for run in runs(said.sources))}]"
    return even(whole)


def even(text: str) -> str:
    """`text` with one plain space where any space is; its lines stay."""
    lines = (" ".join(line.split()) for line in text.split("\n"))
    return "\n".join(line for line in lines if line)


def flat(text: str) -> str:
    """The same in one line."""
    return " ".join(text.split())


def segments(pieces: Iterable[Piece], sources: frozenset[int]) -> list[Segment]:
    """What is said between citations. A number that the list of `sources` lacks is part of the text."""
    found: list[Segment] = []
    waiting = ""
    for words, numbers in _parts(pieces, sources):
        if numbers is None:
            waiting += words
        elif even(waiting) or not found:
            found.append(Segment(even(waiting), numbers))
            waiting = ""
        else:  # two citations in a row
            last = found.pop()
            found.append(replace(last, sources=tuple(dict.fromkeys((*(last.sources or ()), *numbers)))))
    if even(waiting):
        at_end = _AT_END.match(waiting)
        typed = _numbers(at_end[2]) if at_end else ()
        if at_end and typed and set(typed) <= sources:
            found.append(Segment(even(at_end[1]), typed))
        else:
            found.append(Segment(even(waiting), None))
    return found


def _parts(pieces: Iterable[Piece], sources: frozenset[int]) -> Iterator[tuple[str, tuple[int, ...] | None]]:
    """Texts, and citations with their numbers; what was typed on behind a citation is text."""
    for role, words in _by_role(pieces):
        if role != "citation":
            yield words, None
            continue
        end = 0
        for found in _CITED.finditer(words):
            yield words[end : found.start()], None
            numbers = _numbers(found[1])
            end = found.end()
            if set(numbers) <= sources:
                yield "", numbers
            else:
                yield found[0], None
        yield words[end:], None


def _by_role(pieces: Iterable[Piece]) -> Iterator[tuple[str, str]]:
    """Neighbours of one role together; a break of line ends nothing."""
    role, words = "", ""
    for piece in pieces:
        own = "citation" if piece.role == "citation" else ""
        if own != role and words:
            yield role, words
            words = ""
        role, words = own, words + piece.text
    if words:
        yield role, words


def _numbers(written: str) -> tuple[int, ...]:
    """`1–3, 7` → 1, 2, 3, 7."""
    found: list[int] = []
    for first, last in _RUN.findall(written):
        start, end = int(first), int(last or first)
        found.extend(range(start, end + 1) if start <= end < start + _LONGEST_RUN else (start, end))
    return tuple(dict.fromkeys(found))


def resaid(read: Sequence[Segment], known: Sequence[Known], ends: str = "\n") -> tuple[Statement, ...]:
    """The statements that `read` says, by those that stood there before. `ends`: what stands between two of them."""
    return _Resaying(known, ends).all(read)


class _Resaying:
    def __init__(self, known: Sequence[Known], ends: str) -> None:
        self._ends = ends
        self._left = [one for one in known if one.words]
        self._moved: dict[tuple[int, ...], tuple[int, ...]] = {}  # sources as they were → as they are cited now

    def all(self, read: Sequence[Segment]) -> tuple[Statement, ...]:
        found: list[tuple[Statement, bool]] = []  # and whether its sources were printed further on
        for segment in read:
            found += self._one(segment)
        return tuple(replace(one, sources=self._now(one.sources)) if follows else one for one, follows in found)

    def _now(self, sources: tuple[int, ...]) -> tuple[int, ...]:
        return self._moved.get(sources, sources)

    def _one(self, segment: Segment) -> list[tuple[Statement, bool]]:
        """What one segment says: unchanged statements at its beginning and end, and what is between them."""
        rest = segment.text
        begin: list[Known] = []
        end: list[Known] = []
        while rest and self._left and (cut := self._without_start(rest, self._left[0].words)) is not None:
            begin.append(self._left.pop(0))
            rest = cut
        while rest and self._left and (at := self._at_end(rest)) is not None:
            end.insert(0, self._left.pop(at))
            rest = self._without_end(rest, end[0].words) or ""
        made: list[tuple[Statement, Known | None]] = [(one.statement, one) for one in begin]
        if rest:
            made.append(self._changed(rest, last=not end))
        made += [(one.statement, one) for one in end]
        if not made and segment.sources:  # nothing but sources
            return [(Statement("", segment.sources), False)]
        told = [(statement, known is None or not known.said.sources) for statement, known in made]
        if made and segment.sources is not None:
            statement, known = made[-1]
            if known is None or known.said.sources != segment.sources:
                if known is not None:
                    self._moved[known.statement.sources] = segment.sources
                told[-1] = (replace(statement, sources=segment.sources), False)
            else:
                told[-1] = (statement, False)
        elif made and (known := made[-1][1]) is not None and known.said.sources:
            self._moved[known.statement.sources] = ()  # its citation was taken out
            told[-1] = (replace(made[-1][0], sources=()), False)
        return told

    def _at_end(self, rest: str) -> int | None:
        return next((at for at, one in enumerate(self._left) if self._without_end(rest, one.words) is not None), None)

    def _without_start(self, whole: str, start: str) -> str | None:
        """What follows `start` in `whole`, where it begins with just that."""
        if whole == start:
            return ""
        return whole[len(start) + 1 :] if whole.startswith(start) and whole[len(start)] in self._ends else None

    def _without_end(self, whole: str, end: str) -> str | None:
        if whole == end:
            return ""
        return whole[: -len(end) - 1] if whole.endswith(end) and whole[-len(end) - 1] in self._ends else None

    def _changed(self, words: str, *, last: bool) -> tuple[Statement, Known | None]:
        """A text that is new, or was another: then the one it is most like, and is still missing."""
        likely = [(likeness(one.words, words), -at) for at, one in enumerate(self._left)]
        best, at = max(likely, default=(0.0, 0))
        if best < LIKELY:
            return Statement(words), None
        known = self._left.pop(-at)
        text = _unquoted(words, known.said)
        sources = known.statement.sources if not known.said.sources or last else ()
        return replace(known.statement, text=text, sources=sources), known


def _unquoted(words: str, said: Said) -> str:
    """A quotation without the marks that were printed around it, and the name of its language behind it."""
    if said.remark:
        words = words.removesuffix(even(said.remark)).rstrip()
    if said.before and words.startswith(said.before.strip()):
        words = words.removeprefix(said.before.strip()).lstrip()
    if said.after and words.endswith(said.after.strip()):
        words = words.removesuffix(said.after.strip()).rstrip()
    return words
