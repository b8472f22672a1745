"""Places: areas, distances, and whether a point lies within a shape.

A point is written "latitude longitude altitude accuracy".
"""

from __future__ import annotations

import math
from itertools import pairwise

from flows.interview.logic.environment import eager
from flows.interview.logic.functions.numeric import half_up
from flows.interview.logic.values import NAN, Value, number_from_text, strings

RADIUS = 6378100.0  # metres, of the earth at the equator, as ODK has it
Point = tuple[float, float]


def _point(text: str) -> Point | None:
    parts = text.split()
    if not 2 <= len(parts) <= 4:
        return None
    latitude, longitude = number_from_text(parts[0]), number_from_text(parts[1])
    if not (abs(latitude) <= 90 and abs(longitude) <= 180):
        return None
    return latitude, longitude


def _line(texts: list[str]) -> list[Point] | None:
    if len(texts) == 1:
        texts = [part for part in texts[0].split(";") if part.strip()]
    points = [_point(text) for text in texts]
    whole = [point for point in points if point is not None]
    return whole if len(whole) == len(points) and len(whole) >= 2 else None


def _centimetres(metres: float) -> float:
    return abs(half_up(metres * 100) / 100)


def _area(value: Value) -> Value:
    line = _line(strings(value))
    if line is None or len(line) < 3:
        return 0.0
    total = 0.0
    closed = line if line[0] == line[-1] else [*line, line[0]]
    for start, end in pairwise(closed):
        total += math.radians(end[1] - start[1]) * (
            2 + math.sin(math.radians(end[0])) + math.sin(math.radians(start[0]))
        )
    return _centimetres(total * RADIUS * RADIUS / 2)


def _between(start: Point, end: Point) -> float:
    north, south = math.radians(start[0]), math.radians(end[0])
    gap = math.radians(start[1] - end[1])
    cosine = math.sin(north) * math.sin(south) + math.cos(north) * math.cos(south) * math.cos(gap)
    return math.acos(max(-1.0, min(1.0, cosine))) * RADIUS


def _distance(*values: Value) -> Value:
    line = _line([text for value in values for text in strings(value)])
    if line is None:
        return NAN
    return _centimetres(sum(_between(start, end) for start, end in pairwise(line)))


def _geofence(place: Value, shape: Value) -> Value:
    places, shapes = strings(place), strings(shape)
    point = _point(places[0]) if places else None
    ring = _line(shapes[:1]) if shapes and shapes[0] else None
    if point is None or ring is None or ring[0] != ring[-1]:
        return False
    latitude, longitude = point
    inside = False
    for one, two in pairwise(ring):
        if (two[0] > latitude) != (one[0] > latitude) and longitude < (one[1] - two[1]) * (latitude - two[0]) / (
            one[0] - two[0]
        ) + two[1]:
            inside = not inside
    return inside


FUNCTIONS = {
    "area": eager(_area, 1),
    "distance": eager(_distance, 1, None),
    "geofence": eager(_geofence, 2),
}
