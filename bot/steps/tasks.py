"""What waits for a person, in one list, at any time: /tasks."""

from __future__ import annotations

from collections.abc import Sequence

from bot import companions
from bot.acting import Act
from bot.messages import Line
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
    lines: list[str | Line] = [
        act.text("steps.tasks", len(found)),
        *styled("item", *(task.line for task in found[:MOST])),
    ]
    if len(found) > MOST:
        lines.append(act.text("steps.more_tasks", len(found) - MOST))
    await act.say(*lines, buttons=[[task.button] for task in found[:MOST]])
    return True


async def cancel(act: Act, _arguments: Sequence[str] = ()) -> None:
    """Leave the companion form that the person is in."""
    left = await companions.leave(act)
    await act.say(act.text("steps.form_left" if left else "steps.nothing_to_leave"))


CAPABILITY = Capability(
    commands={"tasks": Command(tasks, "own_data"), "cancel": Command(cancel, "own_data")},
    presses={"tasks": tasks},
)
