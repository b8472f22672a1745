"""Groups of people who can be written to, whom of them a message reaches, and why it does not reach the others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from bot.acting import Services
from db.people import Person
from db.receivers import Receiver
from db.transaction import Transaction
from flows.country.steps.broadcasts import LANGUAGES, Group
from flows.i18n import FALLBACK, base

LeftOut = Literal["unreachable", "refused", "ended"]
LEFT_OUT: tuple[LeftOut, ...] = ("unreachable", "refused", "ended")
"""Why somebody of a group gets no message, the reason that counts first: blocked or gone; has not agreed, or no longer
does; their part is over."""
NOT_HANDED_IN = ("draft", "returned")


@dataclass(frozen=True, slots=True)
class To:
    """Somebody whom a message reaches, in one place."""

    person: Person
    channel: str
    address: str


@dataclass(frozen=True, slots=True)
class Reached:
    """Of a group: whom a message reaches, each person once, and how many it does not reach, by reason."""

    people: Sequence[To]
    left_out: Mapping[str, int]

    @property
    def countries(self) -> int:
        """In how many countries."""
        return len({one.person.country for one in self.people if one.person.country})

    def readers(self) -> dict[str, int]:
        """How many read in each language in which messages are written."""
        return Counter(reads(one.person) for one in self.people)


def reads(person: Person) -> str:
    """In which of the languages of messages somebody reads: their own, where it is one."""
    language = base(person.language)
    return language if language in LANGUAGES else FALLBACK


async def everybody(tx: Transaction, country: str) -> list[Receiver]:
    """All people of a country; of all countries for ""."""
    return await (tx.receivers.of_country(country) if country else tx.receivers.all())


async def of_group(
    services: Services, tx: Transaction, country: str, group: Group, entity_id: int | None, but: int | None
) -> Reached:
    """Whom a message to a group reaches. `but`: who writes it."""
    parts = await everybody(tx, country)
    return reached(await within(services, tx, country, parts, group, entity_id), but)


async def within(
    services: Services,
    tx: Transaction,
    country: str,
    parts: Sequence[Receiver],
    group: Group,
    entity_id: int | None = None,
) -> list[Receiver]:
    """Those of `parts` who belong to a group."""
    match group:
        case "coordinators":
            return [one for one in parts if one.person.role == "coordinator"]
        case "focal_points":
            return [one for one in parts if one.person.role == "focal_point"]
        case "experts":
            return [one for one in parts if one.person.role == "expert"]
        case "officials":
            return [one for one in parts if one.person.role == "official"]
        case "late":
            handed = await _handed_in(services, tx, country)
            return [one for one in parts if one.person.role == "official" and one.person.id not in handed]
        case "entity":
            return [one for one in parts if entity_id is not None and one.person.entity_id == entity_id]
        case _:
            return list(parts)


async def _handed_in(services: Services, tx: Transaction, country: str) -> set[int]:
    """Those whose contribution is handed in, and not returned."""
    course = await services.dossiers.course(tx, country)
    found: set[int] = set()
    for form_id in services.interviews.forms:
        for one in await tx.interviews.overview(form_id, country):
            if course.contributions.status(one.id) not in NOT_HANDED_IN:
                found.add(one.person_id)
    return found


def reached(parts: Iterable[Receiver], but: int | None) -> Reached:
    """Each person once, whatever parts they take, in the first part in which they can be written to."""
    people: dict[int, To] = {}
    out: dict[int, LeftOut] = {}
    author = None
    for one in parts:
        if one.person.id == but:
            author = one.human
        why = _left_out(one)
        if why is None:
            channel, address, _ = next(at for at in one.at if at[2] == "reachable")
            people.setdefault(one.human, To(one.person, channel, address))
        elif one.human not in out or LEFT_OUT.index(why) < LEFT_OUT.index(out[one.human]):
            out[one.human] = why
    if author is not None:
        people.pop(author, None)
        out.pop(author, None)
    return Reached(list(people.values()), Counter(why for human, why in out.items() if human not in people))


def _left_out(one: Receiver) -> LeftOut | None:
    if one.person.ended_at is not None:
        return "ended"
    if not one.agreed:
        return "refused"
    return None if any(status == "reachable" for _, _, status in one.at) else "unreachable"
