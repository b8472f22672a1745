"""What changes under an endorsement: looked at beside the conversation, and told to those whom it concerns."""

from __future__ import annotations

import asyncio

from bot import editions
from bot.jobs import Desk
from bot.steps.capability import Capability
from bot.steps.versions import name_of
from flows.country.changes import changes
from flows.country.outlines import EXTENTS, named
from flows.country.steps.endorsement import EndorsementVoided, Given, standing


async def recheck_job(desk: Desk) -> None:
    """Something happened in a country: an endorsed version that no longer says what the dossier says is void."""
    country = str(desk.job.payload["country"])
    basis = await editions.gather_basis(desk.services, desk.store, country, desk.now, accepted=True)
    held = standing(basis.course)
    if not isinstance(held, Given) or any(one.version == held.version for one in basis.course.publications.made):
        return
    draft = basis.course.drafts.of(held.version)
    if draft is None:
        return
    languages = tuple(draft.source)
    now = await asyncio.to_thread(editions.source_of, basis, languages, desk.now)
    if now == draft.source:
        return
    old = await asyncio.to_thread(editions.read_guides, desk.services.vault, draft.guides)
    new = await asyncio.to_thread(
        editions.compiled,
        basis,
        languages[0],
        desk.now,
        held.version,
        final=True,
        outline=named(draft.edition.outline),
        extent=next((each for each in EXTENTS if each == old[languages[0]].extent), None),
    )
    found = await asyncio.to_thread(changes, old[languages[0]], new)
    sections = tuple(dict.fromkeys(one.anchor for one in found if one.anchor)) or ("content",)
    async with desk.finish() as act:
        course = await act.course(country)
        if standing(course) != held:
            return
        await act.record(EndorsementVoided(held.number, sections), country=country)
        names = ", ".join(dict.fromkeys(one.section for one in found if one.section))
        people = await act.people("coordinator", "secretariat", country=country)
        await act.tell(
            people,
            lambda to: to.prompt(
                to.text("endorsement.was_voided", version=held.version, country=name_of(to, country), sections=names),
                buttons=[[to.button(to.text("drafts.button_open"), "drafts", country)]],
            ),
        )


CAPABILITY = Capability(jobs={"recheck": recheck_job})
