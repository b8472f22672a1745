"""The shapes of the countries on a map: GeoJSON geometry, and the same as outlines on a sheet of paper.

The data, where they come from and what they leave out: `countries/shapes.json`, `countries/shapes.md`.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from math import cos, radians, sin, sqrt
from typing import Any

Point = tuple[float, float]
Ring = tuple[Point, ...]
CENTRE = (14.0, 29.0)
"""Longitude and latitude of the middle of the map, where nothing is distorted."""
WIDE, HIGH = 690.0, 1000.0
"""Of the sheet that `Outline` is drawn on."""
_SCALE, _ACROSS, _DOWN = 662.0, 440.0, 504.0
SMALL = 60.0
"""Square units of the sheet below which a country needs a mark to be seen."""


@dataclass(frozen=True, slots=True)
class Outline:
    """A country on the sheet: its rings, and where a mark for it stands. `small`: too small to be seen without."""

    rings: tuple[Ring, ...]
    mark: Point
    small: bool


def geometry(code: str) -> Mapping[str, Any]:
    """The GeoJSON geometry of a country (ISO 3166-1 alpha-3). Raises `KeyError`."""
    return _read()[0][code]


@cache
def outlines() -> Mapping[str, Outline]:
    """Every country on the sheet, by code: equal areas on earth are equal areas on it."""
    return {code: _outline(code) for code in _read()[0]}


@cache
def around() -> tuple[Ring, ...]:
    """The land of no partner, on the sheet, without borders."""
    return tuple(_drawn(ring) for ring in _read()[1])


def path(rings: Sequence[Ring]) -> str:
    """Rings as the path data of SVG."""
    return "".join(f"M{'L'.join(f'{x:g},{y:g}' for x, y in ring[:-1])}Z" for ring in rings)


def _outline(code: str) -> Outline:
    polygons = geometry(code)["coordinates"]
    largest = max((_drawn(polygon[0]) for polygon in polygons), key=lambda ring: abs(_area(ring)))
    rings = tuple(ring for polygon in polygons for ring in map(_drawn, polygon))
    whole = sum(_area(ring) for ring in rings)
    if abs(whole) < SMALL:
        every = [point for ring in rings for point in ring]
        x, y = zip(*every, strict=True)
        return Outline(rings, ((min(x) + max(x)) / 2, (min(y) + max(y)) / 2), True)
    return Outline(rings, _middle(largest), False)


def _drawn(ring: Sequence[Sequence[float]]) -> Ring:
    return tuple(_projected(point[0], point[1]) for point in ring)


def _projected(longitude: float, latitude: float) -> Point:
    """Lambert's azimuthal projection of equal area, on a sphere."""
    east, north, middle = radians(longitude - CENTRE[0]), radians(latitude), radians(CENTRE[1])
    stretch = sqrt(2 / (1 + sin(middle) * sin(north) + cos(middle) * cos(north) * cos(east)))
    x = stretch * cos(north) * sin(east)
    y = stretch * (cos(middle) * sin(north) - sin(middle) * cos(north) * cos(east))
    return round(_ACROSS + _SCALE * x, 1), round(_DOWN - _SCALE * y, 1)


def _area(ring: Ring) -> float:
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in itertools.pairwise(ring)) / 2


def _middle(ring: Ring) -> Point:
    """The centre of gravity of a ring."""
    pairs = [(a, b, a[0] * b[1] - b[0] * a[1]) for a, b in itertools.pairwise(ring)]
    area = sum(part for _, _, part in pairs) * 3
    x = sum((a[0] + b[0]) * part for a, b, part in pairs) / area
    y = sum((a[1] + b[1]) * part for a, b, part in pairs) / area
    return round(x, 1), round(y, 1)


@cache
def _read() -> tuple[Mapping[str, Mapping[str, Any]], tuple[Sequence[Sequence[float]], ...]]:
    data = json.loads(files("flows").joinpath("countries", "shapes.json").read_text("utf-8"))
    found = {one["properties"]["iso_a3"]: one["geometry"] for one in data["features"]}
    return found, tuple(data["around"])


def codes() -> Iterator[str]:
    """The codes of all countries that have a shape."""
    yield from _read()[0]
