"""An expert's edited Word document in conversation: read back, checked, and made the next version of the guide.

The next version is rendered anew from what the document says, so that its Word file, PDF and web page say the same and
nothing is hidden in it; the document itself is kept as it came. See `docs/decisions/edited-versions.md`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from bot import editions
from bot.acting import Act
from bot.companions import Filled
from bot.documents.opening import Unreadable
from bot.jobs import Desk
from bot.messages import Button
from bot.speaking import Speaker
from bot.steps.capability import Capability
from bot.steps.versions import guides_of, name_of, version_of
from flows.country.dossier import Dossier
from flows.country.draft.desk import Desk as Wording
from flows.country.draft.edition import Edition as Dressed
from flows.country.draft.edition import status
from flows.country.guide import Guide
from flows.country.steps.base import Refusal
from flows.country.steps.drafts import MOST_WORDS, CommentOn, SendVersion

if TYPE_CHECKING:
    from bot.documents.reading import ReadGuide

MOST_COMMENTS = 300
MOST_ANSWERS = 40  # that one comment can be about


async def begin(act: Act, arguments: Sequence[str]) -> None:
    """Ask for the document edited from a version."""
    country, draft = await version_of(act, arguments)
    if draft is None or not await act.allow("send_version", country):
        return
    newest = (await act.course(country)).drafts.newest
    if newest is not None and newest.version != draft.version:
        refusal = Refusal("drafts.superseded", {"version": draft.version, "newest": newest.version})
        await act.refuse(refusal)
        return
    await act.begin("version", {"country": country, "version": str(draft.version)})


async def sent(act: Act, filled: Filled) -> bool:
    """The document is here: it is read beside the conversation."""
    file = filled.file("document")
    if file is None:
        await act.say(act.text("edited.no_document"))
        return False
    await act.later("edited", country=filled.given["country"], sha256=file.sha256, name=file.name)
    await act.say(act.text("edited.reading", name=filled.get("document")))
    return True


async def edited_job(desk: Desk) -> None:
    """Read the document, make the next version from it, take over its comments."""
    from bot.documents.reading import identify, read_docx

    told = desk.job.payload
    country, vault = str(told["country"]), desk.services.vault
    content = await asyncio.to_thread(vault.path(str(told["sha256"])).read_bytes)
    basis = await editions.gather_basis(desk.services, desk.store, country, desk.now, accepted=True)
    try:
        identity = await asyncio.to_thread(identify, content)
        if identity.country != country:
            raise Unreadable("other_country", found=identity.country, wanted=country)
        (guides,) = await guides_of(desk.services, desk.store, country, (identity.version,))
        original = guides.get(identity.language)
        if original is None:
            raise Unreadable("unmarked")
        read = await asyncio.to_thread(read_docx, content, original)
    except Unreadable as problem:
        async with desk.finish() as act:
            await act.refuse(Refusal(f"reading.{problem.reason}", problem.values))
        return
    if read.guide == original and read.comments:
        await _commented(desk, country, read, original.version)
        return
    number = len(basis.course.drafts.versions) + 1
    based = basis.course.drafts.of(identity.version)
    if based is None:
        async with desk.finish() as act:
            await act.refuse(Refusal("drafts.none"))
        return
    following = {
        language: _renumbered(read.guide if language == identity.language else guide, basis, number)
        for language, guide in guides.items()
    }
    comments = not based.final and await asyncio.to_thread(editions.is_commented, vault, based)
    tables = editions.tables_of(based)
    made = await editions.keep(vault, basis, following, number, based.source, comments=comments, tables=tables)
    async with desk.finish() as act:
        step = SendVersion(made.edition, based.final, identity.version, based.source, made.kept)
        if await act.take(step, country) is None:
            return
        await _keep_comments(act, country, read, number)
        lines = [act.text("edited.thanks", version=number), *_counted(act, read)]
        if read.tracked:
            lines.append(act.text("edited.tracked"))
        if read.pictures:
            lines.append(act.text("edited.pictures", read.pictures))
        if read.sources_edited:
            numbers = ", ".join(map(str, read.sources_edited))
            lines.append(act.text("edited.sources", numbers=numbers))
        await act.say(*lines, buttons=[[act.button(act.text("drafts.button_open"), "drafts", country)]])
        await act.tell(
            [one for one in await act.people("secretariat", country=country) if one.id != act.person.id],
            lambda to: to.prompt(
                to.text("edited.arrived", version=number, country=name_of(to, country)),
                buttons=_buttons(to, country, number),
            ),
        )


async def _commented(desk: Desk, country: str, read: ReadGuide, version: int) -> None:
    """Nothing but comments came back: they are kept as comments of the version that they were written on."""
    async with desk.finish() as act:
        if not await _keep_comments(act, country, read, version):
            return
        button = act.button(act.text("drafts.button_open"), "drafts", country)
        said = _counted(act, read)
        await act.say(act.text("edited.comments_alone", version=version), *said, buttons=[[button]])
        await act.tell(
            [one for one in await act.people("secretariat", country=country) if one.id != act.person.id],
            lambda to: to.prompt(
                to.text("edited.comments_arrived", len(read.comments), version=version, country=name_of(to, country)),
                buttons=[[to.button(to.text("drafts.button_open"), "drafts", country)]],
            ),
        )


def _counted(act: Act, read: ReadGuide) -> list[str]:
    """How many comments are kept, and how many are too many."""
    kept = min(len(read.comments), MOST_COMMENTS)
    left = len(read.comments) - kept
    return [act.text("edited.comments", kept), *([act.text("edited.comments_left", left)] if left else [])]


async def _keep_comments(act: Act, country: str, read: ReadGuide, version: int) -> bool:
    """The comments of a document as comments of a version, each on the section and the answers that it is about. False,
    said, where they cannot be kept."""
    for comment in read.comments[:MOST_COMMENTS]:
        if comment.text.strip():
            said = f"{comment.passage}\n{comment.text}" if comment.passage else comment.text
            answers = tuple(
                f"{number} {one.question}".strip() for one in comment.about[:MOST_ANSWERS] for number in one.sources
            )
            for start in range(0, len(said), MOST_WORDS):  # one too long is kept in pieces
                piece = said[start : start + MOST_WORDS]
                step = CommentOn(version, comment.anchor, piece, read.identity.language, answers)
                if piece.strip() and await act.take(step, country) is None:
                    return False
    return True


def _buttons(to: Speaker, country: str, version: int) -> list[list[Button]]:
    return [
        [to.button(to.text("drafts.button_changes"), "draft_changes", country, version)],
        [to.button(to.text("drafts.button_open"), "drafts", country)],
    ]


def _renumbered(guide: Guide, basis: editions.Basis, number: int) -> Guide:
    """The same as another version."""
    wording = Wording(Dossier(basis.country.code), basis.country, guide.language, guide.final)
    dressed = Dressed(number, basis.today, guide.final)
    return replace(guide, version=number, status=status(wording, guide.compiled_at, dressed))


CAPABILITY = Capability(
    presses={"version": begin},
    forms={"version": sent},
    jobs={"edited": edited_job},
)
