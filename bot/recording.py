"""What a turn leaves behind beside the interview itself: revisions of answers, consents, files, the language spoken."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from bot.messages import Incoming
from db.answers import Answer
from db.people import Person
from db.transaction import Transaction
from flows.interview.events import Event, Recorded, RowRemoved, Spoke
from flows.interview.form import Form
from flows.interview.plan import bare, moved_up, split_row
from flows.interview.reconcile import Reconciled

# Bind attribute `role` of the questions by which consent is given, and what to.
PURPOSES = {"consent": "processing", "publication": "contact"}
_REFUSED = frozenset({"no", "none", "non", "false", "0"})


def role(form: Form, path: str) -> str:
    """The bind attribute `role` of the question at `path`; "" where it has none."""
    node = form.nodes.get(bare(path))
    return node.attributes.get("role", "") if node is not None else ""


async def keep(
    tx: Transaction,
    form: Form,
    interview_id: int,
    person: Person,
    events: Iterable[Event],
    incoming: Incoming,
    now: datetime,
) -> None:
    """Store what `events` say happened, inside the turn's transaction."""
    answers: list[Answer] = []
    for event in events:
        if isinstance(event, Spoke):
            await tx.people.speak(person.id, event.language)
        elif isinstance(event, RowRemoved):
            await tx.answers.append(answers)
            answers = []
            await _move_rows(tx, interview_id, event, person, incoming, now)
        elif isinstance(event, Recorded):
            answers.append(_answer(event, form, interview_id, now, person.id, incoming))
            await _consent(tx, form, event, person, incoming, now)
            await _file(tx, interview_id, event, incoming, now)
    if answers:
        await tx.answers.append(answers)


async def keep_withdrawn(
    tx: Transaction,
    form: Form,
    interview_id: int,
    events: Iterable[Event],
    now: datetime,
    author_id: int | None = None,
) -> None:
    """Store the revisions of answers that were taken back, or recorded, by nobody in the conversation. `author_id`:
    whose words were recorded."""
    recorded = [one for one in events if isinstance(one, Recorded)]
    await tx.answers.append([_answer(one, form, interview_id, now, author_id) for one in recorded])


async def keep_reconciled(tx: Transaction, form: Form, interview_id: int, found: Reconciled, now: datetime) -> None:
    """Store what a newer version of the form did to answers: those that moved stand elsewhere, said by whom and when
    they were said, and some are in other words or no longer count."""
    current = {one.path: one for one in await tx.answers.current(interview_id)} if found.moved else {}
    moved = [(current[old], new) for old, new in found.moved.items() if old in current]
    left = [_cleared(old, now, update_id=None) for old, _ in moved if old.status != "cleared"]
    stand = [replace(old, path=new, old_value="") for old, new in moved]
    revised = [_answer(one, form, interview_id, now) for one in found.recorded]
    if left or stand or revised:
        await tx.answers.append([*left, *stand, *revised])


def _cleared(old: Answer, now: datetime, update_id: int | None, author_id: int | None = None) -> Answer:
    """The revision by which an answer is no more where it was."""
    return replace(
        old,
        value="",
        display="",
        old_value=old.value,
        status="cleared",
        revision=old.revision + 1,
        author_id=author_id,
        at=now,
        update_id=update_id,
    )


def _answer(
    event: Recorded,
    form: Form,
    interview_id: int,
    now: datetime,
    author_id: int | None = None,
    incoming: Incoming | None = None,
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
        author_id=author_id,
        at=now,
        language=event.language,
        form_version=form.version,
        channel=incoming.sender.channel if incoming else "",
        message_id=event.message_id or (incoming.message_id if incoming else ""),
        update_id=incoming.update_id if incoming else None,
    )


async def _move_rows(
    tx: Transaction, interview_id: int, event: RowRemoved, person: Person, incoming: Incoming, now: datetime
) -> None:
    """After a row is gone the answers of later rows stand one row higher: said by whom and when they were said."""
    place = split_row(event.path)
    if place is None:
        return
    repeat, number = place
    before = {answer.path: answer for answer in await tx.answers.current(interview_id)}
    after = {moved: answer for path, answer in before.items() if (moved := moved_up(path, repeat, number)) is not None}
    revised: list[Answer] = []
    for path, old in before.items():
        new = after.get(path)
        if new is old:
            continue
        if new is not None:
            revised.append(replace(new, path=path, old_value=old.value, update_id=incoming.update_id))
        elif old.status != "cleared":
            revised.append(_cleared(old, now, incoming.update_id, person.id))
    revised += [replace(new, path=path, old_value="") for path, new in after.items() if path not in before]
    if revised:
        await tx.answers.append(revised)


async def _consent(
    tx: Transaction, form: Form, event: Recorded, person: Person, incoming: Incoming, now: datetime
) -> None:
    purpose = PURPOSES.get(role(form, event.path))
    if purpose is None or event.status != "answered":
        return
    given = event.value.strip().lower() not in _REFUSED
    version = form.nodes[bare(event.path)].attributes.get("text_version") or form.version
    channel = incoming.sender.channel
    await tx.consents.record(person.id, version, event.language, given, now, channel, incoming.message_id, purpose)
    action = "consented" if given else "refused consent"
    details = {"purpose": purpose, "version": version}
    await tx.audit.record(now, action, "people", person.id, actor_id=person.id, channel=channel, details=details)


async def _file(tx: Transaction, interview_id: int, event: Recorded, incoming: Incoming, now: datetime) -> None:
    file = event.attachment
    if file is None or event.status != "answered":
        return
    channel = incoming.sender.channel
    await tx.attachments.add(
        interview_id, event.path, file.name, file.media_type, file.size, channel, file.reference, now
    )
