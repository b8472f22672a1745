"""A stored interview goes on under a newer version of its form: everybody who works on it is told what that changes
for them, its history and the audit log say what happened to its answers, and no answer is lost."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot import recording
from bot.envelopes import envelope
from bot.messages import LATER
from bot.prompts import prompts
from db.interviews import StoredInterview
from db.seats import StoredSeat
from db.transaction import Transaction
from flows.interview.events import Event
from flows.interview.form import Form
from flows.interview.inputs import Input
from flows.interview.interview import current_question
from flows.interview.logic import Session
from flows.interview.plan import bare
from flows.interview.reconcile import Reconciled, reconcile, reseat
from flows.interview.seats import Seat, leave_seat, take_seat
from flows.interview.state import Interview


@dataclass(frozen=True, slots=True)
class Followed:
    """`shared`: the interview under the newer version, with its holder's seat; `seen`: as the one whose turn it is sees
    it; `events`: what they hear of the change; `input`: theirs, where it may still be taken."""

    shared: Interview
    seen: Interview
    session: Session
    events: tuple[Event, ...]
    input: Input | None


async def follow(
    tx: Transaction,
    stored: StoredInterview,
    new: Form,
    old: Form | None,
    shared: Interview,
    now: datetime,
    *,
    seated: int | None = None,
    input: Input | None = None,
) -> Followed:
    """Bring an interview and all seats at it to the version `new`. `seated`: the colleague whose turn it is, None: its
    holder's. Saves the seats; saving the interview is the turn's."""
    found = reconcile(new, old, shared, now=now, input=input if seated is None else None)
    await recording.keep_reconciled(tx, new, stored.id, found, now)
    await _audit(tx, stored, shared.version, found, now)
    shared, session, events, taken = found.interview, found.session, found.events, found.input
    if seated is not None:
        shared, events = _put(new, shared, found, now)
        await _tell(tx, stored.id, stored.person_id, shared.language, events, now)
    mine: Interview | None = None
    for one in await tx.seats.of_interview(stored.id):
        if one.closed_at is not None:
            continue
        seen = take_seat(shared, _seat(one))
        moved = reseat(new, old, seen, now=now, input=input if one.person_id == seated else None)
        if one.person_id == seated:
            mine, session, events, taken = moved.interview, moved.session, moved.events, moved.input
            shared, _ = leave_seat(mine, shared)
            continue
        seen, said = _put(new, moved.interview, moved, now)
        shared, seat = leave_seat(seen, shared)
        await tx.seats.save(stored.id, one.person_id, json.dumps(seat.to_json(), ensure_ascii=False))
        await _tell(tx, stored.id, one.person_id, seat.language, said, now)
    seen = shared if mine is None else take_seat(shared, leave_seat(mine, shared)[1])
    return Followed(shared, seen, session, events, taken)


async def agreed(tx: Transaction, form: Form, person_id: int, interview: Interview) -> frozenset[str]:
    """The questions about consent that would be asked again for a newer text, where that text was agreed to already:
    it is asked for before anything else is taken (see `bot.consenting`), and once is enough."""
    found: set[str] = set()
    for path, record in interview.records.items():
        purpose = recording.PURPOSES.get(recording.role(form, path)) if record.mark is not None else None
        if purpose is None or record.mark is None or record.mark.why != "changed":
            continue
        consent = await tx.consents.latest(person_id, purpose)
        wanted = form.nodes[bare(path)].attributes.get("text_version", "")
        if consent is not None and consent.given and consent.text_version == wanted:
            found.add(path)
    return frozenset(found)


def unmarked(interview: Interview, paths: frozenset[str]) -> Interview:
    """The interview, the answers at `paths` not being asked again."""
    records = {path: replace(one, mark=None) if path in paths else one for path, one in interview.records.items()}
    return replace(interview, records=records)


def _put(new: Form, seen: Interview, found: Reconciled, now: datetime) -> tuple[Interview, tuple[Event, ...]]:
    """Of somebody whose turn it is not: the question that is asked now is put, where it is no longer the same."""
    if found.stands or seen.paused:
        return seen, found.events
    turn = current_question(new, seen, now=now)
    return turn.interview, (*found.events, *turn.events)


def _seat(stored: StoredSeat) -> Seat:
    return Seat.from_json(json.loads(stored.state))


async def _tell(
    tx: Transaction, interview_id: int, person_id: int, language: str, events: Sequence[Event], now: datetime
) -> None:
    said = [replace(one, priority=LATER) for one in prompts(events, language, scope=str(interview_id))]
    for address in await tx.people.addresses_of(person_id):
        if address.interview_id == interview_id:
            await tx.outbox.put([envelope(address.channel, address.address, one) for one in said], now)


async def _audit(tx: Transaction, stored: StoredInterview, before: str, found: Reconciled, now: datetime) -> None:
    details: dict[str, str | int | bool | None] = {
        "from": before,
        "to": found.interview.version,
        "asked again": len(found.asked_again),
        "kept aside": len(found.retired),
        "moved": len(found.moved),
    }
    await tx.audit.record(now, "form changed", "interviews", stored.id, details=details)
