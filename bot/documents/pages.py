"""What a guide's pages say, ready to print: the one reading of a guide that DOCX, PDF and HTML share.

`layout.lay_out` makes these values; the three writers only dress them, which is why they say the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from flows.country.guide import Figure


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a statement rests on, wherever its sources are printed: their numbers, and the path of the question that it
    answers, "" where it is put together from several."""

    sources: tuple[int, ...]
    question: str = ""


@dataclass(frozen=True, slots=True)
class Said:
    """One statement: its lines (one empty line where only sources are named), and the numbers of the sources it
    rests on.

    Where the statement is in another language than the guide, `before` and `after` hold the quotation marks,
    `remark` the name of that language in brackets. `evidence`: None where nobody said it but we.
    """

    lines: tuple[str, ...]
    sources: tuple[int, ...]
    language: str  # BCP 47, always given
    rtl: bool
    before: str = ""
    after: str = ""
    remark: str = ""
    evidence: Evidence | None = None


def runs(sources: tuple[int, ...]) -> tuple[tuple[int, ...], ...]:
    """The numbers of sources as they are cited: each alone, or the first and last of three and more in a row."""
    found: list[list[int]] = []
    for number in sources:
        if found and found[-1][-1] + 1 == number:
            found[-1].append(number)
        else:
            found.append([number])
    short = [[[number] for number in run] if len(run) < 3 else [[run[0], run[-1]]] for run in found]
    return tuple(tuple(run) for part in short for run in part)


@dataclass(frozen=True, slots=True)
class Heading:
    level: int  # 1 to 4
    number: str
    title: str
    anchor: str
    new_page: bool = False


@dataclass(frozen=True, slots=True)
class Text:
    said: tuple[Said, ...]
    style: str  # body · quote · note · gap
    leads: bool = False  # stays on the page of the list, table or quotation that follows it


@dataclass(frozen=True, slots=True)
class Entries:
    """A list; an entry holds one or more statements."""

    items: tuple[tuple[Said, ...], ...]
    numbered: bool


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a grid. `span`: its only cell spans the grid. `tall`: too high to be kept on one page. `height`: the
    centimetres it has at least."""

    cells: tuple[tuple[Said, ...], ...]
    gaps: tuple[bool, ...]
    span: bool
    tall: bool
    height: float = 0.0


@dataclass(frozen=True, slots=True)
class Grid:
    """A table. Without a caption it has no label and is not counted; without a title of any column it has no header."""

    number: int
    landscape: bool
    label: str  # "Tableau 1"
    caption: str
    anchor: str
    columns: tuple[str, ...]
    widths: tuple[float, ...]  # shares, sum 1
    lines: tuple[Line, ...]
    whole: bool  # low enough to be kept on one page


@dataclass(frozen=True, slots=True)
class Reference:
    """An entry of the list of sources, or where `anchor` is empty a repeated number that nothing points to."""

    number: int
    text: str
    anchor: str


@dataclass(frozen=True, slots=True)
class Picture:
    """A figure. `figure`: what is drawn, its texts cleaned; `alt` says the same in words."""

    number: int
    label: str  # "Figure 1"
    caption: str
    alt: str
    anchor: str
    figure: Figure


Item = Heading | Text | Entries | Grid | Picture


@dataclass(frozen=True, slots=True)
class Leaf:
    """Items printed on pages of one orientation."""

    landscape: bool
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Pages:
    language: str
    rtl: bool
    country: str
    title: str
    subtitle: str
    status: str
    compiled_at: datetime
    compiled: str  # "Document établi le 15 mars 2026."
    leaves: tuple[Leaf, ...]
    sources_heading: Heading
    references: tuple[Reference, ...]
    withheld: str  # a sentence; empty when no answer was left out
    note: str  # a remark on every page; empty when there is none
    running: str  # the status and the note in one line
    labels: Mapping[str, str]
    known: frozenset[int]  # numbers that the list of sources has
    cover: bool = True  # a title page and a table of contents

    def headings(self) -> tuple[Heading, ...]:
        """Every heading in order, the list of sources last where there is one."""
        found = [item for leaf in self.leaves for item in leaf.items if isinstance(item, Heading)]
        return (*found, self.sources_heading) if self.references else tuple(found)
