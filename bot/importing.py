"""Findings from a file: read, looked through, and recorded all at once; the same on the command line and in chat."""

from __future__ import annotations

import hashlib
from datetime import date, datetime

from bot import findings
from bot.documents.tables import Row
from db.transaction import Transaction
from flows import i18n, knowledge
from flows.country.dates import written
from flows.country.importing import Checked, Known, check
from flows.country.steps.base import Refusal
from flows.country.steps.course import Course
from flows.country.steps.desk import RecordFindings
from flows.i18n import text
from flows.questionnaires.topics import topics

Table = tuple[tuple[str, ...], tuple[Row, ...]]


async def looked_through(tx: Transaction, course: Course, table: Table, today: date) -> Checked:
    """What a table holds, as the country stands now."""
    entities = [
        Known(entity.id, entity.name, entity.acronym, entity.type)
        for entity in await tx.entities.of_country(course.country)
    ]
    return check(*table, course, entities, today)


def step_of(checked: Checked, entities: findings.Names, content: bytes, today: date) -> RecordFindings:
    """The step that records what is ready: all of it or nothing."""
    return RecordFindings(checked.proposals, frozenset(entities), today, hashlib.sha256(content).hexdigest())


async def announce(tx: Transaction, course: Course, count: int, now: datetime) -> None:
    """Put the newest `count` findings before those who are asked."""
    await findings.put_before(tx, course, list(course.findings.made)[-count:], now)


# ---- the report ---------------------------------------------------------------------------------------------------
def report(
    checked: Checked, name: str, country: str, entities: findings.Names, language: str, most: int | None = None
) -> list[str]:
    """What would be imported and every problem, a line each; at most `most` of each kind."""
    lines = [text("desk.report", language, file=name, country=knowledge.country(country).name(language))]
    lines += [text("desk.unknown_column", language, name=findings.short(column, 40)) for column in checked.ignored]
    if checked.ready:
        lines.append(text("desk.report_new", language, len(checked.ready)))
        lines += [
            text(
                "desk.row",
                language,
                row=one.row,
                about=_about(one.proposal.field, one.proposal.section),
                entity=entities.get(one.proposal.entity_id or 0, "") or text("desk.coordination", language),
                text=findings.short(one.proposal.text),
            )
            for one in checked.ready[:most]
        ]
    else:
        lines.append(text("desk.report_nothing", language))
    if checked.doubles:
        lines.append(text("desk.report_known", language, len(checked.doubles)))
        for double in checked.doubles[:most]:
            key = "desk.row_twice" if double.other else "desk.row_known"
            values = {"other": double.other} if double.other else {"number": double.number}
            lines.append(text(key, language, row=double.row, **values))
    if checked.problems:
        lines.append(text("desk.report_problems", language, len(checked.problems)))
        for problem in checked.problems[:most]:
            reason = said(problem.reason, language)
            if problem.column:
                lines.append(text("desk.problem", language, row=problem.row, column=problem.column, reason=reason))
            else:
                lines.append(text("desk.problem_row", language, row=problem.row, reason=reason))
        if most is not None and len(checked.problems) > most:
            lines.append(text("desk.report_more", language, len(checked.problems) - most))
        lines.append(text("desk.report_blocked", language))
    return lines


def said(refusal: Refusal, language: str) -> str:
    """The sentence of a refusal of a finding."""
    values = {
        name: written(value, language) if isinstance(value, date) else value for name, value in refusal.values.items()
    }
    return i18n.text(refusal.reason, language, None, **values)


def _about(field: str, section: str) -> str:
    topic = topics().get(field)
    return f"{topic.code} {field}".strip() if topic is not None else section
