"""Findings sent as a file in conversation: looked through first, imported when whoever sent it agrees."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from bot import findings
from bot.acting import Act
from bot.companions import Filled
from bot.documents.tables import NotRead, read_table
from bot.importing import Table, announce, looked_through, report, step_of
from bot.jobs import Desk
from bot.messages import Line
from bot.placing import placed
from bot.pressed import country_and_number
from bot.speaking import styled
from bot.steps.capability import Capability
from bot.steps.desk import today

MOST = 20  # rows of each kind in a message


async def begin(act: Act, arguments: Sequence[str]) -> None:
    """Ask for the file."""
    place = await placed(act, "finding", arguments, "record_finding")
    if place is not None:
        await act.begin("findings", {"country": place.code, "country_name": place.name(act.language)})


async def sent(act: Act, filled: Filled) -> bool:
    """The file has come: have it looked through."""
    if filled.file("document") is None:
        await act.say(act.text("desk.not_yours"))
        return False
    await act.say(act.text("desk.checking"))
    await act.later("desk_file", country=filled.given["country"], interview=filled.interview_id, import_=False)
    return True


async def agreed(act: Act, arguments: Sequence[str]) -> None:
    """Import what the report showed: `fnd_import BFA 12` (the number of the form that the file came with)."""
    country, number = country_and_number(arguments)
    if await act.allow("record_finding", country):
        await act.later("desk_file", country=country, interview=number, import_=True)


async def file_job(desk: Desk) -> None:
    """Read the file, say what it holds, or import it."""
    country, number = str(desk.job.payload["country"]), int(desk.job.payload["interview"])
    async with desk.store.reading() as tx:
        stored = await tx.interviews.get(number)
        files = await tx.attachments.of_interview(number) if stored is not None else []
    kept = [one for one in files if one.state == "stored" and one.sha256]
    if stored is None or stored.person_id != desk.job.person_id or not kept:
        async with desk.finish() as act:
            await act.say(act.text("desk.not_yours"))
        return
    file = kept[-1]
    content = await asyncio.to_thread(desk.services.vault.path(file.sha256 or "").read_bytes)
    try:
        table = await asyncio.to_thread(read_table, file.name, content)
    except NotRead as problem:
        async with desk.finish() as act:
            await act.say(act.text(problem.reason, None, most=problem.most))
        return
    async with desk.finish() as act:
        await _answer(act, country, number, file.name, table, content, import_=bool(desk.job.payload["import_"]))


async def _answer(
    act: Act, country: str, number: int, name: str, table: Table, content: bytes, *, import_: bool
) -> None:
    course = await act.course(country)
    day = today(country, act.now)
    checked = await looked_through(act.tx, course, table, day)
    names = await findings.names_of(act.tx, country)
    if import_ and checked.ready and not checked.problems:
        if await act.take(step_of(checked, names, content, day), country) is None:
            return
        await act.say(act.text("desk.imported", len(checked.ready)))
        await announce(act.tx, await act.course(country), len(checked.ready), act.now)
        return
    title, *lines = report(checked, name, country, names, act.language, MOST)
    buttons = []
    if checked.ready and not checked.problems:
        buttons = [[act.button(act.text("desk.import_button", len(checked.ready)), "fnd_import", country, number)]]
    await act.say(Line(title, "title"), *styled("item", *lines), buttons=buttons)


CAPABILITY = Capability(
    presses={"fnd_file": begin, "fnd_import": agreed},
    forms={"findings": sent},
    jobs={"desk_file": file_job},
)
