"""Where an interview stands, for the line above a question: the section, and how far this pass is."""

from __future__ import annotations

from flows.interview.events import Pass, Place
from flows.interview.plan import bare
from flows.interview.scope import with_colleagues
from flows.interview.sitting import Sitting
from flows.interview.step import Step
from flows.interview.walk import outlined, own, settled


def place(sitting: Sitting, step: Step | None) -> Place | None:
    """Section and progress at `step`. A form with a core counts its two passes apart, each with what hands the
    answers in: the total stays calm, and the end of the core is in sight while the rest is not yet begun."""
    if step is None or step.kind in ("rest", "remove"):
        return None
    plan, outline = sitting.plan, own(sitting)
    sections = [number for number, group in enumerate(plan.sections) if sitting.session.relevant(group.path)]
    mine = plan.section_of.get(bare(step.path))
    phase = _pass(sitting, step)
    counted = outline.every if not phase else (*(outline.core if phase == "core" else outline.rest), *outline.last)
    questions = [other for other in counted if other.kind == "question"]
    total = len(questions)
    done = sum(settled(sitting, other) for other in questions if other.path in sitting.records)
    away = sum(not settled(sitting, other) for other in with_colleagues(sitting, outlined(sitting)))
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
