"""Where countries stand, out of the store: what /status, its picture and the command line show."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from zoneinfo import ZoneInfo

from bot.dossiers import Dossiers
from db.interviews import Standing
from db.transaction import Transaction
from flows.country.ledger import EXERCISE
from flows.country.standing import CountryStanding, standing
from flows.country.standing_told import Sections
from flows.country.steps.course import Course
from flows.country.steps.exercise import Exercise
from flows.interview.form import Form
from flows.interview.interview import host_of
from flows.interview.logic import Session
from flows.interview.plan import plan_of
from flows.interview.wording import plain
from flows.knowledge import country


@dataclass(frozen=True, slots=True)
class Overview:
    """All countries that were ever asked, and what concerns all of them."""

    standings: tuple[CountryStanding, ...]
    region: Exercise


async def overview(dossiers: Dossiers, tx: Transaction, form_id: str, now: datetime) -> Overview:
    """Every country; three queries and a little work for each."""
    courses = await dossiers.courses(tx)
    region = courses.pop(EXERCISE, Course(EXERCISE)).exercise
    walks: defaultdict[str, list[Standing]] = defaultdict(list)
    for walk in await tx.interviews.overview(form_id):
        walks[walk.country].append(walk)
    found = (standing(course, walks[code], region.planned, now, day_in(code, now)) for code, course in courses.items())
    return Overview(tuple(found), region)


async def of_country(
    dossiers: Dossiers, tx: Transaction, form_id: str, code: str, now: datetime
) -> tuple[CountryStanding, Exercise]:
    """One country, and what concerns all of them."""
    region = (await dossiers.course(tx, EXERCISE)).exercise
    course = await dossiers.course(tx, code)
    walks = await tx.interviews.overview(form_id, code)
    return standing(course, walks, region.planned, now, day_in(code, now)), region


async def entity_names(tx: Transaction, code: str) -> Mapping[int, str]:
    """The names of a country's entities, with the acronym where there is one."""
    return {
        one.id: f"{one.name} ({one.acronym})" if one.acronym and one.acronym not in one.name else one.name
        for one in await tx.entities.of_country(code)
    }


async def people_names(tx: Transaction, code: str) -> Mapping[int, str]:
    """How those who take part in a country want to be called, as far as they said."""
    return {one.id: one.label for one in await tx.people.of_country(code) if one.label}


_titles: dict[tuple[str, str, str], Sections] = {}


def sections(form: Form, language: str) -> Sections:
    """The sections of a questionnaire and their titles, made once."""
    key = (form.id, form.version, language)
    if key not in _titles:
        session = Session.start(form.logic, host_of({}, datetime(2000, 1, 1, tzinfo=UTC), language))
        groups = plan_of(form).sections
        _titles[key] = tuple((group.name, plain(session.label(group.path, language)) or group.name) for group in groups)
    return _titles[key]


def day_in(code: str, now: datetime) -> date:
    """The day in a country's capital."""
    return now.astimezone(_clocks(code)).date()


@cache
def _clocks(code: str) -> ZoneInfo:
    """Kept: `ZoneInfo` itself remembers but a few."""
    return ZoneInfo(country(code).time_zones[0])
