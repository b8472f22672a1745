"""Dossier + facts of the country → guide: the four sections, what the experts need, and the list of sources."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, time

from flows.country.accounts import accounts
from flows.country.dossier import Dossier, Voice
from flows.country.draft import (
    advice,
    contacts,
    cycle,
    decided,
    experts,
    figures,
    introducing,
    mapping,
    profile,
    references,
    spoken,
)
from flows.country.draft.desk import Desk
from flows.country.draft.edition import Edition, approvals, credits, front, status
from flows.country.draft.glance import exists, is_potential
from flows.country.draft.research import context, with_findings
from flows.country.guide import Block, Guide, Paragraph, Section, Source, Statement
from flows.country.outlines import CONCISE, FICHES, FIRST, Extent, Outline, as_published, numbers
from flows.i18n import FALLBACK, base, languages
from flows.knowledge import Country

LEADING_CHALLENGES = 3  # in the summary
MOST_URGENT = 8  # recommendations that a summary may repeat


def compile_guide(
    dossier: Dossier,
    country: Country,
    language: str,
    compiled_at: datetime,
    note: str = "",
    *,
    edition: Edition | None = None,
    outline: Outline = FIRST,
    extent: Extent = CONCISE,
) -> Guide:
    """The guide of `country` in `language` (BCP 47; French and English have catalogues, others become English), as
    known at `compiled_at`. `note` is printed on every page. Works without a single contribution.

    A draft for the experts; or as `edition` says, the version proposed for endorsement: then nothing in it depends on
    when it is compiled. `outline`: in which order and under which titles it is said. `extent`: whether the answers of
    each entity follow as an annex.
    """
    language = language if base(language) in languages() else FALLBACK
    final = edition is not None and edition.final
    desk = Desk(dossier, country, language, final)
    if edition is not None and final:
        compiled_at = datetime.combine(edition.dated, time(), UTC)
    names = country.forms(language)
    made = tuple(_sections(desk, outline, extent))
    arranged = as_published(made, _headings(desk)) if outline == "published" else made
    return Guide(
        country=country.code,
        country_name=names.name,
        language=language,
        title=desk.text("title", within=names.within, of=names.of, name=names.name),
        subtitle=desk.text("subtitle"),
        status=status(desk, compiled_at, edition),
        compiled_at=compiled_at,
        summary=tuple(_summary(desk, outline)),
        sections=(
            *arranged,
            *((*approvals(desk, edition), *credits(desk, edition)) if edition is not None else ()),
            *(() if final else (experts.section(desk, arranged, numbers(made, arranged)),)),
        ),
        sources=tuple(_source(desk, voice) for voice in (*dossier.voices, *dossier.others) if _is_cited(desk, voice)),
        withheld=dossier.withheld,
        labels={},
        form_version=", ".join(dict.fromkeys(voice.form_version for voice in dossier.voices)),
        note=note,
        front=tuple(front(desk, edition)) if edition is not None else (),
        version=edition.number if edition is not None else 0,
        final=final,
        outline=outline,
        extent=extent,
    )


def _sections(desk: Desk, outline: Outline, extent: Extent) -> Iterator[Section]:
    """All of them but what is for the experts, in the order and under the numbers of the outline of 2013."""
    yield from introducing.acronyms(desk)
    own = tuple(context(desk, always=outline == "published"))
    parts = (mapping.section(desk), cycle.section(desk, own), profile.section(desk), advice.section(desk))
    yield from with_findings(desk, parts)
    yield contacts.section(desk)
    yield from references.annex(desk)
    yield introducing.glossary(desk)
    if outline == "published":
        yield introducing.introduction(desk)
    yield from decided.annex(desk)
    if extent == "extended":
        yield spoken.annex(desk)


def _headings(desk: Desk) -> dict[str, Section]:
    """How the fiches of the published outline are called and introduced."""
    introductions = {"cycle": "fiche_intro_cycle", "overview": "intro_1", "profile": "fiche_intro_profile"}
    return {
        fiche.anchor: Section(
            fiche.anchor,
            desk.text("fiche", number=number),
            desk.text(f"fiche_{fiche.anchor}"),
            (desk.paragraph(introductions.get(fiche.anchor, "intro_4")),),
        )
        for number, fiche in enumerate(FICHES, start=1)
    }


def _is_cited(desk: Desk, voice: Voice) -> bool:
    """A proposal of desk research is a source of a draft only."""
    return not desk.final or voice.kind != "desk research" or voice.status == "confirmed"


def _summary(desk: Desk, outline: Outline) -> Iterator[Block]:
    dossier = desk.dossier
    if outline == FIRST:  # the other has an introduction that says so
        yield introducing.purpose(desk)
    for authority in dossier.authorities:
        if authority.institution is not None:
            yield Paragraph((desk.named("authority", authority.institution),))
    if dossier.voices or desk.has_workshop():
        yield desk.paragraph(desk.stage("found"), counts=desk.listed(_counts(desk)))
        yield from figures.participation(desk)
        yield from _challenges(desk)
        yield from _urgent(desk)
        yield desk.paragraph("dash", style="note")
    else:
        yield desk.gap("no_contributions")
        yield from figures.participation(desk)
    if dossier.restricted:
        yield desk.paragraph(desk.stage("restricted"), style="note", n=dossier.restricted)
    yield desk.paragraph("endorsement_recorded" if desk.final else "not_endorsed", style="note")


def _challenges(desk: Desk) -> Iterator[Block]:
    first = desk.dossier.challenges[:LEADING_CHALLENGES]
    if first:
        yield desk.paragraph("main_challenges")
        by = ([item.by for item in challenge.responses] for challenge in first)
        yield from desk.bullets(
            [Statement(desk.choice("challenge", challenge.name), tuple(dict.fromkeys(voices)))]
            for challenge, voices in zip(first, by, strict=True)
        )


def _urgent(desk: Desk) -> Iterator[Block]:
    """The recommendations of high priority, where they are few enough for a summary."""
    urgent = [
        item.text
        for item in desk.dossier.recommendations
        if item.text is not None and item.priority is not None and item.priority.value == "high"
    ]
    if 0 < len(urgent) <= MOST_URGENT:
        yield desk.paragraph("urgent")
        yield from desk.bullets([desk.say(said)] for said in urgent)
    elif urgent:
        yield desk.paragraph("many_urgent", n=len(urgent))


def _counts(desk: Desk) -> Iterator[str]:
    dossier = desk.dossier
    sources = accounts(dossier)
    existing, potential = sum(map(exists, sources)), sum(map(is_potential, sources))
    yield desk.text("count_contributions", n=len(dossier.voices))
    if sources:
        yield desk.text("count_sources", n=len(sources), existing=existing, potential=potential)
    else:
        yield desk.text("count_no_sources")
    found = (
        ("users", dossier.users),
        ("needs", dossier.needs),
        ("practices", dossier.practices),
        ("challenges", dossier.challenges),
        ("recommendations", dossier.recommendations),
    )
    for name, items in found:
        if items:
            yield desk.text(f"count_{name}", n=len(items))


def _source(desk: Desk, voice: Voice) -> Source:
    """Who said it, as far as the contributor agreed to be shown."""
    speaker = ", ".join(part for part in (voice.name, voice.function, voice.unit) if part)
    if voice.kind == "answer":
        speaker = speaker or desk.text(f"speaker_{'coordinator' if voice.role == 'coordinator' else 'official'}")
    return Source(
        voice.number,
        desk.text("workshop_participants") if voice.kind == "workshop" else desk.entity_name(voice),
        speaker,
        voice.language,
        voice.given_on,
        voice.form_version,
        voice.kind,
    )
