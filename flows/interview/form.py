"""A form as a value: what pyxform compiles from an XLSForm, read once and shared by all interviews."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flows.interview.logic import Program


class FormError(Exception):
    """A form that cannot be used: `why` in plain words, `path` and `attribute` say where, `value` what stands there."""

    def __init__(self, why: str, *, path: str = "", attribute: str = "", value: str = "") -> None:
        place = " ".join(part for part in (path, attribute) if part)
        super().__init__(f"{place}: {why}" if place else why)
        self.why = why
        self.path = path
        self.attribute = attribute
        self.value = value


class QuestionType(StrEnum):
    """How a question is asked. XLSForm's own words where it has one."""

    TEXT = "text"
    INTEGER = "integer"
    DECIMAL = "decimal"
    DATE = "date"
    TIME = "time"
    DATETIME = "dateTime"
    SELECT_ONE = "select_one"
    SELECT_MULTIPLE = "select_multiple"
    RANK = "rank"
    NOTE = "note"
    ACKNOWLEDGE = "acknowledge"
    FILE = "file"
    IMAGE = "image"
    AUDIO = "audio"
    VIDEO = "video"
    GEOPOINT = "geopoint"
    GEOTRACE = "geotrace"
    GEOSHAPE = "geoshape"
    BARCODE = "barcode"
    RANGE = "range"
    CALCULATE = "calculate"
    HIDDEN = "hidden"


@dataclass(frozen=True, slots=True)
class Language:
    """`name` as the form writes it ("Français (fr)"), `code` BCP 47 ("fr"; "" where the form gives none)."""

    name: str
    code: str


@dataclass(frozen=True, slots=True)
class Node:
    """What groups, repeats and questions share. `path` has no row numbers: `/data/source/name`.

    `attributes` are namespaced bind attributes by local name (`griot:section` → `section`).
    """

    path: str
    name: str
    attributes: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Question(Node):
    type: QuestionType
    appearance: frozenset[str] = frozenset()
    parameters: Mapping[str, str] = field(default_factory=dict)  # range start/end/step, file accept, text rows
    read_only: bool = False
    heading: bool = False  # its choices are the titles of a table's columns: shown, not asked


@dataclass(frozen=True, slots=True)
class Group(Node):
    children: tuple[Node, ...] = ()
    appearance: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Repeat(Group):
    counted: bool = False  # rows follow from `jr:count`; nobody is asked "another?"


@dataclass(frozen=True, slots=True)
class Choice:
    """One choice as offered now, labelled in the language asked for. `attributes`: the list's other columns."""

    name: str
    label: str
    attributes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Form:
    """`id`, `version`, `title` as the form's settings say; `root` holds the children of `/data`."""

    id: str
    version: str
    title: str
    languages: tuple[Language, ...]
    default_language: str
    root: Group
    nodes: Mapping[str, Node]
    logic: Program  # the compiled expressions

    def walk(self) -> Iterator[Node]:
        """Every node in document order."""
        stack: list[Node] = [self.root]
        while stack:
            node = stack.pop()
            yield node
            if isinstance(node, Group):
                stack.extend(reversed(node.children))


def load(xform_xml: str | bytes) -> Form:
    """The form that an XForm document describes, its logic compiled. Raises `FormError`."""
    from flows.interview.xform import read  # the reader knows these classes

    return read(xform_xml)
