"""Handing in: what follows from the last answer of a questionnaire, and from every change after it."""

from __future__ import annotations

import json
from zoneinfo import ZoneInfo

from bot.acting import Act
from bot.contributed import Contributed, contributed
from bot.interviews import Step
from bot.messages import Button
from bot.participating import found_or_added
from bot.questionnaires import version_of
from bot.speaking import Speaker
from db.people import Person
from flows.country.dates import written
from flows.country.handed import LATER
from flows.country.steps.contributions import (
    CarriedOver,
    Handed,
    HandIn,
    TakeBack,
    noticed,
)
from flows.interview.asking import SUBMIT
from flows.interview.events import Completed, Confided, FormChanged, Recorded, RowAdded, RowRemoved
from flows.interview.form import Form
from flows.interview.inputs import Edit
from flows.interview.plan import bare, plan_of
from flows.interview.progress import sections_from_json
from flows.knowledge import country

RECAP = "clearance_recap"  # the job that makes the paper for the hierarchy
_CHANGES = (Recorded, RowAdded, RowRemoved, Confided)


async def watch(act: Act, step: Step) -> None:
    """Look at a step in a questionnaire: its answers may hand a contribution in, or undo that."""
    events = step.turn.events
    if not any(isinstance(event, (*_CHANGES, Completed, FormChanged)) for event in events):
        return
    interviews = act.services.interviews
    form = await version_of(act.tx, interviews.forms, step.form_id, step.kept.version)
    form = form or interviews.forms.get(step.form_id)
    paths = submitting(form) if form is not None else ()
    asked = [event for event in events if isinstance(event, Recorded) and bare(event.path) in paths]
    records = (step.kept.records.get(path) for path in paths)
    if not asked and not any(record is not None and record.status == "answered" for record in records):
        return  # nothing was ever handed in
    found = await contributed(act, step.interview_id)
    if found is None:
        return
    if asked and asked[-1].status == "answered" and asked[-1].value != LATER:
        await hand_in(act, found)
        return
    if asked and found.state in ("in_clearance", "submitted"):
        await take_back(act, found)
        return
    newer = [event for event in events if isinstance(event, FormChanged)]
    ended = any(isinstance(event, Completed) for event in events)
    again = bool(newer and newer[-1].again)
    if newer and not again and not any(isinstance(event, _CHANGES) for event in events):
        await carry_over(act, found)
    elif not await notice(act, found, anyhow=again) and ended:
        await _remind(act, found)


def submitting(form: Form) -> tuple[str, ...]:
    """The paths of the questions that hand the answers in."""
    last = plan_of(form).last
    return tuple(path for path in last if form.nodes[path].attributes.get("role") == SUBMIT)


# ---- the official -------------------------------------------------------------------------------------------------
async def hand_in(act: Act, found: Contributed) -> None:
    """Hand the answers in as they stand: to the hierarchy where it must agree, else to the coordinator."""
    found = await _with_entity(act, found)
    step = HandIn(
        owner_id=found.stored.person_id,
        interview_id=found.id,
        digest=found.digest,
        needs_clearance=found.needs_clearance,
        open=len(found.open),
        form_version=found.stored.form_version,
    )
    if await act.take(step, found.stored.country) is None:
        return
    await act.keep(f"{found.id}.json", found.snapshot, "application/json")
    if not step.needs_clearance:
        await passed_on(act, found)
        return
    await act.say(act.text("clearance.being_made"))
    await act.later(RECAP, interview=found.id, count=found.count + 1)


async def press(act: Act, found: Contributed) -> None:
    """The button that hands in again. What is still to be answered is put instead."""
    left = unfinished(found)
    submit = [one for one in found.answers if bare(one.path) in submitting(found.form)]
    if act.incoming is None or (not left and found.sends and found.sends != LATER and not any(s.again for s in submit)):
        await hand_in(act, found)
        return
    sender = act.incoming.sender
    await act.tx.people.bind(sender.channel, sender.address, act.person.id)
    await act.tx.people.turn_to(sender.channel, sender.address, found.id)
    interviews = act.services.interviews
    if left or not submit or submit[0].again:
        put = await interviews.put_again(act.tx, found.id, act.now)
    else:
        put = await interviews.advance(act.tx, found.id, act.person, Edit(submit[0].path), act.incoming, act.now)
    if put is not None:
        act.steps.append(put)
        await act.say(act.text("contributions.first", left) if left else act.text("contributions.last_question"))
        await act.show(*put.prompts())


def unfinished(found: Contributed) -> int:
    """How many questions must still be answered before it can be handed in."""
    sections = sections_from_json(json.loads(found.stored.sections))
    if plan_of(found.form).has_core:
        return sum(section.core for section in sections)
    return sum(section.total - section.done for section in sections)


async def take_back(act: Act, found: Contributed) -> None:
    """The official answered that it is not to be passed on yet."""
    step = TakeBack(found.stored.person_id, found.id)
    if await act.take(step, found.stored.country) is None:
        return
    await act.say(act.text("contributions.taken_back"))
    await tell_superior(act, found, "clearance.withdrawn")


async def passed_on(act: Act, found: Contributed) -> None:
    """It reached the coordinator: say so to whoever handed it in, and to the coordinator."""
    own = found.owner.role == "coordinator"
    if act.person.id == found.owner.id:
        buttons = [[open_button(act.me, found)]] if own else []
        await act.say(act.text("contributions.sent_own" if own else "contributions.sent"), buttons=buttons)
    else:
        await act.tell([found.owner], lambda to: to.prompt(to.text("clearance.cleared_and_sent")))
    others = [one for one in await act.people("coordinator", country=found.stored.country) if one.id != found.owner.id]
    again = found.handed is not None and bool(found.handed.submitted)
    key = "contributions.told_again" if again else "contributions.told"
    await act.tell(
        others,
        lambda to: to.prompt(to.text(key, entity=found.called(to.language)), buttons=[[open_button(to, found)]]),
    )


def open_button(to: Speaker, found: Contributed) -> Button:
    """The button that shows a contribution."""
    return to.button(to.text("contributions.open"), "contribution", found.id)


async def _with_entity(act: Act, found: Contributed) -> Contributed:
    """Where the invitation named no entity, the one that the answers name is answered for from now on."""
    name = " ".join(found.said("p4_name").split())
    if found.entity is not None or not name:
        return found
    acronym, kind = found.said("p4_acronym"), found.said("p4_type")
    entity = await found_or_added(act, await act.course(found.stored.country), name, acronym, kind)
    await act.tx.interviews.answer_for(found.id, entity.id)
    await act.tx.people.answer_for(found.stored.person_id, entity.id)
    return await contributed(act, found.id) or found


# ---- changes ------------------------------------------------------------------------------------------------------
async def notice(act: Act, found: Contributed, *, anyhow: bool = False) -> bool:
    """Where the answers are no longer what was handed in: note it, and say once what follows. `anyhow`: where they are
    the same still, and questions mean something else now."""
    course = await act.course(found.stored.country)
    facts = noticed(course, found.id, "" if anyhow else found.digest)
    if not facts:
        return False
    state = found.state
    await act.record(*facts, country=found.stored.country)
    if found.stored.locked_at is not None:
        await act.tx.interviews.lock(found.id, None)
    await _say_to_owner(act, found, f"contributions.changed_{state}")
    if state == "in_clearance":
        await tell_superior(act, found, "clearance.changed")
    return True


async def carry_over(act: Act, found: Contributed) -> None:
    """A newer form laid the same answers out anew."""
    one = found.handed
    if one is not None and one.state not in ("draft", "returned") and one.digest != found.digest:
        await act.keep(f"{found.id}.json", found.snapshot, "application/json")
        carried = CarriedOver(found.id, found.digest, found.form.version)
        await act.record(carried, country=found.stored.country)


async def _remind(act: Act, found: Contributed) -> None:
    """Everything is answered, and what was handed in once is not what stands here."""
    if found.state == "draft" and found.handed is not None and found.handed.back and found.sends:
        await _say_to_owner(act, found, "contributions.hand_in_again")


async def _say_to_owner(act: Act, found: Contributed, key: str) -> None:
    def made(to: Speaker) -> tuple[str, list[list[Button]]]:
        return to.text(key), [[to.button(to.text("contributions.hand_in"), "handin", found.id)]]

    if act.person.id == found.owner.id:
        said, buttons = made(act.me)
        await act.say(said, buttons=buttons)
        return
    await act.tell([found.owner], lambda to: to.prompt(made(to)[0], buttons=made(to)[1]))


async def superior_of(act: Act, found: Contributed) -> Person | None:
    """Who is asked to clear it now, if they came."""
    number = found.handed.clearance.superior_id if found.handed is not None else None
    person = await act.tx.people.get(number) if number is not None else None
    return person if person is not None and person.ended_at is None else None


async def tell_superior(act: Act, found: Contributed, key: str) -> None:
    """Say to the superior what became of what they were asked to clear."""
    superior = await superior_of(act, found)
    if superior is not None:
        await act.tell([superior], lambda to: to.prompt(to.text(key, entity=found.called(to.language))))


def day(act: Act, handed: Handed | None, code: str) -> str:
    """The date since which a contribution is where it is, in the country's capital."""
    since = handed.since if handed is not None and handed.since is not None else act.now
    zone = ZoneInfo(country(code).time_zones[0])
    return written(since.astimezone(zone).date(), act.language)
