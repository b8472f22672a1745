"""The dialogue's activities as the secretariat keeps them: added, corrected, withdrawn, over what the program brings.

All of it stands in the chain of the exercise as a whole. The catalogue is computed: the packaged one, and what was laid
over it since; newer packaged data never undo what was corrected or withdrawn.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, ClassVar

from flows import knowledge
from flows.activities import KINDS, LANGUAGES, Activity, Kind, is_public, packaged
from flows.country.access import Action, Actor
from flows.country.ledger import EXERCISE
from flows.country.names import folded
from flows.country.steps.base import Decision, Fact, Refusal, Step, When, fact, words

if TYPE_CHECKING:
    from flows.country.steps.course import Course

FIRST_YEAR = 2006
"""The dialogue began."""
MOST_AHEAD = 2  # years
MOST_TITLE = 300  # characters
MOST_NAME = 200  # characters of a place or of the organisers
MOST_LINK = 1000
_NO_BREAK = "\u00a0\u202f"  # French puts them before some marks
_CODE = re.compile(r"[a-z][a-z0-9-]{0,39}")


@dataclass(slots=True)
class Activities:
    """What was laid over the packaged catalogue, by code; None: withdrawn. `added`: how many codes were given away;
    `changes`: how often it was changed."""

    laid: dict[str, Activity | None] = field(default_factory=dict)
    added: int = 0
    changes: int = 0


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All activities, the oldest first. `version`: of the packaged data, and the number of changes since."""

    version: str
    dated: date
    source: str
    activities: tuple[Activity, ...]

    def get(self, code: str) -> Activity | None:
        return next((one for one in self.activities if one.code == code), None)

    def of(self, objective: int) -> tuple[Activity, ...]:
        return tuple(one for one in self.activities if objective in one.objectives)


def catalogue(course: Course) -> Catalogue:
    """The catalogue as the course of the exercise has it. What was erased is not shown."""
    base = packaged()
    known: dict[str, Activity | None] = {one.code: one for one in base.activities}
    laid = course.activities.laid
    found = [one for one in (known | laid).values() if one is not None and one.titles]
    changes = course.activities.changes
    version = f"{base.version}.{changes}" if changes else str(base.version)
    return Catalogue(version, base.dated, base.source, tuple(sorted(found, key=_in_time)))


def _in_time(one: Activity) -> tuple[int, date, str]:
    return one.year, one.begins or date(one.year, 12, 31), one.code


# ---- facts --------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class _Written(Fact):
    code: str
    kind_of: Kind
    objectives: tuple[int, ...]
    year: int
    begins: date | None = None
    ends: date | None = None
    translated: tuple[str, ...] = ()
    title_fr: str = words()
    title_en: str = words()
    place_fr: str = words()
    place_en: str = words()
    organisers_fr: str = words()
    organisers_en: str = words()
    link_fr: str = words()
    link_en: str = words()

    def activity(self) -> Activity:
        def of(name: str) -> dict[str, str]:
            said = {language: getattr(self, f"{name}_{language}") for language in LANGUAGES}
            return {language: value for language, value in said.items() if value}

        return Activity(
            code=self.code,
            kind=self.kind_of,
            objectives=self.objectives,
            year=self.year,
            titles=of("title"),
            begins=self.begins,
            ends=self.ends,
            places=of("place"),
            organisers=of("organisers"),
            links=of("link"),
            translated=frozenset(self.translated),
        )

    def apply(self, course: Course, when: When) -> None:
        course.activities.laid[self.code] = self.activity()
        course.activities.changes += 1


@fact("activities.added")
@dataclass(frozen=True, slots=True)
class ActivityAdded(_Written):
    def apply(self, course: Course, when: When) -> None:
        _Written.apply(self, course, when)
        course.activities.added += 1


@fact("activities.corrected")
@dataclass(frozen=True, slots=True)
class ActivityCorrected(_Written):
    """All of it as it is from now on."""


@fact("activities.withdrawn")
@dataclass(frozen=True, slots=True)
class ActivityWithdrawn(Fact):
    code: str

    def apply(self, course: Course, when: When) -> None:
        course.activities.laid[self.code] = None
        course.activities.changes += 1


def _fields(one: Activity) -> dict[str, object]:
    said: dict[str, object] = {
        f"{name}_{language}": values.get(language, "")
        for name, values in (
            ("title", one.titles),
            ("place", one.places),
            ("organisers", one.organisers),
            ("link", one.links),
        )
        for language in LANGUAGES
    }
    plain = {"code": one.code, "kind_of": one.kind, "objectives": one.objectives, "year": one.year}
    return {**plain, "begins": one.begins, "ends": one.ends, "translated": tuple(sorted(one.translated)), **said}


def added(one: Activity) -> ActivityAdded:
    return ActivityAdded(**_fields(one))  # type: ignore[arg-type]


def corrected(one: Activity) -> ActivityCorrected:
    return ActivityCorrected(**_fields(one))  # type: ignore[arg-type]


# ---- steps --------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class KeepActivities(Step):
    """Put activities into the catalogue, all of them or none: one whose code is known is corrected, others are added.
    One that is there already as it is changes nothing."""

    action: ClassVar[Action] = "keep_activities"
    activities: tuple[Activity, ...]

    def decide(self, course: Course, actor: Actor, now: datetime) -> Decision:
        if course.country != EXERCISE:
            return Refusal("objectives.of_country")
        known = catalogue(course)
        titles = {_key(one, language): one.code for one in known.activities for language in one.titles}
        facts: list[Fact] = []
        number = course.activities.added
        for given in map(tidy, self.activities):
            if (wrong := next(flaws(given, now.date()), None)) is not None:
                return wrong[1]
            held = known.get(given.code) if given.code else None
            if given.code and held is None:
                return Refusal("objectives.no_activity", {"code": given.code})
            same = next((code for language in given.titles if (code := titles.get(_key(given, language)))), None)
            if same is not None and same != given.code:
                return Refusal("objectives.known", {"code": same, "title": given.title("fr")})
            if held is None:
                number += 1
                given = replace(given, code=_free(course, number))
                facts.append(added(given))
            elif added(held) != added(given):
                facts.append(corrected(given))
            titles |= {_key(given, language): given.code for language in given.titles}
        return tuple(facts) or Refusal("objectives.unchanged")


@dataclass(frozen=True, slots=True)
class WithdrawActivity(Step):
    """Take an activity out of the catalogue; what was known of it stays in the ledger."""

    action: ClassVar[Action] = "keep_activities"
    code: str

    def decide(self, course: Course, actor: Actor, now: datetime) -> Decision:
        if catalogue(course).get(self.code) is None:
            return Refusal("objectives.no_activity", {"code": self.code[:40]})
        return (ActivityWithdrawn(self.code),)


def _key(one: Activity, language: str) -> tuple[str, int]:
    return folded(one.titles[language]), one.year


def _free(course: Course, number: int) -> str:
    taken = {one.code for one in packaged().activities} | set(course.activities.laid)
    while f"a{number}" in taken:
        number += 1
    return f"a{number}"


# ---- what is right ------------------------------------------------------------------------------------------------
def tidy(one: Activity) -> Activity:
    """The same with its texts on one line each, without characters that print nothing; objectives in order, each once.
    A title that is marked as a translation has to be there."""
    titles = _tidied(one.titles)
    return replace(
        one,
        titles=titles,
        places=_tidied(one.places),
        organisers=_tidied(one.organisers),
        links=_tidied(one.links),
        objectives=tuple(sorted(set(one.objectives))),
        translated=one.translated & set(titles) if len(titles) > 1 else frozenset(),
        source="",
    )


def _tidied(values: Mapping[str, str]) -> dict[str, str]:
    plain = {language: _line(values.get(language, "")) for language in LANGUAGES}
    return {language: value for language, value in plain.items() if value}


def _line(words: str) -> str:
    shown = "".join(" " if one.isspace() and one not in _NO_BREAK else one for one in words)
    kept = "".join(one for one in shown if unicodedata.category(one) not in ("Cc", "Cs", "Cf", "Co") or one == "\u200d")
    return " ".join(part for part in kept.split(" ") if part).strip()


def flaws(one: Activity, today: date) -> Iterator[tuple[str, Refusal]]:
    """What is wrong with an activity, and in which column of a file."""
    if not one.titles:
        yield "title_fr", Refusal("objectives.title_missing")
    for language, title in one.titles.items():
        if len(title) > MOST_TITLE:
            yield f"title_{language}", Refusal("objectives.too_long", {"most": MOST_TITLE})
    if one.code and not _CODE.fullmatch(one.code):
        yield "code", Refusal("objectives.bad_code")
    if one.kind not in KINDS:
        yield "kind", Refusal("objectives.unknown_kind", {"known": ", ".join(KINDS)})
    if not one.objectives:
        yield "objectives", Refusal("objectives.objective_missing")
    elif not set(one.objectives) <= {known.number for known in knowledge.objectives()}:
        yield "objectives", Refusal("objectives.unknown_objective")
    yield from _dates(one, today)
    for name, values in (("place", one.places), ("organisers", one.organisers)):
        for language, value in values.items():
            if len(value) > MOST_NAME:
                yield f"{name}_{language}", Refusal("objectives.too_long", {"most": MOST_NAME})
    if not one.links:
        yield "link_fr", Refusal("objectives.link_missing")
    for language, link in one.links.items():
        if len(link) > MOST_LINK or not is_public(link):
            yield f"link_{language}", Refusal("objectives.bad_link")


def _dates(one: Activity, today: date) -> Iterator[tuple[str, Refusal]]:
    if not FIRST_YEAR <= one.year <= today.year + MOST_AHEAD:
        yield "year", Refusal("objectives.bad_year", {"first": FIRST_YEAR, "last": today.year + MOST_AHEAD})
    if one.begins is not None and one.begins.year != one.year:
        yield "begins", Refusal("objectives.other_year", {"year": one.year})
    if one.ends is not None and (one.begins is None or one.ends < one.begins):
        yield "ends", Refusal("objectives.ends_before")
