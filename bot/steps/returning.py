"""Answers returned in conversation: picked from the list or named by their numbers, put to the official again."""

from __future__ import annotations

from collections.abc import Sequence

from bot import handing_in, reading
from bot.acting import Act
from bot.companions import Filled
from bot.contributed import Contributed, contributed, opened
from bot.envelopes import envelope
from bot.interviews import Step
from bot.layout import arranged
from bot.messages import Button, Line
from bot.pressed import number
from bot.speaking import later
from bot.steps.capability import Capability
from flows.country.listing import Listed, numbers_in
from flows.country.steps.contributions import ReturnAnswers
from flows.interview.form import Form
from flows.interview.interview import Turn
from flows.interview.logic import Session
from flows.interview.reopening import reopen
from flows.interview.state import Interview


async def pick(act: Act, arguments: Sequence[str]) -> None:
    """The answers to return, picked by their numbers. Arguments: contribution, handing in, the number pressed or the
    page (`p0`), those picked so far."""
    found = await opened(act, arguments)
    if found is None or not await act.allow("return_answers", found.stored.country):
        return
    if not await reading.may_read(act, found):
        return
    what, carried = (arguments[2] if len(arguments) > 2 else "p0"), (arguments[3] if len(arguments) > 3 else "")
    every = reading.entries(act, found)
    picks = tuple(one for one in reading.read_picks(carried) if 1 <= one <= len(every))
    pages = reading.page_of(every, int(what[1:]) if what[:1] == "p" and what[1:].isdecimal() else 0)
    if what.isdecimal() and 1 <= int(what) <= len(every):
        pressed = reading.toggled(picks, int(what))
        if len(pressed) > reading.MOST_PICKS:
            await act.say(act.text("contributions.most_picks", most=reading.MOST_PICKS))
        else:
            picks = pressed
        cut = (reading.page_of(every, at) for at in range(len(every)))
        pages = next(one for one in cut if any(entry.number == int(what) for entry in one[0]))
    await _picking(act, found, pages, picks, edit=bool(carried) or what != "p0")


async def _picking(
    act: Act, found: Contributed, pages: tuple[Sequence[Listed], int, int], picks: Sequence[int], *, edit: bool
) -> None:
    page, at, count = pages
    carried = reading.written(picks)
    same = found.id, found.count
    marks = [
        Button(mark.label, mark.action, ticked=one.number in picks)
        for one in page
        for mark in [act.button(str(one.number), "pick", *same, one.number, carried)]
    ]
    turns = [
        act.button(act.text(f"interview.{name}_page"), "pick", *same, f"p{to}", carried)
        for name, to in (("previous", at - 1), ("next", at + 1))
        if 0 <= to < count
    ]
    begin = act.text("contributions.return_picked", len(picks)) if picks else act.text("contributions.type_numbers")
    lines = [
        reading.title(act.me, found.called(act.language), at, count),
        *reading.lines(act.me, page, picks),
        Line(act.text("contributions.pick"), "hint"),
    ]
    buttons = [*arranged(marks), turns, [act.button(begin, "returning", *same, carried)]]
    await act.say(*lines, buttons=buttons, key=f"pick {found.id}", edit=edit and reading.is_short(lines))


async def begin_return(act: Act, arguments: Sequence[str]) -> None:
    """The answers are picked, or will be typed: what is to be said about them?"""
    found = await opened(act, arguments)
    if found is None or not await act.allow("return_answers", found.stored.country):
        return
    picks = reading.read_picks(arguments[2] if len(arguments) > 2 else "")
    given = {
        "interview": str(found.id),
        "count": str(number(arguments, 1)),
        "entity_name": found.called(act.language),
        "picked": ", ".join(map(str, picks)),
    }
    await act.begin("return", given)


async def returned(act: Act, filled: Filled) -> bool:
    """The comment is written: the answers are put to the official again."""
    await act.tx.hold(f"ledger {act.person.country}")
    found = await contributed(act, filled.number("interview") or 0)
    if found is None:
        await act.say(act.text("contributions.gone"))
        return True
    if not await act.allow("return_answers", found.stored.country):
        return True
    await handing_in.notice(act, found)
    every = reading.entries(act, found)
    known, unknown = numbers_in(filled.given.get("picked") or filled.get("numbers"), len(every))
    if unknown:
        await act.say(act.text("contributions.no_such_number", numbers=", ".join(map(str, unknown)), most=len(every)))
        return False
    paths = tuple(every[one - 1].path for one in known)
    comment = filled.get("comment")
    step = ReturnAnswers(found.id, filled.number("count") or 0, paths, comment)
    if await act.take(step, found.stored.country) is None:
        return True
    await put_again(act, found, paths, comment, told="contributions.told_returned")
    await act.say(act.text("contributions.returned", len(paths), entity=found.called(act.language)))
    return True


async def put_again(act: Act, found: Contributed, paths: Sequence[str], note: str, *, told: str) -> None:
    """Put answers to the official again with a comment; they can be changed again."""
    if found.stored.locked_at is not None:
        await act.tx.interviews.lock(found.id, None)

    def make(form: Form, interview: Interview, session: Session | None) -> Turn:
        by = str(act.person.id)
        return reopen(form, interview, paths, why="returned", note=note, by=by, now=act.now, session=session)

    step = await act.services.interviews.change(act.tx, found.id, make, act.now)
    act.steps.append(step)
    there = [one for one in await act.tx.people.addresses_of(found.owner.id) if one.interview_id == found.id]
    await act.tell(
        [found.owner],
        lambda to: to.prompt(
            to.text(told, len(paths)),
            Line(note, "quote"),
            buttons=[] if there and step.turn.events else [[to.button(to.text("contributions.go_on"), "goon")]],
        ),
    )
    await deliver(act, found, step)


async def deliver(act: Act, found: Contributed, step: Step) -> None:
    """Say what a step in the official's questionnaire says, where they are in it."""
    for address in await act.tx.people.addresses_of(found.owner.id):
        if address.interview_id == found.id:
            prompts = [envelope(address.channel, address.address, later(one)) for one in step.prompts()]
            await act.tx.outbox.put(prompts, act.now)


CAPABILITY = Capability(
    presses={"pick": pick, "returning": begin_return},
    forms={"return": returned},
)
