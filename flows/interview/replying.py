"""Answers of every shape: typed, chosen, pressed, sent as a file or a place, in one message or in several."""

from __future__ import annotations

from math import isfinite

from flows.interview import events as e
from flows.interview import inputs
from flows.interview.answering import answer, refuse
from flows.interview.asking import is_long, needed, ticked, token_of
from flows.interview.form import Choice, Question, QuestionType
from flows.interview.outcome import Next
from flows.interview.replies import Answer, read_file
from flows.interview.replies.folding import clean, fold
from flows.interview.revising import revise
from flows.interview.sitting import FILES, SELECTS, Sitting
from flows.interview.step import Step
from flows.interview.typed import LONGEST, typed_answer
from flows.interview.walk import current
from flows.interview.words import DONE, SKIP, UNKNOWN, yes_or_no

MOST_PARTS = 200


def say(sitting: Sitting, input: inputs.Say) -> Next:
    """Typed text: the new wording of an earlier message, a word that stands for a button, or an answer."""
    if input.revises:
        outcome = revise(sitting, input)
        if outcome is not None:
            return outcome
    step = current(sitting)
    text = clean(input.text)
    if step is None:
        refuse(sitting, "", "nothing_open")
    elif not text:
        refuse(sitting, step.path, "empty")
    elif step.kind != "question":
        agreed = yes_or_no(text)
        if agreed is not None:
            return Next.AGAIN if agreed else Next.NOT_AGAIN
        refuse(sitting, step.path, "yes_or_no")
    else:
        return _typed(sitting, step, text, input.message_id)
    return Next.ASK


def _typed(sitting: Sitting, step: Step, text: str, message_id: str) -> Next:
    question = sitting.question(step.path)
    if question is None:
        return Next.ASK
    word = fold(text)
    if not sitting.parts and not _is_label(sitting, question, step.path, word):
        if word in UNKNOWN:
            return Next.UNKNOWN
        if word in SKIP and question.type is not QuestionType.TEXT:
            return Next.SKIP
    if is_long(question):
        return done(sitting) if word in DONE else _add_part(sitting, step.path, text, message_id)
    if word in DONE and question.type in (QuestionType.SELECT_MULTIPLE, QuestionType.RANK):
        return done(sitting)
    return typed_answer(sitting, question, step.path, text, message_id)


def _is_label(sitting: Sitting, question: Question, path: str, word: str) -> bool:
    """Whether what was typed is one of the choices: "I do not know" may be one."""
    if question.type not in SELECTS or (word not in UNKNOWN and word not in SKIP):
        return False
    return any(word == fold(label) for choice in sitting.offered(path) for label in choice.labels.values())


def _add_part(sitting: Sitting, path: str, text: str, message_id: str) -> Next:
    if len(text) > LONGEST or len(sitting.parts) >= MOST_PARTS:
        refuse(sitting, path, "too_long", values={"limit": LONGEST})
        return Next.ASK
    sitting.parts.append((message_id, text))
    _say_added(sitting, path)
    return Next.WAIT


def _say_added(sitting: Sitting, path: str) -> None:
    characters = sum(len(text) for _, text in sitting.parts)
    sitting.say(e.Added(path, len(sitting.parts), characters, token_of(sitting)))


# ---- choices ------------------------------------------------------------------------------------------------------
def choose(sitting: Sitting, names: tuple[str, ...]) -> Next:
    """Choices by name, all at once."""
    step = current(sitting)
    if step is None:
        refuse(sitting, "", "nothing_open")
        return Next.ASK
    if step.kind != "question":
        agreed = yes_or_no(names[0]) if len(names) == 1 else None
        if agreed is not None:
            return Next.AGAIN if agreed else Next.NOT_AGAIN
        refuse(sitting, step.path, "yes_or_no")
        return Next.ASK
    question = sitting.question(step.path)
    if question is None or question.type not in SELECTS:
        agreed = len(names) == 1 and yes_or_no(names[0])
        if question is not None and question.type is QuestionType.ACKNOWLEDGE and agreed:
            answer(sitting, step.path, "OK")
        else:
            refuse(sitting, step.path, "not_a_choice")
        return Next.ASK
    offered = [choice.name for choice in sitting.choices(step.path)]
    wanted = list(dict.fromkeys(names))
    if not wanted or any(name not in offered for name in wanted):
        refuse(sitting, step.path, "not_a_choice")
    elif question.type is QuestionType.SELECT_ONE and len(wanted) > 1:
        refuse(sitting, step.path, "one_only")
    elif question.type is QuestionType.RANK and len(wanted) < len(offered):
        refuse(sitting, step.path, "rank_all", values={"left": len(offered) - len(wanted)})
    else:
        if question.type is QuestionType.SELECT_MULTIPLE:
            wanted.sort(key=offered.index)
        answer(sitting, step.path, " ".join(wanted))
    return Next.ASK


def press_choice(sitting: Sitting, index: int) -> Next:
    """The button of one choice: answers, ticks, or takes the next rank."""
    step = current(sitting)
    question = sitting.question(step.path) if step is not None and step.kind == "question" else None
    if step is None or question is None:
        refuse(sitting, "", "stale")
        return Next.ASK
    choices = sitting.choices(step.path) if question.type in SELECTS else ()
    if index >= len(choices):
        refuse(sitting, step.path, "stale")
        return Next.ASK
    name = choices[index].name
    if question.type is QuestionType.SELECT_ONE:
        return choose(sitting, (name,))
    return _tick(sitting, step.path, question, choices, name)


def _tick(sitting: Sitting, path: str, question: Question, choices: tuple[Choice, ...], name: str) -> Next:
    so_far = ticked(sitting, path)
    if question.type is QuestionType.SELECT_MULTIPLE:
        sitting.ticks = [item for item in so_far if item != name] if name in so_far else [*so_far, name]
        return Next.REFRESH
    if len(so_far) == len(choices):
        so_far = []  # a full ranking put again starts afresh
    if name not in so_far:
        so_far.append(name)
    rest = [choice.name for choice in choices if choice.name not in so_far]
    if len(rest) > 1:
        sitting.ticks = so_far
        return Next.REFRESH
    return choose(sitting, (*so_far, *rest))


def take_offer(sitting: Sitting, index: int) -> Next:
    """ "Did you mean…?": yes, that one."""
    step = current(sitting)
    if step is None or step.kind != "question" or index >= len(sitting.offers):
        refuse(sitting, "", "stale")
        return Next.ASK
    question, name = sitting.question(step.path), sitting.offers[index]
    if question is not None and question.type in (QuestionType.SELECT_MULTIPLE, QuestionType.RANK):
        so_far = [item for item in ticked(sitting, step.path) if item != name]
        sitting.ticks = [*so_far, name]
        sitting.offers = ()
        return Next.ASK
    return choose(sitting, (name,))


# ---- several messages, several presses ----------------------------------------------------------------------------
def done(sitting: Sitting) -> Next:
    """The end of a long answer, a selection or a ranking."""
    step = current(sitting)
    question = sitting.question(step.path) if step is not None and step.kind == "question" else None
    if step is None or question is None:
        refuse(sitting, "", "nothing_to_end")
        return Next.ASK
    if sitting.parts:
        finish_parts(sitting)
    elif question.type is QuestionType.SELECT_MULTIPLE:
        names = ticked(sitting, step.path)
        if names:
            return choose(sitting, tuple(names))
        if not needed(sitting, step.path):
            return Next.SKIP
        message = sitting.session.required_message(step.path, sitting.language)
        refuse(sitting, step.path, "choose_at_least_one", message=message)
    elif question.type is QuestionType.RANK and sitting.ticks:
        left = len(sitting.choices(step.path)) - len(sitting.ticks)
        if left == 0:
            return choose(sitting, tuple(sitting.ticks))
        refuse(sitting, step.path, "rank_all", values={"left": left})
    elif sitting.session.value(step.path):
        return Next.KEEP
    else:
        refuse(sitting, step.path, "nothing_to_end")
    return Next.ASK


def undo(sitting: Sitting) -> Next:
    """Take back the last rank or the last message of a long answer."""
    step = current(sitting)
    if step is None or step.kind != "question":
        refuse(sitting, "", "nothing_to_undo")
        return Next.ASK
    if sitting.parts:
        sitting.parts.pop()
        if sitting.parts:
            _say_added(sitting, step.path)
            return Next.WAIT
        return Next.ASK
    question = sitting.question(step.path)
    so_far = ticked(sitting, step.path)
    if question is not None and question.type in (QuestionType.RANK, QuestionType.SELECT_MULTIPLE) and so_far:
        sitting.ticks = so_far[:-1]
        return Next.REFRESH
    refuse(sitting, step.path, "nothing_to_undo")
    return Next.ASK


def finish_parts(sitting: Sitting) -> bool:
    """Record the long answer typed so far, if there is one; False when the form refuses it (it is kept)."""
    if not sitting.parts:
        return True
    path = Step.from_key(sitting.put).path
    if sitting.question(path) is None:  # another version of the form has it no more
        sitting.parts.clear()
        return True
    value = "\n".join(text for _, text in sitting.parts)
    parts = tuple((message, len(text)) for message, text in sitting.parts)
    return answer(sitting, path, value, parts=parts)


# ---- files and places ---------------------------------------------------------------------------------------------
def attach(sitting: Sitting, input: inputs.Attach) -> Next:
    """A file, in answer to a question for one."""
    step = current(sitting)
    question = sitting.question(step.path) if step is not None and step.kind == "question" else None
    if step is None or question is None or question.type not in FILES:
        refuse(sitting, step.path if step else "", "file_not_expected")
        return Next.ASK
    file = input.file
    only = question.parameters.get("accept", question.attributes.get("accept", ""))
    reply = read_file(file.name, file.media_type, file.size, accepts=question.type, only=only)
    if not isinstance(reply, Answer):
        refuse(sitting, step.path, reply.reason, values=dict(reply.values))
        return Next.ASK
    kept = inputs.Attachment(reply.value, file.media_type, file.size, file.reference)
    answer(sitting, step.path, reply.value, parts=((input.message_id, 0),) if input.message_id else (), attachment=kept)
    return Next.ASK


def locate(sitting: Sitting, input: inputs.Locate) -> Next:
    """A shared location, in answer to a question for a place."""
    step = current(sitting)
    question = sitting.question(step.path) if step is not None and step.kind == "question" else None
    if step is None or question is None or question.type is not QuestionType.GEOPOINT:
        refuse(sitting, step.path if step else "", "place_not_expected")
        return Next.ASK
    accuracy = input.accuracy if input.accuracy is not None and isfinite(input.accuracy) else 0.0
    if not (abs(input.latitude) <= 90 and abs(input.longitude) <= 180):
        refuse(sitting, step.path, "place_out_of_range")
        return Next.ASK
    numbers = (input.latitude, input.longitude, 0.0, max(accuracy, 0.0))
    answer(sitting, step.path, " ".join(f"{number:.7f}".rstrip("0").rstrip(".") for number in numbers))
    return Next.ASK
