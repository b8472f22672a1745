"""What a reader needs before the four parts: acronyms, the glossary, and the introduction of the published outline."""

from __future__ import annotations

from collections.abc import Iterator

from flows.country.completeness import acronyms_in, texts_of
from flows.country.draft.desk import Desk
from flows.country.glossary import terms_in
from flows.country.guide import Cell, Paragraph, Row, Section, Statement
from flows.country.spelt_out import spelt_out
from flows.i18n import text

KNOWN = (
    *("CEDEAO", "ECOWAS", "EU", "FIIAPP", "GCM", "GIS", "HCR", "ICMPD", "IOM", "MICIC", "NGO", "OIM", "ONG", "ONU"),
    *("PMM", "SIG", "UE", "UN", "UNHCR"),
)
"""Acronyms that every guide may use: what they stand for is in the catalogue `glossary`."""
TERMS: tuple[tuple[str, str], ...] = (
    ("coordinating_authority", "activity"),
    ("policy_cycle", "activity"),
    ("evidence", "activity"),
    ("disaggregation", "own"),
    ("endorsement", "activity"),
    ("border", "activity"),
    ("working_group", "activity"),
    ("crisis", "activity"),
    ("development", "activity"),
    ("global_compact", "compact"),
    ("cadiz", "cadiz"),
    ("profile", "iom"),
    ("register", "own"),
    ("source", "own"),
)
"""The terms of the exercise, in every glossary, and where what is said of each comes from."""


def acronyms(desk: Desk) -> Iterator[Section]:
    """The acronyms of entities, which stand in the tables, the well-known ones that answers use, and those that answers
    spell out."""
    entries = {
        voice.entity.acronym: desk.fixed("acronym", voice.number, acronym=voice.entity.acronym, name=voice.entity.name)
        for voice in reversed(desk.dossier.voices)
        if voice.entity.acronym and voice.entity.name
    }
    used = acronyms_in(desk.dossier)
    for acronym in KNOWN:
        if acronym in used and acronym not in entries:
            name = text(f"glossary.acronym_{acronym}", desk.language)
            entries[acronym] = desk.fixed("acronym", acronym=acronym, name=name)
    for acronym, (name, said) in spelt_out(texts_of(desk.dossier)).items():
        if acronym not in entries and acronym not in KNOWN:
            entries[acronym] = Statement(
                desk.text("acronym", acronym=acronym, name=name), (said.by,), "", said.question
            )
    if entries:
        blocks = desk.bullets([entries[acronym]] for acronym in sorted(entries))
        yield Section("acronyms", "", desk.text("section_acronyms"), blocks)


def glossary(desk: Desk) -> Section:
    """The terms of the exercise and those of migration that the answers use, in the order of the alphabet, each with
    what it means here and whose words these are."""

    def said(key: str) -> str:
        return text(f"glossary.{key}", desk.language)

    rows = [
        Row(tuple(Cell((Statement(said(key)),)) for key in (f"term_{term}", f"define_{term}", f"source_{origin}")))
        for term, origin in (*TERMS, *terms_in(_written(desk)))
    ]
    rows.sort(key=lambda row: row.cells[0].statements[0].text.casefold().replace("é", "e"))
    table = desk.table("glossary", rows, (21, 58, 21), ("term", "meaning", "origin"))
    return Section("glossary", "", desk.text("section_glossary"), (table,))


def _written(desk: Desk) -> Iterator[str]:
    """What entities wrote, and what desk research found and they confirmed."""
    yield from (said.value for said in texts_of(desk.dossier))
    yield from (cited.finding.text for cited in desk.dossier.findings if cited.finding.status == "confirmed")


def introduction(desk: Desk) -> Section:
    """Of the published outline: what the guide is for, how it was made, what it holds, how it is kept up to date."""
    blocks = (purpose(desk), desk.paragraph("introduction_method"), desk.paragraph("introduction_parts"))
    return Section("introduction", "", desk.text("section_introduction"), blocks)


def purpose(desk: Desk) -> Paragraph:
    """What a guide is for."""
    names = desk.country.forms(desk.language)
    return desk.paragraph("purpose", within=names.within, of=names.of)
