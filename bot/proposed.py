"""The entities that the coordinator gave in the questionnaire (question E5), as candidates to be named."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from bot.acting import Act
from bot.inviting import cleaned
from bot.participating import Listed
from db.entities import fold
from flows.country.steps.course import Course
from flows.interview.answers import answers
from flows.interview.state import Interview

REPEAT = "entity"  # the questionnaire's rows of entities to invite


@dataclass(frozen=True, slots=True)
class Proposed:
    """One of them. `contact`: whom to turn to there, in the coordinator's words."""

    name: str
    kind: str
    domains: tuple[str, ...]
    contact: str


async def proposed(act: Act, course: Course) -> list[Proposed]:
    """All of them, as the coordinator's answers stand."""
    coordinator = course.participants.coordinator()
    forms = act.services.interviews.forms
    if coordinator is None:
        return []
    rows: dict[int, dict[str, str]] = {}
    for stored in await act.tx.interviews.of_person(coordinator.person_id):
        if stored.form_id not in forms or f"/{REPEAT}[" not in stored.state:
            continue
        interview = Interview.from_json(json.loads(stored.state))
        form = await act.services.interviews.form_held(act.tx, stored)
        for one in answers(form, interview, stored.language, now=act.now):
            if one.rows and one.rows[-1][0] == REPEAT and one.status == "answered":
                rows.setdefault(one.rows[-1][1], {})[one.name] = one.value
    return [_read(row) for _, row in sorted(rows.items()) if cleaned(row.get("e5_name", ""))]


def _read(row: Mapping[str, str]) -> Proposed:
    return Proposed(
        cleaned(row["e5_name"]),
        row.get("e5_type", ""),
        tuple(row.get("e5_domains", "").split()),
        cleaned(row.get("e5_contact", "")),
    )


def not_yet_there(candidates: list[Proposed], entities: list[Listed]) -> list[Proposed]:
    """Those whose name no entity has, or had; each name once."""
    known = {fold(name) for entity in entities for name in (entity.name, *entity.known.former)}
    found: dict[str, Proposed] = {}
    for one in candidates:
        if fold(one.name) not in known:
            found.setdefault(fold(one.name), one)
    return list(found.values())
