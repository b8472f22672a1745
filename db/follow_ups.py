"""What is planned to be said later: one row for each matter that waits for somebody, and what was said about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import bindparam, literal_column, select, update

from db.schema import follow_up_log, follow_ups, plans, policies
from db.statements import Row, Statement
from db.work import Work

_IS_OPEN = follow_ups.c.closed_at.is_(None)
_COLUMNS = tuple(follow_ups.c)
_NEW = ("country", "person_id", "kind", "subject", "since", "due", "move", "why", "next_at", "meant_at", "opened_at")
_OPEN = Statement(
    lambda insert: insert(follow_ups).values({name: bindparam(name) for name in _NEW}).on_conflict_do_nothing()
)
_CHANGED = (
    *("since", "due", "reminders", "last_at", "coordinator_at", "secretariat_at", "snoozed_until", "muted"),
    *("move", "why", "next_at", "meant_at"),
)
_CHANGE = Statement(
    lambda _: (
        update(follow_ups)
        .where(follow_ups.c.id == bindparam("id_"), _IS_OPEN, follow_ups.c.revision == bindparam("revision_"))
        .values({name: bindparam(name) for name in _CHANGED} | {"revision": follow_ups.c.revision + 1})
    )
)
_CLOSE = Statement(
    lambda _: (
        update(follow_ups)
        .where(follow_ups.c.id == bindparam("id_"), _IS_OPEN)
        .values(
            closed_at=bindparam("at"),
            closed_why=bindparam("why_"),
            next_at=None,
            meant_at=None,
            revision=follow_ups.c.revision + 1,
        )
    )
)
_CLOSED = Statement(
    lambda _: (
        select(*_COLUMNS)
        .where(
            follow_ups.c.person_id == bindparam("person_id_"),
            follow_ups.c.kind == bindparam("kind_"),
            follow_ups.c.subject == bindparam("subject_"),
            follow_ups.c.closed_at.is_not(None),
        )
        .order_by(follow_ups.c.id.desc())
        .limit(1)
    )
)
_REOPEN = Statement(
    lambda _: (
        update(follow_ups)
        .where(follow_ups.c.id == bindparam("id_"), follow_ups.c.revision == bindparam("revision_"))
        .values(closed_at=None, closed_why="", revision=follow_ups.c.revision + 1)
    )
)
_GET = Statement(lambda _: select(*_COLUMNS).where(follow_ups.c.id == bindparam("id_")))
_OF_COUNTRY = Statement(
    lambda _: select(*_COLUMNS).where(follow_ups.c.country == bindparam("country_"), _IS_OPEN).order_by(follow_ups.c.id)
)
_OF_PERSON = Statement(
    lambda _: (
        select(*_COLUMNS).where(follow_ups.c.person_id == bindparam("person_id_"), _IS_OPEN).order_by(follow_ups.c.id)
    )
)
_DUE = Statement(
    lambda _: (
        select(*_COLUMNS)
        .where(
            _IS_OPEN,
            follow_ups.c.move == bindparam("move_"),
            follow_ups.c.meant_at <= bindparam("now_"),
            follow_ups.c.next_at <= bindparam("now_"),
        )
        .order_by(follow_ups.c.meant_at, follow_ups.c.next_at, follow_ups.c.id)
        .limit(bindparam("most_"))
    )
)
_SAID = Statement(
    lambda insert: insert(follow_up_log).values(
        {name: bindparam(name) for name in ("follow_up_id", "country", "at", "what", "number", "planned_at", "to_id")}
    )
)
_LOG = Statement(
    lambda _: (
        select(
            *(follow_up_log.c[name] for name in ("id", "follow_up_id", "at", "what", "number", "planned_at", "to_id")),
            *(follow_ups.c[name] for name in ("person_id", "kind", "subject")),
        )
        .join(follow_ups, follow_ups.c.id == follow_up_log.c.follow_up_id)
        .where(follow_up_log.c.country == bindparam("country_"), follow_up_log.c.id > bindparam("after_"))
        .order_by(follow_up_log.c.id)
        .limit(bindparam("most_"))
    )
)
_TOUCH = Statement(
    lambda insert: (
        insert(plans)
        .values(country=bindparam("country"), stale=1, planned=0)
        .on_conflict_do_update(index_elements=["country"], set_={"stale": plans.c.stale + 1})
    )
)
_STALE = Statement(
    lambda _: (
        select(plans.c.country, plans.c.stale)
        .where(literal_column("stale") != literal_column("planned"))
        .order_by(plans.c.country)
    )
)
_ALL_STALE = Statement(lambda _: update(plans).values(stale=plans.c.stale + 1))
_OUTDATED = Statement(
    lambda _: (
        update(plans)
        .where(
            plans.c.stale == plans.c.planned,
            (plans.c.planned_at < bindparam("begins")) | (plans.c.planned_at >= bindparam("ends")),
        )
        .values(stale=plans.c.stale + 1)
    )
)
_KNOW = Statement(
    lambda insert: insert(plans).values(country=bindparam("country"), stale=1, planned=0).on_conflict_do_nothing()
)
_PLANNED = Statement(
    lambda _: (
        update(plans)
        .where(plans.c.country == bindparam("country_"))
        .values(planned=bindparam("planned"), planned_at=bindparam("planned_at"))
    )
)
_POLICY = Statement(lambda _: select(policies.c.text, policies.c.at).order_by(policies.c.id.desc()).limit(1))
_SET_POLICY = Statement(
    lambda insert: insert(policies).values(text=bindparam("text"), at=bindparam("at"), by_id=bindparam("by_id"))
)


@dataclass(frozen=True, slots=True)
class FollowUp:
    """A matter that waits for somebody. `reminders`: said since they last reacted; `next_at` None: nothing more is
    planned; `meant_at`: for when it was planned, before closed hours or an outage put it off; `revision` grows with
    each change, so that of two who change it one is too late."""

    id: int
    country: str
    person_id: int
    kind: str
    subject: str
    since: datetime
    due: date | None
    reminders: int
    last_at: datetime | None
    coordinator_at: datetime | None
    secretariat_at: datetime | None
    snoozed_until: datetime | None
    muted: bool
    move: str
    why: str
    next_at: datetime | None
    meant_at: datetime | None
    revision: int
    opened_at: datetime
    closed_at: datetime | None
    closed_why: str


@dataclass(frozen=True, slots=True)
class NewFollowUp:
    country: str
    person_id: int
    kind: str
    subject: str
    since: datetime
    due: date | None
    move: str
    why: str
    next_at: datetime | None


@dataclass(frozen=True, slots=True)
class Logged:
    """What was said, put off or dropped: `number` of the reminder, `to_id` who was told."""

    id: int
    follow_up_id: int
    at: datetime
    what: str
    number: int
    planned_at: datetime | None
    to_id: int | None
    person_id: int
    kind: str
    subject: str


def _follow_up(row: Row) -> FollowUp:
    cells = list(row)
    cells[6] = date.fromisoformat(cells[6]) if cells[6] else None
    cells[12] = bool(cells[12])
    return FollowUp(*cells)


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day is not None else None


class FollowUps:
    def __init__(self, work: Work) -> None:
        self._work = work

    # ---- rows ----
    async def open(self, new: Sequence[NewFollowUp], at: datetime) -> None:
        """Plan what has begun to wait. What is planned already for the same person, kind and subject stays."""
        rows = [
            {
                **{name: getattr(one, name) for name in _NEW if name not in ("due", "meant_at", "opened_at")},
                "due": _iso(one.due),
                "meant_at": one.next_at,
                "opened_at": at,
            }
            for one in new
        ]
        await self._work.many(_OPEN, rows)

    async def change(self, one: FollowUp) -> bool:
        """Store a follow-up as it is now. False: it was changed or closed since it was read, and stays as it is."""
        values = {name: getattr(one, name) for name in _CHANGED if name != "due"}
        return await self._work.run(_CHANGE, id_=one.id, revision_=one.revision, due=_iso(one.due), **values) == 1

    async def close(self, follow_up_id: int, why: str, at: datetime) -> bool:
        """Nothing more is to be said: it is done, or nobody is left to whom to say it."""
        return await self._work.run(_CLOSE, id_=follow_up_id, why_=why, at=at) == 1

    async def closed(self, person_id: int, kind: str, subject: str) -> FollowUp | None:
        """What was last closed about a matter."""
        row = await self._work.row(_CLOSED, person_id_=person_id, kind_=kind, subject_=subject)
        return _follow_up(row) if row else None

    async def reopen(self, one: FollowUp) -> FollowUp | None:
        """Go on with what was closed. None: it was changed since it was read."""
        if await self._work.run(_REOPEN, id_=one.id, revision_=one.revision) == 0:
            return None
        return replace(one, closed_at=None, closed_why="", revision=one.revision + 1)

    async def get(self, follow_up_id: int) -> FollowUp | None:
        row = await self._work.row(_GET, id_=follow_up_id)
        return _follow_up(row) if row else None

    async def of_country(self, country: str) -> list[FollowUp]:
        """What is open in a country ("": with the secretariat)."""
        return [_follow_up(row) for row in await self._work.rows(_OF_COUNTRY, country_=country)]

    async def of_person(self, person_id: int) -> list[FollowUp]:
        """What is open for somebody."""
        return [_follow_up(row) for row in await self._work.rows(_OF_PERSON, person_id_=person_id)]

    async def due(self, move: str, now: datetime, most: int) -> list[FollowUp]:
        """What is to be said by now, the longest due first (nothing is meant for later than it is planned)."""
        return [_follow_up(row) for row in await self._work.rows(_DUE, move_=move, now_=now, most_=most)]

    # ---- the record ----
    async def note(
        self,
        one: FollowUp,
        what: str,
        at: datetime,
        *,
        to_id: int | None = None,
        number: int = 0,
    ) -> None:
        """Record what was said about it, or why it was not."""
        await self._work.run(
            _SAID,
            follow_up_id=one.id,
            country=one.country,
            at=at,
            what=what,
            number=number,
            planned_at=one.meant_at or one.next_at,
            to_id=to_id,
        )

    async def log(self, country: str, most: int, after: int = 0) -> list[Logged]:
        """What was said in a country, oldest first, numbered above `after`."""
        return [Logged(*row) for row in await self._work.rows(_LOG, country_=country, most_=most, after_=after)]

    # ---- which countries are to be planned ----
    async def touch(self, country: str) -> None:
        """Something happened there: it is planned anew at the next tick."""
        await self._work.run(_TOUCH, country=country)

    async def touch_all(self) -> None:
        """Plan every country anew: another policy."""
        await self._work.run(_ALL_STALE)

    async def touch_outdated(self, begins: datetime, ends: datetime) -> None:
        """Plan anew what was not planned in this span, and the secretariat's own matters if they never were."""
        await self._work.run(_KNOW, country="")
        await self._work.run(_OUTDATED, begins=begins, ends=ends)

    async def stale(self) -> list[tuple[str, int]]:
        """Countries to be planned, each with the number to give back to `planned`."""
        return [(row[0], row[1]) for row in await self._work.rows(_STALE)]

    async def planned(self, country: str, stale: int, at: datetime) -> None:
        """A country is planned, as of the number that `stale` told."""
        await self._work.run(_PLANNED, country_=country, planned=stale, planned_at=at)

    # ---- the policy ----
    async def policy(self) -> tuple[str, datetime] | None:
        """The policy in force, and since when; None: the standard one."""
        row = await self._work.row(_POLICY)
        return (row[0], row[1]) if row else None

    async def set_policy(self, text: str, at: datetime, by_id: int | None) -> None:
        """Put a policy in force, and have every country planned by it."""
        await self._work.run(_SET_POLICY, text=text, at=at, by_id=by_id)
        await self.touch_all()
