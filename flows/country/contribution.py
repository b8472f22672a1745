"""What comes in from one entity: its answers, and which of them may be used."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from typing import Literal, Protocol

from flows.questionnaires.wording import Wording, wording

Status = Literal["draft", "in_clearance", "submitted", "returned", "accepted"]
"""`in_clearance`: handed in, with the superior; `returned`: by the coordinator, to be handed in again."""
SENT: frozenset[Status] = frozenset({"submitted", "accepted"})
ACCEPTED: frozenset[Status] = frozenset({"accepted"})
EntityClass = Literal["gov", "other", ""]
_GOVERNMENTAL = frozenset({"ministry", "agency", "statistics", "security", "local", "parliament"})
_ROW = re.compile(r"/(\w+)\[(\d+)\]")
_NO_ROW = ("", 0)

# the answer that a row stands or falls with: without it nothing of the row may be shown
KEYS: Mapping[str, str] = {
    "source": "s3_name",
    "user": "s16_entity",
    "need": "s17_need",
    "entity": "e5_name",
    "profile_document": "e3_title",
    "policy": "c1_title",
    "member": "m5_entity",
    "practice": "m7_title",
    "recommendation": "r2_text",
    "document": "f1_title",
}
_DEPENDENT = (
    ("c2_stages", re.compile(r"^c3_")),
    ("m6_used", re.compile(r"^m6_purpose$")),
    ("m8_challenges", re.compile(r"^(m9_|m8_(first|second|other)$)")),
)
# what an official can tick at the end (F3), and the questions it covers
_TICKS: Mapping[str, re.Pattern[str]] = {
    "contact": re.compile(r"^p[3567]_"),
    "sources": re.compile(r"^s([1-9]|1[0-5])_"),
    "users": re.compile(r"^s16_"),
    "needs": re.compile(r"^s17_"),
    "border": re.compile(r"^s18_"),
    "crisis": re.compile(r"^s19_"),
    "cycle": re.compile(r"^c\d_"),
    "profile": re.compile(r"^(e[34]|m[1-6])_"),
    "practices": re.compile(r"^m7_"),
    "challenges": re.compile(r"^m[89]_"),
    "training": re.compile(r"^m10_"),
    "recommendations": re.compile(r"^r\d_"),
    "documents": re.compile(r"^f1_|_(file|letter)$"),
    "remark": re.compile(r"^f3_remark$"),
}


class Answer(Protocol):
    """One answer of an interview. `path` carries row numbers; `status`: answered · skipped · unknown · computed;
    `at`: when it was given, as a time in UTC or its ISO text."""

    @property
    def path(self) -> str: ...
    @property
    def value(self) -> str: ...
    @property
    def status(self) -> str: ...
    @property
    def at(self) -> datetime | str: ...
    @property
    def language(self) -> str: ...
    @property
    def confidential(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class Entity:
    """An institution as it names itself. `kind` is a choice of the list `entity_type`."""

    name: str
    acronym: str = ""
    kind: str = ""

    @property
    def entity_class(self) -> EntityClass:
        """`gov` or `other`; "" where the kind is not known."""
        if not self.kind:
            return ""
        return "gov" if self.kind in _GOVERNMENTAL else "other"


@dataclass(frozen=True, slots=True)
class Contribution:
    """An official's answers for an entity, as they stand. `entity`: as in the invitation; answers may correct it.

    `status`: only submitted and accepted contributions enter a dossier. Answers that the form restricts to the State
    enter it once the coordinator has released them: `released` names their questions. `wording`: of the version of the
    form that the answers were given under; None: as it comes with the program.
    """

    country: str
    entity: Entity
    role: Literal["coordinator", "official"]
    form_version: str
    language: str
    status: Status
    answers: tuple[Answer, ...]
    released: frozenset[str] = frozenset()
    wording: Wording | None = None


@dataclass(frozen=True, slots=True)
class Said:
    """One answer in the dossier. `by` is the number of who said it, from 1; `question` the path with row numbers."""

    value: str
    by: int
    question: str
    at: datetime
    language: str

    @property
    def name(self) -> str:
        """The question's name."""
        return self.question.rpartition("/")[2]

    @property
    def values(self) -> tuple[str, ...]:
        """The choices of a selection of several."""
        return tuple(self.value.split())


@dataclass(slots=True)
class Reading:
    """The usable answers of one contribution, by row and question. `withheld`: confidential ones, only counted."""

    number: int
    contribution: Contribution
    shown: dict[tuple[str, int], dict[str, Said]] = field(default_factory=dict)
    raw: dict[str, str] = field(default_factory=dict)
    hidden: set[tuple[tuple[str, int], str]] = field(default_factory=set)
    withheld: int = 0
    restricted: int = 0

    def get(self, name: str, row: tuple[str, int] = _NO_ROW) -> Said | None:
        """The answer to `name` (in `row`), when there is one that may be used."""
        return self.shown.get(row, {}).get(name)

    def rows(self, repeat: str) -> tuple[tuple[str, int], ...]:
        """The rows of `repeat` with something to show, in order."""
        return tuple(sorted(row for row, answers in self.shown.items() if row[0] == repeat and answers))


def restricted_questions(held: Wording | None = None) -> frozenset[str]:
    """The questions whose answers are restricted to the State until the coordinator releases them: those that the
    questionnaire restricts as it comes with the program, or in the version `held`."""
    return _restricted() if held is None else _restricted() | _restricted_in(held)


@cache
def _restricted() -> frozenset[str]:
    return _restricted_in(wording())


def _restricted_in(held: Wording) -> frozenset[str]:
    return frozenset(name for name, known in held.attributes.items() if known.get("confidential") == "state")


def consented(contribution: Contribution) -> bool:
    """Whether the official agreed that the answers are processed."""
    return any(_name(answer.path) == "p2_consent" and answer.value == "yes" for answer in contribution.answers)


def read(contribution: Contribution, number: int) -> Reading:
    """The answers of `contribution` that may be used, its confidential ones left out and counted."""
    reading = Reading(number, contribution)
    given = [answer for answer in contribution.answers if answer.status in ("answered", "") and answer.value.strip()]
    reading.raw = {_name(answer.path): answer.value for answer in given if _row(answer.path) == _NO_ROW}
    ticked = [_TICKS[tick] for tick in reading.raw.get("f3_confidential", "").split() if tick in _TICKS]
    restricted = restricted_questions(contribution.wording) - contribution.released
    for answer in given:
        name = _name(answer.path)
        if answer.confidential or any(pattern.search(name) for pattern in ticked):
            reading.hidden.add((_row(answer.path), name))
        elif name in restricted:
            reading.hidden.add((_row(answer.path), name))
            reading.restricted += 1
    _spread(reading, given)
    for answer in given:
        row, name = _row(answer.path), _name(answer.path)
        if (row, name) in reading.hidden:
            reading.withheld += 1
            continue
        said = Said(answer.value.strip(), number, answer.path, moment(answer.at), answer.language)
        reading.shown.setdefault(row, {})[name] = said
    return reading


def _spread(reading: Reading, given: Iterable[Answer]) -> None:
    """A confidential key hides its whole row, a confidential choice what was asked because of it."""
    rows = {row for row, name in reading.hidden if KEYS.get(row[0]) == name}
    causes = [pattern for cause, pattern in _DEPENDENT if (_NO_ROW, cause) in reading.hidden]
    for answer in given:
        row, name = _row(answer.path), _name(answer.path)
        if row in rows or any(pattern.search(name) for pattern in causes):
            reading.hidden.add((row, name))


def _name(path: str) -> str:
    return path.rpartition("/")[2].partition("[")[0]


def _row(path: str) -> tuple[str, int]:
    found = _ROW.findall(path)
    return (found[-1][0], int(found[-1][1])) if found else _NO_ROW


def moment(at: datetime | str) -> datetime:
    """`at` as an aware time; the beginning of time where it is not known."""
    when = at if isinstance(at, datetime) else datetime.fromisoformat(at or "1970-01-01")
    return when if when.tzinfo else when.replace(tzinfo=UTC)
