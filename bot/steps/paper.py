"""The questionnaire on paper, in conversation: asked for as a Word document, sent back filled, compared, taken over.

Nothing that a paper says is put on record before it was shown; what would overwrite an answer given since, empty or
disclose one, is taken over by itself only.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from bot import companions, papering
from bot.acting import Act, document
from bot.companions import Filled
from bot.documents import MEDIA_TYPES, render
from bot.documents.opening import Unreadable
from bot.interviews import Step
from bot.jobs import Desk
from bot.messages import FileIn, Line
from bot.paging import page_of
from bot.papering import Compared
from bot.pressed import number, word
from bot.prompts import prompts
from bot.speaking import styled
from bot.steps.capability import Capability, Command
from flows.country.paper_list import Who, counts, difference_list, on_paper, on_record
from flows.country.steps.base import Refusal
from flows.interview import events as e
from flows.interview.form import Question
from flows.interview.inputs import Attach, Attachment, Choose
from flows.interview.paper import CAN_BE_TAKEN, Difference
from flows.interview.paper.differing import AT_ONCE
from flows.interview.plan import bare
from flows.interview.sitting import FILES
from flows.knowledge import country
from flows.questionnaires.companions import companion_form

NAME = "paper"  # of the companion form that a filled paper comes in with
ON_PAGE = 6
SHORT = 240  # characters of an answer in a message; the list as a document has all of it
_WORD = MEDIA_TYPES["docx"]
_OTHER_KINDS = (".doc", ".odt", ".rtf", ".docm", ".dotx", ".pdf")  # what people save a paper as, or scan it to
_SILENT = (e.Recorded, e.RowAdded, e.RowRemoved, e.Confided, e.SetAside, e.CameBack, e.Told)


# ---- the paper goes out -------------------------------------------------------------------------------------------
async def ask(act: Act, arguments: Sequence[str] = ()) -> None:
    """Have the person's questionnaire, or what a colleague has of one, made as a Word document with its answers."""
    number = await companions.questionnaire(act, act.person.id)
    found = await papering.held(act.services, act.tx, number, act.person, act.now) if number is not None else None
    if found is None:
        await act.say(act.text(_gone(act) if act.person.role == "colleague" else "contributions.none_own"))
        return
    await act.say(act.text("paper.preparing"))
    await act.later("paper_make", interview=found.stored.id)


async def make_job(desk: Desk) -> None:
    """Make the document and send it."""
    async with desk.store.reading() as tx:
        person = await tx.people.get(desk.job.person_id) if desk.job.person_id is not None else None
        one = None
        if person is not None and person.ended_at is None:
            one = await papering.held(desk.services, tx, int(desk.job.payload["interview"]), person, desk.now)
    content = b""
    if one is not None and person is not None:
        content = await asyncio.to_thread(papering.made, one, person.language, desk.now)
    async with desk.finish() as act:
        if one is None:
            await act.say(act.text(_gone(act)))
            return
        if not content:
            await act.say(act.text("paper.nothing_to_fill"))
            return
        name = act.text("paper.file_name", country=one.stored.country, number=one.stored.id)
        file = await act.keep(f"{name}.docx", content, _WORD)
        button = act.button(act.text("paper.button_send"), "paper_send")
        await act.say(act.text("paper.here"), documents=[document(file)], buttons=[[button]])


def _gone(act: Act) -> str:
    """What to say where the questionnaire, or the part of it, is no longer in the person's hands."""
    return "turns.not_theirs" if act.person.role == "colleague" else "contributions.gone"


# ---- it comes back ------------------------------------------------------------------------------------------------
async def send(act: Act, arguments: Sequence[str] = ()) -> None:
    """Ask for the filled document."""
    await act.begin(NAME)


async def took(act: Act, interview_id: int) -> bool:
    """Take in a file that came by itself, where it is to be read as a paper, or say that it is no such document; False
    where it is for somebody else to look at."""
    payload = act.incoming.payload if act.incoming is not None else None
    if not isinstance(payload, FileIn) or not await _is_meant(act, interview_id):
        return False
    if payload.media_type == _WORD or payload.name.lower().endswith(".docx"):
        await _receive(act)
        return True
    if payload.name.lower().endswith(_OTHER_KINDS):
        await act.say(act.text("paper.wrong_kind", name=payload.name))
        return True
    return False


async def _is_meant(act: Act, interview_id: int) -> bool:
    """Whether a file came to the person's own questionnaire while no file is asked for."""
    one = await papering.held(act.services, act.tx, interview_id, act.person, act.now)
    node = one.form.nodes.get(bare(one.interview.put.partition(":")[2])) if one is not None else None
    return one is not None and not (isinstance(node, Question) and node.type in FILES)


async def _receive(act: Act) -> None:
    """Take the file in, as if it had been asked for and its sending confirmed."""
    incoming, interviews = act.incoming, act.services.interviews
    if incoming is None or not isinstance(incoming.payload, FileIn):
        raise ValueError("a paper comes in as a file")
    payload = incoming.payload
    form = companion_form(NAME)
    entity = await act.tx.entities.get(act.person.entity_id) if act.person.entity_id is not None else None
    begun = await interviews.start(act.tx, act.person, entity, incoming, act.now, form)
    file = Attachment(payload.name, payload.media_type, payload.size, payload.reference)
    steps = [Attach(file, message_id=incoming.message_id), Choose((companions.YES,))]
    for input in steps:
        step = await interviews.advance(act.tx, begun.interview_id, act.person, input, incoming, act.now)
        refused = [event for event in step.turn.events if isinstance(event, e.Refused)]
        if refused:
            await act.show(*prompts(refused, act.language))
            break
    stored = await act.tx.interviews.get(begun.interview_id)
    if stored is None or stored.status != "completed":
        await companions.leave(act)
        return
    await companions.home(act, stored)
    await act.say(act.text("paper.reading", name=payload.name))


async def sent(act: Act, filled: Filled) -> bool:
    """The document is here: it is read beside the conversation."""
    if filled.file("document") is None:
        await act.say(act.text("desk.not_yours"))
        return False
    await act.later("paper_show", form=filled.interview_id, page=1)
    return True


async def turn_page(act: Act, arguments: Sequence[str]) -> None:
    """Show the comparison again: `paper_page 12 2`."""
    await act.later("paper_show", form=number(arguments), page=number(arguments, 1))


async def take_all(act: Act, arguments: Sequence[str]) -> None:
    """Take over all that loses, discloses and overwrites nothing: `paper_all 12`."""
    await act.later("paper_take", form=number(arguments), key="")


async def take_one(act: Act, arguments: Sequence[str]) -> None:
    """Take over one difference: `paper_one 12 1f0c6d2a`."""
    await act.later("paper_take", form=number(arguments), key=word(arguments, 1))


async def list_all(act: Act, arguments: Sequence[str]) -> None:
    """Have all differences made as a document: `paper_list 12`."""
    await act.later("paper_list", form=number(arguments))


async def show_job(desk: Desk) -> None:
    """Compare, and show a page of what is otherwise."""
    read = await _read(desk)
    async with desk.finish() as act:
        if isinstance(read, Refusal):
            await act.refuse(read)
            return
        await _show(act, read, int(desk.job.payload["form"]), int(desk.job.payload["page"]))


async def list_job(desk: Desk) -> None:
    """All differences as a document."""
    read = await _read(desk)
    content = b""
    language = ""
    if not isinstance(read, Refusal):
        async with desk.store.reading() as tx:
            person = await tx.people.get(desk.job.person_id) if desk.job.person_id is not None else None
            who = await papering.names(tx, read, person) if person is not None else str
        language = person.language if person is not None else ""
        guide = difference_list(
            read.comparison,
            country=country(read.held.stored.country),
            entity=read.held.contributed.called(language),
            language=language,
            made_at=desk.now,
            name=str(read.held.stored.id),
            who=who,
        )
        content = await asyncio.to_thread(render, guide, "pdf")
    async with desk.finish() as act:
        if isinstance(read, Refusal):
            await act.refuse(read)
            return
        name = act.text("paper.list_name", country=read.held.stored.country, number=read.held.stored.id)
        file = await act.keep(f"{name}.pdf", content, MEDIA_TYPES["pdf"])
        await act.say(act.text("paper.list_here"), documents=[document(file)])


async def take_job(desk: Desk) -> None:
    """Put on record what was chosen, and say how much that was."""
    read = await _read(desk)
    key = str(desk.job.payload["key"])
    step: Step | None = None
    async with desk.finish() as act:
        if isinstance(read, Refusal):
            await act.refuse(read)
            return
        now = await papering.held(desk.services, act.tx, read.held.stored.id, act.person, act.now)
        if now is None or act.person.ended_at is not None:
            await act.say(act.text(_gone(act)))
            return
        if now.stored.locked_at is not None:
            await act.say(act.text("contributions.locked"))
            return
        await act.tx.hold(f"ledger {now.stored.country}")
        step = await papering.taken(act.services, act.tx, read, act.person, act.now, (key,) if key else None)
        await _taken(act, step, int(desk.job.payload["form"]))
    desk.services.interviews.remember(step)


async def _taken(act: Act, step: Step, form: int) -> None:
    from bot.steps import registry

    events = step.turn.events
    done = {event.path for event in events if isinstance(event, e.Recorded | e.Confided)}
    again = act.button(act.text("paper.button_rest"), "paper_page", form, 1)
    if not done:
        await act.say(act.text("paper.nothing_taken"), buttons=[[again]])
        return
    await act.say(act.text("paper.taken", len(done)), buttons=[[again]])
    left = [event for event in events if not isinstance(event, _SILENT)]
    await act.show(*prompts(left, step.turn.interview.language, scope=str(step.interview_id)))
    for watch in registry().watchers:
        await watch(act, step)


# ---- reading ------------------------------------------------------------------------------------------------------
async def _read(desk: Desk) -> Compared | Refusal:
    """The paper that came with the companion form of that number, beside the person's own answers."""
    async with desk.store.reading() as tx:
        person = await tx.people.get(desk.job.person_id) if desk.job.person_id is not None else None
        form = await tx.interviews.get(int(desk.job.payload["form"]))
        files = await tx.attachments.of_interview(form.id) if form is not None else []
        kept = [one for one in files if one.state == "stored" and one.sha256]
        if person is None or form is None or form.person_id != person.id or not kept:
            return Refusal("desk.not_yours")
        if person.ended_at is not None:
            return Refusal("contributions.gone")
    content = await asyncio.to_thread(desk.services.vault.path(kept[-1].sha256 or "").read_bytes)
    try:
        from bot.documents.paper_reading import identify

        paper = await asyncio.to_thread(identify, content)
        async with desk.store.reading() as tx:
            theirs = await tx.interviews.of_person(person.id)
            forms = desk.services.interviews.forms
            mine = [one.id for one in theirs if one.form_id in forms and one.status != "withdrawn"]
            lent = [one.interview_id for one in await tx.seats.of_person(person.id)]
            if not (mine or lent) or (paper.interview_id and paper.interview_id not in (*mine, *lent)):
                raise Unreadable("other_person")
            wanted = paper.interview_id or (*lent, *mine)[-1]
            one = await papering.held(desk.services, tx, wanted, person, desk.now)
        if one is None:
            return Refusal("turns.not_theirs" if person.role == "colleague" else "contributions.gone")
        return await papering.compared(one, content, str(person.id), desk.now)
    except Unreadable as problem:
        return Refusal(f"reading.{problem.reason}", problem.values)


# ---- showing ------------------------------------------------------------------------------------------------------
async def _show(act: Act, read: Compared, form: int, wanted: int) -> None:
    comparison = read.comparison
    who = await papering.names(act.tx, read, act.person)
    page = page_of(comparison.differences, wanted, ON_PAGE)
    lines: list[str | Line] = [
        Line(act.text("paper.compared"), "title"),
        *styled("item", *counts(comparison, act.language)),
    ]
    lines += _remarks(act, read)
    rows, locked = [], read.held.stored.locked_at is not None
    for place, one in page.items:
        lines.append(Line(f"{place}. {one.label}", "progress"))
        lines += styled("item", *_said(act, one, who))
        if one.kind in CAN_BE_TAKEN and not locked:
            rows.append([act.button(act.text(f"paper.take_{_how(one)}", number=place), "paper_one", form, one.key)])
    if locked:
        lines.append(Line(act.text("contributions.locked"), "hint"))
    elif comparison.count(*CAN_BE_TAKEN):
        lines.append(Line(act.text("paper.nothing_recorded"), "hint"))
    at_once = 0 if locked else comparison.count(*AT_ONCE)
    buttons = [[act.button(act.text("paper.take_all", at_once), "paper_all", form)]] if at_once else []
    buttons += rows
    turns = []
    if page.number > 1:
        turns.append(act.button(act.text("participants.page_before"), "paper_page", form, page.number - 1))
    if page.number < page.last:
        turns.append(act.button(act.text("participants.page_after"), "paper_page", form, page.number + 1))
    buttons += [turns] if turns else []
    if comparison.differences:
        buttons.append([act.button(act.text("paper.button_list"), "paper_list", form)])
    await act.say(*lines, buttons=buttons)


def _how(one: Difference) -> str:
    return one.kind if one.kind in ("conflict", "emptied", "opened") else "one"


def _remarks(act: Act, read: Compared) -> list[Line]:
    return [Line(act.text(f"paper.{name}", number), "hint") for name, number in read.remarks]


def _said(act: Act, one: Difference, who: Who) -> list[str]:
    """What is on record and what the paper says, short enough for a phone."""
    record, paper = on_record(one, act.language, who), on_paper(one, act.language)
    lines = [one.place] if one.place else []
    if record:
        lines.append(act.text("paper.line_record", said=_short(record)))
    lines.append(act.text("paper.line_paper", said=_short(paper)))
    if one.kind == "conflict":
        lines.append(act.text("paper.line_since"))
    return lines


def _short(said: str) -> str:
    return said if len(said) <= SHORT else f"{said[: SHORT - 1].rstrip()}…"


CAPABILITY = Capability(
    commands={"paper": Command(ask, "fill_on_paper")},
    presses={
        "paper_ask": ask,
        "paper_send": send,
        "paper_page": turn_page,
        "paper_all": take_all,
        "paper_one": take_one,
        "paper_list": list_all,
    },
    forms={NAME: sent},
    jobs={"paper_make": make_job, "paper_show": show_job, "paper_take": take_job, "paper_list": list_job},
)
