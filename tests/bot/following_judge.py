"""The judge of follow-ups, who keeps an account of their own: of what waits for whom, who reacted, asked to be left
alone, cannot be reached. Weekends, zones and public holidays the judge knows without the policy.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import holidays

from db.people import Person
from flows.country.follow_ups.rules import ONCE
from flows.country.follow_ups.schedule import Matter

if TYPE_CHECKING:
    from tests.bot.following_world import Exercise

PLACES: dict[str, tuple[str, tuple[str, ...], frozenset[int]]] = {
    "BFA": ("BF", ("Africa/Ouagadougou",), frozenset({6, 7})),
    "GHA": ("GH", ("Africa/Accra",), frozenset({6, 7})),
    "MRT": ("MR", ("Africa/Nouakchott",), frozenset({6, 7})),
    "DZA": ("DZ", ("Africa/Algiers",), frozenset({5, 6})),
    "COD": ("CD", ("Africa/Kinshasa", "Africa/Lubumbashi"), frozenset({6, 7})),
    "MAR": ("MA", ("Africa/Casablanca",), frozenset({6, 7})),
    "LBY": ("LY", ("Africa/Tripoli",), frozenset({5, 6})),
    "": ("BE", ("Europe/Brussels",), frozenset({6, 7})),
}
OPENS, CLOSES = time(8, 30), time(16, 30)
Key = tuple[int, str, str]  # person, kind, subject


@dataclass
class Known:
    """What the judge knows of a matter. `epoch`: grows when the person reacts; `promised`: nothing before that day."""

    matter: Matter
    epoch: int = 0
    muted: bool = False
    promised: date | None = None
    snoozes: int = 0


class Judge:
    """Looks at what each tick put into the outbox and into the record."""

    def __init__(self, world: Exercise) -> None:
        self.world = world
        self.reminded: Counter[tuple[Key, int, int]] = Counter()  # key, epoch, number
        self.last: dict[Key, datetime] = {}  # when a reminder was said
        self.told: Counter[tuple[Key, int, str]] = Counter()
        self.tried: set[tuple[Key, int]] = set()  # reminders for which nobody was within reach
        self.counts: Counter[str] = Counter()
        self.waited: dict[Key, Known] = {}
        self.log_seen = self.outbox_seen = 0
        self.ran = 1

    def before(self, ran: int = 1) -> None:
        """`ran`: how many processes tick at once."""
        self.waited, self.ran = dict(self.world.waits), ran

    async def after(self) -> None:
        async with self.world.store.reading() as tx:
            entries = await tx.connection.rows(
                "SELECT l.id, l.what, l.number, l.to_id, f.person_id, f.kind, f.subject FROM follow_up_log l "  # noqa: S608
                f"JOIN follow_ups f ON f.id = l.follow_up_id WHERE l.id > {self.log_seen} ORDER BY l.id",
                (),
            )
            rows = await tx.connection.rows(
                "SELECT id, address, batch, not_after, dedupe FROM outbox "  # noqa: S608
                f"WHERE id > {self.outbox_seen} AND dedupe IS NOT NULL ORDER BY id",
                (),
            )
        self.log_seen = max([self.log_seen, *(row[0] for row in entries)])
        self.outbox_seen = max([self.outbox_seen, *(row[0] for row in rows)])
        hearers: set[int] = set()
        pressed = ("snoozed", "muted", "unmuted", "help asked")
        for _, what, number, to_id, *about in entries:
            key: Key = (about[0], about[1], about[2])
            if what in pressed:
                continue
            self.counts[what] += 1
            promised = self.waited[key].promised if key in self.waited else None
            if promised is not None and self.promise_kept(self.world.people[key[0]], promised):
                self.waited[key].promised = None  # kept, whatever the clock says afterwards
            if what == "unreachable" and key in self.waited:
                self.tried.add((key, self.waited[key].epoch))
            if what in ("reminded", "coordinator", "secretariat"):
                hearers.add(to_id)
                self.said(what, key, number, to_id)
        to = [int(row[1][1:]) for row in rows]
        most = Counter((address, str(dedupe).partition(" ")[0]) for (_, address, _, _, dedupe) in rows)
        assert all(count <= self.ran or name == "unanswered" for (_, name), count in most.items()), most
        above = {one.id for one in self.world.people.values() if one.role in ("coordinator", "secretariat")}
        assert set(to) <= hearers | above, "said to somebody who was not meant"
        for _, address, batch, not_after, _ in rows:
            person = self.world.people[int(address[1:])]
            assert person.id not in self.world.blocked
            until = datetime.fromisoformat(not_after) if isinstance(not_after, str) else not_after
            place = "" if batch is None and person.role == "secretariat" else person.country
            self.in_hours(place, self.world.now)
            self.in_hours(place, until - timedelta(seconds=1))

    def said(self, what: str, key: Key, number: int, to_id: int) -> None:
        """(a) to (d), (f), (g): of one thing said."""
        world = self.world
        person = world.people[key[0]]
        known = self.waited.get(key)
        assert known is not None, f"{what} {key}: its reason was gone"
        assert known.promised is None or known.muted, f"{what} {key}: early"
        if what == "reminded":
            assert to_id == person.id
            assert not known.muted, f"{key}: muted"
            self.last[key] = world.now
            self.reminded[key, known.epoch, number] += 1
            assert self.reminded[key, known.epoch, number] == 1, f"{key}: reminder {number} twice"
            said = sum(count for (one, epoch, _), count in self.reminded.items() if (one, epoch) == (key, known.epoch))
            most = max(policy.rule(key[1], person.country).most for policy in world.policies)
            assert said <= most + known.snoozes, f"{key}: {said} reminders"
            self.in_hours(person.country, world.now)
            return
        assert key[1] not in ONCE, f"{what} {key}: a superior is not escalated"
        tried = (key, known.epoch) in self.tried or known.muted or person.id in world.blocked
        heard = any((one, epoch) == (key, known.epoch) for one, epoch, _ in self.reminded)
        assert tried or heard, f"{what} {key}: told before the person was"
        self.told[key, known.epoch, what] += 1
        assert self.told[key, known.epoch, what] == 1, f"{key}: {what} twice"
        hearer = world.people[to_id]
        assert hearer.role == what, f"{key}: {what} was {hearer.role}"
        if what == "coordinator":
            assert person.role in ("official", "colleague", "superior")
            assert hearer.country == person.country
        self.in_hours(hearer.country if what == "coordinator" else "", world.now)

    def promise_kept(self, person: Person, day: date) -> bool:
        zone = ZoneInfo(PLACES[person.country][1][0])
        return self.world.now.astimezone(zone).date() >= day

    def in_hours(self, country: str, at: datetime) -> None:
        """(b): by weekends, holidays and hours that the judge knows, and by the calendar of the policy."""
        alpha_2, zones, weekend = PLACES[country]
        for zone in zones:
            local = at.astimezone(ZoneInfo(zone))
            assert local.isoweekday() not in weekend, f"{country}: {local} is at the weekend"
            assert OPENS <= local.time() < CLOSES, f"{country}: {local} is at night"
            assert local.date() not in holidays.country_holidays(alpha_2, years=local.year), f"{country}: {local}"
        calendar = self.world.policy.calendar(country) if country else self.world.policy.secretariat_calendar()
        assert calendar.is_open(at), f"{country}: {at} {calendar.why_closed(at)}"

    def heard_of(self, key: Key, known: Known) -> bool:
        """Whether anything was said about a matter since the last reaction."""
        said = any((one, epoch) == (key, known.epoch) for one, epoch, _ in self.reminded)
        return said or any((one, epoch) == (key, known.epoch) for one, epoch, _ in self.told)

    def anybody_above(self, person: Person) -> bool:
        """Whether somebody can be told that a person is silent."""
        roles = ("coordinator", "secretariat") if person.role in ("official", "colleague", "superior") else ()
        above = [one for one in self.world.people.values() if one.id not in self.world.blocked]
        if person.role != "secretariat" and any(one.role == "secretariat" for one in above):
            return True
        return any(one.role in roles and one.country == person.country for one in above)

    def all_said(self) -> None:
        """(e): what waited long enough was said, to the person or to somebody above."""
        world = self.world
        for key, known in world.waits.items():
            person = world.people[key[0]]
            rule = world.policy.rule(key[1], person.country)
            due = known.matter.due
            pointless = rule.until_due and due is not None and due <= world.now.date()
            if known.muted or pointless or (due is not None and due > world.now.date()):
                continue
            if person.id in world.blocked and (key[1] in ONCE or not self.anybody_above(person)):
                continue
            assert self.heard_of(key, known), f"never said: {key} {known} {person}"
