"""How far everybody is, as a picture: drawn beside the turn for whoever asked, and never sent twice the same."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from weakref import WeakKeyDictionary

from bot import standings
from bot.acting import Act, document
from bot.attachments import Vault
from bot.jobs import Desk
from bot.messages import Line
from bot.placing import meant
from flows.country.board import Board
from flows.country.ledger import EXERCISE, Plain, digest
from flows.country.standing import CountryStanding
from flows.country.standing_told import board, by_attention, exercise_board
from flows.country.steps.base import FileRef
from flows.country.steps.exercise import Exercise

ALL = "-"  # a button's argument: all countries
KEPT = 64  # pictures drawn whose files are remembered
NAMES = ("secretariat", "coordinator", "focal_point")
"""Who sees how those who answer want to be called."""


async def picture(act: Act, arguments: Sequence[str]) -> None:
    """Have the picture drawn, unless it would be the one sent last."""
    where = meant(arguments, ALL)
    if not where:
        await act.say(act.text("steps.stale"))
        return
    right = await act.allow("see_all_countries", EXERCISE) if where == ALL else await act.allow("see_status", where)
    if not right:
        return
    if await _is_there(act, where, await drawable(act, where)):
        await act.say(act.text("status.same_picture"))
        return
    await act.later("status_picture", where=where)
    await act.say(act.text("status.drawing"))


async def draw(desk: Desk) -> None:
    """Draw a picture, and send it to whoever asked."""
    where = str(desk.job.payload["where"])
    async with desk.store.reading() as tx:
        person = await tx.people.get(desk.job.person_id) if desk.job.person_id is not None else None
        if person is None or person.ended_at is not None:
            return
        act = Act(desk.services, tx, person, desk.now)
        if not (act.may("see_all_countries", EXERCISE) if where == ALL else act.may("see_status", where)):
            return
        made = await drawable(act, where)
    content = digest(_plain(made))
    files = _drawn.setdefault(desk.services.vault, {})
    pictures = [] if content in files else await asyncio.to_thread(_rendered, made)
    async with desk.finish() as act:
        if content not in files:
            name = act.text("status.file_all") if where == ALL else act.text("status.file", country=where)
            kept = [await act.keep(name, one, "image/png") for one in pictures]
            files[content] = tuple(kept)
            while len(files) > KEPT:
                del files[next(iter(files))]
        if not await _is_there(act, where, made):
            sent = [replace(document(one), picture=True) for one in files[content]]
            await act.say(Line(made.title, "title"), made.subtitle, documents=sent, key=_key(where, made))


async def _is_there(act: Act, where: str, made: Board) -> bool:
    """Whether this picture is the one sent last, wherever the person can be reached."""
    addresses = await act.tx.people.reach(act.person.id)
    last = [await act.tx.outbox.newest_key(one.channel, one.address, _key(where)) for one in addresses]
    return bool(last) and set(last) == {_key(where, made)}


_drawn: WeakKeyDictionary[Vault, dict[str, tuple[FileRef, ...]]] = WeakKeyDictionary()


def _rendered(made: Board) -> list[bytes]:
    from bot.documents.heatmap import heatmap

    return heatmap(made)


async def drawable(act: Act, where: str) -> Board:
    """What the picture of a place shows to its reader."""
    if where != ALL:
        return (await country_board(act, where))[1]
    services = act.services
    found = await standings.overview(services.dossiers, act.tx, services.interviews.form.id, act.now)
    return exercise_board(by_attention(found.standings, act.language), act.now.date(), act.language)


def _key(where: str, made: Board | None = None) -> str:
    """The key of a picture's message; without a board, how all keys of that place begin. The day is no change."""
    return f"status:{where}:{digest(_plain(replace(made, subtitle='')))[:16] if made is not None else ''}"


def _plain(made: Board) -> dict[str, Plain]:
    return {
        "title": made.title,
        "subtitle": made.subtitle,
        "columns": list(made.columns),
        "rows": [[row.name, list(row.cells), row.note] for row in made.rows],
        "legend": [[state, label] for state, label in made.legend.items()],
    }


async def country_board(act: Act, code: str) -> tuple[CountryStanding, Board, Exercise]:
    """A country, as a value and as its reader may see it, and what concerns all countries."""
    services = act.services
    form = services.interviews.form
    one, region = await standings.of_country(services.dossiers, act.tx, form.id, code, act.now)
    names = await standings.entity_names(act.tx, code)
    people = await standings.people_names(act.tx, code) if act.person.role in NAMES else {}
    sections = standings.sections(form, act.language)
    made = board(one, names, people, sections, standings.day_in(code, act.now), act.language)
    return one, made, region
