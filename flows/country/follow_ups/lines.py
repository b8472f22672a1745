"""Where in a TOML text something is said: the standard reader forgets the lines of what it has read."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

Path = tuple[str, ...]
_AT = re.compile(r"at line (\d+)")
_CLOSES = ("]", '"""', "'''")  # one of them is in the last line of whatever takes several


def line_of(text: str, paths: Sequence[Path]) -> int:
    """The line, from 1, on which the first of `paths` that is there begins. `text` is valid TOML; 1 where none is."""
    places: dict[Path, int] = {}
    for line, path in _said(text):
        places.setdefault(path, line)
    return next((places[path] for path in paths if path in places), 1)


def line_of_error(text: str, error: ValueError) -> int:
    """The line at which the reader gave up; the last one where that was the end."""
    found = _AT.search(str(error))
    if found is not None:
        return int(found[1])
    return text.rstrip().count("\n") + 1


def _said(text: str) -> Iterator[tuple[int, Path]]:
    """The line and path of every table and key, in order."""
    table: Path = ()
    lines = iter(enumerate(text.replace("\r\n", "\n").split("\n"), 1))
    for number, line in lines:
        found = _read(line)
        while found is None:
            more = next(lines, None)
            if more is None:
                return
            line += f"\n{more[1]}"
            found = _read(line) if any(mark in more[1] for mark in _CLOSES) else None
        paths = list(_paths(found))
        if line.lstrip().startswith("["):
            table = paths[-1]
            yield from ((number, path) for path in paths)
        else:
            yield from ((number, table + path) for path in paths)


def _read(statement: str) -> Mapping[str, Any] | None:
    try:
        return tomllib.loads(statement)
    except ValueError:
        return None


def _paths(data: Mapping[str, Any]) -> Iterator[Path]:
    for key, value in data.items():
        yield (key,)
        inner = value[0] if isinstance(value, list) and value and isinstance(value[0], dict) else value
        if isinstance(inner, dict):
            yield from ((key, *path) for path in _paths(inner))
