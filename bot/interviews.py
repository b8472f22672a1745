"""Interviews in the store: started, taken one step further, and all that a step leaves behind.

Live sessions are kept in memory for speed, by interview and revision; the store alone is the truth.
"""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.messages import Incoming
from db.answers import Answer
from db.entities import Entity
from db.interviews import InterviewStatus, StoredInterview
from db.people import Person
from db.transaction import Transaction
from flows import knowledge
from flows.interview import interview as core
from flows.interview.events import Event, Input, Recorded, Spoke
from flows.interview.form import Form
from flows.interview.plan import bare
from flows.interview.state import Interview

CONSENT = "consent"  # bind attribute `role` of the question whose answer is the consent; `purpose` says to what
_AGREED = frozenset({"yes", "oui", "true", "1", "ok", "agree"})
_KEPT = 512  # live sessions


class UnknownForm(LookupError):
    """A stored interview belongs to a form that this process does not have."""


@dataclass(frozen=True, slots=True)
class Step:
    """What a step gave: events to be said in `language`, and the turn to be remembered once it is committed."""

    interview_id: int
    revision: int
    turn: core.Turn

    @property
    def events(self) -> tuple[Event, ...]:
        return self.turn.events

    @property
    def language(self) -> str:
        return self.turn.interview.language


class Interviews:
    """The use cases of one process. New interviews are started with the first of `forms`."""

    def __init__(self, forms: Iterable[Form]) -> None:
        self._forms = {form.id: form for form in forms}
        self.form = next(iter(self._forms.values()))
        self._live: OrderedDict[int, tuple[int, core.Turn]] = OrderedDict()

    def form_of(self, stored: StoredInterview) -> Form:
        form = self._forms.get(stored.form_id)
        if form is None:
            raise UnknownForm(stored.form_id)
        return form

    async def start(
        self, tx: Transaction, person: Person, entity: Entity | None, incoming: Incoming, now: datetime
    ) -> Step:
        """A new interview of `person`, and messages from where they write go to it."""
        sender = incoming.sender
        turn = core.start(
            self.form,
            language=person.language,
            now=now,
            given=_given(person, entity),
            author=str(person.id),
            channel=sender.channel,
            today=_today(person.country, now),
        )
        state = _state(turn.interview)
        started = await tx.interviews.start(
            person.id,
            person.entity_id,
            person.country,
            self.form.id,
            self.form.version,
            turn.interview.language,
            state,
            now,
        )
        await tx.people.turn_to(sender.channel, sender.address, started.id)
        return Step(started.id, 0, turn)

    async def advance(
        self, tx: Transaction, interview_id: int, person: Person, input: Input, incoming: Incoming, now: datetime
    ) -> Step:
        """Take `input`, and store the interview and every revision of an answer that follows. Raises `Stale`."""
        stored = await tx.interviews.get(interview_id)
        if stored is None:
            raise UnknownForm(f"interview {interview_id}")
        form = self.form_of(stored)
        known = self._take(stored)
        interview = known.interview if known else Interview.from_json(json.loads(stored.state))
        turn = core.advance(
            form,
            interview,
            input,
            author=str(person.id),
            now=now,
            channel=incoming.sender.channel,
            today=_today(stored.country, now),
            session=known.session if known else None,
        )
        after = turn.interview
        await tx.interviews.save(
            stored,
            _state(after),
            now,
            status=_status(after),
            language=after.language,
            form_version=form.version,
        )
        await self._keep(tx, form, stored, person, turn.events, incoming, now)
        return Step(stored.id, stored.revision + 1, turn)

    def remember(self, step: Step) -> None:
        """Keep the live session of a committed step for the next one."""
        self._live[step.interview_id] = (step.revision, step.turn)
        self._live.move_to_end(step.interview_id)
        if len(self._live) > _KEPT:
            self._live.popitem(last=False)

    def _take(self, stored: StoredInterview) -> core.Turn | None:
        """The live turn of exactly this revision. It is given away: a turn that fails must not leave its traces."""
        revision, turn = self._live.pop(stored.id, (-1, None))
        return turn if revision == stored.revision else None

    async def _keep(
        self,
        tx: Transaction,
        form: Form,
        stored: StoredInterview,
        person: Person,
        events: Iterable[Event],
        incoming: Incoming,
        now: datetime,
    ) -> None:
        sender = incoming.sender
        answers: list[Answer] = []
        for event in events:
            if isinstance(event, Spoke):
                await tx.people.speak(person.id, event.language)
            elif isinstance(event, Recorded):
                answers.append(_answer(event, stored.id, person.id, form.version, incoming, now))
                await self._consent(tx, form, event, person, incoming, now)
                if event.attachment is not None and event.status == "answered":
                    file = event.attachment
                    await tx.attachments.add(
                        stored.id,
                        event.path,
                        file.name,
                        file.media_type,
                        file.size,
                        sender.channel,
                        file.reference,
                        now,
                    )
        if answers:
            await tx.answers.append(answers)

    async def _consent(
        self, tx: Transaction, form: Form, event: Recorded, person: Person, incoming: Incoming, now: datetime
    ) -> None:
        node = form.nodes.get(bare(event.path))
        if node is None or node.attributes.get("role") != CONSENT or event.status != "answered":
            return
        given = event.value.strip().lower() in _AGREED
        purpose = node.attributes.get("purpose") or "processing"
        await tx.consents.record(
            person.id, form.version, event.language, given, now, incoming.sender.channel, incoming.message_id, purpose
        )
        action = "consented" if given else "refused consent"
        details = {"purpose": purpose, "version": form.version}
        await tx.audit.record(
            now, action, "people", person.id, actor_id=person.id, channel=incoming.sender.channel, details=details
        )


def _answer(
    event: Recorded, interview_id: int, person_id: int, version: str, incoming: Incoming, now: datetime
) -> Answer:
    return Answer(
        interview_id=interview_id,
        path=event.path,
        revision=event.revision,
        value=event.value,
        old_value=event.old,
        status=event.status,
        display=event.display,
        confidential=event.confidential,
        author_id=person_id,
        at=now,
        language=event.language,
        form_version=version,
        channel=incoming.sender.channel,
        message_id=event.message_id or incoming.message_id,
        update_id=incoming.update_id,
    )


def _state(interview: Interview) -> str:
    return json.dumps(interview.to_json(), ensure_ascii=False, separators=(",", ":"))


def _status(interview: Interview) -> InterviewStatus:
    if interview.completed:
        return "completed"
    return "paused" if interview.paused else "active"


def _given(person: Person, entity: Entity | None) -> Mapping[str, str]:
    """What the form may know beforehand, by question name."""
    values = {"country": person.country, "role": person.role, "language": person.language}
    if person.country:
        values["country_name"] = knowledge.country(person.country).name(person.language)
    if entity is not None:
        values |= {"entity": entity.name, "entity_acronym": entity.acronym, "entity_type": entity.type}
    return {name: value for name, value in values.items() if value}


def _today(country: str, now: datetime) -> date:
    """The day in the country's capital."""
    if not country:
        return now.date()
    return now.astimezone(ZoneInfo(knowledge.country(country).time_zones[0])).date()
