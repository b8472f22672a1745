"""A country's guide compiled again after one new answer: `python -m bench.compiling` prints a table.

40 entities have answered the whole questionnaire; one of them changes one answer. Compared: everything read anew, as in
a new process, with what a running bot does, which reads again only what changed.
"""

from __future__ import annotations

import asyncio
import json
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from time import perf_counter

from rich.console import Console

from bench.tables import Line, shown
from bot import gathering
from bot.app import guide_forms
from bot.documents import render
from bot.gathering import Gathered
from db.database import Store
from flows import knowledge
from flows.country.canonical import content_hash
from flows.country.draft import compile_guide
from flows.country.merging import merge
from flows.interview.state import Interview
from tests.flows.country.test_exercise import ROLES, interviewed

NOW = datetime(2027, 3, 1, 12, tzinfo=UTC)
COUNTRY = "BFA"
WALKS = 4  # different interviews


async def _fill(store: Store, entities: int) -> None:
    """As many entities with everything answered; a few walks are shared between them."""
    form, walks = next(iter(FORMS.values())), _walks()
    async with store.writing() as tx:
        for number in range(entities):
            entity = await tx.entities.find_or_add(COUNTRY, f"Entité {number}", NOW)
            person = await tx.people.add(COUNTRY, "official", entity.id, "fr", NOW)
            state = json.dumps(walks[number % len(walks)].to_json())
            await tx.interviews.start(person.id, entity.id, COUNTRY, form.id, form.version, "fr", state, NOW)


FORMS = {form.id: form for form in guide_forms()}


@cache
def _walks() -> list[Interview]:
    """A few interviews, from the first question to the last."""
    return [interviewed(*ROLES[1 + number % (len(ROLES) - 1)], number) for number in range(WALKS)]


async def _gathered(store: Store) -> Gathered:
    return await gathering.gather(store, FORMS, COUNTRY, "fr", NOW)


async def _one_answer(store: Store) -> None:
    async with store.writing() as tx:
        stored = (await tx.interviews.of_country(COUNTRY))[0]
        interview = replace(Interview.from_json(json.loads(stored.state)), token=stored.revision + 1000)
        await tx.interviews.save(stored, json.dumps(interview.to_json()), NOW)


def _compile(found: Gathered) -> tuple[float, float]:
    """Seconds: merged and compiled; rendered as a Word document."""
    started = perf_counter()
    used = [replace(voice.contribution, status="submitted") for voice in found.voices]
    guide = compile_guide(merge(COUNTRY, used), knowledge.country(COUNTRY), "fr", NOW)
    assert content_hash(guide)
    compiled = perf_counter()
    render(guide, "docx")
    return compiled - started, perf_counter() - compiled


async def _measured(entities: int) -> tuple[float, float, float, float]:
    with tempfile.TemporaryDirectory() as folder:
        store = await Store.open(f"sqlite:///{Path(folder) / 'griot.db'}")
        try:
            await store.migrate()
            await _fill(store, entities)
            gathering._READ.clear()
            started = perf_counter()
            found = await _gathered(store)
            cold = perf_counter() - started
            warm = []
            for _ in range(5):
                await _one_answer(store)
                started = perf_counter()
                found = await _gathered(store)
                warm.append(perf_counter() - started)
            tries = [_compile(found) for _ in range(5)]
            compiled, written = (min(each) for each in zip(*tries, strict=True))
            return cold, sorted(warm)[2], compiled, written
        finally:
            await store.close()


def lines() -> Sequence[Line]:
    """The table: what a compilation consists of, with 10 and with 40 entities."""
    ten, forty = (asyncio.run(_measured(entities)) for entities in (10, 40))
    parts = ("read: all of it", "read again after one answer", "merged and compiled", "written as a Word document")
    figures = [(part, ten[index], forty[index]) for index, part in enumerate(parts)]
    figures.append(("draft after one new answer", sum(ten[1:4]), sum(forty[1:4])))
    figures.append(("the same, read anew", ten[0] + sum(ten[2:4]), forty[0] + sum(forty[2:4])))
    head: Line = ("what", "10 entities, ms", "40 entities, ms", "ratio")
    return [head, *((what, f"{a * 1000:.0f}", f"{b * 1000:.0f}", f"{b / a:.1f}") for what, a, b in figures)]


if __name__ == "__main__":
    Console().print(shown(lines()))
