"""People, and the addresses from which they write."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import bindparam, delete, func, literal_column, select, update

from db.schema import addresses, people
from db.statements import Row, Statement
from db.work import Work

Role = Literal["coordinator", "official", "secretariat", "expert", "focal_point", "colleague", "superior"]
Status = Literal["reachable", "blocked", "gone"]

_PERSON = (
    people.c.id,
    people.c.country,
    people.c.role,
    people.c.entity_id,
    people.c.language,
    people.c.label,
    people.c.created_at,
    people.c.ended_at,
)
_ADDRESS = (
    addresses.c.channel,
    addresses.c.address,
    addresses.c.user,
    addresses.c.status,
    addresses.c.since,
    addresses.c.language,
    addresses.c.interview_id,
    addresses.c.tried_at,
)
_former = people.alias("former")
_HERE = (addresses.c.channel == bindparam("channel_"), addresses.c.address == bindparam("address_"))

_ADD = Statement(
    lambda insert: (
        insert(people).values({column.name: bindparam(column.name) for column in _PERSON[1:-1]}).returning(people.c.id)
    )
)
_GET = Statement(lambda _: select(*_PERSON).where(people.c.id == bindparam("id_")))
_OF_COUNTRY = Statement(
    lambda _: select(*_PERSON).where(people.c.country == bindparam("country_")).order_by(people.c.role, people.c.id)
)
_OF_ROLE = Statement(
    lambda _: (
        select(*_PERSON).where(people.c.role == bindparam("role_"), people.c.ended_at.is_(None)).order_by(people.c.id)
    )
)
_END = Statement(
    lambda _: (
        update(people)
        .where(people.c.id == bindparam("id_"), people.c.ended_at.is_(None))
        .values(ended_at=bindparam("at"))
    )
)
_ANSWER_FOR = Statement(
    lambda _: update(people).where(people.c.id == bindparam("id_")).values(entity_id=bindparam("entity_id"))
)
_SPEAK = Statement(
    lambda _: update(people).where(people.c.id == bindparam("id_")).values(language=bindparam("language"))
)
_LABEL = Statement(lambda _: update(people).where(people.c.id == bindparam("id_")).values(label=bindparam("label")))
_AT = Statement(
    lambda _: (
        select(*_ADDRESS, *_PERSON)
        .select_from(addresses.outerjoin(people, addresses.c.person_id == people.c.id))
        .where(*_HERE)
    )
)
_MEET = Statement(
    lambda insert: (
        insert(addresses)
        .values(
            channel=bindparam("channel"),
            address=bindparam("address"),
            user=bindparam("user"),
            language=bindparam("language"),
            status="reachable",
            since=bindparam("since"),
        )
        .on_conflict_do_nothing()
    )
)
_BIND = Statement(lambda _: update(addresses).where(*_HERE).values(person_id=bindparam("person_id"), interview_id=None))
_TURN_TO = Statement(lambda _: update(addresses).where(*_HERE).values(interview_id=bindparam("interview_id")))
_MARK = Statement(
    lambda _: (
        update(addresses)
        .where(*_HERE, addresses.c.status != bindparam("status"))
        .values(status=bindparam("status"), since=bindparam("since"))
    )
)
_TRIED = Statement(lambda _: update(addresses).where(*_HERE).values(tried_at=bindparam("tried_at")))
_ALSO = Statement(
    lambda _: (
        update(people)
        .where(people.c.id == bindparam("id_"))
        .values(
            first_id=select(func.coalesce(_former.c.first_id, _former.c.id))
            .where(_former.c.id == bindparam("former_id_"))
            .scalar_subquery()
        )
    )
)
_PARTS = Statement(
    lambda _: (
        select(*_PERSON)
        .where(
            func.coalesce(people.c.first_id, people.c.id)
            == select(func.coalesce(_former.c.first_id, _former.c.id))
            .where(_former.c.id == bindparam("id_"))
            .scalar_subquery()
        )
        .order_by(people.c.id)
    )
)
_ADDRESSES_OF = Statement(
    lambda _: (
        select(*_ADDRESS, *_PERSON)
        .select_from(addresses.join(people, addresses.c.person_id == people.c.id))
        .where(addresses.c.person_id == bindparam("person_id_"))
        .order_by(addresses.c.channel, addresses.c.address)
    )
)
_bound = people.alias("bound")
_root = (
    select(func.coalesce(_former.c.first_id, _former.c.id)).where(_former.c.id == bindparam("id_")).scalar_subquery()
)
_REACH = Statement(
    lambda _: (
        select(*_ADDRESS, *(_bound.c[column.name] for column in _PERSON))
        .select_from(addresses.join(_bound, addresses.c.person_id == _bound.c.id))
        .where((_bound.c.id == _root) | (_bound.c.first_id == _root))
        .order_by(addresses.c.channel, addresses.c.address)
    )
)
_UNREACHED = Statement(
    lambda _: (
        select(*_ADDRESS, *_PERSON)
        .select_from(addresses.join(people, addresses.c.person_id == people.c.id))
        .where(addresses.c.status != literal_column("'reachable'"))
        .order_by(addresses.c.person_id)
    )
)
_FORGET = Statement(lambda _: delete(addresses).where(addresses.c.person_id == bindparam("person_id_")))


@dataclass(frozen=True, slots=True)
class Person:
    """`country` is ISO 3166-1 alpha-3 ("" for the secretariat), `language` BCP 47, `label` how to be shown."""

    id: int
    country: str
    role: Role
    entity_id: int | None
    language: str
    label: str
    created_at: datetime
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Address:
    """Where somebody writes from; `person` is None until an invitation is redeemed there; `tried_at`: when it was last
    tried whether messages arrive there again."""

    channel: str
    address: str
    user: str
    status: Status
    since: datetime
    language: str
    interview_id: int | None
    tried_at: datetime | None
    person: Person | None


def _address(row: Row) -> Address:
    count = len(_ADDRESS)
    person = Person(*row[count:]) if row[count] is not None else None
    return Address(*row[:count], person)  # type: ignore[call-arg,unused-ignore]


class People:
    """Personal data lives behind this repository and nowhere else."""

    def __init__(self, work: Work) -> None:
        self._work = work

    async def add(
        self, country: str, role: Role, entity_id: int | None, language: str, created_at: datetime, label: str = ""
    ) -> Person:
        """A new person."""
        row = await self._work.row(
            _ADD,
            country=country,
            role=role,
            entity_id=entity_id,
            language=language,
            label=label,
            created_at=created_at,
        )
        assert row is not None  # noqa: S101 (RETURNING brings one)
        return Person(row[0], country, role, entity_id, language, label, created_at)

    async def get(self, person_id: int) -> Person | None:
        row = await self._work.row(_GET, id_=person_id)
        return Person(*row) if row else None

    async def also(self, person_id: int, former_id: int) -> None:
        """Note that a new person is the same one as another: somebody who takes one more part."""
        await self._work.run(_ALSO, id_=person_id, former_id_=former_id)

    async def parts(self, person_id: int) -> list[Person]:
        """All parts that the same person takes, this one among them, oldest first."""
        return [Person(*row) for row in await self._work.rows(_PARTS, id_=person_id)]

    async def of_country(self, country: str) -> list[Person]:
        """Everybody who takes part for a country."""
        return [Person(*row) for row in await self._work.rows(_OF_COUNTRY, country_=country)]

    async def of_role(self, role: Role) -> list[Person]:
        """Everybody who takes part in a role now, in whatever country."""
        return [Person(*row) for row in await self._work.rows(_OF_ROLE, role_=role)]

    async def end(self, person_id: int, at: datetime) -> bool:
        """The part is over: nobody writes in it any more. False: it was over before."""
        if await self._work.run(_END, id_=person_id, at=at) == 0:
            return False
        for address in await self.addresses_of(person_id):
            await self.bind(address.channel, address.address, None)
        return True

    async def answer_for(self, person_id: int, entity_id: int | None) -> None:
        """From now on the person answers for this entity."""
        await self._work.run(_ANSWER_FOR, id_=person_id, entity_id=entity_id)

    async def speak(self, person_id: int, language: str) -> None:
        """Remember the language chosen."""
        await self._work.run(_SPEAK, id_=person_id, language=language)

    async def rename(self, person_id: int, label: str) -> None:
        """Change how a person is shown; empty makes them nameless."""
        await self._work.run(_LABEL, id_=person_id, label=label)

    async def at(self, channel: str, address: str) -> Address | None:
        """Who writes from an address, in one query; None: nobody ever wrote from it."""
        row = await self._work.row(_AT, channel_=channel, address_=address)
        return _address(row) if row else None

    async def meet(self, channel: str, address: str, user: str, language: str, at: datetime) -> Address:
        """Note an address that writes for the first time (a second time changes nothing), without a person yet."""
        await self._work.run(_MEET, channel=channel, address=address, user=user, language=language, since=at)
        found = await self.at(channel, address)
        assert found is not None  # noqa: S101 (just written)
        return found

    async def bind(self, channel: str, address: str, person_id: int | None) -> None:
        """From now on `person_id` writes from this address (None: nobody); no interview is active there yet."""
        await self._work.run(_BIND, channel_=channel, address_=address, person_id=person_id)

    async def turn_to(self, channel: str, address: str, interview_id: int | None) -> None:
        """Messages from this address go to this interview from now on."""
        await self._work.run(_TURN_TO, channel_=channel, address_=address, interview_id=interview_id)

    async def mark(self, channel: str, address: str, status: Status, at: datetime) -> bool:
        """Record that an address became reachable, blocked or gone. True when that is a change."""
        return await self._work.run(_MARK, channel_=channel, address_=address, status=status, since=at) > 0

    async def addresses_of(self, person_id: int) -> list[Address]:
        """Where a person can be spoken to."""
        return [_address(row) for row in await self._work.rows(_ADDRESSES_OF, person_id_=person_id)]

    async def reach(self, person_id: int) -> list[Address]:
        """Where the same person can be spoken to, in whichever of their parts they write from there just now."""
        return [_address(row) for row in await self._work.rows(_REACH, id_=person_id)]

    async def unreached(self) -> list[Address]:
        """Everywhere that somebody who takes part blocked the bot, or is gone."""
        return [_address(row) for row in await self._work.rows(_UNREACHED)]

    async def tried(self, channel: str, address: str, at: datetime) -> None:
        """Record that it was tried whether messages arrive there again."""
        await self._work.run(_TRIED, channel_=channel, address_=address, tried_at=at)

    async def forget_addresses(self, person_id: int) -> int:
        """Delete a person's addresses. Returns how many there were."""
        return await self._work.run(_FORGET, person_id_=person_id)
