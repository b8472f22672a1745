"""Going somewhere else on purpose: back, to an earlier question, to a row."""

from __future__ import annotations

from flows.interview.answering import is_elsewhere, refuse
from flows.interview.form import Question, Repeat
from flows.interview.outcome import Next
from flows.interview.plan import split_row
from flows.interview.replying import finish_parts
from flows.interview.scope import moves_others
from flows.interview.sitting import Sitting
from flows.interview.step import Step
from flows.interview.walk import before, current, is_asked, relevant


def back(sitting: Sitting) -> Next:
    step = current(sitting)
    if step is not None and step.kind == "remove":
        sitting.at = ""
        return Next.ASK
    if not finish_parts(sitting):
        return Next.ASK
    if step is not None and step.kind == "rest":
        sitting.rested = False
    earlier = before(sitting, step)
    if earlier is None:
        refuse(sitting, step.path if step else "", "at_start")
    else:
        sitting.at = earlier.key
    return Next.ASK


def edit(sitting: Sitting, path: str) -> Next:
    """Go to an earlier question, or to a repeat for one more row."""
    node = sitting.node(path)
    if not finish_parts(sitting):
        return Next.ASK
    if node is not None and is_elsewhere(sitting, path):
        return Next.ASK
    if isinstance(node, Question) and is_asked(node) and sitting.exists(path) and relevant(sitting, path):
        sitting.at = f"question:{path}"
    elif isinstance(node, Repeat) and not node.counted and split_row(path) is None and sitting.exists(path):
        if relevant(sitting, path):
            sitting.at = f"{'repeat' if sitting.session.rows(path) else 'first'}:{path}"
        else:
            refuse(sitting, path, "not_asked_now")
    else:
        refuse(sitting, path, "not_asked_now" if node is not None else "no_such_question")
    return Next.ASK


def remove(sitting: Sitting, path: str) -> Next:
    """Ask whether the row is to be removed."""
    row, node = split_row(path), sitting.node(path)
    if row is None or not isinstance(node, Repeat) or node.counted or not sitting.exists(path):
        refuse(sitting, path, "no_such_row")
    elif is_elsewhere(sitting, path):
        pass
    elif moves_others(sitting, *row):
        refuse(sitting, path, "rows_of_others")
    elif finish_parts(sitting):
        sitting.at = Step("remove", path).key
    return Next.ASK
