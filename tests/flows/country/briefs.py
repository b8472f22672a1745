"""Exercises as the senior officials' brief sees them: nothing, three countries, all 57. Samples, all of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from flows.country.contribution import Contribution, Entity
from flows.country.draft import compile_guide
from flows.country.merging import merge
from flows.country.sharing import shared
from flows.country.som_brief import Brief, Given, brief
from flows.country.standing import standing
from flows.country.steps.base import Fact
from flows.country.steps.exercise import Exercise, Milestone, Planned
from flows.country.walking import statements
from flows.knowledge import countries, country
from tests.flows.country.happening import (
    ASKED,
    BEGAN,
    COORDINATOR,
    NO,
    YES,
    Walk,
    accepted,
    course,
    flat,
    joined,
    made,
    named,
    proposed,
    put,
    submitted,
)
from tests.flows.country.saying import contribution, small_exercise

NOW = BEGAN + timedelta(days=60)
ON = NOW.date()
SECRET = "TENU-SECRET"


def region() -> Exercise:
    """What is planned for all countries."""
    found = Exercise()
    found.planned = {"QUEST": Planned(date(2027, 1, 10), date(2027, 4, 30)), "EOI": Planned(BEGAN.date(), BEGAN.date())}
    found.milestones = {
        "SOM": Milestone("SOM", date(2027, 6, 15)),
        "KICK": Milestone("KICK", date(2027, 1, 1), "Un jalon passé (exemple)"),
    }
    return found


def given(
    code: str, *facts: Fact, said: Sequence[Contribution] = (), published: date | None = None, entities: int = 0
) -> Given:
    """A country where this happened, these contributions are accepted, and, where it is published, its guide prints
    them."""
    walks = [Walk(number, number) for number in range(1, entities + 1)]
    stands = standing(course(*facts, country=code), walks, {}, NOW, ON)
    dossier = merge(code, said) if said else None
    printed = frozenset[str]()
    if dossier is not None and published is not None:
        guide = compile_guide(dossier, country(code), country(code).bot_languages[0], NOW)
        printed = frozenset(one.text for one in statements(guide))
    return Given(stands, dossier, published, printed, shared(said))


def answering(handed: int, taken: int, entities: int) -> tuple[Fact, ...]:
    """The country takes part; of its entities, so many handed in, and of these so many were accepted."""
    numbers = range(1, entities + 1)
    came = [fact for number in numbers for fact in (named(number), joined(number))]
    done = [fact for number in range(1, handed + 1) for fact in (accepted if number <= taken else submitted)(number)]
    return (ASKED, YES, COORDINATOR, *came, *done)


def said_in(code: str) -> list[Contribution]:
    """What a whole exercise says, as if in this country."""
    return [replace(one, country=code) for one in small_exercise(accepted=True)]


def of(*every: Given, planned: Exercise | None = None) -> Brief:
    return brief(every, planned or region(), ON)


def nothing() -> Brief:
    return brief((), Exercise(), ON)


def published_one() -> Given:
    facts = flat(answering(4, 4, 4), made(1), put(1))
    return given("BFA", *facts, said=said_in("BFA"), published=date(2027, 2, 20), entities=4)


def unfinished_one() -> Given:
    """Two of five handed in, one accepted; not published: it is counted, and nothing is quoted."""
    own = replace(said_in("GHA")[1])  # the border police
    return given("GHA", *answering(2, 1, 5), said=[own], entities=5)


def closed_one() -> Given:
    """Everything that it accepted is confidential or kept to the State."""
    answers = {
        "!source/1/s3_name": SECRET, "!m8_challenges": "update use", "m9_update_text": SECRET,
        "!recommendation/1/r2_text": SECRET, "!practice/1/m7_title": SECRET, "practice/1/m7_share": "yes",
        "s18_border": SECRET, "s19_crisis": SECRET,
    }  # fmt: skip
    own = contribution(Entity("Police (exemple)", "PE", "security"), answers, country="MLI", status="accepted")
    return given("MLI", *answering(1, 1, 2), said=[own], entities=2)


def three() -> Brief:
    """One unfinished, one published, one that allows nothing; and two of which nothing may be said."""
    return of(published_one(), unfinished_one(), closed_one(), given("TGO", ASKED), given("NGA", ASKED, NO))


def everybody(*, words: str = "") -> Brief:
    """57 countries, at every stage. `words`: what each says besides."""
    found = []
    for number, one in enumerate(countries()):
        facts: tuple[Fact, ...] = answering(number % 4, number % 3, 4)
        if number % 5 == 1:
            facts = (*facts, proposed(NOW + timedelta(days=9)))
        if number % 5 == 2:
            facts = (*facts, made(1))
        if number % 19 == 0:
            said = said_in(one.code)
            if words:
                more = {"recommendation/1/r1_category": "other", "recommendation/1/r2_text": words}
                said.append(contribution(Entity(words[:400] or "X"), more, country=one.code, status="accepted"))
            found.append(given(one.code, *facts, said=said, published=date(2027, 2, 1), entities=4))
        else:
            found.append(given(one.code, *facts, entities=4))
    return of(*found)
