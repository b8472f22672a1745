"""Section I: sources, users, needs, and the two focus subjects."""

from __future__ import annotations

from collections.abc import Iterator

from flows.country.completeness import CLASSES, DOMAINS, in_cell
from flows.country.contribution import Said
from flows.country.draft.desk import Desk
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
    for entity_class in CLASSES:
        rows.append(desk.heading(f"class_{entity_class}"))
        for domain in DOMAINS:
            found = [item for item in desk.dossier.sources if in_cell(desk.dossier, item, entity_class, domain)]
            rows += [_mapped(desk, desk.label("domain", domain), item) for item in found]
            if not found:
                rows.append(Row((desk.label("domain", domain), Cell(gap=desk.text("no_source")), Cell(), Cell())))
        rows += _other_domains(desk, entity_class)
    yield desk.table("mapping", rows, (20, 32, 34, 14), ("domain", "source", "entity_contact", "status"))
    silent = [desk.entity(said.by) for said in desk.dossier.no_data if said.value == "no"]
    if silent:
        yield desk.paragraph("entities_without_data")
        yield from desk.bullets([statement] for statement in silent)


def _other_domains(desk: Desk, entity_class: str) -> Iterator[Row]:
    """Domains that entities proposed themselves, then sources of which no domain is known."""
    own = [item for item in desk.dossier.sources if _class_of(desk, item) == entity_class]
    for item in (item for item in own if item.domains is not None and "other" in item.domains.values):
        domain = desk.cell(item.other_domain) if item.other_domain is not None else desk.label("domain", "other")
        yield _mapped(desk, domain, item)
    for item in (item for item in own if item.domains is None):
        yield _mapped(desk, Cell(gap=desk.text("no_domain")), item)


def _class_of(desk: Desk, source: DataSource) -> str:
    return desk.voice(source.by).entity.entity_class or "gov"


def _mapped(desk: Desk, domain: Cell, source: DataSource) -> Row:
    return Row(
        (
            domain,
            desk.cell(desk.source_name(source)),
            desk.cell(desk.entity(source.by), *(desk.contact(source) or [desk.fixed("no_contact", source.by)])),
            desk.cell(source.status),
        )
    )


def _details(desk: Desk) -> Iterator[Block]:
    if not desk.dossier.sources:
        yield desk.gap("no_sources")
        return
    columns = ("source", "content", "kind_rhythm", "breakdown", "format_access", "sharing", "limits")
    rows = (_detail(desk, source) for source in desk.dossier.sources)
    yield desk.table("details", rows, (16, 20, 14, 13, 12, 12, 18), columns, wide=True)


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
        Row((desk.cell(item.entity), desk.cell(item.purpose), desk.cell(item.source), desk.cell(item.frequency)))
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
    if not answers:
        yield desk.gap(f"no_{domain}_answer")
    for said in answers:
        yield Paragraph((desk.entity(said.by),))
        yield Paragraph((desk.say(said),), "quote")
    seen: set[tuple[str, int]] = set()
    items: list[list[Statement]] = []
    for source in desk.dossier.sources:
        if source.domains is None or domain not in source.domains.values:
            continue
        key = (folded(source.name.value) if source.name else str(source.row), source.by)
        if key not in seen:
            seen.add(key)
            items.append([desk.source_name(source), desk.entity(source.by)])
    if items:
        yield desk.paragraph(f"{domain}_sources")
        yield from desk.bullets(items)
