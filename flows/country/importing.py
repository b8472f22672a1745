"""A table of findings looked through row by row: what can be recorded, what is on record already, what is wrong."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Protocol

from flows.country.contribution import Entity
from flows.country.matching import closest
from flows.country.names import folded
from flows.country.steps.base import Refusal
from flows.country.steps.course import Course
from flows.country.steps.desk import Proposal, flaws, known_keys, tidy
from flows.questionnaires.topics import topics

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "fact": ("fact", "fait", "finding", "text", "texte"),
    "citation": ("citation", "source", "reference"),
    "url": ("url", "link", "lien", "address", "adresse"),
    "read_on": ("read_on", "date_read", "read", "lu_le", "consulte_le", "date"),
    "question": ("question", "field", "champ"),
    "section": ("section",),
    "entity": ("entity", "entite"),
    "confidence": ("confidence", "confiance"),
    "language": ("language", "langue"),
}
"""What a column may be called; the first is the name of the reference (docs/reference/desk-import.md)."""
NEEDED = ("fact", "citation", "read_on")
_SURE = {
    **dict.fromkeys(("high", "elevee", "eleve", "haute"), "high"),
    **dict.fromkeys(("medium", "moyenne", "moyen", ""), "medium"),
    **dict.fromkeys(("low", "faible", "basse"), "low"),
}
_AS_WRITTEN = re.compile(r"(\d{1,2})[./-](\d{1,2})[./-](\d{4})")
_LONGEST = 80  # characters of a cell that a problem repeats


class Line(Protocol):
    """A row of a table."""

    @property
    def number(self) -> int: ...
    @property
    def cells(self) -> Mapping[str, str]: ...
    @property
    def formulas(self) -> frozenset[str]: ...


@dataclass(frozen=True, slots=True)
class Known:
    """An entity of the country."""

    id: int
    name: str
    acronym: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Ready:
    """A finding that can be recorded."""

    row: int
    proposal: Proposal


@dataclass(frozen=True, slots=True)
class Double:
    """A row that says what is on record under `number`, or what an earlier row says (`other`)."""

    row: int
    number: int = 0
    other: int = 0


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a row, and in which column (its name in the reference; "" for the row or the file)."""

    row: int
    column: str
    reason: Refusal


@dataclass(frozen=True, slots=True)
class Checked:
    """All that a file holds."""

    ready: tuple[Ready, ...]
    doubles: tuple[Double, ...]
    problems: tuple[Problem, ...]
    ignored: tuple[str, ...] = ()  # columns that are not known

    @property
    def proposals(self) -> tuple[Proposal, ...]:
        return tuple(one.proposal for one in self.ready)


def check(
    columns: Sequence[str], rows: Iterable[Line], course: Course, entities: Sequence[Known], today: date
) -> Checked:
    """Look a table through. Nothing may be recorded of one that has problems."""
    named = {column: name for column in columns if (name := _named(column))}
    missing = [name for name in NEEDED if name not in named.values()]
    ignored = tuple(column for column in columns if column not in named)
    if missing:
        problems = tuple(Problem(1, "", Refusal("desk.no_column", {"name": name})) for name in missing)
        return Checked((), (), problems, ignored)
    checker = _Checker(course, entities, today)
    for row in rows:
        cells = {named[column]: value for column, value in row.cells.items() if column in named and value.strip()}
        checker.take(row.number, cells, [named[column] for column in sorted(row.formulas) if column in named])
    return Checked(tuple(checker.ready), tuple(checker.doubles), tuple(checker.problems), ignored)


class _Checker:
    def __init__(self, course: Course, entities: Sequence[Known], today: date) -> None:
        self.course, self.entities, self.today = course, entities, today
        self.ready: list[Ready] = []
        self.doubles: list[Double] = []
        self.problems: list[Problem] = []
        self.recorded = known_keys(course)
        self.seen: dict[object, int] = {}
        self.by_name: dict[str, int] = {}
        for entity in entities:
            for name in (entity.acronym, entity.name):
                if name:
                    self.by_name[folded(name)] = entity.id

    def take(self, row: int, cells: Mapping[str, str], formulas: Sequence[str]) -> None:
        wrong = [Problem(row, column, Refusal("desk.formula")) for column in formulas]
        entity_id = self._entity(row, cells.get("entity", ""), wrong)
        field = self._question(row, cells.get("question", ""), wrong)
        read_on = self._date(row, cells.get("read_on", ""), wrong) if "read_on" not in formulas else None
        proposal = tidy(
            Proposal(
                text=cells.get("fact", ""),
                citation=cells.get("citation", ""),
                read_on=read_on or self.today,
                url=cells.get("url", ""),
                field=field,
                section="" if field else cells.get("section", "").strip(),
                entity_id=entity_id,
                confidence=_SURE.get(folded(cells.get("confidence", "")), _cut(cells.get("confidence", ""))),
                language=cells.get("language", "").strip().lower()[:12],
            )
        )
        told = {problem.column for problem in wrong}
        for refusal in flaws(proposal, self.today):
            column = _COLUMN.get(refusal.reason, "")
            if column not in told and not (column == "question" and cells.get("question")):
                wrong.append(Problem(row, column, refusal))
        if wrong:
            self.problems += wrong
            return
        kept = self.course.participants.kept(entity_id) if entity_id is not None else None
        key = proposal.key(kept)
        if key in self.recorded:
            self.doubles.append(Double(row, number=self.recorded[key]))
        elif key in self.seen:
            self.doubles.append(Double(row, other=self.seen[key]))
        else:
            self.seen[key] = row
            self.ready.append(Ready(row, replace(proposal, entity_id=kept)))

    def _entity(self, row: int, name: str, wrong: list[Problem]) -> int | None:
        wanted = folded(name)
        if not wanted:
            return None
        if wanted in self.by_name:
            return self.by_name[wanted]
        among = [Entity(one.name, one.acronym, one.kind) for one in self.entities] if len(name) <= 500 else []
        near = closest(name, "", among)
        values: dict[str, object] = {"name": _cut(name)}
        if near:
            values["near"] = " · ".join(self.entities[one.index].name for one in near)
        wrong.append(Problem(row, "entity", Refusal("desk.near_entity" if near else "desk.no_such_entity", values)))
        return None

    def _question(self, row: int, name: str, wrong: list[Problem]) -> str:
        wanted = name.strip()
        if not wanted or wanted.lower() in topics():
            return wanted.lower()
        fields = [topic.name for topic in topics().values() if topic.code.lower() == wanted.lower()]
        if len(fields) == 1:
            return fields[0]
        if fields:
            refusal = Refusal("desk.several_questions", {"name": _cut(wanted), "fields": ", ".join(fields)})
        else:
            refusal = Refusal("desk.unknown_question", {"name": _cut(wanted)})
        wrong.append(Problem(row, "question", refusal))
        return ""

    def _date(self, row: int, text: str, wrong: list[Problem]) -> date | None:
        found = read_date(text)
        if found is None:
            reason = Refusal("desk.bad_date", {"value": _cut(text)}) if text.strip() else Refusal("desk.date_missing")
            wrong.append(Problem(row, "read_on", reason))
        return found


def read_date(text: str) -> date | None:
    """A day as people write it: 2026-03-31, 31/03/2026, 31.3.2026."""
    plain = text.strip()
    try:
        return date.fromisoformat(plain[:10])
    except ValueError:
        pass
    match = _AS_WRITTEN.fullmatch(plain)
    if match is None:
        return None
    try:
        return date(int(match[3]), int(match[2]), int(match[1]))
    except ValueError:
        return None


_COLUMN = {
    "desk.fact_missing": "fact",
    "desk.long_fact": "fact",
    "desk.citation_missing": "citation",
    "desk.long_citation": "citation",
    "desk.bad_url": "url",
    "desk.read_later": "read_on",
    "desk.read_long_ago": "read_on",
    "desk.unknown_question": "question",
    "desk.no_place": "question",
    "desk.unknown_section": "section",
    "desk.unknown_confidence": "confidence",
}


def _named(column: str) -> str:
    wanted = "_".join(folded(column).replace("_", " ").split())
    return next((name for name, names in COLUMNS.items() if wanted in names), "")


def _cut(text: str) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= _LONGEST else f"{plain[:_LONGEST]}…"
