"""What a task is about, so that it can be followed up: since when it waits, and by when it is wanted."""

from __future__ import annotations

from datetime import datetime

from bot.acting import Act
from flows.country.follow_ups.schedule import Matter
from flows.country.ledger import EXERCISE
from flows.country.phases import WANTED_IN, deadline
from flows.country.steps.course import Course


async def about(act: Act, course: Course, kind: str, subject: str | int = "", since: datetime | None = None) -> Matter:
    """A matter of a country, wanted by the planned end of its phase."""
    if kind not in WANTED_IN:
        return Matter(kind, str(subject), since)
    region = (await act.services.dossiers.course(act.tx, EXERCISE)).exercise.planned
    return Matter(kind, str(subject), since, deadline(kind, course, region))


async def last_said(act: Act, interview_id: int, *moments: datetime | None) -> datetime | None:
    """When the person last answered in an interview; the newest of `moments` where that is later."""
    return newest(await act.tx.answers.last_by(interview_id, act.person.id), *moments)


def newest(*moments: datetime | None) -> datetime | None:
    """The last of those that are known."""
    return max((one for one in moments if one is not None), default=None)
