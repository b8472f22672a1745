"""Interviews in the store: started, taken one step further, and all that a step leaves behind.

Live sessions are kept in memory for speed, by interview and revision; the store alone is the truth.
"""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property
from zoneinfo import ZoneInfo

from bot.messages import Incoming, Prompt
from bot.prompts import prompts
from db.answers import Answer
from db.entities import Entity
from db.interviews import InterviewStatus, StoredInterview
from db.people import Person
from db.transaction import Transaction
from flows import knowledge
from flows.interview import interview as core
from flows.interview.events import Asked, Event, Input, Recorded, Speak, Spoke
from flows.interview.form import Form
from flows.interview.plan import bare
from flows.interview.state import Interview
from flows.interview.withdrawal import withdraw

# Bind attribute `role` of the questions that the shell must know: what consent is given to, and the language.
PURPOSES = {"consent": "processing", "publication": "contact"}
LANGUAGE = "language"
_REFUSED = frozenset({"no", "none", "non", "false", "0"})
_KEPT = 512  # live sessions


class UnknownForm(LookupError):
    """A stored interview belongs to a form that this process does not have."""


@dataclass(frozen=True, slots=True)
class Step:
    """What a step gave, to be said, and to be remembered once it is committed."""

    interview_id: int
    revision: int
    turn: core.Turn

    def prompts(self) -> list[Prompt]:
        """What is said, in the interview's language."""
        return prompts(self.turn.events, self.turn.interview.language, scope=str(self.interview_id))


class Interviews:
    """The use cases of one process. `forms` are loaded when first needed; new interviews are started with the first
    of them. `contact` is told to the form."""

    def __init__(self, forms: Callable[[], Sequence[Form]], contact: str = "") -> None:
        self._load = forms
        self._contact = contact
        self._live: OrderedDict[int, tuple[int, core.Turn]] = OrderedDict()

    @cached_property
    def forms(self) -> Mapping[str, Form]:
        """By id, in the order given."""
        return {form.id: form for form in self._load()}

    @property
    def form(self) -> Form:
        """What new interviews are started with."""
        return next(iter(self.forms.values()))

    def form_of(self, stored: StoredInterview) -> Form:
        form = self.forms.get(stored.form_id)
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
            given=_given(person, entity, self._contact),
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
        turn = self._in_language_chosen(form, turn, person, now)
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

    async def withdraw(self, tx: Transaction, interview_id: int, path: str, value: str, now: datetime) -> bool:
        """Take back the answer `value` at `path`; False where it is no longer the answer. Raises `Stale`."""
        stored = await tx.interviews.get(interview_id)
        if stored is None:
            return False
        form = self.form_of(stored)
        self._live.pop(stored.id, None)
        turn = withdraw(form, Interview.from_json(json.loads(stored.state)), path, value, now=now)
        cleared = [event for event in turn.events if isinstance(event, Recorded)]
        if not cleared:
            return False
        await tx.interviews.save(stored, _state(turn.interview), now, status=_status(turn.interview))
        await tx.answers.append(
            [
                Answer(
                    interview_id=stored.id,
                    path=event.path,
                    revision=event.revision,
                    value=event.value,
                    old_value=event.old,
                    status=event.status,
                    display=event.display,
                    confidential=event.confidential,
                    author_id=None,
                    at=now,
                    language=event.language,
                    form_version=form.version,
                    channel="",
                )
                for event in cleared
            ]
        )
        return True

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

    def _in_language_chosen(self, form: Form, turn: core.Turn, person: Person, now: datetime) -> core.Turn:
        """Where the form asks for the language, its answer is the language from the next question on."""
        chosen = next(
            (e.value for e in turn.events if isinstance(e, Recorded) and _role(form, e.path) == LANGUAGE and e.value),
            "",
        )
        codes = {language.code for language in form.languages}
        if chosen not in codes or chosen == turn.interview.language:
            return turn
        said = tuple(event for event in turn.events if not isinstance(event, Asked))
        spoken = core.advance(form, turn.interview, Speak(chosen), author=str(person.id), now=now, session=turn.session)
        return replace(spoken, events=(*said, *spoken.events))

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
        purpose = PURPOSES.get(_role(form, event.path))
        if purpose is None or event.status != "answered":
            return
        given = event.value.strip().lower() not in _REFUSED
        version = form.nodes[bare(event.path)].attributes.get("text_version") or form.version
        await tx.consents.record(
            person.id, version, event.language, given, now, incoming.sender.channel, incoming.message_id, purpose
        )
        action = "consented" if given else "refused consent"
        details = {"purpose": purpose, "version": version}
        await tx.audit.record(
            now, action, "people", person.id, actor_id=person.id, channel=incoming.sender.channel, details=details
        )


def _role(form: Form, path: str) -> str:
    node = form.nodes.get(bare(path))
    return node.attributes.get("role", "") if node is not None else ""


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


def _given(person: Person, entity: Entity | None, contact: str) -> Mapping[str, str]:
    """What the form may know beforehand, by question name."""
    values = {"country": person.country, "role": person.role, "language": person.language, "contact": contact}
    if person.country:
        country = knowledge.country(person.country)
        values |= {"country_name": country.name(person.language), "phone_region": country.alpha_2}
    if entity is not None:
        values |= {"entity_name": entity.name, "entity_acronym": entity.acronym, "entity_type": entity.type}
    return {name: value for name, value in values.items() if value}


def _today(country: str, now: datetime) -> date:
    """The day in the country's capital."""
    if not country:
        return now.date()
    return now.astimezone(ZoneInfo(knowledge.country(country).time_zones[0])).date()
