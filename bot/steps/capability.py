"""What a step of the exercise brings to the conversation: commands, presses, companion forms, work done afterwards."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field

from bot.acting import Act
from bot.companions import Filled
from bot.interviews import Step
from bot.jobs import Work
from bot.messages import Button
from db.invitations import Invitation
from db.people import Person
from flows.country.access import Action, Role
from flows.country.follow_ups.schedule import Matter

Handler = Callable[[Act, Sequence[str]], Awaitable[None]]
"""Does what a command (its arguments split at spaces) or a press (the button's arguments) asks for, and replies."""
FormHandler = Callable[[Act, Filled], Awaitable[bool]]
"""Takes a filled companion form; False where it was refused (and the person was told why): it can be corrected then."""


@dataclass(frozen=True, slots=True)
class Task:
    """Something that waits for a person: one line, and the button that does it. `about`: as what it is followed up;
    None: it is not."""

    line: str
    button: Button
    about: Matter | None = None


Finder = Callable[[Act], Awaitable[Sequence[Task]]]
"""What waits for this person now, most urgent first."""


@dataclass(frozen=True, slots=True)
class Command:
    """`action`: the right it needs, so that only those who have it are offered it."""

    handle: Handler
    action: Action


Joined = Callable[[Act, Invitation], Awaitable[None]]
"""Somebody came with an invitation for a role: what follows is noted, and told by `tasks` once they have agreed that
their data are processed."""
Watcher = Callable[[Act, Step], Awaitable[None]]
"""Looks at each step in a questionnaire, after what it says is said; most have to pass by at no cost."""
Left = Callable[[Act, Person], Awaitable[None]]
"""Somebody's part ends (they are told elsewhere, and can still be reached): what they had in hand goes back."""


@dataclass(frozen=True, slots=True)
class Capability:
    """`commands` without their slash; `presses` by the first word of a button's action, unique over all capabilities;
    `forms` by name of the companion form; `jobs` by kind; `joined` by the role of the invitation."""

    commands: Mapping[str, Command] = field(default_factory=dict)
    presses: Mapping[str, Handler] = field(default_factory=dict)
    forms: Mapping[str, FormHandler] = field(default_factory=dict)
    jobs: Mapping[str, Work] = field(default_factory=dict)
    tasks: Finder | None = None
    joined: Mapping[Role, Joined] = field(default_factory=dict)
    watch: Watcher | None = None
    left: Left | None = None
