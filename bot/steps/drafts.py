"""The draft in conversation: compiled, read, compared with the version before."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from bot import editions
from bot.acting import Act, document
from bot.documents import MEDIA_TYPES, render
from bot.jobs import Desk
from bot.messages import Button, Line
from bot.pressed import country_and_number
from bot.speaking import styled
from bot.steps.capability import Capability, Command
from bot.steps.versions import country_of, guides_of, labels_of, name_of, places_of, questions_of, version_of
from flows import knowledge
from flows.country import changes_told
from flows.country.changes import changes
from flows.country.outlines import EXTENTS, OUTLINES
from flows.country.steps.base import Refusal
from flows.country.steps.course import Course
from flows.country.steps.drafts import Draft, MakeDraft
from flows.country.steps.endorsement import Given, awaited, standing
from flows.country.steps.interest import takes_part
from flows.country.steps.outlines import ChooseExtent, ChooseOutline

COMMENTS_SHOWN = 10


# ---- compiling ----------------------------------------------------------------------------------------------------
async def compile_(act: Act, arguments: Sequence[str]) -> None:
    """Ask for a new version: `/compile BFA fr en`; in an outline and to an extent, which are remembered: `/compile BFA
    published extended`."""
    await _asked(act, arguments, final=False)


async def finalise(act: Act, arguments: Sequence[str]) -> None:
    """Ask for a version made to be endorsed: only accepted contributions, nothing for experts in it."""
    await _asked(act, arguments, final=True)


async def _asked(act: Act, arguments: Sequence[str], *, final: bool) -> None:
    country, rest = await country_of(act, arguments)
    if not country or not await act.allow("compile", country):
        return
    drafts = (await act.course(country)).drafts
    follows = next((each for each in OUTLINES if each in rest), drafts.outline)
    if follows != drafts.outline and await act.take(ChooseOutline(follows), country) is None:
        return
    says = next((each for each in EXTENTS if each in rest), drafts.extent)
    if says != drafts.extent and await act.take(ChooseExtent(says), country) is None:
        return
    languages = [each for each in rest if each not in (*OUTLINES, *EXTENTS)]
    await act.later("compile", country=country, languages=languages, final=final)
    await act.say(act.text("drafts.compiling", country=knowledge.country(country).name(act.language)))


async def outline(act: Act, arguments: Sequence[str]) -> None:
    """Choose the outline of the versions to come, by its place among them: `draft_outline <country> <place>`."""
    country, place = country_and_number(arguments)
    if not 0 <= place < len(OUTLINES):
        return
    wanted = OUTLINES[place]
    if await act.take(ChooseOutline(wanted), country) is None:
        return
    await _chosen(act, country, f"drafts.outline_{wanted}")


async def extent(act: Act, arguments: Sequence[str]) -> None:
    """Choose how much the versions to come say, by its place among the extents: `draft_extent <country> <place>`."""
    country, place = country_and_number(arguments)
    if not 0 <= place < len(EXTENTS):
        return
    wanted = EXTENTS[place]
    if await act.take(ChooseExtent(wanted), country) is None:
        return
    await _chosen(act, country, f"drafts.extent_{wanted}")


async def _chosen(act: Act, country: str, key: str) -> None:
    again = act.button(act.text("drafts.button_compile"), "draft_compile", country)
    await act.say(act.text(key, country=name_of(act, country)), buttons=[[again]])


def _looks(act: Act, course: Course) -> list[list[Button]]:
    """To the outline, and to the extent, that the country does not have."""
    other = next(each for each in OUTLINES if each != course.drafts.outline)
    more = next(each for each in EXTENTS if each != course.drafts.extent)
    found = (("outline", other, OUTLINES.index(other)), ("extent", more, EXTENTS.index(more)))
    return [
        [act.button(act.text(f"drafts.button_{what}_{which}"), f"draft_{what}", course.country, place)]
        for what, which, place in found
    ]


async def compile_job(desk: Desk) -> None:
    """Compile, keep, number, and tell who asked."""
    payload = desk.job.payload
    country, final = payload["country"], bool(payload["final"])
    async with desk.store.reading() as tx:
        wanting = takes_part(await desk.services.dossiers.course(tx, country))
    if wanting is not None:  # before anything is made and kept
        async with desk.finish() as act:
            await act.refuse(wanting)
        return
    comments = bool(payload.get("comments", True))
    made = await editions.make(
        desk.services, desk.store, country, payload["languages"], desk.now, final=final, comments=comments
    )
    async with desk.finish() as act:
        before = (await act.course(country)).drafts.newest
        step = MakeDraft(made.edition, final, made.source, made.kept)
        if await act.take(step, country) is None:
            return
        version = made.edition.version
        gathered = made.basis.gathered
        used = len(made.basis.contributions) if final else len(made.basis.dossier.voices)
        lines = [
            act.text("drafts.made_final" if final else "drafts.made", version=version, country=name_of(act, country)),
            act.text("drafts.of_contributions", used, all=len(gathered.voices)),
        ]
        if made.basis.dossier.differences:
            lines.append(act.text("drafts.differences", len(made.basis.dossier.differences)))
        if made.basis.dossier.missing:
            lines.append(act.text("drafts.gaps", len(made.basis.dossier.missing)))
        if made.basis.dossier.withheld:
            lines.append(act.text("drafts.withheld", made.basis.dossier.withheld))
        buttons = [[act.button(act.text("drafts.button_files"), "draft_files", country, version)]]
        if before is not None:
            buttons.append([act.button(act.text("drafts.button_changes"), "draft_changes", country, version)])
        if final:
            buttons.append([act.button(act.text("drafts.button_propose"), "propose", country, version)])
        else:
            buttons.append([act.button(act.text("drafts.button_review"), "draft_review", country, version)])
        buttons.append([act.button(act.text("drafts.button_passages"), "draft_passages", country, version)])
        buttons.append([act.button(act.text("completeness.button_list"), "rules", country)])
        buttons += _looks(act, await act.course(country))
        await act.say(*lines, buttons=buttons)


# ---- reading ------------------------------------------------------------------------------------------------------
async def drafts(act: Act, arguments: Sequence[str]) -> None:
    """The newest version and what can be done with it."""
    country, _ = await country_of(act, arguments)
    if not country or not await act.allow("see_draft", country):
        return
    course = await act.course(country)
    draft = course.drafts.newest
    if draft is None:
        key = "drafts.make_first" if act.may("compile", country) else "drafts.none_yet"
        rules = act.button(act.text("completeness.button_list"), "rules", country)
        await act.say(act.text(key, country=name_of(act, country), code=country), buttons=[[rules]])
        return
    comments = course.drafts.comments_on(draft.version)
    line = act.text(
        "drafts.newest_final" if draft.final else "drafts.newest",
        country=name_of(act, country),
        version=draft.version,
        date=draft.made_at.strftime("%d/%m/%Y"),
    )
    lines: list[str | Line] = [line, *([act.text("drafts.comments", len(comments))] if comments else [])]
    names = await labels_of(act, (comment.by for comment in comments))
    called = await places_of(act, draft)
    for comment in comments[-COMMENTS_SHOWN:]:
        who = names.get(comment.by, act.text(f"access.role_{comment.role}"))
        where = called(act.me, comment.anchor)
        if asked := questions_of(comment):
            where = act.text("drafts.about_questions", len(asked), where=where, questions=", ".join(asked))
        lines += styled("item", act.text("drafts.comment", who=who, where=where, text=comment.text))
    buttons = [[act.button(act.text("drafts.button_files"), "draft_files", country, draft.version)]]
    if draft.version > 1:
        buttons.append([act.button(act.text("drafts.button_changes"), "draft_changes", country, draft.version)])
    if act.may("comment_draft", country):
        buttons.append([act.button(act.text("drafts.button_comment"), "draft_comment", country, draft.version)])
    if act.person.id in draft.reviewers and act.person.id not in draft.reviewed:
        buttons.append([act.button(act.text("drafts.button_reviewed"), "draft_reviewed", country, draft.version)])
    if act.may("send_version", country):
        buttons.append([act.button(act.text("drafts.button_send"), "version", country, draft.version)])
    buttons.append([act.button(act.text("completeness.button_list"), "rules", country)])
    if act.may("compile", country):
        buttons.append([act.button(act.text("drafts.button_review"), "draft_review", country, draft.version)])
        buttons.append([act.button(act.text("drafts.button_passages"), "draft_passages", country, draft.version)])
        buttons += _looks(act, course)
        buttons += _onward(act, course, draft)
    await act.say(*lines, buttons=buttons)


def _onward(act: Act, course: Course, draft: Draft) -> list[list[Button]]:
    """The secretariat's next step towards publication."""
    country, last = course.country, course.endorsement.last
    if isinstance(standing(course), Given):
        if any(one.version == draft.version for one in course.publications.made):
            return [[act.button(act.text("drafts.button_final"), "draft_final", country)]]
        return [[act.button(act.text("endorsement.button_publish"), "publish", country)]]
    if awaited(course) is not None:
        return []
    if draft.final and (last is None or last.version != draft.version):
        return [[act.button(act.text("drafts.button_propose"), "propose", country, draft.version)]]
    return [[act.button(act.text("drafts.button_final"), "draft_final", country)]]


async def files(act: Act, arguments: Sequence[str]) -> None:
    """The files of a version."""
    country, draft = await version_of(act, arguments)
    if draft is None or not await act.allow("see_draft", country):
        return
    documents = [document(editions.file_ref(file)) for file in draft.edition.files]
    await act.say(act.text("drafts.files", version=draft.version), documents=documents)


async def what_changed(act: Act, arguments: Sequence[str]) -> None:
    """Have it said what changed since the version before."""
    country, draft = await version_of(act, arguments)
    if draft is None or not await act.allow("see_draft", country):
        return
    await act.later("draft_changes", country=country, version=draft.version)


async def changes_job(desk: Desk) -> None:
    """Compare a version with the one before, or with `before`: some lines in chat, all of it as a document."""
    country, version = str(desk.job.payload["country"]), int(desk.job.payload["version"])
    before = int(desk.job.payload.get("before", version - 1))
    old, new = await guides_of(desk.services, desk.store, country, (before, version))
    language = next((each for each in new if each in old), "")
    if not language:
        async with desk.finish() as act:
            await act.refuse(Refusal("drafts.nothing_before", {"version": version}))
        return
    found = await asyncio.to_thread(changes, old[language], new[language])
    report = await asyncio.to_thread(changes_told.report, old[language], new[language])
    content = await asyncio.to_thread(render, report, "docx")
    async with desk.finish() as act:
        name = f"changes-{country}-v{version}-{language}.docx"
        kept = await act.keep(name, content, MEDIA_TYPES["docx"])
        lines = changes_told.lines(found, act.language)
        await act.say(
            changes_told.summary(found, act.language),
            *styled("item", *lines),
            documents=[document(kept)] if found else (),
        )


CAPABILITY = Capability(
    commands={"compile": Command(compile_, "compile"), "drafts": Command(drafts, "see_draft")},
    presses={
        "drafts": drafts,
        "draft_compile": compile_,
        "draft_outline": outline,
        "draft_extent": extent,
        "draft_final": finalise,
        "draft_files": files,
        "draft_changes": what_changed,
    },
    jobs={"compile": compile_job, "draft_changes": changes_job},
)
