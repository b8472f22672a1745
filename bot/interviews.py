"""Interviews in the store: started, taken one step further, and all that a step leaves behind.

Live sessions are kept in memory for speed, by interview and revision; the store alone is the truth.
"""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property
from zoneinfo import ZoneInfo

from bot import recording
from bot.messages import Incoming, Prompt
from bot.prompts import prompts
from db.entities import Entity
from db.interviews import InterviewStatus, StoredInterview
from db.people import Person
from db.transaction import Transaction
from flows import knowledge
from flows.interview import interview as core
from flows.interview.events import Asked, Input, Recorded, Speak
from flows.interview.form import Form
from flows.interview.state import Interview, Record
from flows.interview.withdrawal import withdraw
from flows.questionnaires.companions import companion_form, companion_name, companion_names

LANGUAGE = "language"  # bind attribute `role` of the question whose answer is the language to go on in
_KEPT = 512  # live sessions
_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


class UnknownForm(LookupError):
    """A stored interview belongs to a form that this process does not have."""


Written = dict[str, tuple[Record, str]]  # path → a record and its JSON, so that a turn writes only what is new


@dataclass(frozen=True, slots=True)
class Step:
    """What a step gave, to be said, and to be remembered once it is committed."""

    interview_id: int
    revision: int
    turn: core.Turn
    written: Written

    @property
    def form_id(self) -> str:
        return self.turn.interview.form_id

    def prompts(self) -> list[Prompt]:
        """What is said, in the interview's language."""
        return prompts(self.turn.events, self.turn.interview.language, scope=str(self.interview_id))


class Interviews:
    """The use cases of one process. `forms` are loaded when first needed; new interviews are started with the first
    of them. `contact` is told to the form."""

    def __init__(self, forms: Callable[[], Sequence[Form]], contact: str = "") -> None:
        self._load = forms
        self._contact = contact
        self._live: OrderedDict[int, Step] = OrderedDict()

    @cached_property
    def forms(self) -> Mapping[str, Form]:
        """By id, in the order given."""
        return {form.id: form for form in self._load()}

    @property
    def form(self) -> Form:
        """What new interviews are started with."""
        return next(iter(self.forms.values()))

    def is_companion(self, form_id: str) -> bool:
        """Whether it is one of the small forms by which steps of the exercise are taken, and no questionnaire."""
        return form_id not in self.forms and companion_name(form_id) in companion_names()

    def form_of(self, stored: StoredInterview) -> Form:
        form = self.forms.get(stored.form_id)
        if form is None and self.is_companion(stored.form_id):
            form = companion_form(companion_name(stored.form_id))
        if form is None:
            raise UnknownForm(stored.form_id)
        return form

    async def start(
        self,
        tx: Transaction,
        person: Person,
        entity: Entity | None,
        incoming: Incoming,
        now: datetime,
        form: Form | None = None,
        given: Mapping[str, str] | None = None,
    ) -> Step:
        """A new interview of `person`, and messages from where they write go to it. `form`: another than the
        questionnaire; `given`: what more it may know beforehand, by question name."""
        sender = incoming.sender
        form = form or self.form
        turn = core.start(
            form,
            language=person.language,
            now=now,
            given={**_given(person, entity, self._contact), **(given or {})},
            author=str(person.id),
            channel=sender.channel,
            today=_today(person.country, now),
        )
        written: Written = {}
        state = _state(turn.interview, written)
        started = await tx.interviews.start(
            person.id,
            person.entity_id,
            person.country,
            form.id,
            form.version,
            turn.interview.language,
            state,
            now,
        )
        await tx.people.turn_to(sender.channel, sender.address, started.id)
        return Step(started.id, 0, turn, written)

    async def advance(
        self, tx: Transaction, interview_id: int, person: Person, input: Input, incoming: Incoming, now: datetime
    ) -> Step:
        """Take `input`, and store the interview and every revision of an answer that follows. Raises `Stale`."""
        stored = await tx.interviews.get(interview_id)
        if stored is None:
            raise UnknownForm(f"interview {interview_id}")
        form = self.form_of(stored)
        live = self._take(stored)
        known = live.turn if live else None
        written = live.written if live else {}
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
            _state(after, written),
            now,
            status=_status(after),
            language=after.language,
            form_version=form.version,
        )
        await recording.keep(tx, form, stored.id, person, turn.events, incoming, now)
        return Step(stored.id, stored.revision + 1, turn, written)

    async def withdraw(self, tx: Transaction, interview_id: int, path: str, value: str, now: datetime) -> bool:
        """Take back the answer `value` at `path`; False where it is no longer the answer. Raises `Stale`."""
        stored = await tx.interviews.get(interview_id)
        if stored is None:
            return False
        form = self.form_of(stored)
        self._live.pop(stored.id, None)
        turn = withdraw(form, Interview.from_json(json.loads(stored.state)), path, value, now=now)
        if not turn.events:
            return False
        await tx.interviews.save(stored, _state(turn.interview, {}), now, status=_status(turn.interview))
        await recording.keep_withdrawn(tx, form, stored.id, turn.events, now)
        return True

    async def reask(self, tx: Transaction, interview_id: int, path: str, value: str, now: datetime) -> Step | None:
        """Take back the answer `value` at `path` and put the question that is open then; None where it is no longer
        the answer. Raises `Stale`."""
        if not await self.withdraw(tx, interview_id, path, value, now):
            return None
        return await self.put_again(tx, interview_id, now)

    async def put_again(self, tx: Transaction, interview_id: int, now: datetime) -> Step | None:
        """Put the question now open once more. Raises `Stale`."""
        stored = await tx.interviews.get(interview_id)
        if stored is None:
            return None
        self._live.pop(stored.id, None)
        form = self.form_of(stored)
        turn = core.current_question(form, Interview.from_json(json.loads(stored.state)), now=now)
        written: Written = {}
        await tx.interviews.save(stored, _state(turn.interview, written), now, status=_status(turn.interview))
        return Step(stored.id, stored.revision + 1, turn, written)

    def remember(self, step: Step) -> None:
        """Keep the live session of a committed step for the next one."""
        self._live[step.interview_id] = step
        self._live.move_to_end(step.interview_id)
        if len(self._live) > _KEPT:
            self._live.popitem(last=False)

    def _take(self, stored: StoredInterview) -> Step | None:
        """The live step of exactly this revision. It is given away: a turn that fails must not leave its traces."""
        live = self._live.pop(stored.id, None)
        return live if live is not None and live.revision == stored.revision else None

    def _in_language_chosen(self, form: Form, turn: core.Turn, person: Person, now: datetime) -> core.Turn:
        """Where the form asks for the language, its answer is the language from the next question on."""
        answers = [event for event in turn.events if isinstance(event, Recorded) and event.value]
        chosen = next((event.value for event in answers if recording.role(form, event.path) == LANGUAGE), "")
        codes = {language.code for language in form.languages}
        if chosen not in codes or chosen == turn.interview.language:
            return turn
        said = tuple(event for event in turn.events if not isinstance(event, Asked))
        spoken = core.advance(form, turn.interview, Speak(chosen), author=str(person.id), now=now, session=turn.session)
        return replace(spoken, events=(*said, *spoken.events))


def _state(interview: Interview, written: Written) -> str:
    """The interview as JSON; `written` is brought up to date."""
    records = []
    for path, record in interview.records.items():
        known = written.get(path)
        if known is None or known[0] is not record:
            known = written[path] = (record, f"{_json(path)}:{_json(record.to_json())}")
        records.append(known[1])
    rest = replace(interview, records={}).to_json()
    del rest["records"]
    return f'{{"records":{{{",".join(records)}}},{_json(rest)[1:]}'


def _json(value: object) -> str:
    return _ENCODER.encode(value)


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
