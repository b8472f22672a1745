"""Interviews: where each official stands in a form."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import bindparam, select, update

from db.problems import Stale
from db.schema import interviews
from db.statements import Statement
from db.work import Work

InterviewStatus = Literal["active", "paused", "completed", "withdrawn"]

_COLUMNS = tuple(interviews.c)
_NEW = tuple(column for column in _COLUMNS if column.name not in ("id", "locked_at"))

_ADD = Statement(
    lambda insert: (
        insert(interviews).values({column.name: bindparam(column.name) for column in _NEW}).returning(interviews.c.id)
    )
)
_GET = Statement(lambda _: select(*_COLUMNS).where(interviews.c.id == bindparam("id_")))
_SAVE = Statement(
    lambda _: (
        update(interviews)
        .where(interviews.c.id == bindparam("id_"), interviews.c.revision == bindparam("revision_"))
        .values(
            state=bindparam("state"),
            revision=bindparam("next_revision"),
            status=bindparam("status"),
            language=bindparam("language"),
            form_version=bindparam("form_version"),
            updated_at=bindparam("at"),
            completed_at=bindparam("completed_at"),
            sections=bindparam("sections"),
        )
    )
)
_LOCK = Statement(
    lambda _: (
        update(interviews)
        .where(interviews.c.id == bindparam("id_"))
        .values(locked_at=bindparam("locked_at"), revision=interviews.c.revision + 1)
    )
)
_HAND_OVER = Statement(
    lambda _: (
        update(interviews)
        .where(interviews.c.id == bindparam("id_"))
        .values(person_id=bindparam("person_id"), revision=interviews.c.revision + 1)
    )
)
_ANSWER_FOR = Statement(
    lambda _: update(interviews).where(interviews.c.id == bindparam("id_")).values(entity_id=bindparam("entity_id"))
)
_BRIEF = tuple(column for column in _COLUMNS if column.name != "state")
_OVERVIEW = Statement(
    lambda _: select(*_BRIEF).where(interviews.c.form_id == bindparam("form_id_")).order_by(interviews.c.id)
)
_OVERVIEW_OF_COUNTRY = Statement(
    lambda _: (
        select(*_BRIEF)
        .where(interviews.c.country == bindparam("country_"), interviews.c.form_id == bindparam("form_id_"))
        .order_by(interviews.c.id)
    )
)
_OF_PERSON = Statement(
    lambda _: select(*_COLUMNS).where(interviews.c.person_id == bindparam("person_id_")).order_by(interviews.c.id)
)
_OF_COUNTRY = Statement(
    lambda _: select(*_COLUMNS).where(interviews.c.country == bindparam("country_")).order_by(interviews.c.id)
)


@dataclass(frozen=True, slots=True)
class StoredInterview:
    """An interview as stored. `state` is the core's session as JSON, opaque here; `revision` goes back into `save`."""

    id: int
    person_id: int
    entity_id: int | None
    country: str
    form_id: str
    form_version: str
    language: str
    status: InterviewStatus
    state: str
    revision: int
    started_at: datetime
    updated_at: datetime
    completed_at: datetime | None
    sections: str = "{}"
    locked_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """An interview without its state, for overviews. `sections`: progress by section, JSON."""

    id: int
    person_id: int
    entity_id: int | None
    country: str
    form_id: str
    form_version: str
    language: str
    status: InterviewStatus
    revision: int
    started_at: datetime
    updated_at: datetime
    completed_at: datetime | None
    sections: str
    locked_at: datetime | None


class Interviews:
    def __init__(self, work: Work) -> None:
        self._work = work

    async def start(
        self,
        person_id: int,
        entity_id: int | None,
        country: str,
        form_id: str,
        form_version: str,
        language: str,
        state: str,
        at: datetime,
        sections: str = "{}",
    ) -> StoredInterview:
        """A new interview, active, at revision 0. Its address still has to `people.turn_to` it."""
        row = await self._work.row(
            _ADD,
            person_id=person_id,
            entity_id=entity_id,
            country=country,
            form_id=form_id,
            form_version=form_version,
            language=language,
            status="active",
            state=state,
            revision=0,
            started_at=at,
            updated_at=at,
            completed_at=None,
            sections=sections,
        )
        assert row is not None  # noqa: S101 (RETURNING brings one)
        return StoredInterview(
            *(row[0], person_id, entity_id, country, form_id, form_version, language, "active", state, 0, at, at, None),
            sections=sections,
        )

    async def get(self, interview_id: int) -> StoredInterview | None:
        row = await self._work.row(_GET, id_=interview_id)
        return StoredInterview(*row) if row else None

    async def save(
        self,
        read: StoredInterview,
        state: str,
        at: datetime,
        *,
        status: InterviewStatus | None = None,
        language: str | None = None,
        form_version: str | None = None,
        sections: str | None = None,
    ) -> None:
        """Replace the state of the interview that was `read`; what is not named stays.

        Completion is dated when the status becomes `completed`, and undated when it leaves it.
        Raises `Stale` when somebody saved it since: roll back, read again, do the turn again.
        """
        now_status = status or read.status
        completed_at = (read.completed_at or at) if now_status == "completed" else None
        touched = await self._work.run(
            _SAVE,
            id_=read.id,
            revision_=read.revision,
            next_revision=read.revision + 1,
            state=state,
            status=now_status,
            language=language or read.language,
            form_version=form_version or read.form_version,
            at=at,
            completed_at=completed_at,
            sections=read.sections if sections is None else sections,
        )
        if touched != 1:
            raise Stale(f"interview {read.id}")

    async def lock(self, interview_id: int, at: datetime | None) -> None:
        """From now on nothing may be changed (its answers are accepted); None: they may be again. A turn that read it
        before is stale."""
        await self._work.run(_LOCK, id_=interview_id, locked_at=at)

    async def hand_over(self, interview_id: int, person_id: int) -> None:
        """Somebody else walks on; who said what so far stays as it is."""
        await self._work.run(_HAND_OVER, id_=interview_id, person_id=person_id)

    async def answer_for(self, interview_id: int, entity_id: int) -> None:
        """The entity that is answered for, where the invitation did not say."""
        await self._work.run(_ANSWER_FOR, id_=interview_id, entity_id=entity_id)

    async def overview(self, form_id: str, country: str = "") -> list[Standing]:
        """How far everybody is in a form, in one country or in all, oldest first."""
        if country:
            rows = await self._work.rows(_OVERVIEW_OF_COUNTRY, country_=country, form_id_=form_id)
        else:
            rows = await self._work.rows(_OVERVIEW, form_id_=form_id)
        return [Standing(*row) for row in rows]

    async def of_person(self, person_id: int) -> list[StoredInterview]:
        """A person's interviews, oldest first."""
        return [StoredInterview(*row) for row in await self._work.rows(_OF_PERSON, person_id_=person_id)]

    async def of_country(self, country: str) -> list[StoredInterview]:
        """A country's interviews, oldest first."""
        return [StoredInterview(*row) for row in await self._work.rows(_OF_COUNTRY, country_=country)]
