"""A paper that came back → what stands in its fields. It is opened with care, and nothing in it is run or fetched.

A field is found by its bookmark, else by the tag of its content control, else by the small boxes of its question in the
same row of the table. What stands in the same cell counts as its answer, also beside the control: people type where
there is room, and over what is there.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, Any

from bot.documents.cleaning import clean
from bot.documents.opening import Unreadable, careful, opened
from bot.documents.paper_fields import OFF, ON
from bot.documents.paper_identity import marked
from bot.documents.paper_names import Names, Spot, short_of
from flows.interview.form import Form, Question
from flows.interview.paper.filled import Paper, Written
from flows.interview.plan import bare
from flows.interview.replies import clean as typed
from flows.interview.sitting import FILES

if TYPE_CHECKING:
    from docx.document import Document

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_W14 = "{http://schemas.microsoft.com/office/word/2010/wordml}"
_M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_PICTURES = (f"{_W}drawing", f"{_W}pict", f"{_W}object")
_TICKED = frozenset(
    {ON, "\u2611", "\u2714", "\u2713", "\u2717", "\u2718", "\u00fe", "\u00fd", "\uf0fe", "\uf0fd", "\uf078"}
)
_EMPTY = frozenset({OFF, "\u25a1", "\u2b1c", "\u25a2", "\uf06f", "\uf0a8"})
_CROSSES = frozenset({"x", "X", "\u00d7"})
_MOST_FIELDS = 15_000
_MOST_INSIDE = 40  # runs that one field may be made of
_SKIPPED = frozenset(
    f"{_W}{name}"
    for name in ("del", "moveFrom", "instrText", "delText", "sdtPr", "rPr", "pPr", "drawing", "pict", "object")
) | {"{http://schemas.openxmlformats.org/markup-compatibility/2006}AlternateContent"}


@dataclass(frozen=True, slots=True)
class Returned:
    """`filled`: what stands in each field, by path as printed, in the order of the document. `lost`: how many answers
    that stood on the paper have no field in it any more; `twice`: questions whose field was copied and filled again,
    the first of them being read; `comments`: how many notes are in the margin, which nobody reads here; `gone`: answers
    to questions that this version of the form does not have; `pictures`: images and objects, which no field holds."""

    paper: Paper
    filled: dict[str, Written]
    lost: int = 0
    twice: tuple[str, ...] = ()
    comments: int = 0
    gone: int = 0
    pictures: int = 0


def identify(content: bytes) -> Paper:
    """Which paper it is. Raises `Unreadable`."""
    document = opened(content)
    with careful():
        return _identified(document)


def is_paper(content: bytes) -> bool:
    """Whether it says of itself that it is a questionnaire of ours; whatever it is, this does not raise."""
    try:
        identify(content)
    except Unreadable:
        return False
    return True


def read_paper(content: bytes, form: Form) -> Returned:
    """What stands in the fields of a paper of `form`. Raises `Unreadable`."""
    document = opened(content)
    with careful():
        paper = _identified(document)
        reader = _Reader(form)
        found = reader.read(document)
        comments = _comments(document)
        pictures = sum(1 for _ in document.element.body.iter(*_PICTURES))
    if not any(one.found for one in found.values()):
        raise Unreadable("no_fields")
    stood = {path for path, one in (paper.digests or {}).items() if bare(path) in form.nodes and one.strip("!")}
    lost = stood - {path for path, one in found.items() if one.found}
    gone = reader.gone - {short_of(path) for path in paper.digests or {}}
    return Returned(paper, found, len(lost), tuple(reader.twice), comments, len(gone), pictures)


def _identified(document: Document) -> Paper:
    paper = marked(document)
    if paper is None:
        raise Unreadable("no_paper")
    return paper


def _comments(document: Document) -> int:
    relations = document.part.rels.values()
    parts = [one.target_part for one in relations if not one.is_external and one.reltype.endswith("/comments")]
    return sum(part.blob.count(b"<w:comment ") for part in parts)


@dataclass(slots=True)
class _Gathered:
    """One question's field while the document is read."""

    text: str = ""
    ticked: list[str] = field(default_factory=list)
    ranks: dict[str, str] = field(default_factory=dict)
    day: str = ""
    confidential: bool | None = None
    unknown: bool | None = None
    found: bool = False

    def written(self) -> Written:
        return Written(
            typed(self.text), tuple(self.ticked), self.ranks, self.day, self.confidential, self.unknown, self.found
        )


class _Reader:
    """`twice`: the questions whose field stands in the document a second time, with something in it. `gone`: the names
    of questions that the form does not have, with something in their field."""

    def __init__(self, form: Form) -> None:
        self.twice: dict[str, None] = {}
        self.gone: set[str] = set()
        self._form = form
        self._names = Names(form)
        self._found: dict[str, _Gathered] = {}
        self._seen: set[Spot] = set()
        self._controls: set[Any] = set()  # those that are read
        self._cells: set[Any] = set()  # of tables, whose text is taken
        self._rows: dict[str, Any] = {}  # of tables, with the boxes beside a question

    def read(self, document: Document) -> dict[str, Written]:
        """Every field of the document."""
        body = document.element.body
        for start in body.iter(f"{_W}bookmarkStart"):
            name = start.get(f"{_W}name", "")
            spot = self._names.of_bookmark(name)
            if spot is not None and spot not in self._seen:
                self._take(spot, start, _inside(start))
            elif spot is None:
                self._look(name, _inside(start))
            if len(self._seen) > _MOST_FIELDS:
                raise Unreadable("too_much")
        for control in body.iter(f"{_W}sdt"):
            spot = self._spot(control)
            if spot is None or control in self._controls:
                continue
            if spot not in self._seen:
                self._take(spot, control, [control])
            elif (spot.aspect == "answer" and _text([control]).strip()) or _is_ticked([control]):
                self.twice[spot.path] = None
            if len(self._seen) > _MOST_FIELDS:
                raise Unreadable("too_much")
        for path, one in self._found.items():
            if not one.found:
                self._recover(path, one)
        return {path: one.written() for path, one in self._found.items()}

    def _look(self, name: str, inside: list[Any]) -> None:
        """What is in a bookmark that is no field: a copy of one, or the field of a question that is no more."""
        copied, unknown = self._names.of_copy(name), self._names.gone(name)
        spot = copied or unknown
        if spot is None or spot.aspect not in ("answer", "choice"):
            return
        if _is_ticked(inside) if spot.aspect == "choice" else _text(inside).strip():
            if copied is not None:
                self.twice[copied.path] = None
            else:
                self.gone.add(spot.path)

    def _recover(self, path: str, gathered: _Gathered) -> None:
        """Read the field of a question that was overwritten as a whole, of which the boxes beside it are left."""
        node, row = self._form.nodes.get(bare(path)), self._rows.get(path)
        cells = row.findall(f"{_W}tc") if row is not None else []
        if len(cells) != 2 or cells[1] in self._cells or not isinstance(node, Question) or node.type in FILES:
            return
        gathered.found = True
        gathered.text = "\n".join(_text([one]) for one in cells[1].iter(f"{_W}p"))

    def _spot(self, control: Any) -> Spot | None:
        tag = control.find(f"{_W}sdtPr/{_W}tag")
        return self._names.of_tag(tag.get(f"{_W}val", "")) if tag is not None else None

    def _take(self, spot: Spot, place: Any, inside: list[Any]) -> None:
        self._seen.add(spot)
        for one in inside:
            self._controls.update([one] if one.tag == f"{_W}sdt" else one.iter(f"{_W}sdt"))
        gathered = self._found.setdefault(spot.path, _Gathered())
        if spot.aspect in ("confidential", "unknown"):
            self._rows.setdefault(spot.path, next(place.iterancestors(f"{_W}tr"), None))
        match spot.aspect:
            case "answer":
                gathered.found = True
                gathered.text = self._answer(place, inside)
                gathered.day = _day(inside)
            case "choice":
                gathered.found = True
                if _is_ticked(inside):
                    gathered.ticked.append(spot.choice)
            case "rank":
                gathered.found = True
                gathered.ranks[spot.choice] = _text(inside).strip()
            case "confidential":
                gathered.confidential = _is_ticked(inside)
            case "unknown":
                gathered.unknown = _is_ticked(inside)

    def _answer(self, place: Any, inside: list[Any]) -> str:
        """All that stands in the cell around a field; the field alone where it stands in none."""
        cell = next(place.iterancestors(f"{_W}tc"), None)
        if cell is None:
            return _text(inside)
        if cell in self._cells:  # another field stands there too: each has what is in its control
            return _text(inside)
        self._cells.add(cell)
        paragraphs = [one for one in cell.iter(f"{_W}p") if not self._is_beside(one)]
        return "\n".join(_text([one]) for one in paragraphs)

    def _is_beside(self, paragraph: Any) -> bool:
        """Whether a paragraph holds the small boxes beside a field."""
        spots = [self._names.of_bookmark(one.get(f"{_W}name", "")) for one in paragraph.iter(f"{_W}bookmarkStart")]
        spots += [self._spot(one) for one in paragraph.iter(f"{_W}sdt")]
        return any(spot is not None and spot.aspect in ("confidential", "unknown") for spot in spots)


def _inside(start: Any) -> list[Any]:
    """What stands between a bookmark's two ends, in one paragraph."""
    number = start.get(f"{_W}id")
    found: list[Any] = []
    for after in islice(start.itersiblings(), _MOST_INSIDE):
        if after.tag == f"{_W}bookmarkEnd" and after.get(f"{_W}id") == number:
            return found
        found.append(after)
    if start.getparent().tag == f"{_W}sdtContent":  # LibreOffice ends it behind the control that it began in
        return found
    return found[:1]  # its end is gone


def _text(elements: list[Any]) -> str:
    """What a reader reads there: without deletions that were tracked, field codes and what only says where to click."""
    parts: list[str] = []
    for element in elements:
        _read(element, parts)
    return clean("".join(parts))


def _read(element: Any, parts: list[str]) -> None:
    tag = element.tag
    if tag in (f"{_W}t", f"{_M}t"):
        parts.append(element.text or "")
    elif tag in (f"{_W}br", f"{_W}cr"):
        parts.append("\n")
    elif tag == f"{_W}tab":
        parts.append(" ")
    elif tag == f"{_W}noBreakHyphen":
        parts.append("-")
    elif tag == f"{_W}sym":
        parts.append(_symbol(element))
    elif tag == f"{_W}sdt":
        if not _says_where_to_click(element):
            for one in element.findall(f"{_W}sdtContent"):
                _read(one, parts)
    elif tag in _SKIPPED or not isinstance(tag, str):
        return
    else:
        for one in element:
            _read(one, parts)


def _says_where_to_click(control: Any) -> bool:
    """Whether what stands in a control is a word processor's invitation to write there, which it names or has a style
    of its own for. LibreOffice goes on saying so of a control that somebody wrote in."""
    properties = control.find(f"{_W}sdtPr")
    if properties is None or properties.find(f"{_W}showingPlcHdr") is None:
        return False
    runs = [run for run in control.iter(f"{_W}r") if any((one.text or "").strip() for one in run.iter(f"{_W}t"))]
    styled = [run for run in runs if run.find(f"{_W}rPr/{_W}rStyle") is not None]
    return properties.find(f"{_W}placeholder") is not None or len(styled) == len(runs)


def _symbol(element: Any) -> str:
    code = element.get(f"{_W}char", "")
    try:
        return chr(int(code, 16))
    except (ValueError, OverflowError):
        return ""


def _is_ticked(inside: list[Any]) -> bool:
    """By the sign that stands there, which is what the person saw; without one, by the control's own word."""
    said = _text(inside).strip()
    if any(sign in _TICKED for sign in said) or said in _CROSSES:
        return True
    if any(sign in _EMPTY for sign in said):
        return False
    boxes = (box for one in inside for box in one.iter(f"{_W14}checked"))
    return any(box.get(f"{_W14}val", "1") in ("1", "true", "on") for box in boxes)


def _day(inside: list[Any]) -> str:
    for one in inside:
        for day in one.iter(f"{_W}date"):
            return str(day.get(f"{_W}fullDate", ""))[:10]
    return ""
