"""Parts of a questionnaire that are with colleagues: whose they are, what they are called, and how they come back."""

from __future__ import annotations

import json

from bot import companions
from bot.acting import Act
from db.interviews import StoredInterview
from db.people import Person
from flows import i18n
from flows.country.steps.delegation import Delegation
from flows.interview.form import Form
from flows.interview.interview import Turn, current_question
from flows.interview.logic import Session
from flows.interview.scope import labels
from flows.interview.seats import Seat, finish_seat, take_back, take_seat
from flows.interview.sitting import Sitting
from flows.interview.state import Interview

LABEL = 80  # characters of a question in a line of a list


async def own_of(act: Act) -> StoredInterview | None:
    """The person's own questionnaire."""
    found = await companions.questionnaire(act, act.person.id)
    stored = await act.tx.interviews.get(found) if found is not None else None
    return stored if stored is not None and stored.person_id == act.person.id else None


async def owner_of(act: Act, one: Delegation) -> Person | None:
    """The official whose questionnaire it is."""
    stored = await act.tx.interviews.get(one.interview_id)
    return await act.tx.people.get(stored.person_id) if stored is not None else None


async def scope_of(act: Act, stored: StoredInterview, one: Delegation) -> tuple[str, ...]:
    """The part as it is in the interview now: a newer version of the form may have moved what it was lent as."""
    away = Interview.from_json(json.loads(stored.state)).away
    if set(one.scope) <= set(away):
        return one.scope
    known = (await act.course()).delegations.open_of(stored.id)
    others = [other for other in known if other.invitation_id != one.invitation_id]
    return tuple(path for path in away if not any(path in other.scope for other in others))


async def label_of(act: Act, one: Delegation, language: str) -> str:
    """What a part is called, in `language`."""
    if one.kind == "rest":
        return i18n.text("delegation.all_left", language)
    stored = await act.tx.interviews.get(one.interview_id)
    if stored is None:
        return ""
    form = await act.services.interviews.form_held(act.tx, stored)
    interview = take_seat(Interview.from_json(json.loads(stored.state)), Seat(language, one.scope))
    turn = current_question(form, interview, now=act.now)
    said = " · ".join(labels(Sitting.open(form, interview, turn.session, act.now), one.scope))
    return said if len(said) <= LABEL else f"{said[: LABEL - 1]}…"


async def end_seat(act: Act, one: Delegation) -> None:
    """What the colleague typed half is kept as theirs, and the part is the official's again."""
    interviews = act.services.interviews
    stored = await act.tx.interviews.get(one.interview_id)
    if stored is None:
        return
    scope = await scope_of(act, stored, one)
    colleague = await act.tx.people.get(one.person_id) if one.person_id is not None else None
    seat = await act.tx.seats.get(one.interview_id, one.person_id) if one.person_id is not None else None
    if colleague is not None and seat is not None and seat.closed_at is None:

        def end(form: Form, interview: Interview, session: Session | None) -> Turn:
            return finish_seat(form, interview, author=str(colleague.id), now=act.now, session=session)

        act.steps.append(await interviews.change(act.tx, one.interview_id, end, act.now, person=colleague))
        kept = await act.tx.seats.get(one.interview_id, colleague.id)
        scope = Seat.from_json(json.loads(kept.state)).scope if kept is not None else scope
        await act.tx.seats.close(one.interview_id, colleague.id, act.now)
        for address in await act.tx.people.addresses_of(colleague.id):
            if address.interview_id == one.interview_id:
                await act.tx.people.turn_to(address.channel, address.address, None)
    await take_back_part(act, one.interview_id, scope)


async def take_back_part(act: Act, interview_id: int, scope: tuple[str, ...]) -> None:
    """What was lent is the official's again."""
    stored = await act.tx.interviews.get(interview_id)
    author = str(stored.person_id) if stored is not None else ""

    def back(form: Form, interview: Interview, session: Session | None) -> Turn:
        returned = take_back(interview, Seat(interview.language, scope))
        return current_question(form, returned, now=act.now, session=session, author=author)

    act.steps.append(await act.services.interviews.change(act.tx, interview_id, back, act.now))
