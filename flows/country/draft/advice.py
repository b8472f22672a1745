"""Section IV: recommendations by category, and training needs."""

from __future__ import annotations

from collections.abc import Iterator

from flows.country.completeness import CATEGORIES
from flows.country.draft.desk import Desk
from flows.country.guide import Block, Row, Section, Statement
from flows.country.objects import Recommendation

_PRIORITIES = {"high": 0, "medium": 1, "low": 2}


def section(desk: Desk) -> Section:
    """IV. Recommendations."""
    parts = [
        Section(f"advice_{category}", f"IV.{number}", desk.text(f"section_4_{category}"), tuple(_table(desk, category)))
        for number, category in enumerate(CATEGORIES, start=1)
    ]
    others = [item for item in desk.dossier.recommendations if _category(item) not in CATEGORIES]
    if others:
        number = f"IV.{len(parts) + 1}"
        parts.append(Section("advice_other", number, desk.text("section_4_other"), tuple(_table(desk, ""))))
    number = f"IV.{len(parts) + 1}"
    parts.append(Section("training", number, desk.text("section_4_training_needs"), tuple(_training(desk))))
    return Section("advice", "IV", desk.text("section_4"), (desk.paragraph("intro_4"),), tuple(parts))


def _category(item: Recommendation) -> str:
    return item.category.value if item.category is not None else ""


def _table(desk: Desk, category: str) -> Iterator[Block]:
    """The recommendations of a category, those of highest priority first; "" stands for all other categories."""
    found = [
        item
        for item in desk.dossier.recommendations
        if (_category(item) == category if category else _category(item) not in CATEGORIES)
    ]
    if not found:
        yield desk.gap("no_recommendation")
        return
    found.sort(key=lambda item: _PRIORITIES.get(item.priority.value, 3) if item.priority is not None else 3)
    rows = (
        Row(
            (
                desk.cell(item.other, item.text),
                desk.cell(item.addressee),
                desk.cell(item.priority),
                desk.cell(item.horizon),
                desk.cell(*_related(desk, item)),
            )
        )
        for item in found
    )
    columns = ("recommendation", "addressee", "priority", "horizon", "objectives")
    yield desk.table(f"advice_{category or 'other'}", rows, (34, 19, 12, 13, 22), columns)


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
    yield desk.table("training", rows, (24, 28, 26, 12, 10), ("entity", "topics", "details", "level", "staff"))
