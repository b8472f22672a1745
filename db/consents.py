"""What was agreed or refused, appended and never changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select

from db.schema import consents
from db.statements import Statement
from db.work import Work

_COLUMNS = tuple(column for column in consents.c if column.name != "id")
_ADD = Statement(lambda insert: insert(consents).values({column.name: bindparam(column.name) for column in _COLUMNS}))
_LATEST = Statement(
    lambda _: (
        select(*_COLUMNS)
        .where(consents.c.person_id == bindparam("person_id_"), consents.c.purpose == bindparam("purpose_"))
        .order_by(consents.c.id.desc())
        .limit(1)
    )
)
_HISTORY = Statement(
    lambda _: select(*_COLUMNS).where(consents.c.person_id == bindparam("person_id_")).order_by(consents.c.id)
)


@dataclass(frozen=True, slots=True)
class Consent:
    """One decision about one purpose: `processing`, `contact` (publishing it) or `transfer` (to other countries)."""

    person_id: int
    purpose: str
    text_version: str
    language: str
    given: bool
    at: datetime
    channel: str
    message_id: str


class Consents:
    def __init__(self, work: Work) -> None:
        self._work = work

    async def record(
        self,
        person_id: int,
        text_version: str,
        language: str,
        given: bool,
        at: datetime,
        channel: str,
        message_id: str = "",
        purpose: str = "processing",
    ) -> None:
        """Append a decision: which text was shown, in which language, and whether consent was given."""
        await self._work.run(
            _ADD,
            person_id=person_id,
            purpose=purpose,
            text_version=text_version,
            language=language,
            given=given,
            at=at,
            channel=channel,
            message_id=message_id,
        )

    async def latest(self, person_id: int, purpose: str = "processing") -> Consent | None:
        """The decision in force; None: never asked."""
        row = await self._work.row(_LATEST, person_id_=person_id, purpose_=purpose)
        return Consent(*row) if row else None

    async def history(self, person_id: int) -> list[Consent]:
        """Every decision of a person, oldest first."""
        return [Consent(*row) for row in await self._work.rows(_HISTORY, person_id_=person_id)]
