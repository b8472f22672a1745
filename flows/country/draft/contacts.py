"""The annex of contacts, made of what the contributors agreed to have published."""

from __future__ import annotations

from collections.abc import Iterator

from flows.country.completeness import CLASSES
from flows.country.differences import identity
from flows.country.dossier import Voice
from flows.country.draft.desk import Desk, alike
from flows.country.guide import Block, Cell, Row, Section, Statement


def section(desk: Desk) -> Section:
    """Entity by entity, those of the government first."""
    return Section("contacts", "", desk.text("section_contacts"), tuple(_contacts(desk)))


def _contacts(desk: Desk) -> Iterator[Block]:
    rows: list[Row] = []
    for entity_class in CLASSES:
        own = [voice for voice in desk.dossier.voices if (voice.entity.entity_class or "gov") == entity_class]
        if own:
            rows.append(desk.heading(f"class_{entity_class}"))
        for voices in alike(own, identity):
            rows += _of_entity(desk, voices)
    if not rows:
        yield desk.gap("no_contacts")
        return
    yield desk.paragraph("contacts_intro")
    yield desk.table("contacts", rows, (36, 34, 30), ("entity", "contact", "reached"))


def _of_entity(desk: Desk, voices: list[Voice]) -> Iterator[Row]:
    """A row for each contact that may be shown, the entity named in the first; one row that says so where none may."""
    by = tuple(voice.number for voice in voices)
    name = Cell((Statement(desk.entity_name(voices[0]), by),))
    shown = [contact for voice in voices for contact in dict.fromkeys(_of_voice(desk, voice))]
    for who, how in shown:
        yield Row((name, who, how))
        name = Cell()
    if not shown:
        private = all(voice.publication == "none" for voice in voices)
        yield Row((name, Cell(gap=desk.text("contact_private" if private else "no_contact")), Cell()))


def _of_voice(desk: Desk, voice: Voice) -> Iterator[tuple[Cell, Cell]]:
    """The contributor, then the other units that they named for their sources."""
    who = [part for part in (voice.name, voice.function, voice.unit) if part]
    how = [part for part in (voice.email, voice.phone) if part]
    if who or how:
        yield _cell(desk, who, voice.number), _cell(desk, how, voice.number)
    if voice.publication == "none":
        return
    for source in desk.dossier.sources:
        if source.by != voice.number or source.same_unit is None or source.same_unit.value != "other":
            continue
        said = [desk.say(one) for one in (source.email, source.phone) if one is not None]
        if source.unit is not None or said:
            yield desk.cell(source.unit), desk.cell(*said)


def _cell(desk: Desk, parts: list[str], by: int) -> Cell:
    return desk.cell(*(Statement(part, (by,)) for part in parts))
