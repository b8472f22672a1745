"""Endorsement in conversation: the exact files before the coordinator, the decision, and the receipt of it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from bot import editions
from bot.acting import Act, document, listed, why
from bot.companions import Filled
from bot.jobs import Desk
from bot.matters import about, newest
from bot.messages import Line, Prompt
from bot.pressed import number
from bot.speaking import Speaker, styled
from bot.steps.capability import Capability, Command, Task
from bot.steps.versions import country_of, name_of, places_of, version_of
from flows import knowledge
from flows.country import receipt
from flows.country.dates import written
from flows.country.edition import DECISIONS, Endorsement, File, meaning
from flows.country.steps.base import FileRef, Refusal
from flows.country.steps.course import Course
from flows.country.steps.drafts import Draft
from flows.country.steps.endorsement import (
    Decide,
    EndorsementGiven,
    Given,
    Propose,
    Shown,
    awaited,
    remarks,
    standing,
    under_embargo,
)
from flows.i18n import text


# ---- put forward --------------------------------------------------------------------------------------------------
async def propose(act: Act, arguments: Sequence[str]) -> None:
    """Put a version before the coordinator: its exact files, and the question."""
    country, draft = await version_of(act, arguments)
    if draft is None:
        return
    coordinators = await act.people("coordinator", country=country)
    if not coordinators:
        await act.refuse(Refusal("endorsement.no_coordinator", {"country": name_of(act, country)}))
        return
    if await act.take(Propose(draft.version), country) is None:
        return
    await _put_before(act, draft, country)
    await act.say(act.text("endorsement.put_forward", version=draft.version, country=name_of(act, country)))


async def _put_before(act: Act, draft: Draft, country: str) -> None:
    coordinators = await act.people("coordinator", country=country)
    for file in draft.edition.files:
        await act.tell(coordinators, lambda to, file=file: _file(to, country, draft.version, file))  # type: ignore[misc]
    await act.tell(coordinators, lambda to: _question(to, country, draft.version))


def _file(to: Speaker, country: str, version: int, file: File) -> Prompt:
    said = to.text("endorsement.file", version=version, name=file.name, sha256=file.sha256[:16])
    return to.prompt(said, documents=[document(editions.file_ref(file))], key=_key(country, version, file))


def _key(country: str, version: int, file: File) -> str:
    """Under which the message that brings a file is found again."""
    return f"file/{country}/{version}/{file.format}-{file.language}"


def _question(to: Speaker, country: str, version: int) -> Prompt:
    return to.prompt(
        to.text("endorsement.question", version=version, country=name_of(to, country)),
        buttons=[
            [to.button(to.text("drafts.button_comment"), "draft_comment", country, version)],
            [to.button(to.text("endorsement.button_decide"), "endorse", country, version)],
        ],
    )


# ---- the decision -------------------------------------------------------------------------------------------------
async def begin(act: Act, arguments: Sequence[str] = ()) -> None:
    """The coordinator decides: on the version of the button, else on the one that is before them."""
    if not await act.allow("endorse"):
        return
    country = act.person.country
    course = await act.course()
    version = number(arguments, 1) if len(arguments) > 1 else None
    draft = awaited(course)
    if draft is None or (version is not None and version != draft.version):
        await act.refuse(_why_not(course, version))
        return
    if await _shown(act, draft) is None:
        await act.say(act.text("endorsement.not_shown"))
        return
    noted = len(remarks(course, draft.version, act.actor))
    given = {"country": country, "country_name": name_of(act, country), "version": str(draft.version)}
    await act.begin("endorsement", {**given, "noted": str(noted or "")})


def _why_not(course: Course, version: int | None) -> Refusal:
    held = standing(course)
    if isinstance(held, Given) and version in (None, held.version):
        return Refusal("endorsement.already_given", {"version": held.version})
    newest = course.drafts.newest
    if version is not None and newest is not None and newest.version != version:
        return Refusal("endorsement.superseded_version", {"version": version, "newest": newest.version})
    return Refusal("endorsement.nothing_proposed")


async def decided(act: Act, filled: Filled) -> bool:
    """The decision is confirmed: everything that the record holds is put together here."""
    country, version = filled.given["country"], int(filled.given["version"])
    draft = (await act.course(country)).drafts.of(version)
    verdict = next((one for one in DECISIONS if one == filled.get("decision")), None)
    if draft is None or verdict is None:
        await act.refuse(Refusal("drafts.none"))
        return True
    shown = await _shown(act, draft)
    if shown is None:
        await act.say(act.text("endorsement.not_shown"))
        return False
    zone = knowledge.country(country).time_zones[0]
    letter = filled.file("letter")
    embargo = filled.get("embargo")
    entry = (await act.tx.ledger.of_chain(country, draft.entry))[0]
    invited = [one for one in await act.tx.invitations.of_country(country) if one.used_by == act.person.id]
    endorsement = Endorsement(
        edition=draft.edition,
        decision=verdict,
        meaning=meaning(verdict),
        draft=draft.entry,
        draft_hash=entry.hash,
        identified="invitation" if invited else "part",
        identified_at=invited[0].used_at if invited else act.person.created_at,
        local=act.now.astimezone(ZoneInfo(zone)),
        zone=zone,
        shown=shown,
        channels=filled.chosen("channels") if verdict == "endorse" else (),
        embargo=date.fromisoformat(embargo) if embargo and verdict == "endorse" else None,
        letter=letter.sha256 if letter is not None else "",
    )
    if act.person.id not in (await act.course(country)).endorsement.shown.get(version, {}):
        await act.record(Shown(version, act.person.id, shown), country=country)
    comments = filled.get("comments") or filled.get("more")
    facts = await act.take(Decide(endorsement, comments, letter), country)
    if facts is None:
        return False
    number, _ = await act.tx.ledger.last(country)
    await act.later("receipt", country=country, number=number)
    given = next(fact for fact in facts if isinstance(fact, EndorsementGiven))
    if verdict == "endorse":
        await _tell_endorsed(act, given.endorsement, letter, country)
    else:
        await _tell_remarks(act, given, draft, letter, country)
    return True


async def _tell_endorsed(act: Act, made: Endorsement, letter: FileRef | None, country: str) -> None:
    """It is endorsed: where and from when it may be published, and the letter, go to the secretariat."""
    version = made.edition.version
    await act.say(act.text("endorsement.thanks_endorse", version=version), *_terms(act.me, made))

    def tell(to: Speaker) -> Prompt:
        publish = [to.button(to.text("endorsement.button_publish"), "publish", country)]
        return to.prompt(
            to.text("endorsement.told_endorse", version=version, country=name_of(to, country)),
            *_terms(to, made),
            documents=[document(letter)] if letter is not None else (),
            buttons=[] if under_embargo(made, _today(country, act.now)) else [publish],
        )

    await act.tell(await act.people("secretariat"), tell)


def _terms(to: Speaker, made: Endorsement) -> list[str]:
    """Where a guide may be published, and from when."""
    channels = listed([to.text(f"secretariat.channel_{one}") for one in made.channels], to.language)
    lines = [to.text("endorsement.may_be_published", channels=channels)]
    if made.embargo is not None:
        lines.append(to.text("endorsement.not_before", date=written(made.embargo, to.language)))
    return lines


async def _tell_remarks(act: Act, given: EndorsementGiven, draft: Draft, letter: FileRef | None, country: str) -> None:
    """Changes are wanted: the remarks go to those who can make them."""
    decision, version = given.endorsement.decision, draft.version
    await act.say(act.text(f"endorsement.thanks_{decision}", version=version))
    noted = remarks(await act.course(country), version, act.actor)
    called = await places_of(act, draft)

    def tell(to: Speaker) -> Prompt:
        lines: list[str | Line] = [
            to.text(f"endorsement.told_{decision}", version=version, country=name_of(to, country))
        ]
        lines += styled("quote", *([given.comments] if given.comments else []))
        if noted:
            lines.append(to.text("endorsement.remarks", len(noted)))
            lines += [
                Line(to.text("endorsement.remark", where=called(to, one.anchor), text=one.text), "item")
                for one in noted
            ]
        if to.person.role == "expert":
            lines.append(to.text("endorsement.next_review"))
            buttons = [[to.button(to.text("drafts.button_send"), "version", country, version)]]
        else:
            lines.append(to.text("endorsement.next_version"))
            buttons = [[to.button(to.text("drafts.button_open"), "drafts", country)]]
        return to.prompt(*lines, documents=[document(letter)] if letter is not None else (), buttons=buttons)

    await act.tell(await act.people("secretariat", "expert", country=country), tell)


def _today(country: str, now: datetime) -> date:
    """The day in the country's capital."""
    return now.astimezone(ZoneInfo(knowledge.country(country).time_zones[0])).date()


async def _shown(act: Act, draft: Draft) -> tuple[str, ...] | None:
    """The numbers of the messages that brought every file of the version to the person; None: one has not arrived."""
    addresses = await act.tx.people.reach(act.person.id)
    found: list[str] = []
    for file in draft.edition.files:
        key = _key(act.person.country, draft.version, file)
        ids = [await act.tx.outbox.message_id(one.channel, one.address, key) for one in addresses]
        arrived = next((each for each in ids if each), "")
        if not arrived:
            return None
        found.append(arrived)
    return tuple(found)


async def receipt_job(desk: Desk) -> None:
    """Make the receipt, and give it to who decided and to the secretariat."""
    country, number = str(desk.job.payload["country"]), int(desk.job.payload["number"])
    async with desk.store.reading() as tx:
        entries = await tx.ledger.of_chain(country)
    made = await asyncio.to_thread(receipt.make, entries, number, desk.services.signer)
    async with desk.finish() as act:
        kept = await act.keep(made.name, receipt.to_bytes(made), "application/json")
        pdf = next((one.name for one in made.endorsement.edition.files if one.format == "pdf"), "guide.pdf")
        people = [act.person, *await act.people("secretariat")]
        await act.tell(
            people,
            lambda to: to.prompt(
                to.text("endorsement.receipt", version=made.version, receipt=made.name, pdf=pdf),
                documents=[document(kept)],
            ),
        )


# ---- looking ------------------------------------------------------------------------------------------------------
async def endorsement(act: Act, arguments: Sequence[str]) -> None:
    """For the coordinator, the decision itself; for the secretariat, how things stand."""
    if act.person.role == "coordinator":
        await begin(act, ())
        return
    country, _ = await country_of(act, arguments)
    if not country or not await act.allow("see_draft", country):
        return
    await act.say(stands(await act.course(country), act.language))


def stands(course: Course, language: str) -> str:
    """Whether a version is endorsed, or why none is, in one sentence."""
    held = standing(course)
    if isinstance(held, Given):
        return text("endorsement.holds", language, version=held.version, date=held.at.strftime("%d/%m/%Y"))
    if (draft := awaited(course)) is not None:
        return text("endorsement.is_awaited", language, version=draft.version)
    return why(held, language)


async def tasks(act: Act) -> Sequence[Task]:
    """The decision that is awaited from the coordinator; from the secretariat, what follows from one."""
    if act.person.role == "secretariat":
        courses = await act.services.dossiers.courses(act.tx)
        return [task for code in sorted(courses) if code for task in await _follows(act, courses[code])]
    if act.person.role != "coordinator":
        return ()
    course = await act.course()
    draft = awaited(course)
    if draft is None:
        return ()
    line = act.text("endorsement.task", version=draft.version)
    button = act.button(act.text("endorsement.button_decide"), "endorse", act.person.country, draft.version)
    noted = (one.at for one in remarks(course, draft.version, act.actor))
    since = newest(course.endorsement.proposed_at, *noted)
    return [Task(line, button, await about(act, course, "endorsement", draft.version, since))]


async def _follows(act: Act, course: Course) -> list[Task]:
    """A version to be made anew, or one to be published, as soon as it may be."""
    last, draft, country = course.endorsement.last, course.drafts.newest, course.country
    if last is None or draft is None or any(one.version == last.version for one in course.publications.made):
        return []
    values = {"country": name_of(act, country), "version": last.version}
    if isinstance(standing(course), Given):
        if under_embargo(last.endorsement, _today(country, act.now)):
            return []
        button = act.button(act.text("endorsement.button_publish"), "publish", country)
        since = newest(last.at, _embargo_ends(last.endorsement, country))
        kind = "embargo" if last.endorsement.embargo is not None else "publication"
        matter = await about(act, course, kind, country, since)
        return [Task(act.text("publishing.task", **values), button, matter)]
    if draft.version != last.version:
        return []
    line = act.text(f"endorsement.task_{last.endorsement.decision}", **values)
    button = act.button(act.text("drafts.button_open"), "drafts", country)
    return [Task(line, button, await about(act, course, "draft", country, last.at))]


def _embargo_ends(endorsement: Endorsement, country: str) -> datetime | None:
    """When the day begins from which the guide may be published."""
    zone = ZoneInfo(knowledge.country(country).time_zones[0])
    return datetime.combine(endorsement.embargo, time.min, zone) if endorsement.embargo is not None else None


CAPABILITY = Capability(
    commands={"endorse": Command(endorsement, "see_draft")},
    presses={"propose": propose, "endorse": begin},
    forms={"endorsement": decided},
    jobs={"receipt": receipt_job},
    tasks=tasks,
)
