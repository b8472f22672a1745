"""Use cases: a country's contributions gathered from the store, compiled into a guide draft, or exported as data."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bot.documents import Format, render
from bot.documents.spreadsheet import Sheet
from db.answers import Answer as Revision
from db.database import Store
from db.entities import Entity as StoredEntity
from db.interviews import StoredInterview
from flows import knowledge
from flows.country.contribution import Contribution, Entity, Status
from flows.country.draft import compile_guide
from flows.country.merging import merge
from flows.interview.answers import Answered, answers
from flows.interview.form import Form
from flows.interview.state import Interview

SUBMIT = "submit"  # bind attribute `role` of the question that hands the answers in
SENT = "send"

_ANSWERS = (
    "interview",
    "entity",
    "role",
    "status of the contribution",
    "path",
    "question",
    "label",
    "value",
    "answer",
    "status",
    "confidential",
    "author",
    "given at",
    "language",
    "channel",
    "revision",
    "file",
)
_HISTORY = (
    "interview",
    "path",
    "revision",
    "value",
    "old value",
    "status",
    "confidential",
    "author",
    "at",
    "language",
    "channel",
    "form version",
)


@dataclass(frozen=True, slots=True)
class Gathered:
    """One interview with its contribution, as the store has it now."""

    stored: StoredInterview
    contribution: Contribution
    answers: tuple[Answered, ...]


@dataclass(frozen=True, slots=True)
class Compiled:
    """The files written, and what did not go into them."""

    files: tuple[Path, ...]
    contributions: int
    unsubmitted: int
    withheld: int


class UnknownForm(LookupError):
    """A contribution was given with a form that this version does not have."""


async def gather(store: Store, forms: Mapping[str, Form], country: str, language: str, now: datetime) -> list[Gathered]:
    """Everything that the officials of `country` said, in the order in which they began. Raises `UnknownForm`."""
    async with store.reading() as tx:
        interviews = await tx.interviews.of_country(country)
        entities = {entity.id: entity for entity in await tx.entities.of_country(country)}
        people = {person.id: person for person in await tx.people.of_country(country)}
    found = []
    for stored in interviews:
        form = forms.get(stored.form_id)
        if form is None:
            raise UnknownForm(stored.form_id)
        given = answers(form, Interview.from_json(json.loads(stored.state)), language, now=now)
        person = people.get(stored.person_id)
        contribution = Contribution(
            country=country,
            entity=_entity(entities.get(stored.entity_id) if stored.entity_id else None),
            role="coordinator" if person is not None and person.role == "coordinator" else "official",
            form_version=stored.form_version,
            language=stored.language,
            status=_status(form, given),
            answers=given,
        )
        found.append(Gathered(stored, contribution, given))
    return found


def _entity(stored: StoredEntity | None) -> Entity:
    return Entity(stored.name, stored.acronym, stored.type) if stored is not None else Entity("")


def _status(form: Form, given: Sequence[Answered]) -> Status:
    handing_in = {path for path, node in form.nodes.items() if node.attributes.get("role") == SUBMIT}
    sent = any(one.path in handing_in and one.value == SENT and one.status == "answered" for one in given)
    return "submitted" if sent else "draft"


async def compile_draft(
    store: Store,
    forms: Mapping[str, Form],
    country: str,
    language: str,
    formats: Sequence[Format],
    out: Path,
    now: datetime,
) -> Compiled:
    """Compile the draft of `country` (alpha-2 or alpha-3) in `language` and write it to the folder `out`.

    Only submitted contributions enter it. Raises `UnknownCountry`, `UnknownForm`, `OSError`.
    """
    place = knowledge.country(country)
    gathered = await gather(store, forms, place.code, language, now)
    dossier = merge(place.code, [one.contribution for one in gathered])
    guide = compile_guide(dossier, place, language, now)
    out.mkdir(parents=True, exist_ok=True)
    files = []
    for format in formats:
        path = out / f"{place.code}-{language}-draft.{format}"
        write(path, render(guide, format))
        files.append(path)
    used = len(dossier.voices)
    return Compiled(tuple(files), used, len(gathered) - used, dossier.withheld)


def write(path: Path, content: bytes) -> None:
    """Write a file whole or not at all."""
    beginning = path.with_name(f".{path.name}.part")
    beginning.write_bytes(content)
    beginning.replace(path)


# ---- data ---------------------------------------------------------------------------------------------------------
async def export_sheets(
    store: Store, forms: Mapping[str, Form], country: str, language: str, now: datetime
) -> tuple[Sheet, ...]:
    """The answers on record and their whole history, one line each, confidential ones marked."""
    place = knowledge.country(country)
    gathered = await gather(store, forms, place.code, language, now)
    async with store.reading() as tx:
        history = [revision for one in gathered for revision in await tx.answers.history(one.stored.id)]
    rows = tuple(_answer_row(one, answer) for one in gathered for answer in one.answers)
    return (
        Sheet("answers", _ANSWERS, rows),
        Sheet("history", _HISTORY, tuple(_history_row(revision) for revision in history)),
    )


async def export_json(store: Store, forms: Mapping[str, Form], country: str, language: str, now: datetime) -> bytes:
    """The same as one JSON document."""
    sheets = await export_sheets(store, forms, country, language, now)
    out: dict[str, object] = {"country": knowledge.country(country).code, "language": language}
    out["exported_at"] = now.isoformat()
    for sheet in sheets:
        keys = [column.replace(" ", "_") for column in sheet.columns]
        out[sheet.name] = [dict(zip(keys, row, strict=True)) for row in sheet.rows]
    return json.dumps(out, ensure_ascii=False, indent=1, default=str).encode()


def _answer_row(one: Gathered, answer: Answered) -> tuple[str | int | bool | None, ...]:
    return (
        one.stored.id,
        one.contribution.entity.name,
        one.contribution.role,
        one.contribution.status,
        answer.path,
        answer.name,
        answer.label,
        answer.value,
        answer.display,
        answer.status,
        answer.confidential,
        answer.author,
        answer.at,
        answer.language,
        answer.channel,
        answer.revision,
        answer.attachment.name if answer.attachment else "",
    )


def _history_row(revision: Revision) -> tuple[str | int | bool | None, ...]:
    return (
        revision.interview_id,
        revision.path,
        revision.revision,
        revision.value,
        revision.old_value,
        revision.status,
        revision.confidential,
        revision.author_id,
        revision.at.isoformat(),
        revision.language,
        revision.channel,
        revision.form_version,
    )
