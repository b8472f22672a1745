"""Every revision of every answer, appended and never changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime

from sqlalchemy import bindparam, func, select

from db.schema import answers, interviews
from db.statements import Statement
from db.work import Work


@dataclass(frozen=True, slots=True)
class Answer:
    """One revision of one answer: what was said, by whom, when, where, in which language, under which form version.

    `path` carries row numbers; `status` is answered · skipped · unknown · cleared · computed; `display` is the answer
    as a person reads it; `update_id` the update that brought it, `message_id` the person's message.
    """

    interview_id: int
    path: str
    revision: int
    value: str
    old_value: str
    status: str
    display: str
    confidential: bool
    author_id: int | None
    at: datetime
    language: str
    form_version: str
    channel: str
    message_id: str = ""
    update_id: int | None = None


_NAMES = tuple(field.name for field in fields(Answer))
_COLUMNS = tuple(answers.c[name] for name in _NAMES)

_APPEND = Statement(lambda insert: insert(answers).values({name: bindparam(name) for name in _NAMES}))
_HISTORY = Statement(
    lambda _: (
        select(*_COLUMNS)
        .where(answers.c.interview_id == bindparam("interview_id_"), answers.c.path == bindparam("path_"))
        .order_by(answers.c.id)
    )
)
_ALL = Statement(
    lambda _: select(*_COLUMNS).where(answers.c.interview_id == bindparam("interview_id_")).order_by(answers.c.id)
)

_LAST_BY = Statement(
    lambda _: (
        select(answers.c.at)
        .where(answers.c.interview_id == bindparam("interview_id_"), answers.c.author_id == bindparam("author_id_"))
        .order_by(answers.c.id.desc())
        .limit(1)
    )
)


def _last(where: object) -> object:
    """The last revision of each path of the interviews chosen by `where`."""
    newest = (
        select(func.max(answers.c.id).label("id"))
        .select_from(answers.join(interviews, answers.c.interview_id == interviews.c.id))
        .where(where)  # type: ignore[arg-type]
        .group_by(answers.c.interview_id, answers.c.path)
        .subquery()
    )
    return select(*_COLUMNS).join(newest, answers.c.id == newest.c.id).order_by(answers.c.interview_id, answers.c.id)


_CURRENT = Statement(lambda _: _last(interviews.c.id == bindparam("interview_id_")))  # type: ignore[arg-type,return-value]
_OF_COUNTRY = Statement(lambda _: _last(interviews.c.country == bindparam("country_")))  # type: ignore[arg-type,return-value]


class Answers:
    def __init__(self, work: Work) -> None:
        self._work = work

    async def append(self, revisions: Sequence[Answer]) -> None:
        """Add the revisions that a turn made, in order."""
        await self._work.many(_APPEND, [{name: getattr(one, name) for name in _NAMES} for one in revisions])

    async def current(self, interview_id: int) -> list[Answer]:
        """The last revision of each answer of an interview, cleared ones included."""
        return [Answer(*row) for row in await self._work.rows(_CURRENT, interview_id_=interview_id)]

    async def of_country(self, country: str) -> list[Answer]:
        """The last revision of each answer of each interview of a country."""
        return [Answer(*row) for row in await self._work.rows(_OF_COUNTRY, country_=country)]

    async def last_by(self, interview_id: int, author_id: int) -> datetime | None:
        """When somebody last said something in an interview."""
        row = await self._work.row(_LAST_BY, interview_id_=interview_id, author_id_=author_id)
        return row[0] if row else None

    async def history(self, interview_id: int, path: str = "") -> list[Answer]:
        """Every revision of an interview, or of one of its answers, in the order given."""
        if path:
            return [Answer(*row) for row in await self._work.rows(_HISTORY, interview_id_=interview_id, path_=path)]
        return [Answer(*row) for row in await self._work.rows(_ALL, interview_id_=interview_id)]
