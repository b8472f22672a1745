"""Section I: sources, users, needs, and the two focus subjects."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from flows.country.completeness import CLASSES, DOMAINS, in_cell
from flows.country.contribution import Said
from flows.country.draft.decided import decision, point
from flows.country.draft.desk import Desk, alike, lowered
from flows.country.guide import Block, Cell, Paragraph, Row, Section, Statement
from flows.country.names import folded
from flows.country.objects import DataSource


def section(desk: Desk) -> Section:
    """I. Overview of data and information sources."""
    return Section(
        "overview",
        "I",
        desk.text("section_1"),
        (desk.paragraph("intro_1"),),
        (
            Section("mapping", "I.1", desk.text("section_1_1"), tuple(_mapping(desk))),
            Section("details", "I.2", desk.text("section_1_2"), tuple(_details(desk))),
            Section("users", "I.3", desk.text("section_1_3"), tuple(_users(desk))),
            Section("needs", "I.4", desk.text("section_1_4"), tuple(_needs(desk))),
            Section("border", "I.5", desk.text("section_1_5"), tuple(_focus(desk, desk.dossier.border, "border"))),
            Section("crisis", "I.6", desk.text("section_1_6"), tuple(_focus(desk, desk.dossier.crisis, "crisis"))),
        ),
    )


def _mapping(desk: Desk) -> Iterator[Block]:
    rows: list[Row] = []
    introduced: set[tuple[int, str]] = set()
    for entity_class in CLASSES:
        rows.append(desk.heading(f"class_{entity_class}"))
        for domain in DOMAINS:
            label = desk.label("domain", domain)
            found = [item for item in desk.dossier.sources if in_cell(desk.dossier, item, entity_class, domain)]
            rows += _mapped(desk, label, found, introduced)
            if not found:
                rows.append(Row((label, Cell(gap=desk.text("no_source")), Cell())))
        rows += _other_domains(desk, entity_class, introduced)
    yield desk.table("mapping", rows, (19, 43, 38), ("domain", "entity_contact", "sources"))
    silent = [desk.entity(said.by) for said in desk.dossier.no_data if said.value == "no"]
    if silent:
        yield desk.paragraph("entities_without_data")
        yield from desk.bullets([statement] for statement in silent)


def _other_domains(desk: Desk, entity_class: str, introduced: set[tuple[int, str]]) -> Iterator[Row]:
    """Domains that entities proposed themselves, then sources of which no domain is known."""
    own = [item for item in desk.dossier.sources if _class_of(desk, item) == entity_class]
    others = [item for item in own if item.domains is not None and "other" in item.domains.values]
    for same in alike(others, lambda item: item.other_domain):
        proposed = same[0].other_domain
        domain = desk.cell(proposed) if proposed is not None else desk.label("domain", "other")
        yield from _mapped(desk, domain, same, introduced)
    unknown = [item for item in own if item.domains is None]
    yield from _mapped(desk, Cell(gap=desk.text("no_domain")), unknown, introduced)


def _class_of(desk: Desk, source: DataSource) -> str:
    return desk.voice(source.by).entity.entity_class or "gov"


def _mapped(desk: Desk, domain: Cell, sources: Iterable[DataSource], introduced: set[tuple[int, str]]) -> Iterator[Row]:
    """One row an entity. Its full name and a contact stand where they are `introduced`, later rows point there."""
    for own in alike(sources, lambda source: source.by):
        by = own[0].by
        contacts = {statement.text: statement for source in own for statement in desk.contact(source)}
        new = [statement for text, statement in contacts.items() if (by, text) not in introduced]
        known = (by, "") in introduced
        introduced |= {(by, ""), *((by, text) for text in contacts)}
        entity = desk.entity(by) if known else Statement(desk.entity_name(desk.voice(by)), (by,))
        more = [*new, *([desk.fixed("contact_above", by)] if len(new) < len(contacts) else [])]
        yield Row((domain, desk.cell(entity, *more), desk.cell(*(_stated(desk, source) for source in own))))


def _stated(desk: Desk, source: DataSource) -> Statement:
    """The name of a source with its status: existing or potential."""
    name = desk.source_name(source)
    if source.status is None:
        return name
    status = lowered(desk.shown(source.status))
    return replace(name, text=desk.text("source_status", name=name.text, status=status))


def _details(desk: Desk) -> Iterator[Block]:
    if not desk.dossier.sources:
        yield desk.gap("no_sources")
        return
    columns = ("source", "content", "kind_rhythm", "breakdown", "format_access", "sharing", "limits")
    rows = (_detail(desk, source) for source in desk.dossier.sources)
    yield desk.table("details", rows, (15, 20, 13, 12, 11, 14, 15), columns, wide=True)
    for decided in desk.dossier.decided:
        if decided.difference.kind == "same_source":
            yield Paragraph((point(desk, decided.difference), *decision(desk, decided)), "note")


def _detail(desk: Desk, source: DataSource) -> Row:
    rhythm: list[Statement] = []
    if source.period is not None:
        rhythm.append(
            desk.named("every_years", source.every)
            if source.every is not None and source.period.value == "every_n_years"
            else desk.say(source.period)
        )
    if source.year is not None:
        rhythm.append(desk.named("latest_year", source.year))
    return Row(
        (
            desk.cell(desk.source_name(source), desk.entity(source.by), *desk.files(source.url, source.file)),
            desk.cell(source.content),
            desk.cell(source.type, *rhythm),
            desk.cell(source.breakdown, _sex_age(desk, source.breakdown)),
            desk.cell(source.format, source.system, source.access),
            desk.cell(source.sharing, source.shared_with),
            desk.cell(source.limits, source.missing),
        )
    )


def _sex_age(desk: Desk, breakdown: Said | None) -> Statement | None:
    if breakdown is None or {"sex", "age"} <= set(breakdown.values):
        return None
    return desk.fixed("not_by_sex_and_age", breakdown.by)


def _users(desk: Desk) -> Iterator[Block]:
    rows = tuple(
        Row(
            (
                desk.cell(desk.institution(item.entity)),
                desk.cell(item.purpose),
                desk.cell(item.source),
                desk.cell(item.frequency),
            )
        )
        for item in desk.dossier.users
    )
    if not rows:
        yield desk.gap("no_users")
        return
    yield desk.table("users", rows, (30, 28, 28, 14), ("user", "purpose", "source", "frequency"))


def _needs(desk: Desk) -> Iterator[Block]:
    order = {domain: index for index, domain in enumerate(DOMAINS)}
    needs = sorted(desk.dossier.needs, key=lambda item: order.get(item.domain.value if item.domain else "", 9))
    rows = tuple(Row((desk.cell(item.domain), desk.cell(item.need), desk.cell(desk.entity(item.by)))) for item in needs)
    if not rows:
        yield desk.gap("no_needs")
        return
    yield desk.table("needs", rows, (22, 50, 28), ("domain", "need", "entity"))


def _focus(desk: Desk, answers: tuple[Said, ...], domain: str) -> Iterator[Block]:
    """What was said of the subject, then the sources that belong to it."""
    for said in answers:
        name = desk.entity_name(desk.voice(said.by))
        yield Paragraph((Statement(desk.text("according_to", entity=name)),))
        yield Paragraph((desk.say(said),), "quote")
    if domain in desk.dossier.reserved:
        yield desk.gap(desk.stage("focus_reserved"))
    elif not answers:
        yield desk.gap(f"no_{domain}_answer")
    own = [item for item in desk.dossier.sources if item.domains is not None and domain in item.domains.values]
    if own:
        yield desk.paragraph(f"{domain}_sources")
        yield from desk.bullets([_owned(desk, same[0])] for same in alike(own, lambda item: (_key(item), item.by)))


def _key(source: DataSource) -> str:
    return folded(source.name.value) if source.name is not None else str(source.row)


def _owned(desk: Desk, source: DataSource) -> Statement:
    name = desk.source_name(source)
    return replace(name, text=desk.text("source_of", name=name.text, entity=desk.short_name(desk.voice(source.by))))
