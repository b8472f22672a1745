"""A guide as it stands, edited perhaps, taken as another version: numbered again, or proposed for endorsement."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, time
from functools import cache

from flows.country.dossier import Dossier
from flows.country.draft.desk import Desk
from flows.country.draft.edition import Edition, approvals, front, status
from flows.country.guide import Guide, Statement
from flows.country.walking import EXPERTS, changed, statements
from flows.i18n import text
from flows.knowledge import country

_MANY = 987654321  # stands for the number of a sentence in the plural
_REWORDED = (
    ("found", "found_final"),
    ("not_endorsed", "endorsement_recorded"),
    ("focus_reserved", "focus_reserved_final"),
    ("restricted", "restricted_final"),
)
"""What a draft says of itself, and what is said instead in the version proposed for endorsement."""


def as_edition(guide: Guide, edition: Edition, made_at: datetime) -> Guide:
    """`guide` as the version `edition`: its forewords and approvals in place of those that were there.

    A final one has nothing for the experts, no source that only they were shown, and no sentence of ours that calls it
    a draft; what somebody else wrote is left as it is.
    """
    desk = Desk(Dossier(guide.country), country(guide.country), guide.language, edition.final)
    at = datetime.combine(edition.dated, time(), UTC) if edition.final else made_at
    kept = [section for section in guide.sections if section.anchor not in (EXPERTS, "approvals")]
    experts = [section for section in guide.sections if section.anchor == EXPERTS and not edition.final]
    made = replace(
        guide,
        status=status(desk, at, edition),
        compiled_at=at,
        front=tuple(front(desk, edition)),
        sections=(*kept, *approvals(desk, edition), *experts),
        version=edition.number,
        final=edition.final,
    )
    return _finished(made) if edition.final else made


def _finished(guide: Guide) -> Guide:
    made = changed(guide, lambda statement: _reworded(statement, guide.language))
    cited = {number for statement in statements(made) for number in statement.sources}
    return replace(
        made, sources=tuple(one for one in guide.sources if one.kind != "desk research" or one.number in cited)
    )


def _reworded(statement: Statement, language: str) -> Statement:
    for pattern, key in _patterns(language):
        found = pattern.fullmatch(statement.text)
        if found is not None:
            values = found.groupdict()
            number = int(values.pop("n")) if "n" in values else None
            return replace(statement, text=text(f"guide.{key}", language, number, **values))
    return statement


@cache
def _patterns(language: str) -> tuple[tuple[re.Pattern[str], str], ...]:
    """Our sentences of a draft, as patterns that find their values."""
    return tuple((_pattern(sentence), final) for draft, final in _REWORDED for sentence in _forms(draft, language))


def _forms(key: str, language: str) -> Iterator[str]:
    """The sentence as the catalogue has it, with its places for values; in the plural too where it counts."""
    one = text(f"guide.{key}", language)
    yield one
    if "{n}" in one:
        yield text(f"guide.{key}", language, _MANY).replace(str(_MANY), "{n}")


def _pattern(sentence: str) -> re.Pattern[str]:
    parts = re.split(r"\{(\w+)\}", sentence)
    for place in range(1, len(parts), 2):
        parts[place] = f"(?P<{parts[place]}>{'[0-9]+' if parts[place] == 'n' else '.*'})"
    parts[::2] = map(re.escape, parts[::2])
    return re.compile("".join(parts), re.DOTALL)
