"""The recap of a contribution made as files: for the hierarchy, and for whoever wants the answers on paper."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from bot.acting import Act, document
from bot.contributed import Contributed, find
from bot.documents import MEDIA_TYPES, Format, render
from bot.jobs import Desk
from flows.country.recap import recap
from flows.country.steps.base import FileRef
from flows.i18n import text
from flows.knowledge import country

FORMATS: Sequence[Format] = ("pdf", "docx")
Papers = dict[str, tuple[bytes, str]]
"""By file name: content and media type."""


def reference_of(found: Contributed, language: str) -> str:
    """What ties a paper to one state of the answers: country, contribution, how often it was handed in. What is not
    handed in has none that could be signed."""
    number = f"{found.stored.country}-{found.id}"
    handed = found.state != "draft" and found.state != "returned"
    return f"{number}-{found.count}" if handed else text("clearance.reference_draft", language, number=number)


async def papers(desk: Desk, found: Contributed, language: str, reference: str) -> Papers:
    """The recap in every format."""
    guide = recap(
        found.answers,
        found.form,
        country=country(found.stored.country),
        entity=found.names,
        language=language,
        made_at=desk.now,
        reference=reference,
    )
    name = reference.replace(" ", "-")
    return {
        f"{name}.{format}": (await asyncio.to_thread(render, guide, format), MEDIA_TYPES[format]) for format in FORMATS
    }


async def kept(act: Act, made: Papers) -> tuple[FileRef, ...]:
    """Keep the files by their content."""
    return tuple([await act.keep(name, content, media_type) for name, (content, media_type) in made.items()])


async def read_for(desk: Desk, language: str = "") -> tuple[Contributed, str] | None:
    """The contribution that a job is about, in `language` or that of whoever asked."""
    async with desk.store.reading() as tx:
        person = await tx.people.get(desk.job.person_id) if desk.job.person_id is not None else None
        spoken = language or (person.language if person is not None else "")
        found = await find(desk.services, tx, int(desk.job.payload["interview"]), spoken, desk.now)
    return (found, spoken) if found is not None else None


async def send(desk: Desk) -> None:
    """The job: the recap as it stands, for whoever asked and may read it."""
    from bot.reading import may_read

    read = await read_for(desk)
    made: Papers = {}
    if read is not None:
        found, language = read
        made = await papers(desk, found, language, reference_of(found, language))
    async with desk.finish() as act:
        if read is None:
            await act.say(act.text("contributions.gone"))
        elif await may_read(act, read[0]):
            files = await kept(act, made)
            said = act.text("contributions.recap_here", entity=read[0].called(act.language))
            await act.say(said, documents=[document(file) for file in files])
