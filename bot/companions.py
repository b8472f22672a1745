"""Companion forms at work: begun by a step, answered one question after the other, handed to their capability at the
end, once every file given in them has arrived."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.acting import Act, Services
from bot.attachments import Kept
from bot.interviews import Step
from bot.messages import Prompt
from bot.prompts import prompts
from db.attachments import StoredAttachment
from db.interviews import StoredInterview
from db.transaction import Transaction
from flows.country.steps.base import FileRef
from flows.interview.answers import Answered, answers
from flows.interview.events import Completed
from flows.interview.plan import bare
from flows.interview.state import Interview
from flows.questionnaires.companions import companion_form, companion_name

CONFIRM = "confirm"
"""The name of the last question of a companion form."""
YES = "yes"
_ENDING = re.compile(r"[a-z0-9]{1,5}")


@dataclass(frozen=True, slots=True)
class Filled:
    """A companion form as it was filled in. `given`: what it was begun with; `language`: that of its answers."""

    name: str
    interview_id: int
    language: str
    given: Mapping[str, str]
    answers: tuple[Answered, ...]
    kept: Mapping[str, FileRef]  # by path

    def get(self, name: str) -> str:
        """The answer to the question of that name, outside rows; "" where there is none."""
        return next((one.value for one in self.answers if one.name == name and not one.rows and _said(one)), "")

    def chosen(self, name: str) -> tuple[str, ...]:
        """The choices of a selection of several."""
        return tuple(self.get(name).split())

    def number(self, name: str) -> int | None:
        """A whole number, answered or given beforehand."""
        value = self.get(name) or self.given.get(name, "")
        return int(value) if value.lstrip("-").isdecimal() else None

    def file(self, name: str) -> FileRef | None:
        """The file given there, outside rows, under a name of ours: what people call their files may name others, and
        would stand in the ledger for good. Their own name of it is the answer."""
        path = next((one.path for one in self.answers if one.name == name and not one.rows), "")
        return self.kept.get(path)

    def rows(self, repeat: str) -> list[Mapping[str, str]]:
        """The answers of each row of a repeat, by question name; rows with no answer at all left out."""
        found: dict[int, dict[str, str]] = {}
        for one in self.answers:
            if one.rows and one.rows[-1][0] == repeat and _said(one):
                found.setdefault(one.rows[-1][1], {})[one.name] = one.value
        return [found[number] for number in sorted(found)]


def _said(one: Answered) -> bool:
    return one.status in ("answered", "computed") and bool(one.value.strip())


async def begin(act: Act, name: str, given: Mapping[str, str]) -> None:
    """Start the form from where the person writes; one begun before and not finished is left. The very same, finished
    and waiting for its file, is not begun anew."""
    incoming = act.incoming
    if incoming is None:
        raise ValueError("a form is begun where somebody writes")
    before = await _current(act)
    if before is not None and before.status == "completed" and _is_same(before, name, given):
        await act.say(act.text("steps.file_coming"))
        return
    await leave(act)
    sender = incoming.sender
    await act.tx.people.bind(sender.channel, sender.address, act.person.id)
    interviews = act.services.interviews
    entity = await act.tx.entities.get(act.person.entity_id) if act.person.entity_id is not None else None
    form = companion_form(name)
    step = await interviews.start(act.tx, act.person, entity, incoming, act.now, form, given)
    act.steps.append(step)
    await act.show(*step.prompts())


async def leave(act: Act, *, finished: bool = False) -> bool:
    """Put away the companion form that the person is in, if any, and go back to their questionnaire. One that is
    finished and waits for its file is handed on all the same, and the person is told so; with `finished` it is put away
    too."""
    stored = await _current(act)
    if stored is None:
        return False
    if stored.status == "completed" and not finished:
        await act.say(act.text("steps.file_still_coming"))
    else:
        await act.tx.interviews.save(stored, stored.state, act.now, status="withdrawn")
    await home(act, stored)
    return True


async def _current(act: Act) -> StoredInterview | None:
    """The companion form that messages from where the person writes go to."""
    if act.incoming is None:
        return None
    sender = act.incoming.sender
    address = await act.tx.people.at(sender.channel, sender.address)
    stored = await act.tx.interviews.get(address.interview_id) if address and address.interview_id else None
    return stored if stored is not None and act.services.interviews.is_companion(stored.form_id) else None


def _is_same(stored: StoredInterview, name: str, given: Mapping[str, str]) -> bool:
    known = Interview.from_json(json.loads(stored.state)).given
    return companion_name(stored.form_id) == name and all(known.get(key) == value for key, value in given.items())


async def home(act: Act, stored: StoredInterview) -> None:
    """Messages that went to a companion form go to the person's questionnaire again, where they have one."""
    back = await questionnaire(act, stored.person_id)
    for address in await act.tx.people.addresses_of(stored.person_id):
        if address.interview_id == stored.id:
            await act.tx.people.turn_to(address.channel, address.address, back)


async def questionnaire(act: Act, person_id: int) -> int | None:
    """The interview in which somebody answers for their entity: their own, or the one they share in."""
    forms = act.services.interviews.forms
    own = [one for one in await act.tx.interviews.of_person(person_id) if one.form_id in forms]
    if own:
        return own[-1].id
    shared = [one for one in await act.tx.seats.of_person(person_id) if one.closed_at is None]
    return shared[-1].interview_id if shared else None


def spoken(step: Step) -> list[Prompt]:
    """What a step in a companion form says: all but that the form is finished, which its capability says better."""
    said = [event for event in step.turn.events if not isinstance(event, Completed)]
    return prompts(said, step.turn.interview.language, scope=str(step.interview_id))


async def finish(act: Act, stored: StoredInterview, last: StoredAttachment | None = None) -> bool:
    """Hand the filled form to its capability, if all its files have arrived; False: one is still on its way. `last`:
    the file that arrived just now; one that the form holds no more is no reason to hand it on.

    What the capability refuses is said by it, and the form's last question is asked again; but not of somebody who went
    on to something else.
    """
    from bot.steps import registry

    files = await act.tx.attachments.of_interview(stored.id)
    form = act.services.interviews.form_of(stored)
    interview = Interview.from_json(json.loads(stored.state))
    given = answers(form, interview, stored.language, now=act.now)
    named = {one.path: one.value for one in given if one.attachment is not None}
    current = {one.path: one for one in files if named.get(one.path) == one.name}
    if last is not None and all(one.id != last.id for one in current.values()):
        return False
    if any(one.state == "waiting" for one in current.values()):
        if last is None:
            await act.say(act.text("steps.file_coming"))
        return False
    kept = {
        path: FileRef(_our_name(stored, path, one.name), one.sha256, one.size or 0, one.media_type)
        for path, one in current.items()
        if one.state == "stored" and one.sha256
    }
    name = companion_name(stored.form_id)
    filled = Filled(name, stored.id, stored.language, dict(interview.given), given, kept)
    if filled.get(CONFIRM) != YES:
        await act.tx.interviews.save(stored, stored.state, act.now, status="withdrawn")
        await home(act, stored)
        await act.say(act.text("steps.form_left"))
        return True
    elsewhere = not any(one.interview_id == stored.id for one in await act.tx.people.addresses_of(stored.person_id))
    await home(act, stored)
    if not await registry().forms[name](act, filled):
        if elsewhere:
            await act.tx.interviews.save(stored, stored.state, act.now, status="withdrawn")
        else:
            await again(act, stored)
    return True


def _our_name(stored: StoredInterview, path: str, name: str) -> str:
    """`interest-letter-BFA-12.pdf`: form and question, country, the form's number; it ends as the person's own does."""
    ending = name.rpartition(".")[2].lower() if "." in name else ""
    parts = (companion_name(stored.form_id), bare(path).rpartition("/")[2], stored.country, str(stored.id))
    return "-".join(part for part in parts if part) + (f".{ending}" if _ENDING.fullmatch(ending) else "")


def arrivals(services: Services, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> Kept:
    """What `Fetcher` calls when a file is kept: a companion form that only waited for it is handed on."""

    async def arrived(tx: Transaction, attachment: StoredAttachment) -> None:
        await _file_arrived(services, tx, attachment, clock())

    return arrived


async def _file_arrived(services: Services, tx: Transaction, attachment: StoredAttachment, now: datetime) -> None:
    stored = await tx.interviews.get(attachment.interview_id)
    if stored is None or stored.status != "completed" or not services.interviews.is_companion(stored.form_id):
        return
    person = await tx.people.get(stored.person_id)
    if person is not None and person.ended_at is None:
        await finish(Act(services, tx, person, now), stored, attachment)


async def again(act: Act, stored: StoredInterview) -> None:
    """Ask for the confirmation again: what was entered is kept and can be corrected."""
    form = act.services.interviews.form_of(stored)
    path = next(path for path, node in form.nodes.items() if node.name == CONFIRM)
    step = await act.services.interviews.reask(act.tx, stored.id, path, YES, act.now)
    if step is None:
        return
    for address in await act.tx.people.addresses_of(stored.person_id):
        await act.tx.people.turn_to(address.channel, address.address, stored.id)
    act.steps.append(step)
    await act.show(*step.prompts())
