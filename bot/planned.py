"""The plan of a country's follow-ups in words: who will be told what, when, and why; and what was said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from db.follow_ups import FollowUp, Logged
from db.people import Person
from db.transaction import Transaction
from flows import knowledge
from flows.country.follow_ups.schedule import Planned
from flows.i18n import text


@dataclass(frozen=True, slots=True)
class Names:
    """How people are called in a list: their label, else their entity, else their role."""

    people: Mapping[int, Person]
    entities: Mapping[int, str]
    language: str

    def of(self, person_id: int | None) -> str:
        person = self.people.get(person_id or 0)
        if person is None:
            return text("planned.somebody", self.language)
        role = text(f"access.role_{person.role}", self.language)
        return " · ".join(filter(None, (person.label or role, self.entities.get(person.entity_id or 0, ""))))


async def names(tx: Transaction, country: str, language: str, more: Sequence[int] = ()) -> Names:
    """Those of a country ("": the secretariat), and those numbered in `more`."""
    people = {one.id: one for one in await tx.people.of_country(country)}
    for number in more:
        if number not in people and (person := await tx.people.get(number)) is not None:
            people[number] = person
    entities = {one.id: one.name for one in await tx.entities.of_country(country)} if country else {}
    return Names(people, entities, language)


def plan(rows: Sequence[FollowUp], steps: Mapping[int, Sequence[Planned]], known: Names, country: str) -> list[str]:
    """A line for all that will be said if nothing is heard, soonest first (`steps`: of each follow-up, by number); then
    one for each follow-up about which nothing more is said."""
    language = known.language
    lines: list[tuple[datetime, str]] = []
    silent = []
    for row in rows:
        what = text(f"reminders.kind_{row.kind}", language)
        who = known.of(row.person_id)
        for step in steps[row.id]:
            why = text(f"planned.why_{step.why}", language)
            values = {"when": at(step.at, country), "who": who, "what": what, "why": why}
            lines.append((step.at, text(f"planned.{step.move}", language, None, **values)))
        if not steps[row.id]:
            key = "planned.muted" if row.muted else "planned.nothing_more"
            silent.append(text(key, language, row.reminders, who=who, what=what))
    return list(dict.fromkeys([line for _, line in sorted(lines)] + silent))


def log(entries: Sequence[Logged], known: Names, country: str) -> list[str]:
    """A line for each thing that was said, put off or dropped, oldest first."""
    language = known.language
    return [
        text(
            f"planned.log_{one.what.replace(' ', '_')}",
            language,
            None,
            when=at(one.at, country),
            who=known.of(one.person_id),
            what=text(f"reminders.kind_{one.kind}", language),
            number=one.number,
        )
        for one in entries
    ]


def at(moment: datetime, country: str) -> str:
    """Day and hour in the capital, with the zone where it is not the country's."""
    zone = ZoneInfo(knowledge.country(country).time_zones[0]) if country else ZoneInfo("UTC")
    return f"{moment.astimezone(zone):%Y-%m-%d %H:%M}" + ("" if country else " UTC")
