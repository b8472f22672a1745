"""Dossier + facts of the country → guide: the four sections, what the experts need, and the list of sources."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from flows.country.dossier import Dossier, Voice
from flows.country.draft import advice, cycle, experts, mapping, profile
from flows.country.draft.desk import Desk
from flows.country.guide import Block, Bullets, Cell, Guide, Paragraph, Source, Statement
from flows.i18n import FALLBACK, base, languages
from flows.knowledge import Country


def compile_guide(dossier: Dossier, country: Country, language: str, compiled_at: datetime) -> Guide:
    """The draft of the guide of `country` in `language` (BCP 47; French and English have catalogues, others become
    English), as known at `compiled_at`. Works for a dossier without a single contribution."""
    language = language if base(language) in languages() else FALLBACK
    desk = Desk(dossier, country, language)
    names = country.forms(language)
    return Guide(
        country=country.code,
        country_name=names.name,
        language=language,
        title=desk.text("title", within=names.within, of=names.of, name=names.name),
        subtitle=desk.text("subtitle"),
        status=desk.text("status", date=desk.date(compiled_at.date().isoformat())),
        compiled_at=compiled_at,
        summary=tuple(_summary(desk)),
        sections=(
            mapping.section(desk),
            cycle.section(desk),
            profile.section(desk),
            advice.section(desk),
            *experts.sections(desk),
        ),
        sources=tuple(_source(desk, voice) for voice in dossier.voices),
        withheld=dossier.withheld,
        labels={},
        form_version=", ".join(dict.fromkeys(voice.form_version for voice in dossier.voices)),
    )


def _summary(desk: Desk) -> Iterator[Block]:
    dossier = desk.dossier
    names = desk.country.forms(desk.language)
    yield desk.paragraph("purpose", within=names.within, of=names.of)
    for authority in dossier.authorities:
        if authority.institution is not None:
            yield Paragraph((desk.named("authority", authority.institution),))
    if dossier.voices:
        yield desk.paragraph("found")
        yield Bullets(tuple(Cell((statement,)) for statement in _counts(desk)))
    else:
        yield desk.gap("no_contributions")
    if dossier.restricted:
        yield desk.paragraph("restricted", style="note", n=dossier.restricted)
    yield desk.paragraph("not_endorsed", style="note")


def _counts(desk: Desk) -> Iterator[Statement]:
    dossier = desk.dossier
    existing = sum(1 for item in dossier.sources if item.status is not None and item.status.value == "existing")
    potential = sum(1 for item in dossier.sources if item.status is not None and item.status.value == "potential")
    yield desk.fixed("count_contributions", n=len(dossier.voices))
    yield desk.fixed("count_sources", n=len(dossier.sources), existing=existing, potential=potential)
    yield desk.fixed("count_users", n=len(dossier.users))
    yield desk.fixed("count_needs", n=len(dossier.needs))
    yield desk.fixed("count_practices", n=len(dossier.practices))
    yield desk.fixed("count_challenges", n=len(dossier.challenges))
    yield desk.fixed("count_recommendations", n=len(dossier.recommendations))


def _source(desk: Desk, voice: Voice) -> Source:
    """Who said it, as far as the contributor agreed to be shown."""
    speaker = ", ".join(part for part in (voice.name, voice.function, voice.unit) if part)
    return Source(
        voice.number,
        desk.entity_name(voice),
        speaker or desk.text(f"speaker_{'coordinator' if voice.role == 'coordinator' else 'official'}"),
        voice.language,
        voice.given_on,
        voice.form_version,
    )
