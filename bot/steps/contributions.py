"""Contributions in conversation: handed in again by the official, read, accepted or returned by the coordinator."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence

from bot import handing_in, reading, recapping
from bot.acting import Act, document
from bot.contributed import Contributed, briefs, contributed, none_own, opened, own, refused
from bot.handing_in import day, open_button
from bot.layout import arranged
from bot.matters import about, last_said
from bot.messages import Button, Line
from bot.placing import placed
from bot.pressed import NotOurs, code, number
from bot.speaking import styled
from bot.steps.capability import Capability, Command, Task
from bot.steps.release import ask_release, restricted
from db.interviews import StoredInterview
from flows.country.contribution import SENT, Status
from flows.country.dates import written
from flows.country.handed import LATER
from flows.country.names import folded
from flows.country.steps.contributions import Accept, Handed, WithdrawAcceptance
from flows.country.steps.course import Course
from flows.interview.progress import sections_from_json
from flows.knowledge import country

ON_PAGE = 8  # contributions of a list
_ORDER: tuple[Status, ...] = ("submitted", "in_clearance", "returned", "draft", "accepted")
_OF_COUNTRY = ("coordinator", "secretariat", "expert")


# ---- the list -----------------------------------------------------------------------------------------------------
async def overview(act: Act, arguments: Sequence[str] = ()) -> None:
    """The contributions of a country, those to accept first; for an official their own."""
    if act.person.role == "official":
        mine = await own(act)
        await (_show(act, mine) if mine is not None else act.say(await none_own(act)))
        return
    if act.person.role == "superior":
        theirs = [one.interview_id for one in (await act.course()).contributions.of_superior(act.person.id)]
        await _list(act, act.person.country, theirs, 0)
        return
    place = await placed(act, "contributions", arguments, "read_answers")
    if place is not None:
        await _list(act, place.code, None, 0)


async def turn_page(act: Act, arguments: Sequence[str]) -> None:
    """Another page of the list. Arguments: country, page."""
    place = code(arguments)
    if act.person.role not in _OF_COUNTRY:
        raise NotOurs(act.person.role)
    if await act.allow("read_answers", place):
        await _list(act, place, None, number(arguments, 1), edit=True)


async def _list(act: Act, code: str, only: Sequence[int] | None, wanted: int, *, edit: bool = False) -> None:
    place = country(code).name(act.language)
    every = [one for one in await briefs(act, code) if only is None or one.id in only]
    if not every:
        await act.say(act.text("contributions.none", country=place))
        return
    every.sort(key=lambda one: (_ORDER.index(one.state), folded(one.name)))
    count = -(-len(every) // ON_PAGE)
    at = min(max(wanted, 0), count - 1)
    shown = list(enumerate(every, 1))[at * ON_PAGE : (at + 1) * ON_PAGE]
    unnamed = act.text("contributions.unnamed")
    items = [
        act.text(
            *("contributions.line", None),
            number=number,
            entity=one.name or unnamed,
            state=state_said(act, one.state, one.handed, code),
        )
        for number, one in shown
    ]
    openers = [act.button(str(number), "contribution", one.id) for number, one in shown]
    lines = [Line(act.text("contributions.list", len(every), country=place), "title"), *styled("item", *items)]
    lines.append(Line(act.text("contributions.how"), "hint"))
    buttons = [*arranged(openers), reading.turning(act.me, "contributions", (code,), at, count)]
    await act.say(*lines, buttons=buttons, key="contributions", edit=edit)


def state_said(act: Act, state: Status, handed: Handed | None, code: str) -> str:
    """Where a contribution is, and since when."""
    again = handed is not None and state == "draft"
    return act.text(f"contributions.state_{'again' if again else state}", date=day(act, handed, code))


# ---- one contribution ---------------------------------------------------------------------------------------------
async def show(act: Act, arguments: Sequence[str]) -> None:
    """Open one."""
    found = await opened(act, arguments)
    if found is not None and (found.owner.id == act.person.id or await _concerns(act, found)):
        await _show(act, found)


async def _concerns(act: Act, found: Contributed) -> bool:
    return await act.allow("read_answers", found.stored.country, found.stored.entity_id)


async def _show(act: Act, found: Contributed) -> None:
    lines: list[str | Line] = [Line(found.called(act.language), "title"), *styled("item", *_facts(act, found))]
    mine = found.owner.id == act.person.id
    asked = found.handed.clearance.superior_id if found.handed is not None else None
    readable = mine or found.state in SENT or asked == act.person.id
    if readable:
        every = reading.entries(act, found)
        given = Counter(one.section for one in every if one.status == "answered")
        left = Counter(one.section for one in every if one.status != "answered")
        for section in dict.fromkeys(one.section for one in every):
            counts = [act.text("contributions.answers", given[section])] if given[section] else []
            counts += [act.text("contributions.left", left[section])] if left[section] else []
            lines.append(Line(act.text("contributions.section", section=section, counts=", ".join(counts)), "item"))
    comments = found.handed.returned if found.handed is not None else []
    if found.state == "returned" and comments and comments[-1].text:
        lines += [act.text("contributions.comment"), Line(comments[-1].text, "quote")]
    remarks = found.handed.clearance.remarks if found.handed is not None else []
    if mine and found.handed is not None and found.handed.back == "remarks" and remarks and remarks[-1].text:
        lines += [act.text("clearance.remarks"), Line(remarks[-1].text, "quote")]
    await act.say(*lines, buttons=_buttons(act, found, mine=mine, readable=readable))


def _facts(act: Act, found: Contributed) -> list[str]:
    """What is on record of it: its state, clearance, acceptance, release."""
    said = [act.text("contributions.is", state=state_said(act, found.state, found.handed, found.stored.country))]
    one = found.handed
    if one is None:
        return said
    clearance = one.clearance
    if clearance.cleared == "paper" and clearance.signed_on is not None:
        date, signer = written(clearance.signed_on, act.language), clearance.signer
        said.append(act.text("contributions.cleared_paper", date=date, signer=signer))
    elif clearance.cleared == "chat" and clearance.at is not None:
        said.append(act.text("contributions.cleared_chat", date=written(clearance.at.date(), act.language)))
    elif one.dropped:
        said.append(act.text("contributions.cleared_dropped"))
    if one.own:
        said.append(act.text("contributions.own"))
    kept = len(restricted(found)) if one.state in SENT else 0
    if kept and one.decided:
        said.append(act.text("contributions.is_released", len(one.released), of=kept))
    elif kept:
        said.append(act.text("contributions.is_kept", kept))
    return said


def _buttons(act: Act, found: Contributed, *, mine: bool, readable: bool) -> list[list[Button]]:
    number, count, state = found.id, found.count, found.state
    rows: list[list[Button]] = []

    def row(key: str, name: str, *arguments: str | int) -> None:
        rows.append([act.button(act.text(key), name, *arguments)])

    coordinates = act.may("accept", found.stored.country)
    if coordinates and state == "submitted":
        row("contributions.accept", "accept", number, count)
    if readable:
        row("contributions.read", "answers", number, 0)
    if coordinates and found.handed is not None and state in SENT:
        if len(found.handed.submitted) > 1 and found.handed.submitted[-1] != found.handed.submitted[-2]:
            row("contributions.what_changed", "changes", number, 0)
        row("contributions.return", "pick", number, count, "p0", "")
    if (coordinates and state in SENT) or mine:
        row("contributions.recap", "recap", number)
    if mine and state != "accepted":
        row("paper.button_ask", "paper_ask")
    if coordinates and state == "accepted":
        if restricted(found):
            row("contributions.decide_release", "deciding", number)
        row("contributions.unaccept", "unaccept", number)
    if mine and state in ("draft", "returned"):
        if found.sends:
            row("contributions.hand_in", "handin", number)
        row("contributions.go_on", "goon")
    if mine and state == "in_clearance":
        row("clearance.new_link", "superior", number)
        row("clearance.on_paper", "signed", number)
    if mine and state in ("in_clearance", "submitted"):
        row("contributions.take_back", "takeback", number)
    return rows


async def read(act: Act, arguments: Sequence[str]) -> None:
    """The answers, page by page."""
    found = await opened(act, arguments)
    if found is None or not await reading.may_read(act, found):
        return
    page, at, count = reading.page_of(reading.entries(act, found), number(arguments, 1))
    lines = [reading.title(act.me, found.called(act.language), at, count), *reading.lines(act.me, page)]
    buttons = [reading.turning(act.me, "answers", (found.id,), at, count), [open_button(act.me, found)]]
    await act.say(
        *lines, buttons=buttons, key=f"answers {found.id}", edit=reading.is_short(lines) and bool(arguments[1:])
    )


async def changed(act: Act, arguments: Sequence[str]) -> None:
    """What is different from what the coordinator had before."""
    found = await opened(act, arguments)
    if found is None or not await act.allow("accept", found.stored.country):
        return
    if not await reading.may_read(act, found):
        return
    lines = await reading.changes(act, found)
    title = act.text("contributions.changes", entity=found.called(act.language))
    buttons = [[open_button(act.me, found)]]
    await act.say(
        *([Line(title, "title"), *lines] if lines else [act.text("contributions.no_changes")]), buttons=buttons
    )


# ---- acceptance ---------------------------------------------------------------------------------------------------
async def accept(act: Act, arguments: Sequence[str]) -> None:
    """Accept what was shown."""
    await act.tx.hold(f"ledger {act.person.country}")
    found = await opened(act, arguments)
    if found is None or not await act.allow("accept", found.stored.country):
        return
    await handing_in.notice(act, found)
    step = Accept(found.id, found.owner.id, number(arguments, 1), found.digest)
    if await act.take(step, found.stored.country) is None:
        again = await contributed(act, found.id)
        if again is not None and again.state in SENT:
            await _show(act, again)
        return
    await act.tx.interviews.lock(found.id, act.now)
    await act.say(act.text("contributions.accepted", entity=found.called(act.language)))
    if found.owner.id != act.person.id:
        await act.tell([found.owner], lambda to: to.prompt(to.text("contributions.told_accepted")))
    now = await contributed(act, found.id)
    if now is not None:
        await ask_release(act, now)
    await act.later("differing", country=found.stored.country)


async def withdraw(act: Act, arguments: Sequence[str]) -> None:
    """Look at an accepted contribution again."""
    found = await opened(act, arguments)
    if found is None:
        return
    if await act.take(WithdrawAcceptance(found.id), found.stored.country) is None:
        return
    await act.tx.interviews.lock(found.id, None)
    await act.say(act.text("contributions.unaccepted", entity=found.called(act.language)))
    if found.owner.id != act.person.id:
        await act.tell([found.owner], lambda to: to.prompt(to.text("contributions.told_unaccepted")))
    now = await contributed(act, found.id)
    if now is not None:
        await _show(act, now)


# ---- the official -------------------------------------------------------------------------------------------------
async def hand_in(act: Act, arguments: Sequence[str] = ()) -> None:
    """Hand in again, with one tap."""
    found = await contributed(act, number(arguments)) if arguments else await own(act)
    if found is None or found.owner.id != act.person.id:
        await act.say(await none_own(act))
        return
    await handing_in.press(act, found)


async def ask_recap(act: Act, arguments: Sequence[str]) -> None:
    """The paper: the very files that were shown to the hierarchy, where there are such, else made now."""
    found = await opened(act, arguments)
    if found is None or not await reading.may_read(act, found):
        return
    mine = found.owner.id == act.person.id
    if not mine and not await act.allow("read_restricted", found.stored.country, found.stored.entity_id):
        return
    recap = found.handed.clearance.recap if found.handed is not None else None
    if mine and recap is not None and recap.count == found.count and found.state != "draft":
        await act.say(
            act.text("clearance.files", reference=recap.reference), documents=[document(file) for file in recap.files]
        )
        return
    await act.say(act.text("contributions.recap_made"))
    await act.later("recap", interview=found.id)


async def tasks(act: Act) -> Sequence[Task]:
    """For whoever answers for an entity, what is to be answered or handed in; for the coordinator what is to be
    accepted."""
    if act.person.role not in ("official", "coordinator"):
        return ()
    course = await act.course()
    found = []
    if act.person.role == "coordinator" and course.contributions.in_state("submitted"):
        unnamed = act.text("contributions.unnamed")
        for one in await briefs(act, act.person.country):
            if one.state == "submitted" and one.handed is not None:
                line = act.text("contributions.task_accept", entity=one.name or unnamed)
                button = act.button(act.text("contributions.open"), "contribution", one.id)
                found.append(Task(line, button, await about(act, course, "acceptance", one.id, one.handed.since)))
    return [*found, *await _own_tasks(act, course)]


async def _own_tasks(act: Act, course: Course) -> list[Task]:
    """At most one, about the person's questionnaire. Its answers are read only where it takes them to know."""
    forms = act.services.interviews.forms
    own = [one for one in await act.tx.interviews.of_person(act.person.id) if one.form_id in forms]
    if not own or own[-1].status == "withdrawn" or await refused(act):
        return []
    stored = own[-1]
    handed = course.contributions.get(stored.id)
    if handed is not None and handed.state not in ("draft", "returned"):
        return []
    ended = stored.status == "completed" or '"rested"' in stored.state
    mine = await contributed(act, stored.id) if handed is not None or ended else None
    said = _awaited(act, mine) if mine is not None else None
    if said is None and (stored.status == "completed" or _is_away(stored)):
        return []
    line, button = said or (act.text("contributions.task_go_on"), act.button(act.text("contributions.go_on"), "goon"))
    since = await last_said(act, stored.id, stored.started_at, handed.since if handed is not None else None)
    return [Task(line, button, await about(act, course, "questionnaire", stored.id, since))]


def _awaited(act: Act, mine: Contributed) -> tuple[str, Button] | None:
    """What came back, or is to be handed in; None: nothing of the kind."""
    go_on = act.button(act.text("contributions.go_on"), "goon")
    if mine.state == "returned" and mine.open:
        return act.text("contributions.task_returned", len(mine.open)), go_on
    if not mine.sends:
        return None
    if mine.handed is not None and mine.handed.back == "remarks" and mine.open:
        return act.text("clearance.task_remarks"), go_on
    line = "task_later" if mine.sends == LATER and mine.handed is None else "task_hand_in"
    return act.text(f"contributions.{line}"), act.button(act.text("contributions.hand_in"), "handin", mine.id)


def _is_away(stored: StoredInterview) -> bool:
    """Whether all that is left is with colleagues."""
    sections = sections_from_json(json.loads(stored.sections))
    away = sum(one.away for one in sections)
    return away > 0 and away == sum(one.total - one.done for one in sections)


CAPABILITY = Capability(
    commands={"contributions": Command(overview, "read_answers"), "handin": Command(hand_in, "hand_in")},
    presses={
        "contributions": turn_page,
        "contribution": show,
        "answers": read,
        "changes": changed,
        "accept": accept,
        "unaccept": withdraw,
        "handin": hand_in,
        "recap": ask_recap,
    },
    jobs={"recap": recapping.send},
    tasks=tasks,
    watch=handing_in.watch,
)
