"""The figures of a guide as values: what each shows, and the same in sentences for who does not see it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from flows.country.draft.desk import Desk, lowered
from flows.country.guide import Figure, Mark
from flows.i18n import text

LONGEST_NAMES = 400
"""Letters of an answer that still names somebody; a longer one is a text, and stands in the table alone."""
MOST_ROWS = 20
"""Entities that a matrix shows one by one; where there are more, it shows their two classes."""
STATUSES = ("existing", "potential", "unknown")


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage of the policy cycle. `gap`: said where it has no lead."""

    label: str
    leads: tuple[str, ...]
    actors: tuple[str, ...]
    gap: str


# ---- the ring -----------------------------------------------------------------------------------------------------
def ring(desk: Desk, stages: Sequence[Stage]) -> Iterator[Figure]:
    """The stages of the cycle with who leads and who takes part; none where nobody does."""
    if not any(stage.leads or stage.actors for stage in stages):
        return
    marks = tuple(Mark(stage.label, names=(stage.leads, stage.actors), gap=stage.gap) for stage in stages)
    told = [sentence for number, stage in enumerate(stages, start=1) for sentence in _stage(desk, number, stage)]
    alt = _joined(_say(desk, "ring", n=len(stages)), *told, _say(desk, "ring_closes"))
    series = (_say(desk, "lead"), _say(desk, "actors"))
    yield Figure("figure-cycle", _say(desk, "caption_cycle"), alt, "ring", marks, series)


def _stage(desk: Desk, number: int, stage: Stage) -> Iterator[str]:
    if stage.leads:
        yield _say(desk, "stage_led", number=number, stage=stage.label, leads=desk.listed(stage.leads))
    else:
        yield _say(desk, "stage_without_lead", number=number, stage=stage.label, gap=stage.gap)
    if stage.actors:
        yield _say(desk, "stage_actors", actors=desk.listed(stage.actors))


def names_in(answer: str, see_table: str) -> tuple[str, ...]:
    """Who an answer names, one a line or after a semicolon; `see_table` where it is a text rather than names."""
    if len(answer) > LONGEST_NAMES:
        return (see_table,)
    parts = (part.strip(" \t•·–-*") for line in answer.splitlines() for part in line.split(";"))
    return tuple(" ".join(part.split()) for part in parts if part)


# ---- the matrix ---------------------------------------------------------------------------------------------------
Counts = tuple[int, int, int]
"""Sources that exist, that could, and of which it is not said, in one cell."""


def coverage(desk: Desk, columns: Sequence[str], rows: Iterable[Mark], totals: Sequence[Counts]) -> Iterator[Figure]:
    """Which entity, or class of entities, has sources for which domain. `columns`: labels of the domains; `totals`: the
    sources of each, however many entities describe them. None where there is no source."""
    if not any(map(sum, totals)):
        return
    found = tuple(rows)
    told = [sentence for mark in found if not mark.heads for sentence in _row(desk, "row", columns, mark)]
    every = Mark(_say(desk, "all_sources"), tuple(totals))
    told += _row(desk, "row_all", columns, every)
    without = [column for column, counts in zip(columns, totals, strict=True) if not sum(counts)]
    if without:
        told.append(_say(desk, "no_source_for", domains=desk.listed(without)))
    series = _used(desk, [*found, every])
    yield Figure(
        "figure-coverage",
        _say(desk, "caption_coverage"),
        _joined(_say(desk, "matrix"), *told),
        "matrix",
        (*found, every),
        series,
        tuple(columns),
    )


def _used(desk: Desk, marks: Iterable[Mark]) -> tuple[str, ...]:
    """What is counted; what is not said is named only where there is any."""
    unknown = any(counts[-1] for mark in marks for counts in mark.values)
    return tuple(_say(desk, f"status_{status}") for status in (STATUSES if unknown else STATUSES[:-1]))


def _row(desk: Desk, key: str, columns: Sequence[str], mark: Mark) -> Iterator[str]:
    cells = [
        _say(desk, f"cell_{status}", n=count, domain=column)
        for column, counts in zip(columns, mark.values, strict=True)
        for status, count in zip(STATUSES, counts, strict=True)
        if count
    ]
    if cells:
        yield _say(desk, key, name=mark.label, cells=desk.listed(cells))
    else:
        yield _say(desk, "row_none", name=mark.label)


# ---- bars ---------------------------------------------------------------------------------------------------------
Bar = tuple[str, tuple[int, ...]]
"""A label, and the number of each series."""


def bars(
    desk: Desk, name: str, groups: Sequence[tuple[str, Sequence[Bar]]], series: tuple[str, ...] = ()
) -> Iterator[Figure]:
    """Bars in groups, each under its heading ("" for none), in parts where there are several `series`; none where all
    are zero. The caption and the first sentence are those of `name`."""
    if not any(sum(counts) for _, own in groups for _, counts in own):
        return
    marks: list[Mark] = []
    told: list[str] = []
    for heading, own in groups:
        marks += [Mark(heading, heads=True)] if heading else []
        marks += [Mark(label, (counts,)) for label, counts in own]
        listed = desk.listed(_bar(desk, label, counts, series) for label, counts in own)
        told.append(_say(desk, "bars_of", heading=heading, bars=listed) if heading else _say(desk, "bars", bars=listed))
    alt = _joined(_say(desk, f"bars_{name}"), *told)
    yield Figure(f"figure-{name}", _say(desk, f"caption_{name}"), alt, "bars", tuple(marks), series)


def _bar(desk: Desk, label: str, counts: tuple[int, ...], series: tuple[str, ...]) -> str:
    there = [(name, count) for name, count in zip(series, counts, strict=False) if count]
    parts = [_say(desk, "part", name=lowered(name), number=count) for name, count in there]
    if len(series) > 1 and parts:
        return _say(desk, "bar_parts", name=label, number=sum(counts), parts=", ".join(parts))
    return _say(desk, "bar", name=label, number=sum(counts))


def participation(desk: Desk) -> Iterator[Figure]:
    """How many entities were invited, answered, and were accepted; none where that is not known."""
    found = desk.dossier.participation
    if found is not None:
        series = tuple(_say(desk, f"class_{one}") for one in ("gov", "other"))
        own = [(_say(desk, f"entities_{name}"), getattr(found, name)) for name in ("invited", "answered", "accepted")]
        yield from bars(desk, "participation", [("", own)], series)


def _say(desk: Desk, key: str, /, n: int | None = None, **values: object) -> str:
    return text(f"figures.{key}", desk.language, n, **values)


def _joined(*sentences: str) -> str:
    return " ".join(sentences)
