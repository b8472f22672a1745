"""Sources with all accounts of each: what several entities say of one source stands together, nothing of it lost."""

from __future__ import annotations

from itertools import combinations

from flows.country.differences import identity
from flows.country.dossier import Dossier
from flows.country.objects import DataSource
from flows.country.same_sources import together

Account = DataSource
"""What one entity says of a source."""


def accounts(dossier: Dossier) -> tuple[tuple[Account, ...], ...]:
    """The sources of a dossier, in the order of the first account of each.

    Two accounts are of one source where their names surely are, or where the coordinator decided so; where the
    coordinator found that practices differ, they stay two.
    """
    sources = dossier.sources
    joined: set[tuple[int, int]] = set()
    apart: set[tuple[int, int]] = set()
    for decided in dossier.decided:
        if decided.difference.kind == "same_source":
            sides = decided.difference.sides
            places = [place for place, source in enumerate(sources) if source.name is not None and source.name in sides]
            (joined if decided.one else apart).update(combinations(places, 2))
    names = [
        (source.name.value if source.name is not None else "", identity(dossier.voice(source.by))) for source in sources
    ]
    groups = together(names, surely=True, joined=sorted(joined), apart=apart)
    return tuple(tuple(sources[place] for place in group) for group in groups)
