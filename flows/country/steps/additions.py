"""What of a country's course enters its guide beside the contributions."""

from __future__ import annotations

from collections.abc import Mapping

from flows.country.additions import Additions
from flows.country.steps.course import Course


def additions(course: Course, entities: Mapping[int, str]) -> Additions:
    """Decisions on differences, findings of desk research and outcomes of workshops; `entities`: official names by
    number."""
    return Additions(resolutions=tuple(course.differences.resolutions.values()))
