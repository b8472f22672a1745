"""Somebody is deleted: who they were goes, what they said for their institution stays under a number."""

from __future__ import annotations

import asyncio
import json
import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from bot.acting import Act
from bot.attachments import Vault
from bot.contents import discard, in_use
from bot.personal import Human, Versions, form_held, human, known_by
from bot.steps import registry
from db.database import Store
from db.erasing import Spoken
from db.interviews import StoredInterview
from flows.country.handed import digest_of, snapshot_of
from flows.country.personal import PERSONAL_WORDS, Marks, names_people, of_oneself
from flows.country.steps.base import Refusal
from flows.country.steps.rights import ContactsErased, ErasePerson, EraseSelf, PersonErased, Why
from flows.interview import interview as core
from flows.interview.answers import answers
from flows.interview.erasing import erase
from flows.interview.form import Form
from flows.interview.plan import bare
from flows.interview.state import Interview, Retired

_SUPERIOR = re.compile(r"/p6_\w+$")


@dataclass(frozen=True, slots=True)
class Mention:
    """A text that stays and names the person: the answer at `path` of a contribution, or, where there is none, an
    entry of the ledger of `country`."""

    country: str
    number: int
    path: str = ""


@dataclass(slots=True)
class Forgotten:
    """What became of it. `deleted`: contributions that went too; `emptied`: those that lost contacts; `mentions`: for
    somebody to look at; `contents`: files to be deleted after the commit."""

    person_ids: tuple[int, ...]
    countries: tuple[str, ...]
    deleted: tuple[int, ...] = ()
    emptied: tuple[int, ...] = ()
    mentions: tuple[Mention, ...] = ()
    contents: tuple[str, ...] = ()


@dataclass(slots=True)
class _Work:
    """`marks`: by what the person is known; `own`: their interviews; `drafts`: those that go as a whole; `cleared`:
    small forms that go; `superior_of`: interviews that they were to clear; `gone`: what goes of interviews that stay,
    by path; `asides`: of what they have no place for."""

    act: Act
    who: Human
    marks: Marks
    own: dict[int, StoredInterview]
    drafts: set[int]
    superior_of: set[int]
    cleared: set[int] = field(default_factory=set)
    gone: dict[int, set[str]] = field(default_factory=lambda: defaultdict(set))
    asides: dict[int, list[Retired]] = field(default_factory=lambda: defaultdict(list))
    files: set[str] = field(default_factory=set)
    snapshots: set[str] = field(default_factory=set)
    mentions: list[Mention] = field(default_factory=list)


async def drafts_of(act: Act, who: Human) -> tuple[int, ...]:
    """The contributions that would go with somebody: their own, never handed in."""
    found: list[int] = []
    for part in who.parts:
        handed = (await act.course(part.country)).contributions
        for stored in await act.tx.interviews.of_person(part.id):
            if not act.services.interviews.is_companion(stored.form_id) and handed.get(stored.id) is None:
                found.append(stored.id)
    return tuple(found)


async def forget(act: Act, person_id: int, why: Why, *, but_job: int = 0) -> Forgotten | Refusal:
    """Delete somebody, in all their parts. `act`: of themselves, or with the actor that acts for the secretariat.

    After the commit call `swept`, so that nothing of it is left on the disk.
    """
    who = await human(act, person_id)
    if who is None:
        return Refusal("rights.person_unknown")
    for country in who.countries:
        await act.tx.hold(f"ledger {country}")
    work = await _prepared(act, who)
    refusal = await _decide(work, person_id, why)
    if refusal is not None:
        return refusal
    for number in who.ids:
        await act.tx.erasing.end_jobs(number, act.now, but_job)
    await _put_down(work)
    for country in who.countries:
        await _answers(work, country)
    for number in sorted(work.drafts | work.cleared):
        await _clear(work, number)
    emptied = tuple(sorted({*work.gone, *work.asides} - work.drafts - work.cleared))
    for number in emptied:
        await _empty(work, number)
    await _messages(work)
    await _people(work)
    for country in who.countries:
        await _ledger(work, country)
        act.services.dossiers.forget(country)
    contents = work.files - await in_use(act.tx) if work.files else set()
    for number in sorted(who.ids):
        await act.audit("erased", "people", number, why=why)
    return Forgotten(
        tuple(sorted(who.ids)),
        who.countries,
        tuple(sorted(work.drafts)),
        emptied,
        tuple(work.mentions),
        tuple(sorted(contents | work.snapshots)),
    )


async def swept(store: Store, vault: Vault, contents: Iterable[str]) -> bool:
    """After the commit: files deleted, and what the database let go of overwritten. False: see `Store.overwrite`."""
    await asyncio.to_thread(discard, vault, contents)
    return await store.overwrite()


async def _prepared(act: Act, who: Human) -> _Work:
    own = {one.id: one for part in who.parts for one in await act.tx.interviews.of_person(part.id)}
    came = [one for country in who.countries for one in await act.tx.invitations.of_country(country)]
    superior_of = {
        one.interview_id
        for one in came
        if one.used_by in who.ids and one.role == "superior" and one.interview_id is not None
    }
    drafts = set(await drafts_of(act, who))
    work = _Work(act, who, await known_by(act, who), own, drafts, superior_of)
    work.cleared |= {number for number, one in own.items() if act.services.interviews.is_companion(one.form_id)}
    return work


async def _decide(work: _Work, person_id: int, why: Why) -> Refusal | None:
    """The step in the part's own country, and its fact in all others."""
    act, ids, drafts = work.act, tuple(sorted(work.who.ids)), tuple(sorted(work.drafts))
    home = next(part.country for part in work.who.parts if part.id == person_id)
    step = EraseSelf(person_id, ids, drafts) if why == "asked" else ErasePerson(ids, why, drafts)
    decision = await act.services.dossiers.take(act.tx, home, act.actor, step, act.now, act.trace)
    if isinstance(decision, Refusal):
        return decision
    for country in {part.country for part in work.who.parts} - {home}:
        await act.record(PersonErased(ids, why, drafts), country=country)
    return None


async def _put_down(work: _Work) -> None:
    """What they had in hand goes back; what they were typing is let go of."""
    for part in work.who.parts:
        if part.ended_at is None:
            for left in registry().left:
                await left(work.act, part)
        for seat in await work.act.tx.seats.of_person(part.id):
            await work.act.tx.seats.close(seat.interview_id, part.id, work.act.now)
        await work.act.tx.erasing.empty_seats(part.id)


# ---- answers ------------------------------------------------------------------------------------------------------
async def _answers(work: _Work, country: str) -> None:
    """Every revision of a country's answers is looked at: contacts of the person go, texts that name them are
    counted."""
    erasing = work.act.tx.erasing
    newest: dict[tuple[int, str], Spoken] = {}
    emptied: set[int] = set()
    named: set[tuple[int, str]] = set()
    versions = Versions(work.act)
    for one in await erasing.said_in(country):
        if one.interview_id in work.drafts or one.interview_id in work.cleared:
            continue
        forms = await versions.of(one.form_id, one.version, one.held)
        newest[one.interview_id, one.path] = one
        if any(_is_theirs(work, form, one.interview_id, one.path, one.value, one.author_id) for form in forms):
            await erasing.empty_revision(one.id)
            emptied.add(one.id)
        elif work.marks.is_one(one.old_value) and any(names_people(form, one.path) for form in forms):
            await erasing.empty_before(one.id)
        elif work.marks.in_text(one.value) or work.marks.in_text(one.display):
            if work.act.services.interviews.is_companion(one.form_id):
                work.cleared.add(one.interview_id)
            else:
                named.add((one.interview_id, one.path))
    for place, last in newest.items():
        if last.id in emptied:
            work.gone[place[0]].add(place[1])
    for stored in await work.act.tx.interviews.of_country(country):
        if stored.id not in work.drafts | work.cleared and '"retired"' in stored.state:
            named |= await _kept_aside(work, versions, stored)
    work.mentions += [Mention(country, number, path) for number, path in sorted(named)]


async def _kept_aside(work: _Work, versions: Versions, stored: StoredInterview) -> set[tuple[int, str]]:
    """The same for what newer versions of the form have no place for. Where the person is named in what stays."""
    named: set[tuple[int, str]] = set()
    for one in Interview.from_json(json.loads(stored.state)).retired:
        author = int(one.record.author) if one.record.author.isdecimal() else None
        forms = await versions.of(stored.form_id, one.version)
        if any(_is_theirs(work, form, stored.id, one.path, one.value, author) for form in forms):
            work.asides[stored.id].append(one)
        elif work.marks.in_text(one.value) or work.marks.in_text(one.display):
            named.add((stored.id, one.path))
    return named


def _is_theirs(work: _Work, form: Form, interview_id: int, path: str, value: str, author_id: int | None) -> bool:
    """Whether an answer says who the person is."""
    if bare(path) in of_oneself(form) and (interview_id in work.own or author_id in work.who.ids):
        return True
    if interview_id in work.superior_of and _SUPERIOR.search(path) and bare(path) in of_oneself(form):
        return True
    return names_people(form, path) and work.marks.is_one(value)


async def _clear(work: _Work, number: int) -> None:
    """Nothing of an interview stays but that it was held."""
    tx = work.act.tx
    stored = work.own.get(number) or await tx.interviews.get(number)
    if stored is not None:
        form = await form_held(work.act, stored)
        fresh = Interview(stored.form_id, stored.form_version, stored.language, {})
        if form is not None:
            fresh = core.start(form, language=stored.language, now=work.act.now, author="", channel="").interview
        await tx.erasing.clear_interview(number, _json(fresh))
    await tx.erasing.delete_answers(number)
    for file in await tx.attachments.of_interview(number):
        await _drop(work, file.id, file.sha256)


async def _empty(work: _Work, number: int) -> None:
    """The state of an interview that stays loses what was emptied in its history. What was agreed to of it holds."""
    act, paths = work.act, work.gone[number]
    stored = await act.tx.interviews.get(number)
    form = await form_held(act, stored) if stored is not None else None
    if stored is None or form is None:
        return
    before = Interview.from_json(json.loads(stored.state))
    after = erase(form, before, paths, work.asides[number], now=act.now)
    await act.tx.erasing.restate(number, _json(after))
    for file in await act.tx.attachments.of_interview(number):
        if file.path in paths:
            await _drop(work, file.id, file.sha256)
    handed = (await act.course(stored.country)).contributions.get(number)
    if handed is None or not handed.digest:
        return
    was = digest_of(answers(form, before, before.language, now=act.now), form)
    now = answers(form, after, after.language, now=act.now)
    digest = digest_of(now, form)
    work.snapshots |= {*handed.submitted, handed.digest} - {digest}  # files with the contacts in them
    if was == handed.digest and digest != was:
        await act.keep(f"{number}.json", snapshot_of(now, form), "application/json")
        await act.record(ContactsErased(number, digest), country=stored.country)


async def _drop(work: _Work, attachment_id: int, sha256: str | None) -> None:
    await work.act.tx.erasing.delete_file(attachment_id)
    if sha256:
        work.files.add(sha256)


# ---- messages and names -------------------------------------------------------------------------------------------
async def _messages(work: _Work) -> None:
    tx, now = work.act.tx, work.act.now
    for number, prompt in await tx.erasing.unsent():
        if work.marks.in_text(_plain(prompt)):
            await tx.erasing.empty_message(number, now)
    addresses = {value for one in work.who.addresses for value in (one.address, one.user) if value}
    for failure in await tx.inbox.failures():
        if any(value in failure.payload for value in addresses) or work.marks.in_text(_plain(failure.payload)):
            await tx.erasing.empty_update(failure.channel, failure.update_id)
    for one in work.who.addresses:
        await tx.erasing.forget_address(one.channel, one.address)


def _plain(dumped: str) -> str:
    """The text in some JSON, without the escapes of it; as it is where it is none."""
    try:
        return json.dumps(json.loads(dumped), ensure_ascii=False)
    except ValueError:
        return dumped


async def _people(work: _Work) -> None:
    tx = work.act.tx
    for part in work.who.parts:
        await tx.people.rename(part.id, "")
        await tx.people.end(part.id, work.act.now)
    for country in work.who.countries:
        for one in await tx.invitations.of_country(country):
            if one.label and (one.used_by in work.who.ids or work.marks.in_text(one.label)):
                await tx.invitations.relabel(one.id, "")
                if one.used_at is None:
                    await tx.invitations.revoke(one.id, work.act.now)


async def _ledger(work: _Work, country: str) -> None:
    """Words that are personal are erased where the person wrote them, or where they name the person."""
    tx, ids = work.act.tx, work.who.ids
    taken = {
        one.invitation_id for one in (await work.act.course(country)).delegations.made.values() if one.person_id in ids
    }
    for entry in await tx.ledger.of_chain(country):
        if not entry.words or not any(entry.words.values()):
            continue
        named = any(work.marks.in_text(value) for value in entry.words.values())
        theirs = entry.actor_id in ids or entry.facts.get("invitation_id") in taken
        if PERSONAL_WORDS.get(entry.kind, False):
            if named or theirs:
                await tx.ledger.erase_words(country, entry.number)
        elif named:
            work.mentions.append(Mention(country, entry.number))


def _json(interview: Interview) -> str:
    return json.dumps(interview.to_json(), ensure_ascii=False, separators=(",", ":"))
