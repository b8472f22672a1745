"""Invitations: a code shown once, kept only as its hash, used once, in time."""

from __future__ import annotations

import hashlib
import secrets
import string
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import bindparam, select, update

from db.people import Role
from db.schema import invitations
from db.statements import Statement
from db.work import Work

Refused = Literal["unknown", "used", "expired", "revoked"]
_COLUMNS = (
    invitations.c.id,
    invitations.c.country,
    invitations.c.role,
    invitations.c.entity_id,
    invitations.c.language,
    invitations.c.created_by,
    invitations.c.created_at,
    invitations.c.expires_at,
    invitations.c.used_at,
    invitations.c.used_by,
    invitations.c.revoked_at,
    invitations.c.label,
    invitations.c.replaces,
    invitations.c.interview_id,
)
_NEW = (*_COLUMNS[1:8], *_COLUMNS[11:], invitations.c.hash)
_ADD = Statement(
    lambda insert: (
        insert(invitations).values({column.name: bindparam(column.name) for column in _NEW}).returning(invitations.c.id)
    )
)
_REDEEM = Statement(
    lambda _: (
        update(invitations)
        .where(
            invitations.c.hash == bindparam("hash_"),
            invitations.c.used_at.is_(None),
            invitations.c.revoked_at.is_(None),
            invitations.c.expires_at > bindparam("now_"),
        )
        .values(used_at=bindparam("used_at"))
        .returning(*_COLUMNS)
    )
)
_TAKE = Statement(
    lambda _: (
        update(invitations)
        .where(
            invitations.c.id == bindparam("id_"),
            invitations.c.used_at.is_(None),
            invitations.c.revoked_at.is_(None),
            invitations.c.expires_at > bindparam("now_"),
        )
        .values(used_at=bindparam("used_at"))
    )
)
_FIND = Statement(lambda _: select(*_COLUMNS).where(invitations.c.hash == bindparam("hash_")))
_USED_BY = Statement(
    lambda _: update(invitations).where(invitations.c.id == bindparam("id_")).values(used_by=bindparam("used_by"))
)
_REVOKE = Statement(
    lambda _: (
        update(invitations)
        .where(
            invitations.c.id == bindparam("id_"), invitations.c.used_at.is_(None), invitations.c.revoked_at.is_(None)
        )
        .values(revoked_at=bindparam("revoked_at"))
    )
)
_GET = Statement(lambda _: select(*_COLUMNS).where(invitations.c.id == bindparam("id_")))
_LABEL = Statement(
    lambda _: update(invitations).where(invitations.c.id == bindparam("id_")).values(label=bindparam("label"))
)
_OF_COUNTRY = Statement(
    lambda _: select(*_COLUMNS).where(invitations.c.country == bindparam("country_")).order_by(invitations.c.id)
)
_UNOPENED = Statement(
    lambda _: (
        select(*_COLUMNS)
        .where(
            invitations.c.created_by == bindparam("created_by_"),
            invitations.c.used_at.is_(None),
            invitations.c.revoked_at.is_(None),
        )
        .order_by(invitations.c.id)
    )
)

_ALPHABET = string.ascii_letters + string.digits  # a dash at its end would be lost where a link is recognised
CODE_LENGTH = 24  # letters and digits: 142 bits


@dataclass(frozen=True, slots=True)
class Invitation:
    """What a code stands for. The code itself is not among it: only its hash is stored. `label`: whom it is meant for;
    `replaces`: whose part is taken over; `interview_id`: what a colleague shares in, or a superior clears."""

    id: int
    country: str
    role: Role
    entity_id: int | None
    language: str
    created_by: int | None
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None
    used_by: int | None
    revoked_at: datetime | None
    label: str = ""
    replaces: int | None = None
    interview_id: int | None = None


def _hash(code: str) -> str:
    return hashlib.sha256(code.encode("utf-8", "replace")).hexdigest()


class Invitations:
    def __init__(self, work: Work) -> None:
        self._work = work

    async def create(
        self,
        country: str,
        role: Role,
        entity_id: int | None,
        expires_at: datetime,
        created_at: datetime,
        created_by: int | None = None,
        language: str = "",
        label: str = "",
        replaces: int | None = None,
        interview_id: int | None = None,
    ) -> tuple[str, int]:
        """A new invitation: its code, which is told nowhere else, and its number.

        The code has 142 bits of chance in 24 letters and digits, so that it fits any deep link.
        """
        code = "".join(secrets.choice(_ALPHABET) for _ in range(CODE_LENGTH))
        row = await self._work.row(
            _ADD,
            country=country,
            role=role,
            entity_id=entity_id,
            language=language,
            created_by=created_by,
            created_at=created_at,
            expires_at=expires_at,
            label=label,
            replaces=replaces,
            interview_id=interview_id,
            hash=_hash(code),
        )
        assert row is not None  # noqa: S101 (RETURNING brings one)
        return code, row[0]

    async def redeem(self, code: str, now: datetime) -> Invitation | Refused:
        """Use a code up, or say why it cannot be used. Of two presses at once, one gets the invitation.

        The caller then makes the person and says so by `used_by`, in the same transaction.
        """
        hashed = _hash(code)
        row = await self._work.row(_REDEEM, hash_=hashed, now_=now, used_at=now)
        if row is not None:
            return Invitation(*row)
        row = await self._work.row(_FIND, hash_=hashed)
        if row is None:
            return "unknown"
        found = Invitation(*row)
        if found.used_at is not None:
            return "used"
        return "revoked" if found.revoked_at is not None else "expired"

    async def take(self, invitation_id: int, now: datetime) -> bool:
        """Use an invitation up without its code: whoever made it takes the part themselves. False: it cannot be."""
        return await self._work.run(_TAKE, id_=invitation_id, now_=now, used_at=now) == 1

    async def used_by(self, invitation_id: int, person_id: int) -> None:
        """Note who redeemed an invitation."""
        await self._work.run(_USED_BY, id_=invitation_id, used_by=person_id)

    async def find(self, code: str) -> Invitation | None:
        """What a code stands for, used or not, without using it up (to know one's own second press again)."""
        row = await self._work.row(_FIND, hash_=_hash(code))
        return Invitation(*row) if row else None

    async def revoke(self, invitation_id: int, at: datetime) -> bool:
        """Make an unused invitation unusable. False: it was used or revoked before, or there is none."""
        return await self._work.run(_REVOKE, id_=invitation_id, revoked_at=at) == 1

    async def get(self, invitation_id: int) -> Invitation | None:
        row = await self._work.row(_GET, id_=invitation_id)
        return Invitation(*row) if row else None

    async def relabel(self, invitation_id: int, label: str) -> None:
        """Change whom it is meant for; empty makes it nameless."""
        await self._work.run(_LABEL, id_=invitation_id, label=label)

    async def of_country(self, country: str) -> list[Invitation]:
        """A country's invitations, oldest first."""
        return [Invitation(*row) for row in await self._work.rows(_OF_COUNTRY, country_=country)]

    async def unopened(self, created_by: int) -> list[Invitation]:
        """What somebody made and nobody used yet, oldest first; those that have expired too."""
        return [Invitation(*row) for row in await self._work.rows(_UNOPENED, created_by_=created_by)]
