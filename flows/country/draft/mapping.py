"""Section I: sources, users, needs, and the two focus subjects."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

from flows.country.accounts import accounts
from flows.country.completeness import CLASSES, DOMAINS, in_cell
from flows.country.contribution import Said
from flows.country.draft.advice import numbered
from flows.country.draft.decided import decision, point
from flows.country.draft.desk import Desk, alike, lowered
from flows.country.draft.glance import Source, at_a_glance, named
from flows.country.guide import Block, Cell, Paragraph, Row, Section, Statement
from flows.country.names import folded
from flows.country.objects import DataSource


def section(desk: Desk) -> Section:
    """I. Overview of data and information sources."""
    sources = accounts(desk.dossier)
    return Section(
        "overview",
        "I",
        desk.text("section_1"),
        (desk.paragraph("intro_1"), *at_a_glance(desk, sources)),
        (
            Section("mapping", "I.1", desk.text("section_1_1"), tuple(_mapping(desk, sources))),
            Section("details", "I.2", desk.text("section_1_2"), tuple(_details(desk, sources))),
            Section("users", "I.3", desk.text("section_1_3"), tuple(_users(desk))),
            Section("needs", "I.4", desk.text("section_1_4"), tuple(_needs(desk))),
            Section("border", "I.5", desk.text("section_1_5"), tuple(_focus(desk, desk.dossier.border, "border"))),
            Section("crisis", "I.6", desk.text("section_1_6"), tuple(_focus(desk, desk.dossier.crisis, "crisis"))),
        ),
    )


def _mapping(desk: Desk, sources: Sequence[Source]) -> Iterator[Block]:
    rows: list[Row] = []
    introduced: set[tuple[int, str]] = set()
    for entity_class in CLASSES:
        rows.append(desk.heading(f"class_{entity_class}"))
        for domain in DOMAINS:
            label = desk.label("domain", domain)
            found = _within(sources, lambda item: in_cell(desk.dossier, item, entity_class, domain))  # noqa: B023
            rows += _mapped(desk, label, found, introduced)
            if not found:
                rows.append(Row((label, Cell(gap=desk.text("no_source")), Cell())))
        rows += _other_domains(desk, sources, entity_class, introduced)
    yield desk.table("mapping", rows, (19, 43, 38), ("domain", "entity_contact", "sources"))
    silent = [desk.entity(said.by) for said in desk.dossier.no_data if said.value == "no"]
    if silent:
        yield desk.paragraph("entities_without_data")
        yield from desk.bullets([statement] for statement in silent)


def _within(sources: Sequence[Source], there: Callable[[DataSource], bool]) -> list[Source]:
    """The sources, each with the accounts that belong there; those without any left out."""
    found = ([account for account in source if there(account)] for source in sources)
    return [accounts for accounts in found if accounts]


def _other_domains(
    desk: Desk, sources: Sequence[Source], entity_class: str, introduced: set[tuple[int, str]]
) -> Iterator[Row]:
    """Domains that entities proposed themselves, then sources of which no domain is known."""

    def proposed(item: DataSource) -> bool:
        return item.domains is not None and "other" in item.domains.values and _class_of(desk, item) == entity_class

    for same in alike(_within(sources, proposed), lambda source: source[0].other_domain):
        other = same[0][0].other_domain
        domain = desk.cell(other) if other is not None else desk.label("domain", "other")
        yield from _mapped(desk, domain, same, introduced)
    unknown = _within(sources, lambda item: item.domains is None and _class_of(desk, item) == entity_class)
    yield from _mapped(desk, Cell(gap=desk.text("no_domain")), unknown, introduced)


def _class_of(desk: Desk, source: DataSource) -> str:
    return desk.voice(source.by).entity.entity_class or "gov"


def _mapped(desk: Desk, domain: Cell, sources: Iterable[Source], introduced: set[tuple[int, str]]) -> Iterator[Row]:
    """One row an entity, and one for what several entities describe together. The full name of an entity and a contact
    stand where they are `introduced`, later rows point there."""
    for own in alike(sources, lambda source: tuple(account.by for account in source)):
        who: list[Statement] = []
        for by in dict.fromkeys(account.by for account in own[0]):
            told = (account for source in own for account in source if account.by == by)
            contacts = {statement.text: statement for account in told for statement in desk.contact(account)}
            new = [statement for text, statement in contacts.items() if (by, text) not in introduced]
            known = (by, "") in introduced
            introduced |= {(by, ""), *((by, text) for text in contacts)}
            who.append(desk.entity(by) if known else Statement(desk.entity_name(desk.voice(by)), (by,)))
            who += [*new, *([desk.fixed("contact_above", by)] if len(new) < len(contacts) else [])]
        yield Row((domain, desk.cell(*who), desk.cell(*(one for source in own for one in _named(desk, source)))))


def _named(desk: Desk, source: Source) -> list[Statement]:
    """The names of a source with its status, each once with all who say so."""
    return [
        replace(same[0], sources=tuple(dict.fromkeys(number for one in same for number in one.sources)))
        for same in alike((_stated(desk, account) for account in source), lambda one: folded(one.text))
    ]


def _stated(desk: Desk, source: DataSource) -> Statement:
    """The name of a source with its status: existing or potential."""
    name = desk.source_name(source)
    if source.status is None:
        return name
    status = lowered(desk.shown(source.status))
    return replace(name, text=desk.text("source_status", name=name.text, status=status))


def _details(desk: Desk, sources: Sequence[Source]) -> Iterator[Block]:
    if not sources:
        yield desk.gap("no_sources")
        return
    columns = ("source", "content", "kind_rhythm", "breakdown", "format_access", "sharing", "limits")
    rows = (_detail(desk, source) for source in sources)
    yield desk.table("details", rows, (15, 19, 13, 16, 11, 12, 14), columns, wide=True)
    if any(len(source) > 1 for source in sources):
        yield desk.paragraph("several_accounts", style="note")
    for decided in desk.dossier.decided:
        if decided.difference.kind == "same_source":
            yield Paragraph((point(desk, decided.difference), *decision(desk, decided)), "note")


def _detail(desk: Desk, source: Source) -> Row:
    """One row a source; what several entities say of it differently stands side by side, each behind its name."""
    by = tuple(dict.fromkeys(account.by for account in source))
    files = (one for account in source for one in desk.files(account.url, account.file))
    return Row(
        (
            desk.cell(*named(desk, source), desk.entity(*by), *files),
            _told(desk, source, lambda one: ((one.content,),)),
            _told(desk, source, lambda one: ((one.type,), _rhythm(desk, one))),
            _told(desk, source, lambda one: ((one.breakdown, _sex_age(desk, one)),)),
            _told(desk, source, lambda one: ((one.format,), (one.system,), (one.access,))),
            _told(desk, source, lambda one: ((one.sharing,), (one.shared_with,))),
            _told(desk, source, lambda one: ((one.limits,), (one.missing,))),
        )
    )


Parts = Iterable[Iterable[Said | Statement | None]]
"""What an account says in one column, part by part."""


def _told(desk: Desk, source: Source, parts: Callable[[DataSource], Parts]) -> Cell:
    """What the accounts of a source say in one column; each part once where they agree, else one after the other."""
    told: list[Statement] = []
    for part in zip(*map(parts, source), strict=True):
        accounts = [
            [item if isinstance(item, Statement) else desk.say(item) for item in account if item is not None]
            for account in part
        ]
        versions = alike([said for said in accounts if said], lambda said: tuple(folded(one.text) for one in said))
        for same in versions:
            by = tuple(dict.fromkeys(said[0].sources[0] for said in same))
            if len(versions) > 1:
                told.append(desk.fixed("according_to", entity=desk.entity(*by).text))
            told += [replace(one, sources=by) for one in same[0]]
    return desk.cell(*told)


def _rhythm(desk: Desk, source: DataSource) -> Iterator[Statement]:
    if source.period is not None:
        every_years = source.every is not None and source.period.value == "every_n_years"
        yield desk.named("every_years", source.every) if every_years and source.every else desk.say(source.period)
    if source.year is not None:
        yield desk.named("latest_year", source.year)


def _sex_age(desk: Desk, source: DataSource) -> Statement | None:
    """A remark where the data are not broken down by both, or where it is not said of a source that exists."""
    if source.breakdown is None:
        exists = source.status is not None and source.status.value == "existing"
        return desk.fixed("breakdown_to_be_said", source.by) if exists else None
    by_both = {"sex", "age"} <= set(source.breakdown.values)
    return None if by_both else desk.fixed("not_by_sex_and_age", source.by)


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
    """What was said of the subject, then the sources that belong to it, and which recommendations do."""
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
    else:
        yield desk.gap("no_sources_of_domain")
    advised = [(at, item) for at, (category, item) in enumerate(numbered(desk), start=1) if category == domain]
    if advised:
        by = sorted({item.by for _, item in advised})
        numbers = desk.listed(str(at) for at, _ in advised)
        yield desk.paragraph("focus_recommendations", *by, n=len(advised), numbers=numbers)


def _key(source: DataSource) -> str:
    return folded(source.name.value) if source.name is not None else str(source.row)


def _owned(desk: Desk, source: DataSource) -> Statement:
    name = desk.source_name(source)
    return replace(name, text=desk.text("source_of", name=name.text, entity=desk.short_name(desk.voice(source.by))))
