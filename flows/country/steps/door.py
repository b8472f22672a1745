"""The one door: whoever wants to take a step comes through here, with the right to it or with a sentence why not."""

from __future__ import annotations

from datetime import datetime

from flows.country.access import Actor, denied
from flows.country.steps.base import Decision, Refusal, Step
from flows.country.steps.course import Course


def take(course: Course, actor: Actor, step: Step, now: datetime) -> Decision:
    """The facts that follow from `step`, or why it is not taken: first the right to it, then the state of things.

    Whose part is over has no right any more, whatever they began before.
    """
    why = denied(actor, step.action, step.place(course))
    if why is None and course.participants.is_over(actor.person_id):
        why = "ended"
    if why is not None:
        return Refusal(f"access.{why}", {"action": step.action})
    return step.decide(course, actor, now)
