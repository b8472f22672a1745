"""What was said for a country, out of the store: every contribution as it stands at one moment."""

from __future__ import annotations

import asyncio
import json
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal, NamedTuple

from bot.questionnaires import every_version, version_of
from db.answers import Answer as Revision
from db.consents import Consent
from db.database import Store
from db.entities import Entity as StoredEntity
from db.interviews import StoredInterview
from flows.country.contribution import Contribution, Entity
from flows.country.steps.contributions import Contributions
from flows.country.steps.course import course_of
from flows.interview.answers import Answered, answers
from flows.interview.form import Form
from flows.interview.state import Interview, Retired
from flows.questionnaires.companions import companion_name, companion_names
from flows.questionnaires.wording import words_of

Role = Literal["coordinator", "official"]


class Read(NamedTuple):
    """What is on record in an interview, and what newer versions of its form have no place for."""

    answers: tuple[Answered, ...]
    retired: tuple[Retired, ...]


class _Key(NamedTuple):
    interview: int
    revision: int
    version: str
    language: str
    day: date


_KEPT = 4096  # interviews read; the answers of one take about 60 kB
_READ: OrderedDict[_Key, tuple[str, Read]] = OrderedDict()
Progress = Callable[[int, int], None]
"""Told how many of how many interviews are read."""


@dataclass(frozen=True, slots=True)
class Voice:
    """One interview with its contribution, as the store has it. `retired`: see `Interview`."""

    stored: StoredInterview
    contribution: Contribution
    answers: tuple[Answered, ...]
    retired: tuple[Retired, ...] = ()


@dataclass(frozen=True, slots=True)
class Gathered:
    """What was said for a country, at one moment. `others`: interviews held with another form than those given;
    `withdrawn`: how many belong to people who refused or withdrew their consent, and are left out; `handed`: where
    each contribution is, as the ledger has it; `versions`: with the history, every form kept, by id and version."""

    voices: tuple[Voice, ...] = ()
    others: tuple[StoredInterview, ...] = ()
    withdrawn: int = 0
    revisions: tuple[Revision, ...] = ()
    handed: Contributions = field(default_factory=Contributions)
    versions: Mapping[tuple[str, str], Form] = field(default_factory=dict)


class Unreadable(Exception):
    """The stored state of the interview of that number is damaged."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


async def gather(
    store: Store,
    forms: Mapping[str, Form],
    country: str,
    language: str,
    now: datetime,
    *,
    revisions: bool = False,
    progress: Progress = lambda done, total: None,
) -> Gathered:
    """Everything that the officials of `country` said, in the order in which they began; with its history on demand.

    Raises `Unreadable`.
    """
    async with store.reading() as tx:
        every = await tx.interviews.of_country(country)
        interviews = [one for one in every if companion_name(one.form_id) not in companion_names()]
        handed = course_of(country, await tx.ledger.of_chain(country)).contributions
        entities = {entity.id: entity for entity in await tx.entities.of_country(country)}
        coordinators = {one.id for one in await tx.people.of_country(country) if one.role == "coordinator"}
        consents = {number: await tx.consents.latest(number) for number in {one.person_id for one in interviews}}
        kept = [one for one in interviews if one.status != "withdrawn" and _agreed(consents[one.person_id])]
        history = [one for kept_one in kept for one in await tx.answers.history(kept_one.id)] if revisions else []
        held = {
            version: await version_of(tx, forms, *version) or forms[version[0]]
            for version in {(one.form_id, one.form_version) for one in kept if one.form_id in forms}
        }
        versions = await every_version(tx, forms) if revisions else {}
    voices = []
    for number, stored in enumerate(kept, 1):
        form = held.get((stored.form_id, stored.form_version))  # each is read under the version it was held with
        if form is not None:
            entity = entities.get(stored.entity_id) if stored.entity_id else None
            role: Role = "coordinator" if stored.person_id in coordinators else "official"
            read = await _read(stored, form, language, now)
            voices.append(_voice(stored, form, read, entity, role, handed))
        progress(number, len(kept))
    others = tuple(one for one in kept if one.form_id not in forms)
    return Gathered(tuple(voices), others, len(interviews) - len(kept), tuple(history), handed, versions)


def _agreed(consent: Consent | None) -> bool:
    """Whether what a person said may be used, as far as the store knows: somebody never asked has not refused."""
    return consent is None or consent.given


async def _read(stored: StoredInterview, form: Form, language: str, now: datetime) -> Read:
    """What is on record in an interview, read beside the others' turns; kept while nobody answers in it, so that after
    one new answer only one interview of a country is read again."""
    key = _Key(stored.id, stored.revision, form.version, language, now.date())
    known = _READ.get(key)
    if known is None or known[0] != stored.state:  # another store may use the same numbers
        known = stored.state, await asyncio.to_thread(_read_now, stored, form, language, now)
    _READ[key] = known
    _READ.move_to_end(key)
    while len(_READ) > _KEPT:
        _READ.popitem(last=False)
    return known[1]


def _read_now(stored: StoredInterview, form: Form, language: str, now: datetime) -> Read:
    try:
        interview = Interview.from_json(json.loads(stored.state))
    except (ValueError, KeyError, TypeError, IndexError, AttributeError):
        raise Unreadable(stored.id) from None
    return Read(answers(form, interview, language, now=now), interview.retired)


def _voice(
    stored: StoredInterview,
    form: Form,
    read: Read,
    entity: StoredEntity | None,
    role: Role,
    handed: Contributions,
) -> Voice:
    contribution = Contribution(
        country=stored.country,
        entity=_entity(entity),
        role=role,
        form_version=stored.form_version,
        language=stored.language,
        status=handed.status(stored.id),
        answers=read.answers,
        released=handed.released(stored.id),
        wording=words_of(form),
    )
    return Voice(stored, contribution, read.answers, read.retired)


def _entity(stored: StoredEntity | None) -> Entity:
    return Entity(stored.name, stored.acronym, stored.type) if stored is not None else Entity("")
