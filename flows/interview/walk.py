"""What to ask next: the form's steps in the order of asking, and which of them are settled. Changes nothing.

Core questions come first, in document order, then the offer to continue with the rest, then the others, and last of
all the question that hands the answers in. A row of a repeat is asked before the next row; after the last row comes
the question whether there is another.
"""

from __future__ import annotations

from collections.abc import Iterator

from flows.interview.events import Place
from flows.interview.form import Group, Node, Question, Repeat
from flows.interview.plan import SILENT, bare, is_layout, is_note, is_yes, placed
from flows.interview.sitting import Sitting
from flows.interview.step import Step

SETTLED = ("answered", "skipped", "unknown")


def steps(sitting: Sitting) -> Iterator[Step]:
    """Every relevant step in the order of asking, settled or not, up to where this interview goes now."""
    outline = outlined(sitting)
    if not sitting.plan.has_core:
        yield from (step for step, _ in outline)
        return
    last = sitting.plan.last
    yield from (step for step, core in outline if core and step.path not in last)
    rest = [step for step, core in outline if not core and step.path not in last]
    offered = sitting.mode == "core" and any(not settled(sitting, step) for step in rest)
    if sitting.mode == "full":
        yield from rest
    elif offered and not sitting.rested:
        yield Step("rest", sitting.form.root.path)
    yield from (step for step, _ in outline if step.path in last)
    if offered and sitting.rested:
        yield Step("rest", sitting.form.root.path)


def outlined(sitting: Sitting) -> list[tuple[Step, bool]]:
    """Every relevant step in document order, and whether it belongs to the core; computed once between changes."""
    if sitting.outline is None:
        root = sitting.form.root
        sitting.outline = list(_within(sitting, root, root.path, root.path))
    return sitting.outline


def _within(sitting: Sitting, group: Group, base: str, at: str) -> Iterator[tuple[Step, bool]]:
    """The steps of `group`; `base` is the path of the row around them without row numbers, `at` with them. A body may
    ask in one group what the instance keeps in another: only rows change where a question stands."""
    session, plan = sitting.session, sitting.plan
    for child in group.children:
        path = placed(child.path, base, at)
        if isinstance(child, Question):
            if child.type not in SILENT and session.relevant(path):
                yield Step("note" if is_note(child) else "question", path), child.path in plan.core
        elif isinstance(child, Repeat):
            if not session.relevant(path):
                continue
            rows = session.rows(path)
            for number in range(1, rows + 1):
                row = f"{path}[{number}]"
                if session.relevant(row):
                    yield from _within(sitting, child, child.path, row)
            if not child.counted:
                yield Step("repeat" if rows else "first", path), child.path in plan.entered
        elif isinstance(child, Group) and (is_layout(child) or session.relevant(path)):
            yield from _within(sitting, child, base, at)


def settled(sitting: Sitting, step: Step) -> bool:
    """Whether nothing is left to do at `step`."""
    if step.kind == "note":
        return step.path in sitting.told
    if step.kind in ("repeat", "first"):
        return step.path in sitting.closed
    if step.kind != "question":
        return False
    known = sitting.settled.get(step.path)
    if known is None:
        known = sitting.settled[step.path] = _is_settled(sitting, step.path)
    return known


def _is_settled(sitting: Sitting, path: str) -> bool:
    record = sitting.records.get(path)
    if record is None or record.status not in SETTLED:
        return False
    session = sitting.session
    if record.status == "answered":
        return session.value(path) != "" and session.valid(path)
    return session.value(path) == "" and not session.required(path)


def current(sitting: Sitting) -> Step | None:
    """The step whose turn it is: the one gone to on purpose while it stands, or the first that is not settled."""
    if sitting.at:
        step = Step.from_key(sitting.at)
        if reachable(sitting, step):
            return step
    return next((step for step in steps(sitting) if not settled(sitting, step)), None)


def reachable(sitting: Sitting, step: Step) -> bool:
    """Whether the step exists and is relevant, with all that is around it."""
    node = sitting.node(step.path)
    if node is None or not sitting.exists(step.path):
        return False
    if step.kind == "rest":
        return sitting.mode == "core"
    if step.kind == "remove":
        return isinstance(node, Repeat) and not node.counted
    if step.kind in ("repeat", "first"):
        if not isinstance(node, Repeat) or node.counted or not relevant(sitting, step.path):
            return False
        return (sitting.session.rows(step.path) > 0) == (step.kind == "repeat")
    return is_asked(node) and relevant(sitting, step.path)


def is_asked(node: Node | None) -> bool:
    """Whether a person answers this node."""
    return isinstance(node, Question) and node.type not in SILENT and not is_note(node)


def relevant(sitting: Sitting, path: str) -> bool:
    """Relevant, and so is all around it."""
    return sitting.session.relevant(path)


def before(sitting: Sitting, step: Step | None) -> Step | None:
    """The step a person would go back to from `step` (from the end, when it is None)."""
    last: Step | None = None
    for other in steps(sitting):
        if step is not None and other == step:
            return last
        if other.kind != "note" and other.kind != "rest" and settled(sitting, other):
            last = other
    return last


def place(sitting: Sitting, step: Step | None) -> Place | None:
    """Section and progress at `step`."""
    if step is None or step.kind in ("rest", "remove"):
        return None
    plan = sitting.plan
    sections = [number for number, group in enumerate(plan.sections) if sitting.session.relevant(group.path)]
    mine = plan.section_of.get(bare(step.path))
    done = total = 0
    for other in steps(sitting):
        if other.kind == "question":
            total += 1
            done += settled(sitting, other)
    if len(sections) == 1 < len(plan.sections):
        done = total = 0  # the rest opens with the answers given here: too early to count
    if mine is None or mine not in sections:
        return Place("", 0, len(sections), done, total)
    return Place(sitting.title(plan.sections[mine].path), sections.index(mine) + 1, len(sections), done, total)


def asks_first(sitting: Sitting, repeat: Repeat) -> bool:
    """Whether the form wants "do you want to add one?" before the first row (bind attribute `optional`)."""
    return is_yes(repeat, "optional")
