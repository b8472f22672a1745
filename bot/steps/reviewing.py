"""The review of a draft in conversation: by experts section by section, and by the officials whom it quotes."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime

from bot import editions, pressed
from bot.acting import Act, document
from bot.companions import Filled
from bot.findings import short
from bot.jobs import Desk
from bot.matters import about, newest
from bot.messages import Line, Prompt
from bot.speaking import Speaker, styled
from bot.steps.capability import Capability, Task
from bot.steps.versions import guides_of, name_of, sections_of, version_of
from flows.country.steps.base import Refusal
from flows.country.steps.course import Course
from flows.country.steps.drafts import CommentOn, EndReview, JudgePassages, SendForReview, SendPassages
from flows.country.steps.endorsement import awaited
from flows.country.walking import part_of

TITLE = 60  # of a section, in a button


# ---- review -------------------------------------------------------------------------------------------------------
async def send_for_review(act: Act, arguments: Sequence[str]) -> None:
    """Put the version before the country's experts, national and international."""
    country, draft = await version_of(act, arguments)
    if draft is None:
        return
    experts = await act.people("expert", country=country)
    if not experts:
        await act.refuse(Refusal("drafts.no_experts"))
        return
    fresh = [one for one in experts if one.id not in draft.reviewers]
    if await act.take(SendForReview(draft.version, tuple(one.id for one in experts)), country) is None:
        return
    documents = [document(editions.file_ref(file)) for file in draft.edition.files if file.format != "html"]

    def ask(to: Speaker) -> Prompt:
        return to.prompt(
            to.text("drafts.please_review", version=draft.version, country=name_of(to, country)),
            buttons=[
                [to.button(to.text("drafts.button_comment"), "draft_comment", country, draft.version)],
                [to.button(to.text("drafts.button_send"), "version", country, draft.version)],
                [to.button(to.text("drafts.button_reviewed"), "draft_reviewed", country, draft.version)],
            ],
            documents=documents,
        )

    await act.tell(fresh, ask)
    await act.say(act.text("drafts.sent", len(fresh)))


async def comment(act: Act, arguments: Sequence[str]) -> None:
    """Choose the section to comment on; then the comment itself is asked for."""
    country, draft = await version_of(act, arguments)
    if draft is None or not await act.allow("comment_draft", country):
        return
    sections = await asyncio.to_thread(sections_of, act.services, draft, act.language)
    if len(arguments) > 2:
        index = pressed.number(arguments, 2)
        anchor, title = ("", act.text("drafts.whole"))
        if 0 < index <= len(sections):
            anchor, title = sections[index - 1]
        given = {"country": country, "version": str(draft.version), "anchor": anchor, "section_title": title}
        await act.begin("comment", given)
        return
    rows = [
        [act.button(short(title, TITLE), "draft_comment", country, draft.version, number)]
        for number, (_, title) in enumerate(sections, 1)
    ]
    rows.append([act.button(act.text("drafts.whole"), "draft_comment", country, draft.version, 0)])
    await act.say(act.text("drafts.which_section"), buttons=rows)


async def commented(act: Act, filled: Filled) -> bool:
    """The comment is written."""
    given = filled.given
    country, version = given["country"], int(given["version"])
    step = CommentOn(version, given.get("anchor", ""), filled.get("comment"), filled.language)
    if await act.take(step, country) is None:
        return False
    buttons = [[act.button(act.text("drafts.button_another"), "draft_comment", country, version)]]
    draft = awaited(await act.course(country))
    if draft is not None and draft.version == version and act.may("endorse", country):
        buttons.append([act.button(act.text("endorsement.button_decide"), "endorse", country, version)])
    await act.say(act.text("drafts.thanks_comment"), buttons=buttons)
    return True


async def reviewed(act: Act, arguments: Sequence[str]) -> None:
    """The reviewer is done."""
    country, draft = await version_of(act, arguments)
    if draft is None or await act.take(EndReview(draft.version), country) is None:
        return
    await act.say(act.text("drafts.thanks_review"))
    course = await act.course(country)
    count = len(course.drafts.comments_on(draft.version))
    await act.tell(
        await act.people("secretariat"),
        lambda to: to.prompt(
            to.text("drafts.was_reviewed", count, version=draft.version, country=name_of(to, country)),
            buttons=[[to.button(to.text("drafts.button_open"), "drafts", country)]],
        ),
    )


# ---- those who are quoted -----------------------------------------------------------------------------------------
async def send_passages(act: Act, arguments: Sequence[str]) -> None:
    """Have the officials shown what the version says on the strength of their answers."""
    country, draft = await version_of(act, arguments)
    if draft is None or not await act.allow("compile", country):
        return
    await act.later("draft_passages", country=country, version=draft.version)
    await act.say(act.text("drafts.passages_coming"))


async def passages_job(desk: Desk) -> None:
    """Find each contribution's passages, and send them to who answered."""
    country, version = str(desk.job.payload["country"]), int(desk.job.payload["version"])
    basis = await editions.gather_basis(desk.services, desk.store, country, desk.now, accepted=False)
    (guides,) = await guides_of(desk.services, desk.store, country, (version,))
    parts: dict[int, list[tuple[str, str]]] = {}
    for number, voice in enumerate(basis.gathered.voices):
        entity = voice.contribution.entity.name
        guide = guides.get(voice.stored.language) or next(iter(guides.values()))
        sources = [one.number for one in guide.sources if one.entity == entity and one.kind == "answer"]
        for source in sources:
            said = [(section, statement.text) for section, statement in part_of(guide, source)]
            parts.setdefault(basis.gathered.voices[number].stored.person_id, []).extend(said)
    async with desk.finish() as act:
        people = [one for one in [await act.tx.people.get(number) for number in parts] if one is not None]
        people = [one for one in people if one.ended_at is None]
        if not people:
            await act.say(act.text("drafts.no_passages"))
            return
        step = SendPassages(version, tuple(one.id for one in people))
        if await act.take(step, country) is None:
            return
        for person in people:
            await act.tell([person], _passages(parts[person.id], version, country))
        await act.say(act.text("drafts.passages_sent", len(people)))


def _passages(said: Sequence[tuple[str, str]], version: int, country: str) -> Callable[[Speaker], Prompt]:
    def make(to: Speaker) -> Prompt:
        lines: list[str | Line] = [to.text("drafts.your_passages", len(said), version=version)]
        section = ""
        for title, text in said:
            if title != section:
                lines += styled("title", title)
                section = title
            lines += styled("quote", text)
        return to.prompt(
            *lines,
            buttons=[
                [to.button(to.text("drafts.button_agree"), "passages_agree", country, version)],
                [to.button(to.text("drafts.button_object"), "passages_object", country, version)],
            ],
        )

    return make


async def agree(act: Act, arguments: Sequence[str]) -> None:
    """The official agrees with what rests on their answers."""
    country, draft = await version_of(act, arguments)
    if draft is None:
        return
    step = JudgePassages(draft.version, act.person.entity_id, act.language)
    if await act.take(step, country) is not None:
        await act.say(act.text("drafts.thanks_agreement"))


async def object_(act: Act, arguments: Sequence[str]) -> None:
    """The official wants a correction: which?"""
    country, draft = await version_of(act, arguments)
    if draft is not None and await act.allow("see_own_passages", country, act.person.entity_id):
        await act.begin("objection", {"country": country, "version": str(draft.version)})


async def objected(act: Act, filled: Filled) -> bool:
    """The correction wanted is written."""
    country, version = filled.given["country"], int(filled.given["version"])
    step = JudgePassages(version, act.person.entity_id, filled.language, filled.get("objection"))
    if await act.take(step, country) is None:
        return False
    await act.say(act.text("drafts.thanks_objection"))
    told = await act.people("secretariat", "expert", "coordinator", country=country)
    entity = await act.tx.entities.get(act.person.entity_id) if act.person.entity_id is not None else None
    name = entity.name if entity is not None else ""
    text = filled.get("objection")
    await act.tell(
        told,
        lambda to: to.prompt(
            to.text("drafts.was_objected", version=version, country=name_of(to, country), entity=name),
            *styled("quote", text),
        ),
    )
    return True


async def tasks(act: Act) -> Sequence[Task]:
    """What waits: a version to review, passages to read."""
    role, code = act.person.role, act.person.country
    if role not in ("expert", "official"):
        return ()
    courses = {code: await act.course()} if code else await act.services.dossiers.courses(act.tx)
    return [task for place in sorted(courses) if place for task in await _of_course(act, courses[place])]


async def _of_course(act: Act, course: Course) -> list[Task]:
    draft, number, country = course.drafts.newest, act.person.id, course.country
    if draft is None:
        return []
    version = draft.version
    if number in draft.reviewers and number not in draft.reviewed:
        line = act.text("drafts.task_review", version=version, country=name_of(act, country))
        button = act.button(act.text("drafts.button_open"), "drafts", country)
        said = (one.at for one in course.drafts.comments_on(version) if one.by == number)
        since = newest(draft.made_at, _sent(course, "draft.sent_for_review"), *said)
        return [Task(line, button, await about(act, course, "review", f"{country} {version}", since))]
    if number in draft.asked and number not in draft.agreed | draft.objected:
        line = act.text("drafts.task_passages", version=version)
        button = act.button(act.text("drafts.button_agree"), "passages_agree", country, version)
        since = newest(draft.made_at, _sent(course, "draft.passages_sent"))
        return [Task(line, button, await about(act, course, "passages", version, since))]
    return []


def _sent(course: Course, kind: str) -> datetime | None:
    return course.seen[kind][1].at if kind in course.seen else None


CAPABILITY = Capability(
    presses={
        "draft_review": send_for_review,
        "draft_comment": comment,
        "draft_reviewed": reviewed,
        "draft_passages": send_passages,
        "passages_agree": agree,
        "passages_object": object_,
    },
    forms={"comment": commented, "objection": objected},
    jobs={"draft_passages": passages_job},
    tasks=tasks,
)
