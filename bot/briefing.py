"""Use case: the senior officials' brief at a date, out of the store, as files.

At an earlier date, ledgers are replayed up to its end. Of what was answered, only what was accepted then and still is
as it was accepted enters: an answer taken back, kept to the State or deleted since is not brought back by a date, nor
is any of a country that no longer takes part.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal

from bot import editions
from bot.acting import Services
from bot.gathering import Gathered, gather
from bot.standings import day_in
from db.database import Store
from db.interviews import Standing
from db.transaction import Transaction
from flows import knowledge
from flows.country.contribution import Contribution
from flows.country.dossier import Dossier
from flows.country.ledger import EXERCISE
from flows.country.merging import merge
from flows.country.sharing import shared
from flows.country.slides import Deck
from flows.country.som_brief import Brief, Given, brief
from flows.country.som_brief_told import deck
from flows.country.standing import standing
from flows.country.steps.additions import additions
from flows.country.steps.course import Course, course_of
from flows.country.walking import statements

Format = Literal["pptx", "pdf"]
FORMATS: tuple[Format, ...] = ("pptx", "pdf")


async def made(services: Services, store: Store, on: date, now: datetime) -> Brief:
    """The brief at the end of the day `on`, which is today (UTC) or before. Raises `Unreadable`."""
    end = min(now, datetime.combine(on + timedelta(days=1), time(), UTC))
    walks: defaultdict[str, list[Standing]] = defaultdict(list)
    async with store.reading() as tx:
        courses = await _courses(services, tx, on, now)
        taking = {code for code, one in (await services.dossiers.courses(tx)).items() if one.interest.answer == "yes"}
        for walk in await tx.interviews.overview(services.interviews.form.id):
            if walk.started_at < end:
                walks[walk.country].append(walk)
        names = {
            code: {entity.id: entity.name for entity in await tx.entities.of_country(code)}
            for code in courses
            if code != EXERCISE
        }
    region = courses.pop(EXERCISE, Course(EXERCISE)).exercise
    given = []
    for code, course in sorted(courses.items()):
        stands = standing(course, walks[code], region.planned, end, day_in(code, end - timedelta(seconds=1)))
        one = Given(stands)
        if stands.answer == "yes" and code in taking:
            one = await _answered(services, store, one, course, names[code], now)
        given.append(one)
    return await asyncio.to_thread(brief, given, region, on)


async def rendered(
    services: Services, store: Store, on: date, languages: Iterable[str], formats: Iterable[Format], now: datetime
) -> dict[str, bytes]:
    """The brief by name of file, `brief-2027-06-15-fr.pptx`. Raises `Unreadable`."""
    found = await made(services, store, on, now)
    wanted = tuple(formats)
    decks = [await asyncio.to_thread(deck, found, language) for language in languages]
    return {
        f"brief-{on.isoformat()}-{one.language}.{format}": await asyncio.to_thread(_file, one, format)
        for one in decks
        for format in wanted
    }


def media_type(name: str) -> str:
    """Of a file of the brief, by its name."""
    from bot.documents import MEDIA_TYPES
    from bot.documents.slides import PPTX

    return PPTX if name.endswith(".pptx") else MEDIA_TYPES["pdf"]


def _file(one: Deck, format: Format) -> bytes:
    if format == "pptx":
        from bot.documents.slides import to_pptx

        return to_pptx(one)
    from bot.documents.slides_pdf import to_pdf

    return to_pdf(one)


async def _courses(services: Services, tx: Transaction, on: date, now: datetime) -> dict[str, Course]:
    """Every course as it was at the end of the day."""
    if on >= now.date():
        return await services.dossiers.courses(tx)
    end = datetime.combine(on + timedelta(days=1), time(), UTC)
    every = {chain: await tx.ledger.of_chain(chain) for chain in await tx.ledger.chains()}
    return {
        chain: course_of(chain, [one for one in entries if one.at < end])
        for chain, entries in every.items()
        if chain == EXERCISE or entries[0].at < end
    }


async def _answered(
    services: Services, store: Store, one: Given, course: Course, names: Mapping[int, str], now: datetime
) -> Given:
    """What its entities answered, as far as it was accepted, and what its published guide prints."""
    code = one.standing.country
    language = knowledge.country(code).bot_languages[0]
    gathered = await gather(store, services.interviews.forms, code, language, now)
    contributions = tuple(_accepted(gathered, course))
    last = course.publications.last
    draft = course.drafts.of(last.version) if last is not None else None
    printed: frozenset[str] = frozenset()
    if draft is not None:
        guides = await asyncio.to_thread(editions.read_guides, services.vault, draft.guides)
        printed = frozenset(said.text for guide in guides.values() for said in statements(guide))
    dossier: Dossier | None = None
    if contributions:
        dossier = await asyncio.to_thread(merge, code, contributions, additions(course, names))
    day = last.at.date() if last is not None else None
    return replace(one, dossier=dossier, published=day, printed=printed, shared=shared(contributions))


def _accepted(gathered: Gathered, course: Course) -> Iterator[Contribution]:
    """The contributions accepted at the date that are still as they were accepted; what was released then and is."""
    for voice in gathered.voices:
        number, held = voice.stored.id, voice.contribution
        then, today = course.contributions.get(number), gathered.handed.get(number)
        if then is None or today is None or then.state != "accepted" or today.state != "accepted":
            continue
        if (then.count, then.digest) == (today.count, today.digest):
            yield replace(held, released=held.released & then.released)
