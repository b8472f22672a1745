"""Interviews in the store: started, taken one step further, and all that a step leaves behind.

Live sessions are kept in memory for speed, by interview and revision; the store alone is the truth.
"""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot import recording
from bot.following import agreed, follow, unmarked
from bot.messages import Incoming, Prompt
from bot.prompts import prompts
from bot.questionnaires import Questionnaires, version_of
from db.entities import Entity
from db.interviews import InterviewStatus, StoredInterview
from db.people import Person
from db.transaction import Transaction
from flows import knowledge
from flows.interview import interview as core
from flows.interview.events import Added, Asked, Confided, Event, FormChanged, Recorded, RowAdded, RowRemoved
from flows.interview.form import Form
from flows.interview.inputs import Input, Resume, Speak
from flows.interview.logic import Session
from flows.interview.progress import sections_to_json
from flows.interview.seats import Seat, leave_seat, take_seat
from flows.interview.state import Interview, Record
from flows.interview.withdrawal import withdraw
from flows.questionnaires.companions import companion_form, companion_name, companion_names

LANGUAGE = "language"  # bind attribute `role` of the question whose answer is the language to go on in
_KEPT = 512  # live sessions
_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


class UnknownForm(LookupError):
    """A stored interview belongs to a form that this process does not have."""


class Locked(Exception):
    """The answers are accepted: nothing of them may be changed until they are put again."""


class NotTheirs(LookupError):
    """The interview is somebody else's, and no part of it is with the one who wants to go on with it."""


Written = dict[str, tuple[Record, str]]  # path → a record and its JSON, so that a turn writes only what is new


@dataclass(frozen=True, slots=True)
class Step:
    """What a step gave, to be said, and to be remembered once it is committed."""

    interview_id: int
    revision: int
    turn: core.Turn
    written: Written
    kept: Interview  # as stored: with its holder's seat, whoever's turn it was

    @property
    def form_id(self) -> str:
        return self.turn.interview.form_id

    def prompts(self) -> list[Prompt]:
        """What is said, in the interview's language."""
        return prompts(self.turn.events, self.turn.interview.language, scope=str(self.interview_id))


@dataclass(frozen=True, slots=True)
class _Opened:
    """An interview out of the store. `interview`: as the one whose turn it is sees it; `shared`: with its holder's
    seat; `seated`: the number of the colleague whose seat it is seen from."""

    stored: StoredInterview
    form: Form
    interview: Interview
    shared: Interview
    seated: int | None
    session: Session | None
    written: Written
    events: tuple[Event, ...] = ()  # what a newer version of the form changed
    input: Input | None = None  # the one given, where it may be taken

    def after(self, turn: core.Turn) -> core.Turn:
        """The turn, what the newer version changed being said first."""
        return replace(turn, events=(*self.events, *turn.events)) if self.events else turn

    def without(self, paths: frozenset[str]) -> _Opened:
        """The same, the questions at `paths` not being asked again."""
        if not paths:
            return self
        interview, shared = unmarked(self.interview, paths), unmarked(self.shared, paths)
        return replace(self, interview=interview, shared=shared, events=_without(self.events, paths))


class Interviews:
    """The use cases of one process. `forms` are loaded when first needed; new interviews are started with the first
    of them. `contact` is told to the form."""

    def __init__(self, forms: Callable[[], Sequence[Form]], contact: str = "") -> None:
        self.questionnaires = Questionnaires(forms)
        self._contact = contact
        self._live: OrderedDict[int, Step] = OrderedDict()

    @property
    def forms(self) -> Mapping[str, Form]:
        """The version of each that counts now, by id, in the order given."""
        return self.questionnaires.newest

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

    async def form_held(self, tx: Transaction, stored: StoredInterview) -> Form:
        """The form in the version that the interview is held under: what its state is read with. The newest one where
        that version is not kept."""
        return await version_of(tx, self.forms, stored.form_id, stored.form_version) or self.form_of(stored)

    async def start(
        self,
        tx: Transaction,
        person: Person,
        entity: Entity | None,
        incoming: Incoming | None,
        now: datetime,
        form: Form | None = None,
        given: Mapping[str, str] | None = None,
    ) -> Step:
        """A new interview of `person`, and messages from where they write go to it; `incoming`: None for who takes part
        on paper alone. `form`: another than the questionnaire; `given`: what more it may know beforehand, by question
        name."""
        await self.questionnaires.refresh(tx, now)
        form = form or self.form
        turn = core.start(
            form,
            language=person.language,
            now=now,
            given={**_given(person, entity, self._contact), **(given or {})},
            author=str(person.id),
            channel=incoming.sender.channel if incoming is not None else "",
            today=_today(person.country, now),
        )
        written: Written = {}
        started = await tx.interviews.start(
            person.id,
            person.entity_id,
            person.country,
            form.id,
            form.version,
            turn.interview.language,
            _state(turn.interview, written),
            now,
            sections=_sections(turn),
        )
        if incoming is not None:
            await tx.people.turn_to(incoming.sender.channel, incoming.sender.address, started.id)
        return Step(started.id, 0, turn, written, turn.interview)

    async def advance(
        self, tx: Transaction, interview_id: int, person: Person, input: Input, incoming: Incoming, now: datetime
    ) -> Step:
        """Take `input`, and store the interview and every revision of an answer that follows.

        Raises `Stale`, `NotTheirs` where the interview is somebody else's and `person` has no seat at it, and `Locked`
        where the input would change what is accepted.
        """
        opened = await self._open(tx, interview_id, person, now, input)
        turn = core.advance(
            opened.form,
            opened.interview,
            opened.input or Resume(),
            author=str(person.id),
            now=now,
            channel=incoming.sender.channel,
            today=_today(opened.stored.country, now),
            session=opened.session,
        )
        if opened.stored.locked_at is not None and _changes(opened.form, turn.events):
            raise Locked(f"interview {interview_id}")
        turn = opened.after(turn)
        turn = self._in_language_chosen(opened.form, turn, person, now)
        step = await self._keep(tx, opened, turn, now)
        await recording.keep(tx, opened.form, step.interview_id, person, turn.events, incoming, now)
        return step

    async def change(
        self,
        tx: Transaction,
        interview_id: int,
        make: Callable[[Form, Interview, Session | None], core.Turn],
        now: datetime,
        *,
        person: Person | None = None,
        incoming: Incoming | None = None,
        renewed: bool = True,
    ) -> Step:
        """Change an interview from outside the conversation: answers put again, a part lent or taken back, the open
        question put once more. `make` gets the interview as `person` sees it (as its holder does, where there is none)
        and the live session; answers that its turn records are said by `person`. `renewed`: also an interview that is
        completed goes on under the newest version of its form.

        Raises `Stale`, `NotTheirs`.
        """
        opened = await self._open(tx, interview_id, person, now, renewed=renewed)
        turn = opened.after(make(opened.form, opened.interview, opened.session))
        step = await self._keep(tx, opened, turn, now)
        if person is not None and incoming is not None:
            await recording.keep(tx, opened.form, interview_id, person, turn.events, incoming, now)
        else:
            author_id = person.id if person is not None else None
            await recording.keep_withdrawn(tx, opened.form, interview_id, turn.events, now, author_id)
        return step

    async def withdraw(self, tx: Transaction, interview_id: int, path: str, value: str, now: datetime) -> bool:
        """Take back the answer `value` at `path`; False where it is no longer the answer. Raises `Stale`."""
        if await tx.interviews.get(interview_id) is None:
            return False
        opened = await self._open(tx, interview_id, None, now, lasting=True)
        turn = withdraw(opened.form, opened.interview, path, value, now=now)
        if not turn.events:
            return False
        await self._keep(tx, opened, turn, now)
        await recording.keep_withdrawn(tx, opened.form, interview_id, turn.events, now)
        return True

    async def reask(self, tx: Transaction, interview_id: int, path: str, value: str, now: datetime) -> Step | None:
        """Take back the answer `value` at `path` and put the question that is open then; None where it is no longer
        the answer. Raises `Stale`."""
        if not await self.withdraw(tx, interview_id, path, value, now):
            return None
        return await self.put_again(tx, interview_id, now)

    async def put_again(
        self, tx: Transaction, interview_id: int, now: datetime, person: Person | None = None
    ) -> Step | None:
        """Put the question now open once more, to the holder or to a colleague. Raises `Stale`, `NotTheirs`."""
        stored = await tx.interviews.get(interview_id)
        if stored is None:
            return None
        author = str(person.id if person is not None else stored.person_id)

        def put(form: Form, interview: Interview, session: Session | None) -> core.Turn:
            return core.current_question(form, interview, now=now, session=session, author=author)

        return await self.change(tx, interview_id, put, now, person=person, renewed=False)

    # ---- out of the store and back ----
    async def _open(
        self,
        tx: Transaction,
        interview_id: int,
        person: Person | None,
        now: datetime,
        input: Input | None = None,
        *,
        renewed: bool = False,
        lasting: bool = False,
    ) -> _Opened:
        """The interview, brought to the newest version of its form where there is one since. What is accepted stays
        under the version it was accepted in, and what is completed too, but where it is `renewed`; `lasting`: it stays
        whatever it is."""
        await self.questionnaires.refresh(tx, now)
        stored = await tx.interviews.get(interview_id)
        if stored is None:
            raise UnknownForm(f"interview {interview_id}")
        form = self.form_of(stored)
        live = self._take(stored)
        shared = live.kept if live is not None else Interview.from_json(json.loads(stored.state))
        session = live.turn.session if live is not None else None
        written = live.written if live is not None else {}
        seen, seated = shared, None
        if person is not None and person.id != stored.person_id:
            seat = await tx.seats.get(stored.id, person.id)
            if seat is None or seat.closed_at is not None:
                raise NotTheirs(f"interview {interview_id}")
            seen, seated = take_seat(shared, Seat.from_json(json.loads(seat.state))), person.id
        if shared.version != form.version:
            held = await version_of(tx, self.forms, stored.form_id, shared.version)
            stays = lasting or stored.locked_at is not None or (shared.completed and not renewed)
            if held is not None and stays:
                form = held
            else:
                new = await follow(tx, stored, form, held, shared, now, seated=seated, input=input)
                opened = _Opened(
                    stored, form, new.seen, new.shared, seated, new.session, written, new.events, new.input
                )
                return opened.without(await agreed(tx, form, stored.person_id, new.seen))
        opened = _Opened(stored, form, seen, shared, seated, session, written, (), input)
        return opened.without(await agreed(tx, form, stored.person_id, seen))

    async def _keep(self, tx: Transaction, opened: _Opened, turn: core.Turn, now: datetime) -> Step:
        stored, kept = opened.stored, turn.interview
        if opened.seated is not None:
            kept, seat = leave_seat(turn.interview, opened.shared)
            await tx.seats.save(stored.id, opened.seated, _json(seat.to_json()))
        await tx.interviews.save(
            stored,
            _state(kept, opened.written),
            now,
            status=_status(kept),
            language=kept.language,
            form_version=opened.form.version,
            sections=_sections(turn) if turn.sections else None,
        )
        return Step(stored.id, stored.revision + 1, turn, opened.written, kept)

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


def _changes(form: Form, events: Sequence[Event]) -> bool:
    """Whether a turn changes answers. Consent is anybody's to withdraw at any time."""
    return any(
        isinstance(event, Recorded | Added | Confided | RowAdded | RowRemoved)
        and recording.role(form, event.path) not in recording.PURPOSES
        for event in events
    )


def _without(events: Sequence[Event], paths: frozenset[str]) -> tuple[Event, ...]:
    """What is said of a newer version, `paths` not being asked again."""
    said: list[Event] = []
    for event in events:
        if isinstance(event, FormChanged):
            left = [at for at, path in enumerate(event.again) if path not in paths]
            again, labels = tuple(event.again[at] for at in left), tuple(event.labels[at] for at in left)
            said.append(replace(event, again=again, labels=labels))
        else:
            said.append(event)
    return tuple(said)


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


def _sections(turn: core.Turn) -> str:
    return _json(sections_to_json(turn.sections))


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
