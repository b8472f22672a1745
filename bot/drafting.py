"""Use case: the draft of a country's guide as it would be now, written to a folder without becoming a version."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

from bot.acting import Services
from bot.documents import Format, render
from bot.documents.provenance import Provenance
from bot.editions import compiled, gather_basis
from bot.gathering import Progress
from bot.guides import sources_xlsx
from bot.writing import write
from db.database import Store
from flows import knowledge
from flows.country.outlines import Extent, Outline

DraftFormat = Literal[Format, "xlsx"]
"""The guide as a document, or its mapping of sources as a spreadsheet."""


@dataclass(frozen=True, slots=True)
class Compiled:
    """The files written, and how much did not go into them. `others`: interviews held with another form."""

    files: tuple[Path, ...]
    contributions: int
    unsubmitted: int
    withheld: int
    withdrawn: int
    others: int


async def compile_draft(
    services: Services,
    store: Store,
    country: str,
    language: str,
    formats: Sequence[DraftFormat],
    out: Path,
    now: datetime,
    progress: Progress = lambda done, total: None,
    note: str = "",
    *,
    outline: Outline | None = None,
    extent: Extent | None = None,
    comments: bool = False,
) -> Compiled:
    """Compile the draft of `country` (alpha-2 or alpha-3) in `language` and write it to the folder `out`.

    What `/compile` would say in the conversation: submitted contributions, desk research, outcomes of workshops. `note`
    stands on every page; `outline`, `extent`: the country's own where none is given; `comments`: the Word file tells
    where each paragraph comes from; all files are written, or none. Raises `UnknownCountry`, `Unreadable`, `OSError`.
    """
    place = knowledge.country(country)
    basis = await gather_basis(services, store, place.code, now, accepted=False, progress=progress)
    guide = await asyncio.to_thread(
        compiled, basis, language, now, 0, final=False, outline=outline, extent=extent, note=note
    )
    told = Provenance(guide, basis.dossier) if comments else None
    files = {
        out / f"{place.code}-{language}-draft.{format}": sources_xlsx(basis.dossier, place, guide)
        if format == "xlsx"
        else render(guide, format, told if format == "docx" else None)
        for format in formats
    }
    out.mkdir(parents=True, exist_ok=True)
    write(files, private=True)
    used = len(basis.dossier.voices)
    return Compiled(
        files=tuple(files),
        contributions=used,
        unsubmitted=len(basis.gathered.voices) - used,
        withheld=basis.dossier.withheld,
        withdrawn=basis.gathered.withdrawn,
        others=len(basis.gathered.others),
    )
