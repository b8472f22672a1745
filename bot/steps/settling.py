"""Desk research settled: the entity that a finding concerns confirms it, corrects it, or says that it is not so.

A finding confirmed stands in the guide beside the answers. It is never made into somebody's answer: where the person
who confirms it has answered the same question otherwise, they may take their own answer up again, and that is all.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from bot import companions, findings, pressed
from bot.acting import Act, Make
from bot.choosing import PAGE, choices, turning
from bot.companions import Filled
from bot.messages import Line, Prompt
from bot.pressed import country_and_number
from bot.speaking import Speaker
from bot.steps.capability import Capability
from db.interviews import StoredInterview
from flows.country.steps.base import Refusal
from flows.country.steps.desk import (
    Found,
    PassOn,
    ReopenFinding,
    SettleFinding,
    Verdict,
    WithdrawFinding,
    asked,
)
from flows.interview.events import Reopened
from flows.interview.form import Form
from flows.interview.interview import Turn
from flows.interview.logic import Session
from flows.interview.reopening import reopen
from flows.interview.state import Interview


# ---- settling -----------------------------------------------------------------------------------------------------
async def confirm(act: Act, arguments: Sequence[str]) -> None:
    """The entity confirms."""
    country, number = country_and_number(arguments)
    if await act.take(SettleFinding(number, "confirmed"), country) is not None:
        await _settled(act, country, number)


async def correct(act: Act, arguments: Sequence[str]) -> None:
    """The entity wants another text: which?"""
    await _ask(act, arguments, "correction")


async def reject(act: Act, arguments: Sequence[str]) -> None:
    """The entity says that it is not so: why?"""
    await _ask(act, arguments, "rejection")


async def _ask(act: Act, arguments: Sequence[str], form: str) -> None:
    country, number = country_and_number(arguments)
    one = await findings.readable(act, country, number)
    if one is None or not await act.allow("settle_finding", country, asked(await act.course(country), one)):
        return
    if one.state != "proposed":
        await act.refuse(Refusal(f"desk.is_{one.state}", {"number": number}))
        return
    await act.begin(form, {"country": country, "number": str(number), "fact": one.text})


async def corrected(act: Act, filled: Filled) -> bool:
    """The right text is written."""
    country, number = filled.given["country"], int(filled.given["number"])
    step = SettleFinding(number, "corrected", filled.get("text"), filled.language)
    return await _take(act, step, country, number)


async def rejected(act: Act, filled: Filled) -> bool:
    """The reason is written, or none."""
    country, number = filled.given["country"], int(filled.given["number"])
    step = SettleFinding(number, "rejected", language=filled.language, reason=filled.get("reason"))
    return await _take(act, step, country, number)


async def _take(act: Act, step: SettleFinding, country: str, number: int) -> bool:
    if await act.take(step, country) is None:
        known = (await act.course(country)).findings.made.get(number)
        return known is None or known.state != "proposed"  # settled meanwhile: nothing is left to correct
    await _settled(act, country, number)
    return True


async def _settled(act: Act, country: str, number: int) -> None:
    course = await act.course(country)
    one = course.findings.made[number]
    lines = [act.text(f"desk.done_{one.state}", number=number)]
    buttons = [[act.button(act.text("desk.reopen"), "fnd_again", country, number)]]
    if one.state != "rejected" and await _own_answer(act, one) is not None:
        lines.append(act.text("desk.your_answer"))
        buttons.append([act.button(act.text("desk.review_mine"), "fnd_mine", country, number)])
    await act.say(*lines, buttons=buttons)
    names = await findings.names_of(act.tx, country)
    verdict = cast(Verdict, one.state)

    def tell(to: Speaker) -> Prompt:
        entity = findings.entity_of(course, one, names, to.language)
        place = findings.country_name(to, country)
        said: list[str | Line] = [to.text(f"desk.told_{verdict}", country=place, number=number, entity=entity)]
        if one.said:
            said.append(Line(one.said, "quote"))
        if one.reason:
            said += [to.text("desk.told_reason"), Line(one.reason, "quote")]
        return to.prompt(*said, buttons=[[to.button(to.text("desk.open"), "fnd_see", country, number)]])

    await _tell_author(act, one, tell)


async def _tell_author(act: Act, one: Found, make: Make) -> None:
    """Tell who found it; the secretariat where nobody did in person."""
    author = await act.tx.people.get(one.by) if one.by is not None else None
    people = [author] if author is not None and author.ended_at is None else await act.people("secretariat")
    await act.tell([person for person in people if person.id != act.person.id], make)


async def again(act: Act, arguments: Sequence[str]) -> None:
    """Take back what was said of a finding."""
    country, number = country_and_number(arguments)
    if await act.take(ReopenFinding(number), country) is None:
        return
    course = await act.course(country)
    one = course.findings.made[number]
    await act.say(act.text("desk.reopened", number=number))
    names = await findings.names_of(act.tx, country)
    answers = await findings.answers_on(act.tx, course, one, names)
    await act.show(findings.proposal(act.me, course, one, names, answers))
    await _tell_author(
        act,
        one,
        lambda to: to.prompt(to.text("desk.told_reopened", country=findings.country_name(to, country), number=number)),
    )


async def pass_on(act: Act, arguments: Sequence[str]) -> None:
    """The coordinator chooses another entity to be asked: `fnd_to BFA 12`, a page, or the entity."""
    country, number = country_and_number(arguments)
    course = await act.course(country)
    if len(arguments) > 3 and arguments[2] == "e":
        entity = pressed.number(arguments, 3)
        step = PassOn(number, entity, frozenset(await findings.names_of(act.tx, country)))
        if await act.take(step, country) is None:
            return
        names = await findings.names_of(act.tx, country)
        course = await act.course(country)
        one = course.findings.made[number]
        entity_name = findings.entity_of(course, one, names, act.language)
        await act.say(act.text("desk.passed_on", number=number, entity=entity_name))
        await findings.put_before(act.tx, course, [number], act.now)
        return
    if not await act.allow("settle_finding", country):
        return
    page = pressed.number(arguments, 2)
    entities = await choices(act, course)
    rows = [
        [act.button(findings.short(name), "fnd_to", country, number, "e", entity_id)]
        for entity_id, name in entities[page * PAGE : (page + 1) * PAGE]
    ]
    rows.append(turning(act, page, len(entities), "fnd_to", country, number))
    await act.say(act.text("desk.which_entity"), buttons=rows, key=f"pass/{number}", edit=len(arguments) > 2)


async def withdraw(act: Act, arguments: Sequence[str]) -> None:
    """Who found it takes it back."""
    country, number = country_and_number(arguments)
    before = (await act.course(country)).findings.made.get(number)
    was_settled_by = before.settled_by if before is not None else None
    if await act.take(WithdrawFinding(number), country) is None:
        return
    course = await act.course(country)
    one = course.findings.made[number]
    await act.say(act.text("desk.withdrawn", number=number))
    people = await findings.asked_people(act.tx, course, one)
    settler = await act.tx.people.get(was_settled_by) if was_settled_by is not None else None
    if settler is not None and settler.ended_at is None and settler.id not in {person.id for person in people}:
        people.append(settler)
    await act.tell(
        people,
        lambda to: to.prompt(to.text("desk.told_withdrawn", country=findings.country_name(to, country), number=number)),
    )


# ---- one's own answer ---------------------------------------------------------------------------------------------
async def _own_answer(act: Act, one: Found) -> tuple[StoredInterview, tuple[str, ...]] | None:
    """The person's own answers to the question of a finding, where they may still be changed."""
    number = await companions.questionnaire(act, act.person.id) if one.field else None
    stored = await act.tx.interviews.get(number) if number is not None else None
    if stored is None or stored.person_id != act.person.id or stored.locked_at is not None:
        return None
    paths = tuple(
        answer.path
        for answer in await act.tx.answers.current(stored.id)
        if answer.status == "answered" and answer.value and answer.path.rpartition("/")[2] == one.field
    )
    return (stored, paths) if paths else None


async def mine(act: Act, arguments: Sequence[str]) -> None:
    """Take up one's own answer again, with the finding beside it."""
    country, number = country_and_number(arguments)
    one = await findings.readable(act, country, number)
    if one is None or act.incoming is None:
        return
    own = await _own_answer(act, one)
    if own is None or one.state not in ("confirmed", "corrected"):
        await act.say(act.text("desk.not_reviewable"))
        return
    stored, paths = own
    note = one.said or one.text

    def put(form: Form, interview: Interview, session: Session | None) -> Turn:
        return reopen(form, interview, paths, why="finding", note=note, now=act.now, session=session)

    await companions.leave(act)
    sender = act.incoming.sender
    await act.tx.people.bind(sender.channel, sender.address, act.person.id)
    await act.tx.people.turn_to(sender.channel, sender.address, stored.id)
    step = await act.services.interviews.change(act.tx, stored.id, put, act.now)
    act.steps.append(step)
    if not step.turn.events:
        await act.say(act.text("desk.not_reviewable"))
        return
    await act.show(*step.prompts())
    if any(isinstance(event, Reopened) and event.later for event in step.turn.events):
        asked_first = await act.services.interviews.put_again(act.tx, stored.id, act.now)
        if asked_first is not None:
            act.steps.append(asked_first)
            await act.show(*asked_first.prompts())


CAPABILITY = Capability(
    presses={
        "fnd_ok": confirm,
        "fnd_fix": correct,
        "fnd_no": reject,
        "fnd_again": again,
        "fnd_to": pass_on,
        "fnd_out": withdraw,
        "fnd_mine": mine,
    },
    forms={"correction": corrected, "rejection": rejected},
)
