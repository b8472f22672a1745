"""A guide as plain JSON values and back, exactly. What has its default is left out, so that a field added to a guide
later changes nothing of what was written, and hashed, before."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields
from datetime import UTC, datetime
from functools import cache
from typing import Any

from flows.country.guide import (
    Block,
    Bullets,
    Cell,
    Figure,
    Guide,
    Mark,
    Paragraph,
    Row,
    Section,
    Source,
    Statement,
    Table,
)

_KINDS: Mapping[str, type[Block]] = {"paragraph": Paragraph, "table": Table, "bullets": Bullets, "figure": Figure}
_NAMES = {kind: name for name, kind in _KINDS.items()}
NOT_CONTENT = frozenset({"compiled_at", "status", "version"})
"""What may differ between two guides that say the same."""
_AS_IT_IS = frozenset({str, bool, int, float, type(None)})


def dump(guide: Guide) -> dict[str, Any]:
    """Everything that `guide` holds, as JSON values; moments in UTC."""
    return _dumped(guide)


def content(guide: Guide) -> dict[str, Any]:
    """What `guide` says: the same for two guides that differ only in when and as which version they were made."""
    return {name: value for name, value in dump(guide).items() if name not in NOT_CONTENT}


def load(written: Mapping[str, Any]) -> Guide:
    """The guide that `dump` wrote. Raises `ValueError` where it is none."""
    try:
        guide: Guide = _loaded(Guide, written)
    except (TypeError, KeyError, AttributeError) as error:
        raise ValueError(f"no guide: {error}") from error
    return guide


@cache
def _fields(kind: type) -> tuple[tuple[str, Any], ...]:
    """Name and default of each field, `MISSING` where it has none."""
    return tuple((item.name, item.default) for item in fields(kind))


def _dumped(thing: Any) -> dict[str, Any]:
    kind: Any = type(thing)
    named = _NAMES.get(kind)
    written: dict[str, Any] = {"kind": named} if named else {}
    for name, default in _fields(kind):
        value = getattr(thing, name)
        if default is MISSING or value != default:
            written[name] = value if type(value) in _AS_IT_IS else _plain(value)
    return written


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, (str, bool, int, float)):
        return value
    if isinstance(value, datetime):
        return (value.astimezone(UTC) if value.tzinfo else value).isoformat()
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return _dumped(value)


def _many(kind: type) -> Callable[[Any], Any]:
    return lambda items: tuple(_loaded(kind, item) for item in items)


def _blocks(items: Any) -> tuple[Block, ...]:
    return tuple(
        _loaded(_KINDS[item["kind"]], {name: value for name, value in item.items() if name != "kind"}) for item in items
    )


def _nested(items: Any) -> tuple[tuple[Any, ...], ...]:
    return tuple(map(tuple, items))


# how the fields that JSON has no type for are read, by class; the others are as they stand
_READERS: Mapping[type, Mapping[str, Callable[[Any], Any]]] = {
    Guide: {
        "compiled_at": datetime.fromisoformat,
        "summary": _blocks,
        "sections": _many(Section),
        "front": _many(Section),
        "sources": _many(Source),
        "labels": dict,
    },
    Section: {"blocks": _blocks, "sections": _many(Section)},
    Source: {"given_on": datetime.fromisoformat},
    Statement: {"sources": tuple},
    Cell: {"statements": _many(Statement)},
    Row: {"cells": _many(Cell), "height": float},
    Table: {"columns": tuple, "rows": _many(Row), "widths": lambda shares: tuple(map(float, shares))},
    Paragraph: {"statements": _many(Statement)},
    Bullets: {"items": _many(Cell)},
    Figure: {"marks": _many(Mark), "series": tuple, "columns": tuple},
    Mark: {"values": _nested, "names": _nested},
}


def _loaded(kind: type, written: Mapping[str, Any]) -> Any:
    readers = _READERS[kind]
    return kind(**{name: readers[name](value) if name in readers else value for name, value in written.items()})
