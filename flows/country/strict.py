"""JSON that came from outside, read without guessing: one meaning or none.

What a careless reader passes over is refused: doubled keys, NaN, unknown fields, depths that exhaust the stack.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, NoReturn, cast

from flows.country.ledger import Plain

Reason = Literal[
    "too_large", "not_text", "not_json", "too_deep", "doubled_key", "no_number", "half_character", "wrong_field",
    "unknown_field", "missing_field", "other_format", "newer_format", "no_endorsement", "empty",
]  # fmt: skip
DEEPEST = 64


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Why something cannot be read. `field`: where, such as `entry.at`; `line`: of JSON lines, from 1."""

    reason: Reason
    field: str = ""
    line: int = 0


class Wrong(ValueError):
    """What was read is not what it should be; becomes an `Unreadable`."""

    def __init__(self, reason: Reason, field: str = "") -> None:
        super().__init__(reason, field)
        self.unreadable = Unreadable(reason, field)


def load(data: bytes, most: int) -> object:
    """The one value that `data` (UTF-8, at most `most` bytes) is the JSON of. Raises `Wrong`."""
    if len(data) > most:
        raise Wrong("too_large")
    try:
        written = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Wrong("not_text") from None
    try:
        value: object = json.loads(written, object_pairs_hook=_unique, parse_constant=_no_number, parse_float=_number)
    except RecursionError:
        raise Wrong("too_deep") from None
    except Wrong:
        raise
    except ValueError:  # also a number with more digits than Python reads
        raise Wrong("not_json") from None
    _check(value, 0)
    return value


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise Wrong("doubled_key")
    return found


def _no_number(name: str) -> NoReturn:
    raise Wrong("no_number", name)


def _number(written: str) -> float:
    """1e999 is no number; one that Python would write differently would be sealed differently."""
    number = float(written)
    if repr(number) != written:
        raise Wrong("no_number", written[:40])
    return number


def _check(value: Any, depth: int) -> None:
    if depth > DEEPEST:
        raise Wrong("too_deep")
    if isinstance(value, str):
        try:
            value.encode()
        except UnicodeEncodeError:
            raise Wrong("half_character") from None
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            _check(key, depth)
            _check(inner, depth + 1)
    elif isinstance(value, list):
        for inner in value:
            _check(inner, depth + 1)


class Fields:
    """The fields of one JSON object, each read as what it must be. Raises `Wrong` naming the field."""

    def __init__(self, value: object, name: str = "") -> None:
        if not isinstance(value, dict):
            raise Wrong("wrong_field", name)
        self.given: dict[str, object] = value
        self._name = name

    def only(self, names: Iterable[str]) -> None:
        """These fields and no others."""
        wanted = set(names)
        for name in self.given:
            if name not in wanted:
                raise Wrong("unknown_field", self._path(name))
        for name in sorted(wanted):
            self._get(name)

    def text(self, name: str) -> str:
        value = self._get(name)
        return value if isinstance(value, str) else self._wrong(name)

    def number(self, name: str, least: int = 0) -> int:
        value = self._get(name)
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value < 2**63:
            self._wrong(name)
        return value

    def number_or_none(self, name: str) -> int | None:
        return None if self._get(name) is None else self.number(name, -(2**63))

    def digest(self, name: str) -> str:
        value = self.text(name)
        return value if is_digest(value) else self._wrong(name)

    def moment(self, name: str) -> datetime:
        """An aware time in ISO 8601."""
        try:
            value = datetime.fromisoformat(self.text(name))
        except ValueError:
            self._wrong(name)
        if value.utcoffset() is None:
            self._wrong(name)
        return value

    def inner(self, name: str) -> Fields:
        return Fields(self._get(name), self._path(name))

    def inners(self, name: str) -> list[Fields]:
        return [Fields(value, f"{self._path(name)}[{place}]") for place, value in enumerate(self._list(name))]

    def texts(self, name: str) -> tuple[str, ...]:
        values = self._list(name)
        return tuple(value if isinstance(value, str) else self._wrong(name) for value in values)

    def texts_by_name(self, name: str) -> dict[str, str]:
        values = self.inner(name)
        return {key: values.text(key) for key in values.given}

    def plain(self, name: str) -> dict[str, Plain]:
        """An object of whatever JSON can hold."""
        return cast("dict[str, Plain]", self.inner(name).given)

    def absent(self, name: str) -> bool:
        """Whether the field is there and null."""
        return self._get(name) is None

    def _list(self, name: str) -> list[object]:
        value = self._get(name)
        return value if isinstance(value, list) else self._wrong(name)

    def _get(self, name: str) -> object:
        if name not in self.given:
            raise Wrong("missing_field", self._path(name))
        return self.given[name]

    def _path(self, name: str) -> str:
        return f"{self._name}.{name[:60]}" if self._name else name[:60]

    def _wrong(self, name: str) -> NoReturn:
        raise Wrong("wrong_field", self._path(name))


def is_digest(value: str) -> bool:
    """Whether this is a SHA-256 as we write it: 64 lower-case hexadecimal digits."""
    return len(value) == 64 and set(value) <= set("0123456789abcdef")
