"""The guide as a value, with its sources. `bot/documents/` turns it into DOCX, PDF and HTML, all saying the same.

Pure data: every text is already in the guide's language, or is an official name or quotation with its own `language`.
Structure follows one of two outlines: see `flows.country.outlines`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Source:
    """Who said it: a numbered entry of the guide's list of sources, cited as [number].

    `entity` is the official name; `speaker` a role or position as consented, never a private detail.
    """

    number: int
    entity: str
    speaker: str
    language: str
    given_on: datetime
    form_version: str
    kind: str = "answer"  # answer · desk research · workshop


@dataclass(frozen=True, slots=True)
class Statement:
    """One piece of text with the sources it rests on (numbers of `Source`). Kept whole, never cut."""

    text: str
    sources: tuple[int, ...] = ()
    language: str = ""  # when it differs from the guide's: shown as a quotation in its own language
    question: str = ""  # the question's path, for provenance


@dataclass(frozen=True, slots=True)
class Cell:
    statements: tuple[Statement, ...] = ()
    gap: str = ""  # said instead when there is nothing: "not reported"


@dataclass(frozen=True, slots=True)
class Row:
    cells: tuple[Cell, ...]
    span: bool = False  # the first cell spans the table: a block heading such as "Governmental entities"
    height: float = 0.0  # centimetres that it has at least: room to write by hand


@dataclass(frozen=True, slots=True)
class Table:
    anchor: str
    caption: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    widths: tuple[float, ...] = ()  # shares of the text width, sum 1
    landscape: bool = False


@dataclass(frozen=True, slots=True)
class Paragraph:
    statements: tuple[Statement, ...]
    style: str = "body"  # body · quote · note · gap


@dataclass(frozen=True, slots=True)
class Bullets:
    items: tuple[Cell, ...]
    numbered: bool = False


@dataclass(frozen=True, slots=True)
class Mark:
    """A part of a figure: a stage of a ring, a row of a matrix, a bar; only a label where it `heads` those that follow.

    `values`: for each column the numbers, one for each of the figure's series. `names`: for each series who is named.
    `gap`: said instead of the first series' names where there are none.
    """

    label: str
    values: tuple[tuple[int, ...], ...] = ()
    names: tuple[tuple[str, ...], ...] = ()
    gap: str = ""
    heads: bool = False


@dataclass(frozen=True, slots=True)
class Figure:
    """A drawing as data: counts, and names that the guide also says elsewhere. `alt` says in sentences all it shows."""

    anchor: str
    caption: str
    alt: str
    shape: str  # ring · matrix · bars
    marks: tuple[Mark, ...]
    series: tuple[str, ...] = ()  # what is counted or named, one word each: "existing", "potential"
    columns: tuple[str, ...] = ()  # of a matrix


Block = Paragraph | Table | Bullets | Figure


@dataclass(frozen=True, slots=True)
class Section:
    anchor: str
    number: str  # "I", "III.2"
    title: str
    blocks: tuple[Block, ...] = ()
    sections: tuple[Section, ...] = ()


@dataclass(frozen=True, slots=True)
class Guide:
    """One version of one country's guide in one language, or another paper printed in its manner."""

    country: str  # ISO 3166-1 alpha-3
    country_name: str
    language: str
    title: str
    subtitle: str
    status: str  # "Draft for the experts, 15 March 2026"
    compiled_at: datetime
    summary: tuple[Block, ...]
    sections: tuple[Section, ...]
    sources: tuple[Source, ...]
    withheld: int  # confidential answers left out and counted
    labels: Mapping[str, str]  # fixed texts of the page: "contents", "page", "table", "sources", …
    form_version: str = ""
    note: str = ""  # a remark on every page, such as "Demonstration exercise"
    front: tuple[Section, ...] = ()  # what stands before the summary: forewords
    version: int = 0  # of this country's guide in this language; 0 where it has no number
    final: bool = False  # proposed for endorsement: nothing for the experts in it
    cover: bool = True  # a title page and a table of contents; else the title heads the first page
    outline: str = "2013"  # in which order and under which titles the sections stand: `outlines.Outline`
    extent: str = "concise"  # with the answers of each entity as an annex where "extended": `outlines.Extent`
