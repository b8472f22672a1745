"""Use cases: a country's answers exported as data, and the mapping of its guide's sources as a spreadsheet."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.documents.spreadsheet import Sheet, to_xlsx
from bot.gathering import Gathered, Progress, Voice, gather
from db.answers import Answer as Revision
from db.database import Store
from flows import knowledge
from flows.country.contribution import restricted_questions
from flows.country.dossier import Dossier
from flows.country.guide import Guide
from flows.country.source_table import mapping, references
from flows.i18n import text
from flows.interview.answers import Answered
from flows.interview.form import Form
from flows.interview.plan import bare
from flows.interview.state import Retired
from flows.knowledge import Country
from flows.questionnaires.wording import words_of

MOST_ROWS = 1_000_000
"""Rows of one sheet: the format takes 1,048,576."""
Row = tuple[str | int | bool | None, ...]

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
    "kept aside",
    "form version",
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


def sources_xlsx(dossier: Dossier, country: Country, guide: Guide) -> bytes:
    """The mapping of sources of a guide as a spreadsheet, its list of sources beside it."""
    sheets = (
        Sheet(text("sources.sheet_mapping", guide.language), *mapping(dossier, country, guide)),
        Sheet(text("sources.sheet_references", guide.language), *references(guide)),
    )
    return to_xlsx(sheets, guide.compiled_at)


# ---- data ---------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Exported:
    """The answers on record, their whole history, and how many are left out: interviews of people who withdrew, and
    answers that are restricted to the State and not released."""

    answers: Sheet
    history: Sheet
    withdrawn: int
    restricted: int = 0

    def sheets(self) -> list[Sheet]:
        """Both tables, cut into as many sheets as a workbook needs."""
        return [
            Sheet(one.name, one.columns, one.rows[start : start + MOST_ROWS])
            for one in (self.answers, self.history)
            for start in range(0, max(len(one.rows), 1), MOST_ROWS)
        ]

    def as_json(self, country: str, language: str, now: datetime) -> bytes:
        """Both tables as one JSON document."""
        out: dict[str, object] = {"country": country, "language": language, "exported_at": now.isoformat()}
        for sheet in (self.answers, self.history):
            keys = [column.replace(" ", "_") for column in sheet.columns]
            out[sheet.name] = [dict(zip(keys, row, strict=True)) for row in sheet.rows]
        written = json.dumps(out, ensure_ascii=False, indent=1, default=str)
        return written.encode("utf-8", "backslashreplace")  # half a surrogate pair leaves as JSON's own escape


async def export(
    store: Store,
    forms: Mapping[str, Form],
    country: str,
    language: str,
    now: datetime,
    progress: Progress = lambda done, total: None,
) -> Exported:
    """The answers on record and their whole history, one line each, confidential ones marked. What is restricted to the
    State is left out with all its revisions, until the coordinator releases it. Answers that newer versions of the form
    have no place for follow those of their interview, marked with why they were kept aside.

    Those given with a form that is not among `forms` are there too, without their questions' texts.
    Raises `UnknownCountry`, `Unreadable`.
    """
    place = knowledge.country(country)
    gathered = await gather(store, forms, place.code, language, now, revisions=True, progress=progress)

    restricted = {version: restricted_questions(words_of(form)) for version, form in gathered.versions.items()}
    held = {one.stored.id: (one.stored.form_id, one.stored.form_version) for one in gathered.voices}

    def is_kept(interview_id: int, path: str, version: str) -> bool:
        """Whether it is kept to the State: by the version that it was said under, or by that of the interview."""
        name = bare(path).rpartition("/")[2]
        now = held.get(interview_id, ("", ""))
        by = restricted.get(now, frozenset()) | restricted.get((now[0], version), frozenset())
        return name in (by | restricted_questions()) and name not in gathered.handed.released(interview_id)

    kept = {one for one in gathered.revisions if is_kept(one.interview_id, one.path, one.form_version)}
    revisions = [one for one in gathered.revisions if one not in kept]
    rows: list[Row] = []
    asides: set[tuple[int, str]] = set()
    for one in gathered.voices:
        number = one.stored.id
        rows += [_answer_row(one, said) for said in one.answers if not is_kept(number, said.path, "")]
        rows += [_aside_row(one, said) for said in one.retired if not is_kept(number, said.path, said.version)]
        asides |= {(number, said.path) for said in one.retired if is_kept(number, said.path, said.version)}
    rows += _rows_of_others(gathered, revisions)
    answers = Sheet("answers", _ANSWERS, tuple(rows))
    history = Sheet("history", _HISTORY, tuple(_history_row(revision) for revision in revisions))
    return Exported(answers, history, gathered.withdrawn, len(asides | {(one.interview_id, one.path) for one in kept}))


def _rows_of_others(gathered: Gathered, revisions: Sequence[Revision]) -> list[Row]:
    numbers = {one.id for one in gathered.others}
    last = {(one.interview_id, one.path): one for one in revisions if one.interview_id in numbers}
    return [
        (
            *(one.interview_id, "", "", "draft", one.path, one.path.rpartition("/")[2], "", one.value, one.display),
            *(one.status, one.confidential, one.author_id, one.at.isoformat(), one.language, one.channel),
            *(one.revision, "", "", one.form_version),
        )
        for one in last.values()
        if one.status != "cleared"
    ]


def _answer_row(one: Voice, answer: Answered) -> Row:
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
        "",
        one.stored.form_version,
    )


def _aside_row(one: Voice, said: Retired) -> Row:
    record = said.record
    return (
        one.stored.id,
        one.contribution.entity.name,
        one.contribution.role,
        one.contribution.status,
        said.path,
        bare(said.path).rpartition("/")[2],
        said.label,
        said.value,
        said.display,
        record.status,
        record.confidential,
        record.author,
        record.at,
        record.language,
        record.channel,
        record.revision,
        record.attachment.name if record.attachment else "",
        said.why,
        said.version,
    )


def _history_row(revision: Revision) -> Row:
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
