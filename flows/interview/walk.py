"""What to ask next: the form's steps in the order of asking, and which of them are settled. Changes nothing.

Core questions come first, in document order, then the offer to continue with the rest, then the others, and last of
all the question that hands the answers in. A row of a repeat is asked before the next row; after the last row comes
the question whether there is another.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain

from flows.interview.form import Group, Node, Question, Repeat
from flows.interview.outline import Outline, outline_of
from flows.interview.plan import SILENT, is_layout, is_note, is_yes, placed, split_row
from flows.interview.scope import moves_others, parted, why_not
from flows.interview.sitting import Sitting
from flows.interview.state import Record
from flows.interview.step import Step, step_of

SETTLED = ("answered", "skipped", "unknown")


def steps(sitting: Sitting) -> Iterable[Step]:
    """Every relevant step in the order of asking, settled or not, up to where this interview goes now."""
    outline = own(sitting)
    if sitting.scope or not sitting.plan.has_core:
        return outline.every
    if sitting.mode == "full":
        return chain(outline.core, outline.rest, outline.last)
    if all(settled(sitting, step) for step in outline.rest):
        return chain(outline.core, outline.last)
    offer = (Step("rest", sitting.form.root.path),)
    return chain(outline.core, *((outline.last, offer) if sitting.rested else (offer, outline.last)))


def outlined(sitting: Sitting) -> Outline:
    """The relevant steps; computed once between changes."""
    if sitting.outline is None:
        root = sitting.form.root
        sitting.outline = outline_of(
            sitting.form, sitting.session, lambda: _within(sitting, root, root.path, root.path)
        )
    return sitting.outline


def own(sitting: Sitting) -> Outline:
    """The relevant steps that are asked in this seat."""
    outline = outlined(sitting)
    return parted(sitting, outline) if sitting.scope or sitting.away else outline


def _within(sitting: Sitting, group: Group, base: str, at: str) -> Iterator[tuple[Step, bool]]:
    """The steps of `group`; `base` is the path of the row around them without row numbers, `at` with them. A body may
    ask in one group what the instance keeps in another: only rows change where a question stands."""
    session, plan = sitting.session, sitting.plan
    for child in group.children:
        path = placed(child.path, base, at)
        if isinstance(child, Question):
            if child.type not in SILENT and session.relevant(path):
                yield step_of("note" if is_note(child) else "question", path), child.path in plan.core
        elif isinstance(child, Repeat):
            if not session.relevant(path):
                continue
            rows = session.rows(path)
            for number in range(1, rows + 1):
                row = f"{path}[{number}]"
                if session.relevant(row):
                    yield from _within(sitting, child, child.path, row)
            if not child.counted:
                yield step_of("repeat" if rows else "first", path), child.path in plan.entered
        elif isinstance(child, Group) and (is_layout(child) or session.relevant(path)):
            yield from _within(sitting, child, base, at)


def settled(sitting: Sitting, step: Step) -> bool:
    """Whether nothing is left to do at `step`."""
    if step.kind != "question":
        if step.kind == "note":
            return step.path in sitting.told
        return step.kind in ("repeat", "first") and step.path in sitting.closed
    path = step.path
    record = sitting.records.get(path)
    known = sitting.settled.get(path)
    if known is None or known[0] is not record:
        known = sitting.settled[path] = (record, _is_settled(sitting, path, record))
    return known[1]


def _is_settled(sitting: Sitting, path: str, record: Record | None) -> bool:
    if record is None or record.status not in SETTLED or record.mark is not None:
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
    again = next(_asked_again(sitting), None)
    if again is not None:
        return again
    records, known = sitting.records, sitting.settled
    for step in steps(sitting):
        found = known.get(step.path) if step.kind == "question" else None
        if found is not None and found[1] and found[0] is records.get(step.path):
            continue  # the same that `settled` would say, without asking: most steps of a long interview
        if not settled(sitting, step):
            return step
    return None


def _asked_again(sitting: Sitting) -> Iterator[Step]:
    """The answers asked again: before all that was never answered, but for what hands the answers in."""
    if any(record.mark is not None for record in sitting.records.values()):
        outline = own(sitting)
        yield from (step for step in chain(outline.core, outline.rest) if is_again(sitting, step))


def is_again(sitting: Sitting, step: Step) -> bool:
    """Whether the step is a question whose answer on record is asked again."""
    record = sitting.records.get(step.path)
    return step.kind == "question" and record is not None and record.mark is not None


def keeps_rested(sitting: Sitting, step: Step | None) -> bool:
    """Whether somebody who left the rest for later is at a question that takes nothing of that back."""
    return step is not None and (step.path in sitting.plan.last or is_again(sitting, step))


def reachable(sitting: Sitting, step: Step) -> bool:
    """Whether the step exists, is relevant with all that is around it, and is asked in this seat."""
    node = sitting.node(step.path)
    if node is None or not sitting.exists(step.path):
        return False
    if step.kind == "rest":
        return sitting.mode == "core" and not sitting.scope
    if step.kind == "remove":
        row = split_row(step.path)
        return isinstance(node, Repeat) and not node.counted and row is not None and not moves_others(sitting, *row)
    if why_not(sitting, step.path):
        return False
    if step.kind in ("repeat", "first"):
        if not isinstance(node, Repeat) or node.counted or not relevant(sitting, step.path):
            return False
        return (sitting.session.rows(step.path) > 0) == (step.kind == "repeat")
    return is_asked(node) and relevant(sitting, step.path)


def is_asked(node: Node | None) -> bool:
    """Whether a person can answer this node, be it only on going there on purpose."""
    return isinstance(node, Question) and node.type not in SILENT and (node.heading or not is_note(node))


def relevant(sitting: Sitting, path: str) -> bool:
    """Relevant, and so is all around it."""
    return sitting.session.relevant(path)


def before(sitting: Sitting, step: Step | None) -> Step | None:
    """The step a person would go back to from `step` (from the end, when it is None)."""
    order = list(steps(sitting))
    path = step.path if step is not None else ""
    at = next((at for at, other in enumerate(order) if other.path == path and other == step), len(order))
    earlier = (other for other in reversed(order[:at]) if other.kind not in ("note", "rest"))
    return next((other for other in earlier if settled(sitting, other)), None)


def asks_first(sitting: Sitting, repeat: Repeat) -> bool:
    """Whether the form wants "do you want to add one?" before the first row (bind attribute `optional`)."""
    return is_yes(repeat, "optional")
