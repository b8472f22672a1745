"""Shapes: all 57 countries have one, drawn as GeoJSON asks, the smallest as well."""

from __future__ import annotations

import json
from importlib.resources import files
from itertools import pairwise

import pytest

from flows import shapes
from flows.knowledge import countries

EVERY = [one.code for one in countries()]
LARGEST = 300_000  # bytes


def area(ring: list[list[float]]) -> float:
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise(ring)) / 2


def test_every_country_of_the_dialogue_has_a_shape_and_no_other() -> None:
    assert len(EVERY) == 57
    assert sorted(shapes.codes()) == sorted(EVERY)
    assert files("flows").joinpath("countries", "shapes.json").read_bytes().__len__() < LARGEST


@pytest.mark.parametrize("code", EVERY)
def test_rings_are_closed_and_turn_as_geojson_asks(code: str) -> None:
    found = shapes.geometry(code)
    assert found["type"] == "MultiPolygon"
    assert found["coordinates"]
    for polygon in found["coordinates"]:
        for place, ring in enumerate(polygon):
            assert len(ring) >= 4
            assert ring[0] == ring[-1]
            assert len({tuple(point) for point in ring}) >= 3
            assert all(-32 <= x <= 46 and -15 <= y <= 72 for x, y in ring)
            assert (area(ring) > 0) == (place == 0)


@pytest.mark.parametrize("code", ["CPV", "STP", "MLT"])
def test_the_smallest_states_are_there_and_bear_a_mark(code: str) -> None:
    one = shapes.outlines()[code]
    assert one.rings
    assert one.small


def test_every_country_is_drawn_on_the_sheet_and_its_mark_too() -> None:
    for one in shapes.outlines().values():
        for x, y in (*(point for ring in one.rings for point in ring), one.mark):
            assert 0 < x < shapes.WIDE
            assert 0 < y < shapes.HIGH


def test_equal_areas_on_earth_are_equal_areas_on_the_map() -> None:
    def drawn(code: str) -> float:
        return abs(sum(area([list(point) for point in ring]) for ring in shapes.outlines()[code].rings))

    # 2,344,858 and 450,295 square kilometres
    assert drawn("COD") / drawn("SWE") == pytest.approx(2_344_858 / 450_295, rel=0.05)


def test_the_source_and_its_licence_stand_beside_the_data() -> None:
    folder = files("flows").joinpath("countries")
    assert "public domain" in folder.joinpath("shapes.md").read_text("utf-8")
    assert "public domain" in json.loads(folder.joinpath("shapes.json").read_text("utf-8"))["source"]


def test_there_is_land_around() -> None:
    assert len(shapes.around()) > 10
