"""What is chosen by buttons, page by page."""

from __future__ import annotations

from bot.acting import Act
from bot.messages import Button
from flows.country.steps.course import Course

PAGE = 8  # buttons to choose from at once


async def choices(act: Act, course: Course) -> list[tuple[int, str]]:
    """The entities to choose from, by name."""
    return [
        (entity.id, f"{entity.acronym} – {entity.name}" if entity.acronym else entity.name)
        for entity in await act.tx.entities.of_country(course.country)
        if not course.participants.is_merged(entity.id)
    ]


def turning(act: Act, page: int, count: int, name: str, *arguments: str | int, size: int = PAGE) -> list[Button]:
    """The buttons that turn a page."""
    row = []
    if page:
        row.append(act.button(act.text("desk.previous"), name, *arguments, page - 1))
    if (page + 1) * size < count:
        row.append(act.button(act.text("desk.next"), name, *arguments, page + 1))
    return row
