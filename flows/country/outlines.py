"""The outlines of a guide: that of 2013 (domain.md §1.2), and that of the published guides (domain.md §2.1); and its
extents.

Both have the same sections with the same anchors; an outline says in which order they stand, and under which numbers
and titles. Sections are made under the numbers of 2013, which questions and findings name too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Literal, get_args

from flows.country.guide import Section

Outline = Literal["2013", "published"]
OUTLINES: tuple[Outline, ...] = get_args(Outline)
FIRST: Outline = "2013"
"""The outline of a country that chose none."""

Extent = Literal["concise", "extended"]
"""How much a guide says: what was made of the answers, or the answers of each entity as an annex too."""
EXTENTS: tuple[Extent, ...] = get_args(Extent)
CONCISE: Extent = "concise"
"""The extent of a country that chose none."""


@dataclass(frozen=True, slots=True)
class Fiche:
    """One of the four parts of the published outline: `anchor` of the section of 2013 whose own text it takes over,
    and the anchors of its sections, in order."""

    anchor: str
    parts: tuple[str, ...]


FICHES = (
    Fiche("cycle", ("context", "policy", "stages", "coordination")),
    Fiche("overview", ("mapping", "details", "users", "needs", "border", "crisis")),
    Fiche("profile", ("actions", "contents", "group", "practices", "matrix")),
    Fiche("advice", ("recommendations", "training")),
)
_BEFORE = ("acronyms", "glossary", "introduction")
"""What stands before the fiches, where there is such a section."""


def named(name: str) -> Outline | None:
    """The outline called `name`."""
    return next((each for each in OUTLINES if each == name), None)


def as_published(sections: Iterable[Section], headings: Mapping[str, Section]) -> tuple[Section, ...]:
    """Sections numbered and ordered as in 2013, in the published outline.

    `headings`: number and title of each fiche, and the blocks that replace its first paragraph, by anchor. What has no
    place in this outline keeps its own: a section inside a part stays there, others follow the fiches.
    """
    made = tuple(sections)
    found = {section.anchor: section for section in _each(made)}
    before = [found[anchor] for anchor in _BEFORE if anchor in found]
    fiches = [_fiche(at, fiche, found, headings[fiche.anchor]) for at, fiche in enumerate(FICHES, start=1)]
    taken = {*_BEFORE, *(fiche.anchor for fiche in FICHES)}
    return (*before, *fiches, *(section for section in made if section.anchor not in taken))


def numbers(before: Iterable[Section], after: Iterable[Section]) -> dict[str, str]:
    """The number of each section of `before` → the number that it has in `after`."""
    now = {section.anchor: section.number for section in _each(after)}
    return {section.number: now[section.anchor] for section in _each(before) if section.number}


def _fiche(at: int, fiche: Fiche, found: Mapping[str, Section], heading: Section) -> Section:
    own = found[fiche.anchor]
    known = {anchor for each in FICHES for anchor in each.parts}
    parts = [*map(found.__getitem__, fiche.parts), *(part for part in own.sections if part.anchor not in known)]
    return replace(
        own,
        number=heading.number,
        title=heading.title,
        blocks=(*heading.blocks, *own.blocks[1:]),
        sections=tuple(replace(part, number=f"{at}.{place}") for place, part in enumerate(parts, start=1)),
    )


def _each(sections: Iterable[Section]) -> Iterator[Section]:
    for section in sections:
        yield section
        yield from _each(section.sections)
