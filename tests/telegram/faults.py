"""What goes wrong on purpose: dropped connections, slow answers, failing servers."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["drop_before", "drop_after", "slow", "slow_after", "status"]


@dataclass
class Fault:
    """Strikes the next `times` requests of `method` ("" any) for `chat_id` (0 any), after sparing `skip` of them.

    `drop_before`: the connection breaks and nothing was done · `drop_after`: it was done, the answer is lost ·
    `slow`: it waits `seconds` before it is done · `slow_after`: it is done, and the answer waits ·
    `status`: the HTTP `status` with no Bot API answer, as a gateway gives it.
    `chance` makes each strike a throw of the dice.
    """

    kind: Kind
    method: str = ""
    chat_id: int = 0
    times: int = 1
    skip: int = 0
    seconds: float = 0.0
    status: int = 502
    chance: float = 1.0


@dataclass
class Faults:
    """The plan. `seed` makes chance repeatable; `struck` counts what happened."""

    seed: int = 0
    planned: list[Fault] = field(default_factory=list)
    struck: int = 0

    def __post_init__(self) -> None:
        self._random = random.Random(self.seed)

    def add(self, kind: Kind, **details: int | float | str) -> Fault:
        """Plan a fault; see `Fault` for the details."""
        fault = Fault(kind, **details)  # type: ignore[arg-type]
        self.planned.append(fault)
        return fault

    def next(self, method: str, chat_id: int) -> Fault | None:
        """The fault that strikes this request."""
        for fault in self.planned:
            if fault.method not in ("", method) or fault.chat_id not in (0, chat_id):
                continue
            if fault.skip > 0:
                fault.skip -= 1
                continue
            if fault.chance < 1.0 and self._random.random() >= fault.chance:
                continue
            fault.times -= 1
            if fault.times <= 0:
                self.planned.remove(fault)
            self.struck += 1
            return fault
        return None
