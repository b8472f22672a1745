"""What happens to a country, as facts, and the course that they amount to. Samples, all of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

from flows.country.edition import Decision as Verdict
from flows.country.edition import Edition, Endorsement, meaning
from flows.country.ledger import digest
from flows.country.steps.base import Fact, FileRef, When
from flows.country.steps.contributions import Accepted, HandedIn, Submitted
from flows.country.steps.course import Course, replay
from flows.country.steps.drafts import DraftMade
from flows.country.steps.endorsement import EndorsementGiven, EndorsementVoided, Proposed
from flows.country.steps.interest import CountryOpened, InterestExpressed
from flows.country.steps.meetings import MeetingAgreed, MeetingCancelled, MeetingProposed
from flows.country.steps.participants import EntityNamed, PersonInvited, PersonJoined
from flows.country.steps.publication import Published
from flows.country.steps.rounds import RoundAnswered, RoundOpened

BEGAN = datetime(2027, 1, 4, 9, tzinfo=UTC)
"""When the first fact happened; each following one a day later."""


def course(*facts: Fact, country: str = "BFA") -> Course:
    happened = [
        (fact, When(number, BEGAN + timedelta(days=number - 1), 7, "coordinator"))
        for number, fact in enumerate(facts, start=1)
    ]
    return replay(country, happened)


ASKED = CountryOpened()
YES = InterestExpressed("yes", authority="Conseil supérieur", endorser="Secrétaire permanent")
NO = InterestExpressed("no")
LATER = InterestExpressed("later", date(2027, 6, 1))
COORDINATOR = PersonJoined(1, "coordinator")
TAKES_PART = (ASKED, YES, COORDINATOR)


def named(entity: int) -> Fact:
    return EntityNamed(entity, "agency", name=f"Entité {entity}")


def invited(entity: int, days: int = 365) -> Fact:
    return PersonInvited(1000 + entity, "official", entity, BEGAN + timedelta(days=days))


def joined(entity: int) -> Fact:
    """Person `100 + entity` comes for an entity."""
    return PersonJoined(100 + entity, "official", entity, 1000 + entity)


def submitted(interview: int, clearance: bool = False) -> tuple[Fact, ...]:
    handed = HandedIn(interview, digest(interview), clearance)
    return (handed,) if clearance else (handed, Submitted(interview))


def accepted(interview: int) -> tuple[Fact, ...]:
    return (*submitted(interview), Accepted(interview, digest(interview)))


def proposed(begins: datetime) -> Fact:
    return MeetingProposed(
        None, begins, begins + timedelta(hours=8), "Africa/Ouagadougou", "secretariat", "Ouagadougou"
    )


def agreed(number: int) -> Fact:
    return MeetingAgreed(number)


def cancelled(number: int) -> Fact:
    return MeetingCancelled(number)


def edition(version: int, said: str = "") -> Edition:
    content = {"fr": digest(said or str(version))}
    return Edition("BFA", version, content, ("1",), digest("templates"), digest([version, said]), ())


def made(version: int, said: str = "") -> Fact:
    return DraftMade(edition(version, said), True, "compiled", version - 1, {"fr": digest("source")}, ())


def put(version: int) -> Fact:
    return Proposed(version)


def decided(version: int, decision: Verdict = "endorse", said: str = "") -> Fact:
    return EndorsementGiven(
        Endorsement(
            edition(version, said), decision, meaning(decision), 1, digest("draft"), "invitation", BEGAN, BEGAN,
            "Africa/Ouagadougou", ("1",), ("national",),
        )
    )  # fmt: skip


def voided(number: int) -> Fact:
    return EndorsementVoided(number, ("sources",))


def published(version: int, endorsement: int) -> Fact:
    return Published(version, FileRef("guide.zip", digest("zip"), 9), ("national",), endorsement, digest("entry"))


def round_of(*interviews: int) -> Fact:
    return RoundOpened(interviews)


def still_right(interview: int) -> Fact:
    return RoundAnswered(interview, 9, 1)


def flat(*parts: Fact | Iterable[Fact]) -> tuple[Fact, ...]:
    return tuple(fact for part in parts for fact in ([part] if isinstance(part, Fact) else part))


@dataclass(frozen=True, slots=True)
class Walk:
    """An interview as an overview has it."""

    id: int
    entity_id: int | None
    person_id: int = 0
    country: str = "BFA"
    status: str = "active"
    revision: int = 1
    updated_at: datetime = BEGAN
    sections: str = '{"welcome": [2, 2], "sources": [3, 9], "end": [0, 2]}'

    def but(self, **changes: object) -> Walk:
        return replace(self, **changes)  # type: ignore[arg-type]


def walks(entities: Sequence[int]) -> list[Walk]:
    """One interview for each entity, of the same number, by its official."""
    return [Walk(entity, entity, 100 + entity) for entity in entities]
