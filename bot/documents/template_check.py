"""What is wrong with a Word template, and where: which paragraph, which field."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zipfile import ZipFile

from bot.documents.opening import Unreadable, opened
from bot.documents.wording import LABELS
from flows.i18n import text

if TYPE_CHECKING:
    from bot.documents.template_rules import Rules

FIELDS = (
    *("country", "title", "subtitle", "status", "compiled", "withheld", "note"),
    *("labels", "contents", "body", "sources"),
)
"""The names that a template may use; `labels` has those of `wording.LABELS`."""
WHOLE = frozenset({"contents", "body", "sources"})
"""Those that become paragraphs, and are written `{{p body }}`, alone in theirs."""
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_PART = re.compile(r"word/(document|header|footer)([0-9]*)\.xml")
_TAG = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)
_OPEN = re.compile(r"\{[{%#]|[}%#]\}")
_CLOSED_BY = {"{{": "}}", "{%": "%}", "{#": "#}"}
_EXPRESSION = re.compile(r"\{\{-?(?:(p|tr|tc|r)(?=\s))?(.*?)-?\}\}", re.DOTALL)
_STATEMENT = re.compile(r"\{%-?(?:(?:p|tr|tc|r)(?=\s))?\s*(\w+)(.*?)-?%\}", re.DOTALL)
_ENDS = {"endif": "if"}
_INSIDE = {"else": "if", "elif": "if"}
_LONGEST = 60  # letters of what a fault quotes
_MOST_BRACES = 400  # in one paragraph


@dataclass(frozen=True, slots=True)
class Fault:
    """`reason`: a name in the catalogue `templates`, or in `reading`; `part`: body, header or footer, "" for the whole;
    `paragraph`: counted from 1 in it."""

    reason: str
    part: str = ""
    paragraph: int = 0
    values: Mapping[str, object] = field(default_factory=dict)

    def told(self, language: str) -> str:
        """The place and what is wrong there, in a line."""
        key = self.reason if "." in self.reason else f"templates.{self.reason}"
        said = text(key, language, None, **self.values)
        if not self.part:
            return said
        place = text(f"templates.place_{self.part}", language, number=self.paragraph)
        return text("templates.at", language, place=place, said=said)


@dataclass(frozen=True, slots=True)
class _Paragraph:
    part: str
    number: int
    text: str


def faults(content: bytes, name: str = "guide.docx") -> tuple[Fault, ...]:
    """Everything that is wrong with a template meant to stand in place of `name`; () where it can be filled."""
    from lxml.etree import LxmlError

    from bot.documents.template_styles import missing

    try:
        opened(content)
        paragraphs = list(_paragraphs(content))
    except Unreadable as problem:
        return (Fault(f"reading.{problem.reason}", values=problem.values),)
    except LxmlError:  # a header or footer, which is read only here
        return (Fault("reading.damaged"),)
    found = list(_fields(paragraphs))
    found += [Fault("missing_style", values={"name": style}) for style in missing(content)]
    if not found:
        found += _tried(content, name)
    return tuple(found)


def read_faults(path: Path) -> tuple[Fault, ...]:
    """The same of a file. Raises nothing: a file that cannot be read is a fault."""
    from bot.documents.template import MOST_BYTES, NAMES

    try:
        with path.open("rb") as stream:
            content = stream.read(MOST_BYTES + 1)
    except OSError as problem:
        return (Fault("not_read", values={"reason": problem.strerror or type(problem).__name__}),)
    return faults(content, path.name if path.name in NAMES else "guide.docx")


def _paragraphs(content: bytes) -> Iterator[_Paragraph]:
    """Every paragraph of body, headers and footers, as it reads."""
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    with ZipFile(BytesIO(content)) as archive:
        for name in sorted(archive.namelist()):
            match = _PART.fullmatch(name)
            if match is None:
                continue
            part = {"document": "body"}.get(match[1], match[1])
            for number, paragraph in enumerate(etree.fromstring(archive.read(name), parser).iter(f"{_W}p"), 1):
                yield _Paragraph(part, number, "".join(one.text or "" for one in paragraph.iter(f"{_W}t")))


def _fields(paragraphs: list[_Paragraph]) -> Iterator[Fault]:
    """Of each field: whether it is closed, can be read, and names something that there is; of each condition, whether
    it ends."""
    from bot.documents.template_rules import Rules

    environment = Rules()
    waiting: list[tuple[str, _Paragraph, str]] = []
    seen: set[str] = set()
    part = ""
    for paragraph in paragraphs:
        if paragraph.part != part:
            yield from _left(waiting)
            waiting.clear()
            part = paragraph.part
        if paragraph.text.count("{") > _MOST_BRACES:
            yield _fault("too_long", paragraph)
            continue
        outside = _TAG.sub("", paragraph.text)
        loose = _OPEN.search(outside)
        if loose is not None:
            yield _fault("unclosed", paragraph, tag=_quoted(outside[loose.start() :]), mark=_mark(loose[0]))
            continue
        for tag in _TAG.findall(paragraph.text):
            if tag.startswith("{{"):
                yield from _expression(tag, paragraph, environment, seen)
            elif tag.startswith("{%"):
                yield from _statement(tag, paragraph, environment, waiting)
    yield from _left(waiting)
    if "body" not in seen:
        yield Fault("no_body", values={"tag": "{{p body }}"})


def _mark(loose: str) -> str:
    return _CLOSED_BY.get(loose) or next(start for start, end in _CLOSED_BY.items() if end == loose)


def _left(waiting: list[tuple[str, _Paragraph, str]]) -> Iterator[Fault]:
    for kind, paragraph, tag in waiting:
        yield _fault("not_ended", paragraph, tag=_quoted(tag), end=f"end{kind}")


def _expression(tag: str, paragraph: _Paragraph, environment: Rules, seen: set[str]) -> Iterator[Fault]:
    match = _EXPRESSION.fullmatch(tag)
    whole, inside = (match[1] or "", match[2].strip()) if match else ("", "")
    if not inside:
        yield _fault("empty", paragraph, tag=_quoted(tag))
        return
    wrong = _unreadable("{{ " + inside + " }}", tag, paragraph, environment)
    if wrong is not None:
        yield wrong
        return
    names = list(_names("{{ " + inside + " }}", environment))
    for name in names:
        if name not in _known():
            yield _fault("unknown", paragraph, tag=_quoted(tag), name=name, known=", ".join(_known()))
    used = WHOLE.intersection(names)
    seen |= used
    if used and whole != "p":
        yield _fault("whole", paragraph, tag=_quoted(tag), wanted=f"{{{{p {min(used)} }}}}")
    elif used and paragraph.text.strip() != tag:
        yield _fault("not_alone", paragraph, tag=_quoted(tag))


def _statement(
    tag: str,
    paragraph: _Paragraph,
    environment: Rules,
    waiting: list[tuple[str, _Paragraph, str]],
) -> Iterator[Fault]:
    match = _STATEMENT.fullmatch(tag)
    word, rest = (match[1], match[2].strip()) if match else ("", "")
    if word in _ENDS:
        if not waiting or waiting[-1][0] != _ENDS[word]:
            yield _fault("not_begun", paragraph, tag=_quoted(tag), begin=_ENDS[word])
        else:
            waiting.pop()
    elif word in _INSIDE:
        if not waiting:
            yield _fault("not_begun", paragraph, tag=_quoted(tag), begin=_INSIDE[word])
    elif word == "if":
        waiting.append((word, paragraph, tag))
    else:
        yield _fault("not_allowed", paragraph, tag=_quoted(tag))
        return
    if word in ("if", "elif"):
        wrong = _unreadable("{{ " + rest + " }}", tag, paragraph, environment)
        if wrong is not None:
            yield wrong
            return
        for name in _names("{{ " + rest + " }}", environment):
            if name not in _known():
                yield _fault("unknown", paragraph, tag=_quoted(tag), name=name, known=", ".join(_known()))


def _known() -> tuple[str, ...]:
    labels = tuple(f"labels.{name}" for name in LABELS)
    return tuple(name for name in FIELDS if name != "labels") + labels


def _unreadable(source: str, tag: str, paragraph: _Paragraph, environment: Rules) -> Fault | None:
    from jinja2 import TemplateError

    from bot.documents.template_rules import NotAllowed

    try:
        environment.from_string(source)
    except NotAllowed:
        return _fault("not_allowed", paragraph, tag=_quoted(tag))
    except TemplateError as error:
        return _fault("unreadable", paragraph, tag=_quoted(tag), why=str(error))
    return None


def _names(source: str, environment: Rules) -> Iterator[str]:
    """The fields that an expression reads: `title`, `labels.page`."""
    from jinja2 import nodes

    tree = environment.parse(source)
    inside: set[int] = set()
    for one in tree.find_all(nodes.Getattr):
        if isinstance(one.node, nodes.Name):
            inside.add(id(one.node))
            yield f"{one.node.name}.{one.attr}"
    for name in tree.find_all(nodes.Name):
        if id(name) not in inside:
            yield name.name


def _fault(kind: str, paragraph: _Paragraph, /, **values: object) -> Fault:
    return Fault(kind, paragraph.part, paragraph.number, values)


def _quoted(said: str) -> str:
    plain = " ".join(said.split())
    return plain if len(plain) <= _LONGEST else f"{plain[: _LONGEST - 1]}…"


# ---- a trial ------------------------------------------------------------------------------------------------------
def _tried(content: bytes, name: str) -> Iterator[Fault]:
    """Fill it once with a small guide."""
    from bot.documents.docx import TemplateUnfit, to_docx
    from bot.documents.layout import lay_out
    from bot.documents.template_styles import mended

    try:
        opened(to_docx(lay_out(_sample(cover=name == "guide.docx")), mended(content)))
    except (TemplateUnfit, Unreadable) as problem:
        reason = str(problem).removeprefix("the Word template cannot be filled: ").rstrip(".")
        yield Fault("unfit", values={"reason": reason})
    except Exception as problem:  # whatever a template makes of the libraries, it cannot be used
        yield Fault("unfit", values={"reason": type(problem).__name__})


def _sample(*, cover: bool) -> Any:
    from flows.country.guide import Bullets, Cell, Guide, Paragraph, Row, Section, Statement, Table

    said = Paragraph((Statement("A", ()),))
    table = Table("t", "T", ("1", "2"), (Row((Cell((Statement("A", ()),)), Cell(gap="-"))),), (0.5, 0.5))
    section = Section("a", "I", "A", (said, Bullets((Cell((Statement("A", ()),)),)), table))
    made = datetime(2026, 1, 1, tzinfo=UTC)
    return Guide("BFA", "A", "en", "A", "A", "A", made, (said,), (section,), (), 0, {}, cover=cover)
