"""What published guides contribute to the objectives of the Global Compact, out of the store; and the report made."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from datetime import date, datetime

from bot import editions
from bot.acting import Services
from bot.documents import Format, render
from db.database import Store
from flows.country.alignment import Published, published, report
from flows.country.guide import Guide
from flows.country.ledger import EXERCISE
from flows.country.steps.activities import ActivityAdded, ActivityCorrected, ActivityWithdrawn, Catalogue, catalogue
from flows.country.steps.course import Course
from flows.country.walking import statements

REPORT = "objectives"
"""What the report's files are called, before language and format."""
_CHANGES = (ActivityAdded.kind, ActivityCorrected.kind, ActivityWithdrawn.kind)


async def known(services: Services, store: Store) -> tuple[Catalogue, date | None]:
    """The catalogue as it stands, and when the secretariat changed it last."""
    async with store.reading() as tx:
        course = await services.dossiers.course(tx, EXERCISE)
    return catalogue(course), changed_on(course)


def changed_on(course: Course) -> date | None:
    """When the catalogue was changed last; None: it is as it came with the program."""
    return max((course.seen[kind][1].at.date() for kind in _CHANGES if kind in course.seen), default=None)


async def contributions(services: Services, store: Store, now: datetime) -> tuple[Published, ...]:
    """What the published guide of each country contributes today, country by country. Raises `Unreadable`."""
    found = []
    async with store.reading() as tx:
        chains = [chain for chain in await tx.ledger.chains() if chain != EXERCISE]
        courses = {chain: await services.dossiers.course(tx, chain) for chain in chains}
    for code, course in sorted(courses.items()):
        last = course.publications.last
        draft = course.drafts.of(last.version) if last is not None else None
        if last is None or draft is None:
            continue
        basis = await editions.gather_basis(services, store, code, now, accepted=True)
        guides = await asyncio.to_thread(editions.read_guides, services.vault, draft.guides)
        given = await asyncio.to_thread(published, basis.dossier, _printed(guides.values()))
        found.append(Published(code, last.version, last.at.date(), given))
    return tuple(found)


def _printed(guides: Iterable[Guide]) -> frozenset[str]:
    return frozenset(statement.text for guide in guides for statement in statements(guide))


async def rendered(
    services: Services, store: Store, language: str, formats: Iterable[Format], now: datetime
) -> dict[str, bytes]:
    """The report in one language, by name of file. Raises `Unreadable`."""
    held, changed = await known(services, store)
    guide = report(held, await contributions(services, store, now), language, changed)
    return {f"{REPORT}-{guide.language}.{format}": await asyncio.to_thread(render, guide, format) for format in formats}
