"""The Bot API's reference tables, read from `botapi.json`: what a request may carry, what an answer looks like."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

SOURCE = Path(__file__).with_name("botapi.json")
WIDEST_INTEGER = 2**52  # "at most 52 significant bits", as the reference says of identifiers


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that came in a multipart body."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Schema:
    """`methods` and `types`: name → field → (type, required). `elsewhere`: methods that exist and are not played."""

    version: str
    methods: Mapping[str, Mapping[str, tuple[str, bool]]]
    types: Mapping[str, Mapping[str, tuple[str, bool]]]
    returns: Mapping[str, str]
    unions: Mapping[str, list[str]]
    constants: Mapping[str, Mapping[str, str]]
    elsewhere: frozenset[str]

    def method(self, name: str) -> str | None:
        """The name as the reference writes it: method names do not depend on case. None when there is none."""
        return next((known for known in (*self.methods, *self.elsewhere) if known.lower() == name.lower()), None)

    def request(
        self, method: str, raw: Mapping[str, Any], uploads: Mapping[str, Upload]
    ) -> tuple[dict[str, Any], list[str]]:
        """The parameters with their own types, and what is wrong with them, one sentence each."""
        fields = self.methods[method]
        values: dict[str, Any] = {}
        problems = [f"{method}: unknown parameter {name}" for name in raw if name not in fields]
        for name, (kind, required) in fields.items():
            where = f"{method}.{name}"
            if name in raw:
                values[name], found = self._decode(kind, raw[name], where, uploads)
                problems += found
            elif name in uploads and "InputFile" in kind:
                values[name] = uploads[name]
            elif required:
                problems.append(f"{where}: required, missing")
        attached: set[str] = set()
        values = _attach(values, uploads, attached)
        loose = [name for name in uploads if name not in fields and name not in attached]
        return values, problems + [f"{method}: file {name} belongs to no parameter" for name in loose]

    def answer(self, method: str, result: Any) -> list[str]:
        """What is wrong with the result of `method`."""
        return list(self.check(self.returns[method], result, method))

    def check(self, kind: str, value: Any, where: str) -> Iterator[str]:
        """What is wrong with `value` as a `kind` ("Integer", "Array of String", "Message", "A or B")."""
        if kind.startswith("Array of "):
            if not isinstance(value, list):
                yield f"{where}: expected {kind}, got {type(value).__name__}"
                return
            for index, item in enumerate(value):
                yield from self.check(kind.removeprefix("Array of "), item, f"{where}[{index}]")
            return
        alternatives = self.unions.get(kind) or re.split(r", | or | and ", kind)
        if len(alternatives) > 1:
            yield from self._check_alternatives(alternatives, value, where)
            return
        yield from self._check_one(alternatives[0], value, where)

    def _check_alternatives(self, alternatives: list[str], value: Any, where: str) -> Iterator[str]:
        best: list[str] | None = None
        for name in alternatives:
            if name not in _PLAIN and name not in self.types and name not in self.unions:
                continue  # a kind of value that is not played here
            found = list(self.check(name, value, where))
            if not found:
                return
            if best is None or len(found) < len(best):
                best = found
        yield from best or [f"{where}: none of {', '.join(alternatives)}"]

    def _check_one(self, kind: str, value: Any, where: str) -> Iterator[str]:
        if kind in _PLAIN:
            if not _PLAIN[kind](value):
                yield f"{where}: expected {kind}, got {value!r:.60}"
        elif kind not in self.types:
            yield f"{where}: {kind} is not recorded in {SOURCE.name}"
        elif not isinstance(value, dict):
            yield f"{where}: expected {kind}, got {type(value).__name__}"
        else:
            fields = self.types[kind]
            for name, item in value.items():
                if name not in fields:
                    yield f"{where}: {kind} has no field {name}"
                else:
                    yield from self.check(fields[name][0], item, f"{where}.{name}")
            for name, (_, required) in fields.items():
                if required and name not in value:
                    yield f"{where}: {kind} without {name}"
            for name, constant in self.constants.get(kind, {}).items():
                if value.get(name) != constant:
                    yield f"{where}: {kind}.{name} must be {constant}"

    def _decode(self, kind: str, raw: Any, where: str, uploads: Mapping[str, Upload]) -> tuple[Any, list[str]]:
        """A parameter from its text in a form or a query string; JSON bodies bring most values ready."""
        value = raw
        if isinstance(raw, str):
            if raw.startswith("attach://") and raw.removeprefix("attach://") not in uploads:
                return raw, [f"{where}: {raw} is not in the body"]
            try:
                value = _from_text(kind, raw)
            except ValueError:
                return raw, [f"{where}: expected {kind}, got {raw!r:.60}"]
        return value, list(self.check(kind, value, where))


def _attach(value: Any, uploads: Mapping[str, Upload], attached: set[str]) -> Any:
    """`attach://name`, at any depth, becomes the file of that name."""
    if isinstance(value, dict):
        return {key: _attach(item, uploads, attached) for key, item in value.items()}
    if isinstance(value, list):
        return [_attach(item, uploads, attached) for item in value]
    if isinstance(value, str) and value.startswith("attach://") and value.removeprefix("attach://") in uploads:
        attached.add(value.removeprefix("attach://"))
        return uploads[value.removeprefix("attach://")]
    return value


def _from_text(kind: str, raw: str) -> Any:
    if kind in ("String", "InputFile or String"):
        return raw
    if kind == "Integer or String":
        return int(raw) if re.fullmatch(r"-?\d+", raw) else raw
    if kind == "Integer":
        return int(raw)
    if kind == "Float":
        return float(raw)
    if kind == "Boolean":
        if raw.lower() not in ("true", "false", "1", "0"):
            raise ValueError(raw)
        return raw.lower() in ("true", "1")
    return json.loads(raw)


def _is_integer(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) < WIDEST_INTEGER


_PLAIN: dict[str, Callable[[Any], bool]] = {
    "Integer": _is_integer,
    "Float": lambda value: isinstance(value, int | float) and not isinstance(value, bool),
    "String": lambda value: isinstance(value, str),
    "Boolean": lambda value: isinstance(value, bool),
    "True": lambda value: value is True,
    "InputFile": lambda value: isinstance(value, Upload),
}


@cache
def load() -> Schema:
    """The recorded schema."""
    data = json.loads(SOURCE.read_text(encoding="utf-8"))

    def table(name: str) -> dict[str, dict[str, tuple[str, bool]]]:
        return {
            key: {field: (kind, required) for field, (kind, required) in fields.items()}
            for key, fields in data[name].items()
        }

    return Schema(
        version=data["version"],
        methods=table("methods"),
        types=table("types"),
        returns=data["returns"],
        unions=data["unions"],
        constants=data["constants"],
        elsewhere=frozenset(data["elsewhere"]),
    )
