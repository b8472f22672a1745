"""Staying at the question that was put: what a person sends is about that one, whatever others did since."""

from __future__ import annotations

from flows.interview import inputs, replying
from flows.interview.answering import is_overtaken
from flows.interview.sitting import Sitting
from flows.interview.step import Step
from flows.interview.walk import current, reachable

REPLIES = (
    inputs.Say,
    inputs.Choose,
    inputs.Attach,
    inputs.Locate,
    inputs.Skip,
    inputs.Unknown,
    inputs.Done,
    inputs.Again,
    inputs.Keep,
    inputs.Undo,
    inputs.Confide,
)


def hold(sitting: Sitting) -> bool:
    """Stay at the question that was put. False where it is no more asked here; what was half typed is recorded, and its
    buttons are stale."""
    step = current(sitting)
    if not sitting.put:
        return step is None or step.kind == "rest"
    if step is not None and step.key == sitting.put:
        return True
    put = Step.from_key(sitting.put)
    if reachable(sitting, put):
        sitting.at = put.key
        return True
    replying.finish_parts(sitting)
    sitting.put = ""
    sitting.token += 1
    return False


def is_undisturbed(sitting: Sitting) -> bool:
    """Whether nobody else can have changed anything since the question was put."""
    return not sitting.scope and not sitting.away and not is_overtaken(sitting, Step.from_key(sitting.put).path)


def is_reply(input: inputs.Input) -> bool:
    """Whether it answers the question put. Buttons say themselves which question they belong to."""
    if isinstance(input, inputs.Say) and input.revises:
        return False
    return isinstance(input, REPLIES) and not (isinstance(input, inputs.Confide) and input.path)
