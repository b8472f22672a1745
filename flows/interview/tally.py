"""How many questions are settled, counted at each turn: by section, and by whether they are core, rest or last."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from flows.interview.logic import Session
from flows.interview.outline import Outline
from flows.interview.plan import Plan, bare
from flows.interview.sitting import Sitting
from flows.interview.step import step_of
from flows.interview.walk import settled

CORE, REST, LAST_CORE, LAST = range(4)  # kinds of questions: of the core or not, and whether they hand the answers in
KINDS = 4


@dataclass(frozen=True, slots=True)
class Counts:
    """What follows from the relevant steps alone. A place in a list is `section * KINDS + kind`; the section after the
    form's own is of what lies outside them. `rows`: where it is asked whether there is another row."""

    of: Mapping[str, int]
    totals: tuple[int, ...]
    rows: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Tally:
    """`done` and, of these, `skipped`: lists as those of `Counts`."""

    counts: Counts
    done: list[int]
    skipped: list[int]

    def settled(self, kinds: Iterable[int]) -> int:
        return sum(sum(self.done[kind::KINDS]) for kind in kinds)

    def total(self, kinds: Iterable[int]) -> int:
        return sum(sum(self.counts.totals[kind::KINDS]) for kind in kinds)


_counts: WeakKeyDictionary[Session, dict[int, tuple[Outline, Counts]]] = WeakKeyDictionary()
_KEPT = 8  # outlines of a session: its own, and those of its seats


def tally(sitting: Sitting, outline: Outline) -> Tally:
    """Count the questions of `outline` that are settled now."""
    counts = _counts_of(sitting.session, sitting.plan, outline)
    done, skipped = [0] * len(counts.totals), [0] * len(counts.totals)
    of, known = counts.of, sitting.settled
    for path, record in sitting.records.items():
        at = of.get(path)
        if at is None:
            continue
        judged = known.get(path)
        if judged is None or judged[0] is not record:
            if not settled(sitting, step_of("question", path)):
                continue
        elif not judged[1]:
            continue
        done[at] += 1
        if record.status != "answered":
            skipped[at] += 1
    return Tally(counts, done, skipped)


def _counts_of(session: Session, plan: Plan, outline: Outline) -> Counts:
    kept = _counts.setdefault(session, {})
    known = kept.get(id(outline))
    if known is not None and known[0] is outline:
        return known[1]
    outside = len(plan.sections)
    of: dict[str, int] = {}
    totals = [0] * ((outside + 1) * KINDS)
    rows: list[tuple[str, int]] = []
    for step in outline.every:
        plain = bare(step.path)
        section = plan.section_of.get(plain, outside)
        if step.kind == "question":
            at = section * KINDS + (LAST_CORE if plain in plan.last else CORE) + (plain not in plan.core)
            of[step.path] = at
            totals[at] += 1
        elif step.kind != "note":
            rows.append((step.path, section))
    if len(kept) >= _KEPT:
        kept.clear()
    counts = Counts(of, tuple(totals), tuple(rows))
    kept[id(outline)] = (outline, counts)
    return counts
