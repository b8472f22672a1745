"""Recommendations and practices by objective of the Global Compact, at a glance."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from flows import knowledge
from flows.country.alignment import Contributed, contributed, titled
from flows.country.draft.desk import Desk
from flows.country.guide import Block, Cell, Row, Section, Statement
from flows.country.objects import Recommendation

MARK = "*"
"""Behind what nobody tied to the objective: it is suggested."""


def section(desk: Desk, numbered: Sequence[Recommendation]) -> Iterator[Section]:
    """The alignment; none where there is neither recommendation nor practice. `numbered`: the recommendations in the
    order of their table, the first being number 1 there."""
    found = contributed(desk.dossier)
    if any(one.objectives for one in found):
        yield Section("alignment", "IV.3", desk.text("section_4_3"), tuple(_blocks(desk, numbered, found)))


def _blocks(desk: Desk, numbered: Sequence[Recommendation], found: Sequence[Contributed]) -> Iterator[Block]:
    yield desk.paragraph("alignment_intro")
    said = ((at, item.text) for at, item in enumerate(numbered, start=1) if item.text is not None)
    numbers = {(text.by, text.question, text.value): at for at, text in said}

    def number(one: Contributed) -> int:
        return numbers[one.by, one.question, one.text]

    rows = []
    for objective in knowledge.objectives():
        own = [one for one in found if objective.number in one.objectives]
        if own:
            advised = sorted((one for one in own if one.kind == "recommendation"), key=lambda one: number(one))
            shown = ", ".join(f"{number(one)}{'' if one.chosen else MARK}" for one in advised)
            cell = Cell((Statement(shown, _by(advised)),)) if advised else Cell((Statement("–"),))
            told = tuple(_practice(desk, one) for one in own if one.kind == "practice")
            rows.append(
                Row(
                    (Cell((Statement(titled(objective.number, desk.language)),)), cell, Cell(told or (Statement("–"),)))
                )
            )
    yield desk.table("alignment", rows, (36, 22, 42), ("objective", "recommendation_numbers", "practices"))
    if not all(one.chosen for one in found if one.objectives):
        yield desk.paragraph("alignment_suggested", style="note", mark=MARK)


def _by(found: Iterable[Contributed]) -> tuple[int, ...]:
    return tuple(sorted({one.by for one in found}))


def _practice(desk: Desk, one: Contributed) -> Statement:
    said = desk.free(one.text, one.language, one.by, question=one.question)
    return Statement(said.text if one.chosen else f"{said.text} {MARK}", said.sources, said.language, said.question)
