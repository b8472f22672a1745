"""What a policy says: the rule of each kind of matter, the digest, broadcasts, what is still said after an outage."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import time
from typing import Annotated, ClassVar, Literal, get_args

from pydantic import BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

Kind = str
Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]

WEEKDAYS: tuple[Weekday, ...] = get_args(Weekday)
"""From the first ISO weekday to the last."""

TABLE = ConfigDict(extra="forbid", frozen=True)
_CLOCK = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)")


def _clock(value: object) -> object:
    """`"08:30"`, or TOML's own 08:30:00."""
    if isinstance(value, time):
        return value.replace(second=0, microsecond=0)
    found = _CLOCK.fullmatch(value) if isinstance(value, str) and value.isascii() else None
    if found is None:
        raise PydanticCustomError("clock", "not a time of day")
    return time(int(found[1]), int(found[2]))


Clock = Annotated[time, BeforeValidator(_clock)]

ONCE: frozenset[Kind] = frozenset({"clearance_superior"})
"""What is said once and never pressed nor escalated: word to an official's superior."""

Days = Annotated[int, Field(strict=True, ge=1, le=250)]
Perhaps = Annotated[int, Field(strict=True, ge=0, le=250)]  # 0: never


@dataclass(frozen=True, slots=True)
class Rule:
    """When a matter of one kind is followed up while nothing is heard. Days are working days of the country, except
    those of `before_due`. Whom it goes up to is not said here: it is always the coordinator, then the secretariat.

    `first`: after it began to wait; `spacing`: from one reminder to the next, the last for all others; `most`:
    reminders until there is an answer; `before_due`: days before the deadline, 0 for the day itself; `after_due`: days
    after it; `coordinator_after`: so many unanswered reminders; `coordinator_overdue`: days after the deadline;
    `secretariat_after`: days after the coordinator was told (0 in each of the three: never); `late`: how many days
    late it may still be said; `until_due`: after the deadline there is no point in it. The deadline itself is the
    matter's (`flows.country.phases.deadline`).
    """

    __pydantic_config__: ClassVar[ConfigDict] = TABLE

    first: Days
    spacing: Annotated[tuple[Days, ...], Field(min_length=1, max_length=20)]
    most: Annotated[int, Field(strict=True, ge=1, le=20)]
    before_due: Annotated[tuple[Annotated[int, Field(strict=True, ge=0, le=365)], ...], Field(max_length=20)] = ()
    after_due: Annotated[tuple[Days, ...], Field(max_length=20)] = ()
    coordinator_after: Annotated[int, Field(strict=True, ge=0, le=20)] = 0
    coordinator_overdue: Perhaps = 0
    secretariat_after: Perhaps = 0
    late: Perhaps = 20
    until_due: Annotated[bool, Field(strict=True)] = False

    def spaced(self, reminders: int) -> int:
        """Working days between the last of so many reminders and the next."""
        return self.spacing[min(max(reminders, 1), len(self.spacing)) - 1]


@dataclass(frozen=True, slots=True)
class Digest:
    """When the weekly digest goes out, local time."""

    __pydantic_config__: ClassVar[ConfigDict] = TABLE

    weekday: Weekday
    hour: Clock


@dataclass(frozen=True, slots=True)
class Broadcasts:
    """`per_minute`: messages, so that replies are never kept waiting; `valid_days`: working days that one may wait for
    permitted hours before it is not sent any more."""

    __pydantic_config__: ClassVar[ConfigDict] = TABLE

    per_minute: Annotated[int, Field(strict=True, ge=1, le=1200)]
    valid_days: Days


@dataclass(frozen=True, slots=True)
class Blocked:
    """`tried_after`: so many days after somebody blocked the bot it is tried whether messages arrive again, without
    sending one; later it is not tried any more."""

    __pydantic_config__: ClassVar[ConfigDict] = TABLE

    tried_after: Annotated[tuple[Annotated[int, Field(strict=True, ge=1, le=365)], ...], Field(max_length=20)]


@dataclass(frozen=True, slots=True)
class Outage:
    """`digest_days`: how many days late a digest is still sent; each kind of matter has its own `late`."""

    __pydantic_config__: ClassVar[ConfigDict] = TABLE

    digest_days: Annotated[int, Field(strict=True, ge=0, le=6)]
