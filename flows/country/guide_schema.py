"""The published schema of `guide.json`: what `guide_json.dump` writes, as a JSON Schema (draft 2020-12)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from typing import Any, get_args, get_origin, get_type_hints

from flows.country.guide import Block, Guide

_PLAIN: Mapping[type, dict[str, Any]] = {
    str: {"type": "string"},
    bool: {"type": "boolean"},
    int: {"type": "integer"},
    float: {"type": "number"},
}
_MEANINGS: Mapping[str, str] = {
    "guide.country": "ISO 3166-1 alpha-3",
    "guide.language": "BCP 47",
    "guide.extent": "concise, or extended: with the answers of each entity as an annex",
    "guide.withheld": "Confidential answers that were left out, counted.",
    "guide.labels": "Fixed texts of the pages that differ from the usual ones.",
    "guide.sections": "In the order of the pages; anchors stay the same from version to version.",
    "paragraph.style": "body, quote, note or gap",
    "source.kind": "answer, desk research or workshop",
    "source.number": "Cited by statements.",
    "source.entity": "Official name, in its own language.",
    "source.speaker": "A role or position, as consented.",
    "statement.text": "Whole, as it was given, or a sentence of the guide.",
    "statement.sources": "Numbers of the sources that it rests on.",
    "statement.language": "BCP 47, where it is not the guide's: a quotation.",
    "statement.question": "Path of the question that it answers.",
    "cell.gap": "Said instead where there is nothing.",
    "row.span": "The first cell spans the table.",
    "figure.alt": "All that the drawing shows, in sentences.",
    "figure.shape": "ring, matrix or bars",
    "figure.series": "What is counted or named.",
    "figure.columns": "Of a matrix.",
    "mark.values": "For each column the numbers, one for each series.",
    "mark.names": "For each series who is named.",
    "mark.gap": "Said instead of the first names where there are none.",
    "mark.heads": "Only a label, for the marks that follow.",
    "table.widths": "Shares of the width of the text.",
}


def schema() -> dict[str, Any]:
    """The schema as JSON values."""
    parts = {_name(kind): _object(kind) for kind in sorted(set(_parts(Guide)), key=_name)}
    blocks = {"oneOf": [{"$ref": f"#/$defs/{_name(kind)}"} for kind in get_args(Block)]}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A country's guide to the use of migration data: one version in one language",
        "description": "What has its default is left out. Statements name the numbers of their sources.",
        **_object(Guide),
        "$defs": {"block": blocks, **parts},
    }


def _parts(kind: Any) -> Iterator[type]:
    """The classes that a guide is made of."""
    for each in get_type_hints(kind).values():
        for inner in _inner(each):
            yield inner
            yield from _parts(inner) if inner is not kind else ()


def _inner(kind: Any) -> Iterator[type]:
    if is_dataclass(kind) and isinstance(kind, type):
        yield kind
    for each in get_args(kind):
        yield from _inner(each)


def _name(kind: type) -> str:
    return kind.__name__.lower()


def _object(kind: type) -> dict[str, Any]:
    hints, name = get_type_hints(kind), _name(kind)
    named = {"kind": {"const": name}} if kind in get_args(Block) else {}
    properties = {one.name: _property(hints[one.name], one, f"{name}.{one.name}") for one in fields(kind)}
    return {
        "type": "object",
        "properties": {**named, **properties},
        "required": [*named, *(one.name for one in fields(kind) if one.default is MISSING)],
        "additionalProperties": False,
    }


def _property(kind: Any, field: Field[Any], name: str) -> dict[str, Any]:
    made = _type(kind)
    if name in _MEANINGS:
        made["description"] = _MEANINGS[name]
    if isinstance(field.default, str | bool | int | float):
        made["default"] = field.default
    return made


def _type(kind: Any) -> dict[str, Any]:
    if kind in _PLAIN:
        return dict(_PLAIN[kind])
    if kind == Block:
        return {"$ref": "#/$defs/block"}
    if is_dataclass(kind) and isinstance(kind, type):
        return {"$ref": f"#/$defs/{_name(kind)}"}
    if get_origin(kind) is tuple:
        return {"type": "array", "items": _type(get_args(kind)[0])}
    if get_origin(kind) is Mapping:
        return {"type": "object", "additionalProperties": _type(get_args(kind)[1])}
    return {"type": "string", "format": "date-time"}
