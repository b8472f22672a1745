"""Activities as a table: what a file holds, looked through row by row, and the catalogue as rows of the same shape."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import cast

from flows.activities import KINDS, LANGUAGES, Activity, Kind
from flows.country.importing import Line, Problem, read_date
from flows.country.names import folded
from flows.country.steps.activities import Catalogue, flaws, tidy
from flows.country.steps.base import Refusal
from flows.i18n import text

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "code": ("code",),
    "kind": ("kind", "type", "genre"),
    "title_fr": ("title_fr", "titre_fr", "titre"),
    "title_en": ("title_en", "titre_en", "title"),
    "translated": ("translated", "traduit", "traduction"),
    "year": ("year", "annee"),
    "begins": ("begins", "debut", "date", "commence"),
    "ends": ("ends", "fin"),
    "place_fr": ("place_fr", "lieu_fr", "lieu"),
    "place_en": ("place_en", "lieu_en", "place"),
    "organisers_fr": ("organisers_fr", "partenaires_fr", "partenaires", "organisateurs"),
    "organisers_en": ("organisers_en", "partenaires_en", "partners", "organisers"),
    "objectives": ("objectives", "objectifs", "gcm", "pmm"),
    "link_fr": ("link_fr", "lien_fr", "lien", "url"),
    "link_en": ("link_en", "lien_en", "link"),
}
"""What a column may be called; the first is the name that an export gives it."""
NEEDED = ("kind", "objectives")
_PARTS = re.compile(r"[;,\s]+")
_LONGEST = 80  # characters of a cell that a problem repeats


@dataclass(frozen=True, slots=True)
class Checked:
    """All that a file holds. `problems`: nothing may be kept while there are any."""

    activities: tuple[Activity, ...]
    problems: tuple[Problem, ...]
    ignored: tuple[str, ...] = ()  # columns that are not known


def check(columns: Sequence[str], rows: Iterable[Line], today: date) -> Checked:
    """Look a table through: every mistake of every row, each with its column."""
    named = {column: name for column in columns if (name := _named(column))}
    ignored = tuple(column for column in columns if column not in named)
    wrong = [Problem(1, name, Refusal("objectives.no_column")) for name in NEEDED if name not in named.values()]
    twice = [name for name, count in Counter(named.values()).items() if count > 1]
    wrong += [Problem(1, name, Refusal("objectives.column_twice")) for name in twice]
    if wrong:
        return Checked((), tuple(wrong), ignored)
    found: list[Activity] = []
    problems: list[Problem] = []
    seen: dict[tuple[str, str | int], int] = {}
    for row in rows:
        cells = {named[column]: value.strip() for column, value in row.cells.items() if column in named}
        wrong = [Problem(row.number, named[one], Refusal("desk.formula")) for one in sorted(row.formulas & set(named))]
        one = tidy(_read(row.number, cells, wrong))
        told = {problem.column for problem in wrong}
        told |= {"year", "ends"} if "begins" in told else set()
        wrong += [Problem(row.number, column, why) for column, why in flaws(one, today) if column not in told]
        problems += wrong
        found.append(one)
        if (before := next((seen[key] for key in _keys(one) if key in seen), None)) is not None:
            problems.append(Problem(row.number, "code", Refusal("objectives.row_twice", {"row": before})))
        seen |= {key: row.number for key in _keys(one) if key not in seen}
    return Checked(tuple(found), tuple(problems), ignored)


def _keys(one: Activity) -> Iterator[tuple[str, str | int]]:
    """What an activity is known by: its code, and each title in its year."""
    if one.code:
        yield "code", one.code
    for title in one.titles.values():
        yield folded(title), one.year


def _read(row: int, cells: Mapping[str, str], wrong: list[Problem]) -> Activity:
    def of(name: str) -> dict[str, str]:
        return {language: cells.get(f"{name}_{language}", "") for language in LANGUAGES}

    def day(name: str) -> date | None:
        said = cells.get(name, "")
        found = read_date(said) if said else None
        if said and found is None:
            wrong.append(Problem(row, name, Refusal("objectives.bad_date", {"value": _cut(said)})))
        return found

    begins, ends = day("begins"), day("ends")
    year = cells.get("year", "")
    if not year and begins is not None:
        year = str(begins.year)
    numbers = [part for part in _PARTS.split(cells.get("objectives", "")) if part]
    if not all(part.isdecimal() and len(part) < 4 for part in numbers):
        wrong.append(Problem(row, "objectives", Refusal("objectives.unknown_objective")))
        numbers = ["1"]
    return Activity(
        code=cells.get("code", "").lower(),
        kind=cast("Kind", _kind(cells.get("kind", ""))),
        objectives=tuple(map(int, numbers)),
        year=int(year) if year.isdecimal() and len(year) == 4 else 0,
        titles=of("title"),
        begins=begins,
        ends=ends,
        places=of("place"),
        organisers=of("organisers"),
        links=of("link"),
        translated=frozenset(_PARTS.split(cells.get("translated", "").lower())) & frozenset(LANGUAGES),
    )


def _kind(said: str) -> str:
    """A kind by its name, or by what it is called in any language; what was written where there is none such."""
    wanted = folded(said)
    for kind in KINDS:
        if wanted in {
            folded(kind.replace("_", " ")),
            *(folded(text(f"objectives.kind_{kind}", one)) for one in LANGUAGES),
        }:
            return kind
    return said


def _named(column: str) -> str:
    wanted = "_".join(folded(column).replace("_", " ").split())
    return next((name for name, names in COLUMNS.items() if wanted in names), "")


def _cut(said: str) -> str:
    plain = " ".join(said.split())
    return plain if len(plain) <= _LONGEST else f"{plain[:_LONGEST]}…"


def rows_of(catalogue: Catalogue) -> tuple[tuple[str | int, ...], ...]:
    """The catalogue, a row for each activity, in the order of `COLUMNS`; read back it changes nothing."""
    return tuple(_row(one) for one in catalogue.activities)


def _row(one: Activity) -> tuple[str | int, ...]:
    values: dict[str, str | int] = {
        "code": one.code,
        "kind": one.kind,
        "translated": " ".join(sorted(one.translated)),
        "year": one.year,
        "begins": one.begins.isoformat() if one.begins else "",
        "ends": one.ends.isoformat() if one.ends else "",
        "objectives": " ".join(map(str, one.objectives)),
    }
    for language in LANGUAGES:
        values |= {
            f"title_{language}": one.titles.get(language, ""),
            f"place_{language}": one.places.get(language, ""),
            f"organisers_{language}": one.organisers.get(language, ""),
            f"link_{language}": one.links.get(language, ""),
        }
    return tuple(values[name] for name in COLUMNS)
