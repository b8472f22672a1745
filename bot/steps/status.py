"""Where things stand, in conversation: all countries for the secretariat, a country for its coordination, one's own
part for those who answer. As text; whoever wants a picture asks for it (see `picturing`)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot import pressed, standings
from bot.acting import Act
from bot.contributed import refused
from bot.messages import Button, Line
from bot.placing import meant, placed
from bot.speaking import styled
from bot.steps import picturing, tasks
from bot.steps.capability import Capability, Command
from bot.steps.picturing import ALL
from flows.country.ledger import EXERCISE
from flows.country.standing import section_of
from flows.country.standing_told import (
    block,
    brief,
    by_attention,
    entity_count,
    milestones,
    own_part,
    phase_lines,
    section_lines,
    totals,
    waits,
)
from flows.knowledge import countries, country

MOST = 6  # blocks of a page
ROOM = 2600  # letters of a page, so that it fits into the message that it replaces


async def status(act: Act, arguments: Sequence[str]) -> None:
    """`/status`, `/status BFA`."""
    role = act.person.role
    if role == "official":
        await _own(act)
    elif role == "colleague":
        await _entrusted(act)
    elif role == "superior":
        await _cleared(act)
    elif not arguments and act.may("see_all_countries", EXERCISE):
        await tasks.greet(act)
        await _overview(act, 1)
    elif not arguments and role == "expert" and not act.person.country:
        await _pick(act)
    elif (place := await placed(act, "status", arguments, "see_status")) is not None:
        await _country(act, place.code, 1)


async def turned(act: Act, arguments: Sequence[str]) -> None:
    """A button: another page, a country, all of them, one's own part."""
    where = meant(arguments, ALL, "own")
    page = pressed.number(arguments, 1) or 1
    if not where or (where == "own" and not act.person.country):
        await act.say(act.text("steps.stale"))
    elif where == "own":
        await _own(act)
    elif where == ALL:
        if await act.allow("see_all_countries", EXERCISE):
            await _overview(act, page, edit=len(arguments) > 1)
    elif await act.allow("see_status", where):
        await _country(act, where, page, edit=len(arguments) > 1)


# ---- all countries ------------------------------------------------------------------------------------------------
async def _overview(act: Act, page: int, *, edit: bool = False) -> None:
    services = act.services
    found = await standings.overview(services.dossiers, act.tx, services.interviews.form.id, act.now)
    ranked = by_attention(found.standings, act.language)
    if not ranked:
        await act.say(act.text("status.nothing"))
        return
    blocks = ["\n".join(brief(one, act.language)) for one in ranked]
    pages = list(paged(blocks))
    page = max(1, min(page, len(pages)))
    here = [ranked[number] for number in pages[page - 1]]
    lines = [
        Line(act.text("status.all"), "title"),
        Line(totals(found.standings, act.language)),
        *styled("item", *milestones(found.region, act.now.date(), act.language)),
        *(Line(blocks[number]) for number in pages[page - 1]),
        *_numbered(act, page, len(pages)),
    ]
    buttons = [act.button(country(one.country).name(act.language), "status", one.country) for one in here]
    rows = [buttons[at : at + 2] for at in range(0, len(buttons), 2)]
    await act.say(
        *lines, buttons=[*rows, _turns(act, ALL, page, len(pages)), [_picture(act, ALL)]], key="status", edit=edit
    )


async def _pick(act: Act) -> None:
    """Experts who work for all countries say which one."""
    open_ = set(await act.tx.ledger.chains())
    names = [act.button(one.name(act.language), "status", one.code) for one in countries() if one.code in open_]
    if not names:
        await act.say(act.text("status.nothing"))
        return
    await act.say(act.text("status.pick"), buttons=[names[at : at + 2] for at in range(0, len(names), 2)])


# ---- one country --------------------------------------------------------------------------------------------------
async def _country(act: Act, code: str, page: int, *, edit: bool = False) -> None:
    one, made, region = await picturing.country_board(act, code)
    blocks = [block(made, row) for row in made.rows]
    pages = list(paged(blocks)) or [range(0)]
    page = max(1, min(page, len(pages)))
    today = standings.day_in(code, act.now)
    lines: list[str | Line] = [Line(country(code).name(act.language), "title")]
    if page == 1:
        lines += styled("item", *phase_lines(one, today, act.language), *milestones(region, today, act.language))
        if one.waits:
            lines.append(act.text("status.waits", waits=", ".join(waits(one, act.language))))
        lines.append(entity_count(one, act.language))
    lines += [blocks[number] for number in pages[page - 1]]
    lines += _numbered(act, page, len(pages))
    rows = [_turns(act, code, page, len(pages)), [_picture(act, code)] if made.rows else []]
    if act.person.role == "coordinator":
        rows.append([act.button(act.text("status.mine"), "status", "own")])
    if act.may("see_all_countries", EXERCISE):
        rows.append([act.button(act.text("status.back"), "status", ALL)])
    await act.say(*lines, buttons=rows, key=f"status {code}", edit=edit)


# ---- one's own part -----------------------------------------------------------------------------------------------
async def _own(act: Act) -> None:
    """The official's answers, section by section; those for their entity, where they have none of their own."""
    person = act.person
    if person.entity_id is not None and not await act.allow("see_own_part", entity_id=person.entity_id):
        return
    if await refused(act):
        await act.say(act.text("rights.not_agreed"))
        return
    form = act.services.interviews.form
    course = await act.course()
    one, _ = await standings.of_country(act.services.dossiers, act.tx, form.id, person.country, act.now)
    kept = course.participants.kept(person.entity_id) if person.entity_id is not None else None
    every = [(entity.entity_id, part) for entity in one.entities for part in entity.parts]
    mine = [part for _, part in every if part.person_id == person.id]
    mine = mine or [part for entity_id, part in every if kept is not None and entity_id == kept]
    if not mine:
        await act.say(act.text("status.own_none"))
        return
    part = max(mine, key=lambda one: one.moved_at)
    due, today = one.phase("QUEST"), standings.day_in(person.country, act.now)
    said, items = own_part(part, standings.sections(form, act.language), due, today, act.language)
    given = [one.label for one in course.delegations.open_of(part.interview_id) if one.label]
    if given:
        said.append(act.text("status.with", colleagues=", ".join(given)))
    await act.say(
        Line(await _titled(act, "own", part.interview_id), "title"), *said[:1], *styled("item", *items), *said[1:]
    )


async def _entrusted(act: Act) -> None:
    """What a colleague was entrusted with: the sections that it lies in."""
    if not await act.allow("see_own_part", person_id=act.person.id):
        return
    course = await act.course()
    given = course.delegations.of_colleague(act.person.id)
    if not given:
        await act.say(act.text("status.own_none"))
        return
    titles = standings.sections(act.services.interviews.form, act.language)
    for one in given:
        stored = await act.tx.interviews.get(one.interview_id)
        within = {section_of(path) for path in one.scope}
        lines = section_lines(stored.sections if stored is not None else "", within, titles, act.language)
        await act.say(Line(await _titled(act, "colleague", one.interview_id), "title"), *styled("item", *lines))


async def _cleared(act: Act) -> None:
    """Whether something awaits a superior's agreement."""
    if not await act.allow("see_own_part", entity_id=act.person.entity_id):
        return
    asked = (await act.course()).contributions.of_superior(act.person.id)
    waiting = [one for one in asked if one.state == "in_clearance"]
    for one in waiting:
        title = Line(await _titled(act, "superior", one.interview_id), "title")
        await act.say(title, act.text("status.superior_waits"))
    if not waiting:
        await act.say(act.text("status.superior_none"))


async def _titled(act: Act, key: str, interview_id: int) -> str:
    stored = await act.tx.interviews.get(interview_id)
    entity = await act.tx.entities.get(stored.entity_id) if stored is not None and stored.entity_id else None
    name = entity.name if entity is not None else country(act.person.country).name(act.language)
    return act.text(f"status.{key}", entity=name)


# ---- pages --------------------------------------------------------------------------------------------------------
def paged(blocks: Sequence[str]) -> Iterator[range]:
    """The numbers of the blocks of each page: a few, and no more than fit into the message that is replaced."""
    first, room = 0, ROOM
    for number, one in enumerate(blocks):
        if number > first and (number - first == MOST or len(one) > room):
            yield range(first, number)
            first, room = number, ROOM
        room -= len(one)
    if blocks:
        yield range(first, len(blocks))


def _numbered(act: Act, page: int, pages: int) -> tuple[Line, ...]:
    return styled("hint", act.text("status.page", page=page, pages=pages)) if pages > 1 else ()


def _turns(act: Act, where: str, page: int, pages: int) -> list[Button]:
    found = []
    if page > 1:
        found.append(act.button(act.text("status.previous"), "status", where, page - 1))
    if page < pages:
        found.append(act.button(act.text("status.next"), "status", where, page + 1))
    return found


def _picture(act: Act, where: str) -> Button:
    return act.button(act.text("status.picture"), "status_picture", where)


CAPABILITY = Capability(
    commands={"status": Command(status, "own_data")},
    presses={"status": turned, "status_picture": picturing.picture},
    jobs={"status_picture": picturing.draw},
)
