"""Putting the current step: notes on the way, the question with all that a channel needs to show it, or the end."""

from __future__ import annotations

from collections.abc import Container

from flows.interview.events import Asked, Awaited, Completed, CoreDone, Refused, Told
from flows.interview.form import Question, QuestionType, Repeat
from flows.interview.plan import bare, is_yes, rows_around
from flows.interview.progress import place
from flows.interview.scope import labels, moves_others, with_colleagues
from flows.interview.sitting import FILES, SELECTS, Sitting
from flows.interview.step import Step
from flows.interview.walk import SETTLED, asks_first, before, current, keeps_rested, outlined, own, settled, steps

SUBMIT = "submit"  # bind attribute `role` of the question that hands the answers in
HAND_IN = "hand_in"  # why that one is asked again


def ask(sitting: Sitting, *, refreshed: bool = False) -> None:
    """Say what comes next. `refreshed`: the same question is shown again in place, its ticks changed."""
    step = current(sitting)
    while step is not None and step.kind == "note":
        tell(sitting, step)
        step = current(sitting)
    if step is None:
        if sitting.away and not sitting.scope:
            _await(sitting)
        else:
            _complete(sitting)
        return
    sitting.completed = False
    if step.kind == "rest" and sitting.rested:
        _move(sitting, "")
        left = len(unanswered(sitting))
        if sitting.away:
            _await(sitting, left)
            return
        sitting.say(CoreDone(left, token_of(sitting)))
        return
    sitting.rested = sitting.rested and keeps_rested(sitting, step)
    if step.key != sitting.put:
        _move(sitting, step.key)
        _say_what_is_wrong(sitting, step)
    if step.kind == "question" and not refreshed:
        sitting.put_revision = revision_of(sitting, step.path)
    sitting.say(_asked(sitting, step, refreshed))


def tell(sitting: Sitting, step: Step) -> None:
    """Show a note."""
    sitting.told.add(step.path)
    label, hint = sitting.title(step.path), sitting.hint(step.path)
    node = sitting.node(step.path)
    if isinstance(node, Question) and node.type is not QuestionType.NOTE:
        label = "\n".join(text for text in (label, sitting.display(step.path)) if text)
    if label or hint:
        sitting.say(Told(step.path, label, hint))


def unanswered(sitting: Sitting) -> list[Step]:
    """The questions left beyond the core."""
    return [step for step in own(sitting).every if step.kind == "question" and not settled(sitting, step)]


def token_of(sitting: Sitting) -> str:
    """What the buttons of the question now put carry."""
    digits, number = "", sitting.token
    while True:
        number, digit = divmod(number, 36)
        digits = "0123456789abcdefghijklmnopqrstuvwxyz"[digit] + digits
        if not number:
            return digits


def needed(sitting: Sitting, path: str) -> bool:
    """Whether the question refuses to be left out: `required`, or the bind attribute `must`."""
    node = sitting.node(path)
    return sitting.session.required(path) or (node is not None and is_yes(node, "must"))


def is_long(question: Question) -> bool:
    """Whether several messages make one answer."""
    if question.type is not QuestionType.TEXT:
        return False
    rows = question.parameters.get("rows", "1")
    return "multiline" in question.appearance or is_yes(question, "long") or (rows.isdecimal() and rows not in "01")


def ticked(sitting: Sitting, path: str) -> list[str]:
    """What is ticked (or ranked) so far: this turn's work, or the answer on record."""
    names = [choice.name for choice in sitting.choices(path)]
    so_far = sitting.session.value(path).split() if sitting.ticks is None else sitting.ticks
    return [name for name in so_far if name in names]


def is_untouched_first_row(sitting: Sitting, path: str) -> tuple[str, int] | None:
    """The row of `path` when nothing in it is answered yet, it is the only one, and its repeat may stay empty."""
    for repeat, number in reversed(rows_around(path)):
        node = sitting.node(repeat)
        if isinstance(node, Repeat) and not node.counted:
            inside = f"{repeat}[{number}]/"
            only = sitting.session.rows(repeat) == 1 and not moves_others(sitting, repeat, number)
            if only and not any(r.status and p.startswith(inside) for p, r in sitting.records.items()):
                return repeat, number
        return None
    return None


def drop_optional_rows(sitting: Sitting, under: str, but: Container[str] = ()) -> None:
    """Empty the repeats that want to be offered before their first row (bind attribute `optional`), `but` some."""
    for node in sitting.form.walk():
        if not isinstance(node, Repeat) or node.counted or node.path in but or not asks_first(sitting, node):
            continue
        if not node.path.startswith(bare(under) + "/"):
            continue
        path = under + node.path[len(bare(under)) :]
        if sitting.exists(path) and sitting.session.rows(path) == 1:
            sitting.session.remove_row(path, 1)


def _move(sitting: Sitting, key: str) -> None:
    if key != sitting.put or not key:
        sitting.put = key
        sitting.token += 1
        sitting.parts.clear()
        sitting.ticks = None
        sitting.offers = ()
        sitting.refused_message = ""


def _say_what_is_wrong(sitting: Sitting, step: Step) -> None:
    """An answer given earlier that another answer made wrong is asked again, with the reason."""
    record = sitting.records.get(step.path)
    if step.kind != "question" or step.key == sitting.at or record is None or record.status != "answered":
        return
    session = sitting.session
    if session.value(step.path) and not session.valid(step.path):
        message = session.constraint_message(step.path, sitting.language)
        sitting.say(Refused(step.path, "no_longer_valid", {}, message, (), token_of(sitting)))


def revision_of(sitting: Sitting, path: str) -> int:
    """Which answer is on record at `path`, counted from 1; 0: none."""
    record = sitting.records.get(path)
    return record.revision + 1 if record is not None and record.status in SETTLED else 0


def _await(sitting: Sitting, rest: int = 0) -> None:
    if sitting.put:
        _move(sitting, "")
    sitting.completed = False
    left = sum(not settled(sitting, step) for step in with_colleagues(sitting, outlined(sitting)))
    sitting.say(Awaited(labels(sitting, sitting.away), left, token_of(sitting), rest))


def _complete(sitting: Sitting) -> None:
    if sitting.put or not sitting.completed:
        _move(sitting, "")
    sitting.completed = True
    counts = dict.fromkeys(SETTLED, 0)
    for step in steps(sitting):
        if step.kind == "question":
            counts[sitting.records[step.path].status] += 1
    token, scoped = token_of(sitting), bool(sitting.scope)
    sitting.say(Completed(counts["answered"], counts["skipped"], counts["unknown"], token, scoped))


def _asked(sitting: Sitting, step: Step, refreshed: bool) -> Asked:
    node = sitting.node(step.path)
    back = ("back",) if before(sitting, step) is not None else ()
    if step.kind != "question" or not isinstance(node, Question):
        rows = sitting.session.rows(step.path) if isinstance(node, Repeat) and step.kind != "remove" else 0
        return Asked(
            step.path,
            step.kind,
            sitting.label(step.path) if step.kind != "rest" else sitting.form.title,
            place=place(sitting, step),
            row_label=sitting.row_label(step.path),
            token=token_of(sitting),
            controls=back,
            rows=rows,
        )
    path, has_value = step.path, sitting.session.value(step.path) != ""
    required = needed(sitting, path)
    controls: list[str] = []
    long = is_long(node)
    chosen = tuple(ticked(sitting, path)) if node.type in SELECTS - {QuestionType.SELECT_ONE} else ()
    choices = sitting.choices(path) if node.type in SELECTS else ()
    if (node.type is QuestionType.SELECT_MULTIPLE and choices) or (long and sitting.parts):
        controls.append("done")
    if (node.type is QuestionType.RANK and chosen) or (long and sitting.parts):
        controls.append("undo")
    record = sitting.records.get(path)
    mark = record.mark if record is not None else None
    hands_in = node.attributes.get("role") == SUBMIT
    if has_value or (record is not None and record.status in SETTLED and not required):
        controls += [] if mark and hands_in else ["keep"]
    if is_untouched_first_row(sitting, path):
        controls.append("none")
    if hands_in:
        controls.append("review")
    controls.extend(back)
    if not required:
        controls += [] if mark and has_value else ["skip"]
        controls += [] if is_known(node) else ["unknown"]
    if has_help(sitting, node, path):
        controls.append("help")
    parameters = dict(node.parameters)
    if node.type in FILES and takes_links(node):
        parameters["link"] = "yes"
    if kind := node.attributes.get("kind"):
        parameters["kind"] = kind
    return Asked(
        path,
        str(node.type),
        sitting.label(path),
        hint=sitting.hint(path),
        guidance=sitting.guidance(path),
        choices=choices,
        chosen=chosen,
        current=sitting.display(path),
        required=required,
        place=place(sitting, step),
        row_label=sitting.row_label(path),
        token=token_of(sitting),
        parameters=parameters,
        controls=tuple(controls),
        long=long,
        refreshed=refreshed,
        confidential=sitting.confidential(path),
        again="" if mark is None else HAND_IN if hands_in else mark.why,
        note="" if mark is None else mark.note,
        was="" if mark is None else mark.was,
        status=record.status if record is not None else "",
    )


def has_help(sitting: Sitting, question: Question, path: str) -> bool:
    """Whether there is more to say than the hint already shown."""
    return bool(sitting.guidance(path) or question.attributes.get("glossary"))


def is_known(question: Question) -> bool:
    """Whether the person is sure to know (a file to send, their own name: bind attribute `known`), so that no button
    offers "I do not know"; the command is taken all the same."""
    return question.type in FILES or is_yes(question, "known")


def takes_links(question: Question) -> bool:
    """Whether a file question also takes an address typed (bind attribute `link`, appearance or parameter)."""
    return is_yes(question, "link") or "link" in question.appearance or question.parameters.get("link", "") == "yes"
