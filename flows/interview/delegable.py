"""What of an interview may be given to a colleague now: the question put, whole sections, or all that is left.

A part is as few paths as possible. A repeat is given whole, its rows come and go in one hand; only the single question
put may lie in a row. What one person alone can say, and what hands the answers in, is given to nobody.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from flows.interview.form import Form, Group, Node, Question, Repeat
from flows.interview.interview import awake
from flows.interview.logic import Session
from flows.interview.outline import keep_settled
from flows.interview.plan import SILENT, bare, is_layout, is_note, nodes_in
from flows.interview.scope import label_of, overlap, why_not, within
from flows.interview.sitting import Sitting
from flows.interview.state import Interview
from flows.interview.step import Step, step_of
from flows.interview.walk import SETTLED, current, is_asked, outlined, reachable, settled

Stays = Callable[[Node], bool]  # whether a question or a repeat stays with the official


@dataclass(frozen=True, slots=True)
class Part:
    """What may be given: `scope` for `lend`, what it is called, and how many of its questions are open. `name` is that
    of the section's group."""

    scope: tuple[str, ...]
    label: str
    open: int
    name: str = ""


@dataclass(frozen=True, slots=True)
class Delegable:
    """`sections`: with something open. `rest`: all that is open, but for what only the official answers."""

    question: Part | None
    sections: tuple[Part, ...]
    rest: Part | None


def delegable(form: Form, interview: Interview, *, now: datetime, session: Session | None = None) -> Delegable:
    """What may be given to a colleague now; nothing by a colleague. Changes nothing."""
    live = awake(form, interview, now, session)
    sitting = Sitting.open(form, interview, live, now)
    if sitting.scope:
        return Delegable(None, (), None)
    found = Delegable(_question(sitting), _sections(sitting), _rest(sitting))
    keep_settled(live, interview.records, outlined(sitting), sitting.settled)
    return found


def widened(sitting: Sitting, scope: Iterable[str]) -> tuple[str, ...]:
    """`scope` as it can be given: what lies in a row stands for its whole repeat, unless it is a single question.
    Empty where there is nothing to give."""
    paths = tuple(dict.fromkeys(scope))
    if not is_one_question(sitting.form, paths) or not sitting.exists(paths[0]):
        inside = (path for part in paths for path in _whole(sitting, part))
        paths = tuple(dict.fromkeys(_repeat_around(sitting.form, path) for path in inside))
    paths = tuple(path for path in paths if not within(path, [other for other in paths if other != path]))
    return paths if all(_is_given(sitting, path) for path in paths) else ()


def is_one_question(form: Form, scope: tuple[str, ...]) -> bool:
    """Whether it is a single question, be it in a row, with the one that asks "which other?"."""
    if not scope or not is_asked(form.nodes.get(bare(scope[0]))):
        return False
    return all(path == f"{scope[0]}_other" for path in scope[1:])


# ---- the three kinds ----------------------------------------------------------------------------------------------
def _question(sitting: Sitting) -> Part | None:
    put = Step.from_key(sitting.put)
    step = put if put.kind == "question" and reachable(sitting, put) else current(sitting)
    if step is None or step.kind != "question" or _is_personal(sitting, step.path) or why_not(sitting, step.path):
        return None
    other = f"{step.path}_other"
    scope = (step.path, other) if sitting.question(other) is not None else (step.path,)
    return Part(scope, label_of(sitting, step.path), int(not settled(sitting, step)))


def _sections(sitting: Sitting) -> tuple[Part, ...]:
    found = []
    for section in sitting.plan.sections:
        scope = _paths(sitting, section, lambda node: overlap((node.path,), sitting.away))[0]
        if _open(sitting, scope):
            found.append(Part(scope, label_of(sitting, section.path), _questions(sitting, scope), section.name))
    return tuple(found)


def _rest(sitting: Sitting) -> Part | None:
    def stays(node: Node) -> bool:
        return overlap((node.path,), sitting.away) or _is_finished(sitting, node)

    scope = tuple(path for child in sitting.form.root.children for path in _paths(sitting, child, stays)[0])
    return Part(scope, "", _questions(sitting, scope)) if _open(sitting, scope) else None


def _is_finished(sitting: Sitting, node: Node) -> bool:
    """Whether nothing is left to do there; what was answered and is not relevant now stays answered."""
    if isinstance(node, Repeat):
        inside = [step for step in outlined(sitting).every if within(step.path, (node.path,))]
        if inside:
            return all(settled(sitting, step) for step in inside)
        return any(record.status and within(path, (node.path,)) for path, record in sitting.records.items())
    record = sitting.records.get(node.path)
    if record is None or record.status not in SETTLED:
        return False
    return not sitting.session.relevant(node.path) or settled(sitting, step_of("question", node.path))


def _open(sitting: Sitting, scope: tuple[str, ...]) -> list[Step]:
    """What is left to do in `scope`."""
    steps = (step for step in outlined(sitting).every if step.kind != "note" and within(step.path, scope))
    return [step for step in steps if not _is_personal(sitting, step.path) and not settled(sitting, step)]


def _questions(sitting: Sitting, scope: tuple[str, ...]) -> int:
    return sum(step.kind == "question" for step in _open(sitting, scope))


# ---- paths --------------------------------------------------------------------------------------------------------
def _paths(sitting: Sitting, node: Node, stays: Stays) -> tuple[tuple[str, ...], bool]:
    """The paths that stand for what is in `node` but for what stays, and whether nothing stays."""
    if isinstance(node, Question):
        if node.type in SILENT or is_note(node) or node.path in sitting.plan.personal:
            return (), True
        return ((), False) if stays(node) else ((node.path,), True)
    if not isinstance(node, Group):
        return (), True
    if not _is_given(sitting, node.path):
        return (), True
    if isinstance(node, Repeat):
        return ((), False) if stays(node) else ((node.path,), True)
    found = [_paths(sitting, child, stays) for child in node.children]
    paths, whole = tuple(path for inside, _ in found for path in inside), all(whole for _, whole in found)
    return ((node.path,), True) if whole and _is_covering(sitting.form, node) else (paths, whole)


def _whole(sitting: Sitting, path: str) -> tuple[str, ...]:
    node = sitting.node(path)
    return _paths(sitting, node, lambda _: False)[0] if isinstance(node, Group) else (path,)


def _is_covering(form: Form, group: Group) -> bool:
    """Whether the group's path stands for just what is asked in it: a body may ask in one group what the instance
    keeps in another."""
    if is_layout(group):
        return False
    inside = {node.path for node in nodes_in(group)} - {group.path}
    under = {path for path in form.nodes if path.startswith(f"{group.path}/")}
    return all("/~" in path for path in inside ^ under)


def _repeat_around(form: Form, path: str) -> str:
    """The outermost repeat that `path` lies in or is, or `path`."""
    plain = bare(path)
    parts = plain.split("/")
    around = ("/".join(parts[:end]) for end in range(2, len(parts) + 1))
    return next((at for at in around if isinstance(form.nodes.get(at), Repeat)), path)


def _is_personal(sitting: Sitting, path: str) -> bool:
    return bare(path) in sitting.plan.personal


def _is_given(sitting: Sitting, path: str) -> bool:
    """Whether there is anything at `path` that a colleague may be asked."""
    node = sitting.node(path)
    if isinstance(node, Group):
        return any(is_asked(one) and one.path not in sitting.plan.personal for one in nodes_in(node))
    return is_asked(node) and not _is_personal(sitting, path)
