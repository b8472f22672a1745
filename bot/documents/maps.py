"""A map of the dialogue's countries as SVG: shades from light to dark, told apart in black and white as well."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from flows import shapes

SHADES = ("#dbe8f4", "#b0d0ea", "#7fb2dc", "#4788bd", "#1f5a8c", "#0b2540")
"""From the first step to the last."""
SEA, LAND, PARTNER, LINE = "#f4f8fb", "#e6e6e3", "#ffffff", "#8a96a5"
RADIUS = 7.0
"""Of the mark of a country too small to be seen."""


def svg(shades: Mapping[str, int]) -> str:
    """The map as a picture that stands for itself. `shades`: country → place in `SHADES`; other partners are white."""
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {shapes.WIDE:g} {shapes.HIGH:g}"'
    size = f' width="{shapes.WIDE:g}" height="{shapes.HIGH:g}">'
    return f"{head}{size}{ground()}{''.join(drawn(shades))}</svg>"


def ground() -> str:
    """Sea and the land of no partner."""
    sea = f'<rect width="{shapes.WIDE:g}" height="{shapes.HIGH:g}" fill="{SEA}"/>'
    return f'{sea}<path d="{shapes.path(shapes.around())}" fill="{LAND}" fill-rule="evenodd"/>'


def drawn(shades: Mapping[str, int]) -> Iterator[str]:
    """Every country, those that are not shaded first."""
    for code in sorted(shapes.codes(), key=lambda one: (one in shades, one)):
        yield country(code, shades.get(code))


def country(code: str, shade: int | None) -> str:
    """One country, with a mark where it is too small to be seen without."""
    one = shapes.outlines()[code]
    fill = PARTNER if shade is None else SHADES[shade]
    look = f'fill="{fill}" stroke="{LINE}" stroke-width="0.9" stroke-linejoin="round"'
    found = f'<path d="{shapes.path(one.rings)}" fill-rule="evenodd" {look}/>'
    if one.small:
        found += f'<circle cx="{one.mark[0]:g}" cy="{one.mark[1]:g}" r="{RADIUS:g}" {look}/>'
    return found
