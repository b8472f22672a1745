"""Endorsement in conversation: the exact files before the coordinator, the decision, and the receipt of it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import date
from zoneinfo import ZoneInfo

from bot import editions
from bot.acting import Act, document, why
from bot.companions import Filled
from bot.jobs import Desk
from bot.messages import Prompt
from bot.pressed import number
from bot.speaking import Speaker, styled
from bot.steps.capability import Capability, Command, Task
from bot.steps.versions import country_of, name_of, version_of
from flows import knowledge
from flows.country import receipt
from flows.country.changes import changes
from flows.country.edition import DECISIONS, Endorsement, File, meaning
from flows.country.steps.base import Refusal
from flows.country.steps.course import Course
from flows.country.steps.drafts import Draft
from flows.country.steps.endorsement import (
    Decide,
    EndorsementGiven,
    EndorsementVoided,
    Given,
    Propose,
    Shown,
    WriteForeword,
    awaited,
    standing,
)
from flows.i18n import text


# ---- the foreword -------------------------------------------------------------------------------------------------
async def foreword(act: Act, _arguments: Sequence[str] = ()) -> None:
    """Ask for the authority's own words."""
    if await act.allow("write_foreword"):
        await act.begin("foreword", {"country_name": name_of(act, act.person.country)})


async def foreword_written(act: Act, filled: Filled) -> bool:
    """The foreword is written: it comes into the next version."""
    step = WriteForeword(filled.get("language"), filled.get("text"), filled.get("signatory"), filled.get("title"))
    if await act.take(step) is None:
        return False
    await act.say(act.text("endorsement.thanks_foreword"))
    country = act.person.country
    await act.tell(
        await act.people("secretariat"),
        lambda to: to.prompt(
            to.text("endorsement.foreword_arrived", country=name_of(to, country)),
            buttons=[[to.button(to.text("drafts.button_final"), "draft_final", country)]],
        ),
    )
    return True


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
        buttons=[[to.button(to.text("endorsement.button_decide"), "endorse", country, version)]],
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
    given = {"country": country, "country_name": name_of(act, country), "version": str(draft.version)}
    await act.begin("endorsement", given)


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
    facts = await act.take(Decide(endorsement, filled.get("comments"), letter), country)
    if facts is None:
        return False
    await _told(act, next(fact for fact in facts if isinstance(fact, EndorsementGiven)), country)
    return True


async def _told(act: Act, given: EndorsementGiven, country: str) -> None:
    decision, version = given.endorsement.decision, given.endorsement.edition.version
    await act.say(act.text(f"endorsement.thanks_{decision}", version=version))
    number, _ = await act.tx.ledger.last(country)
    await act.later("receipt", country=country, number=number)

    def tell(to: Speaker) -> Prompt:
        lines = [to.text(f"endorsement.told_{decision}", version=version, country=name_of(to, country))]
        rows = []
        if decision == "endorse" and to.person.role == "secretariat":
            rows.append([to.button(to.text("endorsement.button_publish"), "publish", country)])
        return to.prompt(*lines, *styled("quote", *([given.comments] if given.comments else [])), buttons=rows)

    roles = ("secretariat",) if decision == "endorse" else ("secretariat", "expert")
    await act.tell(await act.people(*roles, country=country), tell)


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


# ---- what changes under an endorsement ----------------------------------------------------------------------------
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
    new = await asyncio.to_thread(editions.compiled, basis, languages[0], desk.now, held.version, final=True)
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
                to.text("endorsement.was_voided", version=held.version, country=name_of(to, country), sections=names)
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
    """The decision that is awaited from the coordinator."""
    if act.person.role != "coordinator":
        return ()
    draft = awaited(await act.course())
    if draft is None:
        return ()
    line = act.text("endorsement.task", version=draft.version)
    button = act.button(act.text("endorsement.button_decide"), "endorse", act.person.country, draft.version)
    return [Task(line, button)]


CAPABILITY = Capability(
    commands={"foreword": Command(foreword, "write_foreword"), "endorse": Command(endorsement, "see_draft")},
    presses={"propose": propose, "endorse": begin, "foreword": foreword},
    forms={"foreword": foreword_written, "endorsement": decided},
    jobs={"receipt": receipt_job, "recheck": recheck_job},
    tasks=tasks,
)
