"""A whole exercise in a store, without anybody having to answer: countries, entities, officials, interviews and ledgers
as they are in the middle of it. For what shows all of it at once."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import cycle, islice

from db.database import Store
from db.transaction import Transaction
from flows.country.ledger import EXERCISE
from flows.country.steps.base import Fact, written
from flows.country.steps.contributions import Accepted, AnswersReturned, ContributionChanged, HandedIn, Submitted
from flows.country.steps.delegation import Delegated, DelegationReturned, DelegationTaken
from flows.country.steps.exercise import PHASES, DatesSet, MilestoneSet
from flows.country.steps.interest import CountryOpened, InterestExpressed
from flows.country.steps.participants import EntityNamed, PersonInvited, PersonJoined
from flows.knowledge import countries

WORDS = (
    "Le recensement de 2019 n’est pas cité ; veuillez l’ajouter, avec son année et la personne à joindre. Le reste est "
    "clair et peut rester ainsi."
)
SECTIONS = {"welcome": [4, 4], "about": [9, 12], "information": [20, 61, 3, 2], "profile": [0, 25], "closing": [0, 5]}


@dataclass(frozen=True, slots=True)
class Stage:
    """How far an interview is: its state and its progress by section, as stored."""

    state: str = "{}"
    sections: str = json.dumps(SECTIONS)


async def fill(
    store: Store,
    *,
    form_id: str,
    now: datetime,
    places: int = 57,
    entities: int = 40,
    entries: int = 400,
    stages: Sequence[Stage] = (Stage(),),
) -> list[str]:
    """Fill a store: `entries` in the ledger of each country. Returns the countries' codes."""
    codes = [one.code for one in countries()][:places]
    began = now - timedelta(days=120)
    async with store.writing() as tx:
        region: list[Fact] = [
            DatesSet(phase, (began + timedelta(40 * number)).date(), (began + timedelta(40 * number + 70)).date())
            for number, phase in enumerate(PHASES)
        ]
        await _append(tx, EXERCISE, [*region, MilestoneSet("SOM", (now + timedelta(days=90)).date())], began, now)
    for code in codes:
        async with store.writing() as tx:
            await _country(tx, code, form_id, now, began, entities, entries, stages)
    return codes


async def _country(
    tx: Transaction,
    code: str,
    form_id: str,
    now: datetime,
    began: datetime,
    entities: int,
    entries: int,
    stages: Sequence[Stage],
) -> None:
    facts: list[Fact] = [
        CountryOpened(),
        InterestExpressed("yes", authority="Conseil supérieur", endorser="Secrétaire"),
    ]
    await tx.people.add(code, "focal_point", None, "fr", began)
    coordinator = await tx.people.add(code, "coordinator", None, "fr", began, "Awa Traoré")
    facts.append(PersonJoined(coordinator.id, "coordinator"))
    interviews = []
    for number, stage in zip(range(entities), cycle(stages), strict=False):
        name = f"Direction générale de l’administration du territoire et des affaires {number}"
        entity = await tx.entities.find_or_add(code, name, began, f"DGAT{number}", "agency")
        person = await tx.people.add(code, "official", entity.id, "fr", began, f"Moussa Ouédraogo {number}")
        facts += [
            EntityNamed(entity.id, "agency", ("trends",), name=name),
            PersonInvited(entity.id, "official", entity.id, now + timedelta(days=20)),
            PersonJoined(person.id, "official", entity.id, entity.id),
        ]
        started = await tx.interviews.start(
            person.id, entity.id, code, form_id, "1", "fr", stage.state, began, stage.sections
        )
        if number % 5:
            await tx.interviews.save(started, stage.state, now - timedelta(days=number % 30))
            interviews.append(started.id)
    facts += islice(_goings_on(interviews), max(0, entries - len(facts)))
    await _append(tx, code, facts[:entries], began, now)


def _goings_on(interviews: Sequence[int]) -> Iterator[Fact]:
    """What happens to contributions, again and again; in the end some are accepted, some submitted, some returned."""
    for round_ in range(1_000_000):
        for number, interview in enumerate(interviews):
            yield HandedIn(interview, f"{round_:064x}", False)
            yield Submitted(interview)
            if number % 3 == 0:
                yield Accepted(interview, f"{round_:064x}")
                yield AnswersReturned(interview, ("/data/information/source[1]/s3_name",), WORDS)
            elif number % 3 == 1:
                offer = round_ * 10_000 + number
                yield ContributionChanged(interview)
                yield Delegated(interview, offer, "section", ("/data/profile",), "Collègue de la statistique")
                yield DelegationTaken(offer, interview)
                yield DelegationReturned(offer, complete=True)
            else:
                yield Accepted(interview, f"{round_:064x}")
        if not interviews:
            return


async def _append(tx: Transaction, chain: str, facts: Sequence[Fact], began: datetime, now: datetime) -> None:
    """The facts as entries, spread over the time between."""
    batches = 20
    size = max(1, -(-len(facts) // batches))
    for number, first in enumerate(range(0, len(facts), size)):
        at = began + (now - began) * number / batches
        happened = [written(fact) for fact in facts[first : first + size]]
        await tx.ledger.append(
            chain, happened, at=at, actor_id=1, role="coordinator", channel="telegram", update_id=number, message_id="7"
        )
