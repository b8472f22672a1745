"""Publication in conversation: the package of the endorsed version, or all that stands in the way."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from bot import editions
from bot.acting import Act, document
from bot.documents.package import package, package_name
from bot.documents.texts import passages_of
from bot.jobs import Desk
from bot.messages import Prompt
from bot.speaking import Speaker, styled
from bot.steps.capability import Capability, Command
from bot.steps.versions import country_of, name_of
from flows import i18n, knowledge
from flows.country import receipt
from flows.country.metadata import Metadata, metadata
from flows.country.passages import passages
from flows.country.publication import obstacles
from flows.country.receipt import Receipt
from flows.country.secrets import secrets_of
from flows.country.steps.base import FileRef
from flows.country.steps.endorsement import Given, standing
from flows.country.steps.publication import Publish, Published

ZIP = "application/zip"
MOST = 12  # obstacles named in a message


async def publish(act: Act, arguments: Sequence[str]) -> None:
    """Ask for the publication of the endorsed version: `/publish BFA`."""
    country, _ = await country_of(act, arguments)
    if not country or not await act.allow("publish", country):
        return
    held = standing(await act.course(country))
    if not isinstance(held, Given):
        await act.refuse(held)
        return
    await act.later("publish", country=country)
    await act.say(act.text("publishing.preparing", version=held.version, country=name_of(act, country)))


async def publish_job(desk: Desk) -> None:
    """Look for what stands in the way, make the package, publish."""
    country, most = str(desk.job.payload["country"]), int(desk.job.payload.get("most", MOST))
    basis = await editions.gather_basis(desk.services, desk.store, country, desk.now, accepted=True)
    held = standing(basis.course)
    draft = basis.course.drafts.of(held.version) if isinstance(held, Given) else None
    if not isinstance(held, Given) or draft is None:
        async with desk.finish() as act:
            if not isinstance(held, Given):
                await act.refuse(held)
        return
    async with desk.store.reading() as tx:
        entries = await tx.ledger.of_chain(country)
    vault = desk.services.vault
    guides = await asyncio.to_thread(editions.read_guides, vault, draft.guides)
    source = await asyncio.to_thread(editions.source_of, basis, tuple(draft.source), desk.now)
    kept = secrets_of([one.contribution for one in basis.gathered.voices])
    files = {file.name: vault.path(file.sha256).read_bytes() for file in draft.edition.files}
    said = await asyncio.to_thread(passages_of, files)  # also what an edited document hides in comments and deletions
    in_the_way = await asyncio.to_thread(
        obstacles,
        draft.edition,
        endorsement=held.endorsement,
        void=None,
        today=basis.today,
        passages=[*(passage for guide in guides.values() for passage in passages(guide)), *said],
        secrets=kept.secrets,
        known=kept.known,
    )
    made = await asyncio.to_thread(receipt.make, entries, held.number, desk.services.signer)
    titles = {language: guide.title for language, guide in guides.items()}
    content = await asyncio.to_thread(package, made, files, _metadata(basis, made, titles, desk), guides)
    async with desk.finish() as act:
        archive = await act.keep(f"{package_name(country, held.version)}.zip", content, ZIP)
        step = Publish(held.version, source, in_the_way, archive, held.number, entries[held.number - 1].hash)
        reasons = styled("item", *(one.said(i18n.base(act.language)) for one in in_the_way[:most]))
        facts = await act.take(step, country, why=reasons)
        if facts is not None:
            await _told(act, next(fact for fact in facts if isinstance(fact, Published)), archive, country)


def _metadata(basis: editions.Basis, made: Receipt, titles: dict[str, str], desk: Desk) -> Metadata:
    country = basis.country
    forewords = list(basis.course.endorsement.forewords.values())
    last = basis.course.publications.last
    return metadata(
        made,
        published_at=desk.now,
        country_names={language: country.name(language) for language in i18n.languages()},
        titles=titles,
        authority=basis.course.interest.authority,
        function=forewords[0].title if forewords else basis.course.interest.endorser,
        name=forewords[0].signatory if forewords else "",
        attribution={language: i18n.text("publishing.attribution", language) for language in i18n.languages()},
        supersedes=last.version if last is not None else 0,
    )


async def _told(act: Act, published: Published, archive: FileRef, country: str) -> None:
    def tell(to: Speaker) -> Prompt:
        return to.prompt(
            to.text("publishing.done", version=published.version, country=name_of(to, country)),
            documents=[document(archive)] if to.person.role in ("secretariat", "coordinator") else (),
            buttons=[[to.button(to.text("publishing.button_guide"), "guide", country)]],
        )

    roles = ("secretariat", "coordinator", "focal_point", "official", "expert")
    await act.tell(await act.people(*roles, country=country), tell)  # type: ignore[arg-type]
    if any(channel in act.services.targets for channel in published.channels):
        await act.later("deliver", country=country)


async def guide(act: Act, arguments: Sequence[str] = ()) -> None:
    """The published guide, for all who took part."""
    country, _ = await country_of(act, arguments)
    if not country or not await act.allow("see_publication", country):
        return
    course = await act.course(country)
    last = course.publications.last
    draft = course.drafts.of(last.version) if last is not None else None
    if last is None or draft is None:
        await act.say(act.text("publishing.none", country=knowledge.country(country).name(act.language)))
        return
    documents = [document(editions.file_ref(file)) for file in draft.edition.files if file.format != "html"]
    said = act.text("publishing.is", version=last.version, date=last.at.strftime("%d/%m/%Y"))
    await act.say(said, documents=documents)


CAPABILITY = Capability(
    commands={"publish": Command(publish, "publish"), "guide": Command(guide, "see_publication")},
    presses={"publish": publish, "guide": guide},
    jobs={"publish": publish_job},
)
