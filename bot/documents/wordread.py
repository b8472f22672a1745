"""What is read from a Word document, as values: paragraphs, tables, our figures, in order."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Sort = Literal["heading", "text", "entry", "caption", "source", "cover", "skip"]


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text. `role`: `citation` or `remark`, as its style says, or ""."""

    text: str
    role: str = ""


@dataclass(slots=True)
class Read:
    """One paragraph. `style`: body · quote · note · gap for a text, `title`, `subtitle` … on the cover; `level` of a
    heading; `numbered`: an entry of a numbered list; `bookmarks` in it."""

    sort: Sort
    pieces: list[Piece]
    style: str = "body"
    level: int = 0
    numbered: bool = False
    bookmarks: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        return "".join(piece.text for piece in self.pieces)


@dataclass(slots=True)
class ReadRow:
    cells: list[list[Read]]
    span: bool
    header: bool


@dataclass(slots=True)
class ReadTable:
    rows: list[ReadRow]
    widths: tuple[float, ...]
    caption: Read | None = None
    landscape: bool = False


@dataclass(slots=True)
class ReadFigure:
    """The image of one of our figures, by the name that it was given."""

    name: str
    caption: Read | None = None


ReadItem = Read | ReadTable | ReadFigure


@dataclass(slots=True)
class Whole:
    """A document as it reads. `passages`: comment → number of the item it begins in, and the words it is about;
    `anchors`: comment → the bookmarks of evidence that it stands in or goes over, in order; `tracked`: whether there
    were tracked changes; `pictures`: how many images, drawings and text boxes are in it that are no figures of ours."""

    items: list[ReadItem] = field(default_factory=list)
    passages: dict[str, tuple[int, str]] = field(default_factory=dict)
    anchors: dict[str, dict[str, None]] = field(default_factory=dict)
    tracked: bool = False
    pictures: int = 0
