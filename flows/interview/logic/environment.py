"""What an expression may read besides the instance: the host's clock and ids, secondary instances, translations."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Protocol, TypeAlias

from flows.interview.logic.values import Item, Value

if TYPE_CHECKING:
    from flows.interview.logic.xpath import Expression


@dataclass(frozen=True, slots=True)
class Host:
    """What the world lends to a session.

    `now` is aware; its timezone says what "today" is. `language` is a BCP 47 code or a language's name in the form
    ("" for the form's default). `ids` returns a new UUID at each call. `preloads` answers `jr:preload="property"`:
    `deviceid`, `username`, `email`, `phonenumber`…
    """

    now: datetime
    language: str
    ids: Callable[[], str]
    preloads: Mapping[str, str] = field(default_factory=dict)


class Choices(Protocol):
    """What expressions ask of the session that evaluates them."""

    def choice_label(self, item: Item, name: str) -> str: ...

    def translation(self, text_id: str) -> str: ...

    def compiled(self, source: str) -> Evaluate: ...


class Environment:
    """One per session; `current`, `position` and `size` change as expressions are evaluated."""

    __slots__ = ("current", "document", "host", "instances", "position", "seed", "session", "size", "version")

    def __init__(
        self, host: Host, document: Item, instances: Mapping[str, Item], session: Choices, seed: str, version: str
    ) -> None:
        self.host = host
        self.document = document
        self.instances = instances
        self.session = session
        self.seed = seed
        self.version = version
        self.current: Item = document
        self.position = 1
        self.size = 1

    def random(self) -> float:
        """A number from 0 to 1 that follows from a new id of the host."""
        digest = hashlib.sha256(self.host.ids().encode()).digest()
        return int.from_bytes(digest[:6], "big") / float(1 << 48)


Evaluate: TypeAlias = Callable[[Item, Environment], Value]


class Maker(Protocol):
    """Builds the evaluation of a call from those of its arguments; `trees` are the arguments as written."""

    def __call__(self, arguments: tuple[Evaluate, ...], trees: tuple[Expression, ...]) -> Evaluate: ...


@dataclass(frozen=True, slots=True)
class Function:
    """A function an expression may call, with from `least` to `most` arguments (None: any number).

    `volatile` ones give another value each time or at another time, without anything read having changed.
    """

    make: Maker
    least: int
    most: int | None
    volatile: bool = False


def eager(work: Callable[..., Value], least: int, most: int | None = -1) -> Function:
    """A function of its arguments' values."""
    most = least if most == -1 else most

    def make(arguments: tuple[Evaluate, ...], trees: tuple[Expression, ...]) -> Evaluate:
        if len(arguments) == 1:
            only = arguments[0]
            return lambda item, env: work(only(item, env))
        if len(arguments) == 2:
            one, two = arguments
            return lambda item, env: work(one(item, env), two(item, env))
        return lambda item, env: work(*[argument(item, env) for argument in arguments])

    return Function(make, least, most)
