"""Where an interview stands: for the line above a question the section and how far this pass is, and every section."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from flows.interview.events import Pass, Place
from flows.interview.plan import bare
from flows.interview.scope import with_colleagues
from flows.interview.sitting import Sitting
from flows.interview.step import Step
from flows.interview.tally import CORE, KINDS, LAST, LAST_CORE, REST, tally
from flows.interview.walk import outlined, own, settled

SectionState = Literal["untouched", "begun", "done"]
_COUNTED: Mapping[Pass, Sequence[int]] = {
    "": range(KINDS),
    "core": (CORE, LAST_CORE, LAST),
    "rest": (REST, LAST_CORE, LAST),
}


def place(sitting: Sitting, step: Step | None) -> Place | None:
    """Section and progress at `step`. A form with a core counts its two passes apart, each with what hands the
    answers in: the total stays calm, and the end of the core is in sight while the rest is not yet begun."""
    if step is None or step.kind in ("rest", "remove"):
        return None
    plan = sitting.plan
    sections = [number for number, group in enumerate(plan.sections) if sitting.session.relevant(group.path)]
    mine = plan.section_of.get(bare(step.path))
    phase = _pass(sitting, step)
    counted = tally(sitting, own(sitting))
    done, total = counted.settled(_COUNTED[phase]), counted.total(_COUNTED[phase])
    others = with_colleagues(sitting, outlined(sitting)) if not sitting.scope else ()
    away = sum(not settled(sitting, other) for other in others)
    if len(sections) == 1 < len(plan.sections) and not sitting.scope:
        done = total = 0  # the rest opens with the answers given here: too early to count
    if mine is None or mine not in sections:
        return Place("", 0, len(sections), done, total, phase, away)
    title = sitting.title(plan.sections[mine].path)
    return Place(title, sections.index(mine) + 1, len(sections), done, total, phase, away)


def _pass(sitting: Sitting, step: Step) -> Pass:
    """The pass that `step` belongs to; what hands the answers in belongs to the one that leads to it."""
    plan, path = sitting.plan, bare(step.path)
    if sitting.scope or not plan.has_core:
        return ""
    if path in plan.last:
        return "core" if sitting.mode == "core" else "rest"
    return "core" if path in plan.core or path in plan.entered else "rest"


# ---- section by section -------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class SectionProgress:
    """How far one section is, whoever is asked: its relevant questions, core and rest. `name` is the group's ("" for
    questions outside every group).

    `done` of `total` are answered or left on purpose, of these `skipped` left; of those open, `away` are with
    colleagues and `core` belong to the core. `rows`: open questions whether there is another row.
    """

    name: str
    done: int
    total: int
    skipped: int = 0
    away: int = 0
    core: int = 0
    rows: int = 0

    @property
    def state(self) -> SectionState:
        if self.done == self.total and not self.rows:
            return "done"
        return "begun" if self.done else "untouched"

    def to_json(self) -> list[int]:
        """`[done, total, skipped, away, core, rows]`, without the zeros at its end."""
        row = [self.done, self.total, self.skipped, self.away, self.core, self.rows]
        while len(row) > 2 and not row[-1]:
            row.pop()
        return row


def sections_to_json(sections: Sequence[SectionProgress]) -> dict[str, list[int]]:
    """By name, in the order of asking: `{"welcome": [2, 2], "sources": [3, 21, 1, 0, 4, 1]}`."""
    return {section.name: section.to_json() for section in sections}


def sections_from_json(stored: Mapping[str, Sequence[int]]) -> tuple[SectionProgress, ...]:
    """What `sections_to_json` gave."""
    return tuple(SectionProgress(name, *row) for name, row in stored.items())


def by_section(sitting: Sitting) -> tuple[SectionProgress, ...]:
    """Every section with something to ask now, in the form's order; cheap enough for every turn."""
    counted = tally(sitting, outlined(sitting))
    of, totals = counted.counts.of, counted.counts.totals
    names = [*(group.name for group in sitting.plan.sections), ""]
    rows: list[int | None] = [None] * len(names)
    for path, at in counted.counts.rows:
        rows[at] = (rows[at] or 0) + (path not in sitting.closed)
    away = [0] * len(names)
    for step in with_colleagues(sitting, outlined(sitting)):
        away[of[step.path] // KINDS] += not settled(sitting, step)
    found = []
    for at, name in enumerate(names):
        first, end = at * KINDS, (at + 1) * KINDS
        total, done = totals[first:end], counted.done[first:end]
        if any(total) or rows[at] is not None:
            core = total[CORE] + total[LAST_CORE] - done[CORE] - done[LAST_CORE]
            skipped = sum(counted.skipped[first:end])
            found.append(SectionProgress(name, sum(done), sum(total), skipped, away[at], core, rows[at] or 0))
    return tuple(found)
