"""Use cases: a published guide delivered to the places that its endorsement names, and the dialogue's map made."""

from __future__ import annotations

import asyncio
import hashlib
from datetime import datetime

from bot import editions
from bot.acting import Services
from bot.targets import NoPackage, Outcome, Target, unpacked
from db.database import Store
from flows.country.delivery import deliverable
from flows.country.imap import Place, Released, counted, links
from flows.country.ledger import EXERCISE
from flows.country.steps.base import Refusal
from flows.country.steps.course import Course
from flows.country.steps.endorsement import Channel
from flows.country.steps.publication import Publication
from flows.country.walking import statements

IMAP: Channel = "imap"


async def deliver(services: Services, course: Course, channel: Channel, target: Target) -> Outcome | Refusal:
    """Deliver the newest publication of a country, where its endorsement names the channel. Raises `OSError`,
    `NoPackage`."""
    found = deliverable(course, channel)
    if isinstance(found, Refusal):
        return found
    return await asyncio.to_thread(_put, services, found, target)


async def places(
    services: Services, store: Store, now: datetime, base: str = "", *, only_published: bool = False
) -> tuple[Place, ...]:
    """What the map shows of each country that takes part. `base`: see `flows.country.imap.links`; `only_published`:
    those alone whose guide the map may show. Raises `Unreadable`."""
    async with store.reading() as tx:
        courses = await services.dossiers.courses(tx)
    found = []
    for code, course in sorted(courses.items()):
        if code == EXERCISE:
            continue
        publication = deliverable(course, IMAP)
        if not isinstance(publication, Refusal):
            found.append(Place(code, await _released(services, store, course, publication, now, base)))
        elif course.interest.answer == "yes" and not only_published:
            found.append(Place(code))
    return tuple(found)


async def deliver_map(
    services: Services, store: Store, target: Target, now: datetime, base: str = "", *, only_published: bool = False
) -> list[tuple[str, Outcome]]:
    """Put the map into a target, after the guides that it leads to where they stand beside it (`base` is ""). Returns
    the folders, and what became of each. Raises `Unreadable`, `OSError`, `NoPackage`."""
    from bot.documents.imap import FOLDER, imap
    from bot.documents.package import package_name

    shown = await places(services, store, now, base, only_published=only_published)
    async with store.reading() as tx:
        courses = await services.dossiers.courses(tx)
    done: list[tuple[str, Outcome]] = []
    for one in shown:
        if one.released is not None and not base:
            outcome = await deliver(services, courses[one.country], IMAP, target)
            if not isinstance(outcome, Refusal):
                done.append((package_name(one.country, one.released.version), outcome))
    done.append((FOLDER, await asyncio.to_thread(target.put, FOLDER, imap(shown))))
    return done


def _put(services: Services, publication: Publication, target: Target) -> Outcome:
    content = services.vault.path(publication.package.sha256).read_bytes()
    if hashlib.sha256(content).hexdigest() != publication.package.sha256:
        raise NoPackage("not what was published")
    name, files = unpacked(content)
    return target.put(name, files)


async def _released(
    services: Services, store: Store, course: Course, publication: Publication, now: datetime, base: str
) -> Released | None:
    from bot.documents.package import package_name

    draft = course.drafts.of(publication.version)
    if draft is None:
        return None
    basis = await editions.gather_basis(services, store, course.country, now, accepted=True)
    guides = await asyncio.to_thread(editions.read_guides, services.vault, draft.guides)
    printed = frozenset(said.text for guide in guides.values() for said in statements(guide))
    sources, recommendations, practices = await asyncio.to_thread(counted, basis.dossier, printed)
    files = [(file.name, file.language, file.format) for file in draft.edition.files]
    return Released(
        version=publication.version,
        on=publication.at.date(),
        links=links(package_name(course.country, publication.version), files, base),
        sources=sources,
        recommendations=recommendations,
        practices=practices,
    )
