"""A contribution out of the store, as it stands: its answers, what was handed in of it, whose it is."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.acting import Act, Services
from bot.pressed import number
from bot.questionnaires import version_of
from db.entities import Entity as StoredEntity
from db.interviews import StoredInterview
from db.people import Person
from db.transaction import Transaction
from flows.country.contribution import Entity, Status
from flows.country.handed import digest_of, hands_in, needs_clearance, snapshot_of, still_open
from flows.country.steps.contributions import Handed
from flows.i18n import text
from flows.interview.answers import Answered, answers
from flows.interview.form import Form
from flows.interview.state import Interview

NAME = "p4_name"
"""The question by which an entity gives its name, where the invitation did not, or where it corrects it."""


@dataclass(frozen=True, slots=True)
class Contributed:
    """`answers`: read in the language asked for. `handed`: None until it was handed in for the first time."""

    stored: StoredInterview
    form: Form
    answers: tuple[Answered, ...]
    handed: Handed | None
    entity: StoredEntity | None
    owner: Person

    @property
    def id(self) -> int:
        return self.stored.id

    @property
    def state(self) -> Status:
        return self.handed.state if self.handed is not None else "draft"

    @property
    def count(self) -> int:
        """How often it was handed in."""
        return self.handed.count if self.handed is not None else 0

    @property
    def digest(self) -> str:
        return digest_of(self.answers, self.form)

    @property
    def snapshot(self) -> bytes:
        return snapshot_of(self.answers, self.form)

    @property
    def needs_clearance(self) -> bool:
        return needs_clearance(self.answers, self.form)

    @property
    def open(self) -> list[str]:
        """Answers put again that are neither confirmed nor corrected."""
        return still_open(self.answers, self.form)

    @property
    def sends(self) -> str:
        """What was answered to the question that hands it in; "" where nothing was."""
        return hands_in(self.answers, self.form)

    def said(self, name: str) -> str:
        """The answer to a question outside rows, as XForms has it; "" where there is none."""
        found = (one.value for one in self.answers if one.name == name and not one.rows and one.status == "answered")
        return next(found, "")

    @property
    def names(self) -> Entity:
        """The entity as it is named: by the invitation, else by its own answer."""
        if self.entity is not None:
            return Entity(self.entity.name, self.entity.acronym, self.entity.type)
        return Entity(self.said(NAME))

    def called(self, language: str) -> str:
        """Its entity's name, or words for one that has none."""
        return self.names.name or self.names.acronym or text("contributions.unnamed", language)


@dataclass(frozen=True, slots=True)
class Brief:
    """One line of a list: a contribution without its answers. `name`: "" where the entity has none yet."""

    id: int
    name: str
    state: Status
    handed: Handed | None


async def briefs(act: Act, code: str) -> list[Brief]:
    """The contributions of a country, but for those whose official withdrew consent, oldest first."""
    course = await act.course(code)
    named = {entity.id: entity.name or entity.acronym for entity in await act.tx.entities.of_country(code)}
    found = []
    for form_id in act.services.interviews.forms:
        for one in await act.tx.interviews.overview(form_id, code):
            consent = await act.tx.consents.latest(one.person_id)
            if one.status == "withdrawn" or (consent is not None and not consent.given):
                continue
            handed = course.contributions.get(one.id)
            name = named.get(one.entity_id, "") if one.entity_id is not None else ""
            found.append(Brief(one.id, name, course.contributions.status(one.id), handed))
    return found


async def contributed(act: Act, interview_id: int, language: str = "") -> Contributed | None:
    """The contribution of that number, read in `language`; None: there is none, or its official withdrew consent."""
    return await find(act.services, act.tx, interview_id, language or act.language, act.now)


async def find(
    services: Services, tx: Transaction, interview_id: int, language: str, now: datetime
) -> Contributed | None:
    """The same, for what is nobody's act."""
    stored = await tx.interviews.get(interview_id)
    newest = services.interviews.forms.get(stored.form_id) if stored is not None else None
    if stored is None or newest is None or stored.status == "withdrawn":
        return None
    form = await version_of(tx, services.interviews.forms, stored.form_id, stored.form_version) or newest
    consent = await tx.consents.latest(stored.person_id)
    owner = await tx.people.get(stored.person_id)
    if owner is None or (consent is not None and not consent.given):
        return None
    interview = Interview.from_json(json.loads(stored.state))
    entity = await tx.entities.get(stored.entity_id) if stored.entity_id is not None else None
    course = await services.dossiers.course(tx, stored.country)
    given = answers(form, interview, language, now=now)
    return Contributed(stored, form, given, course.contributions.get(interview_id), entity, owner)


async def opened(act: Act, arguments: Sequence[str]) -> Contributed | None:
    """The contribution that the first argument of a button names; None: there is none (any more), and it was said."""
    found = await contributed(act, number(arguments))
    if found is None:
        await act.say(act.text("contributions.gone"))
    return found


async def refused(act: Act) -> bool:
    """Whether the person was asked for their consent and does not agree, so that nothing more is asked of them."""
    consent = await act.tx.consents.latest(act.person.id)
    return consent is not None and not consent.given


async def none_own(act: Act) -> str:
    """What to say to somebody who has no contribution of their own."""
    return act.text("rights.not_agreed" if await refused(act) else "contributions.none_own")


async def own(act: Act) -> Contributed | None:
    """The person's own contribution, the newest where they have several."""
    forms = act.services.interviews.forms
    mine = [one for one in await act.tx.interviews.of_person(act.person.id) if one.form_id in forms]
    return await contributed(act, mine[-1].id) if mine else None
