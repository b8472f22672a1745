"""The senior officials' brief: preliminary results of all countries at a date (R-64, R-66), as numbers and texts.

It shows only what each country allows; the rule is written in `docs/decisions/som-brief.md`. A country that takes part
is named with its stage and its counts of entities. What its entities answered is counted where the coordinator accepted
it, and said in words only where the published guide prints it or the entity agreed to share it with other countries.
What is confidential or kept to the State is never among what a dossier shows: it is counted as left out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, TypeVar

from flows.country.accounts import Account, accounts
from flows.country.alignment import Contributed, numbers_of, published
from flows.country.dossier import Dossier
from flows.country.names import folded
from flows.country.objects import Recommendation, Response
from flows.country.sharing import SharedPractice
from flows.country.standing import CountryStanding
from flows.country.steps.exercise import SOM, Exercise, Milestone, Phase, Planned
from flows.country.suggesting import suggested
from flows.knowledge import country

Stage = Literal["begun", "questionnaires", "workshop", "drafting", "endorsement", "published"]
STAGES: tuple[Stage, ...] = ("begun", "questionnaires", "workshop", "drafting", "endorsement", "published")
"""How far a country is, by the furthest phase that has begun in it; the guide once published is not taken back."""
_REACHED: Mapping[Phase, Stage] = {
    "QUEST": "questionnaires",
    "WORKSHOP": "workshop",
    "DRAFT": "drafting",
    "ENDORSE": "endorsement",
    "PUBLISH": "endorsement",
}
PRIORITIES = ("high", "medium", "low", "")
MOST_TEXTS = 24
"""Texts of each kind that a brief quotes; the others are counted, and stand in the published guides."""
_ANSWERED = "answer"
_STATES = ("existing", "potential")

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Given:
    """What is known of a country at the date. `dossier`: of accepted contributions alone; None where there is none.
    `published`: when its guide was last, None where it is not; `printed`: all that the published guide says, in any
    language; `shared`: the practices that entities agreed to share."""

    standing: CountryStanding
    dossier: Dossier | None = None
    published: date | None = None
    printed: frozenset[str] = frozenset()
    shared: tuple[SharedPractice, ...] = ()


@dataclass(frozen=True, slots=True)
class Participant:
    """A country that takes part. `entities`: named; `handed_in`: of them, with those `accepted`. The counts of what
    accepted contributions say: `sources` by domain, `challenges` of the list, `recommendations`."""

    country: str  # ISO 3166-1 alpha-3
    stage: Stage
    entities: int = 0
    handed_in: int = 0
    accepted: int = 0
    published: date | None = None
    contributes: bool = False
    sources: int = 0
    domains: Mapping[str, int] = field(default_factory=dict)
    challenges: int = 0
    recommendations: int = 0


@dataclass(frozen=True, slots=True)
class DomainCount:
    """The sources of a domain; one that serves two is counted in both. `unstated`: nobody said whether they exist."""

    domain: str
    existing: int
    potential: int
    unstated: int = 0


@dataclass(frozen=True, slots=True)
class ChallengeCount:
    """A challenge of the list. `entities` that named it, in so many `countries`; `actions`: by whether they worked,
    `yes` · `partly` · `no` · `""` where it is not said."""

    name: str
    countries: int
    entities: int
    actions: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class ToldChallenge:
    """What an entity says of a challenge, as the published guide of its country prints it."""

    country: str
    entity: str
    name: str
    description: str
    action: str
    worked: str
    language: str


@dataclass(frozen=True, slots=True)
class ToldRecommendation:
    """A recommendation that the published guide prints."""

    contributed: Contributed
    category: str
    priority: str


@dataclass(frozen=True, slots=True)
class Brief:
    """All of it. `asked`: countries asked, whatever they answered; `silent`: those that have not answered yet or will
    later; `declined`: those that take no part; neither is named. `contributing`: countries with accepted contributions;
    `sources`: all of theirs, each once. `unrelated`: recommendations without any objective; `suggested`: those whose
    objectives nobody chose. `withheld`: answers left out because they are confidential or kept to the State;
    `waiting`: contributions handed in and not accepted yet, of which nothing is shown. Texts are those chosen to be
    quoted; `more_…` counts the others."""

    on: date
    participants: tuple[Participant, ...] = ()
    asked: int = 0
    silent: int = 0
    declined: int = 0
    contributing: int = 0
    sources: int = 0
    domains: tuple[DomainCount, ...] = ()
    challenges: tuple[ChallengeCount, ...] = ()
    categories: Mapping[str, int] = field(default_factory=dict)
    objectives: Mapping[int, int] = field(default_factory=dict)
    unrelated: int = 0
    suggested: int = 0
    told_challenges: tuple[ToldChallenge, ...] = ()
    told_recommendations: tuple[ToldRecommendation, ...] = ()
    practices: tuple[SharedPractice, ...] = ()
    more_challenges: int = 0
    more_recommendations: int = 0
    more_practices: int = 0
    withheld: int = 0
    waiting: int = 0
    milestones: tuple[Milestone, ...] = ()
    planned: Mapping[Phase, Planned] = field(default_factory=dict)

    @property
    def recommendations(self) -> int:
        """How many there are."""
        return sum(self.categories.values())

    def at(self, stage: Stage) -> tuple[Participant, ...]:
        """The countries that are so far."""
        return tuple(one for one in self.participants if one.stage == stage)


def brief(given: Iterable[Given], region: Exercise, on: date) -> Brief:
    """What the senior officials are shown. `given`: every country that was ever asked; `region`: what is planned for
    all of them; `on`: the date. The order of `given` changes nothing."""
    every = sorted((one for one in given if _was_asked(one)), key=lambda one: one.standing.country)
    taking = [one for one in every if one.standing.answer == "yes"]
    held = [_Held(one, one.dossier) for one in taking if one.dossier is not None and one.dossier.voices]
    challenges, more_challenges = _quoted([list(one.told_challenges()) for one in held])
    recommendations, more_recommendations = _quoted([list(one.told_recommendations()) for one in held])
    practices, more_practices = _quoted([list(one.shared) for one in taking])
    related = [numbers for one in held for _, numbers, _ in one.related]
    return Brief(
        on=on,
        participants=tuple(_participant(one, {each.code: each for each in held}) for one in taking),
        asked=len(every),
        silent=sum(one.standing.answer not in ("yes", "no") for one in every),
        declined=sum(one.standing.answer == "no" for one in every),
        contributing=len(held),
        sources=sum(len(one.sources) for one in held),
        domains=tuple(_domains(held)),
        challenges=tuple(_challenges(held)),
        categories=_counted(category for one in held for category, _, _ in one.related),
        objectives=dict(sorted(Counter(number for numbers in related for number in numbers).items())),
        unrelated=sum(not numbers for numbers in related),
        suggested=sum(bool(numbers) and not chosen for one in held for _, numbers, chosen in one.related),
        told_challenges=challenges,
        told_recommendations=recommendations,
        practices=practices,
        more_challenges=more_challenges,
        more_recommendations=more_recommendations,
        more_practices=more_practices,
        withheld=sum(one.dossier.withheld for one in held),
        waiting=sum(_handed_in(one.standing) - _accepted(one.standing) for one in taking),
        milestones=tuple(sorted(_ahead(region, on), key=lambda one: (one.on, one.code))),
        planned={phase: one for phase, one in region.planned.items() if one.ends >= on},
    )


def stage_of(standing: CountryStanding, published: date | None) -> Stage:
    """How far a country is."""
    if published is not None:
        return "published"
    found: Stage = "begun"
    for one in standing.phases:
        if one.began is not None and one.phase in _REACHED:
            found = _REACHED[one.phase]
    return found


def _was_asked(one: Given) -> bool:
    return one.standing.answer is not None or any(state.began is not None for state in one.standing.phases)


def _handed_in(standing: CountryStanding) -> int:
    return standing.count("submitted", "accepted")


def _accepted(standing: CountryStanding) -> int:
    return standing.count("accepted")


def _ahead(region: Exercise, on: date) -> list[Milestone]:
    """The milestones to come; the meeting that the brief is for is one of them on its day."""
    return [one for one in region.milestones.values() if one.on > on or (one.on == on and one.code == SOM)]


def _participant(given: Given, held: Mapping[str, _Held]) -> Participant:
    standing = given.standing
    one = held.get(standing.country)
    return Participant(
        country=standing.country,
        stage=stage_of(standing, given.published),
        entities=len(standing.entities),
        handed_in=_handed_in(standing),
        accepted=_accepted(standing),
        published=given.published,
        contributes=one is not None,
        sources=len(one.sources) if one else 0,
        domains=_counted(domain for source in one.sources for domain in source.domains) if one else {},
        challenges=len({name for name, _ in one.responses()}) if one else 0,
        recommendations=len(one.related) if one else 0,
    )


# ---- one country --------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class _Source:
    state: str  # existing · potential · unstated
    domains: tuple[str, ...]


class _Held:
    """A country with accepted contributions. What a workshop added counts only where the published guide prints it."""

    def __init__(self, given: Given, dossier: Dossier) -> None:
        self.code = given.standing.country
        self.given = given
        self.dossier = dossier
        self.sources = tuple(_source(source) for source in accounts(dossier))
        self.related = tuple(self._related())

    def _counts(self, by: int, words: str) -> bool:
        return self.dossier.voice(by).kind == _ANSWERED or words in self.given.printed

    def responses(self) -> Iterator[tuple[str, Response]]:
        """What is said of each challenge, in ranked order."""
        for challenge in self.dossier.challenges:
            for item in challenge.responses:
                if self._counts(item.by, item.description.value if item.description is not None else ""):
                    yield challenge.name, item

    def _related(self) -> Iterator[tuple[str, tuple[int, ...], bool]]:
        """Category, objectives, and whether these were chosen, of each recommendation."""
        for item in self._recommended():
            chosen = numbers_of(item.objectives)
            words = item.text.value if item.text is not None else ""
            yield _category(item), chosen or suggested(words, category=_category(item)), bool(chosen)

    def _recommended(self) -> Iterator[Recommendation]:
        for item in self.dossier.recommendations:
            if item.text is not None and self._counts(item.by, item.text.value):
                yield item

    def told_challenges(self) -> Iterator[ToldChallenge]:
        """As far as the published guide prints them word for word."""
        printed = self.given.printed
        for name, item in self.responses():
            said = {
                part: one
                for part, one in (("text", item.description or item.other), ("action", item.action))
                if one is not None and one.value in printed
            }
            if said:
                entity = self.dossier.voice(item.by).entity
                yield ToldChallenge(
                    self.code,
                    entity.acronym or entity.name,
                    name,
                    said["text"].value if "text" in said else "",
                    said["action"].value if "action" in said else "",
                    item.worked.value if item.worked is not None else "",
                    next(iter(said.values())).language,
                )

    def told_recommendations(self) -> Iterator[ToldRecommendation]:
        """The same, those of high priority first."""
        own = {item.text.value: item for item in self._recommended() if item.text is not None}
        found = [
            ToldRecommendation(one, _category(own[one.text]), _priority(own[one.text]))
            for one in published(self.dossier, self.given.printed)
            if one.kind == "recommendation" and one.text in own
        ]
        yield from sorted(found, key=lambda one: PRIORITIES.index(one.priority))


def _source(source: Sequence[Account]) -> _Source:
    states = {one.status.value for one in source if one.status is not None}
    named = [domain for one in source if one.domains is not None for domain in one.domains.values]
    state = next((one for one in _STATES if one in states), "unstated")
    return _Source(state, tuple(dict.fromkeys(named)))


def _category(item: Recommendation) -> str:
    return item.category.value if item.category is not None else "other"


def _priority(item: Recommendation) -> str:
    value = item.priority.value if item.priority is not None else ""
    return value if value in PRIORITIES else ""


# ---- all of them --------------------------------------------------------------------------------------------------
def _domains(held: Sequence[_Held]) -> Iterator[DomainCount]:
    sources = [source for one in held for source in one.sources]
    known = _listed(held, "domain")
    for domain in dict.fromkeys([*known, *(each for source in sources for each in source.domains)]):
        own = Counter(source.state for source in sources if domain in source.domains)
        if own:
            yield DomainCount(domain, own["existing"], own["potential"], own["unstated"])


def _challenges(held: Sequence[_Held]) -> list[ChallengeCount]:
    """Those named in most countries first."""
    found: dict[str, list[tuple[str, Response]]] = {name: [] for name in _listed(held, "challenge")}
    for one in held:
        for name, item in one.responses():
            found.setdefault(name, []).append((one.code, item))
    counted = [
        ChallengeCount(
            name,
            len({code for code, _ in items}),
            len({(code, item.by) for code, item in items}),
            _counted(
                item.worked.value if item.worked is not None else ""
                for _, item in items
                if item.action is not None and (item.worked is None or item.worked.value != "not_tried")
            ),
        )
        for name, items in found.items()
        if items
    ]
    return sorted(counted, key=lambda one: (-one.countries, -one.entities))


def _listed(held: Sequence[_Held], name: str) -> tuple[str, ...]:
    """The choices of a list in order, of all versions of the questionnaire that were answered."""
    return tuple(dict.fromkeys(choice for one in held for choice in one.dossier.wording.choices(name)))


def _counted(found: Iterable[str]) -> dict[str, int]:
    return dict(Counter(found))


def _quoted(by_country: Sequence[Sequence[T]]) -> tuple[tuple[T, ...], int]:
    """The first of each country, then the second of each …, as many as a brief quotes, country by country; and how
    many are left."""
    places = sorted((turn, at) for at, items in enumerate(by_country) for turn in range(len(items)))
    taken = sorted((at, turn) for turn, at in places[:MOST_TEXTS])
    return tuple(by_country[at][turn] for at, turn in taken), len(places) - len(taken)


def by_name(participants: Iterable[Participant], language: str) -> list[Participant]:
    """In the order of their names."""
    return sorted(participants, key=lambda one: folded(country(one.country).name(language)))
