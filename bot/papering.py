"""A questionnaire on paper, out of the store and back: made for an interview, read, compared and taken over."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Container
from dataclasses import dataclass, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.acting import Services
from bot.contributed import Contributed, find
from bot.documents.opening import Unreadable
from bot.handing_in import submitting
from bot.interviews import LANGUAGE, Step
from bot.messages import Incoming, Sender, UnknownIn
from db.interviews import StoredInterview
from db.people import Person
from db.transaction import Transaction
from flows import knowledge
from flows.country.handed import CLEAR, LATER
from flows.country.paper_list import Who
from flows.i18n import text
from flows.interview import paper as papers
from flows.interview.events import Asked
from flows.interview.form import Form
from flows.interview.inputs import Choose, Input, Resume, Skip
from flows.interview.interview import Turn, advance
from flows.interview.logic import Session
from flows.interview.paper import Comparison, Paper, Written
from flows.interview.plan import bare
from flows.interview.seats import Seat, take_seat
from flows.interview.state import Interview

CHANNEL = "paper"
"""In answers, where they came from."""
_FROM_PAPER = Incoming(0, Sender(CHANNEL, "", ""), UnknownIn(CHANNEL))
_MOST_STEPS = 2_000  # questions gone through


class StillOpen(Exception):
    """A question that must be answered is not: the message is its label, "" where nothing is asked any more."""


@dataclass(frozen=True, slots=True)
class Held:
    """An interview out of the store, with the form that it is held under."""

    stored: StoredInterview
    form: Form
    interview: Interview
    contributed: Contributed

    @property
    def today(self) -> ZoneInfo:
        """The time zone of the country's capital."""
        return ZoneInfo(knowledge.country(self.stored.country).time_zones[0])


@dataclass(frozen=True, slots=True)
class Compared:
    """A filled paper beside what is on record. `twice`, `lost`, `comments`, `gone`, `pictures`: see
    `bot.documents.paper_reading`."""

    held: Held
    paper: Paper
    filled: dict[str, Written]
    comparison: Comparison
    lost: int
    twice: tuple[str, ...]
    comments: int
    gone: int
    pictures: int

    @property
    def remarks(self) -> list[tuple[str, int | None]]:
        """What there is to know beside the differences: keys of the catalogue `paper`, and how many."""
        counted = {name: getattr(self, name) for name in ("lost", "gone", "comments", "pictures")}
        counted["twice"] = len(self.twice)
        found: list[tuple[str, int | None]] = [(name, number) for name, number in counted.items() if number]
        if self.paper.version != self.held.form.version:
            found.append(("older_form", None))
        return found


async def held(services: Services, tx: Transaction, number: int, person: Person, now: datetime) -> Held | None:
    """The interview of that number as `person` sees it, who answers in it or in whose hands a part of it is; None where
    there is none such, or its official withdrew consent."""
    found = await find(services, tx, number, person.language, now)
    if found is None:
        return None
    interview = Interview.from_json(json.loads(found.stored.state))
    if found.stored.person_id != person.id:
        seat = await tx.seats.get(number, person.id)
        if seat is None or seat.closed_at is not None:
            return None
        interview = take_seat(interview, Seat.from_json(json.loads(seat.state)))
    return Held(found.stored, found.form, interview, found)


def made(one: Held, language: str, now: datetime) -> bytes:
    """The paper of an interview, with its answers; nothing where nothing is to be filled in, as before the consent."""
    from bot.documents.paper import Head, to_paper

    sheet = papers.sheet_of(one.form, language=language, now=now, interview=one.interview)
    if not any(field.kind != "file" for field in sheet.fields()):
        return b""
    digests = {field.path: field.digest for field in sheet.fields() if field.digest}
    stored = one.stored
    paper = Paper(
        *(sheet.form_id, sheet.version, sheet.language, stored.id, stored.country, now, sheet.repeats(), digests)
    )
    place = knowledge.country(stored.country).name(language)
    return to_paper(sheet, paper, Head(place, one.contributed.called(language), returns=True))


def blank(form: Form, language: str, now: datetime, given: dict[str, str]) -> bytes:
    """The paper of a form for nobody in particular. `given`: what is known beforehand, by question name."""
    from bot.documents.paper import Head, to_paper

    sheet = papers.sheet_of(form, language=language, now=now, given=given)
    code = given.get("country", "")
    paper = Paper(sheet.form_id, sheet.version, sheet.language, 0, code, now, dict.fromkeys(sheet.repeats(), 0), {})
    place = knowledge.country(code).name(language) if code else ""
    return to_paper(sheet, paper, Head(place, given.get("entity_name", "")))


async def compared(one: Held, content: bytes, author: str, now: datetime) -> Compared:
    """A paper that came back beside the answers of `one`, whose it must be. Raises `Unreadable`."""
    from bot.documents.paper_reading import read_paper

    returned = await asyncio.to_thread(read_paper, content, one.form)
    paper = returned.paper
    if paper.form_id != one.form.id:
        raise Unreadable("other_form")
    if paper.interview_id not in (0, one.stored.id):
        raise Unreadable("other_person")
    if paper.country not in ("", one.stored.country):
        raise Unreadable("paper_elsewhere", found=paper.country, wanted=one.stored.country)
    comparison = await asyncio.to_thread(_comparison, one, paper, returned.filled, author, now)
    return Compared(
        *(one, paper, returned.filled, comparison, returned.lost, returned.twice, returned.comments),
        *(returned.gone, returned.pictures),
    )


def _comparison(one: Held, paper: Paper, filled: dict[str, Written], author: str, now: datetime) -> Comparison:
    today = now.astimezone(one.today).date()
    return papers.compare(one.form, one.interview, paper, filled, author=author, now=now, today=today)


async def taken(
    services: Services, tx: Transaction, found: Compared, person: Person, now: datetime, chosen: Container[str] | None
) -> Step:
    """Put on record what was chosen of a paper, in the name of `person`. Raises `Stale`, `NotTheirs`."""
    today: date = now.astimezone(found.held.today).date()

    def make(form: Form, interview: Interview, session: Session | None) -> Turn:
        return papers.take_over(
            form,
            interview,
            found.paper,
            found.filled,
            author=str(person.id),
            now=now,
            chosen=chosen,
            channel=CHANNEL,
            today=today,
            session=session,
        )

    number = found.held.stored.id
    return await services.interviews.change(tx, number, make, now, person=person, incoming=_FROM_PAPER)


async def names(tx: Transaction, found: Compared, reader: Person) -> Who:
    """How the authors of the answers on record are called, to whoever reads the comparison."""
    called: dict[str, str] = {
        "": text("paper.nobody", reader.language),
        str(reader.id): text("paper.you", reader.language),
    }
    for author in {one.author for one in found.comparison.differences} - set(called):
        person = await tx.people.get(int(author)) if author.isdecimal() else None
        role = text(f"turns.role_{person.role}", reader.language) if person is not None else ""
        called[author] = (person.label or role) if person is not None else called[""]
    return lambda author: called.get(author, called[""])


async def handed_in(services: Services, tx: Transaction, number: int, person: Person, now: datetime) -> Step:
    """Go through what a paper left blank, and answer in the name of `person` that it is handed in. Raises `StillOpen`:
    then the transaction has to end without a trace."""

    def make(form: Form, interview: Interview, session: Session | None) -> Turn:
        turn = advance(form, interview, Resume(), author=str(person.id), now=now, channel=CHANNEL, session=session)
        events = list(turn.events)
        for _ in range(_MOST_STEPS):
            asked = next((event for event in reversed(turn.events) if isinstance(event, Asked)), None)
            input = _answer_to(form, asked, turn.interview.language)
            turn = advance(
                *(form, turn.interview, input), author=str(person.id), now=now, channel=CHANNEL, session=turn.session
            )
            events += turn.events
            if asked is not None and bare(asked.path) in submitting(form):
                return replace(turn, events=tuple(events))
        raise StillOpen(form.title)

    return await services.interviews.change(tx, number, make, now, person=person, incoming=_FROM_PAPER)


def _answer_to(form: Form, asked: Asked | None, language: str) -> Input:
    """What a paper says to a question that it left blank or does not have. Raises `StillOpen`."""
    if asked is None:
        raise StillOpen
    node = form.nodes.get(bare(asked.path))
    names = [one.name for one in asked.choices if one.name != LATER]
    if bare(asked.path) in submitting(form) and names:
        return Choose((CLEAR if CLEAR in names else names[0],))
    if node is not None and node.attributes.get("role") == LANGUAGE and language in names:
        return Choose((language,))
    if asked.required:
        raise StillOpen(asked.label)
    return Skip()
