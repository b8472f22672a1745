"""What the fields of a paper are called inside the document: tags of content controls, which say the question's path,
and bookmarks beside them, which also survive where a word processor drops tags.

    tag       information/source[2]/s4_status=existing    what a person who looks finds; Word allows 64 characters
    bookmark  pc_1f0c6d2a9b3e_2_5d41402a                 kind, question, rows, choice; Word allows 40
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from typing import Literal

from flows.interview.form import Form, Question, Repeat
from flows.interview.paper.filled import stands_for
from flows.interview.plan import bare, rows_around

LONGEST_TAG = 64
MOST_ROWS = 100  # more than are printed (`laying.MOST_ROWS`): no more are read
Aspect = Literal["answer", "choice", "rank", "confidential", "unknown"]
_MARKS: dict[str, Aspect] = {"=": "choice", "#": "rank", "!": "confidential", "?": "unknown"}
_LETTERS: dict[str, Aspect] = {"a": "answer", "c": "choice", "r": "rank", "k": "confidential", "u": "unknown"}
_TAG = re.compile(r"(~[0-9a-f]{12}(?:\[[0-9]{1,4}\])*|[^=#!?]+)([=#!?]?)(.*)", re.DOTALL)
_BOOKMARK = re.compile(r"p([acrku])_([0-9a-f]{12})((?:_[0-9]{1,4})*)(?:_x([0-9a-f]{8}))?", re.ASCII)
_COPIED = re.compile(r"(p[acrku]_.+)[ _]Copy[ _][0-9]{1,6}", re.ASCII)  # as LibreOffice calls one that was copied
_ROW = re.compile(r"\[([0-9]{1,4})\]", re.ASCII)


@dataclass(frozen=True, slots=True)
class Spot:
    """One control: of the question at `path` (as printed). `choice`: the name of the choice, or what stands for it
    (`filled.stands_for`)."""

    path: str
    aspect: Aspect
    choice: str = ""


def tag_of(path: str, aspect: Aspect = "answer", choice: str = "") -> str:
    """The tag: the path without the form's own name, and for all but the answer itself what of it."""
    mark = next((mark for mark, known in _MARKS.items() if known == aspect), "")
    _, _, inside = path.removeprefix("/").partition("/")
    whole = f"{inside}{mark}{choice}"
    if len(whole) <= LONGEST_TAG:
        return whole
    rows = "".join(f"[{number}]" for _, number in rows_around(path))
    return f"~{_short(bare(path), 12)}{rows}{mark}{stands_for(choice) if choice else ''}"


def bookmark_of(path: str, aspect: Aspect = "answer", choice: str = "") -> str:
    """The bookmark around the control."""
    letter = next(letter for letter, known in _LETTERS.items() if known == aspect)
    name = f"p{letter}_{short_of(path)}{'_x' + _short(choice, 8) if choice else ''}"
    return name if len(name) <= 40 else name[:40]


def short_of(path: str) -> str:
    """What a bookmark says of the question at `path`: what stands for it, and its rows."""
    return _short(bare(path), 12) + "".join(f"_{number}" for _, number in rows_around(path))


@dataclass(slots=True)
class Names:
    """Tags and bookmarks of one form read back."""

    form: Form
    _paths: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for path, node in self.form.nodes.items():
            if isinstance(node, Question):
                self._paths[_short(path, 12)] = path

    def of_tag(self, tag: str) -> Spot | None:
        """What the tag means; None where it is none of this form's."""
        match = _TAG.fullmatch(tag)
        if match is None:
            return None
        where, mark, choice = match[1], match[2], match[3]
        if where.startswith("~"):
            path = self._placed(where[1:13], [int(number) for number in _ROW.findall(where)])
        else:
            path = f"{self.form.root.path}/{where}"
        if path is None or not self._is_ours(path):
            return None
        return Spot(path, _MARKS[mark] if mark else "answer", choice)

    def of_bookmark(self, name: str) -> Spot | None:
        """What the bookmark means; None where it is none of ours."""
        match = _BOOKMARK.fullmatch(name)
        if match is None:
            return None
        path = self._placed(match[2], [int(number) for number in match[3].split("_")[1:]])
        if path is None or not self._is_ours(path):
            return None
        return Spot(path, _LETTERS[match[1]], f"~{match[4]}" if match[4] else "")

    def of_copy(self, name: str) -> Spot | None:
        """What the bookmark means that this one was copied from; None where it is no copy of ours."""
        match = _COPIED.fullmatch(name)
        return self.of_bookmark(match[1]) if match is not None else None

    def gone(self, name: str) -> Spot | None:
        """Of an answer whose question this form does not have: its `path` is then what `short_of` gives, with rows."""
        match = _BOOKMARK.fullmatch(name)
        if match is None or match[1] not in "ac" or match[2] in self._paths:
            return None
        return Spot(match[2] + match[3], _LETTERS[match[1]], match[4] or "")

    def _is_ours(self, path: str) -> bool:
        numbers = [number for _, number in rows_around(path)]
        return bare(path) in self.form.nodes and all(0 < number <= MOST_ROWS for number in numbers)

    def _placed(self, short: str, numbers: list[int]) -> str | None:
        """The path with its rows."""
        found = self._paths.get(short)
        if found is None:
            return None
        left, at, plain = list(numbers), "", ""
        for part in found.split("/")[1:]:
            at, plain = f"{at}/{part}", f"{plain}/{part}"
            if isinstance(self.form.nodes.get(plain), Repeat):
                if not left:
                    return None
                at += f"[{left.pop(0)}]"
        return at if not left else None


def _short(text: str, length: int) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:length]
