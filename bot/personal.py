"""What is kept about somebody, in all their parts: found in one place, for a copy of it and for its deletion."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.acting import Act
from bot.questionnaires import version_of
from db.answers import Answer
from db.audit import Entry as AuditEntry
from db.consents import Consent
from db.interviews import StoredInterview
from db.invitations import Invitation
from db.people import Address, Person
from flows.country.ledger import Entry
from flows.country.personal import Marks, contact_of, marks, of_oneself
from flows.country.retention import Due, End, Item, due, end_of
from flows.interview.answers import answers
from flows.interview.form import Form
from flows.interview.plan import bare
from flows.interview.state import Interview, Retired
from flows.questionnaires.companions import companion_form, companion_name

EVERYWHERE = ""
"""The chain of the ledger, and the country in the store, of what concerns no country in particular."""


@dataclass(frozen=True, slots=True)
class Human:
    """Somebody, in all the parts they take or took. `addresses`: where they can be spoken to now."""

    parts: tuple[Person, ...]
    addresses: tuple[Address, ...]

    @property
    def ids(self) -> frozenset[int]:
        return frozenset(part.id for part in self.parts)

    @property
    def countries(self) -> tuple[str, ...]:
        """Of all parts, and of what concerns no country in particular."""
        return tuple(dict.fromkeys((*(part.country for part in self.parts), EVERYWHERE)))


@dataclass(frozen=True, slots=True)
class Held:
    """All that is kept about somebody. `answers`: every revision in their own questionnaires, and every one of theirs
    in others'; `asides`: what of them newer versions of the forms have no place for, by interview; `made`: invitations
    they made; `received`: those they came with."""

    human: Human
    entities: dict[int, str]
    consents: tuple[Consent, ...]
    received: tuple[Invitation, ...]
    made: tuple[Invitation, ...]
    interviews: tuple[StoredInterview, ...]
    answers: tuple[Answer, ...]
    asides: tuple[tuple[int, Retired], ...]
    files: tuple[tuple[str, str, datetime], ...]
    ledger: tuple[Entry, ...]
    audit: tuple[AuditEntry, ...]
    due: Due


# ---- finding ------------------------------------------------------------------------------------------------------
async def human(act: Act, person_id: int) -> Human | None:
    """Whoever has this part; None: nobody has."""
    parts = await act.tx.people.parts(person_id)
    if not parts:
        return None
    return Human(tuple(parts), tuple(await act.tx.people.reach(person_id)))


async def held(act: Act, who: Human) -> Held:
    """All that is kept about somebody."""
    tx = act.tx
    invitations = [one for country in who.countries for one in await tx.invitations.of_country(country)]
    own = [one for part in who.parts for one in await tx.interviews.of_person(part.id)]
    told: list[Answer] = []
    asides: list[tuple[int, Retired]] = []
    files: list[tuple[str, str, datetime]] = []
    for number in dict.fromkeys([*(one.id for one in own), *await _answered(act, who)]):
        mine = any(one.id == number for one in own)
        told += [one for one in await tx.answers.history(number) if mine or one.author_id in who.ids]
        asides += [(number, one) for one in await _asides(act, number) if mine or _is_by(one, who)]
        if mine:
            files += [(one.name, one.sha256 or "", one.at) for one in await tx.attachments.of_interview(number)]
    about = [entry for part in who.parts for entry in await tx.audit.about("people", part.id)]
    by = [entry for entry in await tx.audit.entries() if entry.actor_id in who.ids]
    entities: dict[int, str] = {}
    for part in who.parts:
        entity = await tx.entities.get(part.entity_id) if part.entity_id is not None else None
        if entity is not None:
            entities[entity.id] = entity.name
    return Held(
        human=who,
        entities=entities,
        consents=tuple([one for part in who.parts for one in await tx.consents.history(part.id)]),
        received=tuple(one for one in invitations if one.used_by in who.ids),
        made=tuple(one for one in invitations if one.created_by in who.ids),
        interviews=tuple(own),
        answers=tuple(told),
        asides=tuple(asides),
        files=tuple(files),
        ledger=tuple([entry for part in who.parts for entry in await tx.ledger.of_actor(part.id)]),
        audit=tuple(sorted({entry.hash: entry for entry in (*about, *by)}.values(), key=lambda one: one.at)),
        due=await when_due(act, who),
    )


async def _answered(act: Act, who: Human) -> list[int]:
    return [number for part in who.parts for number in await act.tx.erasing.answered_by(part.id)]


async def _asides(act: Act, interview_id: int) -> tuple[Retired, ...]:
    stored = await act.tx.interviews.get(interview_id)
    return Interview.from_json(json.loads(stored.state)).retired if stored is not None else ()


def _is_by(one: Retired, who: Human) -> bool:
    return one.record.author in {str(number) for number in who.ids}


async def last_active(act: Act, who: Human) -> datetime:
    """When somebody last did anything that is on record."""
    moments = [part.created_at for part in who.parts]
    for part in who.parts:
        moments += [entry.at for entry in await act.tx.ledger.of_actor(part.id)]
        moments += [one.updated_at for one in await act.tx.interviews.of_person(part.id)]
        moments += [one.at for one in await act.tx.consents.history(part.id)]
        moments += [one.opened_at for one in await act.tx.seats.of_person(part.id)]
    return max(moments)


async def when_due(act: Act, who: Human, ends: dict[str, End] | None = None) -> Due:
    """When somebody's contacts are to be deleted: after the last of the exercises they take part in."""
    since = await last_active(act, who)
    found: list[Due] = []
    known = ends if ends is not None else {}
    ref = str(min(who.ids))
    for country in dict.fromkeys(part.country for part in who.parts):
        if country and country not in known:
            known[country] = end_of(await act.course(country), since)
        found.append(due(Item("contacts", ref, since, country), known, act.services.retention))
    return max(found, key=lambda one: one.at)


async def known_by(act: Act, who: Human) -> Marks:
    """By what somebody can be recognised: how they and others called them, and where they write from."""
    tx = act.tx
    values = [part.label for part in who.parts]
    values += [value for address in who.addresses for value in (address.address, address.user)]
    for country in who.countries:
        invitations = await tx.invitations.of_country(country)
        came = [one for one in invitations if one.used_by in who.ids]
        values += [one.label for one in came]
        course = await act.course(country)
        values += [one.label for one in course.delegations.made.values() if one.person_id in who.ids]
        for one in came:
            if one.role == "superior" and one.interview_id is not None:
                values += await _said(act, one.interview_id, "P6", frozenset())
    own = {one.id for part in who.parts for one in await tx.interviews.of_person(part.id)}
    for number in {*own, *await _answered(act, who)}:
        values += await _said(act, number, "P3", frozenset() if number in own else who.ids)
    return marks(values)


async def _said(act: Act, interview_id: int, id: str, authors: frozenset[int]) -> list[str]:
    """Names, addresses and numbers ever given in a questionnaire, by anybody or by `authors`. `id`: of the question."""
    stored = await act.tx.interviews.get(interview_id)
    if stored is None:
        return []
    forms = Versions(act)
    found: list[str] = []
    for one in await act.tx.answers.history(interview_id):
        held = await forms.of(stored.form_id, one.form_version, stored.form_version)
        if any(_asks(form, bare(one.path), id) for form in held) and (not authors or one.author_id in authors):
            found.append(one.value)
    for aside in Interview.from_json(json.loads(stored.state)).retired:
        held = await forms.of(stored.form_id, aside.version)
        if not authors and any(_asks(form, bare(aside.path), id) for form in held):
            found.append(aside.value)
    return found


def _asks(form: Form, path: str, id: str) -> bool:
    """Whether the question at `path` asks for a name, an address or a number under `id`."""
    node = form.nodes.get(path)
    if node is None or node.attributes.get("id") != id or path not in of_oneself(form):
        return False
    return contact_of(form, path) or bool(node.attributes.get("kind"))


class Versions:
    """The forms that what is stored was said under, looked up once each."""

    def __init__(self, act: Act) -> None:
        self._act = act
        self._known: dict[tuple[str, str], Form | None] = {}

    async def of(self, form_id: str, *versions: str) -> list[Form]:
        """The form in each of these versions, a companion form as it is now; empty: there is none any more."""
        found = [await self._one(form_id, version) for version in dict.fromkeys(versions)]
        return [form for form in found if form is not None]

    async def _one(self, form_id: str, version: str) -> Form | None:
        if (form_id, version) not in self._known:
            self._known[form_id, version] = await self._look(form_id, version)
        return self._known[form_id, version]

    async def _look(self, form_id: str, version: str) -> Form | None:
        interviews = self._act.services.interviews
        if interviews.is_companion(form_id):
            return companion_form(companion_name(form_id))
        return await version_of(self._act.tx, interviews.forms, form_id, version) or interviews.forms.get(form_id)


async def form_held(act: Act, stored: StoredInterview) -> Form | None:
    """The form that an interview is held under; None: there is none any more."""
    return next(iter(await Versions(act).of(stored.form_id, stored.form_version)), None)


# ---- a copy -------------------------------------------------------------------------------------------------------
def as_json(one: Held, made_at: datetime) -> bytes:
    """Everything, for machines."""
    who = one.human
    value: dict[str, Any] = {
        "made_at": made_at.isoformat(),
        "kept_until": one.due.at.isoformat(),
        "parts": [
            {
                "number": part.id,
                "country": part.country,
                "role": part.role,
                "entity": one.entities.get(part.entity_id or 0, ""),
                "language": part.language,
                "label": part.label,
                "since": part.created_at.isoformat(),
                "ended": part.ended_at.isoformat() if part.ended_at else None,
            }
            for part in who.parts
        ],
        "addresses": [
            {
                "channel": each.channel,
                "address": each.address,
                "user": each.user,
                "status": each.status,
                "language": each.language,
                "since": each.since.isoformat(),
            }
            for each in who.addresses
        ],
        "consents": [
            {
                "part": each.person_id,
                "purpose": each.purpose,
                "text_version": each.text_version,
                "language": each.language,
                "given": each.given,
                "at": each.at.isoformat(),
                "channel": each.channel,
                "message": each.message_id,
            }
            for each in one.consents
        ],
        "invitations_received": [_invitation(each) for each in one.received],
        "invitations_made": [_invitation(each) for each in one.made],
        "answers": [_answer(each, one.interviews) for each in one.answers],
        "answers_kept_aside": [_aside(number, each) for number, each in one.asides],
        "files": [{"name": name, "sha256": sha256, "at": at.isoformat()} for name, sha256, at in one.files],
        "ledger": [
            {
                "chain": each.chain,
                "number": each.number,
                "at": each.at.isoformat(),
                "kind": each.kind,
                "role": each.role,
                "facts": dict(each.facts),
                "words": dict(each.words) if each.words is not None else None,
            }
            for each in one.ledger
        ],
        "audit": [
            {
                "at": each.at.isoformat(),
                "by": each.actor_id,
                "action": each.action,
                "subject": each.subject,
                "number": each.subject_id,
                "channel": each.channel,
                "details": json.loads(each.details),
            }
            for each in one.audit
        ],
    }
    return (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode("utf-8", "replace")


def _invitation(one: Invitation) -> dict[str, Any]:
    return {
        "number": one.id,
        "country": one.country,
        "role": one.role,
        "for": one.label,
        "made": one.created_at.isoformat(),
        "until": one.expires_at.isoformat(),
        "used": one.used_at.isoformat() if one.used_at else None,
    }


def _answer(one: Answer, own: Sequence[StoredInterview]) -> dict[str, Any]:
    form_id = next((each.form_id for each in own if each.id == one.interview_id), "")
    return {
        "interview": one.interview_id,
        "form": form_id,
        "form_version": one.form_version,
        "question": one.path,
        "value": one.value,
        "shown_as": one.display,
        "status": one.status,
        "revision": one.revision,
        "by": one.author_id,
        "at": one.at.isoformat(),
        "language": one.language,
        "confidential": one.confidential,
    }


def _aside(number: int, one: Retired) -> dict[str, Any]:
    return {
        "interview": number,
        "form_version": one.version,
        "question": one.path,
        "label": one.label,
        "value": one.value,
        "shown_as": one.display,
        "kept_aside": one.why,
        "status": one.record.status,
        "revision": one.record.revision,
        "by": one.record.author,
        "at": one.record.at,
        "language": one.record.language,
        "confidential": one.record.confidential,
    }


async def labelled(act: Act, one: Held, language: str) -> dict[tuple[int, str], str]:
    """What the questions of somebody's own questionnaires are called: by interview and path."""
    found = {(number, aside.path): aside.label for number, aside in one.asides}
    for stored in one.interviews:
        form = await form_held(act, stored)
        if form is None:
            continue
        for each in answers(form, Interview.from_json(json.loads(stored.state)), language, now=act.now):
            found[stored.id, each.path] = each.label
    return found
