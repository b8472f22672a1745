"""Section IV: recommendations by category, and training needs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from flows.country.completeness import CATEGORIES
from flows.country.draft import aligned
from flows.country.draft.desk import Desk
from flows.country.draft.figures import bars
from flows.country.guide import Block, Cell, Figure, Row, Section, Statement
from flows.country.objects import Recommendation
from flows.i18n import text

_PRIORITIES = {"high": 0, "medium": 1, "low": 2}


def section(desk: Desk) -> Section:
    """IV. Recommendations."""
    parts = (
        Section("recommendations", "IV.1", desk.text("section_4_1"), tuple(_recommendations(desk))),
        Section("training", "IV.2", desk.text("section_4_2"), tuple(_training(desk))),
        *aligned.section(desk, [item for _, item in numbered(desk)]),
    )
    return Section("advice", "IV", desk.text("section_4"), (desk.paragraph("intro_4"),), parts)


def numbered(desk: Desk) -> list[tuple[str, Recommendation]]:
    """Every recommendation with its category, in the order of their table: the first is number 1 there."""
    return [(category, item) for category, found in by_category(desk) for item in found]


def by_priority(found: Iterable[Recommendation]) -> list[Recommendation]:
    """The recommendations, the urgent first."""
    return sorted(found, key=lambda item: _PRIORITIES.get(item.priority.value, 3) if item.priority is not None else 3)


def by_category(desk: Desk) -> Iterator[tuple[str, list[Recommendation]]]:
    """The recommendations of each category in the order of their table, in which they are numbered through."""
    for category in (*CATEGORIES, "other"):
        yield category, by_priority(item for item in desk.dossier.recommendations if _category(item) == category)


def _category(item: Recommendation) -> str:
    name = item.category.value if item.category is not None else ""
    return name if name in CATEGORIES else "other"


def _recommendations(desk: Desk) -> Iterator[Block]:
    """All of them in one table, by category; a category of the seed without any says so."""
    rows: list[Row] = []
    number = 0
    for category, found in by_category(desk):
        if not found and category == "other":
            continue
        rows.append(desk.heading(f"category_{category}"))
        if not found:
            rows.append(Row((Cell(), Cell(gap=desk.text("no_recommendation")), Cell(), Cell(), Cell())))
        for item in found:
            number += 1
            rows.append(
                Row(
                    (
                        Cell((Statement(str(number)),)),
                        desk.cell(item.other, item.text),
                        desk.cell(desk.institution(item.addressee)),
                        desk.cell(item.priority, item.horizon),
                        desk.cell(*_related(desk, item)),
                    )
                )
            )
    yield from _bars(desk)
    columns = ("number", "recommendation", "addressee", "when", "objectives")
    yield desk.table("recommendations", rows, (6, 37, 19, 16, 22), columns)


def _bars(desk: Desk) -> Iterator[Figure]:
    """How many there are of each category, by priority; a category of the seed without any is there with none."""
    found = []
    for category, own in by_category(desk):
        if own or category != "other":
            given = [item.priority.value if item.priority is not None else "" for item in own]
            counts = [given.count(priority) for priority in _PRIORITIES]
            found.append((desk.text(f"category_{category}"), (*counts, len(given) - sum(counts))))
    labels = [text(f"figures.priority_{priority}", desk.language) for priority in (*_PRIORITIES, "unsaid")]
    yield from bars(desk, "recommendations", [("", found)], tuple(labels))


def _related(desk: Desk, item: Recommendation) -> Iterator[Statement]:
    """The objectives and areas it belongs to, and what it rests on."""
    if item.objectives is not None:
        yield desk.named("of_compact", item.objectives)
    if item.areas is not None:
        yield desk.named("of_plan", item.areas)
    if item.basis is not None and "none" not in item.basis.values:
        yield desk.named("based_on", item.basis)


def _training(desk: Desk) -> Iterator[Block]:
    rows = tuple(
        Row(
            (
                desk.cell(desk.entity(item.by)),
                desk.cell(item.topics),
                desk.cell(item.text),
                desk.cell(item.level),
                desk.cell(item.staff),
            )
        )
        for item in desk.dossier.training
    )
    if not rows:
        yield desk.gap("no_training")
        return
    yield desk.table("training", rows, (20, 30, 24, 15, 11), ("entity", "topics", "details", "level", "staff"))
