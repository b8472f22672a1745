"""What follow-ups say: the reminder, which is the next question where there is one; and word to those who can help."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.acting import Act, Services
from bot.envelopes import envelope
from bot.messages import Button, Line, Prompt
from bot.speaking import Speaker, base36, later, styled
from bot.steps.capability import Task
from db.follow_ups import FollowUp
from db.people import Person
from db.transaction import Transaction
from flows import knowledge
from flows.country.dates import written
from flows.interview.events import Asked

PUT_AGAIN = ("questionnaire", "delegation", "round")
"""Kinds of matters whose subject is an interview: their reminder is its next question."""
MOST = 8  # matters listed in one message
_REMINDER = re.compile(r"reminder ([0-9a-z]{1,12}) [0-9a-z]+")
FORWARDED = 3  # matters with a text to forward

Numbered = Sequence[tuple[FollowUp, Task]]


@dataclass(frozen=True, slots=True)
class Told:
    """A matter that somebody else hears of."""

    row: FollowUp
    person: Person
    task: Task


# ---- to the person ------------------------------------------------------------------------------------------------
async def remind(act: Act, due: Numbered, until: datetime) -> None:
    """One message with all that is due, as it stands now; it is sent once however often it is put. `until`: when the
    hours in which it may be sent end."""
    first = due[0][0]
    buttons = [
        [act.button(act.text("reminders.button_later"), "fu_later", first.id)],
        [act.button(act.text("reminders.button_help"), "fu_help", first.id)],
    ]
    asked = next(((row, task) for row, task in due if row.kind in PUT_AGAIN), None)
    question = await _question(act, asked[0]) if asked is not None else None
    others = [(row, task) for row, task in due if question is None or asked is None or row.id != asked[0].id]
    shown = others[:MOST]
    several = len(shown) > 1
    lines: list[str | Line] = [act.text("reminders.opening")]
    if shown:
        items = [_item(act, row, task.line) for row, task in shown]
        lines += [act.text("reminders.waiting", len(others))]
        lines += styled("item", *(f"{n}. {item}" if several else item for n, item in enumerate(items, 1)))
        if len(others) > MOST:
            lines.append(act.text("steps.more_tasks", len(others) - MOST))
    rows = [[_numbered(task.button, n) if several else task.button] for n, (_, task) in enumerate(shown, 1)]
    if question is None or asked is None:
        prompt = act.me.prompt(*lines, buttons=[*rows, *buttons])
    else:
        prompt, asking = question
        lines += _left(act, asked[0], asking)
        said = tuple(Line(line) if isinstance(line, str) else line for line in lines)
        prompt = replace(
            prompt, lines=(*said, *prompt.lines), buttons=(*prompt.buttons, *map(tuple, [*rows, *buttons]))
        )
    await _put(act, later(prompt), until, dedupe=f"follow-up {first.id} {first.revision}", batch=_batch(first))


async def withdraw(tx: Transaction, row: FollowUp, now: datetime) -> None:
    """What is settled is not said any more, even where its message waits to be sent: after a fault of the network, or
    for somebody who blocked the bot. One that says something else too is sent."""
    if row.last_at is None:
        return
    if any(one.last_at == row.last_at for one in await tx.follow_ups.of_person(row.person_id)):
        return
    await tx.outbox.drop_batch(_batch(row), "settled", now)


async def unsent(tx: Transaction, batch: str, now: datetime) -> None:
    """A reminder that could not be sent in time counts as tried, not as said. `batch` of anything else: nothing."""
    found = _REMINDER.fullmatch(batch)
    for row in await tx.follow_ups.of_person(int(found[1], 36)) if found is not None else ():
        if _batch(row) == batch and await tx.follow_ups.change(replace(row, reminders=max(row.reminders - 1, 0))):
            await tx.follow_ups.note(row, "not sent", now, to_id=row.person_id, number=row.reminders)


def _batch(row: FollowUp) -> str:
    """By which the last reminder of a matter, with all that it reminded of, is known in the outbox."""
    at = int(row.last_at.timestamp()) if row.last_at is not None else 0
    return f"reminder {base36(row.person_id)} {base36(at)}"


async def _put(act: Act, prompt: Prompt, until: datetime, *, dedupe: str, batch: str | None = None) -> bool:
    """Put a message for the person, wherever they can be reached, to be sent before `until`. False: nowhere."""
    reached = False
    for address in await act.tx.people.reach(act.person.id):
        if address.status == "reachable":
            message = envelope(address.channel, address.address, prompt, dedupe=f"{dedupe} {act.person.id}")
            await act.tx.outbox.put([replace(message, batch=batch, not_after=until)], act.now)
            reached = True
    return reached


def _numbered(button: Button, number: int) -> Button:
    return replace(button, label=f"{number}. {button.label}")


def _item(act: Act, row: FollowUp, line: str) -> str:
    if row.due is None:
        return line
    key = "reminders.item_late" if row.due < local(act.person.country, act.now) else "reminders.item_due"
    return act.text(key, line=line.rstrip("."), date=written(row.due, act.language))


async def _question(act: Act, row: FollowUp) -> tuple[Prompt, Asked] | None:
    """The question that is open in an interview, to be put again; None where the person is doing something else."""
    number = int(row.subject)
    addresses = await act.tx.people.addresses_of(act.person.id)
    if not any(address.interview_id == number for address in addresses):
        return None
    step = await act.services.interviews.put_again(act.tx, number, act.now, act.person)
    if step is None:
        return None
    act.steps.append(step)
    asked = next((event for event in reversed(step.turn.events) if isinstance(event, Asked)), None)
    prompts = step.prompts()
    return (prompts[-1], asked) if asked is not None and prompts else None


def _left(act: Act, row: FollowUp, asked: Asked) -> list[str]:
    """How much is left, with whom, and until when: one paragraph."""
    place = asked.place
    said = []
    if place is not None and place.total > place.done:
        left, away = place.total - place.done, place.away
        said.append(act.text("reminders.left_away", left, away=away) if away else act.text("reminders.left", left))
    if row.due is not None:
        key = "reminders.was_due" if row.due < local(act.person.country, act.now) else "reminders.is_due"
        said.append(act.text(key, date=written(row.due, act.language)))
    return said


def local(country: str, now: datetime) -> date:
    """The day that it is in a country's capital."""
    return now.astimezone(ZoneInfo(knowledge.country(country).time_zones[0])).date() if country else now.date()


# ---- to those who can help ----------------------------------------------------------------------------------------
async def tell(
    services: Services, tx: Transaction, others: Sequence[Person], told: Sequence[Told], now: datetime, until: datetime
) -> int:
    """Tell each of `others`, before `until`, what has gone unanswered, with a text to pass on by another way. Returns
    how many of them can be reached."""
    entities = {
        entity_id: entity.name
        for entity_id in {one.person.entity_id for one in told}
        if entity_id is not None and (entity := await tx.entities.get(entity_id)) is not None
    }
    reached = 0
    for other in others:
        act = Act(services, tx, other, now)
        prompt = later(_unanswered(act.me, told, entities, services.contact))
        reached += await _put(act, prompt, until, dedupe=f"unanswered {told[0].row.id} {told[0].row.revision}")
    return reached


def _unanswered(to: Speaker, told: Sequence[Told], entities: dict[int, str], contact: str) -> Prompt:
    lines: list[str | Line] = [to.text("reminders.unanswered", len(told))]
    lines += styled("item", *(_named(to, one, entities) for one in told[:MOST]))
    if len(told) > MOST:
        lines.append(to.text("steps.more_tasks", len(told) - MOST))
    lines.append(to.text("reminders.forward"))
    for one in told[:FORWARDED]:
        there = Speaker(one.person)
        what = there.text(f"reminders.kind_{one.row.kind}")
        said = there.text("reminders.letter", what=what, contact=contact)
        lines += styled("quote", said)
    return to.prompt(*lines)


def _named(to: Speaker, one: Told, entities: dict[int, str]) -> str:
    who = " · ".join(
        filter(None, (one.person.label, entities.get(one.person.entity_id or 0, ""), _place(to, one.row.country)))
    )
    what = to.text(f"reminders.kind_{one.row.kind}")
    if one.row.why == "unreachable":
        return to.text("reminders.unreachable", who=who, what=what)
    return to.text("reminders.silent", one.row.reminders, who=who, what=what, since=written(one.row.since, to.language))


def _place(to: Speaker, country: str) -> str:
    return knowledge.country(country).name(to.language) if country and not to.person.country else ""
