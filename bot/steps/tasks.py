"""What waits for a person, in one list, at any time: /tasks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot import companions
from bot.acting import Act
from bot.messages import Button, Line
from bot.speaking import styled
from bot.steps.capability import Capability, Command

MOST = 12  # lines of the list


async def tasks(act: Act, _arguments: Sequence[str] = ()) -> None:
    """Everything that waits for the person, each with its button."""
    if not await greet(act):
        await act.say(act.text("steps.no_tasks"))


async def greet(act: Act) -> bool:
    """The same where there is something; says nothing otherwise, and returns False."""
    from bot.steps import registry

    found = [task for finder in registry().finders for task in await finder(act)]
    if not found:
        return False
    shown = found[:MOST]
    several = len(found) > 1
    items = [f"{number}. {task.line}" if several else task.line for number, task in enumerate(shown, 1)]
    lines: list[str | Line] = [act.text("steps.tasks", len(found)), *styled("item", *items)]
    if len(found) > MOST:
        lines.append(act.text("steps.more_tasks", len(found) - MOST))
    rows = [[_numbered(task.button, number) if several else task.button] for number, task in enumerate(shown, 1)]
    await act.say(*lines, buttons=rows)
    return True


def _numbered(button: Button, number: int) -> Button:
    """A button that says which line of the list it belongs to."""
    return replace(button, label=f"{number}. {button.label}")


async def cancel(act: Act, _arguments: Sequence[str] = ()) -> None:
    """Leave the companion form that the person is in."""
    left = await companions.leave(act, finished=True)
    await act.say(act.text("steps.form_left" if left else "steps.nothing_to_leave"))


CAPABILITY = Capability(
    commands={"tasks": Command(tasks, "own_data"), "cancel": Command(cancel, "own_data")},
    presses={"tasks": tasks},
)
