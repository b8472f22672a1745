"""The steps of the exercise in conversation: one module for each, listed here, each with a `CAPABILITY`.

A module turns what a person did into steps of `flows.country.steps`, and what follows from them into words; it decides
nothing that is not decided there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import TypeVar

from bot.jobs import Work
from bot.steps.capability import Capability, Command, Finder, FormHandler, Handler, Joined, Left, Watcher
from flows.country.access import TABLE, Role

MODULES = (
    "tasks",
    "following_up",
    "status",
    "exercise",
    "interest",
    "coordinator",
    "entities",
    "doubles",
    "essentials",
    "invitations",
    "turnover",
    "delegation",
    "lent",
    "contributions",
    "returning",
    "release",
    "clearance",
    "paper",
    "desk",
    "settling",
    "desk_files",
    "workshops",
    "attendance",
    "outcomes",
    "drafts",
    "completeness",
    "reviewing",
    "edited",
    "differences",
    "endorsement",
    "forewords",
    "voiding",
    "publication",
    "delivery",
    "rounds",
    "practices",
    "objectives",
    "brief",
    "silence",
    "broadcasts",
    "broadcasts_sent",
    "digests",
    "rights",
    "retention",
)
"""In the order in which their commands are listed and their tasks are told."""

K = TypeVar("K", bound=str)
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Registry:
    """All capabilities together."""

    commands: Mapping[str, Command]
    presses: Mapping[str, Handler]
    forms: Mapping[str, FormHandler]
    jobs: Mapping[str, Work]
    finders: Sequence[Finder]
    joined: Mapping[Role, Joined]
    watchers: Sequence[Watcher]
    left: Sequence[Left]

    def commands_of(self, role: Role) -> tuple[str, ...]:
        """The commands that somebody in this role is offered."""
        return tuple(name for name, command in self.commands.items() if role in TABLE[command.action])


@cache
def registry() -> Registry:
    """What the modules bring, each name once. Raises `ValueError` where two bring the same."""
    commands: dict[str, Command] = {}
    presses: dict[str, Handler] = {}
    forms: dict[str, FormHandler] = {}
    jobs: dict[str, Work] = {}
    finders: list[Finder] = []
    joined: dict[Role, Joined] = {}
    watchers: list[Watcher] = []
    left: list[Left] = []
    for module in MODULES:
        capability: Capability = import_module(f"bot.steps.{module}").CAPABILITY
        _add(commands, capability.commands, module)
        _add(presses, capability.presses, module)
        _add(forms, capability.forms, module)
        _add(jobs, capability.jobs, module)
        if capability.tasks is not None:
            finders.append(capability.tasks)
        _add(joined, capability.joined, module)
        if capability.watch is not None:
            watchers.append(capability.watch)
        if capability.left is not None:
            left.append(capability.left)
    return Registry(commands, presses, forms, jobs, finders, joined, watchers, left)


def _add(into: dict[K, T], brought: Mapping[K, T], module: str) -> None:
    for name, value in brought.items():
        if name in into:
            raise ValueError(f"{module}: {name} is taken")
        into[name] = value
